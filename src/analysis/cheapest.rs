//! The cheapest set of variables that reaches the goal, by implicit hitting sets.
//!
//! A set of variables that, holding, keeps the goal underivable is a *cut*: every attack set must hit it. From the cuts known so far, take the
//! cheapest set that hits all of them. If it reaches the goal, nothing cheaper does. If not, what still holds contains a new cut: let as many
//! more variables fail as the goal allows, and take the rest. (The scheme of MaxHS for maximum satisfiability: Davies and Bacchus, CP 2011.)

use super::closure::Closure;
use super::shapes::Shape;
use crate::graph::unfold::{Target, Unfolded};

/// What a search for the cheapest set found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cheapest {
    /// A minimal attack set, ascending; `None` if the goal cannot be reached.
    pub set: Option<Vec<u32>>,
    /// No attack set comes before it, by price, size and then the ids it counts as.
    pub exact: bool,
}

/// Finds the attack set that is first by price, then size, then ids. A variable without a price cannot fail. `limit` bounds the nodes
/// of the hitting-set search.
pub fn cheapest(unfolded: &Unfolded, price: &dyn Fn(u32) -> Option<u64>, limit: u64) -> Cheapest {
    let hitting = Hitting::new(unfolded, price, limit);
    match unfolded.goal {
        Target::Had => Cheapest { set: Some(Vec::new()), exact: true },
        Target::At(_) if Closure::of(unfolded, hitting.order.iter().copied()).reaches_goal() => hitting.run(),
        Target::At(_) | Target::Never => Cheapest { set: None, exact: true },
    }
}

/// Price and size of a set.
type Key = (u64, u64);

fn add(a: Key, b: Key) -> Key {
    (a.0.saturating_add(b.0), a.1.saturating_add(b.1))
}

struct Hitting<'a> {
    unfolded: &'a Unfolded,
    keys: Vec<Key>,
    /// Variables that can fail, cheap ones first.
    order: Vec<u32>,
    cuts: Vec<Vec<u32>>,
    nodes: u64,
    limit: u64,
    /// Best hitting set of the present search.
    best: Option<(Key, Shape, Vec<u32>)>,
    /// Best attack set met on the way.
    fallback: Option<(Key, Vec<u32>)>,
}

