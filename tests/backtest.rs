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
use cotenant::report::content::backtest::blocks;
use cotenant::report::terminal;
use cotenant::scenarios;
use cotenant::source::Source;
use cotenant::stats::wilson::Rate;
use cotenant::study::backtest::rates::{Group, rates};
use cotenant::study::backtest::record::Record;
use cotenant::study::backtest::{Case, End, NotJudged, judge};

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
    assert_eq!((case.chain.k, case.chain.shape, case.held()), (Some(1), Some(1.0), Some(true)));
    assert_eq!(case.chain.controls, [("no-processing".to_owned(), true)]);
    assert_eq!(case.unrelated, [("passkeys".to_owned(), true)]);
    let path = case.chain.path.unwrap();
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
        let told = case.chain.path.unwrap();
        assert_eq!((told.rank, told.over_predicted.n), (first + 1, others as u64), "{list}");
        let before: BTreeSet<_> = all[..first].iter().map(|path| &path.assumptions).collect();
        let others: BTreeSet<_> = before.into_iter().filter(|set| **set != all[first].assumptions).collect();
        let same = all[..first].iter().position(|path| path.assumptions == all[first].assumptions);
        let ahead = same.map_or(others.len(), |same| {
            all[..same].iter().map(|path| &path.assumptions).collect::<BTreeSet<_>>().len()
        });
        assert_eq!(told.set_rank, ahead + 1, "{list}");
        assert_eq!(case.chain.shape, (n > 0).then(|| most as f64 / n as f64), "{list}");
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
        twice(TWICE),
        // The same controls, each in a wrong list.
        twice(
            "  controls: [passkeys]\n  also: [{threat: taken, documented: [], controls: [no-processing, passkeys]}]\n  \
             stops-nothing: [{control: spare, why: x}]\n  unrelated: [fewer]\n",
        ),
        twice(
            "  controls: [fewer]\n  also: [{threat: taken, documented: [], controls: [spare]}]\n  \
             stops-nothing: [{control: no-processing, why: x}, {control: passkeys, why: x}]\n  unrelated: []\n",
        ),
    ];
    for source in sources {
        let case = judged(&source);
        let path = case.chain.path.as_ref().unwrap();
        let failed: BTreeSet<&str> = path.failures.iter().map(String::as_str).collect();
        let base = graph(&source, &[]);
        assert!(derivable(&base, "chain", &failed) && !derivable(&base, "chain", &BTreeSet::new()));
        let mut any: BTreeSet<&str> = BTreeSet::new();
        let reached = |control: &String, end: &End| {
            let failed = end.path.as_ref().unwrap().failures.iter().map(String::as_str).collect();
            derivable(&graph(&source, &[control]), &end.threat, &failed)
        };
        for end in case.ends() {
            for (control, cuts) in &end.controls {
                assert_eq!(!reached(control, end), *cuts, "{control} {}", end.threat);
            }
            for (control, left) in &end.idle {
                assert_eq!(reached(control, end), *left, "{control} {}", end.threat);
            }
            any.extend(end.path.iter().flat_map(|path| path.failures.iter().map(String::as_str)));
        }
        for (control, left) in &case.unrelated {
            assert_eq!(case.ends().all(|end| reached(control, end)), *left, "{control}");
        }
        for held in &case.held {
            assert_eq!(!derivable(&base, &held.threat, &any), held.holds, "{}", held.threat);
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
    assert_eq!(lowered.chain.controls, [("no-processing".to_owned(), false)]);
    let missed =
        judged(&changed("documented: [run-code(index)]", "documented: [run-code(index), compromise(consumer.victim)]"));
    assert_eq!(missed.chain.shape, Some(0.5));
    assert_eq!(missed.chain.documented[1], ("compromise(consumer.victim)".to_owned(), false));
    let trivial = judged(&changed("goal: publish(project.victim)", "goal: publish(project.attacker)"));
    assert!(!trivial.chain.found && !trivial.chain.not_trivial && !trivial.is_hit());
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
    assert!(incident.chain.controls.is_empty() && incident.held.is_empty());
    assert_eq!(incident.unrelated, ["passkeys"]);
    let model = load(&["chain"]);
    assert!(model.incident.is_none());
    assert!(model.notes.iter().any(|line| line == "the incident goes with threat `chain`"), "{:?}", model.notes);
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

/// Two things happened to the example at once, and three controls are documented: one for each, and one for neither.
fn twice(section: &str) -> Arc<Source> {
    let text = changed(
        "  - id: passkeys\n",
        "  - {id: fewer, title: Three administrators, cost: {upkeep: 1d/month}, patch: {index-admin.count: 3}}\n  \
         - {id: spare, title: A mirror more, cost: {upkeep: 1d/month}, patch: {index-admin.count: 4}}\n  - id: passkeys\n",
    )
    .text
    .replace(
        "incident:\n",
        "  - {id: taken, victim: {publisher: chosen}, goal: know(password.victim), tolerate: any}\nincident:\n",
    );
    assert!(text.contains("goal: know(password.victim)") && text.contains("- {id: fewer"));
    let (head, rest) = text.split_once("  controls: [no-processing]\n").unwrap();
    let (_, tail) = rest.split_once("  unrelated: [passkeys]\n").unwrap();
    Source::new(EXAMPLE, format!("{head}{section}{tail}"))
}

const TWICE: &str = "  controls: [no-processing]
  also: [{threat: taken, documented: [], controls: [passkeys]}]
  stops-nothing: [{control: fewer, why: \"nobody was an administrator\"}]
  unrelated: [spare]
";

#[test]
fn each_documented_control_is_tried_on_each_end() {
    let case = judged(&twice(TWICE));
    let list = |items: &[(&str, bool)]| items.iter().map(|(id, right)| ((*id).to_owned(), *right)).collect::<Vec<_>>();
    assert_eq!(case.chain.controls, list(&[("no-processing", true)]));
    assert_eq!(case.chain.idle, list(&[("passkeys", true), ("fewer", true)]));
    let [taken] = case.also.as_slice() else { panic!("{:?}", case.also) };
    assert_eq!(taken.controls, list(&[("passkeys", true)]));
    assert_eq!(taken.idle, list(&[("no-processing", true), ("fewer", true)]));
    assert!(case.is_right() && case.is_idle("fewer") && !case.is_idle("passkeys"));
    assert_eq!(rates(std::slice::from_ref(&case))[0].controls, Rate { hits: 2, of: 2 }, "of both ends");
    assert_eq!(rates(std::slice::from_ref(&case))[0].idle, Rate { hits: 4, of: 4 });
    let told = blocks(std::slice::from_ref(&case), None);
    let told = terminal::render(&told, 10_000);
    assert!(
        told.contains("Controls that an incident says do not stop an end leave it reached in 4 of 4 cases."),
        "{told}"
    );
    assert!(told.contains("also taken") && told.contains("fewer: nobody was an administrator"), "{told}");

    // A control that stops an end and is not listed there is told, as is one that is said to stop nothing.
    let hidden = judged(&twice(
        &TWICE.replace("controls: [passkeys]", "controls: [fewer]").replace("control: fewer", "control: passkeys"),
    ));
    assert_eq!(hidden.also[0].controls, list(&[("fewer", false)]));
    assert!(hidden.also[0].idle.contains(&("passkeys".to_owned(), false)));
    assert!(hidden.is_hit() && !hidden.is_right() && !hidden.is_idle("passkeys"));
    let record = Record::of(std::slice::from_ref(&case));
    let why = record.compare(&[hidden], true).worse;
    assert!(why.iter().any(|worse| worse.why == "taken: control passkeys no longer stops it"), "{why:?}");
    // What has nothing to do with the incident leaves every end alone.
    let related = judged(&twice(&TWICE.replace("controls: [passkeys]", "").replace("[spare]", "[passkeys]")));
    assert_eq!(related.unrelated, list(&[("passkeys", false)]));
}

#[test]
fn where_nothing_is_found_no_control_cuts_and_nothing_is_shown_to_hold() {
    let case = judged(&changed("patch: {index.processes-uploads: false}", "blocks: [parse-hostile-upload]"));
    assert!(case.is_right());
    let nothing = changed("goal: publish(project.victim)", "goal: publish(project.victim), horizon-of: x");
    assert!(matches!(judge(&nothing, &resolver), Err(NotJudged::Wrong(_))), "an unknown key is an error");
    let unreachable = Source::new(
        EXAMPLE,
        changed("    goal: publish(project.victim)\n", "    goal: know(sealed)\n").text.replace(
            "privileges:\n",
            "assets:\n  - {id: sealed, is: credential, title: A key that nobody has}\nprivileges:\n",
        ),
    );
    let case = judged(&unreachable);
    assert!(!case.chain.found && case.chain.path.is_none() && !case.is_hit());
    assert_eq!(case.chain.controls, [("no-processing".to_owned(), false)]);
    assert!(case.held.iter().all(|held| !held.holds));
    assert_eq!(case.chain.scored_shape(), Some(0.0));
}

#[test]
fn contradictions_and_unknown_names_have_a_place() {
    for (from, to, expected) in [
        ("{threat: taken,", "{threat: takne,", "did you mean `taken`"),
        ("{threat: taken,", "{threat: chain,", "threat `chain` is there already"),
        ("documented: []", "documented: [run-code(indx)]", "did you mean `index`"),
        ("controls: [passkeys]", "controls: [passkey]", "did you mean `passkeys`"),
        ("controls: [passkeys]", "controls: [passkeys, passkeys]", "control `passkeys` is there already"),
        ("controls: [passkeys]", "cuts: [passkeys]", "unknown-key"),
        ("control: fewer", "control: fewr", "did you mean `fewer`"),
        (
            "control: fewer",
            "control: passkeys",
            "`passkeys` would have stopped what it is listed under, and stops nothing",
        ),
        ("{control: fewer, why: \"nobody was an administrator\"}", "{control: fewer}", "missing-key"),
        (
            "unrelated: [spare]",
            "unrelated: [fewer]",
            "`fewer` is documented as a control, and has nothing to do with it",
        ),
        (
            "unrelated: [spare]",
            "unrelated: [passkeys]",
            "`passkeys` would have stopped it, and has nothing to do with it",
        ),
        (", controls: [passkeys]}]", "}, {threat: taken, documented: []}]", "threat `taken` is there already"),
    ] {
        assert!(TWICE.contains(from), "{from}");
        let Err(NotJudged::Wrong(errors)) = judge(&twice(&TWICE.replace(from, to)), &resolver) else {
            panic!("{to} is accepted")
        };
        let text = render_all(&errors, 20, false);
        assert!(text.contains(expected) && text.contains(EXAMPLE), "{to}: {text}");
    }
    let held = twice(TWICE).text.replace("held: [{threat: admins,", "held: [{threat: taken,");
    let Err(NotJudged::Wrong(errors)) = judge(&held.into_source(), &resolver) else { panic!("it was taken") };
    assert!(render_all(&errors, 20, false).contains("`taken` is what happened, and cannot have held"));
}

#[test]
fn what_does_not_work_is_not_judged() {
    let said = |source: &Arc<Source>| match judge(source, &resolver) {
        Err(NotJudged::Wrong(errors)) => render_all(&errors, 20, false),
        other => panic!("{other:?}"),
    };
    let broken = changed(
        "who: publisher, may: publish, over: project",
        "who: index-admin, may: publish, over: project, scope: any",
    );
    let text = said(&broken);
    let lead = format!("error[does-not-work]: `{EXAMPLE}` is not judged: the design does not work");
    assert!(text.contains(&lead) && text.contains("--> builtin:fragments/index.yaml:"), "{text}");
    let stopping = changed("    patch: {index.processes-uploads: false}\n", "    remove: [upload]\n");
    let text = said(&stopping);
    assert!(text.contains("with control `no-processing` on, the design does not work"), "{text}");
}

#[test]
fn what_is_removed_goes_from_every_list() {
    let load = |without: &str| {
        let edits = Edits { without: vec![without.to_owned()], ..Edits::default() };
        model::load_source(&twice(TWICE), &resolver, &edits)
            .unwrap_or_else(|errors| panic!("{}", render_all(&errors, 9, false)))
            .0
            .incident
            .unwrap()
    };
    assert!(load("taken").also.is_empty());
    assert!(load("passkeys").also[0].controls.is_empty());
    assert!(load("fewer").stops_nothing.is_empty());
}
