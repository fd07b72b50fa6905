//! What a review answered: the decisions on the questions a report asks.

use std::collections::BTreeMap;

use super::Resolution;
use crate::diagnostic::{Code, Diagnostic, quote};
use crate::model::answers::{self, Answer, Decision};
use crate::model::incident::Vocabulary;
use crate::source::Span;
use crate::units::Date;
use crate::yaml::{self, Fields, Node};

/// Keys of an entry.
const KEYS: [&str; 5] = ["question", "decision", "owner", "date", "note"];

impl Resolution<'_> {
    /// The entries. That a question is not asked of this model any more is no mistake: a lint tells it.
    pub(super) fn answers(&mut self, root: &Node) -> Vec<Answer> {
        let mut found: Vec<Answer> = Vec::new();
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        for item in self.section(root, "answers") {
            let Some(entry) = yaml::fields(item, "an answer", &KEYS, self.out) else { continue };
            let Some(answer) = self.answer(&entry) else { continue };
            match seen.get(&answer.question) {
                Some(first) => {
                    let again =
                        Diagnostic::duplicate(Code::DuplicateId, &answer.span, "answer to", &answer.question, first);
                    self.out.push(again);
                }
                None => {
                    seen.insert(answer.question.clone(), answer.span.clone());
                    found.push(answer);
                }
            }
        }
        found
    }

    fn answer(&mut self, entry: &Fields<'_>) -> Option<Answer> {
        let node = entry.require("question", self.out);
        let question = node.and_then(|node| self.asked(node));
        let decision = entry.require("decision", self.out).and_then(|node| self.decision(node));
        let owner = self.answered_by(entry);
        let date = entry.require("date", self.out).and_then(|node| self.day_of(node));
        let note = entry.get("note").and_then(|node| yaml::text(node, self.out));
        let span = node.map_or(entry.span(), |node| &node.span).clone();
        Some(Answer { question: question?, decision: decision?, owner: owner?, date: date?, note, span })
    }

    /// An assumption or a step of the library, or one variable of an assumption.
    fn asked(&mut self, node: &Node) -> Option<String> {
        let text = yaml::text(node, self.out)?;
        let question = answers::spelling(&text);
        let base = answers::base(&question).to_owned();
        if !answers::is_known(&self.library, &base) && !self.broken.contains(&base) {
            let unknown = Diagnostic::unknown(
                Code::UnknownQuestion,
                &node.span,
                "question",
                &base,
                answers::askable(&self.library),
            );
            self.out.push(unknown);
            return None;
        }
        Some(question)
    }

    fn decision(&mut self, node: &Node) -> Option<Decision> {
        let word = yaml::word(node, self.out)?;
        let found = Decision::of(&word);
        if found.is_none() {
            let known = Decision::ALL.iter().map(|decision| decision.word());
            self.out.push(Diagnostic::unknown(Code::UnknownValue, &node.span, Decision::WHAT, &word, known));
        }
        found
    }

    fn answered_by(&mut self, entry: &Fields<'_>) -> Option<String> {
        let node = entry.require("owner", self.out)?;
        let text = yaml::text(node, self.out)?;
        if text.trim().is_empty() {
            let message = "an answer without an owner is nobody's";
            let help = "name who answers for it";
            self.out.push(Diagnostic::new(Code::MissingKey, &node.span, message).help(help));
            return None;
        }
        Some(text)
    }

    fn day_of(&mut self, node: &Node) -> Option<Date> {
        let date = node.as_text().and_then(Date::parse);
        if date.is_none() {
            let written = node.as_text().map_or_else(|| node.shape().to_owned(), quote);
            let message = format!("{written} is no date of the form YYYY-MM-DD");
            let help = "write the day of the decision, or of an open question the day by which it is to be answered";
            self.out.push(Diagnostic::new(Code::BadDate, &node.span, message).help(help));
        }
        date
    }
}
