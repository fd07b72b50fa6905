//! Minimal attack sets of a threat, as shapes.

use super::AttackSets;
use super::labels::{Found, Search, minimal_sets};
use super::shapes::Shape;
use crate::graph::unfold::{Copies, Question, TooLarge, Unfolded, unfold};
use crate::graph::{AssumptionId, CapabilityGraph};

/// Work spent on labels unless told otherwise: about a second.
pub const LABEL_WORK: u64 = 4_000_000;

/// The minimal attack sets of one threat. A threat that is not applicable has none.
pub fn attack_sets(graph: &CapabilityGraph, threat: usize, copies: Copies, work: u64) -> Result<AttackSets, TooLarge> {
    let threat = &graph.threats[threat];
    if threat.not_applicable.is_some() {
        return Ok(AttackSets { sets: Vec::new(), complete: true });
    }
    let unfolded = unfold(graph, &Question::of(threat, copies))?;
    let sets = ShapedSets::new(&unfolded, &minimal_sets(&unfolded, &Search::all(work)));
    let ids = |shape: &Shape| shape.ids().map(AssumptionId).collect();
    Ok(AttackSets { sets: sets.shapes.iter().map(|(shape, _)| ids(shape)).collect(), complete: sets.complete })
}

/// Minimal sets after copies lost their numbers.
#[derive(Debug, Clone)]
pub struct ShapedSets {
    /// By size, then ids: each shape with the first set of variables that has it.
    pub shapes: Vec<(Shape, Vec<u32>)>,
    /// There are no others.
    pub complete: bool,
    /// There are no others of at most this size.
    pub complete_to: Option<u64>,
}

impl ShapedSets {
    /// Collapses the sets of an unfolded graph and minimises them again.
    pub fn new(unfolded: &Unfolded, found: &Found) -> ShapedSets {
        let mut all: Vec<(u64, Shape, Vec<u32>)> = Vec::new();
        for set in &found.sets {
            let shape = shape_of(unfolded, set);
            all.push((shape.size(), shape, set.clone()));
        }
        all.sort();
        let mut shapes: Vec<(Shape, Vec<u32>)> = Vec::new();
        for (_, shape, set) in all {
            let known = match unfolded.one_to_one {
                true => false,
                false => shapes.iter().any(|(smaller, _)| smaller.is_inside(&shape)),
            };
            if !known {
                shapes.push((shape, set));
            }
        }
        // Where many members act as one, sets in which they differ are not among these.
        let as_one = unfolded.as_one && unfolded.variables.iter().any(|variable| variable.weight > 1);
        let differ = unfolded.variables.iter().map(|variable| variable.weight).filter(|weight| *weight > 1).min();
        let complete_to = match (as_one, differ) {
            (true, Some(weight)) => found.complete_to.map(|to| to.min(weight.saturating_sub(1))),
            _ => found.complete_to,
        };
        ShapedSets { shapes, complete: found.complete && !as_one, complete_to }
    }
}

/// What a set of variables counts as.
pub fn shape_of(unfolded: &Unfolded, set: &[u32]) -> Shape {
    let variables = set.iter().map(|at| unfolded.variables[*at as usize]);
    Shape::new(variables.map(|variable| (variable.counts_as, variable.weight)))
}
