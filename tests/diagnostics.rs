//! Every code has a meaning, a place in the documentation, and a fixture that triggers it; mistakes are all told in one
//! run, with their places; nothing makes the loader panic.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod minilib;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use cotenant::diagnostic::{Code, Diagnostic, Severity, json, render_all};
use cotenant::graph::ground;
use cotenant::model::{self, Edits, Loaded};
use cotenant::source::Source;
use cotenant::study::lint;
use cotenant::yaml;
use minilib::{codes, expect_model, fixture, good, library, load_text};
use proptest::prelude::*;

/// Codes that need the capability graph; to the loader their fixtures are valid models.
const AFTER_GROUNDING: [Code; 7] = [
    Code::NoThreat,
    Code::CannotCompile,
    Code::StaleAnswer,
    Code::UnreachableThreat,
    Code::PerMemberAssumption,
    Code::DoesNotWork,
    Code::DeadStep,
];

/// Loads `tests/fixtures/bad/<name>.yaml` with the small library, under a name that is the same everywhere.
fn load_bad(name: &str) -> Loaded {
    let read = |file: &str| -> Result<_, Diagnostic> {
        let bytes = std::fs::read(fixture(&format!("bad/{file}")))
            .map_err(|_| Diagnostic::unplaced(Code::UnreadableFile, format!("cannot read `{file}`: no such file")))?;
        yaml::decode(file, bytes)
    };
    let source = read(&format!("{name}.yaml")).map_err(|error| vec![error])?;
    model::load_with(&library(), &source, &|_: &Source, wanted: &str| read(wanted), &Edits::default())
}

/// What the fixture of a code makes the program say.
fn said_about(code: Code) -> Vec<Diagnostic> {
    match load_bad(code.id()) {
        Err(errors) => errors,
        Ok((_, warnings)) if !AFTER_GROUNDING.contains(&code) => warnings,
        Ok((model, warnings)) => {
            assert_eq!(warnings, [], "{code}");
            match ground::compile(&model) {
                Ok(compiled) => lint::lints(&model, &compiled),
                Err(faults) => lint::faults(&faults),
            }
        }
    }
}

#[test]
fn ids_are_unique_and_kebab_case() {
    let ids: BTreeSet<&str> = Code::ALL.iter().map(|code| code.id()).collect();
    assert_eq!(ids.len(), Code::ALL.len());
    for code in Code::ALL {
        assert!(yaml::is_id(code.id()), "{code}");
        assert_eq!(Code::from_id(code.id()), Some(*code));
        for text in [code.meaning(), code.fix()] {
            assert!(
                text.ends_with('.') && text.starts_with(|ch: char| ch.is_uppercase() || ch == '`'),
                "{code}: {text}"
            );
        }
    }
}

#[test]
fn every_code_has_a_fixture_that_triggers_it_alone() {
    for code in Code::ALL {
        let found = said_about(*code);
        let codes: BTreeSet<Code> = found.iter().map(|diagnostic| diagnostic.code).collect();
        assert_eq!(codes, BTreeSet::from([*code]), "{code}: {}", render_all(&found, 10, false));
        for diagnostic in &found {
            // The lint about a library's assumption names it; the model line is a courtesy.
            assert!(diagnostic.span.is_some() || *code == Code::PerMemberAssumption, "{code} has no place");
            assert_eq!(diagnostic.severity, code.severity(), "{code}");
        }
    }
}

#[test]
fn every_fixture_is_of_a_code() {
    for entry in std::fs::read_dir(fixture("bad")).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap();
        assert!(stem == "ten-mistakes" || Code::from_id(stem).is_some(), "{stem}");
    }
}

