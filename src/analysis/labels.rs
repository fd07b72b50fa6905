//! Minimal sets of variables, by labels: each capability carries the minimal sets whose failure makes it derivable (an ATMS).
//!
//! Sets are met in the order of their size. Whatever follows from a set is at least as large, so a set that no smaller one in the
//! label lies inside stays there for good: labels only grow, and after size s is done every minimal set of at most s is
//! known, whatever stops the rest. Each pair of sets is put together once, when the later of the two arrives. A set that holds a set
//! already known to reach the goal leads to no new answer and is dropped wherever it turns up.

use std::collections::BTreeMap;

use crate::graph::unfold::{Target, Unfolded};

/// How far to look.
pub struct Search<'a> {
    /// Only these variables may fail; `None`: all.
    pub allowed: Option<&'a [bool]>,
    /// Sets larger than this are not looked for.
    pub size: u64,
    /// Sets put together or compared, at most.
    pub work: u64,
    /// Asked after each size with the sets found so far: is that enough?
    pub enough: &'a dyn Fn(&[Vec<u32>]) -> bool,
}

impl Search<'_> {
    /// Everything, within so much work.
    pub fn all(work: u64) -> Search<'static> {
        Search { allowed: None, size: u64::MAX, work, enough: &|_| false }
    }
}

/// The minimal sets that reach the goal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// By size; each ascending. All of them are minimal, even where the search stopped.
    pub sets: Vec<Vec<u32>>,
    /// There are no others.
    pub complete: bool,
    /// There are no others of at most this size.
    pub complete_to: Option<u64>,
    /// Work done.
    pub work: u64,
}

/// The minimal sets of variables whose failure reaches the goal.
pub fn minimal_sets(unfolded: &Unfolded, search: &Search) -> Found {
    match unfolded.goal {
        Target::Never => Found { sets: Vec::new(), complete: true, complete_to: Some(u64::MAX), work: 0 },
        Target::Had => Found { sets: vec![Vec::new()], complete: true, complete_to: Some(u64::MAX), work: 0 },
        Target::At(goal) => Labels::new(unfolded, search, goal).run(),
    }
}

/// Sets on their way into labels: the capability each is for, and its bits.
#[derive(Default)]
struct Arrivals {
    nodes: Vec<u32>,
    bits: Vec<u64>,
}

struct Labels<'a> {
    unfolded: &'a Unfolded,
    search: &'a Search<'a>,
    goal: u32,
    /// Words of a set.
    stride: usize,
    /// Per capability: its sets, one after another.
    labels: Vec<Vec<u64>>,
    arrivals: BTreeMap<u64, Arrivals>,
    /// Some set was too large.
    dropped: bool,
    work: u64,
}

