//! `blast`: by contract in JSON, within 80 columns for people, on models and on graphs made elsewhere.

use std::fs;

use crate::run::{json, run, run_in};

const GRAPH: &str = r#"{"cotenant-graph": 1,
    "capabilities": [{"id": 0, "name": "act-as(admin)"}, {"id": 1, "name": "know(key)"}, {"id": 2, "name": "publish(p)"},
        {"id": 3, "name": "act-as(\u001b[31mx|<b>`y)"}],
    "assumptions": [{"id": 0, "name": "held", "probability": 0.5}],
    "steps": [{"id": 0, "name": "use", "needs": [0], "gains": 1, "assumptions": [], "kind": "grant"},
        {"id": 1, "name": "read", "needs": [1], "gains": 2, "assumptions": []},
        {"id": 2, "name": "break", "needs": [2], "gains": 3, "assumptions": [0]}],
    "principals": [{"id": 0, "name": "admin", "capability": 0, "candidate": true},
        {"id": 1, "name": "\u001b[31mx|<b>`y", "capability": 3, "candidate": true}],
    "threats": [{"name": "t", "start": [], "goal": 2}]}"#;

#[test]
fn a_graph_made_elsewhere_is_answered_by_contract() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("g.json"), GRAPH).unwrap();
    let done = run_in(folder.path(), &["blast", "g.json", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&done.out).unwrap();
    let admin = serde_json::json!({"principal": 0, "credential": null, "capabilities": [
        {"id": 0, "k": 0, "granted": false, "members": 1}, {"id": 1, "k": 0, "granted": true, "members": 1},
        {"id": 2, "k": 0, "granted": false, "members": 1}, {"id": 3, "k": 1, "granted": false, "members": 1}]});
    assert_eq!(value["answers"][0], admin);
    assert_eq!(
        (value["answers"][2]["principal"].clone(), value["answers"][2]["credential"].clone()),
        (serde_json::Value::Null, 1.into())
    );
    assert_eq!(value["impersonation"][1]["k"], 1, "admin becomes the other with one failure: {value}");
    let human = run_in(folder.path(), &["blast", "g.json"]);
    assert!(human.code == 0 && !human.out.contains('\u{1b}'), "{}", human.out);
    assert_eq!(run_in(folder.path(), &["blast", "g.json", "--credential", "key"]).code, 0);
}

#[test]
fn a_builder_publishes_for_everybody_and_the_table_fits_80_columns() {
    let graph = json(&["graph", "native-containers", "--format", "json"]);
    let at = |list: &str, name: &str| graph[list].as_array().unwrap().iter().position(|it| it["name"] == name).unwrap();
    let blast = json(&["blast", "native-containers", "--principal", "builder", "--format", "json"]);
    let entries = blast["answers"][0]["capabilities"].as_array().unwrap();
    let of = |name: &str| entries.iter().find(|it| it["id"] == at("capabilities", name)).unwrap();
    assert_eq!(blast["answers"][0]["principal"], at("principals", "builder"));
    assert_eq!(of("publish(project.other)")["members"], 34_998);
    assert_eq!(
        (&of("publish(project.all)")["granted"], &of("publish(project.other)")["granted"]),
        (&true.into(), &true.into())
    );
    assert_eq!(of("compromise(consumer.victim)")["granted"], false);
    for design in ["native-containers", "house-distro", "byo-trusted"] {
        let folder = tempfile::tempdir().unwrap();
        let done = std::process::Command::new(env!("CARGO_BIN_EXE_cotenant"))
            .args(["blast", design])
            .current_dir(folder.path())
            .env("COLUMNS", "80")
            .output()
            .unwrap();
        let text = String::from_utf8(done.stdout).unwrap();
        assert!(text.contains("Who becomes whom") && text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }
}

#[test]
fn a_name_that_nobody_bears_ends_with_2_and_a_suggestion() {
    let wrong = run(&["blast", "native-containers", "--principal", "bulder"]);
    assert!(wrong.code == 2 && wrong.err.contains("did you mean `builder`"), "{}", wrong.err);
    assert_eq!(run(&["blast", "native-containers", "--credential", "no-such-key-at-all"]).code, 2);
    assert_eq!(run(&["blast", "native-containers", "--principal", "index", "--credential", "deploy-key"]).code, 2);
}
