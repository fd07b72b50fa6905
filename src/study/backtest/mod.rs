//! Back-testing: does the library explain what really happened to package indexes?
//!
//! An incident model describes an index as it stood the day before. `judge` asks of it what is known to have happened, and
//! compares: whether the end is found, along which path, what would have stopped it, and what held. What each word means
//! stands in `docs/semantics.md`, 7.1.

mod failures;
pub mod rates;
pub mod record;

use std::collections::BTreeSet;
use std::sync::Arc;

use self::failures::Failures;
use super::Count;
use crate::analysis::closure::Closure;
use crate::analysis::paths::{self, Options};
use crate::analysis::reach::reach;
use crate::analysis::{Path, Status};
use crate::diagnostic::Diagnostic;
use crate::graph::ground::{self, Compiled};
use crate::graph::unfold::{Copies, Question, unfold};
use crate::graph::{AssumptionId, CapabilityGraph, StepId, Threat};
use crate::model::{self, CapabilityRef, Edits, HeldThreat, Incident, Model, Resolver, ThreatDecl};
use crate::source::Source;
use crate::study::lint;

/// Paths among which the documented one is looked for.
pub const PATHS: usize = 100;
/// Other paths counted at most.
const COUNTED: u64 = 10_000;

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
    /// Each documented control, and whether the end is out of reach with it on and that day's failures failed again.
    pub controls: Vec<(String, bool)>,
    /// Each unrelated control, and whether the end is still reached with it on.
    pub unrelated: Vec<(String, bool)>,
    /// Each threat that held, and whether that day's failures leave it out of reach.
    pub held: Vec<HeldOutcome>,
    /// Library steps that fired in the model.
    pub fired: BTreeSet<String>,
}

/// The path that gains most of what is documented.
#[derive(Debug, Clone)]
pub struct DocumentedPath {
    /// Its place among the minimal paths, likeliest first, from 1.
    pub rank: usize,
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
    /// Found and not trivial.
    pub fn is_hit(&self) -> bool {
        self.found && self.not_trivial
    }

    /// Everything is as documented: a hit, every control cuts, no unrelated one does, and what held is held.
    pub fn is_right(&self) -> bool {
        self.is_hit()
            && self.controls.iter().chain(&self.unrelated).all(|(_, right)| *right)
            && self.held.iter().all(|held| held.holds)
    }

    /// The share that counts in a mean: 0 where no path is found, `None` where nothing is documented.
    pub fn scored_shape(&self) -> Option<f64> {
        (!self.documented.is_empty()).then(|| self.shape.unwrap_or(0.0))
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
/// The model is wrong, by itself or with one of its controls on, or has no `incident` section.
pub fn judge(source: &Arc<Source>, resolver: &Resolver<'_>) -> Result<Case, NotJudged> {
    let (model, compiled) = compiled(source, resolver, &Edits::default())?;
    let Some(incident) = model.incident.clone() else { return Err(NotJudged::NoIncident) };
    let trial = Trial { model: &model, graph: &compiled.graph, incident: &incident, source, resolver };
    trial.case(&compiled.fired)
}

/// A model and its graph, with some edits.
fn compiled(source: &Arc<Source>, resolver: &Resolver<'_>, edits: &Edits) -> Result<(Model, Compiled), NotJudged> {
    let (model, _) = model::load_source(source, resolver, edits).map_err(NotJudged::Wrong)?;
    let compiled = ground::compile(&model).map_err(|faults| NotJudged::Wrong(lint::faults(&faults)))?;
    Ok((model, compiled))
}

/// The documented path among the likeliest.
struct Chosen {
    rank: usize,
    path: Path,
    certain: bool,
}

struct Trial<'a> {
    model: &'a Model,
    graph: &'a CapabilityGraph,
    incident: &'a Incident,
    source: &'a Arc<Source>,
    resolver: &'a Resolver<'a>,
}

impl Trial<'_> {
    fn case(&self, fired: &BTreeSet<String>) -> Result<Case, NotJudged> {
        let at = position(self.graph, &self.incident.threat);
        let asked = at.map(|at| reach(self.graph, at));
        let status = asked.as_ref().map_or(Status::NotApplicable, |reach| reach.status);
        let by_grant = self.incident.grant.is_some();
        let found = status == Status::Exploit || (status == Status::Grant && by_grant);
        let not_trivial = by_grant || !at.is_some_and(|at| reached_by_grant(self.graph, at));
        let chosen = at.and_then(|at| self.documented_path(at));
        let had = chosen.as_ref().map(|chosen| self.gained(&chosen.path)).unwrap_or_default();
        let failures = chosen.as_ref().map(|chosen| Failures::of(self.graph, &chosen.path)).unwrap_or_default();
        let share = (!had.is_empty()).then(|| hits(&had) as f64 / had.len() as f64);
        Ok(Case {
            id: self.model.design.clone(),
            title: self.model.title.clone(),
            file: self.source.name.clone(),
            model: self.model.hash.clone(),
            incident: self.incident.clone(),
            status,
            k: asked.and_then(|reach| reach.k),
            found,
            not_trivial,
            documented: self.named(&had),
            shape: share,
            controls: self.with_each(&self.incident.controls, &failures, false)?,
            unrelated: self.with_each(&self.incident.unrelated, &failures, true)?,
            held: self.incident.held.iter().map(|held| self.held(held, &failures)).collect(),
            path: at.zip(chosen).map(|(at, chosen)| self.told(at, &chosen)),
            fired: fired.clone(),
        })
    }

