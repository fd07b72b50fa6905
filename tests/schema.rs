//! The JSON Schema of model files, from the kind table: it accepts what the loader accepts, and sees the mistakes that a
//! schema can see.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod minilib;

use cotenant::library::{self, Library};
use cotenant::model;
use cotenant::source::Source;
use cotenant::yaml::{self, Node};
use serde_json::{Value, json};

/// A tree as a YAML 1.2 reader gives it to a schema validator.
fn to_json(node: &Node) -> Value {
    match &node.value {
        yaml::Value::Null => Value::Null,
        yaml::Value::List(items) => items.iter().map(to_json).collect(),
        yaml::Value::Map(entries) => entries.iter().map(|(key, value)| (key.text.clone(), to_json(value))).collect(),
        yaml::Value::Scalar(scalar) if scalar.quoted => json!(scalar.text),
        yaml::Value::Scalar(scalar) => match scalar.text.as_str() {
            "true" => json!(true),
            "false" => json!(false),
            text if text.contains('_') => json!(text),
            text => match yaml::decimal(text) {
                Some(number) if number.fract() == 0.0 && number.abs() < 1e15 => json!(number as i64),
                Some(number) => json!(number),
                None => json!(text),
            },
        },
    }
}

fn read(path: &std::path::Path) -> Value {
    let source = model::read_file(path).unwrap();
    to_json(&yaml::parse(&Source::new("x", source.text.clone())).unwrap())
}

fn errors(library: &Library, instance: &Value) -> Vec<String> {
    let schema = model::schema(library);
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    validator.iter_errors(instance).map(|error| format!("{} at {}", error, error.instance_path)).collect()
}

fn small() -> Library {
    library::load(&minilib::library(), None).unwrap()
}

#[test]
fn the_schema_is_valid() {
    jsonschema::draft202012::meta::validate(&model::schema(&small())).unwrap();
}

#[test]
fn good_models_pass() {
    let library = small();
    assert_eq!(errors(&library, &read(&minilib::fixture("good/native-build.yaml"))), [""; 0]);
    let piece = json!({"cotenant": 1, "extend": "x.yaml", "services": [{"id": "tenant", "isolation": "vm"}]});
    assert_eq!(errors(&library, &piece), [""; 0]);
    let own = json!({"cotenant": 1, "design": "d", "library": {"kinds": [{"kind": "robot", "is": "service"}]},
        "services": [{"id": "r2", "is": "robot"}], "actors": [{"id": "a", "is": "operator", "count": "35_000"}]});
    assert_eq!(errors(&library, &own), [""; 0]);
}

#[test]
fn every_scenario_passes() {
    let library = library::load(&library::embedded(), None).unwrap();
    let mut open = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")];
    let mut checked = 0;
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "yaml") {
                let instance = read(&path);
                // Fragments are pieces of models and stand under no schema of their own.
                if instance.get("design").is_some() {
                    assert_eq!(errors(&library, &instance), [""; 0], "{}", path.display());
                    checked += 1;
                }
            }
        }
    }
    assert!(checked > 0);
}

#[test]
fn mistakes_that_a_schema_can_see_fail() {
    let library = small();
    for name in [
        "bad-boolean",
        "bad-capability",
        "bad-duration",
        "bad-id",
        "bad-number",
        "bad-role",
        "conflicting-keys",
        "misplaced-key",
        "missing-key",
        "out-of-range",
        "reserved-word",
        "ten-mistakes",
        "unknown-field",
        "unknown-key",
        "unknown-kind",
        "unknown-value",
        "unknown-verb",
        "unquoted-text",
        "unsupported-version",
        "wrong-section",
        "wrong-type",
    ] {
        // Only grouped families have mates: that no schema sees.
        let expected = name != "bad-role";
        let found = errors(&library, &read(&minilib::fixture(&format!("bad/{name}.yaml"))));
        assert_eq!(!found.is_empty(), expected, "{name}: {found:?}");
    }
}

#[test]
fn answers_are_seen() {
    let library = small();
    let with = |answer: Value| json!({"cotenant": 1, "extend": "x.yaml", "answers": [answer]});
    let good = json!({"question": "q(a, b)", "decision": "holds", "owner": "a", "date": "2026-11-20", "note": "n"});
    assert_eq!(errors(&library, &with(good.clone())), [""; 0]);
    for (key, wrong) in
        [("date", json!("soon")), ("decision", json!("maybe")), ("owner", json!("")), ("by", json!("a"))]
    {
        let mut answer = good.clone();
        answer[key] = wrong;
        assert!(!errors(&library, &with(answer)).is_empty(), "{key}");
    }
}

#[test]
fn accepted_risks_are_seen() {
    let library = small();
    let with = |risk: Value| json!({"cotenant": 1, "extend": "x.yaml", "accepted-risks": [risk]});
    let good = json!({"threat": "t", "k": 1, "until": "2027-01-31", "owner": "a", "reason": "b"});
    assert_eq!(errors(&library, &with(good.clone())), [""; 0]);
    for (key, wrong) in [("until", json!("soon")), ("k", json!(-1)), ("owner", json!("")), ("by", json!("a"))] {
        let mut risk = good.clone();
        risk[key] = wrong;
        assert!(!errors(&library, &with(risk)).is_empty(), "{key}");
    }
}

#[test]
fn a_tolerance_that_says_nothing_is_seen() {
    let library = small();
    let with = |tolerate: Value, extend: bool| {
        let mut model = json!({"cotenant": 1, "design": "x", "threats": [{"id": "t", "goal": "publish(project)", "tolerate": tolerate}]});
        if extend {
            model["extend"] = json!("x.yaml");
        }
        errors(&library, &model)
    };
    for (tolerate, good) in [
        (json!("any"), true),
        (json!({"failures": 1}), true),
        (json!({"no-grant": true, "trusting": ["a"]}), true),
        (json!({}), false),
        (json!({"no-grant": false}), false),
        (json!({"trusting": ["a"]}), false),
    ] {
        assert_eq!(with(tolerate.clone(), false).is_empty(), good, "{tolerate}: {:?}", with(tolerate.clone(), false));
        assert!(with(tolerate.clone(), true).is_empty(), "laid over another, it adds to that: {tolerate}");
    }
}
