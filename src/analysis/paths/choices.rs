//! Partial paths as choices: one gaining step for each capability needed, backward from the goal.
//!
//! A set of steps is a minimal path exactly if it is such a choice without circles. As long as the goal is derivable with each decided
//! capability keeping only its step, the choice can be completed: there are no dead ends.

use crate::graph::unfold::{Target, Unfolded};

/// No step chosen.
pub(super) const NONE: u32 = u32::MAX;

/// A choice, with room to work in.
pub(super) struct Choices<'a> {
    pub(super) unfolded: &'a Unfolded,
    /// Steps that may be chosen at all.
    pub(super) allowed: Vec<bool>,
    /// Per capability: its step.
    pub(super) chosen: Vec<u32>,
    /// Per block: something in it is needed or chosen.
    touched: Vec<bool>,
    /// Copies that could change places exist.
    has_twins: bool,
    waits: Vec<u32>,
    had: Vec<bool>,
    seen: Vec<u32>,
    round: u32,
}

impl<'a> Choices<'a> {
    pub(super) fn new(unfolded: &'a Unfolded, allowed: Vec<bool>) -> Choices<'a> {
        let blocks = &unfolded.blocks.all;
        Choices {
            unfolded,
            allowed,
            chosen: vec![NONE; unfolded.nodes.len()],
            touched: vec![false; blocks.len()],
            has_twins: blocks.iter().enumerate().any(|(at, block)| block.family.is_some() && block.twins != at as u32),
            waits: vec![0; unfolded.moves.len()],
            had: vec![false; unfolded.nodes.len()],
            seen: vec![0; unfolded.nodes.len()],
            round: 0,
        }
    }

    /// Forgets all choices.
    pub(super) fn clear(&mut self) {
        self.chosen.fill(NONE);
    }

    /// May this step gain its capability, as things are chosen?
    #[inline]
    pub(super) fn is_active(&self, step: u32) -> bool {
        let chosen = self.chosen[self.unfolded.gains[step as usize] as usize];
        self.allowed[step as usize] && (chosen == NONE || chosen == step)
    }

    /// The capabilities needed and not decided, in the order met from the goal; the chosen steps of the others.
    pub(super) fn frontier(&mut self) -> (Vec<u32>, Vec<u32>) {
        let (mut open, mut steps) = (Vec::new(), Vec::new());
        self.round += 1;
        self.touched.fill(false);
        let Target::At(goal) = self.unfolded.goal else { return (open, steps) };
        let mut stack = vec![goal];
        self.seen[goal as usize] = self.round;
        while let Some(node) = stack.pop() {
            self.touch(self.unfolded.nodes[node as usize].block);
            let step = self.chosen[node as usize];
            if step == NONE {
                open.push(node);
                continue;
            }
            steps.push(step);
            self.touch(self.unfolded.moves[step as usize].block);
            for need in self.unfolded.needs.row(step).iter().rev() {
                if std::mem::replace(&mut self.seen[*need as usize], self.round) != self.round {
                    stack.push(*need);
                }
            }
        }
        (open, steps)
    }

    /// The steps of the choice completed by these, ascending; `None` if that goes in a circle.
    pub(super) fn completed(&self, best: impl Fn(u32) -> u32) -> Option<Vec<u32>> {
        const OPENED: u8 = 1;
        const DONE: u8 = 2;
        let Target::At(goal) = self.unfolded.goal else { return None };
        let step_of = |node: u32| {
            let chosen = self.chosen[node as usize];
            if chosen == NONE { best(node) } else { chosen }
        };
        let mut state = vec![0; self.unfolded.nodes.len()];
        let mut steps = Vec::new();
        let mut stack = vec![(goal, 0)];
        state[goal as usize] = OPENED;
        while let Some((node, next)) = stack.last_mut() {
            let step = step_of(*node);
            if step == NONE {
                return None;
            }
            let Some(need) = self.unfolded.needs.row(step).get(*next).copied() else {
                state[*node as usize] = DONE;
                steps.push(step);
                stack.pop();
                continue;
            };
            *next += 1;
            match state[need as usize] {
                OPENED => return None,
                DONE => {}
                _ => {
                    state[need as usize] = OPENED;
                    stack.push((need, 0));
                }
            }
        }
        steps.sort_unstable();
        Some(steps)
    }

    fn touch(&mut self, block: u32) {
        for around in &self.unfolded.blocks.block(block).path {
            self.touched[*around as usize] = true;
        }
    }

    /// Decides what has only one step left, until nothing more is forced. The decisions, and what is still open.
    pub(super) fn force(&mut self) -> (Vec<(u32, u32)>, Vec<u32>) {
        let mut decided = Vec::new();
        loop {
            let (open, _) = self.frontier();
            let before = decided.len();
            for node in &open {
                let mut ways = self.unfolded.gained_by.row(*node).iter().filter(|step| self.allowed[**step as usize]);
                if let (Some(step), None) = (ways.next(), ways.next()) {
                    self.chosen[*node as usize] = *step;
                    decided.push((*node, *step));
                }
            }
            if decided.len() == before {
                return (decided, open);
            }
        }
    }

    /// Is the goal derivable as things are chosen?
    pub(super) fn can_be_completed(&mut self) -> bool {
        match self.unfolded.goal {
            Target::Had => true,
            Target::Never => false,
            Target::At(goal) => {
                self.derive(NONE);
                self.had[goal as usize]
            }
        }
    }

    /// Everything derivable as things are chosen, but by no step that gains `without`.
    fn derive(&mut self, without: u32) {
        let unfolded = self.unfolded;
        self.had.fill(false);
        let mut queue: Vec<u32> = Vec::new();
        for step in 0..unfolded.moves.len() as u32 {
            let needs = unfolded.needs.row(step).len() as u32;
            self.waits[step as usize] = needs;
            if needs == 0 {
                self.happen(step, without, &mut queue);
            }
        }
        while let Some(node) = queue.pop() {
            for step in unfolded.needed_by.row(node) {
                self.waits[*step as usize] -= 1;
                if self.waits[*step as usize] == 0 {
                    self.happen(*step, without, &mut queue);
                }
            }
        }
    }

    fn happen(&mut self, step: u32, without: u32, queue: &mut Vec<u32>) {
        let node = self.unfolded.gains[step as usize];
        if node != without && !self.had[node as usize] && self.is_active(step) {
            self.had[node as usize] = true;
            queue.push(node);
        }
    }

    /// The steps that can gain an open capability without going in a circle; ascending. Of copies that could change places, the first
    /// untouched one stands for all. To be called with the frontier up to date.
    pub(super) fn ways(&mut self, node: u32) -> Vec<u32> {
        self.derive(node);
        let unfolded = self.unfolded;
        let ways = unfolded.gained_by.row(node).iter().copied().filter(|step| {
            self.allowed[*step as usize] && unfolded.needs.row(*step).iter().all(|need| self.had[*need as usize])
        });
        ways.filter(|step| self.comes_first(*step)).collect()
    }

    /// Copies not yet in use are interchangeable: a step that takes new ones must take the first of them. A choice that this leaves out has
    /// an image under the exchange that comes earlier among all choices, so the earliest image of every path is found.
    fn comes_first(&self, step: u32) -> bool {
        if !self.has_twins {
            return true;
        }
        let unfolded = self.unfolded;
        let needs = unfolded.needs.row(step).iter().map(|need| unfolded.nodes[*need as usize].block);
        let blocks = needs.chain([unfolded.moves[step as usize].block]);
        let mut new: Vec<u32> = blocks.flat_map(|block| unfolded.blocks.block(block).path.iter().copied()).collect();
        new.retain(|block| !self.touched[*block as usize]);
        new.iter().all(|block| {
            let twins = unfolded.blocks.block(*block).twins;
            let earlier = (twins..*block).filter(|other| unfolded.blocks.block(*other).twins == twins);
            earlier.into_iter().all(|other| self.touched[other as usize] || new.contains(&other))
        })
    }
}
