//! The library as its models see it: every step is set off, everything needed can be gained, nothing is copied or left out; and the
//! lint that says so notices when it is not so.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::collections::BTreeSet;

use cotenant::diagnostic::render_all;
use cotenant::library::{self, Library};
use cotenant::study::library_lint::{Fault, Use, embedded, library_lint};

fn models() -> Vec<Use> {
    embedded().unwrap_or_else(|found| panic!("{}", render_all(&found, 20, false)))
}

fn built_in() -> Library {
    library::load(&library::embedded(), None).unwrap()
}

/// What the lint says with a change made to the library.
fn with(change: impl FnOnce(&mut Library)) -> BTreeSet<(Fault, String)> {
    let models = models();
    let mut library = built_in();
    let before: BTreeSet<_> = library_lint(&library, &models).findings.into_iter().collect();
    change(&mut library);
    let after = library_lint(&library, &models).findings.into_iter().filter(|finding| !before.contains(finding));
    after.map(|finding| (finding.fault, finding.about)).collect()
}

fn step<'a>(library: &'a mut Library, id: &str) -> &'a mut library::StepDecl {
    library.steps.iter_mut().find(|step| step.id == id).unwrap()
}

fn one(fault: Fault, about: &str) -> BTreeSet<(Fault, String)> {
    BTreeSet::from([(fault, about.to_owned())])
}

#[test]
fn without_any_one_model_the_steps_that_were_there_for_it_alone_are_named() {
    let (library, models) = (built_in(), models());
    let unfired = |models: &[Use]| -> BTreeSet<String> {
        let findings = library_lint(&library, models).findings.into_iter();
        findings.filter(|finding| finding.fault == Fault::NeverFires).map(|finding| finding.about).collect()
    };
    let before = unfired(&models);
    let mut alone_in_all = 0;
    for at in 0..models.len() {
        let mut rest = models.clone();
        let left_out = rest.remove(at);
        let alone: BTreeSet<String> = left_out
            .fired
            .iter()
            .filter(|step| !rest.iter().any(|model| model.fired.contains(*step)))
            .cloned()
            .collect();
        alone_in_all += alone.len();
        let named: BTreeSet<String> = unfired(&rest).difference(&before).cloned().collect();
        assert_eq!(named, alone, "{}", left_out.id);
        let resting = library_lint(&library, &models).resting;
        for step in &alone {
            assert!(resting.iter().any(|one| one.step == *step && one.models == [left_out.id.clone()]), "{step}");
        }
    }
    assert!(alone_in_all > 0, "some step is there for one model alone");
}

#[test]
fn copies_are_told_even_with_another_comma() {
    let copied = with(|library| {
        let text = step(library, "phish-login").question.replace(' ', "  ").to_uppercase();
        step(library, "reset-through-mail").question = text;
    });
    assert_eq!(copied, one(Fault::Copied, "reset-through-mail"));
    let copied = with(|library| {
        let text = step(library, "phish-login").false_positives.clone() + "!";
        step(library, "reset-through-mail").false_positives = text;
    });
    assert_eq!(copied, one(Fault::Copied, "reset-through-mail"));
}

#[test]
fn what_is_not_said_is_told() {
    assert_eq!(with(|library| step(library, "phish-login").question.clear()), one(Fault::Missing, "phish-login"));
    assert_eq!(with(|library| step(library, "phish-login").stopped_by.clear()), one(Fault::Missing, "phish-login"));
    assert_eq!(with(|library| step(library, "phish-login").effort = None), one(Fault::Missing, "phish-login"));
    assert_eq!(
        with(|library| step(library, "phish-login").refs.retain(|(scheme, _)| scheme != "slsa")),
        one(Fault::Missing, "phish-login")
    );
    assert_eq!(
        with(|library| step(library, "phish-login").refs.push(("cwe".to_owned(), vec!["502".to_owned()]))),
        one(Fault::BadReference, "phish-login")
    );
    assert_eq!(
        with(|library| step(library, "phish-login")
            .refs
            .push(("incidents".to_owned(), vec!["nowhere-1999".to_owned()]))),
        one(Fault::BadReference, "phish-login")
    );
}

#[test]
fn a_need_that_nothing_gains_is_told() {
    let (mut library, mut models) = (built_in(), models());
    library.steps.retain(|step| step.gain.verb != "run-code");
    models.iter_mut().for_each(|model| model.granted.retain(|(verb, _)| verb != "run-code"));
    let findings = library_lint(&library, &models).findings.into_iter();
    let found: BTreeSet<(Fault, String)> = findings.map(|finding| (finding.fault, finding.about)).collect();
    assert!(found.contains(&(Fault::NothingGains, "run-code".to_owned())), "{found:?}");
    assert!(found.contains(&(Fault::NothingGains, "code-acts-as-service".to_owned())), "{found:?}");
}

#[test]
fn a_step_that_speaks_of_an_incident_is_told() {
    let mut models = models();
    let mut library = built_in();
    let mut incident = models[0].clone();
    (incident.incident, incident.id, incident.index) = (true, "acme-2016-parser".into(), "Acme Packages".into());
    models.push(incident);
    let names = |library: &Library| -> Vec<String> {
        let findings = library_lint(library, &models).findings.into_iter();
        findings.filter(|finding| finding.fault == Fault::ProperName).map(|finding| finding.says).collect()
    };
    let before = names(&library).len();
    step(&mut library, "phish-login").says.push_str(", as at Acme");
    step(&mut library, "phish-login").question.push_str(" As at acme packages?");
    let found = names(&library);
    assert_eq!(found.len(), before + 2, "{found:?}");
}
