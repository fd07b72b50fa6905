//! Parties by designs: whose dishonesty is enough, alone or with others, while every assumption holds.

use super::canvas::{self, Canvas, Hang, Header, Heads, PlotError, Rect};
use super::{measure, style};
use crate::report::document::Plot;
use crate::report::escape;
use crate::report::text::Text;
use crate::study::Comparison;
use crate::study::trust::{Cell, Party, TrustMatrix};

const CELL: (i32, i32) = (100, 40);
/// Width of the column of parties.
const NAMES: i32 = 210;
/// Rows beyond this are counted, not drawn.
const MOST: usize = 30;
const CAPTION: &str = "While every assumption holds. 1: dishonest alone, this party is enough; 2: with one other; 3 and more: in a larger \
    coalition; a dot: considered, in no minimal coalition; blank: not in this design; not asked: the design has no such threat, or none that applies. Circles are run inside the model, diamonds \
    are external: nobody in the model operates them.";

/// The matrix for one question (its group), or over all questions: then the smallest coalition over them counts.
pub fn trust(comparison: &Comparison, group: Option<&str>) -> Result<Plot, PlotError> {
    let matrix = TrustMatrix::new(comparison, group);
    let title = match group {
        Some(group) => format!("Who must be trusted: {}", escape::clip(&escape::visible(group), escape::NAME)),
        None => String::from("Who must be trusted, over all questions"),
    };
    let width = (2 * style::MARGIN + NAMES + comparison.designs.len() as i32 * CELL.0).max(style::LEAST);
    let caption = format!("{CAPTION}{}", remarks(comparison, &matrix));
    let rows: &[Party] = &matrix.parties[..matrix.parties.len().min(MOST)];
    let header = Header::new(&title, &caption, width);
    let heads = Heads::new(comparison.designs.iter().map(|design| design.design.as_str()), CELL.0);
    let height = header.height + heads.height + rows.len().max(1) as i32 * CELL.1 + 44 + style::MARGIN;
    let svg = canvas::picture((width, height), &title, &caption, |canvas| {
        let top = canvas.header(&header);
        heads.draw(canvas, top, Hang::Middle, |at| column(at) + CELL.0 / 2);
        let top = top + heads.height;
        for (at, party) in rows.iter().enumerate() {
            draw_row(canvas, top + at as i32 * CELL.1, party, (&matrix.asked, width));
        }
        if rows.is_empty() {
            let middle = (style::MARGIN, top + CELL.1 / 2);
            canvas.text("No party is in any minimal coalition.", middle, Hang::Start, style::NAME, style::INK);
        }
        draw_legend(canvas, rows, top + rows.len().max(1) as i32 * CELL.1 + 24);
    })?;
    Ok(Plot { stem: "trust", title: Text::words(&title), svg })
}

fn column(at: usize) -> i32 {
    style::MARGIN + NAMES + at as i32 * CELL.0
}

/// What the picture does not show.
fn remarks(comparison: &Comparison, matrix: &TrustMatrix) -> String {
    let mut text = String::new();
    let name = |at: usize| {
        let design = comparison.designs.get(at).map_or("", |design| design.design.as_str());
        escape::clip(&escape::visible(design), escape::NAME)
    };
    if comparison.designs.len() > 1 && matrix.parties.iter().any(|party| party.cells.iter().any(|cell| cell.new)) {
        text.push_str(&format!(" new: not on the list of the baseline, {}.", name(matrix.baseline)));
    }
    if matrix.silent > 0 {
        text.push_str(&format!(" Not drawn: {} considered and in no minimal coalition anywhere.", matrix.silent));
    }
    let left_out = matrix.parties.len().saturating_sub(MOST);
    if left_out > 0 {
        text.push_str(&format!(" Not drawn: {left_out} more parties."));
    }
    if !matrix.incomplete.is_empty() {
        let names: Vec<String> = matrix.incomplete.iter().map(|at| name(*at)).collect();
        text.push_str(&format!(" The search stopped early in {}: there may be more coalitions.", names.join(", ")));
    }
    text
}

fn draw_row(canvas: &mut Canvas<'_>, y: i32, party: &Party, (asked, width): (&[bool], i32)) {
    canvas.line((style::MARGIN, y), (width - style::MARGIN, y), style::LINE, 1);
    let middle = y + CELL.1 / 2;
    let names = measure::wrap(&escape::visible(&party.name), style::SMALL, NAMES - 16, 2);
    canvas.lines(&names, (style::MARGIN, middle), Hang::Start, style::SMALL, style::INK);
    for (at, cell) in party.cells.iter().enumerate() {
        let center = (column(at) + CELL.0 / 2, middle);
        if !asked.get(at).copied().unwrap_or_default() {
            canvas.text("not asked", center, Hang::Middle, style::SMALL, style::FAINT);
            continue;
        }
        draw_mark(canvas, center, *cell);
        if cell.new {
            canvas.text("new", (center.0 + 24, middle), Hang::Start, style::SMALL, style::INK);
        }
    }
}

fn draw_mark(canvas: &mut Canvas<'_>, at: (i32, i32), cell: Cell) {
    let Cell { candidate: true, size, external, .. } = cell else { return };
    let (shade, text) = match size {
        None => return canvas.circle(at, 2, style::FAINT),
        Some(0) => (style::SHADES[6], String::from("0")),
        Some(1) => (style::SHADES[6], String::from("1")),
        Some(2) => (style::SHADES[3], String::from("2")),
        Some(n) => (style::SHADES[1], n.to_string()),
    };
    if size == Some(0) {
        let plate = Rect { x: at.0 - 30, y: at.1 - 12, w: 60, h: 24 };
        canvas.fill(plate, shade);
        return canvas.text("anyone", at, Hang::Middle, style::SMALL, style::ink_on(shade));
    }
    if external {
        canvas.diamond(at, 18, style::ACCENT);
        canvas.diamond(at, 15, shade);
    } else {
        canvas.circle(at, 13, shade);
    }
    canvas.text(&text, at, Hang::Middle, style::SMALL, style::ink_on(shade));
}

/// The marks that occur, with their words.
fn draw_legend(canvas: &mut Canvas<'_>, rows: &[Party], y: i32) {
    let kinds = [
        ("alone", Some(1), false),
        ("with one other", Some(2), false),
        ("in a larger coalition", Some(3), false),
        ("external, alone", Some(1), true),
        ("external, with one other", Some(2), true),
        ("external, in a larger coalition", Some(3), true),
        ("in none", None, false),
    ];
    let cells: Vec<Cell> = rows.iter().flat_map(|party| party.cells.iter().copied()).collect();
    let mut x = style::MARGIN + 18;
    for (text, size, external) in kinds {
        if !cells.iter().any(|cell| is_of(*cell, size, external)) {
            continue;
        }
        draw_mark(canvas, (x, y), Cell { candidate: true, size, external, ..Cell::default() });
        canvas.text(text, (x + 24, y), Hang::Start, style::SMALL, style::INK);
        x += 24 + measure::width(text, style::SMALL) + 36;
    }
}

/// Is it drawn like the legend's mark? All from three up are alike; a dot is a dot.
fn is_of(cell: Cell, kind: Option<usize>, outside: bool) -> bool {
    match cell.size {
        Some(size) => kind == Some(size.min(3)) && cell.external == outside,
        None => cell.candidate && kind.is_none(),
    }
}
