//! `check` as a gate: its formats, several models, and the register of accepted risks.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::run::{Run, run, run_in};

/// A model whose threat `take` is reached by grant and fails, `deep` passes, `alone` is not applicable and `open` is not judged.
const MODEL: &str = "cotenant: 1
design: gated
actors:
- {id: publisher, is: publisher, count: 10, joins: open}
- {id: admin, is: operator, count: 1}
services:
- {id: index, is: index, operated-by: [admin]}
assets:
- {id: project, is: project, per: publisher}
privileges:
- {who: publisher, may: publish, over: project, scope: any}
- {who: index, may: publish, over: project, scope: any}
threats:
- {id: take, title: 'One takes \"another\" <b>', attacker: publisher, victim: {publisher: chosen}, goal: publish(project.victim), tolerate: no-grant}
- {id: deep, attacker: publisher, victim: {publisher: chosen}, goal: publish(project.victim), tolerate: any}
- {id: alone, attacker: admin, victim: {admin: chosen}, goal: act-as(admin.victim), tolerate: unreachable}
- {id: open, attacker: admin, victim: {publisher: chosen}, goal: publish(project.victim)}
";

struct Folder(tempfile::TempDir);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Folder {
        let folder = Folder(tempfile::tempdir().unwrap());
        files.iter().for_each(|(name, text)| fs::write(folder.0.path().join(name), text).unwrap());
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn check(&self, args: &[&str]) -> Run {
        run_in(self.path(), &[&["check"], args].concat())
    }

    fn sarif(&self, args: &[&str]) -> Value {
        let done = self.check(&[args, &["--format", "sarif"]].concat());
        let log = serde_json::from_str(&done.out).unwrap_or_else(|error| panic!("{error}: {} {}", done.out, done.err));
        valid(&log);
        log
    }
}

/// Valid by the published schema, with rules that exist, and told by help.
fn valid(log: &Value) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/schemas/sarif-2.1.0.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let validator = jsonschema::draft7::new(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(log).map(|error| format!("{error} at {}", error.instance_path)).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert!(rules.iter().all(|rule| rule["help"]["text"].as_str().unwrap().len() > 20));
    for result in run["results"].as_array().unwrap() {
        assert_eq!(rules[result["ruleIndex"].as_u64().unwrap() as usize]["id"], result["ruleId"]);
    }
}

fn results(log: &Value) -> &Vec<Value> {
    log["runs"][0]["results"].as_array().unwrap()
}

#[test]
fn the_schema_refuses_what_is_no_sarif() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/schemas/sarif-2.1.0.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let validator = jsonschema::draft7::new(&schema).unwrap();
    let folder = Folder::with(&[("m.yaml", MODEL)]);
    for (pointer, wrong) in [("/version", "2.0"), ("/runs/0/results/0/level", "bad"), ("/runs/0/columnKind", "bytes")] {
        let mut log = folder.sarif(&["m.yaml"]);
        *log.pointer_mut(pointer).unwrap() = wrong.into();
        assert!(!validator.is_valid(&log), "{pointer}");
    }
}

#[test]
fn sarif_tells_the_way_on_the_lines_of_the_model() {
    let folder = Folder::with(&[("m.yaml", MODEL)]);
    let log = folder.sarif(&["m.yaml"]);
    let all: Vec<&Value> = results(&log).iter().filter(|result| result["ruleId"] == "over-tolerance").collect();
    assert_eq!(all.len(), 1, "only `take` is over its tolerance: {log}");
    assert!(
        all[0]["message"]["text"]
            .as_str()
            .unwrap()
            .starts_with("gated: take: expected not by grant, got reached by grant")
    );
    assert_eq!(all[0]["locations"][0]["physicalLocation"]["region"]["startLine"], 14);
    let flow = all[0]["codeFlows"][0]["threadFlows"][0]["locations"].as_array().unwrap();
    assert!(!flow.is_empty());
    for step in flow {
        let place = &step["location"]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "m.yaml");
        let line = place["region"]["startLine"].as_u64().unwrap() as usize;
        let text = place["region"]["snippet"]["text"].as_str().unwrap();
        assert_eq!(MODEL.lines().nth(line - 1).unwrap().trim(), text);
    }
}

