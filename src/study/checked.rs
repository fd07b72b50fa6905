//! One model at the gate: its answers, verdicts, accepted risks and diagnostics, or why it could not be answered.

use super::DesignAnswer;
use super::gate::{Judgement, Verdict, judge};
use super::register::{self, Entry};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::model::Model;
use crate::source::{Place, Span};
use crate::units::Date;

/// A model, or a graph, that was checked.
#[derive(Debug, Clone)]
pub struct Checked {
    /// As the user wrote it.
    pub file: String,
    /// Errors and lints.
    pub diagnostics: Vec<Diagnostic>,
    /// What happened to its threats; `None` where the file is wrong or cannot be read.
    pub answered: Option<Answered>,
    /// Why a file without a model's diagnostics cannot be used.
    pub broken: Option<Broken>,
}

/// Why a file cannot be used, where no diagnostic of a model tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// It could not be read at all; else its content is no graph.
    pub unreadable: bool,
    /// The sentence, or several lines.
    pub message: String,
}

/// The threats of a model at the gate.
#[derive(Debug, Clone)]
pub struct Answered {
    /// The answers.
    pub answer: DesignAnswer,
    /// One per threat.
    pub judgements: Vec<Judgement>,
    /// Where each threat is written; `None` in a graph.
    pub places: Vec<Option<Place>>,
    /// The register of accepted risks.
    pub register: Vec<Entry>,
    /// The day by which it was judged; nothing depends on it where the register is empty.
    pub today: Date,
}

impl Answered {
    /// Judges the threats of a model, or of a graph, by the register of `model` on a day.
    pub fn new(answer: DesignAnswer, model: Option<&Model>, today: Date) -> Answered {
        let mut judgements = judge(&answer);
        let register = model.map(|model| register::apply(model, &answer, &mut judgements, today)).unwrap_or_default();
        let place = |judgement: &Judgement| {
            let name = &answer.threats[judgement.threat].threat;
            let decl = model?.threats.iter().find(|decl| decl.id == *name)?;
            Some(Span::place(&decl.span))
        };
        let places = judgements.iter().map(place).collect();
        Answered { answer, judgements, places, register, today }
    }

    /// How many threats got a verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.judgements.iter().filter(|judgement| judgement.verdict == verdict).count()
    }

    /// The entry of the register that names a threat.
    pub fn entry(&self, judgement: usize) -> Option<&Entry> {
        self.register.iter().find(|entry| entry.threats.contains(&judgement))
    }
}

impl Checked {
    /// Is the model wrong: an error among its diagnostics, or no graph?
    pub fn is_wrong(&self) -> bool {
        let error = |diagnostic: &Diagnostic| diagnostic.severity == Severity::Error;
        self.diagnostics.iter().any(error) || self.broken.as_ref().is_some_and(|broken| !broken.unreadable)
    }

    /// Could it not be read, or a file that it extends?
    pub fn is_unreadable(&self) -> bool {
        let missing = self.diagnostics.iter().any(|diagnostic| diagnostic.code == Code::UnreadableFile);
        missing || self.broken.as_ref().is_some_and(|broken| broken.unreadable)
    }

    /// Is a threat over its tolerance or undecided, and not accepted?
    pub fn fails(&self) -> bool {
        self.answered.iter().flat_map(|answered| &answered.judgements).any(|judgement| judgement.verdict.fails())
    }
}
