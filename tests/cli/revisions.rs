//! `diff` on git revisions, and as a comment on a pull request.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::run::{Run, run_in};

const BASE: &str = "cotenant: 1
actors:
- {id: publisher, is: publisher, count: 10, joins: open}
- {id: admin, is: operator}
services:
- {id: index, is: index, operated-by: [admin]}
assets:
- {id: project, is: project, per: publisher}
privileges:
- {who: publisher, may: publish, over: project}
threats:
- {id: take, title: 'One takes another', attacker: publisher, victim: {publisher: chosen}, goal: publish(project.victim), tolerate: no-grant}
- {id: rogue, attacker: admin, victim: {publisher: chosen}, goal: publish(project.victim)}
";
const MODEL: &str = "cotenant: 1\nextend: ../base.yaml\ndesign: versioned\n";
/// What the second version adds.
const GRANT: &str = "privileges:\n- {who: publisher, may: publish, over: project, scope: any}\n";

struct Repository(tempfile::TempDir);

impl Repository {
    /// Two commits: the second lets every publisher publish everything, in the extended file.
    fn new() -> Repository {
        let repository = Repository(tempfile::tempdir().unwrap());
        fs::create_dir(repository.path().join("models")).unwrap();
        repository.git(&["init", "-q", "-b", "main"]);
        repository.write("base.yaml", BASE);
        repository.write("models/m.yaml", MODEL);
        repository.commit("first");
        repository.git(&["checkout", "-q", "-b", "topic"]);
        repository.write("base.yaml", &wider());
        repository.commit("second");
        repository
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap();
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-q", "-m", message]);
    }

    fn git(&self, args: &[&str]) {
        let done = Command::new("git")
            .args(args)
            .current_dir(self.path())
            .env("GIT_CONFIG_GLOBAL", "")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()
            .expect("git runs");
        assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
    }

    fn diff(&self, args: &[&str]) -> Run {
        run_in(self.path(), &[&["diff"], args].concat())
    }
}

fn wider() -> String {
    BASE.replace("privileges:\n", GRANT)
}

fn answers(run: &Run) -> Value {
    serde_json::from_str::<Value>(&run.out).unwrap_or_else(|error| panic!("{error}: {}", run.err))["answers"].clone()
}

#[test]
fn a_range_reads_the_file_and_what_it_extends_from_both_revisions() {
    let repository = Repository::new();
    let range = repository.diff(&["main..topic", "models/m.yaml", "--format", "json"]);
    assert_eq!(range.code, 1, "{}", range.err);
    let take = &answers(&range)[0];
    assert_eq!((&take["before"]["status"], &take["after"]["status"]), (&"exploit".into(), &"grant".into()));
    assert_eq!(repository.diff(&["topic..main", "models/m.yaml"]).code, 0);
    // The working tree counts for nothing between two revisions.
    repository.write("base.yaml", "not: [a, model");
    assert_eq!(answers(&repository.diff(&["main..topic", "models/m.yaml", "--format", "json"])), answers(&range));
    // The same answers as of two files.
    repository.write("old.yaml", &BASE.replacen("cotenant: 1\n", "cotenant: 1\ndesign: versioned\n", 1));
    repository.write("new.yaml", &wider().replacen("cotenant: 1\n", "cotenant: 1\ndesign: versioned\n", 1));
    assert_eq!(answers(&repository.diff(&["old.yaml", "new.yaml", "--format", "json"])), answers(&range));
}

#[test]
fn a_revision_alone_is_compared_with_the_working_tree() {
    let repository = Repository::new();
    assert_eq!(repository.diff(&["HEAD", "models/m.yaml"]).code, 0, "nothing changed");
    assert_eq!(repository.diff(&["main", "models/m.yaml"]).code, 1);
    repository.write("base.yaml", BASE);
    assert_eq!(repository.diff(&["main", "models/m.yaml"]).code, 0, "taken back in the working tree");
    let inside = run_in(&repository.path().join("models"), &["diff", "main..topic", "m.yaml"]);
    assert_eq!(inside.code, 1, "paths are those of the present folder: {}", inside.err);
    let absolute = repository.path().join("models/m.yaml");
    let elsewhere = tempfile::tempdir().unwrap();
    let there = run_in(elsewhere.path(), &["diff", "main..topic", absolute.to_str().unwrap()]);
    assert_eq!(there.code, 1, "{}", there.err);
}