/// `docs/diagnostics.md` as it should be.
fn reference() -> String {
    let mut text = String::from(
        "# Diagnostics\n\nEvery message about a model or a library carries one of these codes; `explain CODE` prints its \
         section. Codes are never renamed and never reused.\n\n\
         All mistakes of a file are told in one run, each with its file, line and column. An *error* means that the model \
         cannot be used (exit code 3). A *warning* is a lint: the model is valid and probably not what was meant; \
         `accept: [{lint: CODE, about: ID, reason: ...}]` silences it.\n\n\
         This file is generated from the code table and from `tests/fixtures/bad`; \
         `UPDATE_DOCS=1 cargo test --test diagnostics` writes it anew.\n",
    );
    for code in Code::ALL {
        let _ = write!(text, "\n## {code}\n\n*{}.* {}\n\n", code.severity().word(), code.meaning());
        let shown = render_all(&said_about(*code), 1, false);
        let shown = shown.split("... and").next().unwrap_or_default().trim_end();
        let lines: Vec<&str> = shown.lines().map(str::trim_end).collect();
        let _ = write!(text, "```text\n{}\n```\n", lines.join("\n"));
        let _ = write!(text, "\n{}\n", code.fix());
    }
    text
}

#[test]
fn the_documentation_is_current() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/diagnostics.md");
    let expected = reference();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    let have = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(have == expected, "docs/diagnostics.md is out of date: UPDATE_DOCS=1 cargo test --test diagnostics");
}

#[test]
fn ten_mistakes_are_told_in_one_run() {
    let found = load_bad("ten-mistakes").unwrap_err();
    let told: Vec<(usize, Code)> =
        found.iter().map(|diagnostic| (diagnostic.span.as_ref().unwrap().line(), diagnostic.code)).collect();
    let expected = [
        (3, Code::OutOfRange),
        (5, Code::OutOfRange),
        (6, Code::BadId),
        (7, Code::DuplicateId),
        (9, Code::UnknownKind),
        (10, Code::UnknownField),
        (10, Code::UnknownEntity),
        (11, Code::WrongKind),
        (13, Code::UnquotedText),
        (15, Code::WrongKind),
        (15, Code::WrongKind),
        (17, Code::UnknownEntity),
        (17, Code::OutOfRange),
        (20, Code::OutOfRange),
    ];
    assert_eq!(told, expected, "{}", render_all(&found, 100, false));
}

#[test]
fn json_has_file_line_and_column() {
    let found = load_bad("unknown-entity").unwrap_err();
    let value = serde_json::to_value(json(&found[0])).unwrap();
    assert_eq!(
        value,
        serde_json::json!({
            "code": "unknown-entity", "severity": "error", "file": "unknown-entity.yaml", "line": 5, "col": 43,
            "message": "unknown actor, service or asset `buldier`", "help": "did you mean `builder`?",
        })
    );
}

#[test]
fn output_is_bounded() {
    let many: String = (0..1_000).map(|number| format!("- {{id: A{number}, is: operator}}\n")).collect();
    let found = load_text(&format!("cotenant: 1\ndesign: d\nactors:\n{many}"), &Edits::default()).unwrap_err();
    assert_eq!(found.len(), 1_000);
    let text = render_all(&found, 100, false);
    assert_eq!(text.matches("error[bad-id]").count(), 100);
    assert!(text.ends_with("... and 900 more\n"));
}

#[test]
fn control_characters_never_reach_the_output() {
    let text =
        "cotenant: 1\ndesign: d\ntitle: t\nactors:\n- {id: \"a\\e[31m\\u202Eb\", is: \"x\\ay\"}\n\"k\\e]0;\": 1\n";
    let found = load_text(text, &Edits::default()).unwrap_err();
    let shown = render_all(&found, 100, false);
    assert!(!shown.contains(|ch: char| ch.is_control() && ch != '\n'), "{shown:?}");
    assert!(found.iter().all(|diagnostic| !diagnostic.message.contains('\u{202E}')));
    let raw = "cotenant: 1\ndesign: d\nactors:\n- {id: a\u{9b}31m, is: operator}\n";
    let shown = render_all(&load_text(raw, &Edits::default()).unwrap_err(), 100, false);
    assert!(!shown.contains('\u{9b}'), "{shown:?}");
}

