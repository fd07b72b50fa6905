//! Importance of assumptions, worth of controls, choke points.

use cotenant::analysis::exact::members::SHARE;
use cotenant::analysis::exact::{Importance, Limits, choke_points, control_worth, importance, members};
use cotenant::graph::FamilyId;
use cotenant::graph::derive::copies;
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

/// The importance of an assumption for all members of its population, by all worlds of the written-out graph.
fn brute_together(worlds: &Worlds, sets: &[u32], numbers: &[f64], copies: &[u32]) -> (f64, f64, Option<f64>) {
    let with = |number: f64| {
        let mut numbers = numbers.to_vec();
        copies.iter().for_each(|at| numbers[*at as usize] = number);
        worlds.probability(&numbers)
    };
    let mask: u32 = copies.iter().map(|at| 1 << at).sum();
    let own: Vec<u32> = sets.iter().copied().filter(|set| set & mask != 0).collect();
    let failed = worlds.chance(numbers, &|world| own.iter().any(|set| set & world == *set));
    let f = worlds.probability(numbers);
    (with(0.0), with(1.0), (f > 0.0).then(|| failed / f))
}

#[test]
fn importance_of_all_members_is_that_of_all_copies_at_once() {
    let (mut told, mut larger) = (0, 0);
    for seed in seeds(600) {
        let graph = graphs::lumped(seed);
        let flat = expand(&graph).unwrap();
        if flat.assumptions.len() > 12 {
            continue;
        }
        let Ok(found) = importance(&graph, 0, &nominal(&graph), &Limits::default()) else { continue };
        let (worlds, first) = (Worlds::new(&flat), first_copies(&graph));
        let numbers = nominal(&flat);
        let sets = worlds.attack_sets();
        for of in &found {
            let at = of.id.0 as usize;
            let next = first.get(at + 1).copied().unwrap_or(flat.assumptions.len() as u32);
            let copies: Vec<u32> = (first[at]..next).collect();
            let Some(all) = of.all else {
                assert!(copies.len() == 1 || of.birnbaum == 0.0 || of.members() == 1, "seed {seed}: {of:?}");
                continue;
            };
            // Copies that lead nowhere near the goal need not be counted; none that matters is left out.
            let matter = copies.iter().filter(|at| sets.iter().any(|set| set >> **at & 1 == 1)).count() as u64;
            assert!((matter..=copies.len() as u64).contains(&all.members), "seed {seed}: {matter} of {of:?}");
            let (holds, fails, fv) = brute_together(&worlds, &sets, &numbers, &copies);
            assert!(close(all.f, worlds.probability(&numbers), 1e-9), "seed {seed}");
            assert!(
                (all.holds - holds).abs() < 1e-9 && (all.fails - fails).abs() < 1e-9,
                "seed {seed}: {all:?} {holds} {fails}"
            );
            assert!(all.fv.is_none() || same(all.fv, fv, 1e-9), "seed {seed}: {all:?} {fv:?}");
            assert!(all.fails - all.holds >= of.birnbaum - 1e-12, "seed {seed}: all together matter no less than one");
            told += 1;
            larger += u32::from(all.fails - all.holds > of.birnbaum + 1e-9);
        }
    }
    assert!(told > 20 && larger > 10, "{told} {larger}");
}

#[test]
fn members_carry_what_goes_when_none_of_them_fails() {
    let mut seen = 0;
    for seed in seeds(600) {
        let graph = graphs::lumped(seed);
        let flat = expand(&graph).unwrap();
        if flat.assumptions.len() > 12 {
            continue;
        }
        let Ok(found) = members(&graph, 0, &Limits::default()) else { continue };
        let (worlds, first) = (Worlds::new(&flat), first_copies(&graph));
        let numbers = nominal(&flat);
        let p = worlds.probability(&numbers);
        for family in (0..graph.families.len() as u32).map(FamilyId) {
            let mut kept = numbers.clone();
            for at in 0..graph.assumptions.len() {
                if graph.assumptions[at].family == Some(family) {
                    let next = first.get(at + 1).copied().unwrap_or(flat.assumptions.len() as u32);
                    (first[at]..next).for_each(|copy| kept[copy as usize] = 0.0);
                }
            }
            let without = worlds.probability(&kept);
            let of = found.iter().find(|members| members.family == family);
            let count = copies(&graph, Some(family));
            // Near the threshold rounding may decide.
            if ((p - without) / p.max(1e-300) - SHARE).abs() > 1e-6 {
                assert_eq!(of.is_some(), count > 1 && p - without > SHARE * p, "seed {seed}: {p} {without}");
            }
            if let Some(of) = of {
                assert!((of.without - without).abs() < 1e-9 && of.count == count, "seed {seed}: {of:?} {without}");
                seen += 1;
            }
        }
    }
    assert!(seen > 20, "{seen}");
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
