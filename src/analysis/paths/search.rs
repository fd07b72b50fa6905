//! Best-first search over choices, and depth-first counting.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap};

use super::choices::{Choices, NEVER};
use super::landmarks::{BitRows, join, landmarks, members, set, size};
use super::relax::{FREE, Relaxation};
use super::told::{self, Key};
use crate::analysis::problem::{Problem, Rows};
use crate::analysis::question::Question;
use crate::analysis::{Cost, Path, Paths};
use crate::graph::CapabilityGraph;
use crate::graph::unfold::Copies;

/// What to search for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchOptions {
    /// How many paths.
    pub k: usize,
    /// Ordered by.
    pub cost: Cost,
    /// Search nodes before stopping.
    pub limit: u64,
}

impl SearchOptions {
    /// Search nodes where nothing else is said.
    pub const LIMIT: u64 = 20_000;
}

/// A lower bound on (cost, steps).
type Bound = (u64, u32);

struct Node {
    parent: u32,
    added: Vec<u32>,
}

struct Open {
    bound: Bound,
    serial: u64,
    node: u32,
    relaxed: bool,
}

impl Ord for Open {
    /// The heap pops the greatest: the least bound, and of equal ones the youngest, which dives.
    fn cmp(&self, other: &Open) -> Ordering {
        other.bound.cmp(&self.bound).then(self.serial.cmp(&other.serial))
    }
}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Open) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Open {
    fn eq(&self, other: &Open) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Open {}

const ROOT: u32 = u32::MAX;

struct Search<'q> {
    question: &'q Question<'q>,
    problem: &'q Problem,
    choices: &'q Choices,
    goal: u32,
    item_marks: BitRows,
    step_marks: BitRows,
    relaxation: Relaxation,
    nodes: Vec<Node>,
    found: BTreeMap<Key, Vec<u32>>,
    keep: usize,
    overflowed: bool,
    serial: u64,
}

/// The k best paths of a threat.
pub fn search(graph: &CapabilityGraph, threat: usize, options: &SearchOptions) -> Paths {
    let question = Question::new(graph, threat, Copies::Lumped(0));
    let problem = question.whole_problem();
    let mut answer =
        Paths { cost: options.cost, complete: true, optimal: true, at_least: None, paths: Vec::new(), nodes: 0 };
    let Some(goal) = problem.goal.filter(|_| question.threat.not_applicable.is_none()) else { return answer };
    let choices = Choices::new(&question, &problem, options.cost);
    let mut search = Search::new(&question, &problem, &choices, goal);
    search.keep = if search.may_merge() { usize::MAX } else { options.k.saturating_add(1) };
    let mut heap = BinaryHeap::new();
    heap.push(search.root());
    let mut nodes = 0;
    loop {
        let top = heap.peek().map(|open: &Open| open.bound);
        if top.is_none() || search.is_decided(options.k, top) {
            break;
        }
        if nodes >= options.limit {
            answer.optimal = false;
            break;
        }
        nodes += 1;
        if let Some(open) = heap.pop() {
            heap.extend(search.step(open));
        }
    }
    answer.nodes = nodes;
    let top = heap.peek().map(|open| open.bound);
    search.finish(&mut answer, options, top);
    answer
}

/// Minimal path shapes up to a cap, with whether these are all; as paths in the order of `cost`, without what dominates them.
pub fn count(graph: &CapabilityGraph, threat: usize, cost: Cost, cap: usize) -> (Vec<Path>, bool) {
    let question = Question::new(graph, threat, Copies::Lumped(0));
    let problem = question.whole_problem();
    let Some(goal) = problem.goal.filter(|_| question.threat.not_applicable.is_none()) else {
        return (Vec::new(), true);
    };
    let choices = Choices::new(&question, &problem, cost);
    let mut search = Search::new(&question, &problem, &choices, goal);
    search.keep = usize::MAX;
    let mut stack = vec![search.root()];
    while let Some(mut open) = stack.pop() {
        if search.found.len() > cap {
            stack.push(open);
            break;
        }
        open.relaxed = true;
        stack.extend(search.step(open));
    }
    let complete = stack.is_empty() && search.found.len() <= cap && !choices.truncated;
    let paths = search.shapes(cap, false);
    (paths, complete)
}

