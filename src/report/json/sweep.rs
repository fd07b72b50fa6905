//! Sweeps as JSON and as CSV. Spelled in `docs/semantics.md`.

use serde::Serialize;

use super::exact::SimulateAnswer;
use super::uncertainty::{ParameterAnswer, parameter};
use crate::analysis::exact::{Limits, members};
use crate::report::content::exposed::{Exposed, method};
use crate::study::growth::work::Measure;
use crate::study::growth::{About, GrownPoint, Growth};
use crate::study::sweep::{Point, Setting, Sweep, Worked};
use crate::study::uncertainty::ranking::Spread;

/// One threat of one design at one point; `answer` is what `simulate --exact` answers there.
#[derive(Debug, Serialize)]
pub struct SweepAnswer<'a> {
    design: &'a str,
    at: Vec<SettingAnswer<'a>>,
    answer: SimulateAnswer<'a>,
    credible: Option<[f64; 3]>,
    /// Where a rate of work is varied.
    #[serde(skip_serializing_if = "Option::is_none")]
    work: Option<WorkAnswer>,
}

/// What rates of work move, with the publishers that the model has.
#[derive(Debug, Clone, Copy, Serialize)]
struct WorkAnswer {
    wait_days: MeasureAnswer,
    gives_up: MeasureAnswer,
    upkeep_hours: MeasureAnswer,
}

impl WorkAnswer {
    fn of(work: Worked) -> WorkAnswer {
        let [wait_days, gives_up, upkeep_hours] =
            work.map(|(nominal, spread)| MeasureAnswer { nominal, credible: credible(spread) });
        WorkAnswer { wait_days, gives_up, upkeep_hours }
    }
}

/// A field and its value.
#[derive(Debug, Serialize)]
struct SettingAnswer<'a> {
    path: &'a str,
    value: &'a str,
}

fn credible(spread: Spread) -> [f64; 3] {
    [spread.low, spread.median, spread.high]
}

/// Every answer of a sweep, by design, point and threat. `designs` are ids and titles.
pub fn answers<'a>(sweep: &'a Sweep, designs: &'a [(String, String)]) -> Vec<SweepAnswer<'a>> {
    let point = |design: &'a str, point: &'a Point| {
        let at = |(path, value): &'a Setting| SettingAnswer { path, value };
        let answer = move |(threat, varied): (usize, &'a crate::study::sweep::Varied)| SweepAnswer {
            design,
            at: point.at.iter().map(at).collect(),
            answer: {
                let members = members(&point.graph, threat, &Limits::default()).unwrap_or_default();
                let exposed = Exposed { threat, chances: varied.chances, members, matters: None, undrawn: None };
                SimulateAnswer::new(&point.graph, &exposed)
            },
            credible: varied.spread.map(credible),
            work: point.work.map(WorkAnswer::of),
        };
        point.threats.iter().enumerate().map(answer)
    };
    let all = sweep.designs.iter().zip(designs);
    all.flat_map(|(points, (design, _))| points.iter().flat_map(move |at| point(design, at))).collect()
}

/// A sweep as CSV: one line per design, point and threat; where a rate of work is varied, with what it moves at the nominal point.
///
/// # Errors
/// What the writer says.
pub fn csv(sweep: &Sweep, designs: &[(String, String)]) -> Result<String, csv::Error> {
    let mut out = csv::Writer::from_writer(Vec::new());
    let mut head: Vec<&str> = vec!["design"];
    head.extend(sweep.varied.iter().map(|vary| vary.path.as_str()));
    head.extend(["threat", "probability", "method", "low", "high", "q05", "q50", "q95"]);
    let worked = sweep.designs.iter().flatten().any(|point| point.work.is_some());
    head.extend(["wait_days", "gives_up", "upkeep_hours"].iter().filter(|_| worked));
    out.write_record(&head)?;
    for (points, (design, _)) in sweep.designs.iter().zip(designs) {
        for point in points {
            for (threat, varied) in point.graph.threats.iter().zip(&point.threats) {
                let mut line: Vec<String> = vec![design.clone()];
                line.extend(point.at.iter().map(|(_, value)| value.clone()));
                line.push(threat.name.clone());
                match varied.chances {
                    Some(chances) => {
                        let plain = chances.plain;
                        line.extend([number(plain.value), method(plain.method).to_owned()]);
                        line.extend([number(plain.low()), number(plain.high())]);
                    }
                    None => line.extend(["", "not-applicable", "", ""].map(str::to_owned)),
                }
                let spread =
                    varied.spread.map_or(["", "", ""].map(str::to_owned), |spread| credible(spread).map(number));
                line.extend(spread);
                if worked {
                    let measures = point.work.map(|work| work.map(|(nominal, _)| number(nominal)));
                    line.extend(measures.unwrap_or_default());
                }
                out.write_record(&line)?;
            }
        }
    }
    finished(out)
}

/// The shortest decimals that read back to the same number.
pub(super) fn number(x: f64) -> String {
    serde_json::to_string(&x).unwrap_or_default()
}

