//! The aligned comparison as tables: at a glance, question by question, costs, trusted parties.

use super::document::{Block, Column, Table};
use super::number;
use super::text::Text;
use super::{chance, trust_matrix, words};
use crate::analysis::Status;
use crate::study::{Comparison, DesignAnswer, ThreatAnswer};

/// Everything `compare` prints: tables with their legends.
pub fn compare(comparison: &Comparison) -> Vec<Block> {
    let mut blocks = Vec::new();
    if comparison.rows.len() > 1 {
        blocks.push(Block::heading(2, Text::words("At a glance"), "glance"));
        blocks.push(Block::Table(glance(comparison)));
    }
    for (row, asked) in comparison.rows.iter().enumerate() {
        blocks.push(Block::heading(2, question_title(&asked.group, &asked.title), format!("question-{}", row + 1)));
        blocks.push(Block::Table(question(comparison, row)));
        blocks.extend(each_note(comparison, row).map(Block::Para));
    }
    blocks.push(Block::Para(legend()));
    blocks.push(Block::heading(2, Text::words("Who must be trusted"), "trusted"));
    blocks.extend(trusted_blocks(comparison));
    blocks.extend(super::content::uncertainty::brief(comparison));
    blocks.push(Block::heading(2, Text::words("What the designs cost, from structure alone"), "costs"));
    blocks.push(Block::Table(costs(comparison)));
    blocks.push(Block::Para(costs_legend()));
    blocks
}

/// `id: title`.
pub fn question_title(group: &str, title: &str) -> Text {
    if title.is_empty() { Text::name(group) } else { Text::name(group).and(": ").and(title) }
}

/// Designs as rows, questions as columns, one short cell each.
pub fn glance(comparison: &Comparison) -> Table {
    let mut head = vec![Column::left("design")];
    head.extend(comparison.rows.iter().map(|row| Column { title: Text::name(&row.group), right: false }));
    let rows = comparison.designs.iter().enumerate().map(|(at, design)| {
        let mut cells = vec![Text::name(&design.design)];
        cells.extend((0..comparison.rows.len()).map(|row| glance_cell(comparison, row, at)));
        cells
    });
    Table { head, rows: rows.collect() }
}

fn glance_cell(comparison: &Comparison, row: usize, design: usize) -> Text {
    let (Some(answer), Some(design)) = (words::answer(comparison, row, design), comparison.designs.get(design)) else {
        return Text::words("not asked");
    };
    let told = Text::words(match answer.reach.status {
        Status::NotApplicable => String::from("n/a"),
        Status::Exploit => format!("k={} {}", words::k(&answer.reach), words::singles(design, answer)),
        status => String::from(words::status(status)),
    });
    told.sorted_by(badness(answer))
}

/// One question, one row per design.
pub fn question(comparison: &Comparison, row: usize) -> Table {
    let rows = comparison.designs.iter().enumerate().map(|(at, design)| {
        let first = std::iter::once(Text::name(&design.design));
        first.chain(reached(design, words::answer(comparison, row, at))).collect()
    });
    Table { head: reached_head("design"), rows: rows.collect() }
}

/// One design, one row per question, with how likely each is.
pub fn questions_of_one(comparison: &Comparison) -> Table {
    let mut head = reached_head("question");
    head.push(Column::left(format!("P {}: median (5 % to 95 %)", words::within(comparison))));
    let rows = comparison.rows.iter().enumerate().filter_map(|(row, asked)| {
        let design = comparison.designs.first()?;
        let mut cells = vec![question_title(&asked.group, &asked.title)];
        cells.extend(reached(design, words::answer(comparison, row, 0)));
        let found = words::credible(comparison, row, 0);
        let key = found.map(|found| found.spread.median);
        cells.push(Text::words(found.map_or(words::NONE.to_owned(), chance::credible)).sorted_by(key));
        Some(cells)
    });
    Table { head, rows: rows.collect() }
}

fn reached_head(first: &str) -> Vec<Column> {
    let mut head = vec![Column::left(first), Column::left("status")];
    head.extend(["k", "n1/w1"].map(Column::right));
    head.push(Column::left("extent"));
    head.extend(["sets", "paths"].map(Column::right));
    head
}

/// How a question is reached, cell by cell.
fn reached(design: &DesignAnswer, answer: Option<&ThreatAnswer>) -> Vec<Text> {
    let Some(answer) = answer else {
        return [vec![Text::words("not asked")], vec![Text::words(words::NONE); 5]].concat();
    };
    let reach = &answer.reach;
    let bad = badness(answer);
    let carried =
        reach.extent.as_ref().filter(|extent| extent.word != "one").map_or(1.0, |extent| extent.members as f64);
    vec![
        Text::words(words::status(reach.status)).sorted_by(bad),
        Text::words(words::k(reach)).sorted_by(reach.k.map(f64::from)),
        Text::words(words::singles(design, answer)).sorted_by(bad),
        Text::words(words::extent(reach)).sorted_by(reach.extent.as_ref().map(|_| carried)),
        Text::words(words::sets(answer)),
        Text::words(words::paths(answer)),
    ]
}

