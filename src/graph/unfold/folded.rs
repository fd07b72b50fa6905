//! What matters of a graph to one question, before any family is unfolded: copies are alike, so one look at each suffices.

use crate::graph::families::{chain, copies_seen};
use crate::graph::{CapabilityGraph, CapabilityId, ControlId, StepId};

use super::{Question, Variables};

/// The steps that can happen and lead towards what is asked.
pub(super) struct Folded {
    /// Per capability: had from the start.
    pub(super) had: Vec<bool>,
    /// Per capability: derivable if everything that can fail does.
    pub(super) derivable: Vec<bool>,
    /// Steps that matter, ascending.
    pub(super) steps: Vec<StepId>,
}

impl Folded {
    pub(super) fn new(graph: &CapabilityGraph, question: &Question) -> Folded {
        let mut had = vec![false; graph.capabilities.len()];
        question.had.iter().for_each(|id| had[id.0 as usize] = true);
        let live: Vec<bool> = (0..graph.steps.len()).map(|at| exists(graph, question, StepId(at as u32))).collect();
        let (derivable, happens) = forward(graph, question, &had, &live);
        let steps = backward(graph, question, &had, &happens);
        Folded { had, derivable, steps }
    }
}

/// Does a step exist under the guards, and can what it rests on fail?
fn exists(graph: &CapabilityGraph, question: &Question, id: StepId) -> bool {
    let step = graph.step(id);
    let on = |id: &ControlId| graph.controls[id.0 as usize].on;
    let varies = |id: &ControlId| match &question.variables {
        Variables::Controls(controls) => controls.contains(id),
        Variables::Assumptions { .. } | Variables::Principals(_) => false,
    };
    let guarded =
        step.unless.iter().any(|id| on(id) && !varies(id)) || !step.only_with.iter().all(|id| on(id) || varies(id));
    let possible = match &question.variables {
        Variables::Assumptions { holding } => !step.assumptions.iter().any(|id| holding.contains(id)),
        Variables::Principals(_) => step.assumptions.is_empty(),
        Variables::Controls(_) => true,
    };
    !guarded && possible && !step.needs.contains(&step.gains)
}

/// Capabilities derivable and steps that happen, with everything failed (every candidate dishonest).
fn forward(graph: &CapabilityGraph, question: &Question, had: &[bool], live: &[bool]) -> (Vec<bool>, Vec<bool>) {
    let mut waiting: Vec<Vec<StepId>> = vec![Vec::new(); graph.capabilities.len()];
    for (at, step) in graph.steps.iter().enumerate() {
        for need in step.needs.iter().chain(step.quorum.iter().flat_map(|quorum| &quorum.of)) {
            waiting[need.0 as usize].push(StepId(at as u32));
        }
    }
    let mut derivable = vec![false; graph.capabilities.len()];
    let mut happens = vec![false; graph.steps.len()];
    let mut queue: Vec<CapabilityId> = (0..had.len()).filter(|at| had[*at]).map(|at| CapabilityId(at as u32)).collect();
    if let Variables::Principals(candidates) = &question.variables {
        queue.extend(candidates.iter().map(|id| graph.principals[id.0 as usize].capability));
    }
    let mut look: Vec<StepId> = (0..graph.steps.len()).map(|at| StepId(at as u32)).collect();
    loop {
        for id in look.drain(..) {
            if live[id.0 as usize] && !happens[id.0 as usize] && is_enabled(graph, id, &derivable) {
                happens[id.0 as usize] = true;
                queue.push(graph.step(id).gains);
            }
        }
        let Some(gained) = queue.pop() else { return (derivable, happens) };
        if !derivable[gained.0 as usize] {
            derivable[gained.0 as usize] = true;
            look.clone_from(&waiting[gained.0 as usize]);
        }
    }
}

fn is_enabled(graph: &CapabilityGraph, id: StepId, derivable: &[bool]) -> bool {
    let step = graph.step(id);
    let met = step.quorum.as_ref().is_none_or(|quorum| {
        let around = chain(graph, step.family);
        let entries = quorum.of.iter().filter(|id| derivable[id.0 as usize]);
        let n = entries.map(|id| copies_seen(graph, &around, *id)).fold(0, u64::saturating_add);
        n >= u64::from(quorum.at_least)
    });
    met && step.needs.iter().all(|need| derivable[need.0 as usize])
}

/// The steps from which what is asked can be reached; what gains something had already does not count.
fn backward(graph: &CapabilityGraph, question: &Question, had: &[bool], happens: &[bool]) -> Vec<StepId> {
    let mut wanted = had.to_vec();
    let mut stack: Vec<CapabilityId> = question.goal.into_iter().chain(question.others.iter().copied()).collect();
    let mut steps = Vec::new();
    while let Some(id) = stack.pop() {
        if std::mem::replace(&mut wanted[id.0 as usize], true) {
            continue;
        }
        for step in graph.capability(id).gained_by.iter().filter(|step| happens[step.0 as usize]) {
            steps.push(*step);
            let step = graph.step(*step);
            stack.extend(step.needs.iter().chain(step.quorum.iter().flat_map(|quorum| &quorum.of)));
        }
    }
    steps.sort_unstable();
    steps
}
