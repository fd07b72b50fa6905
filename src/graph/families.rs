//! Blocks in blocks: which family lies around which, and how many copies that makes.

use super::{CapabilityGraph, CapabilityId, FamilyId, Quorum, Step};

/// The blocks around and including a family, outermost first; empty for what is shared. Ends where `within` runs in a circle.
pub fn chain(graph: &CapabilityGraph, family: Option<FamilyId>) -> Vec<FamilyId> {
    let mut chain = Vec::new();
    let mut at = family;
    while let Some(id) = at {
        if chain.contains(&id) {
            break;
        }
        chain.push(id);
        at = graph.families.get(id.0 as usize).and_then(|family| family.within);
    }
    chain.reverse();
    chain
}

/// How many blocks two chains have in common from the outside.
pub fn shared_depth(a: &[FamilyId], b: &[FamilyId]) -> usize {
    a.iter().zip(b).take_while(|(x, y)| x == y).count()
}

/// How many copies of a quorum's entry a step in the block `around` sees: all that lie inside the blocks both share.
pub fn copies_seen(graph: &CapabilityGraph, around: &[FamilyId], entry: CapabilityId) -> u64 {
    let inner = chain(graph, graph.capability(entry).family);
    let own = &inner[shared_depth(around, &inner)..];
    own.iter().map(|family| graph.families[family.0 as usize].count).fold(1, u64::saturating_mul)
}

/// How many distinct entries a quorum can count at most.
pub fn quorum_size(graph: &CapabilityGraph, around: &[FamilyId], quorum: &Quorum) -> u64 {
    quorum.of.iter().map(|entry| copies_seen(graph, around, *entry)).fold(0, u64::saturating_add)
}

/// The blocks a step touches with needs, gain and assumptions.
pub fn touched(graph: &CapabilityGraph, step: &Step) -> Vec<FamilyId> {
    let capabilities = step.needs.iter().chain([&step.gains]).filter_map(|id| graph.capability(*id).family);
    let assumptions = step.assumptions.iter().filter_map(|id| graph.assumption(*id).family);
    let mut touched: Vec<FamilyId> = capabilities.chain(assumptions).collect();
    touched.sort();
    touched.dedup();
    touched
}

/// Checks the nesting rule: a step belongs to the innermost family it touches, and touches only that one and those around it.
/// A quorum's entry may lie anywhere, and ties the step to a block only where it lies in the step's own or around it.
pub fn nesting_fault(graph: &CapabilityGraph, step: &Step) -> Option<String> {
    let around = chain(graph, step.family);
    let touched = touched(graph, step);
    if let Some(stray) = touched.iter().find(|family| !around.contains(family)) {
        let own = step.family.map_or("no family".to_owned(), |family| format!("family {}", family.0));
        return Some(format!("it belongs to {own} but touches family {}, which is not around it", stray.0));
    }
    let family = step.family?;
    let entries = step.quorum.iter().flat_map(|quorum| &quorum.of);
    let by_quorum = entries.filter_map(|id| graph.capability(*id).family).any(|inner| inner == family);
    if !touched.contains(&family) && !by_quorum {
        return Some(format!("it belongs to family {} but touches nothing in it", family.0));
    }
    None
}

/// The innermost family among those a step touches: the one with the longest chain.
pub fn innermost(graph: &CapabilityGraph, step: &Step) -> Option<FamilyId> {
    touched(graph, step).into_iter().max_by_key(|family| chain(graph, Some(*family)).len())
}
