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
        (
            "status-quo",
            &["--trials", "3000", "--attacker", "serial", "--no-detection", "--threat", "impersonation"][..],
        ),
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

/// One run answers with and without the race against being noticed, on the same worlds.
#[test]
fn both_sides_of_the_race_stand_side_by_side() {
    for attacker in ["parallel", "serial", "informed"] {
        let args = ["simulate", "status-quo", "--trials", "1000", "--attacker", attacker, "--format", "json"];
        let args = [&args[..], &["--threat", "impersonation", "--threat", "vendor-breach"]].concat();
        let race = json(&args);
        let alone = json(&[&args[..], &["--no-detection"]].concat());
        assert_eq!(race["answers"].as_array().unwrap().len(), 3);
        for (race, alone) in race["answers"].as_array().unwrap().iter().zip(alone["answers"].as_array().unwrap()) {
            let side = &race["without_detection"];
            for field in ["probability", "interval", "quantiles", "ranges"] {
                assert_eq!(side[field], alone[field], "{attacker} {field}: {race}");
            }
            assert!(race["probability"].as_f64() <= side["probability"].as_f64(), "{race}");
            assert!(alone["without_detection"].is_null());
            for field in ["hits", "seconds", "doubts", "ends"] {
                assert_eq!(race["run"]["without_detection"][field], alone["run"][field], "{attacker} {field}");
            }
        }
    }
    let told = run(&["simulate", "status-quo", "--trials", "2000", "--attacker", "parallel"]);
    for words in ["if nobody notices", "By when", "this race is lost"] {
        assert!(told.out.contains(words), "{words}: {}", told.out);
    }
}

/// The verb `compare` answers the same, and one model has its threats against each other.
#[test]
fn uncertainty_is_that_of_compare() {
    let folder = tempfile::tempdir().unwrap();
    let draws = ["--draws", "200", "--seed", "5", "--format", "json"];
    let pair = ["byo-token", "byo-trusted"];
    let simulated = run_in(folder.path(), &[&["simulate", "--uncertainty"], &pair[..], &draws].concat());
    assert_eq!(simulated.code, 0, "{}", simulated.err);
    let compared = run_in(folder.path(), &[&["compare", "--out", "r"], &pair[..], &draws].concat());
    assert_eq!(compared.code, 0, "{}", compared.err);
    let [simulated, compared]: [serde_json::Value; 2] =
        [simulated, compared].map(|run| serde_json::from_str(&run.out).unwrap());
    assert_eq!(simulated["uncertainty"], compared["uncertainty"]);
    assert_eq!((&simulated["verb"], &simulated["model"]), (&"simulate".into(), &compared["model"]));
    let args = ["simulate", "native-containers", "--uncertainty", "--draws", "200"];
    let one = run_in(folder.path(), &[&args[..], &["--out", "u", "--format", "json"]].concat());
    assert_eq!(one.code, 0, "{}", one.err);
    let one: serde_json::Value = serde_json::from_str(&one.out).unwrap();
    let exact = json(&["simulate", "native-containers", "--exact", "--format", "json"]);
    for (drawn, exact) in one["answers"].as_array().unwrap().iter().zip(exact["answers"].as_array().unwrap()) {
        assert_eq!((&drawn["threat"], &drawn["probability"]), (&exact["threat"], &exact["probability"]));
        let at = |nth: usize| drawn["credible"][nth].as_f64().unwrap();
        assert!(at(0) <= at(1) && at(1) <= at(2), "{drawn}");
    }
    assert_eq!(
        one["uncertainty"]["within"]["threats"].as_array().unwrap().len(),
        one["answers"].as_array().unwrap().len()
    );
    for name in ["uncertainty.csv", "uncertainty.json", "chances.svg", "tornado.svg"] {
        assert!(folder.path().join("u").join(name).is_file(), "{name}");
    }
    let human = run(&args);
    for words in ["rank correlation", "Which threat is the likeliest", "5 % to 95 %"] {
        assert!(human.out.contains(words), "{words}: {}", human.out);
    }
    let both =
        run(&[&["simulate", "--uncertainty", "--draws", "200", "--threat", "impersonation"], &pair[..]].concat());
    assert!(both.out.contains("than 2"), "{}", both.out);
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
    assert_eq!(
        rows.headers().unwrap(),
        vec!["threat", "world", "reached", "hours", "unnoticed_reached", "unnoticed_hours"]
    );
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert!(rows.len().is_multiple_of(1000) && !rows.is_empty());
    assert!(rows.iter().all(|row| (&row[2] == "1") == row[3].parse::<f64>().is_ok()));
    assert!(rows.iter().all(|row| (&row[4] == "1") == row[5].parse::<f64>().is_ok()));
    assert!(rows.iter().all(|row| row[2] <= row[4]), "who wins the race would win without it");
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
        &["--rare", "--precision=nan"],
        &["--trials", "0"],
        &["--trace", "0"],
        &["--time-limit", "soon"],
        &["--no-detection"],
        &["--importance"],
        &["--uncertainty", "--exact"],
        &["--draws", "300"],
        &["--out", "folder"],
        &["byo-token"],
    ] {
        let run = run(&[&["simulate", "status-quo"], args].concat());
        assert_eq!(run.code, 2, "{args:?}: {}{}", run.out, run.err);
    }
}
