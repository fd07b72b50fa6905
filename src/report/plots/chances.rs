//! How likely each question is in each design, with the interval its ranges leave.

use super::axis::Axis;
use super::canvas::{self, Canvas, Hang, Header, Heads, PlotError, Rect};
use super::{measure, style};
use crate::analysis::exact::Method;
use crate::report::document::Plot;
use crate::report::number;
use crate::report::text::Text;
use crate::study::uncertainty::{Credible, Uncertainty};

const COLUMN: i32 = 176;
const ROW: i32 = 58;
const FOOT: i32 = 34;

/// The intervals of designs.
pub fn chances(uncertainty: &Uncertainty) -> Result<Plot, PlotError> {
    let (columns, rows) = (uncertainty.rows.len() as i32, uncertainty.designs.len() as i32);
    let width = (2 * style::MARGIN + style::NAMES + columns * COLUMN).max(style::LEAST);
    let title = "How likely each question is, within the ranges of its numbers";
    let caption = format!(
        "Rows are designs, columns are questions; every column has the same scale, further right is worse. A bar holds nine in ten of {} \
         draws of all numbers from their ranges, the dot is the median, the stroke the value with every number at its nominal. Below: median (5 % to 95 %). \
         Of a question asked once per party the likeliest counts.",
        number::count(uncertainty.options.draws)
    );
    let header = Header::new(title, &caption, width);
    let heads = Heads::new(uncertainty.rows.iter().map(|row| row.about.as_str()), COLUMN);
    let height = header.height + heads.height + rows * ROW + FOOT + style::MARGIN;
    let all = uncertainty.rows.iter().flat_map(|row| row.answers.iter().flatten());
    let axis = Axis::chances(all.flat_map(|found| [found.spread.low, found.spread.high, found.nominal[1]]), 0, 1);
    let svg = canvas::picture((width, height), title, &caption, |canvas| {
        let top = canvas.header(&header);
        heads.draw(canvas, top, Hang::Middle, |at| column(at) + COLUMN / 2);
        let top = top + heads.height;
        let bottom = top + rows * ROW;
        for row in 0..uncertainty.rows.len() {
            scale(canvas, axis.moved(column(row) + 10, column(row) + COLUMN - 10), top, bottom);
        }
        for (at, (design, title)) in uncertainty.designs.iter().enumerate() {
            let y = top + at as i32 * ROW;
            canvas.line((style::MARGIN, y), (width - style::MARGIN, y), style::VOID, 1);
            let name = Rect { x: style::MARGIN, y, w: style::NAMES - 12, h: ROW };
            canvas::design_name(canvas, name, design, title);
            for (row, found) in uncertainty.rows.iter().enumerate() {
                let cell = Rect { x: column(row), y, w: COLUMN, h: ROW };
                let found = found.answers.get(at).and_then(Option::as_ref);
                draw_cell(canvas, cell, axis.moved(cell.x + 10, cell.x + COLUMN - 10), found);
            }
        }
    })?;
    Ok(Plot { stem: "chances", title: Text::words(title), svg })
}

fn column(at: usize) -> i32 {
    style::MARGIN + style::NAMES + at as i32 * COLUMN
}

/// Grid lines with their values below.
fn scale(canvas: &mut Canvas<'_>, axis: Axis, top: i32, bottom: i32) {
    let (left, right) = axis.ends();
    for (x, name) in axis.ticks(4) {
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
    let text = measure::fitted(&told(found), style::SMALL, at.w - 4);
    canvas.text(&text, (x, words), Hang::Middle, style::SMALL, style::INK);
}

/// `0.21 (0.12 to 0.35)`; bounds are marked as such.
fn told(found: &Credible) -> String {
    let short = |p: f64| number::significant(p, 2);
    let spread = found.spread;
    if spread.low == 1.0 {
        return String::from("1: by grant");
    }
    let mark = if found.method == Method::Exact { "" } else { "at most " };
    format!("{mark}{} ({} to {})", short(spread.median), short(spread.low), short(spread.high))
}
