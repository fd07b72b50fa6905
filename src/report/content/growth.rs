//! The founding mail's sweep in words: what becomes of the designs as their publishers grow, and which guess turns an order.

use super::Detail;
use super::uncertainty::turned_by;
use crate::report::document::{Block, Column, Item, Plot, Table};
use crate::report::number;
use crate::report::plots::percent;
use crate::report::text::Text;
use crate::study::growth::work::Measure;
use crate::study::growth::{About, Grown, GrownPoint, Growth, Turn};

/// Numbers told for each order, at most.
const TOLD: usize = 6;

/// The section of a report.
pub(super) fn blocks(growth: Option<&Growth>, plots: &[Plot], detail: Detail) -> Vec<Block> {
    let Some(growth) = growth else { return Vec::new() };
    let mut blocks = vec![Block::heading(2, Text::words("As publishers grow"), "growth"), Block::Para(intro(growth))];
    blocks.extend(plots.iter().filter(|plot| plot.stem == "growth").cloned().map(Block::Plot));
    blocks.push(Block::Table(ends(growth)));
    blocks.push(Block::Para(inputs(growth)));
    let decided: Vec<Item> = growth.designs.iter().filter_map(|design| decided(growth, design)).collect();
    if !decided.is_empty() {
        blocks.push(Block::Para(Text::words(
            "Whether newcomers stay hangs on one number more than on any other, all others at their nominal:",
        )));
        blocks.push(Block::Bullets(decided));
    }
    // One design has no order.
    if detail.turns && growth.designs.len() > 1 {
        let orders = Block::Bullets(orders(growth));
        blocks.push(Block::Para(Text::words(TURNS)));
        let folded = || Block::Fold(Text::words("The orders, and what turns them"), vec![orders.clone()]);
        blocks.push(if detail.drawn || detail.folds { folded() } else { orders });
    }
    blocks
}

/// What `sweep` prints.
pub fn told(growth: &Growth) -> Vec<Block> {
    let mut blocks = blocks(Some(growth), &[], Detail::FULL);
    blocks.push(Block::heading(2, Text::words("The rates of work"), "rates"));
    let rate = |dial: &crate::study::uncertainty::dials::Dial| {
        let [low, mode, high] = dial.range;
        let text = Text::name(&dial.id).and(format!(
            ": {low} to {high} {}, most likely {mode}, {}",
            dial.unit,
            super::uncertainty::grade(dial)
        ));
        Item { text, sub: vec![Text::words(&dial.source)] }
    };
    blocks.push(Block::Bullets(growth.rates.iter().map(rate).collect()));
    blocks
}

const TURNS: &str = "Designs from best to worst, every number at its nominal, from the fewest publishers to the most, \
    \"=\" between those that agree to the digits shown; \
    and each number that alone, moved within its range, would turn the order of two neighbours, with the publishers for which it does.";

fn intro(growth: &Growth) -> Text {
    let (first, last) =
        (growth.publishers.first().copied().unwrap_or(0), growth.publishers.last().copied().unwrap_or(0));
    Text::words(format!(
        "Each design with {} to {} publishers: the chance that some publisher is impersonated by another within the horizon; how many people and parties could each alone do that to a chosen publisher, every assumption holding; the days until a \
         newcomer's first publish and the share that gives up waiting (each approving class is a queue with several servers that people leave, \
         Erlang A); the hours of work a month for those who run the index. ",
        number::count(first),
        number::count(last)
    ))
    .and("The first follows from the model with that many publishers, the others from its structure and the rates of work of the library; hours of the approvers are not among the hours of those who run it.")
}

/// Every design at both ends.
fn ends(growth: &Growth) -> Table {
    let n = |n: Option<&u64>| n.map_or(String::new(), |n| number::count(*n));
    let span = format!("{} / {}", n(growth.publishers.first()), n(growth.publishers.last()));
    let mut head = vec![Column::left(format!("design, with {span} publishers"))];
    head.extend(
        ["somebody impersonated", "who alone could", "days to a first publish", "give up", "hours a month"]
            .map(Column::right),
    );
    let rows = growth.designs.iter().filter_map(|design| {
        let (first, last) = (design.points.first()?, design.points.last()?);
        let mut cells = vec![Text::name(&design.design)];
        // Sorted by what becomes of it with the most publishers.
        let both = |told: &dyn Fn(&GrownPoint) -> String, key: Option<f64>| {
            Text::words(format!("{} / {}", told(first), told(last))).sorted_by(key)
        };
        cells.push(both(&chance, last.chance.chances.map(|chances| chances.plain.value)));
        let alone = |point: &GrownPoint| point.alone.map_or_else(|| String::from("-"), number::count);
        cells.push(both(&alone, last.alone.map(|n| n as f64)));
        for measure in Measure::ALL {
            cells.push(both(&|point| work(design, point, measure), worked_key(design, last, measure)));
        }
        Some(cells)
    });
    Table { head, rows: rows.collect() }
}

/// Two digits, with the thousands told apart.
fn short(x: f64) -> String {
    let rounded: f64 = number::significant(x, 2).parse().unwrap_or(x);
    if x >= 1_000.0 { number::count(rounded as u64) } else { number::significant(x, 2) }
}

