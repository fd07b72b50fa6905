//! Blocks written out as far as answers need them: a few interchangeable copies of each family, or all.
//!
//! `c = max(1, min(count, largest quorum over the family))` copies give the same answers as all of them once copies are
//! told as one member again (the shapes of `docs/semantics.md`); one copy more serves the members an answer leaves untouched.

use std::collections::BTreeMap;

use super::derive::exists;
use super::families::chain;
use super::{AssumptionId, CapabilityGraph, CapabilityId, FamilyId, PrincipalId, StepId};

/// The copy of each block a node lies in, outermost first.
pub type Address = Vec<u32>;

/// A node of the unfolded graph: where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Copy<Id> {
    /// Its id in the graph.
    pub id: Id,
    /// Which copy.
    pub address: Address,
}

/// A quorum over unfolded capabilities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnfoldedQuorum {
    /// Capabilities.
    pub of: Vec<u32>,
    /// How many.
    pub at_least: u32,
}

/// A step over unfolded capabilities and assumptions.
#[derive(Debug, Clone)]
pub struct UnfoldedStep {
    /// Where it comes from.
    pub from: Copy<StepId>,
    /// Needs, ascending.
    pub needs: Vec<u32>,
    /// Gain.
    pub gains: u32,
    /// Assumptions, ascending.
    pub assumptions: Vec<u32>,
    /// Threshold.
    pub quorum: Option<UnfoldedQuorum>,
}

/// A graph with its blocks written out as copies.
#[derive(Debug)]
pub struct Unfolded<'g> {
    /// The graph.
    pub graph: &'g CapabilityGraph,
    /// Capabilities.
    pub capabilities: Vec<Copy<CapabilityId>>,
    /// Assumptions.
    pub assumptions: Vec<Copy<AssumptionId>>,
    /// Steps that exist with the controls as switched.
    pub steps: Vec<UnfoldedStep>,
    copies: Vec<u32>,
    chains: Vec<Vec<FamilyId>>,
    capability_at: BTreeMap<Copy<CapabilityId>, u32>,
}

/// How many copies of each block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copies {
    /// As many as a quorum can tell apart, and this many more.
    Lumped(u32),
    /// All.
    All,
}

