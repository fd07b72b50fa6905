//! Every example in a `--help` runs as it stands there.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::run::{run, run_in};

const VERBS: [&str; 18] = [
    "init",
    "check",
    "paths",
    "trust",
    "blast",
    "simulate",
    "merge",
    "harden",
    "compare",
    "whatif",
    "sweep",
    "diff",
    "backtest",
    "graph",
    "explain",
    "report",
    "schema",
    "completions",
];

/// The commands of a help text, one to a line, without the words that stand beside them.
fn examples(verb: &str) -> Vec<String> {
    let help = run(&[verb, "--help"]).out;
    let from = help.find("Example").map_or("", |at| &help[at..]);
    let lines =
        from.lines().map(|line| line.trim().trim_start_matches("Examples:").trim_start_matches("Example:").trim());
    let commands = lines.filter(|line| line.starts_with("cotenant "));
    commands.map(|line| line.split("  ").next().unwrap_or_default().trim().to_owned()).collect()
}

/// A folder with every file that an example names, and two commits of a model.
fn folder(verb: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let git = |args: &[&str]| {
        let done = Command::new("git").args(args).current_dir(folder.path()).output().expect("git runs");
        assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
    };
    fs::create_dir_all(at("models")).unwrap();
    fs::create_dir_all(at(".local/share/bash-completion/completions")).unwrap();
    if verb == "init" {
        return folder;
    }
    let made = run_in(folder.path(), &["init", "my-index.yaml", "--template", "native-build"]);
    assert_eq!(made.code, 0, "{}", made.err);
    for copy in ["before.yaml", "after.yaml", "model.yaml", "a.yaml", "b.yaml", "models/one.yaml"] {
        fs::copy(at("my-index.yaml"), at(copy)).unwrap();
    }
    let other = fs::read_to_string(at("b.yaml")).unwrap().replacen("design: ", "design: other-", 1);
    fs::write(at("b.yaml"), other).unwrap();
    let incident = fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/incidents/rubygems-2022-yank-replace.yaml"),
    );
    fs::write(at("my-incident.yaml"), incident.unwrap().replace("../", "builtin:")).unwrap();
    let graph = run_in(folder.path(), &["graph", "my-index.yaml", "--format", "json"]);
    fs::write(at("graph.json"), graph.out).unwrap();
    if matches!(verb, "merge" | "simulate") {
        for shard in 1..=8 {
            let part = format!("{shard}/8");
            let done = run_in(
                folder.path(),
                &["simulate", "my-index.yaml", "--trials", "1_000_000", "--shard", &part, "--format", "json"],
            );
            assert_eq!(done.code, 0, "{}", done.err);
            fs::write(at(&format!("{shard}.json")), &done.out).unwrap();
            fs::write(at(&format!("shard-{shard}.json")), done.out).unwrap();
        }
    }
    git(&["init", "-q", "-b", "main"]);
    git(&["add", "-A"]);
    let commit = ["-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-q", "-m"];
    git(&[&commit[..], &["first"]].concat());
    git(&["checkout", "-q", "-b", "topic"]);
    folder
}

#[test]
fn every_example_of_a_help_runs() {
    let program = Path::new(env!("CARGO_BIN_EXE_cotenant")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let mut seen = 0;
    for verb in VERBS {
        let folder = folder(verb);
        for example in examples(verb) {
            // What follows the program's own part is somebody else's: `&& man ./cotenant.1`.
            let own: Vec<&str> = example.split("&&").take_while(|part| part.trim().starts_with("cotenant ")).collect();
            let done = Command::new("sh")
                .args(["-c", &own.join("&&")])
                .current_dir(folder.path())
                .env("PATH", &path)
                .env("HOME", folder.path())
                .env("NO_COLOR", "1")
                .output()
                .expect("sh runs");
            let (code, said) = (done.status.code(), String::from_utf8_lossy(&done.stderr).into_owned());
            // A gate may find something: that is an answer.
            let gate = matches!(verb, "check" | "diff" | "backtest");
            assert!(code == Some(0) || gate && code == Some(1), "{example}: {code:?} {said}");
            seen += 1;
            if verb == "init" {
                let _ = fs::remove_file(folder.path().join("my-index.yaml"));
            }
        }
    }
    assert!(seen > 30, "{seen}");
}
