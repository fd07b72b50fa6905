//! A lower bound on what completing a choice costs: disjoint cuts, each of which every completion must cross.
//!
//! This is the LM-cut bound of delete-free planning (Helmert and Domshlak, ICAPS 2009), with assumptions as things to be bought
//! once. h_max prices every capability; each step hangs on its dearest need. The steps and assumptions by which one enters the
//! zone from which the dearest open capability follows for free are a cut: every completion uses one of them. The cheapest price among them
//! is counted and taken off all of them, until the open capabilities are free. What is already chosen is free from the start and counted
//! in full. The bound is never below h_max, and counts landmarks (what all ways share) as well as cuts of several members.
//!
//! The cost comes first, the number of steps after: as long as some cost is open, everything that only takes steps is free. Steps are cut
//! only where they can decide, that is where the cost alone is as high as the worst path still wanted.
//!
//! Prices are worked out once, for the empty choice; an evaluation starts from a copy and only ever lowers them. Nothing priced as high as
//! the dearest open capability can matter to it, so lower prices are carried on only below that. A decided capability keeps all
//! its steps here, not only the chosen one: that can only lower the bound.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::choices::NONE;
use super::price::{Key, ONE_COST, ONE_STEP, Prices};
use crate::graph::unfold::Unfolded;

const FAR: u128 = u128::MAX;

/// What a step hangs on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hangs {
    /// It cannot happen.
    Never,
    /// Nothing that costs.
    Free,
    Node(u32),
    Variable(u32),
}

/// Steps and variables whose price fell.
struct Cheaper {
    steps: Vec<u32>,
    variables: Vec<u32>,
}

/// What everything costs, and why.
#[derive(Clone)]
struct Priced {
    steps: Vec<u128>,
    variables: Vec<u128>,
    /// Per capability: h_max.
    nodes: Vec<u128>,
    /// Per capability: the step that makes its price.
    best: Vec<u32>,
    hangs: Vec<Hangs>,
}

/// Prices of the empty choice, and room to work in.
pub(super) struct Bound<'a> {
    unfolded: &'a Unfolded,
    base: Priced,
    now: Priced,
    zone: Vec<bool>,
    zone_nodes: Vec<u32>,
    zone_variable: Vec<bool>,
    zone_variables: Vec<u32>,
    heap: BinaryHeap<Reverse<(u128, u32)>>,
    /// Steps and capabilities looked at.
    pub(super) work: u64,
}

