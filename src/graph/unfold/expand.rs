//! A graph without families: every copy written out, under the name of what it copies and its number.

use super::build::refuse_large;
use super::{Blocks, Plan, TooLarge};
use crate::graph::{
    Assumption, AssumptionId, Capability, CapabilityGraph, CapabilityId, FamilyId, Principal, PrincipalId, Quorum,
    Step, StepId, Threat, Tolerance,
};

/// Writes every copy out. Which copies count as the same stands in each threat's `alike`, so the answers of the expanded graph have
/// the same shapes, under the ids of first copies.
pub fn expand(graph: &CapabilityGraph) -> Result<CapabilityGraph, TooLarge> {
    let steps: Vec<StepId> = (0..graph.steps.len()).map(|at| StepId(at as u32)).collect();
    refuse_large(graph, &steps)?;
    let expander = Expander::new(graph);
    let mut out = CapabilityGraph { families: Vec::new(), ..graph.clone() };
    out.capabilities = expander.capabilities();
    out.assumptions = expander.assumptions();
    out.steps = expander.steps();
    out.principals = expander.principals();
    out.threats = graph.threats.iter().map(|threat| expander.threat(threat)).collect();
    out.index();
    Ok(out)
}

struct Expander<'a> {
    graph: &'a CapabilityGraph,
    blocks: Blocks,
    /// First copies, by old id.
    capability: Vec<u32>,
    assumption: Vec<u32>,
    step: Vec<u32>,
    principal: Vec<u32>,
}

