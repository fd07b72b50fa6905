//! `simulate` by sampling, and `merge`.

use std::fs;
use std::path::Path;

use crate::run::{json, run, run_in};

fn sampled(folder: &Path, args: &[&str], file: &str) -> String {
    let all: Vec<&str> = ["simulate"].iter().chain(args).copied().chain(["--format", "json"]).collect();
    let run = run_in(folder, &all);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.err);
    fs::write(folder.join(file), &run.out).unwrap();
    run.out
}

#[test]
fn shards_merge_to_the_bytes_of_one_run() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for (model, question) in [
        ("native-containers", &["--trials", "40_000", "--seed", "3"][..]),
        ("status-quo", &["--trials", "3000", "--attacker", "informed", "--threat", "impersonation"][..]),
    ] {
        let question: Vec<&str> = [model].into_iter().chain(question.iter().copied()).collect();
        let one = sampled(folder, &question, "one.json");
        let mut files = Vec::new();
        for shard in 1..=8 {
            let (shard, file) = (format!("{shard}/8"), format!("{shard}.json"));
            let mut args = question.clone();
            args.extend(["--shard", &shard]);
            sampled(folder, &args, &file);
            files.push(file);
        }
        files.reverse();
        let merge = |files: &[String]| {
            let mut args = vec!["merge", "--format", "json"];
            args.extend(files.iter().map(String::as_str));
            run_in(folder, &args)
        };
        assert_eq!(merge(&files).out, one);
        let missing = merge(&files[1..]);
        assert_eq!(missing.code, 3, "{}", missing.out);
        assert!(missing.err.contains("no file holds the worlds"), "{}", missing.err);
        let mut twice = files.clone();
        twice.push(files[3].clone());
        assert!(merge(&twice).err.contains("both hold world"), "{}", merge(&twice).err);
        // A shard of another question is not taken.
        let mut other = question.clone();
        other.extend(["--set", "publisher.count=77", "--shard", "8/8"]);
        sampled(folder, &other, "8.json");
        let differ = merge(&files);
        assert_eq!(differ.code, 3);
        assert!(
            differ.err.contains("do not answer the same question") || differ.err.contains("belong together"),
            "{}",
            differ.err
        );
    }
    fs::write(folder.join("no.json"), "{}").unwrap();
    let wrong = run_in(folder, &["merge", "no.json"]);
    assert_eq!(wrong.code, 3);
    assert!(wrong.err.contains("is no shard of a simulation"), "{}", wrong.err);
    assert_eq!(run_in(folder, &["merge", "nothing.json"]).code, 4);
}

#[test]
fn it_says_what_it_is() {
    let exposed = run(&["simulate", "status-quo", "--trials", "5000"]);
    assert_eq!(exposed.code, 0, "{}", exposed.err);
    for told in ["sampled", "5,000", "95 %", "over the ranges"] {
        assert!(exposed.out.contains(told), "{told}: {}", exposed.out);
    }
    let reached = json(&["simulate", "status-quo", "--trials", "2000", "--attacker", "serial", "--format", "json"]);
    let answers = reached["answers"].as_array().unwrap();
    assert!(!answers.is_empty());
    for answer in answers {
        assert_eq!((&answer["expression"], &answer["method"]), (&"reached".into(), &"sampled".into()));
        assert_eq!(answer["quantiles"].as_array().unwrap().len(), 5);
        let [low, p, high] =
            [&answer["interval"][0], &answer["probability"], &answer["interval"][1]].map(|it| it.as_f64().unwrap());
        assert!(low <= p && p <= high, "{answer}");
        assert_eq!(answer["trials"], 2000);
    }
    assert_eq!(reached["seed"], 1);
}

