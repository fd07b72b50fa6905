//! The register of accepted risks at the gate: which entries cover a threat over its tolerance, and which have expired or gone stale.

use super::DesignAnswer;
use super::gate::{Judgement, Verdict};
use crate::model::{AcceptedRisk, Model};
use crate::units::Date;

/// What became of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It covers threats over their tolerance.
    Accepts,
    /// Its last day is past, and threats it named are over their tolerance: the gate fails on them.
    Expired,
    /// A threat needs fewer failures than the entry accepts.
    Exceeded {
        /// Failures the threat needs now.
        k: Option<u32>,
    },
    /// Nothing it names is over its tolerance, or there is no such threat: why. It can be taken out.
    Stale(String),
    /// Its threat was not asked about in this run.
    NotAsked,
}

impl Standing {
    /// As it is printed.
    pub fn word(&self) -> &'static str {
        match self {
            Standing::Accepts => "accepts",
            Standing::Expired => "expired",
            Standing::Exceeded { .. } => "exceeded",
            Standing::Stale(_) => "stale",
            Standing::NotAsked => "not-asked",
        }
    }
}

/// An entry of the register with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// As written.
    pub risk: AcceptedRisk,
    /// What became of it.
    pub standing: Standing,
    /// Threats over their tolerance that it names: positions in the judgements.
    pub threats: Vec<usize>,
}

/// Puts the register to judgements: what it covers becomes `accepted`. An entry holds up to and including its last day.
pub fn apply(model: &Model, answer: &DesignAnswer, judgements: &mut [Judgement], today: Date) -> Vec<Entry> {
    model.accepted_risks.iter().map(|risk| entry(model, answer, judgements, risk, today)).collect()
}

fn entry(
    model: &Model,
    answer: &DesignAnswer,
    judgements: &mut [Judgement],
    risk: &AcceptedRisk,
    today: Date,
) -> Entry {
    let named = |judgement: &Judgement| {
        let threat = &answer.threats[judgement.threat];
        threat.threat == risk.threat || threat.group == risk.threat
    };
    let asked: Vec<usize> = (0..judgements.len()).filter(|at| named(&judgements[*at])).collect();
    let failing: Vec<usize> = asked.iter().copied().filter(|at| judgements[*at].verdict.fails()).collect();
    let entry = |standing, threats| Entry { risk: risk.clone(), standing, threats };
    if asked.is_empty() {
        return entry(unasked(model, risk), Vec::new());
    }
    if failing.is_empty() {
        return entry(Standing::Stale("the threat is not over its tolerance any more".to_owned()), Vec::new());
    }
    if today > risk.until {
        return entry(Standing::Expired, failing);
    }
    let below = |at: &usize| {
        let judgement = &judgements[*at];
        judgement.k.is_some_and(|k| risk.k.is_some_and(|least| k < least))
    };
    let exceeded = failing.iter().copied().find(below);
    for at in failing.iter().filter(|at| !below(at)).copied().collect::<Vec<_>>() {
        judgements[at].verdict = Verdict::Accepted;
    }
    match exceeded {
        Some(at) => entry(Standing::Exceeded { k: judgements[at].k }, failing),
        None => entry(Standing::Accepts, failing),
    }
}

/// Why an entry names no threat of this run.
fn unasked(model: &Model, risk: &AcceptedRisk) -> Standing {
    let known = model.threats.iter().any(|threat| threat.id == risk.threat || threat.group == risk.threat);
    let lost = model.lost_threats.iter().any(|(id, _)| *id == risk.threat);
    match (known, lost) {
        (true, _) => Standing::NotAsked,
        (false, true) => Standing::Stale("the threat went with what was removed".to_owned()),
        (false, false) => Standing::Stale("the model has no such threat".to_owned()),
    }
}

/// An overlay that accepts what fails now, to start a gate from: YAML to look through, complete and lay over the model.
pub fn overlay(answer: &DesignAnswer, judgements: &[Judgement], owner: &str, today: Date, until: Date) -> String {
    let failing: Vec<&Judgement> = judgements.iter().filter(|judgement| judgement.verdict.fails()).collect();
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut out = format!(
        "# Risks accepted on {today} so that the gate starts green: {} over tolerance. Give each its own reason.\n",
        failing.len()
    );
    out.push_str(if failing.is_empty() { "accepted-risks: []\n" } else { "accepted-risks:\n" });
    for judgement in failing {
        let threat = &answer.threats[judgement.threat];
        let reason =
            format!("over tolerance when the gate was set up: expected {}, got {}", judgement.expected, judgement.got);
        out.push_str(&format!("  - threat: {}\n", quoted(&threat.threat)));
        if let Some(k) = judgement.k {
            out.push_str(&format!("    k: {k}\n"));
        }
        out.push_str(&format!(
            "    until: \"{until}\"\n    owner: {}\n    reason: {}\n",
            quoted(owner),
            quoted(&reason)
        ));
    }
    out
}
