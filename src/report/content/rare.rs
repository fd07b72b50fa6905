//! What `simulate --rare` tells: estimates through the minimal attack sets, with how far they can be trusted.

use crate::analysis::simulate::rare::Weighted;
use crate::report::document::{Block, Column, Table};
use crate::report::number;
use crate::report::text::Text;
use crate::report::words;

/// Every threat of a design: its estimate, and the same with every number at the low, and at the high end of its range.
pub type Found<'a> = (&'a str, Option<(Weighted, Option<[f64; 2]>)>);

/// Every threat.
pub fn blocks(design: &str, horizon_days: f64, all: &[Found]) -> Vec<Block> {
    let horizon = number::horizon(horizon_days);
    let title =
        Text::words("P(exposed) within ").and(horizon).and(" in ").and_name(design).and(", through its attack sets");
    let head = vec![
        Column::left("threat"),
        Column::right("probability"),
        Column::left("interval"),
        Column::left("over the ranges"),
        Column::right("attack sets"),
        Column::right("worlds"),
        Column::right("effective"),
    ];
    let rows = all.iter().map(|(threat, found)| {
        let Some((found, ends)) = found else {
            let mut row = vec![Text::name(threat)];
            row.extend((0..6).map(|_| Text::words(words::NONE)));
            return row;
        };
        let between = |[low, high]: [f64; 2]| format!("{} to {}", number::chance(low), number::chance(high));
        vec![
            Text::name(threat),
            Text::words(estimate(found)),
            Text::words(between(found.interval)),
            Text::words(ends.map_or(words::NONE.to_owned(), between)),
            Text::words(number::at_least(&number::count(found.sets as u64), found.complete)),
            Text::words(number::count(found.trials)),
            Text::words(number::significant(found.effective, 3)),
        ]
    });
    let rows = rows.collect();
    vec![Block::heading(2, title, "rare"), Block::Table(Table { head, rows }), Block::Para(Text::words(LEGEND))]
}

/// The estimate with its doubts.
fn estimate(found: &Weighted) -> String {
    let value = number::chance(found.estimate);
    match (found.is_reliable(), found.complete) {
        (false, _) => format!("{value}, unreliable"),
        (true, true) => value,
        (true, false) => format!("{value}, at least {}", number::chance(found.at_least)),
    }
}

const LEGEND: &str = "Sampled: in each world one minimal attack set was made to fail, and the world weighted by how much likelier that made it. \
`At least` is a lower bound that holds whatever sets are not known; `effective` is the number of equally weighted worlds that would be worth as much, \
and under 100 of them the estimate is unreliable. Over the ranges: estimates with every number at the low, and at the high end of its range.";