impl<'g> Unfolded<'g> {
    /// Writes the blocks out.
    pub fn new(graph: &'g CapabilityGraph, copies: Copies) -> Unfolded<'g> {
        let chains: Vec<Vec<FamilyId>> =
            (0..graph.families.len()).map(|at| chain(graph, Some(FamilyId(at as u32)))).collect();
        let copies = numbers(graph, &chains, copies);
        let mut unfolded = Unfolded {
            graph,
            capabilities: Vec::new(),
            assumptions: Vec::new(),
            steps: Vec::new(),
            copies,
            chains,
            capability_at: BTreeMap::new(),
        };
        unfolded.write_nodes();
        unfolded
    }

    fn write_nodes(&mut self) {
        let graph = self.graph;
        for (at, capability) in graph.capabilities.iter().enumerate() {
            for address in self.addresses(capability.family) {
                let copy = Copy { id: CapabilityId(at as u32), address };
                self.capability_at.insert(copy.clone(), self.capabilities.len() as u32);
                self.capabilities.push(copy);
            }
        }
        let mut assumption_at = BTreeMap::new();
        for (at, assumption) in graph.assumptions.iter().enumerate() {
            for address in self.addresses(assumption.family) {
                let copy = Copy { id: AssumptionId(at as u32), address };
                assumption_at.insert(copy.clone(), self.assumptions.len() as u32);
                self.assumptions.push(copy);
            }
        }
        for (at, step) in graph.steps.iter().enumerate().filter(|(_, step)| exists(graph, step)) {
            for address in self.addresses(step.family) {
                let capability = |id: &CapabilityId| {
                    self.capability_at[&Copy { id: *id, address: self.prefix(graph.capability(*id).family, &address) }]
                };
                let assumption = |id: &AssumptionId| {
                    assumption_at[&Copy { id: *id, address: self.prefix(graph.assumption(*id).family, &address) }]
                };
                let mut needs: Vec<u32> = step.needs.iter().map(capability).collect();
                let mut assumptions: Vec<u32> = step.assumptions.iter().map(assumption).collect();
                needs.sort_unstable();
                assumptions.sort_unstable();
                let quorum = step.quorum.as_ref().map(|quorum| UnfoldedQuorum {
                    of: quorum.of.iter().flat_map(|id| self.inside(*id, step.family, &address)).collect(),
                    at_least: quorum.at_least,
                });
                let gains = capability(&step.gains);
                let from = Copy { id: StepId(at as u32), address };
                self.steps.push(UnfoldedStep { from, needs, gains, assumptions, quorum });
            }
        }
    }

    fn chain(&self, family: Option<FamilyId>) -> &[FamilyId] {
        family.map_or(&[], |family| &self.chains[family.0 as usize])
    }

    /// Every copy of a block.
    fn addresses(&self, family: Option<FamilyId>) -> Vec<Address> {
        self.extend(vec![Vec::new()], self.chain(family))
    }

    fn extend(&self, mut addresses: Vec<Address>, families: &[FamilyId]) -> Vec<Address> {
        for family in families {
            let n = self.copies[family.0 as usize];
            addresses = addresses
                .into_iter()
                .flat_map(|address| (0..n).map(move |copy| address.iter().copied().chain([copy]).collect()))
                .collect();
        }
        addresses
    }

    /// The copy of an outer block that a copy of an inner one lies in.
    fn prefix(&self, family: Option<FamilyId>, address: &Address) -> Address {
        address.iter().copied().take(self.chain(family).len()).collect()
    }

    /// All copies of a capability inside a step's block.
    fn inside(&self, id: CapabilityId, family: Option<FamilyId>, address: &Address) -> Vec<u32> {
        let own = self.chain(self.graph.capability(id).family);
        let shared = own.iter().zip(self.chain(family)).take_while(|(a, b)| a == b).count();
        let start = vec![address.iter().copied().take(shared).collect()];
        let all = self.extend(start, &own[shared..]);
        all.into_iter().map(|address| self.capability_at[&Copy { id, address }]).collect()
    }

    /// All copies of a capability.
    pub fn all(&self, id: CapabilityId) -> Vec<u32> {
        self.addresses(self.graph.capability(id).family)
            .into_iter()
            .map(|address| self.capability_at[&Copy { id, address }])
            .collect()
    }

    /// Copies of a principal's root.
    pub fn roots(&self, id: PrincipalId) -> Vec<u32> {
        self.all(self.graph.principals[id.0 as usize].capability)
    }

    /// How many members an unfolded capability stands for: the last copy of a block stands for all that are not written out.
    pub fn members(&self, capability: u32) -> u64 {
        let copy = &self.capabilities[capability as usize];
        let chain = self.chain(self.graph.capability(copy.id).family);
        let stands = chain.iter().zip(&copy.address).map(|(family, at)| {
            let (written, count) = (self.copies[family.0 as usize], self.graph.families[family.0 as usize].count);
            if at + 1 == written { count.saturating_sub(u64::from(written) - 1) } else { 1 }
        });
        stands.fold(1, u64::saturating_mul)
    }

    /// Is every block written out only once? Then ids and copies are the same thing.
    pub fn is_plain(&self) -> bool {
        self.copies.iter().all(|n| *n == 1)
    }
}

fn numbers(graph: &CapabilityGraph, chains: &[Vec<FamilyId>], copies: Copies) -> Vec<u32> {
    let mut largest = vec![1_u32; graph.families.len()];
    for quorum in graph.steps.iter().filter_map(|step| step.quorum.as_ref()) {
        for family in quorum.of.iter().filter_map(|id| graph.capability(*id).family) {
            for around in &chains[family.0 as usize] {
                let at = &mut largest[around.0 as usize];
                *at = (*at).max(quorum.at_least);
            }
        }
    }
    let count = |at: usize| u32::try_from(graph.families[at].count).unwrap_or(u32::MAX);
    (0..graph.families.len())
        .map(|at| match copies {
            Copies::All => count(at),
            Copies::Lumped(more) => largest[at].saturating_add(more).min(count(at)).max(1),
        })
        .collect()
}