impl<'q> Search<'q> {
    fn new(question: &'q Question, problem: &'q Problem, choices: &'q Choices, goal: u32) -> Search<'q> {
        let mut steps = Rows::default();
        choices.step.iter().for_each(|step| steps.push([*step]));
        Search {
            question,
            problem,
            choices,
            goal,
            item_marks: landmarks(problem, choices, &choices.items, choices.price.len()),
            step_marks: landmarks(problem, choices, &steps, problem.steps()),
            relaxation: Relaxation::new(problem, choices),
            nodes: Vec::new(),
            found: BTreeMap::new(),
            keep: 0,
            overflowed: false,
            serial: 0,
        }
    }

    /// Can two choices be told as one path, or a choice not be minimal?
    fn may_merge(&self) -> bool {
        self.question.merges() || self.choices.has_quorums
    }

    fn root(&mut self) -> Open {
        self.nodes.push(Node { parent: ROOT, added: Vec::new() });
        Open { bound: (0, 0), serial: 0, node: 0, relaxed: false }
    }

    fn ways(&self, mut node: u32) -> Vec<u32> {
        let mut ways = Vec::new();
        while node != ROOT {
            let at = &self.nodes[node as usize];
            ways.extend(&at.added);
            node = at.parent;
        }
        ways
    }

    /// Judges a state; gives it back with a better bound, or its children.
    fn step(&mut self, open: Open) -> Vec<Open> {
        let ways = self.ways(open.node);
        self.relaxation.choose(self.choices, &ways);
        if !self.relaxation.run(self.problem, self.choices, self.goal) {
            return Vec::new();
        }
        let completion = self.relaxation.completion(self.problem, self.choices, self.goal);
        let wanted = self.open_capabilities(&ways);
        if wanted.is_empty() {
            self.keep_found(ways);
            return Vec::new();
        }
        self.keep_found(completion);
        let left = self.relaxation.paid_sum(self.choices).saturating_add(self.relaxation.left[self.goal as usize]);
        if !open.relaxed && left > open.bound.0 {
            return vec![Open { bound: (left, open.bound.1), relaxed: true, ..open }];
        }
        self.children(&open, ways, wanted)
    }

    /// Needed and not decided.
    fn open_capabilities(&self, ways: &[u32]) -> Vec<u32> {
        let is_open = |at: &u32| !self.problem.is_start[*at as usize] && self.relaxation.chosen[*at as usize] == FREE;
        let needs = ways.iter().flat_map(|way| self.choices.needs.row(*way).iter().copied());
        let mut wanted: Vec<u32> = needs.chain([self.goal]).filter(is_open).collect();
        wanted.sort_unstable();
        wanted.dedup();
        wanted
    }

    /// Ways to gain a capability that the choices made leave possible, as far as one relaxation can tell. The relaxation stopped at
    /// the goal, so what it did not settle may still be had: only what is derivable at all was kept in the problem.
    fn candidates(&self, capability: u32) -> Vec<u32> {
        self.choices.gained_by.row(capability).to_vec()
    }

    /// Branches on the open capability with fewest ways; capabilities with a single way are decided on the spot.
    fn children(&mut self, open: &Open, mut ways: Vec<u32>, mut wanted: Vec<u32>) -> Vec<Open> {
        let mut forced = Vec::new();
        while let Some(capability) = wanted.iter().copied().find(|at| self.choices.gained_by.row(*at).len() == 1) {
            let way = self.choices.gained_by.row(capability)[0];
            forced.push(way);
            ways.push(way);
            self.relaxation.add(self.choices, way);
            wanted = self.open_capabilities(&ways);
        }
        let Some(branch) = wanted.iter().copied().min_by_key(|at| (self.choices.gained_by.row(*at).len(), *at)) else {
            return vec![self.child(open, &ways, forced, None)];
        };
        let candidates = self.candidates(branch);
        candidates.into_iter().map(|way| self.child(open, &ways, forced.clone(), Some(way))).collect()
    }

    fn child(&mut self, open: &Open, ways: &[u32], mut added: Vec<u32>, way: Option<u32>) -> Open {
        let all: Vec<u32> = ways.iter().copied().chain(way).collect();
        added.extend(way);
        let bound = self.bound(&all).max((open.bound.0, 0));
        self.nodes.push(Node { parent: open.node, added });
        self.serial += 1;
        let bound = (bound.0, bound.1.max(open.bound.1));
        Open { bound, serial: self.serial, node: self.nodes.len() as u32 - 1, relaxed: false }
    }

    /// What the choices cost together with everything their open capabilities cannot do without.
    fn bound(&self, ways: &[u32]) -> Bound {
        let mut items = vec![0; self.item_marks.words()];
        let mut steps = vec![0; self.step_marks.words()];
        let mut decided: Vec<u32> = ways.iter().map(|way| self.choices.gains[*way as usize]).collect();
        decided.sort_unstable();
        let mut wanted: Vec<u32> = Vec::new();
        for way in ways {
            self.choices.items.row(*way).iter().for_each(|item| set(&mut items, *item));
            set(&mut steps, self.choices.step[*way as usize]);
            for need in self.choices.needs.row(*way) {
                if !self.problem.is_start[*need as usize] && decided.binary_search(need).is_err() {
                    wanted.push(*need);
                }
            }
        }
        wanted.sort_unstable();
        wanted.dedup();
        for capability in &wanted {
            join(&mut items, self.item_marks.row(*capability));
            join(&mut steps, self.step_marks.row(*capability));
        }
        let cost = members(&items).fold(0, |sum: u64, item| sum.saturating_add(self.choices.price[item as usize]));
        (cost, size(&steps).max((ways.len() + wanted.len()) as u32))
    }

    fn keep_found(&mut self, ways: Vec<u32>) {
        if self.choices.has_quorums && !told::is_minimal(self.problem, self.choices, &ways) {
            return;
        }
        let key = told::key(self.question, self.problem, self.choices, &ways);
        self.found.entry(key).or_insert(ways);
        if self.found.len() > self.keep {
            self.found.pop_last();
            self.overflowed = true;
        }
    }

    /// Are the first k (and whether there are more) decided, if every state left is at least `top`?
    fn is_decided(&self, k: usize, top: Option<Bound>) -> bool {
        if self.found.len() <= k {
            return false;
        }
        let below = |key: &Key| top.is_none_or(|top| (key.cost, key.steps) < top);
        let settled = self.found.keys().nth(k.saturating_sub(1)).is_some_and(below);
        if !settled || !self.may_merge() {
            return settled;
        }
        let n = self.found.keys().take_while(|key| below(key)).count();
        told::minimal(self.found.keys().take(n)).len() >= k && told::minimal(self.found.keys()).len() > k
    }

    /// The first minimal shapes found, told.
    fn shapes(&self, most: usize, judged: bool) -> Vec<Path> {
        let keys: Vec<&Key> =
            if self.may_merge() { told::minimal(self.found.keys()) } else { self.found.keys().collect() };
        let tell = |key: &&Key| told::path(self.question, self.problem, self.choices, (key, &self.found[*key]), judged);
        keys.iter().take(most).map(tell).collect()
    }

    fn finish(&self, answer: &mut Paths, options: &SearchOptions, top: Option<Bound>) {
        let all = if self.may_merge() { told::minimal(self.found.keys()).len() } else { self.found.len() };
        answer.paths = self.shapes(options.k, true);
        answer.complete = top.is_none() && !self.overflowed && all <= options.k && !self.choices.truncated;
        answer.optimal &= !self.choices.truncated;
        if !answer.optimal {
            let listed = answer.paths.len();
            let next = self.found.keys().nth(listed).map(|key| (key.cost, key.steps));
            let bound = [top, next].into_iter().flatten().min().unwrap_or((0, 0));
            let bound = if self.choices.truncated { (0, 0) } else { bound };
            answer.at_least = Some(((bound.0 != NEVER).then_some(bound.0), bound.1));
            // What is listed may be provably first all the same.
            let last = self.found.keys().nth(listed.saturating_sub(1));
            let proved = last.is_some_and(|key| top.is_none_or(|top| (key.cost, key.steps) < top));
            if listed == options.k && proved && !self.choices.truncated && !self.may_merge() {
                answer.optimal = true;
                answer.at_least = None;
            }
        }
    }
}
