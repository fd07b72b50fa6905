//! Back-tests: what `judge` says of an incident is what an exhaustive look at the graph says.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::collections::BTreeSet;
use std::sync::Arc;

use cotenant::analysis::{Path, paths};
use cotenant::diagnostic::{Diagnostic, render_all};
use cotenant::graph::derive::derive;
use cotenant::graph::unfold::Copies;
use cotenant::graph::{CapabilityGraph, StepId, ground};
use cotenant::model::incident::{FirstScore, Modelled};
use cotenant::model::{self, Edits};
use cotenant::scenarios;
use cotenant::source::Source;
use cotenant::stats::wilson::Rate;
use cotenant::study::backtest::rates::{Group, rates};
use cotenant::study::backtest::record::Record;
use cotenant::study::backtest::{Case, NotJudged, judge};

const EXAMPLE: &str = "docs/incidents/made-up-upload-parser.yaml";

fn example() -> Arc<Source> {
    let text = std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(EXAMPLE)).unwrap();
    Source::new(EXAMPLE, text)
}

/// What it extends is built in.
fn resolver(_: &Source, wanted: &str) -> Result<Arc<Source>, Diagnostic> {
    panic!("{wanted} is looked for on disk")
}

fn judged(source: &Arc<Source>) -> Case {
    match judge(source, &resolver) {
        Ok(case) => case,
        Err(NotJudged::Wrong(errors)) => panic!("{}", render_all(&errors, 20, false)),
        Err(NotJudged::NoIncident) => panic!("no incident"),
    }
}

/// The example with a passage replaced.
fn changed(from: &str, to: &str) -> Arc<Source> {
    let text = example().text.clone();
    assert!(text.contains(from), "{from}");
    Source::new(EXAMPLE, text.replace(from, to))
}

#[test]
fn the_incident_of_the_documentation_is_as_documented() {
    let case = judged(&example());
    assert!(case.is_hit() && case.is_right());
    assert_eq!((case.k, case.shape, case.held()), (Some(1), Some(1.0), Some(true)));
    assert_eq!(case.controls, [("no-processing".to_owned(), true)]);
    assert_eq!(case.unrelated, [("passkeys".to_owned(), true)]);
    let path = case.path.unwrap();
    assert_eq!(path.failures, ["uploads-parsed-safely(index)"]);
    assert!(path.certain && path.over_predicted.complete);
}

/// The documented path once more, from all minimal paths there are: likeliest first, then fewer steps, then ids.
#[test]
fn the_documented_path_is_the_first_that_gains_most() {
    let documented = ["run-code(index)", "know(password.victim)", "compromise(consumer.victim)"];
    for n in 0..=documented.len() {
        let list = documented[..n].join(", ");
        let case = judged(&changed("documented: [run-code(index)]", &format!("documented: [{list}]")));
        let graph = graph(&example(), &[]);
        let at = graph.threats.iter().position(|threat| threat.name == "chain").unwrap();
        let mut all = Vec::new();
        let tell = |steps: &[StepId]| all.push(paths::path_of(&graph, at, steps));
        let (count, complete) = paths::each_path(&graph, at, Copies::Lumped, 10_000, tell).unwrap();
        assert!(complete && count <= 100, "all of them are looked at");
        let cost = |path: &Path| -> u64 {
            let surprise = |id| cotenant::analysis::surprise(graph.assumption(id).probability).unwrap();
            path.assumptions.iter().map(|id| surprise(*id)).sum()
        };
        all.sort_by_key(|path| (cost(path), path.steps.len(), path.steps.clone()));
        let share = |path: &Path| {
            let gains =
                |name: &&&str| path.steps.iter().any(|id| graph.capability(graph.step(*id).gains).name == **name);
            documented[..n].iter().filter(gains).count()
        };
        let most = all.iter().map(share).max().unwrap();
        let first = all.iter().position(|path| share(path) == most).unwrap();
        let others = all.iter().filter(|path| path.assumptions.len() <= all[first].assumptions.len()).count() - 1;
        let told = case.path.unwrap();
        assert_eq!((told.rank, told.over_predicted.n), (first + 1, others as u64), "{list}");
        assert_eq!(case.shape, (n > 0).then(|| most as f64 / n as f64), "{list}");
        let failures: Vec<String> =
            all[first].assumptions.iter().map(|id| graph.assumption(*id).name.clone()).collect();
        assert_eq!(told.failures, failures, "{list}");
    }
}

