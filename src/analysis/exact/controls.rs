//! Which controls are monotone: switched on, they never add a way.
//!
//! A control that lowers an assumption replaces a step by one that exists only with it. Whatever assumptions fail, the two are one step, so
//! what counts is the group: steps with the same needs and gain. A group is monotone if it exists with fewer controls whenever it exists with
//! more. A control in a group that is not (it adds a way of its own) is left as it is.

use std::collections::BTreeMap;

use crate::graph::{CapabilityGraph, CapabilityId, ControlId, FamilyId, Step};

/// Controls of one group that are looked at in every combination, at most.
const COMBINED: usize = 12;

/// What makes steps one where everything fails: needs, quorum, gain and block.
type Group<'a> = (&'a [CapabilityId], Option<(&'a [CapabilityId], u32)>, CapabilityId, Option<FamilyId>);

/// The monotone controls, and the others; each ascending.
pub fn monotone(graph: &CapabilityGraph) -> (Vec<ControlId>, Vec<ControlId>) {
    let mut varied: Vec<ControlId> = (0..graph.controls.len() as u32).map(ControlId).collect();
    let mut groups: BTreeMap<Group<'_>, Vec<&Step>> = BTreeMap::new();
    for step in &graph.steps {
        let quorum = step.quorum.as_ref().map(|quorum| (quorum.of.as_slice(), quorum.at_least));
        groups.entry((&step.needs, quorum, step.gains, step.family)).or_default().push(step);
    }
    loop {
        let bad: Vec<ControlId> = groups.values().flat_map(|steps| adding(graph, steps, &varied)).collect();
        if bad.is_empty() {
            let out = (0..graph.controls.len() as u32).map(ControlId).filter(|id| !varied.contains(id)).collect();
            return (varied, out);
        }
        varied.retain(|id| !bad.contains(id));
    }
}

/// The controls that one group's existence needs, if it is not monotone.
fn adding(graph: &CapabilityGraph, steps: &[&Step], varied: &[ControlId]) -> Vec<ControlId> {
    let needing: Vec<ControlId> =
        steps.iter().flat_map(|step| &step.only_with).copied().filter(|id| varied.contains(id)).collect();
    if needing.is_empty() {
        return Vec::new();
    }
    let mut named: Vec<ControlId> =
        steps.iter().flat_map(|step| step.unless.iter().chain(&step.only_with)).copied().collect();
    named.retain(|id| varied.contains(id));
    named.sort_unstable();
    named.dedup();
    if named.len() > COMBINED {
        return needing;
    }
    let is_on = |id: &ControlId, set: u32| match named.binary_search(id) {
        Ok(at) => set & 1 << at != 0,
        Err(_) => graph.controls[id.0 as usize].on,
    };
    let exists = |set: u32| {
        let lets = |step: &&&Step| {
            !step.unless.iter().any(|id| is_on(id, set)) && step.only_with.iter().all(|id| is_on(id, set))
        };
        steps.iter().find(lets).is_some()
    };
    let falls = |set: u32| {
        let off = |at: &usize| set & 1 << at != 0 && !exists(set & !(1 << at));
        exists(set) && (0..named.len()).any(|at| off(&at))
    };
    if (0..1u32 << named.len()).any(falls) { needing } else { Vec::new() }
}
