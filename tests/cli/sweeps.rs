//! `sweep`: points, forms, refusals.

use std::process::Command;

use crate::run::{json, run, run_in};

#[test]
fn a_sweep_answers_every_point_in_every_form() {
    let args = [
        "sweep",
        "native-containers",
        "--vary",
        "tenant.isolation=container,microvm",
        "--threat",
        "impersonation",
        "--draws",
        "100",
    ];
    let human = run(&args);
    assert_eq!(human.code, 0, "{}", human.err);
    assert!(human.out.contains("tenant.isolation") && human.out.contains("microvm"), "{}", human.out);
    let answer = json(&[&args[..], &["--format", "json"]].concat());
    let answers = answer["answers"].as_array().unwrap();
    assert_eq!(answers.len(), 2);
    assert_eq!(answers[1]["at"][0]["value"], "microvm");
    assert_eq!(answers[1]["answer"]["threat"], "impersonation");
    assert!(answers[1]["answer"]["probability"].as_f64() < answers[0]["answer"]["probability"].as_f64());
    let csv = run(&[&args[..], &["--format", "csv"]].concat());
    let lines: Vec<&str> = csv.out.lines().collect();
    assert_eq!(lines[0], "design,tenant.isolation,threat,probability,method,low,high,q05,q50,q95");
    assert!(lines[1].starts_with("native-containers,container,impersonation,0."), "{}", lines[1]);
    assert_eq!(lines.len(), 3);
}

#[test]
fn a_folder_gets_table_and_picture_and_keeps_what_is_not_ours() {
    let folder = tempfile::tempdir().unwrap();
    let args = [
        "sweep",
        "status-quo",
        "--vary",
        "publisher.count=10..1000",
        "--vary",
        "password.second-factor=none,passkey",
        "--draws",
        "100",
    ];
    let args = [&args[..], &["--threat", "impersonation", "--out", "s"]].concat();
    let done = run_in(folder.path(), &args);
    assert_eq!(done.code, 0, "{}", done.err);
    for name in ["sweep.csv", "sweep.json", "sweep.svg"] {
        assert!(folder.path().join("s").join(name).is_file(), "{name}");
    }
    std::fs::write(folder.path().join("mine.txt"), "mine").unwrap();
    let refused = run_in(
        folder.path(),
        &["sweep", "status-quo", "--vary", "publisher.count=10..100", "--draws", "100", "--out", "."],
    );
    assert_eq!(refused.code, 4, "{}", refused.err);
}

#[test]
fn what_cannot_be_varied_is_told_with_its_place() {
    for (vary, code, says) in [
        ("publisher.conut=1..10", 3, "publisher.conut"),
        ("nobody.count=1..10", 3, "nothing is called `nobody`"),
        ("tenant.isolation=paper", 3, "paper"),
        ("publisher.count=0..10", 3, "count"),
        ("publisher.count", 2, "PATH=LOW..HIGH"),
        ("publisher.count=9..1", 2, "not less"),
        ("publisher.count=1..9:n=4000", 2, ":n="),
    ] {
        let done = run(&["sweep", "native-containers", "--vary", vary, "--draws", "100"]);
        assert_eq!(done.code, code, "{vary}: {}", done.err);
        assert!(done.err.contains(says), "{vary}: {}", done.err);
    }
    let three = run(&["sweep", "status-quo", "--vary", "a.b=1,2", "--vary", "c.d=1,2", "--vary", "e.f=1,2"]);
    assert_eq!(three.code, 2, "{}", three.err);
}

#[test]
fn the_mails_sweep_is_told_with_its_guesses() {
    let done = run(&["sweep", "status-quo", "house-distro", "--draws", "100"]);
    assert_eq!(done.code, 0, "{}", done.err);
    for words in ["1,000,000", "give up", "guesses", "reviewers-grown"] {
        assert!(done.out.contains(words), "{words}: {}", done.out);
    }
    let answer = json(&["sweep", "operator-ci", "byo-trusted", "--draws", "100", "--format", "json"]);
    assert_eq!(answer["answers"].as_array().unwrap().len(), 2 * 16);
    assert!(answer["turns"].as_array().is_some_and(|turns| !turns.is_empty()));
    let told = run(&["explain", "review-minutes"]);
    assert!(told.code == 0 && told.out.contains("minutes") && told.out.contains("a guess"), "{}", told.out);
}

/// A model that states its own rates is answered by them.
#[test]
fn a_model_may_state_its_own_rates() {
    let folder = tempfile::tempdir().unwrap();
    let overlay = "library:\n  workload:\n    - {rate: support, value: 1000, source: \"counted here\"}\n";
    std::fs::write(folder.path().join("own.yaml"), overlay).unwrap();
    let hours = |more: &[&str]| {
        let args = [&["sweep", "status-quo", "--draws", "100", "--format", "csv"], more].concat();
        let done = run_in(folder.path(), &args);
        assert_eq!(done.code, 0, "{}", done.err);
        let line = done.out.lines().rfind(|line| line.contains(",1000000,upkeep_hours,")).unwrap().to_owned();
        line.split(',').nth(3).unwrap().parse::<f64>().unwrap()
    };
    assert!(hours(&["--overlay", "own.yaml"]) > 100.0 * hours(&[]));
}

