//! Bounds that provably bracket a probability where it is not computed exactly.
//!
//! Attack and hardening sets are found by turns until the bounds they give are close ([`super::refine`]). Beside that stand the minimal attack
//! sets as far as they are listed: the likeliest from below, the sum over all of them from above. The better end of each counts.

use super::Limits;
use super::formula::Formula;
use super::probability::{Chance, Chances};
use super::refine::refine;
use crate::analysis::labels::{Search, minimal_sets};
use crate::analysis::sets::LABEL_WORK;
use crate::graph::derive::copies;
use crate::graph::unfold::{Copies, Question, unfold};
use crate::graph::{AssumptionId, CapabilityGraph};

/// Bounds this close, relative, are not worth another set.
const WIDTH: f64 = 1e-3;
/// Nodes of the diagrams of the sets found.
const NODES: usize = 50_000;
/// Known attack sets to start from.
const KNOWN: usize = 300;

/// Both probabilities of a threat between bounds; `trusting` holds the numbers with the trusted honest.
pub(super) fn bracket(graph: &CapabilityGraph, threat: usize, trusting: &[f64], limits: &Limits) -> Chances {
    let question = Question::of(&graph.threats[threat], Copies::Lumped);
    let formula = Formula::of(graph, &question).ok();
    let sets = unfold(graph, &question).ok().map(|unfolded| {
        let found = minimal_sets(&unfolded, &Search::all(LABEL_WORK));
        let ids = |set: &Vec<u32>| set.iter().map(|at| AssumptionId(unfolded.variables[*at as usize].origin)).collect();
        // Where many members act as one, sets in which they differ are not among these.
        (found.sets.iter().map(ids).collect(), found.complete && !unfolded.as_one)
    });
    let sets: (Vec<Vec<AssumptionId>>, bool) = sets.unwrap_or_default();
    let between = |numbers: &[f64]| {
        let (mut low, mut high) = by_sets(graph, &sets, numbers);
        if let Some(formula) = &formula {
            let (from, to) = closing_in(formula, &sets.0, numbers, limits);
            (low, high) = (low.max(from), high.min(to));
        }
        Chance::bounded(low, high)
    };
    let numbers: Vec<f64> = graph.assumptions.iter().map(|assumption| assumption.probability).collect();
    let plain = between(&numbers);
    let trusting = if trusting == numbers { plain } else { between(trusting) };
    Chances { plain, trusting, ends: None, ends_trusting: None, stopped: None }
}

/// From below the likeliest minimal attack set; from above the sum over all of them, each taken once for every copy of its assumptions (1
/// if the sets are incomplete).
fn by_sets(graph: &CapabilityGraph, (sets, complete): &(Vec<Vec<AssumptionId>>, bool), numbers: &[f64]) -> (f64, f64) {
    let (mut low, mut high): (f64, f64) = (0.0, 0.0);
    for set in sets {
        let one: f64 = set.iter().map(|id| numbers[id.0 as usize]).product();
        let times: f64 = set.iter().map(|id| copies(graph, graph.assumption(*id).family) as f64).product();
        low = low.max(one);
        high += one * times;
    }
    (low, if *complete { high.min(1.0) } else { 1.0 })
}

/// Between the sets found by turns. Of a population, one copy is a bound from below alone.
fn closing_in(formula: &Formula, sets: &[Vec<AssumptionId>], numbers: &[f64], limits: &Limits) -> (f64, f64) {
    let one = formula.written_out(1).0;
    let numbers: Vec<f64> = one.variables.iter().map(|variable| numbers[variable.origin as usize]).collect();
    let limits = Limits { nodes: NODES, ..*limits };
    let known = if formula.interface.is_empty() { likeliest(&one, sets, &numbers) } else { Vec::new() };
    match refine(&one, &numbers, &known, (limits.bounding, WIDTH), &limits) {
        Ok(found) if formula.interface.is_empty() => (found.low, found.high),
        Ok(found) => (found.low, 1.0),
        Err(_) => (0.0, 1.0),
    }
}

/// The likeliest of the known attack sets, by variables; none where an assumption has several copies, which the ids do not tell apart.
fn likeliest(formula: &Formula, sets: &[Vec<AssumptionId>], numbers: &[f64]) -> Vec<Vec<u32>> {
    let mut origins: Vec<u32> = formula.variables.iter().map(|variable| variable.origin).collect();
    origins.sort_unstable();
    if origins.windows(2).any(|pair| pair[0] == pair[1]) {
        return Vec::new();
    }
    let variable = |id: &AssumptionId| formula.variables.iter().position(|variable| variable.origin == id.0);
    let known = sets.iter().filter_map(|set| set.iter().map(|id| variable(id).map(|at| at as u32)).collect());
    let mut known: Vec<Vec<u32>> = known.collect();
    let chance = |set: &Vec<u32>| set.iter().map(|at| numbers[*at as usize]).product::<f64>();
    known.sort_by(|a, b| chance(b).total_cmp(&chance(a)).then_with(|| a.cmp(b)));
    known.truncate(KNOWN);
    known
}
