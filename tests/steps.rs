//! Every step of the library has a smallest model in which it fires, and a change to it after which it does not.
//!
//! `tests/fixtures/steps/<id>/fires.yaml` is a whole model, `silent.yaml` is laid over it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cotenant::diagnostic::{Diagnostic, render_all};
use cotenant::graph::ground;
use cotenant::library;
use cotenant::model::{self, Edits};
use cotenant::source::Source;
use cotenant::study::library_lint::{Fault, embedded, library_lint};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/steps")
}

fn ids() -> Vec<String> {
    library::load(&library::embedded(), None).unwrap().steps.into_iter().map(|step| step.id).collect()
}

/// The library steps that fire in the model of a step, with an overlay or without.
fn fired(step: &str, overlay: Option<&str>) -> Result<BTreeSet<String>, String> {
    let told = |found: Vec<Diagnostic>| render_all(&found, 5, false);
    let path = |name: &str| folder().join(step).join(name);
    let overlays = overlay.map(|name| model::read_file(&path(name))).transpose().map_err(|error| told(vec![error]))?;
    let edits = Edits { overlays: overlays.into_iter().collect(), ..Edits::default() };
    let (model, _) = model::load(&path("fires.yaml"), &edits).map_err(told)?;
    let compiled = ground::compile(&model).map_err(|faults| format!("{faults:?}"))?;
    Ok(compiled.fired)
}

#[test]
fn every_step_fires_where_it_should_and_is_silent_where_it_should_not() {
    let mut wrong = Vec::new();
    for step in ids() {
        match fired(&step, None) {
            Ok(fired) if fired.contains(&step) => {}
            Ok(_) => wrong.push(format!("{step}: does not fire in its fires.yaml")),
            Err(why) => wrong.push(format!("{step}: {why}")),
        }
        match fired(&step, Some("silent.yaml")) {
            Ok(fired) if fired.contains(&step) => wrong.push(format!("{step}: fires with its silent.yaml laid over")),
            Ok(_) => {}
            Err(why) => wrong.push(format!("{step}, silent: {why}")),
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Who may publish only once somebody approved gains no more by becoming an owner.
#[test]
fn a_grant_that_exercises_a_privilege_asks_what_the_privilege_asks() {
    for (step, verb) in [
        ("new-owner-uploads", "publish"),
        ("new-owner-commits", "write-source"),
        ("new-owner-submits", "submit-source"),
    ] {
        let text = std::fs::read_to_string(folder().join(step).join("fires.yaml")).unwrap();
        let asked = format!("may: {verb}, ");
        assert!(text.contains(&asked), "{step}");
        let gated = text
            .replace(&asked, &format!("{asked}approval: {{by: consenter, of: 1}}, delay: 3d, present: 0.5, guess: x, "))
            .replace("services:\n", "  - {id: consenter, is: reviewer, per: publisher}\nservices:\n");
        for (text, gates, delay_h, left_over) in [(&text, 0, 0.0, 0), (&gated, 1, 72.0, 1)] {
            let source = Source::new("m.yaml", text.clone());
            let (model, _) = model::load_source(&source, &model::beside, &Edits::default())
                .unwrap_or_else(|errors| panic!("{}", render_all(&errors, 5, false)));
            let graph = ground::compile(&model).unwrap().graph;
            let new_owners: Vec<_> = graph.steps.iter().filter(|found| found.name == step).collect();
            assert!(!new_owners.is_empty(), "{step}");
            for found in new_owners {
                let names = found.needs.iter().map(|id| graph.capability(*id).name.as_str());
                let passes = names.filter(|name| name.starts_with("pass(")).count();
                assert_eq!((passes, found.delay_h, found.assumptions.len()), (gates, delay_h, left_over), "{step}");
                assert_eq!(found.says.ends_with(", once approved"), gates > 0, "{}", found.says);
            }
        }
    }
}

#[test]
fn every_fixture_is_of_a_step() {
    let known: BTreeSet<String> = ids().into_iter().collect();
    let mut strange = Vec::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let id = path.file_name().unwrap().to_string_lossy().into_owned();
        let files: BTreeSet<String> = std::fs::read_dir(&path)
            .unwrap()
            .map(|file| file.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        let expected = BTreeSet::from(["fires.yaml".to_owned(), "silent.yaml".to_owned()]);
        if !known.contains(&id) || files != expected {
            strange.push(format!("{id}: {files:?}"));
        }
    }
    assert!(strange.is_empty(), "{}", strange.join("\n"));
}

#[test]
fn the_library_has_no_fault() {
    // Steps that no model sets off are listed in docs/steps/resting-on-one.md, which a test compares.
    let accepted = [Fault::SameEffort, Fault::NeverFires];
    let findings =
        library_lint(&library::load(&library::embedded(), None).unwrap(), &embedded().unwrap()).findings.into_iter();
    let faults: Vec<String> = findings
        .filter(|finding| !accepted.contains(&finding.fault))
        .map(|finding| format!("{} {}: {}", finding.fault.word(), finding.about, finding.says))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
