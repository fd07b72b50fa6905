//! Populations whose members, each failing independently of the others, carry a probability.

use super::{Compiled, Limits, Stopped};
use crate::graph::derive::copies;
use crate::graph::{AssumptionId, CapabilityGraph, FamilyId};

/// A population whose share in a probability is told: what part of it would go at least if none of its members failed.
pub const SHARE: f64 = 0.01;

/// A population that matters to a threat by its members' own failures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Members {
    /// The population.
    pub family: FamilyId,
    /// How many members it has in all, each with failures of its own that are independent of the others'.
    pub count: u64,
    /// P(exposed) if none of them failed.
    pub without: f64,
}

/// The populations without whose members' own failures P(exposed) would be smaller by more than [`SHARE`] of itself, by id.
///
/// # Errors
/// What keeps the probability from being exact.
pub fn members(graph: &CapabilityGraph, threat: usize, limits: &Limits) -> Result<Vec<Members>, Stopped> {
    let owned = |at: usize| {
        graph.assumptions.iter().any(|assumption| assumption.family.is_some_and(|family| family.0 as usize == at))
    };
    let owning: Vec<FamilyId> =
        (0..graph.families.len()).filter(|at| owned(*at)).map(|at| FamilyId(at as u32)).collect();
    if owning.is_empty() || graph.threats[threat].not_applicable.is_some() {
        return Ok(Vec::new());
    }
    let compiled = Compiled::new(graph, threat, limits)?;
    let numbers: Vec<f64> = graph.assumptions.iter().map(|assumption| assumption.probability).collect();
    let p = compiled.probability(&numbers);
    let mut found = Vec::new();
    for family in owning {
        // A member in a seat that this threat does not use is one of them.
        let alike = &graph.threats[threat].alike_assumptions;
        let of_family = |id: AssumptionId| graph.assumption(id).family == Some(family);
        let seated = |at: usize| alike.iter().any(|(seat, other)| seat.0 as usize == at && of_family(*other));
        let kept = |(at, number): (usize, &f64)| {
            if of_family(AssumptionId(at as u32)) || seated(at) { 0.0 } else { *number }
        };
        let without = compiled.probability(&numbers.iter().enumerate().map(kept).collect::<Vec<f64>>());
        let seats = |id: AssumptionId| {
            let seats = alike.iter().filter(|(seat, other)| *other == id && graph.assumption(*seat).family.is_none());
            seats.count() as u64
        };
        let own = (0..graph.assumptions.len() as u32).map(AssumptionId).filter(|id| of_family(*id));
        let count = copies(graph, Some(family)) + own.map(seats).max().unwrap_or(0);
        if count > 1 && p - without > SHARE * p {
            found.push(Members { family, count, without });
        }
    }
    Ok(found)
}
