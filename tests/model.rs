//! Models: what the loader makes of them, and what edits do.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod minilib;

use cotenant::model::{ControlEffect, Edits, Population, Role, Scope, Value};
use minilib::{expect_model, good, load_text};

#[test]
fn the_good_model_resolves() {
    let (model, warnings) = expect_model(load_text(&good(), &Edits::default()));
    assert_eq!(warnings, []);
    let publisher = model.find("publisher").unwrap();
    assert_eq!(model.entity(publisher).population, Population::Base { count: 35_000 });
    let tenant = model.find("tenant").unwrap();
    assert_eq!(model.entity(tenant).population, Population::Each { base: publisher });
    assert_eq!(model.refs(tenant, "runs-on"), [model.find("builder").unwrap()]);
    let ids: Vec<&str> = model.threats.iter().map(|threat| threat.id.as_str()).collect();
    assert_eq!(ids, ["impersonation", "vendor-breach.mail-host"]);
    assert_eq!(model.threats[0].goal.role, Role::Victim);
    assert_eq!(model.privileges[2].scope, Scope::Any);
    let gate = model.privileges[3].gate.unwrap();
    assert_eq!(model.entity(gate).id, "project-publish-approval");
    assert_eq!(model.entity(gate).gate.as_ref().unwrap().of, 2);
    assert_eq!(model.privileges[3].delay_hours, 48.0);
    assert_eq!(model.works.len(), 1);
    assert!(matches!(model.controls[0].effect, ControlEffect::Patch));
    assert_eq!(model.controls[0].cost, Some((30.0, 2.0)));
    assert!(model.hash.starts_with("sha256:") && model.hash.len() == 71);
    let index = model.entity(model.find("index").unwrap());
    let value = |name: &str| &index.fields.iter().find(|field| field.name == name).unwrap().value;
    assert_eq!(value("queue"), &Value::Hours(2.0));
    assert_eq!(value("external"), &Value::Flag(false));
}

fn edits() -> Edits {
    Edits::default()
}

fn sets(pairs: &[(&str, &str)]) -> Edits {
    Edits { sets: pairs.iter().map(|(path, value)| ((*path).to_owned(), (*value).to_owned())).collect(), ..edits() }
}

fn without(ids: &[&str]) -> Edits {
    Edits { without: ids.iter().map(|id| (*id).to_owned()).collect(), ..edits() }
}

#[test]
fn sets_win() {
    let text = good();
    let edits = Edits {
        with: vec!["vm-per-build".to_owned()],
        ..sets(&[
            ("tenant.isolation", "microvm"),
            ("publisher.count", "10"),
            ("publisher.joins", "closed"),
            ("threats.impersonation.tolerate", "no-grant"),
            ("parameters.boundary-holds.vm.fails.per-year", "0.5"),
            ("horizon", "90d"),
            ("submit.delay", "2d"),
        ])
    };
    let (model, _) = expect_model(load_text(&text, &edits));
    let tenant = model.entity(model.find("tenant").unwrap());
    let isolation = tenant.fields.iter().find(|field| field.name == "isolation").unwrap();
    assert_eq!(isolation.value, Value::One("microvm".to_owned()));
    assert_eq!(isolation.span.source.name, "--set");
    assert_eq!(model.entity(model.find("publisher").unwrap()).population, Population::Base { count: 10 });
    assert!(model.threats[0].tolerate.no_grant);
    assert_eq!(model.horizon_days, 90.0);
    assert_eq!(model.privileges[0].delay_hours, 48.0);
    assert!(model.controls[0].on && !model.controls[1].on);
    let vm = model.library.parameters().find(|parameter| parameter.id == "boundary-holds.vm").unwrap();
    assert_eq!(vm.failure.number.nominal(), 0.5);
    let (plain, _) = expect_model(load_text(&text, &Edits::default()));
    assert_ne!(plain.hash, model.hash);
}

#[test]
fn a_patch_control_changes_the_model() {
    let edits = Edits { with: vec!["vm-per-build".to_owned()], ..edits() };
    let (model, _) = expect_model(load_text(&good(), &edits));
    let tenant = model.entity(model.find("tenant").unwrap());
    assert!(tenant.fields.iter().any(|field| field.value == Value::One("vm".to_owned())));
}

#[test]
fn removing_takes_along_what_names_it() {
    let (model, _) = expect_model(load_text(&good(), &without(&["deploy-key"])));
    assert!(model.find("deploy-key").is_none());
    assert!(model.privileges.iter().all(|privilege| privilege.id.as_deref() != Some("builder-publishes")));
    assert!(model.refs(model.find("builder").unwrap(), "holds").is_empty());
    assert!(model.notes.iter().any(|said| said.contains("`builder-publishes`")), "{:?}", model.notes);
    assert!(model.lost_threats.is_empty());
}

