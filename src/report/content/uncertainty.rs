//! What the ranges of the numbers leave of the comparison: intervals, who is better how often, and which number turns it.

use super::{Detail, drivers, exposed};
use crate::report::chance;
use crate::report::document::{Block, Column, Item, Plot, Table};
use crate::report::number;
use crate::report::plots::percent;
use crate::report::text::Text;
use crate::report::words;
use crate::stats::interval;
use crate::study::Comparison;
use crate::study::uncertainty::dials::{Dial, Reading};
use crate::study::uncertainty::flips::Flip;
use crate::study::uncertainty::ranking;
use crate::study::uncertainty::{Contest, Uncertainty};

/// The section of a report.
pub(super) fn blocks(comparison: &Comparison, plots: &[Plot], detail: Detail) -> Vec<Block> {
    let Some(found) = &comparison.uncertainty else { return Vec::new() };
    let plot = |stem: &str| plots.iter().filter(|plot| plot.stem == stem).cloned().map(Block::Plot).collect::<Vec<_>>();
    let several = comparison.designs.len() > 1;
    let title = if several { "How likely, and how sure the order is" } else { "How likely, and how sure that is" };
    let mut blocks = vec![Block::heading(2, Text::words(title), "uncertainty"), Block::Para(drawn(found, several))];
    blocks.extend(plot("chances"));
    blocks.push(Block::Para(Text::words(CELLS)));
    blocks.push(Block::Table(intervals(found)));
    if detail.turns {
        blocks.push(Block::Para(Text::words(KINDS)));
    }
    blocks.extend(independent(comparison, if detail.turns { MOST } else { 1 }).map(Block::Para));
    blocks.extend(bounded(found).map(Block::Para));
    blocks.extend(drivers::kept(found));
    if !several {
        // There is nothing to compare: only what moves its own answer is left to say.
        blocks.extend(plot("tornado"));
        blocks.extend(drivers::blocks(found, &found.rows, drivers::MOST));
        return blocks;
    }
    blocks.push(Block::heading(3, Text::words("Which design is better, draw by draw"), "wins"));
    blocks.extend(plot("wins"));
    blocks.extend(found.rows.first().map(|row| contest(found, row, !detail.turns)).unwrap_or_default());
    blocks.extend(plot("tornado"));
    if detail.lists {
        blocks.extend(drivers::blocks(found, found.rows.get(..1).unwrap_or_default(), drivers::MOST));
        for row in found.rows.iter().skip(1) {
            let mut inner = contest(found, row, false);
            if row.is_tie() {
                blocks.extend(inner);
                continue;
            }
            if !inner.is_empty() {
                inner.extend(drivers::blocks(found, std::slice::from_ref(row), drivers::MOST));
                blocks.push(Block::Fold(Text::words("The same for ").and_name(&row.about), inner));
            }
        }
    }
    blocks
}

/// What `compare` prints of it.
pub fn brief(comparison: &Comparison) -> Vec<Block> {
    let Some(found) = &comparison.uncertainty else { return Vec::new() };
    let mut blocks = vec![
        Block::heading(2, Text::words("How likely, within the ranges of the numbers"), "uncertainty"),
        Block::Para(Text::words(CELLS)),
        Block::Table(intervals(found)),
    ];
    blocks.push(Block::Para(drawn(found, found.designs.len() > 1)));
    blocks.extend(independent(comparison, MOST).map(Block::Para));
    blocks.extend(found.rows.first().map(|row| contest(found, row, false)).unwrap_or_default());
    blocks.extend(drivers::blocks(found, found.rows.get(..1).unwrap_or_default(), drivers::FEW));
    blocks
}

/// What `simulate --uncertainty` prints: everything.
pub fn told_whole(found: &Uncertainty) -> Vec<Block> {
    let mut blocks =
        vec![Block::heading(2, Text::words("How likely, within the ranges of the numbers"), "uncertainty")];
    blocks.push(Block::Para(Text::words(CELLS)));
    blocks.push(Block::Table(match found.designs.as_slice() {
        [_] => by_question(found),
        _ => intervals(found),
    }));
    blocks.push(Block::Para(drawn(found, found.designs.len() > 1)));
    blocks.extend(bounded(found).map(Block::Para));
    blocks.extend(drivers::kept(found));
    blocks.extend(within(found));
    if found.designs.len() < 2 {
        blocks.extend(drivers::blocks(found, &found.rows, drivers::MOST));
        return blocks;
    }
    for (at, row) in found.rows.iter().enumerate() {
        let title = Text::words("Which design is better on ").and_name(&row.about).and(", draw by draw");
        blocks.push(Block::heading(2, title, format!("wins-{}", at + 1)));
        blocks.extend(wins(found, row));
        blocks.extend(contest(found, row, false));
        blocks.extend(drivers::blocks(found, std::slice::from_ref(row), drivers::MOST));
    }
    blocks
}

