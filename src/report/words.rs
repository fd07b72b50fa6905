//! How answers are put into few words: statuses, counts, parties. One place, so that every format says the same.

use super::number;
use super::text::Text;
use crate::analysis::{Coalitions, Cost, Reach, Status};
use crate::graph::{CapabilityGraph, PrincipalId};
use crate::study::uncertainty::Credible;
use crate::study::{Comparison, Count, DesignAnswer, ThreatAnswer};

/// What stands where a question has no answer to give.
pub const NONE: &str = "-";

/// The word of a status, in every output.
pub fn status(status: Status) -> &'static str {
    match status {
        Status::NotApplicable => "not-applicable",
        Status::Unreachable => "unreachable",
        Status::Exploit => "exploit",
        Status::Grant => "grant",
    }
}

/// What a section about one threat is called; a graph file need not name its design.
pub fn titled(threat: &str, design: &str, title: &str) -> Text {
    let name = Text::name(threat);
    let name = if design.is_empty() { name } else { name.and(" of ").and_name(design) };
    name.and(": ").and(title)
}

/// The word of a path cost, in every output.
pub fn cost(cost: Cost) -> &'static str {
    match cost {
        Cost::Fewest => "fewest",
        Cost::Likeliest => "likeliest",
        Cost::Effort => "effort",
    }
}

/// One design's answer to one row of a comparison, if it asks that question.
pub fn answer(comparison: &Comparison, row: usize, design: usize) -> Option<&ThreatAnswer> {
    let at = comparison.rows.get(row)?.worst.get(design).copied().flatten()?;
    comparison.designs.get(design)?.threats.get(at)
}

/// How likely one design's answer to one row is over the draws, where that was worked out and there is an answer.
pub fn credible(comparison: &Comparison, row: usize, design: usize) -> Option<&Credible> {
    comparison.uncertainty.as_ref()?.rows.get(row)?.answers.get(design)?.as_ref()
}

/// The time within which a comparison counts failures: one for all designs, or none where theirs differ.
pub fn within(comparison: &Comparison) -> String {
    let mut all = comparison.designs.iter().map(|design| {
        let graph = &design.graph;
        super::chance::within(&graph.assumptions, graph.horizon_days)
    });
    let first = all.next().unwrap_or_default();
    if all.all(|other| other == first) { first } else { String::from("within the horizon of each") }
}

/// Is the question answered alike by all designs, so that nothing can be compared, in a word: by grant, unreachable, not applicable?
pub fn constant(comparison: &Comparison, row: usize) -> Option<&'static str> {
    let mut all = (0..comparison.designs.len()).map(|at| answer(comparison, row, at).map(|answer| answer.reach.status));
    let first = all.next()??;
    if comparison.designs.len() < 2 || !all.all(|other| other == Some(first)) {
        return None;
    }
    match first {
        Status::Grant => Some("by grant"),
        Status::Unreachable => Some("unreachable"),
        Status::NotApplicable => Some("not applicable"),
        Status::Exploit => None,
    }
}

/// k; in brackets with the trusted parties taken as honest, where that differs.
pub fn k(reach: &Reach) -> String {
    let word = |k: Option<u32>| k.map_or_else(|| String::from("none"), |k| k.to_string());
    match reach.k {
        None => String::from(NONE),
        Some(_) if reach.k == reach.k_trusting => word(reach.k),
        Some(_) => format!("{} ({})", word(reach.k), word(reach.k_trusting)),
    }
}

/// Single failures that suffice, and those of them that suffice against all others at once: `6/4`.
pub fn singles(design: &DesignAnswer, answer: &ThreatAnswer) -> String {
    match answer.reach.status {
        Status::Grant | Status::NotApplicable => String::from(NONE),
        Status::Unreachable | Status::Exploit => {
            let (some, all) = (number::count(answer.reach.profile[1]), number::count(answer.reach.profile_wide[1]));
            let all = if has_others(design, answer) { all.as_str() } else { NONE };
            number::at_least(&format!("{some}/{all}"), answer.reach.profile_complete)
        }
    }
}

/// Does the threat know of members other than attacker and victim?
fn has_others(design: &DesignAnswer, answer: &ThreatAnswer) -> bool {
    design.graph.threats.iter().any(|threat| threat.name == answer.threat && !threat.others.is_empty())
}

/// How far the likeliest failure carries: `all (34,998)`.
pub fn extent(reach: &Reach) -> String {
    match &reach.extent {
        Some(extent) if extent.word == "one" => String::from("one"),
        Some(extent) => format!("{} ({})", extent.word, number::count(extent.members)),
        None => String::from(NONE),
    }
}

/// Number of minimal attack sets.
pub fn sets(answer: &ThreatAnswer) -> String {
    match answer.reach.status {
        Status::NotApplicable => String::from(NONE),
        _ => number::bound(Count { n: answer.attack_sets.sets.len() as u64, complete: answer.attack_sets.complete }),
    }
}

/// Number of minimal paths.
pub fn paths(answer: &ThreatAnswer) -> String {
    match answer.reach.status {
        Status::NotApplicable => String::from(NONE),
        _ => number::bound(answer.path_count),
    }
}

/// A party, marked if nobody in the model operates it.
pub fn party(graph: &CapabilityGraph, id: PrincipalId) -> Text {
    match graph.principals.get(id.0 as usize) {
        Some(principal) if principal.external => Text::name(&principal.name).and(" (external)"),
        Some(principal) => Text::name(&principal.name),
        None => Text::words(format!("principal {}", id.0)),
    }
}

/// A coalition: `a alone`, `a with b`, `2 x c`; nobody in particular is anyone on the internet.
pub fn coalition(graph: &CapabilityGraph, members: &[PrincipalId]) -> Text {
    let mut parts: Vec<(PrincipalId, u64)> = Vec::new();
    for &member in members {
        match parts.last_mut() {
            Some((last, n)) if *last == member => *n += 1,
            _ => parts.push((member, 1)),
        }
    }
    if parts.is_empty() {
        return Text::words("anyone on the internet");
    }
    let alone = members.len() == 1;
    let parts = parts.into_iter().map(|(id, n)| match n {
        1 => party(graph, id),
        n => Text::words(format!("{n} different ")).join(party(graph, id)),
    });
    let text = parts.reduce(|text, part| text.and(" with ").join(part)).unwrap_or_default();
    if alone { text.and(" alone") } else { text }
}

/// Who was considered.
pub fn candidates(graph: &CapabilityGraph, coalitions: &Coalitions) -> Text {
    Text::listed(coalitions.candidates.iter().map(|id| party(graph, *id)), 40)
}

/// The minimal coalitions of one threat; says when there are none, and when the list is not complete.
pub fn coalitions(graph: &CapabilityGraph, coalitions: &Coalitions, most: usize) -> Text {
    if coalitions.coalitions.is_empty() {
        let none = "no coalition of the candidates, while every assumption holds";
        return Text::words(if coalitions.complete { none } else { "none found before the search stopped" });
    }
    let shown = coalitions.coalitions.iter().take(most).map(|members| coalition(graph, members));
    let mut text = shown.reduce(|text, next| text.and("; ").join(next)).unwrap_or_default();
    let left = coalitions.coalitions.len().saturating_sub(most);
    if left > 0 {
        text = text.and(format!("; {left} more"));
    }
    if coalitions.complete { text } else { text.and("; the search stopped, there may be others") }
}
