//! Graph files: out, in again, and from elsewhere.

use std::fs;

use serde_json::Value;

use crate::run::{run, run_in};

/// The answers of a verb on a file, without the name of what was asked.
fn answers(folder: &std::path::Path, args: &[&str]) -> Value {
    let run = run_in(folder, args);
    assert_eq!(run.code, 0, "{}", run.err);
    let value: Value = serde_json::from_str(&run.out).unwrap();
    value["answers"].clone()
}

#[test]
fn a_graph_answers_like_the_model_it_was_made_from() {
    let folder = tempfile::tempdir().unwrap();
    for scenario in ["status-quo", "native-apartment", "house-distro", "house-forge-after"] {
        let graph = run(&["graph", scenario, "--format", "json"]);
        fs::write(folder.path().join("g.json"), &graph.out).unwrap();
        for verb in ["paths", "trust"] {
            let of = |model: &str| answers(folder.path(), &[verb, model, "--format", "json"]);
            assert_eq!(of(scenario), of("g.json"), "{verb} {scenario}");
        }
        let again = run_in(folder.path(), &["graph", "g.json", "--format", "json"]);
        assert_eq!(again.out, graph.out, "what is read is written the same");
    }
}

#[test]
fn a_graph_that_requires_an_unknown_word_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let text = r#"{"cotenant-graph": 1, "requires": ["time-travel"], "capabilities": [{"id":0,"name":"g"}],
        "assumptions": [], "steps": [], "threats": [{"name":"t","start":[0],"goal":0}]}"#;
    fs::write(folder.path().join("g.json"), text).unwrap();
    let refused = run_in(folder.path(), &["paths", "g.json"]);
    assert_eq!(refused.code, 3);
    assert!(refused.err.contains("time-travel"), "{}", refused.err);
    fs::write(folder.path().join("g.json"), text.replace("\"time-travel\"", "")).unwrap();
    let answer = answers(folder.path(), &["paths", "g.json", "--format", "json"]);
    assert_eq!(answer[0]["k"], 0);
    assert_eq!(answer[0]["paths"][0]["steps"], Value::Array(Vec::new()), "a goal in start is reached by nothing");
}

#[test]
fn a_wrong_graph_is_told_with_every_place() {
    let folder = tempfile::tempdir().unwrap();
    let text = r#"{"cotenant-graph": 1, "capabilities": [{"id":0,"name":"g"},{"id":7,"name":"h"}],
        "assumptions": [{"id":0,"name":"a","probability":1.5}],
        "steps": [{"id":0,"name":"s","needs":[9],"gains":0,"assumptions":[]}], "threats": [{"name":"t","start":[],"goal":0}]}"#;
    fs::write(folder.path().join("g.json"), text).unwrap();
    let wrong = run_in(folder.path(), &["paths", "g.json"]);
    assert_eq!(wrong.code, 3);
    for part in ["capabilities[1]", "assumptions[0].probability", "steps[0].needs[0]"] {
        assert!(wrong.err.contains(part), "{part}: {}", wrong.err);
    }
}

#[test]
fn drawings_are_text_that_tools_read() {
    let dot = run(&["graph", "status-quo", "--threat", "impersonation", "--format", "dot"]);
    assert!(dot.out.starts_with("digraph"), "{}", dot.out);
    let mermaid = run(&["graph", "native-containers", "--format", "mermaid"]);
    assert_eq!(mermaid.code, 0);
    assert!(mermaid.out.contains("flowchart"), "{}", mermaid.out);
    assert!(
        mermaid.out.lines().filter(|line| line.contains("-->")).count() <= 500
            || mermaid.out.matches("flowchart").count() > 1
    );
}

#[test]
fn an_expanded_graph_has_no_families_and_a_large_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let small =
        run_in(folder.path(), &["graph", "status-quo", "--set", "publisher.count=5", "--expand", "--format", "json"]);
    assert_eq!(small.code, 0, "{}", small.err);
    let graph: Value = serde_json::from_str(&small.out).unwrap();
    assert!(graph["families"].as_array().is_none_or(Vec::is_empty));
    let large = run_in(folder.path(), &["graph", "status-quo", "--set", "publisher.count=100000000", "--expand"]);
    assert_eq!(large.code, 2, "{}", large.err);
}

/// A graph that does not say what design it is of.
const NAMELESS: &str = r#"{"cotenant-graph": 1, "capabilities": [{"id":0,"name":"start"},{"id":1,"name":"goal"}],
    "assumptions": [{"id":0,"name":"a","probability":0.2}],
    "steps": [{"id":0,"name":"s","needs":[0],"gains":1,"assumptions":[0]}],
    "controls": [{"id":0,"name":"c","cost_days":3}],
    "threats": [{"name":"t","start":[0],"goal":1}]}"#;

#[test]
fn a_graph_without_a_design_is_called_as_its_file_is() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("made")).unwrap();
    fs::write(folder.path().join("made/elsewhere.json"), NAMELESS).unwrap();
    for (args, told) in [
        (&["paths"][..], "t of elsewhere"),
        (&["trust"], "t of elsewhere"),
        (&["simulate"], "in elsewhere, sampled"),
        (&["simulate", "--exact"], "in elsewhere"),
        (&["simulate", "--rare"], "in elsewhere, through"),
        (&["blast"], "Blast radius in elsewhere"),
        (&["graph"], "elsewhere: 2 capabilities"),
        (&["graph", "--format", "dot"], "elsewhere"),
        (&["graph", "--format", "graphml"], "<graph id=\"elsewhere\""),
        (&["graph", "--format", "json"], "\"design\": \"elsewhere\""),
        (&["harden"], "What to do first in elsewhere"),
        (&["harden", "--sets"], "t of elsewhere"),
        (&["compare"], " elsewhere "),
    ] {
        let done = run_in(folder.path(), &[&args[..1], &["made/elsewhere.json"], &args[1..]].concat());
        assert!(done.code == 0 && done.out.contains(told), "{args:?}: {} {}", done.out, done.err);
    }
    fs::write(folder.path().join("g.json"), NAMELESS.replacen(", ", ", \"design\": \"mine\", ", 1)).unwrap();
    assert!(run_in(folder.path(), &["paths", "g.json"]).out.contains("t of mine"), "its own name goes first");
}

#[test]
fn graphs_without_a_design_are_versions_of_one_and_add_up_under_any_name() {
    let folder = tempfile::tempdir().unwrap();
    for file in ["old.json", "new.json"] {
        fs::write(folder.path().join(file), NAMELESS).unwrap();
    }
    let diff = run_in(folder.path(), &["diff", "old.json", "new.json"]);
    assert!(diff.code == 0 && diff.out.contains("same things"), "{} {}", diff.out, diff.err);
    for (file, shard, out) in [("old.json", "1/2", "a.json"), ("new.json", "2/2", "b.json")] {
        let args = ["simulate", file, "--trials", "1000", "--shard", shard, "--format", "json"];
        let done = run_in(folder.path(), &args);
        assert_eq!(done.code, 0, "{}", done.err);
        fs::write(folder.path().join(out), done.out).unwrap();
    }
    let merged = run_in(folder.path(), &["merge", "a.json", "b.json"]);
    assert!(merged.code == 0 && merged.out.contains("of 1,000"), "{} {}", merged.out, merged.err);
}
