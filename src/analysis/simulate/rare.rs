//! Rare events: worlds in which some minimal attack set is made to fail, weighted by how much likelier that made them.
//!
//! A set is picked by its probability and forced to fail; everything else fails as it would. A world in which the picked sets hold with total
//! weight W, and in which N of them (copies counted) have failed, was then N/W times as likely as in truth. Over a complete family that is
//! the estimator of R. M. Karp and M. Luby ("Monte-Carlo algorithms for enumeration and reliability problems", 1983): its relative error does not
//! grow as the event gets rarer. Where the family may miss sets, a tenth of the worlds is drawn plainly: the estimate stays unbiased, and the
//! part that rests on known sets is a lower bound by itself.

use std::ops::Range;

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::layout::{Arranged, Layout, Unsampled};
use super::population::Population;
use super::sample::Watch;
use super::worlds::{BATCH, Lanes, Worlds};
use crate::analysis::labels::{Search, minimal_sets};
use crate::stats::interval::{LEVEL, Looks, proportion};
use crate::stats::random::{Key, Stream, Threshold};
use crate::stats::special::normal_quantile;

/// Share of worlds drawn plainly where the family of sets may miss some.
const PLAIN: f64 = 0.1;
/// With a smaller effective sample an estimate is unreliable.
pub const RELIABLE: f64 = 100.0;

/// A minimal attack set: shared assumptions, and of at most one member of each population some of its own.
#[derive(Debug, Clone, PartialEq)]
struct Cause {
    shared: Vec<u32>,
    members: Vec<(u32, u64)>,
    /// Probability of one copy, times copies.
    weight: f64,
}

/// One threat, ready to be sampled through its attack sets.
#[derive(Debug)]
pub struct Rare {
    layout: Layout,
    arranged: Arranged,
    seed: u64,
    causes: Vec<Cause>,
    /// Sums of the weights up to and with each cause.
    through: Vec<f64>,
    complete: bool,
}

/// A weighted estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weighted {
    /// Worlds.
    pub trials: u64,
    /// The estimate of P(exposed).
    pub estimate: f64,
    /// Its interval.
    pub interval: [f64; 2],
    /// Lower end of the part that rests on known attack sets: a lower bound whatever sets are not known.
    pub at_least: f64,
    /// So many equally weighted worlds would be worth as much.
    pub effective: f64,
    /// Every minimal attack set is known.
    pub complete: bool,
    /// How many are.
    pub sets: usize,
    /// Chance that the interval does not hold the truth, at most.
    pub miss: f64,
}

impl Weighted {
    /// Is the effective sample large enough to believe the interval?
    pub fn is_reliable(&self) -> bool {
        self.effective >= RELIABLE || self.estimate == 0.0 && self.complete
    }
}

/// Over exposed worlds in which a known set has failed, the sum of weights and of their squares; and the exposed worlds in which none has.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    weight: f64,
    square: f64,
    outside: u64,
}

impl Sums {
    fn add(&mut self, more: Sums) {
        self.weight += more.weight;
        self.square += more.square;
        self.outside += more.outside;
    }
}

impl Rare {
    /// Of a layout; finding its attack sets takes at most so much work.
    ///
    /// # Errors
    /// Members of a population have too many assumptions of their own.
    pub fn new(layout: Layout, seed: u64, work: u64) -> Result<Rare, Unsampled> {
        if let Some(own) = layout.populations.iter().map(|of| of.chances.len()).find(|own| *own > OWN) {
            return Err(Unsampled::Own(own));
        }
        // Here a member of a population is one member, whatever it stands for.
        let mut alone = layout.unfolded.clone();
        alone.variables.iter_mut().for_each(|variable| variable.weight = 1);
        let found = minimal_sets(&alone, &Search::all(work));
        let causes: Vec<Cause> =
            found.sets.iter().map(|set| cause(&layout, set)).filter(|cause| cause.weight > 0.0).collect();
        // Several assumptions of one member may also fail in several members: those sets are not listed one by one.
        let apart = causes.iter().flat_map(|cause| &cause.members).all(|(_, own)| own.count_ones() == 1);
        let mut sum = 0.0;
        let through = causes.iter().map(|cause| {
            sum += cause.weight;
            sum
        });
        let through = through.collect();
        let mut given = layout.clone();
        given.draws.iter_mut().for_each(|draw| draw.given = true);
        let arranged = given.arena(&layout.populations.iter().map(|of| most(of.chances.len())).collect::<Vec<_>>());
        Ok(Rare { layout, arranged, seed, complete: found.complete && apart, causes, through })
    }