#[test]
fn three_dots_start_where_the_branch_left() {
    let repository = Repository::new();
    repository.git(&["checkout", "-q", "main"]);
    repository.write("base.yaml", &wider());
    repository.commit("main moves on");
    assert_eq!(repository.diff(&["main..topic", "models/m.yaml"]).code, 0, "both have it now");
    assert_eq!(repository.diff(&["main...topic", "models/m.yaml"]).code, 1, "the branch brought it");
}

#[test]
fn errors_say_what_is_missing() {
    let repository = Repository::new();
    let unknown = repository.diff(&["mian..topic", "models/m.yaml"]);
    assert!(unknown.code == 2 && unknown.err.contains("`mian` is neither a file nor a revision"), "{}", unknown.err);
    let gone = repository.diff(&["main..topic", "models/new.yaml"]);
    assert!(
        gone.code == 4 && gone.err.contains("`main:models/new.yaml`") || gone.err.contains("`topic:models/new.yaml`"),
        "{}",
        gone.err
    );
    let file = repository.diff(&["befor.yaml", "models/m.yaml"]);
    assert!(file.code == 4 && file.err.contains("cannot read `befor.yaml`"), "{}", file.err);
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("m.yaml"), BASE).unwrap();
    let none = run_in(outside.path(), &["diff", "main..topic", "m.yaml"]);
    assert!(none.code == 2 && none.err.contains("lies in no repository"), "{}", none.err);
    let without_git = Command::new(env!("CARGO_BIN_EXE_cotenant"))
        .args(["diff", "main..topic", "models/m.yaml"])
        .current_dir(repository.path())
        .env("PATH", "")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&without_git.stderr).into_owned();
    assert_eq!(without_git.status.code(), Some(4));
    assert!(said.contains("needs the program `git`"), "{said}");
    repository.write("models/m.yaml", &MODEL.replace("../base.yaml", "../../../base.yaml"));
    repository.commit("leads out");
    let above = repository.diff(&["main..topic", "models/m.yaml"]);
    assert!(above.code == 4 && above.err.contains("outside of the repository"), "{}", above.err);
}

#[test]
fn an_error_in_a_revision_has_its_place_there() {
    let repository = Repository::new();
    repository.write("base.yaml", &BASE.replace("operated-by: [admin]", "operated-by: [adnim]"));
    repository.commit("a mistake");
    let wrong = repository.diff(&["main..topic", "models/m.yaml"]);
    assert!(wrong.code == 3 && wrong.err.contains("topic:base.yaml:6:"), "{}", wrong.err);
}

#[test]
fn a_comment_is_markdown_that_calls_nobody_and_fits() {
    let repository = Repository::new();
    let title = "@team #1 <script> | `x` [y](javascript:1)";
    let many: String = (0..400).map(|at| format!("- {{id: t{at}, title: '{title}', attacker: publisher, victim: {{publisher: chosen}}, goal: publish(project.victim)}}\n")).collect();
    repository.write("base.yaml", &(wider() + &many));
    repository.commit("many threats");
    let done = repository.diff(&["topic..topic", "models/m.yaml", "--format", "markdown"]);
    assert!(done.code == 0 && done.out.contains("No threat is worse"), "{}", done.out);
    repository.git(&["checkout", "-q", "-b", "next"]);
    repository.write("base.yaml", &(BASE.to_owned() + &many));
    repository.commit("back");
    let done = repository.diff(&["next..topic", "models/m.yaml", "--format", "markdown"]);
    assert_eq!(done.code, 1, "{}", done.err);
    assert!(
        done.out.starts_with(
            "<!-- cotenant-diff -->\n### What became of `versioned`\n\nWorse on 402 of 402 threats: `take`"
        ),
        "{}",
        &done.out[..300]
    );
    assert!(done.out.chars().count() <= 60_000, "{}", done.out.chars().count());
    assert!(done.out.contains("Shortened to fit into a comment"));
    for part in ["@team", "<script", "#1 ", "[y](java"] {
        assert!(!done.out.contains(part), "{part}");
    }
}
