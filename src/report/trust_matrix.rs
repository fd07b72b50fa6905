//! Parties by designs as a table: whose dishonesty is enough, alone or with others, and who is new against the baseline.

use super::document::{Block, Column, Table};
use super::number;
use super::text::Text;
use crate::study::trust::{Cell, TrustMatrix};
use crate::study::{Comparison, Row};

/// Rows shown; the rest are counted.
const MOST: usize = 40;

/// The matrix of one question, with its words, and who is new in each design. Nothing where there is one design, or no party.
pub(super) fn blocks(comparison: &Comparison, row: &Row) -> Vec<Block> {
    let matrix = TrustMatrix::new(comparison, Some(&row.group));
    if comparison.designs.len() < 2 || matrix.parties.is_empty() {
        return Vec::new();
    }
    let mut head = vec![Column::left("party")];
    head.extend(comparison.designs.iter().map(|design| Column { title: Text::name(&design.design), right: false }));
    let rows = matrix.parties.iter().take(MOST).map(|party| {
        let mut cells = vec![Text::name(&party.name)];
        let told = |(at, cell): (usize, &Cell)| match matrix.asked.get(at) {
            Some(true) => Text::words(word(cell)),
            _ => Text::words(if is_absent(row, at) { "not asked" } else { "n/a" }),
        };
        cells.extend(party.cells.iter().enumerate().map(told));
        cells
    });
    let table = Table { head, rows: rows.collect() };
    vec![Block::Table(table), Block::Para(legend(comparison, &matrix)), Block::Para(changes(comparison, row, &matrix))]
}

/// Has the design no such threat? Else it has one that is not applicable.
fn is_absent(row: &Row, design: usize) -> bool {
    row.worst.get(design).copied().flatten().is_none()
}

/// `1`, `2`, `3+`, marked if new; `.` considered and in none.
fn word(cell: &Cell) -> String {
    let size = match cell.size {
        None if cell.candidate => return String::from("."),
        None => return String::new(),
        Some(size @ 0..=2) => size.to_string(),
        Some(_) => String::from("3+"),
    };
    if cell.new { format!("{size} new") } else { size }
}

fn legend(comparison: &Comparison, matrix: &TrustMatrix) -> Text {
    let baseline = comparison.designs.get(matrix.baseline).map_or("", |design| design.design.as_str());
    let mut text = Text::words(
        "1: dishonest alone, this party is enough; 2: with one other; 3+: in a larger coalition; 0: anyone is; .: considered, in none; \
         blank: not in this design; not asked: no threat of this id. new: on this list and not on that of the baseline, ",
    );
    text = text.and_name(baseline).and(".");
    if matrix.silent > 0 {
        text =
            text.and(format!(" Not shown: {} in no minimal coalition anywhere.", number::count(matrix.silent as u64)));
    }
    if matrix.parties.len() > MOST {
        text = text.and(format!(" Not shown: {} more parties.", matrix.parties.len() - MOST));
    }
    if !matrix.incomplete.is_empty() {
        let names = matrix.incomplete.iter().filter_map(|at| comparison.designs.get(*at)).map(|design| &design.design);
        text = text.and(" The search stopped early in ").join(Text::names(names, 10)).and(": there may be more.");
    }
    text
}

/// Who comes and who goes, design by design.
fn changes(comparison: &Comparison, row: &Row, matrix: &TrustMatrix) -> Text {
    let mut parts: Vec<Text> = Vec::new();
    for (at, design) in comparison.designs.iter().enumerate().filter(|(at, _)| *at != matrix.baseline) {
        let (new, gone) = (matrix.new_in(at), matrix.gone_in(at));
        let told = [("new ", new), ("no longer ", gone)];
        let told = told.into_iter().filter(|(_, names)| !names.is_empty());
        let told = told.map(|(word, names)| Text::words(word).join(Text::names(names, 8)));
        if let Some(told) = told.reduce(|text, next| text.and(", ").join(next)) {
            parts.push(Text::name(&design.design).and(": ").join(told));
        }
    }
    let (asked, silent) = matrix.others();
    let named = |which: Vec<usize>| Text::names(which.into_iter().map(|at| &comparison.designs[at].design), 9);
    let text = match parts.into_iter().reduce(|text, part| text.and("; ").join(part)) {
        Some(told) => Text::words("Against the baseline: ").join(told).and("."),
        None if !matrix.asked.get(matrix.baseline).copied().unwrap_or_default() => {
            Text::words("The baseline is not asked this, so nothing is compared with it.")
        }
        None if asked.is_empty() => Text::words("No other design is asked this."),
        None if silent.is_empty() => Text::words("The other designs must trust the same parties as the baseline."),
        None => named(asked).and(" must trust the same parties as the baseline."),
    };
    let (absent, not_applicable): (Vec<usize>, Vec<usize>) = silent.into_iter().partition(|at| is_absent(row, *at));
    let text = match absent.as_slice() {
        [] => text,
        [_] => text.and(" Not asked: ").join(named(absent)).and(", which has no threat of this id."),
        _ => text.and(" Not asked: ").join(named(absent)).and(", which have no threat of this id."),
    };
    match not_applicable.is_empty() {
        true => text,
        false => text.and(" Not applicable: ").join(named(not_applicable)).and("."),
    }
}