impl<'a> Bound<'a> {
    pub(super) fn new(unfolded: &'a Unfolded, prices: &Prices, allowed: &[bool]) -> Bound<'a> {
        let nodes = unfolded.nodes.len();
        let base = Priced {
            steps: prices.steps.iter().map(|key| key.0).collect(),
            variables: prices.variables.iter().map(|key| key.0).collect(),
            nodes: vec![FAR; nodes],
            best: vec![NONE; nodes],
            hangs: vec![Hangs::Never; unfolded.moves.len()],
        };
        let mut bound = Bound {
            unfolded,
            now: base.clone(),
            base,
            zone: vec![false; nodes],
            zone_nodes: Vec::new(),
            zone_variable: vec![false; unfolded.variables.len()],
            zone_variables: Vec::new(),
            heap: BinaryHeap::new(),
            work: 0,
        };
        bound.price_all(allowed);
        bound.base = bound.now.clone();
        bound
    }

    /// h_max of every capability, by Dijkstra: a step costs its dearest need or assumption, and itself.
    fn price_all(&mut self, allowed: &[bool]) {
        let unfolded = self.unfolded;
        let steps = 0..unfolded.moves.len() as u32;
        let mut waits: Vec<usize> = steps.clone().map(|step| unfolded.needs.row(step).len()).collect();
        for step in steps.filter(|step| allowed[*step as usize]) {
            if waits[step as usize] == 0 {
                self.rehang(step);
            }
        }
        while let Some(Reverse((price, node))) = self.heap.pop() {
            if price > self.now.nodes[node as usize] {
                continue;
            }
            for step in unfolded.needed_by.row(node).iter().filter(|step| allowed[**step as usize]) {
                waits[*step as usize] -= 1;
                if waits[*step as usize] == 0 {
                    self.rehang(*step);
                }
            }
        }
    }

    /// The least that any completion of a choice costs. Those dearer than `most` are of no interest: if all are, any bound above it will do.
    pub(super) fn evaluate(&mut self, chosen: &[u32], open: &[u32], most: Option<Key>) -> Key {
        self.now.clone_from(&self.base);
        let mut dearest = self.dearest(open);
        let mut total = self.pay(chosen, dearest);
        let mut unit = ONE_COST;
        loop {
            dearest = self.dearest(open);
            // What is still open costs at least its dearest part.
            let least = total + dearest.0;
            if most.is_some_and(|most| least > most.0) {
                return Key(least);
            }
            if dearest.0 < unit {
                let steps_decide = most.is_some_and(|most| Key(total).cost() == most.cost());
                if unit == ONE_STEP || !steps_decide {
                    return Key(least);
                }
                unit = ONE_STEP;
                continue;
            }
            let (members, counted) = self.cut(dearest.1, unit);
            if counted == 0 {
                return Key(least);
            }
            total += counted;
            self.reprice(&members, dearest.0);
        }
    }

    /// The price of the dearest of these capabilities, and which it is.
    fn dearest(&self, open: &[u32]) -> (u128, u32) {
        let priced = open.iter().map(|node| (self.now.nodes[*node as usize], *node));
        priced.max_by_key(|(price, node)| (*price, Reverse(*node))).unwrap_or((0, 0))
    }

    /// What is chosen is paid for, and free from now on.
    fn pay(&mut self, chosen: &[u32], dearest: (u128, u32)) -> u128 {
        let mut total = 0;
        let mut paid = Cheaper { steps: chosen.to_vec(), variables: Vec::new() };
        for step in chosen {
            total += std::mem::take(&mut self.now.steps[*step as usize]);
            for variable in self.unfolded.rests.row(*step) {
                let price = std::mem::take(&mut self.now.variables[*variable as usize]);
                total += price;
                if price > 0 {
                    paid.variables.push(*variable);
                }
            }
        }
        self.reprice(&paid, dearest.0);
        total
    }

    /// Carries lower prices on to what hangs on them, as far as they stay below a limit.
    fn reprice(&mut self, cheaper: &Cheaper, limit: u128) {
        let unfolded = self.unfolded;
        for step in &cheaper.steps {
            if self.now.hangs[*step as usize] != Hangs::Never {
                self.rehang(*step);
            }
        }
        for variable in &cheaper.variables {
            for step in unfolded.carried_by.row(*variable) {
                if self.now.hangs[*step as usize] == Hangs::Variable(*variable) {
                    self.rehang(*step);
                }
            }
        }
        while let Some(Reverse((price, node))) = self.heap.pop() {
            if price >= limit {
                break;
            }
            if price > self.now.nodes[node as usize] {
                continue;
            }
            for step in unfolded.needed_by.row(node) {
                if self.now.hangs[*step as usize] == Hangs::Node(node) {
                    self.rehang(*step);
                }
            }
        }
        self.heap.clear();
    }

    /// Hangs a step on the dearest of what it needs, and prices what it gains.
    fn rehang(&mut self, step: u32) {
        let (mut price, mut hangs) = (0, Hangs::Free);
        for need in self.unfolded.needs.row(step) {
            let dearer = self.now.nodes[*need as usize];
            if hangs == Hangs::Free || dearer > price {
                (price, hangs) = (dearer, Hangs::Node(*need));
            }
        }
        for variable in self.unfolded.rests.row(step) {
            let dearer = self.now.variables[*variable as usize];
            if dearer > price {
                (price, hangs) = (dearer, Hangs::Variable(*variable));
            }
        }
        self.work += 1;
        self.now.hangs[step as usize] = hangs;
        let node = self.unfolded.gains[step as usize] as usize;
        let price = price + self.now.steps[step as usize];
        if price < self.now.nodes[node] {
            self.now.nodes[node] = price;
            self.now.best[node] = step;
            self.heap.push(Reverse((price, node as u32)));
        }
    }

    /// Finds the cut before a capability and takes its cheapest price, in whole units, off all its members.
    fn cut(&mut self, node: u32, unit: u128) -> (Cheaper, u128) {
        self.mark_zone(node, unit);
        self.work += self.zone_nodes.len() as u64;
        let mut steps = Vec::new();
        for node in &self.zone_nodes {
            // A free step that does not hang in the zone would make the zone free.
            let paid = |step: &&u32| {
                self.now.steps[**step as usize] >= unit
                    && match self.now.hangs[**step as usize] {
                        Hangs::Never => false,
                        Hangs::Free => true,
                        Hangs::Node(need) => !self.zone[need as usize],
                        Hangs::Variable(variable) => !self.zone_variable[variable as usize],
                    }
            };
            steps.extend(self.unfolded.gained_by.row(*node).iter().filter(paid));
        }
        let variables = self.zone_variables.clone();
        let of_steps = steps.iter().map(|step| self.now.steps[*step as usize]);
        let of_variables = variables.iter().map(|variable| self.now.variables[*variable as usize]);
        let least = of_steps.chain(of_variables).min().unwrap_or(0) & !(unit - 1);
        steps.iter().for_each(|step| self.now.steps[*step as usize] -= least);
        variables.iter().for_each(|variable| self.now.variables[*variable as usize] -= least);
        (Cheaper { steps, variables }, least)
    }

    /// The capabilities and variables from which a capability follows for less than a unit a step.
    fn mark_zone(&mut self, node: u32, unit: u128) {
        self.zone_nodes.drain(..).for_each(|node| self.zone[node as usize] = false);
        self.zone_variables.drain(..).for_each(|variable| self.zone_variable[variable as usize] = false);
        self.zone[node as usize] = true;
        self.zone_nodes.push(node);
        let mut at = 0;
        while let Some(node) = self.zone_nodes.get(at).copied() {
            at += 1;
            for step in self.unfolded.gained_by.row(node) {
                if self.now.steps[*step as usize] >= unit {
                    continue;
                }
                match self.now.hangs[*step as usize] {
                    Hangs::Node(need) if !self.zone[need as usize] => {
                        self.zone[need as usize] = true;
                        self.zone_nodes.push(need);
                    }
                    Hangs::Variable(variable) if !self.zone_variable[variable as usize] => {
                        self.zone_variable[variable as usize] = true;
                        self.zone_variables.push(variable);
                    }
                    _ => {}
                }
            }
        }
    }

    /// A way to gain an undecided capability that the last evaluation left cheapest.
    pub(super) fn best(&self, node: u32) -> u32 {
        self.now.best[node as usize]
    }
}