#[test]
fn models_that_share_a_file_are_told_apart() {
    let base = MODEL.replace("design: gated\n", "");
    let own = |design: &str| format!("cotenant: 1\nextend: base.yaml\ndesign: {design}\n");
    let folder = Folder::with(&[("base.yaml", &base), ("one.yaml", &own("one")), ("two.yaml", &own("two"))]);
    let log = folder.sarif(&["one.yaml", "two.yaml"]);
    let over: Vec<&Value> = results(&log).iter().filter(|result| result["ruleId"] == "over-tolerance").collect();
    assert_eq!(over.len(), 2);
    assert_ne!(over[0]["partialFingerprints"], over[1]["partialFingerprints"]);
    for (result, design) in over.iter().zip(["one", "two"]) {
        assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "base.yaml");
        assert_eq!(
            result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            format!("{design}.yaml")
        );
        assert!(result["message"]["text"].as_str().unwrap().starts_with(&format!("{design}: take: expected")));
    }
}

#[test]
fn fingerprints_do_not_move_with_lines_and_tell_results_apart() {
    let moved = format!("# one\n# two\n\n{MODEL}");
    let prints = |text: &str| -> Vec<String> {
        let folder = Folder::with(&[("m.yaml", text)]);
        let log = folder.sarif(&["m.yaml"]);
        results(&log).iter().map(|it| it["partialFingerprints"]["cotenant/v1"].as_str().unwrap().to_owned()).collect()
    };
    let (before, after) = (prints(MODEL), prints(&moved));
    assert_eq!(before, after);
    let mut once = before.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), before.len(), "{before:?}");
}

#[test]
fn what_is_wrong_with_a_file_is_a_result_too() {
    let bad = MODEL.replace("operated-by: [admin]", "operated-by: [adnim]");
    let folder = Folder::with(&[
        ("bad.yaml", &bad),
        ("g.json", "{\"cotenant-graph\": 1, \"capabilities\": 7}"),
        ("m.yaml", MODEL),
    ]);
    let log = folder.sarif(&["bad.yaml", "g.json", "no-such-file.yaml", "m.yaml"]);
    let ids: Vec<&str> = results(&log).iter().map(|result| result["ruleId"].as_str().unwrap()).collect();
    for id in ["unknown-entity", "invalid-graph", "unreadable-file", "over-tolerance"] {
        assert!(ids.contains(&id), "{id}: {ids:?}");
    }
    assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], false);
    assert_eq!(folder.check(&["bad.yaml", "g.json", "no-such-file.yaml", "m.yaml"]).code, 4);
    assert_eq!(folder.check(&["bad.yaml", "m.yaml"]).code, 3);
    assert_eq!(folder.check(&["m.yaml", "status-quo"]).code, 1);
    assert_eq!(folder.check(&["native-apartment", "status-quo"]).code, 0);
}

#[test]
fn junit_has_a_suite_for_each_model_and_a_case_for_each_threat() {
    let folder = Folder::with(&[("a <b>&\"c'.yaml", MODEL), ("bad.yaml", "cotenant: 1\n")]);
    let done = folder.check(&["a <b>&\"c'.yaml", "bad.yaml", "status-quo", "--format", "junit"]);
    assert_eq!(done.code, 3, "{}", done.err);
    let document = roxmltree::Document::parse(&done.out).unwrap();
    let root = document.root_element();
    let suites: Vec<_> = root.children().filter(|node| node.has_tag_name("testsuite")).collect();
    assert_eq!(suites.len(), 3);
    assert_eq!(suites[0].attribute("name"), Some("gated (a <b>&\"c'.yaml)"));
    let cases: Vec<_> = suites[0].children().filter(|node| node.has_tag_name("testcase")).collect();
    assert_eq!(cases.len(), 5, "the model and four threats");
    assert_eq!(cases[1].attribute("name"), Some("take: One takes \"another\" <b>"));
    let inside = |at: usize| cases[at].children().find(roxmltree::Node::is_element);
    let failure = inside(1).unwrap();
    assert_eq!((failure.tag_name().name(), failure.attribute("type")), ("failure", Some("fail")));
    assert!(failure.text().unwrap().contains("a <b>&\"c'.yaml:"), "the model lines: {:?}", failure.text());
    assert!(inside(2).is_none(), "`any` passes");
    for (at, word) in [(3, "not-applicable"), (4, "not-judged")] {
        let skipped = inside(at).unwrap();
        assert_eq!(skipped.tag_name().name(), "skipped");
        assert!(skipped.attribute("message").unwrap().starts_with(word), "{:?}", skipped.attribute("message"));
    }
    assert!(suites[1].descendants().any(|node| node.has_tag_name("error")), "{}", done.out);
    let sum =
        |name: &str| suites.iter().map(|suite| suite.attribute(name).unwrap().parse::<usize>().unwrap()).sum::<usize>();
    for name in ["tests", "failures", "errors", "skipped"] {
        assert_eq!(root.attribute(name).unwrap().parse::<usize>().unwrap(), sum(name), "{name}");
    }
}

