//! One incident at a time: each end is looked for, that day's failures are taken from the paths found, and fail again with every control.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::failures::Failures;
use super::{Case, DocumentedPath, End, HeldOutcome, NotJudged, PATHS, PathStep};
use crate::analysis::closure::Closure;
use crate::analysis::paths::{self, Options};
use crate::analysis::reach::reach;
use crate::analysis::{Path, Status};
use crate::diagnostic::quote;
use crate::graph::ground::{self, Compiled};
use crate::graph::unfold::{Copies, Question, unfold};
use crate::graph::{AssumptionId, CapabilityGraph, StepId, Threat};
use crate::model::{self, CapabilityRef, Edits, HeldThreat, Incident, IncidentEnd, Model, Resolver};
use crate::source::Source;
use crate::study::{Count, lint};

/// Other paths counted at most.
const COUNTED: u64 = 10_000;

/// A model and its graph, by itself or with a control on.
///
/// # Errors
/// The model is wrong, or does not work.
pub fn compiled(
    source: &Arc<Source>,
    resolver: &Resolver<'_>,
    control: Option<&str>,
) -> Result<(Model, Compiled), NotJudged> {
    let edits = Edits { with: control.map(str::to_owned).into_iter().collect(), ..Edits::default() };
    let (model, _) = model::load_source(source, resolver, &edits).map_err(NotJudged::Wrong)?;
    let compiled = ground::compile(&model).map_err(|faults| NotJudged::Wrong(lint::faults(&faults)))?;
    let mut broken = lint::broken(&model, &compiled);
    if broken.is_empty() {
        return Ok((model, compiled));
    }
    let with = control.map_or_else(String::new, |control| format!("with control {} on, ", quote(control)));
    for diagnostic in &mut broken {
        diagnostic.message = format!("{} is not judged: {with}{}", quote(&source.name), diagnostic.message);
    }
    Err(NotJudged::Wrong(broken))
}

/// The documented path among the likeliest.
struct Chosen {
    rank: usize,
    set_rank: usize,
    path: Path,
    certain: bool,
}

/// An end that was looked for.
struct Sought<'a> {
    end: &'a IncidentEnd,
    /// Position of its threat, if it can be asked.
    at: Option<usize>,
    chosen: Option<Chosen>,
    /// What failed on its path.
    failures: Failures,
}

/// What every end is with each control on: the control, and for each end whether it is still reached.
type Tried<'a> = Vec<(&'a str, Vec<bool>)>;

/// An incident that is judged.
pub struct Trial<'a> {
    pub model: &'a Model,
    pub graph: &'a CapabilityGraph,
    pub incident: &'a Incident,
    pub source: &'a Arc<Source>,
    pub resolver: &'a Resolver<'a>,
}

