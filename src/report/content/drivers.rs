//! Which numbers decide: what moves each answer furthest, and what breaks or mends a tolerance.

use super::uncertainty::{grade, turned_by};
use crate::report::document::{Block, Column, Item, Table};
use crate::report::number;
use crate::report::plots::percent;
use crate::report::text::Text;
use crate::study::uncertainty::flips::Driver;
use crate::study::uncertainty::kept::Kept;
use crate::study::uncertainty::{Contest, Uncertainty};

/// Numbers told of each answer: as many as the tornado has bars.
pub const MOST: usize = 4;
/// The same where many answers stand side by side.
pub const FEW: usize = 2;

/// The numbers that move the answers to some questions, furthest first. Of one design the questions are told apart, of several the designs.
pub fn blocks(found: &Uncertainty, rows: &[Contest], most: usize) -> Vec<Block> {
    let single = found.designs.len() < 2;
    let head = [Column::left(if single { "threat" } else { "design" }), Column::left("number"), Column::left("grade")];
    let titles = ["at its 5 %", "at its 95 %", "rank correlation"];
    let head: Vec<Column> = head.into_iter().chain(titles.map(Column::right)).collect();
    let mut lines = Vec::new();
    for row in rows {
        for ((design, _), answer) in found.designs.iter().zip(&row.answers) {
            let name = if single { &row.about } else { design };
            let drivers = answer.iter().flat_map(|answer| answer.drivers.iter().take(most));
            lines.extend(drivers.map(|driver| line(found, name, driver)));
        }
    }
    if lines.is_empty() {
        return Vec::new();
    }
    let legend = "The numbers that move each answer furthest: the probability with this one at the 5 % and at the 95 % quantile of its range, all \
        others at their nominal; and Spearman's rank correlation between the number and the probability over all draws (1: the answer rises and \
        falls with this number alone; 0: it does not matter beside the others).";
    let mut blocks = vec![Block::heading(3, Text::words("Which numbers decide"), anchor(found, rows))];
    blocks.extend([Block::Table(Table { head, rows: lines }), Block::Para(Text::words(legend))]);
    blocks
}

/// Unique in a document: there is one table for all questions, or one for each.
fn anchor(found: &Uncertainty, rows: &[Contest]) -> String {
    let first = rows.first().and_then(|row| found.rows.iter().position(|have| std::ptr::eq(have, row)));
    first.map_or_else(|| String::from("drivers"), |at| format!("drivers-{}", at + 1))
}

fn line(found: &Uncertainty, name: &str, driver: &Driver) -> Vec<Text> {
    let dial = &found.dials[driver.dial];
    let mut cells = vec![Text::name(name), Text::name(&dial.id), Text::words(grade(dial))];
    cells.extend([driver.at_low, driver.at_high].map(|x| Text::words(number::chance(x))));
    cells.push(Text::words(format!("{:.2}", driver.correlation)));
    cells
}

/// The tolerances that name a probability: how often they are kept, and what turns that.
pub fn kept(found: &Uncertainty) -> Vec<Block> {
    if found.kept.is_empty() {
        return Vec::new();
    }
    let intro = "Tolerances that name a probability: in what share of the draws they are kept, and which number, moved alone within its range, breaks \
        or mends them.";
    vec![
        Block::Para(Text::words(intro)),
        Block::Bullets(found.kept.iter().map(|kept| tolerance(found, kept)).collect()),
    ]
}

fn tolerance(found: &Uncertainty, kept: &Kept) -> Item {
    let mut text = Text::name(&kept.threat);
    if let Some((design, _)) = found.designs.get(kept.design).filter(|_| found.designs.len() > 1) {
        text = text.and(" in ").and_name(design);
    }
    let draws = found.options.draws.max(1);
    let share = |n: u64| percent(n as f64 / draws as f64);
    let now = match kept.nominal {
        [_, high] if high <= kept.limit => "kept",
        [low, _] if low > kept.limit => "exceeded",
        _ => "undecided",
    };
    let nominal = number::chance(kept.nominal[1]);
    text = text.and(format!(
        ": at most {} is tolerated; {now} at the nominal point ({nominal}), kept in {} of the draws",
        number::significant(kept.limit, 6),
        share(kept.kept)
    ));
    let open = draws - kept.kept - kept.exceeded;
    if open > 0 {
        text = text.and(format!(", undecided in {}", share(open)));
    }
    if kept.turns.is_empty() {
        return Item::from(text.and("; no single number turns that within its range"));
    }
    Item {
        text: text.and("; it turns"),
        sub: kept.turns.iter().map(|(dial, at, above)| turned_by(dial, *at, *above)).collect(),
    }
}
