//! A sweep as tables: one per design, a row for each point.

use crate::report::document::{Block, Column, Table};
use crate::report::number;
use crate::report::text::Text;
use crate::study::sweep::{Sweep, Varied};

/// Every design.
pub fn blocks(sweep: &Sweep, designs: &[(String, String)]) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (at, (points, (design, title))) in sweep.designs.iter().zip(designs).enumerate() {
        blocks.push(Block::heading(2, Text::name(design).and(": ").and(title), format!("sweep-{}", at + 1)));
        let mut head: Vec<Column> =
            sweep.varied.iter().map(|vary| Column { title: Text::name(&vary.path), right: false }).collect();
        let threats = points.first().map(|point| &point.graph.threats);
        head.extend(
            threats.into_iter().flatten().map(|threat| Column { title: Text::name(&threat.name), right: false }),
        );
        let rows = points.iter().map(|point| {
            let at = point.at.iter().map(|(_, value)| Text::words(value));
            at.chain(point.threats.iter().map(|varied| Text::words(told(varied)))).collect()
        });
        blocks.push(Block::Table(Table { head, rows: rows.collect() }));
    }
    blocks.push(Block::Para(Text::words(format!(
        "The probability that each question can be reached within the horizon, every number at its nominal, as simulate --set answers it; in brackets 5 % \
         to 95 % of {} draws of all numbers from their ranges.",
        number::count(sweep.options.draws)
    ))));
    blocks
}

fn told(varied: &Varied) -> String {
    let (Some(chances), Some(spread)) = (varied.chances, varied.spread) else { return String::from("n/a") };
    let value = number::chance(chances.plain.value);
    if spread.low == spread.high {
        return value;
    }
    format!("{value} ({} to {})", number::chance(spread.low), number::chance(spread.high))
}
