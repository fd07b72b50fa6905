//! What users who had the documents alone asked for: that a mistake is told where it is made, and that words say what they mean.

use std::fs;
use std::process::{Command, Stdio};

use crate::run::{run, run_in};

const MODEL: &str = "cotenant: 1
design: asked
actors:
- {id: publisher, is: publisher, count: 10, joins: open}
- {id: admin, is: operator, count: 3}
services:
- {id: index, is: index, operated-by: [admin]}
assets:
- {id: project, is: project, per: publisher, listed-on: index}
privileges:
- {id: store, who: index, may: publish, over: project, scope: any}
- {id: upload, who: publisher, may: publish, over: project}
threats:
- {id: take, attacker: publisher, victim: {publisher: chosen}, goal: publish(project.victim), tolerate: {failures: 1}}
";

#[test]
fn a_tolerance_that_says_nothing_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    for (said, help) in [
        ("{}", "what is tolerated"),
        ("{no-grant: false}", "what is tolerated"),
        ("{trusting: [admin]}", "add what is, such as `failures: 1`"),
    ] {
        let text = MODEL.replace("tolerate: {failures: 1}", &format!("tolerate: {said}"));
        fs::write(folder.path().join("m.yaml"), text).unwrap();
        let done = run_in(folder.path(), &["check", "m.yaml"]);
        assert_eq!(done.code, 3, "{said}: {}", done.out);
        let told = done.err.replace('\n', " ");
        assert!(told.contains("conflicting-keys") && told.contains("m.yaml:14:") && told.contains(help), "{told}");
    }
    let off = MODEL.replace("tolerate: {failures: 1}", "tolerate: {no-grant: false, any: true}");
    fs::write(folder.path().join("m.yaml"), off).unwrap();
    assert_eq!(run_in(folder.path(), &["check", "m.yaml"]).code, 0);
}

#[test]
fn a_design_that_does_not_work_is_told_how_to_say_what_must() {
    let folder = tempfile::tempdir().unwrap();
    let text = MODEL.replace("goal: publish(project.victim)", "goal: submit-source(project.victim)");
    fs::write(folder.path().join("m.yaml"), &text).unwrap();
    let done = run_in(folder.path(), &["check", "m.yaml"]);
    assert_eq!(done.code, 3, "{}", done.out);
    assert!(done.err.replace('\n', " ").contains("`works: [publish(project.attacker)]`"), "{}", done.err);
    fs::write(folder.path().join("m.yaml"), text + "works: [submit-source(project.attacker)]\n").unwrap();
    let stated = run_in(folder.path(), &["check", "m.yaml"]);
    assert!(stated.code == 3 && !stated.err.contains("no `works`"), "{}", stated.err);
}

#[test]
fn what_only_a_control_names_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let text = MODEL.replace("services:", "- {id: comaintainer, is: publisher, count: 3}\nservices:");
    fs::write(folder.path().join("m.yaml"), &text).unwrap();
    assert!(run_in(folder.path(), &["check", "m.yaml"]).err.contains("unused-principal"));
    let control = "controls:\n- id: second\n  cost: {build: 1d}\n  overlay:\n    privileges:\n    - {id: look, who: comaintainer, may: publish, over: project}\n";
    for (control, used) in [
        (control, true),
        ("controls:\n- {id: vm, note: no comaintainer, cost: {build: 1d}, remove: [upload]}\n", false),
    ] {
        fs::write(folder.path().join("m.yaml"), format!("{text}{control}")).unwrap();
        let told = run_in(folder.path(), &["check", "m.yaml"]);
        assert_eq!(told.err.contains("unused-principal"), !used, "{}", told.err);
    }
}

#[test]
fn a_file_that_is_extended_and_not_there_is_a_file_that_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("m.yaml"), "cotenant: 1\nextend: gone.yaml\ndesign: x\n").unwrap();
    let done = run_in(folder.path(), &["check", "m.yaml"]);
    assert!(done.code == 4 && done.err.contains("gone.yaml"), "{}: {}", done.code, done.err);
}

