//! What was not examined: the part of an answer that is easiest to forget.

use super::Detail;
use crate::report::document::{Block, Column, Item, Table};
use crate::report::number::plural;
use crate::report::text::Text;
use crate::study::{Comparison, Coverage};

/// Names listed per line.
const MOST: usize = 40;

pub(super) fn blocks(comparison: &Comparison, detail: Detail) -> Vec<Block> {
    let lead =
        "Silence about these is not safety: the models have no word about them, or nothing in them set off the step.";
    let mut blocks =
        vec![Block::heading(2, Text::words("What was not examined"), "coverage"), Block::Para(Text::words(lead))];
    let known: Vec<(&str, &Coverage)> = comparison
        .designs
        .iter()
        .filter_map(|design| Some((design.design.as_str(), design.coverage.as_ref()?)))
        .collect();
    if known.is_empty() {
        blocks.push(Block::Para(Text::words("The designs were given as graphs: what they leave out cannot be told.")));
        return blocks;
    }
    blocks.push(Block::Bullets(SORTS.iter().map(|sort| Item::from(nowhere(&known, sort))).collect()));
    let partly: Vec<(&Sort, Vec<Group>)> = SORTS.iter().map(|sort| (sort, partly(&known, sort))).collect();
    if partly.iter().any(|(_, groups)| !groups.is_empty()) {
        blocks.push(if detail.partly { in_some(&known, &partly) } else { Block::Para(counted(&partly)) });
    }
    let graphs = comparison.designs.iter().filter(|design| design.coverage.is_none()).map(|design| &design.design);
    let graphs: Vec<_> = graphs.collect();
    if !graphs.is_empty() {
        let text = Text::names(graphs, MOST).and(": given as a graph, what it leaves out cannot be told.");
        blocks.push(Block::Para(text));
    }
    if detail.lists {
        blocks.push(Block::Fold(
            Text::words("Per design: steps ruled out, and protections that are not there"),
            per_design(&known),
        ));
    }
    blocks
}

/// One of the lists of what was not examined.
struct Sort {
    /// One of them.
    one: &'static str,
    /// Several of them.
    several: &'static str,
    /// Those that were not examined.
    all: &'static str,
    list: fn(&Coverage) -> &[String],
}

const SORTS: [Sort; 5] = [
    Sort {
        one: "kind of principal",
        several: "kinds of principals",
        all: "kinds of principals not modelled",
        list: |of| &of.kinds_not_modelled,
    },
    Sort {
        one: "attack step",
        several: "attack steps",
        all: "attack steps of the library that never fired",
        list: |of| &of.steps_not_fired,
    },
    Sort {
        one: "SLSA v1.2 threat",
        several: "SLSA v1.2 threats",
        all: "SLSA v1.2 threats no fired step carries",
        list: |of| &of.slsa.not_carried,
    },
    Sort {
        one: "ATT&CK technique",
        several: "ATT&CK techniques",
        all: "ATT&CK techniques of the library no fired step carries",
        list: |of| &of.attack.not_carried,
    },
    Sort {
        one: "Risk Explorer vector",
        several: "Risk Explorer vectors",
        all: "Risk Explorer vectors of the library no fired step carries",
        list: |of| &of.risk_explorer.not_carried,
    },
];

/// What no design has.
fn nowhere(known: &[(&str, &Coverage)], sort: &Sort) -> Text {
    let place = if known.len() == 1 { "" } else { ", in any design" };
    let first = known.first().map(|(_, coverage)| (sort.list)(coverage)).unwrap_or_default();
    let shared: Vec<&String> =
        first.iter().filter(|name| known.iter().all(|(_, coverage)| (sort.list)(coverage).contains(name))).collect();
    let names = if shared.is_empty() { Text::words("none") } else { Text::names(&shared, usize::MAX) };
    Text::words(format!("{}{place}: ", sort.all)).join(names)
}

/// Names that the same designs have, and which of the designs have them.
struct Group {
    has: Vec<bool>,
    names: Vec<String>,
}

/// What some designs have and others do not.
fn partly(known: &[(&str, &Coverage)], sort: &Sort) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for name in known.iter().flat_map(|(_, coverage)| (sort.list)(coverage)) {
        let has: Vec<bool> = known.iter().map(|(_, coverage)| !(sort.list)(coverage).contains(name)).collect();
        match groups.iter_mut().find(|group| group.has == has) {
            _ if !has.contains(&true) => {}
            Some(group) if group.names.contains(name) => {}
            Some(group) => group.names.push(name.clone()),
            None => groups.push(Group { has, names: vec![name.clone()] }),
        }
    }
    groups
}

/// All of it in one table.
fn in_some(known: &[(&str, &Coverage)], partly: &[(&Sort, Vec<Group>)]) -> Block {
    let rows = partly.iter().flat_map(|(sort, groups)| {
        let names = |group: &Group| Text::names(&group.names, usize::MAX);
        groups.iter().map(move |group| vec![Text::words(sort.one), names(group), designs(known, &group.has)])
    });
    let head = ["what", "which", "examined in"].map(Column::left).to_vec();
    let title = "What some designs examine and others do not: kinds that are modelled, steps that fire, and what fired steps carry";
    Block::Fold(Text::words(title), vec![Block::Table(Table { head, rows: rows.collect() })])
}

/// How much it is, where there is no room for more.
fn counted(partly: &[(&Sort, Vec<Group>)]) -> Text {
    let counts = partly.iter().filter(|(_, groups)| !groups.is_empty()).map(|(sort, groups)| {
        Text::words(plural(groups.iter().map(|group| group.names.len() as u64).sum(), sort.one, sort.several))
    });
    Text::words("Besides, some designs examine and others do not: ")
        .join(Text::listed(counts, SORTS.len()))
        .and(". Which ones and where stands in ")
        .and_name("report.html")
        .and(".")
}

/// Only `a` and `b`, or all but `c`, whichever is shorter.
fn designs(known: &[(&str, &Coverage)], has: &[bool]) -> Text {
    let names = |wanted: bool| {
        let of = known.iter().zip(has).filter(|(_, has)| **has == wanted);
        Text::names(of.map(|((design, _), _)| design), usize::MAX)
    };
    match 2 * has.iter().filter(|has| **has).count() > has.len() {
        true => Text::words("all but ").join(names(false)),
        false => Text::words("only ").join(names(true)),
    }
}

fn per_design(known: &[(&str, &Coverage)]) -> Vec<Block> {
    let pairs = |pairs: &[(String, String)], between: &str| {
        let all = pairs.iter().map(|(step, parameter)| Text::name(step).and(between).and_name(parameter));
        if pairs.is_empty() { Text::words("none") } else { Text::listed(all, MOST) }
    };
    let items = known.iter().map(|(design, coverage)| Item {
        text: Text::name(design),
        sub: vec![
            Text::words("ruled out: ").join(pairs(&coverage.ruled_out, " by ")),
            Text::words("no such protection: ").join(pairs(&coverage.dropped, " without ")),
        ],
    });
    vec![Block::Bullets(items.collect())]
}
