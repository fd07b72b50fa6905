//! A design that does not work is answered by no verb; and what a model is no longer asked is told.

use std::fs;

use crate::run::{run, run_in};

const GOOD: &str = "cotenant: 1
design: kept
actors:
- {id: publisher, is: publisher, count: 10, joins: open}
services:
- {id: index, is: index}
assets:
- {id: project, is: project, per: publisher, listed-on: index}
privileges:
- {id: publish-own, who: publisher, may: publish, over: project}
- {who: index, may: publish, over: project, scope: any}
controls:
- {id: shut, title: Nobody publishes, remove: [publish-own], cost: {build: 1d}}
- {id: factor, title: A second factor, blocks: [guess-password], cost: {build: 9d}}
threats:
- {id: take, attacker: publisher, victim: {publisher: chosen}, goal: publish(project.victim), tolerate: {failures: 0}}
";

/// `good.yaml`, and `bad.yaml` in which nobody may publish.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("good.yaml"), GOOD).unwrap();
    let bad: Vec<&str> = GOOD.lines().filter(|line| !line.contains("publish-own")).collect();
    fs::write(folder.path().join("bad.yaml"), bad.join("\n") + "\n").unwrap();
    folder
}

#[test]
fn no_verb_answers_about_a_design_that_does_not_work_and_each_names_it() {
    let folder = folder();
    let alone = "error[does-not-work]: the design does not work";
    let named = "error[does-not-work]: `bad.yaml`: the design does not work";
    let edited = "with `--without publish-own`: the design does not work";
    let asked: &[(&[&str], &str)] = &[
        (&["check", "bad.yaml"], alone),
        (&["check", "bad.yaml", "--accept-all", "alice"], alone),
        (&["check", "good.yaml", "--without", "publish-own"], edited),
        (&["paths", "bad.yaml"], alone),
        (&["paths", "bad.yaml", "--format", "json"], alone),
        (&["trust", "bad.yaml"], alone),
        (&["blast", "bad.yaml"], alone),
        (&["simulate", "bad.yaml", "--exact"], alone),
        (&["simulate", "bad.yaml", "--trials", "10"], alone),
        (&["simulate", "good.yaml", "bad.yaml", "--uncertainty"], named),
        (&["harden", "bad.yaml"], alone),
        (&["harden", "bad.yaml", "--sets"], alone),
        (&["graph", "bad.yaml"], alone),
        (&["graph", "bad.yaml", "--format", "json"], alone),
        (&["report", "bad.yaml", "--out", "out"], named),
        (&["compare", "good.yaml", "bad.yaml", "--out", "out"], named),
        (&["sweep", "good.yaml", "bad.yaml"], named),
        (&["sweep", "good.yaml", "bad.yaml", "--vary", "publisher.count=3,4"], named),
        (
            &["sweep", "good.yaml", "--vary", "take.goal=publish(project.victim),submit-source(project.victim)"],
            "`good.yaml` at `take.goal=submit-source(project.victim)`: ",
        ),
        (&["whatif", "good.yaml", "--without", "publish-own"], "after the change: with `--without publish-own`: "),
        (&["whatif", "bad.yaml", "--set", "publisher.count=3"], "before the change: the design does not work"),
        (&["diff", "good.yaml", "bad.yaml"], "after the change, `bad.yaml`: the design does not work"),
        (&["diff", "bad.yaml", "good.yaml"], "before the change, `bad.yaml`: the design does not work"),
        (&["diff", "good.yaml", "bad.yaml", "--format", "json"], "after the change, `bad.yaml`: "),
    ];
    for (args, says) in asked {
        let done = run_in(folder.path(), args);
        assert!(done.code == 3 && done.out.is_empty(), "{args:?}: {} {}", done.code, done.out);
        assert!(done.err.contains(says) && done.err.contains(".yaml:"), "{args:?}: {}", done.err);
    }
    assert!(!folder.path().join("out").exists(), "no report is written");
    for args in [["explain", "take", "--model", "bad.yaml"], ["schema", "--model", "bad.yaml", "--format"]] {
        let words: Vec<&str> = args.into_iter().filter(|word| *word != "--format").collect();
        assert_eq!(run_in(folder.path(), &words).code, 0, "{words:?}: what a word means is told all the same");
    }
}

#[test]
fn a_comment_on_a_change_says_that_the_design_does_not_work() {
    let folder = folder();
    let done = run_in(folder.path(), &["diff", "good.yaml", "bad.yaml", "--format", "markdown"]);
    assert_eq!(done.code, 3, "{}", done.out);
    let lead = "<!-- cotenant-diff -->\n### The design does not work after the change\n";
    assert!(done.out.starts_with(lead) && done.out.contains("`bad.yaml:"), "{}", done.out);
    assert!(!done.out.contains("worse") && !done.out.contains("etter"), "{}", done.out);
    assert!(done.err.contains("error[does-not-work]"), "{}", done.err);
    let done = run_in(folder.path(), &["diff", "bad.yaml", "good.yaml", "--format", "markdown"]);
    assert!(done.code == 3 && done.out.contains("### The design does not work before the change"), "{}", done.out);
    fs::write(folder.path().join("wrong.yaml"), "cotenant: 1\ndesign: kept\nactors:\n- {id: p, is: nobody}\n").unwrap();
    let done = run_in(folder.path(), &["diff", "good.yaml", "wrong.yaml", "--format", "markdown"]);
    assert!(done.code == 3 && done.out.contains("### The model is wrong after the change"), "{}", done.out);
    let done = run_in(folder.path(), &["diff", "good.yaml", "gone.yaml", "--format", "markdown"]);
    assert!(done.code == 4 && done.out.is_empty(), "a mistake on the command line is no comment: {}", done.out);
}

