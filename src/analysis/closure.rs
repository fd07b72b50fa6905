//! What is derivable once certain variables have failed: a worklist with one counter for each step, which can grow and be taken back.

use crate::graph::CapabilityGraph;
use crate::graph::unfold::{Copies, Question, Target, Unfolded, unfold};

/// The capabilities derivable from the variables failed so far.
#[derive(Debug, Clone)]
pub struct Closure<'a> {
    unfolded: &'a Unfolded,
    /// Needs and assumptions each step still waits for.
    waits: Vec<u32>,
    had: Vec<bool>,
    failed: Vec<bool>,
    /// What was added, in order.
    trail: Vec<Added>,
}

#[derive(Debug, Clone, Copy)]
enum Added {
    Node(u32),
    Variable(u32),
}

/// A state of a [`Closure`] to come back to.
#[derive(Debug, Clone, Copy)]
pub struct Mark(usize);

impl<'a> Closure<'a> {
    /// With every variable holding.
    pub fn new(unfolded: &'a Unfolded) -> Closure<'a> {
        let steps = unfolded.moves.len() as u32;
        let waits = (0..steps).map(|at| (unfolded.needs.row(at).len() + unfolded.rests.row(at).len()) as u32).collect();
        let mut closure = Closure {
            unfolded,
            waits,
            had: vec![false; unfolded.nodes.len()],
            failed: vec![false; unfolded.variables.len()],
            trail: Vec::new(),
        };
        let from = closure.trail.len();
        for step in 0..steps {
            if closure.waits[step as usize] == 0 {
                closure.gain(unfolded.gains[step as usize]);
            }
        }
        closure.propagate(from);
        closure
    }

    /// With these variables failed.
    pub fn of(unfolded: &'a Unfolded, failed: impl IntoIterator<Item = u32>) -> Closure<'a> {
        let mut closure = Closure::new(unfolded);
        failed.into_iter().for_each(|variable| closure.fail(variable));
        closure
    }

    /// One more variable fails.
    pub fn fail(&mut self, variable: u32) {
        if std::mem::replace(&mut self.failed[variable as usize], true) {
            return;
        }
        let from = self.trail.len();
        self.trail.push(Added::Variable(variable));
        let unfolded = self.unfolded;
        for step in unfolded.carried_by.row(variable) {
            self.meet(*step);
        }
        self.propagate(from);
    }

    fn gain(&mut self, node: u32) {
        if !std::mem::replace(&mut self.had[node as usize], true) {
            self.trail.push(Added::Node(node));
        }
    }

    /// One thing a step waits for is there.
    fn meet(&mut self, step: u32) {
        let waits = &mut self.waits[step as usize];
        *waits -= 1;
        if *waits == 0 {
            self.gain(self.unfolded.gains[step as usize]);
        }
    }

    fn propagate(&mut self, from: usize) {
        let unfolded = self.unfolded;
        let mut at = from;
        while let Some(added) = self.trail.get(at).copied() {
            at += 1;
            if let Added::Node(node) = added {
                for step in unfolded.needed_by.row(node) {
                    self.meet(*step);
                }
            }
        }
    }

    /// The present state.
    pub fn mark(&self) -> Mark {
        Mark(self.trail.len())
    }

    /// Back to an earlier state.
    pub fn undo(&mut self, mark: Mark) {
        while self.trail.len() > mark.0 {
            let (list, waiting) = match self.trail.pop() {
                Some(Added::Node(node)) => {
                    self.had[node as usize] = false;
                    (&self.unfolded.needed_by, node)
                }
                Some(Added::Variable(variable)) => {
                    self.failed[variable as usize] = false;
                    (&self.unfolded.carried_by, variable)
                }
                None => return,
            };
            for step in list.row(waiting) {
                self.waits[*step as usize] += 1;
            }
        }
    }

    /// Is this derivable?
    pub fn has(&self, target: Target) -> bool {
        match target {
            Target::Had => true,
            Target::Never => false,
            Target::At(node) => self.had[node as usize],
        }
    }

    /// Is the goal?
    pub fn reaches_goal(&self) -> bool {
        self.has(self.unfolded.goal)
    }

    /// Has this variable failed?
    pub fn has_failed(&self, variable: u32) -> bool {
        self.failed[variable as usize]
    }

    /// How many capabilities are derivable.
    pub fn len(&self) -> usize {
        self.trail.iter().filter(|added| matches!(added, Added::Node(_))).count()
    }

    /// Nothing is derivable beyond what was had from the start.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Does the failure of exactly these variables reach the goal?
pub fn reaches(unfolded: &Unfolded, failed: &[u32]) -> bool {
    Closure::of(unfolded, failed.iter().copied()).reaches_goal()
}

/// Is a threat of a graph granted: does it come to its goal with nothing failed? Certain is this alone, however close to 1 a probability comes.
pub fn is_granted(graph: &CapabilityGraph, threat: usize) -> bool {
    let Some(threat) = graph.threats.get(threat).filter(|threat| threat.not_applicable.is_none()) else { return false };
    unfold(graph, &Question::of(threat, Copies::Lumped)).is_ok_and(|unfolded| reaches(&unfolded, &[]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::json;
    use crate::graph::unfold::{Copies, Question, unfold};
    use crate::source::Source;

    /// a <-> b is a circle; x opens a, y with b opens the goal.
    fn circle() -> Unfolded {
        let text = r#"{"cotenant-graph": 1,
            "capabilities": [{"id": 0, "name": "a"}, {"id": 1, "name": "b"}, {"id": 2, "name": "goal"}],
            "assumptions": [{"id": 0, "name": "x", "probability": 0.5}, {"id": 1, "name": "y", "probability": 0.5}],
            "steps": [{"id": 0, "name": "s", "needs": [0], "gains": 1, "assumptions": []},
                {"id": 1, "name": "t", "needs": [1], "gains": 0, "assumptions": []},
                {"id": 2, "name": "u", "needs": [], "gains": 0, "assumptions": [0]},
                {"id": 3, "name": "v", "needs": [1], "gains": 2, "assumptions": [1]}],
            "threats": [{"name": "t", "start": [], "goal": 2}]}"#;
        let graph = json::read(Source::new("g", text)).unwrap();
        unfold(&graph, &Question::of(&graph.threats[0], Copies::Lumped)).unwrap()
    }

    #[test]
    fn circles_derive_nothing_by_themselves() {
        let unfolded = circle();
        assert!(Closure::new(&unfolded).is_empty());
        assert!(reaches(&unfolded, &[0, 1]) && !reaches(&unfolded, &[0]) && !reaches(&unfolded, &[1]));
    }

    #[test]
    fn what_was_added_can_be_taken_back() {
        let unfolded = circle();
        let mut closure = Closure::of(&unfolded, [1]);
        let mark = closure.mark();
        for _ in 0..3 {
            closure.fail(0);
            assert!(closure.reaches_goal() && closure.len() == 3);
            closure.undo(mark);
            assert!(closure.is_empty() && closure.has_failed(1) && !closure.has_failed(0));
        }
    }
}
