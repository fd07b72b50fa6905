//! Monte Carlo: how many of so many worlds are exposed. Batches run on all cores; what is added up are integers, so the answer is the same on
//! any number of threads.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

use super::layout::{Arranged, Layout, Unsampled};
use super::population::Slots;
use super::portion::Portion;
use super::worlds::{BATCH, Lanes, WORDS, Worlds, count, lanes};
use crate::analysis::exact::{Chance, Method};
use crate::graph::CapabilityGraph;
use crate::graph::unfold::{Copies, Question};
use crate::stats::interval::{LEVEL, Looks, proportion};

/// How long to sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// Number of the first world.
    pub from: u64,
    /// Worlds at most.
    pub trials: u64,
    /// Stop as soon as the interval is so narrow: half its width, as a part of the estimate.
    pub precision: Option<f64>,
}

impl Plan {
    /// Worlds before the first look.
    const FIRST: u64 = 4_096;
    /// Worlds after which a precision that is not reached is given up, unless told otherwise.
    pub const MOST: u64 = 1 << 28;

    /// So many worlds.
    pub fn trials(trials: u64) -> Plan {
        Plan { from: 0, trials, precision: None }
    }

    /// When results are looked at; without a precision once, at the end.
    pub fn looks(self) -> Looks {
        Looks::new(if self.precision.is_some() { Plan::FIRST } else { self.trials }, self.trials)
    }

    /// Counts from look to look, until done, content, or told to stop. `count` is given a range of worlds and says how many hits there are in how
    /// many of them, from the start of the range on.
    pub fn run(
        self,
        watch: Watch,
        mut count: impl FnMut(Range<u64>, &(dyn Fn(u64) -> bool + Sync)) -> (u64, u64),
    ) -> Counted {
        let mut counted = Counted { miss: self.looks().miss(LEVEL), ..Counted::new(0, 0) };
        for look in self.looks().trials().filter(|_| self.trials > 0) {
            let range = self.from + counted.trials..self.from + look;
            let (hits, trials) = count(range, &|done| watch(done, self.from + self.trials));
            counted.hits += hits;
            counted.trials += trials;
            counted.interrupted = counted.trials < look;
            if counted.interrupted || self.is_content(counted) {
                break;
            }
        }
        if counted.interrupted {
            // It was not stopped for what it showed: its own number of worlds, run as a plan, says the same.
            counted.miss = 1.0 - LEVEL;
        }
        counted.unreached = self.precision.is_some() && !self.is_content(counted);
        counted
    }

    fn is_content(self, counted: Counted) -> bool {
        let Some(precision) = self.precision else { return false };
        let (estimate, [low, high]) = (counted.estimate(), counted.interval());
        counted.hits > 0 && (high - low) / 2.0 <= precision * estimate
    }
}

/// What was counted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counted {
    /// Exposed worlds.
    pub hits: u64,
    /// Worlds looked at.
    pub trials: u64,
    /// Chance that the interval does not hold the truth, at most.
    pub miss: f64,
    /// Someone stopped it before its plan was done.
    pub interrupted: bool,
    /// A precision was asked for and not reached.
    pub unreached: bool,
}

impl Counted {
    /// So many of so many, planned in advance.
    pub fn new(hits: u64, trials: u64) -> Counted {
        Counted { hits, trials, miss: 1.0 - LEVEL, interrupted: false, unreached: false }
    }

    /// The share of exposed worlds; 0 without any.
    pub fn estimate(&self) -> f64 {
        if self.trials == 0 { 0.0 } else { self.hits as f64 / self.trials as f64 }
    }

    /// Its interval.
    pub fn interval(&self) -> [f64; 2] {
        proportion(self.hits, self.trials, self.miss)
    }

    /// As a labelled probability.
    pub fn chance(&self) -> Chance {
        let interval = Some(self.interval());
        Chance { method: Method::Sampled, value: self.estimate(), interval, trials: self.trials }
    }
}

/// Asked between portions, with the numbers of the next world and of the last and one: may it go on?
pub type Watch<'a> = &'a (dyn Fn(u64, u64) -> bool + Sync);

/// One threat, ready to be sampled.
#[derive(Debug)]
pub struct Sampler {
    layout: Layout,
    seed: u64,
    /// Flat graphs by the copies of each population they have room for.
    arranged: Mutex<BTreeMap<Vec<usize>, Arc<Arranged>>>,
    idle: Mutex<Vec<Worker>>,
}

impl Sampler {
    /// Of a threat as it stands, members lumped or one by one.
    ///
    /// # Errors
    /// Why it cannot be simulated.
    pub fn new(graph: &CapabilityGraph, threat: usize, copies: Copies, seed: u64) -> Result<Sampler, Unsampled> {
        Ok(Sampler::of(Layout::new(graph, &Question::of(&graph.threats[threat], copies))?, seed))
    }

    /// Of a layout.
    pub fn of(layout: Layout, seed: u64) -> Sampler {
        Sampler { layout, seed, arranged: Mutex::new(BTreeMap::new()), idle: Mutex::new(Vec::new()) }
    }

    /// Samples until the plan is done, its precision is reached, or `watch` says no.
    pub fn run(&self, plan: Plan, watch: Watch) -> Counted {
        plan.run(watch, |range, watch| {
            let counted = self.count(range, watch);
            (counted.hits, counted.trials)
        })
    }

