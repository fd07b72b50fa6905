//! What counts as worse, in `diff`; and a tolerance that trusts somebody, in `check`.

use std::fs;

use serde_json::Value;

use crate::run::{Run, run, run_in};

/// A graph of one threat: `sets` of assumptions each open the goal, with these numbers (low, mode, high).
fn graph(sets: &[&[usize]], numbers: &[[f64; 3]]) -> String {
    let assumptions: Vec<String> = numbers
        .iter()
        .enumerate()
        .map(|(at, [low, mode, high])| {
            let p = (low + 4.0 * mode + high) / 6.0;
            format!(r#"{{"id": {at}, "name": "a{at}", "probability": {p}, "range": [{low}, {mode}, {high}], "grade": "guess"}}"#)
        })
        .collect();
    let steps: Vec<String> = sets
        .iter()
        .enumerate()
        .map(|(at, set)| {
            format!(r#"{{"id": {at}, "name": "s{at}", "needs": [0], "gains": 1, "assumptions": {set:?}}}"#)
        })
        .collect();
    format!(
        r#"{{"cotenant-graph": 1, "design": "d", "capabilities": [{{"id": 0, "name": "start"}}, {{"id": 1, "name": "goal"}}],
"assumptions": [{}], "steps": [{}], "controls": [], "families": [], "principals": [],
"threats": [{{"name": "t", "start": [0], "goal": 1}}]}}"#,
        assumptions.join(", "),
        steps.join(", ")
    )
}

fn diff(before: &str, after: &str, more: &[&str]) -> Run {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("before.json"), before).unwrap();
    fs::write(folder.path().join("after.json"), after).unwrap();
    run_in(folder.path(), &[&["diff", "before.json", "after.json"], more].concat())
}

