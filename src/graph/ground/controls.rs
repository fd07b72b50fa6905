//! Monotone controls as guards on steps: `blocks` takes steps out, `lowers` swaps a step for one that rests on a lower number.

use super::draft::{About, Draft, Variable};
use super::steps::parameter;
use crate::library::Library;
use crate::model::{Control, ControlEffect, Model};
use crate::units::Failure;

/// The controls that stay switches in the graph, in order. Patches were applied before the model was resolved.
pub fn monotone(model: &Model) -> Vec<&Control> {
    model.controls.iter().filter(|control| !matches!(control.effect, ControlEffect::Patch)).collect()
}

/// Puts guards on drafts, and adds the lowered variants.
pub fn guard(model: &Model, drafts: Vec<Draft>) -> Vec<Draft> {
    let controls = monotone(model);
    let mut out = Vec::new();
    for mut draft in drafts {
        draft.unless = blocking(&controls, &draft);
        out.extend(lowered(model, &controls, draft));
    }
    out
}

fn blocking(controls: &[&Control], draft: &Draft) -> Vec<usize> {
    let touched: Vec<_> = draft.touches().into_iter().chain(draft.subjects.iter().copied()).map(|i| i.entity).collect();
    let blocks = |control: &Control| match &control.effect {
        ControlEffect::Blocks(steps) => {
            steps.iter().any(|(step, of)| *step == draft.name && of.is_none_or(|of| touched.contains(&of)))
        }
        _ => false,
    };
    (0..controls.len()).filter(|at| blocks(controls[*at])).collect()
}

/// One variant per control that lowers one of the draft's numbers; of several, the lowest that is on counts.
fn lowered(model: &Model, controls: &[&Control], draft: Draft) -> Vec<Draft> {
    let mut variants = vec![draft];
    let count = variants[0].variables.len();
    for at in 0..count {
        let mut next = Vec::new();
        for variant in variants {
            let lowering = lowering(model, controls, &variant.variables[at]);
            let Variable::Declared { assumption, about, .. } = variant.variables[at].clone() else {
                next.push(variant);
                continue;
            };
            let mut off: Vec<usize> = Vec::new();
            for (control, failure) in &lowering {
                if failure.constant() != Some(false) {
                    let mut copy = variant.clone();
                    copy.variables[at] =
                        Variable::Declared { assumption, about: about.clone(), lowered_by: Some(*control) };
                    copy.only_with.push(*control);
                    copy.unless.extend(&off);
                    next.push(tidy(copy));
                }
                off.push(*control);
            }
            let mut plain = variant;
            plain.unless.extend(&off);
            next.push(tidy(plain));
        }
        variants = next;
    }
    variants.retain(|variant| !variant.only_with.iter().any(|control| variant.unless.contains(control)));
    variants
}

fn tidy(mut draft: Draft) -> Draft {
    for guards in [&mut draft.unless, &mut draft.only_with] {
        guards.sort_unstable();
        guards.dedup();
    }
    draft
}

/// Controls that lower a variable's parameter, lowest number first.
fn lowering(model: &Model, controls: &[&Control], variable: &Variable) -> Vec<(usize, Failure)> {
    let Variable::Declared { assumption, about, .. } = variable else { return Vec::new() };
    let Some(id) = parameter_id(&model.library, *assumption, about) else { return Vec::new() };
    let mut found: Vec<(usize, Failure)> = Vec::new();
    for (at, control) in controls.iter().enumerate() {
        if let ControlEffect::Lowers(entries) = &control.effect {
            found.extend(entries.iter().filter(|(parameter, _)| *parameter == id).map(|(_, failure)| (at, *failure)));
        }
    }
    let days = model.horizon_days;
    found.sort_by(|a, b| a.1.probability(days).total_cmp(&b.1.probability(days)).then(a.0.cmp(&b.0)));
    found
}

fn parameter_id(library: &Library, assumption: usize, about: &[About]) -> Option<String> {
    parameter(&library.assumptions[assumption].fails, about).map(|parameter| parameter.id.clone())
}
