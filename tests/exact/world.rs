//! Answers by looking at every world: every subset of the assumptions failed. Written apart from the engine, for graphs without families.

use cotenant::graph::*;

/// For each subset of failed assumptions, as bits: is the goal derivable?
pub struct Worlds {
    pub reaches: Vec<bool>,
}

impl Worlds {
    pub fn new(graph: &CapabilityGraph) -> Worlds {
        assert!(graph.families.is_empty() && graph.assumptions.len() <= 16);
        let variables = graph.assumptions.len();
        Worlds { reaches: (0..1u32 << variables).map(|failed| reaches(graph, failed)).collect() }
    }

    pub fn probability(&self, numbers: &[f64]) -> f64 {
        self.chance(numbers, &|world| self.reaches[world as usize])
    }

    /// The chance of something about the failed assumptions.
    pub fn chance(&self, numbers: &[f64], of: &dyn Fn(u32) -> bool) -> f64 {
        let weight = |world: u32| -> f64 {
            numbers.iter().enumerate().map(|(at, p)| if world & 1 << at != 0 { *p } else { 1.0 - p }).product()
        };
        (0..self.reaches.len() as u32).filter(|world| of(*world)).map(weight).sum()
    }
}

/// Is the goal of the first threat derivable once exactly these assumptions have failed?
pub fn reaches(graph: &CapabilityGraph, failed: u32) -> bool {
    reaches_with(graph, failed, &|id| graph.controls[id.0 as usize].on)
}

/// The same, with these controls on.
pub fn reaches_with(graph: &CapabilityGraph, failed: u32, on: &dyn Fn(&ControlId) -> bool) -> bool {
    let threat = &graph.threats[0];
    let mut had = vec![false; graph.capabilities.len()];
    threat.start.iter().chain(&threat.public).for_each(|id| had[id.0 as usize] = true);
    loop {
        let mut grown = false;
        for step in &graph.steps {
            let exists = !step.unless.iter().any(on) && step.only_with.iter().all(on);
            let fails = step.assumptions.iter().all(|id| failed & 1 << id.0 != 0);
            let counted = |of: &[CapabilityId]| of.iter().filter(|id| had[id.0 as usize]).count();
            let met = step.quorum.as_ref().is_none_or(|quorum| counted(&quorum.of) >= quorum.at_least as usize);
            let needs = step.needs.iter().all(|need| had[need.0 as usize]);
            if exists && fails && met && needs && !had[step.gains.0 as usize] {
                had[step.gains.0 as usize] = true;
                grown = true;
            }
        }
        if !grown {
            return had[threat.goal.0 as usize];
        }
    }
}

/// All subsets of `n` things that satisfy a monotone question, and no smaller one does.
pub fn minimal(n: usize, holds: &dyn Fn(u32) -> bool) -> Vec<u32> {
    let all: Vec<bool> = (0..1u32 << n).map(holds).collect();
    let smaller = |set: u32| (0..n).any(|bit| set & 1 << bit != 0 && all[(set & !(1 << bit)) as usize]);
    (0..1u32 << n).filter(|set| all[*set as usize] && !smaller(*set)).collect()
}

impl Worlds {
    fn everything(&self) -> u32 {
        self.reaches.len() as u32 - 1
    }

    pub fn variables(&self) -> usize {
        self.reaches.len().trailing_zeros() as usize
    }

    /// Minimal attack sets, as bits.
    pub fn attack_sets(&self) -> Vec<u32> {
        minimal(self.variables(), &|set| self.reaches[set as usize])
    }

    /// Minimal hardening sets, as bits.
    pub fn hardening_sets(&self) -> Vec<u32> {
        minimal(self.variables(), &|set| !self.reaches[(self.everything() & !set) as usize])
    }
}

/// Sets under the names they count as, those that strictly hold another taken out, by size and then ids.
pub fn shapes(sets: Vec<u32>, name: &dyn Fn(u32) -> u32) -> Vec<Vec<u32>> {
    let named = |set: u32| {
        let mut ids: Vec<u32> = (0..32).filter(|bit| set & 1 << bit != 0).map(name).collect();
        ids.sort_unstable();
        ids
    };
    let all: Vec<Vec<u32>> = sets.into_iter().map(named).collect();
    let count = |ids: &[u32], id: u32| ids.iter().filter(|other| **other == id).count();
    let inside = |a: &[u32], b: &[u32]| a.iter().all(|id| count(b, *id) >= count(a, *id));
    let strictly = |a: &Vec<u32>, b: &Vec<u32>| a != b && inside(a, b);
    let mut out: Vec<Vec<u32>> = all.iter().filter(|b| !all.iter().any(|a| strictly(a, b))).cloned().collect();
    out.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
    out.dedup();
    out
}
