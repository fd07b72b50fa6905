//! A sweep of one field as curves, of two as a heatmap for each design.

use super::axis::Axis;
use super::canvas::{self, Canvas, Hang, Header, PlotError, Rect};
use super::curves::{self, Across, Cell, Column, Curves, Mark, Row};
use super::{measure, style};
use crate::report::document::Plot;
use crate::report::escape;
use crate::report::number;
use crate::report::text::Text;
use crate::study::sweep::vary::{Scale, Vary};
use crate::study::sweep::{Point, Sweep, Varied};
use crate::study::uncertainty::ranking::Spread;

/// The picture of a sweep: curves of one field, heatmaps of two. `designs` are ids and titles; `threats` the names of what is shown.
pub fn sweep(sweep: &Sweep, designs: &[(String, String)], threats: &[String]) -> Result<Vec<Plot>, PlotError> {
    match sweep.varied.as_slice() {
        [one] => curves_of(sweep, one, designs, threats).map(|plot| vec![plot]),
        [first, second] => match threats.first() {
            Some(threat) => heat(sweep, [first, second], designs, threat).map(|plot| vec![plot]),
            None => Ok(Vec::new()),
        },
        _ => Ok(Vec::new()),
    }
}

/// The answer of a point to a threat.
fn answer(point: &Point, threat: &str) -> Option<Varied> {
    let at = point.graph.threats.iter().position(|have| have.name == threat)?;
    point.threats.get(at).copied()
}

fn mark(varied: Varied) -> Option<Mark> {
    let (chances, spread) = (varied.chances?, varied.spread?);
    Some(Mark { value: chances.plain.value, low: spread.low, high: spread.high })
}

fn short(x: f64) -> String {
    number::significant(x, 2)
}

fn curves_of(sweep: &Sweep, vary: &Vary, designs: &[(String, String)], threats: &[String]) -> Result<Plot, PlotError> {
    let worked = sweep.designs.iter().flatten().any(|point| point.work.is_some());
    let (what, columns) = match worked {
        true => ("What becomes of each question, and of people's work,", "questions, and what rates of work move"),
        false => ("How likely each question is", "questions"),
    };
    let title = format!("{what} as {} varies", vary.path);
    let caption = format!(
        "Rows are designs, columns are {columns}; the horizontal scale is {}. Lines or dots: every number at its nominal, as simulate --set answers it; bands: nine in \
         ten of {} draws of all numbers from their ranges. Above each curve: its first and its last value, and in brackets the interval of the last.",
        vary.path,
        number::count(sweep.options.draws)
    );
    let rows: Vec<Row> = sweep
        .designs
        .iter()
        .zip(designs)
        .map(|(points, (design, title))| {
            let cell = |threat: &String| {
                let marks: Vec<_> = points.iter().map(|point| answer(point, threat).and_then(mark)).collect();
                if marks.iter().all(Option::is_none) {
                    Cell::Words(String::from("not asked"))
                } else {
                    Cell::Curve(marks)
                }
            };
            Row { design, title, cells: threats.iter().map(cell).collect() }
        })
        .collect();
    let (mut rows, work) = (rows, work_columns(sweep));
    let all = rows.iter().flat_map(|row| &row.cells).flat_map(|cell| match cell {
        Cell::Curve(marks) => marks.iter().flatten().flat_map(|mark| [mark.low, mark.value, mark.high]).collect(),
        Cell::Words(_) => Vec::new(),
    });
    let axis = Axis::chances(all.collect::<Vec<f64>>(), 0, 1);
    let mut columns: Vec<Column> =
        threats.iter().map(|threat| Column { head: threat.clone(), axis, told: short }).collect();
    for (nth, column) in work {
        for (row, points) in rows.iter_mut().zip(&sweep.designs) {
            row.cells
                .push(Cell::Curve(points.iter().map(|point| point.work.map(|work| worked_mark(work[nth]))).collect()));
        }
        columns.push(column);
    }
    let across = Across { name: vary.path.clone(), numbers: numbers(vary), names: vary.values.clone() };
    curves::draw(&Curves { stem: "sweep", title: &title, caption: &caption, across, columns, rows })
}

