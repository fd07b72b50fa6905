//! The engines against brute force, on thousands of small random graphs.
//!
//! `COTENANT_HEAVY=1` runs three times as many.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that fails says so"
)]

mod blast;
mod brute;
mod coalitions;
#[path = "../graphs/mod.rs"]
mod graphs;

use brute::{Brute, Told};
use cotenant::analysis::closure::reaches;
use cotenant::analysis::coalitions::{coalitions_in, default_candidates};
use cotenant::analysis::paths::{Options, count_paths, search};
use cotenant::analysis::reach::{Limits, reach, reach_in};
use cotenant::analysis::sets::{LABEL_WORK, attack_sets};
use cotenant::analysis::{Cost, Path, Paths, Status};
use cotenant::graph::unfold::{Copies, Question, expand, unfold};
use cotenant::graph::verify::verify;
use cotenant::graph::{CapabilityGraph, StepId, json};
use cotenant::source::Source;

const COSTS: [Cost; 3] = [Cost::Fewest, Cost::Likeliest, Cost::Effort];
const EVERYTHING: usize = 1_000_000;

fn seeds(n: u64) -> std::ops::Range<u64> {
    let heavy = std::env::var("COTENANT_HEAVY").is_ok_and(|value| value == "1");
    0..if heavy { n * 3 } else { n }
}

fn options(k: usize, cost: Cost, limit: u64) -> Options {
    Options { k, cost, limit, copies: Copies::Lumped }
}

fn find(graph: &CapabilityGraph, k: usize, cost: Cost, limit: u64) -> Paths {
    search(graph, 0, &options(k, cost, limit)).unwrap()
}

fn ids<T: Copy>(of: &[T], id: impl Fn(T) -> u32) -> Vec<u32> {
    of.iter().map(|item| id(*item)).collect()
}

/// Everything about a path but what alike steps leave open.
fn same(path: &Path, told: &Told) -> bool {
    path.steps.iter().map(|id| id.0).eq(told.steps.iter().copied()) && path.cost == told.cost
}

fn exactly(graph: &CapabilityGraph, path: &Path, told: &Told, seed: u64) {
    assert!(same(path, told), "seed {seed}: {path:?} {told:?}");
    if graph.threats[0].alike_steps.is_empty() {
        let dominated = path.dominated_by.as_ref().map(|ids_| ids(ids_, |id| id.0));
        assert_eq!(ids(&path.assumptions, |id| id.0), told.assumptions, "seed {seed}");
        assert_eq!(dominated, told.dominated_by, "seed {seed}: {told:?}");
        assert_eq!(path.effort_hours, told.effort as f64 / 3600.0, "seed {seed}");
        can_happen(graph, path, seed);
    }
}

/// The order told is one in which the steps can happen.
fn can_happen(graph: &CapabilityGraph, path: &Path, seed: u64) {
    let threat = &graph.threats[0];
    let mut had = vec![false; graph.capabilities.len()];
    threat.start.iter().chain(&threat.public).for_each(|id| had[id.0 as usize] = true);
    let mut sorted = path.order.clone();
    sorted.sort();
    assert_eq!(sorted, path.steps, "seed {seed}");
    for step in path.order.iter().map(|id| graph.step(*id)) {
        assert!(step.needs.iter().all(|need| had[need.0 as usize]), "seed {seed}");
        let counted = |of: &[cotenant::graph::CapabilityId]| of.iter().filter(|id| had[id.0 as usize]).count();
        assert!(step.quorum.as_ref().is_none_or(|q| counted(&q.of) >= q.at_least as usize), "seed {seed}");
        had[step.gains.0 as usize] = true;
    }
    assert!(had[threat.goal.0 as usize], "seed {seed}");
}

#[test]
fn all_paths_in_exact_order() {
    for seed in seeds(10_000) {
        let graph = graphs::small(seed);
        let brute = Brute::new(&graph);
        for cost in COSTS {
            let want = brute.paths(cost);
            let found = find(&graph, EVERYTHING, cost, u64::MAX);
            assert!(found.complete && found.optimal && found.at_least.is_none(), "seed {seed}");
            assert_eq!(found.paths.len(), want.len(), "seed {seed} {cost:?}");
            found.paths.iter().zip(&want).for_each(|(path, told)| exactly(&graph, path, told, seed));
            prefixes(&graph, cost, &want, seed);
            stopped(&graph, cost, &want, seed);
        }
        let n = brute.paths(Cost::Fewest).len() as u64;
        assert_eq!(count_paths(&graph, 0, Copies::Lumped, 1_000_000).unwrap(), (n, true), "seed {seed}");
        if n > 1 {
            assert_eq!(count_paths(&graph, 0, Copies::Lumped, n - 1).unwrap(), (n - 1, false), "seed {seed}");
        }
    }
}