/// A rate that is set is that rate laid over, and a point of a sweep over it is that model.
#[test]
fn rates_of_work_can_be_set_and_varied() {
    let folder = tempfile::tempdir().unwrap();
    let overlay = "library: {workload: [{rate: patience, value: {low: 1, mode: 2, high: 9}, guess: \"set on the command line\"}]}\n";
    std::fs::write(folder.path().join("own.yaml"), overlay).unwrap();
    let grown = |more: &[&str]| {
        let done =
            run_in(folder.path(), &[&["sweep", "house-distro", "--draws", "100", "--format", "json"], more].concat());
        assert_eq!(done.code, 0, "{}", done.err);
        let mut all: serde_json::Value = serde_json::from_str(&done.out).unwrap();
        // The hash is of the sources, of which the command line is one.
        all["model"].take();
        all
    };
    let set = grown(&["--set", "workload.patience={low: 1, mode: 2, high: 9}"]);
    assert_eq!(set, grown(&["--overlay", "own.yaml"]));
    assert_eq!(set, grown(&["--set", "workload.patience.value={low: 1, mode: 2, high: 9}"]));
    assert_ne!(set, grown(&[]));
    let sourced = grown(&["--set", "workload.patience=30", "--set", "workload.patience.source=a survey"]);
    let patience = sourced["rates"].as_array().unwrap().iter().find(|rate| rate["id"] == "patience").unwrap();
    assert_eq!((&patience["grade"], &patience["range"]), (&"sourced".into(), &serde_json::json!([30.0, 30.0, 30.0])));

    let args = ["house-distro", "--threat", "impersonation", "--format", "json"];
    let swept = run(&[&["sweep", "--vary", "workload.patience=3,90", "--draws", "100"], &args[..]].concat());
    assert_eq!(swept.code, 0, "{}", swept.err);
    let all: serde_json::Value = serde_json::from_str(&swept.out).unwrap();
    let gives_up = |at: usize| all["answers"][at]["work"]["gives_up"]["nominal"].as_f64().unwrap();
    assert!(gives_up(0) > gives_up(1) && gives_up(1) > 0.0, "the patient stay: {all}");
    for value in ["3", "90"] {
        let single =
            run(&[&["simulate", "--exact", "--set", &format!("workload.patience={value}")], &args[..]].concat());
        assert_eq!(single.code, 0, "{}", single.err);
        let answers = single.out.split_once("\"answers\":[").unwrap().1.rsplit_once("]}").unwrap().0;
        assert!(
            swept.out.contains(&format!("\"value\":\"{value}\"}}],\"answer\":{answers},")),
            "{answers}\n{}",
            swept.out
        );
    }
    for (set, says) in [
        ("workload.patiense=3", "did you mean `patience`"),
        ("workload.patience.valeu=3", "did you mean `value`"),
        ("workload=3", "names no rate"),
        ("workload.patience=-1", "--set:1:19"),
        ("workload.patience=soon", "`soon`"),
    ] {
        let done = run(&["sweep", "house-distro", "--draws", "100", "--set", set]);
        assert_eq!(done.code, 3, "{set}: {}", done.err);
        assert!(done.err.contains(says), "{set}: {}", done.err);
    }
}

#[test]
fn a_sweep_does_not_depend_on_the_number_of_threads() {
    let of = |threads: &str, more: &[&str]| {
        let done = Command::new(env!("CARGO_BIN_EXE_cotenant"))
            .args(["sweep", "status-quo", "house-distro", "native-containers", "--format", "json", "--draws", "150"])
            .args(more)
            .env("RAYON_NUM_THREADS", threads)
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        done.stdout
    };
    for more in [&[][..], &["--vary", "publisher.count=10..10000"]] {
        let one = of("1", more);
        assert!(["2", "8"].iter().all(|threads| of(threads, more) == one), "{more:?}");
    }
}

/// Byte for byte what `simulate --exact --set` prints, at every point.
#[test]
fn a_point_is_what_simulate_answers_with_that_field_set() {
    let sweep = run(&[
        "sweep",
        "byo-trusted",
        "--vary",
        "publisher.count=2,50",
        "--vary",
        "parameters.operator-honest.fails.per-year=0.001,0.25",
        "--threat",
        "impersonation",
        "--format",
        "json",
        "--draws",
        "100",
    ]);
    assert_eq!(sweep.code, 0, "{}", sweep.err);
    for count in ["2", "50"] {
        for rate in ["0.001", "0.25"] {
            let sets =
                [format!("publisher.count={count}"), format!("parameters.operator-honest.fails.per-year={rate}")];
            let args = ["simulate", "byo-trusted", "--exact", "--threat", "impersonation", "--format", "json"];
            let single = run(&[&args[..], &["--set", &sets[0], "--set", &sets[1]]].concat());
            assert_eq!(single.code, 0, "{}", single.err);
            let answers = single.out.split_once("\"answers\":[").unwrap().1.rsplit_once("]}").unwrap().0;
            assert!(answers.contains("\"threat\":\"impersonation\""), "{answers}");
            let point = format!("\"answer\":{answers},\"credible\"");
            assert!(sweep.out.contains(&point), "{sets:?}: {point}\n{}", sweep.out);
        }
    }
}

#[test]
fn a_value_that_a_range_ran_through_is_told_with_its_range() {
    let refused = run(&["sweep", "status-quo", "--vary", "publisher.count=1..1e30", "--draws", "100"]);
    assert_eq!(refused.code, 3, "{}", refused.err);
    assert!(refused.err.contains("error: --vary: that is `status-quo` at `publisher.count="), "{}", refused.err);
}