/// The model with a register.
fn registered(entries: &str) -> String {
    format!("{MODEL}accepted-risks:\n{entries}")
}

#[test]
fn an_accepted_risk_holds_until_its_last_day() {
    let model = registered("- {threat: take, k: 0, until: 2027-01-31, owner: alice, reason: moving in March}\n");
    let folder = Folder::with(&[("m.yaml", &model)]);
    let fine = folder.check(&["m.yaml", "--today", "2027-01-31"]);
    assert_eq!(fine.code, 0, "{}", fine.out);
    assert!(fine.out.contains("judged by 2027-01-31 (1 entry): 1 accepts"), "{}", fine.out);
    assert!(fine.out.contains("take is accepted until 2027-01-31 by alice: moving in March"), "{}", fine.out);
    assert!(fine.out.contains("1 accepted, 1 pass, 1 not-applicable, 1 not-judged"), "{}", fine.out);
    let late = folder.check(&["m.yaml", "--today", "2027-02-01"]);
    assert_eq!(late.code, 1);
    assert!(late.out.contains("1 expired") && late.out.contains("1 fail"), "{}", late.out);
    let log = folder.sarif(&["m.yaml", "--today", "2027-01-01"]);
    let accepted = results(&log).iter().find(|result| result["ruleId"] == "over-tolerance").unwrap();
    assert_eq!(accepted["suppressions"][0]["kind"], "inSource");
    let log = folder.sarif(&["m.yaml", "--today", "2027-02-01"]);
    assert!(results(&log).iter().any(|result| result["ruleId"] == "accepted-risk-expired"));
    assert!(results(&log).iter().all(|result| result["suppressions"].is_null()));
    let json: Value =
        serde_json::from_str(&folder.check(&["m.yaml", "--format", "json", "--today", "2027-01-01"]).out).unwrap();
    assert_eq!(
        (json["answers"][0]["verdict"].as_str(), json["today"].as_str()),
        (Some("accepted"), Some("2027-01-01"))
    );
    assert_eq!(json["accepted_risks"][0]["standing"], "accepts");
}

#[test]
fn a_worse_threat_and_stale_entries_are_told() {
    let model = registered(
        "- {threat: take, k: 1, until: 2027-01-31, owner: alice, reason: was one failure}\n\
         - {threat: deep, until: 2027-01-31, owner: bob, reason: nothing any more}\n\
         - {threat: gone, until: 2027-01-31, owner: bob, reason: taken out}\n",
    );
    let folder = Folder::with(&[("m.yaml", &model)]);
    let done = folder.check(&["m.yaml", "--today", "2027-01-01"]);
    assert_eq!(done.code, 1);
    for part in [
        "1 exceeded, 2 stale",
        "1 failures needed then, 0 now",
        "not over its tolerance any more",
        "has no such threat",
    ] {
        assert!(done.out.contains(part), "{part}: {}", done.out);
    }
    let one = folder.check(&["m.yaml", "--today", "2027-01-01", "--threat", "deep"]);
    assert_eq!(one.code, 0, "stale entries do not fail the gate: {}", one.out);
    assert!(one.out.contains("not asked in this run"), "{}", one.out);
}

