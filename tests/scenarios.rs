//! The nine scenarios: that they are sound models, that their answers are complete, that they differ, and laws that hold of them
//! whatever the library says.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that fails says so"
)]

#[path = "scenarios/asking.rs"]
mod asking;
mod designs;
#[path = "scenarios/laws.rs"]
mod laws;
#[path = "scenarios/library.rs"]
mod library;
#[path = "scenarios/renaming.rs"]
mod renaming;
#[path = "scenarios/yaml.rs"]
mod yaml;

use std::collections::BTreeSet;
use std::sync::Arc;

use cotenant::model::Edits;
use cotenant::scenarios;
use cotenant::study::answer::{AnswerOptions, answer_graph};
use cotenant::study::{DesignAnswer, ThreatAnswer};
use designs::{ORDER, answer, as_it_is, load, set};

/// The questions every design answers.
const THREATS: [&str; 5] = ["impersonation", "outsider", "vendor-breach", "operator-rogue", "users"];

#[test]
fn they_stand_in_the_order_they_ask_for() {
    assert_eq!(scenarios::ids(), ORDER);
}

#[test]
fn each_says_what_it_asks_and_stays_short() {
    for name in ORDER {
        let source = scenarios::find(name).unwrap();
        let lines: Vec<&str> = source.text.lines().collect();
        assert!(lines.len() <= 150, "{name}: {} lines", lines.len());
        let head: Vec<&str> = lines.iter().take_while(|line| line.starts_with('#')).copied().collect();
        assert!(head[0].starts_with("# Asks: ") && head.iter().any(|line| line.ends_with('?')), "{name}: asks nothing");
        assert!(head.iter().any(|line| line.starts_with("# Facts: ")), "{name}: says not where its facts come from");
        assert!(head.iter().any(|line| line.contains("Baseline: ")), "{name}: says not what it is compared with");
    }
}

#[test]
fn each_loads_without_a_word_and_works() {
    for name in ORDER {
        let design = load(name, &as_it_is());
        let said: Vec<&String> = design.warnings.iter().map(|warning| &warning.message).collect();
        assert!(said.is_empty(), "{name}: {said:?}");
        assert_eq!(design.model.design, name);
        assert_eq!(design.model.works.len(), 1, "{name}: its publishers publish");
        let groups: BTreeSet<&str> = design.model.threats.iter().map(|threat| threat.group.as_str()).collect();
        assert_eq!(groups, BTreeSet::from(THREATS), "{name}");
    }
}

#[test]
fn every_answer_is_complete_and_the_first_twenty_paths_are_the_best() {
    for name in ORDER {
        for threat in answer(name, &as_it_is()).threats {
            let id = &threat.threat;
            assert!(threat.paths.optimal || threat.paths.complete, "{name}, {id}: not proved to be the best");
            assert_eq!(threat.paths.paths.len() as u64, threat.path_count.n.min(20), "{name}, {id}");
            assert!(
                threat.path_count.complete && threat.path_count.n <= 20_000,
                "{name}, {id}: {:?}",
                threat.path_count
            );
            assert!(threat.attack_sets.complete && threat.reach.profile_complete, "{name}, {id}: attack sets");
            assert!(threat.coalitions.complete, "{name}, {id}: coalitions");
        }
    }
}

/// What a design answers, in numbers.
fn columns(answer: &DesignAnswer) -> Vec<String> {
    let column = |threat: &ThreatAnswer| {
        let reach = &threat.reach;
        let (status, k, narrow, wide) = (reach.status, reach.k, reach.profile, reach.profile_wide);
        format!("{} {status:?} {k:?} {narrow:?} {wide:?} {}", threat.threat, threat.path_count.n)
    };
    answer.threats.iter().map(column).collect()
}

fn sizes(answer: &DesignAnswer) -> [usize; 5] {
    let graph = &answer.graph;
    [graph.capabilities.len(), graph.steps.len(), graph.assumptions.len(), graph.families.len(), graph.principals.len()]
}

#[test]
fn no_two_designs_answer_alike() {
    let answers: Vec<DesignAnswer> = ORDER.iter().map(|name| answer(name, &as_it_is())).collect();
    for (at, one) in answers.iter().enumerate() {
        for other in &answers[at + 1..] {
            let extent = |answer: &DesignAnswer| -> Vec<_> {
                answer.threats.iter().map(|threat| threat.reach.extent.as_ref().map(|extent| extent.word)).collect()
            };
            let alike = columns(one) == columns(other) && extent(one) == extent(other);
            assert!(!alike, "{} and {} differ in no column", one.design, other.design);
        }
    }
}

#[test]
fn a_million_publishers_are_as_cheap_as_ten_thousand() {
    for name in ORDER {
        let [fewer, more] = ["10_000", "1_000_000"].map(|count| answer(name, &set("publisher.count", count)));
        assert_eq!(sizes(&fewer), sizes(&more), "{name}");
        assert_eq!(columns(&fewer), columns(&more), "{name}");
        let sets = |answer: &DesignAnswer| {
            answer.threats.iter().map(|threat| threat.attack_sets.sets.clone()).collect::<Vec<_>>()
        };
        assert_eq!(sets(&fewer), sets(&more), "{name}");
        let coalitions = |answer: &DesignAnswer| {
            answer.threats.iter().map(|threat| threat.coalitions.coalitions.clone()).collect::<Vec<_>>()
        };
        assert_eq!(coalitions(&fewer), coalitions(&more), "{name}");
    }
}

#[test]
fn six_publishers_written_out_answer_as_they_do_lumped() {
    for name in ORDER {
        let design = load(name, &set("publisher.count", "6"));
        let written_out = cotenant::graph::unfold::expand(&design.compiled.graph).expect("small enough");
        let options = AnswerOptions { k: 1, cap: 100, ..AnswerOptions::default() };
        let lumped = design.answer(&options);
        let expanded = answer_graph(written_out, name, &options).expect("small enough");
        for (one, other) in lumped.threats.iter().zip(&expanded.threats) {
            assert_eq!(one.reach, other.reach, "{name}, {}", one.threat);
            let sizes = |threat: &ThreatAnswer| threat.coalitions.coalitions.iter().map(Vec::len).collect::<Vec<_>>();
            assert_eq!(sizes(one), sizes(other), "{name}, {}", one.threat);
            assert_eq!(one.attack_sets.sets.len(), other.attack_sets.sets.len(), "{name}, {}", one.threat);
        }
    }
}

#[test]
fn the_pipeline_of_the_index_lies_over_every_design() {
    let source = scenarios::find_path("scenarios/fragments/deploy-pipeline.yaml").expect("the overlay");
    for name in ORDER {
        let design = load(name, &Edits { overlays: vec![Arc::clone(&source)], ..as_it_is() });
        assert!(design.warnings.is_empty(), "{name}: {:?}", design.warnings);
        let sets = designs::attack_sets(
            &design.answer(&AnswerOptions { counts: false, ..AnswerOptions::default() }),
            "outsider",
        );
        let by_proposal = BTreeSet::from(["text-not-executed(combine-job)".to_owned()]);
        assert!(sets.contains(&by_proposal), "{name}: {sets:?}");
    }
}
