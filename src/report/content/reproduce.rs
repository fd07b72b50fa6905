//! How to get the same report again.

use super::{Context, Detail};
use crate::report::document::{Block, Column, Table};
use crate::report::text::Text;
use crate::report::{VERSION, number};
use crate::study::Comparison;

/// Commands told for designs on their own, at most.
const ALONE: usize = 20;

pub(super) fn blocks(comparison: &Comparison, context: &Context, detail: Detail) -> Vec<Block> {
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
    if detail.left_out().is_some() && !context.alone.is_empty() {
        blocks.extend(alone(&context.alone));
    }
    blocks
}

/// Where a report on several designs is short of room, one on each of them has more.
fn alone(commands: &[String]) -> [Block; 2] {
    let lead = "The report on one design alone has room for its ways step by step:";
    let mut lines: Vec<String> = commands.iter().take(ALONE).cloned().collect();
    let more = commands.len().saturating_sub(ALONE);
    if more > 0 {
        lines.push(format!("# and so on for {more} more files of the table above"));
    }
    [Block::Para(Text::words(lead)), Block::Code(lines)]
}

fn inputs(comparison: &Comparison) -> Table {
    let rows = comparison.designs.iter().map(|design| {
        let horizon = Text::words(number::horizon(design.graph.horizon_days));
        vec![Text::name(&design.design), Text::name(&design.file), horizon, Text::name(&design.graph.model)]
    });
    let head = ["design", "file", "horizon", "model hash"].map(Column::left).to_vec();
    Table { head, rows: rows.collect() }
}
