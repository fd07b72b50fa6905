//! What became of a design, as a comment on a pull request: Markdown, bounded in length, the verdict first.

use super::content::change::{self, Told};
use super::document::Block;
use super::text::Text;
use super::{VERSION, escape, markdown, number};
use crate::study::DesignAnswer;
use crate::study::change::ThreatChange;

/// Characters a comment may have: GitHub takes 65,536, and a workflow may put something around it.
pub const FITS: usize = 60_000;
/// By this line a workflow finds the comment it wrote before.
pub const MARK: &str = "<!-- cotenant-diff -->";
/// Ever less, until it fits.
const LADDER: [Told; 5] = [
    Told { ways: 3, threats: usize::MAX, rows: usize::MAX },
    Told { ways: 1, threats: usize::MAX, rows: usize::MAX },
    Told { ways: 1, threats: 10, rows: 200 },
    Told { ways: 0, threats: 10, rows: 50 },
    Told { ways: 0, threats: 0, rows: 20 },
];

/// The comment: as much as fits into `limit` characters, and a line that says what was left out.
pub fn render(
    before: &DesignAnswer,
    after: &DesignAnswer,
    changes: &[ThreatChange],
    seed: u64,
    limit: usize,
) -> String {
    let mut out = String::new();
    for (at, told) in LADDER.iter().enumerate() {
        let mut blocks = vec![Block::heading(3, title(after), "diff"), Block::Para(verdict(changes))];
        blocks.extend(change::told_blocks(before, after, changes, *told));
        let shortened = if at > 0 { " Shortened to fit into a comment: run `cotenant diff` for the rest." } else { "" };
        let hash = |answer: &DesignAnswer| answer.graph.model.chars().take(19).collect::<String>();
        let stamp = format!("cotenant {VERSION}, seed {seed}, {} to {}.{shortened}", hash(before), hash(after));
        blocks.push(Block::Para(Text::words(stamp)));
        out = format!("{MARK}\n{}", markdown::render_blocks(&blocks));
        if out.chars().count() <= limit {
            break;
        }
    }
    out
}

fn title(after: &DesignAnswer) -> Text {
    Text::words("What became of ").and_name(escape::clip(&after.design, escape::NAME))
}

/// One sentence, the one a reviewer reads.
fn verdict(changes: &[ThreatChange]) -> Text {
    let worse: Vec<&ThreatChange> = changes.iter().filter(|change| !change.worse.is_empty()).collect();
    let better = changes.iter().filter(|change| !change.better.is_empty()).count() as u64;
    let of = number::plural(changes.len() as u64, "threat", "threats");
    let better = match better {
        0 => String::new(),
        n => format!(" Better on {}.", number::count(n)),
    };
    if worse.is_empty() {
        return Text::words(format!("No threat is worse (of {of}).{better}"));
    }
    let names = Text::names(worse.iter().map(|change| &change.threat), 8);
    let n = number::count(worse.len() as u64);
    Text::words(format!("Worse on {n} of {of}: ")).join(names).and(".").and(better)
}
