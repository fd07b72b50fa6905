//! Structural costs side by side: one small bar chart per cost, all with the same rows.

use super::canvas::{self, Canvas, Hang, Header, Heads, PlotError, Rect};
use super::{measure, style};
use crate::report::document::Plot;
use crate::report::number;
use crate::report::table::cost_counts;
use crate::report::text::Text;
use crate::study::Comparison;

const PANEL: i32 = 128;
const ROW: i32 = 58;
const TITLES: [&str; 6] = [
    "approvals before a first publish",
    "services to run",
    "of those, running strangers' code",
    "parties trusted, not controlled",
    "interfaces to keep compatible",
    "ways of publishing to support",
];
const CAPTION: &str = "Counted from the structure of each model; nothing is estimated. Rows are designs. Every column has a scale of its own \
    from zero to its largest value: compare lengths within a column only. Shorter is less to run, to trust or to wait for. \
    n/a: given as a graph, without a model; no way: nobody new ever publishes.";

/// The bars of a comparison.
pub fn costs(comparison: &Comparison) -> Result<Plot, PlotError> {
    let title = "What each design asks of those who run it and join it";
    let width = (2 * style::MARGIN + style::NAMES + TITLES.len() as i32 * PANEL).max(style::LEAST);
    let header = Header::new(title, CAPTION, width);
    let heads = Heads::new(TITLES, PANEL);
    let height = header.height + heads.height + comparison.designs.len() as i32 * ROW + style::MARGIN;
    let svg = canvas::picture((width, height), title, CAPTION, |canvas| {
        let top = canvas.header(&header);
        heads.draw(canvas, top, Hang::Start, panel);
        let top = top + heads.height;
        let bottom = top + comparison.designs.len() as i32 * ROW;
        let counts: Vec<Option<[Option<u64>; 6]>> = comparison.designs.iter().map(cost_counts).collect();
        for (at, design) in comparison.designs.iter().enumerate() {
            let y = top + at as i32 * ROW;
            canvas.line((style::MARGIN, y), (width - style::MARGIN, y), style::VOID, 1);
            let name = Rect { x: style::MARGIN, y, w: style::NAMES - 12, h: ROW };
            canvas::design_name(canvas, name, &design.design, &design.title);
        }
        for at in 0..TITLES.len() {
            let column: Vec<_> =
                counts.iter().map(|counts| counts.and_then(|counts| counts.get(at).copied())).collect();
            draw_panel(canvas, panel(at), top, bottom, &column);
        }
    })?;
    Ok(Plot { stem: "costs", title: Text::words(title), svg })
}

fn panel(at: usize) -> i32 {
    style::MARGIN + style::NAMES + at as i32 * PANEL
}

/// One bar per design; words where there is no number.
fn draw_panel(canvas: &mut Canvas<'_>, x: i32, top: i32, bottom: i32, column: &[Option<Option<u64>>]) {
    let most = column.iter().flatten().flatten().copied().max().unwrap_or(0).max(1);
    let label = measure::width(&number::count(most), style::VALUE) + 8;
    let room = i128::from(PANEL - 14 - label);
    for (at, known) in column.iter().enumerate() {
        let y = top + at as i32 * ROW;
        let Some(n) = known.flatten() else {
            let text = if known.is_some() { "no way" } else { "n/a" };
            canvas.text(text, (x + 6, y + ROW / 2), Hang::Start, style::VALUE, style::FAINT);
            continue;
        };
        let length = (room * i128::from(n) / i128::from(most)) as i32;
        if n > 0 {
            canvas.fill(Rect { x, y: y + ROW / 2 - 9, w: length.max(1), h: 18 }, style::ACCENT);
        }
        canvas.text(&number::count(n), (x + length + 6, y + ROW / 2), Hang::Start, style::VALUE, style::INK);
    }
    canvas.line((x, top), (x, bottom), style::LINE, 1);
}
