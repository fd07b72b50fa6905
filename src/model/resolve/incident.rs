//! The `incident` section: every name in it is one of the model, every word one of its list.

mod ends;
mod first_score;

use self::ends::Known;
use super::Resolution;
use crate::diagnostic::{Code, Diagnostic, quote};
use crate::model::incident::{Incident, IncidentEnd, IncidentSource, Vocabulary};
use crate::model::{Control, ThreatDecl};
use crate::yaml::{self, Fields, Node};

/// Keys of the section, in the order of the documentation.
pub const INCIDENT_KEYS: [&str; 21] = [
    "date",
    "index",
    "class",
    "kind",
    "confidence",
    "evidence",
    "scored",
    "modelled",
    "first-score",
    "summary",
    "threat",
    "documented",
    "controls",
    "also",
    "stops-nothing",
    "unrelated",
    "not-expressed",
    "held",
    "grant",
    "sources",
    "note",
];

impl Resolution<'_> {
    /// Reads the section, if there is one.
    pub(super) fn incident(&mut self, root: &Node, threats: &[ThreatDecl], controls: &[Control]) -> Option<Incident> {
        let node = root.get("incident")?;
        let entry = yaml::fields(node, "`incident`", &INCIDENT_KEYS, self.out)?;
        let date = entry.require("date", self.out).and_then(|node| self.date(node));
        let index = self.required_text(&entry, "index");
        let class = self.required_choice(&entry, "class");
        let kind = self.required_choice(&entry, "kind");
        let confidence = self.required_choice(&entry, "confidence");
        let evidence = self.required_choice(&entry, "evidence");
        let scored = entry.get("scored").and_then(|node| yaml::flag(node, self.out)).unwrap_or(true);
        let (modelled, first_score) = self.modelled(&entry);
        let summary = self.required_text(&entry, "summary");
        let known = Known { threats, controls };
        let chain = self.end(&entry, &known);
        let also = self.also(&entry, &known, chain.as_ref());
        let happened: Vec<&IncidentEnd> = chain.iter().chain(&also).collect();
        let (stops_nothing, unrelated) = self.beside(&entry, &known, &happened);
        let not_expressed = self.not_expressed(&entry);
        let held = self.held(&entry, &known, &happened);
        let sources = self.sources(&entry);
        if let Some(note) = entry.get("note") {
            yaml::text(note, self.out);
        }
        Some(Incident {
            date: date?,
            index: index?,
            class: class?,
            kind: kind?,
            confidence: confidence?,
            evidence: evidence?,
            scored,
            modelled,
            first_score,
            summary: summary?,
            chain: chain?,
            also,
            stops_nothing,
            unrelated,
            not_expressed,
            held,
            sources,
            span: node.span.clone(),
        })
    }

    fn required_text(&mut self, entry: &Fields<'_>, key: &str) -> Option<String> {
        entry.require(key, self.out).and_then(|node| yaml::text(node, self.out))
    }

    fn required_choice<V: Vocabulary>(&mut self, entry: &Fields<'_>, key: &str) -> Option<V> {
        entry.require(key, self.out).and_then(|node| self.choice(node))
    }

    fn choice<V: Vocabulary>(&mut self, node: &Node) -> Option<V> {
        let word = yaml::word(node, self.out)?;
        let found = V::ALL.iter().copied().find(|value| value.word() == word);
        if found.is_none() {
            let known = V::ALL.iter().map(|value| value.word());
            self.out.push(Diagnostic::unknown(Code::UnknownValue, &node.span, V::WHAT, &word, known));
        }
        found
    }

    /// Year, month and day as far as they are known; what follows after a space is free.
    fn date(&mut self, node: &Node) -> Option<String> {
        let text = yaml::text(node, self.out)?;
        if begins_with_date(&text) {
            return Some(text);
        }
        let message = format!("{} does not begin with a date", quote(&text));
        let help = "write for example `\"2013-01-30\"`, `\"2018-04\"` or `\"2021-01-31 to 2021-04-15\"`";
        self.out.push(Diagnostic::new(Code::BadDate, &node.span, message).help(help));
        None
    }

    fn sources(&mut self, entry: &Fields<'_>) -> Vec<IncidentSource> {
        let Some(node) = entry.require("sources", self.out) else { return Vec::new() };
        let mut found = Vec::new();
        for item in yaml::list(node, "`sources`", self.out).unwrap_or_default() {
            let keys = ["ref", "evidence", "note"];
            let Some(one) = yaml::fields(item, "a source", &keys, self.out) else { continue };
            let reference = self.required_text(&one, "ref");
            let evidence = self.required_choice(&one, "evidence");
            if let (Some(reference), Some(evidence)) = (reference, evidence) {
                found.push(IncidentSource { reference, evidence });
            }
        }
        found
    }
}

/// `2013`, `2013-01` or `2013-01-30`, then the end or a space.
fn begins_with_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split(' ').next().unwrap_or_default().split('-').collect();
    let number = |part: &str, digits: usize| -> Option<u32> {
        let plain = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| part.parse().ok()).flatten()
    };
    let within = |at: usize, highest: u32| {
        parts.get(at).is_none_or(|part| number(part, 2).is_some_and(|n| (1..=highest).contains(&n)))
    };
    parts.len() <= 3 && parts.first().and_then(|year| number(year, 4)).is_some() && within(1, 12) && within(2, 31)
}

#[cfg(test)]
mod tests {
    use super::begins_with_date;

    #[test]
    fn dates_are_as_exact_as_is_known() {
        for good in ["2013", "2018-04", "2013-01-30", "2018-04 (found 2019-08-10)", "2021-01-31 to 2021-04-15"] {
            assert!(begins_with_date(good), "{good}");
        }
        for bad in ["", "13-01-30", "2013-13", "2013-00", "2013-01-32", "2013-1-30", "2013-01-30T12", "spring 2013"] {
            assert!(!begins_with_date(bad), "{bad}");
        }
    }
}