/// What YAML 1.1 and 1.2 readers read differently is an error wherever it would matter.
#[test]
fn yaml_traps_are_refused() {
    let head = "cotenant: 1\ndesign: d\n";
    for (line, code) in [
        ("title: no", Code::UnquotedText),
        ("title: on", Code::UnquotedText),
        ("title: 12:30", Code::UnquotedText),
        ("title: 2024-01-31", Code::UnquotedText),
        ("title: 1.10", Code::UnquotedText),
        ("title: ~", Code::WrongType),
        ("title:", Code::WrongType),
        ("title: 0o17", Code::UnquotedText),
        ("title: .inf", Code::UnquotedText),
        ("services: [{id: i, is: index, external: Yes}]", Code::BadBoolean),
        ("services: [{id: i, is: index, external: True}]", Code::BadBoolean),
        ("services: [{id: i, is: index, external: \"true\"}]", Code::BadBoolean),
        ("services: [{id: i, is: index, external: 1}]", Code::BadBoolean),
        ("actors: [{id: a, is: operator, count: 010}]", Code::BadNumber),
        ("actors: [{id: a, is: operator, count: 0x1F}]", Code::BadNumber),
        ("actors: [{id: a, is: operator, count: 0b11}]", Code::BadNumber),
        ("actors: [{id: a, is: operator, count: 1:30}]", Code::BadNumber),
        ("actors: [{id: a, is: operator, count: .inf}]", Code::BadNumber),
        ("actors: [{id: a, is: operator, count: \"6\"}]", Code::BadNumber),
        ("actors: [{id: a, is: operator, count: 1e10}]", Code::OutOfRange),
        ("actors: [{id: a, is: operator, count: 0}]", Code::OutOfRange),
        ("actors: [{id: null, is: operator}]", Code::WrongType),
        ("actors: [{id: y, is: operator}]", Code::UnquotedText),
    ] {
        let found = load_text(&format!("{head}{line}\n"), &Edits::default());
        assert_eq!(codes(found), [code], "{line}");
    }
    for line in ["title: \"no\"", "title: 'on'", "title: |\n  yes", "actors: [{id: a, is: operator, count: 35_000}]"] {
        let found = load_text(&format!("{head}{line}\n"), &Edits::default());
        assert!(found.is_ok(), "{line}");
    }
}

#[test]
fn edits_are_checked_where_they_are_written() {
    let edit = |edits: Edits| {
        let found = load_text(&good(), &edits).unwrap_err();
        let places = found.iter().map(|error| error.span.as_ref().unwrap().source.name.clone());
        (found.iter().map(|error| error.code).collect::<Vec<_>>(), places.collect::<Vec<_>>())
    };
    let set = |path: &str, value: &str| Edits { sets: vec![(path.to_owned(), value.to_owned())], ..Edits::default() };
    for (path, value, code) in [
        ("tennant.isolation", "vm", Code::UnknownTarget),
        ("tenant.isolaton", "vm", Code::UnknownField),
        ("tenant.isolation", "vmm", Code::UnknownValue),
        ("tenant.isolation", "", Code::WrongType),
        ("tenant.isolation", "[vm", Code::YamlSyntax),
        ("tenant.id", "x", Code::UnknownTarget),
        ("publisher.count", "-1", Code::OutOfRange),
        ("threats.nothing.goal", "x", Code::UnknownTarget),
        ("parameters.nothing.fails", "1", Code::UnknownParameter),
        ("", "1", Code::UnknownTarget),
        ("horizon", "never", Code::BadDuration),
    ] {
        assert_eq!(edit(set(path, value)), (vec![code], vec!["--set".to_owned()]), "{path}={value}");
    }
    let without = Edits { without: vec!["deploy-kye".to_owned()], ..Edits::default() };
    assert_eq!(edit(without), (vec![Code::UnknownTarget], vec!["--without".to_owned()]));
    let with = Edits { with: vec!["vm-per-biuld".to_owned()], ..Edits::default() };
    assert_eq!(edit(with), (vec![Code::UnknownTarget], vec!["--with".to_owned()]));
    let horizon = Edits { horizon_days: Some(f64::NAN), ..Edits::default() };
    assert_eq!(edit(horizon), (vec![Code::OutOfRange], vec!["--horizon".to_owned()]));
}

