//! Who could each alone impersonate a publisher: the people and parties that have to be trusted one by one.

use crate::analysis::coalitions::{coalitions, default_candidates};
use crate::graph::derive::copies;
use crate::graph::{CapabilityGraph, Principal};
use crate::model::{Model, Population};

/// How many of them there are with every assumption holding, each member of a class counted; the victim and the owners of its things are not.
/// `None`: the search stopped.
pub(super) fn alone(model: &Model, graph: &CapabilityGraph, threat: usize) -> Option<u64> {
    let found = coalitions(graph, threat, &default_candidates(graph));
    let ones = found.coalitions.iter().filter(|coalition| coalition.len() == 1);
    let counted = ones.map(|coalition| members(model, graph, &graph.principals[coalition[0].0 as usize]));
    found.complete.then(|| counted.sum())
}

/// For how many a principal of the graph stands.
fn members(model: &Model, graph: &CapabilityGraph, principal: &Principal) -> u64 {
    if principal.is_victims() {
        return 0;
    }
    match principal.name.rsplit_once('.') {
        Some(_) => copies(graph, graph.capability(principal.capability).family),
        None => match model.find(&principal.name).map(|id| model.entity(id).population) {
            Some(Population::Base { count }) => count,
            _ => 1,
        },
    }
}
