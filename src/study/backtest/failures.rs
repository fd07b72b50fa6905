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
    /// What failed in any of several ways: of a block as many members' as the way needs that needs most.
    pub fn any_of(ways: &[Failures]) -> Failures {
        let mut all = Failures::default();
        for (name, n) in ways.iter().flat_map(|way| &way.0) {
            let most = all.0.entry(name.clone()).or_default();
            *most = (*n).max(*most);
        }
        all
    }

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::json;
    use crate::source::Source;

    /// Five members; whoever breaks two of them has the goal. `y` opens the goal too, in a threat of its own that needs `extra`.
    fn two_of_five() -> CapabilityGraph {
        let text = r#"{"cotenant-graph": 1, "requires": ["families", "quorum"],
            "capabilities": [{"id": 0, "name": "a", "family": 0}, {"id": 1, "name": "goal"}, {"id": 2, "name": "other"}],
            "assumptions": [{"id": 0, "name": "x(m)", "probability": 0.5, "family": 0},
                {"id": 1, "name": "y(s)", "probability": 0.5}, {"id": 2, "name": "y(s) with c", "probability": 0.1}],
            "steps": [{"id": 0, "name": "s", "needs": [], "gains": 0, "assumptions": [0], "family": 0},
                {"id": 1, "name": "t", "needs": [], "gains": 1, "assumptions": [], "quorum": {"of": [0], "at_least": 2}},
                {"id": 2, "name": "u", "needs": [], "gains": 2, "assumptions": [2]}],
            "families": [{"id": 0, "name": "members", "count": 5}],
            "threats": [{"name": "t", "start": [], "goal": 1}, {"name": "u", "start": [], "goal": 2}]}"#;
        json::read(Source::new("g", text)).unwrap()
    }

    fn failures(names: &[(&str, u64)]) -> Failures {
        Failures(names.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect())
    }

    #[test]
    fn so_many_members_have_failed_as_the_path_needed() {
        let graph = two_of_five();
        for n in 0..=5 {
            assert_eq!(failures(&[("x(m)", n)]).reach(&graph, 0), n >= 2, "{n}");
        }
        let path = Path {
            steps: Vec::new(),
            assumptions: vec![AssumptionId(0), AssumptionId(0), AssumptionId(2)],
            order: Vec::new(),
            cost: None,
            probability: 0.0,
            effort_hours: 0.0,
            dominated_by: None,
        };
        assert_eq!(Failures::of(&graph, &path), failures(&[("x(m)", 2), ("y(s)", 1)]));
        let (two, other) = (failures(&[("x(m)", 2)]), failures(&[("x(m)", 1), ("y(s)", 1)]));
        for ways in [[two.clone(), other.clone()], [other, two]] {
            assert_eq!(Failures::any_of(&ways), failures(&[("x(m)", 2), ("y(s)", 1)]));
        }
    }

    #[test]
    fn what_a_control_made_rarer_fails_all_the_same() {
        let graph = two_of_five();
        assert!(failures(&[("y(s)", 1)]).reach(&graph, 1));
        assert!(!failures(&[("x(m)", 5)]).reach(&graph, 1));
        assert!(!Failures::default().reach(&graph, 1));
    }
}
