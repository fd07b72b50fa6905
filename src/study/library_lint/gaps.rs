//! What is not there: capabilities nothing gains, metadata nobody wrote, references that lead nowhere.

use std::collections::BTreeSet;

use super::{Fault, Finding, Use};
use crate::graph::ground::{ACT_AS, PASSES};
use crate::library::names::ENGINE_VERBS;
use crate::library::{Atom, KindId, Library, StepDecl, references};

/// Schemes that every step refers to.
const REQUIRED: [&str; 4] = ["slsa", "attack", "cwe", "capec"];

/// Verbs nothing gains, and needs of steps that nothing can meet.
pub fn nothing_gains(library: &Library, models: &[Use]) -> Vec<Finding> {
    let mut gained: BTreeSet<(&str, KindId)> =
        library.steps.iter().map(|step| (step.gain.verb.as_str(), step.vars[step.gain.thing.var.0].1)).collect();
    let granted = models.iter().flat_map(|model| &model.granted);
    gained.extend(granted.filter_map(|(verb, kind)| Some((verb.as_str(), library.kind(kind)?))));
    // Every principal has its own root, and every gate is passed by its approvals.
    let root = |verb: &str| verb == ACT_AS || PASSES.contains(&verb);
    let mut found = Vec::new();
    for verb in library.verbs.iter().filter(|verb| !ENGINE_VERBS.contains(&verb.id.as_str())) {
        if !gained.iter().any(|(have, _)| *have == verb.id) {
            found.push(Finding::new(Fault::NothingGains, &verb.id, "no step gains it and no model grants it"));
        }
    }
    for step in &library.steps {
        for (verb, kind) in needs(step).filter(|(verb, _)| !root(verb)) {
            if !gained.iter().any(|(have, of)| *have == verb && library.overlap(*of, kind)) {
                let says = format!("needs {verb} over {}, which nothing gains", library.kinds[kind.0].id);
                found.push(Finding::new(Fault::NothingGains, &step.id, says));
            }
        }
    }
    found
}

fn needs(step: &StepDecl) -> impl Iterator<Item = (&str, KindId)> {
    step.when.iter().filter_map(|atom| match atom {
        Atom::Capability(term) => Some((term.verb.as_str(), step.vars[term.thing.var.0].1)),
        _ => None,
    })
}

/// What steps, assumptions, kinds and verbs do not say.
pub fn missing(library: &Library) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut tell = |about: &str, missing: bool, what: &str| {
        if missing {
            found.push(Finding::new(Fault::Missing, about, format!("says no {what}")));
        }
    };
    for step in &library.steps {
        let texts = [
            ("title", &step.title),
            ("sentence", &step.says),
            ("question", &step.question),
            ("false positives", &step.false_positives),
        ];
        for (what, text) in texts {
            tell(&step.id, text.trim().is_empty(), what);
        }
        tell(&step.id, step.stopped_by.iter().all(|text| text.trim().is_empty()), "control that stops it");
        tell(&step.id, step.effort.is_none(), "effort");
        tell(&step.id, step.detected <= 0.0, "chance of detection");
        for scheme in REQUIRED {
            tell(&step.id, references::ids(step, scheme).next().is_none(), references::scheme_name(scheme));
        }
    }
    for decl in &library.assumptions {
        tell(&decl.id, decl.text.trim().is_empty(), "text");
        tell(&decl.id, decl.question.trim().is_empty(), "question");
    }
    for kind in library.kinds.iter().filter(|kind| kind.parent.is_some_and(|at| library.kinds[at.0].section.is_some()))
    {
        tell(&kind.id, kind.says.trim().is_empty(), "meaning");
    }
    for verb in library.verbs.iter().filter(|verb| !ENGINE_VERBS.contains(&verb.id.as_str())) {
        tell(&verb.id, verb.says.trim().is_empty(), "meaning");
    }
    found
}

/// External ids without the form of their scheme, and incidents that no model describes.
pub fn references(library: &Library, models: &[Use]) -> Vec<Finding> {
    let incidents: BTreeSet<&str> =
        models.iter().filter(|model| model.incident).map(|model| model.id.as_str()).collect();
    let mut found = Vec::new();
    for step in &library.steps {
        for (scheme, ids) in &step.refs {
            for id in ids {
                if !references::is_well_formed(scheme, id) {
                    let says = format!("{id} is no {}", references::scheme_name(scheme));
                    found.push(Finding::new(Fault::BadReference, &step.id, says));
                } else if scheme == "incidents" && !incidents.contains(id.as_str()) {
                    found.push(Finding::new(Fault::BadReference, &step.id, format!("{id} is no incident model")));
                }
            }
        }
    }
    found
}