pub(super) fn finished(out: csv::Writer<Vec<u8>>) -> Result<String, csv::Error> {
    let bytes = out.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8(bytes).unwrap_or_default())
}

/// The founding mail's sweep.
#[derive(Debug, Serialize)]
pub struct GrowthAnswer<'a> {
    draws: u64,
    ranges: &'static str,
    rates: Vec<ParameterAnswer<'a>>,
    orders: Vec<OrderAnswer<'a>>,
    turns: Vec<TurnAnswer<'a>>,
}

/// One design with so many publishers.
#[derive(Debug, Serialize)]
pub struct GrownAnswer<'a> {
    design: &'a str,
    threat: &'a str,
    publishers: u64,
    impersonated: Option<MeasureAnswer>,
    alone: Option<u64>,
    wait_days: Option<MeasureAnswer>,
    gives_up: MeasureAnswer,
    upkeep_hours: MeasureAnswer,
}

/// A number with all others nominal, and over draws.
#[derive(Debug, Clone, Copy, Serialize)]
struct MeasureAnswer {
    nominal: f64,
    credible: [f64; 3],
}

/// Designs from best to worst.
#[derive(Debug, Serialize)]
struct OrderAnswer<'a> {
    about: &'static str,
    publishers: u64,
    designs: Vec<&'a str>,
}

/// What turns two neighbours.
#[derive(Debug, Serialize)]
struct TurnAnswer<'a> {
    about: &'static str,
    publishers: u64,
    better: &'a str,
    worse: &'a str,
    number: &'a str,
    grade: &'a str,
    above: bool,
    at: f64,
}

/// The word of what is ordered.
fn about(about: About) -> &'static str {
    match about {
        About::Chance => "impersonated",
        About::Work(Measure::Wait) => "wait_days",
        About::Work(Measure::GivesUp) => "gives_up",
        About::Work(Measure::Upkeep) => "upkeep_hours",
    }
}

/// Every design at every number of publishers.
pub fn grown(growth: &Growth) -> Vec<GrownAnswer<'_>> {
    let of = |point: &GrownPoint, measure| {
        let (nominal, spread) = point.measure(measure);
        MeasureAnswer { nominal, credible: credible(spread) }
    };
    let chance = |point: &GrownPoint| {
        let (chances, spread) = (point.chance.chances?, point.chance.spread?);
        Some(MeasureAnswer { nominal: chances.plain.value, credible: credible(spread) })
    };
    let design = |design| {
        let design: &crate::study::growth::Grown = design;
        growth.publishers.iter().zip(&design.points).map(move |(publishers, point)| GrownAnswer {
            design: &design.design,
            threat: &design.threat,
            publishers: *publishers,
            impersonated: chance(point),
            alone: point.alone,
            wait_days: design.work.queues.as_ref().map(|_| of(point, Measure::Wait)),
            gives_up: of(point, Measure::GivesUp),
            upkeep_hours: of(point, Measure::Upkeep),
        })
    };
    growth.designs.iter().flat_map(design).collect()
}

/// What stands beside the answers.
pub fn growth(growth: &Growth) -> GrowthAnswer<'_> {
    let name = |at: usize| growth.designs.get(at).map_or("", |design| design.design.as_str());
    GrowthAnswer {
        draws: growth.options.draws,
        ranges: super::uncertainty::reading(growth.options.reading),
        rates: growth.rates.iter().map(parameter).collect(),
        orders: growth
            .orders
            .iter()
            .map(|(of, publishers, order)| OrderAnswer {
                about: about(*of),
                publishers: *publishers,
                designs: order.iter().flatten().map(|at| name(*at)).collect(),
            })
            .collect(),
        turns: growth
            .turns
            .iter()
            .map(|turn| TurnAnswer {
                about: about(turn.about),
                publishers: turn.publishers,
                better: name(turn.better),
                worse: name(turn.worse),
                number: &turn.dial.id,
                grade: &turn.dial.grade,
                above: turn.above,
                at: turn.at,
            })
            .collect(),
    }
}

/// The founding mail's sweep as CSV: one line per design, number of publishers and measure.
///
/// # Errors
/// What the writer says.
pub fn growth_csv(growth: &Growth) -> Result<String, csv::Error> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(["design", "publishers", "measure", "nominal", "q05", "q50", "q95"])?;
    for one in grown(growth) {
        let measures = [
            ("impersonated", one.impersonated),
            ("wait_days", one.wait_days),
            ("gives_up", Some(one.gives_up)),
            ("upkeep_hours", Some(one.upkeep_hours)),
        ];
        if let Some(n) = one.alone {
            out.write_record([one.design, &one.publishers.to_string(), "alone", &n.to_string(), "", "", ""])?;
        }
        for (name, measure) in measures {
            let Some(measure) = measure else { continue };
            let mut line =
                vec![one.design.to_owned(), one.publishers.to_string(), name.to_owned(), number(measure.nominal)];
            line.extend(measure.credible.map(number));
            out.write_record(&line)?;
        }
    }
    finished(out)
}
