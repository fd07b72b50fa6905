//! The attacker who does one thing after the other: the least sum of durations over the minimal paths of a world.
//!
//! A minimal path is an acyclic choice of one gaining step for each capability it needs, and a step that serves twice is done once. That makes
//! the least sum a search: depth first, from the derivation that would be best if nothing were shared, bounded by what each open capability
//! must cost at least.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// A step that can succeed in this world.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Possible<'a> {
    /// Its position elsewhere.
    pub id: u32,
    /// What it needs.
    pub needs: &'a [u32],
    /// What it gains.
    pub gains: u32,
    /// How long it takes, its delay included.
    pub hours: f64,
}

/// What the attacker does.
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    /// How long it takes.
    pub hours: f64,
    /// Its steps, by the positions given, in an order in which they can be done.
    pub steps: Vec<u32>,
    /// Nothing is shorter. Else the search was stopped, and this is the shortest found.
    pub proved: bool,
}

/// Choices looked at in one world, at most.
pub const CHOICES: u32 = 20_000;

/// The least sum that gains the goal; `None` if these steps do not gain it.
pub fn least(steps: &[Possible], goal: u32, choices: u32) -> Option<Chain> {
    let mut search = Search::new(steps, goal)?;
    search.branch(&mut vec![goal], 0.0, choices);
    let hours = search.best;
    let proved = search.looked <= choices;
    let steps = search.in_order(goal);
    Some(Chain { hours, steps, proved })
}

struct Search<'a> {
    steps: &'a [Possible<'a>],
    /// Steps that gain each capability, shortest first.
    gaining: BTreeMap<u32, Vec<u32>>,
    chosen: BTreeMap<u32, u32>,
    best: f64,
    best_chosen: BTreeMap<u32, u32>,
    looked: u32,
}

impl<'a> Search<'a> {
    fn new(steps: &'a [Possible<'a>], goal: u32) -> Option<Search<'a>> {
        let derived = derivations(steps);
        let mut gaining: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (at, step) in steps.iter().enumerate() {
            if step.needs.iter().all(|need| derived.contains_key(need)) {
                gaining.entry(step.gains).or_default().push(at as u32);
            }
        }
        for list in gaining.values_mut() {
            list.sort_by(|a, b| steps[*a as usize].hours.total_cmp(&steps[*b as usize].hours).then(a.cmp(b)));
        }
        let mut chosen = BTreeMap::new();
        let mut open = vec![goal];
        while let Some(node) = open.pop() {
            let step = *derived.get(&node)?;
            if chosen.insert(node, step).is_none() {
                open.extend(steps[step as usize].needs);
            }
        }
        let best = chosen.values().map(|step| steps[*step as usize].hours).sum();
        Some(Search { steps, gaining, chosen: BTreeMap::new(), best, best_chosen: chosen, looked: 0 })
    }

    /// The least that gaining a capability costs by itself.
    fn own(&self, node: u32) -> f64 {
        let first = self.gaining.get(&node).and_then(|list| list.first());
        first.map_or(f64::INFINITY, |step| self.steps[*step as usize].hours)
    }

    fn branch(&mut self, open: &mut Vec<u32>, hours: f64, choices: u32) {
        let Some(node) = open.pop() else {
            if hours < self.best {
                self.best = hours;
                self.best_chosen = self.chosen.clone();
            }
            return;
        };
        let rest: f64 = open.iter().map(|node| self.own(*node)).sum();
        for at in 0..self.gaining.get(&node).map_or(0, Vec::len) {
            let index = self.gaining[&node][at];
            let step = self.steps[index as usize];
            self.looked += 1;
            if hours + step.hours + rest >= self.best || self.looked > choices {
                break;
            }
            if step.needs.iter().any(|need| self.leads_to(*need, node)) {
                continue;
            }
            self.chosen.insert(node, index);
            let mut next = open.clone();
            for need in step.needs {
                if !self.chosen.contains_key(need) && !next.contains(need) {
                    next.push(*need);
                }
            }
            self.branch(&mut next, hours + step.hours, choices);
            self.chosen.remove(&node);
        }
        open.push(node);
    }

    /// Does what is chosen for `from` need `node`?
    fn leads_to(&self, from: u32, node: u32) -> bool {
        let mut stack = vec![from];
        let mut seen = std::collections::BTreeSet::new();
        while let Some(at) = stack.pop() {
            if at == node {
                return true;
            }
            if let Some(step) = self.chosen.get(&at).filter(|_| seen.insert(at)) {
                stack.extend(self.steps[*step as usize].needs);
            }
        }
        false
    }

    /// The best choice's steps, needs before what needs them.
    fn in_order(&self, goal: u32) -> Vec<u32> {
        let (mut order, mut done) = (Vec::new(), std::collections::BTreeSet::new());
        let mut stack = vec![(goal, false)];
        while let Some((node, ready)) = stack.pop() {
            let Some(step) = self.best_chosen.get(&node) else { continue };
            let step = &self.steps[*step as usize];
            if ready {
                if done.insert(node) {
                    order.push(step.id);
                }
            } else if !done.contains(&node) {
                stack.push((node, true));
                stack.extend(step.needs.iter().map(|need| (*need, false)));
            }
        }
        order
    }
}

