//! Whether each threat keeps its tolerance.

use super::{DesignAnswer, ThreatAnswer};
use crate::analysis::exact::Chance;
use crate::analysis::{Reach, Status};
use crate::graph::{CapabilityGraph, Threat, Tolerance};
use crate::units::{self, significant};

/// What became of one tolerance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Kept.
    Pass,
    /// The question cannot be asked of this model.
    NotApplicable,
    /// No tolerance is stated.
    NotJudged,
    /// Not kept or not decided, and the register of accepted risks covers it.
    Accepted,
    /// The bounds do not decide it.
    Undecided,
    /// Not kept.
    Fail,
}

impl Verdict {
    /// As it is printed.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::NotApplicable => "not-applicable",
            Verdict::NotJudged => "not-judged",
            Verdict::Accepted => "accepted",
            Verdict::Undecided => "undecided",
            Verdict::Fail => "fail",
        }
    }

    /// Does it fail the gate? Undecided does.
    pub fn fails(self) -> bool {
        matches!(self, Verdict::Undecided | Verdict::Fail)
    }
}

/// One threat at the gate.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// Position of the threat in its design's answers.
    pub threat: usize,
    /// Verdict.
    pub verdict: Verdict,
    /// What was expected, in words.
    pub expected: String,
    /// What is the case, in words.
    pub got: String,
    /// Failures needed as the tolerance counts them, with those it trusts taken as honest.
    pub k: Option<u32>,
}

/// Judges every threat of a design.
pub fn judge(answer: &DesignAnswer) -> Vec<Judgement> {
    let of = |threat: &ThreatAnswer| answer.graph.threats.iter().find(|asked| asked.name == threat.threat);
    let judged = answer.threats.iter().enumerate().map(|(at, threat)| match of(threat) {
        Some(asked) => one(&answer.graph, asked, threat, at),
        None => {
            let (expected, got) = (String::new(), "not asked".into());
            Judgement { threat: at, verdict: Verdict::NotApplicable, expected, got, k: None }
        }
    });
    judged.collect()
}

fn one(graph: &CapabilityGraph, asked: &Threat, answer: &ThreatAnswer, at: usize) -> Judgement {
    let (tolerance, reach) = (&asked.tolerate, &answer.reach);
    let k = if tolerance.trusting.is_empty() { reach.k } else { reach.k_trusting };
    let made = |verdict, expected: String, got: String| Judgement { threat: at, verdict, expected, got, k };
    if reach.status == Status::NotApplicable {
        let why = asked.not_applicable.clone().unwrap_or_else(|| "cannot be asked of this model".into());
        return made(Verdict::NotApplicable, String::new(), why);
    }
    let mut worst = Verdict::Pass;
    let mut expected = Vec::new();
    let mut want = |text: String, holds: Verdict| {
        expected.push(text);
        worst = worst.max(holds);
    };
    // A k that is not proved may be smaller, never larger: what it breaks is broken, what it keeps is open.
    let judged = |holds: bool, proved: bool| match (holds, proved) {
        (false, _) => Verdict::Fail,
        (true, true) => Verdict::Pass,
        (true, false) => Verdict::Undecided,
    };
    if tolerance.any {
        want("anything".into(), Verdict::Pass);
    }
    if tolerance.no_grant {
        want("not by grant".into(), judged(k != Some(0), reach.exact || reach.profile_complete));
    }
    if tolerance.unreachable {
        want("unreachable".into(), judged(k.is_none(), reach.exact));
    }
    if let Some(n) = tolerance.failures {
        want(format!("holds while any {n} fail"), judged(k.is_none_or(|k| k > n), reach.exact));
    }
    let chance = tolerance.probability.map(|limit| (limit, told_chance(tolerance, limit, answer)));
    if let Some((limit, (chance, _))) = &chance {
        let verdict = match (exceeds(chance.low(), *limit), exceeds(chance.high(), *limit)) {
            (_, false) => Verdict::Pass,
            (true, true) => Verdict::Fail,
            (false, true) => Verdict::Undecided,
        };
        want(format!("probability at most {limit}"), verdict);
    }
    if expected.is_empty() {
        return made(Verdict::NotJudged, "no tolerance stated".into(), got(tolerance, reach, None));
    }
    if !tolerance.trusting.is_empty() {
        let mut names: Vec<&str> =
            tolerance.trusting.iter().map(|id| graph.principals[id.0 as usize].class.as_str()).collect();
        names.dedup();
        expected.push(format!("trusting {}", names.join(", ")));
    }
    made(worst, expected.join(", "), got(tolerance, reach, chance.map(|(_, (_, told))| told)))
}

