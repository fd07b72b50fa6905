//! `harden`: on which sets of assumptions, or of controls, each threat rests.

use super::{common, hardening};
use crate::analysis::exact::{Limits, Over, minimal_sets};
use crate::cli::args::{Format, Harden, OverArg};
use crate::cli::load;
use crate::cli::{Failure, Outcome};
use crate::report::content::sets;
use crate::report::json::Envelope;
use crate::report::json::exact::SetsAnswer;

/// Runs it.
pub fn run(args: &Harden) -> Result<Outcome, Failure> {
    if !args.sets {
        return hardening::run(args);
    }
    let common = &args.input.common;
    let loaded = load::load(&args.input.model, &args.input.edits)?;
    common::warn_and_note(&loaded);
    let graph = common::prepared(common::into_graph(loaded), &common.threat, common.expand)?;
    let over = match args.over {
        OverArg::Assumptions => Over::Assumptions,
        OverArg::Controls => Over::Controls,
    };
    let found: Vec<_> = (0..graph.threats.len()).map(|at| minimal_sets(&graph, at, over, &Limits::default())).collect();
    match common.format {
        Format::Human => common::print_stamped(&sets::blocks(&graph, &found), &[&graph.model], common.seed)?,
        Format::Json => {
            let answers = graph.threats.iter().zip(&found);
            let answers = answers.map(|(threat, found)| SetsAnswer::new(&threat.name, found)).collect();
            common::json(&Envelope::new("harden", &graph.model, common.seed, answers))?;
        }
    }
    Ok(Outcome::Answered)
}
