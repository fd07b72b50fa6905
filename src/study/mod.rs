//! Answers about several designs, and about one design beyond its graph: comparison, what-if, diff, costs, coverage.

pub mod answer;
pub mod backtest;
pub mod change;
pub mod checked;
pub mod checklist;
pub mod compare;
pub mod costs;
pub mod coverage;
pub mod exposed;
pub mod gate;
pub mod growth;
pub mod harden;
pub mod library_lint;
pub mod lint;
pub mod register;
pub mod rests;
pub mod seen;
pub mod sweep;
pub mod trust;
pub mod uncertainty;
pub mod worse;
pub mod zones;

use std::collections::BTreeMap;

use crate::analysis::exact::{Chances, Members};
use crate::analysis::{AttackSets, Coalitions, Path, Paths, Reach};
use crate::graph::CapabilityGraph;
use crate::model::answers::Answer;

/// Everything answered about one design.
#[derive(Debug, Clone)]
pub struct DesignAnswer {
    /// Design id.
    pub design: String,
    /// Title.
    pub title: String,
    /// File it was read from, as the user wrote it (`scenarios/...` for an embedded one).
    pub file: String,
    /// The compiled graph.
    pub graph: CapabilityGraph,
    /// One per threat of the graph, in its order; a threat lost by a removal stands last as not applicable.
    pub threats: Vec<ThreatAnswer>,
    /// Structural costs; `None` for a graph file.
    pub costs: Option<Costs>,
    /// What was examined; `None` for a graph file.
    pub coverage: Option<Coverage>,
    /// Who controls each single entity, in words; empty for a graph file.
    pub zones: BTreeMap<String, String>,
    /// Incidents that show steps of its ways, most steps first; empty for a graph file.
    pub seen: Vec<Seen>,
    /// What its first threat rests on; `None` where that was not asked, or is not exact.
    pub rests: Option<rests::Rests>,
    /// Which controls to switch on first; `None` where that was not asked, or a control has no cost.
    pub hardening: Option<harden::Hardening>,
    /// What each library step of the graph asks a reviewer; empty for a graph file.
    pub questions: BTreeMap<String, String>,
    /// What a review answered; empty for a graph file.
    pub answers: Vec<Answer>,
    /// Notes for the reader (coinciding threats, trusted parties, removals).
    pub notes: Vec<String>,
}

/// An incident, and the steps on the ways of a design that it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Id of the incident.
    pub incident: String,
    /// Library steps that lie on a listed path of the design and name the incident, by id.
    pub steps: Vec<String>,
}

/// One threat of one design.
#[derive(Debug, Clone)]
pub struct ThreatAnswer {
    /// Threat name (`vendor-breach.mail-host`).
    pub threat: String,
    /// The name it was written under (`vendor-breach`).
    pub group: String,
    /// Title.
    pub title: String,
    /// Reach.
    pub reach: Reach,
    /// How likely the goal is exposed; `None` if not applicable or not asked.
    pub chance: Option<Chances>,
    /// Populations whose members' own failures carry that probability; empty where it is not exact.
    pub members: Vec<Members>,
    /// The k best paths by likelihood.
    pub paths: Paths,
    /// Minimal paths in all, or at least so many where counting stopped.
    pub path_count: Count,
    /// Minimal attack sets.
    pub attack_sets: AttackSets,
    /// Minimal coalitions over all candidates.
    pub coalitions: Coalitions,
    /// Every minimal path, up to the cap of `path_count`, likeliest first.
    pub all_paths: Vec<Path>,
    /// Keys of `all_paths`, with how many paths share each.
    pub keys: BTreeMap<PathKey, u64>,
}

/// What a path is called between designs: its library steps and grants by verb, consequences left out.
pub type PathKey = Vec<String>;

/// A count, or a lower bound on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// So many.
    pub n: u64,
    /// `false`: at least so many.
    pub complete: bool,
}

/// Structural costs of a design, from its structure alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Costs {
    /// Human approvals on the cheapest way to a newcomer's first publish; `None` if there is no way.
    pub approvals: Option<u64>,
    /// Approving classes, sorted.
    pub approvers: Vec<String>,
    /// How many approvals each of them gives, in the same order.
    pub approvals_by: Vec<u64>,
    /// Services operated by an operator of the model.
    pub services: Vec<String>,
    /// Of those, running strangers' code.
    pub strangers_code: Vec<String>,
    /// External principals that are a coalition of one for some threat.
    pub parties: Vec<String>,
    /// Pairs (external, operated) joined by a privilege, relation or asset.
    pub interfaces: Vec<(String, String)>,
    /// Distinct (verb, kind of credential, approvals) of publishers' privileges.
    pub workflows: Vec<String>,
    /// Exploits enabled by public capabilities alone.
    pub attack_surface: u64,
    /// Of those, on operated services.
    pub attack_surface_operated: u64,
}

/// What the model could exercise of the library, and what it says nothing about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// Principal kinds in the model.
    pub kinds: Vec<String>,
    /// Principal kinds of the library that the model does not have.
    pub kinds_not_modelled: Vec<String>,
    /// Steps that fired.
    pub steps: Vec<String>,
    /// Steps that did not.
    pub steps_not_fired: Vec<String>,
    /// SLSA threats.
    pub slsa: Carried,
    /// MITRE ATT&CK techniques.
    pub attack: Carried,
    /// Attack vectors of the Risk Explorer.
    pub risk_explorer: Carried,
    /// Steps ruled out by a constant zero: (step instance, parameter).
    pub ruled_out: Vec<(String, String)>,
    /// Protections that are not there: (step instance, parameter).
    pub dropped: Vec<(String, String)>,
}

/// Which ids of a scheme the fired steps of a model carry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Carried {
    /// Carried by a step that fired.
    pub carried: Vec<String>,
    /// Known of the scheme, and carried by none that fired.
    pub not_carried: Vec<String>,
}

/// Several designs on the same threats.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The designs, in the order given.
    pub designs: Vec<DesignAnswer>,
    /// One row per threat group, in the order first met.
    pub rows: Vec<Row>,
    /// Path keys by row: which designs have them.
    pub alignment: Vec<RowAlignment>,
    /// The design the others are compared with: its position.
    pub baseline: usize,
    /// Seed, echoed in every output.
    pub seed: u64,
    /// What is known although the numbers are not; `None` where it was not asked for.
    pub uncertainty: Option<uncertainty::Uncertainty>,
    /// What becomes of the designs as they grow; `None` where it was not asked for, or no design asks it.
    pub growth: Option<growth::Growth>,
}

/// A row of the aligned table.
#[derive(Debug, Clone)]
pub struct Row {
    /// Threat group.
    pub group: String,
    /// Title.
    pub title: String,
    /// Per design: position in [`DesignAnswer::threats`] of the worst of the group (by status, then k, then P); `None`: the design
    /// does not ask it.
    pub worst: Vec<Option<usize>>,
}

/// Which designs share which ways.
#[derive(Debug, Clone)]
pub struct RowAlignment {
    /// Threat group.
    pub group: String,
    /// (key, per design: how many minimal paths have it).
    pub keys: Vec<(PathKey, Vec<u64>)>,
    /// Per design: all of its keys are here (its path count was complete).
    pub complete: Vec<bool>,
}
