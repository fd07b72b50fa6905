//! Asking changes nothing: one threat more or less leaves every blast radius as it is.

use std::collections::BTreeMap;

use cotenant::analysis::blast::{Blasts, Compromised, class, thing};
use cotenant::graph::CapabilityGraph;
use cotenant::model::Edits;

use crate::designs::{ORDER, as_it_is, lay_over, load, without};

/// Per class of principals and of credentials, of its member with the most: granted, beyond, and what one failure adds; capabilities
/// over whole families and the foothold left out.
fn radii(graph: &CapabilityGraph) -> BTreeMap<(bool, String), [u64; 3]> {
    let mut all = BTreeMap::new();
    for blast in Blasts::new(graph).all() {
        let (credential, name) = match blast.of {
            Compromised::Principal(id) => (false, graph.principals[id.0 as usize].name.as_str()),
            Compromised::Credential(id) => (true, thing(&graph.capability(id).name)),
        };
        let mut counts = [0; 3];
        for it in &blast.capabilities {
            let root = u64::from(it.id == blast.root && it.k == 0 && !it.granted);
            if !thing(&graph.capability(it.id).name).ends_with(".all") {
                counts[if it.k == 1 { 2 } else { usize::from(!it.granted) }] += it.members - root;
            }
        }
        let most = all.entry((credential, class(name).to_owned())).or_insert(counts);
        let order = |it: &[u64; 3]| (it[0] + it[1], it.iter().sum::<u64>());
        if order(most) < order(&counts) {
            *most = counts;
        }
    }
    all
}

#[test]
fn no_threat_adds_to_a_blast_radius_or_takes_from_it() {
    let more = [
        "{id: extra, attacker: publisher, victim: {publisher: some}, goal: publish(project.victim)}",
        "{id: extra, attacker: publisher, victim: {publisher: every}, goal: publish(project.victim)}",
        "{id: extra, victim: {publisher: some}, goal: publish(project.victim)}",
        "{id: extra, victim: {publisher: chosen}, goal: act-as(publisher.victim)}",
        "{id: extra, goal: publish(project.all)}",
        "{id: extra, attacker: index-admin, victim: {publisher: every}, goal: act-as(publisher.victim)}",
    ];
    for name in ORDER {
        let graph = |edits: &Edits| load(name, edits).compiled.graph;
        let base = graph(&as_it_is());
        let want = radii(&base);
        let mut asked: Vec<&str> = base.threats.iter().map(|threat| threat.group.as_str()).collect();
        asked.dedup();
        for id in &asked {
            assert_eq!(radii(&graph(&without(&[id]))), want, "{name} without {id}");
        }
        for threat in more {
            assert_eq!(radii(&graph(&lay_over(&format!("threats:\n- {threat}")))), want, "{name} with {threat}");
        }
    }
}
