//! Uncertainty as `compare` writes it: intervals, wins, what moves an answer and what turns an order. Spelled in `docs/semantics.md`.

use serde::Serialize;

use crate::study::Comparison;
use crate::study::uncertainty::dials::{Dial, Reading};
use crate::study::uncertainty::{Credible, Uncertainty};

/// Everything.
#[derive(Debug, Serialize)]
pub struct UncertaintyAnswer<'a> {
    draws: u64,
    ranges: &'static str,
    parameters: Vec<ParameterAnswer<'a>>,
    answers: Vec<CredibleAnswer<'a>>,
    better: Vec<BetterAnswer<'a>>,
    flips: Vec<FlipAnswer<'a>>,
}

/// A number with a range.
#[derive(Debug, Serialize)]
pub struct ParameterAnswer<'a> {
    id: &'a str,
    range: [f64; 3],
    grade: &'a str,
}

/// A number with its range and grade.
pub fn parameter(dial: &Dial) -> ParameterAnswer<'_> {
    ParameterAnswer { id: &dial.id, range: dial.range, grade: &dial.grade }
}

/// One question of one design.
#[derive(Debug, Serialize)]
struct CredibleAnswer<'a> {
    design: &'a str,
    threat: &'a str,
    method: &'static str,
    nominal: f64,
    credible: [f64; 3],
    mean: f64,
    ranks: Option<&'a [u64]>,
    drivers: Vec<DriverAnswer>,
}

/// A parameter that moves it.
#[derive(Debug, Serialize)]
pub struct DriverAnswer {
    parameter: usize,
    at_low: f64,
    at_high: f64,
    rank_correlation: f64,
}

/// In how many draws the design of a row is better than that of a column.
#[derive(Debug, Serialize)]
struct BetterAnswer<'a> {
    threat: &'a str,
    draws: Vec<Vec<Option<u64>>>,
}

/// Where an order turns.
#[derive(Debug, Serialize)]
struct FlipAnswer<'a> {
    threat: &'a str,
    better: &'a str,
    worse: &'a str,
    parameter: usize,
    above: bool,
    at: f64,
}

/// The word of a reading.
pub fn reading(reading: Reading) -> &'static str {
    match reading {
        Reading::Pert => "pert",
        Reading::LogUniform => "log-uniform",
    }
}

impl<'a> UncertaintyAnswer<'a> {
    /// Of a comparison.
    pub fn of(comparison: &'a Comparison, found: &'a Uncertainty) -> Self {
        let design = |at: usize| comparison.designs.get(at).map_or("", |design| design.design.as_str());
        let mut answer = UncertaintyAnswer {
            draws: found.options.draws,
            ranges: reading(found.options.reading),
            parameters: found.dials.iter().map(parameter).collect(),
            answers: Vec::new(),
            better: Vec::new(),
            flips: Vec::new(),
        };
        for (row, asked) in found.rows.iter().zip(&comparison.rows) {
            let threat = asked.group.as_str();
            let of = |(at, of): (usize, &'a Option<Credible>)| {
                let ranks = row.ranks.get(at).and_then(Option::as_deref);
                Some(credible(design(at), threat, of.as_ref()?, ranks))
            };
            answer.answers.extend(row.designs.iter().enumerate().filter_map(of));
            let n = row.wins.len();
            let draws = (0..n).map(|a| (0..n).map(|b| row.wins.better(a, b)).collect()).collect();
            answer.better.push(BetterAnswer { threat, draws });
            answer.flips.extend(row.flips.iter().map(|flip| FlipAnswer {
                threat,
                better: design(flip.better),
                worse: design(flip.worse),
                parameter: flip.dial,
                above: flip.above,
                at: flip.at,
            }));
        }
        answer
    }
}

fn credible<'a>(design: &'a str, threat: &'a str, found: &Credible, ranks: Option<&'a [u64]>) -> CredibleAnswer<'a> {
    let driver = |driver: &crate::study::uncertainty::flips::Driver| DriverAnswer {
        parameter: driver.dial,
        at_low: driver.at_low,
        at_high: driver.at_high,
        rank_correlation: driver.correlation,
    };
    CredibleAnswer {
        design,
        threat,
        method: crate::report::content::exposed::method(found.method),
        nominal: found.nominal[1],
        credible: [found.spread.low, found.spread.median, found.spread.high],
        mean: found.spread.mean,
        ranks,
        drivers: found.drivers.iter().map(driver).collect(),
    }
}
