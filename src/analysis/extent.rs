//! How far failures carry: the members other than the attacker for whom the goal is derivable.

use super::Extent;
use super::closure::Closure;
use crate::graph::unfold::{Copies, Question, TooLarge, Unfolded, unfold};
use crate::graph::{CapabilityGraph, Threat};

/// The threat asked for every member at once. Members no failure touches are alike: one copy stands for all of them.
pub struct Everywhere {
    unfolded: Unfolded,
    /// The threat lists copies of its goal at all.
    has_others: bool,
}

impl Everywhere {
    /// Unfolds a threat with its others.
    pub fn new(graph: &CapabilityGraph, threat: &Threat, copies: Copies) -> Result<Everywhere, TooLarge> {
        let unfolded = unfold(graph, &Question::everywhere(threat, copies))?;
        Ok(Everywhere { unfolded, has_others: !threat.others.is_empty() })
    }

    /// What is derivable once a set of variables of another unfolding of the same graph has failed.
    fn closure(&self, from: &Unfolded, failed: &[u32]) -> Closure<'_> {
        let mut closure = Closure::new(&self.unfolded);
        for variable in failed.iter().map(|at| from.variables[*at as usize]) {
            for (at, here) in self.unfolded.variables.iter().enumerate() {
                let same = here.origin == variable.origin;
                if same && from.blocks.covers(variable.block, &self.unfolded.blocks, here.block) {
                    closure.fail(at as u32);
                }
            }
        }
        closure
    }

    /// Does the goal then hold for all others?
    pub fn is_wide(&self, from: &Unfolded, failed: &[u32]) -> bool {
        let closure = self.closure(from, failed);
        self.has_others && self.unfolded.others.iter().all(|other| closure.has(other.target))
    }

    /// Word and number of members; `None` where the threat has no others.
    pub fn extent(&self, from: &Unfolded, failed: &[u32]) -> Option<Extent> {
        if !self.has_others {
            return None;
        }
        let closure = self.closure(from, failed);
        let (mut members, mut missed, mut near_missed, mut apart, mut groups) = (1u64, 0u64, 0u64, 0u64, false);
        for other in &self.unfolded.others {
            groups |= other.apart;
            match (closure.has(other.target), other.apart) {
                (true, apart_too) => {
                    members = members.saturating_add(other.weight);
                    apart += u64::from(apart_too);
                }
                (false, apart_too) => {
                    missed += 1;
                    near_missed += u64::from(!apart_too);
                }
            }
        }
        let word = match () {
            () if members == 1 => "one",
            () if groups && apart == 0 && near_missed == 0 => "group",
            () if missed == 0 => "all",
            () => "some",
        };
        Some(Extent { word, members })
    }
}
