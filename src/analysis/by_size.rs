//! Minimal sets of variables by looking at all sets of ever larger size: slow where the goal needs many, and never drowned by what
//! lies between. Where labels stop because a capability on the way has more minimal sets than can be kept, this still tells every
//! small one.

use super::closure::Closure;
use super::labels::Found;
use crate::graph::unfold::{Target, Unfolded};

/// Variables that one look at a set can tell apart.
const MOST: usize = 64;

/// The minimal sets, size by size, within so many failures tried. `None` where the variables are too many, or stand for several members.
pub fn minimal_sets(unfolded: &Unfolded, tries: u64) -> Option<Found> {
    let plain = unfolded.variables.iter().all(|variable| variable.weight == 1);
    let Target::At(_) = unfolded.goal else { return None };
    if unfolded.variables.len() > MOST || !plain || unfolded.as_one {
        return None;
    }
    let mut search =
        Search { closure: Closure::new(unfolded), smaller: Vec::new(), found: Vec::new(), open: false, left: tries };
    for size in 0..=unfolded.variables.len() {
        search.open = false;
        let finished = search.extend(0, 0, size, unfolded.variables.len() as u32);
        search.smaller.clone_from(&search.found);
        if !finished {
            let complete_to = (size as u64).checked_sub(1);
            return Some(search.told(false, complete_to, tries));
        }
        // Every set of this size reaches the goal, so all larger ones hold one that does.
        if !search.open {
            break;
        }
    }
    Some(search.told(true, Some(u64::MAX), tries))
}

struct Search<'a> {
    closure: Closure<'a>,
    /// Minimal sets of smaller sizes, as bits.
    smaller: Vec<u64>,
    /// With those of the present size.
    found: Vec<u64>,
    /// Some set of the present size does not reach the goal.
    open: bool,
    left: u64,
}

impl Search<'_> {
    /// All sets that add `missing` variables from `from` on to these; `false` if the tries ran out.
    fn extend(&mut self, set: u64, from: u32, missing: usize, all: u32) -> bool {
        if self.closure.reaches_goal() {
            // Fewer are enough: those are known already. Of exactly so many, some others may be spared.
            if missing == 0 && !self.smaller.iter().any(|known| known & set == *known) {
                self.found.push(set);
            }
            return true;
        }
        if missing == 0 {
            self.open = true;
            return true;
        }
        for variable in from..=all - missing as u32 {
            let Some(left) = self.left.checked_sub(1) else { return false };
            self.left = left;
            let mark = self.closure.mark();
            self.closure.fail(variable);
            let finished = self.extend(set | 1 << variable, variable + 1, missing - 1, all);
            self.closure.undo(mark);
            if !finished {
                return false;
            }
        }
        true
    }

    fn told(self, complete: bool, complete_to: Option<u64>, tries: u64) -> Found {
        let members = |set: &u64| (0..MOST as u32).filter(|at| set & 1 << at != 0).collect();
        Found { sets: self.found.iter().map(members).collect(), complete, complete_to, work: tries - self.left }
    }
}
