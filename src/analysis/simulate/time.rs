//! Time to compromise: when the goal is reached in each world, if it is reached within the horizon.
//!
//! Assumptions fail at time 0, the worst case. Worlds that are not exposed need no look: nothing can be reached in them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::attempt::Seats;
use super::clock::Clock;
use super::portion::Portion;
use super::race::{Ending, Race};
use super::runner::Runner;
use super::sample::{Counted, Plan, Sampler, Watch, Worker};
use super::serial::{CHOICES, Chain, Possible, least};
use super::worlds::{BATCH, Lanes, WORDS, count};
use crate::graph::CapabilityGraph;
use crate::graph::unfold::Target;
use crate::stats::interval::LEVEL;
use crate::stats::quantile::{Quantile, quantile};

/// How the attacker goes about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Attacker {
    /// Runs every enabled step of the goal's slice at once.
    Parallel,
    /// Does one step after the other, along the path with the least sum.
    Serial,
    /// As parallel, but attempts only what can succeed.
    Informed,
}

/// What is timed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Timing {
    /// How the attacker goes about it.
    pub attacker: Attacker,
    /// Attempts may be noticed; the goal then counts only if it is reached before.
    pub detection: bool,
    /// After so many hours nobody looks any more.
    pub horizon_h: f64,
}

/// When the goal was reached, over all worlds.
#[derive(Debug, Clone, PartialEq)]
pub struct Times {
    /// Worlds in which it was, within the horizon and before any notice.
    pub counted: Counted,
    /// After how many whole seconds, in how many of them; ascending.
    pub seconds: Vec<(u64, u64)>,
    /// Worlds in which it may have been reached earlier.
    pub doubts: Doubts,
}

/// Worlds in which the goal may be reached earlier than told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubts {
    /// The serial attacker's path was not proved the shortest.
    pub unproved: u64,
    /// So many members could act that not all of them were timed one by one.
    pub thinned: u64,
}

impl Doubts {
    /// Adds more.
    pub fn add(&mut self, more: Doubts) {
        self.unproved += more.unproved;
        self.thinned += more.thinned;
    }
}

impl Times {
    /// In how many worlds it was reached by then.
    pub fn by(&self, hours: f64) -> u64 {
        let limit = libm::round(hours * 3600.0) as u64;
        self.seconds.iter().take_while(|(at, _)| *at <= limit).map(|(_, n)| n).sum()
    }

    /// P(reached by then), with its interval.
    pub fn chance_by(&self, hours: f64) -> Counted {
        Counted { hits: self.by(hours), ..self.counted }
    }

    /// A quantile over all worlds; those in which it is not reached lie beyond the horizon.
    pub fn quantile(&self, q: f64) -> Quantile {
        let mut through = Vec::with_capacity(self.seconds.len());
        let mut sum = 0;
        for (_, n) in &self.seconds {
            sum += n;
            through.push(sum);
        }
        let nth = |rank: u64| {
            let at = through.partition_point(|sum| *sum < rank);
            self.seconds.get(at).map(|(seconds, _)| *seconds as f64 / 3600.0)
        };
        quantile(q, self.counted.trials, 1.0 - LEVEL, nth)
    }
}

/// One threat, ready to be timed.
#[derive(Debug)]
pub struct Timer<'a> {
    pub(super) sampler: &'a Sampler,
    /// What is the same in all worlds.
    pub clock: Clock,
    /// Populations in which attempts that lead nowhere can still be noticed.
    pub(super) noisy: Vec<bool>,
    idle: Mutex<Vec<Runner>>,
}

/// The worlds in which the goal was reached with the hours it took; and in how many it may have been reached earlier.
type Told = (Vec<(u64, f64)>, Doubts);