/// Is the goal derivable with exactly these assumptions failed? By plain derivation on the graph as it stands.
fn derivable(graph: &CapabilityGraph, threat: &str, failed: &BTreeSet<&str>) -> bool {
    let asked = graph.threats.iter().find(|asked| asked.name == threat).unwrap();
    let start: Vec<_> = asked.start.iter().chain(&asked.public).copied().collect();
    let had = derive(graph, &start, |step| {
        let on = |id: &cotenant::graph::ControlId| graph.controls[id.0 as usize].on;
        let exists = !step.unless.iter().any(on) && step.only_with.iter().all(on);
        let base = |name: &str| name.split(" with ").next().unwrap_or_default().to_owned();
        exists && step.assumptions.iter().all(|id| failed.contains(base(&graph.assumption(*id).name).as_str()))
    });
    had[asked.goal.0 as usize]
}

fn graph(source: &Arc<Source>, with: &[&str]) -> CapabilityGraph {
    let edits = Edits { with: with.iter().map(|id| (*id).to_owned()).collect(), ..Edits::default() };
    let (model, _) = model::load_source(source, &resolver, &edits).unwrap();
    ground::compile(&model).unwrap().graph
}

#[test]
fn controls_and_what_held_agree_with_plain_derivation() {
    let sources = [
        example(),
        // A control that only lowers the number of what failed stops nothing.
        changed("patch: {index.processes-uploads: false}", "lowers: {uploads-parsed-safely: 0.0001}"),
        changed("patch: {index.processes-uploads: false}", "blocks: [parse-hostile-upload]"),
        // What is taken for unrelated, and is not.
        changed("patch: {password.second-factor: passkey}", "blocks: [code-acts-as-service]"),
        // What did not hold: the index may do whatever an administrator may.
        changed("goal: act-as(index-admin.victim)", "goal: run-code(index)")
            .text
            .replace("    victim: {index-admin: some}\n", "")
            .into_source(),
    ];
    for source in sources {
        let case = judged(&source);
        let path = case.path.as_ref().unwrap();
        let failed: BTreeSet<&str> = path.failures.iter().map(String::as_str).collect();
        let base = graph(&source, &[]);
        assert!(derivable(&base, "chain", &failed) && !derivable(&base, "chain", &BTreeSet::new()));
        for (control, cuts) in &case.controls {
            assert_eq!(!derivable(&graph(&source, &[control]), "chain", &failed), *cuts, "{control}");
        }
        for (control, reached) in &case.unrelated {
            assert_eq!(derivable(&graph(&source, &[control]), "chain", &failed), *reached, "{control}");
        }
        for held in &case.held {
            assert_eq!(!derivable(&base, &held.threat, &failed), held.holds, "{}", held.threat);
        }
    }
}

trait IntoSource {
    fn into_source(self) -> Arc<Source>;
}

impl IntoSource for String {
    fn into_source(self) -> Arc<Source> {
        Source::new(EXAMPLE, self)
    }
}

#[test]
fn a_wrong_expectation_is_told() {
    let lowered =
        judged(&changed("patch: {index.processes-uploads: false}", "lowers: {uploads-parsed-safely: 0.0001}"));
    assert!(lowered.is_hit() && !lowered.is_right());
    assert_eq!(lowered.controls, [("no-processing".to_owned(), false)]);
    let missed =
        judged(&changed("documented: [run-code(index)]", "documented: [run-code(index), compromise(consumer.victim)]"));
    assert_eq!(missed.shape, Some(0.5));
    assert_eq!(missed.documented[1], ("compromise(consumer.victim)".to_owned(), false));
    let trivial = judged(&changed("goal: publish(project.victim)", "goal: publish(project.attacker)"));
    assert!(!trivial.found && !trivial.not_trivial && !trivial.is_hit());
    let said = changed("goal: publish(project.victim)", "goal: publish(project.attacker)");
    let said = Source::new(EXAMPLE, format!("{}  grant: \"everyone publishes their own\"\n", said.text));
    assert!(judged(&said).is_hit());
}

