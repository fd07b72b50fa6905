//! Landmarks: what every derivation of a capability contains. The greatest fixpoint of intersections over the ways to gain it.

use super::choices::Choices;
use crate::analysis::problem::{Problem, Rows};

/// Bit sets of one width, end to end.
#[derive(Debug)]
pub struct BitRows {
    words: usize,
    bits: Vec<u64>,
}

impl BitRows {
    /// One row.
    pub fn row(&self, at: u32) -> &[u64] {
        &self.bits[at as usize * self.words..(at as usize + 1) * self.words]
    }

    /// Words per row.
    pub fn words(&self) -> usize {
        self.words
    }
}

/// Puts a bit in.
pub fn set(bits: &mut [u64], at: u32) {
    bits[at as usize / 64] |= 1 << (at % 64);
}

/// Adds one set to another.
pub fn join(into: &mut [u64], from: &[u64]) {
    into.iter_mut().zip(from).for_each(|(a, b)| *a |= b);
}

/// The members, ascending.
pub fn members(bits: &[u64]) -> impl Iterator<Item = u32> + '_ {
    bits.iter().enumerate().flat_map(|(word, bits)| {
        let mut rest = *bits;
        std::iter::from_fn(move || {
            let at = (rest != 0).then(|| rest.trailing_zeros())?;
            rest &= rest - 1;
            Some(word as u32 * 64 + at)
        })
    })
}

/// How many members.
pub fn size(bits: &[u64]) -> u32 {
    bits.iter().map(|word| word.count_ones()).sum()
}

/// The landmarks of every capability, where each way brings its own items (`own`, numbers below `universe`).
pub fn landmarks(problem: &Problem, choices: &Choices, own: &Rows, universe: usize) -> BitRows {
    let words = universe.div_ceil(64).max(1);
    let mut rows = BitRows { words, bits: vec![u64::MAX; problem.capabilities() * words] };
    for at in &problem.start {
        rows.bits[*at as usize * words..(*at as usize + 1) * words].fill(0);
    }
    let mut queue: Vec<u32> = (0..problem.capabilities() as u32).filter(|at| !problem.is_start[*at as usize]).collect();
    let mut queued = vec![true; problem.capabilities()];
    queue.reverse();
    let (mut meet, mut way_set) = (vec![0; words], vec![0; words]);
    while let Some(capability) = queue.pop() {
        queued[capability as usize] = false;
        if problem.is_start[capability as usize] {
            continue;
        }
        meet.fill(u64::MAX);
        for &way in choices.gained_by.row(capability) {
            way_set.fill(0);
            own.row(way).iter().for_each(|item| set(&mut way_set, *item));
            choices.needs.row(way).iter().for_each(|need| join(&mut way_set, rows.row(*need)));
            meet.iter_mut().zip(&way_set).for_each(|(a, b)| *a &= b);
        }
        let old = &mut rows.bits[capability as usize * words..(capability as usize + 1) * words];
        if *old != meet[..] {
            old.copy_from_slice(&meet);
            for &way in choices.needed_by.row(capability) {
                let gained = choices.gains[way as usize];
                if !std::mem::replace(&mut queued[gained as usize], true) {
                    queue.push(gained);
                }
            }
        }
    }
    rows
}
