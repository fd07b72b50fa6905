//! Members of a population, drawn by the number of them that fail: given what is shared they are alike and independent, so it is enough to
//! know which sets of a member's own assumptions have failed somewhere.
//!
//! A thousand members with five assumptions each are not five thousand draws. The number whose first assumption failed is binomial; each of the
//! two groups is split again by the second; and so on, while a group has members. The rules are monotone, so that of two sets that occur the
//! smaller adds nothing.

use super::worlds::{BATCH, Lanes};
use crate::stats::binomial;
use crate::stats::random::{Key, Stream};

/// Independent copies of one block.
#[derive(Debug, Clone, PartialEq)]
pub struct Population {
    /// What its draws belong to.
    pub key: Key,
    /// How many members it has.
    pub count: u64,
    /// The chance that each of a member's own assumptions fails, at most 64 of them.
    pub chances: Vec<f64>,
}

/// Which sets of own assumptions have failed in a world, as bit masks: none of them inside another.
pub type Patterns = Vec<u64>;

impl Population {
    /// Assumptions of a member's own that a population may have.
    pub const OWN: usize = 40;

    /// The sets that occur in a world, the largest groups of assumptions first.
    pub fn patterns(&self, seed: u64, world: u64, found: &mut Patterns) {
        found.clear();
        let stream = Stream::new(seed, self.key, world / BATCH);
        self.split(stream, world % BATCH, 0, 0, self.count, found);
    }

    /// Every set of own assumptions that has failed in some member of a world, and in how many: the largest sets of early assumptions first,
    /// those in whom nothing failed last.
    pub fn groups(&self, seed: u64, world: u64) -> Vec<(u64, u64)> {
        let stream = Stream::new(seed, self.key, world / BATCH);
        let mut groups = Vec::new();
        let mut open = vec![(0, 0, self.count)];
        while let Some((depth, failed, members)) = open.pop() {
            if members == 0 {
                continue;
            }
            if depth == self.chances.len() {
                groups.push((failed, members));
                continue;
            }
            let fail = self.fails(stream, world % BATCH, depth, failed, members);
            open.push((depth + 1, failed, members - fail));
            open.push((depth + 1, failed | 1 << depth, fail));
        }
        groups
    }

    /// In how many members of a group that agrees in the first `depth` assumptions the next one has failed.
    fn fails(&self, stream: Stream, lane: u64, depth: usize, failed: u64, members: u64) -> u64 {
        let group = 1u64 << depth | failed;
        binomial::draw(members, self.chances[depth], stream.unit(group.wrapping_mul(BATCH) + lane))
    }

    /// Splits a group that agrees in the first `depth` assumptions by the next one, those that failed first.
    fn split(&self, stream: Stream, lane: u64, depth: usize, failed: u64, members: u64, found: &mut Patterns) {
        if members == 0 {
            return;
        }
        let most = failed | ones(self.chances.len()) & !ones(depth);
        if most == 0 || found.iter().any(|known| most & !known == 0) {
            return;
        }
        if depth == self.chances.len() {
            found.retain(|known| known & !failed != 0);
            found.push(failed);
            return;
        }
        let fail = self.fails(stream, lane, depth, failed, members);
        self.split(stream, lane, depth + 1, failed | 1 << depth, fail, found);
        self.split(stream, lane, depth + 1, failed, members - fail, found);
    }
}

fn ones(n: usize) -> u64 {
    if n >= 64 { u64::MAX } else { (1 << n) - 1 }
}

/// The patterns of a batch, as copies of the block: in which worlds each own assumption of each copy has failed.
#[derive(Debug, Clone, Default)]
pub struct Slots {
    /// By copy, then own assumption.
    pub failed: Vec<Vec<Lanes>>,
}

impl Slots {
    /// Of the worlds of a batch.
    pub fn of(population: &Population, seed: u64, batch: u64, wanted: &Lanes) -> Slots {
        let mut slots = Slots::default();
        let mut patterns = Patterns::new();
        for lane in (0..BATCH).filter(|lane| wanted[*lane as usize / 64] >> (lane % 64) & 1 == 1) {
            population.patterns(seed, batch * BATCH + lane, &mut patterns);
            for (copy, pattern) in patterns.iter().enumerate() {
                if slots.failed.len() == copy {
                    slots.failed.push(vec![[0; 8]; population.chances.len()]);
                }
                let mut bits = *pattern;
                while bits != 0 {
                    slots.failed[copy][bits.trailing_zeros() as usize][lane as usize / 64] |= 1 << (lane % 64);
                    bits &= bits - 1;
                }
            }
        }
        slots
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_all_members_and_their_largest_sets_are_the_patterns() {
        let population = Population { key: Key::of("others"), count: 900, chances: vec![0.1, 0.02, 0.3, 0.001] };
        let mut patterns = Vec::new();
        for world in 0..200 {
            let groups = population.groups(5, world);
            assert_eq!(groups.iter().map(|(_, members)| members).sum::<u64>(), 900);
            let inside = |set: u64| groups.iter().any(|(other, _)| *other != set && set & !other == 0);
            let mut largest: Vec<u64> = groups.iter().map(|(set, _)| *set).filter(|set| !inside(*set)).collect();
            population.patterns(5, world, &mut patterns);
            largest.sort_unstable();
            patterns.sort_unstable();
            assert_eq!(largest, patterns);
        }
    }

    /// The chance that some member fails in all of a set, from the patterns and from the formula.
    #[test]
    fn sets_occur_as_often_as_among_members_drawn_one_by_one() {
        let chances = [0.3, 0.02, 0.1];
        for count in [1, 3, 40] {
            let population = Population { key: Key::of("others").nth(count), count, chances: chances.to_vec() };
            let worlds = 40_000;
            let mut hits = [0u32; 8];
            let mut patterns = Vec::new();
            for world in 0..worlds {
                population.patterns(1, world, &mut patterns);
                for (set, hits) in hits.iter_mut().enumerate() {
                    *hits += u32::from(patterns.iter().any(|pattern| set as u64 & !pattern == 0));
                }
                let inside = |a: &u64| patterns.iter().filter(|b| a & !**b == 0).count();
                assert!(patterns.iter().all(|pattern| inside(pattern) == 1), "{patterns:?}");
            }
            for (set, hits) in hits.into_iter().enumerate().skip(1) {
                let one: f64 = (0..3).filter(|at| set >> at & 1 == 1).map(|at| chances[at]).product();
                let p = 1.0 - (1.0 - one).powi(count as i32);
                let sd = (f64::from(worlds as u32) * p * (1.0 - p)).sqrt();
                assert!((f64::from(hits) - f64::from(worlds as u32) * p).abs() < 4.5 * sd, "{count} {set}: {hits}");
            }
        }
    }
}
