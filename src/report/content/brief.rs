//! The report on one page of plain text, for a mailing list: the answer, the table, each design's worst way, who must be trusted.

use super::Context;
use super::design::undominated;
use crate::analysis::Status;
use crate::graph::StepKind;
use crate::report::chance::{self, Chance};
use crate::report::document::{Block, Column, Item, Table};
use crate::report::text::Text;
use crate::report::{VERSION, escape, table, words};
use crate::study::{Comparison, DesignAnswer, ThreatAnswer};

/// Columns of a mail.
pub const WIDTH: usize = 72;
/// Designs told one by one at most: a page is a page.
const DESIGNS: usize = 12;

/// The page.
pub fn blocks(comparison: &Comparison, context: &Context) -> Vec<Block> {
    let mut blocks = vec![Block::heading(2, super::title(comparison), "brief")];
    blocks.push(Block::Bullets(super::answer::sentences(comparison).into_iter().map(Item::from).collect()));
    blocks.extend(questions(comparison));
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

/// Question by question a line for each design; questions that all answer alike in one line together.
fn questions(comparison: &Comparison) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut told: Vec<(Vec<Vec<Text>>, String)> = Vec::new();
    for (row, asked) in comparison.rows.iter().enumerate() {
        if words::constant(comparison, row).is_some() {
            continue;
        }
        let title = table::question_title(&asked.group, &asked.title);
        let rows: Vec<Vec<Text>> = (0..comparison.designs.len()).map(|at| line(comparison, row, at)).collect();
        // Questions often have one answer, or all but one: what was told above is not told again.
        let other = told.iter().map(|(known, first)| (apart(known, &rows), first));
        match other.min_by_key(|(apart, _)| apart.len()).filter(|(apart, _)| 2 * apart.len() <= rows.len()) {
            Some((apart, first)) if apart.is_empty() => {
                blocks.push(Block::Para(title.and(": the same as ").and_name(first).and(".")));
            }
            Some((apart, first)) => {
                blocks.push(Block::Para(title.and(": the same as ").and_name(first).and(", but for")));
                blocks.push(lines(apart));
            }
            None => {
                blocks.push(Block::Para(title));
                blocks.push(lines(rows.clone()));
            }
        }
        told.push((rows, asked.group.clone()));
    }
    blocks.extend(constant(comparison).map(Block::Para));
    let legend = "k: failed assumptions needed at least; n/w: single failures that suffice against one / against all others at once; \
        by grant: nothing has to fail; chance: that it comes to that ";
    let how = ", the median, and in brackets 5 % to 95 % of the draws of all numbers from their ranges.";
    blocks.push(Block::Para(Text::words(legend).and(words::within(comparison)).and(how)));
    blocks
}

fn lines(rows: Vec<Vec<Text>>) -> Block {
    Block::Table(Table { head: HEAD.map(Column::left).to_vec(), rows })
}

/// The lines that differ from those already told.
fn apart(known: &[Vec<Text>], rows: &[Vec<Text>]) -> Vec<Vec<Text>> {
    rows.iter().zip(known).filter(|(row, known)| row != known).map(|(row, _)| row.clone()).collect()
}

const HEAD: [&str; 4] = ["design", "k", "n/w", "chance (5 % to 95 %)"];

fn line(comparison: &Comparison, row: usize, at: usize) -> Vec<Text> {
    let name = comparison.designs.get(at).map_or_else(Text::default, |design| Text::name(&design.design));
    let none = || Text::words(words::NONE);
    let (Some(answer), Some(design)) = (words::answer(comparison, row, at), comparison.designs.get(at)) else {
        return vec![name, Text::words("not asked"), none(), none()];
    };
    match answer.reach.status {
        Status::Grant => vec![name, Text::words("by grant"), none(), Text::words("1")],
        Status::Exploit => {
            let chance = words::credible(comparison, row, at).map_or_else(|| words::NONE.to_owned(), chance::credible);
            vec![
                name,
                Text::words(words::k(&answer.reach)),
                Text::words(words::singles(design, answer)),
                Text::words(chance),
            ]
        }
        Status::Unreachable => vec![name, Text::words("unreachable"), none(), Text::words("0")],
        Status::NotApplicable => vec![name, Text::words("not applicable"), none(), none()],
    }
}

/// The questions that all designs answer alike.
pub(in crate::report) fn constant(comparison: &Comparison) -> Option<Text> {
    let alike = (0..comparison.rows.len()).filter_map(|row| Some((words::constant(comparison, row)?, row)));
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for (word, row) in alike {
        let name = comparison.rows[row].group.as_str();
        match groups.iter_mut().find(|(known, _)| *known == word) {
            Some((_, names)) => names.push(name),
            None => groups.push((word, vec![name])),
        }
    }
    let told = groups.into_iter().map(|(word, names)| Text::names(names, 9).and(": ").and(word));
    Some(told.reduce(|text, next| text.and("; ").join(next))?.and(" in every design."))
}

fn item(comparison: &Comparison, at: usize, design: &DesignAnswer) -> Option<Item> {
    let answer = words::answer(comparison, 0, at)?;
    let name = Text::name(&design.design).and(": ");
    let name =
        if design.title.is_empty() { name } else { name.and(escape::clip(&escape::visible(&design.title), TITLE)) };
    let way = match answer.reach.status {
        Status::Exploit => Text::words("the likeliest one way: ").join(worst(design, answer)),
        _ => worst(design, answer),
    };
    Some(Item { text: name, sub: vec![way, Text::words("alone: ").join(alone(design, answer))] })
}

/// Characters of a design's title.
const TITLE: usize = 120;

/// The exploits of the likeliest way, and the likelihood of this one way with its range: the threat has others.
pub(super) fn worst(design: &DesignAnswer, answer: &ThreatAnswer) -> Text {
    match answer.reach.status {
        Status::NotApplicable => return Text::words("not applicable"),
        Status::Unreachable => return Text::words("no set of the stated failures leads there"),
        Status::Grant => return Text::words("as designed, nothing has to fail"),
        Status::Exploit => {}
    }
    let Some(path) = undominated(answer).into_iter().next() else { return Text::words("none listed") };
    let exploits = path.order.iter().map(|id| design.graph.step(*id)).filter(|step| step.kind == StepKind::Exploit);
    let names: Vec<&str> = exploits.map(|step| step.name.as_str()).collect();
    let chance = Chance::of_path(&design.graph, path);
    let guesses = if chance.guesses > 0 { ", resting on guesses" } else { "" };
    let within =
        chance::within(path.assumptions.iter().map(|id| design.graph.assumption(*id)), design.graph.horizon_days);
    Text::names(names, 9).and(format!(", {} {within}{guesses}", chance.over()))
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
