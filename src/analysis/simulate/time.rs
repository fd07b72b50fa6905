//! Time to compromise: when the goal is reached in each world, if it is reached within the horizon.
//!
//! Assumptions fail at time 0, the worst case. Worlds that are not exposed need no look: nothing can be reached in them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::keys::{Keys, of_copy};
use super::layout::Layout;
use super::race::{Ending, Race};
use super::sample::{Counted, Plan, Sampler, Watch, Worker};
use super::serial::{CHOICES, Chain, Possible, least};
use super::worlds::{BATCH, Lanes, count};
use crate::graph::CapabilityGraph;
use crate::graph::unfold::Target;
use crate::stats::interval::LEVEL;
use crate::stats::law::Law;
use crate::stats::quantile::{Quantile, quantile};
use crate::stats::random::{Key, Stream};

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

    /// The duration of a copy of a step in a world, its delay included.
    pub fn hours(&self, step: u32, copy: u32, world: u64) -> f64 {
        let timed = &self.steps[step as usize];
        let stream = Stream::new(self.seed, self.key(step, copy), world / BATCH);
        timed.delay_h + timed.law.constant().unwrap_or_else(|| timed.law.hours(stream.unit(world % BATCH)))
    }

    fn is_noticed(&self, step: u32, copy: u32, world: u64) -> bool {
        let stream = Stream::new(self.seed, self.key(step, copy).nth(u64::MAX), world / BATCH);
        self.detection && stream.unit(world % BATCH) < self.steps[step as usize].detected
    }
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

/// Members of a population in whom the same has failed that are run one by one, at most. The others act as one more: the earliest of thousands
/// is then the earliest of these.
const MEMBERS: u64 = 256;
/// A population of at most so many is always run one by one.
const SMALL: u64 = 64;

/// One threat, ready to be timed.
#[derive(Debug)]
pub struct Timer<'a> {
    sampler: &'a Sampler,
    /// What is the same in all worlds.
    pub clock: Clock,
    /// Populations in which attempts that lead nowhere can still be noticed.
    noisy: Vec<bool>,
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
            let mut portion = 4 * rayon::current_num_threads() as u64;
            while at < range.end {
                if at > range.start && !watch(at) {
                    return (hits, at - range.start);
                }
                let end = range.end.min((at / BATCH + portion) * BATCH);
                for (nth, (timer, (seconds, doubts))) in timers.iter().zip(&mut told).enumerate() {
                    let (reached, doubtful) = timer.times(at..end);
                    hits += if nth == 0 { reached.len() as u64 } else { 0 };
                    doubts.add(doubtful);
                    for (_, hours) in reached {
                        *seconds.entry(libm::round(hours * 3600.0) as u64).or_insert(0) += 1;
                    }
                }
                at = end;
                portion = (portion * 2).min(1_024);
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
        let (mut reached, mut doubts) = (Vec::new(), Doubts::default());
        for lane in (0..BATCH).filter(|lane| exposed[*lane as usize / 64] >> (lane % 64) & 1 == 1) {
            let world = batch * BATCH + lane;
            let (race, thinned) = runner.ready(self, world);
            doubts.thinned += u64::from(thinned);
            let won = match self.clock.attacker {
                Attacker::Parallel | Attacker::Informed => race.run(&self.clock, world).won(),
                Attacker::Serial => {
                    let chain = self.chain(race, world);
                    doubts.unproved += u64::from(chain.as_ref().is_some_and(|chain| !chain.proved));
                    chain.and_then(|chain| self.outcome(race, &chain, world).won())
                }
            };
            reached.extend(won.map(|hours| (world, hours)));
        }
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(runner);
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

/// Room to time one world after another.
#[derive(Debug, Default)]
pub struct Runner {
    copies: Vec<usize>,
    race: Option<Race>,
    /// Sets of failures with which a member can add something to what is shared.
    useful: BTreeMap<(u32, u64), bool>,
}

impl Runner {
    /// The race, if a world was put in place.
    pub fn race(&mut self) -> Option<&mut Race> {
        self.race.as_mut()
    }

    fn ready(&mut self, timer: &Timer, world: u64) -> (&mut Race, bool) {
        let populations = &timer.sampler.layout().populations;
        let (mut members, mut thinned) = (Vec::with_capacity(populations.len()), false);
        for (at, population) in populations.iter().enumerate() {
            let mut alone = Vec::new();
            for (failed, n) in population.groups(timer.clock.seed, world) {
                let useful = population.count <= SMALL || self.is_useful(timer, at as u32, failed);
                let singly = if useful { n.min(MEMBERS) } else { 0 };
                alone.extend((0..singly).map(|_| (failed, 1)));
                if n > singly && (useful || timer.noisy[at]) {
                    alone.push((failed, n - singly));
                }
                thinned |= useful && n > singly;
            }
            members.push(alone);
        }
        let room = |(at, members): (usize, &Vec<(u64, u64)>)| {
            self.copies.get(at).copied().unwrap_or(1).max(members.len().next_power_of_two())
        };
        let copies: Vec<usize> = members.iter().enumerate().map(room).collect();
        let kept = self.race.take().filter(|_| copies == self.copies);
        self.copies = copies;
        let race = self.race.insert(kept.unwrap_or_else(|| Race::new(timer.sampler.arranged(&self.copies))));
        race.members = members;
        (race, thinned)
    }

    /// Can a member in whom exactly these have failed add to what is shared, if everything shared is had and has failed?
    fn is_useful(&mut self, timer: &Timer, population: u32, failed: u64) -> bool {
        *self.useful.entry((population, failed)).or_insert_with(|| {
            let layout = timer.sampler.layout();
            let unfolded = &layout.unfolded;
            let own = |node: u32| layout.node[node as usize] == Some(population);
            let mut had = std::collections::BTreeSet::new();
            loop {
                let before = had.len();
                for step in (0..unfolded.moves.len() as u32).filter(|at| layout.step[*at as usize] == Some(population))
                {
                    let fails =
                        unfolded.rests.row(step).iter().all(|variable| match layout.variable[*variable as usize] {
                            Some((_, own)) => failed >> own & 1 == 1,
                            None => true,
                        });
                    if fails && unfolded.needs.row(step).iter().all(|need| !own(*need) || had.contains(need)) {
                        let gains = unfolded.gains[step as usize];
                        if !own(gains) {
                            return true;
                        }
                        had.insert(gains);
                    }
                }
                if had.len() == before {
                    return false;
                }
            }
        })
    }
}
