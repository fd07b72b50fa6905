//! A quorum as AND and OR: capabilities "at least j of the entries from i on", so that n entries make about n*q steps and never one
//! for each of the subsets of size q.

use std::collections::{BTreeMap, BTreeSet};

use super::build::Draft;

/// One copy that can be counted, and the members it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) node: u32,
    pub(super) weight: u64,
}

/// The quorums unfolded so far: equal ones share their counting capabilities.
#[derive(Default)]
pub(super) struct Quorums {
    made: BTreeMap<(Vec<Entry>, u64), Option<Vec<u32>>>,
}

impl Quorums {
    /// What a step must need so that at least `at_least` of the entries are counted; `None` if they never can be.
    pub(super) fn needs(&mut self, draft: &mut Draft, entries: Vec<Entry>, at_least: u64) -> Option<Vec<u32>> {
        if at_least == 0 {
            return Some(Vec::new());
        }
        let key = (entries, at_least);
        if let Some(needs) = self.made.get(&key) {
            return needs.clone();
        }
        let needs = Counting::new(&key.0).unfold(draft, at_least);
        self.made.insert(key, needs.clone());
        needs
    }
}

/// One quorum on its way.
struct Counting<'a> {
    entries: &'a [Entry],
    /// Weight of the entries from each position on.
    rest: Vec<u64>,
    /// Least weight of them.
    least: Vec<u64>,
}

impl<'a> Counting<'a> {
    fn new(entries: &'a [Entry]) -> Counting<'a> {
        let mut rest = vec![0; entries.len() + 1];
        let mut least = vec![u64::MAX; entries.len() + 1];
        for (at, entry) in entries.iter().enumerate().rev() {
            rest[at] = entry.weight.saturating_add(rest[at + 1]);
            least[at] = entry.weight.min(least[at + 1]);
        }
        Counting { entries, rest, least }
    }

    /// No entry from here on can be spared: all are needed.
    fn all_needed(&self, from: usize, missing: u64) -> bool {
        self.rest[from].saturating_sub(self.least[from]) < missing
    }

    /// The numbers that can still be missing at each position where there is a choice.
    fn states(&self, at_least: u64) -> Vec<BTreeSet<u64>> {
        let mut states = vec![BTreeSet::new(); self.entries.len() + 1];
        states[0].insert(at_least);
        for at in 0..self.entries.len() {
            for missing in states[at].clone() {
                if self.all_needed(at, missing) {
                    continue;
                }
                let counted = missing.saturating_sub(self.entries[at].weight);
                for next in [counted, missing] {
                    if next > 0 && next <= self.rest[at + 1] {
                        states[at + 1].insert(next);
                    }
                }
            }
        }
        states
    }

    fn unfold(&self, draft: &mut Draft, at_least: u64) -> Option<Vec<u32>> {
        if self.rest[0] < at_least {
            return None;
        }
        // Needs of each state one position on; built from the last entry backward.
        let mut after: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
        for (at, states) in self.states(at_least).iter().enumerate().rev() {
            let mut here = BTreeMap::new();
            for missing in states {
                here.insert(*missing, self.state(draft, at, *missing, &after));
            }
            after = here;
        }
        after.remove(&at_least)
    }

    /// What "at least `missing` of the entries from `at` on" needs.
    fn state(&self, draft: &mut Draft, at: usize, missing: u64, after: &BTreeMap<u64, Vec<u32>>) -> Vec<u32> {
        if self.all_needed(at, missing) {
            return self.entries[at..].iter().map(|entry| entry.node).collect();
        }
        let entry = self.entries[at];
        let node = draft.count();
        let mut counted = after.get(&missing.saturating_sub(entry.weight)).cloned().unwrap_or_default();
        counted.push(entry.node);
        draft.counting(counted, node);
        if let Some(passed) = after.get(&missing) {
            draft.counting(passed.clone(), node);
        }
        vec![node]
    }
}
