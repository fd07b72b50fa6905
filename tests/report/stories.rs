//! Paths told in sentences.

use cotenant::graph::{AssumptionId, StepId};
use cotenant::report::chance::Chance;
use cotenant::report::document::Block;
use cotenant::report::prose::{self, Telling};
use cotenant::report::terminal;
use cotenant::study::{Comparison, ThreatAnswer};

use crate::fixture;

fn story(answer: &ThreatAnswer, comparison: &Comparison, path: usize, telling: Telling) -> String {
    let items = prose::path(&comparison.designs[0].graph, &answer.paths.paths[path], telling);
    terminal::render(&[Block::Steps(items)], 400)
}

#[test]
fn a_path_is_numbered_sentences_with_what_each_rests_on() {
    let comparison = fixture::comparison();
    let told = story(&comparison.designs[0].threats[0], &comparison, 0, Telling::default());
    let expected = "\x20\
1. anyone registers as publisher.attacker (join)
    - scenarios/native-build.yaml:8: - {id: publisher, is: publisher, count: 35000, joins: open}
 2. publisher.attacker submits source for project.attacker (submit-source)
    - scenarios/native-build.yaml:31: - {who: publisher, may: submit-source, over: project, scope: own}
    - hence what is submitted runs as tenant.attacker (build-runs)
    - scenarios/native-build.yaml:17: - {id: tenant, is: build-tenant, per: publisher, runs-on: builder, builds: project}
 3. the attacker's build reads deploy-key, which the builder keeps in reach of it (read-secret-in-build)
    - resting on: no build can read the key with which the builder publishes (secret-kept-from-build(builder, deploy-key); p 0.085, range 0.01 to 0.3, guess)
    - no check: secret-scoped.none
    - scenarios/native-build.yaml:16: - {id: builder, is: build-host, operated-by: index-admin, holds: [deploy-key]}
 4. builder publishes project.victim (publish)
    - scenarios/native-build.yaml:33: - {who: builder, may: publish, over: project, scope: any} # deploy-key proves builder
";
    assert_eq!(told, expected);
}

#[test]
fn without_folding_every_step_has_a_number_and_without_lines_no_place() {
    let comparison = fixture::comparison();
    let told =
        story(&comparison.designs[0].threats[0], &comparison, 0, Telling { fold: false, lines: false, ids: false });
    assert!(told.contains(" 3. what is submitted runs as tenant.attacker\n 4. the attacker's build"), "{told}");
    assert!(!told.contains(".yaml:"), "{told}");
}

#[test]
fn a_quorum_is_told_once_per_member_and_a_shared_failure_once() {
    let comparison = fixture::comparison();
    let staged = &comparison.designs[7];
    let items = prose::path(
        &staged.graph,
        &staged.threats[0].paths.paths[0],
        Telling { lines: false, ids: false, ..Telling::default() },
    );
    let told = terminal::render(&[Block::Steps(items)], 400);
    assert!(told.contains("a reviewer passes the change (member 1 of 2)\n"), "{told}");
    assert!(told.contains("a reviewer passes the change (member 2 of 2)\n"), "{told}");
    assert!(told.contains("notices a change that does not belong (p 0.3, no range stated, guess)"), "{told}");
    assert!(told.contains("notices a change that does not belong (the same as in 3)"), "{told}");
}

#[test]
fn a_summary_gives_the_product_of_both_ends_and_counts_guesses() {
    let comparison = fixture::comparison();
    let design = &comparison.designs[0];
    let mut path = design.threats[0].paths.paths[0].clone();
    path.assumptions = vec![AssumptionId(0), AssumptionId(1)];
    path.probability = 0.003_083 * 0.085;
    let chance = Chance::of_path(&design.graph, &path);
    assert!((chance.low - 0.0005 * 0.01).abs() < 1e-15 && (chance.high - 0.01 * 0.3).abs() < 1e-15, "{chance:?}");
    let told = prose::summary(&design.graph, &path).plain();
    assert!(
        told.starts_with(
            "2 failures; likelihood 0.000262 (over the ranges 5e-6 to 0.003) within 1 year, 1 of its 2 numbers a guess"
        ),
        "{told}"
    );
}

#[test]
fn a_range_follows_the_horizon() {
    let mut comparison = fixture::comparison();
    comparison.designs[0].graph.horizon_days = 730.0;
    let graph = &comparison.designs[0].graph;
    let chance = Chance::of(graph.assumption(AssumptionId(0)), graph.horizon_days);
    assert!((chance.high - (1.0 - 0.99 * 0.99)).abs() < 1e-12, "{chance:?}");
}

#[test]
fn a_step_without_a_sentence_is_told_by_its_name() {
    let mut comparison = fixture::comparison();
    comparison.designs[0].graph.steps[0].says.clear();
    let mut path = comparison.designs[0].threats[0].paths.paths[0].clone();
    path.order = vec![StepId(0)];
    let items = prose::path(&comparison.designs[0].graph, &path, Telling::default());
    assert_eq!(items[0].text.plain(), "join gains act-as(publisher.attacker)");
}
