//! Forward closure by counters: what is had once some assumptions have failed. Linear in the edges touched.

use super::problem::Problem;

/// Counters for one problem, reused from closure to closure.
#[derive(Debug, Clone)]
pub struct Closure {
    missing: Vec<u32>,
    votes: Vec<u32>,
    /// Had, per capability, after the last run.
    pub had: Vec<bool>,
    /// The order in which steps first gained something, in the last run.
    pub order: Vec<u32>,
    queue: Vec<u32>,
}

impl Closure {
    /// For one problem.
    pub fn new(problem: &Problem) -> Closure {
        Closure {
            missing: vec![0; problem.steps()],
            votes: vec![0; problem.steps()],
            had: vec![false; problem.capabilities()],
            order: Vec::new(),
            queue: Vec::new(),
        }
    }

    /// Runs with the steps that `allowed` lets through, and says whether the goal is had.
    pub fn run(&mut self, problem: &Problem, allowed: impl Fn(u32) -> bool) -> bool {
        self.had.iter_mut().for_each(|had| *had = false);
        self.order.clear();
        self.queue.clear();
        for at in &problem.start {
            self.had[*at as usize] = true;
            self.queue.push(*at);
        }
        for at in 0..problem.steps() as u32 {
            self.missing[at as usize] = problem.needs.row(at).len() as u32;
            self.votes[at as usize] = problem.quorums[at as usize].as_ref().map_or(0, |quorum| quorum.at_least);
            if self.missing[at as usize] == 0 && self.votes[at as usize] == 0 && allowed(at) {
                self.gain(problem, at);
            }
        }
        while let Some(capability) = self.queue.pop() {
            for &at in problem.needed_by.row(capability) {
                if problem.needs.row(at).contains(&capability) {
                    self.missing[at as usize] -= 1;
                }
                if problem.quorums[at as usize].as_ref().is_some_and(|quorum| quorum.of.contains(&capability)) {
                    self.votes[at as usize] = self.votes[at as usize].saturating_sub(1);
                }
                if self.missing[at as usize] == 0 && self.votes[at as usize] == 0 && allowed(at) {
                    self.gain(problem, at);
                }
            }
        }
        problem.goal.is_some_and(|goal| self.had[goal as usize])
    }

    fn gain(&mut self, problem: &Problem, step: u32) {
        let gained = problem.gains[step as usize];
        if !self.had[gained as usize] {
            self.had[gained as usize] = true;
            self.order.push(step);
            self.queue.push(gained);
        }
    }
}
