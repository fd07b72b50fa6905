//! Answers everything about one design.

use std::collections::{BTreeMap, BTreeSet};

use super::change::design_key;
use super::costs::costs;
use super::coverage::coverage;
use super::seen::seen;
use super::{Count, DesignAnswer, PathKey, ThreatAnswer};
use crate::analysis::coalitions::{candidates_among, coalitions, default_candidates};
use crate::analysis::exact;
use crate::analysis::paths::{self, DEFAULT_LIMIT, Options};
use crate::analysis::reach::reach;
use crate::analysis::sets::{LABEL_WORK, attack_sets};
use crate::analysis::{AttackSets, Coalitions, Cost, Path};
use crate::diagnostic::quote;
use crate::graph::CapabilityGraph;
use crate::graph::ground::Compiled;
use crate::graph::unfold::{Copies, TooLarge};
use crate::model::Model;

/// Why a design cannot be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unanswered {
    /// Nobody is called so.
    NoSuchPrincipal(String),
    /// A question needs more members written out than is allowed.
    TooLarge(TooLarge),
}

impl std::fmt::Display for Unanswered {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unanswered::NoSuchPrincipal(name) => write!(out, "no principal is called {}", quote(name)),
            Unanswered::TooLarge(why) => why.fmt(out),
        }
    }
}

impl std::error::Error for Unanswered {}

impl From<TooLarge> for Unanswered {
    fn from(why: TooLarge) -> Unanswered {
        Unanswered::TooLarge(why)
    }
}

/// How much to answer.
#[derive(Debug, Clone)]
pub struct AnswerOptions {
    /// Paths to list.
    pub k: usize,
    /// Order.
    pub cost: Cost,
    /// Search nodes.
    pub limit: u64,
    /// Paths to count, and to keep for alignment.
    pub cap: u64,
    /// Candidates of coalitions; empty: the default.
    pub among: Vec<String>,
    /// Count and keep all minimal paths.
    pub counts: bool,
    /// List minimal attack sets.
    pub sets: bool,
    /// Find coalitions.
    pub coalitions: bool,
    /// Find the probability.
    pub chance: bool,
    /// Work out what the first threat rests on.
    pub rests: bool,
}

impl Default for AnswerOptions {
    fn default() -> Self {
        AnswerOptions {
            k: 20,
            cost: Cost::Likeliest,
            limit: DEFAULT_LIMIT,
            cap: 50_000,
            among: Vec::new(),
            counts: true,
            sets: true,
            coalitions: true,
            chance: true,
            rests: false,
        }
    }
}

/// The design of a compiled model.
///
/// # Errors
/// A principal of `among` that nobody is, or a question too large to unfold.
pub fn answer_model(
    model: &Model,
    compiled: &Compiled,
    file: &str,
    options: &AnswerOptions,
) -> Result<DesignAnswer, Unanswered> {
    let mut answer = answer_graph(compiled.graph.clone(), file, options)?;
    answer.title = model.title.clone();
    if options.coalitions {
        answer.costs = Some(costs(model, &compiled.graph, &answer.threats));
    }
    answer.zones = super::zones::zones(model);
    answer.questions = asked(model, &compiled.graph);
    answer.answers.clone_from(&model.answers);
    answer.coverage = Some(coverage(model, compiled));
    answer.seen = seen(&model.library, &answer);
    answer.notes.extend(went(model));
    Ok(answer)
}

/// What went with the edits of a model, one sentence each. A threat that went is told last: it is not applicable, and by no means closed.
pub fn went(model: &Model) -> Vec<String> {
    let lost = model
        .lost_threats
        .iter()
        .map(|(id, title)| format!("threat {id} ({title}) went with what was removed: not applicable, not closed"));
    model.notes.iter().cloned().chain(lost).collect()
}

/// The questions of the library's steps that are in the graph.
fn asked(model: &Model, graph: &CapabilityGraph) -> BTreeMap<String, String> {
    let names: BTreeSet<&str> = graph.steps.iter().map(|step| step.name.as_str()).collect();
    let steps = model.library.steps.iter().filter(|step| names.contains(step.id.as_str()));
    steps.map(|step| (step.id.clone(), step.question.clone())).filter(|(_, asked)| !asked.is_empty()).collect()
}