#[test]
fn a_precision_stops_it_and_a_time_limit_names_the_trials() {
    let precise =
        json(&["simulate", "status-quo", "--precision", "0.2", "--threat", "impersonation", "--format", "json"]);
    let answer = &precise["answers"][0];
    let (p, half) = (answer["probability"].as_f64().unwrap(), &answer["interval"]);
    let half = (half[1].as_f64().unwrap() - half[0].as_f64().unwrap()) / 2.0;
    assert!(half <= 0.2 * p && answer["trials"].as_u64().unwrap() < 1 << 20, "{answer}");
    let args = ["simulate", "native-containers", "--threat", "impersonation", "--format", "json"];
    let limited = [&args[..], &["--trials", "1_000_000_000", "--time-limit", "0.3s"]].concat();
    let stopped = run(&limited);
    assert_eq!(stopped.code, 0, "{}", stopped.err);
    let words: Vec<&str> = stopped.err.split_whitespace().collect();
    let trials = words.iter().position(|word| *word == "--trials").map(|at| words[at + 1]).unwrap();
    let again = run(&[&args[..], &["--trials", trials]].concat());
    let probability =
        |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap()["answers"][0]["probability"].clone();
    assert_eq!(probability(&stopped.out), probability(&again.out));
}

#[test]
fn samples_are_written_once() {
    let folder = tempfile::tempdir().unwrap();
    let args = ["simulate", "status-quo", "--trials", "1000", "--attacker", "parallel", "--samples", "worlds.csv"];
    let first = run_in(folder.path(), &args);
    assert_eq!(first.code, 0, "{}", first.err);
    let text = fs::read_to_string(folder.path().join("worlds.csv")).unwrap();
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(rows.headers().unwrap(), vec!["threat", "world", "reached", "hours"]);
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert!(rows.len().is_multiple_of(1000) && !rows.is_empty());
    assert!(rows.iter().all(|row| (&row[2] == "1") == row[3].parse::<f64>().is_ok()));
    assert_eq!(run_in(folder.path(), &args).code, 4);
    assert_eq!(fs::read_to_string(folder.path().join("worlds.csv")).unwrap(), text);
}

#[test]
fn attacks_are_told_as_timelines() {
    let told = run(&["simulate", "status-quo", "--trace", "2", "--threat", "impersonation", "--attacker", "serial"]);
    assert_eq!(told.code, 0, "{}", told.err);
    assert!(told.out.contains("World ") && told.out.contains("gained "), "{}", told.out);
    let attacks = json(&["simulate", "status-quo", "--trace", "3", "--threat", "impersonation", "--format", "json"]);
    let attacks = attacks["answers"][0]["attacks"].as_array().unwrap();
    assert_eq!(attacks.len(), 3);
    for attack in attacks {
        let hours: Vec<f64> =
            attack["events"].as_array().unwrap().iter().map(|it| it["hours"].as_f64().unwrap()).collect();
        assert!(!hours.is_empty() && hours.windows(2).all(|pair| pair[0] <= pair[1]), "{attack}");
    }
}

#[test]
fn rare_events_go_through_their_attack_sets() {
    let args = ["--threat", "impersonation", "--format", "json"];
    let exact = json(&[&["simulate", "native-apartment", "--exact"], &args[..]].concat());
    let rare = json(&[&["simulate", "native-apartment", "--rare", "--trials", "20000"], &args[..]].concat());
    let (exact, rare) = (exact["answers"][0]["probability"].as_f64().unwrap(), &rare["answers"][0]);
    let [low, high] = [0, 1].map(|end| rare["interval"][end].as_f64().unwrap());
    assert!(low <= exact && exact <= high && rare["reliable"] == true, "{rare} {exact}");
}

#[test]
fn what_does_not_go_together_is_a_usage_mistake() {
    for args in [
        &["--exact", "--trials", "10"][..],
        &["--shard", "9/8"],
        &["--shard", "1"],
        &["--precision", "0.1", "--shard", "1/2"],
        &["--precision", "7"],
        &["--trials", "0"],
        &["--time-limit", "soon"],
        &["--no-detection"],
        &["--importance"],
    ] {
        let run = run(&[&["simulate", "status-quo"], args].concat());
        assert_eq!(run.code, 2, "{args:?}: {}{}", run.out, run.err);
    }
}
