//! Parties by designs: whose dishonesty is enough, alone or with others, while every assumption holds.

use std::collections::BTreeMap;

use super::canvas::{self, Canvas, Hang, Header, Heads, PlotError, Rect};
use super::{measure, style};
use crate::analysis::Status;
use crate::report::document::Plot;
use crate::report::escape;
use crate::report::text::Text;
use crate::study::{Comparison, DesignAnswer, ThreatAnswer};

const CELL: (i32, i32) = (100, 40);
/// Width of the column of parties.
const NAMES: i32 = 210;
/// Rows beyond this are counted, not drawn.
const MOST: usize = 30;
/// Shown for the coalition of nobody in particular.
const ANYONE: &str = "anyone on the internet";
const CAPTION: &str = "While every assumption holds. 1: dishonest alone, this party is enough; 2: with one other; 3 and more: in a larger \
    coalition; a dot: considered, in no minimal coalition; blank: not in this design. Circles are run inside the model, diamonds \
    are external: nobody in the model operates them.";

/// The matrix for one question (its group), or over all questions: then the smallest coalition over them counts.
pub fn trust(comparison: &Comparison, group: Option<&str>) -> Result<Plot, PlotError> {
    let matrix = Matrix::new(comparison, group);
    let title = match group {
        Some(group) => format!("Who must be trusted: {}", escape::clip(&escape::visible(group), escape::NAME)),
        None => String::from("Who must be trusted, over all questions"),
    };
    let width = (2 * style::MARGIN + NAMES + comparison.designs.len() as i32 * CELL.0).max(style::LEAST);
    let caption = format!("{CAPTION}{}", matrix.remarks());
    let header = Header::new(&title, &caption, width);
    let heads = Heads::new(comparison.designs.iter().map(|design| design.design.as_str()), CELL.0);
    let height = header.height + heads.height + matrix.rows.len().max(1) as i32 * CELL.1 + 44 + style::MARGIN;
    let svg = canvas::picture((width, height), &title, &caption, |canvas| {
        let top = canvas.header(&header);
        heads.draw(canvas, top, Hang::Middle, |at| column(at) + CELL.0 / 2);
        let top = top + heads.height;
        for (at, (party, cells)) in matrix.rows.iter().enumerate() {
            draw_row(canvas, top + at as i32 * CELL.1, party, cells, width);
        }
        if matrix.rows.is_empty() {
            let middle = (style::MARGIN, top + CELL.1 / 2);
            canvas.text("No party is in any minimal coalition.", middle, Hang::Start, style::NAME, style::INK);
        }
        draw_legend(canvas, &matrix, top + matrix.rows.len().max(1) as i32 * CELL.1 + 24);
    })?;
    Ok(Plot { stem: "trust", title: Text::words(&title), svg })
}

fn column(at: usize) -> i32 {
    style::MARGIN + NAMES + at as i32 * CELL.0
}

/// One party in one design.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Mark {
    /// Not a candidate there.
    #[default]
    Absent,
    /// Considered; the size of the smallest minimal coalition with it, if there is one.
    Candidate { size: Option<usize>, external: bool },
}

struct Matrix {
    rows: Vec<(String, Vec<Mark>)>,
    silent: usize,
    left_out: usize,
    incomplete: Vec<String>,
}

impl Matrix {
    fn new(comparison: &Comparison, group: Option<&str>) -> Matrix {
        let mut marks: BTreeMap<String, Vec<Mark>> = BTreeMap::new();
        let mut incomplete = Vec::new();
        for (at, design) in comparison.designs.iter().enumerate() {
            let mut complete = true;
            for answer in answers(comparison, at, design, group) {
                complete &= answer.coalitions.complete;
                for (party, mark) in marks_of(design, answer) {
                    let row = marks.entry(party).or_insert_with(|| vec![Mark::Absent; comparison.designs.len()]);
                    if let Some(known) = row.get_mut(at) {
                        *known = smaller(*known, mark);
                    }
                }
            }
            if !complete {
                incomplete.push(escape::clip(&escape::visible(&design.design), escape::NAME));
            }
        }
        let all = marks.len();
        let mut rows: Vec<(String, Vec<Mark>)> =
            marks.into_iter().filter(|(_, row)| row.iter().any(|mark| size(*mark).is_some())).collect();
        let silent = all - rows.len();
        let worst = |row: &[Mark], n: usize| {
            std::cmp::Reverse(row.iter().filter(|mark| size(**mark).is_some_and(|size| size <= n)).count())
        };
        rows.sort_by_key(|(_, row)| (worst(row, 0), worst(row, 1), worst(row, 2)));
        let left_out = rows.len().saturating_sub(MOST);
        rows.truncate(MOST);
        Matrix { rows, silent, left_out, incomplete }
    }

