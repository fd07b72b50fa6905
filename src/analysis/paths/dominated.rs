//! Does a path do more than it has to? The smallest minimal attack set strictly inside its assumptions.

use crate::analysis::cheapest::cheapest;
use crate::analysis::closure::reaches;
use crate::analysis::labels::{Search, minimal_sets};
use crate::analysis::sets::{LABEL_WORK, shape_of};
use crate::analysis::shapes::Shape;
use crate::graph::unfold::Unfolded;

/// Nodes spent on the smallest set.
const NODES: u64 = 20_000;

/// The first by size, then ids, of the minimal attack sets strictly inside these variables; `None` if there is none.
pub(super) fn dominated_by(unfolded: &Unfolded, variables: &[u32]) -> Option<Shape> {
    let whole = shape_of(unfolded, variables);
    if unfolded.one_to_one && !spares_one(unfolded, variables) {
        return None;
    }
    let allowed: Vec<bool> = unfolded.variables.iter().map(|variable| whole.count(variable.counts_as) > 0).collect();
    let smallest = cheapest(unfolded, &|at| allowed[at as usize].then_some(0), NODES);
    if let (Some(set), true) = (&smallest.set, smallest.exact) {
        let shape = shape_of(unfolded, set);
        if shape.is_strictly_inside(&whole) {
            return Some(shape);
        }
        if shape.size() >= whole.size() {
            return None;
        }
    }
    // Copies have the same ids as others outside the path, and the smallest set uses more of them than it has; or it took too long.
    let inside = |set: &Vec<u32>| {
        let shape = shape_of(unfolded, set);
        shape.is_strictly_inside(&whole).then_some(shape)
    };
    let search = Search {
        allowed: Some(&allowed),
        size: whole.size(),
        work: LABEL_WORK,
        enough: &|sets| sets.iter().any(|set| inside(set).is_some()),
    };
    let found = minimal_sets(unfolded, &search);
    let shapes = found.sets.iter().filter_map(inside);
    shapes
        .min_by(|a, b| a.size().cmp(&b.size()).then_with(|| a.cmp(b)))
        .or_else(|| thinned(unfolded, variables, &whole))
}

/// Can one of them hold, and the goal still be reached?
fn spares_one(unfolded: &Unfolded, variables: &[u32]) -> bool {
    (0..variables.len()).any(|at| reaches(unfolded, &without(variables, at)))
}

fn without(variables: &[u32], at: usize) -> Vec<u32> {
    let kept = variables.iter().enumerate().filter(|(i, _)| *i != at);
    kept.map(|(_, variable)| *variable).collect()
}

/// Some minimal attack set inside, where looking for the smallest took too long.
fn thinned(unfolded: &Unfolded, variables: &[u32], whole: &Shape) -> Option<Shape> {
    let mut left = variables.to_vec();
    let mut at = 0;
    while at < left.len() {
        let fewer = without(&left, at);
        if reaches(unfolded, &fewer) {
            left = fewer;
        } else {
            at += 1;
        }
    }
    Some(shape_of(unfolded, &left)).filter(|shape| shape.is_strictly_inside(whole))
}
