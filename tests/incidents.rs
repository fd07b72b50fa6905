//! The built-in incidents: the library finds each, by a path that looks like what happened, and what stopped or held does so here.
//!
//! `COTENANT_BLESS=1 cargo test --test incidents` records anew what is found.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::collections::BTreeSet;
use std::path::Path;

use cotenant::diagnostic::render_all;
use cotenant::model::incident::Modelled;
use cotenant::model::{self, Edits};
use cotenant::scenarios;
use cotenant::study::backtest::rates::{Group, rates};
use cotenant::study::backtest::record::Record;
use cotenant::study::backtest::{Case, NotJudged, judge};

/// Incidents that count.
const SCORED: usize = 36;
/// Least mean share of documented capabilities on the documented paths.
const SHAPE: f64 = 0.8;
/// Incidents of which something notable is known to have held.
const HELD: [&str; 6] =
    ["condaforge-2021", "debian-2003", "distro-2024-xz", "fedora-2008", "fedora-2011", "gentoo-2018"];

fn cases() -> Vec<Case> {
    let judged = scenarios::incidents().into_iter().map(|source| match judge(&source, &scenarios::resolve) {
        Ok(case) => case,
        Err(NotJudged::Wrong(errors)) => panic!("{}", render_all(&errors, 20, false)),
        Err(NotJudged::NoIncident) => panic!("{} is no incident", source.name),
    });
    judged.collect()
}

#[test]
fn every_incident_that_counts_is_as_documented() {
    let cases = cases();
    let scored: Vec<&Case> = cases.iter().filter(|case| case.incident.scored).collect();
    assert!(scored.len() >= SCORED, "{} incidents count", scored.len());
    let mut wrong = Vec::new();
    for case in &cases {
        assert_eq!(case.file, format!("scenarios/incidents/{}.yaml", case.id), "the file is named as the incident");
        assert!(!case.unrelated.is_empty(), "{} names no unrelated control", case.id);
        assert!(!case.incident.sources.is_empty(), "{} has no source", case.id);
        // One that was modelled blind may be wrong: that is what it is for. The record holds what it is now.
        if case.incident.scored && case.incident.modelled == Modelled::Fitted && !case.is_right() {
            wrong.push(format!(
                "{}: found {}, not trivial {}, controls {:?}, unrelated {:?}, held {:?}",
                case.id, case.chain.found, case.chain.not_trivial, case.chain.controls, case.unrelated, case.held
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let all = rates(&cases).into_iter().find(|rates| rates.group == Group::Fitted).unwrap();
    let (mean, of) = all.shape.unwrap();
    assert!(mean >= SHAPE, "{mean} over {of} incidents");
}

#[test]
fn what_is_known_to_have_held_is_asked() {
    let cases = cases();
    for id in HELD {
        let case = cases.iter().find(|case| case.id.starts_with(id)).unwrap_or_else(|| panic!("no {id}"));
        assert!(!case.held.is_empty(), "{id}");
    }
}

#[test]
fn no_control_is_left_unsaid() {
    for source in scenarios::incidents() {
        let (model, _) = model::load_source(&source, &scenarios::resolve, &Edits::default()).unwrap();
        let incident = model.incident.as_ref().unwrap();
        let mut said: BTreeSet<&str> = incident.documented_controls().into_iter().collect();
        said.extend(incident.unrelated.iter().map(String::as_str));
        // Controls of a design that the incident's model extends are that design's.
        let own = model.controls.iter().filter(|control| control.span.source.name == source.name);
        let unsaid: Vec<&String> = own.map(|control| &control.id).filter(|id| !said.contains(id.as_str())).collect();
        assert!(unsaid.is_empty(), "{}: {unsaid:?} is neither documented nor unrelated", source.name);
    }
}

#[test]
fn the_record_is_what_is_found() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/incidents/recorded.json");
    let now = Record::of(&cases()).render().unwrap();
    if std::env::var_os("COTENANT_BLESS").is_some() {
        std::fs::write(&path, &now).unwrap();
        return;
    }
    let have = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(have == now, "COTENANT_BLESS=1 cargo test --test incidents records anew");
    assert_eq!(scenarios::recorded(), Some(now.as_str()), "the record that is built in");
}
