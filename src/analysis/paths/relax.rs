//! What is left to pay at least, and the cheapest way on, once some choices are made: Knuth's generalisation of Dijkstra's algorithm
//! (1977) with the maximum over needs, where what is paid already is free.
//!
//! Steps differ along a derivation, so their prices add up; the assumptions of one step may be those of another further on, so of
//! assumptions only the dearest step counts. Both are lower bounds.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::choices::Choices;
use crate::analysis::problem::Problem;

/// No way chosen.
pub const FREE: u32 = u32::MAX;

/// Scratch of one relaxation, reused.
#[derive(Debug)]
pub struct Relaxation {
    /// Per capability: the way chosen for it, or [`FREE`].
    pub chosen: Vec<u32>,
    /// Per item: paid already.
    pub paid: Vec<bool>,
    /// Per capability: derivable with the choices made.
    pub had: Vec<bool>,
    /// Per capability: a lower bound on what its derivation still costs.
    pub left: Vec<u64>,
    /// Per capability: the way that settled it. Its needs were settled before it, so following these is acyclic.
    pub best: Vec<u32>,
    missing: Vec<u32>,
    touched: Vec<u32>,
    paid_items: Vec<u32>,
}

impl Relaxation {
    /// For one problem.
    pub fn new(problem: &Problem, choices: &Choices) -> Relaxation {
        let n = problem.capabilities();
        Relaxation {
            chosen: vec![FREE; n],
            paid: vec![false; choices.price.len()],
            had: vec![false; n],
            left: vec![0; n],
            best: vec![FREE; n],
            missing: vec![0; choices.len()],
            touched: Vec::new(),
            paid_items: Vec::new(),
        }
    }

    /// Makes these choices, and no others.
    pub fn choose(&mut self, choices: &Choices, ways: &[u32]) {
        self.touched.drain(..).for_each(|at| self.chosen[at as usize] = FREE);
        self.paid_items.drain(..).for_each(|at| self.paid[at as usize] = false);
        for way in ways {
            self.add(choices, *way);
        }
    }

    /// Makes one more choice.
    pub fn add(&mut self, choices: &Choices, way: u32) {
        let gained = choices.gains[way as usize];
        self.chosen[gained as usize] = way;
        self.touched.push(gained);
        for item in choices.items.row(way) {
            if !std::mem::replace(&mut self.paid[*item as usize], true) {
                self.paid_items.push(*item);
            }
        }
    }

    /// What the choices made cost.
    pub fn paid_sum(&self, choices: &Choices) -> u64 {
        self.paid_items.iter().fold(0, |sum, item| sum.saturating_add(choices.price[*item as usize]))
    }

    /// Settles every capability, the goal last: true if the goal can still be had.
    pub fn run(&mut self, problem: &Problem, choices: &Choices, goal: u32) -> bool {
        self.had.fill(false);
        let mut heap: BinaryHeap<Reverse<(u64, u32, u32)>> = BinaryHeap::new();
        problem.start.iter().for_each(|at| heap.push(Reverse((0, *at, FREE))));
        for way in 0..choices.len() as u32 {
            self.missing[way as usize] = choices.needs.row(way).len() as u32;
            if self.missing[way as usize] == 0 && self.allows(choices, problem, way) {
                heap.push(Reverse((self.way_cost(choices, way), choices.gains[way as usize], way)));
            }
        }
        while let Some(Reverse((left, capability, way))) = heap.pop() {
            if std::mem::replace(&mut self.had[capability as usize], true) {
                continue;
            }
            self.left[capability as usize] = left;
            self.best[capability as usize] = way;
            if capability == goal {
                return true;
            }
            for &next in choices.needed_by.row(capability) {
                self.missing[next as usize] -= 1;
                if self.missing[next as usize] == 0 && self.allows(choices, problem, next) {
                    // Needs are settled in order of cost: the one just settled is the dearest.
                    let own = self.way_cost(choices, next);
                    let cost = if choices.adds_up { own.saturating_add(left) } else { own.max(left) };
                    let gained = choices.gains[next as usize];
                    if !self.had[gained as usize] {
                        heap.push(Reverse((cost, gained, next)));
                    }
                }
            }
        }
        false
    }

    fn allows(&self, choices: &Choices, problem: &Problem, way: u32) -> bool {
        let gained = choices.gains[way as usize] as usize;
        !problem.is_start[gained] && (self.chosen[gained] == FREE || self.chosen[gained] == way)
    }

    fn way_cost(&self, choices: &Choices, way: u32) -> u64 {
        let unpaid = choices.items.row(way).iter().filter(|item| !self.paid[**item as usize]);
        unpaid.fold(0, |sum, item| sum.saturating_add(choices.price[*item as usize]))
    }

    /// The cheapest completion found by the last run: the choices made, and the settling way of everything else that is needed.
    pub fn completion(&self, problem: &Problem, choices: &Choices, goal: u32) -> Vec<u32> {
        let mut ways = Vec::new();
        let mut seen = vec![false; problem.capabilities()];
        let mut queue = vec![goal];
        seen[goal as usize] = true;
        while let Some(capability) = queue.pop() {
            if problem.is_start[capability as usize] {
                continue;
            }
            let way = self.best[capability as usize];
            ways.push(way);
            for &need in choices.needs.row(way) {
                if !std::mem::replace(&mut seen[need as usize], true) {
                    queue.push(need);
                }
            }
        }
        ways
    }
}
