//! `trust`: the minimal coalitions of each threat.

use super::common;
use crate::cli::args::{Format, Trust};
use crate::cli::{Failure, Outcome, load};
use crate::diagnostic::{instead, nearest, quote};
use crate::graph::CapabilityGraph;
use crate::report::content::trust;
use crate::report::json::{Envelope, TrustAnswer};
use crate::study::answer::AnswerOptions;

/// Runs it.
pub fn run(args: &Trust) -> Result<Outcome, Failure> {
    let options = AnswerOptions {
        among: args.among.clone(),
        k: 0,
        counts: false,
        sets: false,
        chance: false,
        ..AnswerOptions::default()
    };
    let loaded = load::load(&args.input.model, &args.input.edits)?;
    common::warn_and_note(&loaded);
    args.among.iter().try_for_each(|name| known(common::graph(&loaded), name))?;
    let answer = common::answer_loaded(loaded, &args.input.common, &options)?;
    let seed = args.input.common.seed;
    match args.input.common.format {
        Format::Human => common::print(&trust::blocks(&answer), &[&answer], seed)?,
        Format::Json => {
            let answers = answer.threats.iter().map(|threat| TrustAnswer::new(&threat.threat, &threat.coalitions));
            common::json(&Envelope::new("trust", &answer.graph.model, seed, answers.collect()))?;
        }
    }
    Ok(Outcome::Answered)
}

fn known(graph: &CapabilityGraph, name: &str) -> Result<(), Failure> {
    let principals = &graph.principals;
    if principals.iter().any(|principal| principal.name == name || principal.class == name) {
        return Ok(());
    }
    let classes = principals.iter().map(|principal| principal.class.as_str());
    // A role of a class (`publisher.victim`) may be meant as well; the list has the classes only.
    let hint = match nearest(name, principals.iter().map(|principal| principal.name.as_str())) {
        Some(near) => format!("did you mean {}?", quote(near)),
        None => instead(name, classes),
    };
    Err(Failure::Usage(format!("error: --among: no principal is called {}; {hint}", quote(name))))
}
