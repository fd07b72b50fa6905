//! `whatif`: one model before and after a change.

use super::common;
use super::diff::ChangeAnswer;
use crate::cli::args::{EditArgs, Format, Whatif};
use crate::cli::{Failure, Outcome};
use crate::report::content::change;
use crate::report::document::Block;
use crate::report::json::Envelope;
use crate::study::answer::AnswerOptions;
use crate::study::change::{Matching, changes};
use crate::study::worse::FailOn;

/// Runs it.
pub fn run(args: &Whatif) -> Result<Outcome, Failure> {
    let (input, edits) = (&args.input, &args.input.edits);
    let changed =
        !(edits.set.is_empty() && edits.without.is_empty() && edits.with.is_empty() && edits.overlay.is_empty());
    if !changed && edits.horizon.is_none() {
        let text = "error: whatif needs a change: --set, --without, --with, --overlay or --horizon";
        return Err(Failure::Usage(text.to_owned()));
    }
    let options = AnswerOptions::default();
    let before = common::answered(&input.model, &EditArgs::default(), &input.common, &options)
        .map_err(|failure| failure.of("before the change"))?;
    // A threat that went with what was removed is not applicable afterwards, and told so: only the rest is chosen by name.
    let mut lenient = input.common.clone();
    lenient.threat.clear();
    let mut after =
        common::answered(&input.model, edits, &lenient, &options).map_err(|failure| failure.of("after the change"))?;
    after.threats.retain(|threat| {
        before.threats.iter().any(|old| old.threat == threat.threat) || input.common.threat.is_empty()
    });
    let changes = changes(&before, &after, Matching::Versions, FailOn::Ranges);
    match input.common.format {
        Format::Human => {
            let mut blocks = change::blocks(&before, &after, &changes);
            blocks.push(Block::Para(change::verdict(&changes).and(" ").and(change::rule(FailOn::Ranges))));
            common::print(&blocks, &[&before, &after], input.common.seed)?;
        }
        Format::Json => {
            let answers = changes.iter().map(|change| ChangeAnswer::new(change, &before, &after)).collect();
            common::json(&Envelope::new("whatif", &after.graph.model, input.common.seed, answers))?;
        }
    }
    Ok(Outcome::Answered)
}