fn chance(point: &GrownPoint) -> String {
    let (Some(chances), Some(spread)) = (point.chance.chances, point.chance.spread) else { return String::from("-") };
    if spread.low == spread.high {
        return number::chance(chances.plain.value);
    }
    let [p, low, high] = [chances.plain.value, spread.low, spread.high].map(number::short_chance);
    format!("{p} ({low} to {high})")
}

fn work(design: &Grown, point: &GrownPoint, measure: Measure) -> String {
    let queues = design.work.queues.as_ref();
    if measure != Measure::Upkeep && queues.is_none_or(Vec::is_empty) {
        return String::from(if queues.is_none() { "no way" } else { "none" });
    }
    let (value, spread) = point.measure(measure);
    let told = |x: f64| if measure == Measure::GivesUp { percent(x) } else { short(x) };
    format!("{} ({} to {})", told(value), told(spread.low), told(spread.high))
}

/// What a cell of work sorts by: nothing to wait for is best, no way at all worst.
fn worked_key(design: &Grown, point: &GrownPoint, measure: Measure) -> Option<f64> {
    match (measure, design.work.queues.as_deref()) {
        (Measure::Upkeep, _) => Some(point.measure(measure).0),
        (_, None) => Some(f64::MAX),
        (_, Some([])) => Some(-1.0),
        _ => Some(point.measure(measure).0),
    }
}

/// Which rate decides whether newcomers stay.
fn decided(growth: &Growth, design: &Grown) -> Option<Item> {
    let (dial, [low, high]) = design.decides.as_ref()?;
    let last = growth.publishers.last().copied().unwrap_or(0);
    let text = Text::name(&design.design).and(format!(
        ": with {} publishers {} of newcomers give up if ",
        number::count(last),
        percent(*low)
    ));
    let [least, _, most] = dial.range;
    Some(Item::from(text.and_name(&dial.id).and(format!(
        " is {least}, and {} if it is {most} {} ({})",
        percent(*high),
        dial.unit,
        super::uncertainty::grade(dial)
    ))))
}

/// Which inputs are guesses.
fn inputs(growth: &Growth) -> Text {
    let names =
        |guess: bool| Text::names(growth.rates.iter().filter(|dial| dial.is_guess() == guess).map(|dial| &dial.id), 20);
    let guesses = growth.rates.iter().filter(|dial| dial.is_guess()).count();
    let all = growth.rates.len();
    let text = Text::words(format!(
        "In brackets: 5 % to 95 % of {} draws. Of the {all} rates of work, {guesses} are guesses: ",
        number::count(growth.options.draws)
    ));
    let text = text.join(names(true));
    if guesses < all { text.and("; not guesses: ").join(names(false)).and(".") } else { text.and(".") }
}

/// What is ordered, in words.
fn about(about: About) -> &'static str {
    match about {
        About::Chance => "Somebody impersonated",
        About::Work(Measure::Wait) => "Days to a first publish",
        About::Work(Measure::GivesUp) => "Newcomers who give up",
        About::Work(Measure::Upkeep) => "Hours a month",
    }
}

/// `10 publishers`, `10 to 464 publishers`.
fn publishers([from, to]: [u64; 2]) -> String {
    match from == to {
        true => format!("{} publishers", number::count(from)),
        false => format!("{} to {} publishers", number::count(from), number::count(to)),
    }
}

/// Every figure with its orders, and what turns them, guesses first.
fn orders(growth: &Growth) -> Vec<Item> {
    let name = |at: &usize| growth.designs.get(*at).map_or("", |design| design.design.as_str());
    let item = |of: About| {
        let mut text = Text::words(about(of)).and(": ");
        let runs = growth.orders_of(of);
        for (nth, (between, order)) in runs.iter().enumerate() {
            let start = if nth > 0 { "; " } else { "" };
            let span = if runs.len() > 1 { format!("{start}with {} ", publishers(*between)) } else { start.to_owned() };
            let place = |tied: &Vec<usize>| {
                let names = tied.iter().map(|at| Text::name(name(at)));
                names.reduce(|text, next| text.and(" = ").join(next)).unwrap_or_default()
            };
            text = match order.as_slice() {
                [all] if all.len() > 1 => text.and(span).and("all alike"),
                _ => text.and(span).join(Text::listed(order.iter().map(place), 20)),
            };
        }
        let mut turns = growth.turns_of(of);
        // A stable sort: guesses first, else as found.
        turns.sort_by_key(|(first, _)| !first.dial.is_guess());
        if turns.is_empty() {
            return Item::from(text.and("; no single number within its range turns two neighbours that differ"));
        }
        let told = |(first, last): &(&Turn, &Turn)| {
            let pair = Text::name(name(&first.better)).and(" before ").and_name(name(&first.worse));
            let span = format!(", with {}, turns ", publishers([first.publishers, last.publishers]));
            let text = pair.and(span).join(turned_by(&first.dial, first.at, first.above));
            let [at, later] = [first.at, last.at].map(|at| number::significant(at, 3));
            if at == later {
                text
            } else {
                text.and(format!("; with {} publishers at {later}", number::count(last.publishers)))
            }
        };
        let mut sub: Vec<Text> = turns.iter().take(TOLD).map(told).collect();
        if turns.len() > TOLD {
            let rest = &turns[TOLD..];
            let guesses = rest.iter().filter(|(first, _)| first.dial.is_guess()).count();
            sub.push(Text::words(format!("and {} more such turns, {guesses} of them by guesses", rest.len())));
        }
        Item { text, sub }
    };
    About::ALL.into_iter().map(item).collect()
}
