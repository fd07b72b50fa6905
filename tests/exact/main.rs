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

use cotenant::analysis::exact::{
    Compiled, Importance, Limits, Method, Over, SetFamily, chance, choke_points, control_worth, importance,
    minimal_sets, with_trust,
};
use cotenant::graph::unfold::expand;
use cotenant::graph::{CapabilityGraph, ControlId, json};
use cotenant::model::Edits;
use cotenant::source::Source;
use world::{Worlds, minimal, reaches_with, shapes};

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

/// What an assumption counts as.
fn name(graph: &CapabilityGraph, id: u32) -> u32 {
    let pairs = &graph.threats[0].alike_assumptions;
    pairs.iter().find(|(seat, _)| seat.0 == id).map_or(id, |(_, other)| other.0)
}

fn listed(family: &SetFamily) -> Vec<Vec<u32>> {
    family.sets.iter().map(|set| set.ids().collect()).collect()
}

#[test]
fn minimal_sets_are_those_of_all_worlds() {
    for seed in seeds(1_000) {
        let graph = graphs::wide(seed);
        let worlds = Worlds::new(&graph);
        let found = minimal_sets(&graph, 0, Over::Assumptions, &Limits::default());
        let want = shapes(worlds.attack_sets(), &|id| name(&graph, id));
        assert!(found.attack.complete && found.hardening.complete, "seed {seed}");
        assert_eq!(listed(&found.attack), want, "seed {seed}");
        assert_eq!(found.attack.count, Some(want.len() as u128), "seed {seed}");
        let want = shapes(worlds.hardening_sets(), &|id| name(&graph, id));
        assert_eq!(listed(&found.hardening), want, "seed {seed}");
        assert_eq!(found.hardening.count, Some(want.len() as u128), "seed {seed}");
    }
}

#[test]
fn a_short_list_is_the_start_of_the_long_one() {
    for seed in seeds(300) {
        let mut graph = graphs::wide(seed);
        graph.threats[0].alike_assumptions.clear();
        let all = minimal_sets(&graph, 0, Over::Assumptions, &Limits::default());
        let few = minimal_sets(&graph, 0, Over::Assumptions, &Limits { sets: 3, ..Limits::default() });
        for (all, few) in [(&all.attack, &few.attack), (&all.hardening, &few.hardening)] {
            assert_eq!(few.count, all.count, "seed {seed}");
            assert_eq!(few.complete, all.sets.len() <= 3, "seed {seed}");
            let listed = few.sets.len();
            assert_eq!(few.sets, all.sets[..listed], "seed {seed}");
            let to = few.complete_to.unwrap_or(0);
            assert!(all.sets[listed..].iter().all(|set| set.size() > to), "seed {seed}");
        }
    }
}

#[test]
fn sets_over_controls_are_those_of_all_combinations() {
    let mut some = 0;
    for seed in seeds(1_000) {
        let graph = graphs::controlled(seed);
        let found = minimal_sets(&graph, 0, Over::Controls, &Limits::default());
        assert!(found.left_out.is_empty(), "seed {seed}: {:?}", found.left_out);
        let n = graph.controls.len();
        let everything = (1u32 << graph.assumptions.len()) - 1;
        let exposed = |off: u32| reaches_with(&graph, everything, &|id: &ControlId| off & 1 << id.0 == 0);
        let attack = minimal(n, &exposed);
        let hardening = minimal(n, &|on| !exposed(((1 << n) - 1) & !on));
        some += u32::from(hardening.len() > 1);
        assert_eq!(listed(&found.attack), shapes(attack, &|id| id), "seed {seed}");
        let fits = |set: &u32| {
            let on = |id: usize| set & 1 << id != 0;
            !(0..n).any(|a| on(a) && graph.controls[a].excludes.iter().any(|b| on(b.0 as usize)))
        };
        let together: Vec<u32> = hardening.into_iter().filter(fits).collect();
        assert_eq!(listed(&found.hardening), shapes(together, &|id| id), "seed {seed}");
    }
    assert!(some > 40, "{some}");
}

#[test]
fn sets_over_members_are_the_shapes_of_the_written_out_graph() {
    let (mut whole, mut uniform) = (0, 0);
    for seed in seeds(1_500) {
        let graph = graphs::lumped(seed);
        let flat = expand(&graph).unwrap();
        if flat.assumptions.len() > 14 {
            continue;
        }
        let worlds = Worlds::new(&flat);
        let first = first_copies(&graph);
        let under = |family: &SetFamily| -> Vec<Vec<u32>> {
            listed(family).into_iter().map(|ids| ids.into_iter().map(|id| first[id as usize]).collect()).collect()
        };
        let attack = shapes(worlds.attack_sets(), &|id| name(&flat, id));
        let hardening = shapes(worlds.hardening_sets(), &|id| name(&flat, id));
        let found = minimal_sets(&graph, 0, Over::Assumptions, &Limits::default());
        assert!(found.attack.complete && found.hardening.complete, "seed {seed}: {found:?}");
        assert_eq!(under(&found.attack), attack, "seed {seed}");
        assert_eq!(under(&found.hardening), hardening, "seed {seed}");
        whole += 1;
        let lumped = minimal_sets(&graph, 0, Over::Assumptions, &Limits { small: 1, ..Limits::default() }).hardening;
        let told = under(&lumped);
        assert!(told.iter().all(|set| hardening.contains(set)), "seed {seed}: {told:?} {hardening:?}");
        assert!(!lumped.complete || told == hardening, "seed {seed}: {told:?} {hardening:?}");
        uniform += u32::from(lumped.complete);
    }
    println!("{whole} graphs, {uniform} of them complete without writing members out");
    assert!(uniform * 2 > whole);
}

