//! The founding mail's sweep: why the shared house stops scaling, and what the alternatives cost.

use super::axis::Axis;
use super::canvas::PlotError;
use super::curves::{self, Across, Cell, Column, Curves, Mark, Row};
use crate::report::document::Plot;
use crate::report::number;
use crate::study::growth::work::Measure;
use crate::study::growth::{About, Grown, Growth};

/// One row per design: impersonation, wait, those who give up, upkeep.
pub fn growth(growth: &Growth) -> Result<Plot, PlotError> {
    let single = growth.designs.len() == 1;
    let title = if single {
        "What becomes of the design as its publishers grow"
    } else {
        "What becomes of each design as its publishers grow"
    };
    let rows_are = if single { "The" } else { "Rows are designs; the" };
    let caption = format!(
        "{rows_are} horizontal scale is the number of publishers, logarithmic, alike in all; the vertical ones of people and of hours are logarithmic too, the others linear from 0. Lines: every number at its nominal; bands: nine in \
         ten of {} draws of all numbers from their ranges. Above each curve: its first and its last value, and in brackets the interval of the last. \
         The second column counts people and parties with every assumption holding, the publisher's own developers not among them; it rests on no number. A wait counts those who give up until they do. {}",
        number::count(growth.options.draws),
        rests(growth)
    );
    let measured = |measure: Measure, pick: fn(Mark) -> f64| {
        let all = growth.designs.iter().flat_map(|design| &design.points);
        all.map(|point| pick(mark(point.measure(measure)))).fold(0.0, f64::max)
    };
    let most_days = measured(Measure::Wait, |mark| mark.high);
    let hours = growth.designs.iter().flat_map(|design| &design.points).flat_map(|point| {
        let mark = mark(point.measure(Measure::Upkeep));
        [mark.low, mark.high]
    });
    let alone = growth.designs.iter().flat_map(|design| &design.points).filter_map(|point| Some(point.alone? as f64));
    let column = |head: &str, axis: Axis, told: fn(f64) -> String| Column { head: head.to_owned(), axis, told };
    let columns = vec![
        column("chance that somebody is impersonated", Axis::linear(0.0, 1.0, 0, 1), short),
        column(
            "people and parties each of whom alone could impersonate a publisher, logarithmic",
            Axis::decades(alone, 0, 1),
            short,
        ),
        column("days until a first publish", Axis::linear(0.0, most_days, 0, 1), short),
        column("share of newcomers who give up", Axis::linear(0.0, 1.0, 0, 1), percent),
        column("hours of work a month for those who run it, logarithmic", Axis::decades(hours, 0, 1), short),
    ];
    let publishers: Vec<f64> = growth.publishers.iter().map(|n| *n as f64).collect();
    let (first, last) = (publishers.first().copied().unwrap_or(1.0), publishers.last().copied().unwrap_or(10.0));
    let across = Across {
        name: String::from("publishers"),
        numbers: Some((Axis::log(first, last, 0, 1), publishers)),
        names: growth.publishers.iter().map(|n| number::count(*n)).collect(),
    };
    let rows =
        growth.designs.iter().map(|design| Row { design: &design.design, title: &design.title, cells: cells(design) });
    curves::draw(&Curves { stem: "growth", title, caption: &caption, across, columns, rows: rows.collect() })
}

/// Which inputs are guesses, and which of them turn an order.
fn rests(growth: &Growth) -> String {
    let named = |names: Vec<&str>| if names.is_empty() { String::from("none") } else { names.join(", ") };
    let guesses: Vec<&str> = growth.rates.iter().filter(|dial| dial.is_guess()).map(|dial| dial.id.as_str()).collect();
    let turned = |about: About| {
        let mut names: Vec<&str> = growth
            .turns_of(about)
            .iter()
            .filter(|(turn, _)| turn.dial.is_guess())
            .map(|(turn, _)| turn.dial.id.as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        named(names)
    };
    let rests =
        format!("The last three columns rest on rates of work, of which these are guesses: {}.", named(guesses));
    // One design has no neighbours.
    if growth.designs.len() == 1 {
        return rests;
    }
    let [chance, wait, gives_up, upkeep] = About::ALL.map(turned);
    format!(
        "{rests} Guesses that alone, moved within their ranges, turn the order of two \
         neighbouring designs at some number of publishers: of the chance {chance}; of the days {wait}; of those who give up {gives_up}; of the \
         hours {upkeep}."
    )
}

fn mark((value, spread): (f64, crate::study::uncertainty::ranking::Spread)) -> Mark {
    Mark { value, low: spread.low, high: spread.high }
}

fn cells(design: &Grown) -> Vec<Cell> {
    let chance = design.points.iter().map(|point| {
        let (chances, spread) = (point.chance.chances?, point.chance.spread?);
        Some(Mark { value: chances.plain.value, low: spread.low, high: spread.high })
    });
    let measured =
        |measure| Cell::Curve(design.points.iter().map(|point| Some(mark(point.measure(measure)))).collect());
    let (wait, gives_up) = match &design.work.queues {
        None => (
            Cell::Words(String::from("nobody new ever publishes")),
            Cell::Words(String::from("nobody new ever publishes")),
        ),
        Some(queues) if queues.is_empty() => {
            (Cell::Words(String::from("no approval to wait for")), Cell::Words(String::from("nobody is made to wait")))
        }
        Some(_) => (measured(Measure::Wait), measured(Measure::GivesUp)),
    };
    let alone = design.points.iter().map(|point| {
        let n = point.alone? as f64;
        Some(Mark { value: n, low: n, high: n })
    });
    vec![Cell::Curve(chance.collect()), Cell::Curve(alone.collect()), wait, gives_up, measured(Measure::Upkeep)]
}

fn short(x: f64) -> String {
    match x {
        x if x >= 999_500.0 => format!("{}M", number::significant(x / 1e6, 2)),
        x if x >= 1_000.0 => format!("{}k", number::significant(x / 1e3, 2)),
        x => number::significant(x, 2),
    }
}

fn percent(share: f64) -> String {
    super::wins::percent(share)
}
