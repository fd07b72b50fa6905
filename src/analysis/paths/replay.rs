//! Checking a path by walking it: its steps happen one after another and reach the goal, and none can be left out.

use crate::graph::derive::is_enabled;
use crate::graph::unfold::{Target, Unfolded};
use crate::graph::{CapabilityGraph, StepId};

/// Does exactly this set of steps reach the goal, and no less? Steps that count in quorums come for free.
pub(super) fn is_minimal(unfolded: &Unfolded, steps: &[u32]) -> bool {
    reaches(unfolded, steps, None) && steps.iter().all(|step| !reaches(unfolded, steps, Some(*step)))
}

fn reaches(unfolded: &Unfolded, steps: &[u32], without: Option<u32>) -> bool {
    let Target::At(goal) = unfolded.goal else { return unfolded.goal == Target::Had };
    let mut walk = Walk::new(unfolded, steps);
    if let Some(step) = without {
        walk.allowed[step as usize] = false;
    }
    walk.run();
    walk.had[goal as usize]
}

/// The steps in an order in which they can happen: each right after what it needs, from the goal backward. `None` if they
/// do not reach the goal.
pub(super) fn order(unfolded: &Unfolded, steps: &[u32]) -> Option<Vec<u32>> {
    let Target::At(goal) = unfolded.goal else { return (unfolded.goal == Target::Had).then(Vec::new) };
    let mut walk = Walk::new(unfolded, steps);
    walk.run();
    if !walk.had[goal as usize] {
        return None;
    }
    // Every capability was first gained by a step whose needs had been gained before: no circles.
    let (mut out, mut told) = (Vec::new(), vec![false; unfolded.nodes.len()]);
    let mut stack = vec![(goal, false)];
    while let Some((node, done)) = stack.pop() {
        let step = walk.by[node as usize];
        if done {
            if unfolded.moves[step as usize].origin.is_some() {
                out.push(step);
            }
        } else if !std::mem::replace(&mut told[node as usize], true) {
            stack.push((node, true));
            stack.extend(unfolded.needs.row(step).iter().rev().map(|need| (*need, false)));
        }
    }
    Some(out)
}

/// Told steps in an order in which they can happen, on the graph as it stands. A step that never becomes possible stands last.
pub(super) fn order_of(graph: &CapabilityGraph, threat: usize, steps: &[StepId]) -> Vec<StepId> {
    let threat = &graph.threats[threat];
    let mut had = vec![false; graph.capabilities.len()];
    threat.start.iter().chain(&threat.public).for_each(|id| had[id.0 as usize] = true);
    let (mut order, mut left) = (Vec::new(), steps.to_vec());
    while let Some(at) = left.iter().position(|id| is_enabled(graph, graph.step(*id), &had)) {
        let id = left.remove(at);
        had[graph.step(id).gains.0 as usize] = true;
        order.push(id);
    }
    order.extend(left);
    order
}

struct Walk<'a> {
    unfolded: &'a Unfolded,
    allowed: Vec<bool>,
    had: Vec<bool>,
    /// The step that first gained each capability.
    by: Vec<u32>,
}

impl<'a> Walk<'a> {
    fn new(unfolded: &'a Unfolded, steps: &[u32]) -> Walk<'a> {
        let mut allowed: Vec<bool> = unfolded.moves.iter().map(|step| step.origin.is_none()).collect();
        steps.iter().for_each(|step| allowed[*step as usize] = true);
        let nodes = unfolded.nodes.len();
        Walk { unfolded, allowed, had: vec![false; nodes], by: vec![u32::MAX; nodes] }
    }

    fn run(&mut self) {
        let unfolded = self.unfolded;
        let mut waits: Vec<usize> = Vec::new();
        let mut ready: Vec<u32> = Vec::new();
        for step in 0..unfolded.moves.len() as u32 {
            waits.push(unfolded.needs.row(step).len());
            if unfolded.needs.row(step).is_empty() {
                ready.push(step);
            }
        }
        while let Some(step) = ready.pop() {
            let node = unfolded.gains[step as usize];
            if !self.allowed[step as usize] || std::mem::replace(&mut self.had[node as usize], true) {
                continue;
            }
            self.by[node as usize] = step;
            for next in unfolded.needed_by.row(node) {
                waits[*next as usize] -= 1;
                if waits[*next as usize] == 0 {
                    ready.push(*next);
                }
            }
        }
    }
}
