//! Importance of assumptions, worth of controls, choke points.

use cotenant::analysis::exact::{Importance, Limits, choke_points, control_worth, importance};
use cotenant::graph::unfold::expand;

use crate::world::{self, Worlds};
use crate::{close, first_copies, graphs, nominal, seeds};

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
        let numbers = nominal(&graph);
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
        let numbers = nominal(&graph);
        let Ok(found) = importance(&graph, 0, &numbers, &Limits::default()) else { continue };
        let (worlds, first) = (Worlds::new(&flat), first_copies(&graph));
        let numbers = nominal(&flat);
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
                let numbers = nominal(&graph);
                Worlds::new(&graph).probability(&numbers)
            };
            assert!(close(worth.off, with(false), 1e-12) && close(worth.on, with(true), 1e-12), "seed {seed}");
        }
    }
}