impl<'a> Expander<'a> {
    fn new(graph: &'a CapabilityGraph) -> Expander<'a> {
        let blocks = Blocks::new(graph, &Plan::all(graph).copies);
        let firsts = |families: Vec<Option<FamilyId>>| {
            let mut next = 0;
            let mut out: Vec<u32> = Vec::new();
            for family in families {
                out.push(next);
                next += blocks.of(family).len() as u32;
            }
            out
        };
        let of_principal = |it: &Principal| graph.capability(it.capability).family;
        Expander {
            capability: firsts(graph.capabilities.iter().map(|it| it.family).collect()),
            assumption: firsts(graph.assumptions.iter().map(|it| it.family).collect()),
            step: firsts(graph.steps.iter().map(|it| it.family).collect()),
            principal: firsts(graph.principals.iter().map(of_principal).collect()),
            graph,
            blocks,
        }
    }

    /// `#2.1`: the copies from the outside in, from 1; nothing for what is shared.
    fn suffix(&self, block: u32) -> String {
        let path = &self.blocks.block(block).path;
        let numbers: Vec<String> = path.iter().map(|id| (self.blocks.block(*id).copy + 1).to_string()).collect();
        if numbers.is_empty() { String::new() } else { format!("#{}", numbers.join(".")) }
    }

    fn copy(&self, id: CapabilityId, block: u32) -> CapabilityId {
        let own = self.blocks.around(block, self.graph.capability(id).family).unwrap_or(block);
        CapabilityId(self.capability[id.0 as usize] + self.blocks.block(own).ordinal)
    }

    /// All copies of a capability.
    fn copies(&self, id: CapabilityId) -> impl Iterator<Item = CapabilityId> {
        let first = self.capability[id.0 as usize];
        let n = self.blocks.of(self.graph.capability(id).family).len() as u32;
        (first..first + n).map(CapabilityId)
    }

    fn all_copies(&self, ids: &[CapabilityId]) -> Vec<CapabilityId> {
        ids.iter().flat_map(|id| self.copies(*id)).collect()
    }

    fn capabilities(&self) -> Vec<Capability> {
        let mut out = Vec::new();
        for capability in &self.graph.capabilities {
            for block in self.blocks.of(capability.family) {
                let name = format!("{}{}", capability.name, self.suffix(*block));
                out.push(Capability { name, family: None, gained_by: Vec::new() });
            }
        }
        out
    }

    fn assumptions(&self) -> Vec<Assumption> {
        let mut out = Vec::new();
        for assumption in &self.graph.assumptions {
            for block in self.blocks.of(assumption.family) {
                let name = format!("{}{}", assumption.name, self.suffix(*block));
                let honesty_of = assumption.honesty_of.map(|id| self.principal_seen(id, *block));
                out.push(Assumption { name, family: None, honesty_of, ..assumption.clone() });
            }
        }
        out
    }

    /// The copy of a principal that belongs to what lies in `block`.
    fn principal_seen(&self, id: PrincipalId, block: u32) -> PrincipalId {
        let family = self.graph.capability(self.graph.principals[id.0 as usize].capability).family;
        let seen = self.blocks.seen(block, family).next().map_or(0, |own| self.blocks.block(own).ordinal);
        PrincipalId(self.principal[id.0 as usize] + seen)
    }

    fn steps(&self) -> Vec<Step> {
        let mut out = Vec::new();
        for step in &self.graph.steps {
            for block in self.blocks.of(step.family) {
                let variable = |id: &AssumptionId| {
                    let own = self.blocks.around(*block, self.graph.assumption(*id).family).unwrap_or(*block);
                    AssumptionId(self.assumption[id.0 as usize] + self.blocks.block(own).ordinal)
                };
                out.push(Step {
                    needs: step.needs.iter().map(|id| self.copy(*id, *block)).collect(),
                    gains: self.copy(step.gains, *block),
                    assumptions: step.assumptions.iter().map(variable).collect(),
                    family: None,
                    quorum: step.quorum.as_ref().map(|quorum| self.quorum(quorum, *block)),
                    ..step.clone()
                });
            }
        }
        out
    }

    fn quorum(&self, quorum: &Quorum, block: u32) -> Quorum {
        let entries = quorum.of.iter().flat_map(|id| {
            let seen = self.blocks.seen(block, self.graph.capability(*id).family);
            let first = self.capability[id.0 as usize];
            seen.map(move |own| CapabilityId(first + self.blocks.block(own).ordinal))
        });
        Quorum { of: entries.collect(), at_least: quorum.at_least }
    }

    fn principals(&self) -> Vec<Principal> {
        let mut out = Vec::new();
        for principal in &self.graph.principals {
            for block in self.blocks.of(self.graph.capability(principal.capability).family) {
                let name = format!("{}{}", principal.name, self.suffix(*block));
                out.push(Principal { name, capability: self.copy(principal.capability, *block), ..principal.clone() });
            }
        }
        out
    }

    fn threat(&self, threat: &Threat) -> Threat {
        let goal = CapabilityId(self.capability[threat.goal.0 as usize]);
        let others = threat.others.iter().flat_map(|id| self.copies(*id)).filter(|id| *id != goal).collect();
        let trusting = threat.tolerate.trusting.iter().flat_map(|id| {
            let family = self.graph.capability(self.graph.principals[id.0 as usize].capability).family;
            let first = self.principal[id.0 as usize];
            (first..first + self.blocks.of(family).len() as u32).map(PrincipalId)
        });
        let families: Vec<Option<FamilyId>> = self.graph.steps.iter().map(|it| it.family).collect();
        let pairs = threat.alike_steps.iter().map(|(a, b)| (a.0, b.0)).collect();
        let steps = self.alike(&self.step, &families, pairs);
        let families: Vec<Option<FamilyId>> = self.graph.assumptions.iter().map(|it| it.family).collect();
        let pairs = threat.alike_assumptions.iter().map(|(a, b)| (a.0, b.0)).collect();
        let assumptions = self.alike(&self.assumption, &families, pairs);
        let of_principal = |it: &Principal| self.graph.capability(it.capability).family;
        let families: Vec<Option<FamilyId>> = self.graph.principals.iter().map(of_principal).collect();
        let pairs = threat.alike_principals.iter().map(|(a, b)| (a.0, b.0)).collect();
        let principals = self.alike(&self.principal, &families, pairs);
        Threat {
            public: self.all_copies(&threat.public),
            start: self.all_copies(&threat.start),
            goal,
            others,
            apart: self.all_copies(&self.apart(threat)),
            tolerate: Tolerance { trusting: trusting.collect(), ..threat.tolerate.clone() },
            alike_steps: steps.map(|(a, b)| (StepId(a), StepId(b))).collect(),
            alike_assumptions: assumptions.map(|(a, b)| (AssumptionId(a), AssumptionId(b))).collect(),
            alike_principals: principals.map(|(a, b)| (PrincipalId(a), PrincipalId(b))).collect(),
            ..threat.clone()
        }
    }

    /// The others outside the victim's group: said so, or in a block within another.
    fn apart(&self, threat: &Threat) -> Vec<CapabilityId> {
        if !threat.apart.is_empty() {
            return threat.apart.clone();
        }
        let nested = |id: &CapabilityId| {
            let family = self.graph.capability(*id).family;
            family.is_some_and(|family| self.graph.families[family.0 as usize].within.is_some())
        };
        threat.others.iter().copied().filter(nested).collect()
    }

    /// Every copy counts as the first copy of what it counted as.
    fn alike<'b>(
        &'b self,
        first: &'b [u32],
        families: &[Option<FamilyId>],
        pairs: Vec<(u32, u32)>,
    ) -> impl Iterator<Item = (u32, u32)> + use<'b> {
        let mut out = Vec::new();
        for (at, family) in families.iter().enumerate() {
            let other = pairs.iter().find(|(seat, _)| *seat as usize == at).map_or(at, |(_, other)| *other as usize);
            let copies = self.blocks.of(*family).len() as u32;
            let all = (first[at]..first[at] + copies).map(|copy| (copy, first[other]));
            out.extend(all.filter(|(copy, other)| copy != other));
        }
        out.into_iter()
    }
}
