//! Reach of a threat: whether, by how few failures, and how far they carry.

use super::cheapest::cheapest;
use super::exact::minimal::first_set;
use super::extent::Everywhere;
use super::labels::{Found, Search, minimal_sets};
use super::paths::fewest_assumptions;
use super::sets::{LABEL_WORK, ShapedSets, shape_of};
use super::{Reach, Status};
use crate::graph::unfold::{Copies, Question, Target, TooLarge, Unfolded, unfold};
use crate::graph::{AssumptionId, CapabilityGraph, Threat};

/// Nodes spent on the smallest or likeliest set where labels do not give it.
pub const HITTING_NODES: u64 = 50_000;
/// Nodes spent on a path of the fewest assumptions where hitting sets do not give the smallest set either.
const PATH_NODES: u64 = 2_000;

/// How much a reach answer may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Work on labels.
    pub labels: u64,
    /// Nodes of the search for the smallest and the likeliest set.
    pub hitting: u64,
    /// Size of decision diagrams, where neither finds the likeliest set.
    pub exact: super::exact::Limits,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { labels: LABEL_WORK, hitting: HITTING_NODES, exact: super::exact::Limits::default() }
    }
}

/// Reach of one threat on the lumped graph.
pub fn reach(graph: &CapabilityGraph, threat: usize) -> Reach {
    // The lumped graph is never refused for its size.
    reach_in(graph, threat, Copies::Lumped, Limits::default()).unwrap_or_else(|_| not_asked(Status::NotApplicable))
}

/// Reach of one threat.
pub fn reach_in(graph: &CapabilityGraph, threat: usize, copies: Copies, limits: Limits) -> Result<Reach, TooLarge> {
    let threat = &graph.threats[threat];
    if threat.not_applicable.is_some() {
        return Ok(not_asked(Status::NotApplicable));
    }
    let unfolded = unfold(graph, &Question::of(threat, copies))?;
    if unfolded.goal == Target::Never {
        return Ok(not_asked(Status::Unreachable));
    }
    let found = minimal_sets(&unfolded, &Search::all(limits.labels));
    let sets = ShapedSets::new(&unfolded, &found);
    let smallest = match sets.shapes.first() {
        Some((shape, _)) => (Some(shape.size()), true),
        None => smallest(graph, &unfolded, limits),
    };
    let trusting = match trusted(graph, threat) {
        holding if holding.is_empty() => smallest,
        holding => smallest_holding(graph, threat, holding, copies, limits)?,
    };
    let likeliest = match threat.others.is_empty() {
        true => (None, true),
        false => likeliest(graph, &unfolded, &found, limits),
    };
    let everywhere = Everywhere::new(graph, threat, copies)?;
    let k = |size: Option<u64>| size.map(|size| u32::try_from(size).unwrap_or(u32::MAX));
    let mut reach = Reach {
        status: if smallest.0 == Some(0) { Status::Grant } else { Status::Exploit },
        k: k(smallest.0),
        k_trusting: k(trusting.0),
        profile: [0; 4],
        profile_wide: [0; 4],
        profile_complete: sets.complete_to.is_some_and(|to| to >= 3),
        extent: likeliest.0.and_then(|set| everywhere.extent(&unfolded, &set)),
        exact: smallest.1 && trusting.1 && unfolded.exact,
        extent_exact: likeliest.1 && unfolded.exact,
    };
    for (shape, set) in sets.shapes.iter().filter(|(shape, _)| shape.size() <= 3) {
        reach.profile[shape.size() as usize] += 1;
        reach.profile_wide[shape.size() as usize] += u64::from(everywhere.is_wide(&unfolded, set));
    }
    Ok(reach)
}

/// The answer where no set of failures is to be looked for.
fn not_asked(status: Status) -> Reach {
    Reach {
        status,
        k: None,
        k_trusting: None,
        profile: [0; 4],
        profile_wide: [0; 4],
        profile_complete: true,
        extent: None,
        exact: true,
        extent_exact: true,
    }
}

/// The honesty assumptions about those the tolerance trusts.
fn trusted(graph: &CapabilityGraph, threat: &Threat) -> Vec<AssumptionId> {
    let trusted = |at: &usize| {
        graph.assumptions[*at].honesty_of.is_some_and(|principal| threat.tolerate.trusting.contains(&principal))
    };
    (0..graph.assumptions.len()).filter(trusted).map(|at| AssumptionId(at as u32)).collect()
}

/// Size of the smallest attack set with these assumptions taken as holding, and whether that is certain.
fn smallest_holding(
    graph: &CapabilityGraph,
    threat: &Threat,
    holding: Vec<AssumptionId>,
    copies: Copies,
    limits: Limits,
) -> Result<(Option<u64>, bool), TooLarge> {
    let unfolded = unfold(graph, &Question::of(threat, copies).holding(holding))?;
    let first = Search { enough: &|sets| !sets.is_empty(), ..Search::all(limits.labels) };
    let found = minimal_sets(&unfolded, &first);
    match ShapedSets::new(&unfolded, &found).shapes.first() {
        Some((shape, _)) => Ok((Some(shape.size()), unfolded.exact)),
        None if found.complete => Ok((None, true)),
        None => {
            let (size, exact) = smallest(graph, &unfolded, limits);
            Ok((size, exact && unfolded.exact))
        }
    }
}

/// Size of the smallest attack set, where labels gave out before they met one, and whether it is proved.
fn smallest(graph: &CapabilityGraph, unfolded: &Unfolded, limits: Limits) -> (Option<u64>, bool) {
    let found = cheapest(unfolded, &|at| Some(unfolded.variables[at as usize].weight), limits.hitting);
    let weight = |at: &u32| unfolded.variables[*at as usize].weight;
    let size = found.set.map(|set| set.iter().map(weight).fold(0, u64::saturating_add));
    if found.exact {
        return (size, true);
    }
    // The path of the fewest assumptions rests on a smallest attack set.
    let (fewest, at_least) = fewest_assumptions(graph, unfolded, PATH_NODES);
    let size = size.into_iter().chain(fewest).min();
    (size, size == at_least)
}

/// The likeliest minimal attack set (ties: fewer, then the ids it counts as, then its own), and whether that is certain.
fn likeliest(graph: &CapabilityGraph, unfolded: &Unfolded, found: &Found, limits: Limits) -> (Option<Vec<u32>>, bool) {
    let price = |at: u32| {
        let variable = unfolded.variables[at as usize];
        let surprise = super::surprise(graph.assumptions[variable.origin as usize].probability);
        surprise.map_or(u64::MAX, |price| price.saturating_mul(variable.weight))
    };
    if found.complete {
        let total = |set: &[u32]| set.iter().map(|at| price(*at)).fold(0, u64::saturating_add);
        let key = |set: &Vec<u32>| {
            let shape = shape_of(unfolded, set);
            (total(set), shape.size(), shape, set.clone())
        };
        return (found.sets.iter().min_by_key(|set| key(set)).cloned(), true);
    }
    let cheapest = cheapest(unfolded, &|at| Some(price(at)), limits.hitting);
    if cheapest.exact {
        return (cheapest.set, true);
    }
    match first_set(unfolded, &price, &limits.exact) {
        Ok(set) => (set, true),
        Err(_) => (cheapest.set, false),
    }
}
