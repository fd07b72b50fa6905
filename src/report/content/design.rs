//! One design at a time: its worst ways told in sentences, who must be trusted, what to confirm, what it costs. Or, short of room, all in a table.

use super::{Detail, brief, checklist, harden, rests, room, trusted};
use crate::analysis::Path;
use crate::report::document::{Block, Column, Item, Plot, Table};
use crate::report::drawing::{MOST_WAYS, mermaid};
use crate::report::prose::{self, Telling};
use crate::report::text::Text;
use crate::report::words;
use crate::study::{Comparison, Costs, DesignAnswer, ThreatAnswer};

const LIKELIHOOD: &str = "The likelihood of a way is the product over its assumptions; over the ranges stands the same with every \
    number at the low end and at the high end of its range. It says how likely this way is to be open, not how likely the threat is.";

/// A path that is told, and the questions for which it is the likeliest way.
#[derive(Clone)]
pub(super) struct Shown<'a> {
    asks: Vec<&'a str>,
    /// The path.
    pub(super) path: &'a Path,
}

pub(super) fn blocks(comparison: &Comparison, detail: Detail) -> Vec<Block> {
    let title = if comparison.designs.len() == 1 { "The ways in" } else { "The designs one by one" };
    let mut blocks = vec![Block::heading(2, Text::words(title), "designs")];
    if detail.paths == 0 {
        blocks.extend(in_rows(comparison));
        return blocks;
    }
    blocks.push(Block::Para(Text::words(LIKELIHOOD)));
    let folds = detail.folds && comparison.designs.len() > 1;
    let mut asked = room::Asked::default();
    for (at, design) in comparison.designs.iter().enumerate() {
        blocks.push(Block::heading(3, titled(design), anchor(at)));
        let inner = one(comparison, at, detail, &mut asked);
        match folds.then(|| likeliest(comparison, at)).flatten() {
            Some(likeliest) => blocks.push(Block::Fold(likeliest, inner)),
            None => blocks.extend(inner),
        }
    }
    blocks
}

fn anchor(at: usize) -> String {
    format!("design-{}", at + 1)
}

fn titled(design: &DesignAnswer) -> Text {
    Text::name(&design.design).and(": ").and(&design.title)
}

/// The likeliest way to the first question, in one line.
fn likeliest(comparison: &Comparison, at: usize) -> Option<Text> {
    let (design, row) = (comparison.designs.get(at)?, comparison.rows.first()?);
    let answer = words::answer(comparison, 0, at)?;
    Some(Text::words("The likeliest one way to ").and_name(&row.group).and(": ").join(brief::worst(design, answer)))
}

/// All designs, each in one row.
fn in_rows(comparison: &Comparison) -> Vec<Block> {
    let Some(row) = comparison.rows.first() else { return Vec::new() };
    let title = Text::words("the likeliest one way to ").and_name(&row.group);
    let head = vec![Column::left("design"), Column { title, right: false }];
    let rows = comparison.designs.iter().enumerate().map(|(at, design)| {
        let answer = words::answer(comparison, 0, at);
        vec![titled(design), answer.map_or_else(|| Text::words("not asked"), |answer| brief::worst(design, answer))]
    });
    let mut blocks = vec![Block::Table(Table { head, rows: rows.collect() }), Block::Para(Text::words(LIKELIHOOD))];
    if comparison.designs.len() > 1 && comparison.designs.iter().any(|design| design.hardening.is_some()) {
        blocks.push(Block::Para(hardened_elsewhere()));
    }
    blocks
}

/// Where the controls to begin with are told, if there is no room for them.
fn hardened_elsewhere() -> Text {
    Text::words("What to do first is not told here: it stands in ").and_name("report.html").and(".")
}