impl Trial<'_> {
    /// What became of it.
    pub fn case(&self, fired: &BTreeSet<String>) -> Result<Case, NotJudged> {
        let chain = self.sought(&self.incident.chain);
        let also: Vec<Sought<'_>> = self.incident.also.iter().map(|end| self.sought(end)).collect();
        let sought = || std::iter::once(&chain).chain(&also);
        let failures: Vec<Failures> = sought().map(|sought| sought.failures.clone()).collect();
        let tried = self.with_each(&self.incident.documented_controls(), &failures)?;
        let unrelated: Vec<&str> = self.incident.unrelated.iter().map(String::as_str).collect();
        let unrelated = self.with_each(&unrelated, &failures)?.into_iter();
        let known = sought().all(|sought| sought.chosen.is_some());
        let all = Failures::any_of(&failures);
        Ok(Case {
            id: self.model.design.clone(),
            title: self.model.title.clone(),
            file: self.source.name.clone(),
            model: self.model.hash.clone(),
            incident: self.incident.clone(),
            chain: self.end(0, &chain, &tried),
            also: (1..).zip(&also).map(|(n, sought)| self.end(n, sought, &tried)).collect(),
            unrelated: unrelated.map(|(id, reached)| (id.to_owned(), reached.iter().all(|reached| *reached))).collect(),
            held: self.incident.held.iter().map(|held| self.held(held, known.then_some(&all))).collect(),
            fired: fired.clone(),
        })
    }

    fn sought<'e>(&self, end: &'e IncidentEnd) -> Sought<'e> {
        let at = position(self.graph, &end.threat);
        let chosen = at.and_then(|at| self.documented_path(end, at));
        let failures = chosen.as_ref().map(|chosen| Failures::of(self.graph, &chosen.path)).unwrap_or_default();
        Sought { end, at, chosen, failures }
    }

    /// The `n`-th end. Where it has no path there is nothing that a control could cut.
    fn end(&self, n: usize, sought: &Sought<'_>, tried: &Tried<'_>) -> End {
        let Sought { end, at, chosen, .. } = sought;
        let asked = at.map(|at| reach(self.graph, at));
        let status = asked.as_ref().map_or(Status::NotApplicable, |reach| reach.status);
        let by_grant = end.grant.is_some();
        let had = chosen.as_ref().map(|chosen| self.gained(end, &chosen.path)).unwrap_or_default();
        let stops = |id: &str| end.controls.iter().any(|control| control == id);
        let reached = |outcomes: &[bool]| outcomes.get(n).copied().unwrap_or(false);
        let controls = tried.iter().filter(|(id, _)| stops(id));
        let idle = tried.iter().filter(|(id, _)| !stops(id));
        End {
            threat: end.threat.clone(),
            status,
            k: asked.and_then(|reach| reach.k),
            found: status == Status::Exploit || (status == Status::Grant && by_grant),
            not_trivial: by_grant || !at.is_some_and(|at| reached_by_grant(self.graph, at)),
            path: at.zip(chosen.as_ref()).map(|(at, chosen)| self.told(at, chosen)),
            shape: (!had.is_empty()).then(|| hits(&had) as f64 / had.len() as f64),
            documented: Self::named(end, &had),
            controls: controls.map(|(id, with)| ((*id).to_owned(), chosen.is_some() && !reached(with))).collect(),
            idle: idle.map(|(id, with)| ((*id).to_owned(), reached(with))).collect(),
        }
    }

    /// Switches each control on, fails again what failed on the path of each end, and tells which ends are reached.
    fn with_each<'c>(&self, controls: &[&'c str], failures: &[Failures]) -> Result<Tried<'c>, NotJudged> {
        let tried = controls.iter().map(|control| {
            let (_, compiled) = compiled(self.source, self.resolver, Some(control))?;
            let reached = |(end, failures): (&IncidentEnd, &Failures)| {
                position(&compiled.graph, &end.threat).is_some_and(|at| failures.reach(&compiled.graph, at))
            };
            Ok((*control, self.incident.ends().zip(failures).map(reached).collect()))
        });
        tried.collect()
    }

    /// A threat that held; where an end has no path, that day's failures are not known, and nothing is shown to hold.
    fn held(&self, held: &HeldThreat, failures: Option<&Failures>) -> HeldOutcome {
        let at = position(self.graph, &held.threat);
        let reached = |failures: &Failures| at.is_some_and(|at| failures.reach(self.graph, at));
        HeldOutcome {
            threat: held.threat.clone(),
            why: held.why.clone(),
            holds: failures.is_some_and(|failures| !reached(failures)),
        }
    }

    /// Among the likeliest minimal paths the one that gains most of what is documented; of several the first.
    fn documented_path(&self, end: &IncidentEnd, at: usize) -> Option<Chosen> {
        let options = Options { k: PATHS, ..Options::default() };
        // A lumped graph is never refused for its size.
        let found = paths::search(self.graph, at, &options).ok()?;
        let mut best: Option<(usize, Chosen)> = None;
        let mut sets: Vec<Vec<AssumptionId>> = Vec::new();
        for (at, path) in found.paths.into_iter().enumerate() {
            let n = hits(&self.gained(end, &path));
            let same = sets.iter().position(|set| *set == path.assumptions);
            let set_rank = same.unwrap_or(sets.len()) + 1;
            if same.is_none() {
                sets.push(path.assumptions.clone());
            }
            if best.as_ref().is_none_or(|(most, _)| n > *most) {
                best = Some((n, Chosen { rank: at + 1, set_rank, path, certain: found.optimal }));
            }
        }
        best.map(|(_, chosen)| chosen)
    }

    /// For each documented capability, whether a path gains it or something stronger.
    fn gained(&self, end: &IncidentEnd, path: &Path) -> Vec<bool> {
        let Some(threat) = self.model.threats.iter().find(|threat| threat.id == end.threat) else { return Vec::new() };
        let gains: BTreeSet<&str> = path.steps.iter().map(|id| gained_name(self.graph, *id)).collect();
        let documented = end.documented.iter();
        let names = documented.map(|reference| ground::stated(self.model, threat, reference));
        names.map(|names| names.iter().any(|name| gains.contains(name.as_str()))).collect()
    }

    /// The documented capabilities as they are written.
    fn named(end: &IncidentEnd, had: &[bool]) -> Vec<(String, bool)> {
        let written = |reference: &CapabilityRef| reference.span.text().trim_matches(['"', '\'']).to_owned();
        let had = had.iter().copied().chain(std::iter::repeat(false));
        end.documented.iter().map(written).zip(had).collect()
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
            set_rank: chosen.set_rank,
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
