//! What follows if everything fails: one counter for each step of several needs, steps of one need inlined into the lists of what they need.

use super::{Compact, StepId};
use crate::graph::CapabilityId;

/// Entries put into their lists together.
const BLOCK: usize = 512;

/// Marks a step of several needs.
const JOINT: u32 = 1 << 31;

/// For each capability the steps that wait for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    starts: Vec<u32>,
    /// What a step of one need gains, or the number of a step of several.
    entries: Vec<u32>,
    /// Steps of several needs: what they gain, and how many needs they have.
    joints: Vec<u32>,
    arity: Vec<u8>,
    /// What steps without needs gain.
    firsts: Vec<u32>,
}

impl Waiting {
    /// Of a graph.
    pub fn new(graph: &Compact) -> Waiting {
        let mut starts = vec![0u32; graph.capabilities() + 1];
        graph.needs.iter().for_each(|need| starts[*need as usize] += 1);
        let several = graph.arity.iter().filter(|arity| **arity > 1).count();
        let none = graph.arity.iter().filter(|arity| **arity == 0).count();
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        // Filled from the back, so that each start moves down to where its list begins.
        let mut waiting = Waiting {
            entries: vec![0; sum as usize],
            starts,
            joints: Vec::with_capacity(several),
            arity: Vec::with_capacity(several),
            firsts: Vec::with_capacity(none),
        };
        // A few hundred at a time: first where they go, then what goes there, so that neither waits for the other's memory.
        let mut block: Vec<(u32, u32)> = Vec::with_capacity(BLOCK + 256);
        for (needs, gains) in graph.each() {
            let entry = match needs.len() {
                0 => {
                    waiting.firsts.push(gains);
                    continue;
                }
                1 => gains,
                n => {
                    waiting.joints.push(gains);
                    waiting.arity.push(n as u8);
                    JOINT | (waiting.joints.len() as u32 - 1)
                }
            };
            block.extend(needs.iter().map(|need| (*need, entry)));
            if block.len() >= BLOCK {
                waiting.place(&mut block);
            }
        }
        waiting.place(&mut block);
        waiting
    }

    /// Puts entries into the lists of what they need.
    fn place(&mut self, block: &mut Vec<(u32, u32)>) {
        for (need, _) in block.iter_mut() {
            let start = &mut self.starts[*need as usize];
            *start -= 1;
            *need = *start;
        }
        for (place, entry) in block.drain(..) {
            self.entries[place as usize] = entry;
        }
    }

    /// Everything that follows from `start` if whatever can fail does.
    pub fn attained(&self, start: &[CapabilityId]) -> Attained {
        let nodes = self.starts.len() - 1;
        let order = Vec::with_capacity(nodes);
        let mut attained = Attained { had: vec![0; nodes.div_ceil(64)], order, edges: 0 };
        let mut waits = self.arity.clone();
        for node in start.iter().map(|id| id.0).chain(self.firsts.iter().copied()) {
            attained.gain(node);
        }
        let mut ahead = Ahead::default();
        while let Some((first, rest)) = ahead.next(self, &attained.order) {
            let Some(first) = first else { continue };
            attained.edges += 1 + rest.len() as u64;
            for entry in std::iter::once(first).chain(rest.iter().copied()) {
                if entry & JOINT == 0 {
                    attained.gain(entry);
                    continue;
                }
                let joint = (entry & !JOINT) as usize;
                waits[joint] -= 1;
                if waits[joint] == 0 {
                    attained.gain(self.joints[joint]);
                }
            }
        }
        attained
    }
}

/// Nodes whose lists are looked up ahead of their turn.
const AHEAD: usize = 16;

/// Lists looked up a few nodes ahead: their places in memory are far apart, and the reads then overlap instead of each waiting for the last.
#[derive(Default)]
struct Ahead {
    /// Of each node: where its list begins and ends, and its first entry.
    ring: [(u32, u32, u32); AHEAD],
    fetched: usize,
    at: usize,
}

