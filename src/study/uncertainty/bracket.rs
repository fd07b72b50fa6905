//! Bounds on a probability at any numbers, where it is not computed exactly.

use crate::analysis::sets::{LABEL_WORK, attack_sets};
use crate::graph::derive::copies;
use crate::graph::unfold::Copies;
use crate::graph::{AssumptionId, CapabilityGraph};

/// The minimal attack sets of one threat, found once and evaluated as often as one likes.
#[derive(Debug, Clone)]
pub struct Bracket {
    /// Assumptions of each set, and how often it stands for the copies of its blocks.
    sets: Vec<(Vec<usize>, f64)>,
    complete: bool,
}

impl Bracket {
    /// Of a threat.
    pub fn new(graph: &CapabilityGraph, threat: usize) -> Bracket {
        let found = attack_sets(graph, threat, Copies::Lumped, LABEL_WORK).ok();
        let complete = found.as_ref().is_some_and(|found| found.complete);
        let times = |id: &AssumptionId| copies(graph, graph.assumption(*id).family) as f64;
        let sets = found.map(|found| found.sets).unwrap_or_default();
        let sets =
            sets.iter().map(|set| (set.iter().map(|id| id.0 as usize).collect(), set.iter().map(times).product()));
        Bracket { sets: sets.collect(), complete }
    }

    /// From below the likeliest minimal attack set; from above the sum over all of them, each taken once for every copy of its blocks (1 if the
    /// sets are incomplete). `numbers` by assumption.
    pub fn at(&self, numbers: &[f64]) -> [f64; 2] {
        let (mut low, mut high): (f64, f64) = (0.0, 0.0);
        for (set, times) in &self.sets {
            let one: f64 = set.iter().map(|at| numbers[*at]).product();
            low = low.max(one);
            high += one * times;
        }
        [low, if self.complete { high.min(1.0) } else { 1.0 }]
    }
}