const MEDIAN: &str = "design: median (5 % to 95 %)";
const CELLS: &str = "A cell: the median, and in brackets 5 % to 95 % of the draws.";
const KINDS: &str = "An interval says what it leaves open. Over the draws (here): all numbers vary at once, each for itself. Over the ranges: every \
    number at its low end, then every number at its high end; no draw lies outside. Range: one number, as it is written. None of them is the error of a \
    sample: P is worked out exactly where nothing else is said.";

/// Probabilities told of at most, and populations of each.
const MOST: usize = 8;

/// Which of the probabilities rest on many members who fail independently of each other.
fn independent(comparison: &Comparison, most: usize) -> Option<Text> {
    let mut groups: Vec<(usize, Text, Vec<&str>)> = Vec::new();
    for (at, design) in comparison.designs.iter().enumerate() {
        for (row, asked) in comparison.rows.iter().enumerate() {
            let Some(answer) = words::answer(comparison, row, at).filter(|answer| !answer.members.is_empty()) else {
                continue;
            };
            let told = exposed::counted(&design.graph, &answer.members);
            match groups.iter_mut().find(|(of, known, _)| *of == at && *known == told) {
                Some((.., asks)) => asks.push(&asked.group),
                None => groups.push((at, told, vec![&asked.group])),
            }
        }
    }
    let parts: Vec<Text> = groups
        .into_iter()
        .map(|(at, told, asks)| {
            let design = &comparison.designs[at].design;
            Text::names(asks, MOST).and(" in ").and_name(design).and(" on ").join(told)
        })
        .collect();
    let lead = "Members of a class fail independently of each other unless they share an assumption; a cause that hits many of them at once makes P \
        lower than told. So rest ";
    (!parts.is_empty()).then(|| Text::words(lead).join(Text::listed(parts, most)).and("."))
}

/// How it was drawn, and what it rests on.
fn drawn(found: &Uncertainty, several: bool) -> Text {
    let guesses = found.dials.iter().filter(|dial| dial.is_guess()).count();
    let reading = match found.options.reading {
        Reading::Pert => "PERT distributions",
        Reading::LogUniform => "log-uniform distributions",
    };
    Text::words(format!(
        "Numbers with a range: {}, of which guesses: {guesses}. Each was drawn {} times from its range, read as {reading}, once for all designs that \
         share it; at each draw the probability that a question can be reached within the horizon was computed. ",
        found.dials.len(),
        number::count(found.options.draws),
    ))
    .and("An interval says how far the stated ranges let the answer move, not what the ranges leave out")
    .and(if several { "; the order of the designs is worth more than any of the numbers." } else { "." })
}

/// Designs as rows, questions as columns: median and interval.
fn intervals(found: &Uncertainty) -> Table {
    let mut head = vec![Column::left(MEDIAN)];
    head.extend(found.rows.iter().map(|row| Column { title: Text::name(&row.about), right: false }));
    let rows = found.designs.iter().enumerate().map(|(at, (design, _))| {
        let mut cells = vec![Text::name(design)];
        cells.extend(found.rows.iter().map(|row| {
            let found = row.answers[at].as_ref();
            Text::words(found.map_or("-".into(), chance::credible)).sorted_by(found.map(|found| found.spread.median))
        }));
        cells
    });
    Table { head, rows: rows.collect() }
}

/// One design: a line for each question.
fn by_question(found: &Uncertainty) -> Table {
    let head =
        vec![Column::left("threat"), Column::left("median (5 % to 95 %)"), Column::right("at the nominal point")];
    let row = |row: &Contest| {
        let answer = row.answers.first().and_then(Option::as_ref);
        let cells = answer.map_or(["not applicable".to_owned(), "-".to_owned()], |answer| {
            [chance::credible(answer), chance::certain_or(answer.nominal[1], answer.granted)]
        });
        std::iter::once(Text::name(&row.about)).chain(cells.map(Text::words)).collect()
    };
    Table { head, rows: found.rows.iter().map(row).collect() }
}

