//! Aligned tables for a terminal: columns as wide as they need, the widest give way first, and no name is broken.

use unicode_width::UnicodeWidthStr;

use super::document::Table;
use super::text::Text;
use super::wrap;

/// Columns between columns.
const GAP: usize = 2;

/// The table as lines no wider than `width`, as far as single characters allow.
///
/// Where its words do not fit side by side it goes on below, with the first column repeated.
pub fn lines(table: &Table, width: usize) -> Vec<String> {
    let head: Vec<String> = table.head.iter().map(|column| column.title.glued()).collect();
    let rows: Vec<Vec<String>> = table.rows.iter().map(|row| row.iter().map(Text::glued).collect()).collect();
    let columns: Vec<Column> =
        table.head.iter().enumerate().map(|(at, column)| Column::new(at, column.right, &head, &rows)).collect();
    let mut out = Vec::new();
    for part in parts(&columns, width.saturating_sub(1)) {
        if !out.is_empty() {
            out.push(String::new());
        }
        if let ([first, column], true) = (part.as_slice(), least(&part) > width.saturating_sub(1)) {
            out.extend(stacked(&head, &rows, [first.at, column.at], width.saturating_sub(1)));
            continue;
        }
        let widths = widths(&part, width.saturating_sub(1));
        out.extend(row_lines(&head, &part, &widths));
        out.push(widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>().join(&" ".repeat(GAP)));
        rows.iter().for_each(|row| out.extend(row_lines(row, &part, &widths)));
    }
    out.into_iter().map(|line| format!(" {line}").trim_end().to_owned()).collect()
}

/// Two columns too wide to stand side by side: each cell of the second below that of the first.
fn stacked(head: &[String], rows: &[Vec<String>], [first, second]: [usize; 2], width: usize) -> Vec<String> {
    let cell = |row: &[String], at: usize| row.get(at).cloned().unwrap_or_default();
    let told = |row: &[String]| {
        let below =
            wrap::filled(&cell(row, second), width.saturating_sub(2)).into_iter().map(|line| format!("  {line}"));
        wrap::filled(&cell(row, first), width).into_iter().chain(below).collect::<Vec<_>>()
    };
    let mut out = told(head);
    let rule = out.iter().map(|line| line.width()).max().unwrap_or(1);
    out.push("-".repeat(rule));
    out.extend(rows.iter().flat_map(|row| told(row)));
    out
}

/// What a column needs.
#[derive(Clone, Copy)]
struct Column {
    at: usize,
    right: bool,
    /// To stand on one line.
    whole: usize,
    /// To keep its words whole.
    least: usize,
}

impl Column {
    fn new(at: usize, right: bool, head: &[String], rows: &[Vec<String>]) -> Column {
        let cells = || head.get(at).into_iter().chain(rows.iter().filter_map(|row| row.get(at)));
        let whole = cells().map(|cell| cell.width()).max().unwrap_or(0).max(1);
        Column { at, right, whole, least: cells().map(|cell| wrap::widest_word(cell)).max().unwrap_or(0).max(1) }
    }
}

/// As many columns side by side as keep their words whole; the first begins every part.
fn parts(columns: &[Column], width: usize) -> Vec<Vec<Column>> {
    let Some((first, rest)) = columns.split_first() else { return Vec::new() };
    let mut parts: Vec<Vec<Column>> = vec![vec![*first]];
    for column in rest {
        let full = |part: &Vec<Column>| part.len() > 1 && least(part) + GAP + column.least > width;
        if parts.last().is_some_and(full) {
            parts.push(vec![*first]);
        }
        if let Some(part) = parts.last_mut() {
            part.push(*column);
        }
    }
    parts
}

fn least(part: &[Column]) -> usize {
    part.iter().map(|column| column.least + GAP).sum::<usize>().saturating_sub(GAP)
}

/// The widest columns give way first, down to what keeps words whole, then further.
fn widths(part: &[Column], width: usize) -> Vec<usize> {
    let mut widths: Vec<usize> = part.iter().map(|column| column.whole).collect();
    let room = width.saturating_sub(GAP * part.len().saturating_sub(1));
    let whole_words = part.iter().map(|column| column.least).collect();
    for least in [whole_words, vec![3; part.len()]] {
        while widths.iter().sum::<usize>() > room {
            let wide = widths.iter_mut().zip(&least).filter(|(now, least)| **now > **least);
            let Some((widest, _)) = wide.rev().max_by_key(|(now, _)| **now) else { break };
            *widest -= 1;
        }
    }
    widths
}

/// One row, as many lines as its tallest cell.
fn row_lines(cells: &[String], part: &[Column], widths: &[usize]) -> Vec<String> {
    let wrapped = part.iter().zip(widths).map(|(column, room)| {
        let cell = cells.get(column.at).map_or("", String::as_str);
        (column.right, *room, wrap::filled(cell, *room))
    });
    let wrapped: Vec<(bool, usize, Vec<String>)> = wrapped.collect();
    let height = wrapped.iter().map(|(_, _, lines)| lines.len()).max().unwrap_or(0);
    let line = |nth: usize| {
        let cells = wrapped.iter().map(|(right, room, lines)| {
            let text = lines.get(nth).map_or("", String::as_str);
            let space = " ".repeat(room.saturating_sub(text.width()));
            if *right { format!("{space}{text}") } else { format!("{text}{space}") }
        });
        cells.collect::<Vec<_>>().join(&" ".repeat(GAP))
    };
    (0..height).map(line).collect()
}
