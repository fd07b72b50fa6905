//! Bounds that provably bracket a probability where it is not computed exactly.

use super::Limits;
use super::probability::{Chance, Chances};
use crate::analysis::sets::{LABEL_WORK, attack_sets};
use crate::graph::CapabilityGraph;
use crate::graph::derive::copies;
use crate::graph::unfold::Copies;

/// From below the likeliest minimal attack set; from above the sum over all of them, each taken once for every copy of its blocks (1 if the
/// sets are incomplete). `trusting` holds the numbers with the trusted honest.
pub(super) fn bracket(graph: &CapabilityGraph, threat: usize, trusting: &[f64], _limits: &Limits) -> Chances {
    let (sets, complete) = match attack_sets(graph, threat, Copies::Lumped, LABEL_WORK) {
        Ok(found) => (found.sets, found.complete),
        Err(_) => (Vec::new(), false),
    };
    let between = |number: &dyn Fn(usize) -> f64| {
        let (mut low, mut high): (f64, f64) = (0.0, 0.0);
        for set in &sets {
            let one: f64 = set.iter().map(|id| number(id.0 as usize)).product();
            let times: f64 = set.iter().map(|id| copies(graph, graph.assumption(*id).family) as f64).product();
            low = low.max(one);
            high += one * times;
        }
        Chance::bounded(low, if complete { high.min(1.0) } else { 1.0 })
    };
    Chances {
        plain: between(&|at| graph.assumptions[at].probability),
        trusting: between(&|at| trusting[at]),
        stopped: None,
    }
}
