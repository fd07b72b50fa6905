//! Threats by designs: a cell says how many assumptions must fail, how many of them suffice alone, and how far that carries.

use plotters::style::RGBColor;

use super::canvas::{self, Canvas, Hang, Header, Heads, PlotError, Rect};
use super::{measure, style};
use crate::analysis::{Reach, Status};
use crate::report::content::brief;
use crate::report::document::Plot;
use crate::report::text::Text;
use crate::report::{chance, number, words};
use crate::study::{Comparison, DesignAnswer};

const CELL: (i32, i32) = (176, 84);
/// A cell without probabilities has a line less.
const LINE: i32 = style::SMALL + 6;
const CAPTION: &str = "darker is worse. k: how many assumptions must fail at least (in brackets: with the \
    parties a tolerance trusts taken as honest). Below it n1/w1: single failures that suffice, and those that suffice against all others \
    at once; what each member of a class may fail in counts once. Then how many others fall with the likeliest failure. Hatched: as designed, \
    nothing has to fail. >= where counting stopped.";

/// The heatmap of a comparison.
pub fn reach(comparison: &Comparison) -> Result<Plot, PlotError> {
    let shown = drawn(comparison);
    let (columns, rows) = (shown.len() as i32, comparison.designs.len() as i32);
    let width = (2 * style::MARGIN + style::NAMES + columns * CELL.0).max(style::LEAST);
    let single = comparison.designs.len() == 1;
    let title =
        if single { "How each question can be reached" } else { "How each question can be reached, design by design" };
    let caption = caption(comparison);
    let header = Header::new(title, &caption, width);
    let heads = Heads::new(shown.iter().map(|row| comparison.rows[*row].group.as_str()), CELL.0);
    let (legend, legend_height) = legend(width);
    let pitch = if comparison.uncertainty.is_some() { CELL.1 } else { CELL.1 - LINE };
    let height = header.height + heads.height + rows * pitch + legend_height + style::MARGIN;
    let svg = canvas::picture((width, height), title, &caption, |canvas| {
        let top = canvas.header(&header);
        heads.draw(canvas, top, Hang::Middle, |at| column(at) + CELL.0 / 2);
        let top = top + heads.height;
        for (at, design) in comparison.designs.iter().enumerate() {
            let y = top + at as i32 * pitch;
            let name = Rect { x: style::MARGIN, y, w: style::NAMES - 12, h: pitch };
            canvas::design_name(canvas, name, &design.design, &design.title);
            for (nth, row) in shown.iter().enumerate() {
                let cell = Rect { x: column(nth), y, w: CELL.0, h: pitch };
                draw_cell(canvas, cell.inset(2), &Cell::new(comparison, *row, at, design));
            }
        }
        draw_legend(canvas, &legend, top + rows * pitch + 12);
    })?;
    Ok(Plot { stem: "reach", title: Text::words(title), svg })
}

/// The questions with a column: those that tell the designs apart. Where none does, all.
pub(super) fn drawn(comparison: &Comparison) -> Vec<usize> {
    let all = 0..comparison.rows.len();
    let shown: Vec<usize> = all.clone().filter(|row| words::constant(comparison, *row).is_none()).collect();
    if shown.is_empty() { all.collect() } else { shown }
}

fn caption(comparison: &Comparison) -> String {
    let rows = if comparison.designs.len() == 1 {
        "Columns are questions; "
    } else {
        "Rows are designs, columns are questions; "
    };
    let mut text = format!("{rows}{CAPTION}");
    if let Some(found) = &comparison.uncertainty {
        text.push_str(&format!(
            " Last line: P, the chance that it comes to that {}: median, and in brackets nine in ten of {} draws.",
            words::within(comparison),
            number::count(found.options.draws)
        ));
    }
    if drawn(comparison).len() < comparison.rows.len() {
        let alike = brief::constant(comparison).map_or(String::new(), |text| text.plain());
        text.push_str(&format!(" Not drawn: {alike}"));
    }
    text
}

fn column(at: usize) -> i32 {
    style::MARGIN + style::NAMES + at as i32 * CELL.0
}

/// What a cell shows.
struct Cell {
    ground: RGBColor,
    hatched: bool,
    lines: Vec<String>,
}