#[test]
fn what_is_removed_is_forgotten_by_the_incident() {
    let load = |without: &[&str]| {
        let edits = Edits { without: without.iter().map(|id| (*id).to_owned()).collect(), ..Edits::default() };
        model::load_source(&example(), &resolver, &edits)
            .unwrap_or_else(|errors| panic!("{}", render_all(&errors, 9, false)))
            .0
    };
    let model = load(&["no-processing", "admins"]);
    let incident = model.incident.unwrap();
    assert!(incident.controls.is_empty() && incident.held.is_empty());
    assert_eq!(incident.unrelated, ["passkeys"]);
    let model = load(&["chain"]);
    assert!(model.incident.is_none());
    assert!(model.removed.iter().any(|line| line == "the incident goes with threat `chain`"), "{:?}", model.removed);
}

#[test]
fn a_model_without_the_section_is_no_incident() {
    let source = scenarios::find("status-quo").unwrap();
    assert!(matches!(judge(&source, &scenarios::resolve), Err(NotJudged::NoIncident)));
}

/// The example, said to be scored and written blind, with the given line about its first score.
fn blind(first: &str) -> Arc<Source> {
    changed("  scored: false\n", &format!("  modelled: blind\n{first}"))
}

#[test]
fn blind_models_are_counted_apart_and_keep_their_first_score() {
    let kept =
        "  first-score: {found: false, shape: 0.25, controls: {hits: 0, of: 1}, why: \"no step parses uploads\"}\n";
    let fitted = judged(&changed("  scored: false\n", ""));
    let cases = [fitted, judged(&blind(kept)), judged(&blind(""))];
    assert_eq!(cases[0].incident.modelled, Modelled::Fitted);
    assert_eq!(
        cases[1].incident.first_score,
        Some(FirstScore {
            found: false,
            shape: Some(0.25),
            controls: Some(Rate { hits: 0, of: 1 }),
            held: None,
            why: "no step parses uploads".into()
        })
    );
    let judged = rates(&cases);
    let group = |group| judged.iter().find(|rates| rates.group == group).unwrap();
    assert_eq!(group(Group::Fitted).found, Rate { hits: 1, of: 1 });
    assert_eq!(group(Group::Blind).found, Rate { hits: 2, of: 2 }, "as they are found now");
    let first = group(Group::BlindAtFirst);
    assert_eq!((first.incidents, first.found), (1, Rate { hits: 0, of: 1 }), "of one no first score was kept");
    assert_eq!((first.shape, first.controls), (Some((0.25, 1)), Rate { hits: 0, of: 1 }));
    assert_eq!(group(Group::Strong).incidents, 1, "no class counts a blind model");
    assert_eq!(rates(&Record::of(&cases).incidents), judged, "a record keeps the distinction");
}

#[test]
fn a_first_score_is_of_a_blind_model_and_in_range() {
    let said = |first: &str| match judge(&blind(first), &resolver) {
        Err(NotJudged::Wrong(errors)) => render_all(&errors, 20, false),
        other => panic!("{other:?}"),
    };
    let contradiction = changed("  scored: false\n", "  first-score: {found: true, why: \"as it is\"}\n");
    let Err(NotJudged::Wrong(errors)) = judge(&contradiction, &resolver) else {
        panic!("a fitted model has no first score")
    };
    let text = render_all(&errors, 20, false);
    assert!(text.contains("incident-contradiction") && text.contains("this one is `fitted`"), "{text}");
    for (first, expected) in [
        ("  first-score: {why: \"x\"}\n", "missing-key"),
        ("  first-score: {found: true}\n", "missing-key"),
        ("  first-score: {found: true, shape: 1.5, why: \"x\"}\n", "1.5 is no share"),
        ("  first-score: {found: true, controls: {hits: 4, of: 3}, why: \"x\"}\n", "a whole number from 0 to 3"),
        ("  first-score: {found: true, rank: 3, why: \"x\"}\n", "unknown-key"),
        ("  modelled: blindly\n", "duplicate-key"),
    ] {
        let text = said(first);
        assert!(text.contains(expected) && text.contains(EXAMPLE), "{first}: {text}");
    }
    let wrong = changed("  scored: false\n", "  modelled: blnd\n");
    let Err(NotJudged::Wrong(errors)) = judge(&wrong, &resolver) else { panic!("`blnd` is no word") };
    assert!(render_all(&errors, 20, false).contains("did you mean `blind`"));
}