    /// Samples from look to look until the interval is narrow enough, the worlds are used up, or `watch` says no.
    pub fn run(&self, trials: u64, precision: Option<f64>, watch: Watch) -> Weighted {
        let looks = Looks::new(if precision.is_some() { 4_096 } else { trials }, trials);
        let (mut sums, mut done) = (Sums::default(), 0);
        for look in looks.trials() {
            let mut stopped = false;
            while done < look && !stopped {
                let end = look.min(done + 256 * BATCH);
                sums.add(self.sums(done..end));
                done = end;
                stopped = !watch(done, trials);
            }
            let found = self.weighted(sums, done, looks.miss(LEVEL));
            let narrow = |precision: f64| {
                let [low, high] = found.interval;
                found.effective >= RELIABLE && (high - low) / 2.0 <= precision * found.estimate
            };
            if stopped || precision.is_some_and(narrow) {
                return if stopped { self.weighted(sums, done, 1.0 - LEVEL) } else { found };
            }
        }
        self.weighted(sums, done, looks.miss(LEVEL))
    }

    fn weighted(&self, sums: Sums, trials: u64, miss: f64) -> Weighted {
        let n = (trials as f64).max(1.0);
        let known = sums.weight / n;
        let variance = (sums.square / n - known * known).max(0.0) / n;
        // What was never seen may still be there: the last term of the empirical Bernstein bound (A. Maurer and M. Pontil, 2009), with the largest
        // weight a world can have.
        let largest = 1.0 / (self.plain() + (1.0 - self.plain()) / self.total().max(f64::MIN_POSITIVE));
        let unseen = if self.causes.is_empty() { 0.0 } else { largest * libm::log(2.0 / miss) * 7.0 / (3.0 * n) };
        let half = normal_quantile(1.0 - miss / 4.0) * libm::sqrt(variance) + unseen;
        // Outside the known sets only worlds drawn plainly say something.
        let plain = (libm::round(n * self.plain()) as u64).max(sums.outside);
        let [low, high] = match self.complete {
            true => [0.0, 0.0],
            false => proportion(sums.outside, plain, miss / 2.0),
        };
        let outside = if plain == 0 { 0.0 } else { sums.outside as f64 / plain as f64 };
        Weighted {
            trials,
            estimate: known + outside,
            interval: [((known - half).max(0.0) + low).min(1.0), (known + half + high).min(1.0)],
            at_least: (known - half).max(0.0),
            effective: match sums.square > 0.0 {
                true => sums.weight * sums.weight / sums.square,
                false => sums.outside as f64,
            },
            complete: self.complete,
            sets: self.causes.len(),
            miss,
        }
    }

    /// Adds up in the order of the worlds, whatever thread looked at them.
    fn sums(&self, range: Range<u64>) -> Sums {
        let batches: Vec<u64> = (range.start / BATCH..range.end.div_ceil(BATCH)).collect();
        let parts: Vec<Vec<Sums>> = batches
            .chunks(batches.len().div_ceil(4 * rayon::current_num_threads()).max(1))
            .collect::<Vec<_>>()
            .into_par_iter()
            .map(|part| {
                let mut room = Room::new(self);
                part.iter().map(|batch| room.batch(self, *batch, &range)).collect()
            })
            .collect();
        let mut sums = Sums::default();
        parts.into_iter().flatten().for_each(|part| sums.add(part));
        sums
    }

