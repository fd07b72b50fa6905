//! The library loader: what it makes of kinds, verbs, assumptions and steps, and what it refuses.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod minilib;

use cotenant::diagnostic::{Code, render_all};
use cotenant::library::{self, Arg, Atom, Effect, Fails, FieldType, Section};
use cotenant::source::Source;
use cotenant::units::{Effort, FailureKind, Grade, Number};

#[test]
fn the_small_library_is_typed() {
    let library = library::load(&minilib::library(), None).unwrap();
    let kind = |id: &str| library.kind(id).unwrap();
    assert!(library.is_a(kind("build-tenant"), kind("principal")) && !library.is_a(kind("project"), kind("principal")));
    assert_eq!(library.kinds[kind("credential").0].section, Some(Section::Assets));
    assert!(library.kinds.iter().enumerate().all(|(at, kind)| kind.parent.is_none_or(|parent| parent.0 < at)));
    let factor = library.field(kind("credential"), "second-factor").unwrap();
    assert!(matches!(&factor.ty, FieldType::Value(values, Some(default)) if values.len() == 3 && default == "none"));
    assert!(library.field(kind("build-tenant"), "external").is_some(), "inherited from service");
    let step = library.step("escape-build-tenant").unwrap();
    assert_eq!(step.effort, Some(Effort::Lognormal { median_h: 40.0, p90_h: 400.0 }));
    assert_eq!((step.detected, step.effect, step.grant), (0.2, Effect::Prevents, false));
    assert!(matches!(&step.when[2], Atom::Has { negated: true, .. }));
    assert!(matches!(&step.rests_on[0].args[1], Arg::Value { field, .. } if field == "isolation"));
    let decl = &library.assumptions[step.rests_on[0].assumption];
    let Fails::Table { by: 1, entries } = &decl.fails else { panic!() };
    assert_eq!(entries[0].1.failure.constant(), Some(true));
    assert_eq!(entries[1].1.failure.number, Number::Range([0.002, 0.02, 0.1]));
    assert!(matches!(entries[3].1.grade, Grade::Derived(_)));
    let mail = library.parameters().find(|parameter| parameter.id == "mailbox-safe").unwrap();
    assert_eq!(mail.failure.kind, FailureKind::Events);
}

#[test]
fn engine_verbs_are_there_without_a_file() {
    let library = library::load(&[], None).unwrap();
    let verbs: Vec<&str> = library.verbs.iter().map(|verb| verb.id.as_str()).collect();
    assert_eq!(verbs, ["act-as", "know", "pass", "pass-own"]);
}

#[test]
fn a_model_overrides_by_id_and_key() {
    let text = "library:\n  steps:\n  - {step: escape-build-tenant, detected: 0.5}\n  kinds:\n  - kind: build-tenant\n    fields:\n      cached: {flag: true}\n";
    let node = cotenant::yaml::parse(&Source::new("m.yaml", text)).unwrap();
    let library = library::load(&minilib::library(), node.get("library")).unwrap();
    let step = library.step("escape-build-tenant").unwrap();
    assert_eq!((step.detected, step.title.is_empty()), (0.5, false));
    assert_eq!(step.span.source.name, "m.yaml");
    let tenant = library.kind("build-tenant").unwrap();
    assert!(library.field(tenant, "cached").is_some() && library.field(tenant, "isolation").is_some());
}

/// Codes for a small file laid beside the small library.
fn refused(text: &str) -> Vec<Code> {
    let mut sources = minilib::library();
    sources.push(Source::new("x.yaml", text));
    match library::load(&sources, None) {
        Ok(_) => Vec::new(),
        Err(errors) => {
            assert!(
                errors.iter().all(|error| error.span.as_ref().is_some_and(|span| span.source.name == "x.yaml")),
                "{}",
                render_all(&errors, 9, false)
            );
            errors.iter().map(|error| error.code).collect()
        }
    }
}

