//! Before and after: how likely each threat is as it stands, and with the controls that were found for it.

use super::axis::Axis;
use super::canvas::{self, Canvas, Hang, Header, PlotError, Rect};
use super::{measure, style};
use crate::analysis::exact::Chances;
use crate::report::document::Plot;
use crate::report::text::Text;
use crate::report::{chance, escape, number};
use crate::study::gate::Verdict;
use crate::study::harden::{Hardening, Plan, State};

/// Room for the words of a lane: before, after.
const WORDS: i32 = 92;
/// Left of the scale, where what is impossible stands.
const NEVER: i32 = 90;
const SCALE: i32 = 420;
/// Room for the numbers.
const VALUES: i32 = 320;
/// Height of one state of one threat.
const LANE: i32 = 26;
const GAP: i32 = 14;
/// Between the scale and what stands beside it.
const BESIDE: i32 = 20;
const FOOT: i32 = 38;
/// Height of a line of the list below.
const PITCH: i32 = 19;
/// Threats shown at most.
const MOST: usize = 30;

/// The threats of one design; `None` where there is no set of controls to be told of.
pub fn hardened(design: &str, hardening: &Hardening) -> Option<Result<Plot, PlotError>> {
    let sets = sets(hardening);
    (!sets.is_empty()).then(|| draw(design, hardening, &sets))
}

/// A set of controls, and why it is shown.
struct Shown<'a> {
    plan: &'a Plan,
    why: String,
}

/// The cheapest set that keeps every tolerance, and the one that leaves least; one of them where they are the same.
fn sets(hardening: &Hardening) -> Vec<Shown<'_>> {
    let switches = |plan: &&Plan| !plan.controls.is_empty();
    let cheapest = hardening.cheapest.plan.as_ref().filter(switches);
    let best = if hardening.cheapest.optimal { "the cheapest set" } else { "the cheapest set found" };
    let mut shown: Vec<Shown> = cheapest
        .map(|plan| Shown { plan, why: format!("{best} with which every threat keeps its tolerance") })
        .into_iter()
        .collect();
    let least =
        least(hardening).filter(switches).filter(|plan| cheapest.is_none_or(|known| known.controls != plan.controls));
    let of_all = if hardening.front_complete { "" } else { " among those looked at" };
    shown.extend(
        least.map(|plan| Shown { plan, why: format!("the set that leaves least of the worst threat{of_all}") }),
    );
    shown
}

/// The cheapest plan of the front that reads like its last: nobody buys a difference that rounds away.
fn least(hardening: &Hardening) -> Option<&Plan> {
    let remains = |plan: &Plan| number::chance(plan.state.worst(&hardening.judged));
    let last = hardening.front.last()?;
    hardening.front.iter().find(|plan| remains(plan) == remains(last))
}

/// One state of one threat.
struct Lane {
    words: String,
    found: Option<Chances>,
    /// What its tolerance says of it, where it is not kept.
    fails: Option<Verdict>,
}

impl Lane {
    fn new(words: &str, state: &State, threat: usize) -> Lane {
        Lane {
            words: words.to_owned(),
            found: state.chances.get(threat).copied().flatten(),
            fails: state.verdicts.get(threat).copied().filter(|verdict| verdict.fails()),
        }
    }

    /// From the low to the high end: of the ranges, or of the bounds.
    fn ends(&self) -> Option<[f64; 2]> {
        let found = self.found?;
        Some(found.ends_trusting.unwrap_or([found.trusting.low(), found.trusting.high()]))
    }

    /// Where its mark stands; `None` where it has none.
    fn value(&self) -> Option<f64> {
        self.found.map(|found| found.trusting.value)
    }

    fn is_impossible(&self) -> bool {
        self.ends().is_some_and(|[_, high]| high <= 0.0)
    }

    /// What is not known exactly.
    fn is_bounded(&self) -> bool {
        self.found.is_some_and(|found| found.trusting.interval.is_some())
    }

    fn told(&self) -> String {
        let told = match (&self.found, self.ends()) {
            (None, _) | (_, None) => String::from("not applicable"),
            (Some(_), Some(_)) if self.is_impossible() => String::from("impossible"),
            (Some(_), Some([low, _])) if low >= 1.0 => String::from("1: by grant"),
            (Some(found), _) if self.is_bounded() => {
                format!("between {}", chance::of_threat(found).replace(" to ", " and "))
            }
            (Some(found), _) => chance::of_threat(found),
        };
        self.fails.map_or(told.clone(), |verdict| format!("{told}, {}", verdict.word()))
    }
}

/// One threat, with a lane for each state; one for all of them where nothing changes.
struct Row {
    threat: String,
    /// As it is drawn.
    name: Vec<String>,
    lanes: Vec<Lane>,
}

