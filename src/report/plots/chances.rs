//! How likely each question is in each design, with the interval its ranges leave.

use super::axis::Axis;
use super::canvas::{self, Canvas, Hang, Header, Heads, PlotError, Rect};
use super::{measure, style};
use crate::report::document::Plot;
use crate::report::text::Text;
use crate::report::{chance, number};
use crate::study::uncertainty::{Contest, Credible, Uncertainty};

const COLUMN: i32 = 176;
const ROW: i32 = 58;
const FOOT: i32 = 34;

/// The intervals of designs.
pub fn chances(uncertainty: &Uncertainty) -> Result<Plot, PlotError> {
    let shown = drawn(uncertainty);
    let (columns, rows) = (shown.len() as i32, uncertainty.designs.len() as i32);
    let width = (2 * style::MARGIN + style::NAMES + columns * COLUMN).max(style::LEAST);
    let title = "How likely each question is, within the ranges of its numbers";
    let all = shown.iter().flat_map(|row| row.answers.iter().flatten()).filter(|found| !found.granted);
    let axis = Axis::chances(all.flat_map(|found| [found.spread.low, found.spread.high, found.nominal[1]]), 0, 1);
    let scale_name = if axis.is_log() { "logarithmic" } else { "linear, from 0" };
    let rows_are = if rows == 1 { "Columns are questions" } else { "Rows are designs, columns are questions" };
    let mut caption = format!(
        "{rows_are}; every column has the same scale, the probability within the horizon ({scale_name}); further right is worse. A bar holds nine in ten of {} \
         draws of all numbers from their ranges, the dot is the median, the stroke the value with every number at its nominal. Below: median (5 % to 95 %). \
         Of a question asked once per party the likeliest counts.",
        number::count(uncertainty.options.draws)
    );
    if shown.len() < uncertainty.rows.len() {
        let left: Vec<&str> =
            uncertainty.rows.iter().filter(|row| granted(row)).map(|row| row.about.as_str()).collect();
        caption.push_str(&format!(" Not drawn: {}, by grant in every design.", left.join(", ")));
    }
    let header = Header::new(title, &caption, width);
    let heads = Heads::new(shown.iter().map(|row| row.about.as_str()), COLUMN);
    let height = header.height + heads.height + rows * ROW + FOOT + style::MARGIN;
    let svg = canvas::picture((width, height), title, &caption, |canvas| {
        let top = canvas.header(&header);
        heads.draw(canvas, top, Hang::Middle, |at| column(at) + COLUMN / 2);
        let top = top + heads.height;
        let bottom = top + rows * ROW;
        for row in 0..shown.len() {
            scale(canvas, axis.moved(column(row) + 10, column(row) + COLUMN - 10), top, bottom);
        }
        for (at, (design, title)) in uncertainty.designs.iter().enumerate() {
            let y = top + at as i32 * ROW;
            canvas.line((style::MARGIN, y), (width - style::MARGIN, y), style::VOID, 1);
            let name = Rect { x: style::MARGIN, y, w: style::NAMES - 12, h: ROW };
            canvas::design_name(canvas, name, design, title);
            for (row, found) in shown.iter().enumerate() {
                let cell = Rect { x: column(row), y, w: COLUMN, h: ROW };
                let found = found.answers.get(at).and_then(Option::as_ref);
                draw_cell(canvas, cell, axis.moved(cell.x + 10, cell.x + COLUMN - 10), found);
            }
        }
    })?;
    Ok(Plot { stem: "chances", title: Text::words(title), svg })
}

/// Is the question granted by all of several designs, so that there is nothing to compare?
fn granted(row: &Contest) -> bool {
    row.answers.len() > 1 && row.answers.iter().all(|found| found.as_ref().is_some_and(|found| found.granted))
}

/// The questions with a column; where none tells the designs apart, all.
fn drawn(uncertainty: &Uncertainty) -> Vec<&Contest> {
    let some = uncertainty.rows.iter().any(|row| !granted(row));
    uncertainty.rows.iter().filter(|row| !some || !granted(row)).collect()
}

fn column(at: usize) -> i32 {
    style::MARGIN + style::NAMES + at as i32 * COLUMN
}

/// Grid lines with their values below.
fn scale(canvas: &mut Canvas<'_>, axis: Axis, top: i32, bottom: i32) {
    let (left, right) = axis.ends();
    for (x, name) in axis.ended_ticks(4) {
        let x = axis.at(x);
        canvas.line((x, top), (x, bottom), style::VOID, 1);
        // The ends hang inwards, so that neighbouring scales do not run into each other.
        let hang = if x == left {
            Hang::Start
        } else if x == right {
            Hang::End
        } else {
            Hang::Middle
        };
        canvas.text(&name, (x, bottom + 14), hang, style::SMALL, style::FAINT);
    }
}

fn draw_cell(canvas: &mut Canvas<'_>, at: Rect, axis: Axis, found: Option<&Credible>) {
    let (x, _) = at.middle();
    let (line, words) = (at.y + 20, at.y + 42);
    let Some(found) = found else {
        canvas.text("not asked", (x, words), Hang::Middle, style::SMALL, style::FAINT);
        return;
    };
    if found.granted {
        canvas.text("1: by grant", (x, words), Hang::Middle, style::SMALL, style::INK);
        canvas.circle((axis.ends().1, line), 5, style::ACCENT);
        return;
    }
    let spread = found.spread;
    if spread.high == 0.0 {
        canvas.text("unreachable", (x, words), Hang::Middle, style::SMALL, style::FAINT);
        return;
    }
    let (left, right) = (axis.at(spread.low), axis.at(spread.high));
    canvas.fill(Rect { x: left, y: line - 5, w: (right - left).max(1), h: 10 }, style::BAND);
    let nominal = axis.at(found.nominal[1]);
    canvas.line((nominal, line - 9), (nominal, line + 9), style::INK, 2);
    canvas.circle((axis.at(spread.median), line), 5, style::ACCENT);
    let text = measure::fitted(&chance::credible_short(found), style::SMALL, at.w - 4);
    canvas.text(&text, (x, words), Hang::Middle, style::SMALL, style::INK);
}