/// Where the inner probability is not exact, and why.
fn bounded(found: &Uncertainty) -> Option<Text> {
    let mut parts = Vec::new();
    for row in &found.rows {
        for ((design, _), of) in found.designs.iter().zip(&row.answers) {
            if let Some(why) = of.as_ref().and_then(|of| of.stopped) {
                parts.push(Text::name(&row.about).and(" in ").and_name(design).and(format!(" ({why})")));
            }
        }
    }
    (!parts.is_empty()).then(|| {
        Text::words("Bounds instead of exact values, of which the upper is shown: ")
            .join(Text::listed(parts, 8))
            .and(".")
    })
}

/// The threats of a single design in order, and what turns two neighbours. Those that are equally likely are no order.
fn within(found: &Uncertainty) -> Vec<Block> {
    let Some(within) = &found.within else { return Vec::new() };
    let name = |at: usize| found.rows.get(at).map_or("", |row| row.about.as_str());
    let nominal = |at: usize| within.answers[at].as_ref().map(|found| found.nominal);
    let order = within.order();
    let ordered = |pair: &&[usize]| match (nominal(pair[0]), nominal(pair[1])) {
        (Some(a), Some(b)) => ranking::less(a, b),
        _ => false,
    };
    let items: Vec<Item> = order
        .windows(2)
        .filter(ordered)
        .map(|pair| neighbours(found, within, (pair[0], pair[1]), "less likely", &name))
        .collect();
    if items.is_empty() {
        return Vec::new();
    }
    let intro = "Neighbours from the least to the most likely with every number at its nominal (those that are equal there left out), and what would turn \
        their order if it alone were moved within its range.";
    let title = Text::words("Which threat is the likeliest, draw by draw");
    vec![Block::heading(2, title, "within"), Block::Para(Text::words(intro)), Block::Bullets(items)]
}

/// Ranks, neighbours in order, and what would turn them, which is left out where it shall be short.
fn contest(found: &Uncertainty, row: &Contest, short: bool) -> Vec<Block> {
    let order = row.order();
    if order.len() < 2 {
        return Vec::new();
    }
    let name = |at: usize| found.designs.get(at).map_or("", |(design, _)| design.as_str());
    if row.is_tie() {
        let p = order.first().and_then(|at| row.answers[*at].as_ref()).map_or(String::new(), chance::credible);
        let all = format!(" are equally likely in every draw, {p}: there is no order.");
        return vec![Block::Para(
            Text::words("On ").and_name(&row.about).and(format!(" all {} designs", order.len())).and(all),
        )];
    }
    let widest = interval::proportion(row.wins.draws / 2, row.wins.draws, 1.0 - interval::LEVEL);
    let error = number::significant((widest[1] - widest[0]) * 50.0, 2);
    let what =
        if found.designs.len() < 2 { "Questions from least to most likely" } else { "Designs from best to worst" };
    let intro = format!(
        "{what} with every number at its nominal, and what would turn the order of two neighbours if it alone were moved within its range. Shares are of \
         {} draws, known to within {error} points (95 %); best, among the best three and worst are counted alone or together with equals. ≈: agrees to two \
         digits with a neighbour, so that their order matters little.",
        number::count(row.wins.draws)
    );
    let mut blocks = vec![Block::Para(Text::words(intro)), Block::Table(ranks(row, &order, &name))];
    let items = order.windows(2).map(|pair| neighbours(found, row, (pair[0], pair[1]), "better", &name));
    let items: Vec<Item> = items.map(|item| if short { Item::from(item.text.clone()) } else { item }).collect();
    blocks.push(Block::Bullets(items));
    blocks
}

/// The win matrix, best design first; columns bear the numbers of the rows.
fn wins(found: &Uncertainty, row: &Contest) -> Vec<Block> {
    let order = row.order();
    if order.len() < 2 {
        return Vec::new();
    }
    let draws = row.wins.draws.max(1) as f64;
    let mut head = vec![Column::left("better in")];
    head.extend((1..=order.len()).map(|nth| Column::right(format!("than {nth}"))));
    let rows = order.iter().enumerate().map(|(nth, own)| {
        let name =
            Text::words(format!("{}. ", nth + 1)).and_name(found.designs.get(*own).map_or("", |(design, _)| design));
        let cell = |other: &usize| match row.wins.better(*own, *other) {
            Some(n) if own != other => percent(n as f64 / draws),
            _ => "-".to_owned(),
        };
        std::iter::once(name).chain(order.iter().map(|other| Text::words(cell(other)))).collect()
    });
    vec![Block::Table(Table { head, rows: rows.collect() })]
}