    fn total(&self) -> f64 {
        self.through.last().copied().unwrap_or(0.0)
    }

    /// Share of worlds drawn plainly.
    fn plain(&self) -> f64 {
        match (self.causes.is_empty(), self.complete) {
            (true, _) => 1.0,
            (false, true) => 0.0,
            (false, false) => PLAIN,
        }
    }

    /// The cause forced in a world; `None`: drawn plainly.
    fn forced(&self, stream: Stream, lane: u64) -> Option<&Cause> {
        if self.causes.is_empty() || stream.unit(lane) < self.plain() {
            return None;
        }
        let at = stream.unit(lane + BATCH) * self.total();
        self.causes.get(self.through.partition_point(|sum| *sum < at).min(self.causes.len() - 1))
    }
}

/// Assumptions of a member's own that there is room for.
const OWN: usize = 12;

/// The most sets of n assumptions of which none lies in another (E. Sperner, 1928): n choose n/2.
fn most(n: usize) -> usize {
    (0..n / 2).fold(1, |ways, at| ways * (n - at) / (at + 1))
}

fn cause(layout: &Layout, set: &[u32]) -> Cause {
    let (mut shared, mut members): (Vec<u32>, Vec<(u32, u64)>) = (Vec::new(), Vec::new());
    let mut weight = 1.0;
    for variable in set {
        weight *= layout.draws[*variable as usize].probability;
        let Some((population, own)) = layout.variable[*variable as usize] else {
            shared.push(*variable);
            continue;
        };
        match members.iter_mut().find(|(known, _)| *known == population) {
            Some((_, mask)) => *mask |= 1 << own,
            None => {
                weight *= layout.populations[population as usize].count as f64;
                members.push((population, 1 << own));
            }
        }
    }
    Cause { shared, members, weight }
}

/// Room for one batch at a time.
struct Room {
    worlds: Worlds,
    failed: Vec<Lanes>,
    /// By population and world: sets of failures and the members that have them.
    groups: Vec<Vec<Vec<(u64, u64)>>>,
    /// Of those sets the ones inside no other.
    largest: Vec<Vec<Vec<u64>>>,
}

impl Room {
    fn new(rare: &Rare) -> Room {
        Room {
            worlds: Worlds::new(&rare.arranged.arena, true),
            failed: vec![[0; 8]; rare.layout.draws.len()],
            groups: vec![vec![Vec::new(); BATCH as usize]; rare.layout.populations.len()],
            largest: vec![vec![Vec::new(); BATCH as usize]; rare.layout.populations.len()],
        }
    }

    fn batch(&mut self, rare: &Rare, batch: u64, range: &Range<u64>) -> Sums {
        let wanted: Lanes = super::worlds::lanes(batch, range);
        let picks = Stream::new(rare.seed, Key::of("picked attack set"), batch);
        let forced: Vec<Option<&Cause>> = (0..BATCH).map(|lane| rare.forced(picks, lane)).collect();
        self.draw(rare, batch, &forced);
        self.place(rare, batch);
        let exposed = self.worlds.derive(&rare.arranged.arena, &wanted);
        let mut sums = Sums::default();
        for lane in (0..BATCH as usize).filter(|lane| exposed[lane / 64] >> (lane % 64) & 1 == 1) {
            let n = self.failed_causes(rare, lane);
            let likelier = rare.plain() + (1.0 - rare.plain()) * n / rare.total().max(f64::MIN_POSITIVE);
            sums.add(match n > 0.0 {
                true => Sums { weight: 1.0 / likelier, square: 1.0 / (likelier * likelier), outside: 0 },
                false => Sums { weight: 0.0, square: 0.0, outside: 1 },
            });
        }
        sums
    }