/// Where a family's first copies stand in the graph with every member.
fn first_copies(graph: &CapabilityGraph) -> Vec<u32> {
    let mut next = 0;
    let mut first = |assumption: &cotenant::graph::Assumption| {
        let chain = cotenant::graph::families::chain(graph, assumption.family);
        let copies = chain.iter().map(|family| graph.families[family.0 as usize].count as u32).product::<u32>();
        next += copies;
        next - copies
    };
    graph.assumptions.iter().map(&mut first).collect()
}

/// One measure against another: both undefined, both infinite, or equal.
fn same(a: Option<f64>, b: Option<f64>, within: f64) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a == b || close(a, b, within),
        (a, b) => a.is_none() == b.is_none(),
    }
}

/// The importance of one assumption by all worlds.
fn brute(worlds: &Worlds, sets: &[u32], numbers: &[f64], at: u32) -> (f64, Option<f64>, Option<f64>, Option<f64>) {
    let with = |number: f64| {
        let mut numbers = numbers.to_vec();
        numbers[at as usize] = number;
        worlds.probability(&numbers)
    };
    let (f, low, high) = (worlds.probability(numbers), with(0.0), with(1.0));
    let own: Vec<u32> = sets.iter().copied().filter(|set| set & 1 << at != 0).collect();
    let failed = worlds.chance(numbers, &|world| own.iter().any(|set| set & world == *set));
    let ratio = |a: f64, b: f64| (f > 0.0).then(|| a / b);
    (high - low, ratio(f, low), ratio(high, f), ratio(failed, f))
}

fn agrees(found: &Importance, want: (f64, Option<f64>, Option<f64>, Option<f64>), within: f64) -> bool {
    (found.birnbaum - want.0).abs() <= within
        && same(found.rrw, want.1, within)
        && same(found.raw, want.2, within)
        && (found.fv.is_none() || same(found.fv, want.3, within))
}

#[test]
fn importance_is_that_of_all_worlds() {
    for seed in seeds(500) {
        let graph = graphs::wide(seed);
        let numbers: Vec<f64> = graph.assumptions.iter().map(|it| it.probability).collect();
        let worlds = Worlds::new(&graph);
        let sets = worlds.attack_sets();
        let found = importance(&graph, 0, &numbers, &Limits::default()).unwrap();
        for of in &found {
            let want = brute(&worlds, &sets, &numbers, of.id.0);
            assert!(agrees(of, want, 1e-12) && of.fv.is_some() == want.3.is_some(), "seed {seed}: {of:?} {want:?}");
        }
        let listed = |id: u32| found.iter().any(|of| of.id.0 == id);
        for id in (0..graph.assumptions.len() as u32).filter(|id| !listed(*id)) {
            assert!(sets.iter().all(|set| set & 1 << id == 0), "seed {seed}: {id} is in a set");
        }
    }
}

#[test]
fn importance_of_a_member_is_that_of_the_written_out_graph() {
    let (mut told, mut untold) = (0, 0);
    for seed in seeds(600) {
        let graph = graphs::lumped(seed);
        let flat = expand(&graph).unwrap();
        if flat.assumptions.len() > 12 {
            continue;
        }
        let numbers: Vec<f64> = graph.assumptions.iter().map(|it| it.probability).collect();
        let Ok(found) = importance(&graph, 0, &numbers, &Limits::default()) else { continue };
        let (worlds, first) = (Worlds::new(&flat), first_copies(&graph));
        let numbers: Vec<f64> = flat.assumptions.iter().map(|it| it.probability).collect();
        let sets = worlds.attack_sets();
        for of in &found {
            let want = brute(&worlds, &sets, &numbers, first[of.id.0 as usize]);
            assert!(agrees(of, want, 1e-9), "seed {seed}: {of:?} {want:?}");
            if want.3.is_some() {
                told += u32::from(of.fv.is_some());
                untold += u32::from(of.fv.is_none());
            }
        }
    }
    println!("Fussell-Vesely told {told} times, not told {untold} times");
    assert!(told > 10 * untold, "{told} {untold}");
}

#[test]
fn choke_points_and_the_worth_of_controls() {
    for seed in seeds(500) {
        let mut graph = graphs::controlled(seed);
        graph.threats[0].alike_steps.clear();
        let found = choke_points(&graph, 0).unwrap();
        let everything = (1u32 << graph.assumptions.len()) - 1;
        for at in 0..graph.steps.len() {
            let mut without = graph.clone();
            let gains = without.steps[at].gains;
            without.steps[at].needs = vec![gains];
            let choke = world::reaches(&graph, everything) && !world::reaches(&without, everything);
            assert_eq!(found.iter().any(|id| id.0 as usize == at), choke, "seed {seed}: step {at}");
        }
        for worth in control_worth(&graph, 0, &Limits::default()) {
            let with = |on: bool| {
                let mut graph = graph.clone();
                graph.controls[worth.id.0 as usize].on = on;
                let numbers: Vec<f64> = graph.assumptions.iter().map(|it| it.probability).collect();
                Worlds::new(&graph).probability(&numbers)
            };
            assert!(close(worth.off, with(false), 1e-12) && close(worth.on, with(true), 1e-12), "seed {seed}");
        }
    }
}

#[test]
fn bounds_hold_the_probability_between_them() {
    let (mut open, mut narrow) = (0, 0);
    for seed in seeds(1_000) {
        let graph = graphs::wide(seed);
        let limits = Limits { nodes: 3, cut: 8, ..Limits::default() };
        let found = chance(&graph, 0, &limits).unwrap();
        if found.plain.method == Method::Exact {
            continue;
        }
        assert!(found.stopped.is_some(), "seed {seed}");
        let numbers: Vec<f64> = graph.assumptions.iter().map(|it| it.probability).collect();
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
