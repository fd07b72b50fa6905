//! Which numbers move the answer: each at the ends of its range, the others nominal.

use super::axis::Axis;
use super::canvas::{self, Canvas, Hang, Header, PlotError, Rect};
use super::{measure, style};
use crate::report::document::Plot;
use crate::report::escape;
use crate::report::number;
use crate::report::text::Text;
use crate::study::uncertainty::flips::Driver;
use crate::study::uncertainty::{Contest, Credible, Uncertainty};

/// Parameters shown per design.
const BARS: usize = 4;
const BAR: i32 = 22;
const GAP: i32 = 14;
const LABELS: i32 = 330;
const SCALE: i32 = 460;
/// Room for the values at the ends of the bars.
const ENDS: i32 = 64;
const FOOT: i32 = 50;
const AXIS: &str = "probability within the horizon";

/// A block of bars: its name, what stands below, and the answer.
type Shown<'a> = (&'a str, &'a str, &'a Credible);

/// The numbers that move the first question, design by design; of a single design, question by question.
pub fn tornado<'a>(uncertainty: &'a Uncertainty) -> Option<Result<Plot, PlotError>> {
    let moved = |found: &&Credible| !found.drivers.is_empty();
    let (row, single) = (uncertainty.rows.first()?, uncertainty.designs.len() == 1);
    let shown: Vec<Shown<'a>> = if single {
        let of = |row: &'a Contest| Some((row.about.as_str(), "", row.answers.first()?.as_ref().filter(moved)?));
        uncertainty.rows.iter().filter_map(of).collect()
    } else {
        let named = uncertainty.designs.iter().zip(&row.answers);
        named
            .filter_map(|((id, title), found)| Some((id.as_str(), title.as_str(), found.as_ref().filter(moved)?)))
            .collect()
    };
    let about = if single { String::new() } else { format!("Question: {}. ", row.about) };
    let left = left_out(uncertainty, single);
    (!shown.is_empty()).then(|| draw(uncertainty, (&about, &left), &shown))
}

/// What is not drawn, as no number moves it, and why.
fn left_out(uncertainty: &Uncertainty, single: bool) -> String {
    let Some(first) = uncertainty.rows.first() else { return String::new() };
    let all: Vec<(&str, Option<&Credible>)> = if single {
        uncertainty.rows.iter().map(|row| (row.about.as_str(), row.answers.first().and_then(Option::as_ref))).collect()
    } else {
        uncertainty.designs.iter().zip(&first.answers).map(|((id, _), found)| (id.as_str(), found.as_ref())).collect()
    };
    let why = |found: Option<&Credible>| match found {
        None => Some("not asked"),
        Some(found) if found.granted => Some("by grant"),
        Some(found) if found.drivers.is_empty() && found.spread.high == 0.0 => Some("unreachable"),
        Some(found) if found.drivers.is_empty() => Some("no number has a range that moves it"),
        Some(_) => None,
    };
    let mut groups: Vec<(&str, Vec<String>)> = Vec::new();
    for (name, found) in all {
        let (Some(why), name) = (why(found), escape::clip(&escape::visible(name), escape::NAME)) else { continue };
        match groups.iter_mut().find(|(known, _)| *known == why) {
            Some((_, names)) => names.push(name),
            None => groups.push((why, vec![name])),
        }
    }
    let told: Vec<String> = groups.iter().map(|(why, names)| format!("{} ({why})", names.join(", "))).collect();
    if told.is_empty() { String::new() } else { format!(" Not drawn: {}.", told.join("; ")) }
}

