//! `simulate --exact` and `harden --sets`: by contract in JSON, on models and on graphs made elsewhere.

use std::fs;

use serde_json::{Value, json};

use crate::run::{run, run_in};

/// A graph of another tool: x and y, or z alone, open the goal; the switch takes z away.
const GRAPH: &str = r#"{"cotenant-graph": 1, "requires": ["guards"], "capabilities": [{"id":0,"name":"g"}],
    "assumptions": [{"id":0,"name":"x","probability":0.5},{"id":1,"name":"y","probability":0.5},{"id":2,"name":"z","probability":0.1}],
    "steps": [{"id":0,"name":"both","needs":[],"gains":0,"assumptions":[0,1]},
        {"id":1,"name":"alone","needs":[],"gains":0,"assumptions":[2],"unless":[0]}],
    "controls": [{"id":0,"name":"switch"}], "threats": [{"name":"t","start":[],"goal":0}]}"#;

fn answers(args: &[&str]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("g.json"), GRAPH).unwrap();
    let done = run_in(folder.path(), args);
    assert_eq!(done.code, 0, "{}", done.err);
    let value: Value = serde_json::from_str(&done.out).unwrap();
    value["answers"].clone()
}

#[test]
fn a_graph_made_elsewhere_is_worked_out_exactly() {
    let all = answers(&["simulate", "g.json", "--exact", "--importance", "--format", "json"]);
    let answer = &all[0];
    assert_eq!(answer["threat"], "t");
    assert_eq!((&answer["expression"], &answer["method"]), (&json!("exposed"), &json!("exact")));
    assert_eq!((&answer["interval"], &answer["trials"], &answer["quantiles"]), (&Value::Null, &json!(0), &json!([])));
    let near = |value: &Value, want: f64| assert!((value.as_f64().unwrap() - want).abs() < 1e-12, "{value} {want}");
    // 0.25 + 0.1 - 0.025
    near(&answer["probability"], 0.325);
    let z = &answer["importance"][2];
    assert_eq!(z["id"], 2);
    near(&z["birnbaum"], 0.75);
    near(&z["rrw"], 0.325 / 0.25);
    near(&z["raw"], 1.0 / 0.325);
    near(&z["fv"], 0.1 / 0.325);
    near(&answer["controls"][0]["on"], 0.25);
    assert_eq!(answer["choke_points"], json!([]));
}

#[test]
fn its_minimal_sets_are_listed() {
    let all = answers(&["harden", "g.json", "--sets", "--format", "json"]);
    assert_eq!(all[0]["attack_sets"], json!([[2], [0, 1]]));
    assert_eq!(all[0]["hardening_sets"], json!([[0, 2], [1, 2]]));
    assert_eq!((&all[0]["complete"], &all[0]["over"]), (&json!(true), &json!("assumptions")));
    let all = answers(&["harden", "g.json", "--sets", "--over", "controls", "--format", "json"]);
    // With everything failed, the goal is reached by the other step, switch or not.
    assert_eq!((&all[0]["attack_sets"], &all[0]["hardening_sets"]), (&json!([[]]), &json!([])));
    assert_eq!((&all[0]["complete"], &all[0]["over"]), (&json!(true), &json!("controls")));
}

#[test]
fn a_graph_that_requires_an_unknown_word_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("g.json"), GRAPH.replace("\"guards\"", "\"guards\", \"time-travel\"")).unwrap();
    for args in [["simulate", "g.json", "--exact"], ["harden", "g.json", "--sets"]] {
        let refused = run_in(folder.path(), &args);
        assert_eq!(refused.code, 3, "{args:?}");
        assert!(refused.err.contains("time-travel"), "{}", refused.err);
    }
}

#[test]
fn a_graph_answers_like_the_model_it_was_made_from() {
    let folder = tempfile::tempdir().unwrap();
    for scenario in ["status-quo", "house-forge-after"] {
        let graph = run(&["graph", scenario, "--format", "json"]);
        fs::write(folder.path().join("g.json"), &graph.out).unwrap();
        for verb in [["simulate", "--exact", "--importance"], ["harden", "--sets", "--over=controls"]] {
            let of = |model: &str| {
                let done = run_in(folder.path(), &[verb[0], model, verb[1], verb[2], "--format", "json"]);
                let value: Value = serde_json::from_str(&done.out).unwrap();
                value["answers"].clone()
            };
            assert_eq!(of(scenario), of("g.json"), "{verb:?} {scenario}");
        }
    }
}

#[test]
fn people_read_what_it_rests_on() {
    let told = run(&["simulate", "native-containers", "--exact", "--importance", "--threat", "impersonation"]);
    assert_eq!(told.code, 0, "{}", told.err);
    for part in ["P(exposed) within 1 year", "exact", "Fussell-Vesely", "P without it"] {
        assert!(told.out.contains(part), "{part}: {}", told.out);
    }
    let told = run(&["harden", "native-containers", "--sets", "--threat", "impersonation"]);
    assert!(told.out.contains("The goal is reached if all that one line names fails"), "{}", told.out);
    assert!(told.out.contains("for 6 members"), "{}", told.out);
}
