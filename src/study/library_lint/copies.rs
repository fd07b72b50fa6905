//! Texts and ranges that stand twice: a question that two steps share asks about neither, and a range that was copied was not thought
//! about.

use std::collections::BTreeMap;

use super::{Fault, Finding};
use crate::library::Library;
use crate::units::{Effort, FailureKind};

/// Questions, false positives and ranges that stand twice. The later one, by id, is told.
pub fn copies(library: &Library) -> Vec<Finding> {
    let mut found = Vec::new();
    let steps = &library.steps;
    found.extend(twice(steps.iter().map(|step| (step.id.as_str(), plain(&step.question))), "question"));
    found.extend(twice(steps.iter().map(|step| (step.id.as_str(), plain(&step.false_positives))), "false positives"));
    let asked = library.assumptions.iter().map(|decl| (decl.id.as_str(), plain(&decl.question)));
    found.extend(twice(asked, "question"));
    let ranges = library.parameters().filter_map(|parameter| {
        let kind = match parameter.failure.kind {
            FailureKind::State => "at any time",
            FailureKind::Rate => "per year",
            FailureKind::Events => "events per year",
        };
        let [low, mode, high] = parameter.failure.number.range()?;
        Some((parameter.id.as_str(), format!("{kind} {low} {mode} {high}")))
    });
    found.extend(twice(ranges, "range"));
    let efforts = steps.iter().filter_map(|step| Some((step.id.as_str(), spread(step.effort?)?)));
    let alike = twice(efforts, "effort").into_iter();
    found.extend(alike.map(|finding| Finding { fault: Fault::SameEffort, ..finding }));
    found
}

/// An effort that says more than one number.
fn spread(effort: Effort) -> Option<String> {
    match effort {
        Effort::Constant { .. } | Effort::Exponential { .. } => None,
        Effort::Lognormal { median_h, p90_h } => Some(format!("{median_h} {p90_h}")),
        Effort::Pert { low_h, mode_h, high_h } => Some(format!("{low_h} {mode_h} {high_h}")),
    }
}

/// Letters and digits alone: two texts that differ in a comma are one.
fn plain(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

fn twice<'a>(entries: impl Iterator<Item = (&'a str, String)>, what: &str) -> Vec<Finding> {
    let mut first: BTreeMap<String, &str> = BTreeMap::new();
    let mut found = Vec::new();
    for (id, text) in entries.filter(|(_, text)| !text.is_empty()) {
        match first.get(&text) {
            Some(other) => found.push(Finding::new(Fault::Copied, id, format!("has the {what} of {other}"))),
            None => drop(first.insert(text, id)),
        }
    }
    found
}
