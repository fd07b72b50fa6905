//! The checked model: names are ids, every reference holds, every number is in range.

pub mod answers;
mod document;
pub mod incident;
mod lints;
mod load;
mod path;
mod rate;
mod removal;
mod resolve;
mod schema;

pub use document::{Resolver, beside, read_file};
pub use incident::{HeldThreat, Incident, IncidentEnd};
pub use rate::is_rate;
pub use resolve::{INCIDENT_KEYS, MAX_COUNT};
pub use schema::schema;

pub use load::{Edits, Loaded, load, load_beside, load_source, load_with};

use std::sync::Arc;

use crate::library::{KindId, Library};
use crate::source::{Source, Span};
use crate::units::{Date, Failure, Grade, Number};

/// A model with the library it is written in.
#[derive(Debug, Clone)]
pub struct Model {
    /// Design id.
    pub design: String,
    /// Title.
    pub title: String,
    /// Horizon in days.
    pub horizon_days: f64,
    /// The library, the model's own additions and parameter overrides merged in.
    pub library: Arc<Library>,
    /// Entities, in the order of the file (implicit approval gates last).
    pub entities: Vec<Entity>,
    /// Privileges, in the order of the file.
    pub privileges: Vec<Privilege>,
    /// Controls.
    pub controls: Vec<Control>,
    /// Threats; `{each: ..}` is already one threat per principal.
    pub threats: Vec<ThreatDecl>,
    /// What a working design must give its own publishers.
    pub works: Vec<CapabilityRef>,
    /// What happened to the index it describes; only of an incident model.
    pub incident: Option<Incident>,
    /// Lints accepted on purpose: (lint code, about).
    pub accepted: Vec<(String, String)>,
    /// The register of accepted risks.
    pub accepted_risks: Vec<AcceptedRisk>,
    /// What a review answered.
    pub answers: Vec<answers::Answer>,
    /// What a removal (`--without`, `remove`) took along, and which sets can change no answer: one sentence each.
    pub notes: Vec<String>,
    /// Threats lost by a removal: not applicable, never closed. (id, title)
    pub lost_threats: Vec<(String, String)>,
    /// Every file and command-line patch, in order.
    pub sources: Vec<Arc<Source>>,
    /// `sha256:` of the sources and the library.
    pub hash: String,
}

/// Position in [`Model::entities`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntityId(pub usize);

/// An actor, service or asset.
#[derive(Debug, Clone)]
pub struct Entity {
    /// Id.
    pub id: String,
    /// Kind.
    pub kind: KindId,
    /// Title, if given.
    pub title: Option<String>,
    /// How many there are.
    pub population: Population,
    /// Field values, in the order written; defaults are filled in (span of the entity).
    pub fields: Vec<FieldValue>,
    /// How one becomes a member.
    pub joins: Joins,
    /// It is there only with this probability.
    pub present: Option<(Number, Grade)>,
    /// Where its own number comes from: how many there are, or how often it is there.
    pub grade: Grade,
    /// Of an approval gate: who approves.
    pub gate: Option<GateRule>,
    /// The entry's `id` value.
    pub span: Span,
}

/// How many of an entity there are, and how they line up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Population {
    /// One.
    Single,
    /// A class of `count` members: the base of a family. A class of one is `Single`.
    Base {
        /// Members, >= 2.
        count: u64,
    },
    /// One per member of the base.
    Each {
        /// The base.
        base: EntityId,
    },
    /// `count` per member of the base; `axis` is the entity that introduced the multiplicity.
    Many {
        /// The base.
        base: EntityId,
        /// Entities with the same axis line up one to one.
        axis: EntityId,
        /// >= 2.
        count: u64,
    },
    /// One per `size` members of the base.
    Group {
        /// The base.
        base: EntityId,
        /// Members per group, >= 2; divides the base's count; one size per base.
        size: u64,
    },
}

impl Population {
    /// The base of the family, given the entity's own id.
    pub fn base(self, own: EntityId) -> Option<EntityId> {
        match self {
            Population::Single => None,
            Population::Base { .. } => Some(own),
            Population::Each { base } | Population::Many { base, .. } | Population::Group { base, .. } => Some(base),
        }
    }
}

/// Value of a field.
#[derive(Debug, Clone)]
pub struct FieldValue {
    /// Field name.
    pub name: String,
    /// Value.
    pub value: Value,
    /// Where it is written (the entity's span for a default).
    pub span: Span,
}

/// A checked value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Flag.
    Flag(bool),
    /// One value.
    One(String),
    /// A set of values.
    Set(Vec<String>),
    /// A number.
    Number(f64),
    /// Related entities, each with its own span.
    Refs(Vec<(EntityId, Span)>),
    /// Text.
    Text(String),
    /// Hours.
    Hours(f64),
}

/// How one becomes a member of a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Joins {
    /// Anyone.
    Open,
    /// Nobody new.
    Closed,
    /// After approval.
    Approval {
        /// Approving class.
        by: EntityId,
        /// Distinct approvers.
        of: u32,
        /// Where.
        span: Span,
    },
}

