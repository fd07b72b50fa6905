//! "Exactly that day's failures": what failed on the documented path, carried over to another graph of the same model.
//!
//! Assumptions are carried over by name. A control that lowers a number makes a variant of the assumption under the same name, so
//! lowering stops nothing; a control after which the path would rest on another assumption does. Where an assumption is one of a
//! block of members, so many members of the block have failed as the path needed, whichever those are.

use std::collections::BTreeMap;

use crate::analysis::Path;
use crate::analysis::closure::reaches;
use crate::analysis::labels::{Search, minimal_sets};
use crate::analysis::sets::{LABEL_WORK, shape_of};
use crate::analysis::shapes::Shape;
use crate::graph::unfold::{Copies, Question, unfold};
use crate::graph::{AssumptionId, CapabilityGraph};

/// Names of assumptions, with how many members' failed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Failures(BTreeMap<String, u64>);

impl Failures {
    /// What failed on a path.
    pub fn of(graph: &CapabilityGraph, path: &Path) -> Failures {
        let mut failures = BTreeMap::new();
        for id in &path.assumptions {
            *failures.entry(base_name(&graph.assumption(*id).name).to_owned()).or_default() += 1;
        }
        Failures(failures)
    }

    /// Does a threat reach its goal when exactly these have failed?
    pub fn reach(&self, graph: &CapabilityGraph, at: usize) -> bool {
        let threat = &graph.threats[at];
        let question = Question::of(threat, Copies::Lumped);
        let as_counted = |id: AssumptionId| question.alike_assumptions.get(&id).copied().unwrap_or(id);
        let mut failed: BTreeMap<u32, u64> = BTreeMap::new();
        for id in (0..graph.assumptions.len()).map(|at| AssumptionId(at as u32)) {
            if let Some(n) = self.0.get(base_name(&graph.assumption(id).name)) {
                *failed.entry(as_counted(id).0).or_default() += n;
            }
        }
        // A lumped graph is never refused for its size.
        let Ok(unfolded) = unfold(graph, &question) else { return false };
        let allowed: Vec<bool> =
            unfolded.variables.iter().map(|variable| failed.contains_key(&variable.counts_as)).collect();
        let all: Vec<u32> = (0..allowed.len()).filter(|at| allowed[*at]).map(|at| at as u32).collect();
        if !reaches(&unfolded, &all) {
            return false;
        }
        let shape = Shape::new(failed);
        if shape_of(&unfolded, &all).is_inside(&shape) {
            return true;
        }
        let found = minimal_sets(&unfolded, &Search { allowed: Some(&allowed), ..Search::all(LABEL_WORK) });
        // Where the search stopped, all members of the blocks count as failed.
        !found.complete || found.sets.iter().any(|set| shape_of(&unfolded, set).is_inside(&shape))
    }
}

/// The name without the control that lowered it.
fn base_name(name: &str) -> &str {
    name.split_once(") with ").map_or(name, |(base, _)| &name[..base.len() + 1])
}