    /// What the picture does not show.
    fn remarks(&self) -> String {
        let mut text = String::new();
        if self.silent > 0 {
            text.push_str(&format!(" Not drawn: {} considered and in no minimal coalition anywhere.", self.silent));
        }
        if self.left_out > 0 {
            text.push_str(&format!(" Not drawn: {} more parties.", self.left_out));
        }
        if !self.incomplete.is_empty() {
            text.push_str(&format!(
                " The search stopped early in {}: there may be more coalitions.",
                self.incomplete.join(", ")
            ));
        }
        text
    }
}

/// The answers of one design that count.
fn answers<'a>(
    comparison: &'a Comparison,
    at: usize,
    design: &'a DesignAnswer,
    group: Option<&str>,
) -> Vec<&'a ThreatAnswer> {
    let rows = comparison.rows.iter().filter(|row| group.is_none_or(|group| row.group == group));
    let worst = rows.filter_map(|row| row.worst.get(at).copied().flatten());
    let asked = worst.filter_map(|threat| design.threats.get(threat));
    asked.filter(|answer| answer.reach.status != Status::NotApplicable).collect()
}

fn marks_of(design: &DesignAnswer, answer: &ThreatAnswer) -> Vec<(String, Mark)> {
    let coalitions = &answer.coalitions;
    let mut marks = Vec::new();
    for id in &coalitions.candidates {
        let Some(principal) = design.graph.principals.get(id.0 as usize) else { continue };
        let with = coalitions.coalitions.iter().filter(|set| set.contains(id));
        let mark = Mark::Candidate { size: with.map(Vec::len).min(), external: principal.external };
        marks.push((principal.name.clone(), mark));
    }
    if coalitions.coalitions.iter().any(Vec::is_empty) {
        marks.push((String::from(ANYONE), Mark::Candidate { size: Some(0), external: false }));
    }
    marks
}

fn size(mark: Mark) -> Option<usize> {
    match mark {
        Mark::Candidate { size, .. } => size,
        Mark::Absent => None,
    }
}

/// Of two answers about one party the one with the smaller coalition.
fn smaller(a: Mark, b: Mark) -> Mark {
    match (size(a), size(b)) {
        (Some(x), Some(y)) if x <= y => a,
        (Some(_), None) => a,
        _ if b == Mark::Absent => a,
        _ => b,
    }
}

fn draw_row(canvas: &mut Canvas<'_>, y: i32, party: &str, cells: &[Mark], width: i32) {
    canvas.line((style::MARGIN, y), (width - style::MARGIN, y), style::LINE, 1);
    let middle = y + CELL.1 / 2;
    let names = measure::wrap(&escape::visible(party), style::SMALL, NAMES - 16, 2);
    canvas.lines(&names, (style::MARGIN, middle), Hang::Start, style::SMALL, style::INK);
    for (at, mark) in cells.iter().enumerate() {
        draw_mark(canvas, (column(at) + CELL.0 / 2, middle), *mark);
    }
}

fn draw_mark(canvas: &mut Canvas<'_>, at: (i32, i32), mark: Mark) {
    let Mark::Candidate { size, external } = mark else { return };
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
fn draw_legend(canvas: &mut Canvas<'_>, matrix: &Matrix, y: i32) {
    let kinds = [
        ("alone", Some(1), false),
        ("with one other", Some(2), false),
        ("in a larger coalition", Some(3), false),
        ("external, alone", Some(1), true),
        ("external, with one other", Some(2), true),
        ("external, in a larger coalition", Some(3), true),
        ("in none", None, false),
    ];
    let marks: Vec<Mark> = matrix.rows.iter().flat_map(|(_, row)| row.iter().copied()).collect();
    let mut x = style::MARGIN + 18;
    for (text, size, external) in kinds {
        if !marks.iter().any(|mark| is_of(*mark, size, external)) {
            continue;
        }
        draw_mark(canvas, (x, y), Mark::Candidate { size, external });
        canvas.text(text, (x + 24, y), Hang::Start, style::SMALL, style::INK);
        x += 24 + measure::width(text, style::SMALL) + 36;
    }
}

/// Is it drawn like the legend's mark? All from three up are alike; a dot is a dot.
fn is_of(mark: Mark, kind: Option<usize>, outside: bool) -> bool {
    match mark {
        Mark::Candidate { size: Some(size), external } => kind == Some(size.min(3)) && external == outside,
        Mark::Candidate { size: None, .. } => kind.is_none(),
        Mark::Absent => false,
    }
}
