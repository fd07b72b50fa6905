//! `trust`: the minimal coalitions of each threat.

use super::common;
use crate::cli::args::{Format, Trust};
use crate::cli::{Failure, Outcome};
use crate::diagnostic::{nearest, quote};
use crate::report::content::trust;
use crate::report::json::{Envelope, TrustAnswer};
use crate::study::DesignAnswer;
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
    let answer = common::answered_input(&args.input, &options)?;
    args.among.iter().try_for_each(|name| known(&answer, name))?;
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

fn known(answer: &DesignAnswer, name: &str) -> Result<(), Failure> {
    let principals = &answer.graph.principals;
    if principals.iter().any(|principal| principal.name == name || principal.class == name) {
        return Ok(());
    }
    let names = principals.iter().flat_map(|principal| [principal.name.as_str(), principal.class.as_str()]);
    let hint = nearest(name, names).map_or(String::new(), |near| format!("; did you mean {}?", quote(near)));
    Err(Failure::Usage(format!("error: --among: no principal is called {}{hint}", quote(name))))
}
