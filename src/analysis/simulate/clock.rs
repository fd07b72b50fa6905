//! Everything about time that is the same in all worlds: how long each step takes, and how likely its attempts are noticed.

use super::keys::{Keys, of_copy};
use super::layout::Layout;
use super::time::{Attacker, Timing};
use super::worlds::BATCH;
use crate::graph::CapabilityGraph;
use crate::stats::law::Law;
use crate::stats::random::{Key, Stream};

/// A step as it is timed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Timed {
    key: Key,
    /// How long it takes.
    pub law: Law,
    /// What it waits first, hours.
    pub delay_h: f64,
    /// Chance that an attempt is noticed.
    pub detected: f64,
}

impl Timed {
    /// Chance that at least one of so many attempts is noticed, each by itself.
    pub fn noticed_of(&self, attempts: u64) -> f64 {
        match attempts {
            1 => self.detected,
            _ => -libm::expm1(attempts as f64 * libm::log1p(-self.detected)),
        }
    }
}

/// Everything about time that is the same in all worlds.
#[derive(Debug)]
pub struct Clock {
    /// Seed.
    pub seed: u64,
    /// How the attacker goes about it.
    pub attacker: Attacker,
    /// Attempts may be noticed.
    pub detection: bool,
    /// Horizon, hours.
    pub horizon_h: f64,
    /// The steps of the layout.
    pub steps: Vec<Timed>,
    populations: Vec<Option<u32>>,
    own: Vec<Option<(u32, u32)>>,
}

impl Clock {
    /// Of a layout of a graph.
    pub fn new(graph: &CapabilityGraph, layout: &Layout, seed: u64, timing: Timing) -> Clock {
        let keys = Keys::of(graph);
        let steps = layout.unfolded.moves.iter().map(|step| match step.origin {
            None => Timed { key: Key(0), law: Law::Constant(0.0), delay_h: 0.0, detected: 0.0 },
            Some(id) => {
                let origin = graph.step(id);
                let key = of_copy(keys.steps[id.0 as usize], &layout.unfolded.blocks, step.block);
                Timed { key, law: Law::of(origin.effort), delay_h: origin.delay_h, detected: origin.detected }
            }
        });
        Clock {
            seed,
            attacker: timing.attacker,
            detection: timing.detection,
            horizon_h: timing.horizon_h,
            steps: steps.collect(),
            populations: layout.step.clone(),
            own: layout.variable.clone(),
        }
    }

    /// The population of which a step stands in every copy.
    #[inline]
    pub fn population(&self, step: u32) -> Option<u32> {
        self.populations[step as usize]
    }

    /// The population a variable belongs to, and its position there.
    #[inline]
    pub fn own(&self, variable: u32) -> Option<(u32, u32)> {
        self.own[variable as usize]
    }

    /// What the draws of a copy of a step belong to.
    #[inline]
    pub fn key(&self, step: u32, copy: u32) -> Key {
        let key = self.steps[step as usize].key;
        if self.populations[step as usize].is_none() { key } else { key.nth(u64::from(copy)) }
    }

    /// What decides whether an attempt of a copy of a step is noticed in a batch.
    pub fn notice(&self, step: u32, copy: u32, batch: u64) -> Stream {
        Stream::new(self.seed, self.key(step, copy).nth(u64::MAX), batch)
    }

    /// The duration of a copy of a step in a world, its delay included.
    pub fn hours(&self, step: u32, copy: u32, world: u64) -> f64 {
        let timed = &self.steps[step as usize];
        let stream = Stream::new(self.seed, self.key(step, copy), world / BATCH);
        timed.delay_h + timed.law.constant().unwrap_or_else(|| timed.law.hours(stream.unit(world % BATCH)))
    }

    /// Is an attempt of a copy of a step noticed in a world?
    pub fn is_noticed(&self, step: u32, copy: u32, world: u64) -> bool {
        let stream = self.notice(step, copy, world / BATCH);
        self.detection && stream.unit(world % BATCH) < self.steps[step as usize].detected
    }
}