#[test]
fn kinds_are_checked() {
    for (entry, code) in [
        ("kind: robot", Code::MissingKey),
        ("kind: robot, is: machine", Code::UnknownKind),
        ("kind: robot, is: principal", Code::WrongKind),
        ("kind: robot, is: robot", Code::KindCycle),
        ("kind: asset, is: actor", Code::WrongKind),
        ("kind: victim, is: actor", Code::ReservedWord),
        ("kind: external, is: service", Code::ReservedWord),
        ("kind: Robot, is: actor", Code::BadId),
        ("kind: index, is: service", Code::DuplicateId),
        ("kind: robot, is: service, gates: true", Code::UnknownKey),
        ("kind: robot, is: service, gate: yes", Code::BadBoolean),
        ("kind: robot, is: service, fields: {external: {flag: true}}", Code::DuplicateId),
        ("kind: robot, is: service, fields: {count: {flag: true}}", Code::ReservedWord),
        ("kind: robot, is: service, fields: {owner: {ref: project}}", Code::ReservedWord),
        ("kind: robot, is: service, fields: {admitted-by: {ref: project}}", Code::ReservedWord),
        ("kind: robot, is: service, fields: {arms: {}}", Code::ConflictingKeys),
        ("kind: robot, is: service, fields: {arms: {flag: true, text: true}}", Code::ConflictingKeys),
        ("kind: robot, is: service, fields: {arms: {ref: projet}}", Code::UnknownKind),
        ("kind: robot, is: service, fields: {arms: {value: [a, b, a]}}", Code::DuplicateId),
        ("kind: robot, is: service, fields: {arms: {value: [yes, sure]}}", Code::UnquotedText),
        ("kind: robot, is: service, fields: {arms: {value: [A]}}", Code::BadId),
        ("kind: robot, is: service, fields: {arms: {value: [a], default: b}}", Code::UnknownValue),
        ("kind: robot, is: service, fields: {arms: {value: [a], default: a, required: true}}", Code::ConflictingKeys),
        ("kind: robot, is: service, fields: {arms: {flag: true, default: true}}", Code::MisplacedKey),
        ("kind: robot, is: service, fields: {arms: {flag: true, class: true}}", Code::MisplacedKey),
        ("kind: robot, is: service, fields: {arms: {number: {min: 3, max: 2}}}", Code::BadRange),
        ("kind: robot, is: service, fields: {arms: {text: false}}", Code::BadBoolean),
        ("kind: robot, is: service, fields: {Arms: {text: true}}", Code::BadId),
        ("kind: robot, is: service, fields: [arms]", Code::WrongType),
    ] {
        assert_eq!(refused(&format!("kinds:\n- {{{entry}}}\n")), [code], "{entry}");
    }
    assert_eq!(refused("kinds: {}\n"), [Code::WrongType]);
    assert_eq!(refused("kind: robot\n"), [Code::UnknownKey]);
    assert_eq!(refused("- robot\n"), [Code::WrongType]);
}