/// Who approves at a gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateRule {
    /// Approving class (or single principal).
    pub by: EntityId,
    /// Distinct approvers.
    pub of: u32,
    /// The holder may approve too.
    pub own: bool,
    /// Where.
    pub span: Span,
}

/// Reach of a privilege.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Member by member.
    Own,
    /// The whole family.
    Any,
}

/// Who may do what over which thing.
#[derive(Debug, Clone)]
pub struct Privilege {
    /// Id, if given.
    pub id: Option<String>,
    /// Holder.
    pub who: EntityId,
    /// Verb id.
    pub verb: String,
    /// Thing.
    pub over: EntityId,
    /// Scope.
    pub scope: Scope,
    /// know(this) suffices too.
    pub using: Option<EntityId>,
    /// Must exist; named in the justification.
    pub via: Option<EntityId>,
    /// Gate entity (declared, or made from an inline approval).
    pub gate: Option<EntityId>,
    /// Hours the grant takes.
    pub delay_hours: f64,
    /// It is there only with this probability.
    pub present: Option<(Number, Grade)>,
    /// The entry.
    pub span: Span,
}

/// The role of a member in a capability reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// A single entity.
    Only,
    /// The attacker's.
    Attacker,
    /// The victim's.
    Victim,
    /// In the attacker's group.
    Mate,
    /// Any other.
    Other,
    /// A co-owner of the victim's thing.
    Owner,
    /// A co-owner of the attacker's thing.
    Partner,
    /// The whole family.
    All,
}

/// `verb(entity.role)`.
#[derive(Debug, Clone)]
pub struct CapabilityRef {
    /// Verb id.
    pub verb: String,
    /// Entity.
    pub entity: EntityId,
    /// Member.
    pub role: Role,
    /// Where.
    pub span: Span,
}

/// Which victims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VictimMode {
    /// One fixed other member.
    Chosen,
    /// At least one.
    Some,
    /// All.
    Every,
}

/// A threat.
#[derive(Debug, Clone)]
pub struct ThreatDecl {
    /// Id; `id.principal` for one of an `each`.
    pub id: String,
    /// The id it was written under (`vendor-breach`), equal to `id` unless made by `each`.
    pub group: String,
    /// Title.
    pub title: String,
    /// The principal (class: its attacker seat) held at the start.
    pub attacker: Option<EntityId>,
    /// More footholds.
    pub start: Vec<CapabilityRef>,
    /// Class of the victim and mode.
    pub victim: Option<(EntityId, VictimMode)>,
    /// The victim is placed in another group than the attacker's.
    pub placed_random: bool,
    /// What must not be reached.
    pub goal: CapabilityRef,
    /// What is tolerated.
    pub tolerate: Tolerance,
    /// Why it cannot be asked of this model (fewer than two members), if it cannot.
    pub not_applicable: Option<String>,
    /// The entry.
    pub span: Span,
}

/// Largest `k` an accepted risk may state.
pub const MAX_ACCEPTED_K: u32 = 1_000_000;

/// Somebody lives with a threat that is over its tolerance, for a while and for a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedRisk {
    /// A threat, or the id that an `each` threat was written under.
    pub threat: String,
    /// Accepted only while at least so many failures are needed; `None`: whatever is needed.
    pub k: Option<u32>,
    /// The last day on which it holds.
    pub until: Date,
    /// Who answers for it.
    pub owner: String,
    /// Why.
    pub reason: String,
    /// The entry's `threat`.
    pub span: Span,
}

/// What a threat's owner tolerates; all given parts must hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tolerance {
    /// Anything goes.
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
    pub trusting: Vec<EntityId>,
}

/// A named change with a cost.
#[derive(Debug, Clone)]
pub struct Control {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Days: build + upkeep per month, if stated.
    pub cost: Option<(f64, f64)>,
    /// What it does.
    pub effect: ControlEffect,
    /// Switched on (`--with`): a patch is then already in the model.
    pub on: bool,
    /// Where.
    pub span: Span,
}

/// What a control does.
#[derive(Debug, Clone)]
pub enum ControlEffect {
    /// Takes library steps out (step id, of which entity).
    Blocks(Vec<(String, Option<EntityId>)>),
    /// Lowers parameters.
    Lowers(Vec<(String, Failure)>),
    /// Changes the model; applied to the document before it is resolved.
    Patch,
}

impl Model {
    /// An entity.
    pub fn entity(&self, id: EntityId) -> &Entity {
        &self.entities[id.0]
    }

    /// An entity by name.
    pub fn find(&self, id: &str) -> Option<EntityId> {
        self.entities.iter().position(|entity| entity.id == id).map(EntityId)
    }

    /// The relation targets of a field.
    pub fn refs(&self, id: EntityId, field: &str) -> Vec<EntityId> {
        self.placed_refs(id, field).iter().map(|(target, _)| *target).collect()
    }

    /// The relation targets of a field, each with the place where it is named.
    pub fn placed_refs(&self, id: EntityId, field: &str) -> &[(EntityId, Span)] {
        match self.entity(id).fields.iter().find(|value| value.name == field).map(|found| &found.value) {
            Some(Value::Refs(targets)) => targets,
            _ => &[],
        }
    }
}