/// Where an answer stands from the best to the worst when a column is sorted: unreachable; by more and then fewer failures; within one k by whether the
/// likeliest failure carries further, then by how many single failures there are; by grant. What is not asked has no place among them.
fn badness(answer: &ThreatAnswer) -> Option<f64> {
    let reach = &answer.reach;
    match reach.status {
        Status::NotApplicable => None,
        Status::Unreachable => Some(0.0),
        Status::Grant => Some(1e12),
        Status::Exploit => {
            let k = f64::from(reach.k.unwrap_or(u32::MAX).min(1_000));
            // As the first figure shades it: whether the likeliest failure carries further comes before how many there are.
            let carries = reach.extent.as_ref().is_some_and(|extent| extent.word != "one" && extent.members > 0);
            Some(
                (1_001.0 - k) * 1e8
                    + if carries { 5e7 } else { 0.0 }
                    + (reach.profile[1] as f64).min(1e7)
                    + (reach.profile_wide[1] as f64).min(1e7) / 1e8,
            )
        }
    }
}

/// Where a row stands for several threats of a design, which of them is shown.
pub fn each_note(comparison: &Comparison, row: usize) -> Option<Text> {
    let group = &comparison.rows.get(row)?.group;
    let shown = comparison.designs.iter().enumerate().filter_map(|(at, design)| {
        let answer = words::answer(comparison, row, at)?;
        let of = design.threats.iter().filter(|other| other.group == *group).count();
        (of > 1).then(|| {
            let name = Text::name(&design.design).and(": ").and_name(&answer.threat);
            name.and(format!(" (of {of})"))
        })
    });
    let shown: Vec<Text> = shown.collect();
    let intro = "Asked once per party; the worst is shown: ";
    (!shown.is_empty()).then(|| Text::words(intro).join(Text::listed(shown, 20)).and("."))
}

/// What the columns of [`question`] mean.
pub fn legend() -> Text {
    Text::words(
        "status: grant = as designed, nothing has to fail; exploit = some assumption must fail; unreachable = no set of \
         failures leads there; not-applicable = the question cannot be asked of this model. ",
    )
    .and(
        "k: failures needed at least (in brackets: with the parties that the design's tolerance trusts taken as honest). n1/w1: single failures that \
         suffice / that suffice against all others at once. extent: others whose copy falls with the likeliest failure. ",
    )
    .and("sets: minimal attack sets. paths: minimal paths. >= where counting stopped; - where there is nothing to count.")
}

/// Who must be trusted, on the first question.
pub fn trusted_blocks(comparison: &Comparison) -> Vec<Block> {
    let Some(row) = comparison.rows.first() else { return Vec::new() };
    let intro = Text::words("Minimal coalitions that reach ").and_name(&row.group);
    let intro = intro.and(" while every assumption holds; several parties act together where \"with\" stands.");
    let mut blocks =
        vec![Block::Para(intro), Block::Table(trusted(comparison, 0)), Block::Para(candidates(comparison, 0))];
    blocks.extend(trust_matrix::blocks(comparison, row));
    blocks
}

/// Minimal coalitions of one question, one row per design.
pub fn trusted(comparison: &Comparison, row: usize) -> Table {
    let head = vec![Column::left("design"), Column::left("one dishonest party"), Column::left("several together")];
    let rows = comparison.designs.iter().enumerate().map(|(at, design)| {
        let (one, more) = match words::answer(comparison, row, at) {
            None => (Text::words("not asked"), Text::words(words::NONE)),
            Some(answer) if answer.reach.status == Status::NotApplicable => {
                (Text::words("not-applicable"), Text::words(words::NONE))
            }
            Some(answer) => (alone(design, &answer.coalitions), together(design, &answer.coalitions)),
        };
        vec![Text::name(&design.design), one, more]
    });
    Table { head, rows: rows.collect() }
}

/// Coalitions shown of those with one member, and of larger ones.
const ALONE: usize = 20;
const TOGETHER: usize = 4;

/// Does [`trusted`] show all of these?
pub fn shows_all(found: &crate::analysis::Coalitions) -> bool {
    let several = found.coalitions.iter().filter(|members| members.len() > 1).count();
    found.complete && several <= TOGETHER && found.coalitions.len() - several <= ALONE
}