#[test]
fn verbs_and_assumptions_are_checked() {
    for (entry, code) in [
        ("verb: build", Code::MissingKey),
        ("verb: build, over: [projects]", Code::UnknownKind),
        ("verb: build, over: [project], says: \"{who} builds\"", Code::BadPlaceholder),
        ("verb: publish, over: [project]", Code::DuplicateId),
    ] {
        assert_eq!(refused(&format!("verbs:\n- {{{entry}}}\n")), [code], "{entry}");
    }
    let ok = "assumption: lucky, about: [Who], text: \"{Who} is lucky\"";
    for (entry, code) in [
        (format!("{ok}, fails: 0.5"), Code::WrongType),
        (format!("{ok}, fails: {{at-any-time: 0.5}}"), Code::MissingSource),
        (format!("{ok}, fails: {{at-any-time: 1.5, guess: g}}"), Code::OutOfRange),
        (format!("{ok}, fails: {{per-year: -0.1, guess: g}}"), Code::OutOfRange),
        (format!("{ok}, fails: {{per-year: 0.1, at-any-time: 0.1, guess: g}}"), Code::ConflictingKeys),
        (format!("{ok}, fails: {{guess: g}}"), Code::ConflictingKeys),
        (format!("{ok}, fails: {{per-year: 0.1, guess: g}}, source: s"), Code::ConflictingKeys),
        (format!("{ok}, fails: {{per-year: 0.1, guess: true}}"), Code::UnquotedText),
        (format!("{ok}, fails: {{per-year: {{low: 0.1, high: 0.2}}, guess: g}}"), Code::MissingKey),
        (format!("{ok}, fails: {{by: Whom, a: 1}}"), Code::UnknownVariable),
        (format!("{ok}, fails: {{by: Who}}"), Code::BadTable),
        (format!("{ok}, fails: {{by: Who, a: 1}}, source: s"), Code::MisplacedKey),
        (ok.to_owned(), Code::MissingKey),
        ("assumption: lucky, about: [Who], text: \"{Whom}\", fails: 1".to_owned(), Code::BadPlaceholder),
        ("assumption: lucky, about: [Who], text: \"{Who\", fails: 1".to_owned(), Code::BadPlaceholder),
        ("assumption: lucky, about: [who], text: t, fails: 1".to_owned(), Code::BadId),
        ("assumption: lucky, about: [Who, Who], text: t, fails: 1".to_owned(), Code::DuplicateId),
        ("assumption: lucky, about: [A, B], text: t, honesty: true, fails: 1".to_owned(), Code::BadArguments),
    ] {
        assert_eq!(refused(&format!("assumptions:\n- {{{entry}}}\n")), [code], "{entry}");
    }
    let events = "assumption: lucky, about: [Who], text: t, fails: {events-per-year: 12, guess: g}";
    assert_eq!(refused(&format!("assumptions:\n- {{{events}}}\n")), []);
}

/// A step with some keys replaced.
fn step(keys: &[(&str, &str)]) -> String {
    let mut entries = vec![
        ("step", "peek"),
        ("title", "Look at a secret"),
        ("for", "{Tenant: build-tenant, Host: build-host}"),
        ("when", "[\"run-code(Tenant)\", \"Tenant runs-on Host\"]"),
        ("gain", "run-code(Host)"),
        ("says", "\"{Tenant} looks at {Host}\""),
    ];
    for (key, value) in keys {
        entries.retain(|(have, _)| have != key);
        entries.push((key, value));
    }
    let lines = entries.into_iter().filter(|(_, value)| !value.is_empty());
    lines.map(|(key, value)| format!("{key}: {value}\n")).collect()
}

