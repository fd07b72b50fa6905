//! How to get the same report again.

use super::Context;
use crate::report::document::{Block, Column, Table};
use crate::report::text::Text;
use crate::report::{VERSION, number};
use crate::study::Comparison;

pub(super) fn blocks(comparison: &Comparison, context: &Context) -> Vec<Block> {
    let mut blocks = vec![Block::heading(2, Text::words("How to reproduce this"), "reproduce")];
    if !context.command.is_empty() {
        blocks.push(Block::Code(vec![context.command.clone()]));
    }
    let text = format!(
        "Written by cotenant {VERSION} with seed {}. Same inputs and seed, same bytes, in whichever folder.",
        comparison.seed
    );
    blocks.push(Block::Para(Text::words(text)));
    blocks.push(Block::Table(inputs(comparison)));
    blocks
}

fn inputs(comparison: &Comparison) -> Table {
    let rows = comparison.designs.iter().map(|design| {
        let horizon = Text::words(number::horizon(design.graph.horizon_days));
        vec![Text::name(&design.design), Text::name(&design.file), horizon, Text::name(&design.graph.model)]
    });
    let head = ["design", "file", "horizon", "model hash"].map(Column::left).to_vec();
    Table { head, rows: rows.collect() }
}