impl<'a> Hitting<'a> {
    fn new(unfolded: &'a Unfolded, price: &dyn Fn(u32) -> Option<u64>, limit: u64) -> Hitting<'a> {
        let all = 0..unfolded.variables.len() as u32;
        let prices: Vec<Option<u64>> = all.clone().map(price).collect();
        let mut order: Vec<u32> = all.filter(|at| prices[*at as usize].is_some()).collect();
        let keys =
            prices.iter().zip(&unfolded.variables).map(|(price, variable)| (price.unwrap_or(0), variable.weight));
        let keys: Vec<Key> = keys.collect();
        order.sort_by_key(|at| (keys[*at as usize], *at));
        Hitting { unfolded, keys, order, cuts: Vec::new(), nodes: 0, limit, best: None, fallback: None }
    }

    fn run(mut self) -> Cheapest {
        let ground = Closure::new(self.unfolded);
        loop {
            self.best = None;
            self.hit(&mut Vec::new(), &mut vec![false; self.keys.len()]);
            let Some((_, _, set)) = self.best.take().filter(|_| self.nodes <= self.limit) else {
                return Cheapest { set: self.fallback.map(|(_, set)| set), exact: false };
            };
            let mut closure = ground.clone();
            set.iter().for_each(|variable| closure.fail(*variable));
            if closure.reaches_goal() {
                return Cheapest { set: Some(set), exact: true };
            }
            self.learn(closure, set);
        }
    }

    /// Adds cuts that this set does not hit: after each, its cheapest member fails too, until the goal is reached.
    fn learn(&mut self, mut closure: Closure, mut set: Vec<u32>) {
        while !closure.reaches_goal() {
            let mark = closure.mark();
            let mut cut = Vec::new();
            for at in 0..self.order.len() {
                let variable = self.order[at];
                if closure.has_failed(variable) {
                    continue;
                }
                let before = closure.mark();
                closure.fail(variable);
                if closure.reaches_goal() {
                    closure.undo(before);
                    cut.push(variable);
                }
            }
            closure.undo(mark);
            // A cut is not empty: with everything failed the goal is derivable.
            let Some(first) = cut.first().copied() else { return };
            self.cuts.push(cut);
            closure.fail(first);
            set.push(first);
        }
        self.keep(set);
    }

    /// Remembers an attack set, what it can spare taken out.
    fn keep(&mut self, mut set: Vec<u32>) {
        set.sort_by_key(|at| std::cmp::Reverse(self.keys[*at as usize]));
        let mut at = 0;
        while at < set.len() {
            let without = set.iter().copied().enumerate().filter(|(i, _)| *i != at).map(|(_, variable)| variable);
            if Closure::of(self.unfolded, without).reaches_goal() {
                set.remove(at);
            } else {
                at += 1;
            }
        }
        let key = self.key(&set);
        if self.fallback.as_ref().is_none_or(|(best, _)| key < *best) {
            set.sort_unstable();
            self.fallback = Some((key, set));
        }
    }

    fn key(&self, set: &[u32]) -> Key {
        set.iter().fold((0, 0), |key, at| add(key, self.keys[*at as usize]))
    }

    /// Extends a set to hit every cut, in every way that may still be best.
    fn hit(&mut self, set: &mut Vec<u32>, barred: &mut [bool]) {
        self.nodes += 1;
        if self.nodes > self.limit {
            return;
        }
        let open: Vec<usize> =
            (0..self.cuts.len()).filter(|at| !self.cuts[*at].iter().any(|member| set.contains(member))).collect();
        let key = self.key(set);
        if open.is_empty() {
            self.offer(key, set);
            return;
        }
        let Some(bound) = self.bound(&open, barred) else { return };
        if self.best.as_ref().is_some_and(|best| add(key, bound) > best.0) {
            return;
        }
        let free = |at: &usize| self.cuts[*at].iter().filter(|member| !barred[**member as usize]).count();
        let Some(cut) = open.iter().copied().min_by_key(|at| (free(at), *at)) else { return };
        let members: Vec<u32> = self.cuts[cut].iter().copied().filter(|member| !barred[*member as usize]).collect();
        for member in &members {
            set.push(*member);
            self.hit(set, barred);
            set.pop();
            // Sets with this member have all been seen.
            barred[*member as usize] = true;
        }
        members.iter().for_each(|member| barred[*member as usize] = false);
    }

    fn offer(&mut self, key: Key, set: &[u32]) {
        let mut set = set.to_vec();
        set.sort_unstable();
        let counts = set.iter().map(|at| self.unfolded.variables[*at as usize]);
        let shape = Shape::new(counts.map(|variable| (variable.counts_as, variable.weight)));
        let offer = (key, shape, set);
        if self.best.as_ref().is_none_or(|best| offer < *best) {
            self.best = Some(offer);
        }
    }

    /// What hitting these cuts costs at least: the cheapest members of cuts that have none in common. `None`: one cannot be hit.
    fn bound(&self, open: &[usize], barred: &[bool]) -> Option<Key> {
        let mut order: Vec<(usize, usize)> = Vec::new();
        for at in open {
            let free = self.cuts[*at].iter().filter(|member| !barred[**member as usize]).count();
            if free == 0 {
                return None;
            }
            order.push((free, *at));
        }
        order.sort_unstable();
        let mut used = vec![false; barred.len()];
        let mut bound = (0, 0);
        for (_, at) in order {
            let members = || self.cuts[at].iter().map(|member| *member as usize).filter(|member| !barred[*member]);
            if members().any(|member| used[member]) {
                continue;
            }
            members().for_each(|member| used[member] = true);
            let price = members().map(|member| self.keys[member].0).min().unwrap_or(0);
            let size = members().map(|member| self.keys[member].1).min().unwrap_or(0);
            bound = add(bound, (price, size));
        }
        Some(bound)
    }
}
