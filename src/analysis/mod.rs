//! Answers about one graph. Exact meanings: `docs/semantics.md`.

pub mod blast;
pub mod by_size;
pub mod cheapest;
pub mod closure;
pub mod coalitions;
pub mod exact;
pub mod extent;
pub mod labels;
pub mod paths;
pub mod reach;
pub mod sets;
pub mod shapes;
pub mod simulate;

use crate::graph::{AssumptionId, PrincipalId, StepId};

/// How a goal is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// The question cannot be asked of this model.
    NotApplicable,
    /// No set of failures derives it.
    Unreachable,
    /// At least k > 0 assumptions must fail.
    Exploit,
    /// Derivable by grants and consequences alone; k = 0.
    Grant,
}

/// How far one likeliest failure carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extent {
    /// `one`, `group`, `some`, `all`.
    pub word: &'static str,
    /// Members other than the attacker whose copy of the goal is derivable.
    pub members: u64,
}

/// Reach of one threat.
#[derive(Debug, Clone, PartialEq)]
pub struct Reach {
    /// Status.
    pub status: Status,
    /// Size of the smallest minimal attack set.
    pub k: Option<u32>,
    /// k with the honesty of the tolerance's `trusting` taken as holding; equal to `k` where nothing is trusted.
    pub k_trusting: Option<u32>,
    /// Minimal attack sets by size 0..3.
    pub profile: [u64; 4],
    /// Those after which the goal holds for all others. All zero where the threat has no others.
    pub profile_wide: [u64; 4],
    /// Both profiles are complete.
    pub profile_complete: bool,
    /// With exactly the likeliest minimal attack set failed; `None` if unreachable or without others.
    pub extent: Option<Extent>,
    /// k and `k_trusting` are proved. Else a limit stopped the search for the smallest set, and they are the sizes of the smallest found:
    /// the true ones may be smaller, never larger.
    pub exact: bool,
    /// The extent is of the likeliest set. Else a limit stopped the search for it, and the extent is of the likeliest found.
    pub extent_exact: bool,
}

/// What the failure of an assumption adds to the cost `likeliest`: round(-1e9 ln p); `None` is infinite.
pub fn surprise(probability: f64) -> Option<u64> {
    // A probability is at least 5e-324, so this is at most about 7.5e11.
    (probability > 0.0).then(|| libm::round(-1e9 * libm::log(probability)).max(0.0) as u64)
}

/// What a path costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cost {
    /// Distinct assumptions.
    Fewest,
    /// Sum over distinct assumptions of round(-1e9 ln p).
    Likeliest,
    /// Sum over distinct steps of median effort, whole seconds.
    Effort,
}

/// One escalation path.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// Its steps, ascending; an id stands once per member needed.
    pub steps: Vec<StepId>,
    /// Its distinct assumption variables, ascending (an id once per member needed).
    pub assumptions: Vec<AssumptionId>,
    /// The steps in an order in which they can happen.
    pub order: Vec<StepId>,
    /// Cost; `None` is infinite.
    pub cost: Option<u64>,
    /// Product over its assumptions.
    pub probability: f64,
    /// Sum of its steps' median effort, hours.
    pub effort_hours: f64,
    /// The smallest (then first by ids) minimal attack set strictly inside its assumptions.
    pub dominated_by: Option<Vec<AssumptionId>>,
}

/// The k best paths of one threat.
#[derive(Debug, Clone, PartialEq)]
pub struct Paths {
    /// Cost they are ordered by.
    pub cost: Cost,
    /// Every minimal path is listed.
    pub complete: bool,
    /// Provably the first k in order.
    pub optimal: bool,
    /// Where neither: a bound on the (cost, steps) of any path not listed; cost `None` is infinite.
    pub at_least: Option<(Option<u64>, u32)>,
    /// The paths, in order.
    pub paths: Vec<Path>,
    /// Search nodes used.
    pub nodes: u64,
}

/// Minimal attack sets of one threat.
#[derive(Debug, Clone, PartialEq)]
pub struct AttackSets {
    /// By size, then ids.
    pub sets: Vec<Vec<AssumptionId>>,
    /// All are listed.
    pub complete: bool,
}

/// Minimal coalitions of one threat.
#[derive(Debug, Clone, PartialEq)]
pub struct Coalitions {
    /// Who was considered.
    pub candidates: Vec<PrincipalId>,
    /// By size, then ids; an id stands once per member needed.
    pub coalitions: Vec<Vec<PrincipalId>>,
    /// All are listed.
    pub complete: bool,
    /// Where they are not: all of at most so many members are. `None`: not even that is known, or all are.
    pub complete_to: Option<u64>,
}
