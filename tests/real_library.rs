//! The built-in library and scenarios load.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use cotenant::diagnostic::render_all;
use cotenant::graph::ground;
use cotenant::model::{self, Edits};
use cotenant::scenarios;
use cotenant::study::lint;
use cotenant::units::Grade;
use cotenant::yaml::{self, Node, Value};

#[test]
fn the_library_loads() {
    if let Err(errors) = cotenant::library::load(&cotenant::library::embedded(), None) {
        panic!("{} errors\n{}", errors.len(), render_all(&errors, 60, false));
    }
}

#[test]
fn the_scenarios_load() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut said = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "yaml") {
            continue;
        }
        match model::load(&path, &Edits::default()) {
            Ok(_) => {}
            Err(errors) => said.push_str(&render_all(&errors, 10, false)),
        }
    }
    assert!(said.is_empty(), "{said}");
}

/// A derivation can be followed: it counts something (a year, a share, a rate), and what it counts has a name elsewhere.
#[test]
fn a_derived_number_says_from_what() {
    let library = cotenant::library::load(&cotenant::library::embedded(), None).unwrap();
    let incidents = cotenant::scenarios::incident_ids();
    let mut seen = 0;
    for parameter in library.parameters() {
        let Grade::Derived(how) = &parameter.grade else { continue };
        seen += 1;
        assert!(how.chars().any(|c| c.is_ascii_digit()), "{}: {how}", parameter.id);
        for vague in ["in the list", "of the nine chains", "times a container escape"] {
            assert!(!how.contains(vague), "{}: nobody can follow \"{vague}\"", parameter.id);
        }
        // An id of an incident is one that there is.
        let words = how.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').filter(|word| is_incident_like(word));
        for word in words {
            assert!(incidents.iter().any(|id| id == word), "{}: {word} is no incident", parameter.id);
        }
    }
    assert!(seen > 10, "{seen}");
}

/// `name-2021-what-happened`.
fn is_incident_like(word: &str) -> bool {
    let parts: Vec<&str> = word.split('-').collect();
    let year = |part: &str| part.len() == 4 && part.starts_with("20") && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.len() > 2 && year(parts[1]) && parts[2].bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Every plain scalar of a file is the same to a YAML 1.1 and a YAML 1.2 reader.
fn read_differently(node: &Node, found: &mut Vec<String>) {
    match &node.value {
        Value::Scalar(scalar) if !scalar.quoted => {
            let flag = matches!(scalar.text.as_str(), "true" | "false");
            let number = yaml::decimal(&scalar.text).is_some();
            let same = flag
                || number && yaml::ambiguity(&scalar.text).is_none()
                || yaml::reads_as_other(&scalar.text).is_none();
            if !same {
                found.push(format!("{}:{}: {}", node.span.source.name, node.span.line(), scalar.text));
            }
        }
        Value::List(items) => items.iter().for_each(|item| read_differently(item, found)),
        Value::Map(entries) => entries.iter().for_each(|(_, value)| read_differently(value, found)),
        _ => {}
    }
}

#[test]
fn every_yaml_reader_reads_the_same() {
    let mut sources = cotenant::library::embedded();
    let mut open = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "yaml") {
                sources.push(model::read_file(&path).unwrap());
            }
        }
    }
    let mut found = Vec::new();
    for source in &sources {
        match yaml::parse(source) {
            Ok(node) => read_differently(&node, &mut found),
            Err(errors) => found.push(render_all(&errors, 10, false)),
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_systems_say_what_they_ask_and_load_without_a_word() {
    let systems = scenarios::systems();
    assert!(!systems.is_empty());
    for source in systems {
        for head in ["# Asks: ", "# Facts: ", "# Baseline: "] {
            assert!(source.text.lines().any(|line| line.starts_with(head)), "{}: no `{head}`", source.name);
        }
        let (model, mut said) = model::load_source(&source, &scenarios::resolve, &Edits::default())
            .unwrap_or_else(|errors| panic!("{}", render_all(&errors, 10, false)));
        said.extend(lint::lints(&model, &ground::compile(&model).unwrap()));
        assert!(said.is_empty(), "{}", render_all(&said, 10, false));
        assert_eq!(source.name, format!("scenarios/systems/{}.yaml", model.design));
        assert!(model.incident.is_none(), "{}: nothing happened to a system", source.name);
    }
}
