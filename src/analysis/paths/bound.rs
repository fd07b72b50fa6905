//! A lower bound on what completing a choice costs: disjoint cuts, each of which every completion must cross.
//!
//! This is the LM-cut bound of delete-free planning (Helmert and Domshlak, ICAPS 2009), with assumptions as things to be bought
//! once: h_max prices every capability; each step hangs on its dearest need; the steps and assumptions by which one enters the
//! zone that leads to the goal for free are a cut. Its cheapest member is counted and taken off the price of all of them, until the
//! goal is free. What is already chosen is free from the start and counted in full. The bound is never below h_max and counts
//! landmarks (what all ways share) as well as cuts of several members.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::choices::{Choices, NONE};
use super::price::{Key, Prices};
use crate::graph::unfold::{Target, Unfolded};

const FAR: u128 = u128::MAX;

/// A cut: what is taken off the price of all its members.
struct Members {
    steps: Vec<u32>,
    variables: Vec<u32>,
    least: u128,
}

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

/// Room to work in.
pub(super) struct Bound {
    steps: Vec<u128>,
    variables: Vec<u128>,
    price: Vec<u128>,
    /// Per capability: the step that makes its price.
    best: Vec<u32>,
    hangs: Vec<Hangs>,
    waits: Vec<u32>,
    /// How many needs each step has.
    needs: Vec<u32>,
    /// Steps without needs.
    first: Vec<u32>,
    /// Steps that can happen within the limit.
    settled: Vec<u32>,
    zone: Vec<bool>,
    zone_nodes: Vec<u32>,
    zone_variable: Vec<bool>,
    zone_variables: Vec<u32>,
    reached: Vec<bool>,
    heap: BinaryHeap<Reverse<(u128, u32)>>,
}

impl Bound {
    pub(super) fn new(unfolded: &Unfolded) -> Bound {
        let (nodes, steps) = (unfolded.nodes.len(), unfolded.moves.len());
        let needs: Vec<u32> = (0..steps as u32).map(|step| unfolded.needs.row(step).len() as u32).collect();
        Bound {
            steps: vec![0; steps],
            variables: vec![0; unfolded.variables.len()],
            price: vec![FAR; nodes],
            best: vec![NONE; nodes],
            hangs: vec![Hangs::Never; steps],
            waits: vec![0; steps],
            first: (0..steps as u32).filter(|step| needs[*step as usize] == 0).collect(),
            needs,
            settled: Vec::new(),
            zone: vec![false; nodes],
            zone_nodes: Vec::new(),
            zone_variable: vec![false; unfolded.variables.len()],
            zone_variables: Vec::new(),
            reached: vec![false; nodes],
            heap: BinaryHeap::new(),
        }
    }

    /// The least that any completion of the choice costs; `None` if there is none. Completions dearer than `most` are of no
    /// interest: if all are, any bound above `most` will do, and steps that only those can use are not looked at.
    pub(super) fn evaluate(
        &mut self,
        choices: &Choices,
        prices: &Prices,
        chosen: &[u32],
        most: Option<Key>,
    ) -> Option<Key> {
        let unfolded = choices.unfolded;
        let Target::At(goal) = unfolded.goal else { return None };
        self.steps.iter_mut().zip(&prices.steps).for_each(|(price, key)| *price = key.0);
        self.variables.iter_mut().zip(&prices.variables).for_each(|(price, key)| *price = key.0);
        let mut total = 0;
        for step in chosen {
            total += std::mem::take(&mut self.steps[*step as usize]);
            for variable in unfolded.rests.row(*step) {
                total += std::mem::take(&mut self.variables[*variable as usize]);
            }
        }
        let most = most.map(|key| key.0);
        if most.is_some_and(|most| total > most) {
            return Some(Key(total));
        }
        self.price_all(choices, most.map_or(FAR - 1, |most| most - total));
        if self.price[goal as usize] == FAR {
            return most.map(|most| Key(most + 1));
        }
        while self.price[goal as usize] > 0 {
            let members = self.cut(unfolded, goal);
            total += members.least;
            if most.is_some_and(|most| total > most) {
                return Some(Key(total));
            }
            self.reprice(unfolded, &members);
        }
        Some(Key(total))
    }

    /// h_max of every capability up to a limit, by Dijkstra: a step costs its dearest need or assumption, and itself.
    fn price_all(&mut self, choices: &Choices, limit: u128) {
        let unfolded = choices.unfolded;
        self.price.fill(FAR);
        self.best.fill(NONE);
        self.hangs.fill(Hangs::Never);
        self.settled.clear();
        self.waits.copy_from_slice(&self.needs);
        self.heap.clear();
        for at in 0..self.first.len() {
            self.settle(choices, self.first[at], 0, Hangs::Free, limit);
        }
        while let Some(Reverse((price, node))) = self.heap.pop() {
            if price > self.price[node as usize] {
                continue;
            }
            for step in unfolded.needed_by.row(node) {
                self.waits[*step as usize] -= 1;
                if self.waits[*step as usize] == 0 {
                    self.settle(choices, *step, price, Hangs::Node(node), limit);
                }
            }
        }
    }

    /// All needs of a step are priced, the last and dearest of them at `price`.
    fn settle(&mut self, choices: &Choices, step: u32, mut price: u128, mut hangs: Hangs, limit: u128) {
        if !choices.is_active(step) {
            return;
        }
        for variable in choices.unfolded.rests.row(step) {
            if self.variables[*variable as usize] > price {
                price = self.variables[*variable as usize];
                hangs = Hangs::Variable(*variable);
            }
        }
        if price + self.steps[step as usize] <= limit {
            self.hangs[step as usize] = hangs;
            self.settled.push(step);
            self.relax(choices.unfolded, step, price);
        }
    }

