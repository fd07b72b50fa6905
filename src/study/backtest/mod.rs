//! Back-testing: does the library explain what really happened to package indexes?
//!
//! An incident model describes an index as it stood the day before. `judge` asks of it what is known to have happened, and
//! compares: whether the end is found, along which path, what would have stopped it, and what held. What each word means
//! stands in `docs/semantics.md`, 7.1.

mod failures;
pub mod rates;
pub mod record;
mod trial;

use std::collections::BTreeSet;
use std::sync::Arc;

use self::trial::Trial;
use super::Count;
use crate::analysis::Status;
use crate::diagnostic::Diagnostic;
use crate::model::{Incident, Resolver};
use crate::source::Source;

/// Paths among which the documented one is looked for.
pub const PATHS: usize = 100;

/// What became of one incident.
#[derive(Debug, Clone)]
pub struct Case {
    /// Design id of the model, which is the incident's id.
    pub id: String,
    /// Title of the model.
    pub title: String,
    /// File it was read from.
    pub file: String,
    /// Hash of model and library.
    pub model: String,
    /// What the model says of the incident.
    pub incident: Incident,
    /// What became of the documented chain.
    pub chain: End,
    /// What became of what else was reached.
    pub also: Vec<End>,
    /// Each unrelated control, and whether every end is still reached with it on.
    pub unrelated: Vec<(String, bool)>,
    /// Each threat that held, and whether that day's failures leave it out of reach.
    pub held: Vec<HeldOutcome>,
    /// Library steps that fired in the model.
    pub fired: BTreeSet<String>,
}

/// What became of one documented end.
#[derive(Debug, Clone)]
pub struct End {
    /// The threat whose goal it is.
    pub threat: String,
    /// How the end is reached.
    pub status: Status,
    /// Failures needed at least.
    pub k: Option<u32>,
    /// The end is reached: by exploit, or by grant where the model says that it was one.
    pub found: bool,
    /// With every assumption holding the end is not reached, or the model says that it was a grant.
    pub not_trivial: bool,
    /// The documented path; `None` where there is no path.
    pub path: Option<DocumentedPath>,
    /// The documented intermediate capabilities, and whether the path gains them.
    pub documented: Vec<(String, bool)>,
    /// Share of them that it gains; `None` where none is documented or there is no path.
    pub shape: Option<f64>,
    /// Each control that is documented to stop it, and whether the end is out of reach with it on and that day's failures failed again.
    pub controls: Vec<(String, bool)>,
    /// Each other documented control, and whether it leaves the end reached, as the model says by not naming it here.
    pub idle: Vec<(String, bool)>,
}

impl End {
    /// Found and not trivial.
    pub fn is_hit(&self) -> bool {
        self.found && self.not_trivial
    }

    /// A hit, and every documented control does what it is documented to do.
    pub fn is_right(&self) -> bool {
        self.is_hit() && self.controls.iter().chain(&self.idle).all(|(_, right)| *right)
    }

    /// The share that counts in a mean: 0 where no path is found, `None` where nothing is documented.
    pub fn scored_shape(&self) -> Option<f64> {
        (!self.documented.is_empty()).then(|| self.shape.unwrap_or(0.0))
    }
}

/// The path that gains most of what is documented.
#[derive(Debug, Clone)]
pub struct DocumentedPath {
    /// Its place among the minimal paths, likeliest first, from 1.
    pub rank: usize,
    /// The same, paths with the same failures counted once.
    pub set_rank: usize,
    /// Its steps, in an order in which they can happen.
    pub steps: Vec<PathStep>,
    /// Its assumptions, by name: that day's failures; one stands once per member needed.
    pub failures: Vec<String>,
    /// Other minimal paths from the same footholds with at most as many failures.
    pub over_predicted: Count,
    /// Distinct sets of failures among those, other than the path's own.
    pub over_sets: u64,
    /// The paths it was chosen from are provably the likeliest.
    pub certain: bool,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathStep {
    /// Library step, or verb of a grant.
    pub step: String,
    /// What it gains.
    pub gains: String,
    /// The sentence.
    pub says: String,
}

/// What became of a threat that held in reality.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldOutcome {
    /// The threat.
    pub threat: String,
    /// Why it held.
    pub why: String,
    /// It is out of reach here as well.
    pub holds: bool,
}

impl Case {
    /// Everything that was reached, the chain first.
    pub fn ends(&self) -> impl Iterator<Item = &End> {
        std::iter::once(&self.chain).chain(&self.also)
    }

    /// Every end is found and not trivial.
    pub fn is_hit(&self) -> bool {
        self.ends().all(End::is_hit)
    }

    /// Everything is as documented: every end is a hit, every control does what it should, and what held is held.
    pub fn is_right(&self) -> bool {
        self.ends().all(End::is_right)
            && self.unrelated.iter().all(|(_, right)| *right)
            && self.held.iter().all(|held| held.holds)
    }

    /// The mean of the ends' shapes; `None` where nothing is documented.
    pub fn scored_shape(&self) -> Option<f64> {
        rates::mean(self.ends().map(End::scored_shape))
    }

    /// Does this control leave every end reached, as documented?
    pub fn is_idle(&self, control: &str) -> bool {
        self.ends().all(|end| end.idle.iter().any(|(id, reached)| id == control && *reached))
    }

    /// Everything that held is held; `None` where nothing is documented to have held.
    pub fn held(&self) -> Option<bool> {
        (!self.held.is_empty()).then(|| self.held.iter().all(|held| held.holds))
    }
}

/// Why an incident cannot be judged.
#[derive(Debug, Clone)]
pub enum NotJudged {
    /// The model is wrong.
    Wrong(Vec<Diagnostic>),
    /// The model has no `incident` section.
    NoIncident,
}

/// Judges one incident model.
///
/// # Errors
/// The model is wrong, by itself or with one of its controls on; or it does not work, so that what is out of reach in it
/// means nothing; or it has no `incident` section.
pub fn judge(source: &Arc<Source>, resolver: &Resolver<'_>) -> Result<Case, NotJudged> {
    let (model, compiled) = trial::compiled(source, resolver, None)?;
    let Some(incident) = model.incident.clone() else { return Err(NotJudged::NoIncident) };
    let trial = Trial { model: &model, graph: &compiled.graph, incident: &incident, source, resolver };
    trial.case(&compiled.fired)
}
