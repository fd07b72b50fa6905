//! The graph checks itself: everything that must hold of a graph, whoever built it.

use super::families::{chain, nesting_fault, quorum_size};
use super::{CapabilityGraph, CapabilityId, Step, StepId, StepKind, Threat};

/// Checks every invariant and says each one that is broken.
pub fn verify(graph: &CapabilityGraph) -> Result<(), Vec<String>> {
    let mut faults = dangling(graph);
    // The rest follows ids, so it is judged only where all of them lead somewhere.
    if faults.is_empty() {
        for (at, step) in graph.steps.iter().enumerate() {
            step_faults(graph, StepId(at as u32), step, &mut faults);
        }
        owned_steps(graph, &mut faults);
        for (at, assumption) in graph.assumptions.iter().enumerate() {
            if !(0.0..=1.0).contains(&assumption.probability) {
                faults.push(format!("assumption {at}: probability {} is not in 0..1", assumption.probability));
            }
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// As [`verify`], and every step says where in the model it comes from.
pub fn verify_grounded(graph: &CapabilityGraph) -> Result<(), Vec<String>> {
    let mut faults = verify(graph).err().unwrap_or_default();
    for (at, step) in graph.steps.iter().enumerate() {
        if step.because.is_empty() {
            faults.push(format!("step {at} ({}): nothing justifies it", step.name));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// Ids that point nowhere.
fn dangling(graph: &CapabilityGraph) -> Vec<String> {
    let mut faults = Vec::new();
    let mut check = |what: String, id: u32, size: usize| {
        if id as usize >= size {
            faults.push(format!("{what} {id} does not exist: there are {size}"));
        }
    };
    let sizes = (graph.capabilities.len(), graph.assumptions.len(), graph.controls.len());
    let (families, principals) = (graph.families.len(), graph.principals.len());
    for (at, capability) in graph.capabilities.iter().enumerate() {
        capability.family.iter().for_each(|id| check(format!("capability {at}: family"), id.0, families));
        capability.gained_by.iter().for_each(|id| check(format!("capability {at}: step"), id.0, graph.steps.len()));
    }
    for (at, assumption) in graph.assumptions.iter().enumerate() {
        assumption.family.iter().for_each(|id| check(format!("assumption {at}: family"), id.0, families));
        assumption.honesty_of.iter().for_each(|id| check(format!("assumption {at}: principal"), id.0, principals));
    }
    for (at, step) in graph.steps.iter().enumerate() {
        let of = step.quorum.iter().flat_map(|quorum| &quorum.of);
        for id in step.needs.iter().chain([&step.gains]).chain(of) {
            check(format!("step {at}: capability"), id.0, sizes.0);
        }
        step.assumptions.iter().for_each(|id| check(format!("step {at}: assumption"), id.0, sizes.1));
        step.unless.iter().chain(&step.only_with).for_each(|id| check(format!("step {at}: control"), id.0, sizes.2));
        step.family.iter().for_each(|id| check(format!("step {at}: family"), id.0, families));
    }
    for (at, control) in graph.controls.iter().enumerate() {
        control.excludes.iter().for_each(|id| check(format!("control {at}: control"), id.0, sizes.2));
    }
    for (at, family) in graph.families.iter().enumerate() {
        family.within.iter().for_each(|id| check(format!("family {at}: family"), id.0, families));
    }
    for (at, principal) in graph.principals.iter().enumerate() {
        check(format!("principal {at}: capability"), principal.capability.0, sizes.0);
    }
    for threat in &graph.threats {
        for (what, id, size) in threat_ids(graph, threat) {
            check(format!("threat {}: {what}", threat.name), id, size);
        }
    }
    for (at, family) in graph.families.iter().enumerate() {
        if family.count == 0 {
            faults.push(format!("family {at}: it has no copies"));
        }
        if circles(graph, at) {
            faults.push(format!("family {at}: `within` runs in a circle"));
        }
    }
    faults
}

/// Every id of a threat with what it points at and how many of that there are.
fn threat_ids<'a>(
    graph: &'a CapabilityGraph,
    threat: &'a Threat,
) -> impl Iterator<Item = (&'static str, u32, usize)> + 'a {
    let capabilities = threat.public.iter().chain(&threat.start).chain([&threat.goal]);
    let capabilities = capabilities.chain(&threat.others).chain(&threat.apart);
    let pairs = |pair: (u32, u32)| [pair.0, pair.1];
    let steps = threat.alike_steps.iter().flat_map(move |(a, b)| pairs((a.0, b.0)));
    let assumptions = threat.alike_assumptions.iter().flat_map(move |(a, b)| pairs((a.0, b.0)));
    let principals = threat.alike_principals.iter().flat_map(move |(a, b)| pairs((a.0, b.0)));
    let principals = principals.chain(threat.tolerate.trusting.iter().map(|id| id.0));
    capabilities
        .map(|id| ("capability", id.0, graph.capabilities.len()))
        .chain(steps.map(|id| ("step", id, graph.steps.len())))
        .chain(assumptions.map(|id| ("assumption", id, graph.assumptions.len())))
        .chain(principals.map(|id| ("principal", id, graph.principals.len())))
}

fn circles(graph: &CapabilityGraph, family: usize) -> bool {
    let mut at = graph.families[family].within;
    for _ in 0..graph.families.len() {
        at = at.and_then(|id| graph.families.get(id.0 as usize)).and_then(|family| family.within);
    }
    at.is_some()
}

fn step_faults(graph: &CapabilityGraph, id: StepId, step: &Step, faults: &mut Vec<String>) {
    let mut fault = |what: String| faults.push(format!("step {} ({}): {what}", id.0, step.name));
    if !ascending(&step.needs) {
        fault("its needs do not ascend".to_owned());
    }
    if !ascending(&step.assumptions) {
        fault("its assumptions do not ascend".to_owned());
    }
    if (step.kind == StepKind::Exploit) == step.assumptions.is_empty() {
        fault("a step is an exploit if and only if it rests on an assumption".to_owned());
    }
    if let Some(nesting) = nesting_fault(graph, step) {
        fault(nesting);
    }
    if let Some(quorum) = &step.quorum {
        let most = quorum_size(graph, &chain(graph, step.family), quorum);
        if quorum.at_least == 0 || u64::from(quorum.at_least) > most {
            fault(format!("its quorum asks for {} of {most}", quorum.at_least));
        }
        let mut of: Vec<CapabilityId> = quorum.of.clone();
        of.sort_unstable();
        if !ascending(&of) {
            fault("its quorum lists a capability twice".to_owned());
        }
    }
}

fn ascending<T: Ord>(ids: &[T]) -> bool {
    ids.windows(2).all(|pair| pair[0] < pair[1])
}

/// Capabilities own exactly the steps that gain them.
fn owned_steps(graph: &CapabilityGraph, faults: &mut Vec<String>) {
    let mut gained: Vec<Vec<StepId>> = vec![Vec::new(); graph.capabilities.len()];
    for (at, step) in graph.steps.iter().enumerate() {
        gained[step.gains.0 as usize].push(StepId(at as u32));
    }
    for (at, (capability, steps)) in graph.capabilities.iter().zip(gained).enumerate() {
        if capability.gained_by != steps {
            faults.push(format!("capability {at} ({}): `gained_by` does not list its steps", capability.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{FamilyId, json};
    use crate::source::Source;

    fn sound() -> CapabilityGraph {
        let text = r#"{"cotenant-graph": 1,
            "capabilities": [{"id": 0, "name": "a"}, {"id": 1, "name": "b", "family": 0}],
            "assumptions": [{"id": 0, "name": "x", "probability": 0.25}],
            "steps": [{"id": 0, "name": "s", "needs": [0], "gains": 1, "assumptions": [0]}],
            "families": [{"id": 0, "name": "others", "count": 3}],
            "threats": [{"name": "t", "start": [0], "goal": 1}]}"#;
        json::read(Source::new("g", text)).unwrap()
    }

    #[test]
    fn a_sound_graph_passes() {
        assert_eq!(verify(&sound()), Ok(()));
        assert_eq!(verify_grounded(&sound()).unwrap_err(), ["step 0 (s): nothing justifies it"]);
    }

    #[test]
    fn every_broken_invariant_is_said() {
        type Break = (&'static str, fn(&mut CapabilityGraph));
        let breaks: [Break; 9] = [
            ("step 0: capability 7", |graph| graph.steps[0].gains = CapabilityId(7)),
            ("needs do not ascend", |graph| graph.steps[0].needs = vec![CapabilityId(0); 2]),
            ("if and only if", |graph| graph.steps[0].kind = StepKind::Grant),
            ("belongs to no family", |graph| graph.steps[0].family = None),
            ("does not list its steps", |graph| graph.capabilities[1].gained_by.clear()),
            ("is not in 0..1", |graph| graph.assumptions[0].probability = f64::NAN),
            ("circle", |graph| graph.families[0].within = Some(FamilyId(0))),
            ("threat t: step 4", |graph| graph.threats[0].alike_steps.push((StepId(0), StepId(4)))),
            ("asks for 2 of 1", |graph| {
                graph.steps[0].quorum = Some(crate::graph::Quorum { of: vec![CapabilityId(0)], at_least: 2 });
            }),
        ];
        for (want, change) in breaks {
            let mut graph = sound();
            change(&mut graph);
            let faults = verify(&graph).unwrap_err();
            assert!(faults.iter().any(|fault| fault.contains(want)), "{want}: {faults:?}");
        }
    }
}
