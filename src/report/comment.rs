//! What became of a design, as a comment on a pull request: Markdown, bounded in length, the verdict first.

use super::content::change::{self, Told};
use super::document::{Block, Item};
use super::text::Text;
use super::{VERSION, escape, markdown};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::source::Span;
use crate::study::DesignAnswer;
use crate::study::change::ThreatChange;
use crate::study::worse::FailOn;

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

/// What the comment was made by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stamp {
    /// The seed.
    pub seed: u64,
    /// When a probability counts.
    pub fail_on: FailOn,
}

/// The comment: as much as fits into `limit` characters, and a line that says what was left out.
pub fn render(
    before: &DesignAnswer,
    after: &DesignAnswer,
    changes: &[ThreatChange],
    by: Stamp,
    limit: usize,
) -> String {
    let mut out = String::new();
    for (at, told) in LADDER.iter().enumerate() {
        let mut blocks = vec![Block::heading(3, title(after), "diff"), Block::Para(change::verdict(changes))];
        blocks.extend(change::told_blocks(before, after, changes, *told));
        let shortened = if at > 0 { " Shortened to fit into a comment: run `cotenant diff` for the rest." } else { "" };
        let hash = |answer: &DesignAnswer| answer.graph.model.chars().take(19).collect::<String>();
        let versions = format!("seed {}, {} to {}", by.seed, hash(before), hash(after));
        let stamp = format!("cotenant {VERSION}, {versions}.{shortened}");
        blocks.push(Block::Para(Text::words(change::rule(by.fail_on))));
        blocks.push(Block::Para(Text::words(stamp)));
        out = format!("{MARK}\n{}", markdown::render_blocks(&blocks));
        if out.chars().count() <= limit {
            break;
        }
    }
    out
}

/// Errors of a refused design that a comment lists, at most.
const ERRORS: usize = 20;

/// The comment where one side is wrong or does not work: it says so, and answers nothing.
pub fn refused(side: &str, found: &[Diagnostic], seed: u64) -> String {
    let errors: Vec<&Diagnostic> = found.iter().filter(|one| one.severity == Severity::Error).collect();
    let works = errors.iter().all(|error| error.code != Code::DoesNotWork);
    let verdict = if works { "The model is wrong" } else { "The design does not work" };
    let items = errors.iter().take(ERRORS).map(|error| {
        let text = Text::note(&error.message);
        let Some(place) = error.span.as_ref().map(Span::place) else { return Item::from(text) };
        Item::from(text.and(": ").and_name(format!("{}:{}:{}", place.file, place.line, place.col)))
    });
    let mut blocks = vec![
        Block::heading(3, Text::words(verdict).and(" ").and(side), "diff"),
        Block::Para(Text::words("Nothing was compared: what cannot be reached in such a design may only be broken.")),
        Block::Bullets(items.collect()),
    ];
    if errors.len() > ERRORS {
        blocks.push(Block::Para(Text::words(format!("{} more.", errors.len() - ERRORS))));
    }
    blocks.push(Block::Para(Text::words(format!("cotenant {VERSION}, seed {seed}."))));
    format!("{MARK}\n{}", markdown::render_blocks(&blocks))
}

fn title(after: &DesignAnswer) -> Text {
    Text::words("What became of ").and_name(escape::clip(&after.design, escape::NAME))
}
