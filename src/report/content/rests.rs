//! What a design's safety rests on: the assumptions that matter most to its first question.

use crate::report::chance;
use crate::report::document::{Block, Column, Table};
use crate::report::number;
use crate::report::text::Text;
use crate::study::rests::Rests;

/// Assumptions told at most.
pub const MOST: usize = 8;

/// A sentence and a table of at most so many.
pub fn blocks(rests: &Rests, most: usize) -> Vec<Block> {
    let p = chance::spread(rests.p, rests.ends);
    let lead = Text::words("The chance that ").and_name(&rests.threat).and(format!(" is exposed is {p}. "));
    let lead =
        lead.and("Share: what part of it would go if the assumption surely held; some rows open it only with others.");
    let several = rests.matters.iter().take(most).any(|matter| matter.members > 1);
    let lead = if several {
        lead.and(" Each of n: these n together; a member whose part in the question is its own (the victim, or the one of a class that acts first) has a row of its own.")
    } else {
        lead
    };
    let head = vec![
        Column::left("assumption"),
        Column::left("grade"),
        Column::right("share"),
        Column::right("P if it holds"),
        Column::right("P if it fails"),
    ];
    let rows = rests.matters.iter().take(most).map(|matter| {
        vec![
            match matter.members {
                1 => Text::words(&matter.text),
                n => Text::words(&matter.text).and(format!(" (each of {})", number::count(n))),
            },
            Text::words(&matter.grade),
            Text::words(number::significant(matter.share, 2)),
            Text::words(number::chance(matter.if_holds)),
            Text::words(number::chance(matter.if_fails)),
        ]
    });
    let mut blocks = vec![Block::Para(lead), Block::Table(Table { rows: rows.collect(), head })];
    let less = rests.matters.len().saturating_sub(most);
    if less > 0 {
        blocks.push(Block::Para(Text::words(format!("And {less} more that matter less."))));
    }
    if !rests.choke_points.is_empty() {
        let names = Text::names(&rests.choke_points, 12);
        blocks.push(Block::Para(
            Text::words("Steps on every way, where one control would stop them all: ").join(names).and("."),
        ));
    }
    blocks
}
