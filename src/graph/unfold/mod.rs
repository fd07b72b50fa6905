//! The view of a graph that answers are computed on: guards applied, families unfolded into the copies that matter, cut down to
//! what can happen and leads to the goal.
//!
//! What comes out is pure AND/OR: a quorum becomes capabilities of its own, "at least j of the entries from i on", gained by
//! steps that count entry i or pass it by. These steps carry no origin, cost nothing and are never shown. Capabilities had from
//! the start are gone from the needs, so a step without needs can happen at once.

mod blocks;
mod build;
mod csr;
mod expand;
mod folded;
mod plan;
mod quorums;

use std::collections::BTreeMap;
use std::fmt;

pub use blocks::{Block, Blocks, SHARED};
pub use csr::Csr;
pub use expand::expand;
pub use plan::{INDIVIDUALS, Plan};

use super::{AssumptionId, CapabilityGraph, CapabilityId, ControlId, FamilyId, PrincipalId, StepId, Threat};

/// An expanded graph of more steps than this is refused.
pub const MAX_EXPANDED: u64 = 200_000;

/// How families are unfolded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Copies {
    /// As few copies as give the same answers.
    #[default]
    Lumped,
    /// Every member.
    All,
}

/// Every member would make more than the stated number of steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge {
    /// Steps it would have.
    pub steps: u64,
    /// Steps it may have.
    pub limit: u64,
}

impl fmt::Display for TooLarge {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "the expanded graph would have {} steps; more than {} are refused. Blocks give the same answers without --expand; a smaller `count` can be expanded",
            self.steps, self.limit
        )
    }
}

impl std::error::Error for TooLarge {}

/// What may or may not be so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Variables {
    /// Each assumption may have failed, but for these, which hold.
    Assumptions {
        /// Taken as holding.
        holding: Vec<AssumptionId>,
    },
    /// Each of these principals may be dishonest; every assumption holds.
    Principals(Vec<PrincipalId>),
    /// Each of these controls may be absent, and takes nothing in where it is on; every assumption has failed.
    Controls(Vec<ControlId>),
}

/// What is asked of a graph.
#[derive(Debug, Clone)]
pub struct Question {
    /// Had from the start; one in a family is had in all copies.
    pub had: Vec<CapabilityId>,
    /// What must not be reached; one in a family is its first copy. `None`: nothing in particular.
    pub goal: Option<CapabilityId>,
    /// Looked at beside the goal: all copies but the goal itself.
    pub others: Vec<CapabilityId>,
    /// Those of them outside the victim's group; empty: those in a block within another.
    pub apart: Vec<CapabilityId>,
    /// What varies.
    pub variables: Variables,
    /// How families are unfolded.
    pub copies: Copies,
    /// With one more copy that stands for all members not otherwise used.
    pub rest: bool,
    /// Families of which every member is written out, whatever the answers need.
    pub whole: Vec<FamilyId>,
    /// Steps that count as another.
    pub alike_steps: BTreeMap<StepId, StepId>,
    /// Assumptions that count as another.
    pub alike_assumptions: BTreeMap<AssumptionId, AssumptionId>,
    /// Principals that count as another.
    pub alike_principals: BTreeMap<PrincipalId, PrincipalId>,
}

impl Question {
    /// A threat's own question: from its footholds, as assumptions fail.
    pub fn of(threat: &Threat, copies: Copies) -> Question {
        Question {
            had: threat.start.iter().chain(&threat.public).copied().collect(),
            goal: Some(threat.goal),
            others: Vec::new(),
            apart: threat.apart.clone(),
            variables: Variables::Assumptions { holding: Vec::new() },
            copies,
            rest: false,
            whole: Vec::new(),
            alike_steps: threat.alike_steps.iter().copied().collect(),
            alike_assumptions: threat.alike_assumptions.iter().copied().collect(),
            alike_principals: threat.alike_principals.iter().copied().collect(),
        }
    }

    /// The same with these assumptions taken as holding.
    pub fn holding(mut self, holding: Vec<AssumptionId>) -> Question {
        self.variables = Variables::Assumptions { holding };
        self
    }

    /// The same goal from what is public, as principals are dishonest; the threat's own footholds do not count.
    pub fn among(threat: &Threat, candidates: Vec<PrincipalId>, copies: Copies) -> Question {
        let had = threat.public.clone();
        Question { had, variables: Variables::Principals(candidates), ..Question::of(threat, copies) }
    }

    /// The threat's question as controls are absent, whatever assumptions fail.
    pub fn without(threat: &Threat, controls: Vec<ControlId>, copies: Copies) -> Question {
        Question { variables: Variables::Controls(controls), ..Question::of(threat, copies) }
    }

    /// The threat's question for every member, those no answer needs to tell apart as one copy that weighs as many.
    pub fn everywhere(threat: &Threat, copies: Copies) -> Question {
        Question { others: threat.others.clone(), rest: true, ..Question::of(threat, copies) }
    }
}

/// Where a capability that is asked about stands in the unfolded graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Had from the start.
    Had,
    /// Not derivable whatever varies.
    Never,
    /// This capability.
    At(u32),
}

/// A copy of one of the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Other {
    /// Where.
    pub target: Target,
    /// Members it stands for.
    pub weight: u64,
    /// Outside the victim's group.
    pub apart: bool,
}

/// An unfolded capability.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// Which it is of the graph; `None` for the count of a quorum.
    pub origin: Option<CapabilityId>,
    /// The block it lies in.
    pub block: u32,
}

/// An unfolded step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// Which it is of the graph; `None` for counting in a quorum and for a principal turning dishonest.
    pub origin: Option<StepId>,
    /// The step it counts as in answers.
    pub counts_as: StepId,
    /// The block it lies in.
    pub block: u32,
    /// Members it stands for.
    pub weight: u64,
}

/// An unfolded variable: an assumption that may fail, a principal that may be dishonest, or a control that may be absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// Position of the assumption, principal or control in the graph.
    pub origin: u32,
    /// The one it counts as in answers.
    pub counts_as: u32,
    /// The block it lies in.
    pub block: u32,
    /// Members it stands for.
    pub weight: u64,
}

/// The unfolded graph of one question. Steps and variables stand in the order of what they count as.
#[derive(Debug, Clone)]
pub struct Unfolded {
    /// OR nodes.
    pub nodes: Vec<Node>,
    /// AND nodes.
    pub moves: Vec<Move>,
    /// What varies.
    pub variables: Vec<Variable>,
    /// Step -> capabilities needed.
    pub needs: Csr,
    /// Step -> variables it rests on.
    pub rests: Csr,
    /// Step -> capability gained.
    pub gains: Vec<u32>,
    /// Capability -> steps that gain it.
    pub gained_by: Csr,
    /// Capability -> steps that need it.
    pub needed_by: Csr,
    /// Variable -> steps that rest on it.
    pub carried_by: Csr,
    /// The goal.
    pub goal: Target,
    /// Copies of the others.
    pub others: Vec<Other>,
    /// Copies of blocks.
    pub blocks: Blocks,
    /// No two steps, and no two variables, count as the same.
    pub one_to_one: bool,
    /// Some block stands for members that act as one: answers in which they differ are not enumerated.
    pub as_one: bool,
    /// The smallest answers are those of the expanded graph.
    pub exact: bool,
}

/// Unfolds a graph for one question.
pub fn unfold(graph: &CapabilityGraph, question: &Question) -> Result<Unfolded, TooLarge> {
    build::unfold(graph, question)
}
