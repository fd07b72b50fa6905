//! Best-first search over choices.
//!
//! States wait in a heap by (bound, partial before complete, ids): when a complete path comes up, every path before it has come up
//! already. A state's bound is worked out only when it first comes up; until then it stands at its parent's. Each evaluated state also
//! yields one whole path, so a search that is stopped has good ones to show.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use super::bound::Bound;
use super::choices::{Choices, NONE};
use super::enumerate::{acts_as_one, has_smaller_inside, shape_of, shown};
use super::price::{Key, Prices};
use super::replay::is_minimal;
use crate::analysis::shapes::Shape;
use crate::graph::unfold::Unfolded;

/// Looks at steps and capabilities that make one search node. A state of a large graph takes many and counts as several nodes, so a
/// limit means about the same time for every graph.
const WORK_PER_NODE: u64 = 1_000;

/// A path found: its steps, ascending.
pub(super) type Steps = Vec<u32>;

/// What a search found.
pub(super) struct Outcome {
    /// The first paths in order (or, where the search stopped, the best found), with their keys.
    pub(super) paths: Vec<(Key, Shape, Steps)>,
    /// There are no others.
    pub(super) complete: bool,
    /// No other comes before any of them.
    pub(super) optimal: bool,
    /// No other has a smaller key.
    pub(super) at_least: Option<Key>,
    /// Search nodes.
    pub(super) nodes: u64,
}

/// Which paths are wanted.
pub(super) struct Wanted<'a> {
    /// So many.
    pub(super) k: usize,
    /// Search nodes at most.
    pub(super) limit: u64,
    /// Steps that may be used.
    pub(super) allowed: Vec<bool>,
    /// Whole paths that count.
    pub(super) counts: &'a dyn Fn(&[u32]) -> bool,
}

/// In the heap: by key, then partial before complete, then ids, then first come.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Waiting {
    key: Key,
    complete: bool,
    shape: Option<Shape>,
    state: u32,
    evaluated: bool,
}

struct State {
    parent: u32,
    decided: Vec<(u32, u32)>,
}

pub(super) struct Search<'a> {
    unfolded: &'a Unfolded,
    prices: &'a Prices,
    wanted: Wanted<'a>,
    choices: Choices<'a>,
    bound: Bound<'a>,
    states: Vec<State>,
    heap: BinaryHeap<Reverse<Waiting>>,
    /// Shapes met so far, whether listed or not, with the best path of each.
    met: BTreeMap<Shape, (Key, Steps)>,
    /// The same in order.
    ranked: BTreeSet<(Key, Shape)>,
    /// Shapes that hold a smaller one.
    larger: BTreeSet<Shape>,
    listed: Vec<(Key, Shape, Steps)>,
    nodes: u64,
}

