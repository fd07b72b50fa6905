//! A graph laid out for answers about one foothold and one failure.
//!
//! Three copies of a block are enough: that of the foothold, that of the failure, and one that stands for all the rest. The rest
//! are alike, since nothing touched any of them, so they hold the same capabilities.

use crate::graph::derive::exists;
use crate::graph::unfold::Blocks;
use crate::graph::{CapabilityGraph, CapabilityId, StepId};

/// A laid out step: what it waits for.
struct Step {
    origin: StepId,
    gains: u32,
    needs: Vec<u32>,
    variables: Vec<u32>,
    /// Members of its quorum it needs; 0 without one.
    at_least: u64,
}

/// A step of the layout, by what it is gained from.
pub(super) struct Gain<'a> {
    /// The step of the graph.
    pub(super) step: &'a crate::graph::Step,
    /// Capabilities it needs, those of its quorum left out.
    pub(super) needs: &'a [u32],
    /// Members of its quorum that are among the given ones suffice.
    pub(super) quorum_met: bool,
}

/// The layout: nodes are copies of capabilities, variables copies of assumptions.
pub(super) struct Layout<'a> {
    graph: &'a CapabilityGraph,
    pub(super) blocks: Blocks,
    /// Per node: its capability and its block.
    pub(super) nodes: Vec<(CapabilityId, u32)>,
    /// First node of each capability.
    first: Vec<u32>,
    /// Per variable: the assumption and its block.
    pub(super) variables: Vec<(usize, u32)>,
    steps: Vec<Step>,
    /// Per node: steps that need it.
    needed_by: Vec<Vec<u32>>,
    /// Per node: steps whose quorum counts it, and for how many members.
    counted_by: Vec<Vec<(u32, u64)>>,
    /// Per variable: steps that rest on it.
    carried_by: Vec<Vec<u32>>,
    /// Per node: steps that gain it.
    gained_by: Vec<Vec<u32>>,
}

