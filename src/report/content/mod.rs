//! What reports and verbs say, as blocks; the exporters only render them.

mod alignment;
mod answer;
pub mod backtest;
pub mod blast;
pub mod brief;
pub mod change;
pub mod checklist;
mod coverage;
mod design;
mod detail;
mod drivers;
pub mod exposed;
pub mod gate;
pub mod growth;
pub mod harden;
pub mod paths;
pub mod rare;
mod reproduce;
mod rests;
mod room;
pub mod sampled;
pub mod sets;
pub mod sweep;
pub mod trace;
pub mod trust;
mod trusted;
pub mod uncertainty;
pub mod views;
mod walk;

pub use detail::Detail;

use super::document::{Block, Document, Plot};
use super::table;
use super::text::Text;
use crate::study::Comparison;
use crate::study::backtest::record::Record;

/// What a report needs to know beyond the answers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Context {
    /// The exact command that wrote it.
    pub command: String,
    /// For each design, the command that writes the report on it alone.
    pub alone: Vec<String>,
    /// What back-tests of the library in use have found, if that is recorded.
    pub backtest: Option<Record>,
}

/// The report on a comparison.
pub fn document(comparison: &Comparison, context: &Context, plots: &[Plot], detail: Detail) -> Document {
    let plot = |stem: &str| plots.iter().filter(|plot| plot.stem == stem).cloned().map(Block::Plot).collect::<Vec<_>>();
    let mut blocks = answer::blocks(comparison);
    if detail.left_out().is_some() {
        blocks.push(Block::Para(Text::words(
            "This is a short form: what it leaves out, and where that stands, is said at its end.",
        )));
    }
    blocks.extend(plot("reach"));
    let one = comparison.designs.len() == 1;
    let either = |single: &str, several: &str| Text::words(if one { single } else { several });
    blocks.push(Block::heading(2, either("The questions one by one", "The designs side by side"), "compared"));
    blocks.extend(if one { one_by_one(comparison) } else { side_by_side(comparison, detail) });
    blocks.push(Block::heading(2, Text::words("Who must be trusted"), "trusted"));
    blocks.extend(plot("trust"));
    blocks.extend(table::trusted_blocks(comparison));
    if let [design] = comparison.designs.as_slice() {
        blocks.extend(design::foundations(design, plots, detail));
    }
    blocks.extend(uncertainty::blocks(comparison, plots, detail));
    blocks.push(Block::heading(2, either("What the design costs", "What the designs cost"), "costs"));
    blocks.push(Block::Para(Text::words("Counted from the structure of the model; no number here is estimated.")));
    blocks.extend(plot("costs"));
    blocks.push(Block::Table(table::costs(comparison)));
    blocks.push(Block::Para(table::costs_legend()));
    blocks.extend(growth::blocks(comparison.growth.as_ref(), plots, detail));
    blocks.extend(alignment::blocks(comparison, detail));
    blocks.extend(design::blocks(comparison, detail));
    blocks.extend(coverage::blocks(comparison, detail));
    blocks.extend(backtest::section(context.backtest.as_ref()));
    blocks.extend(answer::origin());
    blocks.extend(reproduce::blocks(comparison, context, detail));
    Document { title: title(comparison), blocks }
}

fn title(comparison: &Comparison) -> Text {
    if let [design] = comparison.designs.as_slice() {
        return Text::words("A package index design reviewed: ").and_name(&design.design);
    }
    let designs = comparison.designs.iter().map(|design| &design.design);
    // More than three names would fill the first screen, and stand below anyway.
    match designs.len() {
        n @ 4.. => Text::words(format!("{n} package index designs compared")),
        _ => Text::words("Package index designs compared: ").join(Text::names(designs, 3)),
    }
}

/// Of one design a row for each question: tables of one row each would say the same at length.
fn one_by_one(comparison: &Comparison) -> Vec<Block> {
    let notes = (0..comparison.rows.len()).filter_map(|row| table::each_note(comparison, row)).map(Block::Para);
    let table = std::iter::once(Block::Table(table::questions_of_one(comparison)));
    table.chain(notes).chain([Block::Para(table::legend())]).collect()
}

/// All questions in one table, then every question in one of its own; those after the first can be folded or left out.
fn side_by_side(comparison: &Comparison, detail: Detail) -> Vec<Block> {
    let mut blocks = vec![Block::Table(table::glance(comparison))];
    let told = if detail.tables { usize::MAX } else { 1 };
    for (row, asked) in comparison.rows.iter().enumerate().take(told) {
        let title = table::question_title(&asked.group, &asked.title);
        let note = table::each_note(comparison, row).map(Block::Para);
        let inner = std::iter::once(Block::Table(table::question(comparison, row))).chain(note);
        if detail.folds && row > 0 {
            blocks.push(Block::Fold(title, inner.collect()));
        } else {
            blocks.push(Block::heading(3, title, format!("question-{}", row + 1)));
            blocks.extend(inner);
        }
    }
    blocks.push(Block::Para(table::legend()));
    blocks
}