#[test]
fn mistakes_in_the_register_have_their_places() {
    for (entry, code, line) in [
        ("- {threat: take, until: 2027-02-30, owner: a, reason: b}\n", "bad-date", 19),
        ("- {threat: take, until: soon, owner: a, reason: b}\n", "bad-date", 19),
        ("- {threat: take, until: 2027-02-28, reason: b}\n", "missing-key", 19),
        ("- {threat: take, until: 2027-02-28, owner: a, reason: ' '}\n", "missing-key", 19),
        ("- {threat: take, k: 0.5, until: 2027-02-28, owner: a, reason: b}\n", "out-of-range", 19),
        ("- {threat: take, until: 2027-02-28, owner: a, reason: b, by: x}\n", "unknown-key", 19),
        ("- &x {threat: take, until: 2027-02-28, owner: a, reason: b}\n- *x\n", "duplicate-id", 19),
    ] {
        let folder = Folder::with(&[("m.yaml", &registered(entry))]);
        let done = folder.check(&["m.yaml"]);
        assert_eq!(done.code, 3, "{entry}: {}", done.out);
        assert!(
            done.err.contains(&format!("[{code}]")) && done.err.contains(&format!("m.yaml:{line}:")),
            "{}",
            done.err
        );
    }
}

#[test]
fn a_gate_starts_green_and_nothing_is_written() {
    let folder = Folder::with(&[("m.yaml", MODEL)]);
    let printed = folder.check(&["m.yaml", "--accept-all", "al\"ice: #1", "--today", "2026-12-01"]);
    assert_eq!(printed.code, 0, "{}", printed.err);
    assert!(printed.out.contains("until: \"2027-03-01\"") && printed.out.contains("k: 0"), "{}", printed.out);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "it only prints");
    fs::write(folder.path().join("accepted.yaml"), &printed.out).unwrap();
    let green = folder.check(&["m.yaml", "--overlay", "accepted.yaml", "--today", "2026-12-02"]);
    assert_eq!(green.code, 0, "{} {}", green.out, green.err);
    assert!(green.out.contains("al\"ice: #1"), "{}", green.out);
    assert_eq!(folder.check(&["m.yaml", "--overlay", "accepted.yaml", "--today", "2027-03-02"]).code, 1);
    for wrong in [
        vec!["m.yaml", "m.yaml", "--accept-all", "a"],
        vec!["m.yaml", "--accept-all", " "],
        vec!["m.yaml", "--today", "soon"],
    ] {
        assert_eq!(folder.check(&wrong).code, 2, "{wrong:?}");
    }
    assert_eq!(run(&["check", "status-quo", "--accept-all", "a"]).out.lines().last(), Some("accepted-risks: []"));
}

/// Four failures, each of which is enough: of 0.1 each, P = 1 - 0.9^4.
fn four(p: &str, limit: &str) -> String {
    let each = |text: &dyn Fn(u32) -> String| (0..4).map(text).collect::<Vec<_>>().join(", ");
    let assumptions = each(&|at| format!(r#"{{"id": {at}, "name": "a{at}", "probability": {p}}}"#));
    let steps =
        each(&|at| format!(r#"{{"id": {at}, "name": "s{at}", "needs": [], "gains": 0, "assumptions": [{at}]}}"#));
    format!(
        r#"{{"cotenant-graph": 1, "capabilities": [{{"id": 0, "name": "goal"}}], "assumptions": [{assumptions}], "steps": [{steps}],
            "threats": [{{"name": "t", "start": [], "goal": 0, "tolerate": {{"probability": {limit}}}}}]}}"#
    )
}

#[test]
fn a_limit_of_just_the_probability_is_kept_and_an_excess_is_shown() {
    let folder = Folder::with(&[
        ("just.json", &four("0.1", "0.3439")),
        ("under.json", &four("0.1", "0.344")),
        ("over.json", &four("0.1", "0.34389999")),
        ("hair.json", &four("0.1000000001", "0.3439")),
    ]);
    assert_eq!(folder.check(&["just.json", "under.json"]).code, 0, "rounding is no excess");
    for (file, got) in [("over.json", "probability 0.344"), ("hair.json", "probability 0.344")] {
        let done = folder.check(&[file]);
        let told = done.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(done.code == 1 && told.contains(got), "{told}");
    }
}
