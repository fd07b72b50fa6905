//! `explain` answers for everything that a report names: whatever stands as code in `report.md` of a scenario.

use std::collections::BTreeSet;
use std::fs;

use crate::run::{run, run_in};

/// The names of a Markdown text: what stands between single backticks, lines of models left out.
fn names(text: &str) -> BTreeSet<String> {
    let mut fenced = false;
    let mut found = BTreeSet::new();
    for line in text.lines() {
        fenced ^= line.starts_with("```");
        if !fenced {
            found.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    found.retain(|name| !name.is_empty() && !name.starts_with("sha256:"));
    found.retain(|name| !name.contains(": ") && !name.contains(' ') || name.contains('('));
    found
}

#[test]
fn every_name_of_a_report_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    let done = run_in(folder.path(), &["report", "byo-trusted", "--out", "r"]);
    assert_eq!(done.code, 0, "{}", done.err);
    let read = |name: &str| fs::read_to_string(folder.path().join("r").join(name)).unwrap();
    let mut names = names(&read("report.md"));
    // The words that stand in no code marks: titles of columns, statuses, and what the checklist names.
    names.extend(
        ["k", "n1/w1", "n1", "w1", "extent", "sets", "paths", "grant", "exploit", "unreachable", "n/a"]
            .map(str::to_owned),
    );
    let mut table = csv::Reader::from_reader(fs::File::open(folder.path().join("r/questions.csv")).unwrap());
    names.extend(table.records().map(|record| record.unwrap()[1].to_owned()));
    assert!(names.len() > 80, "{names:?}");
    // Schemes of others are explained by their own lists.
    let reference = |name: &String| name.starts_with('T') || name.starts_with("AV-") || name.len() == 1 && name != "k";
    let known = ["availability", "verification", "dependency"];
    let mut lost = Vec::new();
    for name in names.iter().filter(|name| !reference(name) && !known.contains(&name.as_str())) {
        let done = run(&["explain", name, "--model", "byo-trusted"]);
        if done.code != 0 {
            lost.push(format!("{name}: {}", done.err.trim()));
        }
    }
    assert!(lost.is_empty(), "not explained:\n{}", lost.join("\n"));
}

#[test]
fn names_of_a_model_are_told_with_their_place() {
    let told = |name: &str| run(&["explain", name, "--model", "native-containers"]).out;
    for (name, parts) in [
        ("builder", vec!["(an entity of the model)", "build-host", "holds", "deploy-key", "native-containers.yaml:"]),
        ("tenant.victim", vec!["tenant (an entity of the model)", "one for each publisher"]),
        ("vm-per-build", vec!["(a control)", "40 days to build", "--with vm-per-build"]),
        (
            "impersonation",
            vec![
                "(a threat)",
                "One publisher publishes as another",
                "publish(project.victim)",
                "attacker              publisher",
                "publisher: one that is chosen",
                "nothing by grant",
            ],
        ),
        ("deploy", vec!["(a privilege)", "builder may publish over project"]),
        ("boundary-holds(builder, container)", vec!["boundary-holds (an assumption"]),
        ("publish(project.victim)", vec!["publish (a verb"]),
    ] {
        let out = told(name);
        assert!(parts.iter().all(|part| out.contains(part)), "{name}: {out}");
    }
}

#[test]
fn a_count_says_where_it_comes_from() {
    let folder = tempfile::tempdir().unwrap();
    let model = r#"
cotenant: 1
design: counted
title: A count of each grade
actors:
  - {id: publisher, is: publisher, count: 400, source: "the index's own statistics"}
  - {id: operator, is: operator, count: 3, guess: "a small team"}
  - {id: reviewer, is: reviewer, count: 5}
services:
  - {id: index, is: index, operated-by: [operator]}
assets:
  - {id: project, is: project, per: publisher, count: 2, derived: "800 projects over 400 publishers", listed-on: index}
  - {id: password, is: password, per: publisher, proves: [publisher]}
privileges:
  - {id: publish, who: publisher, may: publish, over: project}
threats:
  - {id: impersonation, attacker: publisher, victim: {publisher: chosen}, goal: publish(project.victim), tolerate: no-grant}
"#;
    std::fs::write(folder.path().join("m.yaml"), model).unwrap();
    let told = |name: &str| run_in(folder.path(), &["explain", name, "--model", "m.yaml"]).out;
    for (name, many, grade) in [
        ("publisher", "400 members", "source                the index's own statistics"),
        ("operator", "3 members", "a guess               a small team"),
        ("reviewer", "5 members", "source                none stated"),
        ("project", "2 for each publisher", "derived               800 projects over 400 publishers"),
    ] {
        let out = told(name);
        assert!(out.contains(&format!("{many}\n{grade}\n")), "{name}: {out}");
    }
    let none = told("password");
    assert!(!none.contains("none stated"), "what states no number needs no source: {none}");
}

#[test]
fn a_name_of_a_scenario_is_told_with_the_command_to_type() {
    for name in ["builder", "impersonation", "vm-per-build", "tenant.victim"] {
        let done = run(&["explain", name]);
        assert_eq!(done.code, 2, "{name}: {}", done.out);
        let command = done.err.split('`').find(|part| part.starts_with("cotenant explain ")).unwrap_or_default();
        let typed: Vec<&str> = command.split(' ').skip(1).collect();
        assert_eq!(typed.get(..3), Some(&["explain", name, "--model"][..]), "{}", done.err);
        assert_eq!(run(&typed).code, 0, "{command}");
    }
    let hostile = run(&["explain", "builder.$(id)"]);
    assert!(hostile.code == 2 && !hostile.err.contains("cotenant explain builder.$"), "{}", hostile.err);
}

#[test]
fn parts_fields_and_the_names_of_a_model_are_listed() {
    let part = run(&["explain", "builtin:parts/ci.yaml"]).out;
    assert!(part.contains("extend: [builtin:parts/ci.yaml]") && part.contains("is: ci-job"), "{part}");
    let field = run(&["explain", "dispatches-to"]).out;
    assert!(field.contains("(a field)") && field.contains("of index: services it sends builds to"), "{field}");
    let listed = run(&["explain", "--model", "native-containers"]).out;
    for line in ["Actors, services and assets", "Threats", "  impersonation", "  vm-per-build"] {
        assert!(listed.contains(line), "{line}: {listed}");
    }
    let constant = run(&["explain", "boundary-holds.none"]).out;
    assert!(constant.contains("always fails, by definition"), "{constant}");
    let effort = run(&["explain", "commit-starts-job"]).out;
    assert!(effort.contains("20 min"), "{effort}");
}

#[test]
fn near_misses_are_told() {
    for (args, near) in [
        (vec!["explain", "extend"], "extent"),
        (vec!["explain", "unreachabel"], "unreachable"),
        (vec!["explain", "buildr", "--model", "native-containers"], "builder"),
        (vec!["explain", "phish-logn"], "phish-login"),
        (vec!["explain", "phish"], "phish-login"),
    ] {
        let done = run(&args);
        assert_eq!(done.code, 2, "{args:?}");
        assert!(done.err.contains(&format!("did you mean `{near}`?")), "{args:?}: {}", done.err);
    }
    let far = run(&["explain", "xyzzyxyzzy"]);
    assert!(far.err.contains("--model MODEL"), "{}", far.err);
    // Every word is listed, and each is found by each of its names.
    let listed = run(&["explain"]).out;
    let words = listed.split("Words of reports\n").nth(1).unwrap().split("\n\n").next().unwrap();
    for line in words.lines() {
        for name in line.trim().split("  ").next().unwrap().split(", ") {
            assert_eq!(run(&["explain", name]).code, 0, "{name}");
        }
    }
}
