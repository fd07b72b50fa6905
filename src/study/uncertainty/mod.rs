//! What is known although the numbers are not: every range is drawn, and designs are compared draw by draw.
//!
//! Second-order analysis: the outer draws are over parameters, the inner probability is exact. A parameter is drawn once and serves all of
//! its variables, in every design; the variables then fail independently. All designs see the same draws, so that what they share cancels out.

mod bracket;
pub mod dials;
pub mod flips;
pub mod inner;
pub mod ranking;

use rayon::prelude::*;

use super::Comparison;
use crate::analysis::exact::{Limits, Method, Stopped};
use dials::{Dial, Reading};
use flips::{Driver, Flip};
use inner::Design;
use ranking::{Spread, Wins};

/// How to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Outer draws.
    pub draws: u64,
    /// Seed of the draws.
    pub seed: u64,
    /// How ranges are read.
    pub reading: Reading,
}

impl Options {
    /// Draws unless said otherwise.
    pub const DRAWS: u64 = 2_000;
}

/// Several designs under the ranges of their numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Uncertainty {
    /// How it was drawn.
    pub options: Options,
    /// Every number with a range, by id.
    pub dials: Vec<Dial>,
    /// One per row of the comparison.
    pub rows: Vec<RowUncertainty>,
}

/// One row: the same question, asked of all designs.
#[derive(Debug, Clone, PartialEq)]
pub struct RowUncertainty {
    /// Per design; `None`: it does not ask, or it is not applicable.
    pub designs: Vec<Option<Credible>>,
    /// How often which design is better.
    pub wins: Wins,
    /// Per design: in how many draws it has each rank, 0 being best.
    pub ranks: Vec<Option<Vec<u64>>>,
    /// For each pair that is ordered at the nominal point and each dial that can turn the order, where.
    pub flips: Vec<Flip>,
}

impl RowUncertainty {
    /// The designs that answer, best first at the nominal point; ties: in the order given.
    pub fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.designs.len()).filter(|at| self.designs[*at].is_some()).collect();
        let nominal = |at: &usize| self.designs[*at].as_ref().map_or(0.0, |found| found.nominal[1]);
        order.sort_by(|a, b| nominal(a).total_cmp(&nominal(b)).then(a.cmp(b)));
        order
    }
}

/// One design's answer to one question.
#[derive(Debug, Clone, PartialEq)]
pub struct Credible {
    /// With every number at its nominal value; of bounds, both ends.
    pub nominal: [f64; 2],
    /// Over all draws.
    pub spread: Spread,
    /// How each draw was answered.
    pub method: Method,
    /// What keeps it from being exact.
    pub stopped: Option<Stopped>,
    /// The dials that move it, furthest first.
    pub drivers: Vec<Driver>,
}

/// Draws and compares.
pub fn uncertainty(comparison: &Comparison, options: Options) -> Uncertainty {
    let dials = dials::dials_of(comparison.designs.iter().map(|design| &design.graph));
    let limits = Limits::default();
    let designs: Vec<Design> = comparison
        .designs
        .par_iter()
        .map(|design| {
            let of_group = |group: &String| {
                let all = design.threats.iter().enumerate().filter(move |(_, threat)| threat.group == *group);
                all.map(|(at, _)| at).collect()
            };
            let rows: Vec<Vec<usize>> = comparison.rows.iter().map(|row| of_group(&row.group)).collect();
            Design::new(&design.graph, &dials, &rows, &limits)
        })
        .collect();
    let values = dials::drawn(&dials, options.reading, options.seed, options.draws);
    let dial_ranks: Vec<Vec<f64>> = values.par_iter().map(|values| ranking::middle_ranks(values)).collect();
    let drawn = draws(&designs, comparison.rows.len(), &values, options.draws);
    let rows = drawn.into_iter().enumerate().collect::<Vec<_>>().into_par_iter();
    let rows = rows.map(|(row, outcomes)| {
        let outcomes: Vec<Option<&[[f64; 2]]>> = outcomes.iter().map(|draws| draws.as_deref()).collect();
        let credible =
            |(at, design): (usize, &Design)| credible(design, row, outcomes[at]?, &dials, &dial_ranks, options.reading);
        let credibles: Vec<Option<Credible>> = designs.iter().enumerate().map(credible).collect();
        let flips = flips_of(&designs, row, &dials, &credibles);
        RowUncertainty { designs: credibles, wins: Wins::of(&outcomes), ranks: ranking::ranks(&outcomes), flips }
    });
    Uncertainty { options, rows: rows.collect(), dials }
}