impl<'a> Layout<'a> {
    pub(super) fn new(graph: &'a CapabilityGraph) -> Layout<'a> {
        let weights = |count: u64| match count {
            0..=2 => vec![1; count as usize],
            count => vec![1, 1, count - 2],
        };
        let copies: Vec<Vec<u64>> = graph.families.iter().map(|family| weights(family.count)).collect();
        let blocks = Blocks::new(graph, &copies);
        let mut nodes = Vec::new();
        let mut first = Vec::new();
        for (at, capability) in graph.capabilities.iter().enumerate() {
            first.push(nodes.len() as u32);
            nodes.extend(blocks.of(capability.family).iter().map(|block| (CapabilityId(at as u32), *block)));
        }
        let mut layout = Layout {
            graph,
            needed_by: vec![Vec::new(); nodes.len()],
            counted_by: vec![Vec::new(); nodes.len()],
            gained_by: vec![Vec::new(); nodes.len()],
            blocks,
            nodes,
            first,
            variables: Vec::new(),
            steps: Vec::new(),
            carried_by: Vec::new(),
        };
        layout.lay_steps();
        layout
    }

    fn lay_steps(&mut self) {
        let graph = self.graph;
        let mut first_variable = Vec::new();
        for (at, assumption) in graph.assumptions.iter().enumerate() {
            first_variable.push(self.variables.len() as u32);
            self.variables.extend(self.blocks.of(assumption.family).iter().map(|block| (at, *block)));
        }
        self.carried_by = vec![Vec::new(); self.variables.len()];
        for (at, step) in graph.steps.iter().enumerate().filter(|(_, step)| exists(graph, step)) {
            for block in self.blocks.of(step.family).to_vec() {
                let needs: Option<Vec<u32>> = step.needs.iter().map(|id| self.node(*id, block)).collect();
                let variables: Option<Vec<u32>> = step
                    .assumptions
                    .iter()
                    .map(|id| {
                        let own = self.blocks.around(block, graph.assumption(*id).family)?;
                        Some(first_variable[id.0 as usize] + self.blocks.block(own).ordinal)
                    })
                    .collect();
                if let (Some(needs), Some(variables), Some(gains)) = (needs, variables, self.node(step.gains, block)) {
                    self.lay(Step { origin: StepId(at as u32), gains, needs, variables, at_least: 0 }, block);
                }
            }
        }
    }

    fn lay(&mut self, mut step: Step, block: u32) {
        let at = self.steps.len() as u32;
        step.needs.iter().for_each(|need| self.needed_by[*need as usize].push(at));
        step.variables.iter().for_each(|variable| self.carried_by[*variable as usize].push(at));
        self.gained_by[step.gains as usize].push(at);
        let graph = self.graph;
        if let Some(quorum) = &graph.step(step.origin).quorum {
            step.at_least = u64::from(quorum.at_least);
            for id in &quorum.of {
                for copy in self.blocks.seen(block, graph.capability(*id).family) {
                    let node = self.first[id.0 as usize] + self.blocks.block(copy).ordinal;
                    let members = self.weight_within(block, copy);
                    self.counted_by[node as usize].push((at, members));
                }
            }
        }
        self.steps.push(step);
    }

    /// Members a block stands for within the blocks it has in common with another.
    fn weight_within(&self, block: u32, copy: u32) -> u64 {
        let (around, inner) = (&self.blocks.block(block).path, self.blocks.block(copy));
        let common = around.iter().zip(&inner.path).take_while(|(a, b)| a == b).count();
        let outer = common.checked_sub(1).map_or(1, |at| self.blocks.block(inner.path[at]).weight);
        inner.weight / outer.max(1)
    }

    /// The copy of a capability that a step in `block` touches.
    fn node(&self, id: CapabilityId, block: u32) -> Option<u32> {
        let own = self.blocks.around(block, self.graph.capability(id).family)?;
        Some(self.first[id.0 as usize] + self.blocks.block(own).ordinal)
    }

    /// All copies of a capability.
    pub(super) fn copies(&self, id: CapabilityId) -> std::ops::Range<u32> {
        let first = self.first[id.0 as usize];
        first..first + self.blocks.of(self.graph.capability(id).family).len() as u32
    }

    /// Members a node stands for.
    pub(super) fn weight(&self, node: u32) -> u64 {
        self.blocks.block(self.nodes[node as usize].1).weight
    }

    /// The variables that are one failure each; those of the rest are like those of the second copy.
    pub(super) fn single(&self) -> impl Iterator<Item = u32> {
        let one = |at: &u32| self.blocks.block(self.variables[*at as usize].1).weight == 1;
        (0..self.variables.len() as u32).filter(one)
    }

    /// In how many of the blocks around the root's copy a node lies: nodes of one capability with the same number are alike.
    pub(super) fn nearness(&self, root: u32, node: u32) -> usize {
        let path = |node: u32| &self.blocks.block(self.nodes[node as usize].1).path;
        path(root).iter().zip(path(node)).take_while(|(a, b)| a == b).count()
    }

    /// The steps that gain a node, judged by what is given.
    pub(super) fn gains(&self, node: u32, given: &dyn Fn(&u32) -> bool) -> impl Iterator<Item = Gain<'_>> {
        self.gained_by[node as usize].iter().map(move |at| {
            let laid = &self.steps[*at as usize];
            let step = self.graph.step(laid.origin);
            let entries = step.quorum.iter().flat_map(|quorum| &quorum.of).flat_map(|id| self.copies(*id));
            let counts = |node: u32| self.counted_by[node as usize].iter().filter(|(step, _)| step == at);
            let members: u64 = entries.filter(given).flat_map(counts).map(|(_, n)| *n).fold(0, u64::saturating_add);
            Gain { step, needs: &laid.needs, quorum_met: members >= laid.at_least }
        })
    }
}