    /// Everything that fails: as it would, and what is forced.
    fn draw(&mut self, rare: &Rare, batch: u64, forced: &[Option<&Cause>]) {
        for (at, draw) in rare.layout.draws.iter().enumerate() {
            if rare.layout.variable[at].is_none() {
                let stream = Stream::new(rare.seed, draw.key, batch);
                self.failed[at] = Threshold::new(draw.probability).draw(stream, &[u64::MAX; 8]);
            }
        }
        for (lane, cause) in forced.iter().enumerate() {
            let shared = cause.iter().flat_map(|cause| &cause.shared);
            shared.for_each(|variable| self.failed[*variable as usize][lane / 64] |= 1 << (lane % 64));
            for (at, population) in rare.layout.populations.iter().enumerate() {
                let own = cause.and_then(|cause| cause.members.iter().find(|(known, _)| *known == at as u32));
                let world = batch * BATCH + lane as u64;
                self.groups[at][lane] = match own {
                    None => population.groups(rare.seed, world),
                    Some((_, mask)) => with_forced(population, *mask, rare.seed, world),
                };
                self.largest[at][lane] = largest(&self.groups[at][lane]);
            }
        }
    }

    /// Puts the batch in place: shared assumptions, and a copy of a population's block for each set of failures.
    fn place(&mut self, rare: &Rare, batch: u64) {
        self.worlds.begin(rare.seed, batch);
        for (variable, (origin, copy)) in rare.arranged.variable_origin.iter().enumerate() {
            let Some(kept) = rare.arranged.arena.variables[variable].kept else { continue };
            let lanes = match rare.layout.variable[*origin as usize] {
                None => self.failed[*origin as usize],
                Some((population, own)) => {
                    let mut lanes = [0; 8];
                    for (lane, sets) in self.largest[population as usize].iter().enumerate() {
                        let fails = sets.get(*copy as usize).is_some_and(|failed| failed >> own & 1 == 1);
                        lanes[lane / 64] |= u64::from(fails) << (lane % 64);
                    }
                    lanes
                }
            };
            self.worlds.give(kept, lanes);
        }
    }

    /// How many causes, copies counted, have failed in a world.
    fn failed_causes(&self, rare: &Rare, lane: usize) -> f64 {
        let has = |variable: &u32| self.failed[*variable as usize][lane / 64] >> (lane % 64) & 1 == 1;
        let mut n = 0.0;
        for cause in rare.causes.iter().filter(|cause| cause.shared.iter().all(has)) {
            let copies = cause.members.iter().map(|(population, mask)| {
                let groups = self.groups[*population as usize][lane].iter();
                groups.filter(|(failed, _)| mask & !failed == 0).map(|(_, members)| *members).sum::<u64>() as f64
            });
            n += copies.product::<f64>();
        }
        n
    }
}

/// The sets inside no other.
fn largest(groups: &[(u64, u64)]) -> Vec<u64> {
    let inside = |set: u64| groups.iter().any(|(other, _)| *other != set && set & !other == 0);
    groups.iter().map(|(set, _)| *set).filter(|set| !inside(*set)).collect()
}

/// A population in which one member fails in all of `mask`, and otherwise as it would.
fn with_forced(population: &Population, mask: u64, seed: u64, world: u64) -> Vec<(u64, u64)> {
    let key = population.key.nth(1);
    let others = Population { key, count: population.count - 1, chances: population.chances.clone() };
    let mut groups = others.groups(seed, world);
    let mut failed = mask;
    for (own, chance) in population.chances.iter().enumerate() {
        let stream = Stream::new(seed, key.nth(2 + own as u64), world / BATCH);
        failed |= u64::from(stream.unit(world % BATCH) < *chance) << own;
    }
    match groups.iter_mut().find(|(known, _)| *known == failed) {
        Some((_, members)) => *members += 1,
        None => groups.insert(0, (failed, 1)),
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_sets_fit_in_their_room() {
        assert_eq!([0, 1, 2, 3, 4, 5, 6, 10, 12].map(most), [1, 1, 2, 3, 6, 10, 20, 252, 924]);
        assert_eq!(largest(&[(0b11, 1), (0b01, 5), (0b100, 2), (0, 90)]), [0b11, 0b100]);
    }
}
