//! Bounds that provably bracket a probability where it is not computed exactly.
//!
//! The system is solved with diagrams kept small: whatever would make one too large is cut off, the least likely first, and counts as never (the
//! result is a bound from below) or as always (from above). The rules are monotone, so a bound of each node gives a bound of the goal. Beside that
//! stand the minimal attack sets: the likeliest from below, the sum over all of them from above. The better end of each counts.

use super::diagram::{Fit, Kernel, branches, solve};
use super::formula::Formula;
use super::order::orders;
use super::probability::{Chance, Chances};
use super::{Limits, Stopped};
use crate::analysis::labels::{Search, minimal_sets};
use crate::analysis::sets::LABEL_WORK;
use crate::graph::derive::copies;
use crate::graph::unfold::{Copies, Question, Target, unfold};
use crate::graph::{AssumptionId, CapabilityGraph};

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
            low = low.max(by_cutting(formula, numbers, false, limits).unwrap_or(0.0));
            high = high.min(by_cutting(formula, numbers, true, limits).unwrap_or(1.0));
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

/// The probability of a system whose diagrams are cut: from below, or from above. Of a population, one copy is a bound from below alone.
fn by_cutting(formula: &Formula, numbers: &[f64], above: bool, limits: &Limits) -> Result<f64, Stopped> {
    if above && !formula.interface.is_empty() {
        return Ok(1.0);
    }
    let formula = formula.written_out(1).0;
    let Target::At(goal) = formula.goal else { return Ok(f64::from(u8::from(formula.goal == Target::Had))) };
    let Some(order) = orders(&formula).into_iter().next() else { return Ok(1.0) };
    let mut level = vec![0; order.len()];
    order.iter().enumerate().for_each(|(at, variable)| level[*variable as usize] = at as u32);
    let number = |variable: &u32| numbers[formula.variables[*variable as usize].origin as usize];
    let numbers: Vec<f64> = order.iter().map(number).collect();
    let fit = Fit { above, size: limits.cut, numbers: numbers.clone() };
    let mut kernel = Kernel::new(order.len(), limits)?.fitting(fit);
    let (nodes, root) = branches(&solve(&formula, &level, &[], &mut kernel)?[goal as usize]);
    let mut chance = vec![0.0, 1.0];
    for node in nodes.iter().skip(2) {
        let p = numbers[node.at as usize];
        chance.push((1.0 - p) * chance[node.low as usize] + p * chance[node.high as usize]);
    }
    Ok(chance[root as usize])
}