/// The first few are the first few, and it is known whether there are more.
fn prefixes(graph: &CapabilityGraph, cost: Cost, want: &[Told], seed: u64) {
    for k in [1, 2, want.len().max(1), want.len() + 1] {
        let found = find(graph, k, cost, u64::MAX);
        assert!(found.optimal, "seed {seed} k {k}");
        assert_eq!(found.complete, want.len() <= k, "seed {seed} k {k}");
        assert_eq!(found.paths.len(), k.min(want.len()), "seed {seed} k {k}");
        found.paths.iter().zip(want).for_each(|(path, told)| exactly(graph, path, told, seed));
    }
}

/// Under a tiny limit, what is listed stands, and what is said about the rest is true.
fn stopped(graph: &CapabilityGraph, cost: Cost, want: &[Told], seed: u64) {
    for (k, limit) in [(1, 0), (2, 1), (3, 2), (2, 4), (EVERYTHING, 3)] {
        let found = find(graph, k, cost, limit);
        let listed =
            |told: &&Told| found.paths.iter().any(|path| path.steps.iter().map(|s| s.0).eq(told.steps.clone()));
        assert!(found.nodes <= limit && found.paths.len() <= k, "seed {seed}");
        for path in &found.paths {
            let told = want.iter().find(|told| path.steps.iter().map(|s| s.0).eq(told.steps.clone()));
            let told = told.unwrap_or_else(|| panic!("seed {seed}: not minimal: {path:?}"));
            assert!(graph.threats[0].alike_steps.is_empty() <= same(path, told), "seed {seed}: {path:?} {told:?}");
        }
        if found.complete || found.optimal {
            assert!(found.at_least.is_none(), "seed {seed}");
            assert!(found.paths.iter().zip(want).all(|(path, told)| same(path, told)), "seed {seed}");
            assert_eq!(found.paths.len(), k.min(want.len()), "seed {seed}");
            assert!(!found.complete || want.len() <= k, "seed {seed}");
        } else {
            let (least, steps) = found.at_least.unwrap_or_else(|| panic!("seed {seed}: nothing bounded"));
            for told in want.iter().filter(|told| !listed(told)) {
                let key = (told.cost.is_none(), told.cost, told.steps.len() as u32);
                assert!((least.is_none(), least, steps) <= key, "seed {seed}: {least:?} {steps} {told:?}");
            }
        }
    }
}

#[test]
fn reach_sets_and_coalitions() {
    for seed in seeds(10_000) {
        let graph = graphs::small(seed);
        let brute = Brute::new(&graph);
        let sets = brute.attack_sets(0);
        let found = reach(&graph, 0);
        let k = sets.first().map(|(ids, _)| ids.len() as u32);
        let status = match k {
            None => Status::Unreachable,
            Some(0) => Status::Grant,
            Some(_) => Status::Exploit,
        };
        assert_eq!((found.status, found.k, found.exact), (status, k, true), "seed {seed}");
        let trusting = brute.attack_sets(brute.trusted());
        assert_eq!(found.k_trusting, trusting.first().map(|(ids, _)| ids.len() as u32), "seed {seed}");
        let has_others = !graph.threats[0].others.is_empty();
        let wide = |set: u32| has_others && brute.others(set).0 == brute.others(set).1;
        for size in 0..4 {
            let of_size = || sets.iter().filter(|(ids, _)| ids.len() == size);
            assert_eq!(found.profile[size], of_size().count() as u64, "seed {seed}");
            assert_eq!(found.profile_wide[size], of_size().filter(|(_, set)| wide(*set)).count() as u64, "seed {seed}");
        }
        assert!(found.profile_complete, "seed {seed}");
        let extent = brute.likeliest().filter(|_| has_others).map(|set| {
            let (n, all) = brute.others(set);
            let word = if n == 0 {
                "one"
            } else if n == all {
                "all"
            } else {
                "some"
            };
            (word, 1 + n as u64)
        });
        assert_eq!(found.extent.map(|extent| (extent.word, extent.members)), extent, "seed {seed}");
        let shapes: Vec<Vec<u32>> = sets.into_iter().map(|(ids, _)| ids).collect();
        let found = attack_sets(&graph, 0, Copies::Lumped, LABEL_WORK).unwrap();
        assert!(found.complete);
        assert_eq!(found.sets.iter().map(|set| ids(set, |id| id.0)).collect::<Vec<_>>(), shapes, "seed {seed}");
        let candidates = default_candidates(&graph);
        let found = coalitions_in(&graph, 0, &candidates, Copies::Lumped, LABEL_WORK).unwrap();
        let found: Vec<Vec<u32>> = found.coalitions.iter().map(|set| ids(set, |id| id.0)).collect();
        assert_eq!(found, brute.coalitions(), "seed {seed}");
    }
}