#[test]
fn a_privilege_that_goes_with_its_asset_is_struck_from_controls() {
    let text = "cotenant: 1\nextend: good/native-build.yaml\ndesign: variant\n\
                controls:\n- {id: no-publishing, title: Builds publish nothing, cost: {build: 1d, upkeep: 0d/month}, remove: [builder-publishes]}\n";
    let (model, _) = expect_model(load_text(text, &without(&["deploy-key"])));
    assert!(model.controls.iter().all(|control| control.id != "no-publishing"), "it has nothing left to do");
    let said = "control `no-publishing` goes with `builder-publishes`";
    assert!(model.notes.iter().any(|line| line == said), "{:?}", model.notes);
}

#[test]
fn removing_a_required_host_takes_its_tenants() {
    let (model, _) = expect_model(load_text(&good(), &without(&["builder"])));
    assert!(model.find("tenant").is_none() && model.find("builder").is_none());
    assert!(model.controls.iter().all(|control| control.id != "vm-per-build"), "its only patch is gone");
    assert!(
        model.notes.iter().any(|said| said == "`tenant` is removed, its `runs-on` was `builder`"),
        "{:?}",
        model.notes
    );
}

#[test]
fn lost_threats_are_told() {
    let (model, _) = expect_model(load_text(&good(), &without(&["mail-host"])));
    assert_eq!(model.lost_threats, [("vendor-breach.mail-host".to_owned(), "A vendor publishes".to_owned())]);
    assert!(model.threats.iter().any(|threat| threat.group == "vendor-breach" && threat.not_applicable.is_some()));
    let (model, _) = expect_model(load_text(&good(), &without(&["project"])));
    assert_eq!(model.lost_threats.len(), 2);
    assert!(model.threats.is_empty() && model.works.is_empty());
}

#[test]
fn one_member_is_not_applicable() {
    let (model, _) = expect_model(load_text(&good(), &sets(&[("publisher.count", "1")])));
    assert_eq!(model.threats[0].not_applicable.as_deref(), Some("`publisher` has fewer than two members"));
    assert_eq!(model.works[0].role, Role::Only);
}

#[test]
fn overlays_and_extension_lay_entry_over_entry() {
    let text = "cotenant: 1\nextend: good/native-build.yaml\ndesign: variant\n\
                services:\n- {id: tenant, isolation: vm}\n- {id: mirror, is: index, operated-by: index-admin}\n\
                remove: [no-recovery]\n";
    let (model, _) = expect_model(load_text(text, &edits()));
    assert_eq!(model.design, "variant");
    assert_eq!(model.title, "The index builds for its publishers");
    assert!(model.find("mirror").is_some());
    assert!(model.controls.iter().all(|control| control.id != "no-recovery"));
    let overlay = cotenant::source::Source::new("o.yaml", "assets:\n- {id: password, second-factor: totp}\n");
    let edits = Edits { overlays: vec![overlay], ..edits() };
    let (model, _) = expect_model(load_text(text, &edits));
    let password = model.entity(model.find("password").unwrap());
    assert!(password.fields.iter().any(|field| field.value == Value::One("totp".to_owned())));
    assert_eq!(model.refs(model.find("password").unwrap(), "recovery").len(), 1, "other fields stay");
}

#[test]
fn populations_line_up() {
    let text = "cotenant: 1\ndesign: d\nactors:\n\
        - {id: project-team, is: publisher, per: project, count: 3}\n\
        services:\n- {id: host, is: build-host, per: {project: 20}}\n\
        - {id: tenant, is: build-tenant, per: project, runs-on: host, isolation: vm, builds: project}\n\
        assets:\n- {id: project, is: project, count: 100}\n- {id: key, is: credential, per: project-team, proves: project-team}\n\
        privileges:\n- {who: project-team, may: publish, over: project, approval: {by: project-team, of: 2}}\n\
        threats:\n- {id: t, attacker: project-team, victim: {project: chosen}, goal: run-code(tenant.mate)}\n\
        - {id: u, attacker: project-team, victim: {project: some}, goal: act-as(project-team.owner)}\n";
    let (model, _) = expect_model(load_text(text, &edits()));
    let id = |name: &str| model.find(name).unwrap();
    let team = Population::Many { base: id("project"), axis: id("project-team"), count: 3 };
    assert_eq!(model.entity(id("project-team")).population, team);
    assert_eq!(model.entity(id("key")).population, team);
    assert_eq!(model.entity(id("host")).population, Population::Group { base: id("project"), size: 20 });
    assert_eq!(model.entity(id("project-publish-approval")).population, Population::Each { base: id("project") });
    assert_eq!(model.threats[0].goal.role, Role::Mate);
    assert_eq!(model.threats[1].goal.role, Role::Owner);
}

/// A model in which single lists are replaced, as codes.
fn refused(replace: &str, by: &str) -> Vec<cotenant::diagnostic::Code> {
    let text = good();
    assert!(text.contains(replace), "{replace}");
    minilib::codes(load_text(&text.replacen(replace, by, 1), &edits()))
}

