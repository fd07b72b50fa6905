//! What money buys: cost of controls against the probability that remains, each point a set that no other beats in both.

use super::canvas::{self, Canvas, Hang, Header, PlotError, Rect};
use super::{measure, style};
use crate::report::document::Plot;
use crate::report::number;
use crate::report::text::Text;
use crate::study::harden::{Hardening, Plan};

const WIDTH: i32 = 920;
const HEIGHT: i32 = 360;
/// Room for the labels of the axis of probability.
const LEFT: i32 = 86;
/// Room between the axis of probability and what costs nothing.
const BESIDE: i32 = 24;
/// Room above the highest mark.
const ABOVE: i32 = 34;
/// Height of a line of the list below.
const PITCH: i32 = 19;
const CAPTION: &str = "Across: days of work, build and upkeep over the horizon. Up: P(exposed) of the worst threat that has a tolerance, on a \
    logarithmic scale; the bar spans it with every number at the low and at the high end of its range. Numbered points: no other set of \
    controls is both cheaper and leaves less. Ring: every tolerance is kept";

/// The front of one design; `None` where nothing but nothing is on it.
pub fn front(design: &str, hardening: &Hardening) -> Option<Result<Plot, PlotError>> {
    let points: Vec<Point> = hardening.front.iter().map(|plan| Point::new(hardening, plan)).collect();
    if points.len() < 2 {
        return None;
    }
    Some(draw(design, hardening, &points))
}

struct Point {
    cost: f64,
    p: f64,
    low: f64,
    high: f64,
    keeps: bool,
    names: String,
}

impl Point {
    fn new(hardening: &Hardening, plan: &Plan) -> Point {
        let remains = plan.state.remains(&hardening.judged);
        let (p, [low, high]) = remains.map_or((0.0, [0.0, 0.0]), |remains| (remains.p, remains.ends));
        let names: Vec<&str> = plan.controls.iter().map(|at| hardening.candidates[*at].id.as_str()).collect();
        let names = if names.is_empty() { "nothing switched on".to_owned() } else { names.join(", ") };
        Point { cost: plan.cost_days, p, low, high, keeps: plan.state.failing() == 0, names }
    }
}

/// From probabilities and days to pixels.
struct Scale {
    area: Rect,
    cost: f64,
    /// Logarithms of the ends of the axis.
    low: f64,
    ticks: Vec<f64>,
}

impl Scale {
    fn new(area: Rect, points: &[Point]) -> Scale {
        let least = points.iter().map(|point| point.low).filter(|p| *p > 0.0).fold(1.0, f64::min);
        let bottom = libm::log10(least).clamp(-12.0, -0.4);
        // Few decades have marks in between.
        let steps: &[f64] = if bottom > -2.0 { &[1.0, 2.0, 5.0] } else { &[1.0] };
        let mut ticks: Vec<f64> = Vec::new();
        for decade in libm::floor(bottom) as i32..=0 {
            let all = steps.iter().map(|step| step * libm::pow(10.0, f64::from(decade)));
            ticks.extend(all.filter(|tick| *tick <= 1.0));
        }
        // The axis begins at the last mark that is not above anything drawn.
        let below = ticks.iter().rposition(|tick| *tick <= least).unwrap_or(0);
        let ticks = ticks.split_off(below);
        let low = libm::log10(ticks.first().copied().unwrap_or(0.1));
        let cost = points.iter().map(|point| point.cost).fold(1.0, f64::max);
        Scale { area, cost, low, ticks }
    }

    fn x(&self, cost: f64) -> i32 {
        // What costs nothing stands beside the axis, not on it.
        let (from, wide) = (self.area.x + BESIDE, self.area.w - BESIDE);
        from + libm::round(f64::from(wide) * cost / (self.cost * 1.05)) as i32
    }

    /// What is too small for the scale, and nothing at all, lies on the axis.
    fn y(&self, p: f64) -> i32 {
        let share = 1.0 - libm::log10(p.max(1e-300)).clamp(self.low, 0.0) / self.low;
        self.area.y + self.area.h - libm::round(f64::from(self.area.h) * share) as i32
    }
}

fn draw(design: &str, hardening: &Hardening, points: &[Point]) -> Result<Plot, PlotError> {
    let title = format!("What controls buy in {}", crate::report::escape::visible(design));
    let all_kept = points.iter().all(|point| point.keeps);
    let kept = if all_kept { " (here: of every point)" } else { "" };
    let looked = if hardening.front_complete { "" } else { " Not every set was looked at: these are the best found." };
    let caption = format!("{CAPTION}{kept}.{looked}");
    let header = Header::new(&title, &caption, WIDTH);
    let lines: Vec<Vec<String>> = points.iter().enumerate().map(|(at, point)| listed(at, point, !all_kept)).collect();
    let rows: i32 = lines.iter().map(|lines| lines.len() as i32).sum();
    let height = header.height + ABOVE + HEIGHT + 56 + rows * PITCH + style::MARGIN;
    let svg = canvas::picture((WIDTH, height), &title, &caption, |canvas| {
        let top = canvas.header(&header) + ABOVE;
        let area = Rect { x: style::MARGIN + LEFT, y: top, w: WIDTH - 2 * style::MARGIN - LEFT, h: HEIGHT };
        let scale = Scale::new(area, points);
        axes(canvas, &scale);
        curve(canvas, &scale, points);
        let mut y = top + HEIGHT + 56;
        for line in lines.iter().flatten() {
            canvas.text(line, (style::MARGIN, y), Hang::Start, style::SMALL, style::INK);
            y += PITCH;
        }
    })?;
    Ok(Plot { stem: "front", title: Text::words(&title), svg })
}