impl Cell {
    fn new(comparison: &Comparison, row: usize, at: usize, design: &DesignAnswer) -> Cell {
        let plain = |ground, line: &str| Cell { ground, hatched: false, lines: vec![line.to_owned()] };
        let Some(answer) = words::answer(comparison, row, at) else { return plain(style::VOID, "not asked") };
        let reach = &answer.reach;
        match reach.status {
            Status::NotApplicable => plain(style::VOID, "not applicable"),
            Status::Unreachable => plain(style::PAPER, "unreachable"),
            Status::Grant => Cell {
                ground: style::SHADES[6],
                hatched: true,
                lines: vec![String::from("by grant"), words::extent(reach)],
            },
            Status::Exploit => {
                let mut lines =
                    vec![format!("k = {}", words::k(reach)), words::singles(design, answer), words::extent(reach)];
                let found = words::credible(comparison, row, at);
                lines.extend(found.map(|found| format!("P {}", chance::credible_short(found))));
                Cell { ground: shade(reach), hatched: false, lines }
            }
        }
    }
}

/// The fixed scale: by k, and where one failure suffices by how far that carries, then by how many such failures there are. The number alone would
/// mislead: one failure of whichever member of a class is one on the list, and opens everybody.
fn level(reach: &Reach) -> usize {
    let carries = reach.extent.as_ref().is_some_and(|extent| extent.word != "one" && extent.members > 0);
    match (reach.k, carries, reach.profile_wide[1], reach.profile[1]) {
        (Some(0), ..) => 6,
        (Some(1), true, ..) => 5,
        (Some(1), false, 1.., 16..) => 4,
        (Some(1), false, 1.., _) => 3,
        (Some(1), false, 0, _) => 2,
        (Some(2), ..) => 1,
        _ => 0,
    }
}

fn shade(reach: &Reach) -> RGBColor {
    style::SHADES.get(level(reach)).copied().unwrap_or(style::VOID)
}

fn draw_cell(canvas: &mut Canvas<'_>, at: Rect, cell: &Cell) {
    canvas.fill(at, cell.ground);
    let (x, y) = at.middle();
    let ink = style::ink_on(cell.ground);
    let pitch = LINE;
    let plate = pitch * cell.lines.len() as i32;
    if cell.hatched {
        canvas.hatch(at, style::SHADES[4]);
        canvas.fill(Rect { x: at.x + 10, y: y - plate / 2 - 2, w: at.w - 20, h: plate + 4 }, cell.ground);
    }
    canvas.frame(at, style::LINE);
    let top = y - pitch * (cell.lines.len() as i32 - 1) / 2;
    for (nth, line) in cell.lines.iter().enumerate() {
        let size = if nth == 0 && cell.lines.len() > 1 { style::VALUE } else { style::SMALL };
        let line = measure::fitted(line, size, at.w - 6);
        canvas.text(&line, (x, top + pitch * nth as i32), Hang::Middle, size, ink);
    }
}

/// What the grounds mean, worst first.
const LEGEND: [(&str, usize); 7] = [
    ("by grant", 6),
    ("k = 1, the likeliest failure opens others too", 5),
    ("k = 1, some failure opens all (w1), n1 16 or more", 4),
    ("k = 1, some failure opens all (w1), n1 up to 15", 3),
    ("k = 1, against one alone", 2),
    ("k = 2", 1),
    ("k = 3 or more", 0),
];

/// An entry of the legend: its words, its level on the scale (`None`: unreachable), its place.
struct Entry {
    text: &'static str,
    level: Option<usize>,
    x: i32,
    y: i32,
}

/// Every legend entry, and the height they take.
fn legend(width: i32) -> (Vec<Entry>, i32) {
    let words = LEGEND.iter().map(|(text, level)| (*text, Some(*level)));
    let words = words.chain([("unreachable", None), ("not asked, not applicable", Some(usize::MAX))]);
    let (mut x, mut y, mut entries) = (style::MARGIN, 0, Vec::new());
    for (text, level) in words {
        let wide = 26 + measure::width(text, style::SMALL) + 22;
        if x + wide > width - style::MARGIN + 22 {
            (x, y) = (style::MARGIN, y + 24);
        }
        entries.push(Entry { text, level, x, y });
        x += wide;
    }
    (entries, y + 36)
}

fn draw_legend(canvas: &mut Canvas<'_>, entries: &[Entry], top: i32) {
    for entry in entries {
        let swatch = Rect { x: entry.x, y: top + entry.y, w: 20, h: 16 };
        let known = |level| style::SHADES.get(level).copied().unwrap_or(style::VOID);
        canvas.fill(swatch, entry.level.map_or(style::PAPER, known));
        if entry.level == Some(6) {
            canvas.hatch(swatch, style::SHADES[4]);
        }
        canvas.frame(swatch, style::LINE);
        canvas.text(entry.text, (entry.x + 26, top + entry.y + 8), Hang::Start, style::SMALL, style::INK);
    }
}
