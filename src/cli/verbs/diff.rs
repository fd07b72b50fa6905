//! `diff`: two models; exit 1 if the second is worse.

use serde::Serialize;

use super::common;
use crate::cli::args::{Diff, Format};
use crate::cli::{Failure, Outcome};
use crate::report::content::change;
use crate::report::json::{Envelope, ReachAnswer};
use crate::study::DesignAnswer;
use crate::study::answer::AnswerOptions;
use crate::study::change::{Matching, ThreatChange, Way, changes};

/// Runs it.
pub fn run(args: &Diff) -> Result<Outcome, Failure> {
    let options = AnswerOptions::default();
    let before = common::answered(&args.before, &args.edits, &args.common, &options)?;
    let after = common::answered(&args.after, &args.edits, &args.common, &options)?;
    let matching = if before.design == after.design { Matching::Versions } else { Matching::Designs };
    let changes = changes(&before, &after, matching);
    match args.common.format {
        Format::Human => {
            common::print(&change::blocks(&before, &after, &changes), &[&before, &after], args.common.seed)?
        }
        Format::Json => {
            let answers = changes.iter().map(|change| ChangeAnswer::new(change, &before, &after)).collect();
            common::json(&Envelope::new("diff", &after.graph.model, args.common.seed, answers))?;
        }
    }
    let worse = changes.iter().any(|change| !change.worse.is_empty());
    Ok(if worse { Outcome::Worse } else { Outcome::Answered })
}

/// What became of one threat, for programs. Step ids are positions in the graph of the side a way is told from.
#[derive(Debug, Serialize)]
pub struct ChangeAnswer<'a> {
    threat: &'a str,
    before: Option<ReachAnswer<'a>>,
    after: Option<ReachAnswer<'a>>,
    appeared: Vec<WayAnswer<'a>>,
    vanished: Vec<WayAnswer<'a>>,
    changed: Vec<WayAnswer<'a>>,
    unchanged: u64,
    complete: bool,
    worse: &'a [String],
    better: &'a [String],
}

#[derive(Debug, Serialize)]
struct WayAnswer<'a> {
    key: &'a [String],
    paths: u64,
    steps: Vec<u32>,
    assumptions: Vec<&'a str>,
    probability: f64,
}

impl<'a> ChangeAnswer<'a> {
    /// Of one threat.
    pub fn new(change: &'a ThreatChange, before: &'a DesignAnswer, after: &'a DesignAnswer) -> Self {
        let ways = |ways: &'a [Way], side: &'a DesignAnswer| ways.iter().map(|way| WayAnswer::new(way, side)).collect();
        ChangeAnswer {
            threat: &change.threat,
            before: change.before.as_ref().map(ReachAnswer::from),
            after: change.after.as_ref().map(ReachAnswer::from),
            appeared: ways(&change.appeared, after),
            vanished: ways(&change.vanished, before),
            changed: change.changed.iter().map(|(_, now)| WayAnswer::new(now, after)).collect(),
            unchanged: change.unchanged,
            complete: change.complete,
            worse: &change.worse,
            better: &change.better,
        }
    }
}

impl<'a> WayAnswer<'a> {
    fn new(way: &'a Way, side: &'a DesignAnswer) -> Self {
        WayAnswer {
            key: &way.key,
            paths: way.count,
            steps: way.example.steps.iter().map(|id| id.0).collect(),
            assumptions: way.example.assumptions.iter().map(|id| side.graph.assumption(*id).name.as_str()).collect(),
            probability: way.example.probability,
        }
    }
}