impl<'a> Timer<'a> {
    /// Of a sampler of a threat of the same graph.
    pub fn new(graph: &CapabilityGraph, sampler: &'a Sampler, timing: Timing) -> Timer<'a> {
        let layout = sampler.layout();
        let clock = Clock::new(graph, layout, sampler.seed(), timing);
        let loud = timing.detection && timing.attacker == Attacker::Parallel;
        let is_noisy = |population: usize| {
            let steps = clock.steps.iter().zip(&layout.step);
            loud && steps.filter(|(_, own)| **own == Some(population as u32)).any(|(step, _)| step.detected > 0.0)
        };
        let noisy = (0..layout.populations.len()).map(is_noisy).collect();
        Timer { sampler, clock, noisy, idle: Mutex::new(Vec::new()) }
    }

    /// Times worlds until the plan is done, its precision is reached, or `watch` says no.
    pub fn run(&self, plan: Plan, watch: Watch) -> Times {
        let [times] = Timer::run_all([self], plan, watch);
        times
    }

    /// Several timers over the same worlds; a precision is that of the first.
    pub fn run_all<const N: usize>(timers: [&Timer; N], plan: Plan, watch: Watch) -> [Times; N] {
        let mut told: [(BTreeMap<u64, u64>, Doubts); N] = std::array::from_fn(|_| Default::default());
        let counted = plan.run(watch, |range, watch| {
            let (mut hits, mut at) = (0, range.start);
            let mut portion = Portion::new(0);
            while at < range.end {
                if at > range.start && !watch(at) {
                    return (hits, at - range.start);
                }
                let end = portion.begin(at, range.end);
                for (nth, (timer, (seconds, doubts))) in timers.iter().zip(&mut told).enumerate() {
                    let (reached, doubtful) = timer.times(at..end);
                    hits += if nth == 0 { reached.len() as u64 } else { 0 };
                    doubts.add(doubtful);
                    for (_, hours) in reached {
                        *seconds.entry(libm::round(hours * 3600.0) as u64).or_insert(0) += 1;
                    }
                }
                at = end;
                portion.done();
            }
            (hits, range.end - range.start)
        });
        told.map(|(seconds, doubts)| {
            let counted = Counted { hits: seconds.values().sum(), ..counted };
            Times { counted, seconds: seconds.into_iter().collect(), doubts }
        })
    }

    /// Hits and worlds of every `every`-th batch of a range.
    pub fn count_every(&self, range: Range<u64>, every: u64) -> (u64, u64) {
        let told = self.sampler.batches(&range, |worker, batch, wanted| match batch % every {
            0 => (self.batch(worker, batch, wanted).0.len() as u64, count(wanted)),
            _ => (0, 0),
        });
        told.into_iter().fold((0, 0), |sum, more| (sum.0 + more.0, sum.1 + more.1))
    }

    /// When the goal was reached, world by world of a range.
    pub fn worlds(&self, range: Range<u64>) -> Vec<Option<f64>> {
        let first = range.start;
        let mut all = vec![None; (range.end - first) as usize];
        for (world, hours) in self.times(range).0 {
            all[(world - first) as usize] = Some(hours);
        }
        all
    }

    /// The worlds of a range in which the goal was reached, with the hours it took; and the doubts about them.
    pub fn times(&self, range: Range<u64>) -> (Vec<(u64, f64)>, Doubts) {
        let told = self.sampler.batches(&range, |worker, batch, wanted| self.batch(worker, batch, wanted));
        let (mut all, mut doubts) = (Vec::new(), Doubts::default());
        for (reached, doubtful) in told {
            all.extend(reached);
            doubts.add(doubtful);
        }
        (all, doubts)
    }

    fn batch(&self, worker: &mut Worker, batch: u64, wanted: &Lanes) -> Told {
        let exposed = worker.exposed(self.sampler, batch, wanted);
        let mut runner = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        let told = match self.clock.attacker {
            Attacker::Parallel | Attacker::Informed => self.together(&mut runner, batch, &exposed),
            Attacker::Serial => self.one_by_one(&mut runner, batch, &exposed),
        };
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(runner);
        told
    }

    fn together(&self, runner: &mut Runner, batch: u64, exposed: &Lanes) -> Told {
        let (mut reached, mut doubts) = (Vec::new(), Doubts::default());
        for (word, mut left) in (batch * WORDS as u64..).zip(exposed.iter().copied()) {
            while left != 0 {
                let mut seats = Seats::take(word, &mut left);
                doubts.thinned += runner.seat(self, &mut seats);
                let won = runner.heat(self).run(&self.clock, &seats);
                reached.extend(seats.worlds().filter_map(|(seat, world)| Some((world, won[seat]?))));
            }
        }
        (reached, doubts)
    }

    fn one_by_one(&self, runner: &mut Runner, batch: u64, exposed: &Lanes) -> Told {
        let (mut reached, mut doubts) = (Vec::new(), Doubts::default());
        for lane in (0..BATCH).filter(|lane| exposed[*lane as usize / 64] >> (lane % 64) & 1 == 1) {
            let world = batch * BATCH + lane;
            let (race, thinned) = runner.ready(self, world);
            doubts.thinned += u64::from(thinned);
            let chain = self.chain(race, world);
            doubts.unproved += u64::from(chain.as_ref().is_some_and(|chain| !chain.proved));
            let won = chain.and_then(|chain| self.outcome(race, &chain, world).won());
            reached.extend(won.map(|hours| (world, hours)));
        }
        (reached, doubts)
    }

    /// What the serial attacker does in a world.
    pub fn chain(&self, race: &mut Race, world: u64) -> Option<Chain> {
        race.at(world);
        let arranged = race.arranged();
        let goal = match self.sampler.layout().unfolded.goal {
            Target::Had => return Some(Chain { hours: 0.0, steps: Vec::new(), proved: true }),
            Target::Never => return None,
            Target::At(_) => arranged.goal?,
        };
        let steps = &arranged.steps;
        let possible = (0..steps.gains.len() as u32).filter_map(|at| {
            let (origin, copy) = arranged.origin[at as usize];
            let present = |population: u32| (copy as usize) < race.members[population as usize].len();
            let succeeds = self.clock.population(origin).is_none_or(present)
                && steps.rests.row(at).iter().all(|variable| race.failed(&self.clock, *variable));
            let hours = || self.clock.hours(origin, copy, world);
            let (needs, gains) = (steps.needs.row(at), steps.gains[at as usize]);
            succeeds.then(|| Possible { id: at, needs, gains, hours: hours() })
        });
        least(&possible.collect::<Vec<_>>(), goal, CHOICES)
    }

    /// How that ends: every step of a chain is done by its end, so whatever is noticed is noticed in time.
    pub fn outcome(&self, race: &Race, chain: &Chain, world: u64) -> Ending {
        let (mut start, mut noticed) = (0.0, None);
        for at in &chain.steps {
            let (origin, copy) = race.arranged().origin[*at as usize];
            if noticed.is_none() && self.clock.is_noticed(origin, copy, world) {
                noticed = Some(start + self.clock.steps[origin as usize].delay_h);
            }
            start += self.clock.hours(origin, copy, world);
        }
        Ending { reached: Some(chain.hours).filter(|hours| *hours <= self.clock.horizon_h), noticed }
    }

    /// A race with the members of a world in place.
    pub fn race(&self, world: u64) -> Runner {
        let mut runner = Runner::default();
        runner.ready(self, world);
        runner
    }
}
