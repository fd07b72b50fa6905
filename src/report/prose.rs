//! A path told as numbered sentences: what happens, what it rests on, which lines of the model allow it.

use super::chance::{self, Chance};
use super::document::Item;
use super::number;
use super::text::Text;
use crate::analysis::Path;
use crate::graph::{AssumptionId, CapabilityGraph, Step, StepId, StepKind};
use crate::source::Place;

/// How much is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Telling {
    /// Consequences stand below the step they follow from, without a number of their own.
    pub fold: bool,
    /// The model lines behind each hop.
    pub lines: bool,
    /// The ids of steps and assumptions, by which other answers name them.
    pub ids: bool,
}

impl Default for Telling {
    fn default() -> Self {
        Telling { fold: true, lines: true, ids: true }
    }
}

/// A path as numbered sentences, in an order in which its steps can happen.
///
/// A step needed from several members of a class (a quorum) is told once per member.
pub fn path(graph: &CapabilityGraph, path: &Path, telling: Telling) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut told: Vec<(AssumptionId, usize)> = Vec::new();
    for (at, &id) in path.order.iter().enumerate() {
        let step = graph.step(id);
        let folds = telling.fold && step.kind == StepKind::Consequence && !items.is_empty();
        let says = sentence(graph, step, member(&path.order, at));
        let says = if telling.ids && !step.says.trim().is_empty() { identified(says, &step.name) } else { says };
        if !folds {
            items.push(Item::from(says.clone()));
        }
        let number = items.len();
        let Some(item) = items.last_mut() else { continue };
        if folds {
            item.sub.push(Text::words("hence ").join(says));
        }
        item.sub.extend(step.assumptions.iter().map(|id| resting_on(graph, *id, (number, telling.ids), &mut told)));
        item.sub.extend(step.dropped.iter().map(|parameter| Text::words("no check: ").and_name(parameter)));
        if telling.lines {
            let lines = step.because.iter().map(place);
            for line in lines {
                if !item.sub.contains(&line) {
                    item.sub.push(line);
                }
            }
        }
    }
    items
}

/// One line about a path: what must fail, how likely that is, how much work it is.
pub fn summary(graph: &CapabilityGraph, path: &Path) -> Text {
    let effort = match path.effort_hours {
        hours if hours > 0.0 => format!("; {} of work (sum of medians)", number::hours(hours)),
        _ => String::new(),
    };
    if path.assumptions.is_empty() {
        return Text::words(format!("as designed, nothing has to fail{effort}"));
    }
    let n = path.assumptions.len() as u64;
    let chance = Chance::of_path(graph, path);
    let rests = match (chance.guesses as u64, n) {
        (0, _) => String::new(),
        (1, 1) => String::from(", a guess"),
        (guesses, n) if guesses == n => String::from(", every number in it a guess"),
        (1, n) => format!(", 1 of its {n} numbers a guess"),
        (guesses, n) => format!(", {guesses} of its {n} numbers guesses"),
    };
    let within = chance::within(path.assumptions.iter().map(|id| graph.assumption(*id)), graph.horizon_days);
    let failures = number::plural(n, "failure", "failures");
    Text::words(format!("{failures}; likelihood {} {within}{rests}{effort}", chance.over()))
}

/// The step's sentence; without one, its name and what it gains.
fn sentence(graph: &CapabilityGraph, step: &Step, member: Option<(usize, usize)>) -> Text {
    let text = if step.says.trim().is_empty() {
        Text::name(&step.name).and(" gains ").and_name(&graph.capability(step.gains).name)
    } else {
        Text::words(&step.says)
    };
    match member {
        Some((nth, of)) => text.and(format!(" (member {nth} of {of})")),
        None => text,
    }
}

/// Which of how many occurrences, where a step happens once per member.
fn member(order: &[StepId], at: usize) -> Option<(usize, usize)> {
    let id = order.get(at)?;
    let of = order.iter().filter(|other| *other == id).count();
    let nth = order.iter().take(at + 1).filter(|other| *other == id).count();
    (of > 1).then_some((nth, of))
}

/// What a step rests on; a failure that an earlier step already needed is the same failure.
fn resting_on(
    graph: &CapabilityGraph,
    id: AssumptionId,
    (step, ids): (usize, bool),
    told: &mut Vec<(AssumptionId, usize)>,
) -> Text {
    let assumption = graph.assumption(id);
    let (text, named) = match assumption.text.trim() {
        "" => (Text::words("resting on: ").and_name(&assumption.name), false),
        text => (Text::words("resting on: ").and(text), ids),
    };
    let lead = if named { text.and(" (").and_name(&assumption.name).and("; ") } else { text.and(" (") };
    if let Some((_, earlier)) = told.iter().find(|(earlier, at)| *earlier == id && *at != step) {
        return lead.and(format!("the same as in {earlier})"));
    }
    told.push((id, step));
    let chance = Chance::of(assumption, graph.horizon_days);
    lead.and(format!("p {}, {})", chance.listed(), chance::grade(assumption)))
}

/// The id after a sentence: `.. and is taken for builder (credential-proves)`.
fn identified(says: Text, id: &str) -> Text {
    says.and(" (").and_name(id).and(")")
}

/// `file:line: text`.
fn place(place: &Place) -> Text {
    Text::default().and_line(format!("{}:{}: {}", place.file, place.line, place.text))
}