impl<'a> Labels<'a> {
    fn new(unfolded: &'a Unfolded, search: &'a Search<'a>, goal: u32) -> Labels<'a> {
        Labels {
            unfolded,
            search,
            goal,
            stride: unfolded.variables.len().div_ceil(64).max(1),
            labels: vec![Vec::new(); unfolded.nodes.len()],
            arrivals: BTreeMap::new(),
            dropped: false,
            work: 0,
        }
    }

    fn run(mut self) -> Found {
        for step in 0..self.unfolded.moves.len() as u32 {
            if self.unfolded.needs.row(step).is_empty() {
                self.combine(step, None, &[]);
            }
        }
        let mut complete_to = None;
        while let Some(size) = self.arrivals.keys().next().copied() {
            if !self.settle(size) {
                return self.found(false, complete_to);
            }
            complete_to = Some(size);
            if (self.search.enough)(&self.sets()) {
                return self.found(false, complete_to);
            }
        }
        match self.dropped {
            true => self.found(false, Some(self.search.size)),
            false => self.found(true, Some(u64::MAX)),
        }
    }

    fn found(&self, complete: bool, complete_to: Option<u64>) -> Found {
        Found { sets: self.sets(), complete, complete_to, work: self.work }
    }

    /// The goal's label as lists of variables, in the order found: by size.
    fn sets(&self) -> Vec<Vec<u32>> {
        self.labels[self.goal as usize].chunks_exact(self.stride).map(members).collect()
    }

    /// Takes in every set of one size; `false` if the work ran out.
    fn settle(&mut self, size: u64) -> bool {
        let mut at = 0;
        while let Some(arrivals) = self.arrivals.get(&size).filter(|arrivals| at < arrivals.nodes.len()) {
            let node = arrivals.nodes[at];
            let set = arrivals.bits[at * self.stride..][..self.stride].to_vec();
            at += 1;
            if self.is_known(node, &set) || self.is_known(self.goal, &set) {
                continue;
            }
            self.labels[node as usize].extend_from_slice(&set);
            for step in self.unfolded.needed_by.row(node) {
                self.combine(*step, Some(node), &set);
            }
            if self.work > self.search.work {
                return false;
            }
        }
        self.arrivals.remove(&size);
        true
    }

    /// Does a set of this label lie inside?
    fn is_known(&mut self, node: u32, set: &[u64]) -> bool {
        let label = &self.labels[node as usize];
        let inside = label.chunks_exact(self.stride).position(|known| known.iter().zip(set).all(|(a, b)| a & !b == 0));
        self.work += 1 + inside.unwrap_or(label.len() / self.stride) as u64 / 8;
        inside.is_some()
    }

    /// A new set for one need of a step, put together with every set of its other needs and its assumptions.
    fn combine(&mut self, step: u32, node: Option<u32>, set: &[u64]) {
        let mut first = if set.is_empty() { vec![0; self.stride] } else { set.to_vec() };
        for variable in self.unfolded.rests.row(step) {
            if self.search.allowed.is_some_and(|allowed| !allowed[*variable as usize]) {
                return;
            }
            first[*variable as usize / 64] |= 1 << (variable % 64);
        }
        let mut others: Vec<u32> =
            self.unfolded.needs.row(step).iter().copied().filter(|need| Some(*need) != node).collect();
        others.sort_by_key(|need| self.labels[*need as usize].len());
        let mut sets = first;
        for other in others {
            sets = self.product(&sets, other);
            if sets.is_empty() || self.work > self.search.work {
                return;
            }
        }
        let gains = self.unfolded.gains[step as usize];
        for set in sets.chunks_exact(self.stride) {
            self.arrive(gains, set);
        }
    }

    /// Unions of each of these sets with each of a label, those inside others left out.
    fn product(&mut self, sets: &[u64], other: u32) -> Vec<u64> {
        let mut out: Vec<u64> = Vec::new();
        let mut union = vec![0; self.stride];
        for set in sets.chunks_exact(self.stride) {
            for known in self.labels[other as usize].chunks_exact(self.stride) {
                union.iter_mut().zip(set.iter().zip(known)).for_each(|(union, (a, b))| *union = a | b);
                self.work += 1;
                out.extend_from_slice(&union);
            }
            if self.work > self.search.work {
                break;
            }
        }
        out
    }

    fn arrive(&mut self, node: u32, set: &[u64]) {
        let size = self.size(set);
        if size > self.search.size {
            self.dropped = true;
            return;
        }
        if !self.is_known(node, set) && !self.is_known(self.goal, set) {
            let arrivals = self.arrivals.entry(size).or_default();
            arrivals.nodes.push(node);
            arrivals.bits.extend_from_slice(set);
        }
    }

    fn size(&self, set: &[u64]) -> u64 {
        let weights = members(set).into_iter().map(|variable| self.unfolded.variables[variable as usize].weight);
        weights.fold(0, u64::saturating_add)
    }
}

fn members(set: &[u64]) -> Vec<u32> {
    let mut out = Vec::new();
    for (at, word) in set.iter().enumerate() {
        let mut word = *word;
        while word != 0 {
            out.push(at as u32 * 64 + word.trailing_zeros());
            word &= word - 1;
        }
    }
    out
}
