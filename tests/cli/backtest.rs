//! Back-tests on the command line: files, folders, records, and what ends how.

use std::fs;
use std::path::Path;

use crate::run::{run, run_in};

fn example() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/incidents/made-up-upload-parser.yaml");
    fs::read_to_string(path).unwrap()
}

#[test]
fn a_loss_against_the_record_ends_with_1_and_says_which() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("made-up-upload-parser.yaml");
    fs::write(&file, example()).unwrap();
    let recorded = run_in(folder.path(), &["backtest", ".", "--record", "record.json"]);
    assert_eq!(recorded.code, 0, "{}", recorded.err);
    let again = run_in(folder.path(), &["backtest", ".", "--against", "record.json"]);
    assert_eq!(again.code, 0, "{}", again.err);
    assert!(again.out.contains("Nothing that is recorded was lost."), "{}", again.out);

    fs::write(&file, example().replace("patch: {index.processes-uploads: false}", "blocks: [write-the-store]"))
        .unwrap();
    let worse = run_in(folder.path(), &["backtest", ".", "--against", "record.json"]);
    assert_eq!(worse.code, 1, "{}", worse.err);
    assert!(worse.out.contains("made-up-upload-parser: control no-processing no longer stops it"), "{}", worse.out);

    fs::write(&file, example().replace("design: made-up-upload-parser", "design: another")).unwrap();
    let renamed = run_in(folder.path(), &["backtest", ".", "--against", "record.json"]);
    assert_eq!(renamed.code, 1);
    assert!(renamed.out.contains("no longer judged") && renamed.out.contains("Not recorded yet: another"));
    let single = run_in(folder.path(), &["backtest", "made-up-upload-parser.yaml", "--against", "record.json"]);
    assert_eq!(single.code, 0, "one file that is not recorded fails nothing");
}

#[test]
fn a_blind_model_tells_its_first_score_or_what_to_keep() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("m.yaml");
    let blind = |first: &str| example().replace("  scored: false\n", &format!("  modelled: blind\n{first}"));
    fs::write(&file, blind("")).unwrap();
    let first = run_in(folder.path(), &["backtest", ".", "--record", "record.json"]);
    assert_eq!(first.code, 0, "{}", first.err);
    let keep = "first-score: {found: true, shape: 1.000, controls: {hits: 1, of: 1}, held: {hits: 1, of: 1}, why: ";
    assert!(first.out.replace("\n    ", " ").contains(keep), "{}", first.out);
    assert!(first.out.contains("no first score was kept"), "{}", first.out);

    let score = "  first-score: {found: false, why: \"a step was missing\"}\n";
    fs::write(&file, blind(score)).unwrap();
    let kept = run_in(folder.path(), &["backtest", ".", "--against", "record.json", "--record", "record.json"]);
    assert_eq!(kept.code, 0, "a first score may be added once: {}", kept.out);
    let told = kept.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("not found at first; found now - a step was missing"), "{}", kept.out);
    assert!(told.contains("1 model was written blind"), "{}", kept.out);
    assert!(told.contains("0 of 1 found at first try, 1 of 1 now"), "{}", kept.out);

    fs::write(&file, blind(&score.replace("false", "true"))).unwrap();
    let rewritten = run_in(folder.path(), &["backtest", ".", "--against", "record.json"]);
    assert_eq!(rewritten.code, 1);
    assert!(rewritten.out.contains("first score is not the one that was recorded"), "{}", rewritten.out);
    let json = run_in(folder.path(), &["backtest", "m.yaml", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(value["answers"][0]["modelled"], "blind");
    assert_eq!(value["answers"][0]["first_score"]["found"], true);
}

#[test]
fn only_a_record_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("m.yaml"), example()).unwrap();
    fs::write(folder.path().join("mine.json"), "{}").unwrap();
    let refused = run_in(folder.path(), &["backtest", "m.yaml", "--record", "mine.json"]);
    assert_eq!(refused.code, 4, "{}", refused.err);
    assert_eq!(fs::read_to_string(folder.path().join("mine.json")).unwrap(), "{}");
    for _ in 0..2 {
        assert_eq!(run_in(folder.path(), &["backtest", "m.yaml", "--record", "new.json"]).code, 0);
    }
}

#[test]
fn what_is_no_incident_is_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("m.yaml"), example()).unwrap();
    fs::write(folder.path().join("plain.yaml"), "cotenant: 1\nextend: builtin:status-quo.yaml\n").unwrap();
    let both = run_in(folder.path(), &["backtest", "."]);
    assert_eq!(both.code, 0, "{}", both.err);
    assert!(both.err.contains("plain.yaml` is no incident model"), "{}", both.err);
    assert_eq!(run_in(folder.path(), &["backtest", "plain.yaml"]).code, 3);
    assert_eq!(run(&["backtest", "nowhere.yaml"]).code, 4);
    fs::write(folder.path().join("m.yaml"), example().replace("threat: chain", "threat: chian")).unwrap();
    let wrong = run_in(folder.path(), &["backtest", "m.yaml"]);
    assert_eq!(wrong.code, 3);
    assert!(wrong.err.contains("did you mean `chain`"), "{}", wrong.err);
    let json = run_in(folder.path(), &["backtest", ".", "--against", "m.yaml"]);
    assert!(json.code == 3 && json.err.contains("is no record of a back-test"), "{}", json.err);
}

