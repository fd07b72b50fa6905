//! How many copies of each family an answer needs.
//!
//! Copies are interchangeable and the rules monotone, so what two copies of a block do can be moved onto one copy, unless both
//! are counted by the same quorum. In a smallest counter-example each two of the copies in use therefore share a quorum. If one
//! of them serves a single quorum of q, all do and there are at most q; if each serves at least two, there are at most half as many as the
//! quorums ask for together. So c = max(1, largest quorum, half the sum of all quorums that ask for two or more) copies are
//! enough, and no more than `count`: for one or two quorums over a family this is the largest of them.
//!
//! A quorum may ask for thousands ("every victim"). Beyond [`INDIVIDUALS`] copies, the rest of what it asks for is one block that acts
//! as one and weighs as many: given what is shared, the cheapest way of one member is the cheapest way of all. The smallest
//! answers stay exact; answers in which members of that block differ from each other are not enumerated.

use crate::graph::families::{chain, copies_seen, quorum_size, shared_depth};
use crate::graph::{CapabilityGraph, FamilyId, StepId};

/// Copies of a family that are told apart, at most.
pub const INDIVIDUALS: u64 = 12;

/// The copies of each family, by the members each stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Per family: weights of the copies in each block around.
    pub copies: Vec<Vec<u64>>,
    /// The smallest answers are those of the expanded graph.
    pub exact: bool,
}

/// One quorum as a family sees it.
#[derive(Clone, Copy)]
struct Use {
    at_least: u64,
    /// How many copies of the quorum itself a member may serve.
    times: u64,
    /// All that can be counted are asked for, or only this family can be counted.
    plain: bool,
}

impl Plan {
    /// Copies for the lumped graph, by the quorums of the steps that matter.
    pub fn lumped(graph: &CapabilityGraph, steps: &[StepId]) -> Plan {
        let mut plan = Plan { copies: vec![vec![1]; graph.families.len()], exact: true };
        // A quorum that stands in copies of its own counts once for each: a few rounds settle it.
        for _ in 0..4 {
            let next = plan.next(graph, &uses(graph, steps, &plan));
            if next == plan {
                break;
            }
            plan = next;
        }
        plan
    }

    fn next(&self, graph: &CapabilityGraph, uses: &[Vec<Use>]) -> Plan {
        let mut next = Plan { copies: Vec::new(), exact: true };
        for (family, uses) in graph.families.iter().zip(uses) {
            let (copies, exact) = copies(family.count, uses);
            next.copies.push(copies);
            next.exact &= exact;
        }
        next
    }

    /// Every member on its own.
    pub fn all(graph: &CapabilityGraph) -> Plan {
        let ones = |count: u64| vec![1; usize::try_from(count).unwrap_or(usize::MAX)];
        Plan { copies: graph.families.iter().map(|family| ones(family.count)).collect(), exact: true }
    }

    /// Writes every member of some families out.
    pub fn with_whole(mut self, graph: &CapabilityGraph, whole: &[FamilyId]) -> Plan {
        for family in whole {
            let count = graph.families[family.0 as usize].count;
            self.copies[family.0 as usize] = vec![1; usize::try_from(count).unwrap_or(usize::MAX)];
        }
        self
    }

    /// Adds to each family one copy that stands for all members the plan does not use.
    pub fn with_the_rest(mut self, graph: &CapabilityGraph) -> Plan {
        for (family, copies) in graph.families.iter().zip(&mut self.copies) {
            let used: u64 = copies.iter().sum();
            if used < family.count {
                copies.push(family.count - used);
            }
        }
        self
    }
}

/// What the quorums of these steps ask of each family.
fn uses(graph: &CapabilityGraph, steps: &[StepId], plan: &Plan) -> Vec<Vec<Use>> {
    let mut uses = vec![Vec::new(); graph.families.len()];
    for step in steps.iter().map(|id| graph.step(*id)) {
        let Some(quorum) = &step.quorum else { continue };
        let around = chain(graph, step.family);
        let at_least = u64::from(quorum.at_least);
        let counted = quorum.of.iter().filter(|id| copies_seen(graph, &around, **id) > 1).count();
        let mut seen: Vec<FamilyId> = Vec::new();
        for entry in &quorum.of {
            let inner = chain(graph, graph.capability(*entry).family);
            let depth = shared_depth(&around, &inner);
            let own = around[depth..].iter().map(|family| plan.copies[family.0 as usize].len() as u64);
            let times = own.fold(1, u64::saturating_mul);
            let alone = counted == 1 && inner.len() == depth + 1;
            let plain = alone || at_least == quorum_size(graph, &around, quorum);
            for family in &inner[depth..] {
                if !seen.contains(family) {
                    seen.push(*family);
                    uses[family.0 as usize].push(Use { at_least, times, plain });
                }
            }
        }
    }
    uses
}

fn copies(count: u64, uses: &[Use]) -> (Vec<u64>, bool) {
    let small = uses.iter().filter(|of| of.at_least <= INDIVIDUALS);
    let largest = small.clone().map(|of| of.at_least).max().unwrap_or(1);
    let total = small.filter(|of| of.at_least > 1).map(|of| of.at_least.saturating_mul(of.times));
    let wanted = largest.max(total.fold(0, u64::saturating_add) / 2).min(count);
    let told_apart = wanted.min(INDIVIDUALS);
    let mut weights = vec![1; told_apart as usize];
    let mut exact = wanted <= INDIVIDUALS;
    if count <= INDIVIDUALS {
        let all = if uses.iter().any(|of| of.at_least > INDIVIDUALS) { count } else { told_apart };
        return (vec![1; all as usize], true);
    }
    let mut used = told_apart;
    let mut large: Vec<Use> = uses.iter().copied().filter(|of| of.at_least > INDIVIDUALS).collect();
    large.sort_by_key(|of| of.at_least);
    for of in large {
        let threshold = of.at_least.min(count);
        if threshold > used {
            weights.push(threshold - used);
            used = threshold;
        }
        exact &= of.plain && of.times == 1;
    }
    (weights, exact)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(at_least: u64) -> Use {
        Use { at_least, times: 1, plain: true }
    }

    #[test]
    fn one_or_two_quorums_need_the_largest_and_three_may_need_more() {
        assert_eq!(copies(100, &[]), (vec![1], true));
        assert_eq!(copies(100, &[of(1), of(1), of(1)]), (vec![1], true));
        assert_eq!(copies(100, &[of(2), of(3)]), (vec![1; 3], true));
        assert_eq!(copies(100, &[of(2), of(2), of(2)]), (vec![1; 3], true));
        assert_eq!(copies(2, &[of(2), of(2), of(2)]), (vec![1; 2], true));
    }

    #[test]
    fn what_thousands_do_they_do_as_one() {
        assert_eq!(copies(34_998, &[of(34_998)]), (vec![1, 34_997], true));
        assert_eq!(copies(34_998, &[of(2), of(50), of(34_998)]), (vec![1, 1, 48, 34_948], true));
        assert_eq!(copies(9, &[of(34)]), (vec![1; 9], true));
    }
}
