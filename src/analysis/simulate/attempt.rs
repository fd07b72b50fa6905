//! A step as several worlds attempt it: in which of them it succeeds, and what decides how long it takes, in one cache line.

use super::arena::Rest;
use super::clock::Clock;
use super::layout::Arranged;
use super::worlds::WORDS;
use crate::stats::law::{Law, exponential};
use crate::stats::random::{Key, Stream};

/// Worlds of a heat.
pub const HEAT: usize = 8;
/// In which seats of a heat something is so.
pub type Taken = u8;
/// An hour in each seat.
pub type Hours = [f64; HEAT];
/// Worlds that are drawn together: those of one word of a batch.
pub const WORD: u64 = 64;

/// The worlds of a heat: up to eight of one word.
#[derive(Debug, Clone)]
pub struct Seats {
    /// Which word, counted over all batches.
    word: u64,
    /// The bit of each world in it.
    bits: [u8; HEAT],
    /// The seats that are taken.
    pub taken: Taken,
    /// By seat and population, the sets of failures of the copies, and the members each stands for.
    pub members: Vec<Vec<Vec<(u64, u64)>>>,
}

impl Seats {
    /// Seats up to eight worlds of a word, those of the lowest bits of `left`, and takes them away from it.
    pub fn take(word: u64, left: &mut u64) -> Seats {
        let mut seats = Seats { word, bits: [0; HEAT], taken: 0, members: Vec::new() };
        for seat in 0..HEAT {
            if *left != 0 {
                seats.bits[seat] = left.trailing_zeros() as u8;
                seats.taken |= 1 << seat;
                *left &= *left - 1;
            }
        }
        seats
    }

    /// The taken seats with the numbers of their worlds.
    pub fn worlds(&self) -> impl Iterator<Item = (usize, u64)> + '_ {
        let taken = (0..HEAT).filter(|seat| self.taken >> seat & 1 == 1);
        taken.map(|seat| (seat, self.word * WORD + u64::from(self.bits[seat])))
    }

    /// What a key draws in these worlds.
    #[inline(always)]
    pub fn units(&self, stream: Stream) -> Hours {
        let first = self.word % WORDS as u64 * WORD;
        let mut units = [0.0; HEAT];
        for (unit, bit) in units.iter_mut().zip(self.bits) {
            *unit = stream.unit(first | u64::from(bit));
        }
        units
    }

    /// The batch these worlds lie in.
    pub fn batch(&self) -> u64 {
        self.word / WORDS as u64
    }

    /// What a copy of a population has failed, and for how many members it stands, in each seat in which there is that copy.
    pub fn copies(&self, population: u32, copy: u32) -> impl Iterator<Item = (usize, (u64, u64))> + '_ {
        let at = move |members: &Vec<Vec<(u64, u64)>>| members.get(population as usize)?.get(copy as usize).copied();
        self.members.iter().enumerate().filter_map(move |(seat, members)| Some((seat, at(members)?)))
    }

    /// The seats whose worlds are marked in a word.
    #[inline(always)]
    fn marked(&self, word: u64) -> Taken {
        let mut marks = [0; HEAT];
        for (mark, bit) in marks.iter_mut().zip(self.bits) {
            *mark = word.wrapping_shr(u32::from(bit)) as Taken & 1;
        }
        (0..HEAT).fold(0, |seats, seat| seats | marks[seat] << seat)
    }
}

/// A step.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub struct Attempt {
    pace: Pace,
    /// What decides how long it takes, in the batch of the word drawn last.
    takes: Stream,
    /// In which worlds of that word everything shared that it rests on has failed.
    succeeds: u64,
    /// The word drawn last.
    drawn: u64,
    rest: Rest,
    /// The step of the flat graph.
    step: u32,
    /// It stands in a population: members differ.
    inside: bool,
}

const _: () = assert!(size_of::<Attempt>() == 64);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Pace {
    /// So many hours.
    Constant(f64),
    /// Exponential with this mean, hours.
    Exponential(f64),
    /// By another law, or after a delay: that of this step of the layout.
    Clock(u32),
}

