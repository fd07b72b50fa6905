//! The capability graph: capabilities (OR) own the steps that gain them, steps (AND) own their needs.
//!
//! This is the contract of `graph --format json`: positions are ids. It is read-only once built; answers are
//! computed on an unfolded view of one threat.

pub mod compact;
pub mod derive;
pub mod dot;
pub mod families;
pub mod graphml;
pub mod ground;
pub mod json;
pub mod mermaid;
pub mod opengraph;
pub mod table;
pub mod unfold;
pub mod verify;

use crate::source::Place;
use crate::units::{Effort, FailureKind};

/// Position of a capability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CapabilityId(pub u32);
/// Position of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepId(pub u32);
/// Position of an assumption variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AssumptionId(pub u32);
/// Position of a control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ControlId(pub u32);
/// Position of a family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FamilyId(pub u32);
/// Position of a principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PrincipalId(pub u32);

/// A capability graph with its threats.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CapabilityGraph {
    /// Design id.
    pub design: String,
    /// Horizon in days.
    pub horizon_days: f64,
    /// Hash of the model (or of the graph file).
    pub model: String,
    /// OR nodes.
    pub capabilities: Vec<Capability>,
    /// Boolean variables "it fails".
    pub assumptions: Vec<Assumption>,
    /// AND nodes.
    pub steps: Vec<Step>,
    /// Switches.
    pub controls: Vec<Control>,
    /// Blocks of interchangeable members.
    pub families: Vec<Family>,
    /// Who can act.
    pub principals: Vec<Principal>,
    /// Questions.
    pub threats: Vec<Threat>,
}

/// A fact the attacker can make true.
#[derive(Debug, Clone, PartialEq)]
pub struct Capability {
    /// `verb(thing)`.
    pub name: String,
    /// Block it belongs to; `None` is shared.
    pub family: Option<FamilyId>,
    /// Steps that gain it, ascending.
    pub gained_by: Vec<StepId>,
}

/// A stated belief that protects something, as a variable "it fails".
#[derive(Debug, Clone, PartialEq)]
pub struct Assumption {
    /// `id(values)`.
    pub name: String,
    /// That it fails within the horizon.
    pub probability: f64,
    /// How the horizon re-evaluates it.
    pub kind: FailureKind,
    /// The range as written.
    pub range: Option<[f64; 3]>,
    /// The parameter that serves it.
    pub parameter: Option<String>,
    /// Block it belongs to.
    pub family: Option<FamilyId>,
    /// It says that this principal is honest and unbreached.
    pub honesty_of: Option<PrincipalId>,
    /// In words.
    pub text: String,
    /// The question for the room.
    pub question: String,
    /// sourced, derived, guess, or empty.
    pub grade: String,
    /// The source, derivation or reason.
    pub source: String,
}

/// What a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StepKind {
    /// Uses a privilege as designed.
    Grant,
    /// Follows from how things are connected.
    Consequence,
    /// Rests on at least one assumption.
    Exploit,
}

/// At least `at_least` of `of`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quorum {
    /// Capabilities; one in a family stands for all its copies inside the step's block.
    pub of: Vec<CapabilityId>,
    /// How many distinct.
    pub at_least: u32,
}

/// All needs, all assumptions failed, the quorum met -> one capability.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Library id, or the verb of a grant.
    pub name: String,
    /// Capabilities needed, ascending, no duplicates.
    pub needs: Vec<CapabilityId>,
    /// Capability gained.
    pub gains: CapabilityId,
    /// Assumptions it rests on, ascending, no duplicates.
    pub assumptions: Vec<AssumptionId>,
    /// Kind as grounded.
    pub kind: StepKind,
    /// Innermost block it touches.
    pub family: Option<FamilyId>,
    /// Exists only if none of these controls is on.
    pub unless: Vec<ControlId>,
    /// Exists only if all of these are on.
    pub only_with: Vec<ControlId>,
    /// Threshold beside the needs.
    pub quorum: Option<Quorum>,
    /// How long it takes; `None` is no time.
    pub effort: Option<Effort>,
    /// Chance that an attempt is noticed.
    pub detected: f64,
    /// Constant duration before it, hours.
    pub delay_h: f64,
    /// The sentence.
    pub says: String,
    /// Model lines that justify it.
    pub because: Vec<Place>,
    /// Assumptions (by parameter) that are constantly failed here and were dropped: a check that is not there.
    pub dropped: Vec<String>,
}

