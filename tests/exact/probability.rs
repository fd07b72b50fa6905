//! P(exposed): exact, of populations, and between bounds.

use cotenant::analysis::exact::{Compiled, Limits, Method, chance, with_trust};
use cotenant::graph::json;
use cotenant::graph::unfold::expand;
use cotenant::model::Edits;
use cotenant::source::Source;
use cotenant::study::exposed::chances;

use crate::world::Worlds;
use crate::{close, designs, graphs, nominal, seeds};

/// E and any member's a open x; x and any member's b reach the goal.
const FOUR: &str = r#"{"cotenant-graph": 1, "requires": ["families"],
        "capabilities": [{"id": 0, "name": "x"}, {"id": 1, "name": "goal"}],
        "assumptions": [{"id": 0, "name": "E", "probability": 0.5}, {"id": 1, "name": "a", "probability": 0.1, "family": 0},
            {"id": 2, "name": "b", "probability": 0.2, "family": 0}],
        "steps": [{"id": 0, "name": "open", "needs": [], "gains": 0, "assumptions": [0, 1], "family": 0},
            {"id": 1, "name": "use", "needs": [0], "gains": 1, "assumptions": [2], "family": 0}],
        "families": [{"id": 0, "name": "members", "count": 4}],
        "threats": [{"name": "t", "start": [], "goal": 1}]}"#;

#[test]
fn probability_is_the_sum_over_all_worlds() {
    for seed in seeds(1_000) {
        let graph = graphs::wide(seed);
        let numbers = nominal(&graph);
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
        let numbers = nominal(&flat);
        let want = Worlds::new(&flat).probability(&numbers);
        let written = chance(&flat, 0, &Limits::default()).unwrap().plain;
        assert!(
            written.method == Method::Exact && close(written.value, want, 1e-12),
            "seed {seed}: {written:?} {want}"
        );
        let Ok(compiled) = Compiled::new(&graph, 0, &Limits::default()) else { continue };
        let numbers = nominal(&graph);
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
    let graph = json::read(Source::new("g", FOUR)).unwrap();
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

#[test]
fn bounds_hold_the_probability_between_them() {
    let (mut open, mut narrow) = (0, 0);
    for seed in seeds(1_000) {
        let graph = graphs::wide(seed);
        let limits = Limits { nodes: 3, bounding: 3 + seed as usize % 8, ..Limits::default() };
        let found = chance(&graph, 0, &limits).unwrap();
        if found.plain.method == Method::Exact {
            continue;
        }
        assert!(found.stopped.is_some(), "seed {seed}");
        let numbers = nominal(&graph);
        let worlds = Worlds::new(&graph);
        for (chance, numbers) in
            [(found.plain, numbers.clone()), (found.trusting, with_trust(&graph, &graph.threats[0], &numbers))]
        {
            let want = worlds.probability(&numbers);
            let (low, high) = (chance.low() * (1.0 - 1e-12), chance.high() * (1.0 + 1e-12));
            assert!(low <= want && want <= high, "seed {seed}: {want} not in {chance:?}");
        }
        open += 1;
        narrow += u32::from(found.plain.high() <= 10.0 * found.plain.low());
    }
    println!("{open} bounded, {narrow} of them within a factor of ten");
    assert!(open > 100 && narrow * 2 > open, "{narrow} of {open}");
}

/// Beyond what all worlds can check: the population against the decision diagram of every member.
#[test]
fn a_large_population_is_its_members() {
    let mut compared = 0;
    for seed in seeds(1_000) {
        let mut graph = graphs::lumped(seed);
        let outer = |graph: &cotenant::graph::CapabilityGraph, at: usize| graph.families[at].within.is_none();
        for at in 0..graph.families.len() {
            graph.families[at].count = if outer(&graph, at) { 5 + seed % 28 } else { 2 + seed % 3 };
        }
        let Ok(flat) = expand(&graph) else { continue };
        let limits = Limits { nodes: 20_000, work: 2_000_000, ..Limits::default() };
        let (Ok(lumped), Ok(written)) = (Compiled::new(&graph, 0, &limits), Compiled::new(&flat, 0, &limits)) else {
            continue;
        };
        let (found, want) = (lumped.chance(&nominal(&graph)), written.probability(&nominal(&flat)));
        assert_eq!(found.method, Method::Exact, "seed {seed}");
        assert!(close(found.value, want, 1e-9), "seed {seed}: {} {want}", found.value);
        compared += u32::from(want > 0.0 && want < 1.0);
    }
    println!("{compared} large populations compared");
    assert!(compared >= 100, "{compared}");
}

#[test]
fn where_digits_cancel_the_answer_is_bounded() {
    let mut graph = json::read(Source::new("g", FOUR)).unwrap();
    graph.families[0].count = 3;
    let p = [1.0, 1e-13, 1e-13];
    graph.assumptions.iter_mut().zip(p).for_each(|(assumption, p)| assumption.probability = p);
    let found = chance(&graph, 0, &Limits::default()).unwrap();
    assert!(found.plain.method == Method::Bounded && found.stopped.is_some(), "{found:?}");
    let want = chance(&expand(&graph).unwrap(), 0, &Limits::default()).unwrap().plain;
    assert_eq!(want.method, Method::Exact);
    assert!(found.plain.low() <= want.value && want.value <= found.plain.high(), "{found:?} {want:?}");
}

/// Beyond the reach of diagrams, bounds that are far apart give way to a sample, and both hold the same number.
#[test]
fn what_is_out_of_reach_is_bounded_closely_or_sampled() {
    let limits = Limits { nodes: 2_000, bounding: 40, ..Limits::default() };
    let mut sampled = 0;
    for seed in 1..=3 {
        let graph = graphs::large::tangle(450, 150, seed);
        let bounds = chance(&graph, 0, &limits).unwrap();
        let found = chances(&graph, 0, &limits, 1).unwrap();
        if found.plain.method == Method::Exact {
            continue;
        }
        assert!(found.plain.method == Method::Sampled || !found.plain.is_wide(), "seed {seed}: {found:?}");
        assert!(bounds.plain.low() <= found.plain.high() && found.plain.low() <= bounds.plain.high(), "seed {seed}");
        sampled += u32::from(found.plain.method == Method::Sampled);
    }
    println!("{sampled} sampled");
    assert!(sampled > 0);
}