#[test]
fn a_control_that_breaks_the_design_hardens_nothing() {
    let folder = folder();
    let sharp = GOOD.replace("{failures: 0}", "unreachable");
    fs::write(folder.path().join("sharp.yaml"), sharp).unwrap();
    let done = run_in(folder.path(), &["harden", "sharp.yaml", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&done.out).unwrap();
    let answer = &value["answers"][0];
    let shut = answer["candidates"].as_array().unwrap().iter().position(|one| one["name"] == "shut").unwrap();
    let chosen = answer["front"].as_array().unwrap().iter().map(|set| set["controls"].as_array().unwrap());
    assert!(chosen.clone().count() > 0 && chosen.flatten().all(|control| *control != shut), "{answer}");
    assert!(answer["controls"].is_null(), "nothing keeps the tolerance, and least of all this: {answer}");
}

#[test]
fn what_went_with_an_edit_is_told_by_every_verb() {
    let folder = folder();
    let said = "threat vendor-breach.hosting (";
    let out = folder.path().join("out");
    let out = out.to_str().unwrap();
    for verb in [
        &["check"] as &[&str],
        &["trust"],
        &["blast"],
        &["graph", "--format", "json"],
        &["harden", "--sets"],
        &["simulate", "--exact"],
        &["simulate", "--trials", "10"],
        &["simulate", "--uncertainty", "--draws", "100"],
        &["sweep", "--vary", "index-admin.count=2,3", "--draws", "100"],
        &["compare", "--draws", "100", "--out", out],
        &["paths"],
        &["whatif"],
    ] {
        let args = [&verb[..1], &["status-quo", "--without", "hosting"], &verb[1..]].concat();
        let done = run(&args);
        assert!(done.code <= 1, "{args:?}: {}", done.err);
        let told = [&done.out, &done.err].map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
        let times: usize = told.iter().map(|text| text.matches(said).count()).sum();
        assert_eq!(times, 1, "{args:?}: {} {}", done.out, done.err);
        let whole = told.join(" ");
        assert!(whole.contains("went with what was removed: not applicable, not closed"), "{args:?}: {whole}");
    }
}

#[test]
fn a_model_that_asks_nothing_is_no_clean_bill() {
    let folder = folder();
    let none: Vec<&str> = GOOD.lines().take_while(|line| *line != "threats:").collect();
    fs::write(folder.path().join("none.yaml"), none.join("\n") + "\n").unwrap();
    for args in [&["check", "none.yaml"] as &[&str], &["check", "good.yaml", "--without", "take"]] {
        let done = run_in(folder.path(), args);
        assert!(done.code == 0 && done.err.contains("warning[no-threat]"), "{args:?}: {}", done.err);
    }
    let accepted = "accept:\n- {lint: no-threat, about: kept, reason: a part of a larger model}\n";
    fs::write(folder.path().join("part.yaml"), none.join("\n") + "\n" + accepted).unwrap();
    let done = run_in(folder.path(), &["check", "part.yaml"]);
    assert!(done.code == 0 && !done.err.contains("no-threat"), "{}", done.err);
    let silent = GOOD.replace(", tolerate: {failures: 0}", "");
    fs::write(folder.path().join("silent.yaml"), silent).unwrap();
    let done = run_in(folder.path(), &["check", "silent.yaml"]);
    assert!(done.code == 0 && done.err.contains("nothing is judged in `silent.yaml`"), "{}", done.err);
    assert!(!run_in(folder.path(), &["check", "good.yaml"]).err.contains("nothing is judged"));
}

#[test]
fn works_that_asks_for_nothing_is_refused_and_removals_leave_the_default() {
    let folder = folder();
    fs::write(folder.path().join("empty.yaml"), GOOD.to_owned() + "works: []\n").unwrap();
    let done = run_in(folder.path(), &["check", "empty.yaml"]);
    assert!(done.code == 3 && done.err.contains("`works` asks for nothing"), "{}", done.err);
    assert!(done.err.contains("leave `works` out"), "{}", done.err);
    let more = "- {id: leak, attacker: publisher, goal: know(key)}\n";
    let keyed = GOOD.replace("privileges:", "- {id: key, is: credential, proves: index}\nprivileges:");
    fs::write(folder.path().join("key.yaml"), format!("{keyed}{more}works: [know(key)]\n")).unwrap();
    let done = run_in(folder.path(), &["check", "key.yaml", "--without", "key"]);
    assert!(done.code == 0 && done.err.contains("`works` no longer asks for `key`"), "{} {}", done.code, done.err);
    let nobody = "cotenant: 1\ndesign: vault\nassets:\n- {id: seal, is: signing-key}\nthreats:\n- {id: t, goal: know(seal)}\nworks: [know(seal)]\n";
    fs::write(folder.path().join("vault.yaml"), nobody).unwrap();
    let done = run_in(folder.path(), &["check", "vault.yaml"]);
    assert!(done.code == 3 && !done.err.contains("publisher"), "{}", done.err);
}
