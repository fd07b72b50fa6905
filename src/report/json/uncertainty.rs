//! Uncertainty as `compare` and `simulate --uncertainty` write it: intervals, wins, what moves an answer and what turns an order. Spelled in `docs/semantics.md`.

use serde::Serialize;

use super::sweep;
use crate::analysis::exact::Method;
use crate::report::content::exposed::method;
use crate::study::uncertainty::dials::{Dial, Reading};
use crate::study::uncertainty::flips::{Driver, Flip};
use crate::study::uncertainty::kept::Kept;
use crate::study::uncertainty::{Contest, Credible, Uncertainty};

/// Everything.
#[derive(Debug, Serialize)]
pub struct UncertaintyAnswer<'a> {
    draws: u64,
    ranges: &'static str,
    parameters: Vec<ParameterAnswer<'a>>,
    answers: Vec<CredibleAnswer<'a>>,
    better: Vec<BetterAnswer<'a>>,
    flips: Vec<FlipAnswer<'a>>,
    /// The threats of a single design against each other; left out where there are none to compare.
    #[serde(skip_serializing_if = "Option::is_none")]
    within: Option<WithinAnswer<'a>>,
    /// Tolerances that name a probability; left out where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tolerances: Vec<KeptAnswer<'a>>,
}

/// The threats of one design: in how many draws that of a row is less likely than that of a column.
#[derive(Debug, Serialize)]
struct WithinAnswer<'a> {
    threats: Vec<&'a str>,
    draws: Vec<Vec<Option<u64>>>,
    flips: Vec<OrderFlipAnswer<'a>>,
}

/// Where the order of two threats of one design turns.
#[derive(Debug, Serialize)]
struct OrderFlipAnswer<'a> {
    less_likely: &'a str,
    likelier: &'a str,
    parameter: usize,
    above: bool,
    at: f64,
}

/// A tolerance that names a probability.
#[derive(Debug, Serialize)]
struct KeptAnswer<'a> {
    design: &'a str,
    threat: &'a str,
    limit: f64,
    nominal: [f64; 2],
    kept: u64,
    exceeded: u64,
    flips: Vec<KeptFlipAnswer<'a>>,
}

/// A number that breaks or mends a tolerance.
#[derive(Debug, Serialize)]
struct KeptFlipAnswer<'a> {
    parameter: &'a str,
    above: bool,
    at: f64,
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
    /// Of designs.
    pub fn of(found: &'a Uncertainty) -> Self {
        let design = |at: usize| found.designs.get(at).map_or("", |(design, _)| design.as_str());
        let mut answer = UncertaintyAnswer {
            draws: found.options.draws,
            ranges: reading(found.options.reading),
            parameters: found.dials.iter().map(parameter).collect(),
            answers: Vec::new(),
            better: Vec::new(),
            flips: Vec::new(),
            within: found.within.as_ref().map(|within| WithinAnswer::of(found, within)),
            tolerances: found.kept.iter().map(|kept| KeptAnswer::of(design(kept.design), kept)).collect(),
        };
        for row in &found.rows {
            let threat = row.about.as_str();
            let of = |(at, of): (usize, &'a Option<Credible>)| {
                let ranks = row.ranks.get(at).and_then(Option::as_deref);
                Some(credible(design(at), threat, of.as_ref()?, ranks))
            };
            answer.answers.extend(row.answers.iter().enumerate().filter_map(of));
            answer.better.push(BetterAnswer { threat, draws: better(row) });
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

/// In how many draws which competitor is better.
fn better(row: &Contest) -> Vec<Vec<Option<u64>>> {
    let n = row.wins.len();
    (0..n).map(|a| (0..n).map(|b| row.wins.better(a, b)).collect()).collect()
}

impl<'a> WithinAnswer<'a> {
    fn of(found: &'a Uncertainty, within: &Contest) -> Self {
        let threat = |at: usize| found.rows.get(at).map_or("", |row| row.about.as_str());
        let flip = |flip: &Flip| OrderFlipAnswer {
            less_likely: threat(flip.better),
            likelier: threat(flip.worse),
            parameter: flip.dial,
            above: flip.above,
            at: flip.at,
        };
        WithinAnswer {
            threats: found.rows.iter().map(|row| row.about.as_str()).collect(),
            draws: better(within),
            flips: within.flips.iter().map(flip).collect(),
        }
    }
}

impl<'a> KeptAnswer<'a> {
    fn of(design: &'a str, kept: &'a Kept) -> Self {
        let flip =
            |(dial, at, above): &'a (Dial, f64, bool)| KeptFlipAnswer { parameter: &dial.id, above: *above, at: *at };
        KeptAnswer {
            design,
            threat: &kept.threat,
            limit: kept.limit,
            nominal: kept.nominal,
            kept: kept.kept,
            exceeded: kept.exceeded,
            flips: kept.turns.iter().map(flip).collect(),
        }
    }
}

fn credible<'a>(design: &'a str, threat: &'a str, found: &Credible, ranks: Option<&'a [u64]>) -> CredibleAnswer<'a> {
    let driver = |driver: &Driver| DriverAnswer {
        parameter: driver.dial,
        at_low: driver.at_low,
        at_high: driver.at_high,
        rank_correlation: driver.correlation,
    };
    CredibleAnswer {
        design,
        threat,
        method: method(found.method),
        nominal: found.nominal[1],
        credible: [found.spread.low, found.spread.median, found.spread.high],
        mean: found.spread.mean,
        ranks,
        drivers: found.drivers.iter().map(driver).collect(),
    }
}

