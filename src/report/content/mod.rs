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
pub mod uncertainty;
pub mod views;
mod walk;

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
    /// What back-tests of the library in use have found, if that is recorded.
    pub backtest: Option<Record>,
}

/// How much is told; less where a report has to fit into a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Detail {
    /// Paths told per design.
    pub paths: usize,
    /// The model lines behind each hop.
    pub lines: bool,
    /// The likeliest way of every question beyond those paths.
    pub every_question: bool,
    /// The names behind counts: shared ways, costs, what did not fire.
    pub lists: bool,
    /// The worst way of each design as a chart.
    pub charts: bool,
    /// Every question of every design, drawn, with its ways to choose from.
    pub drawn: bool,
}

impl Detail {
    /// Everything that fits into running text.
    pub const FULL: Detail =
        Detail { paths: 3, lines: true, every_question: true, lists: true, charts: true, drawn: false };
    /// For a page that can be walked through.
    pub const PAGE: Detail = Detail { charts: false, drawn: true, ..Detail::FULL };

    /// Ever less of it, in the order in which it is missed least.
    pub const LADDER: [Detail; 6] = [
        Detail::FULL,
        Detail { lines: false, ..Detail::FULL },
        Detail { lines: false, every_question: false, ..Detail::FULL },
        Detail { lines: false, every_question: false, lists: false, ..Detail::FULL },
        Detail { lines: false, every_question: false, lists: false, charts: false, ..Detail::FULL },
        Detail { paths: 1, lines: false, every_question: false, lists: false, charts: false, drawn: false },
    ];

    /// Is there nothing left to leave out?
    pub fn shortest(&self) -> bool {
        self.paths < Detail::FULL.paths
    }

    /// What was left out, in words; nothing if nothing was.
    pub fn left_out(&self) -> Option<String> {
        let parts = [
            (!self.lines, "the model lines behind each hop"),
            (!self.every_question, "the likeliest way of the other questions"),
            (!self.lists, "the names behind some counts"),
            (!self.charts, "the charts"),
            (self.shortest(), "all but the worst way of each design, and what turns an order"),
        ];
        let left: Vec<&str> = parts.iter().filter(|(left, _)| *left).map(|(_, what)| *what).collect();
        (!left.is_empty()).then(|| left.join(", "))
    }
}

/// The report on a comparison.
pub fn document(comparison: &Comparison, context: &Context, plots: &[Plot], detail: Detail) -> Document {
    let plot = |stem: &str| plots.iter().filter(|plot| plot.stem == stem).cloned().map(Block::Plot).collect::<Vec<_>>();
    let mut blocks = answer::blocks(comparison);
    blocks.extend(plot("reach"));
    let one = comparison.designs.len() == 1;
    let either = |single: &str, several: &str| Text::words(if one { single } else { several });
    blocks.push(Block::heading(2, either("The questions one by one", "The designs side by side"), "compared"));
    blocks.extend(side_by_side(comparison));
    blocks.push(Block::heading(2, Text::words("Who must be trusted"), "trusted"));
    blocks.extend(plot("trust"));
    blocks.extend(table::trusted_blocks(comparison));
    blocks.extend(plot("importance"));
    blocks.extend(plot("front"));
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
    blocks.extend(reproduce::blocks(comparison, context));
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

/// All questions in one table, then every question in one of its own.
fn side_by_side(comparison: &Comparison) -> Vec<Block> {
    let mut blocks = vec![Block::Table(table::glance(comparison))];
    for (row, asked) in comparison.rows.iter().enumerate() {
        let title = table::question_title(&asked.group, &asked.title);
        blocks.push(Block::heading(3, title, format!("question-{}", row + 1)));
        blocks.push(Block::Table(table::question(comparison, row)));
        blocks.extend(table::each_note(comparison, row).map(Block::Para));
    }
    blocks.push(Block::Para(table::legend()));
    blocks
}