fn reasons(before: &str, after: &str) -> [Vec<String>; 3] {
    let done = diff(before, after, &["--format", "json"]);
    let answer: Value = serde_json::from_str(&done.out).unwrap_or_else(|error| panic!("{error}: {}", done.err));
    let list = |key: &str| {
        let reasons = answer["answers"][0][key].as_array().unwrap().iter();
        reasons.map(|reason| reason.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(done.code, i32::from(!list("worse").is_empty()), "{}", done.out);
    ["worse", "better", "uncounted"].map(list)
}

const WIDE: [f64; 3] = [0.05, 0.1, 0.4];

#[test]
fn nothing_is_worse_than_itself_and_the_output_says_so() {
    for design in ["status-quo", "house-distro"] {
        let same = run(&["diff", design, design]);
        assert_eq!(same.code, 0, "{}", same.err);
        assert!(same.out.contains("No threat is worse"), "{}", same.out);
        assert!(same.out.contains("A threat is worse if"), "the rule: {}", same.out);
    }
    let one = graph(&[&[0]], &[WIDE]);
    assert_eq!(reasons(&one, &one), [const { Vec::<String>::new() }; 3]);
}

#[test]
fn a_probability_within_the_ranges_fails_no_gate_unless_it_is_asked_to() {
    let (before, after) = (graph(&[&[0]], &[WIDE]), graph(&[&[0]], &[[0.05, 0.15, 0.4]]));
    let [worse, better, uncounted] = reasons(&before, &after);
    assert!(worse.is_empty() && better.is_empty());
    assert!(
        matches!(uncounted.as_slice(), [one] if one.starts_with("the probability rises: 0.142 (over the ranges 0.05 to 0.4) -> 0.175")),
        "{uncounted:?}"
    );
    let told = diff(&before, &after, &[]);
    assert!(
        told.code == 0 && told.out.contains("neither better nor worse, although the probability rises"),
        "{}",
        told.out
    );
    for (rule, code) in [("structure", 0), ("ranges", 0), ("rise", 1), ("rise=0.03", 1), ("rise=0.04", 0)] {
        assert_eq!(diff(&before, &after, &["--fail-on", rule]).code, code, "{rule}");
        assert_eq!(diff(&after, &before, &["--fail-on", rule]).code, 0, "falling is never worse: {rule}");
    }
    for rule in ["rise=1", "rise=-1", "rise=x", "probability", ""] {
        let refused = diff(&before, &after, &["--fail-on", rule]);
        assert!(refused.code == 2 && refused.err.contains("`rise=X`"), "{rule}: {}", refused.err);
    }
}

#[test]
fn a_probability_above_the_range_counts_and_structure_always_does() {
    let before = graph(&[&[0]], &[WIDE]);
    let [worse, ..] = reasons(&before, &graph(&[&[0]], &[[0.3, 0.5, 0.6]]));
    assert!(matches!(worse.as_slice(), [one] if one.starts_with("the probability rises")), "{worse:?}");
    let [_, better, _] = reasons(&graph(&[&[0]], &[[0.3, 0.5, 0.6]]), &before);
    assert!(matches!(better.as_slice(), [one] if one.starts_with("the probability falls: 0.483")), "{better:?}");

    // Another single failure suffices, however unlikely: worse at the same k.
    let more = graph(&[&[0], &[1]], &[WIDE, [1e-9, 1e-9, 2e-9]]);
    let less = graph(&[&[0], &[0, 1]], &[WIDE, [1e-9, 1e-9, 2e-9]]);
    let [worse, ..] = reasons(&less, &more);
    assert_eq!(worse, ["more different single failures open it: 1 -> 2"]);
    assert_eq!(diff(&less, &more, &["--fail-on", "structure"]).code, 1);
    let [worse, better, _] = reasons(&more, &less);
    assert_eq!((worse.len(), better), (0, vec!["fewer different single failures open it: 2 -> 1".to_owned()]));

    // Fewer failures suffice, although they are less likely than those before.
    let both = [[0.1, 0.1, 0.11], [0.5, 0.5, 0.51], [0.5, 0.5, 0.51], [1e-6, 1e-6, 2e-6]];
    let (two, one) = (graph(&[&[1, 2]], &both), graph(&[&[3]], &both));
    let [worse, better, _] = reasons(&two, &one);
    assert_eq!(worse, ["fewer failures are needed: 2 -> 1"]);
    assert!(matches!(better.as_slice(), [one] if one.starts_with("the probability falls")), "{better:?}");
    assert!(diff(&two, &one, &[]).out.contains("worse, because fewer failures are needed: 2 -> 1"));
}

#[test]
fn a_threat_that_is_gone_is_named_and_not_called_better() {
    let gone = run(&["diff", "house-distro", "house-distro", "--threat", "outsider"]);
    assert!(!gone.out.contains("Not asked any more"), "{}", gone.out);
    let folder = tempfile::tempdir().unwrap();
    let less = graph(&[&[0]], &[WIDE]).replace(r#""name": "t""#, r#""name": "u""#);
    fs::write(folder.path().join("a.json"), graph(&[&[0]], &[WIDE])).unwrap();
    fs::write(folder.path().join("b.json"), less).unwrap();
    let done = run_in(folder.path(), &["diff", "a.json", "b.json"]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(done.out.contains("Not asked any more, and so not judged: t."), "{}", done.out);
}

#[test]
fn check_tells_k_with_and_without_trust() {
    let folder = tempfile::tempdir().unwrap();
    let got = |sets: &[&[usize]], tolerate: &str| {
        let text = graph(sets, &[WIDE; 3])
            .replace(r#""name": "a0","#, r#""name": "a0", "honesty_of": 0,"#)
            .replace(r#""principals": []"#, r#""principals": [{"id": 0, "name": "admin", "capability": 0}]"#)
            .replace(r#""goal": 1"#, &format!(r#""goal": 1, "tolerate": {tolerate}"#));
        fs::write(folder.path().join("m.json"), text).unwrap();
        let done = run_in(folder.path(), &["check", "m.json", "--format", "json"]);
        let answer: Value = serde_json::from_str(&done.out).unwrap_or_else(|error| panic!("{error}: {}", done.err));
        let take = answer["answers"][0].clone();
        (take["k"].as_u64(), take["k_trusting"].as_u64(), take["got"].as_str().unwrap().to_owned())
    };
    let trusting = r#"{"failures": 1, "trusting": [0]}"#;
    let (one, two) = ("reached when 1 assumption fails", "reached when 2 assumptions fail");
    let differ = got(&[&[0], &[1, 2]], trusting);
    assert_eq!(differ, (Some(1), Some(2), format!("{two}; without that trust {one}")));
    let never = got(&[&[0]], trusting);
    assert_eq!(never, (Some(1), None, format!("unreachable; without that trust {one}")));
    let same = got(&[&[1]], trusting);
    assert_eq!(same, (Some(1), Some(1), format!("{one}, with and without that trust")));
    let nobody = got(&[&[0], &[1, 2]], r#"{"failures": 1}"#);
    assert_eq!(nobody, (Some(1), Some(1), one.to_owned()));
}

/// k, the profiles and P of a chosen victim are those of a class of any size.
#[test]
fn another_number_of_members_is_told_and_counts_as_neither() {
    let told = run(&["whatif", "native-containers", "--threat", "impersonation", "--set", "publisher.count=80000"]);
    assert_eq!(told.code, 0, "{}", told.err);
    assert!(told.out.contains("34999 -> 79999"), "{}", told.out);
    assert!(!told.out.contains("* worse, ") && !told.out.contains("* better, "), "{}", told.out);
}
