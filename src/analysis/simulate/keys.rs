//! What random bits belong to: stable keys of assumptions, steps and populations, made of their names. An assumption that keeps its name keeps its
//! draws, in another design as well, so that designs are compared on the same worlds.

use std::collections::BTreeMap;

use crate::graph::CapabilityGraph;
use crate::graph::unfold::Blocks;
use crate::stats::random::Key;

/// The keys of a graph, by position.
#[derive(Debug, Clone)]
pub struct Keys {
    /// Of assumptions.
    pub assumptions: Vec<Key>,
    /// Of steps.
    pub steps: Vec<Key>,
    /// Of families.
    pub families: Vec<Key>,
}

impl Keys {
    /// Of a graph.
    pub fn of(graph: &CapabilityGraph) -> Keys {
        let steps = graph.steps.iter().map(|step| format!("{} -> {}", step.name, graph.capability(step.gains).name));
        Keys {
            assumptions: named(graph.assumptions.iter().map(|assumption| assumption.name.clone())),
            steps: named(steps),
            families: named(graph.families.iter().map(|family| format!("family {}", family.name))),
        }
    }
}

/// Things of one name are told apart by their order.
fn named(names: impl Iterator<Item = String>) -> Vec<Key> {
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    let mut keys = Vec::new();
    for name in names {
        let key = Key::of(&name);
        let again = seen.entry(name).or_insert(0);
        keys.push(if *again == 0 { key } else { key.nth(*again) });
        *again += 1;
    }
    keys
}

/// The key of a copy: that of what it copies, and the number of the member in each block around it.
pub fn of_copy(key: Key, blocks: &Blocks, block: u32) -> Key {
    let path = blocks.block(block).path.iter();
    path.fold(key, |key, outer| key.nth(blocks.block(*outer).members.0))
}
