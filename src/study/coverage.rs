//! What a model could exercise of the library, and what an answer about it says nothing about.

use std::collections::BTreeSet;

use super::Coverage;
use crate::graph::ground::{Compiled, ConstantNote};
use crate::library::{Library, Section, StepDecl};
use crate::model::Model;

/// Scheme of SLSA threat letters in a step's `refs`.
const SLSA: &str = "slsa";

/// The coverage of one compiled model.
pub fn coverage(model: &Model, compiled: &Compiled) -> Coverage {
    let library = &model.library;
    let (kinds, kinds_not_modelled) = kinds(model, library);
    let fired = |step: &&StepDecl| compiled.fired.contains(&step.id);
    let (steps, steps_not_fired): (Vec<&StepDecl>, Vec<&StepDecl>) = library.steps.iter().partition(fired);
    let slsa: BTreeSet<String> = steps.iter().flat_map(|step| refs(step, SLSA)).collect();
    let all: BTreeSet<String> = library.steps.iter().flat_map(|step| refs(step, SLSA)).collect();
    let ids = |steps: Vec<&StepDecl>| steps.into_iter().map(|step| step.id.clone()).collect();
    let notes = |notes: &[ConstantNote]| notes.iter().map(|note| (note.step.clone(), note.parameter.clone())).collect();
    Coverage {
        kinds,
        kinds_not_modelled,
        steps: ids(steps),
        steps_not_fired: ids(steps_not_fired),
        slsa_not_modelled: all.difference(&slsa).cloned().collect(),
        slsa: slsa.into_iter().collect(),
        ruled_out: notes(&compiled.ruled_out),
        dropped: notes(&compiled.dropped),
    }
}

fn refs(step: &StepDecl, scheme: &str) -> Vec<String> {
    step.refs.iter().filter(|(name, _)| name == scheme).flat_map(|(_, ids)| ids.clone()).collect()
}

/// Principal kinds with an entity of theirs (or of a kind below), and the others; the abstract roots are neither.
fn kinds(model: &Model, library: &Library) -> (Vec<String>, Vec<String>) {
    let mut have = Vec::new();
    let mut missing = Vec::new();
    for (at, kind) in library.kinds.iter().enumerate() {
        let id = crate::library::KindId(at);
        let principal = matches!(kind.section, Some(Section::Actors | Section::Services));
        let root = kind.parent.is_none_or(|parent| library.kinds[parent.0].section.is_none());
        if !principal || root {
            continue;
        }
        let modelled = model.entities.iter().any(|entity| library.is_a(entity.kind, id));
        if modelled { &mut have } else { &mut missing }.push(kind.id.clone());
    }
    have.sort();
    missing.sort();
    (have, missing)
}
