//! The report on one page of plain text, for a mailing list: the answer, the table, each design's worst way, who must be trusted.

use super::Context;
use super::design::undominated;
use crate::analysis::Status;
use crate::graph::StepKind;
use crate::report::chance::Chance;
use crate::report::document::{Block, Item};
use crate::report::text::Text;
use crate::report::{VERSION, table, words};
use crate::study::{Comparison, DesignAnswer, ThreatAnswer};

/// Columns of a mail.
pub const WIDTH: usize = 72;
/// Designs told one by one at most: a page is a page.
const DESIGNS: usize = 12;

/// The page.
pub fn blocks(comparison: &Comparison, context: &Context) -> Vec<Block> {
    let mut blocks = vec![Block::heading(2, super::title(comparison), "brief")];
    blocks.push(Block::Bullets(super::answer::sentences(comparison).into_iter().map(Item::from).collect()));
    blocks.push(Block::Table(table::glance(comparison)));
    let legend = "k: failed assumptions needed at least; n/w: single failures that suffice against one / against all others at once; \
        grant: nothing has to fail.";
    blocks.push(Block::Para(Text::words(legend)));
    if let Some(row) = comparison.rows.first() {
        let title = Text::words("The likeliest way to ").and_name(&row.group).and(", and who alone could do it");
        blocks.push(Block::heading(3, title, "ways"));
        let designs = comparison.designs.iter().enumerate().take(DESIGNS);
        blocks.push(Block::Bullets(designs.filter_map(|(at, design)| item(comparison, at, design)).collect()));
        let more = comparison.designs.len().saturating_sub(DESIGNS);
        if more > 0 {
            blocks.push(Block::Para(Text::words(format!("And {more} more: see the full report."))));
        }
    }
    blocks.push(Block::Para(not_examined(comparison)));
    blocks.extend((!context.command.is_empty()).then(|| Block::Code(vec![context.command.clone()])));
    let hashes =
        comparison.designs.iter().take(DESIGNS).map(|design| design.graph.model.chars().take(19).collect::<String>());
    let stamp = format!("cotenant {VERSION}, seed {}; models ", comparison.seed);
    blocks.push(Block::Para(Text::words(stamp).join(Text::names(hashes, DESIGNS))));
    blocks
}

fn item(comparison: &Comparison, at: usize, design: &DesignAnswer) -> Option<Item> {
    let answer = words::answer(comparison, 0, at)?;
    let name = Text::name(&design.design).and(": ");
    let trusted = Text::words("alone: ").join(alone(design, answer));
    Some(Item { text: name.join(worst(design, answer)), sub: vec![trusted] })
}

/// The exploits of the likeliest way, and its likelihood with its range.
pub(super) fn worst(design: &DesignAnswer, answer: &ThreatAnswer) -> Text {
    match answer.reach.status {
        Status::NotApplicable => return Text::words("cannot be asked"),
        Status::Unreachable => return Text::words("no set of the stated failures leads there"),
        Status::Grant => return Text::words("as designed, nothing has to fail"),
        Status::Exploit => {}
    }
    let Some(path) = undominated(answer).into_iter().next() else { return Text::words("none listed") };
    let exploits = path.order.iter().map(|id| design.graph.step(*id)).filter(|step| step.kind == StepKind::Exploit);
    let names: Vec<&str> = exploits.map(|step| step.name.as_str()).collect();
    let chance = Chance::of_path(&design.graph, path);
    let guesses = if chance.guesses > 0 { ", resting on guesses" } else { "" };
    Text::names(names, 9).and(format!(", likelihood {}{guesses}", chance.over()))
}

/// Principals each of whom is enough while every assumption holds.
fn alone(design: &DesignAnswer, answer: &ThreatAnswer) -> Text {
    if answer.coalitions.coalitions.iter().any(Vec::is_empty) {
        return Text::words("anyone on the internet");
    }
    let ones = answer.coalitions.coalitions.iter().filter(|set| set.len() == 1).flatten();
    let names: Vec<Text> = ones.map(|id| words::party(&design.graph, *id)).collect();
    if names.is_empty() { Text::words("nobody") } else { Text::listed(names, 12) }
}

fn not_examined(comparison: &Comparison) -> Text {
    let known: Vec<_> = comparison.designs.iter().filter_map(|design| design.coverage.as_ref()).collect();
    let Some(first) = known.first() else {
        return Text::words("What was not examined cannot be told: the designs were given as graphs.");
    };
    let everywhere = |all: &dyn Fn(usize) -> Vec<String>| {
        let mut names = all(0);
        names.retain(|name| (1..known.len()).all(|at| all(at).contains(name)));
        names
    };
    let kinds = everywhere(&|at| known[at].kinds_not_modelled.clone());
    let letters = everywhere(&|at| known[at].slsa.not_carried.clone());
    let steps = first.steps.len() + first.steps_not_fired.len();
    let unfired = everywhere(&|at| known[at].steps_not_fired.clone()).len();
    let list = |names: Vec<String>| if names.is_empty() { Text::words("none") } else { Text::names(names, 20) };
    let place = if comparison.designs.len() == 1 { "" } else { " in any design" };
    Text::words(format!("Not examined{place}: kinds of principals "))
        .join(list(kinds))
        .and("; SLSA threats ")
        .join(list(letters))
        .and(format!(
            "; {unfired} of {steps} attack steps of the library never fired. Silence about these is not safety."
        ))
}
