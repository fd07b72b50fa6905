//! `paths`: the escalation paths of each threat.

use super::common;
use crate::analysis::Cost;
use crate::cli::args::{CostArg, Format, Paths};
use crate::cli::{Failure, Outcome, output};
use crate::report::content::paths::{self, Stories};
use crate::report::json::{Envelope, PathsAnswer};
use crate::study::answer::AnswerOptions;

/// Runs it.
pub fn run(args: &Paths) -> Result<Outcome, Failure> {
    let cost = match args.cost {
        CostArg::Fewest => Cost::Fewest,
        CostArg::Likeliest => Cost::Likeliest,
        CostArg::Effort => Cost::Effort,
    };
    let human = args.input.common.format == Format::Human;
    let options = AnswerOptions {
        k: args.k,
        cost,
        limit: args.limit,
        counts: human,
        coalitions: false,
        ..AnswerOptions::default()
    };
    let progress = output::progress("searching");
    let answer = common::answered_input(&args.input, &options)?;
    progress.finish_and_clear();
    let seed = args.input.common.seed;
    if human {
        common::print(&paths::blocks(&answer, Stories { all: args.all }), &[&answer], seed)?;
    } else {
        let answers =
            answer.threats.iter().map(|threat| PathsAnswer::new(&threat.threat, &threat.reach, &threat.paths));
        common::json(&Envelope::new("paths", &answer.graph.model, seed, answers.collect()))?;
    }
    Ok(Outcome::Answered)
}
