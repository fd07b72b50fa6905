//! Views of the library: steps by what they refer to, and what of that a model exercises.

use std::collections::BTreeSet;

use crate::library::{Library, StepDecl, references};
use crate::report::document::{Block, Column, Item, Table};
use crate::report::number;
use crate::report::text::Text;
use crate::report::words::NONE;
use crate::study::library_lint::LibraryLint;

/// The schemes a model is held against.
pub const COVERED: [&str; 3] = ["slsa", "attack", "risk-explorer"];

/// Steps named per line.
const MOST: usize = 6;

/// The steps of each id of a scheme.
pub fn by_reference(scheme: &str, groups: &[(String, Vec<&StepDecl>)]) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (at, (id, steps)) in groups.iter().enumerate() {
        let says = references::says(scheme, id);
        let title = Text::words(format!("{} ", references::scheme_name(scheme))).and_name(id);
        let title = if says.is_empty() { title } else { title.and(format!(": {says}")) };
        blocks.push(Block::heading(3, title, format!("{scheme}-{}", at + 1)));
        if steps.is_empty() {
            blocks.push(Block::Para(Text::words("No step of the library carries it.")));
            continue;
        }
        let items = steps.iter().map(|step| Item::from(Text::name(&step.id).and(format!(": {}", step.title))));
        blocks.push(Block::Bullets(items.collect()));
    }
    blocks
}

/// What a model exercises of each scheme, given the steps that can happen in it.
pub fn coverage(library: &Library, fired: &BTreeSet<String>, design: &str) -> Vec<Block> {
    let lead = Text::words("What steps of the library can happen in ").and_name(design);
    let lead = lead.and(
        ", from whoever could act, by what the steps refer to. A step that cannot happen there says nothing about the design's \
         safety: the model may only be silent about what it needs.",
    );
    let mut blocks = vec![Block::Para(lead)];
    for scheme in COVERED {
        let groups = references::groups(library, scheme, "");
        let n = groups.iter().filter(|(_, steps)| steps.iter().any(|step| fired.contains(&step.id))).count();
        let title = format!("{}: {n} of {} exercised", references::scheme_name(scheme), groups.len());
        blocks.push(Block::heading(3, Text::words(title), format!("coverage-{scheme}")));
        blocks.push(Block::Table(covered(scheme, &groups, fired)));
    }
    blocks
}

fn covered(scheme: &str, groups: &[(String, Vec<&StepDecl>)], fired: &BTreeSet<String>) -> Table {
    let head = vec![Column::left("id"), Column::right("steps"), Column::left("of them here")];
    let rows = groups.iter().map(|(id, steps)| {
        let here: Vec<&String> = steps.iter().map(|step| &step.id).filter(|id| fired.contains(*id)).collect();
        let says = references::says(scheme, id);
        let name = if says.is_empty() { Text::name(id) } else { Text::name(id).and(format!(" {says}")) };
        let here = match (steps.is_empty(), here.is_empty()) {
            (true, _) => Text::words("no step of the library carries it"),
            (false, true) => Text::words(NONE),
            (false, false) => Text::names(here, MOST),
        };
        vec![name, Text::words(steps.len().to_string()), here]
    });
    Table { head, rows: rows.collect() }
}

/// What is wrong with a library, seen from so many models.
pub fn library_lint(lint: &LibraryLint, models: usize) -> Vec<Block> {
    let n = lint.findings.len() as u64;
    let found = if n == 0 { "Nothing is wrong".to_owned() } else { number::plural(n, "finding", "findings") };
    let lead = format!("{found}, seen from {}.", number::plural(models as u64, "model", "models"));
    let mut blocks = vec![Block::Para(Text::words(lead))];
    if n > 0 {
        let head = ["fault", "about", "says"].map(Column::left).to_vec();
        let rows = lint.findings.iter().map(|finding| {
            vec![Text::words(finding.fault.word()), Text::name(&finding.about), Text::words(&finding.says)]
        });
        blocks.push(Block::Table(Table { head, rows: rows.collect() }));
    }
    if !lint.resting.is_empty() {
        blocks.push(Block::heading(3, Text::words("Steps that fire in models of one index only"), "resting"));
        let head = ["step", "index", "models"].map(Column::left).to_vec();
        let rows = lint.resting.iter().map(|resting| {
            vec![Text::name(&resting.step), Text::words(&resting.index), Text::names(&resting.models, MOST)]
        });
        blocks.push(Block::Table(Table { head, rows: rows.collect() }));
    }
    blocks
}