    /// Counts the exposed worlds of a range, from its start on as far as `watch` lets it.
    pub fn count(&self, range: Range<u64>, watch: &(dyn Fn(u64) -> bool + Sync)) -> Counted {
        let (mut hits, mut at) = (0, range.start);
        let mut portion = Portion::new(16 * BATCH * rayon::current_num_threads() as u64);
        while at < range.end {
            if at > range.start && !watch(at) {
                return Counted::new(hits, at - range.start);
            }
            let end = portion.begin(at, range.end);
            let part = at..end;
            hits += self
                .batches(&part, |worker, batch, wanted| count(&worker.exposed(self, batch, wanted)))
                .into_iter()
                .sum::<u64>();
            at = end;
            portion.done();
        }
        Counted::new(hits, range.end.saturating_sub(range.start))
    }

    /// Hits and worlds of every `every`-th batch of a range: a part that is the same however the range is cut.
    pub fn count_every(&self, range: Range<u64>, every: u64) -> (u64, u64) {
        let counts = self.batches(&range, |worker, batch, wanted| match batch % every {
            0 => (count(&worker.exposed(self, batch, wanted)), count(wanted)),
            _ => (0, 0),
        });
        counts.into_iter().fold((0, 0), |sum, more| (sum.0 + more.0, sum.1 + more.1))
    }

    /// Is it exposed, world by world of a range?
    pub fn exposed(&self, range: Range<u64>) -> Vec<bool> {
        let told = self.batches(&range, |worker, batch, wanted| (worker.exposed(self, batch, wanted), *wanted));
        let mut all = Vec::with_capacity((range.end - range.start) as usize);
        for (exposed, wanted) in told {
            let bit = |lanes: &Lanes, lane: usize| lanes[lane / 64] >> (lane % 64) & 1 == 1;
            all.extend((0..BATCH as usize).filter(|lane| bit(&wanted, *lane)).map(|lane| bit(&exposed, lane)));
        }
        all
    }

    /// Asks something of every batch of a range, in parallel; the answers come in order. Where there are fewer batches than threads they are asked
    /// word by word.
    pub fn batches<T: Send>(&self, range: &Range<u64>, ask: impl Fn(&mut Worker, u64, &Lanes) -> T + Sync) -> Vec<T> {
        if range.is_empty() {
            return Vec::new();
        }
        let threads = rayon::current_num_threads() as u64;
        let size = if range.end.div_ceil(BATCH) - range.start / BATCH < threads { BATCH / WORDS as u64 } else { BATCH };
        let (first, last) = (range.start / size, range.end.div_ceil(size));
        // A few parts for each thread: a worker is dear, and batches differ in length.
        let part = (last - first).div_ceil(4 * threads);
        let parts: Vec<Vec<T>> = (0..(last - first).div_ceil(part) as usize)
            .into_par_iter()
            .with_max_len(1)
            .map(|at| {
                let mut worker = self.worker();
                let from = first + at as u64 * part;
                let pieces = from..last.min(from + part);
                let answers = pieces.map(|piece| {
                    let within = range.start.max(piece * size)..range.end.min((piece + 1) * size);
                    ask(&mut worker, within.start / BATCH, &lanes(within.start / BATCH, &within))
                });
                let answers = answers.collect();
                self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
                answers
            })
            .collect();
        parts.into_iter().flatten().collect()
    }

    fn worker(&self) -> Worker {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.unwrap_or_else(|| Worker::new(self, vec![1; self.layout.populations.len()]))
    }

    /// The flat graph with room for so many copies of each population.
    pub fn arranged(&self, copies: &[usize]) -> Arc<Arranged> {
        let mut arranged = self.arranged.lock().unwrap_or_else(PoisonError::into_inner);
        let made = || Arc::new(self.layout.arena(copies));
        arranged.entry(copies.to_vec()).or_insert_with(made).clone()
    }

    /// The layout.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The seed.
    pub fn seed(&self) -> u64 {
        self.seed
    }
}

/// Room to look at one batch at a time.
#[derive(Debug)]
pub struct Worker {
    /// Copies of each population there is room for.
    copies: Vec<usize>,
    /// The flat graph with that room.
    pub arranged: Arc<Arranged>,
    /// Its state.
    pub worlds: Worlds,
}

impl Worker {
    fn new(sampler: &Sampler, copies: Vec<usize>) -> Worker {
        let arranged = sampler.arranged(&copies);
        Worker { copies, worlds: Worlds::new(&arranged.arena, true), arranged }
    }

    /// In which of the wanted worlds of a batch the goal is derivable.
    pub fn exposed(&mut self, sampler: &Sampler, batch: u64, wanted: &Lanes) -> Lanes {
        let populations = &sampler.layout.populations;
        let slots: Vec<Slots> =
            populations.iter().map(|population| Slots::of(population, sampler.seed, batch, wanted)).collect();
        let room = |(slots, room): (&Slots, &usize)| (*room).max(slots.failed.len().next_power_of_two());
        let copies: Vec<usize> = slots.iter().zip(&self.copies).map(room).collect();
        if copies != self.copies {
            *self = Worker::new(sampler, copies);
        }
        self.worlds.begin(sampler.seed, batch);
        for (population, slots) in slots.iter().enumerate() {
            for (own, kept) in self.arranged.given[population].iter().enumerate() {
                for (copy, kept) in kept.iter().enumerate() {
                    let failed = slots.failed.get(copy).map_or([0; 8], |failed| failed[own]);
                    self.worlds.give(*kept, failed);
                }
            }
        }
        self.worlds.derive(&self.arranged.arena, wanted)
    }
}