/// What is told of one design below its title.
fn one(comparison: &Comparison, at: usize, detail: Detail, asked: &mut room::Asked) -> Vec<Block> {
    let Some(design) = comparison.designs.get(at) else { return Vec::new() };
    let anchor = anchor(at);
    let note = |note: &String| Block::Para(Text::words("Note: ").join(Text::note(note)));
    let mut blocks: Vec<Block> = design.notes.iter().map(note).collect();
    let (worst, rest) = shown(comparison, at, detail);
    if detail.drawn {
        blocks.extend(super::walk::blocks(comparison, at, detail));
    } else {
        blocks.push(Block::heading(4, Text::words("The worst ways"), format!("{anchor}-ways")));
        blocks.extend(ways(design, &worst, detail));
    }
    if detail.every_question && !detail.drawn && !rest.is_empty() {
        let more = told(design, &rest, worst.len(), detail);
        blocks.push(Block::Fold(Text::words("The likeliest way of the other questions"), more));
    }
    blocks.push(Block::heading(4, Text::words("Who must be trusted"), format!("{anchor}-trust")));
    blocks.extend(trusted::blocks(comparison, at, detail));
    let confirmed = [worst, if detail.every_question { rest } else { Vec::new() }].concat();
    blocks.push(Block::heading(4, Text::words("Questions for the room"), format!("{anchor}-room")));
    blocks.extend(answered(comparison, at));
    blocks.push(asked.block(design, &confirmed));
    // Of the only design this stands in a section of its own, further up.
    if comparison.designs.len() > 1 {
        if let (Some(found), true) = (&design.rests, detail.grounds) {
            blocks.push(Block::heading(4, Text::words("What its safety rests on"), format!("{anchor}-rests")));
            blocks.extend(rests::blocks(found, if detail.short() { 2 } else { rests::MOST }));
        }
        match &design.hardening {
            Some(hardening) if detail.lists => {
                blocks.extend(harden::blocks(&design.design, hardening, None, &anchor, 4));
            }
            Some(_) => blocks.push(Block::Para(hardened_elsewhere())),
            None => {}
        }
    }
    if !design.seen.is_empty() && detail.grounds {
        blocks.push(Block::heading(4, Text::words("Seen before"), format!("{anchor}-seen")));
        blocks.extend(seen(design, detail));
    }
    if let (Some(costs), true) = (&design.costs, detail.lists) {
        blocks.push(Block::heading(4, Text::words("What it costs, by name"), format!("{anchor}-costs")));
        blocks.push(named_costs(costs));
    }
    blocks
}

/// Of the only design of a report: what it rests on, and what controls buy.
pub(super) fn foundations(design: &DesignAnswer, plots: &[Plot], detail: Detail) -> Vec<Block> {
    let plot = |stem: &str| plots.iter().filter(|plot| plot.stem == stem).cloned().map(Block::Plot).collect::<Vec<_>>();
    let mut blocks = Vec::new();
    if let (Some(found), true) = (&design.rests, detail.grounds) {
        blocks.extend(plot("importance"));
        blocks.extend(rests::blocks(found, if detail.short() { 2 } else { rests::MOST }));
    }
    match &design.hardening {
        Some(hardening) if detail.lists => {
            blocks.extend(harden::blocks(&design.design, hardening, None, "design-1", 3));
            blocks.extend(plot("front"));
            blocks.extend(plot("hardened"));
        }
        Some(_) => {
            blocks.extend(plot("front"));
            blocks.push(Block::Para(hardened_elsewhere()));
        }
        None => {}
    }
    if blocks.is_empty() {
        return blocks;
    }
    let title = match design.hardening {
        Some(_) => "What its safety rests on, and what controls buy",
        None => "What its safety rests on",
    };
    blocks.insert(0, Block::heading(2, Text::words(title), "rests"));
    blocks
}

/// Incidents told of a design, and steps of each.
const INCIDENTS: usize = 8;
const INCIDENT_STEPS: usize = 5;

/// The incidents that show steps of its ways, with the steps where there is room.
fn seen(design: &DesignAnswer, detail: Detail) -> Vec<Block> {
    let lead = "Incidents in which steps of this design's ways really happened, those with most of them first; the steps stand behind each.";
    let first = if detail.lists { INCIDENTS } else { 0 };
    let items =
        design.seen.iter().take(first).map(|seen| {
            Item::from(Text::name(&seen.incident).and(": ").join(Text::names(&seen.steps, INCIDENT_STEPS)))
        });
    let rest: Vec<&String> = design.seen.iter().skip(first).map(|seen| &seen.incident).collect();
    if !detail.lists {
        let most = if detail.short() { INCIDENTS / 2 } else { INCIDENTS };
        return vec![Block::Para(
            Text::words("Steps of these ways happened in ").join(Text::names(rest, most)).and("."),
        )];
    }
    let mut blocks = vec![Block::Para(Text::words(lead)), Block::Bullets(items.collect())];
    if !rest.is_empty() {
        blocks.push(Block::Para(Text::words("With fewer: ").join(Text::names(rest, 40)).and(".")));
    }
    blocks
}

/// How many of the questions of a design were answered, if any were.
fn answered(comparison: &Comparison, at: usize) -> Option<Block> {
    let sheet = checklist::sheet(comparison, at)?;
    checklist::counted(sheet.design, &sheet.rows).map(Block::Para)
}

