//! What `check` answers, for programs: every threat of every model, the register of accepted risks, and the diagnostics.

use serde::Serialize;

use super::{Envelope, hash_of};
use crate::diagnostic::{self, JsonDiagnostic};
use crate::report::content::gate;
use crate::study::checked::{Answered, Checked};
use crate::study::register::Entry;

/// The whole answer.
#[derive(Debug, Serialize)]
pub struct CheckedAnswer<'a> {
    #[serde(flatten)]
    envelope: Envelope<'a, CheckAnswer<'a>>,
    diagnostics: Vec<JsonDiagnostic>,
    /// Files that are no models and no graphs, or cannot be read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    broken: Vec<BrokenAnswer<'a>>,
    /// The day the register was judged by; where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    today: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    accepted_risks: Vec<RiskAnswer<'a>>,
}

#[derive(Debug, Serialize)]
struct CheckAnswer<'a> {
    file: &'a str,
    design: &'a str,
    threat: &'a str,
    status: &'a str,
    k: Option<u32>,
    /// With those whom the tolerance trusts taken as honest.
    k_trusting: Option<u32>,
    verdict: &'a str,
    expected: &'a str,
    got: &'a str,
}

#[derive(Debug, Serialize)]
struct BrokenAnswer<'a> {
    file: &'a str,
    message: &'a str,
}

#[derive(Debug, Serialize)]
struct RiskAnswer<'a> {
    file: &'a str,
    threat: &'a str,
    k: Option<u32>,
    until: String,
    owner: &'a str,
    reason: &'a str,
    standing: &'static str,
}

/// What `check` answers about several models.
pub fn check(all: &[Checked], seed: u64) -> CheckedAnswer<'_> {
    let answered = || all.iter().filter_map(|checked| Some((checked.file.as_str(), checked.answered.as_ref()?)));
    let hashes: Vec<&str> = answered().map(|(_, answered)| answered.answer.graph.model.as_str()).collect();
    let model = match hashes.as_slice() {
        [one] => (*one).to_owned(),
        several => hash_of(several.iter().copied()),
    };
    let answers = answered().flat_map(|(file, answered)| threats(file, answered)).collect();
    let broken = all.iter().filter_map(|checked| {
        Some(BrokenAnswer { file: &checked.file, message: checked.broken.as_ref()?.message.as_str() })
    });
    let mut registers = answered().filter(|(_, answered)| !answered.register.is_empty());
    CheckedAnswer {
        envelope: Envelope::new("check", &model, seed, answers),
        diagnostics: all.iter().flat_map(|checked| &checked.diagnostics).map(diagnostic::json).collect(),
        broken: broken.collect(),
        today: registers.next().map(|(_, answered)| answered.today.to_string()),
        accepted_risks: answered()
            .flat_map(|(file, of)| of.register.iter().map(move |entry| risk(file, entry)))
            .collect(),
    }
}

fn threats<'a>(file: &'a str, answered: &'a Answered) -> impl Iterator<Item = CheckAnswer<'a>> {
    let answer = &answered.answer;
    answered.judgements.iter().map(move |judgement| CheckAnswer {
        file,
        design: &answer.design,
        threat: &answer.threats[judgement.threat].threat,
        status: gate::status(answer, judgement),
        k: answer.threats[judgement.threat].reach.k,
        k_trusting: answer.threats[judgement.threat].reach.k_trusting,
        verdict: judgement.verdict.word(),
        expected: &judgement.expected,
        got: &judgement.got,
    })
}

fn risk<'a>(file: &'a str, entry: &'a Entry) -> RiskAnswer<'a> {
    let risk = &entry.risk;
    RiskAnswer {
        file,
        threat: &risk.threat,
        k: risk.k,
        until: risk.until.to_string(),
        owner: &risk.owner,
        reason: &risk.reason,
        standing: entry.standing.word(),
    }
}
