//! Small pictures in rows and columns: one row per design, one column per question, and in each a curve with its band.

use super::axis::Axis;
use super::canvas::{self, Canvas, Hang, Header, Heads, PlotError, Rect};
use super::{measure, style};
use crate::report::document::Plot;
use crate::report::escape;
use crate::report::text::Text;

const CELL: (i32, i32) = (206, 104);
/// Room for the values of the vertical scale.
const SCALE: i32 = 40;
/// Below the last row: the ticks with one line of names, and what the scale is of.
const FOOT: i32 = 46;
/// One more line of names.
const LINE: i32 = 15;
/// Width of the scale in a cell.
const WIDE: i32 = CELL.0 - SCALE - 16;

/// A point of a curve: the value with every number at its nominal, and where nine in ten draws lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    /// Value.
    pub value: f64,
    /// 5 % of the draws lie below.
    pub low: f64,
    /// 5 % of the draws lie above.
    pub high: f64,
}

/// What a cell shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A curve; `None` where there is no answer.
    Curve(Vec<Option<Mark>>),
    /// Words instead.
    Words(String),
}

/// A column: its head, its vertical scale, and how its values read.
pub struct Column {
    /// Head.
    pub head: String,
    /// Vertical scale; its pixels are set here.
    pub axis: Axis,
    /// How a value reads.
    pub told: fn(f64) -> String,
}

/// A row.
pub struct Row<'a> {
    /// Design id.
    pub design: &'a str,
    /// Title.
    pub title: &'a str,
    /// One per column.
    pub cells: Vec<Cell>,
}

/// Where the points of all curves stand.
pub struct Across {
    /// What is varied.
    pub name: String,
    /// The values as numbers: an axis of them, and one per point; `None`: they are names, evenly spaced.
    pub numbers: Option<(Axis, Vec<f64>)>,
    /// The values as they are written.
    pub names: Vec<String>,
}

/// What is drawn.
pub struct Curves<'a> {
    /// File name without its ending.
    pub stem: &'static str,
    /// Title.
    pub title: &'a str,
    /// How to read it.
    pub caption: &'a str,
    /// Horizontal.
    pub across: Across,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows.
    pub rows: Vec<Row<'a>>,
}

/// The picture.
pub fn draw(curves: &Curves<'_>) -> Result<Plot, PlotError> {
    let (columns, rows) = (curves.columns.len() as i32, curves.rows.len() as i32);
    let width = (2 * style::MARGIN + style::NAMES + columns * CELL.0).max(style::LEAST);
    let header = Header::new(curves.title, curves.caption, width);
    let heads = Heads::new(curves.columns.iter().map(|column| column.head.as_str()), CELL.0 - SCALE);
    let height =
        header.height + heads.height + rows * CELL.1 + FOOT + (curves.across.lines() - 1) * LINE + style::MARGIN;
    let svg = canvas::picture((width, height), curves.title, curves.caption, |canvas| {
        let top = canvas.header(&header);
        heads.draw(canvas, top, Hang::Start, |at| column(at) + SCALE);
        let top = top + heads.height;
        for (at, row) in curves.rows.iter().enumerate() {
            let y = top + at as i32 * CELL.1;
            canvas.line((style::MARGIN, y), (width - style::MARGIN, y), style::VOID, 1);
            let name = Rect { x: style::MARGIN, y, w: style::NAMES - 12, h: CELL.1 };
            canvas::design_name(canvas, name, row.design, row.title);
            for (nth, (column, cell)) in curves.columns.iter().zip(&row.cells).enumerate() {
                draw_cell(canvas, chart(nth, y), &curves.across, column, cell);
            }
        }
        let bottom = top + rows * CELL.1;
        for nth in 0..curves.columns.len() {
            foot(canvas, chart(nth, bottom - CELL.1), bottom, &curves.across);
        }
    })?;
    Ok(Plot { stem: curves.stem, title: Text::words(curves.title), svg })
}

fn column(at: usize) -> i32 {
    style::MARGIN + style::NAMES + at as i32 * CELL.0
}

/// Where the curve of a cell is drawn.
fn chart(nth: usize, y: i32) -> Rect {
    Rect { x: column(nth) + SCALE, y: y + 26, w: WIDE, h: CELL.1 - 36 }
}

impl Across {
    /// The pixel of each point within a chart.
    fn pixels(&self, at: Rect) -> Vec<i32> {
        match &self.numbers {
            Some((axis, values)) => values.iter().map(|x| axis.moved(at.x, at.x + at.w).at(*x)).collect(),
            // Each name in the middle of its share of the width.
            None => {
                let n = self.names.len().max(1) as i32;
                (0..n).map(|nth| at.x + at.w * (2 * nth + 1) / (2 * n)).collect()
            }
        }
    }