/// Where labels may do no work at all, hitting sets give the same k and extent.
#[test]
fn hitting_sets_agree_with_labels() {
    for seed in seeds(5_000).chain([10_258]) {
        let graph = graphs::small(seed);
        let labels = reach(&graph, 0);
        let hitting =
            reach_in(&graph, 0, Copies::Lumped, Limits { labels: 0, hitting: 1_000_000, ..Limits::default() }).unwrap();
        let answer =
            |reach: &cotenant::analysis::Reach| (reach.status, reach.k, reach.k_trusting, reach.extent.clone());
        assert_eq!(answer(&labels), answer(&hitting), "seed {seed}");
        assert!(hitting.exact && hitting.extent_exact, "seed {seed}");
    }
}

/// Where an answer lists ids of an expanded graph, they are those of first copies.
fn first_copies(graph: &CapabilityGraph) -> (Vec<u32>, Vec<u32>, Vec<u32>) {
    let copies = |family| families(graph, family);
    let firsts = |sizes: Vec<u32>| {
        let mut next = 0;
        let mut first = |size| {
            next += size;
            next - size
        };
        sizes.into_iter().map(&mut first).collect::<Vec<u32>>()
    };
    (
        firsts(graph.steps.iter().map(|step| copies(step.family)).collect()),
        firsts(graph.assumptions.iter().map(|assumption| copies(assumption.family)).collect()),
        firsts(graph.principals.iter().map(|who| copies(graph.capability(who.capability).family)).collect()),
    )
}

fn families(graph: &CapabilityGraph, family: Option<cotenant::graph::FamilyId>) -> u32 {
    let chain = cotenant::graph::families::chain(graph, family);
    chain.into_iter().map(|family| graph.families[family.0 as usize].count as u32).product()
}

fn shapes(paths: &Paths) -> Vec<(Vec<StepId>, Option<u64>)> {
    paths.paths.iter().map(|path| (path.steps.clone(), path.cost)).collect()
}

/// Lumped, unfolded in full, and written out without families: three ways to one answer.
#[test]
fn lumped_is_expanded() {
    let mut checked = 0;
    for seed in seeds(6_000) {
        let graph = graphs::lumped(seed);
        assert_eq!(verify(&graph), Ok(()), "seed {seed}");
        let flat = expand(&graph).unwrap();
        assert_eq!(verify(&flat), Ok(()), "seed {seed}");
        let lumped = reach(&graph, 0);
        let mut written = reach(&flat, 0);
        assert_eq!(lumped, reach_in(&graph, 0, Copies::All, Limits::default()).unwrap(), "seed {seed}");
        // The victim's group is no family any more, but the threat says who is outside it.
        assert_eq!(lumped.extent, written.extent, "seed {seed}");
        written.extent.clone_from(&lumped.extent);
        assert_eq!(lumped, written, "seed {seed}");
        let (steps, assumptions, principals) = first_copies(&graph);
        for cost in COSTS {
            let of = |graph: &CapabilityGraph, copies| {
                search(graph, 0, &Options { copies, ..options(EVERYTHING, cost, 4_000) }).unwrap()
            };
            let (lumped, all, written) =
                (of(&graph, Copies::Lumped), of(&graph, Copies::All), of(&flat, Copies::Lumped));
            if lumped.complete && all.complete {
                assert_eq!(shapes(&lumped), shapes(&all), "seed {seed} {cost:?}");
            }
            if lumped.complete && written.complete {
                let renamed: Vec<_> = shapes(&lumped)
                    .into_iter()
                    .map(|(ids, cost)| (ids.iter().map(|id| StepId(steps[id.0 as usize])).collect::<Vec<_>>(), cost))
                    .collect();
                assert_eq!(renamed, shapes(&written), "seed {seed} {cost:?}");
                checked += 1;
            }
        }
        let sets = |graph: &CapabilityGraph| attack_sets(graph, 0, Copies::Lumped, LABEL_WORK).unwrap();
        let renamed = |sets: Vec<Vec<u32>>, first: &[u32]| -> Vec<Vec<u32>> {
            sets.into_iter().map(|set| set.into_iter().map(|id| first[id as usize]).collect()).collect()
        };
        let of = |graph: &CapabilityGraph| sets(graph).sets.iter().map(|set| ids(set, |id| id.0)).collect::<Vec<_>>();
        assert_eq!(renamed(of(&graph), &assumptions), of(&flat), "seed {seed}");
        let of = |graph: &CapabilityGraph| {
            let candidates = default_candidates(graph);
            let found = coalitions_in(graph, 0, &candidates, Copies::Lumped, LABEL_WORK).unwrap();
            found.coalitions.iter().map(|set| ids(set, |id| id.0)).collect::<Vec<_>>()
        };
        assert_eq!(renamed(of(&graph), &principals), of(&flat), "seed {seed}");
        let counts = |copies| count_paths(&graph, 0, copies, 500).unwrap();
        if counts(Copies::Lumped).1 && counts(Copies::All).1 {
            assert_eq!(counts(Copies::Lumped), counts(Copies::All), "seed {seed}");
        }
    }
    assert!(checked > 10_000, "{checked}");
}