impl Row {
    fn new(hardening: &Hardening, sets: &[Shown<'_>], threat: usize) -> Row {
        let mut lanes = vec![Lane::new("before", &hardening.before, threat)];
        lanes.extend(
            sets.iter().enumerate().map(|(at, set)| Lane::new(&called(at, sets.len()), &set.plan.state, threat)),
        );
        let told = lanes[0].told();
        if lanes.iter().all(|lane| lane.told() == told) {
            lanes.truncate(1);
            lanes[0].words = String::from("unchanged");
        }
        let threat = escape::clip(&escape::visible(&hardening.threats[threat]), escape::NAME);
        Row { name: measure::wrap(&threat, style::NAME, style::NAMES - 20, 2), threat, lanes }
    }

    fn changes(&self) -> bool {
        self.lanes.len() > 1
    }

    fn height(&self) -> i32 {
        (self.lanes.len() as i32 * LANE).max(self.name.len() as i32 * (style::NAME + 4)) + GAP
    }

    /// For those who cannot see it.
    fn told(&self) -> String {
        let lanes: Vec<String> = self.lanes.iter().map(|lane| format!("{} {}", lane.words, lane.told())).collect();
        format!("{}: {}.", self.threat, lanes.join("; "))
    }
}

/// What a set is called in the picture.
fn called(at: usize, of: usize) -> String {
    if of == 1 { String::from("after") } else { format!("after {}", char::from(b'A' + at as u8)) }
}

/// Those that change first.
fn rows(hardening: &Hardening, sets: &[Shown<'_>]) -> Vec<Row> {
    let all = (0..hardening.threats.len()).map(|threat| Row::new(hardening, sets, threat));
    let (mut rows, same): (Vec<Row>, Vec<Row>) = all.partition(Row::changes);
    rows.extend(same);
    rows
}

/// Where things stand across: the scale, and left of it what is impossible, if anything is.
#[derive(Clone, Copy)]
struct Across {
    axis: Axis,
    never: Option<i32>,
    width: i32,
}

impl Across {
    fn new(rows: &[Row]) -> Across {
        let lanes = || rows.iter().flat_map(|row| &row.lanes);
        let never = lanes().any(Lane::is_impossible);
        let left = style::MARGIN + style::NAMES + WORDS + BESIDE + if never { NEVER } else { 0 };
        let possible = || lanes().filter(|lane| !lane.is_impossible());
        let values = || possible().flat_map(|lane| lane.ends().into_iter().flatten().chain(lane.value()));
        let axis = Axis::chances(values(), left, left + SCALE).close_to(values());
        let width = left + SCALE + VALUES + style::MARGIN;
        Across { axis, never: never.then_some(left - BESIDE - NEVER / 2), width }
    }

    /// Where the mark of a state stands.
    fn mark(&self, lane: &Lane) -> Option<i32> {
        if lane.is_impossible() { self.never } else { lane.value().map(|value| self.axis.at(value)) }
    }
}

fn draw(design: &str, hardening: &Hardening, sets: &[Shown<'_>]) -> Result<Plot, PlotError> {
    let mut rows = rows(hardening, sets);
    let cut = rows.len().saturating_sub(MOST);
    rows.truncate(MOST);
    let across = Across::new(&rows);
    let width = across.width;
    let title = format!("What controls change in {}", escape::visible(design));
    let caption = caption(&rows, across.axis, cut);
    let listed: Vec<String> = (0..sets.len()).flat_map(|at| listed(hardening, sets, at, width)).collect();
    let told = rows.iter().map(Row::told).chain(listed.iter().cloned());
    let described = told.fold(caption.clone(), |text, more| text + " " + &more);
    let header = Header::new(&title, &caption, width);
    let drawn: i32 = rows.iter().map(Row::height).sum();
    let height = header.height + drawn + FOOT + listed.len() as i32 * PITCH + style::MARGIN;
    let svg = canvas::picture((width, height), &title, &described, |canvas| {
        let top = canvas.header(&header);
        scale(canvas, &across, top, top + drawn);
        let mut y = top;
        for row in &rows {
            draw_row(canvas, &across, row, y);
            y += row.height();
        }
        y += FOOT + PITCH / 2;
        for line in &listed {
            canvas.text(line, (style::MARGIN, y), Hang::Start, style::SMALL, style::INK);
            y += PITCH;
        }
    })?;
    Ok(Plot { stem: "hardened", title: Text::words(&title), svg })
}

/// How it is to be read; only what is there is explained.
fn caption(rows: &[Row], axis: Axis, cut: usize) -> String {
    let any = |is: fn(&Lane) -> bool| rows.iter().flat_map(|row| &row.lanes).any(is);
    let log = if axis.is_log() { ", on a logarithmic scale" } else { "" };
    let mut text = format!(
        "Each threat's P(exposed) before and after the controls listed below are switched on, those whom its tolerance trusts being honest; \
         further right is worse{log}. The mark is P with every number at its nominal, the bar spans it with all of them at the low and at the \
         high end of their ranges."
    );
    let notes = [
        (
            any(Lane::is_bounded),
            String::from(" Hatched: P is known only between two bounds, and the mark is the upper one."),
        ),
        (any(Lane::is_impossible), String::from(" Impossible: no way is left, whatever the numbers are.")),
        (any(|lane| lane.fails == Some(Verdict::Fail)), String::from(" Fail: over its tolerance.")),
        (
            any(|lane| lane.fails == Some(Verdict::Undecided)),
            String::from(" Undecided: what is known does not say whether it is over its tolerance."),
        ),
        (cut > 0, format!(" Left out: {}.", number::plural(cut as u64, "more threat", "more threats"))),
    ];
    notes.into_iter().filter(|(holds, _)| *holds).for_each(|(_, note)| text.push_str(&note));
    text
}

/// A set in the list below: its letter, why it is there, its cost and its controls.
fn listed(hardening: &Hardening, sets: &[Shown<'_>], at: usize, width: i32) -> Vec<String> {
    let Shown { plan, why } = &sets[at];
    let names: Vec<String> = plan.controls.iter().map(|at| escape::visible(&hardening.candidates[*at].id)).collect();
    let days = number::significant(plan.cost_days, 3);
    let days = if days == "1" { String::from("1 day") } else { days + " days" };
    let text = format!("{}: {why}, {days} of work: {}.", called(at, sets.len()), names.join(", "));
    measure::wrap(&text, style::SMALL, width - 2 * style::MARGIN, 3)
}

/// Grid lines with their values below, and the place of what is impossible.
fn scale(canvas: &mut Canvas<'_>, across: &Across, top: i32, bottom: i32) {
    let (left, _) = across.axis.ends();
    for (x, name) in across.axis.close_ticks(7) {
        let x = across.axis.at(x);
        canvas.line((x, top), (x, bottom), style::VOID, 1);
        canvas.text(&name, (x, bottom + 14), Hang::Middle, style::SMALL, style::FAINT);
    }
    if let Some(never) = across.never {
        canvas.line((left - BESIDE, top), (left - BESIDE, bottom), style::LINE, 1);
        canvas.text("impossible", (never, bottom + 14), Hang::Middle, style::SMALL, style::FAINT);
    }
}

fn draw_row(canvas: &mut Canvas<'_>, across: &Across, row: &Row, top: i32) {
    canvas.line((style::MARGIN, top), (across.width - style::MARGIN, top), style::VOID, 1);
    let middle = top + row.height() / 2;
    canvas.lines(&row.name, (style::MARGIN, middle), Hang::Start, style::NAME, style::INK);
    let first = middle - (row.lanes.len() as i32 - 1) * LANE / 2;
    let lanes = || row.lanes.iter().enumerate().map(|(nth, lane)| (nth, first + nth as i32 * LANE, lane));
    let (words, values) = (style::MARGIN + style::NAMES + WORDS - 8, across.axis.ends().1 + BESIDE);
    for (_, y, lane) in lanes() {
        canvas.text(&lane.words, (words, y), Hang::End, style::SMALL, style::FAINT);
        canvas.text(&lane.told(), (values, y), Hang::Start, style::SMALL, style::INK);
        bar(canvas, across.axis, y, lane);
    }
    let marks: Vec<(i32, i32)> = lanes().filter_map(|(_, y, lane)| Some((across.mark(lane)?, y))).collect();
    if marks.len() > 1 {
        canvas.path(&marks, style::FAINT, 2);
    }
    for (nth, y, lane) in lanes() {
        if let Some(x) = across.mark(lane) {
            mark(canvas, (x, y), nth);
        }
    }
}

/// Before is hollow; the second set has another shape than the first.
fn mark(canvas: &mut Canvas<'_>, at: (i32, i32), nth: usize) {
    match nth {
        0 => {
            canvas.circle(at, 6, style::INK);
            canvas.circle(at, 4, style::PAPER);
        }
        1 => canvas.circle(at, 6, style::ACCENT),
        _ => canvas.diamond(at, 8, style::ACCENT),
    }
}

/// From the low to the high end.
fn bar(canvas: &mut Canvas<'_>, axis: Axis, y: i32, lane: &Lane) {
    let Some([low, high]) = lane.ends().filter(|[_, high]| *high > 0.0) else { return };
    let (left, right) = (axis.at(low), axis.at(high));
    let at = Rect { x: left, y: y - 4, w: (right - left).max(1), h: 8 };
    canvas.fill(at, style::BAND);
    if lane.is_bounded() {
        canvas.hatch(at, style::PAPER);
    }
}
