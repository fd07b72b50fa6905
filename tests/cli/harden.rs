//! `harden`: the cheapest controls, on models and on graph files.

use std::fs;

use serde_json::{Value, json};

use crate::run::{json as answered, run, run_in};

/// One assumption or another reaches the goal; each has a control, and a third control stops both.
fn graph(tolerate: Value) -> Value {
    json!({"cotenant-graph": 1, "design": "two", "requires": ["guards"],
        "capabilities": [{"id": 0, "name": "start"}, {"id": 1, "name": "goal"}],
        "assumptions": [{"id": 0, "name": "a", "probability": 0.1}, {"id": 1, "name": "b", "probability": 0.2}],
        "steps": [{"id": 0, "name": "by-a", "needs": [0], "gains": 1, "assumptions": [0], "unless": [0, 2]},
            {"id": 1, "name": "by-b", "needs": [0], "gains": 1, "assumptions": [1], "unless": [1, 2]}],
        "controls": [{"id": 0, "name": "stop-a", "cost_days": 3}, {"id": 1, "name": "stop-b", "cost_days": 4}, {"id": 2, "name": "both", "cost_days": 8}],
        "threats": [{"name": "t", "start": [0], "goal": 1, "tolerate": tolerate}]})
}

fn hardened(tolerate: Value, more: &[&str]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("g.json"), graph(tolerate).to_string()).unwrap();
    let run = run_in(folder.path(), &[&["harden", "g.json", "--format", "json"], more].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    let value: Value = serde_json::from_str(&run.out).unwrap();
    value["answers"][0].clone()
}

#[test]
fn a_graph_file_is_hardened_at_the_least_cost() {
    let all = hardened(json!({"unreachable": true}), &["--budget", "5d"]);
    assert_eq!((&all["controls"], &all["cost_days"], &all["optimal"]), (&json!([0, 1]), &json!(7.0), &json!(true)));
    assert_eq!(all["lower_bound_days"], 7.0);
    assert_eq!(all["remaining"][0]["probability"], 0.0);
    assert_eq!(all["within_budget"]["controls"], json!([1]), "b is the likelier of the two");
    let front: Vec<&Value> = all["front"].as_array().unwrap().iter().map(|plan| &plan["cost_days"]).collect();
    assert_eq!(front, [&json!(0.0), &json!(3.0), &json!(4.0), &json!(7.0)]);
    let some = hardened(json!({"probability": 0.15}), &[]);
    assert_eq!((&some["controls"], &some["cost_days"]), (&json!([1]), &json!(4.0)));
    let none = hardened(json!({"any": true}), &[]);
    assert_eq!((&none["controls"], &none["cost_days"]), (&json!([]), &json!(0.0)));
}

#[test]
fn what_no_control_changes_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let mut graph = graph(json!({"no_grant": true, "failures": 1}));
    graph["steps"][0]["unless"] = json!([]);
    fs::write(folder.path().join("g.json"), graph.to_string()).unwrap();
    let run = run_in(folder.path(), &["harden", "g.json", "--format", "json"]);
    let answer: Value = serde_json::from_str(&run.out).unwrap();
    let answer = &answer["answers"][0];
    assert_eq!(
        (&answer["controls"], &answer["optimal"], &answer["lower_bound_days"]),
        (&Value::Null, &json!(true), &Value::Null)
    );
    assert_eq!(answer["stays"], json!([{"threat": "t", "attack_sets": [["a"]], "complete": true}]));
    let told = run_in(folder.path(), &["harden", "g.json"]);
    assert!(told.out.contains("No set of the stated controls"), "{}", told.out);
}

#[test]
fn a_control_without_a_cost_is_a_mistake_with_a_place() {
    let folder = tempfile::tempdir().unwrap();
    let overlay = "controls:\n  - {id: free, title: Free, blocks: [find-host-secret]}\n";
    fs::write(folder.path().join("more.yaml"), overlay).unwrap();
    let refused = run_in(folder.path(), &["harden", "native-containers", "--overlay", "more.yaml"]);
    assert_eq!(refused.code, 3, "{}", refused.err);
    for part in ["more.yaml:2", "`free`", "has no `cost`"] {
        assert!(refused.err.contains(part), "{part}: {}", refused.err);
    }
    let mut without = graph(json!({}));
    without["controls"][1].as_object_mut().unwrap().remove("cost_days");
    fs::write(folder.path().join("g.json"), without.to_string()).unwrap();
    let refused = run_in(folder.path(), &["harden", "g.json"]);
    assert_eq!(refused.code, 3);
    assert!(refused.err.contains("controls[1]"), "{}", refused.err);
}

#[test]
fn a_bad_budget_and_nothing_to_choose_from_are_usage_errors() {
    assert_eq!(run(&["harden", "native-containers", "--budget", "much"]).code, 2);
    assert_eq!(run(&["harden", "native-containers", "--budget", "-3"]).code, 2);
    let folder = tempfile::tempdir().unwrap();
    let mut bare = graph(json!({}));
    bare["controls"] = json!([]);
    bare["steps"][0]["unless"] = json!([]);
    bare["steps"][1]["unless"] = json!([]);
    fs::write(folder.path().join("g.json"), bare.to_string()).unwrap();
    let refused = run_in(folder.path(), &["harden", "g.json"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("no control"), "{}", refused.err);
    let mut later = graph(json!({}));
    later["requires"] = json!(["guards", "time-travel"]);
    fs::write(folder.path().join("g.json"), later.to_string()).unwrap();
    assert_eq!(run_in(folder.path(), &["harden", "g.json"]).code, 3);
}

#[test]
fn the_plan_for_a_model_holds_when_it_is_switched_on() {
    let answer = answered(&[
        "harden",
        "native-containers",
        "--threat",
        "impersonation",
        "--set",
        "threats.impersonation.tolerate={probability: 0.5}",
        "--format",
        "json",
    ]);
    let answer = &answer["answers"][0];
    assert_eq!(answer["optimal"], true, "{answer}");
    let names = answer["candidates"].as_array().unwrap();
    let chosen = answer["controls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|at| names[at.as_u64().unwrap() as usize]["name"].as_str().unwrap());
    let mut args = vec![
        "check",
        "native-containers",
        "--threat",
        "impersonation",
        "--set",
        "threats.impersonation.tolerate={probability: 0.5}",
    ];
    assert_eq!(run(&args).code, 1, "without them the gate fails");
    chosen.for_each(|name| args.extend(["--with", name]));
    let kept = run(&args);
    assert_eq!(kept.code, 0, "{} {}", kept.out, kept.err);
}
