//! Answers everything about one design.

use std::collections::BTreeMap;

use super::change::design_key;
use super::costs::costs;
use super::coverage::coverage;
use super::{Count, DesignAnswer, PathKey, ThreatAnswer};
use crate::analysis::coalitions::coalitions;
use crate::analysis::labels::Bound;
use crate::analysis::paths::{self, SearchOptions};
use crate::analysis::reach::reach;
use crate::analysis::sets::attack_sets;
use crate::analysis::{AttackSets, Coalitions, Cost};
use crate::graph::CapabilityGraph;
use crate::graph::ground::Compiled;
use crate::model::Model;

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
    pub cap: usize,
    /// Candidates of coalitions; empty: the default.
    pub among: Vec<String>,
    /// Count and keep all minimal paths.
    pub counts: bool,
    /// List minimal attack sets.
    pub sets: bool,
    /// Find coalitions.
    pub coalitions: bool,
}

impl Default for AnswerOptions {
    fn default() -> Self {
        AnswerOptions {
            k: 20,
            cost: Cost::Likeliest,
            limit: SearchOptions::LIMIT,
            cap: 10_000,
            among: Vec::new(),
            counts: true,
            sets: true,
            coalitions: true,
        }
    }
}

/// The design of a compiled model.
pub fn answer_model(model: &Model, compiled: &Compiled, file: &str, options: &AnswerOptions) -> DesignAnswer {
    let mut answer = answer_graph(compiled.graph.clone(), file, options);
    answer.title = model.title.clone();
    if options.coalitions {
        answer.costs = Some(costs(model, &compiled.graph, &answer.threats));
    }
    answer.coverage = Some(coverage(model, compiled));
    answer.notes.extend(model.removed.iter().cloned());
    for (id, title) in &model.lost_threats {
        answer.notes.push(format!("threat {id} ({title}) went with what was removed: not applicable, not closed"));
    }
    answer
}

/// The design of a graph made elsewhere: no costs and no coverage.
pub fn answer_graph(graph: CapabilityGraph, file: &str, options: &AnswerOptions) -> DesignAnswer {
    let threats: Vec<ThreatAnswer> = (0..graph.threats.len()).map(|at| threat(&graph, at, options)).collect();
    let notes = coinciding(&graph, &threats);
    DesignAnswer {
        design: graph.design.clone(),
        title: String::new(),
        file: file.to_owned(),
        graph,
        threats,
        costs: None,
        coverage: None,
        notes,
    }
}

fn threat(graph: &CapabilityGraph, at: usize, options: &AnswerOptions) -> ThreatAnswer {
    let asked = &graph.threats[at];
    let search = SearchOptions { k: options.k, cost: options.cost, limit: options.limit };
    let (all_paths, complete) =
        if options.counts { paths::count(graph, at, Cost::Likeliest, options.cap) } else { (Vec::new(), false) };
    let mut keys: BTreeMap<PathKey, u64> = BTreeMap::new();
    for path in &all_paths {
        *keys.entry(design_key(graph, &path.steps)).or_default() += 1;
    }
    ThreatAnswer {
        threat: asked.name.clone(),
        group: if asked.group.is_empty() { asked.name.clone() } else { asked.group.clone() },
        title: asked.title.clone(),
        reach: reach(graph, at),
        paths: paths::search(graph, at, &search),
        path_count: Count { n: all_paths.len() as u64, complete },
        attack_sets: if options.sets {
            attack_sets(graph, at, Bound::WORK)
        } else {
            AttackSets { sets: Vec::new(), complete: false }
        },
        coalitions: if options.coalitions {
            coalitions(graph, at, &options.among)
        } else {
            Coalitions { candidates: Vec::new(), coalitions: Vec::new(), complete: false }
        },
        all_paths,
        keys,
    }
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