fn draw(uncertainty: &Uncertainty, (about, left_out): (&str, &str), shown: &[Shown<'_>]) -> Result<Plot, PlotError> {
    let width = 2 * style::MARGIN + style::NAMES + LABELS + SCALE + 2 * ENDS;
    let title = "Which numbers move the answer";
    let each = if about.is_empty() { "question" } else { "design" };
    let ends = |found: &Credible| {
        let ends: Vec<f64> =
            found.drivers.iter().take(BARS).flat_map(|driver| [driver.at_low, driver.at_high]).collect();
        ends
    };
    let left = style::MARGIN + style::NAMES + LABELS + ENDS;
    let all = || shown.iter().flat_map(|(_, _, found)| ends(found));
    let axis = Axis::chances(all(), left, left + SCALE).beginning_near(all());
    let scale = match (axis.is_log(), axis.values().0) {
        (true, _) => String::from("logarithmic"),
        (false, low) => format!("linear, from {}", number::significant(low, 2)),
    };
    let caption = format!(
        "{about}Bars run from the probability with this one number at the 5 % quantile of its range to that at the 95 % quantile, all others \
         at their nominal; the stroke is the value with all of them nominal. The {BARS} numbers that move each {each} furthest, the furthest first; \
         those marked * are guesses. One scale for all, {scale}.{left_out}"
    );
    let header = Header::new(title, &caption, width);
    let bars = |found: &Credible| found.drivers.len().min(BARS);
    let block = |found: &Credible| (bars(found) as i32 * BAR).max(2 * BAR + 6) + GAP;
    let height = header.height + shown.iter().map(|(_, _, found)| block(found)).sum::<i32>() + FOOT + style::MARGIN;
    let svg = canvas::picture((width, height), title, &caption, |canvas| {
        let top = canvas.header(&header);
        let bottom = height - FOOT - style::MARGIN;
        for (x, name) in axis.ended_ticks(6) {
            canvas.line((axis.at(x), top), (axis.at(x), bottom), style::VOID, 1);
            canvas.text(&name, (axis.at(x), bottom + 14), Hang::Middle, style::SMALL, style::FAINT);
        }
        canvas.text(AXIS, (left + SCALE / 2, bottom + 32), Hang::Middle, style::SMALL, style::FAINT);
        let mut y = top;
        for (name, below, found) in shown {
            canvas.line((style::MARGIN, y), (width - style::MARGIN, y), style::VOID, 1);
            let at = Rect { x: style::MARGIN, y, w: style::NAMES - 12, h: block(found) };
            canvas::design_name(canvas, at, name, below);
            let nominal = axis.at(found.nominal[1]);
            for (nth, driver) in found.drivers.iter().take(BARS).enumerate() {
                let middle = y + GAP / 2 + nth as i32 * BAR + BAR / 2;
                bar(canvas, axis, middle, driver);
                let dial = &uncertainty.dials[driver.dial];
                let mark = if dial.is_guess() { " *" } else { "" };
                let label = format!("{}{mark}", measure::fitted(&dial.id, style::SMALL, LABELS - 20));
                let x = style::MARGIN + style::NAMES + LABELS - 8;
                canvas.text(&label, (x, middle), Hang::End, style::SMALL, style::INK);
            }
            let (from, to) = (y + GAP / 2, y + GAP / 2 + bars(found) as i32 * BAR);
            // A halo keeps it apart from bars of any theme.
            canvas.line((nominal, from), (nominal, to), style::PAPER, 4);
            canvas.line((nominal, from), (nominal, to), style::INK, 2);
            y += block(found);
        }
    })?;
    Ok(Plot { stem: "tornado", title: Text::words(title), svg })
}

/// One bar with the values at its ends.
fn bar(canvas: &mut Canvas<'_>, axis: Axis, y: i32, driver: &Driver) {
    let (low, high) = (driver.at_low.min(driver.at_high), driver.at_low.max(driver.at_high));
    let (left, right) = (axis.at(low), axis.at(high));
    canvas.fill(Rect { x: left, y: y - 6, w: (right - left).max(2), h: 12 }, style::ACCENT);
    canvas.text(&number::significant(low, 2), (left - 5, y), Hang::End, style::SMALL, style::FAINT);
    canvas.text(&number::significant(high, 2), (right + 5, y), Hang::Start, style::SMALL, style::FAINT);
}