#[test]
fn what_does_not_work_is_told_and_not_counted() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("good.yaml"), example()).unwrap();
    let broken = example().replace(
        "who: publisher, may: publish, over: project",
        "who: index-admin, may: publish, over: project, scope: any",
    );
    fs::write(folder.path().join("broken.yaml"), broken.replace("design: made-up-upload-parser", "design: broken"))
        .unwrap();
    let both = run_in(folder.path(), &["backtest", ".", "--format", "json"]);
    assert_eq!(both.code, 3);
    assert!(
        both.err.contains("error[does-not-work]") && both.err.contains("broken.yaml` is not judged"),
        "{}",
        both.err
    );
    let value: serde_json::Value = serde_json::from_str(&both.out).unwrap();
    let ids: Vec<&str> =
        value["answers"].as_array().unwrap().iter().filter_map(|answer| answer["id"].as_str()).collect();
    assert_eq!(ids, ["made-up-upload-parser"]);
}

#[test]
fn a_built_in_file_can_be_extended_from_anywhere() {
    let folder = tempfile::tempdir().unwrap();
    let check = |extend: &str| {
        fs::write(folder.path().join("m.yaml"), format!("cotenant: 1\nextend: {extend}\ndesign: d\n")).unwrap();
        run_in(folder.path(), &["check", "m.yaml"])
    };
    let good = check("builtin:status-quo.yaml");
    assert_eq!(good.code, 0, "{}", good.err);
    let typo = check("builtin:fragments/acounts.yaml");
    assert_eq!(typo.code, 3);
    assert!(
        typo.err.contains("m.yaml:2:9") && typo.err.contains("did you mean `builtin:fragments/accounts.yaml`"),
        "{}",
        typo.err
    );
}

#[test]
fn the_library_is_seen_by_what_its_steps_refer_to() {
    let all = run(&["explain", "--slsa"]);
    assert!(all.code == 0 && all.out.contains("SLSA v1.2 threat E: the build process"), "{}", all.err);
    let one = run(&["explain", "--slsa", "e"]);
    assert!(one.out.contains("escape-tenant: ") && !one.out.contains("threat F"), "{}", one.out);
    let wrong = run(&["explain", "--slsa", "dependncy"]);
    assert!(wrong.code == 2 && wrong.err.contains("did you mean `dependency`"), "{}", wrong.err);
    let level = run(&["explain", "--openssf", "3"]);
    assert!(level.out.contains("OpenSSF principle authentication-3") && !level.out.contains("authentication-2"));
    assert_eq!(run(&["explain", "--slsa", "E", "--openssf"]).code, 2);
    assert_eq!(run(&["explain", "escape-tenant", "--library-lint"]).code, 2);
}

#[test]
fn the_coverage_of_a_model_is_told() {
    let run = run(&["explain", "--coverage", "native-containers", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let groups = value["groups"].as_array().unwrap();
    let build = groups.iter().find(|group| group["scheme"] == "slsa" && group["id"] == "E").unwrap();
    assert!(build["fired"].as_array().unwrap().contains(&serde_json::json!("escape-tenant")));
    for group in groups {
        let steps = group["steps"].as_array().unwrap();
        assert!(group["fired"].as_array().unwrap().iter().all(|step| steps.contains(step)), "{group}");
    }
    let never = groups.iter().filter(|group| group["scheme"] == "slsa").count();
    assert_eq!(never, 12, "every SLSA threat stands there, exercised or not");
}

#[test]
fn a_built_in_incident_is_a_model_like_any() {
    let all = run(&["backtest", "--format", "json"]);
    assert_eq!(all.code, 0, "{}", all.err);
    let value: serde_json::Value = serde_json::from_str(&all.out).unwrap();
    let id = value["answers"][0]["id"].as_str().unwrap();
    assert!(value["worse"].as_array().unwrap().is_empty() && value["not_recorded"].as_array().unwrap().is_empty());
    for verb in ["check", "paths", "backtest"] {
        assert_eq!(run(&[verb, id]).code, 0, "{verb} {id}");
    }
    assert!(run(&["explain", id]).out.contains("(an incident model)"));
    let typo = run(&["backtest", &id[..id.len() - 1]]);
    assert!(typo.code == 4 && typo.err.contains(&format!("did you mean the incident `{id}`")), "{}", typo.err);
}
