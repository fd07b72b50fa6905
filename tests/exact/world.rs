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
        let worlds = (0..self.reaches.len()).filter(|world| self.reaches[*world]);
        let weight = |world: usize| -> f64 {
            numbers.iter().enumerate().map(|(at, p)| if world & 1 << at != 0 { *p } else { 1.0 - p }).product()
        };
        worlds.map(weight).sum()
    }
}

/// Is the goal of the first threat derivable once exactly these assumptions have failed?
pub fn reaches(graph: &CapabilityGraph, failed: u32) -> bool {
    let threat = &graph.threats[0];
    let mut had = vec![false; graph.capabilities.len()];
    threat.start.iter().chain(&threat.public).for_each(|id| had[id.0 as usize] = true);
    let on = |id: &ControlId| graph.controls[id.0 as usize].on;
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