impl Attempt {
    /// Of a step of a flat graph.
    pub fn new(arranged: &Arranged, clock: &Clock, step: u32, rest: Rest) -> Attempt {
        let (origin, _) = arranged.origin[step as usize];
        let timed = &clock.steps[origin as usize];
        let pace = match timed.law {
            Law::Constant(hours) if timed.delay_h == 0.0 => Pace::Constant(hours),
            Law::Exponential(mean) if timed.delay_h == 0.0 => Pace::Exponential(mean),
            _ => Pace::Clock(origin),
        };
        let own = |variable: &u32| clock.own(arranged.variable_origin[*variable as usize].0).is_some();
        let inside = clock.population(origin).is_some() || arranged.arena.resting(&rest).iter().any(own);
        let takes = Stream::new(0, Key(0), 0);
        Attempt { pace, takes, succeeds: 0, drawn: u64::MAX, rest, step, inside }
    }

    /// In which seats it succeeds if it is begun.
    #[inline(always)]
    pub fn succeeds(&mut self, arranged: &Arranged, clock: &Clock, seats: &Seats) -> Taken {
        if self.drawn != seats.word {
            self.draw(arranged, clock, seats);
        }
        let shared = seats.marked(self.succeeds);
        if self.inside && shared != 0 { shared & self.by_member(arranged, clock, seats) } else { shared }
    }

    /// When it is done where it succeeds. Only what is wanted is told.
    #[inline(always)]
    pub fn done(&self, clock: &Clock, now: &Hours, wanted: Taken, seats: &Seats) -> Hours {
        match self.pace {
            Pace::Constant(hours) => now.map(|now| now + hours),
            Pace::Exponential(mean) => {
                let mut done = seats.units(self.takes);
                for seat in 0..HEAT {
                    done[seat] = now[seat] + exponential(mean, done[seat]);
                }
                done
            }
            Pace::Clock(step) => {
                let timed = &clock.steps[step as usize];
                let units = seats.units(self.takes);
                std::array::from_fn(|seat| match wanted >> seat & 1 {
                    0 => f64::INFINITY,
                    _ => now[seat] + timed.delay_h + timed.law.hours(units[seat]),
                })
            }
        }
    }

    #[inline(never)]
    fn draw(&mut self, arranged: &Arranged, clock: &Clock, seats: &Seats) {
        let (origin, copy) = arranged.origin[self.step as usize];
        self.drawn = seats.word;
        self.takes = Stream::new(clock.seed, clock.key(origin, copy), seats.batch());
        self.succeeds = u64::MAX;
        let word = seats.word % WORDS as u64;
        let variables = arranged.arena.resting(&self.rest).iter();
        for variable in
            variables.filter(|variable| clock.own(arranged.variable_origin[**variable as usize].0).is_none())
        {
            let drawn = &arranged.arena.variables[*variable as usize];
            self.succeeds &= drawn.threshold.word(Stream::new(clock.seed, drawn.key, seats.batch()), word);
        }
    }

    /// In which seats the members it is about are there, and what they rest on has failed.
    fn by_member(&self, arranged: &Arranged, clock: &Clock, seats: &Seats) -> Taken {
        let (origin, copy) = arranged.origin[self.step as usize];
        let there = clock.population(origin).map_or(Taken::MAX, |population| {
            seats.copies(population, copy).fold(0, |seats, (seat, _)| seats | 1 << seat)
        });
        arranged.arena.resting(&self.rest).iter().fold(there, |all, variable| {
            let (origin, copy) = arranged.variable_origin[*variable as usize];
            let Some((population, own)) = clock.own(origin) else { return all };
            let failed =
                |seats: Taken, (seat, (failed, _)): (usize, (u64, u64))| seats | ((failed >> own & 1) as Taken) << seat;
            all & seats.copies(population, copy).fold(0, failed)
        })
    }
}
