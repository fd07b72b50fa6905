//! Answers to the questions of a report: who decided what about an assumption or a step, and when. They are shown beside the
//! questions and change no number: what an answer means for the model is written into the model.

use super::incident::Vocabulary;
use crate::library::Library;
use crate::source::Span;
use crate::units::Date;

/// How the assumptions begin that no library declares: what may be left over, after `present`.
const LEFT_OVER: &str = "left-over.";

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What is answered: an assumption with its values (`boundary-holds(builder, container)`), an assumption whatever its
    /// values, or a step.
    pub question: String,
    /// What was decided.
    pub decision: Decision,
    /// Who answers for it.
    pub owner: String,
    /// The day of the decision; of an open question, the day by which it is to be answered.
    pub date: Date,
    /// Why, or where it is written down.
    pub note: Option<String>,
    /// The entry's `question`.
    pub span: Span,
}

/// What was decided about a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// It was looked at, and what is assumed is so.
    Holds,
    /// It was looked at, and what is assumed is not so: the design is as weak as if it had failed.
    Fails,
    /// The design is to be changed so that nothing rests on it.
    Change,
    /// Nobody knows yet; the owner finds out.
    Open,
}

impl Vocabulary for Decision {
    const WHAT: &'static str = "decision";
    const ALL: &'static [Decision] = &[Decision::Holds, Decision::Fails, Decision::Change, Decision::Open];

    fn word(self) -> &'static str {
        match self {
            Decision::Holds => "holds",
            Decision::Fails => "fails",
            Decision::Change => "change",
            Decision::Open => "open",
        }
    }
}

impl Decision {
    /// A decision by its word.
    pub fn of(word: &str) -> Option<Decision> {
        Decision::ALL.iter().copied().find(|decision| decision.word() == word)
    }
}

impl Answer {
    /// Does it answer the question of this name? An answer without values answers all of them.
    pub fn answers(&self, question: &str) -> bool {
        self.question == question || (!self.question.contains('(') && self.question == base(question))
    }
}

/// The answer to a question among several; one with the very values wins over one for all of them.
pub fn find<'a>(answers: &'a [Answer], question: &str) -> Option<&'a Answer> {
    let exact = answers.iter().find(|answer| answer.question == question);
    exact.or_else(|| answers.iter().find(|answer| answer.answers(question)))
}

/// The assumption or step of a question: what stands before its values.
pub fn base(question: &str) -> &str {
    question.split('(').next().unwrap_or_default().trim()
}

/// A question as the program spells it: one space after each comma, none elsewhere.
pub fn spelling(question: &str) -> String {
    let compact: String = question.split_whitespace().collect();
    compact.replace(',', ", ")
}

/// What can be asked in a library: its assumptions and steps.
pub fn askable(library: &Library) -> impl Iterator<Item = &str> {
    let assumptions = library.assumptions.iter().map(|assumption| assumption.id.as_str());
    assumptions.chain(library.steps.iter().map(|step| step.id.as_str()))
}

/// Is there an assumption or step of this id? That something left over is gone is assumed of whatever may be left over.
pub fn is_known(library: &Library, base: &str) -> bool {
    base.starts_with(LEFT_OVER) || askable(library).any(|id| id == base)
}

/// Does the question name this thing among its values?
pub fn names(question: &str, id: &str) -> bool {
    let values = question.split_once('(').map_or("", |(_, values)| values.trim_end_matches(')'));
    values.split(',').any(|value| value.trim().split('.').next() == Some(id))
}

#[cfg(test)]
mod tests {
    use super::{base, names, spelling};

    #[test]
    fn questions_are_spelled_one_way() {
        assert_eq!(spelling(" boundary-holds( builder ,container ) "), "boundary-holds(builder, container)");
        assert_eq!(base("boundary-holds(builder, container)"), "boundary-holds");
        assert_eq!(base("escape-tenant"), "escape-tenant");
    }

    #[test]
    fn a_question_names_its_values_alone() {
        assert!(names("login-not-phished(login.victim, none)", "login"));
        assert!(!names("login-not-phished(login.victim, none)", "log"));
        assert!(!names("login", "login"));
    }
}
