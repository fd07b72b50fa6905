//! What is so with a set of controls on: patches are laid on the model and compiled anew, monotone controls are switched in the graph.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::search::{Set, Switches, members};
use super::{Candidate, State};
use crate::graph::CapabilityGraph;
use crate::study::answer::{self, AnswerOptions, Unanswered};
use crate::study::gate::{self, Verdict};

/// Compiles the model with these patches on, besides whatever is on already; `None` where they leave no valid model.
pub type Ground<'a> = dyn Fn(&[&str]) -> Option<CapabilityGraph> + Sync + 'a;

/// The model with its candidates, and what was already found out.
pub struct World<'a> {
    candidates: &'a [Candidate],
    ground: &'a Ground<'a>,
    /// By patches on.
    graphs: BTreeMap<Set, Option<CapabilityGraph>>,
    states: BTreeMap<Set, Option<State>>,
    /// Threats that are asked about: those of the model as it stands.
    threats: Vec<String>,
    /// The first question that could not be answered.
    pub(super) failed: Option<Unanswered>,
}

impl<'a> World<'a> {
    pub(super) fn new(base: CapabilityGraph, candidates: &'a [Candidate], ground: &'a Ground<'a>) -> World<'a> {
        let threats = base.threats.iter().map(|threat| threat.name.clone()).collect();
        let graphs = BTreeMap::from([(0, Some(base))]);
        World { candidates, ground, graphs, states: BTreeMap::new(), threats, failed: None }
    }

    pub(super) fn switches(&self) -> Switches {
        let patches =
            (0..self.candidates.len()).filter(|at| self.candidates[*at].patch).fold(0, |set, at| set | 1 << at);
        let micro = |days: f64| libm::round(days * 1e6) as u64;
        Switches {
            costs: self.candidates.iter().map(|candidate| micro(candidate.cost_days)).collect(),
            patches,
            excluded: self.excluded(),
        }
    }

    fn patches(&self) -> Set {
        (0..self.candidates.len()).filter(|at| self.candidates[*at].patch).fold(0, |set, at| set | 1 << at)
    }

    /// Pairs the graph says do not go together.
    fn excluded(&self) -> Vec<Set> {
        let Some(Some(graph)) = self.graphs.get(&0) else { return Vec::new() };
        let position = |name: &str| self.candidates.iter().position(|candidate| candidate.id == name);
        let mut pairs = BTreeSet::new();
        for control in &graph.controls {
            for other in &control.excludes {
                let other = &graph.controls[other.0 as usize];
                match (position(&control.name), position(&other.name)) {
                    (Some(a), Some(b)) => drop(pairs.insert(1 << a | 1 << b)),
                    // With one of them on already, the other may not be switched on.
                    (Some(a), None) if other.on => drop(pairs.insert(1 << a)),
                    (None, Some(b)) if control.on => drop(pairs.insert(1 << b)),
                    _ => {}
                }
            }
        }
        pairs.into_iter().collect()
    }

    /// What is so with these controls on; `None` where they leave no valid model.
    pub(super) fn state(&mut self, set: Set) -> Option<&State> {
        self.states_of(&[set]);
        self.states.get(&set)?.as_ref()
    }

    /// Finds out about several sets at once, on all cores.
    pub(super) fn states_of(&mut self, sets: &[Set]) {
        let patches = self.patches();
        let unknown: Vec<Set> = sets.iter().copied().filter(|set| !self.states.contains_key(set)).collect();
        let mut ungrounded: Vec<Set> = unknown.iter().map(|set| set & patches).collect();
        ungrounded.retain(|patch| !self.graphs.contains_key(patch));
        ungrounded.sort_unstable();
        ungrounded.dedup();
        let names = |patch: Set| members(patch).map(|at| self.candidates[at].id.as_str()).collect::<Vec<_>>();
        let ground = self.ground;
        let graphs: Vec<_> = ungrounded.par_iter().map(|patch| (*patch, ground(&names(*patch)))).collect();
        self.graphs.extend(graphs);
        let this = &*self;
        let found: Vec<_> = unknown.par_iter().map(|set| (*set, this.find_out(*set))).collect();
        for (set, state) in found {
            let state = state.unwrap_or_else(|why| {
                self.failed.get_or_insert(why);
                None
            });
            self.states.insert(set, state);
        }
    }

    /// The graph with these controls on.
    pub(super) fn graph(&self, set: Set) -> Option<CapabilityGraph> {
        let patches = self.patches();
        let mut graph = self.graphs.get(&(set & patches))?.clone()?;
        for at in members(set & !patches) {
            let name = &self.candidates[at].id;
            graph.controls.iter_mut().find(|control| control.name == *name)?.on = true;
        }
        Some(graph)
    }

    fn find_out(&self, set: Set) -> Result<Option<State>, Unanswered> {
        let Some(graph) = self.graph(set) else { return Ok(None) };
        let options = AnswerOptions { k: 0, counts: false, sets: false, coalitions: false, ..AnswerOptions::default() };
        let answer = answer::answer_graph(graph, "", &options)?;
        let judged = gate::judge(&answer);
        let of = |name: &String| answer.threats.iter().position(|threat| threat.threat == *name);
        let verdicts = self.threats.iter().map(|name| {
            // A threat that went with what a control removes can no longer be asked.
            of(name).and_then(|at| judged.get(at)).map_or(Verdict::NotApplicable, |judgement| judgement.verdict)
        });
        let chances = self.threats.iter().map(|name| of(name).and_then(|at| answer.threats[at].chance));
        Ok(Some(State { verdicts: verdicts.collect(), chances: chances.collect() }))
    }
}
