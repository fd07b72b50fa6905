//! Dials: the numbers that are not known exactly, each drawn once for everything it serves.

use rayon::prelude::*;

use crate::graph::{Assumption, CapabilityGraph};
use crate::stats::pert::{Pert, log_uniform};
use crate::stats::random::{Key, Stream};

/// How a range is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reading {
    /// PERT by low, mode, high.
    Pert,
    /// Log-uniform from low to high; a range that begins at 0 stays PERT.
    LogUniform,
}

/// A number with a range.
#[derive(Debug, Clone, PartialEq)]
pub struct Dial {
    /// The parameter (or, where there is none, the variable) it is.
    pub id: String,
    /// low, mode, high.
    pub range: [f64; 3],
    /// What it is counted in; empty for a probability and what is stated per year.
    pub unit: String,
    /// sourced, derived, guess, or empty.
    pub grade: String,
    /// The source, derivation or reason.
    pub source: String,
}

impl Dial {
    /// Its nominal value: the mean of the range read as PERT.
    pub fn nominal(&self) -> f64 {
        Pert::new(self.range).mean()
    }

    /// Is it a guess?
    pub fn is_guess(&self) -> bool {
        self.grade == "guess"
    }

    /// The value below which a share `unit` lies.
    pub fn quantile(&self, reading: Reading, unit: f64) -> f64 {
        let [low, _, high] = self.range;
        match reading {
            Reading::LogUniform if low > 0.0 && low < high => log_uniform(low, high, unit),
            _ => Pert::new(self.range).quantile(unit),
        }
    }

    fn key(&self) -> (&str, [u64; 3]) {
        (&self.id, self.range.map(f64::to_bits))
    }
}

/// The dial of an assumption; `None`: its number is a constant.
pub fn dial_of(assumption: &Assumption) -> Option<Dial> {
    let range = assumption.range.filter(|[low, _, high]| low < high)?;
    let id = assumption.parameter.clone().unwrap_or_else(|| assumption.name.clone());
    Some(Dial { id, range, unit: String::new(), grade: assumption.grade.clone(), source: assumption.source.clone() })
}

/// Every dial of some graphs: one per parameter and range, by id. Designs that read one parameter in two ranges have two dials, which
/// are drawn from the same random numbers.
pub fn dials_of<'g>(graphs: impl IntoIterator<Item = &'g CapabilityGraph>) -> Vec<Dial> {
    let mut all: Vec<Dial> = graphs.into_iter().flat_map(|graph| &graph.assumptions).filter_map(dial_of).collect();
    sorted(&mut all);
    all
}

/// Puts dials in order, each once.
pub fn sorted(dials: &mut Vec<Dial>) {
    dials.sort_by(|a, b| a.key().cmp(&b.key()));
    dials.dedup_by(|a, b| a.key() == b.key());
}

/// Position of a dial in an ordered list.
pub fn position(dials: &[Dial], wanted: &Dial) -> Option<usize> {
    dials.binary_search_by(|dial| dial.key().cmp(&wanted.key())).ok()
}

/// `draws` values of each dial: a pure function of the seed, the dial's id and range, and the number of the draw. Whatever else is drawn
/// beside it, in whatever design and on whatever thread, a dial has the same values.
pub fn drawn(dials: &[Dial], reading: Reading, seed: u64, draws: u64) -> Vec<Vec<f64>> {
    let of = |dial: &Dial| {
        let stream = Stream::new(seed, Key::of(&format!("parameter {}", dial.id)), 0);
        (0..draws).map(|at| dial.quantile(reading, stream.unit(at))).collect()
    };
    dials.par_iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dial(id: &str, range: [f64; 3]) -> Dial {
        Dial { id: id.to_owned(), range, unit: String::new(), grade: String::from("guess"), source: String::new() }
    }

    #[test]
    fn a_dial_is_drawn_alike_whatever_is_drawn_beside_it() {
        let (a, b) = (dial("a", [0.0, 0.1, 0.4]), dial("b", [0.2, 0.3, 0.4]));
        let alone = drawn(std::slice::from_ref(&b), Reading::Pert, 7, 50);
        let beside = drawn(&[a.clone(), b.clone()], Reading::Pert, 7, 80);
        assert_eq!(alone[0][..], beside[1][..50]);
        let same_id = dial("b", [0.0, 0.5, 1.0]);
        let shared = drawn(&[b.clone(), same_id.clone()], Reading::Pert, 7, 50);
        let share = |dial: &Dial, x: f64| Pert::new(dial.range).share(x);
        let apart = shared[0].iter().zip(&shared[1]).map(|(x, y)| (share(&b, *x) - share(&same_id, *y)).abs());
        assert!(apart.fold(0.0, f64::max) < 1e-9, "one id, one random number");
        assert_ne!(drawn(&[a], Reading::Pert, 7, 4)[0], drawn(&[b], Reading::Pert, 8, 4)[0]);
    }

    #[test]
    fn draws_fill_the_range_and_have_its_mean() {
        let all = [dial("a", [0.002, 0.02, 0.1]), dial("z", [0.0, 0.0, 1.0])];
        for (dial, values) in all.iter().zip(drawn(&all, Reading::Pert, 1, 20_000)) {
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            assert!((mean / dial.nominal() - 1.0).abs() < 0.02, "{mean} for {}", dial.nominal());
            assert!(values.iter().all(|x| dial.range[0] <= *x && *x <= dial.range[2]));
        }
        let spread = drawn(&all[..1], Reading::LogUniform, 1, 10_000);
        let below = spread[0].iter().filter(|x| **x < libm::sqrt(0.002 * 0.1)).count() as f64 / 1e4;
        assert!((below - 0.5).abs() < 0.02, "half below the geometric middle: {below}");
        assert_eq!(all[1].quantile(Reading::LogUniform, 0.3), all[1].quantile(Reading::Pert, 0.3));
    }
}
