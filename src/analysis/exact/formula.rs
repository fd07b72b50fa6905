//! A threat as a system of monotone Boolean equations over the assumptions that may fail: each node is the OR of its rules, each rule the
//! AND of nodes and variables, and the answer is the least solution.
//!
//! A block that stands for many members is one *population*: its nodes, rules and variables describe one copy, and `count` independent copies
//! act beside each other. What a copy gains outside its block goes to an *output* of its own, so that the rules of one copy never feed the
//! shared nodes directly; the shared nodes that some copy can gain are the *interface*.

use std::collections::BTreeMap;

use super::Stopped;
use crate::graph::families::{chain, copies_seen, shared_depth};
use crate::graph::unfold::{Block, Question, SHARED, Target, Unfolded, unfold};
use crate::graph::{CapabilityGraph, FamilyId};

/// Members that are written out one by one where a quorum counts them, at most.
pub const COUNTED: u64 = 64;

/// One way to a node: all needs and all variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Nodes needed.
    pub needs: Vec<u32>,
    /// Variables that must have failed.
    pub rests: Vec<u32>,
    /// Node gained.
    pub gains: u32,
}

/// One variable of the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// Position of what varies in the graph.
    pub origin: u32,
    /// The population it belongs to; `None` is shared.
    pub population: Option<u32>,
}

/// Independent copies of one block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Population {
    /// How many.
    pub count: u64,
    /// For each interface node a copy can gain: (its position in the interface, the output).
    pub outputs: Vec<(usize, u32)>,
}

/// The system of one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formula {
    /// How many nodes.
    pub nodes: usize,
    /// Per node: the population whose copies have it; `None` is shared. An output belongs to its population.
    pub home: Vec<Option<u32>>,
    /// Every way to a node.
    pub rules: Vec<Rule>,
    /// What varies; for an unfolded question, its variables in their order.
    pub variables: Vec<Variable>,
    /// What must not be reached.
    pub goal: Target,
    /// Copies of blocks.
    pub populations: Vec<Population>,
    /// Shared nodes that some copy can gain.
    pub interface: Vec<u32>,
}

impl Formula {
    /// The system of an unfolded question in which every copy stands for itself: sets are looked for in it.
    pub fn plain(unfolded: &Unfolded) -> Formula {
        let rule = |at: u32| Rule {
            needs: unfolded.needs.row(at).to_vec(),
            rests: unfolded.rests.row(at).to_vec(),
            gains: unfolded.gains[at as usize],
        };
        let variable =
            |variable: &crate::graph::unfold::Variable| Variable { origin: variable.origin, population: None };
        Formula {
            nodes: unfolded.nodes.len(),
            home: vec![None; unfolded.nodes.len()],
            rules: (0..unfolded.moves.len() as u32).map(rule).collect(),
            variables: unfolded.variables.iter().map(variable).collect(),
            goal: unfolded.goal,
            populations: Vec::new(),
            interface: Vec::new(),
        }
    }

    /// The system of a question, with populations where blocks stand for many.
    ///
    /// # Errors
    /// A quorum that counts more than [`COUNTED`] members, or a population of more than that within a population.
    pub fn of(graph: &CapabilityGraph, question: &Question) -> Result<Formula, Stopped> {
        match Split::of(graph, &lay_out(graph, question, 1)?) {
            Err(Stopped::Nested) => {
                let inner = |id: &FamilyId| {
                    let family = &graph.families[id.0 as usize];
                    family.within.is_some() && family.count <= COUNTED
                };
                let whole = (0..graph.families.len() as u32).map(FamilyId).filter(inner).collect();
                Split::of(graph, &lay_out(graph, &Question { whole, ..question.clone() }, 1)?)
            }
            found => found,
        }
    }
}

/// Unfolds a question so that a block either stands for itself or for so many copies that are alike in everything: families that a quorum
/// counts, and those of at most `small` members, are written out; a goal in a family gets a copy of its own.
///
/// # Errors
/// A quorum that counts more than [`COUNTED`] members.
pub fn lay_out(graph: &CapabilityGraph, question: &Question, small: u64) -> Result<Unfolded, Stopped> {
    let unfolded = unfold(graph, question)?;
    let mut whole = counted(graph, &unfolded)?;
    whole.extend(&question.whole);
    let count = |id: &FamilyId| graph.families[id.0 as usize].count;
    whole.extend((0..graph.families.len() as u32).map(FamilyId).filter(|id| (2..=small).contains(&count(id))));
    whole.sort_unstable();
    whole.dedup();
    let rest = match unfolded.goal {
        Target::At(goal) => unfolded.nodes[goal as usize].block != SHARED,
        Target::Had | Target::Never => false,
    };
    match whole.is_empty() && !rest {
        true => Ok(unfolded),
        false => Ok(unfold(graph, &Question { whole, rest, ..question.clone() })?),
    }
}

/// Families whose members a quorum of two or more counts.
fn counted(graph: &CapabilityGraph, unfolded: &Unfolded) -> Result<Vec<FamilyId>, Stopped> {
    let mut whole: Vec<FamilyId> = Vec::new();
    for step in unfolded.moves.iter().filter_map(|step| step.origin) {
        let step = graph.step(step);
        let Some(quorum) = step.quorum.as_ref().filter(|quorum| quorum.at_least > 1) else { continue };
        let around = chain(graph, step.family);
        for entry in quorum.of.iter().filter(|entry| copies_seen(graph, &around, **entry) > 1) {
            let inner = chain(graph, graph.capability(*entry).family);
            whole.extend(&inner[shared_depth(&around, &inner)..]);
        }
    }
    whole.sort_unstable();
    whole.dedup();
    match whole.iter().map(|family| graph.families[family.0 as usize].count).max() {
        Some(members) if members > COUNTED => Err(Stopped::Counted { members }),
        _ => Ok(whole),
    }
}

