//! Minimal attack and hardening sets, over assumptions, controls and members.

use cotenant::analysis::exact::{Limits, Over, SetFamily, minimal_sets};
use cotenant::graph::ControlId;
use cotenant::graph::unfold::expand;

use crate::world::{Worlds, minimal, reaches_with, shapes};
use crate::{first_copies, graphs, name, seeds};

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

/// The sets that meet every hardening set are the attack sets again.
#[test]
fn the_dual_of_the_dual_is_the_first() {
    for seed in seeds(500) {
        let mut graph = graphs::wide(seed);
        graph.threats[0].alike_assumptions.clear();
        let found = minimal_sets(&graph, 0, Over::Assumptions, &Limits::default());
        let bits = |set: &Vec<u32>| set.iter().fold(0u32, |bits, id| bits | 1 << id);
        let hardening: Vec<u32> = listed(&found.hardening).iter().map(bits).collect();
        let meets = |set: u32| hardening.iter().all(|other| other & set != 0);
        assert_eq!(listed(&found.attack), shapes(minimal(graph.assumptions.len(), &meets), &|id| id), "seed {seed}");
    }
}
