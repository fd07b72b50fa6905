//! Machine output of `backtest`: one answer per incident, and the hit rates beside them.

use serde::Serialize;

use super::Envelope;
use crate::model::incident::{ControlAside, FirstScore, Vocabulary};
use crate::report::words;
use crate::study::backtest::rates::{Group, Rate, Rates, rates};
use crate::study::backtest::record::{Compared, Worse};
use crate::study::backtest::{Case, DocumentedPath, End};

/// A documented control.
#[derive(Debug, Serialize)]
pub struct ControlAnswer<'a> {
    id: &'a str,
    cuts: bool,
}

/// A control that leaves reached what was reached: one that has nothing to do with it, or a documented one that is not said to stop it.
#[derive(Debug, Serialize)]
pub struct UnrelatedAnswer<'a> {
    id: &'a str,
    reached: bool,
}

/// A documented intermediate capability.
#[derive(Debug, Serialize)]
pub struct DocumentedAnswer<'a> {
    capability: &'a str,
    on_path: bool,
}

/// A documented control that stops nothing of what happened.
#[derive(Debug, Serialize)]
pub struct IdleAnswer<'a> {
    id: &'a str,
    /// Every end is still reached with it on.
    reached: bool,
    why: &'a str,
}

/// A documented control that the model cannot express.
#[derive(Debug, Serialize)]
pub struct NotExpressed<'a> {
    control: &'a str,
    why: &'a str,
}

/// A threat that held.
#[derive(Debug, Serialize)]
pub struct HeldAnswer<'a> {
    threat: &'a str,
    holds: bool,
    why: &'a str,
}

/// One step of the documented path.
#[derive(Debug, Serialize)]
pub struct StepAnswer<'a> {
    step: &'a str,
    gains: &'a str,
    says: &'a str,
}

/// How a blind model scored at first; what was not kept is null.
#[derive(Debug, Serialize)]
pub struct FirstScoreAnswer<'a> {
    found: bool,
    shape: Option<f64>,
    controls: Option<RateAnswer>,
    held: Option<RateAnswer>,
    why: &'a str,
}

impl<'a> From<&'a FirstScore> for FirstScoreAnswer<'a> {
    fn from(first: &'a FirstScore) -> FirstScoreAnswer<'a> {
        FirstScoreAnswer {
            found: first.found,
            shape: first.shape,
            controls: first.controls.map(RateAnswer::from),
            held: first.held.map(RateAnswer::from),
            why: &first.why,
        }
    }
}

/// Other minimal paths with at most as many failures.
#[derive(Debug, Serialize)]
pub struct OverPredicted {
    paths: u64,
    sets: u64,
    complete: bool,
}

/// What became of one documented end.
#[derive(Debug, Serialize)]
pub struct EndAnswer<'a> {
    threat: &'a str,
    found: bool,
    not_trivial: bool,
    status: &'static str,
    k: Option<u32>,
    shape: Option<f64>,
    rank: Option<usize>,
    set_rank: Option<usize>,
    rank_certain: bool,
    documented: Vec<DocumentedAnswer<'a>>,
    failures: Vec<&'a str>,
    path: Vec<StepAnswer<'a>>,
    over_predicted: Option<OverPredicted>,
    controls: Vec<ControlAnswer<'a>>,
    idle: Vec<UnrelatedAnswer<'a>>,
}

impl<'a> EndAnswer<'a> {
    fn new(end: &'a End) -> EndAnswer<'a> {
        let path = end.path.as_ref();
        let steps = path.map(|path| path.steps.as_slice()).unwrap_or_default();
        let documented = end.documented.iter();
        EndAnswer {
            threat: &end.threat,
            found: end.found,
            not_trivial: end.not_trivial,
            status: words::status(end.status),
            k: end.k,
            shape: end.shape,
            rank: path.map(|path| path.rank),
            set_rank: path.map(|path| path.set_rank),
            rank_certain: path.is_some_and(|path| path.certain),
            documented: documented.map(|(name, on)| DocumentedAnswer { capability: name, on_path: *on }).collect(),
            failures: path.map(|path| path.failures.iter().map(String::as_str).collect()).unwrap_or_default(),
            path: steps
                .iter()
                .map(|step| StepAnswer { step: &step.step, gains: &step.gains, says: &step.says })
                .collect(),
            over_predicted: path.map(over_predicted),
            controls: end.controls.iter().map(|(id, cuts)| ControlAnswer { id, cuts: *cuts }).collect(),
            idle: left_reached(&end.idle),
        }
    }
}

fn left_reached(controls: &[(String, bool)]) -> Vec<UnrelatedAnswer<'_>> {
    controls.iter().map(|(id, reached)| UnrelatedAnswer { id, reached: *reached }).collect()
}