impl Ahead {
    /// The first entry of the next node's list, if it has any, and the others; `None` after the last node.
    #[inline(always)]
    fn next<'a>(&mut self, waiting: &'a Waiting, order: &[u32]) -> Option<(Option<u32>, &'a [u32])> {
        while self.fetched < order.len() && self.fetched < self.at + AHEAD {
            let node = order[self.fetched] as usize;
            let (from, to) = (waiting.starts[node], waiting.starts[node + 1]);
            let first = waiting.entries.get(from as usize).copied().unwrap_or(0);
            self.ring[self.fetched % AHEAD] = (from, to, first);
            self.fetched += 1;
        }
        if self.at == self.fetched {
            return None;
        }
        let (from, to, first) = self.ring[self.at % AHEAD];
        self.at += 1;
        match from < to {
            true => Some((Some(first), &waiting.entries[from as usize + 1..to as usize])),
            false => Some((None, &[])),
        }
    }
}

/// The capabilities that follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attained {
    /// One bit for each.
    had: Vec<u64>,
    /// In the order in which they were gained.
    pub order: Vec<u32>,
    /// Edges looked at: from a capability to a step that waits for it.
    pub edges: u64,
}

impl Attained {
    #[inline]
    fn gain(&mut self, node: u32) {
        let (word, bit) = (node as usize / 64, 1 << (node % 64));
        if self.had[word] & bit == 0 {
            self.had[word] |= bit;
            self.order.push(node);
        }
    }

    /// Does a capability follow?
    pub fn has(&self, id: CapabilityId) -> bool {
        self.had[id.0 as usize / 64] >> (id.0 % 64) & 1 == 1
    }

    /// A step by which a capability was gained, whose needs were all had before it: followed back, it explains why. `None` for what was there from
    /// the start, or does not follow.
    pub fn gained_by(&self, graph: &Compact, id: CapabilityId) -> Option<StepId> {
        let mut place = vec![u32::MAX; graph.capabilities()];
        self.order.iter().enumerate().for_each(|(at, node)| place[*node as usize] = at as u32);
        let own = place[id.0 as usize];
        let before = |need: &u32| place[*need as usize] < own;
        let step = graph.each().position(|(needs, gains)| gains == id.0 && needs.iter().all(before))?;
        Some(StepId(step as u32)).filter(|_| own != u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Builder, Form, Rests};
    use super::*;
    use crate::graph::StepKind;
    use crate::graph::derive::derive;

    /// A few hundred steps at random, against repeated passes over all of them.
    #[test]
    fn what_follows_is_what_repeated_passes_find() {
        for seed in 0..40u64 {
            let mut random = seed;
            let mut below = |n: u64| {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                ((random >> 33) % n) as u32
            };
            let mut builder = Builder::new(300, 600);
            builder.capabilities("c", 150);
            let form = builder.form(Form {
                name: "s".to_owned(),
                kind: StepKind::Consequence,
                effort: None,
                detected: 0.0,
                delay_h: 0.0,
                says: String::new(),
                because: Vec::new(),
                dropped: Vec::new(),
            });
            for at in 0..300 {
                let needs: Vec<CapabilityId> = (0..below(4)).map(|_| CapabilityId(below(150))).collect();
                let needs = if needs.is_empty() && at % 9 > 0 { vec![CapabilityId(below(150))] } else { needs };
                builder.step(form, &needs, CapabilityId(below(150)), &Rests::Nothing);
            }
            let compact = builder.build();
            let start = [CapabilityId(below(150))];
            let attained = Waiting::new(&compact).attained(&start);
            let graph = compact.graph();
            let plain = derive(&graph, &start, |_| true);
            for (at, had) in plain.iter().enumerate() {
                let id = CapabilityId(at as u32);
                assert_eq!(attained.has(id), *had, "seed {seed} capability {at}");
                let step = attained.gained_by(&compact, id);
                assert!(step.is_none_or(|step| graph.step(step).gains == id && *had));
                assert!(step.is_some() || !had || id == start[0], "seed {seed} capability {at}");
            }
            assert_eq!(attained.order.len(), plain.iter().filter(|had| **had).count());
        }
    }
}