/// One entry of the list below: its number, its cost, what remains, what is on, and whether that keeps every tolerance where not all do.
fn listed(at: usize, point: &Point, differs: bool) -> Vec<String> {
    let p = format!("{} ({} to {})", number::chance(point.p), number::chance(point.low), number::chance(point.high));
    let keeps = if differs && point.keeps { "; every tolerance kept" } else { "" };
    let text = format!("{}: {} days, P {p}{keeps}: {}", at + 1, number::significant(point.cost, 3), point.names);
    measure::wrap(&text, style::SMALL, WIDTH - 2 * style::MARGIN, 3)
}

fn axes(canvas: &mut Canvas<'_>, scale: &Scale) {
    let area = scale.area;
    let (right, bottom) = (area.x + area.w, area.y + area.h);
    for tick in &scale.ticks {
        let y = scale.y(*tick);
        canvas.line((area.x, y), (right, y), style::VOID, 1);
        let label = number::chance(*tick);
        let at = area.x - 10 - measure::width(&label, style::SMALL);
        canvas.text(&label, (at, y), Hang::Start, style::SMALL, style::FAINT);
    }
    let step = step(scale.cost);
    let mut cost = 0.0;
    while cost <= scale.cost * 1.05 {
        let x = scale.x(cost);
        canvas.line((x, bottom), (x, bottom + 5), style::FAINT, 1);
        canvas.text(&number::significant(cost, 3), (x, bottom + 16), Hang::Middle, style::SMALL, style::FAINT);
        cost += step;
    }
    canvas.text("days", (area.x + area.w / 2, bottom + 34), Hang::Middle, style::SMALL, style::FAINT);
    canvas.text("P(exposed)", (style::MARGIN, area.y - 22), Hang::Start, style::SMALL, style::FAINT);
    canvas.line((area.x, bottom), (right, bottom), style::LINE, 1);
    canvas.line((area.x, area.y), (area.x, bottom), style::LINE, 1);
}

/// A round step that gives about six ticks.
fn step(most: f64) -> f64 {
    let power = libm::pow(10.0, libm::floor(libm::log10(most / 6.0)));
    let wanted = most / 6.0 / power;
    power
        * if wanted <= 1.0 {
            1.0
        } else if wanted <= 2.0 {
            2.0
        } else if wanted <= 5.0 {
            5.0
        } else {
            10.0
        }
}

/// Between two points the cheaper set is what one has.
fn curve(canvas: &mut Canvas<'_>, scale: &Scale, points: &[Point]) {
    for pair in points.windows(2) {
        let (x, y, next, below) =
            (scale.x(pair[0].cost), scale.y(pair[0].p), scale.x(pair[1].cost), scale.y(pair[1].p));
        canvas.line((x, y), (next, y), style::LINE, 2);
        canvas.line((next, y), (next, below), style::LINE, 2);
    }
    for point in points {
        let (x, low, high) = (scale.x(point.cost), scale.y(point.low), scale.y(point.high));
        canvas.line((x, high), (x, low), style::ACCENT, 2);
        for end in [low, high] {
            canvas.line((x - 4, end), (x + 4, end), style::ACCENT, 2);
        }
    }
    // Each number stands right at its point, on a plate, so that no bar of another runs through it: above; where points come close below, or higher.
    let xs: Vec<i32> = points.iter().map(|point| scale.x(point.cost)).collect();
    let close = |a: Option<&i32>, b: Option<&i32>| a.zip(b).is_some_and(|(a, b)| b - a < 24);
    for (at, point) in points.iter().enumerate() {
        let (x, y) = (xs[at], scale.y(point.p));
        let before = close(at.checked_sub(1).and_then(|at| xs.get(at)), xs.get(at));
        let middle = match (before, close(xs.get(at), xs.get(at + 1))) {
            (false, _) => y - 20,
            (true, true) => y - 34,
            (true, false) => y + 20,
        };
        let number = (at + 1).to_string();
        let wide = measure::width(&number, style::SMALL);
        canvas.fill(Rect { x: x - wide / 2 - 1, y: middle - 7, w: wide + 2, h: 14 }, style::PAPER);
        canvas.bold(&number, (x, middle), Hang::Middle, style::SMALL, style::INK);
    }
    for point in points {
        let (x, y) = (scale.x(point.cost), scale.y(point.p));
        if point.keeps {
            canvas.circle((x, y), 10, style::INK);
            canvas.circle((x, y), 8, style::PAPER);
        }
        canvas.circle((x, y), 6, style::ACCENT);
    }
}