/// What became of one incident.
#[derive(Debug, Serialize)]
pub struct CaseAnswer<'a> {
    id: &'a str,
    file: &'a str,
    model: &'a str,
    index: &'a str,
    date: &'a str,
    class: &'static str,
    confidence: &'static str,
    evidence: &'static str,
    scored: bool,
    modelled: &'static str,
    first_score: Option<FirstScoreAnswer<'a>>,
    hit: bool,
    #[serde(flatten)]
    chain: EndAnswer<'a>,
    also: Vec<EndAnswer<'a>>,
    stops_nothing: Vec<IdleAnswer<'a>>,
    unrelated: Vec<UnrelatedAnswer<'a>>,
    not_expressed: Vec<NotExpressed<'a>>,
    held: Option<bool>,
    held_list: Vec<HeldAnswer<'a>>,
}

impl<'a> CaseAnswer<'a> {
    fn new(case: &'a Case) -> CaseAnswer<'a> {
        let incident = &case.incident;
        let idle = |aside: &'a ControlAside| IdleAnswer {
            id: &aside.control,
            reached: case.is_idle(&aside.control),
            why: &aside.why,
        };
        let not_expressed = incident.not_expressed.iter();
        let held = case.held.iter();
        CaseAnswer {
            id: &case.id,
            file: &case.file,
            model: &case.model,
            index: &incident.index,
            date: &incident.date,
            class: incident.class.word(),
            confidence: incident.confidence.word(),
            evidence: incident.evidence.word(),
            scored: incident.scored,
            modelled: incident.modelled.word(),
            first_score: incident.first_score.as_ref().map(FirstScoreAnswer::from),
            hit: case.is_hit(),
            chain: EndAnswer::new(&case.chain),
            also: case.also.iter().map(EndAnswer::new).collect(),
            stops_nothing: incident.stops_nothing.iter().map(idle).collect(),
            unrelated: left_reached(&case.unrelated),
            not_expressed: not_expressed
                .map(|aside| NotExpressed { control: &aside.control, why: &aside.why })
                .collect(),
            held: case.held(),
            held_list: held
                .map(|held| HeldAnswer { threat: &held.threat, holds: held.holds, why: &held.why })
                .collect(),
        }
    }
}

fn over_predicted(path: &DocumentedPath) -> OverPredicted {
    OverPredicted { paths: path.over_predicted.n, sets: path.over_sets, complete: path.over_predicted.complete }
}

/// So many of so many, with its 95 % Wilson interval.
#[derive(Debug, Serialize)]
pub struct RateAnswer {
    hits: u64,
    of: u64,
    interval: Option<(f64, f64)>,
}

impl From<Rate> for RateAnswer {
    fn from(rate: Rate) -> RateAnswer {
        RateAnswer { hits: rate.hits, of: rate.of, interval: rate.interval() }
    }
}

/// The mean share of documented capabilities on the documented paths.
#[derive(Debug, Serialize)]
pub struct ShapeAnswer {
    mean: f64,
    of: u64,
}

/// The rates of one group of incidents.
#[derive(Debug, Serialize)]
pub struct RatesAnswer {
    group: &'static str,
    class: bool,
    incidents: u64,
    found: RateAnswer,
    shape: Option<ShapeAnswer>,
    controls: RateAnswer,
    idle: RateAnswer,
    unrelated: RateAnswer,
    held: RateAnswer,
}

impl From<&Rates> for RatesAnswer {
    fn from(rates: &Rates) -> RatesAnswer {
        RatesAnswer {
            group: rates.group.word(),
            class: matches!(rates.group, Group::Class(_)),
            incidents: rates.incidents,
            found: rates.found.into(),
            shape: rates.shape.map(|(mean, of)| ShapeAnswer { mean, of }),
            controls: rates.controls.into(),
            idle: rates.idle.into(),
            unrelated: rates.unrelated.into(),
            held: rates.held.into(),
        }
    }
}

/// What `backtest` answers: every incident, then the rates of their groups.
#[derive(Debug, Serialize)]
pub struct BacktestAnswer<'a> {
    #[serde(flatten)]
    envelope: Envelope<'a, CaseAnswer<'a>>,
    rates: Vec<RatesAnswer>,
    worse: Option<&'a [Worse]>,
    not_recorded: Option<&'a [String]>,
}

/// The answer about some incidents, and what became of the record they are compared with.
pub fn backtest<'a>(cases: &'a [Case], compared: Option<&'a Compared>, seed: u64) -> BacktestAnswer<'a> {
    let model = hash(cases);
    let answers = cases.iter().map(CaseAnswer::new).collect();
    let rates = rates(cases).iter().map(RatesAnswer::from).collect();
    BacktestAnswer {
        envelope: Envelope::new("backtest", &model, seed, answers),
        rates,
        worse: compared.map(|compared| compared.worse.as_slice()),
        not_recorded: compared.map(|compared| compared.not_recorded.as_slice()),
    }
}

/// One hash for all of their models.
pub fn hash(cases: &[Case]) -> String {
    super::hash_of(cases.iter().map(|case| case.model.as_str()))
}
