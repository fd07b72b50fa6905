//! The question, and an answer in three sentences read off the data: reach, trust, cost.

mod one;
mod several;

use crate::report::document::{Block, Item};
use crate::report::escape;
use crate::report::text::Text;
use crate::study::{Comparison, Row};

const MAIL: &str = "Once you start providing a server-side build service however, you're opening up additional attack vectors \
    on the core publishing system, and getting any aspect of that wrong may lead to publishers being able to impersonate \
    each other. [...] Whichever way you go though (native build service, or integration with external build services), \
    you're signing up for a major ongoing maintenance task [...]";
const OF_SEVERAL: &str = "Which of these designs lets somebody become somebody else, who has to be honest for it not to happen, \
    and what does each design ask of those who run it and of those who join it?";
const OF_ONE: &str = "Does this design let somebody become somebody else, who has to be honest for it not to happen, and what does \
    it ask of those who run it and of those who join it?";

/// What a reader sees first: the question and the answer.
pub(super) fn blocks(comparison: &Comparison) -> Vec<Block> {
    let (question, models) = match comparison.designs.len() {
        1 => (OF_ONE, "the model: what it leaves out stands"),
        _ => (OF_SEVERAL, "the models: what they leave out stands"),
    };
    let caution = format!("An answer is only as good as {models} below under \"What was not examined\".");
    vec![
        Block::Para(Text::words(question)),
        Block::heading(2, Text::words("The answer in three sentences"), "answer"),
        Block::Steps(sentences(comparison).into_iter().map(Item::from).collect()),
        Block::Para(Text::words(caution)),
    ]
}

/// `On the first question, "...": `; a title that is cut keeps its quotation marks.
fn on_the_first(row: &Row) -> Text {
    let title = if row.title.is_empty() { &row.group } else { &row.title };
    Text::words("On the first question, \"").and(escape::clip(&escape::visible(title), TITLE)).and("\": ")
}

/// Characters of a title on the first screen.
const TITLE: usize = 120;

/// The three sentences.
pub(super) fn sentences(comparison: &Comparison) -> [Text; 3] {
    match comparison.designs.as_slice() {
        [design] => one::sentences(comparison, design),
        _ => several::sentences(comparison),
    }
}

/// Where the question comes from.
pub(super) fn origin() -> Vec<Block> {
    let by = Text::words("Nick Coghlan, distutils-sig, 6 November 2016");
    vec![
        Block::heading(2, Text::words("Where the question comes from"), "question"),
        Block::Quote(Text::words(MAIL), by),
    ]
}