#[test]
fn controls_that_are_off_are_tried() {
    let text = good().replace("patch: {tenant.isolation: vm}", "patch: {tenant.isolation: vmm, tenant.runs-on: index}");
    let found = load_text(&text, &Edits::default()).unwrap_err();
    assert_eq!(found.iter().map(|error| error.code).collect::<Vec<_>>(), [Code::UnknownValue, Code::WrongKind]);
    assert!(found[0].message.starts_with("with control `vm-per-build` on: "));
}

#[test]
fn accepted_lints_are_silent() {
    let lint = "cotenant: 1\ndesign: d\nactors:\n- {id: auditor, is: operator}\n";
    let (_, warnings) = expect_model(load_text(lint, &Edits::default()));
    assert_eq!((warnings.len(), warnings[0].severity), (1, Severity::Warning));
    let accepted =
        format!("{lint}accept:\n- {{lint: unused-principal, about: auditor, reason: only for the record}}\n");
    let (_, warnings) = expect_model(load_text(&accepted, &Edits::default()));
    assert_eq!(warnings, []);
    for wrong in ["{lint: unused, about: auditor, reason: r}", "{lint: unused-principal, about: auditr, reason: r}"] {
        let text = format!("{lint}accept:\n- {wrong}\n");
        assert_eq!(codes(load_text(&text, &Edits::default())), [Code::UnknownTarget], "{wrong}");
    }
    let text = format!("{lint}accept:\n- {{lint: unused-principal, about: auditor}}\n");
    assert_eq!(codes(load_text(&text, &Edits::default())), [Code::MissingKey]);
}

/// One change to a text: cut a piece out, repeat it, or put something in.
fn mutate(text: &str, (at, length, what, piece): &(usize, usize, u8, String)) -> String {
    let clip = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = clip(at % (text.len() + 1));
    let end = clip(start + length);
    match what % 3 {
        0 => format!("{}{}", &text[..start], &text[end..]),
        1 => format!("{}{}{}", &text[..end], &text[start..end], &text[end..]),
        _ => format!("{}{piece}{}", &text[..start], &text[end..]),
    }
}

fn renders(loaded: Loaded) {
    if let Err(errors) = loaded {
        assert!(!errors.is_empty());
        for error in &errors {
            json(error);
        }
        render_all(&errors, 20, true);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        match yaml::decode("x.yaml", bytes) {
            Ok(source) => renders(load_text(&source.text, &Edits::default())),
            Err(error) => renders(Err(vec![error])),
        }
    }

    #[test]
    fn arbitrary_yaml_like_text_never_panics(text in "[-a-z:{}\\[\\], \n\"'|>&*!#?.0-9é]{0,200}") {
        renders(load_text(&text, &Edits::default()));
    }

    #[test]
    fn mutations_of_a_model_never_panic(
        changes in prop::collection::vec((any::<usize>(), 0usize..40, any::<u8>(), "[-a-z:{}\\[\\], \n\"'.()0-9]{0,12}"), 1..4),
    ) {
        let text = changes.iter().fold(good(), |text, change| mutate(&text, change));
        renders(load_text(&text, &Edits::default()));
    }

    #[test]
    fn mutations_of_the_library_never_panic(
        file in any::<usize>(),
        changes in prop::collection::vec((any::<usize>(), 0usize..40, any::<u8>(), "[-A-Za-z:{}\\[\\], \n\"'.()0-9]{0,12}"), 1..4),
    ) {
        let mut sources = library();
        let at = file % sources.len();
        let text = changes.iter().fold(sources[at].text.clone(), |text, change| mutate(&text, change));
        sources[at] = Source::new(sources[at].name.clone(), text);
        let loaded = model::load_with(&sources, &Source::new("m.yaml", good()), &model::beside, &Edits::default());
        renders(loaded);
    }

    #[test]
    fn arbitrary_edits_never_panic(path in "[a-z.-]{0,30}|(tenant|password|threats.impersonation|controls.patched).[a-z-]{1,12}", value in "[-a-z:{}\\[\\], .0-9]{0,20}", id in "(tenant|project|builder|password|publisher|index|impersonation|submit|mail-host|index-admin|[a-z.]{1,9})") {
        let edits = Edits { sets: vec![(path, value)], without: vec![id], ..Edits::default() };
        renders(load_text(&good(), &edits));
    }
}
