//! `diff`: two models, or one in two git revisions; exit 1 if the second is worse.

use std::path::Path;

use serde::Serialize;

use super::common;
use crate::cli::args::{Common, Diff, DiffFormat, Format};
use crate::cli::git::{Range, Revision};
use crate::cli::load::{self, Loaded};
use crate::cli::{Failure, Outcome, output};
use crate::diagnostic::quote;
use crate::report::comment;
use crate::report::content::change;
use crate::report::document::Block;
use crate::report::json::{Envelope, ReachAnswer};
use crate::scenarios;
use crate::study::DesignAnswer;
use crate::study::answer::AnswerOptions;
use crate::study::change::{Matching, ThreatChange, Way, changes};

/// Runs it.
pub fn run(args: &Diff) -> Result<Outcome, Failure> {
    let common = Common { threat: args.threat.clone(), format: Format::Human, seed: args.seed, expand: args.expand };
    let options = AnswerOptions::default();
    let (before, after) = sides(args).map_err(|refused| refused.told(args))?;
    common::warn_and_note(&before);
    common::warn_and_note(&after);
    let unnamed = |side: &Loaded| matches!(side, Loaded::Graph { named: false, .. });
    let unnamed = unnamed(&before) && unnamed(&after);
    let before = common::answer_loaded(before, &common, &options)?;
    let after = common::answer_loaded(after, &common, &options)?;
    // Of graphs that do not say what design they are of, nothing says that they are two.
    let matching = if unnamed || before.design == after.design { Matching::Versions } else { Matching::Designs };
    let changes = changes(&before, &after, matching, args.fail_on);
    match args.format {
        DiffFormat::Human => {
            let mut blocks = change::blocks(&before, &after, &changes);
            blocks.push(Block::Para(change::verdict(&changes).and(" ").and(change::rule(args.fail_on))));
            common::print(&blocks, &[&before, &after], args.seed)?;
        }
        DiffFormat::Markdown => {
            let stamp = comment::Stamp { seed: args.seed, fail_on: args.fail_on };
            output::result(&comment::render(&before, &after, &changes, stamp, comment::FITS))?;
        }
        DiffFormat::Json => {
            let answers = changes.iter().map(|change| ChangeAnswer::new(change, &before, &after)).collect();
            common::json(&Envelope::new("diff", &after.graph.model, args.seed, answers))?;
        }
    }
    let worse = changes.iter().any(ThreatChange::is_worse);
    Ok(if worse { Outcome::Worse } else { Outcome::Answered })
}

/// Both sides: two files or scenarios, or one file in two git revisions, the second of which may be the working tree.
///
/// What is a file or a design is taken as one, even where a branch has the same name.
fn sides(args: &Diff) -> Result<(Loaded, Loaded), Refused> {
    let (before, model) = (args.before.as_str(), Path::new(&args.after));
    if Path::new(before).exists() || scenarios::find(before).is_some() || !is_revision_like(before) {
        return Ok((Side::Before.file(before, args)?, Side::After.file(&args.after, args)?));
    }
    let range = Range::parse(before);
    let mut old = Revision::find(&range.before, model)?;
    let new = match &range.after {
        Some(label) => Some(Revision::find(label, model)?),
        None => None,
    };
    if let (true, Some(new)) = (range.since_fork, &new) {
        old = old.fork(new)?;
    }
    let after = match &new {
        Some(new) => Side::After.revision(new, args)?,
        None => Side::After.file(&args.after, args)?,
    };
    Ok((Side::Before.revision(&old, args)?, after))
}

/// A side of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

/// Why a side cannot be answered; no side where the command line or git is to blame.
struct Refused {
    side: Option<Side>,
    failure: Failure,
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Refused {
        Refused { side: None, failure }
    }
}

impl Side {
    fn word(self) -> &'static str {
        match self {
            Side::Before => "before the change",
            Side::After => "after the change",
        }
    }

    fn file(self, name: &str, args: &Diff) -> Result<Loaded, Refused> {
        self.named(load::load(name, &args.edits), name)
    }

    fn revision(self, revision: &Revision, args: &Diff) -> Result<Loaded, Refused> {
        self.named(load::load_revision(revision, Path::new(&args.after), &args.edits), &args.after)
    }

    fn named(self, loaded: Result<Loaded, Failure>, name: &str) -> Result<Loaded, Refused> {
        let which = format!("{}, {}", self.word(), quote(name));
        loaded.map_err(|failure| Refused { side: Some(self), failure: failure.of(&which) })
    }
}

impl Refused {
    /// The failure. Where a comment was asked for it says so as well: whoever reads it may see nothing else.
    fn told(self, args: &Diff) -> Failure {
        if let (DiffFormat::Markdown, Some(side), Failure::Diagnosed(found)) = (args.format, self.side, &self.failure) {
            let comment = comment::refused(side.word(), found, args.seed);
            if let Err(unwritten) = output::result(&comment) {
                return unwritten;
            }
        }
        self.failure
    }
}

/// May it be a revision? A name that ends like a model or a graph is a file that is not there.
fn is_revision_like(text: &str) -> bool {
    let file = [".yaml", ".yml", ".json"].iter().any(|end| text.ends_with(end));
    !file && !text.is_empty() && !text.starts_with('-') && !text.chars().any(|c| c.is_whitespace() || c.is_control())
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
    uncounted: &'a [String],
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
            worse: &change.judged.worse,
            better: &change.judged.better,
            uncounted: &change.judged.uncounted,
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