/// What is held, and what was added last.
#[derive(Clone)]
pub(super) struct Held<'a> {
    layout: &'a Layout<'a>,
    had: Vec<bool>,
    failed: Vec<bool>,
    /// Needs and assumptions each step still waits for.
    waits: Vec<u32>,
    /// Members each quorum counts so far.
    counted: Vec<u64>,
    trail: Vec<Added>,
}

#[derive(Clone, Copy)]
enum Added {
    Node(u32),
    Variable(u32),
}

impl<'a> Held<'a> {
    /// What follows from these capabilities, had in all copies.
    pub(super) fn from(layout: &'a Layout<'a>, public: &[CapabilityId]) -> Held<'a> {
        let waits = layout.steps.iter().map(|step| (step.needs.len() + step.variables.len()) as u32).collect();
        let mut held = Held {
            layout,
            had: vec![false; layout.nodes.len()],
            failed: vec![false; layout.variables.len()],
            waits,
            counted: vec![0; layout.steps.len()],
            trail: Vec::new(),
        };
        public.iter().flat_map(|id| layout.copies(*id)).for_each(|node| held.gain(node));
        (0..layout.steps.len() as u32).for_each(|step| held.try_step(step));
        held.propagate(0);
        held
    }

    /// One more capability, and what follows from it.
    pub(super) fn give(&mut self, node: u32) {
        let from = self.trail.len();
        self.gain(node);
        self.propagate(from);
    }

    /// One more failure, and what follows from it.
    pub(super) fn fail(&mut self, variable: u32) {
        let layout = self.layout;
        if !std::mem::replace(&mut self.failed[variable as usize], true) {
            let from = self.trail.len();
            self.trail.push(Added::Variable(variable));
            for step in &layout.carried_by[variable as usize] {
                self.waits[*step as usize] -= 1;
                self.try_step(*step);
            }
            self.propagate(from);
        }
    }

    fn gain(&mut self, node: u32) {
        if !std::mem::replace(&mut self.had[node as usize], true) {
            self.trail.push(Added::Node(node));
        }
    }

    fn try_step(&mut self, step: u32) {
        let laid = &self.layout.steps[step as usize];
        if self.waits[step as usize] == 0 && self.counted[step as usize] >= laid.at_least {
            self.gain(laid.gains);
        }
    }

    fn propagate(&mut self, mut at: usize) {
        let layout = self.layout;
        while let Some(added) = self.trail.get(at).copied() {
            at += 1;
            let Added::Node(node) = added else { continue };
            for step in &layout.needed_by[node as usize] {
                self.waits[*step as usize] -= 1;
                self.try_step(*step);
            }
            for (step, members) in &layout.counted_by[node as usize] {
                self.counted[*step as usize] = self.counted[*step as usize].saturating_add(*members);
                self.try_step(*step);
            }
        }
    }

    /// The present state, to come back to.
    pub(super) fn mark(&self) -> usize {
        self.trail.len()
    }

    /// Back to an earlier state.
    pub(super) fn undo(&mut self, mark: usize) {
        let layout = self.layout;
        while self.trail.len() > mark {
            match self.trail.pop() {
                Some(Added::Node(node)) => {
                    self.had[node as usize] = false;
                    layout.needed_by[node as usize].iter().for_each(|step| self.waits[*step as usize] += 1);
                    for (step, members) in &layout.counted_by[node as usize] {
                        self.counted[*step as usize] = self.counted[*step as usize].saturating_sub(*members);
                    }
                }
                Some(Added::Variable(variable)) => {
                    self.failed[variable as usize] = false;
                    layout.carried_by[variable as usize].iter().for_each(|step| self.waits[*step as usize] += 1);
                }
                None => return,
            }
        }
    }

    /// Is it held?
    pub(super) fn has(&self, node: u32) -> bool {
        self.had[node as usize]
    }

    /// The nodes added since a state.
    pub(super) fn since(&self, mark: usize) -> impl Iterator<Item = u32> + '_ {
        self.trail[mark..].iter().filter_map(|added| match added {
            Added::Node(node) => Some(*node),
            Added::Variable(_) => None,
        })
    }
}