/// A switch.
#[derive(Debug, Clone, PartialEq)]
pub struct Control {
    /// Name.
    pub name: String,
    /// Days, if stated.
    pub cost_days: Option<f64>,
    /// Switched on.
    pub on: bool,
    /// Not together with these.
    pub excludes: Vec<ControlId>,
}

/// `count` interchangeable copies of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// In words, after the class of its members: "other publisher".
    pub name: String,
    /// Copies, >= 1.
    pub count: u64,
    /// Per copy of this outer block.
    pub within: Option<FamilyId>,
}

/// Whoever or whatever can act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// Name, with its role.
    pub name: String,
    /// Its root `act-as`.
    pub capability: CapabilityId,
    /// A coalition candidate by default: an actor or an external service.
    pub candidate: bool,
    /// Not operated by anyone in the model.
    pub external: bool,
    /// The class or entity it belongs to (for `--among`); equal to `name` without its role.
    pub class: String,
}

/// A named question.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Threat {
    /// Name.
    pub name: String,
    /// What anyone has.
    pub public: Vec<CapabilityId>,
    /// Footholds.
    pub start: Vec<CapabilityId>,
    /// What must not be reached.
    pub goal: CapabilityId,
    /// Copies of the goal for the members other than attacker and victim.
    pub others: Vec<CapabilityId>,
    /// Those of `others` outside the victim's group, where families no longer tell (an expanded graph); empty: the nested ones.
    pub apart: Vec<CapabilityId>,
    /// Tolerance.
    pub tolerate: Tolerance,
    /// Title.
    pub title: String,
    /// The name it was written under (`vendor-breach` of `vendor-breach.mail-host`).
    pub group: String,
    /// Why it cannot be asked here, if it cannot.
    pub not_applicable: Option<String>,
    /// Members of seats this threat does not use count as others: (step or assumption of the seat, that of the other).
    pub alike_steps: Vec<(StepId, StepId)>,
    /// The same for assumptions.
    pub alike_assumptions: Vec<(AssumptionId, AssumptionId)>,
    /// The same for principals.
    pub alike_principals: Vec<(PrincipalId, PrincipalId)>,
}

impl Default for CapabilityId {
    fn default() -> Self {
        CapabilityId(u32::MAX)
    }
}

/// What is tolerated; all given parts must hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tolerance {
    /// Anything.
    pub any: bool,
    /// Not by grant.
    pub no_grant: bool,
    /// Must be unreachable.
    pub unreachable: bool,
    /// Holds while any n fail.
    pub failures: Option<u32>,
    /// Upper end of P at most this.
    pub probability: Option<f64>,
    /// Their honesty is taken as holding.
    pub trusting: Vec<PrincipalId>,
}

impl Principal {
    /// Is it the victim, or an owner of its thing? Whom a threat is about is not counted among those who must be trusted.
    pub fn is_victims(&self) -> bool {
        matches!(self.name.rsplit_once('.'), Some((_, "victim" | "owner")))
    }
}

impl CapabilityGraph {
    /// Fills `gained_by` from the steps; to be called once when building.
    pub fn index(&mut self) {
        for capability in &mut self.capabilities {
            capability.gained_by.clear();
        }
        for (at, step) in self.steps.iter().enumerate() {
            if let Some(capability) = self.capabilities.get_mut(step.gains.0 as usize) {
                capability.gained_by.push(StepId(at as u32));
            }
        }
    }

    /// The same graph over another horizon: rates and events are re-evaluated, states stay.
    pub fn at_horizon(mut self, days: f64) -> CapabilityGraph {
        let ratio = days / self.horizon_days;
        for assumption in &mut self.assumptions {
            // Survival multiplies over time: both laws give (1-p)^(new/old).
            if assumption.kind != FailureKind::State {
                assumption.probability = 1.0 - libm::pow(1.0 - assumption.probability, ratio);
            }
        }
        self.horizon_days = days;
        self
    }

    /// A capability.
    pub fn capability(&self, id: CapabilityId) -> &Capability {
        &self.capabilities[id.0 as usize]
    }

    /// A step.
    pub fn step(&self, id: StepId) -> &Step {
        &self.steps[id.0 as usize]
    }

    /// An assumption.
    pub fn assumption(&self, id: AssumptionId) -> &Assumption {
        &self.assumptions[id.0 as usize]
    }
}