/// Per row and design: bounds on the chance in every draw, in order.
type Drawn = Vec<Vec<Option<Vec<[f64; 2]>>>>;

fn draws(designs: &[Design], rows: usize, values: &[Vec<f64>], draws: u64) -> Drawn {
    let one = |draw: u64| -> Vec<Vec<Option<[f64; 2]>>> {
        let of = |design: &Design| {
            let numbers = design.numbers(|dial| values[dial][draw as usize]);
            design.questions.iter().map(|question| question.as_ref().map(|question| question.at(&numbers))).collect()
        };
        designs.iter().map(of).collect()
    };
    // Each draw stands for itself; the order of the results is that of the draws.
    let all: Vec<_> = (0..draws).into_par_iter().map(one).collect();
    let column = |row: usize, design: usize| -> Option<Vec<[f64; 2]>> {
        all.iter().map(|draw| draw[design][row]).collect::<Option<Vec<_>>>().filter(|draws| !draws.is_empty())
    };
    (0..rows).map(|row| (0..designs.len()).map(|design| column(row, design)).collect()).collect()
}

fn credible(
    design: &Design,
    row: usize,
    draws: &[[f64; 2]],
    dials: &[Dial],
    dial_ranks: &[Vec<f64>],
    reading: Reading,
) -> Option<Credible> {
    let question = design.questions[row].as_ref()?;
    let upper: Vec<f64> = draws.iter().map(|draw| draw[1]).collect();
    let outcome_ranks = ranking::middle_ranks(&upper);
    let mut drivers: Vec<Driver> = Vec::new();
    for (at, dial) in dials.iter().enumerate().filter(|(at, _)| design.has(*at)) {
        let [at_low, at_high] = flips::ends(dial, reading, &|x| question.at(&design.with(at, x))[1]);
        let correlation = ranking::correlation(&dial_ranks[at], &outcome_ranks);
        let driver = Driver { dial: at, at_low, at_high, correlation };
        if driver.swing() > ranking::EQUAL * at_high.max(at_low) {
            drivers.push(driver);
        }
    }
    drivers.sort_by(|a, b| b.swing().total_cmp(&a.swing()).then(a.dial.cmp(&b.dial)));
    Some(Credible {
        nominal: question.at(design.nominal()),
        spread: Spread::of(draws),
        method: question.method,
        stopped: question.stopped,
        drivers,
    })
}

/// Every pair and every dial that moves one of the two.
fn flips_of(designs: &[Design], row: usize, dials: &[Dial], credibles: &[Option<Credible>]) -> Vec<Flip> {
    let mut found = Vec::new();
    let moves = |at: usize, dial: usize| {
        credibles[at].as_ref().is_some_and(|credible| credible.drivers.iter().any(|driver| driver.dial == dial))
    };
    for (better, a) in credibles.iter().enumerate() {
        for (worse, b) in credibles.iter().enumerate() {
            let (Some(a), Some(b)) = (a, b) else { continue };
            let (Some(first), Some(second)) = (&designs[better].questions[row], &designs[worse].questions[row]) else {
                continue;
            };
            if !ranking::less(a.nominal, b.nominal) {
                continue;
            }
            for (dial, of) in dials.iter().enumerate() {
                if !moves(better, dial) && !moves(worse, dial) {
                    continue;
                }
                // The order is gone where the best that is known of the one exceeds the worst that is known of the other.
                let turns = flips::turns(of, &|x| first.at(&designs[better].with(dial, x))[0], &|x| {
                    second.at(&designs[worse].with(dial, x))[1]
                });
                found.extend(turns.into_iter().map(|(at, above)| Flip { better, worse, dial, at, above }));
            }
        }
    }
    found
}