/// The expanded graph against brute force: lumping is judged by something that knows nothing of families.
#[test]
fn expanded_is_what_brute_force_says() {
    let mut checked = 0;
    for seed in seeds(6_000) {
        let graph = graphs::lumped(seed);
        let flat = expand(&graph).unwrap();
        let brute = Brute::new(&flat);
        if brute.live_steps() > 16 || flat.assumptions.len() > 14 {
            continue;
        }
        checked += 1;
        let (steps, assumptions, _) = first_copies(&graph);
        let sets = attack_sets(&graph, 0, Copies::Lumped, LABEL_WORK).unwrap();
        let found: Vec<Vec<u32>> =
            sets.sets.iter().map(|set| set.iter().map(|id| assumptions[id.0 as usize]).collect()).collect();
        assert_eq!(found, brute.attack_sets(0).into_iter().map(|(ids, _)| ids).collect::<Vec<_>>(), "seed {seed}");
        let found = find(&graph, EVERYTHING, Cost::Fewest, u64::MAX);
        let found: Vec<(Vec<u32>, Option<u64>)> = found
            .paths
            .iter()
            .map(|path| (path.steps.iter().map(|id| steps[id.0 as usize]).collect(), path.cost))
            .collect();
        let want: Vec<(Vec<u32>, Option<u64>)> =
            brute.paths(Cost::Fewest).into_iter().map(|told| (told.steps, told.cost)).collect();
        assert_eq!(found, want, "seed {seed}");
    }
    assert!(checked > 1_000, "{checked}");
}

#[test]
fn written_and_read_it_answers_the_same() {
    for seed in seeds(2_000) {
        for graph in [graphs::small(seed), graphs::lumped(seed)] {
            let text = json::write(&graph);
            let again = json::read(Source::new("graph.json", text.clone())).unwrap_or_else(|e| panic!("{seed}: {e:?}"));
            assert_eq!(again, graph, "seed {seed}");
            assert_eq!(json::write(&again), text, "seed {seed}");
        }
    }
}

/// Each minimal attack set reaches the goal, and none of its members can be spared.
#[test]
fn every_attack_set_is_needed_in_full() {
    for seed in seeds(2_000) {
        let graph = graphs::small(seed);
        let unfolded = unfold(&graph, &Question::of(&graph.threats[0], Copies::Lumped)).unwrap();
        if graph.threats[0].alike_assumptions.is_empty() {
            for set in attack_sets(&graph, 0, Copies::Lumped, LABEL_WORK).unwrap().sets {
                let at = |id: u32| unfolded.variables.iter().position(|variable| variable.origin == id).unwrap() as u32;
                let set: Vec<u32> = set.iter().map(|id| at(id.0)).collect();
                assert!(reaches(&unfolded, &set), "seed {seed}");
                for spared in &set {
                    let rest: Vec<u32> = set.iter().copied().filter(|id| id != spared).collect();
                    assert!(!reaches(&unfolded, &rest), "seed {seed}");
                }
            }
        }
    }
}
