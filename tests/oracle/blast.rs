//! Blast radius against its definition, written out on graphs without families.

use std::collections::BTreeMap;

use cotenant::analysis::blast::{Becomes, Blasts, Compromised, credentials};
use cotenant::graph::derive::exists;
use cotenant::graph::unfold::expand;
use cotenant::graph::*;

use crate::{graphs, seeds};

/// Some steps become grants and some capabilities credentials.
fn varied(mut graph: CapabilityGraph, seed: u64) -> CapabilityGraph {
    for (at, step) in graph.steps.iter_mut().enumerate() {
        if (at as u64 + seed).is_multiple_of(2) {
            step.kind = StepKind::Grant;
        }
    }
    for (at, capability) in graph.capabilities.iter_mut().enumerate() {
        if (at as u64 + seed).is_multiple_of(3) {
            capability.name = format!("know(key{at})");
        }
    }
    graph
}

fn public(graph: &CapabilityGraph) -> Vec<CapabilityId> {
    graph.threats.iter().flat_map(|threat| threat.public.clone()).collect()
}

/// Everything derivable from `start` with at most this one failure, round by round.
fn derive(graph: &CapabilityGraph, start: &[CapabilityId], failed: Option<usize>) -> Vec<bool> {
    let mut had = vec![false; graph.capabilities.len()];
    start.iter().for_each(|id| had[id.0 as usize] = true);
    for _ in 0..=graph.capabilities.len() {
        for step in graph.steps.iter().filter(|step| exists(graph, step)) {
            let fails = step.assumptions.iter().all(|id| Some(id.0 as usize) == failed);
            let quorum = step.quorum.as_ref().is_none_or(|quorum| {
                quorum.of.iter().filter(|id| had[id.0 as usize]).count() >= quorum.at_least as usize
            });
            if fails && quorum && step.needs.iter().all(|need| had[need.0 as usize]) {
                had[step.gains.0 as usize] = true;
            }
        }
    }
    had
}

/// Per capability of a flat graph: its k and whether it is granted.
fn radius(graph: &CapabilityGraph, root: CapabilityId) -> BTreeMap<usize, (u32, bool)> {
    let public = public(graph);
    let with_root: Vec<CapabilityId> = public.iter().copied().chain([root]).collect();
    let given = |id: &&CapabilityId| **id == root || public.contains(id);
    let mut out = BTreeMap::new();
    let failures = (0..graph.assumptions.len()).map(Some).chain([None]);
    for failed in failures {
        let k = usize::from(failed.is_some());
        let (own, anyone) = (derive(graph, &with_root, failed), derive(graph, &public, failed));
        for at in (0..own.len()).filter(|at| own[*at] && !anyone[*at]) {
            let granted = graph.steps.iter().any(|step| {
                let quorum = step.quorum.as_ref();
                step.gains.0 as usize == at
                    && step.kind == StepKind::Grant
                    && exists(graph, step)
                    && step.assumptions.len() <= k
                    && step.needs.iter().all(|need| given(&need))
                    && quorum.is_none_or(|q| q.of.iter().filter(given).count() >= q.at_least as usize)
            });
            out.insert(at, (k as u32, granted));
        }
    }
    out
}

/// Per capability of a graph, the ids of its copies in the expanded one.
fn copies(graph: &CapabilityGraph) -> Vec<std::ops::Range<usize>> {
    let mut next = 0;
    let sizes = graph.capabilities.iter().map(|capability| derive::copies(graph, capability.family) as usize);
    let range = |size: usize| {
        next += size;
        next - size..next
    };
    sizes.map(range).collect()
}

#[test]
fn the_blast_radius_is_what_its_definition_says() {
    let (mut entries, mut partial) = (0, 0);
    for seed in seeds(3_000) {
        for graph in [varied(graphs::small(seed), seed), varied(graphs::lumped(seed), seed)] {
            let flat = expand(&graph).unwrap();
            let copies = copies(&graph);
            let blasts = Blasts::new(&graph);
            for blast in blasts.all() {
                let root = CapabilityId(copies[blast.root.0 as usize].start as u32);
                let want = radius(&flat, root);
                let mut collapsed: BTreeMap<(u32, u32, bool), u64> = BTreeMap::new();
                for (id, range) in copies.iter().enumerate() {
                    for (k, granted) in range.clone().filter_map(|at| want.get(&at)) {
                        *collapsed.entry((id as u32, *k, *granted)).or_default() += 1;
                    }
                    partial +=
                        usize::from(range.clone().any(|at| want.contains_key(&at) != want.contains_key(&range.start)));
                }
                let found: Vec<_> =
                    blast.capabilities.iter().map(|it| ((it.id.0, it.k, it.granted), it.members)).collect();
                entries += found.len();
                assert_eq!(found, collapsed.into_iter().collect::<Vec<_>>(), "seed {seed} {:?}", blast.of);
            }
        }
    }
    assert!(entries > 10_000 && partial > 500, "{entries} {partial}");
}

#[test]
fn every_principal_and_credential_is_answered() {
    let graph = varied(graphs::small(3), 3);
    let all = Blasts::new(&graph).all();
    assert_eq!(all.len(), graph.principals.len() + credentials(&graph).len());
    assert!(all.iter().any(|blast| matches!(blast.of, Compromised::Credential(_))));
}

/// How one becomes another, by looking at every single failure of a flat graph.
#[test]
fn impersonation_is_what_its_definition_says() {
    let mut met = [0; 4];
    for seed in seeds(3_000) {
        let graph = varied(graphs::small(seed), seed);
        let blasts = Blasts::new(&graph);
        for (a, attacker) in graph.principals.iter().enumerate() {
            for (b, victim) in graph.principals.iter().enumerate() {
                let found = blasts.becomes(PrincipalId(a as u32), PrincipalId(b as u32));
                let goal = victim.capability.0 as usize;
                let start: Vec<CapabilityId> = public(&graph).into_iter().chain([attacker.capability]).collect();
                let other = |at: &usize| graph.assumptions[*at].honesty_of != Some(PrincipalId(b as u32));
                let ways = (0..graph.assumptions.len()).filter(other);
                let ways = ways.filter(|at| derive(&graph, &start, Some(*at))[goal]).count();
                let want = match () {
                    () if attacker.capability == victim.capability => Becomes::NotApplicable,
                    () if derive(&graph, &start, None)[goal] => Becomes::Granted,
                    () if ways == 0 => Becomes::Never,
                    () => Becomes::OneFailure(ways),
                };
                met[match want {
                    Becomes::NotApplicable => 0,
                    Becomes::Never => 1,
                    Becomes::OneFailure(_) => 2,
                    Becomes::Granted => 3,
                }] += 1;
                assert_eq!(found, want, "seed {seed} {a} {b}");
            }
        }
    }
    assert!(met.iter().all(|n| *n > 100), "{met:?}");
}