/// The design of a graph made elsewhere: no costs and no coverage.
///
/// # Errors
/// As for a model.
pub fn answer_graph(graph: CapabilityGraph, file: &str, options: &AnswerOptions) -> Result<DesignAnswer, Unanswered> {
    let threats: Result<Vec<ThreatAnswer>, Unanswered> =
        (0..graph.threats.len()).map(|at| threat(&graph, at, options)).collect();
    let threats = threats?;
    let notes = coinciding(&graph, &threats);
    let rests = if options.rests { rests(&graph) } else { None };
    Ok(DesignAnswer {
        design: graph.design.clone(),
        title: String::new(),
        file: file.to_owned(),
        graph,
        threats,
        costs: None,
        coverage: None,
        zones: BTreeMap::new(),
        rests,
        hardening: None,
        seen: Vec::new(),
        questions: BTreeMap::new(),
        answers: Vec::new(),
        notes,
    })
}

fn threat(graph: &CapabilityGraph, at: usize, options: &AnswerOptions) -> Result<ThreatAnswer, Unanswered> {
    let asked = &graph.threats[at];
    let search = Options { k: options.k, cost: options.cost, limit: options.limit, copies: Copies::Lumped };
    let (all_paths, path_count) = every_path(graph, at, options)?;
    let mut keys: BTreeMap<PathKey, u64> = BTreeMap::new();
    for path in &all_paths {
        *keys.entry(design_key(graph, &path.steps)).or_default() += 1;
    }
    Ok(ThreatAnswer {
        threat: asked.name.clone(),
        group: if asked.group.is_empty() { asked.name.clone() } else { asked.group.clone() },
        title: asked.title.clone(),
        reach: reach(graph, at),
        chance: if options.chance { exact::chance(graph, at, &exact::Limits::default()) } else { None },
        members: if options.rests {
            exact::members(graph, at, &exact::Limits::default()).unwrap_or_default()
        } else {
            Vec::new()
        },
        paths: paths::search(graph, at, &search)?,
        path_count,
        attack_sets: if options.sets {
            attack_sets(graph, at, Copies::Lumped, LABEL_WORK)?
        } else {
            AttackSets { sets: Vec::new(), complete: false }
        },
        coalitions: trusted(graph, at, options)?,
        all_paths,
        keys,
    })
}

/// Of the first threat that can be asked; nothing where it is not exact.
fn rests(graph: &CapabilityGraph) -> Option<super::rests::Rests> {
    let first = graph.threats.iter().position(|threat| threat.not_applicable.is_none())?;
    super::rests::rests(graph, first).ok().flatten()
}

fn every_path(graph: &CapabilityGraph, at: usize, options: &AnswerOptions) -> Result<(Vec<Path>, Count), Unanswered> {
    let mut all: Vec<Path> = Vec::new();
    if !options.counts {
        return Ok((all, Count { n: 0, complete: false }));
    }
    let tell = |steps: &[crate::graph::StepId]| all.push(paths::path_of(graph, at, steps));
    let (n, complete) = paths::each_path(graph, at, Copies::Lumped, options.cap, tell)?;
    all.sort_by(|a, b| b.probability.total_cmp(&a.probability).then_with(|| a.steps.cmp(&b.steps)));
    Ok((all, Count { n, complete }))
}

fn trusted(graph: &CapabilityGraph, at: usize, options: &AnswerOptions) -> Result<Coalitions, Unanswered> {
    if !options.coalitions {
        return Ok(Coalitions { candidates: Vec::new(), coalitions: Vec::new(), complete: false, complete_to: None });
    }
    let candidates = match options.among.as_slice() {
        [] => default_candidates(graph),
        names => candidates_among(graph, names).map_err(Unanswered::NoSuchPrincipal)?,
    };
    Ok(coalitions(graph, at, &candidates))
}

/// Threats that ask the same of this design: with an open class, being a member is no foothold.
fn coinciding(graph: &CapabilityGraph, threats: &[ThreatAnswer]) -> Vec<String> {
    let footholds = |at: usize| {
        let threat = &graph.threats[at];
        let mut all: Vec<_> = threat.start.iter().chain(&threat.public).collect();
        all.sort_unstable();
        all.dedup();
        (all, threat.goal)
    };
    let mut notes = Vec::new();
    for later in 0..threats.len() {
        if let Some(first) = (0..later).find(|first| footholds(*first) == footholds(later)) {
            let (a, b) = (&threats[first].threat, &threats[later].threat);
            notes.push(format!("{a} and {b} are one question in this design: whoever asks has the same footholds"));
        }
    }
    notes
}