    /// A step that hangs on something of this price gains its capability.
    fn relax(&mut self, unfolded: &Unfolded, step: u32, price: u128) {
        let node = unfolded.gains[step as usize];
        let price = price + self.steps[step as usize];
        if price < self.price[node as usize] {
            self.price[node as usize] = price;
            self.best[node as usize] = step;
            self.heap.push(Reverse((price, node)));
        }
    }

    /// Carries lower prices of a cut's members on to what hangs on them.
    fn reprice(&mut self, unfolded: &Unfolded, members: &Members) {
        for step in &members.steps {
            let price = match self.hangs[*step as usize] {
                Hangs::Node(need) => self.price[need as usize],
                Hangs::Variable(variable) => self.variables[variable as usize],
                Hangs::Free | Hangs::Never => 0,
            };
            self.relax(unfolded, *step, price);
        }
        for variable in &members.variables {
            for step in unfolded.carried_by.row(*variable) {
                if self.hangs[*step as usize] == Hangs::Variable(*variable) {
                    self.rehang(unfolded, *step);
                }
            }
        }
        while let Some(Reverse((price, node))) = self.heap.pop() {
            if price > self.price[node as usize] {
                continue;
            }
            for step in unfolded.needed_by.row(node) {
                if self.hangs[*step as usize] == Hangs::Node(node) {
                    self.rehang(unfolded, *step);
                }
            }
        }
    }

    /// What a step hung on became cheaper: it may hang on something else now.
    fn rehang(&mut self, unfolded: &Unfolded, step: u32) {
        let (mut price, mut hangs) = (0, Hangs::Free);
        for need in unfolded.needs.row(step) {
            if hangs == Hangs::Free || self.price[*need as usize] > price {
                price = self.price[*need as usize];
                hangs = Hangs::Node(*need);
            }
        }
        for variable in unfolded.rests.row(step) {
            if self.variables[*variable as usize] > price {
                price = self.variables[*variable as usize];
                hangs = Hangs::Variable(*variable);
            }
        }
        self.hangs[step as usize] = hangs;
        self.relax(unfolded, step, price);
    }

    /// Finds a cut and takes its cheapest price off all its members.
    fn cut(&mut self, unfolded: &Unfolded, goal: u32) -> Members {
        self.mark_zone(unfolded, goal);
        let (steps, variables) = (self.entries(unfolded), self.zone_variables.clone());
        let of_steps = steps.iter().map(|step| self.steps[*step as usize]);
        let of_variables = variables.iter().map(|variable| self.variables[*variable as usize]);
        let least = of_steps.chain(of_variables).min().unwrap_or(0);
        steps.iter().for_each(|step| self.steps[*step as usize] -= least);
        variables.iter().for_each(|variable| self.variables[*variable as usize] -= least);
        Members { steps, variables, least }
    }

    /// The capabilities and variables from which the goal follows for free.
    fn mark_zone(&mut self, unfolded: &Unfolded, goal: u32) {
        self.zone_nodes.drain(..).for_each(|node| self.zone[node as usize] = false);
        self.zone_variables.drain(..).for_each(|variable| self.zone_variable[variable as usize] = false);
        self.zone[goal as usize] = true;
        self.zone_nodes.push(goal);
        let mut at = 0;
        while let Some(node) = self.zone_nodes.get(at).copied() {
            at += 1;
            for step in unfolded.gained_by.row(node).iter().filter(|step| self.steps[**step as usize] == 0) {
                match self.hangs[*step as usize] {
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

    /// The steps by which one enters the zone, coming from what was had without passing through it.
    fn entries(&mut self, unfolded: &Unfolded) -> Vec<u32> {
        self.reached.fill(false);
        let mut stack = Vec::new();
        let mut steps = Vec::new();
        for at in 0..self.settled.len() {
            let step = self.settled[at];
            let from_outside = match self.hangs[step as usize] {
                Hangs::Free => true,
                Hangs::Variable(variable) => !self.zone_variable[variable as usize],
                Hangs::Node(_) | Hangs::Never => false,
            };
            if from_outside {
                self.enter(unfolded, step, &mut steps, &mut stack);
            }
        }
        while let Some(node) = stack.pop() {
            for step in unfolded.needed_by.row(node) {
                if self.hangs[*step as usize] == Hangs::Node(node) {
                    self.enter(unfolded, *step, &mut steps, &mut stack);
                }
            }
        }
        steps
    }

    fn enter(&mut self, unfolded: &Unfolded, step: u32, steps: &mut Vec<u32>, stack: &mut Vec<u32>) {
        let node = unfolded.gains[step as usize];
        if self.zone[node as usize] {
            steps.push(step);
        } else if !std::mem::replace(&mut self.reached[node as usize], true) {
            stack.push(node);
        }
    }

    /// A completion of the choice by the steps that the last evaluation left cheapest: often the best, always a path. `None` if it looked
    /// at none.
    pub(super) fn completion(&self, choices: &Choices) -> Option<Vec<u32>> {
        let unfolded = choices.unfolded;
        let Target::At(goal) = unfolded.goal else { return None };
        if self.best[goal as usize] == NONE {
            return None;
        }
        let mut seen = vec![false; unfolded.nodes.len()];
        let mut stack = vec![goal];
        let mut steps = Vec::new();
        while let Some(node) = stack.pop() {
            if !std::mem::replace(&mut seen[node as usize], true) {
                let step = self.best[node as usize];
                steps.push(step);
                stack.extend(unfolded.needs.row(step));
            }
        }
        steps.sort_unstable();
        Some(steps)
    }
}