    /// On how many lines names take turns, so that each has room.
    fn lines(&self) -> i32 {
        if self.numbers.is_some() {
            return 1;
        }
        let share = WIDE / self.names.len().max(1) as i32;
        let widest =
            self.names.iter().map(|name| measure::width(&escape::visible(name), style::SMALL)).max().unwrap_or(0);
        ((widest + 5) / share.max(1) + 1).clamp(1, self.names.len().clamp(1, 4) as i32)
    }
}

fn draw_cell(canvas: &mut Canvas<'_>, at: Rect, across: &Across, column: &Column, cell: &Cell) {
    let marks = match cell {
        Cell::Words(words) => {
            let lines = measure::wrap(words, style::SMALL, at.w, 3);
            canvas.lines(&lines, (at.x, at.y + at.h / 2 - 8), Hang::Start, style::SMALL, style::FAINT);
            return;
        }
        Cell::Curve(marks) => marks,
    };
    let axis = column.axis.moved(at.y + at.h, at.y);
    for (value, name) in axis.ticks(3) {
        // A share is a share on its axis as well.
        let name = if (column.told)(0.5).ends_with('%') { (column.told)(value) } else { name };
        canvas.line((at.x, axis.at(value)), (at.x + at.w, axis.at(value)), style::VOID, 1);
        canvas.text(&name, (at.x - 5, axis.at(value)), Hang::End, style::SMALL, style::FAINT);
    }
    let known: Vec<(i32, Mark)> =
        across.pixels(at).into_iter().zip(marks).filter_map(|(x, mark)| Some((x, (*mark)?))).collect();
    match across.numbers {
        Some(_) if known.len() > 1 => curve(canvas, &axis, &known),
        _ => known.iter().for_each(|point| dot(canvas, &axis, *point)),
    }
    canvas.line((at.x, at.y), (at.x, at.y + at.h), style::LINE, 1);
    let (Some((_, first)), Some((_, last))) = (known.first(), known.last()) else { return };
    let told = |mark: &Mark| (column.told)(mark.value);
    let ends = if told(first) == told(last) { told(last) } else { format!("{} to {}", told(first), told(last)) };
    let (low, high) = ((column.told)(last.low), (column.told)(last.high));
    let range = if low == high { ends } else { format!("{ends} ({low} to {high})") };
    let text = measure::fitted(&range, style::SMALL, at.w + 16 + SCALE / 2);
    canvas.text(&text, (at.x, at.y - 13), Hang::Start, style::SMALL, style::INK);
}

/// A line in its band.
fn curve(canvas: &mut Canvas<'_>, axis: &Axis, known: &[(i32, Mark)]) {
    let lower = known.iter().map(|(x, mark)| (*x, axis.at(mark.low)));
    let upper = known.iter().rev().map(|(x, mark)| (*x, axis.at(mark.high)));
    canvas.shape(&lower.chain(upper).collect::<Vec<_>>(), style::BAND);
    let line: Vec<(i32, i32)> = known.iter().map(|(x, mark)| (*x, axis.at(mark.value))).collect();
    canvas.path(&line, style::ACCENT, 2);
}

/// One value in its interval: between names there is nothing that a line could mean.
fn dot(canvas: &mut Canvas<'_>, axis: &Axis, (x, mark): (i32, Mark)) {
    let (top, bottom) = (axis.at(mark.high), axis.at(mark.low));
    canvas.fill(Rect { x: x - 4, y: top, w: 9, h: (bottom - top).max(1) }, style::BAND);
    canvas.circle((x, axis.at(mark.value)), 4, style::ACCENT);
}

/// The horizontal scale below the last row, and what it is of.
fn foot(canvas: &mut Canvas<'_>, at: Rect, bottom: i32, across: &Across) {
    let names: Vec<(i32, String)> = match &across.numbers {
        Some((axis, _)) => {
            let axis = axis.moved(at.x, at.x + at.w);
            axis.ticks(3).into_iter().map(|(x, name)| (axis.at(x), name)).collect()
        }
        None => across.pixels(at).into_iter().zip(across.names.iter().cloned()).collect(),
    };
    let lines = across.lines();
    let room = lines * at.w / names.len().max(1) as i32;
    for (nth, (x, name)) in names.iter().enumerate() {
        canvas.line((*x, bottom - 2), (*x, bottom + 3), style::LINE, 1);
        let name = measure::fitted(&escape::visible(name), style::SMALL, room.max(24));
        let y = bottom + 12 + nth as i32 % lines * LINE;
        canvas.text(&name, (*x, y), Hang::Middle, style::SMALL, style::FAINT);
    }
    let name = measure::fitted(&escape::visible(&across.name), style::SMALL, at.w);
    canvas.text(&name, (at.x + at.w / 2, bottom + 30 + (lines - 1) * LINE), Hang::Middle, style::SMALL, style::INK);
}
