//! Minimal attack sets of one threat, told as shapes.

use super::AttackSets;
use super::labels::{Bound, Environment, Label, label};
use super::problem::Problem;
use super::question::{Question, minimal_shapes};
use crate::graph::unfold::Copies;
use crate::graph::{AssumptionId, CapabilityGraph};

/// All minimal attack sets, or as many as the work allows.
pub fn attack_sets(graph: &CapabilityGraph, threat: usize, work: u64) -> AttackSets {
    let question = Question::new(graph, threat, Copies::Lumped(0));
    if question.threat.not_applicable.is_some() {
        return AttackSets { sets: Vec::new(), complete: true };
    }
    let problem = question.whole_problem();
    let label = label(&problem, &[], Bound { work, ..Bound::ALL });
    AttackSets { sets: told(&question, &problem, &label), complete: label.settled.is_none() }
}

/// The environments of a label as shapes, by size, then ids.
pub fn told(question: &Question, problem: &Problem, label: &Label) -> Vec<Vec<AssumptionId>> {
    minimal_shapes(label.environments.iter().map(|environment| shape(question, problem, environment)))
}

/// One environment as it is told.
pub fn shape(question: &Question, problem: &Problem, environment: &Environment) -> Vec<AssumptionId> {
    let mut shape: Vec<AssumptionId> = environment.iter().map(|at| question.assumption(problem, *at)).collect();
    shape.sort_unstable();
    shape
}
