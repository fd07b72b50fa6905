//! What `whatif` and `diff` tell: each threat before and after, and the ways that appeared, vanished or changed.

use crate::analysis::{Reach, Status};
use crate::graph::AssumptionId;
use crate::report::document::{Block, Column, Item, Table};
use crate::report::prose::{self, Telling};
use crate::report::text::Text;
use crate::report::{number, words};
use crate::study::DesignAnswer;
use crate::study::change::{ThreatChange, Way};
use crate::study::worse::FailOn;

/// How much is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// Ways told in full per threat; the rest are counted.
    pub ways: usize,
    /// Threats told in detail, those that got worse first; the rest are counted.
    pub threats: usize,
    /// Rows of the table; the rest are counted.
    pub rows: usize,
}

/// Everything that became of every threat.
pub fn blocks(before: &DesignAnswer, after: &DesignAnswer, changes: &[ThreatChange]) -> Vec<Block> {
    told_blocks(before, after, changes, Told { ways: 3, threats: usize::MAX, rows: usize::MAX })
}

/// So much of what became of every threat.
pub fn told_blocks(before: &DesignAnswer, after: &DesignAnswer, changes: &[ThreatChange], told: Told) -> Vec<Block> {
    let head = ["threat", "before", "after", "appeared", "vanished", "changed", "same"];
    let head = head.iter().enumerate().map(|(at, title)| Column { title: Text::words(title), right: at > 2 }).collect();
    let rows = in_order(changes, told.rows).into_iter().map(|at| {
        let change = &changes[at];
        let n = |n: usize| Text::words(number::at_least(&number::count(n as u64), change.complete));
        vec![
            Text::name(&change.threat),
            Text::words(short(change.before.as_ref())),
            Text::words(short(change.after.as_ref())),
            n(change.appeared.len()),
            n(change.vanished.len()),
            n(change.changed.len()),
            Text::words(number::count(change.unchanged)),
        ]
    });
    // What a removal took along decides how the rest is read.
    let notes = after.notes.iter().filter(|note| !before.notes.contains(note)).take(told.rows);
    let notes = notes.map(|note| Block::Para(Text::words("Note: ").join(Text::note(note))));
    let mut blocks: Vec<Block> = notes.collect();
    blocks.push(Block::Table(Table { head, rows: rows.collect() }));
    blocks.extend(left_out(changes.len(), told.rows, "threat is not in this table", "threats are not in this table"));
    blocks.push(Block::Para(Text::words(
        "Ways are minimal paths with the same steps about the same things. A cell: status, k, and the minimal attack sets of 1 failure.",
    )));
    let details = (0..changes.len()).map(|at| detail(before, after, &changes[at], at, told.ways));
    let details: Vec<(usize, Vec<Block>)> = details.enumerate().filter(|(_, blocks)| !blocks.is_empty()).collect();
    let shown = in_order(changes, usize::MAX).into_iter().filter(|at| details.iter().any(|(of, _)| of == at));
    let mut shown: Vec<usize> = shown.take(told.threats).collect();
    shown.sort_unstable();
    let all = details.len();
    blocks.extend(details.into_iter().filter(|(at, _)| shown.contains(at)).flat_map(|(_, blocks)| blocks));
    blocks.extend(left_out(
        all,
        told.threats,
        "changed threat is not told in detail",
        "changed threats are not told in detail",
    ));
    blocks
}

/// The sentence a reviewer reads first: on which threats the second is worse, and on how many better.
pub fn verdict(changes: &[ThreatChange]) -> Text {
    let worse: Vec<&ThreatChange> = changes.iter().filter(|change| change.is_worse()).collect();
    let better = changes.iter().filter(|change| !change.judged.better.is_empty()).count() as u64;
    let of = number::plural(changes.len() as u64, "threat", "threats");
    let mut text = match worse.len() {
        0 => Text::words(format!("No threat is worse (of {of}).")),
        n => {
            let lead = Text::words(format!("Worse on {} of {of}: ", number::count(n as u64)));
            lead.join(Text::names(worse.iter().map(|change| &change.threat), 8)).and(".")
        }
    };
    if better > 0 {
        text = text.and(format!(" Better on {}.", number::count(better)));
    }
    let unjudged = changes.iter().filter(|change| change.is_asked_no_more());
    let unjudged: Vec<&String> = unjudged.map(|change| &change.threat).collect();
    if !unjudged.is_empty() {
        text = text.and(" Not asked any more, and so not judged: ").join(Text::names(unjudged, 8)).and(".");
    }
    text
}

