//! Every minimal path, in no particular order: counting, and the question whether a shape holds a smaller one.

use std::collections::BTreeSet;

use super::choices::{Choices, NONE};
use super::replay::is_minimal;
use crate::analysis::shapes::Shape;
use crate::graph::unfold::Unfolded;

/// Branchings looked at for one path, on average, before counting gives up; quorums and copies make duplicates.
const BRANCHINGS_PER_PATH: u64 = 64;
/// Branchings spent on whether a smaller shape lies inside one.
const INSIDE_BRANCHINGS: u64 = 20_000;

/// One capability with the steps that can gain it, and which is being tried.
struct Branch {
    node: u32,
    ways: Vec<u32>,
    next: usize,
    /// Decisions that followed from the last try.
    forced: Vec<(u32, u32)>,
}

/// Walks through all choices, deepest first.
struct Walk<'a> {
    choices: Choices<'a>,
    stack: Vec<Branch>,
    branchings: u64,
    started: bool,
}

impl<'a> Walk<'a> {
    fn new(unfolded: &'a Unfolded, allowed: Vec<bool>) -> Walk<'a> {
        Walk { choices: Choices::new(unfolded, allowed), stack: Vec::new(), branchings: 0, started: false }
    }

    /// The next complete choice, as its steps; `None` when all have been seen or `fits` has turned down the rest.
    fn next(&mut self, limit: u64, fits: &dyn Fn(&[u32]) -> bool) -> Option<Vec<u32>> {
        if !std::mem::replace(&mut self.started, true) {
            if !self.choices.can_be_completed() {
                return None;
            }
            let (_, open) = self.choices.force();
            if let Some(steps) = self.descend(open, Vec::new(), fits) {
                return Some(steps);
            }
        }
        while self.branchings <= limit {
            let branch = self.stack.last_mut()?;
            for (node, _) in branch.forced.drain(..) {
                self.choices.chosen[node as usize] = NONE;
            }
            self.choices.chosen[branch.node as usize] = NONE;
            let Some(step) = branch.ways.get(branch.next).copied() else {
                self.stack.pop();
                continue;
            };
            branch.next += 1;
            self.choices.chosen[branch.node as usize] = step;
            self.branchings += 1;
            let (forced, open) = self.choices.force();
            if let Some(steps) = self.descend(open, forced, fits) {
                return Some(steps);
            }
        }
        None
    }

    /// After a decision: complete, turned down, or one more branch.
    fn descend(&mut self, open: Vec<u32>, forced: Vec<(u32, u32)>, fits: &dyn Fn(&[u32]) -> bool) -> Option<Vec<u32>> {
        if let Some(branch) = self.stack.last_mut() {
            branch.forced = forced;
        }
        let (_, steps) = self.choices.frontier();
        if !fits(&steps) {
            return None;
        }
        let unfolded = self.choices.unfolded;
        let Some(node) = open.into_iter().min_by_key(|node| (unfolded.gained_by.row(*node).len(), *node)) else {
            return Some(steps);
        };
        let ways = self.choices.ways(node);
        self.stack.push(Branch { node, ways, next: 0, forced: Vec::new() });
        None
    }
}

/// The steps of a choice that are shown, ascending, and whether it also counts in a quorum.
pub(super) fn shown(unfolded: &Unfolded, steps: &[u32]) -> (Vec<u32>, bool) {
    let mut shown: Vec<u32> =
        steps.iter().copied().filter(|step| unfolded.moves[*step as usize].origin.is_some()).collect();
    shown.sort_unstable();
    let counts = shown.len() < steps.len();
    (shown, counts)
}

/// What a set of steps counts as.
pub(super) fn shape_of(unfolded: &Unfolded, steps: &[u32]) -> Shape {
    let steps = steps.iter().map(|step| unfolded.moves[*step as usize]).filter(|step| step.origin.is_some());
    Shape::new(steps.map(|step| (step.counts_as.0, step.weight)))
}

/// Calls back with each minimal path shape, at most `cap` of them. Returns how many there were and whether that is all.
pub(super) fn each_shape(unfolded: &Unfolded, cap: u64, mut seen: impl FnMut(&Shape)) -> (u64, bool) {
    let mut walk = Walk::new(unfolded, vec![true; unfolded.moves.len()]);
    let limit = cap.saturating_add(16).saturating_mul(BRANCHINGS_PER_PATH);
    let mut found: BTreeSet<Vec<(u32, u64)>> = BTreeSet::new();
    let mut n = 0;
    while let Some(steps) = walk.next(limit, &|_| true) {
        let (steps, counts) = shown(unfolded, &steps);
        if counts && !is_minimal(unfolded, &steps) {
            continue;
        }
        let shape = shape_of(unfolded, &steps);
        if !found.insert(shape.runs().to_vec()) || has_smaller_inside(unfolded, &shape) {
            continue;
        }
        if n == cap {
            return (n, false);
        }
        n += 1;
        seen(&shape);
    }
    (n, walk.branchings <= limit && !acts_as_one(unfolded))
}

/// Does a path exist whose shape lies strictly inside this one? Never where no two steps count as the same.
pub(super) fn has_smaller_inside(unfolded: &Unfolded, shape: &Shape) -> bool {
    if unfolded.one_to_one {
        return false;
    }
    let allowed =
        unfolded.moves.iter().map(|step| step.origin.is_none() || shape.count(step.counts_as.0) > 0).collect();
    let mut walk = Walk::new(unfolded, allowed);
    let fits = |steps: &[u32]| shape_of(unfolded, steps).is_inside(shape);
    while let Some(steps) = walk.next(INSIDE_BRANCHINGS, &fits) {
        if shape_of(unfolded, &steps).is_strictly_inside(shape) {
            return true;
        }
    }
    false
}

/// Are there members that act as one, though they could act in different ways?
pub(super) fn acts_as_one(unfolded: &Unfolded) -> bool {
    let many = |node: u32| unfolded.blocks.block(unfolded.nodes[node as usize].block).weight > 1;
    unfolded.as_one && (0..unfolded.nodes.len() as u32).any(|node| many(node) && unfolded.gained_by.row(node).len() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::json;
    use crate::graph::unfold::{Copies, Question, unfold};
    use crate::source::Source;

    #[test]
    fn all_ways_through_a_grid_of_choices() {
        // Five capabilities in a row, three steps each: 3^5 paths.
        let capabilities: Vec<String> = (0..6).map(|at| format!(r#"{{"id":{at},"name":"c{at}"}}"#)).collect();
        let steps: Vec<String> = (0..15)
            .map(|at| {
                let (from, to) = (at / 3, at / 3 + 1);
                format!(r#"{{"id":{at},"name":"s{at}","needs":[{from}],"gains":{to},"assumptions":[]}}"#)
            })
            .collect();
        let text = format!(
            r#"{{"cotenant-graph":1,"capabilities":[{}],"assumptions":[],"steps":[{}],"threats":[{{"name":"t","start":[0],"goal":5}}]}}"#,
            capabilities.join(","),
            steps.join(",")
        );
        let graph = json::read(Source::new("g", text)).unwrap();
        let unfolded = unfold(&graph, &Question::of(&graph.threats[0], Copies::Lumped)).unwrap();
        assert_eq!(each_shape(&unfolded, 1000, |_| {}), (243, true));
        assert_eq!(each_shape(&unfolded, 243, |_| {}), (243, true));
        assert_eq!(each_shape(&unfolded, 242, |_| {}), (242, false));
    }
}
