//! Every verb does what its help says.

use std::fs;

use crate::run::{json, run, run_in};

#[test]
fn help_has_an_example_for_every_verb_with_arguments() {
    for verb in [
        "init", "check", "paths", "trust", "blast", "simulate", "merge", "harden", "compare", "whatif", "diff",
        "graph", "explain", "report",
    ] {
        let help = run(&[verb, "--help"]);
        assert_eq!(help.code, 0);
        assert!(help.out.contains("Example"), "{verb}: {}", help.out);
    }
    assert!(run(&["--help"]).out.contains("Exit codes"));
}

#[test]
fn a_usage_mistake_ends_with_2() {
    assert_eq!(run(&["paths"]).code, 2);
    assert_eq!(run(&["paths", "status-quo", "--cost", "money"]).code, 2);
    let unknown = run(&["paths", "status-quo", "--threat", "impersonaton"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("did you mean `impersonation`"), "{}", unknown.err);
    assert_eq!(run(&["whatif", "status-quo"]).code, 2, "a what-if without a change");
    assert_eq!(run(&["trust", "status-quo", "--among", "nobody-is-called-so"]).code, 2);
    assert_eq!(run(&["explain", "nothing-is-called-so"]).code, 2);
}

#[test]
fn a_file_that_cannot_be_read_ends_with_4_and_names_what_was_meant() {
    let missing = run(&["check", "statusquo"]);
    assert_eq!(missing.code, 4);
    assert!(missing.err.contains("status-quo"), "{}", missing.err);
    assert!(missing.out.is_empty());
}

#[test]
fn init_writes_a_model_that_passes_check_and_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let first = run_in(folder.path(), &["init", "mine.yaml"]);
    assert_eq!(first.code, 0, "{}", first.err);
    let check = run_in(folder.path(), &["check", "mine.yaml"]);
    assert_eq!((check.code, check.err.as_str()), (0, ""), "{}", check.out);
    fs::write(folder.path().join("mine.yaml"), "mine: true\n").unwrap();
    assert_eq!(run_in(folder.path(), &["init", "mine.yaml"]).code, 4);
    assert_eq!(fs::read_to_string(folder.path().join("mine.yaml")).unwrap(), "mine: true\n");
}

#[test]
fn check_fails_a_threat_over_its_tolerance_with_its_first_path() {
    let check = run(&["check", "house-distro"]);
    assert_eq!(check.code, 1);
    assert!(check.out.contains("expected not by grant"), "{}", check.out);
    assert!(check.out.contains("scenarios/house-distro.yaml:"), "the model lines: {}", check.out);
    let fine = json(&["check", "status-quo", "--format", "json"]);
    assert!(fine["answers"].as_array().unwrap().iter().all(|answer| answer["verdict"] == "pass"), "{fine}");
}

#[test]
fn paths_of_several_threats_carry_the_stamp_and_the_labels() {
    let answer = json(&["paths", "status-quo", "-k", "3", "--format", "json", "--seed", "7"]);
    assert_eq!((answer["verb"].as_str(), answer["seed"].as_u64()), (Some("paths"), Some(7)));
    assert!(answer["model"].as_str().unwrap().starts_with("sha256:"));
    for threat in answer["answers"].as_array().unwrap() {
        assert_eq!(threat["optimal"], true);
        assert!(threat["at_least"].is_null());
        assert!(threat["paths"].as_array().unwrap().len() <= 3);
    }
    let one = json(&["paths", "status-quo", "--threat", "vendor-breach", "--format", "json"]);
    let names: Vec<&str> = one["answers"].as_array().unwrap().iter().map(|a| a["threat"].as_str().unwrap()).collect();
    assert_eq!(names, ["vendor-breach.hosting", "vendor-breach.mail-host"]);
}

#[test]
fn a_stopped_search_says_so() {
    let answer = json(&["paths", "native-containers", "--threat", "users", "--limit", "1", "--format", "json"]);
    let threat = &answer["answers"][0];
    assert_eq!(threat["optimal"], false);
    assert!(threat["at_least"]["steps"].as_u64().is_some(), "{threat}");
}

#[test]
fn trust_prints_its_candidates() {
    let trust = run(&["trust", "status-quo", "--threat", "users", "--among", "publisher,index-admin"]);
    assert_eq!(trust.code, 0);
    assert!(trust.out.contains("Among:"), "{}", trust.out);
    assert!(!trust.out.contains("mail-host"), "{}", trust.out);
}

#[test]
fn whatif_tells_what_vanished_and_diff_ends_with_1_when_worse() {
    let whatif = json(&["whatif", "native-containers", "--without", "deploy-key", "--format", "json"]);
    let impersonation = &whatif["answers"][0];
    assert!(!impersonation["vanished"].as_array().unwrap().is_empty());
    assert!(impersonation["appeared"].as_array().unwrap().is_empty(), "taking something away adds no path");
    assert_eq!(run(&["diff", "house-forge-after", "house-forge-before"]).code, 1);
    assert_eq!(run(&["diff", "status-quo", "status-quo"]).code, 0);
}

#[test]
fn a_threat_lost_by_a_removal_is_told_and_not_closed() {
    let lost = run(&["whatif", "status-quo", "--without", "mail-host"]);
    assert_eq!(lost.code, 0, "{}", lost.err);
    assert!(lost.out.contains("not applicable, not closed"), "{}", lost.out);
}

#[test]
fn explain_knows_everything_a_report_names() {
    let report = run(&["paths", "native-containers", "--threat", "users", "--format", "json"]);
    assert_eq!(report.code, 0);
    let graph = json(&["graph", "native-containers", "--format", "json"]);
    let mut names: Vec<&str> = graph["steps"].as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        assert_eq!(run(&["explain", name]).code, 0, "{name}");
    }
    for name in ["boundary-holds.container", "boundary-holds", "build-tenant", "status-quo", "unknown-key"] {
        assert_eq!(run(&["explain", name]).code, 0, "{name}");
    }
    assert!(run(&["explain"]).out.contains("Attack steps"));
}

#[test]
fn compare_writes_a_report_and_replaces_only_its_own_files() {
    let folder = tempfile::tempdir().unwrap();
    let args = ["compare", "status-quo", "house-distro", "--out", "review"];
    let first = run_in(folder.path(), &args);
    assert_eq!(first.code, 0, "{}", first.err);
    let review = folder.path().join("review");
    for file in ["report.md", "report.html", "reach.svg", "trust.svg", "costs.svg", "manifest.json"] {
        assert!(review.join(file).is_file(), "{file}");
    }
    fs::write(review.join("notes.txt"), "mine").unwrap();
    assert_eq!(run_in(folder.path(), &args).code, 0);
    assert_eq!(fs::read_to_string(review.join("notes.txt")).unwrap(), "mine");
    let foreign = folder.path().join("foreign");
    fs::create_dir(&foreign).unwrap();
    fs::write(foreign.join("report.md"), "not ours").unwrap();
    assert_eq!(run_in(folder.path(), &["compare", "status-quo", "--out", "foreign"]).code, 4);
    assert_eq!(fs::read_to_string(foreign.join("report.md")).unwrap(), "not ours");
}

#[test]
fn completions_and_schema_print_something_usable() {
    assert!(run(&["completions", "bash"]).out.contains("cotenant"));
    let schema = json(&["schema"]);
    assert!(schema["$schema"].as_str().unwrap().contains("2020-12"));
}
