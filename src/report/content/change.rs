//! What `whatif` and `diff` tell: each threat before and after, and the ways that appeared, vanished or changed.

use crate::analysis::{Reach, Status};
use crate::graph::AssumptionId;
use crate::report::document::{Block, Column, Item, Table};
use crate::report::prose::{self, Telling};
use crate::report::text::Text;
use crate::report::{number, words};
use crate::study::DesignAnswer;
use crate::study::change::{ThreatChange, Way};

/// Ways told in full per threat; the rest are counted.
const TOLD: usize = 3;

/// Everything that became of every threat.
pub fn blocks(before: &DesignAnswer, after: &DesignAnswer, changes: &[ThreatChange]) -> Vec<Block> {
    let head = ["threat", "before", "after", "appeared", "vanished", "changed", "same"];
    let head = head.iter().enumerate().map(|(at, title)| Column { title: Text::words(title), right: at > 2 }).collect();
    let rows = changes.iter().map(|change| {
        let n = |n: usize| Text::words(number::at_least(&number::count(n as u64), change.complete));
        vec![
            Text::name(&change.threat),
            Text::words(short(change.before.as_ref())),
            Text::words(short(change.after.as_ref())),
            n(change.appeared.len()),
            n(change.vanished.len()),
            n(change.changed.len()),
            Text::words(number::count(change.unchanged)),
        ]
    });
    let mut blocks = vec![Block::Table(Table { head, rows: rows.collect() })];
    blocks.push(Block::Para(Text::words(
        "Ways are minimal paths with the same steps about the same things. A cell: status, k, and the minimal attack sets of 1 failure.",
    )));
    for (at, change) in changes.iter().enumerate() {
        blocks.extend(detail(before, after, change, at));
    }
    let notes = after.notes.iter().filter(|note| !before.notes.contains(note));
    blocks.extend(notes.map(|note| Block::Para(Text::words("Note: ").join(Text::note(note)))));
    blocks
}

fn short(reach: Option<&Reach>) -> String {
    match reach {
        None => "not asked".to_owned(),
        Some(reach) => match reach.status {
            Status::Exploit => format!("exploit k={} n1={}", words::k(reach), reach.profile[1]),
            status => words::status(status).to_owned(),
        },
    }
}

fn detail(before: &DesignAnswer, after: &DesignAnswer, change: &ThreatChange, at: usize) -> Vec<Block> {
    let verdicts = change.worse.iter().map(|why| format!("worse: {why}"));
    let verdicts: Vec<Item> = verdicts
        .chain(change.better.iter().map(|why| format!("better: {why}")))
        .map(|text| Text::words(text).into())
        .collect();
    if verdicts.is_empty() && change.appeared.is_empty() && change.vanished.is_empty() && change.changed.is_empty() {
        return Vec::new();
    }
    let title = Text::name(&change.threat).and(": ").and(&change.title);
    let mut blocks = vec![Block::heading(2, title, format!("change-{}", at + 1))];
    if !verdicts.is_empty() {
        blocks.push(Block::Bullets(verdicts));
    }
    blocks.extend(ways("Appeared", after, &change.appeared));
    blocks.extend(ways("Vanished", before, &change.vanished));
    let changed: Vec<Way> = change.changed.iter().map(|(_, now)| now.clone()).collect();
    blocks.extend(ways("Changed (as it is now)", after, &changed));
    blocks
}

fn ways(word: &str, answer: &DesignAnswer, ways: &[Way]) -> Vec<Block> {
    let mut best: Vec<&Way> = ways.iter().collect();
    best.sort_by(|a, b| b.example.probability.total_cmp(&a.example.probability).then_with(|| a.key.cmp(&b.key)));
    // Near-duplicates that rest on the same failures are told once.
    let mut told: Vec<&[AssumptionId]> = Vec::new();
    best.retain(|way| {
        let new = !told.contains(&way.example.assumptions.as_slice());
        told.push(&way.example.assumptions);
        new
    });
    let all = ways.len();
    let mut blocks = Vec::new();
    for way in best.iter().take(TOLD) {
        let more = if way.count > 1 { format!(" ({} paths)", way.count) } else { String::new() };
        let title = Text::words(format!("{word}{more}: ")).join(prose::summary(&answer.graph, &way.example)).and(".");
        blocks.push(Block::Para(title));
        blocks.push(Block::Steps(prose::path(
            &answer.graph,
            &way.example,
            Telling { lines: false, ..Telling::default() },
        )));
    }
    let shown = best.len().min(TOLD);
    if all > shown {
        let rest = number::plural((all - shown) as u64, "way", "ways");
        blocks.push(Block::Para(Text::words(format!("{word}: {rest} more; --format json lists them."))));
    }
    blocks
}
