//! Machine output, field by field.

use cotenant::report::json::{self, Envelope, PathsAnswer, TrustAnswer};
use serde_json::{Value, json};

use crate::fixture;

#[test]
fn compare_answers_every_threat_of_every_design_and_the_costs() {
    let text = json::compare(&fixture::comparison(), "compare").render().unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    let keys: Vec<&str> = ["cotenant", "verb", "model", "seed", "answers", "costs"].to_vec();
    let mut at = 0;
    for key in keys {
        at += text[at..].find(&format!("\"{key}\":")).unwrap_or_else(|| panic!("{key} in its place"));
    }
    assert_eq!(value["verb"], "compare");
    assert_eq!(value["seed"], 42);
    assert!(value["model"].as_str().unwrap().starts_with("sha256:"));
    assert_eq!(
        value["answers"][0],
        json!({"design": "status-quo", "threat": "impersonation", "status": "exploit", "k": 1, "profile": [0, 6, 5, 0],
            "profile_wide": [0, 4, 0, 0], "profile_complete": true, "extent": {"word": "one", "members": 1}, "paths": 19,
            "paths_complete": true})
    );
    let answers = value["answers"].as_array().unwrap();
    let of =
        |design: &str, threat: &str| answers.iter().find(|a| a["design"] == design && a["threat"] == threat).unwrap();
    assert_eq!(of("apartment-complex", "impersonation")["k"], Value::Null);
    assert_eq!(of("apartment-complex", "impersonation")["extent"], Value::Null);
    assert_eq!(of("staged-shared-house", "vendor-breach")["status"], "not-applicable");
    assert_eq!(of("shared-house", "impersonation")["status"], "grant");
    assert_eq!(
        value["costs"][3],
        json!({"design": "external-ci-operator-integrated", "approvals": 0, "services": 3, "strangers_code": 0, "parties": 3,
            "interfaces": 4, "workflows": 1})
    );
    assert_eq!(value["costs"][8]["approvals"], Value::Null, "no way to a first publish");
}

#[test]
fn costs_of_a_graph_file_are_null() {
    let mut comparison = fixture::pair();
    comparison.designs[1].costs = None;
    let value: Value = serde_json::from_str(&json::compare(&comparison, "compare").render().unwrap()).unwrap();
    assert_eq!(
        value["costs"][1],
        json!({"design": "shared-house", "approvals": null, "services": null, "strangers_code": null, "parties": null,
            "interfaces": null, "workflows": null})
    );
}

#[test]
fn paths_and_trust_answer_by_ids() {
    let comparison = fixture::comparison();
    let design = &comparison.designs[0];
    let threat = &design.threats[0];
    let mut paths = threat.paths.clone();
    paths.complete = false;
    paths.optimal = false;
    paths.at_least = Some((None, 4));
    paths.paths[0].cost = None;
    paths.paths[0].probability = 0.1 + 0.2;
    let envelope =
        Envelope::new("paths", &design.graph.model, 7, vec![PathsAnswer::new(&threat.threat, &threat.reach, &paths)]);
    let text = envelope.render().unwrap();
    assert!(text.contains("\"probability\":0.30000000000000004"), "shortest decimals that read back: {text}");
    let value: Value = serde_json::from_str(&text).unwrap();
    assert!(value.get("costs").is_none());
    let answer = &value["answers"][0];
    let keys: Vec<&String> = answer.as_object().unwrap().keys().collect();
    let mut expected = vec![
        "threat",
        "status",
        "k",
        "profile",
        "profile_wide",
        "profile_complete",
        "extent",
        "cost",
        "complete",
        "optimal",
        "at_least",
        "paths",
    ];
    expected.sort_unstable();
    assert_eq!(keys, expected);
    assert_eq!(answer["at_least"], json!({"cost": null, "steps": 4}));
    assert_eq!(
        answer["paths"][3],
        json!({"steps": [3, 5, 6, 8], "assumptions": [0, 2], "cost": paths.paths[3].cost, "probability": paths.paths[3].probability,
            "effort_hours": 32.0, "dominated_by": [0]})
    );
    assert_eq!(answer["paths"][0]["cost"], Value::Null);
    let trust = Envelope::new("trust", "sha256:x", 7, vec![TrustAnswer::new(&threat.threat, &threat.coalitions)]);
    let value: Value = serde_json::from_str(&trust.render().unwrap()).unwrap();
    let candidates: Vec<u32> = (0..10).collect();
    assert_eq!(
        value["answers"][0],
        json!({"threat": "impersonation", "candidates": candidates, "coalitions": [[1], [3], [4]], "complete": true})
    );
}

#[test]
fn one_model_keeps_its_hash_and_several_get_one_over_theirs() {
    let pair = fixture::pair();
    let single = cotenant::study::Comparison { designs: pair.designs[..1].to_vec(), ..pair.clone() };
    assert_eq!(json::models(&single), pair.designs[0].graph.model);
    let mut swapped = pair.clone();
    swapped.designs[0].graph.model = String::from("sha256:other");
    assert_ne!(json::models(&pair), json::models(&swapped));
}