/// A pipe gives its text once; a sweep, a report and a choice of controls need the model many times.
#[cfg(unix)]
#[test]
fn a_model_may_come_through_a_pipe() {
    let folder = tempfile::tempdir().unwrap();
    let control = "controls:\n- {id: away, cost: {build: 1d}, remove: [upload]}\n";
    fs::write(folder.path().join("m.yaml"), format!("{MODEL}{control}")).unwrap();
    let verbs: [&[&str]; 3] = [
        &["sweep", "/dev/stdin", "--vary", "publisher.count=10,20", "--draws", "100"],
        &["report", "/dev/stdin", "--draws", "100"],
        &["harden", "/dev/stdin"],
    ];
    for args in verbs {
        let mut cat = Command::new("cat").arg(folder.path().join("m.yaml")).stdout(Stdio::piped()).spawn().unwrap();
        let done = Command::new(env!("CARGO_BIN_EXE_cotenant"))
            .args(args)
            .current_dir(folder.path())
            .stdin(cat.stdout.take().unwrap())
            .output()
            .unwrap();
        assert!(cat.wait().unwrap().success());
        assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
    }
}

#[test]
fn keys_of_every_entity_are_explained() {
    for key in ["by", "of", "self", "count", "per", "joins", "present", "id", "is"] {
        let done = run(&["explain", key]);
        assert!(done.code == 0 && done.out.contains(&format!("{key} (a key of ")), "{key}: {}{}", done.out, done.err);
    }
    assert!(run(&["explain", "by"]).out.contains("Shares of the worlds"), "the word of reports is told as well");
    let gate = run(&["explain", "approval-gate"]).out;
    assert!(gate.contains("  by ") && gate.contains("  self "), "{gate}");
    let index = run(&["explain", "index"]).out;
    assert!(index.contains("  count ") && !index.contains("  self ") && !index.contains("  joins "), "{index}");
}

#[test]
fn steps_are_explained_in_lists_and_with_what_their_numbers_are_worth() {
    let step = run(&["explain", "escape-tenant"]).out;
    for line in
        ["needs           run-code(Tenant)\n                Tenant runs-on Host\n", "gains           run-code(Host)\n"]
    {
        assert!(step.contains(line), "{line}: {step}");
    }
    assert!(step.contains("guesses") && !step.contains("[\""), "{step}");
    for word in ["P", "baseline"] {
        assert_eq!(run(&["explain", word]).code, 0, "{word}");
    }
}

/// Nobody reads a line of hundreds of columns; somebody may search a list for one.
#[test]
fn the_list_of_names_is_wrapped_for_readers_alone() {
    let widest = |text: &str| text.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    assert!(widest(&run(&["explain"]).out) > 160);
    let done = Command::new(env!("CARGO_BIN_EXE_cotenant")).arg("explain").env("COLUMNS", "80").output().unwrap();
    assert!(widest(&String::from_utf8(done.stdout).unwrap()) <= 80);
}

#[test]
fn limits_are_told() {
    for (args, says) in [
        (&["simulate", "status-quo", "--trials", "99999999999999999999"][..], "from 1 to 18446744073709551615"),
        (&["compare", "status-quo", "--draws", "10"], "from 100 to 1000000"),
        (&["sweep", "status-quo", "--draws", "10"], "from 100 to 1000000"),
    ] {
        let done = run(args);
        assert!(done.code == 2 && done.err.contains(says), "{args:?}: {}", done.err);
    }
}

#[test]
fn a_model_named_twice_is_noted() {
    let done = run(&["compare", "status-quo", "status-quo", "--draws", "100"]);
    assert!(done.code == 0 && done.err.contains("`status-quo` is named more than once"), "{}", done.err);
}

#[test]
fn a_quiet_attacker_who_is_noticed_is_told_where() {
    let args = ["simulate", "native-containers", "--attacker", "serial", "--trace", "20", "--threat", "impersonation"];
    let done = run(&args);
    assert_eq!(done.code, 0, "{}", done.err);
    let noticed: Vec<&str> = done.out.lines().filter(|line| line.contains(": noticed after")).collect();
    assert!(!noticed.is_empty() && noticed.iter().all(|line| line.contains(", at ")), "{}", done.out);
}
