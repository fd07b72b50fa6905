//! A problem as choices: for every needed capability exactly one way to gain it. A threshold is one way per subset that meets it.

use crate::analysis::Cost;
use crate::analysis::problem::{Problem, Rows};
use crate::analysis::question::Question;
use crate::units::Effort;

/// Subsets of one threshold written out at most.
const SUBSETS: usize = 20_000;

/// The price of what can never fail: larger than any sum.
pub const NEVER: u64 = u64::MAX;

/// Ways to gain capabilities, with the items they cost.
#[derive(Debug)]
pub struct Choices {
    /// Per way: the step.
    pub step: Vec<u32>,
    /// Per way: what it gains.
    pub gains: Vec<u32>,
    /// Per way: what it needs, ascending.
    pub needs: Rows,
    /// Per way: items it costs (assumptions, or the step itself).
    pub items: Rows,
    /// Per item: price.
    pub price: Vec<u64>,
    /// Per capability: ways to gain it.
    pub gained_by: Rows,
    /// Per capability: ways that need it.
    pub needed_by: Rows,
    /// Prices add up along a derivation: items are steps, and those differ.
    pub adds_up: bool,
    /// Some threshold has more subsets than are written out.
    pub truncated: bool,
    /// Some threshold was written out: step sets may repeat or not be minimal.
    pub has_quorums: bool,
}

impl Choices {
    /// The choices of a problem under one cost.
    pub fn new(question: &Question, problem: &Problem, cost: Cost) -> Choices {
        let mut choices = Choices {
            step: Vec::new(),
            gains: Vec::new(),
            needs: Rows::default(),
            items: Rows::default(),
            price: prices(question, problem, cost),
            gained_by: Rows::default(),
            needed_by: Rows::default(),
            adds_up: cost == Cost::Effort,
            truncated: false,
            has_quorums: false,
        };
        for at in 0..problem.steps() as u32 {
            let needs = problem.needs.row(at);
            match &problem.quorums[at as usize] {
                None => choices.add(problem, at, needs.to_vec(), cost),
                Some(quorum) => {
                    choices.has_quorums = true;
                    let (subsets, all) = subsets(&quorum.of, quorum.at_least as usize);
                    choices.truncated |= !all;
                    for subset in subsets {
                        choices.add(problem, at, [needs, &subset].concat(), cost);
                    }
                }
            }
        }
        let mut gains = Rows::default();
        choices.gains.iter().for_each(|gain| gains.push([*gain]));
        choices.gained_by = gains.transposed(problem.capabilities());
        choices.needed_by = choices.needs.transposed(problem.capabilities());
        choices
    }

    fn add(&mut self, problem: &Problem, step: u32, mut needs: Vec<u32>, cost: Cost) {
        needs.sort_unstable();
        needs.dedup();
        let gains = problem.gains[step as usize];
        // A way that needs what it gains is never part of a minimal path.
        if needs.contains(&gains) {
            return;
        }
        self.step.push(step);
        self.gains.push(gains);
        self.needs.push(needs);
        match cost {
            Cost::Effort => self.items.push([step]),
            Cost::Fewest | Cost::Likeliest => self.items.push(problem.rests.row(step).iter().copied()),
        }
    }

    /// Number of ways.
    pub fn len(&self) -> usize {
        self.step.len()
    }
}

fn prices(question: &Question, problem: &Problem, cost: Cost) -> Vec<u64> {
    match cost {
        Cost::Fewest => vec![1; problem.assumptions()],
        Cost::Likeliest => {
            (0..problem.assumptions() as u32).map(|at| improbability(question.probability(problem, at))).collect()
        }
        Cost::Effort => (0..problem.steps() as u32).map(|at| seconds(question, problem, at)).collect(),
    }
}

/// round(-1e9 ln p): additive, in integers, so that ties are ties on every machine.
pub fn improbability(p: f64) -> u64 {
    if p <= 0.0 { NEVER } else { libm::round(-1e9 * libm::log(p)) as u64 }
}

/// Median effort of a step in whole seconds.
pub fn seconds(question: &Question, problem: &Problem, step: u32) -> u64 {
    let id = question.unfolded.steps[problem.step_of[step as usize] as usize].from.id;
    question.graph.step(id).effort.map_or(0, Effort::seconds)
}

/// The subsets of this size, in lexicographic order, and whether these are all.
fn subsets(of: &[u32], size: usize) -> (Vec<Vec<u32>>, bool) {
    let mut found = Vec::new();
    let mut chosen: Vec<usize> = (0..size).collect();
    if size > of.len() {
        return (found, true);
    }
    loop {
        found.push(chosen.iter().map(|at| of[*at]).collect());
        let Some(at) = (0..size).rev().find(|at| chosen[*at] < of.len() - size + at) else { return (found, true) };
        if found.len() >= SUBSETS {
            return (found, false);
        }
        chosen[at] += 1;
        for later in at + 1..size {
            chosen[later] = chosen[later - 1] + 1;
        }
    }
}
