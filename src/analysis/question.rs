//! One threat of a graph, unfolded, and how its nodes are told: as shapes, with interchangeable members made one.

use std::collections::{BTreeMap, BTreeSet};

use super::problem::{Ask, Problem};
use crate::graph::unfold::{Copies, Unfolded};
use crate::graph::{AssumptionId, CapabilityGraph, PrincipalId, StepId, Threat};

/// A threat of a graph, ready to be answered.
#[derive(Debug)]
pub struct Question<'g> {
    /// The graph.
    pub graph: &'g CapabilityGraph,
    /// The threat.
    pub threat: &'g Threat,
    /// The graph with its blocks written out.
    pub unfolded: Unfolded<'g>,
    alike_steps: BTreeMap<StepId, StepId>,
    alike_assumptions: BTreeMap<AssumptionId, AssumptionId>,
    alike_principals: BTreeMap<PrincipalId, PrincipalId>,
}

impl<'g> Question<'g> {
    /// One threat of a graph.
    pub fn new(graph: &'g CapabilityGraph, threat: usize, copies: Copies) -> Question<'g> {
        let threat = &graph.threats[threat];
        Question {
            graph,
            threat,
            unfolded: Unfolded::new(graph, copies),
            alike_steps: threat.alike_steps.iter().copied().collect(),
            alike_assumptions: threat.alike_assumptions.iter().copied().collect(),
            alike_principals: threat.alike_principals.iter().copied().collect(),
        }
    }

    /// Footholds and public capabilities, all copies.
    pub fn start(&self) -> Vec<u32> {
        let all = self.threat.start.iter().chain(&self.threat.public);
        all.flat_map(|id| self.unfolded.all(*id)).collect()
    }

    /// What anyone has, all copies.
    pub fn public(&self) -> Vec<u32> {
        self.threat.public.iter().flat_map(|id| self.unfolded.all(*id)).collect()
    }

    /// The goal; of a goal in a block, its first copy.
    pub fn goal(&self) -> u32 {
        self.unfolded.all(self.threat.goal)[0]
    }

    /// The problem of reaching the goal, with the assumptions that may fail.
    pub fn problem(&self, may_fail: &dyn Fn(u32) -> bool) -> Problem {
        Problem::new(&self.unfolded, &Ask { start: &self.start(), targets: &[self.goal()], may_fail })
    }

    /// The same over everything.
    pub fn whole_problem(&self) -> Problem {
        self.problem(&|_| true)
    }

    /// The id a step is told by.
    pub fn step(&self, problem: &Problem, step: u32) -> StepId {
        let id = self.unfolded.steps[problem.step_of[step as usize] as usize].from.id;
        self.alike_steps.get(&id).copied().unwrap_or(id)
    }

    /// The id an assumption is told by.
    pub fn assumption(&self, problem: &Problem, assumption: u32) -> AssumptionId {
        let id = self.unfolded.assumptions[problem.assumption_of[assumption as usize] as usize].id;
        self.alike_assumptions.get(&id).copied().unwrap_or(id)
    }

    /// The id a principal is told by.
    pub fn principal(&self, id: PrincipalId) -> PrincipalId {
        self.alike_principals.get(&id).copied().unwrap_or(id)
    }

    /// Probability of an assumption of a problem.
    pub fn probability(&self, problem: &Problem, assumption: u32) -> f64 {
        let id = self.unfolded.assumptions[problem.assumption_of[assumption as usize] as usize].id;
        self.graph.assumption(id).probability
    }

    /// Can different nodes be told by one id?
    pub fn merges(&self) -> bool {
        !self.unfolded.is_plain() || !self.alike_steps.is_empty() || !self.alike_assumptions.is_empty()
    }
}

/// Shapes that strictly contain another shape are left out; equal ones stand once. Shapes are multisets, ascending.
pub fn minimal_shapes<Id: Copy + Ord>(shapes: impl IntoIterator<Item = Vec<Id>>) -> Vec<Vec<Id>> {
    let distinct: BTreeSet<Vec<Id>> = shapes.into_iter().collect();
    let mut sorted: Vec<Vec<Id>> = distinct.into_iter().collect();
    sorted.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
    let mut kept: Vec<Vec<Id>> = Vec::new();
    for shape in sorted {
        if !kept.iter().any(|small| small.len() < shape.len() && contains(&shape, small)) {
            kept.push(shape);
        }
    }
    kept
}

/// Does a multiset contain another? Both ascending.
pub fn contains<Id: Copy + Ord>(large: &[Id], small: &[Id]) -> bool {
    let mut rest = large.iter();
    small.iter().all(|x| rest.by_ref().any(|y| y == x))
}
