//! What a threat's probability rests on: one bar for each assumption, by its share in it.

use super::axis::Axis;
use super::canvas::{self, Canvas, Hang, Header, PlotError, Rect};
use super::{measure, style};
use crate::report::document::Plot;
use crate::report::text::Text;
use crate::report::{chance, number};
use crate::study::rests::{Matter, Rests};

const WIDTH: i32 = 920;
const ROW: i32 = 46;
/// Room for the names.
const NAMES: i32 = 430;
/// Room for the numbers behind a bar.
const VALUES: i32 = 276;
/// Bars at most.
const MOST: usize = 10;
const CAPTION: &str = "Each bar: what part of P(exposed) would go if the assumption surely held; the stroke, and the brackets: the same with its own \
    number at the low and at the high end of its range. Behind it, what P(exposed) would then be. Several ways may lead to one goal, so the parts add up to less than the whole. Each of n: all n together; \
    a member with a part of its own in the question has a bar of its own. Hatched: the number of the assumption is a guess.";

/// The bars of one threat; `None` where no assumption matters.
pub fn importance(design: &str, rests: &Rests) -> Option<Result<Plot, PlotError>> {
    (!rests.matters.is_empty()).then(|| draw(design, rests))
}

fn draw(design: &str, rests: &Rests) -> Result<Plot, PlotError> {
    let visible = crate::report::escape::visible;
    let title = format!("What {} rests on in {}", visible(&rests.threat), visible(design));
    let header = Header::new(&title, CAPTION, WIDTH);
    let reach = |matter: &Matter| matter.share_ends.map_or(matter.share, |[_, high]| high.max(matter.share));
    let most = rests.matters.iter().map(reach).fold(f64::MIN_POSITIVE, f64::max);
    let shown = &rests.matters[..rests.matters.len().min(MOST)];
    let height = header.height + shown.len() as i32 * ROW + 78;
    let svg = canvas::picture((WIDTH, height), &title, CAPTION, |canvas| {
        let top = canvas.header(&header);
        for (at, matter) in shown.iter().enumerate() {
            let y = top + at as i32 * ROW;
            let each = if matter.members > 1 {
                format!(" (each of {})", number::count(matter.members))
            } else {
                String::new()
            };
            let names = measure::wrap(&format!("{}{each}", visible(&matter.text)), style::SMALL, NAMES - 16, 2);
            canvas.lines(&names, (style::MARGIN, y + ROW / 2), Hang::Start, style::SMALL, style::INK);
            let length = length(matter.share / most);
            bar(canvas, y, length, matter.guess);
            let ends = matter.share_ends.map(|ends| ends.map(|share| self::length(share / most)));
            if let Some([low, high]) = ends {
                stroke(canvas, y + ROW / 2, low, high);
            }
            let text = format!("{}; P would be {}", told(matter), number::chance(matter.if_holds));
            canvas.text(
                &text,
                (style::MARGIN + NAMES + ends.map_or(length, |[_, high]| high.max(length)) + 10, y + ROW / 2),
                Hang::Start,
                style::SMALL,
                style::INK,
            );
        }
        let bottom = top + shown.len() as i32 * ROW;
        let x = style::MARGIN + NAMES;
        canvas.line((x, top), (x, bottom), style::LINE, 1);
        let axis = Axis::linear(0.0, most, x, x + length(1.0));
        for (value, name) in axis.ticks(3) {
            canvas.line((axis.at(value), bottom), (axis.at(value), bottom + 4), style::LINE, 1);
            canvas.text(&name, (axis.at(value), bottom + 14), Hang::Middle, style::SMALL, style::FAINT);
        }
        canvas.text("part of P(exposed), linear from 0", (x, bottom + 32), Hang::Start, style::SMALL, style::FAINT);
        let p = chance::spread(rests.p, rests.ends);
        canvas.text(
            &format!("P(exposed) as it stands: {p}"),
            (style::MARGIN, bottom + 54),
            Hang::Start,
            style::SMALL,
            style::FAINT,
        );
    })?;
    Ok(Plot { stem: "importance", title: Text::words(&title), svg })
}

/// A share, with its ends in brackets.
fn told(matter: &Matter) -> String {
    let short = |share: f64| number::significant(share, 2);
    match matter.share_ends {
        Some([low, high]) => format!("{} ({} to {})", short(matter.share), short(low), short(high)),
        None => short(matter.share),
    }
}

/// From the low to the high end, across the middle of a bar.
fn stroke(canvas: &mut Canvas<'_>, y: i32, low: i32, high: i32) {
    let x = style::MARGIN + NAMES;
    // A halo: within the bar the ink alone has too little contrast, in a dark page hardly any.
    for (colour, width, more) in [(style::PAPER, 6, 2), (style::INK, 2, 0)] {
        canvas.line((x + low - more, y), (x + high + more, y), colour, width);
        for end in [low, high] {
            canvas.line((x + end, y - 5 - more), (x + end, y + 5 + more), colour, width);
        }
    }
}

fn length(share: f64) -> i32 {
    let room = f64::from(WIDTH - 2 * style::MARGIN - NAMES - VALUES);
    libm::round(room * share.clamp(0.0, 1.0)) as i32
}

fn bar(canvas: &mut Canvas<'_>, y: i32, length: i32, guess: bool) {
    let at = Rect { x: style::MARGIN + NAMES, y: y + 12, w: length.max(1), h: ROW - 24 };
    canvas.fill(at, style::ACCENT);
    if guess {
        canvas.hatch(at, style::PAPER);
    }
}