impl<'a> Search<'a> {
    pub(super) fn new(unfolded: &'a Unfolded, prices: &'a Prices, wanted: Wanted<'a>) -> Search<'a> {
        Search {
            choices: Choices::new(unfolded, wanted.allowed.clone()),
            bound: Bound::new(unfolded, prices, &wanted.allowed),
            unfolded,
            prices,
            wanted,
            states: vec![State { parent: NONE, decided: Vec::new() }],
            heap: BinaryHeap::new(),
            met: BTreeMap::new(),
            ranked: BTreeSet::new(),
            larger: BTreeSet::new(),
            listed: Vec::new(),
            nodes: 0,
        }
    }

    pub(super) fn run(mut self) -> Outcome {
        if self.choices.can_be_completed() {
            let root = Waiting { key: Key(0), complete: false, shape: None, state: 0, evaluated: false };
            self.heap.push(Reverse(root));
        }
        while let Some(Reverse(first)) = self.heap.pop() {
            if first.complete {
                if let Some(outcome) = self.list(first) {
                    return outcome;
                }
            } else if first.evaluated {
                self.expand(first);
            } else if self.nodes >= self.wanted.limit {
                self.heap.push(Reverse(first));
                return self.stopped();
            } else {
                self.evaluate(first);
            }
        }
        let as_one = acts_as_one(self.unfolded);
        let at_least = self.listed.first().map(|(key, _, _)| *key).filter(|_| as_one);
        Outcome { paths: self.listed, complete: !as_one, optimal: !as_one, at_least, nodes: self.nodes }
    }

    /// A complete path came up: nothing comes before it. `Some` if that settles the answer.
    fn list(&mut self, first: Waiting) -> Option<Outcome> {
        let shape = first.shape?;
        let (key, steps) = self.met.get(&shape)?.clone();
        if key != first.key || self.listed.iter().any(|(_, listed, _)| *listed == shape) {
            return None;
        }
        if self.listed.len() == self.wanted.k {
            return Some(self.optimal());
        }
        self.listed.push((key, shape, steps));
        // A path that is met and not listed: the list is not complete.
        let more = self.met.len() > self.listed.len();
        (self.listed.len() == self.wanted.k && more).then(|| self.optimal())
    }

    /// The list is the first k in order, and not all.
    fn optimal(&mut self) -> Outcome {
        let as_one = acts_as_one(self.unfolded);
        let at_least = self.listed.first().map(|(key, _, _)| *key).filter(|_| as_one);
        let paths = std::mem::take(&mut self.listed);
        Outcome { paths, complete: false, optimal: !as_one, at_least, nodes: self.nodes }
    }

    /// The limit is reached: the best paths met, and the least key any other can have.
    fn stopped(mut self) -> Outcome {
        // Whatever is not listed is still in the heap, or follows from what is.
        let mut at_least =
            self.heap.iter().map(|Reverse(waiting)| waiting).filter(|waiting| !waiting.complete).map(|w| w.key).min();
        let proved = self.listed.len();
        for (key, shape) in std::mem::take(&mut self.ranked) {
            if self.listed[..proved].iter().any(|(_, listed, _)| *listed == shape) {
                continue;
            }
            if self.listed.len() == self.wanted.k {
                at_least = at_least.map(|least| least.min(key));
                break;
            }
            if let Some((_, steps)) = self.met.remove(&shape) {
                self.listed.push((key, shape, steps));
            }
        }
        // All k were proved, only not that there are others.
        let as_one = acts_as_one(self.unfolded);
        let optimal = proved == self.wanted.k && !as_one;
        if as_one {
            at_least = at_least.into_iter().chain(self.listed.first().map(|(key, _, _)| *key)).min();
        }
        let at_least = at_least.filter(|_| !optimal);
        Outcome { paths: self.listed, complete: false, optimal, at_least, nodes: self.nodes }
    }

    /// Sets the choices to those of a state.
    fn restore(&mut self, state: u32) {
        self.choices.clear();
        let mut at = state;
        while at != NONE {
            let state = &self.states[at as usize];
            for (node, step) in &state.decided {
                self.choices.chosen[*node as usize] = *step;
            }
            at = state.parent;
        }
    }

    /// Decides what is forced, bounds the rest, and takes note of one whole path.
    fn evaluate(&mut self, first: Waiting) {
        self.nodes += 1;
        self.restore(first.state);
        let (forced, open) = self.choices.force();
        self.states[first.state as usize].decided.extend(forced);
        let (_, chosen) = self.choices.frontier();
        if open.is_empty() {
            self.meet(chosen);
            return;
        }
        let most = self.most();
        let before = self.bound.work;
        let key = self.bound.evaluate(&chosen, &open, most);
        let looks = self.bound.work - before + self.unfolded.moves.len() as u64;
        self.nodes = (self.nodes + looks / WORK_PER_NODE).min(self.wanted.limit);
        if let Some(whole) = self.choices.completed(|node| self.bound.best(node)) {
            self.meet(whole);
        }
        // A bound above what is of interest was cut short: should it come up, it is worked out in full.
        let evaluated = most.is_none_or(|most| key <= most);
        let waiting = Waiting { key: key.max(first.key), evaluated, ..first };
        if waiting.key == first.key {
            self.branch(waiting, open);
        } else {
            self.heap.push(Reverse(waiting));
        }
    }

    /// The key of the k-th best path met: nothing dearer is wanted. `None` while fewer are known, and once k are listed.
    fn most(&self) -> Option<Key> {
        if self.listed.len() >= self.wanted.k {
            return None;
        }
        self.wanted.k.checked_sub(1).and_then(|at| self.ranked.iter().nth(at)).map(|(key, _)| *key)
    }

    fn expand(&mut self, first: Waiting) {
        self.restore(first.state);
        let (open, _) = self.choices.frontier();
        self.branch(first, open);
    }

    /// One state for each way to gain the open capability that has the fewest. To be called with the frontier up to date.
    fn branch(&mut self, first: Waiting, open: Vec<u32>) {
        let unfolded = self.unfolded;
        let Some(node) = open.into_iter().min_by_key(|node| (unfolded.gained_by.row(*node).len(), *node)) else {
            return;
        };
        for step in self.choices.ways(node) {
            let state = self.states.len() as u32;
            self.states.push(State { parent: first.state, decided: vec![(node, step)] });
            let waiting = Waiting { key: first.key, complete: false, shape: None, state, evaluated: false };
            self.heap.push(Reverse(waiting));
        }
    }

    /// Takes note of a whole path, if it is minimal and counts, and has it wait for its turn.
    fn meet(&mut self, steps: Vec<u32>) {
        let (steps, counts) = shown(self.unfolded, &steps);
        let shape = shape_of(self.unfolded, &steps);
        let (key, _) = self.prices.total(self.unfolded, &steps);
        let known = self.met.get(&shape).map(|(known, _)| *known);
        if known.is_some_and(|known| known <= key)
            || self.larger.contains(&shape)
            || !(self.wanted.counts)(&steps)
            || (counts && !is_minimal(self.unfolded, &steps))
        {
            return;
        }
        if known.is_none() && has_smaller_inside(self.unfolded, &shape) {
            self.larger.insert(shape);
            return;
        }
        if let Some(known) = known {
            self.ranked.remove(&(known, shape.clone()));
        }
        self.ranked.insert((key, shape.clone()));
        self.met.insert(shape.clone(), (key, steps));
        self.heap.push(Reverse(Waiting { key, complete: true, shape: Some(shape), state: 0, evaluated: true }));
    }
}
