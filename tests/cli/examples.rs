//! The files for users' pipelines: they are pinned, ask for little, and their commands are ones this program knows.

use std::fs;
use std::path::Path;
use std::process::Command;

use cotenant::source::Source;
use cotenant::yaml::{self, Node};

use crate::run::run_in;

fn read(path: &str) -> (String, Node) {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    let node = yaml::parse(&Source::new(path, text.clone())).unwrap();
    (text, node)
}

#[test]
fn the_workflow_pins_what_it_uses_and_asks_for_no_more_than_it_needs() {
    let (text, workflow) = read("docs/examples/ci/github-workflow.yaml");
    let used: Vec<&str> = text.lines().filter_map(|line| line.trim().strip_prefix("uses: ")).collect();
    assert!(used.len() >= 3);
    for action in used {
        let (_, pin) = action.split_once('@').unwrap();
        let (commit, version) = pin.split_once(" # v").unwrap_or_else(|| panic!("{action}"));
        assert!(commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()) && !version.is_empty());
    }
    assert!(workflow.get("permissions").unwrap().entries().is_empty(), "nothing by default");
    assert!(!text.contains("pull_request_target"));
    let runs: Vec<&Node> = steps(&workflow).iter().filter_map(|step| step.get("run")).collect();
    assert!(runs.iter().all(|run| !run.as_text().unwrap().contains("${{")), "nothing is pasted into a shell");
}

fn steps(workflow: &Node) -> &[Node] {
    workflow.get("jobs").unwrap().get("gate").unwrap().get("steps").unwrap().items()
}

/// The arguments of each call of this program in a text.
fn calls(text: &str) -> Vec<Vec<String>> {
    let lines = text.lines().map(|line| line.trim().trim_start_matches("- "));
    let calls = lines.filter_map(|line| line.strip_prefix("cotenant "));
    let words = calls.map(|call| {
        let words = call.split_whitespace().take_while(|word| !matches!(*word, ">" | "||" | "&&"));
        words.map(|word| word.trim_matches('"').to_owned()).collect()
    });
    words.collect()
}

#[test]
fn the_commands_of_the_examples_run() {
    let folder = tempfile::tempdir().unwrap();
    let git = |args: &[&str]| {
        let done = Command::new("git").args(args).current_dir(folder.path()).output().expect("git runs");
        assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
    };
    fs::create_dir(folder.path().join("models")).unwrap();
    assert_eq!(run_in(folder.path(), &["init", "models/index.yaml"]).code, 0);
    git(&["init", "-q", "-b", "main"]);
    git(&["add", "-A"]);
    git(&["-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-q", "-m", "first"]);
    let mut seen = 0;
    for file in ["docs/examples/ci/github-workflow.yaml", "docs/examples/ci/gitlab-ci.yaml"] {
        for call in calls(&read(file).0) {
            let meant = |word: &String| match word.as_str() {
                "models/*.yaml" | "$model" => "models/index.yaml".to_owned(),
                "$BASE...HEAD" => "main...HEAD".to_owned(),
                word => word.to_owned(),
            };
            let words: Vec<String> = call.iter().map(meant).collect();
            assert!(words.iter().all(|word| !word.contains(['$', '*'])), "{words:?}");
            let done = run_in(folder.path(), &words.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(done.code, 0, "{words:?}: {}", done.err);
            seen += 1;
        }
    }
    assert!(seen >= 5, "{seen}");
}

#[test]
fn the_hooks_of_pre_commit_run_as_defined() {
    let (_, hooks) = read(".pre-commit-hooks.yaml");
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run_in(folder.path(), &["init", "index.yaml"]).code, 0);
    for hook in hooks.items() {
        for key in ["id", "name", "description", "entry", "language"] {
            assert!(hook.text_of(key).is_some_and(|text| !text.is_empty()), "{key}");
        }
        let entry = hook.text_of("entry").unwrap().strip_prefix("cotenant ").unwrap();
        let args: Vec<&str> = entry.split(' ').chain(["index.yaml"]).collect();
        assert_eq!(run_in(folder.path(), &args).code, 0, "{args:?}");
    }
    assert_eq!(hooks.items().len(), 2);
}