/// For each capability that can be gained the last step of the derivation with the least sum, each step counted as often as it serves
/// (D. E. Knuth, "A generalization of Dijkstra's algorithm", 1977).
fn derivations(steps: &[Possible]) -> BTreeMap<u32, u32> {
    let mut waiting: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let mut waits: Vec<usize> = Vec::with_capacity(steps.len());
    let mut sums: Vec<f64> = Vec::with_capacity(steps.len());
    let mut queue = BinaryHeap::new();
    for (at, step) in steps.iter().enumerate() {
        step.needs.iter().for_each(|need| waiting.entry(*need).or_default().push(at as u32));
        waits.push(step.needs.len());
        sums.push(step.hours);
        if step.needs.is_empty() {
            queue.push(Reverse((step.hours.to_bits(), at as u32)));
        }
    }
    let mut derived = BTreeMap::new();
    while let Some(Reverse((sum, at))) = queue.pop() {
        let gains = steps[at as usize].gains;
        if derived.contains_key(&gains) {
            continue;
        }
        derived.insert(gains, at);
        for step in waiting.get(&gains).into_iter().flatten() {
            sums[*step as usize] += f64::from_bits(sum);
            waits[*step as usize] -= 1;
            if waits[*step as usize] == 0 {
                queue.push(Reverse((sums[*step as usize].to_bits(), *step)));
            }
        }
    }
    derived
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step<'a>(id: u32, needs: &'a [u32], gains: u32, hours: f64) -> Possible<'a> {
        Possible { id, needs, gains, hours }
    }

    #[test]
    fn what_serves_twice_is_done_once() {
        // a (8 h) serves b and c (1 h each); without sharing, d (5 h) then looks better for either.
        let steps = [
            step(10, &[], 0, 8.0),
            step(11, &[0], 1, 1.0),
            step(12, &[0], 2, 1.0),
            step(13, &[], 1, 6.0),
            step(14, &[], 2, 6.0),
            step(15, &[1, 2], 3, 0.5),
        ];
        let found = least(&steps, 3, CHOICES).unwrap();
        assert_eq!((found.hours, found.steps.len(), found.proved), (10.5, 4, true));
        assert_eq!((found.steps[0], found.steps[3]), (10, 15));
        assert_eq!(least(&steps[..5], 3, CHOICES), None);
        let stopped = least(&steps, 3, 0).unwrap();
        assert!(!stopped.proved && stopped.hours == 12.5);
    }

    #[test]
    fn circles_are_no_way() {
        let steps = [step(0, &[1], 0, 0.1), step(1, &[0], 1, 0.1), step(2, &[], 1, 7.0), step(3, &[0], 2, 1.0)];
        assert!((least(&steps, 2, CHOICES).unwrap().hours - 8.1).abs() < 1e-12);
    }
}
