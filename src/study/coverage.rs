//! What a model could exercise of the library, and what an answer about it says nothing about.

use std::collections::BTreeSet;

use super::{Carried, Coverage};
use crate::graph::ground::{Compiled, ConstantNote};
use crate::library::{Library, Section, StepDecl, references};
use crate::model::Model;

/// The coverage of one compiled model.
pub fn coverage(model: &Model, compiled: &Compiled) -> Coverage {
    let library = &model.library;
    let (kinds, kinds_not_modelled) = kinds(model, library);
    let fired = |step: &&StepDecl| compiled.fired.contains(&step.id);
    let (steps, steps_not_fired): (Vec<&StepDecl>, Vec<&StepDecl>) = library.steps.iter().partition(fired);
    let carried = |scheme: &str| carried(library, &steps, scheme);
    let (slsa, attack, risk_explorer) = (carried("slsa"), carried("attack"), carried("risk-explorer"));
    let ids = |steps: Vec<&StepDecl>| steps.into_iter().map(|step| step.id.clone()).collect();
    let notes = |notes: &[ConstantNote]| notes.iter().map(|note| (note.step.clone(), note.parameter.clone())).collect();
    Coverage {
        kinds,
        kinds_not_modelled,
        steps: ids(steps),
        steps_not_fired: ids(steps_not_fired),
        slsa,
        attack,
        risk_explorer,
        ruled_out: notes(&compiled.ruled_out),
        dropped: notes(&compiled.dropped),
    }
}

/// Of the ids known of a scheme, those that some of these steps carry, and the others.
fn carried(library: &Library, steps: &[&StepDecl], scheme: &str) -> Carried {
    let fired: BTreeSet<&str> = steps.iter().flat_map(|step| references::ids(step, scheme)).collect();
    let known = references::known(library, scheme).into_iter();
    let (carried, not_carried) = known.partition(|id| fired.contains(id.as_str()));
    Carried { carried, not_carried }
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