/// One threat of one design as `simulate --uncertainty` answers it; everything else stands beside the answers.
#[derive(Debug, Serialize)]
pub struct UncertainAnswer<'a> {
    design: &'a str,
    threat: &'a str,
    expression: &'static str,
    probability: Option<f64>,
    method: Option<&'static str>,
    interval: Option<[f64; 2]>,
    trials: u64,
    quantiles: [(); 0],
    /// 5 %, 50 % and 95 % quantile over the draws of all numbers.
    credible: Option<[f64; 3]>,
}

impl<'a> UncertainAnswer<'a> {
    fn new(design: &'a str, row: &'a Contest, at: usize) -> Self {
        let answer = row.answers.get(at).and_then(Option::as_ref);
        UncertainAnswer {
            design,
            threat: &row.about,
            expression: "exposed",
            probability: answer.map(|answer| answer.nominal[1]),
            method: answer.map(|answer| method(answer.method)),
            interval: answer.filter(|answer| answer.method == Method::Bounded).map(|answer| answer.nominal),
            trials: 0,
            quantiles: [],
            credible: answer.map(|answer| [answer.spread.low, answer.spread.median, answer.spread.high]),
        }
    }
}

/// One per design and question.
pub fn answers(found: &Uncertainty) -> Vec<UncertainAnswer<'_>> {
    let designs = found.designs.iter().enumerate();
    designs
        .flat_map(|(at, (design, _))| found.rows.iter().map(move |row| UncertainAnswer::new(design, row, at)))
        .collect()
}

/// The same as CSV: one line per design and threat.
///
/// # Errors
/// What the writer says.
pub fn csv(found: &Uncertainty) -> Result<String, csv::Error> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(["design", "threat", "method", "nominal", "q05", "q50", "q95"])?;
    for one in answers(found) {
        let mut line =
            vec![one.design.to_owned(), one.threat.to_owned(), one.method.unwrap_or("not-applicable").to_owned()];
        line.push(one.probability.map_or(String::new(), sweep::number));
        line.extend(one.credible.map_or(["", "", ""].map(str::to_owned), |credible| credible.map(sweep::number)));
        out.write_record(&line)?;
    }
    sweep::finished(out)
}