#[test]
fn mistakes_in_a_model_have_their_code() {
    use cotenant::diagnostic::Code::*;
    let publisher = "count: 35000, joins: open}";
    let builder = "people: 3}";
    let tenant = "network: [index, mirror], served-by: index-admin}";
    let project = "{id: project, is: project, per: publisher}";
    let submit = "over: project}\n  - {id: tenant-publishes";
    let admin = "approval: {by: index-admin, of: 2}, delay: 2d}";
    let vm = "cost: {build: 30d, upkeep: 2d/month}}";
    let blocks = "blocks: [recover-by-mail]";
    let lowers = "lowers: {boundary-holds.container: 0.005}";
    let victim = "victim: {publisher: chosen}";
    let goal = "goal: publish(project.victim)\n";
    let tolerate = "tolerate: {failures: 1, trusting: [index-admin, mail-host]}";
    let each = "attacker: {each: external}";
    let wider = "guess: a wider guess}";
    let mut wrong = Vec::new();
    for (replace, by, code) in [
        (publisher, "count: 35000, joins: opn}", UnknownValue),
        (publisher, "count: 35000, joins: {approval: {by: index-admin, of: 7}}}", BadGate),
        (publisher, "count: 35000, joins: {approval: {of: 1}}}", MissingKey),
        (publisher, "count: 35000, joins: {approval: {by: project}}}", WrongKind),
        (builder, "people: 1.5}", OutOfRange),
        (builder, "people: 3, present: 0.5}", MisplacedKey),
        (builder, "people: 3, by: index-admin}", MisplacedKey),
        (builder, "people: 3, operated-by: index-admin}", DuplicateKey),
        (tenant, "network: [index, index], served-by: index-admin}", DuplicateId),
        (tenant, "network: index, served-by: index-admin}", WrongType),
        (tenant, "served-by: [index-admin]}", WrongType),
        (tenant, "reaches: [password, password]}", DuplicateId),
        (tenant, "reaches: [submit]}", UnknownEntity),
        (project, "{id: project, is: project, per: publisher, count: 0}", OutOfRange),
        (project, "{id: project, is: project, per: {publisher: 20, index-admin: 2}}", WrongType),
        (submit, "over: project, scope: all}\n  - {id: tenant-publishes", UnknownValue),
        (submit, "over: project, using: index}\n  - {id: tenant-publishes", WrongKind),
        (submit, "over: project, via: password}\n  - {id: tenant-publishes", WrongKind),
        (submit, "over: project, present: 2, guess: g}\n  - {id: tenant-publishes", OutOfRange),
        (submit, "over: password}\n  - {id: tenant-publishes", WrongKind),
        (
            submit,
            "over: project}\n  - {id: impersonation, who: index, may: publish, over: project}\n  - {id: tenant-publishes",
            DuplicateId,
        ),
        (admin, "approval: index}", BadGate),
        (admin, "approval: {by: index-admin, of: 0}}", OutOfRange),
        (vm, "cost: {}}", MissingKey),
        (vm, "cost: {build: 30d, upkeep: 2d}}", BadDuration),
        (vm, "blocks: [recover-by-mail]}", ConflictingKeys),
        (blocks, "blocks: [recover-by-mail, recover-by-mail]", DuplicateId),
        (blocks, "blocks: [{step: recover-by-mail, of: nobody}]", UnknownEntity),
        (lowers, "lowers: {boundary-holds.container: {events-per-year: 0.001}}", NotLower),
        (lowers, "lowers: {boundary-holds.contaner: 0.001}", UnknownParameter),
        (victim, "victim: {publisher: choosen}", UnknownValue),
        (victim, "victim: {index: chosen}", BadRole),
        (victim, "victim: publisher", WrongType),
        (goal, "goal: publish(project)\n", BadRole),
        (goal, "goal: publish(project.owner)\n", BadRole),
        (goal, "goal: run-code(builder.victim)\n", BadRole),
        (goal, "goal: know(project.victim)\n", WrongKind),
        (tolerate, "tolerate: some", UnknownValue),
        (tolerate, "tolerate: {probability: 2}", OutOfRange),
        (tolerate, "tolerate: {failures: 1, trusting: [project]}", WrongKind),
        (tolerate, "tolerate: {}", ConflictingKeys),
        (tolerate, "tolerate: {trusting: [index-admin]}", ConflictingKeys),
        (each, "attacker: {each: project}", WrongKind),
        (each, "attacker: {each: martian}", UnknownKind),
        (each, "attacker: password", WrongKind),
        ("works: [publish(project.attacker)]", "works: [publish(project.victim)]", BadRole),
        (wider, "guess: a wider guess}\n  - {id: boundary-holds.microvm, fails: 1}", DuplicateId),
        (wider, "guess: a wider guess, source: both}", ConflictingKeys),
    ] {
        let found = refused(replace, by);
        if found != [code] {
            wrong.push(format!("{by}: {found:?}, not {code:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