/// How often each design is best and worst.
fn ranks<'n>(row: &Contest, order: &[usize], name: &dyn Fn(usize) -> &'n str) -> Table {
    let titles = ["at the nominal point", "best in", "among the best three in", "worst in", "median rank"];
    let head = std::iter::once(Column::left("design")).chain(titles.map(Column::right)).collect();
    let draws = row.wins.draws.max(1) as f64;
    let rows = order.iter().enumerate().filter_map(|(nth, at)| {
        let counts = row.ranks.get(*at)?.as_ref()?;
        let share = |n: u64| percent(n as f64 / draws);
        let last = row.last.get(*at).copied().flatten().unwrap_or(0);
        let nominal = row.answers[*at]
            .as_ref()
            .map_or(String::new(), |found| chance::certain_or(found.nominal[1], found.granted));
        let beside = [nth.checked_sub(1), Some(nth + 1)].into_iter().flatten().filter_map(|nth| order.get(nth));
        let alike = beside.into_iter().any(|other| row.alike(*at, *other));
        let cells = [
            if alike { format!("≈ {nominal}") } else { nominal },
            share(counts[0]),
            share(counts.iter().take(3).sum()),
            share(last),
            median_rank(counts),
        ];
        Some(std::iter::once(Text::name(name(*at))).chain(cells.map(Text::words)).collect())
    });
    Table { head, rows: rows.collect() }
}

fn median_rank(counts: &[u64]) -> String {
    let all: u64 = counts.iter().sum();
    let mut below = 0;
    let at = counts.iter().position(|n| {
        below += n;
        2 * below >= all
    });
    at.map_or_else(|| String::from("-"), |at| (at + 1).to_string())
}

/// `a` before `b`: in what share of the draws, and what turns it.
fn neighbours<'n>(
    found: &Uncertainty,
    row: &Contest,
    (a, b): (usize, usize),
    word: &str,
    name: &dyn Fn(usize) -> &'n str,
) -> Item {
    let draws = row.wins.draws.max(1) as f64;
    let share = |n: Option<u64>| percent(n.unwrap_or(0) as f64 / draws);
    let flips: Vec<&Flip> = row.flips.iter().filter(|flip| (flip.better, flip.worse) == (a, b)).collect();
    if row.wins.ties(a, b) == Some(row.wins.draws) {
        return Item::from(Text::name(name(a)).and(" = ").and_name(name(b)).and(": equal in every draw"));
    }
    let alike = row.alike(a, b);
    let mut text = Text::name(name(a)).and(if alike { " ≈ " } else { " before " }).and_name(name(b));
    text = text.and(format!(": {word} in {} of the draws", share(row.wins.better(a, b))));
    let ties = row.wins.ties(a, b).unwrap_or(0);
    if ties > 0 {
        text = text.and(format!(", equal in {}", share(Some(ties))));
    }
    let (Some(x), Some(y)) = (&row.answers[a], &row.answers[b]) else { return Item::from(text) };
    if !ranking::less(x.nominal, y.nominal) {
        return Item::from(text.and("; no order at the nominal point"));
    }
    text = text.and(format!(", {} apart at the nominal point", number::significant(y.nominal[1] - x.nominal[1], 2)));
    if alike {
        text = text.and(", which matters little");
    }
    if flips.is_empty() {
        return Item::from(text.and("; no single number turns it within its range"));
    }
    let sub = flips.iter().take(4).map(|flip| turned_by(&found.dials[flip.dial], flip.at, flip.above));
    let mut sub: Vec<Text> = sub.collect();
    if flips.len() > sub.len() {
        sub.push(Text::words(format!("and {} more such numbers", flips.len() - sub.len())));
    }
    Item { text: text.and("; it turns"), sub }
}

/// `if x exceeds 0.05 (a guess, 0.002 to 0.1, nominal 0.03)`.
pub(super) fn turned_by(dial: &Dial, at: f64, above: bool) -> Text {
    let [low, _, high] = dial.range;
    let beyond = if above { "exceeds" } else { "falls below" };
    let short = |x: f64| number::significant(x, 3);
    let unit = if dial.unit.is_empty() { String::new() } else { format!(" {}", dial.unit) };
    Text::words("if ").and_name(&dial.id).and(format!(
        " {beyond} {}{unit} ({}, {} to {}, nominal {})",
        short(at),
        grade(dial),
        short(low),
        short(high),
        short(dial.nominal())
    ))
}

/// The grade of a number in a sentence.
pub(super) fn grade(dial: &Dial) -> &str {
    match dial.grade.as_str() {
        "guess" => "a guess",
        "" => "no source stated",
        grade => grade,
    }
}
