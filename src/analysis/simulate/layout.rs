//! From a threat to what is simulated: shared things once, members that must be told apart one by one, and the rest of each family as a
//! population of which a world has as many copies as there are sets of failures in it.

use std::fmt;

use super::arena::{Arena, Draw, Steps};
use super::keys::{Keys, of_copy};
use super::population::Population;
use crate::graph::families::{chain, copies_seen, shared_depth};
use crate::graph::unfold::{Copies, Csr, Question, Target, TooLarge, Unfolded, unfold};
use crate::graph::{CapabilityGraph, FamilyId, StepId};

/// Steps that are laid out one by one for members that must be told apart, at most.
const LARGEST: u64 = 1_000_000;

/// Why a threat cannot be simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsampled {
    /// Members that must be told apart make too many steps.
    TooLarge(TooLarge),
    /// A member of a population has so many assumptions of its own.
    Own(usize),
}

impl fmt::Display for Unsampled {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unsampled::TooLarge(TooLarge { steps, limit }) => {
                write!(out, "members that must be told apart make {steps} steps; more than {limit} are not simulated")
            }
            Unsampled::Own(n) => {
                let most = Population::OWN;
                write!(
                    out,
                    "a member of a population has {n} assumptions of its own; more than {most} are not simulated"
                )
            }
        }
    }
}

impl Unsampled {
    /// What is left to do.
    pub fn remedy(&self) -> &'static str {
        match self {
            Unsampled::TooLarge(_) => "ask it of a smaller class (`--set CLASS.count=N`)",
            Unsampled::Own(_) => "take out what the question does not need (`--without ID`)",
        }
    }
}

impl std::error::Error for Unsampled {}

impl From<TooLarge> for Unsampled {
    fn from(why: TooLarge) -> Unsampled {
        Unsampled::TooLarge(why)
    }
}

/// One threat, laid out.
#[derive(Debug, Clone)]
pub struct Layout {
    /// The graph: of each population one copy.
    pub unfolded: Unfolded,
    /// The draws of its variables; those of a population are given.
    pub draws: Vec<Draw>,
    /// The populations.
    pub populations: Vec<Population>,
    /// Per node: the population it lies in.
    pub node: Vec<Option<u32>>,
    /// Per variable: the population it belongs to, and its position among the own assumptions of a member.
    pub variable: Vec<Option<(u32, u32)>>,
    /// Per step: the population of which it stands in every copy.
    pub step: Vec<Option<u32>>,
}

impl Layout {
    /// Of a threat; with [`Copies::All`] every member one by one.
    ///
    /// # Errors
    /// Why it cannot be simulated.
    pub fn new(graph: &CapabilityGraph, question: &Question) -> Result<Layout, Unsampled> {
        let unfolded = match question.copies {
            Copies::All => unfold(graph, question)?,
            Copies::Lumped => {
                let whole = told_apart(graph, &unfold(graph, question)?);
                refuse_large(graph, &whole)?;
                unfold(graph, &Question { rest: true, whole, ..question.clone() })?
            }
        };
        Layout::of(graph, unfolded)
    }

    fn of(graph: &CapabilityGraph, unfolded: Unfolded) -> Result<Layout, Unsampled> {
        let keys = Keys::of(graph);
        let mut layout = Layout {
            draws: Vec::new(),
            populations: Vec::new(),
            node: Vec::new(),
            variable: Vec::new(),
            step: Vec::new(),
            unfolded,
        };
        let many = layout.place(&keys);
        let unfolded = &layout.unfolded;
        for variable in &unfolded.variables {
            let key = of_copy(keys.assumptions[variable.origin as usize], &unfolded.blocks, variable.block);
            let probability = graph.assumptions[variable.origin as usize].probability;
            let own = many[variable.block as usize].map(|population| {
                let chances = &mut layout.populations[population as usize].chances;
                chances.push(probability);
                (population, chances.len() as u32 - 1)
            });
            layout.variable.push(own);
            layout.draws.push(Draw { key, probability, given: own.is_some() });
        }
        layout.node = unfolded.nodes.iter().map(|node| many[node.block as usize]).collect();
        let touches = |step: usize| {
            let needs = unfolded.needs.row(step as u32).iter();
            let of_needs = || needs.clone().find_map(|need| layout.node[*need as usize]);
            many[unfolded.moves[step].block as usize].or_else(of_needs)
        };
        layout.step = (0..unfolded.moves.len()).map(touches).collect();
        match layout.populations.iter().map(|population| population.chances.len()).max() {
            Some(own) if own > Population::OWN => Err(Unsampled::Own(own)),
            _ => Ok(layout),
        }
    }

    /// Numbers the populations: blocks that stand for several members. Gives the population of each block.
    fn place(&mut self, keys: &Keys) -> Vec<Option<u32>> {
        let blocks = &self.unfolded.blocks;
        let mut many = Vec::new();
        for (at, block) in blocks.all.iter().enumerate() {
            let count = block.members.1 - block.members.0;
            let family = block.family.filter(|_| count > 1);
            many.push(family.map(|family| {
                let key = of_copy(keys.families[family.0 as usize], blocks, at as u32);
                self.populations.push(Population { key, count, chances: Vec::new() });
                self.populations.len() as u32 - 1
            }));
        }
        many
    }

    /// The same with other probabilities, by assumption of the graph.
    pub fn with_numbers(mut self, numbers: &[f64]) -> Layout {
        for (at, variable) in self.unfolded.variables.iter().enumerate() {
            let number = numbers[variable.origin as usize];
            self.draws[at].probability = number;
            if let Some((population, own)) = self.variable[at] {
                self.populations[population as usize].chances[own as usize] = number;
            }
        }
        self
    }

