//! The exact engine against brute force: every subset of failures looked at one by one.
//!
//! `COTENANT_HEAVY=1` runs ten times as many graphs.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that fails says so"
)]

#[path = "../designs/mod.rs"]
mod designs;
#[path = "../graphs/mod.rs"]
mod graphs;
mod world;

use cotenant::analysis::exact::{Compiled, Limits, Method, chance, with_trust};
use cotenant::graph::json;
use cotenant::graph::unfold::expand;
use cotenant::model::Edits;
use cotenant::source::Source;
use world::Worlds;

fn seeds(n: u64) -> std::ops::Range<u64> {
    let heavy = std::env::var("COTENANT_HEAVY").is_ok_and(|value| value == "1");
    0..if heavy { n * 10 } else { n }
}

/// Equal to so many relative parts, or both as good as nothing.
fn close(a: f64, b: f64, within: f64) -> bool {
    (a - b).abs() <= within * a.abs().max(b.abs()).max(1e-300)
}

#[test]
fn probability_is_the_sum_over_all_worlds() {
    for seed in seeds(1_000) {
        let graph = graphs::wide(seed);
        let numbers: Vec<f64> = graph.assumptions.iter().map(|it| it.probability).collect();
        let worlds = Worlds::new(&graph);
        let found = chance(&graph, 0, &Limits::default()).unwrap();
        assert_eq!((found.plain.method, found.trusting.method), (Method::Exact, Method::Exact), "seed {seed}");
        let want = worlds.probability(&numbers);
        assert!(close(found.plain.value, want, 1e-12), "seed {seed}: {} {want}", found.plain.value);
        let want = worlds.probability(&with_trust(&graph, &graph.threats[0], &numbers));
        assert!(close(found.trusting.value, want, 1e-12), "seed {seed}: {} {want}", found.trusting.value);
    }
}

#[test]
fn a_population_is_its_members() {
    let mut populations = 0;
    for seed in seeds(2_000) {
        let graph = graphs::lumped(seed);
        let flat = expand(&graph).unwrap();
        if flat.assumptions.len() > 14 {
            continue;
        }
        let numbers: Vec<f64> = flat.assumptions.iter().map(|it| it.probability).collect();
        let want = Worlds::new(&flat).probability(&numbers);
        let written = chance(&flat, 0, &Limits::default()).unwrap().plain;
        assert!(
            written.method == Method::Exact && close(written.value, want, 1e-12),
            "seed {seed}: {written:?} {want}"
        );
        let Ok(compiled) = Compiled::new(&graph, 0, &Limits::default()) else { continue };
        let numbers: Vec<f64> = graph.assumptions.iter().map(|it| it.probability).collect();
        let found = compiled.chance(&numbers);
        assert_eq!(found.method, Method::Exact, "seed {seed}");
        assert!(close(found.value, want, 1e-9), "seed {seed}: {} {want}", found.value);
        populations += u32::from(!graph.families.is_empty());
    }
    println!("{populations} graphs with populations");
    assert!(populations >= 200, "{populations}");
}

#[test]
fn a_shared_cause_and_feedback_among_four() {
    let text = r#"{"cotenant-graph": 1, "requires": ["families"],
        "capabilities": [{"id": 0, "name": "x"}, {"id": 1, "name": "goal"}],
        "assumptions": [{"id": 0, "name": "E", "probability": 0.5}, {"id": 1, "name": "a", "probability": 0.1, "family": 0},
            {"id": 2, "name": "b", "probability": 0.2, "family": 0}],
        "steps": [{"id": 0, "name": "open", "needs": [], "gains": 0, "assumptions": [0, 1], "family": 0},
            {"id": 1, "name": "use", "needs": [0], "gains": 1, "assumptions": [2], "family": 0}],
        "families": [{"id": 0, "name": "members", "count": 4}],
        "threats": [{"name": "t", "start": [], "goal": 1}]}"#;
    let graph = json::read(Source::new("g", text)).unwrap();
    let found = chance(&graph, 0, &Limits::default()).unwrap().plain;
    let want = 0.5 * (1.0 - 0.9f64.powi(4)) * (1.0 - 0.8f64.powi(4));
    assert!(found.method == Method::Exact && close(found.value, want, 1e-12), "{found:?}");
    assert!((found.value - 0.10152).abs() < 5e-6, "{found:?}");
}

#[test]
fn every_threat_of_the_built_in_designs_is_exact() {
    for name in designs::ORDER {
        let graph = designs::load(name, &Edits::default()).compiled.graph;
        for at in 0..graph.threats.len() {
            let start = std::time::Instant::now();
            let Some(found) = chance(&graph, at, &Limits::default()) else { continue };
            let nodes = Compiled::new(&graph, at, &Limits::default()).map(|it| it.nodes());
            println!("{name} {} {found:?} {nodes:?} {:?}", graph.threats[at].name, start.elapsed() / 2);
            assert_eq!((found.plain.method, found.stopped), (Method::Exact, None), "{name} {}", graph.threats[at].name);
        }
    }
}