fn worked_mark((value, spread): (f64, Spread)) -> Mark {
    Mark { value, low: spread.low, high: spread.high }
}

/// What rates of work move, where one is varied: each measure on a scale of its own.
fn work_columns(sweep: &Sweep) -> Vec<(usize, Column)> {
    let all = || sweep.designs.iter().flatten().filter_map(|point| point.work);
    if all().next().is_none() {
        return Vec::new();
    }
    let heads = ["days until a first publish", "share of newcomers who give up", "hours of work a month"];
    let column = |(nth, head): (usize, &str)| {
        let most = all().map(|work| work[nth].0.max(work[nth].1.high)).fold(0.0, f64::max);
        let (axis, told): (Axis, fn(f64) -> String) = match nth {
            1 => (Axis::linear(0.0, 1.0, 0, 1), super::wins::percent),
            _ => (Axis::linear(0.0, if most > 0.0 { most } else { 1.0 }, 0, 1), short),
        };
        (nth, Column { head: head.to_owned(), axis, told })
    };
    heads.into_iter().enumerate().map(column).collect()
}

/// An axis of the values, if they are numbers.
fn numbers(vary: &Vary) -> Option<(Axis, Vec<f64>)> {
    let values = vary.numbers()?;
    let (low, high) =
        values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(*x), high.max(*x)));
    let axis = match vary.scale {
        Scale::Log => Axis::log(low, high, 0, 1),
        Scale::Linear | Scale::Listed => Axis::linear(low, high, 0, 1),
    };
    Some((axis, values))
}

const GRID: i32 = 400;
const SIDE: i32 = 92;
const HEAD: i32 = 78;
/// Least width of a cell, if the page is wide enough.
const CELL: i32 = 36;
/// Height of the colour key.
const KEY: i32 = 34;

fn heat(sweep: &Sweep, varied: [&Vary; 2], designs: &[(String, String)], threat: &str) -> Result<Plot, PlotError> {
    let title = format!("How likely {threat} is as {} and {} vary", varied[0].path, varied[1].path);
    let caption = format!(
        "One field of cells per design: {} to the right, {} upwards; darker is likelier, on one scale for all. The number in a cell is the probability with \
         every number at its nominal, as simulate --set answers it; below it, where there is room, nine in ten of {} draws.",
        varied[0].path,
        varied[1].path,
        number::count(sweep.options.draws)
    );
    // Wide enough for a number in each cell, as far as a page is.
    let grid = (varied[0].values.len() as i32 * CELL).clamp(GRID, 2 * GRID);
    let across = if grid > GRID { 1 } else { (designs.len() as i32).clamp(1, 2) };
    let (panel, tall) = (SIDE + grid + 40, HEAD + GRID / 2 + 110);
    let width = (2 * style::MARGIN + across * panel).max(style::LEAST);
    let header = Header::new(&title, &caption, width);
    let height = header.height + KEY + (designs.len() as i32 + across - 1) / across * tall + style::MARGIN;
    let marks: Vec<Vec<Option<Mark>>> = sweep
        .designs
        .iter()
        .map(|points| points.iter().map(|point| answer(point, threat).and_then(mark)).collect())
        .collect();
    let shade =
        Axis::chances(marks.iter().flatten().flatten().map(|mark| mark.value), 0, style::SHADES.len() as i32 - 1);
    let svg = canvas::picture((width, height), &title, &caption, |canvas| {
        let top = canvas.header(&header);
        key(canvas, (style::MARGIN, top), shade);
        let top = top + KEY;
        for (at, (design, name)) in designs.iter().enumerate() {
            let corner = (style::MARGIN + at as i32 % across * panel, top + at as i32 / across * tall);
            let place = Rect { x: corner.0, y: corner.1, w: panel - 20, h: HEAD - 22 };
            canvas::design_name(canvas, place, design, name);
            let grid = Rect { x: corner.0 + SIDE, y: corner.1 + HEAD, w: grid, h: GRID / 2 + 40 };
            field(canvas, grid, varied, marks.get(at).map_or(&[], Vec::as_slice), shade);
        }
    })?;
    Ok(Plot { stem: "sweep", title: Text::words(title), svg })
}

