//! Answers everything about one design.

use std::collections::BTreeMap;

use super::change::design_key;
use super::costs::costs;
use super::coverage::coverage;
use super::{Count, DesignAnswer, PathKey, ThreatAnswer};
use crate::analysis::{Cost, Status, coalitions, paths, reach, sets};
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
    /// Paths to count and to keep for alignment.
    pub cap: usize,
    /// Candidates of coalitions; empty: the default.
    pub among: Vec<String>,
    /// Count and keep all minimal paths.
    pub counts: bool,
    /// Find coalitions.
    pub coalitions: bool,
}

impl Default for AnswerOptions {
    fn default() -> Self {
        AnswerOptions { k: 20, cost: Cost::Likeliest, limit: 50_000, cap: 10_000, among: Vec::new(), counts: true, coalitions: true }
    }
}

/// The design of a compiled model.
pub fn answer_model(model: &Model, compiled: &Compiled, file: &str, options: &AnswerOptions) -> DesignAnswer {
    let mut answer = answer_graph(compiled.graph.clone(), file, options);
    answer.title = model.title.clone();
    answer.costs = Some(costs(model, &compiled.graph, &answer.threats));
    answer.coverage = Some(coverage(model, compiled));
    answer.notes.extend(model.removed.iter().cloned());
    for (id, title) in &model.lost_threats {
        answer.notes.push(format!("threat `{id}` ({title}) went with what was removed: not applicable, not closed"));
    }
    answer
}
