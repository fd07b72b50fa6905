//! Which ways two designs share, and which only one of them has, against the first design.

use super::Detail;
use crate::report::document::{Block, Column, Item, Table};
use crate::report::text::Text;
use crate::study::{Comparison, PathKey, RowAlignment};

/// Ways listed per design and question.
const MOST: usize = 6;

pub(super) fn blocks(comparison: &Comparison, detail: Detail) -> Vec<Block> {
    let (Some(base), true) = (comparison.designs.first(), comparison.designs.len() > 1) else { return Vec::new() };
    let intro = Text::words("Against ").and_name(&base.design).and(
        ": in both / only there / only in the design of the row. A way is the set of a path's attack steps and of the \
         privileges it uses; several paths can be one way. A question asked once per party counts here for all parties together; the tables above show \
         its worst. A question mark stands where path counting stopped: what is called \
         only in one may be in both.",
    );
    let mut blocks = vec![
        Block::heading(2, Text::words("Which ways the designs share"), "shared"),
        Block::Para(intro),
        Block::Table(table(comparison)),
    ];
    if detail.lists {
        let lists = (1..comparison.designs.len()).filter_map(|at| lists(comparison, at));
        blocks.extend(lists);
    }
    blocks
}

fn table(comparison: &Comparison) -> Table {
    let mut head = vec![Column::left("design")];
    head.extend(comparison.alignment.iter().map(|row| Column { title: Text::name(&row.group), right: false }));
    let rows = comparison.designs.iter().enumerate().skip(1).map(|(at, design)| {
        let mut cells = vec![Text::name(&design.design)];
        cells.extend(comparison.alignment.iter().map(|row| Text::words(cell(row, at))));
        cells
    });
    Table { head, rows: rows.collect() }
}

fn cell(row: &RowAlignment, at: usize) -> String {
    let counts = [Side::Both, Side::Base, Side::Other].map(|side| keys(row, at, side).len());
    let sure = [0, at].iter().all(|at| row.complete.get(*at).copied().unwrap_or(false));
    format!("{} / {} / {}{}", counts[0], counts[1], counts[2], if sure { "" } else { " ?" })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Both,
    Base,
    Other,
}

/// The keys that stand on one side of the comparison of the first design with another.
fn keys(row: &RowAlignment, at: usize, side: Side) -> Vec<&PathKey> {
    let has = |counts: &[u64], at: usize| counts.get(at).is_some_and(|n| *n > 0);
    let stands = |counts: &[u64]| match (has(counts, 0), has(counts, at)) {
        (true, true) => side == Side::Both,
        (true, false) => side == Side::Base,
        (false, true) => side == Side::Other,
        (false, false) => false,
    };
    row.keys.iter().filter(|(_, counts)| stands(counts)).map(|(key, _)| key).collect()
}

/// The ways by name, for one design.
fn lists(comparison: &Comparison, at: usize) -> Option<Block> {
    let (base, design) = (comparison.designs.first()?, comparison.designs.get(at)?);
    let items = comparison.alignment.iter().filter_map(|row| {
        let side = |words: Text, side: Side| {
            let keys = keys(row, at, side);
            (!keys.is_empty()).then(|| words.and(": ").join(ways(&keys)))
        };
        let sub: Vec<Text> = [
            side(Text::words("only in ").and_name(&base.design), Side::Base),
            side(Text::words("only in ").and_name(&design.design), Side::Other),
            side(Text::words("in both"), Side::Both),
        ]
        .into_iter()
        .flatten()
        .collect();
        (!sub.is_empty()).then(|| Item { text: Text::name(&row.group), sub })
    });
    let items: Vec<Item> = items.collect();
    let summary = Text::name(&design.design).and(" against ").and_name(&base.design).and(", way by way");
    (!items.is_empty()).then(|| Block::Fold(summary, vec![Block::Bullets(items)]))
}

/// `a + b; c`.
fn ways(keys: &[&PathKey]) -> Text {
    let one = |key: &&PathKey| Text::name(if key.is_empty() { String::from("(no step)") } else { key.join(" + ") });
    let shown = keys.iter().take(MOST).map(one).reduce(|text, way| text.and("; ").join(way)).unwrap_or_default();
    match keys.len().saturating_sub(MOST) {
        0 => shown,
        left => shown.and(format!("; {left} more")),
    }
}
