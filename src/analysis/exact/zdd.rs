//! Families of sets as zero-suppressed diagrams: few nodes for families far too large to list.
//!
//! The minimal sets of a monotone function come from its decision diagram in one pass (Rauzy, New algorithms for fault trees analysis, 1993);
//! those of its dual from the same pass with the branches changed over. Families are counted, searched and listed without unfolding them.

use std::collections::BTreeMap;

use super::Stopped;
use super::diagram::Branch;

/// The empty family.
pub const NONE: u32 = 0;
/// The family of the empty set alone.
pub const UNIT: u32 = 1;

/// Diagrams that share their nodes.
#[derive(Debug, Clone)]
pub struct Families {
    /// Nodes, children before parents: sets without the level in `low`, with it in `high`.
    nodes: Vec<Branch>,
    unique: BTreeMap<Branch, u32>,
    spared: BTreeMap<(u32, u32), u32>,
    limit: usize,
}

/// What a set is ranked by: it grows with every member.
pub type Price = (u64, u64);

impl Families {
    /// Without nodes; at most `limit` of them.
    pub fn new(limit: usize) -> Families {
        let constant = Branch { at: u32::MAX, low: 0, high: 0 };
        Families { nodes: vec![constant; 2], unique: BTreeMap::new(), spared: BTreeMap::new(), limit }
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// No nodes but the constants.
    pub fn is_empty(&self) -> bool {
        self.nodes.len() == 2
    }

    /// A node; all nodes of `low` and `high` stand at later levels.
    pub fn node(&self, at: u32) -> Branch {
        self.nodes[at as usize]
    }

    /// The sets of `low`, and those of `high` with a level added.
    ///
    /// # Errors
    /// Too many nodes.
    pub fn join(&mut self, at: u32, low: u32, high: u32) -> Result<u32, Stopped> {
        if high == NONE {
            return Ok(low);
        }
        let node = Branch { at, low, high };
        if let Some(known) = self.unique.get(&node) {
            return Ok(*known);
        }
        if self.nodes.len() >= self.limit {
            return Err(Stopped::Nodes(self.limit));
        }
        self.nodes.push(node);
        let place = self.nodes.len() as u32 - 1;
        self.unique.insert(node, place);
        Ok(place)
    }

    /// The minimal sets of a monotone function, given by its diagram.
    ///
    /// # Errors
    /// Too many nodes.
    pub fn minimal(&mut self, (nodes, root): &(Vec<Branch>, u32)) -> Result<u32, Stopped> {
        self.solutions(nodes, *root, |node| (node.low, node.high), [NONE, UNIT])
    }

    /// The minimal sets of the dual of a monotone function: those that meet each of its minimal sets.
    ///
    /// # Errors
    /// Too many nodes.
    pub fn dual(&mut self, (nodes, root): &(Vec<Branch>, u32)) -> Result<u32, Stopped> {
        self.solutions(nodes, *root, |node| (node.high, node.low), [UNIT, NONE])
    }

    fn solutions(
        &mut self,
        nodes: &[Branch],
        root: u32,
        sides: impl Fn(&Branch) -> (u32, u32),
        ends: [u32; 2],
    ) -> Result<u32, Stopped> {
        let mut done: Vec<u32> = ends.to_vec();
        for node in nodes.iter().take(root as usize + 1).skip(2) {
            let (without, with) = sides(node);
            let (without, with) = (done[without as usize], done[with as usize]);
            let with = self.spare(with, without)?;
            done.push(self.join(node.at, without, with)?);
        }
        Ok(done[root as usize])
    }

    /// The sets of `of` that hold no set of `known`.
    fn spare(&mut self, of: u32, known: u32) -> Result<u32, Stopped> {
        match (of, known) {
            (_, NONE) => return Ok(of),
            (NONE, _) | (_, UNIT) => return Ok(NONE),
            _ if of == known => return Ok(NONE),
            _ => {}
        }
        if let Some(result) = self.spared.get(&(of, known)) {
            return Ok(*result);
        }
        let (a, b) = (self.node(of), self.node(known));
        let result = if a.at > b.at {
            self.spare(of, b.low)?
        } else if a.at < b.at {
            let (low, high) = (self.spare(a.low, known)?, self.spare(a.high, known)?);
            self.join(a.at, low, high)?
        } else {
            let low = self.spare(a.low, b.low)?;
            let high = self.spare(a.high, b.low)?;
            let high = self.spare(high, b.high)?;
            self.join(a.at, low, high)?
        };
        self.spared.insert((of, known), result);
        Ok(result)
    }

    /// How many sets; `None` beyond 2^128.
    pub fn count(&self, root: u32) -> Option<u128> {
        let mut counts: Vec<Option<u128>> = vec![Some(0), Some(1)];
        for node in self.nodes.iter().take(root as usize + 1).skip(2) {
            let (low, high) = (counts[node.low as usize], counts[node.high as usize]);
            counts.push(low.and_then(|low| low.checked_add(high?)));
        }
        counts[root as usize]
    }

    /// How many sets of each size, up to `sizes`; a count stops growing at 2^128.
    pub fn by_size(&self, root: u32, sizes: usize) -> Vec<u128> {
        let mut counts: Vec<Vec<u128>> = vec![vec![0; sizes + 1]; 2];
        counts[UNIT as usize][0] = 1;
        for node in self.nodes.iter().take(root as usize + 1).skip(2) {
            let mut own = counts[node.low as usize].clone();
            for size in 1..=sizes {
                own[size] = own[size].saturating_add(counts[node.high as usize][size - 1]);
            }
            counts.push(own);
        }
        counts.swap_remove(root as usize)
    }

    /// The first sets by price, then ids, at most `k`; `price` and `id` are of a level, and ids differ between levels. The ids of each set ascend.
    pub fn first(&self, root: u32, k: usize, price: &dyn Fn(u32) -> Price, id: &dyn Fn(u32) -> u32) -> Vec<Vec<u32>> {
        let mut kept: Vec<Vec<(Price, Vec<u32>)>> = vec![Vec::new(), vec![((0, 0), Vec::new())]];
        for node in self.nodes.iter().take(root as usize + 1).skip(2) {
            let add = |(known, set): &(Price, Vec<u32>)| {
                let own = price(node.at);
                let mut set = set.clone();
                set.insert(set.partition_point(|other| *other < id(node.at)), id(node.at));
                ((known.0.saturating_add(own.0), known.1.saturating_add(own.1)), set)
            };
            // Both lists stand in order, and a member added to two sets leaves their order as it was.
            let mut all = kept[node.low as usize].clone();
            all.extend(kept[node.high as usize].iter().map(add));
            all.sort_unstable();
            all.truncate(k);
            kept.push(all);
        }
        kept.swap_remove(root as usize).into_iter().map(|(_, set)| set).collect()
    }

    /// All sets of at most `size` members, each with its levels ascending.
    pub fn list(&self, root: u32, size: usize) -> Vec<Vec<u32>> {
        let least = self.least(root);
        let mut out = Vec::new();
        let mut stack: Vec<(u32, Vec<u32>)> = vec![(root, Vec::new())];
        while let Some((at, set)) = stack.pop() {
            if least[at as usize] == usize::MAX || set.len() + least[at as usize] > size {
                continue;
            }
            if at == UNIT {
                out.push(set);
                continue;
            }
            let node = self.node(at);
            let mut with = set.clone();
            with.push(node.at);
            stack.push((node.high, with));
            stack.push((node.low, set));
        }
        out
    }

    /// Size of the smallest set of each node.
    fn least(&self, root: u32) -> Vec<usize> {
        let mut least: Vec<usize> = vec![usize::MAX, 0];
        for node in self.nodes.iter().take(root as usize + 1).skip(2) {
            let (low, high): (usize, usize) = (least[node.low as usize], least[node.high as usize]);
            least.push(low.min(high.saturating_add(1)));
        }
        least
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two of three levels, as a decision diagram.
    fn two_of_three() -> (Vec<Branch>, u32) {
        let branch = |at, low, high| Branch { at, low, high };
        let end = branch(3, 0, 0);
        (vec![end, end, branch(2, 0, 1), branch(1, 0, 2), branch(1, 2, 1), branch(0, 3, 4)], 5)
    }

    #[test]
    fn two_of_three_is_its_own_dual() {
        let mut families = Families::new(1_000);
        let diagram = two_of_three();
        let (sets, dual) = (families.minimal(&diagram).unwrap(), families.dual(&diagram).unwrap());
        assert_eq!(sets, dual);
        assert_eq!(families.count(sets), Some(3));
        assert_eq!(families.by_size(sets, 3), [0, 0, 3, 0]);
        let mut all = families.list(sets, 3);
        all.sort();
        assert_eq!(all, [[0, 1], [0, 2], [1, 2]]);
        // Level 0 is dear: the set without it comes first, then the others by ids.
        let price = |at: u32| (u64::from(at == 0), 1);
        assert_eq!(families.first(sets, 2, &price, &|at| 9 - at), [[7, 8], [7, 9]]);
        assert_eq!(families.list(sets, 1), Vec::<Vec<u32>>::new());
    }

    #[test]
    fn what_outgrows_the_limit_stops() {
        assert_eq!(Families::new(3).minimal(&two_of_three()), Err(Stopped::Nodes(3)));
    }
}
