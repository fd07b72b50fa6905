//! What `check` tells: one line per threat, and the first path of those over tolerance.

use crate::report::document::{Block, Column, Table};
use crate::report::prose::{self, Telling};
use crate::report::text::Text;
use crate::report::words;
use crate::study::DesignAnswer;
use crate::study::gate::{Judgement, Verdict};

/// The verdicts of a design.
pub fn blocks(answer: &DesignAnswer, judgements: &[Judgement]) -> Vec<Block> {
    let head = ["threat", "verdict", "expected", "got"].map(Column::left).to_vec();
    let rows = judgements.iter().map(|judgement| {
        let threat = &answer.threats[judgement.threat];
        vec![
            Text::name(&threat.threat),
            Text::words(judgement.verdict.word()),
            Text::words(&judgement.expected),
            Text::words(&judgement.got),
        ]
    });
    let mut blocks = vec![Block::Table(Table { head, rows: rows.collect() })];
    for judgement in judgements.iter().filter(|judgement| judgement.verdict.fails()) {
        let threat = &answer.threats[judgement.threat];
        let Some(path) = threat.paths.paths.first() else { continue };
        let title = Text::name(&threat.threat).and(format!(": expected {}, got {}", judgement.expected, judgement.got));
        blocks.push(Block::heading(3, title, format!("fail-{}", judgement.threat + 1)));
        blocks.push(Block::Para(prose::summary(&answer.graph, path).and(".")));
        blocks.push(Block::Steps(prose::path(&answer.graph, path, Telling::default())));
    }
    blocks.push(Block::Para(last_line(judgements)));
    blocks
}

fn last_line(judgements: &[Judgement]) -> Text {
    let count = |verdict| judgements.iter().filter(|judgement| judgement.verdict == verdict).count();
    let verdicts = [Verdict::Fail, Verdict::Undecided, Verdict::Pass, Verdict::NotApplicable, Verdict::NotJudged];
    let parts: Vec<String> = verdicts
        .into_iter()
        .filter(|verdict| count(*verdict) > 0)
        .map(|v| format!("{} {}", count(v), v.word()))
        .collect();
    let next = if judgements.iter().any(|judgement| judgement.verdict.fails()) {
        "Next: `cotenant paths MODEL --threat ID` tells every way; `cotenant whatif MODEL --with CONTROL` tries a control"
    } else {
        "Next: `cotenant report MODEL` writes the report to discuss"
    };
    Text::words(format!("{}. {next}.", parts.join(", ")))
}

/// As it is printed for one status, for machine output.
pub fn status(answer: &DesignAnswer, judgement: &Judgement) -> &'static str {
    words::status(answer.threats[judgement.threat].reach.status)
}