/// Which colour means what.
fn key(canvas: &mut Canvas<'_>, (x, y): (i32, i32), shade: Axis) {
    let ((low, high), middle) = (shade.values(), y + 8);
    let (low, high) = (short(low), short(high));
    canvas.text(&low, (x, middle), Hang::Start, style::SMALL, style::FAINT);
    let start = x + measure::width(&low, style::SMALL) + 8;
    for (nth, ground) in style::SHADES.iter().enumerate() {
        canvas.fill(Rect { x: start + nth as i32 * 26, y, w: 26, h: 16 }, *ground);
    }
    let end = start + style::SHADES.len() as i32 * 26 + 8;
    canvas.text(&high, (end, middle), Hang::Start, style::SMALL, style::FAINT);
}

/// The cells of one design with the values at their sides.
fn field(canvas: &mut Canvas<'_>, at: Rect, [right, up]: [&Vary; 2], marks: &[Option<Mark>], shade: Axis) {
    let (columns, rows) = (right.values.len() as i32, up.values.len() as i32);
    let size = (at.w / columns.max(1), at.h / rows.max(1));
    for (nth, mark) in marks.iter().enumerate() {
        let (column, row) = (nth as i32 / rows.max(1), nth as i32 % rows.max(1));
        let cell = Rect { x: at.x + column * size.0, y: at.y + (rows - 1 - row) * size.1, w: size.0, h: size.1 };
        draw_cell(canvas, cell.inset(1), *mark, shade);
    }
    let every = |n: i32, room: i32| (room / (at.w / n.max(1)).max(1) + 1).max(1);
    let step = every(columns, 44);
    for (nth, value) in right.values.iter().enumerate().step_by(step as usize) {
        let name = measure::fitted(&escape::visible(value), style::SMALL, size.0 * step);
        let x = at.x + nth as i32 * size.0 + size.0 / 2;
        canvas.text(&name, (x, at.y + rows * size.1 + 12), Hang::Middle, style::SMALL, style::FAINT);
    }
    for (nth, value) in up.values.iter().enumerate().step_by((16 / size.1.max(1) + 1) as usize) {
        let y = at.y + (rows - 1 - nth as i32) * size.1 + size.1 / 2;
        let name = measure::fitted(&escape::visible(value), style::SMALL, SIDE - 8);
        canvas.text(&name, (at.x - 6, y), Hang::End, style::SMALL, style::FAINT);
    }
    let below = measure::fitted(&escape::visible(&right.path), style::SMALL, at.w);
    canvas.text(&below, (at.x + at.w / 2, at.y + rows * size.1 + 30), Hang::Middle, style::SMALL, style::INK);
    let beside = measure::fitted(&escape::visible(&up.path), style::SMALL, at.w);
    canvas.text(&beside, (at.x - SIDE + 4, at.y - 8), Hang::Start, style::SMALL, style::INK);
}

fn draw_cell(canvas: &mut Canvas<'_>, at: Rect, mark: Option<Mark>, shade: Axis) {
    let Some(mark) = mark else {
        canvas.fill(at, style::VOID);
        return;
    };
    let level = shade.at(mark.value).clamp(0, style::SHADES.len() as i32 - 1) as usize;
    let ground = style::SHADES.get(level).copied().unwrap_or(style::VOID);
    canvas.fill(at, ground);
    let (x, y) = at.middle();
    let ink = style::ink_on(ground);
    let (low, high) = (short(mark.low), short(mark.high));
    let whole = vec![format!("{low} to {high}")];
    let fits = |lines: &[String]| lines.iter().all(|line| measure::width(line, style::SMALL) <= at.w);
    let range = if fits(&whole) { whole } else { vec![format!("{low} to"), high] };
    let pitch = style::SMALL + 4;
    let both = fits(&range) && at.h >= (range.len() as i32 + 1) * pitch + 4;
    let lines = if both { [vec![short(mark.value)], range].concat() } else { vec![short(mark.value)] };
    if fits(&lines) && at.h >= pitch {
        canvas.lines(&lines, (x, y), Hang::Middle, style::SMALL, ink);
    }
}
