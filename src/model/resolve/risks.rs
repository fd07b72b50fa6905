//! The register of accepted risks: who lives with which threat, until when, and why.

use std::collections::BTreeMap;

use super::Resolution;
use crate::diagnostic::{Code, Diagnostic, quote};
use crate::model::{AcceptedRisk, MAX_ACCEPTED_K};
use crate::source::Span;
use crate::units::Date;
use crate::yaml::{self, Fields, Node};

/// Keys of an entry.
const KEYS: [&str; 5] = ["threat", "k", "until", "owner", "reason"];

impl Resolution<'_> {
    /// The entries. That a threat does not exist is no mistake of the model: the gate tells stale entries.
    pub(super) fn accepted_risks(&mut self, root: &Node) -> Vec<AcceptedRisk> {
        let mut risks: Vec<AcceptedRisk> = Vec::new();
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        for item in self.section(root, "accepted-risks") {
            let Some(entry) = yaml::fields(item, "an accepted risk", &KEYS, self.out) else { continue };
            let Some(risk) = self.accepted_risk(&entry) else { continue };
            match seen.get(&risk.threat) {
                Some(first) => {
                    let again =
                        Diagnostic::duplicate(Code::DuplicateId, &risk.span, "accepted risk", &risk.threat, first);
                    self.out.push(again);
                }
                None => {
                    seen.insert(risk.threat.clone(), risk.span.clone());
                    risks.push(risk);
                }
            }
        }
        risks
    }

    fn accepted_risk(&mut self, entry: &Fields<'_>) -> Option<AcceptedRisk> {
        let node = entry.require("threat", self.out);
        let threat = node.and_then(|node| yaml::name(node, self.out));
        let until = entry.require("until", self.out).and_then(|node| self.full_date(node));
        let owner = self.said(entry, "owner");
        let reason = self.said(entry, "reason");
        let k = match entry.get("k") {
            Some(node) => Some(self.failures(node)?),
            None => None,
        };
        let span = node.map_or(entry.span(), |node| &node.span).clone();
        Some(AcceptedRisk { threat: threat?, k, until: until?, owner: owner?, reason: reason?, span })
    }

    /// Text that says something.
    fn said(&mut self, entry: &Fields<'_>, key: &str) -> Option<String> {
        let node = entry.require(key, self.out)?;
        let text = yaml::text(node, self.out)?;
        if text.trim().is_empty() {
            let message = format!("an accepted risk without {} is nobody's", quote(key));
            let help = "name who answers for it, and why it is accepted";
            self.out.push(Diagnostic::new(Code::MissingKey, &node.span, message).help(help));
            return None;
        }
        Some(text)
    }

    /// A full date. It needs no quotes: every reader takes it for the same day.
    fn full_date(&mut self, node: &Node) -> Option<Date> {
        let date = node.as_text().and_then(Date::parse);
        if date.is_none() {
            let written = node.as_text().map_or_else(|| node.shape().to_owned(), quote);
            let message = format!("{written} is no date of the form YYYY-MM-DD");
            let help = "write the last day on which the risk is accepted, such as `2027-01-31`";
            self.out.push(Diagnostic::new(Code::BadDate, &node.span, message).help(help));
        }
        date
    }

    fn failures(&mut self, node: &Node) -> Option<u32> {
        let number = yaml::number(node, self.out)?;
        if number.fract() == 0.0 && (0.0..=f64::from(MAX_ACCEPTED_K)).contains(&number) {
            return Some(number as u32);
        }
        let message = format!("`k` is a number of failures: a whole number from 0 to {MAX_ACCEPTED_K}");
        self.report(Code::OutOfRange, &node.span, message);
        None
    }
}
