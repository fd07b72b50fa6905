//! What `check` tells: one line per threat, the register of accepted risks, and the first path of those over tolerance.

use crate::report::document::{Block, Column, Item, Table};
use crate::report::number::plural;
use crate::report::prose::{self, Telling};
use crate::report::text::Text;
use crate::report::words;
use crate::study::DesignAnswer;
use crate::study::checked::Answered;
use crate::study::gate::{Judgement, Verdict};
use crate::study::register::{Entry, Standing};

/// Verdicts in the order they are counted in.
pub const VERDICTS: [Verdict; 6] =
    [Verdict::Fail, Verdict::Undecided, Verdict::Accepted, Verdict::Pass, Verdict::NotApplicable, Verdict::NotJudged];

/// The verdicts of a design.
pub fn blocks(answered: &Answered) -> Vec<Block> {
    let answer = &answered.answer;
    let head = ["threat", "verdict", "expected", "got"].map(Column::left).to_vec();
    let rows = answered.judgements.iter().map(|judgement| {
        let threat = &answer.threats[judgement.threat];
        vec![
            Text::name(&threat.threat),
            Text::words(judgement.verdict.word()),
            Text::words(&judgement.expected),
            Text::words(&judgement.got),
        ]
    });
    let mut blocks = vec![Block::Table(Table { head, rows: rows.collect() })];
    blocks.extend(register(answered));
    for judgement in answered.judgements.iter().filter(|judgement| judgement.verdict.fails()) {
        blocks.push(Block::heading(3, headline(answer, judgement), format!("fail-{}", judgement.threat + 1)));
        blocks.extend(first_path(answer, judgement));
    }
    blocks.push(Block::Para(last_line(answered)));
    blocks
}

/// `threat: expected this, got that`; an undecided one says so.
pub fn headline(answer: &DesignAnswer, judgement: &Judgement) -> Text {
    let undecided = if judgement.verdict == Verdict::Undecided { "undecided: " } else { "" };
    let text = format!(": {undecided}expected {}, got {}", judgement.expected, judgement.got);
    Text::name(&answer.threats[judgement.threat].threat).and(text)
}

/// The first path of a threat with its model lines; nothing where there is none.
pub fn first_path(answer: &DesignAnswer, judgement: &Judgement) -> Vec<Block> {
    let Some(path) = answer.threats[judgement.threat].paths.paths.first() else { return Vec::new() };
    vec![
        Block::Para(prose::summary(&answer.graph, path).and(".")),
        Block::Steps(prose::path(&answer.graph, path, Telling::default())),
    ]
}

/// The register, if there is one: its day, its counts, and each entry.
fn register(answered: &Answered) -> Vec<Block> {
    if answered.register.is_empty() {
        return Vec::new();
    }
    let words = ["accepts", "expired", "exceeded", "stale", "not-asked"];
    let n = |word: &str| answered.register.iter().filter(|entry| entry.standing.word() == word).count();
    let counts: Vec<String> =
        words.iter().filter(|word| n(word) > 0).map(|word| format!("{} {word}", n(word))).collect();
    let head = format!(
        "Accepted risks, judged by {} ({}): {}.",
        answered.today,
        plural(answered.register.len() as u64, "entry", "entries"),
        counts.join(", ")
    );
    let items = answered.register.iter().map(|entry| Item::from(told(entry)));
    vec![Block::Para(Text::words(head)), Block::Bullets(items.collect())]
}

/// An entry of the register in one sentence.
pub fn told(entry: &Entry) -> Text {
    let risk = &entry.risk;
    let name = Text::name(&risk.threat);
    let by = |text: Text| text.and(" by ").and(&risk.owner).and(": ").and(&risk.reason);
    match &entry.standing {
        Standing::Accepts => by(name.and(format!(" is accepted until {}", risk.until))),
        Standing::Expired => {
            let text = format!(" was accepted until {}: expired, and the gate fails on it; accepted", risk.until);
            by(name.and(text))
        }
        Standing::Exceeded { k } => {
            let now = k.map_or_else(|| "none".to_owned(), |k| k.to_string());
            let least = risk.k.unwrap_or_default();
            by(name.and(format!(" is worse than accepted: {least} failures needed then, {now} now; accepted")))
        }
        Standing::Stale(why) => name.and(format!(": stale, take the entry out: {why}")),
        Standing::NotAsked => name.and(": not asked in this run"),
    }
}

/// `2 fail, 1 undecided, 5 pass`: the verdicts that occur.
pub fn counts(answered: &Answered) -> String {
    let occurring = VERDICTS.iter().filter(|verdict| answered.count(**verdict) > 0);
    let parts: Vec<String> =
        occurring.map(|verdict| format!("{} {}", answered.count(*verdict), verdict.word())).collect();
    if parts.is_empty() { "no threats".to_owned() } else { parts.join(", ") }
}

fn last_line(answered: &Answered) -> Text {
    let next = if answered.judgements.iter().any(|judgement| judgement.verdict.fails()) {
        "Next: `cotenant paths MODEL --threat ID` tells every way; `cotenant whatif MODEL --with CONTROL` tries a control"
    } else {
        "Next: `cotenant report MODEL` writes the report to discuss"
    };
    Text::words(format!("{}. {next}.", counts(answered)))
}

/// As it is printed for one status, for machine output.
pub fn status(answer: &DesignAnswer, judgement: &Judgement) -> &'static str {
    words::status(answer.threats[judgement.threat].reach.status)
}