fn alone(design: &DesignAnswer, coalitions: &crate::analysis::Coalitions) -> Text {
    let ones = coalitions.coalitions.iter().filter(|members| members.len() <= 1);
    let ones: Vec<Text> = ones
        .map(|members| match members.first() {
            Some(id) => words::party(&design.graph, *id),
            None => words::coalition(&design.graph, members),
        })
        .collect();
    match (ones.is_empty(), coalitions.complete) {
        (true, true) => Text::words("none"),
        (true, false) => Text::words("none found, search stopped"),
        (false, _) => Text::either(ones, ALONE),
    }
}

fn together(design: &DesignAnswer, coalitions: &crate::analysis::Coalitions) -> Text {
    let several = coalitions.coalitions.iter().filter(|members| members.len() > 1);
    let several: Vec<Text> = several.map(|members| words::coalition(&design.graph, members)).collect();
    let (shown, left) = (several.iter().take(TOGETHER).cloned(), several.len().saturating_sub(TOGETHER));
    let text = shown.reduce(|text, next| text.and("; ").join(next)).unwrap_or_else(|| Text::words(words::NONE));
    let text = if left > 0 { text.and(format!("; {left} more")) } else { text };
    if coalitions.complete { text } else { text.and(" (the search stopped: there may be others)") }
}

/// Who was considered: those of every design once, then those of some.
pub fn candidates(comparison: &Comparison, row: usize) -> Text {
    let among = |(at, design): (usize, &DesignAnswer)| {
        let answer = words::answer(comparison, row, at)?;
        let all = answer.coalitions.candidates.iter().map(|id| words::party(&design.graph, *id));
        Some((Text::name(&design.design), all.collect()))
    };
    let known: Vec<(Text, Vec<Text>)> = comparison.designs.iter().enumerate().filter_map(among).collect();
    let everywhere = |party: &Text| known.iter().all(|(_, among)| among.contains(party));
    let shared: Vec<Text> =
        known.first().into_iter().flat_map(|(_, among)| among).filter(|party| everywhere(party)).cloned().collect();
    let mut groups: Vec<(Vec<Text>, Vec<Text>)> = Vec::new();
    for (design, among) in &known {
        let more: Vec<Text> = among.iter().filter(|party| !shared.contains(party)).cloned().collect();
        match groups.iter_mut().find(|(known, _)| *known == more) {
            _ if more.is_empty() => {}
            Some((_, designs)) => designs.push(design.clone()),
            None => groups.push((more, vec![design.clone()])),
        }
    }
    let place = if known.len() > 1 { " in every design" } else { "" };
    let shared = if shared.is_empty() { Text::words("none") } else { Text::listed(shared, CANDIDATES) };
    let text = Text::words(format!("Candidates considered{place}: ")).join(shared);
    let told = groups
        .into_iter()
        .map(|(more, designs)| Text::listed(designs, 20).and(": ").join(Text::listed(more, CANDIDATES)));
    match told.reduce(|text, next| text.and("; in ").join(next)) {
        Some(told) => text.and(". Besides, in ").join(told).and("."),
        None => text.and("."),
    }
}

/// Candidates named at most.
const CANDIDATES: usize = 40;

/// Structural costs, one row per design.
pub fn costs(comparison: &Comparison) -> Table {
    let titles = ["approvals", "services", "strangers' code", "parties", "interfaces", "workflows"];
    let mut head = vec![Column::left("design")];
    head.extend(titles.map(Column::right));
    let rows = comparison.designs.iter().map(|design| {
        let mut cells = vec![Text::name(&design.design)];
        match cost_counts(design) {
            Some(counts) => cells.extend(counts.map(|n| Text::words(n.map_or("no way".into(), number::count)))),
            None => cells.extend(titles.map(|_| Text::words("n/a"))),
        }
        cells
    });
    Table { head, rows: rows.collect() }
}

/// approvals (`None`: no newcomer ever publishes), services, strangers' code, parties, interfaces, workflows.
pub fn cost_counts(design: &DesignAnswer) -> Option<[Option<u64>; 6]> {
    let costs = design.costs.as_ref()?;
    let n = |n: usize| Some(n as u64);
    Some([
        costs.approvals,
        n(costs.services.len()),
        n(costs.strangers_code.len()),
        n(costs.parties.len()),
        n(costs.interfaces.len()),
        n(costs.workflows.len()),
    ])
}

/// What the columns of [`costs`] mean.
pub fn costs_legend() -> Text {
    Text::words(
        "approvals: by people, on the cheapest way to a newcomer's first publish (no way: nobody new ever publishes). services: run by an operator of the model; strangers' \
         code: of those, running it by design. parties: external, each alone enough for some question. ",
    )
    .and(
        "interfaces: pairs of an external and an operated service. workflows: ways of publishing to support. n/a: \
         given as a graph, without a model.",
    )
}
