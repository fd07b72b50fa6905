//! In what share of the draws one design is better than another.

use super::canvas::{self, Canvas, Hang, Header, Heads, PlotError, Rect};
use super::style;
use crate::report::document::Plot;
use crate::report::number;
use crate::report::text::Text;
use crate::study::uncertainty::{Contest, Uncertainty};

const CELL: (i32, i32) = (100, 58);

/// The matrix of the first question, best design first.
pub fn wins(uncertainty: &Uncertainty) -> Option<Result<Plot, PlotError>> {
    let row = uncertainty.rows.first()?;
    let order = row.order();
    (order.len() > 1).then(|| matrix(&uncertainty.designs, row, &order))
}

fn matrix(named: &[(String, String)], row: &Contest, order: &[usize]) -> Result<Plot, PlotError> {
    let n = order.len() as i32;
    let width = (2 * style::MARGIN + style::NAMES + n * CELL.0).max(style::LEAST);
    let title = "In what share of the draws one design is better than another";
    let caption = format!(
        "Question: {}. A cell says in what share of {} draws the design of its row is less likely to be reached than the design of its column; \
         darker: the row is more often the worse one. All designs see the same draws. Where they come out equal, that share stands below. Grey: no order that \
         matters, as all draws are equal (=), or the two chances agree to two digits (≈). Designs are in order of the value with every number at its nominal.",
        row.about,
        number::count(row.wins.draws)
    );
    let header = Header::new(title, &caption, width);
    let designs = || order.iter().filter_map(|at| named.get(*at));
    let heads = Heads::new(designs().map(|(design, _)| design.as_str()), CELL.0);
    let height = header.height + heads.height + n * CELL.1 + style::MARGIN;
    let svg = canvas::picture((width, height), title, &caption, |canvas| {
        let top = canvas.header(&header);
        let x = |at: usize| style::MARGIN + style::NAMES + at as i32 * CELL.0;
        heads.draw(canvas, top, Hang::Middle, |at| x(at) + CELL.0 / 2);
        let top = top + heads.height;
        for (at, (design, title)) in designs().enumerate() {
            let y = top + at as i32 * CELL.1;
            let name = Rect { x: style::MARGIN, y, w: style::NAMES - 12, h: CELL.1 };
            canvas::design_name(canvas, name, design, title);
            for (other, theirs) in order.iter().enumerate() {
                let cell = Rect { x: x(other), y, w: CELL.0, h: CELL.1 }.inset(2);
                draw_cell(canvas, cell, row, (order[at], *theirs));
            }
        }
    })?;
    Ok(Plot { stem: "wins", title: Text::words(title), svg })
}

fn draw_cell(canvas: &mut Canvas<'_>, at: Rect, row: &Contest, (own, other): (usize, usize)) {
    let (x, y) = at.middle();
    let counts = (row.wins.better(own, other), row.wins.better(other, own), row.wins.ties(own, other));
    let (Some(better), Some(worse), Some(ties)) = counts else { return };
    if own == other {
        canvas.fill(at, style::VOID);
        return;
    }
    let share = |n: u64| n as f64 / row.wins.draws.max(1) as f64;
    let alike = row.alike(own, other);
    let level = libm::round(share(worse) * (style::SHADES.len() - 1) as f64) as usize;
    // A tie is no win, whoever has the better digits.
    let ground = match alike || ties == row.wins.draws {
        true => style::VOID,
        false => style::SHADES.get(level).copied().unwrap_or(style::VOID),
    };
    canvas.fill(at, ground);
    canvas.frame(at, style::LINE);
    let ink = style::ink_on(ground);
    if ties == row.wins.draws {
        canvas.text("=", (x, y), Hang::Middle, style::VALUE, ink);
        return;
    }
    let lift = if ties > 0 { 9 } else { 0 };
    let alike = if alike { "≈ " } else { "" };
    canvas.text(&format!("{alike}{}", percent(share(better))), (x, y - lift), Hang::Middle, style::VALUE, ink);
    if ties > 0 {
        canvas.text(&format!("equal {}", percent(share(ties))), (x, y + 9), Hang::Middle, style::SMALL, ink);
    }
}

/// Whole percents; only all and none read as all and none.
pub fn percent(share: f64) -> String {
    match share {
        s if s > 0.0 && s < 0.005 => String::from("< 0.5 %"),
        s if (0.995..1.0).contains(&s) => String::from("> 99.5 %"),
        s => format!("{:.0} %", s * 100.0),
    }
}
