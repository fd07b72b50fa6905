//! `check`: is the model right, does the design work, and does every threat keep its tolerance?

use serde::Serialize;

use super::common;
use crate::cli::args::{Check, Format};
use crate::cli::load::{self, Loaded};
use crate::cli::{Failure, Outcome, output};
use crate::diagnostic::{self, JsonDiagnostic};
use crate::report::content::gate;
use crate::report::json::Envelope;
use crate::study::answer::AnswerOptions;
use crate::study::gate::{Judgement, judge};

#[derive(Debug, Serialize)]
struct CheckAnswer<'a> {
    threat: &'a str,
    status: &'a str,
    k: Option<u32>,
    verdict: &'a str,
    expected: &'a str,
    got: &'a str,
}

#[derive(Debug, Serialize)]
struct Checked<'a> {
    #[serde(flatten)]
    envelope: Envelope<'a, CheckAnswer<'a>>,
    diagnostics: Vec<JsonDiagnostic>,
}

/// Runs it.
pub fn run(args: &Check) -> Result<Outcome, Failure> {
    let common = &args.input.common;
    let loaded = load::load(&args.input.model, &args.input.edits)?;
    let warnings = match &loaded {
        Loaded::Model(loaded) => loaded.warnings.clone(),
        Loaded::Graph { .. } => Vec::new(),
    };
    let wrong = common::is_wrong(&warnings);
    if wrong && common.format == Format::Human {
        return Err(load::told(&warnings));
    }
    let options = AnswerOptions { k: 1, counts: false, coalitions: false, ..AnswerOptions::default() };
    let answer = common::answer_loaded(loaded, common, &options)?;
    let judgements = judge(&answer);
    match common.format {
        Format::Human => {
            output::note(&load::diagnostics(&warnings));
            common::print(&gate::blocks(&answer, &judgements), &[&answer], common.seed)?;
        }
        Format::Json => {
            let one = |judgement: &'_ Judgement| judgement.threat;
            let answers = judgements.iter().map(|judgement| CheckAnswer {
                threat: &answer.threats[one(judgement)].threat,
                status: gate::status(&answer, judgement),
                k: answer.threats[one(judgement)].reach.k,
                verdict: judgement.verdict.word(),
                expected: &judgement.expected,
                got: &judgement.got,
            });
            let envelope = Envelope::new("check", &answer.graph.model, common.seed, answers.collect());
            common::json(&Checked { envelope, diagnostics: warnings.iter().map(diagnostic::json).collect() })?;
        }
    }
    if wrong {
        return Err(Failure::Wrong(String::new()));
    }
    Ok(if judgements.iter().any(|judgement| judgement.verdict.fails()) { Outcome::Worse } else { Outcome::Answered })
}