    /// The flat graph with so many copies of each population's block, and where the draws of each copy are kept.
    pub fn arena(&self, copies: &[usize]) -> Arranged {
        let unfolded = &self.unfolded;
        let places = |size: usize, population: &dyn Fn(usize) -> Option<u32>| -> (Vec<u32>, u32) {
            let mut next = 0;
            let mut firsts = Vec::with_capacity(size);
            for at in 0..size {
                firsts.push(next);
                next += population(at).map_or(1, |population| copies[population as usize] as u32);
            }
            (firsts, next)
        };
        let (node, nodes) = places(unfolded.nodes.len(), &|at| self.node[at]);
        let (variable, variables) = places(unfolded.variables.len(), &|at| self.variable[at].map(|own| own.0));
        let mut draws = Vec::with_capacity(variables as usize);
        for (at, draw) in self.draws.iter().enumerate() {
            let n = self.variable[at].map_or(1, |own| copies[own.0 as usize]);
            draws.extend(std::iter::repeat_n(*draw, n));
        }
        let (mut needs, mut rests, mut gains) = (Vec::new(), Vec::new(), Vec::new());
        let mut origin = Vec::new();
        for step in 0..unfolded.moves.len() {
            let own = self.step[step];
            for copy in 0..own.map_or(1, |population| copies[population as usize] as u32) {
                let at_node = |at: u32| node[at as usize] + if self.node[at as usize].is_some() { copy } else { 0 };
                let at_variable =
                    |at: u32| variable[at as usize] + if self.variable[at as usize].is_some() { copy } else { 0 };
                needs.push(unfolded.needs.row(step as u32).iter().map(|at| at_node(*at)).collect::<Vec<u32>>());
                rests.push(unfolded.rests.row(step as u32).iter().map(|at| at_variable(*at)).collect::<Vec<u32>>());
                gains.push(at_node(unfolded.gains[step]));
                origin.push((step as u32, copy));
            }
        }
        let steps = Steps {
            needs: Csr::new(needs.iter().map(Vec::as_slice)),
            rests: Csr::new(rests.iter().map(Vec::as_slice)),
            gains,
            nodes: nodes as usize,
        };
        let goal = match unfolded.goal {
            Target::At(at) => Target::At(node[at as usize]),
            fixed => fixed,
        };
        let arena = Arena::new(&steps, &draws, goal);
        let goal = match goal {
            Target::At(at) => Some(at),
            Target::Had | Target::Never => None,
        };
        let mut given = vec![Vec::new(); self.populations.len()];
        for (at, own) in self.variable.iter().enumerate() {
            let Some((population, _)) = own else { continue };
            let copies = copies[*population as usize] as u32;
            let kept = (0..copies).filter_map(|copy| arena.variables[(variable[at] + copy) as usize].kept);
            given[*population as usize].push(kept.collect());
        }
        let mut variable_origin = Vec::with_capacity(variables as usize);
        for (at, own) in self.variable.iter().enumerate() {
            let n = own.map_or(1, |own| copies[own.0 as usize] as u32);
            variable_origin.extend((0..n).map(|copy| (at as u32, copy)));
        }
        Arranged { arena, steps, goal, origin, variable_origin, given }
    }
}

/// A flat graph with what belongs to it.
#[derive(Debug, Clone)]
pub struct Arranged {
    /// The flat graph.
    pub arena: Arena,
    /// The steps it was made of.
    pub steps: Steps,
    /// The goal among the capabilities of these steps, if there is something to do.
    pub goal: Option<u32>,
    /// For each of them, the step of the layout and which copy it is.
    pub origin: Vec<(u32, u32)>,
    /// For each variable, that of the layout and which copy it is.
    pub variable_origin: Vec<(u32, u32)>,
    /// By population, own assumption and copy: where its draws are kept.
    pub given: Vec<Vec<Vec<u32>>>,
}

/// Families whose members must be told apart: a quorum of two or more counts them, or they have populations of their own inside.
fn told_apart(graph: &CapabilityGraph, unfolded: &Unfolded) -> Vec<FamilyId> {
    let mut whole: Vec<FamilyId> = Vec::new();
    let steps = unfolded.moves.iter().filter_map(|step| step.origin);
    for step in steps.map(|id: StepId| graph.step(id)) {
        let around = chain(graph, step.family);
        whole.extend(around.iter().rev().skip(1));
        let Some(quorum) = &step.quorum else { continue };
        for entry in quorum.of.iter().filter(|entry| copies_seen(graph, &around, **entry) > 1) {
            let inner = chain(graph, graph.capability(*entry).family);
            let own = &inner[shared_depth(&around, &inner)..];
            // Of "at least one" each member is a way of its own; only what lies around the counted members must be told apart.
            let counted = if quorum.at_least > 1 { own } else { &own[..own.len().saturating_sub(1)] };
            whole.extend(counted);
        }
    }
    whole.sort_unstable();
    whole.dedup();
    whole
}

fn refuse_large(graph: &CapabilityGraph, whole: &[FamilyId]) -> Result<(), TooLarge> {
    let copies = |family: Option<FamilyId>| {
        let around = chain(graph, family).into_iter().filter(|family| whole.contains(family));
        around.map(|family| graph.families[family.0 as usize].count).fold(1, u64::saturating_mul)
    };
    let steps = graph.steps.iter().map(|step| copies(step.family)).fold(0, u64::saturating_add);
    if steps > LARGEST { Err(TooLarge { steps, limit: LARGEST }) } else { Ok(()) }
}
