//! Machine output: the envelope and the answers of `paths`, `trust` and `compare`, field by field as the contract spells them.
//!
//! Numbers are shortest round-trip decimals; ids are positions in the graph of the same model.

pub mod backtest;
pub mod check;
pub mod exact;
pub mod harden;
pub mod sampled;
pub mod sweep;
pub mod trusted;
pub mod uncertainty;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::words;
use crate::analysis::blast::{Blast, Compromised, Reached};
use crate::analysis::{Coalitions, Path, Paths, Reach};
use crate::study::Comparison;
use uncertainty::UncertaintyAnswer;

/// What every machine answer comes in.
#[derive(Debug, Serialize)]
pub struct Envelope<'a, A: Serialize> {
    /// Program version.
    pub cotenant: &'static str,
    /// The verb that answered.
    pub verb: &'a str,
    /// `sha256:` of the model; of several models, over their hashes in order.
    pub model: String,
    /// Seed.
    pub seed: u64,
    /// One per threat (and design).
    pub answers: Vec<A>,
    /// Structural costs; of `compare`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub costs: Option<Vec<CostAnswer<'a>>>,
    /// Who must be trusted, question by question; of `compare`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trusted: Option<trusted::TrustedAnswer<'a>>,
    /// What the ranges of the numbers leave; of `compare` and `simulate`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uncertainty: Option<UncertaintyAnswer<'a>>,
}

impl<'a, A: Serialize> Envelope<'a, A> {
    /// Answers about one model.
    pub fn new(verb: &'a str, model: &str, seed: u64, answers: Vec<A>) -> Self {
        let (costs, trusted, uncertainty) = (None, None, None);
        Envelope { cotenant: super::VERSION, verb, model: model.to_owned(), seed, answers, costs, trusted, uncertainty }
    }

    /// The text, with a final newline.
    pub fn render(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string(self)? + "\n")
    }
}

/// How far a failure carries.
#[derive(Debug, Serialize)]
pub struct ExtentAnswer<'a> {
    word: &'a str,
    members: u64,
}

/// Reach of a threat.
#[derive(Debug, Serialize)]
pub struct ReachAnswer<'a> {
    status: &'a str,
    k: Option<u32>,
    profile: [u64; 4],
    profile_wide: [u64; 4],
    profile_complete: bool,
    extent: Option<ExtentAnswer<'a>>,
}

impl<'a> From<&'a Reach> for ReachAnswer<'a> {
    fn from(reach: &'a Reach) -> Self {
        ReachAnswer {
            status: words::status(reach.status),
            k: reach.k,
            profile: reach.profile,
            profile_wide: reach.profile_wide,
            profile_complete: reach.profile_complete,
            extent: reach.extent.as_ref().map(|at| ExtentAnswer { word: at.word, members: at.members }),
        }
    }
}

/// The key that bounds every path not listed.
#[derive(Debug, Serialize)]
pub struct AtLeast {
    cost: Option<u64>,
    steps: u32,
}

/// One path.
#[derive(Debug, Serialize)]
pub struct PathAnswer {
    steps: Vec<u32>,
    assumptions: Vec<u32>,
    cost: Option<u64>,
    probability: f64,
    effort_hours: f64,
    dominated_by: Option<Vec<u32>>,
}

impl From<&Path> for PathAnswer {
    fn from(path: &Path) -> Self {
        PathAnswer {
            steps: path.steps.iter().map(|id| id.0).collect(),
            assumptions: path.assumptions.iter().map(|id| id.0).collect(),
            cost: path.cost,
            probability: path.probability,
            effort_hours: path.effort_hours,
            dominated_by: path.dominated_by.as_ref().map(|set| set.iter().map(|id| id.0).collect()),
        }
    }
}

/// The answer of `paths` about one threat.
#[derive(Debug, Serialize)]
pub struct PathsAnswer<'a> {
    threat: &'a str,
    #[serde(flatten)]
    reach: ReachAnswer<'a>,
    cost: &'a str,
    complete: bool,
    optimal: bool,
    at_least: Option<AtLeast>,
    paths: Vec<PathAnswer>,
}

impl<'a> PathsAnswer<'a> {
    /// Of one threat.
    pub fn new(threat: &'a str, reach: &'a Reach, paths: &Paths) -> Self {
        PathsAnswer {
            threat,
            reach: ReachAnswer::from(reach),
            cost: words::cost(paths.cost),
            complete: paths.complete,
            optimal: paths.optimal,
            at_least: paths.at_least.map(|(cost, steps)| AtLeast { cost, steps }),
            paths: paths.paths.iter().map(PathAnswer::from).collect(),
        }
    }
}