/// What counts as worse, in a sentence.
pub fn rule(fail_on: FailOn) -> String {
    format!(
        "A threat is worse if its status rises, if fewer failures suffice, if more sets of so few do (or open everybody), or if there is a new \
         minimal coalition; {fail_on}."
    )
}

/// At most so many threats, those that got worse before the others where there are more; in the order of the model.
fn in_order(changes: &[ThreatChange], most: usize) -> Vec<usize> {
    let mut all: Vec<usize> = (0..changes.len()).collect();
    if all.len() > most {
        all.sort_by_key(|at| (!changes[*at].is_worse(), *at));
        all.truncate(most);
        all.sort_unstable();
    }
    all
}

fn left_out(all: usize, most: usize, one: &str, many: &str) -> Option<Block> {
    let left = all.saturating_sub(most);
    (left > 0).then(|| Block::Para(Text::words(format!("{}.", number::plural(left as u64, one, many)))))
}

fn short(reach: Option<&Reach>) -> String {
    match reach {
        None => "not asked".to_owned(),
        Some(reach) => match reach.status {
            Status::Exploit => format!("exploit k={} n1={}", words::k(reach), reach.profile[1]),
            status => words::status(status).to_owned(),
        },
    }
}

fn detail(before: &DesignAnswer, after: &DesignAnswer, change: &ThreatChange, at: usize, most: usize) -> Vec<Block> {
    let judged = [
        ("worse, because ", &change.judged.worse),
        ("better, because ", &change.judged.better),
        ("neither better nor worse, although ", &change.judged.uncounted),
    ];
    let told = judged.into_iter().flat_map(|(what, reasons)| reasons.iter().map(move |why| format!("{what}{why}")));
    let verdicts: Vec<Item> = told.map(|text| Text::note(&text).into()).collect();
    if verdicts.is_empty() && change.appeared.is_empty() && change.vanished.is_empty() && change.changed.is_empty() {
        return Vec::new();
    }
    let title = Text::name(&change.threat).and(": ").and(&change.title);
    let mut blocks = vec![Block::heading(2, title, format!("change-{}", at + 1))];
    if !verdicts.is_empty() {
        blocks.push(Block::Bullets(verdicts));
    }
    blocks.extend(ways("Appeared", after, &change.appeared, most));
    blocks.extend(ways("Vanished", before, &change.vanished, most));
    let changed: Vec<Way> = change.changed.iter().map(|(_, now)| now.clone()).collect();
    blocks.extend(ways("Changed (as it is now)", after, &changed, most));
    blocks
}

fn ways(word: &str, answer: &DesignAnswer, ways: &[Way], most: usize) -> Vec<Block> {
    let mut best: Vec<&Way> = ways.iter().collect();
    best.sort_by(|a, b| b.example.probability.total_cmp(&a.example.probability).then_with(|| a.key.cmp(&b.key)));
    // Near-duplicates that rest on the same failures are told once.
    let mut told: Vec<&[AssumptionId]> = Vec::new();
    best.retain(|way| {
        let new = !told.contains(&way.example.assumptions.as_slice());
        told.push(&way.example.assumptions);
        new
    });
    let all = ways.len();
    let mut blocks = Vec::new();
    for way in best.iter().take(most) {
        let more = if way.count > 1 { format!(" ({} paths)", way.count) } else { String::new() };
        let title = Text::words(format!("{word}{more}: ")).join(prose::summary(&answer.graph, &way.example)).and(".");
        blocks.push(Block::Para(title));
        blocks.push(Block::Steps(prose::path(
            &answer.graph,
            &way.example,
            Telling { lines: false, ..Telling::default() },
        )));
    }
    let shown = best.len().min(most);
    if all > shown {
        let rest = number::plural((all - shown) as u64, "way", "ways");
        blocks.push(Block::Para(Text::words(format!("{word}: {rest} more; --format json lists them."))));
    }
    blocks
}