#[test]
fn steps_are_checked() {
    assert_eq!(refused(&step(&[])), []);
    for (key, value, code) in [
        ("title", "", Code::MissingKey),
        ("gain", "", Code::MissingKey),
        ("says", "", Code::MissingKey),
        ("for", "", Code::MissingKey),
        ("for", "{Tenant: tenant, Host: build-host}", Code::UnknownKind),
        ("for", "{tenant: build-tenant, Host: build-host}", Code::BadId),
        ("for", "{Tenant: build-tenant, Host: build-host, Key: credential}", Code::UnknownVariable),
        ("gain", "run-code(Guest)", Code::UnknownVariable),
        ("gain", "run(Host)", Code::UnknownVerb),
        ("gain", "publish(Host)", Code::WrongKind),
        ("gain", "run-code Host", Code::BadCapability),
        ("when", "[\"Tenant runs-on Host\", \"Tenant holds Host\"]", Code::UnknownField),
        ("when", "[\"Tenant runs-on Tenant\", \"run-code(Host)\"]", Code::WrongKind),
        ("when", "[\"Tenant runs-on Host.class\"]", Code::BadAtom),
        ("when", "[\"Tenant runs-on Host\", \"Tenant.isolation is glass\"]", Code::UnknownValue),
        ("when", "[\"Tenant runs-on Host\", \"Tenant.isolation in [vm, glass]\"]", Code::UnknownValue),
        ("when", "[\"Tenant runs-on Host\", \"Tenant.isolation has vm\"]", Code::BadAtom),
        ("when", "[\"Tenant runs-on Host\", \"Tenant.runs-on is vm\"]", Code::BadAtom),
        ("when", "[\"Tenant runs-on Host\", \"Tenant.network is mirror\"]", Code::BadAtom),
        ("when", "[\"Tenant runs-on Host\", \"Tenant.colour is red\"]", Code::UnknownField),
        ("when", "[\"Tenant runs-on Host\", \"Tenant.external is vm\"]", Code::UnknownValue),
        ("when", "[\"Tenant runs-on Host\", \"Host may publish Tenant\"]", Code::WrongKind),
        ("when", "[Tenant]", Code::BadAtom),
        ("when", "\"Tenant runs-on Host\"", Code::WrongType),
        ("rests-on", "[{boundary-holds: [Host]}]", Code::BadArguments),
        ("rests-on", "[{boundary-holds: [Host, Tenant]}]", Code::BadArguments),
        ("rests-on", "[{boundary-holds: [Host, Tenant.network]}]", Code::BadArguments),
        ("rests-on", "[{boundary-holds: [Host, Tenant.glass]}]", Code::UnknownField),
        ("rests-on", "[{honest: [Guest]}]", Code::UnknownVariable),
        ("rests-on", "[{honest: [Host]}, {honest: Host}]", Code::DuplicateId),
        ("rests-on", "[honest]", Code::WrongType),
        ("rests-on", "[{onest: [Host]}]", Code::UnknownAssumption),
        ("detected", "2", Code::OutOfRange),
        ("detected", "often", Code::BadNumber),
        ("effort", "{median: 40h}", Code::ConflictingKeys),
        ("effort", "{median: 40h, p90: 4h}", Code::BadRange),
        ("effort", "{low: 1h, mode: 3h, high: 2h}", Code::BadRange),
        ("effort", "{constant: 4}", Code::BadDuration),
        ("effort", "{constant: -4h}", Code::OutOfRange),
        ("effect", "stops", Code::UnknownValue),
        ("refs", "{slas: [E]}", Code::UnknownKey),
        ("refs", "{slsa: E}", Code::WrongType),
        ("says", "\"{Tenant.colour}\"", Code::BadPlaceholder),
        ("says", "\"{attacker} looks\"", Code::BadPlaceholder),
        ("step", "escape-build-tenant", Code::DuplicateId),
        ("step", "owner", Code::ReservedWord),
    ] {
        assert_eq!(refused(&step(&[(key, value)])), [code], "{key}: {value}");
    }
    let both = step(&[("grant", "true"), ("rests-on", "[{honest: [Host]}]")]);
    assert_eq!(refused(&both), [Code::ConflictingKeys]);
    // A field of a kind below, a class on either side where the field says so, and the built-in relations.
    for when in [
        "[\"run-code(Tenant)\", \"Tenant runs-on Host\", \"Tenant.present is true\"]",
        "[\"Tenant runs-on Host\", \"Tenant served-by Admin.class\"]",
        "[\"Tenant runs-on Host\", \"Admin admitted-by Admin.class\"]",
        "[\"Tenant runs-on Host\", \"Admin may run-code Host.class\"]",
    ] {
        let admin = if when.contains("Admin") { ", Admin: operator" } else { "" };
        let vars = format!("{{Tenant: build-tenant, Host: build-host{admin}}}");
        assert_eq!(refused(&step(&[("for", &vars), ("when", when)])), [], "{when}");
    }
    let below = step(&[("for", "{Tenant: service, Host: service}")]);
    assert_eq!(refused(&below), [], "runs-on is a field of a kind below");
}