/// The answer of `trust` about one threat.
#[derive(Debug, Serialize)]
pub struct TrustAnswer<'a> {
    threat: &'a str,
    candidates: Vec<u32>,
    coalitions: Vec<Vec<u32>>,
    complete: bool,
    /// Where it is not complete: all of at most so many members are listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    complete_to: Option<u64>,
}

impl<'a> TrustAnswer<'a> {
    /// Of one threat.
    pub fn new(threat: &'a str, coalitions: &Coalitions) -> Self {
        let sets = coalitions.coalitions.iter().map(|set| set.iter().map(|id| id.0).collect());
        TrustAnswer {
            threat,
            candidates: coalitions.candidates.iter().map(|id| id.0).collect(),
            coalitions: sets.collect(),
            complete: coalitions.complete,
            complete_to: coalitions.complete_to,
        }
    }
}

/// The answer of `blast` about one principal or credential.
#[derive(Debug, Serialize)]
pub struct BlastAnswer {
    principal: Option<u32>,
    credential: Option<u32>,
    capabilities: Vec<ReachedAnswer>,
}

/// A capability within a blast radius.
#[derive(Debug, Serialize)]
pub struct ReachedAnswer {
    id: u32,
    k: u32,
    granted: bool,
    members: u64,
}

impl From<&Blast> for BlastAnswer {
    fn from(blast: &Blast) -> Self {
        let (principal, credential) = match blast.of {
            Compromised::Principal(id) => (Some(id.0), None),
            Compromised::Credential(id) => (None, Some(id.0)),
        };
        let reached = |it: &Reached| ReachedAnswer { id: it.id.0, k: it.k, granted: it.granted, members: it.members };
        BlastAnswer { principal, credential, capabilities: blast.capabilities.iter().map(reached).collect() }
    }
}

/// The answer of `compare` about one threat of one design.
#[derive(Debug, Serialize)]
pub struct CompareAnswer<'a> {
    design: &'a str,
    threat: &'a str,
    #[serde(flatten)]
    reach: ReachAnswer<'a>,
    paths: u64,
    paths_complete: bool,
}

/// Structural costs of one design, as counts; null for a graph file.
#[derive(Debug, Serialize)]
pub struct CostAnswer<'a> {
    design: &'a str,
    approvals: Option<u64>,
    services: Option<usize>,
    strangers_code: Option<usize>,
    parties: Option<usize>,
    interfaces: Option<usize>,
    workflows: Option<usize>,
}

/// What `compare` answers: every threat of every design, then the costs.
pub fn compare<'a>(comparison: &'a Comparison, verb: &'a str) -> Envelope<'a, CompareAnswer<'a>> {
    let answers = comparison.designs.iter().flat_map(|design| {
        design.threats.iter().map(|answer| CompareAnswer {
            design: &design.design,
            threat: &answer.threat,
            reach: ReachAnswer::from(&answer.reach),
            paths: answer.path_count.n,
            paths_complete: answer.path_count.complete,
        })
    });
    let costs = comparison.designs.iter().map(|design| {
        let costs = design.costs.as_ref();
        CostAnswer {
            design: &design.design,
            approvals: costs.and_then(|costs| costs.approvals),
            services: costs.map(|costs| costs.services.len()),
            strangers_code: costs.map(|costs| costs.strangers_code.len()),
            parties: costs.map(|costs| costs.parties.len()),
            interfaces: costs.map(|costs| costs.interfaces.len()),
            workflows: costs.map(|costs| costs.workflows.len()),
        }
    });
    let costs = Some(costs.collect());
    let trusted = Some(trusted::trusted(comparison));
    let uncertainty = comparison.uncertainty.as_ref().map(UncertaintyAnswer::of);
    let envelope = Envelope::new(verb, &models(comparison), comparison.seed, answers.collect());
    Envelope { costs, trusted, uncertainty, ..envelope }
}

/// One hash for several models: of one its own, else over the hashes in order, one per line.
pub fn models(comparison: &Comparison) -> String {
    hash_of(comparison.designs.iter().map(|design| design.graph.model.as_str()))
}

/// One hash for many: of one its own, else over the hashes in order, one per line.
pub fn hash_of_all<'a>(hashes: impl Iterator<Item = &'a str>) -> String {
    hash_of(hashes.collect::<Vec<_>>().into_iter())
}

fn hash_of<'a>(hashes: impl ExactSizeIterator<Item = &'a str>) -> String {
    let mut all = hashes;
    if all.len() == 1 {
        return all.next().unwrap_or_default().to_owned();
    }
    let mut hash = Sha256::new();
    for model in all {
        hash.update(model.as_bytes());
        hash.update(b"\n");
    }
    let digest: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{digest}")
}