/// Every way that the page tells of a design: those that are drawn, of every question.
pub(super) fn every_told(comparison: &Comparison, design: usize) -> Vec<&Path> {
    let answers = (0..comparison.rows.len()).filter_map(|row| words::answer(comparison, row, design));
    answers.flat_map(|answer| undominated(answer).into_iter().take(MOST_WAYS)).collect()
}

/// The best path of each minimal attack set, likeliest first.
pub(super) fn undominated(answer: &ThreatAnswer) -> Vec<&Path> {
    let mut ways: Vec<&Path> = Vec::new();
    for path in answer.paths.paths.iter().filter(|path| path.dominated_by.is_none()) {
        if ways.iter().all(|known| known.assumptions != path.assumptions) {
            ways.push(path);
        }
    }
    ways.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    ways
}

/// The worst ways of the first question, filled up from the others; then the likeliest of each question not yet covered.
fn shown<'a>(comparison: &'a Comparison, design: usize, detail: Detail) -> (Vec<Shown<'a>>, Vec<Shown<'a>>) {
    let ways = |row: usize| words::answer(comparison, row, design).map(undominated).unwrap_or_default();
    let ask = |row: usize| comparison.rows.get(row).map_or("", |row| row.group.as_str());
    let first = ways(0).into_iter().take(detail.paths);
    let mut worst: Vec<Shown> = first.map(|path| Shown { asks: vec![ask(0)], path }).collect();
    let mut rest: Vec<Shown> = Vec::new();
    for row in 1..comparison.rows.len() {
        let Some(path) = ways(row).into_iter().next() else { continue };
        match worst.iter_mut().chain(rest.iter_mut()).find(|shown| shown.path.steps == path.steps) {
            Some(shown) => shown.asks.push(ask(row)),
            None => rest.push(Shown { asks: vec![ask(row)], path }),
        }
    }
    rest.sort_by(|a, b| b.path.probability.total_cmp(&a.path.probability));
    let missing = detail.paths.saturating_sub(worst.len()).min(rest.len());
    worst.extend(rest.drain(..missing));
    (worst, rest)
}

fn ways(design: &DesignAnswer, worst: &[Shown], detail: Detail) -> Vec<Block> {
    if worst.is_empty() {
        return vec![Block::Para(Text::words(
            "No question that this design asks can be reached by any set of the stated failures.",
        ))];
    }
    told(design, worst, 0, detail)
}

fn told(design: &DesignAnswer, shown: &[Shown], before: usize, detail: Detail) -> Vec<Block> {
    let telling = Telling { lines: detail.lines, ids: detail.lines, ..Telling::default() };
    let mut blocks = Vec::new();
    for (at, shown) in shown.iter().enumerate() {
        let title = Text::words(format!("Way {}, to ", before + at + 1)).join(Text::names(&shown.asks, 9));
        let summary = prose::summary(&design.graph, shown.path);
        blocks.push(Block::Para(title.and(": ").join(summary).and(".")));
        blocks.push(Block::Steps(prose::path(&design.graph, shown.path, telling)));
        if detail.charts && before + at == 0 {
            blocks.extend(mermaid::chart(&design.graph, shown.path).map(Block::Chart));
        }
    }
    blocks
}

/// The names behind the counts.
fn named_costs(costs: &Costs) -> Block {
    let mut items = Vec::new();
    let mut line = |what: &str, names: Text, empty: bool| {
        let names = if empty { Text::words("none") } else { names };
        items.push(Item::from(Text::words(what).and(": ").join(names)));
    };
    let most = 30;
    let approvals = match costs.approvals {
        None => Text::words("no newcomer ever publishes"),
        Some(n) => Text::words(format!("{n} by ")).join(Text::names(&costs.approvers, most)),
    };
    line("approvals before a first publish", approvals, costs.approvals == Some(0));
    line("services to run", Text::names(&costs.services, most), costs.services.is_empty());
    line(
        "of those, running strangers' code",
        Text::names(&costs.strangers_code, most),
        costs.strangers_code.is_empty(),
    );
    line("parties trusted and not controlled", Text::names(&costs.parties, most), costs.parties.is_empty());
    let pair = |(external, operated): &(String, String)| Text::name(external).and(" with ").and_name(operated);
    line(
        "interfaces to keep compatible",
        Text::listed(costs.interfaces.iter().map(pair), most),
        costs.interfaces.is_empty(),
    );
    line("ways of publishing to support", Text::names(&costs.workflows, most), costs.workflows.is_empty());
    let surface = format!(
        "exploits open to anyone: {}, of those on operated services: {}",
        costs.attack_surface, costs.attack_surface_operated
    );
    items.push(Item::from(Text::words(surface)));
    Block::Bullets(items)
}
