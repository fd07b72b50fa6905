//! The `incident` section: every name in it is one of the model, every word one of its list.

use super::Resolution;
use super::capability::Context;
use crate::diagnostic::{Code, Diagnostic, quote};
use crate::model::incident::{FirstScore, HeldThreat, Incident, IncidentSource, Modelled, Vocabulary};
use crate::model::{CapabilityRef, Control, ThreatDecl};
use crate::stats::wilson::Rate;
use crate::yaml::{self, Fields, Node};

/// Keys of the section, in the order of the documentation.
pub const INCIDENT_KEYS: [&str; 19] = [
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
    "unrelated",
    "not-expressed",
    "held",
    "grant",
    "sources",
    "note",
];

/// More controls or threats than any incident names.
const MOST_JUDGED: u64 = 1_000;

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
        let threat = entry.require("threat", self.out).and_then(|node| self.threat_ref(node, threats));
        let documented = self.documented(&entry, threat);
        let (stopping, unrelated) = self.incident_controls(&entry, controls);
        let not_expressed = self.not_expressed(&entry);
        let held = self.held(&entry, threat, threats);
        let grant = entry.get("grant").and_then(|node| yaml::text(node, self.out));
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
            threat: threat?.id.clone(),
            documented,
            controls: stopping,
            unrelated,
            not_expressed,
            held,
            grant,
            sources,
            span: node.span.clone(),
        })
    }

    /// How it was modelled; only a model that was written blind has a first score.
    fn modelled(&mut self, entry: &Fields<'_>) -> (Modelled, Option<FirstScore>) {
        let said = entry.get("modelled");
        let modelled = said.map_or(Some(Modelled::Fitted), |node| self.choice(node));
        let first = entry.get("first-score");
        if let (Some(Modelled::Fitted), Some(node)) = (modelled, first) {
            let message = "a first score is kept of models that were written blind, and this one is `fitted`";
            let help = "only if it was written before the library was run on it: `modelled: blind`";
            self.out.push(Diagnostic::new(Code::IncidentContradiction, &node.span, message).help(help));
        }
        (modelled.unwrap_or(Modelled::Fitted), first.and_then(|node| self.first_score(node)))
    }

    fn first_score(&mut self, node: &Node) -> Option<FirstScore> {
        let keys = ["found", "shape", "controls", "held", "why"];
        let score = yaml::fields(node, "`first-score`", &keys, self.out)?;
        let found = score.require("found", self.out).and_then(|node| yaml::flag(node, self.out));
        let shape = score.get("shape").and_then(|node| self.share(node));
        let controls = score.get("controls").and_then(|node| self.rate(node));
        let held = score.get("held").and_then(|node| self.rate(node));
        let why = self.required_text(&score, "why");
        Some(FirstScore { found: found?, shape, controls, held, why: why? })
    }

    fn share(&mut self, node: &Node) -> Option<f64> {
        let share = yaml::number(node, self.out)?;
        let within = (0.0..=1.0).contains(&share);
        if !within {
            self.report(Code::OutOfRange, &node.span, format!("{share} is no share: it is not between 0 and 1"));
        }
        within.then_some(share)
    }

    /// `{hits: 2, of: 3}`.
    fn rate(&mut self, node: &Node) -> Option<Rate> {
        let rate = yaml::fields(node, "so many of so many", &["hits", "of"], self.out)?;
        let of = rate.require("of", self.out).and_then(|node| yaml::integer(node, 0, MOST_JUDGED, self.out));
        let most = of.unwrap_or(MOST_JUDGED);
        let hits = rate.require("hits", self.out).and_then(|node| yaml::integer(node, 0, most, self.out));
        Some(Rate { hits: hits?, of: of? })
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

    /// One threat of the model; of those written once for several principals, one of them.
    fn threat_ref<'t>(&mut self, node: &Node, threats: &'t [ThreatDecl]) -> Option<&'t ThreatDecl> {
        let name = yaml::name(node, self.out)?;
        if let Some(found) = threats.iter().find(|threat| threat.id == name) {
            return Some(found);
        }
        // A threat whose own entry is broken is reported there.
        let declared = self.names.get(&name).is_some_and(|name| name.what == "threat");
        let one = threats.iter().find(|threat| threat.group == name);
        let message = format!("there is no threat {}", quote(&name));
        match one {
            Some(one) => {
                let help = format!("it is asked of several principals: name one, such as {}", quote(&one.id));
                self.out.push(Diagnostic::new(Code::UnknownThreat, &node.span, message).help(help));
            }
            None if declared => {}
            None => {
                let known = threats.iter().map(|threat| threat.id.as_str());
                self.out.push(Diagnostic::unknown(Code::UnknownThreat, &node.span, "threat", &name, known));
            }
        }
        None
    }

    fn documented(&mut self, entry: &Fields<'_>, threat: Option<&ThreatDecl>) -> Vec<CapabilityRef> {
        let Some(node) = entry.require("documented", self.out) else { return Vec::new() };
        let items = yaml::list(node, "`documented`", self.out).unwrap_or_default();
        // Without the threat every role would be reported for nothing.
        let Some(threat) = threat else { return Vec::new() };
        let victim = threat.victim.and_then(|(class, _)| self.population(class).base(class));
        let mut found: Vec<CapabilityRef> = Vec::new();
        for item in items {
            let Some((capability, _)) = self.capability(item, Context::Threat { victim }) else { continue };
            let same = |have: &CapabilityRef| {
                (&have.verb, have.entity, have.role) == (&capability.verb, capability.entity, capability.role)
            };
            if found.iter().any(same) {
                self.report(Code::DuplicateId, &capability.span, "this capability is documented already");
            } else {
                found.push(capability);
            }
        }
        found
    }

    fn incident_controls(&mut self, entry: &Fields<'_>, controls: &[Control]) -> (Vec<String>, Vec<String>) {
        let stopping = entry.get("controls").map(|node| self.control_refs(node, "controls", controls, &[]));
        let stopping = stopping.unwrap_or_default();
        let unrelated = entry.require("unrelated", self.out);
        let unrelated = unrelated.map(|node| self.control_refs(node, "unrelated", controls, &stopping));
        (stopping, unrelated.unwrap_or_default())
    }

    fn control_refs(&mut self, node: &Node, key: &str, controls: &[Control], elsewhere: &[String]) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for item in yaml::list(node, &format!("`{key}`"), self.out).unwrap_or_default() {
            let Some(name) = yaml::name(item, self.out) else { continue };
            let declared = self.names.get(&name).is_some_and(|name| name.what == "control");
            if elsewhere.contains(&name) {
                let message = format!("{} would have stopped it, and has nothing to do with it", quote(&name));
                self.report(Code::IncidentContradiction, &item.span, message);
            } else if found.contains(&name) {
                self.report(Code::DuplicateId, &item.span, format!("control {} is there already", quote(&name)));
            } else if controls.iter().any(|control| control.id == name) {
                found.push(name);
            } else if !declared {
                let known = controls.iter().map(|control| control.id.as_str());
                self.out.push(Diagnostic::unknown(Code::UnknownControl, &item.span, "control", &name, known));
            }
        }
        found
    }

    fn not_expressed(&mut self, entry: &Fields<'_>) -> Vec<(String, String)> {
        let Some(node) = entry.get("not-expressed") else { return Vec::new() };
        let mut found = Vec::new();
        for item in yaml::list(node, "`not-expressed`", self.out).unwrap_or_default() {
            let keys = ["control", "why"];
            let Some(one) = yaml::fields(item, "a control that is not expressed", &keys, self.out) else { continue };
            let (control, why) = (self.required_text(&one, "control"), self.required_text(&one, "why"));
            found.extend(control.zip(why));
        }
        found
    }

    fn held(&mut self, entry: &Fields<'_>, chain: Option<&ThreatDecl>, threats: &[ThreatDecl]) -> Vec<HeldThreat> {
        let Some(node) = entry.get("held") else { return Vec::new() };
        let mut found: Vec<HeldThreat> = Vec::new();
        for item in yaml::list(node, "`held`", self.out).unwrap_or_default() {
            let Some(one) = yaml::fields(item, "a threat that held", &["threat", "why"], self.out) else { continue };
            let why = self.required_text(&one, "why");
            let Some(node) = one.require("threat", self.out) else { continue };
            let (Some(threat), Some(why)) = (self.threat_ref(node, threats), why) else { continue };
            if chain.is_some_and(|chain| chain.id == threat.id) {
                let message = format!("{} is what happened, and cannot have held", quote(&threat.id));
                self.report(Code::IncidentContradiction, &node.span, message);
            } else if found.iter().any(|held| held.threat == threat.id) {
                self.report(Code::DuplicateId, &node.span, format!("threat {} is there already", quote(&threat.id)));
            } else {
                found.push(HeldThreat { threat: threat.id.clone(), why });
            }
        }
        found
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
