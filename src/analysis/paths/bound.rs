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
    zone: Vec<bool>,
    zone_variable: Vec<bool>,
    reached: Vec<bool>,
    heap: BinaryHeap<Reverse<(u128, u32)>>,
}

impl Bound {
    pub(super) fn new(unfolded: &Unfolded) -> Bound {
        let (nodes, steps) = (unfolded.nodes.len(), unfolded.moves.len());
        Bound {
            steps: vec![0; steps],
            variables: vec![0; unfolded.variables.len()],
            price: vec![FAR; nodes],
            best: vec![NONE; nodes],
            hangs: vec![Hangs::Never; steps],
            waits: vec![0; steps],
            zone: vec![false; nodes],
            zone_variable: vec![false; unfolded.variables.len()],
            reached: vec![false; nodes],
            heap: BinaryHeap::new(),
        }
    }

    /// The least that any completion of the choice costs; `None` if there is none.
    pub(super) fn evaluate(&mut self, choices: &Choices, prices: &Prices, chosen: &[u32]) -> Option<Key> {
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
        loop {
            self.price_all(choices);
            match self.price[goal as usize] {
                FAR => return None,
                0 => return Some(Key(total)),
                _ => total += self.cut(choices, goal),
            }
        }
    }

    /// h_max of every capability, by Dijkstra: a step costs its dearest need or assumption, and itself.
    fn price_all(&mut self, choices: &Choices) {
        let unfolded = choices.unfolded;
        self.price.fill(FAR);
        self.best.fill(NONE);
        self.hangs.fill(Hangs::Never);
        for step in 0..unfolded.moves.len() as u32 {
            let needs = unfolded.needs.row(step).len() as u32;
            self.waits[step as usize] = needs;
            if needs == 0 {
                self.settle(choices, step, 0, Hangs::Free);
            }
        }
        while let Some(Reverse((price, node))) = self.heap.pop() {
            if price > self.price[node as usize] {
                continue;
            }
            for step in unfolded.needed_by.row(node) {
                self.waits[*step as usize] -= 1;
                if self.waits[*step as usize] == 0 {
                    self.settle(choices, *step, price, Hangs::Node(node));
                }
            }
        }
    }

    /// All needs of a step are priced, the last and dearest of them at `price`.
    fn settle(&mut self, choices: &Choices, step: u32, mut price: u128, mut hangs: Hangs) {
        if !choices.is_active(step) {
            return;
        }
        for variable in choices.unfolded.rests.row(step) {
            if self.variables[*variable as usize] > price {
                price = self.variables[*variable as usize];
                hangs = Hangs::Variable(*variable);
            }
        }
        self.hangs[step as usize] = hangs;
        let node = choices.unfolded.gains[step as usize];
        let price = price + self.steps[step as usize];
        if price < self.price[node as usize] {
            self.price[node as usize] = price;
            self.best[node as usize] = step;
            self.heap.push(Reverse((price, node)));
        }
    }

    /// Finds a cut, takes its cheapest price off all its members, and returns that.
    fn cut(&mut self, choices: &Choices, goal: u32) -> u128 {
        self.mark_zone(choices.unfolded, goal);
        let members = self.entries(choices.unfolded);
        let of_steps = members.0.iter().map(|step| self.steps[*step as usize]);
        let of_variables = members.1.iter().map(|variable| self.variables[*variable as usize]);
        let least = of_steps.chain(of_variables).min().unwrap_or(0);
        members.0.iter().for_each(|step| self.steps[*step as usize] -= least);
        members.1.iter().for_each(|variable| self.variables[*variable as usize] -= least);
        least
    }

    /// The capabilities and variables from which the goal follows for free.
    fn mark_zone(&mut self, unfolded: &Unfolded, goal: u32) {
        self.zone.fill(false);
        self.zone_variable.fill(false);
        self.zone[goal as usize] = true;
        let mut stack = vec![goal];
        while let Some(node) = stack.pop() {
            for step in unfolded.gained_by.row(node) {
                if self.steps[*step as usize] > 0 {
                    continue;
                }
                match self.hangs[*step as usize] {
                    Hangs::Node(need) if !std::mem::replace(&mut self.zone[need as usize], true) => stack.push(need),
                    Hangs::Variable(variable) => self.zone_variable[variable as usize] = true,
                    _ => {}
                }
            }
        }
    }

    /// The steps and variables by which one enters the zone, coming from what was had without passing through it.
    fn entries(&mut self, unfolded: &Unfolded) -> (Vec<u32>, Vec<u32>) {
        self.reached.fill(false);
        let mut stack = Vec::new();
        let mut steps = Vec::new();
        for step in 0..unfolded.moves.len() as u32 {
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
        let variables = (0..self.zone_variable.len() as u32).filter(|at| self.zone_variable[*at as usize]).collect();
        (steps, variables)
    }

    fn enter(&mut self, unfolded: &Unfolded, step: u32, steps: &mut Vec<u32>, stack: &mut Vec<u32>) {
        let node = unfolded.gains[step as usize];
        if self.zone[node as usize] {
            steps.push(step);
        } else if !std::mem::replace(&mut self.reached[node as usize], true) {
            stack.push(node);
        }
    }

    /// A completion of the choice by the steps that the last evaluation left cheapest: often the best, always a path.
    pub(super) fn completion(&self, choices: &Choices) -> Vec<u32> {
        let unfolded = choices.unfolded;
        let Target::At(goal) = unfolded.goal else { return Vec::new() };
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
        steps
    }
}