/// What each block of a layout stands for within the block around it: the last copy of a family for all members not laid out before it.
pub(super) fn members(graph: &CapabilityGraph, unfolded: &Unfolded) -> Vec<u64> {
    let blocks = &unfolded.blocks;
    let of = |block: &Block| {
        let Some(family) = block.family else { return 1 };
        let last = blocks.of(block.family).iter().map(|id| blocks.block(*id).members.1).max();
        match last == Some(block.members.1) {
            true => graph.families[family.0 as usize].count.saturating_sub(block.members.0),
            false => block.members.1 - block.members.0,
        }
    };
    blocks.all.iter().map(of).collect()
}

/// An unfolded question on its way to a system with populations.
struct Split<'a> {
    unfolded: &'a Unfolded,
    /// Per block: the members it stands for within the block around it.
    members: Vec<u64>,
    /// Per block: the population it belongs to.
    population: Vec<Option<u32>>,
    formula: Formula,
    /// Outputs made so far: (population, shared node) to output.
    outputs: BTreeMap<(u32, u32), u32>,
    /// Shared nodes "some copy has this".
    somewhere: BTreeMap<u32, u32>,
}

impl<'a> Split<'a> {
    fn of(graph: &CapabilityGraph, unfolded: &'a Unfolded) -> Result<Formula, Stopped> {
        let mut split = Split {
            unfolded,
            members: members(graph, unfolded),
            population: Vec::new(),
            formula: Formula { rules: Vec::new(), ..Formula::plain(unfolded) },
            outputs: BTreeMap::new(),
            somewhere: BTreeMap::new(),
        };
        split.place()?;
        for (at, variable) in unfolded.variables.iter().enumerate() {
            split.formula.variables[at].population = split.population[variable.block as usize];
        }
        (0..unfolded.moves.len() as u32).for_each(|step| split.lay(step));
        split.connect();
        Ok(split.formula)
    }

    /// Numbers the populations. A copy of what stands for one member is part of what is around it.
    fn place(&mut self) -> Result<(), Stopped> {
        let mut numbered: Vec<u32> = Vec::new();
        for block in &self.unfolded.blocks.all {
            let mut around = block.path.iter().filter(|id| self.members[**id as usize] > 1);
            let own = around.next().copied();
            if around.next().is_some() && self.is_used(block.ordinal, block.family) {
                return Err(Stopped::Nested);
            }
            let known = own.map(|own| numbered.iter().position(|block| *block == own).unwrap_or(numbered.len()));
            if let Some(own) = own.filter(|_| known == Some(numbered.len())) {
                numbered.push(own);
                let count = self.members[own as usize];
                self.formula.populations.push(Population { count, outputs: Vec::new() });
            }
            self.population.push(known.map(|number| number as u32));
        }
        let home = |node: &crate::graph::unfold::Node| self.population[node.block as usize];
        self.formula.home = self.unfolded.nodes.iter().map(home).collect();
        Ok(())
    }

    fn is_used(&self, ordinal: u32, family: Option<FamilyId>) -> bool {
        let lies_there = |id: u32| {
            let block = self.unfolded.blocks.block(id);
            block.ordinal == ordinal && block.family == family
        };
        self.unfolded.moves.iter().any(|step| lies_there(step.block))
            || self.unfolded.nodes.iter().any(|node| lies_there(node.block))
    }

    fn node(&mut self, home: Option<u32>) -> u32 {
        self.formula.nodes += 1;
        self.formula.home.push(home);
        self.formula.nodes as u32 - 1
    }

    fn lay(&mut self, step: u32) {
        let unfolded = self.unfolded;
        let own = self.population[unfolded.moves[step as usize].block as usize];
        let mut needs = Vec::new();
        for need in unfolded.needs.row(step) {
            let there = self.formula.home[*need as usize];
            needs.push(if there.is_none() || there == own { *need } else { self.some_copy(*need) });
        }
        let gains = unfolded.gains[step as usize];
        let gains =
            if own.is_some() && self.formula.home[gains as usize].is_none() { self.output(own, gains) } else { gains };
        self.formula.rules.push(Rule { needs, rests: unfolded.rests.row(step).to_vec(), gains });
    }

    /// The shared node "some copy has this node of its block".
    fn some_copy(&mut self, node: u32) -> u32 {
        if let Some(known) = self.somewhere.get(&node) {
            return *known;
        }
        let shared = self.node(None);
        self.somewhere.insert(node, shared);
        let own = self.formula.home[node as usize];
        let gains = self.output(own, shared);
        self.formula.rules.push(Rule { needs: vec![node], rests: Vec::new(), gains });
        shared
    }

    fn output(&mut self, population: Option<u32>, shared: u32) -> u32 {
        let key = (population.unwrap_or(SHARED), shared);
        if let Some(known) = self.outputs.get(&key) {
            return *known;
        }
        let output = self.node(population);
        self.outputs.insert(key, output);
        output
    }

    /// Lists the interface and what each population adds to it.
    fn connect(&mut self) {
        let mut interface: Vec<u32> = self.outputs.keys().map(|(_, shared)| *shared).collect();
        interface.sort_unstable();
        interface.dedup();
        for ((population, shared), output) in &self.outputs {
            let place = interface.partition_point(|at| at < shared);
            self.formula.populations[*population as usize].outputs.push((place, *output));
        }
        self.formula.interface = interface;
    }
}
