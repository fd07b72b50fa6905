//! What a path costs, as one number: the cost in the upper part, the number of steps in the lower.

use crate::analysis::{Cost, surprise};
use crate::graph::CapabilityGraph;
use crate::graph::unfold::Unfolded;

/// Bits below the cost.
const STEPS: u32 = 40;

/// One unit of cost.
pub(super) const ONE_COST: u128 = 1 << STEPS;
/// One step.
pub(super) const ONE_STEP: u128 = 1;

/// Cost, then number of steps. Sums of keys compare as the pairs do: no path has 2^40 steps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key(pub(super) u128);

impl Key {
    pub(super) fn new(cost: u64, steps: u64) -> Key {
        Key((u128::from(cost) << STEPS) + u128::from(steps))
    }

    pub(super) fn cost(self) -> u64 {
        u64::try_from(self.0 >> STEPS).unwrap_or(u64::MAX)
    }

    pub(super) fn steps(self) -> u64 {
        (self.0 & ((1 << STEPS) - 1)) as u64
    }
}

/// Which paths are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Range {
    /// Those of finite cost.
    Finite,
    /// Those of infinite cost: some assumption of theirs cannot fail. Among them only the steps count.
    Infinite,
}

/// Prices of all steps and variables of an unfolded graph.
#[derive(Debug, Clone)]
pub(super) struct Prices {
    pub(super) steps: Vec<Key>,
    pub(super) variables: Vec<Key>,
    /// Variables of infinite cost.
    pub(super) infinite: Vec<bool>,
}

impl Prices {
    pub(super) fn new(graph: &CapabilityGraph, unfolded: &Unfolded, cost: Cost, range: Range) -> Prices {
        let effort = |id| graph.step(id).effort.map_or(0, |effort| effort.seconds());
        let steps = unfolded.moves.iter().map(|step| {
            let Some(origin) = step.origin else { return Key::default() };
            let seconds = if cost == Cost::Effort && range == Range::Finite { effort(origin) } else { 0 };
            Key::new(seconds.saturating_mul(step.weight), step.weight)
        });
        let surprises = unfolded.variables.iter().map(|variable| {
            let probability = graph.assumptions[variable.origin as usize].probability;
            (surprise(probability), variable.weight)
        });
        let surprises: Vec<(Option<u64>, u64)> = surprises.collect();
        let price = |(surprise, weight): &(Option<u64>, u64)| match (cost, range) {
            (Cost::Fewest, Range::Finite) => Key::new(*weight, 0),
            (Cost::Likeliest, Range::Finite) => Key::new(surprise.unwrap_or(0).saturating_mul(*weight), 0),
            _ => Key::default(),
        };
        let infinite = |surprise: &(Option<u64>, u64)| cost == Cost::Likeliest && surprise.0.is_none();
        Prices {
            steps: steps.collect(),
            variables: surprises.iter().map(price).collect(),
            infinite: surprises.iter().map(infinite).collect(),
        }
    }

    /// What a set of steps costs, and the distinct variables it rests on, ascending.
    pub(super) fn total(&self, unfolded: &Unfolded, steps: &[u32]) -> (Key, Vec<u32>) {
        let mut variables: Vec<u32> = steps.iter().flat_map(|step| unfolded.rests.row(*step)).copied().collect();
        variables.sort_unstable();
        variables.dedup();
        let of_steps: u128 = steps.iter().map(|step| self.steps[*step as usize].0).sum();
        let of_variables: u128 = variables.iter().map(|variable| self.variables[*variable as usize].0).sum();
        (Key(of_steps + of_variables), variables)
    }
}