/// What is the case; where somebody is trusted, with and without that trust.
fn got(tolerance: &Tolerance, reach: &Reach, chance: Option<String>) -> String {
    let mut text = match tolerance.trusting.is_empty() {
        true => reached(reach.exact, reach.k),
        false if reach.k == reach.k_trusting => {
            format!("{}, with and without that trust", reached(reach.exact, reach.k))
        }
        false => {
            let (with, without) = (reached(reach.exact, reach.k_trusting), reached(reach.exact, reach.k));
            format!("{with}; without that trust {without}")
        }
    };
    if let Some(chance) = chance {
        text.push_str(&format!("; probability {chance}"));
    }
    text
}

fn reached(exact: bool, k: Option<u32>) -> String {
    let reach = match k {
        None => "unreachable".to_owned(),
        Some(0) => "reached by grant, nothing has to fail".to_owned(),
        Some(1) => "reached when 1 assumption fails".to_owned(),
        Some(k) => format!("reached when {k} assumptions fail"),
    };
    match (exact, k) {
        (true, _) | (false, Some(0)) => reach,
        (false, Some(_)) => format!("{reach}, or fewer: the search stopped"),
        (false, None) => "not reached before the search stopped".to_owned(),
    }
}

/// What rounding may add to a probability before it counts as over its limit, as a part of the limit: sums of doubles differ in their last
/// digits by the order they are taken in, and a limit of just that probability is kept.
const ROUNDING: f64 = 8.0 * f64::EPSILON;

/// Is a probability over its limit by more than rounding?
pub fn exceeds(probability: f64, limit: f64) -> bool {
    probability > limit * (1.0 + ROUNDING)
}

/// As probabilities are told everywhere, or with as many digits as show on which side of the limit it is.
fn told_beside(probability: f64, limit: f64) -> String {
    let short = units::chance(probability);
    let shows = |text: &String| text.parse().is_ok_and(|read: f64| exceeds(read, limit) == exceeds(probability, limit));
    // `over 0.999` says enough beside every limit but one between that and 1.
    if shows(&short) || (short.starts_with("over") && !(0.999..1.0).contains(&limit)) {
        return short;
    }
    let longer = (4..=6).map(|digits| significant(probability, digits)).filter(|text| text != "1");
    longer.into_iter().find(shows).unwrap_or_else(|| probability.to_string())
}

/// The probability that a tolerance is about, and in words. One that nobody worked out may be anything.
fn told_chance(tolerance: &Tolerance, limit: f64, answer: &ThreatAnswer) -> (Chance, String) {
    let Some(chances) = answer.chance else { return (Chance::bounded(0.0, 1.0), "not worked out".into()) };
    let (chance, ends) = match tolerance.trusting.is_empty() {
        true => (chances.plain, chances.ends),
        false => (chances.trusting, chances.ends_trusting),
    };
    let told = match (chance.interval, ends) {
        (Some([low, high]), _) => format!("between {} and {}", told_beside(low, limit), told_beside(high, limit)),
        (None, Some([low, high])) if low < high => {
            let told = told_beside(chance.value, limit);
            format!("{told} ({} to {} over the ranges of its numbers)", units::chance(low), units::chance(high))
        }
        (None, _) => told_beside(chance.value, limit),
    };
    (chance, told)
}