    fn threat(&self) -> Option<&ThreatDecl> {
        self.model.threats.iter().find(|threat| threat.id == self.incident.threat)
    }

    /// Among the likeliest minimal paths the one that gains most of what is documented; of several the first.
    fn documented_path(&self, at: usize) -> Option<Chosen> {
        let options = Options { k: PATHS, ..Options::default() };
        // A lumped graph is never refused for its size.
        let found = paths::search(self.graph, at, &options).ok()?;
        let mut best: Option<(usize, Chosen)> = None;
        for (at, path) in found.paths.into_iter().enumerate() {
            let n = hits(&self.gained(&path));
            if best.as_ref().is_none_or(|(most, _)| n > *most) {
                best = Some((n, Chosen { rank: at + 1, path, certain: found.optimal }));
            }
        }
        best.map(|(_, chosen)| chosen)
    }

    /// For each documented capability, whether a path gains it or something stronger.
    fn gained(&self, path: &Path) -> Vec<bool> {
        let Some(threat) = self.threat() else { return Vec::new() };
        let gains: BTreeSet<&str> = path.steps.iter().map(|id| gained_name(self.graph, *id)).collect();
        let documented = self.incident.documented.iter();
        let names = documented.map(|reference| ground::stated(self.model, threat, reference));
        names.map(|names| names.iter().any(|name| gains.contains(name.as_str()))).collect()
    }

    /// The documented capabilities as they are written.
    fn named(&self, had: &[bool]) -> Vec<(String, bool)> {
        let written = |reference: &CapabilityRef| reference.span.text().trim_matches(['"', '\'']).to_owned();
        let had = had.iter().copied().chain(std::iter::repeat(false));
        self.incident.documented.iter().map(written).zip(had).collect()
    }

    /// Switches each control on, fails that day's assumptions again, and tells whether the end is (not) reached.
    fn with_each(
        &self,
        controls: &[String],
        failures: &Failures,
        reached: bool,
    ) -> Result<Vec<(String, bool)>, NotJudged> {
        let judged = controls.iter().map(|control| {
            let edits = Edits { with: vec![control.clone()], ..Edits::default() };
            let (_, compiled) = compiled(self.source, self.resolver, &edits)?;
            let at = position(&compiled.graph, &self.incident.threat);
            let is = at.is_some_and(|at| failures.reach(&compiled.graph, at));
            Ok((control.clone(), is == reached))
        });
        judged.collect()
    }

    fn held(&self, held: &HeldThreat, failures: &Failures) -> HeldOutcome {
        let at = position(self.graph, &held.threat);
        let reached = at.is_some_and(|at| failures.reach(self.graph, at));
        HeldOutcome { threat: held.threat.clone(), why: held.why.clone(), holds: !reached }
    }

    /// The documented path in words, and how many others there are.
    fn told(&self, at: usize, chosen: &Chosen) -> DocumentedPath {
        let path = &chosen.path;
        let (over_predicted, over_sets) = self.others(at, path);
        let one = |id: &StepId| {
            let step = self.graph.step(*id);
            let gains = gained_name(self.graph, *id).to_owned();
            PathStep { step: step.name.clone(), gains, says: step.says.clone() }
        };
        DocumentedPath {
            rank: chosen.rank,
            steps: path.order.iter().map(one).collect(),
            failures: path.assumptions.iter().map(|id| self.graph.assumption(*id).name.clone()).collect(),
            over_predicted,
            over_sets,
            certain: chosen.certain,
        }
    }

    /// Other minimal paths with at most as many failures, and the distinct sets of failures among them.
    fn others(&self, at: usize, path: &Path) -> (Count, u64) {
        let mut n = 0;
        let mut sets: BTreeSet<Vec<AssumptionId>> = BTreeSet::new();
        let count = |steps: &[StepId]| {
            let other = paths::path_of(self.graph, at, steps);
            if other.assumptions.len() <= path.assumptions.len() && other.steps != path.steps {
                n += 1;
                sets.insert(other.assumptions);
            }
        };
        let (_, complete) = paths::each_path(self.graph, at, Copies::Lumped, COUNTED, count).unwrap_or((0, false));
        sets.remove(&path.assumptions);
        (Count { n, complete }, sets.len() as u64)
    }
}

/// Position of a threat that can be asked.
fn position(graph: &CapabilityGraph, name: &str) -> Option<usize> {
    graph.threats.iter().position(|threat: &Threat| threat.name == name && threat.not_applicable.is_none())
}

/// Is the goal reached with every assumption holding?
fn reached_by_grant(graph: &CapabilityGraph, at: usize) -> bool {
    unfold(graph, &Question::of(&graph.threats[at], Copies::Lumped))
        .is_ok_and(|unfolded| Closure::new(&unfolded).reaches_goal())
}

fn gained_name(graph: &CapabilityGraph, step: StepId) -> &str {
    &graph.capability(graph.step(step).gains).name
}

fn hits(had: &[bool]) -> usize {
    had.iter().filter(|had| **had).count()
}
