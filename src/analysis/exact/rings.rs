//! The order in which a system is solved: strongly connected components, what others need first (Tarjan 1972, without recursion).

use super::formula::Formula;

/// Nodes that need each other, or one alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ring {
    /// Its nodes.
    pub nodes: Vec<u32>,
    /// They need each other: only repetition finds their least solution.
    pub turns: bool,
}

/// The components of a system; each needs only those before it.
pub fn rings(formula: &Formula) -> Vec<Ring> {
    let mut needs: Vec<Vec<u32>> = vec![Vec::new(); formula.nodes];
    for rule in &formula.rules {
        needs[rule.gains as usize].extend(&rule.needs);
    }
    for row in &mut needs {
        row.sort_unstable();
        row.dedup();
    }
    let mut walk = Walk {
        needs: &needs,
        number: vec![u32::MAX; formula.nodes],
        low: vec![0; formula.nodes],
        open: vec![false; formula.nodes],
        path: Vec::new(),
        next: 0,
        rings: Vec::new(),
    };
    for node in 0..formula.nodes as u32 {
        if walk.number[node as usize] == u32::MAX {
            walk.from(node);
        }
    }
    walk.rings
}

struct Walk<'a> {
    needs: &'a [Vec<u32>],
    /// When each node was met.
    number: Vec<u32>,
    /// The earliest node still open that it leads back to.
    low: Vec<u32>,
    open: Vec<bool>,
    path: Vec<u32>,
    next: u32,
    rings: Vec<Ring>,
}

impl Walk<'_> {
    fn meet(&mut self, node: u32) {
        self.number[node as usize] = self.next;
        self.low[node as usize] = self.next;
        self.next += 1;
        self.open[node as usize] = true;
        self.path.push(node);
    }

    fn from(&mut self, start: u32) {
        let mut stack: Vec<(u32, usize)> = vec![(start, 0)];
        self.meet(start);
        while let Some((node, at)) = stack.pop() {
            let Some(need) = self.needs[node as usize].get(at).copied() else {
                self.close(node);
                if let Some((above, _)) = stack.last() {
                    let low = self.low[node as usize].min(self.low[*above as usize]);
                    self.low[*above as usize] = low;
                }
                continue;
            };
            stack.push((node, at + 1));
            if self.number[need as usize] == u32::MAX {
                self.meet(need);
                stack.push((need, 0));
            } else if self.open[need as usize] {
                self.low[node as usize] = self.low[node as usize].min(self.number[need as usize]);
            }
        }
    }

    fn close(&mut self, node: u32) {
        if self.low[node as usize] != self.number[node as usize] {
            return;
        }
        let from = self.path.iter().rposition(|other| *other == node).unwrap_or(0);
        let nodes = self.path.split_off(from);
        nodes.iter().for_each(|other| self.open[*other as usize] = false);
        let turns = nodes.len() > 1 || self.needs[node as usize].contains(&node);
        self.rings.push(Ring { nodes, turns });
    }
}

#[cfg(test)]
mod tests {
    use super::super::formula::Rule;
    use super::*;
    use crate::graph::unfold::Target;

    #[test]
    fn what_is_needed_comes_first_and_circles_stay_together() {
        let rule = |needs: &[u32], gains| Rule { needs: needs.to_vec(), rests: Vec::new(), gains };
        let rules = vec![rule(&[1], 0), rule(&[2], 1), rule(&[1], 2), rule(&[3], 1), rule(&[], 3)];
        let (variables, populations, interface) = (Vec::new(), Vec::new(), Vec::new());
        let formula =
            Formula { nodes: 4, home: vec![None; 4], rules, variables, goal: Target::At(0), populations, interface };
        let found: Vec<(Vec<u32>, bool)> = rings(&formula).into_iter().map(|ring| (ring.nodes, ring.turns)).collect();
        assert_eq!(found, [(vec![3], false), (vec![1, 2], true), (vec![0], false)]);
    }
}
