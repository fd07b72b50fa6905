//! Plain derivation on the graph as it stands: which capabilities follow from some, by the steps one allows.

use super::{CapabilityGraph, CapabilityId, FamilyId, Step, StepKind};

/// The capabilities derivable from `start` by the steps that `allowed` lets through, as a mask.
pub fn derive(graph: &CapabilityGraph, start: &[CapabilityId], allowed: impl Fn(&Step) -> bool) -> Vec<bool> {
    let mut had = vec![false; graph.capabilities.len()];
    for id in start {
        had[id.0 as usize] = true;
    }
    loop {
        let mut grown = false;
        for step in &graph.steps {
            let gained = step.gains.0 as usize;
            if !had[gained] && allowed(step) && is_enabled(graph, step, &had) {
                had[gained] = true;
                grown = true;
            }
        }
        if !grown {
            return had;
        }
    }
}

/// Are all needs had, and the quorum met? A capability of a family counts for all its copies.
pub fn is_enabled(graph: &CapabilityGraph, step: &Step, had: &[bool]) -> bool {
    let quorum = step.quorum.as_ref().is_none_or(|quorum| {
        let met = quorum.of.iter().filter(|id| had[id.0 as usize]);
        let n: u64 = met.map(|id| copies(graph, graph.capability(*id).family)).sum();
        n >= u64::from(quorum.at_least)
    });
    quorum && step.needs.iter().all(|need| had[need.0 as usize])
}

/// How many members a block stands for in all.
pub fn copies(graph: &CapabilityGraph, family: Option<FamilyId>) -> u64 {
    let mut n: u64 = 1;
    let mut at = family;
    while let Some(id) = at {
        let family = &graph.families[id.0 as usize];
        n = n.saturating_mul(family.count);
        at = family.within;
    }
    n
}

/// Does a step exist with the controls as they are switched?
pub fn exists(graph: &CapabilityGraph, step: &Step) -> bool {
    let on = |id: &super::ControlId| graph.controls[id.0 as usize].on;
    !step.unless.iter().any(on) && step.only_with.iter().all(on)
}

/// Uses only what is designed to be so: no assumption fails and no protection is missing.
pub fn as_designed(step: &Step) -> bool {
    step.kind != StepKind::Exploit && step.dropped.is_empty()
}
