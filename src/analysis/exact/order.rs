//! Orders of the variables of a diagram. The order decides its size: what is used together should stand together, and what is used last, near
//! the goal, on top. No order is best for every system, so a few are tried.

use super::formula::Formula;
use super::rings::rings;
use crate::graph::unfold::Target;

/// Orders worth trying, the one that is best most often first. Variables that no rule towards the goal rests on come last.
pub fn orders(formula: &Formula) -> Vec<Vec<u32>> {
    let mut orders = vec![by_position(formula), depth_first(formula), breadth_first(formula)];
    orders.dedup();
    orders
}

struct Met {
    order: Vec<u32>,
    seen: Vec<bool>,
}

impl Met {
    fn new(formula: &Formula) -> Met {
        Met { order: Vec::new(), seen: vec![false; formula.variables.len()] }
    }

    fn meet(&mut self, variables: &[u32]) {
        for variable in variables {
            if !std::mem::replace(&mut self.seen[*variable as usize], true) {
                self.order.push(*variable);
            }
        }
    }

    fn all(mut self) -> Vec<u32> {
        let rest: Vec<u32> = (0..self.seen.len() as u32).collect();
        self.meet(&rest);
        self.order
    }
}

/// Where a walk against the rules starts: the goal, and every output of a population.
fn roots(formula: &Formula) -> Vec<u32> {
    let goal = match formula.goal {
        Target::At(goal) => Some(goal),
        Target::Had | Target::Never => None,
    };
    let outputs = formula.populations.iter().flat_map(|population| &population.outputs);
    goal.into_iter().chain(outputs.map(|(_, output)| *output)).collect()
}

fn rules_to(formula: &Formula) -> Vec<Vec<usize>> {
    let mut rules = vec![Vec::new(); formula.nodes];
    for (at, rule) in formula.rules.iter().enumerate() {
        rules[rule.gains as usize].push(at);
    }
    rules
}

/// From the goal into depth: the variables of a rule, then all that each of its needs leads to.
fn depth_first(formula: &Formula) -> Vec<u32> {
    let rules = rules_to(formula);
    let mut met = Met::new(formula);
    let mut seen = vec![false; formula.nodes];
    let mut stack: Vec<u32> = roots(formula);
    stack.reverse();
    while let Some(node) = stack.pop() {
        if std::mem::replace(&mut seen[node as usize], true) {
            continue;
        }
        for rule in &rules[node as usize] {
            met.meet(&formula.rules[*rule].rests);
        }
        for rule in rules[node as usize].iter().rev() {
            stack.extend(formula.rules[*rule].needs.iter().rev());
        }
    }
    met.all()
}

/// By the place of what is gained in the order of solution, last first.
fn by_position(formula: &Formula) -> Vec<u32> {
    let rules = rules_to(formula);
    let mut met = Met::new(formula);
    for ring in rings(formula).iter().rev() {
        for node in &ring.nodes {
            for rule in &rules[*node as usize] {
                met.meet(&formula.rules[*rule].rests);
            }
        }
    }
    met.all()
}

/// From the goal in rounds.
fn breadth_first(formula: &Formula) -> Vec<u32> {
    let rules = rules_to(formula);
    let mut met = Met::new(formula);
    let mut seen = vec![false; formula.nodes];
    let mut queue = roots(formula);
    let mut at = 0;
    while let Some(node) = queue.get(at).copied() {
        at += 1;
        if std::mem::replace(&mut seen[node as usize], true) {
            continue;
        }
        for rule in &rules[node as usize] {
            met.meet(&formula.rules[*rule].rests);
            queue.extend(&formula.rules[*rule].needs);
        }
    }
    met.all()
}
