//! Choke points: the steps on every escalation path of a threat.

use crate::graph::unfold::{Copies, Question, Target, TooLarge, Unfolded, unfold};
use crate::graph::{CapabilityGraph, StepId};

/// The steps no path does without, by id; none where there is no path. A step of a block counts with all its copies.
///
/// # Errors
/// A question too large to unfold.
pub fn choke_points(graph: &CapabilityGraph, threat: usize) -> Result<Vec<StepId>, TooLarge> {
    let asked = &graph.threats[threat];
    if asked.not_applicable.is_some() {
        return Ok(Vec::new());
    }
    let unfolded = unfold(graph, &Question::of(asked, Copies::Lumped))?;
    // Every step sought lies on any one path.
    let mut steps: Vec<StepId> =
        one_path(&unfolded).into_iter().map(|at| unfolded.moves[at as usize].counts_as).collect();
    steps.sort_unstable();
    steps.dedup();
    steps.retain(|step| !derives(&unfolded, |at| unfolded.moves[at as usize].counts_as != *step));
    Ok(steps)
}

/// With everything failed: the first step found to gain each capability, in an order in which they happen.
fn first_gains(unfolded: &Unfolded, may: impl Fn(u32) -> bool) -> Vec<Option<u32>> {
    let steps = 0..unfolded.moves.len() as u32;
    let mut waits: Vec<usize> = steps.clone().map(|at| unfolded.needs.row(at).len()).collect();
    let mut first: Vec<Option<u32>> = vec![None; unfolded.nodes.len()];
    let mut ready: Vec<u32> = steps.filter(|at| waits[*at as usize] == 0).collect();
    while let Some(step) = ready.pop() {
        let gained = unfolded.gains[step as usize];
        if !may(step) || first[gained as usize].is_some() {
            continue;
        }
        first[gained as usize] = Some(step);
        for next in unfolded.needed_by.row(gained) {
            waits[*next as usize] -= 1;
            if waits[*next as usize] == 0 {
                ready.push(*next);
            }
        }
    }
    first
}

fn derives(unfolded: &Unfolded, may: impl Fn(u32) -> bool) -> bool {
    match unfolded.goal {
        Target::Had => true,
        Target::Never => false,
        Target::At(goal) => first_gains(unfolded, may)[goal as usize].is_some(),
    }
}

/// The named steps of some derivation of the goal.
fn one_path(unfolded: &Unfolded) -> Vec<u32> {
    let Target::At(goal) = unfolded.goal else { return Vec::new() };
    let first = first_gains(unfolded, |_| true);
    let mut seen = vec![false; unfolded.nodes.len()];
    let mut stack = vec![goal];
    let mut steps = Vec::new();
    while let Some(node) = stack.pop() {
        if std::mem::replace(&mut seen[node as usize], true) {
            continue;
        }
        if let Some(step) = first[node as usize] {
            steps.push(step);
            stack.extend(unfolded.needs.row(step));
        }
    }
    steps.retain(|at| unfolded.moves[*at as usize].origin.is_some());
    steps
}
