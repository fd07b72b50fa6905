//! The copies of blocks that an unfolded graph has, as a tree.

use crate::graph::families::chain;
use crate::graph::{CapabilityGraph, FamilyId};

/// One copy of a family's block, or (the first) everything that is shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Its family; `None` is shared.
    pub family: Option<FamilyId>,
    /// Which copy it is of the block around it, from 0.
    pub copy: u32,
    /// Members it stands for, all blocks around it counted in.
    pub weight: u64,
    /// The members it stands for within the block around it: the first, and one past the last.
    pub members: (u64, u64),
    /// Position among the blocks of its family.
    pub ordinal: u32,
    /// The blocks around it and itself, outermost first, the shared one left out.
    pub path: Vec<u32>,
    /// Equal for blocks that could change places: same family, same block around, same weight.
    pub twins: u32,
}

/// All copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocks {
    /// The shared block first, then outer before inner.
    pub all: Vec<Block>,
    /// Blocks of each family.
    of: Vec<Vec<u32>>,
}

/// The block of what is shared.
pub const SHARED: u32 = 0;

impl Blocks {
    /// Lays out the copies of every family: `copies` holds the weights of a family's copies in each block around it.
    pub fn new(graph: &CapabilityGraph, copies: &[Vec<u64>]) -> Blocks {
        let shared =
            Block { family: None, copy: 0, weight: 1, members: (0, 1), ordinal: 0, path: Vec::new(), twins: 0 };
        let mut blocks = Blocks { all: vec![shared], of: vec![Vec::new(); graph.families.len()] };
        let mut order: Vec<usize> = (0..graph.families.len()).collect();
        order.sort_by_key(|at| chain(graph, Some(FamilyId(*at as u32))).len());
        for family in order {
            let around = graph.families[family].within;
            let outer = around.map_or(vec![SHARED], |outer| blocks.of[outer.0 as usize].clone());
            for block in outer {
                blocks.fill(FamilyId(family as u32), block, &copies[family]);
            }
        }
        blocks
    }

    fn fill(&mut self, family: FamilyId, around: u32, weights: &[u64]) {
        let mut twins = 0;
        let mut first = 0;
        for (copy, weight) in weights.iter().enumerate() {
            let id = self.all.len() as u32;
            if copy == 0 || weights[copy - 1] != *weight {
                twins = id;
            }
            let outer = &self.all[around as usize];
            let block = Block {
                family: Some(family),
                copy: copy as u32,
                weight: outer.weight.saturating_mul(*weight),
                members: (first, first.saturating_add(*weight)),
                ordinal: self.of[family.0 as usize].len() as u32,
                path: outer.path.iter().copied().chain([id]).collect(),
                twins,
            };
            first = block.members.1;
            self.of[family.0 as usize].push(id);
            self.all.push(block);
        }
    }

    /// A block.
    pub fn block(&self, id: u32) -> &Block {
        &self.all[id as usize]
    }

    /// All blocks of a family; the shared one for none.
    pub fn of(&self, family: Option<FamilyId>) -> &[u32] {
        family.map_or(&[SHARED], |family| &self.of[family.0 as usize])
    }

    /// The block of `family` seen from a block inside it (or from itself): its own, or the one around it.
    pub fn around(&self, block: u32, family: Option<FamilyId>) -> Option<u32> {
        let Some(family) = family else { return Some(SHARED) };
        self.block(block).path.iter().copied().find(|outer| self.block(*outer).family == Some(family))
    }

    /// Does a block of another layout of the same families stand for members of this one only?
    pub fn covers(&self, block: u32, layout: &Blocks, other: u32) -> bool {
        let (mine, theirs) = (&self.block(block).path, &layout.block(other).path);
        mine.len() == theirs.len()
            && mine.iter().zip(theirs).all(|(mine, theirs)| {
                let (mine, theirs) = (self.block(*mine), layout.block(*theirs));
                mine.family == theirs.family && mine.members.0 <= theirs.members.0 && theirs.members.1 <= mine.members.1
            })
    }

    /// The blocks of `family` that lie with `block` in the blocks both have around them.
    pub fn seen(&self, block: u32, family: Option<FamilyId>) -> impl Iterator<Item = u32> + '_ {
        let own = &self.block(block).path;
        let families = move |path: &[u32]| path.iter().map(|id| self.block(*id).family).collect::<Vec<_>>();
        let from = families(own);
        self.of(family).iter().copied().filter(move |other| {
            let path = &self.block(*other).path;
            let depth = from.iter().zip(families(path)).take_while(|(a, b)| *a == b).count();
            own[..depth] == path[..depth]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Family;

    #[test]
    fn nested_copies_multiply_and_see_their_own() {
        let family = |within| Family { name: String::new(), count: 9, within };
        let families = vec![family(Some(FamilyId(1))), family(None)];
        let graph = CapabilityGraph { families, ..CapabilityGraph::default() };
        let blocks = Blocks::new(&graph, &[vec![1, 4], vec![1, 1]]);
        assert_eq!(blocks.all.len(), 1 + 2 + 4);
        let inner = blocks.of(Some(FamilyId(0)));
        assert_eq!(inner.iter().map(|id| blocks.block(*id).weight).collect::<Vec<_>>(), [1, 4, 1, 4]);
        let outer = blocks.of(Some(FamilyId(1)));
        assert_eq!(blocks.around(inner[2], Some(FamilyId(1))), Some(outer[1]));
        assert_eq!(blocks.seen(outer[1], Some(FamilyId(0))).collect::<Vec<_>>(), inner[2..]);
        assert_eq!(blocks.seen(SHARED, Some(FamilyId(0))).count(), 4);
        assert_eq!(blocks.block(outer[0]).twins, blocks.block(outer[1]).twins);
        assert_ne!(blocks.block(inner[0]).twins, blocks.block(inner[1]).twins);
    }
}
