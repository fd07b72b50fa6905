//! Exact answers: how likely a threat is, on which sets of assumptions it rests, and how much each assumption matters.
//!
//! A threat becomes a monotone Boolean system ([`formula`]), that a decision diagram ([`diagram`]), and every answer is one pass over the
//! diagram. A diagram may outgrow any machine: each stage has a limit that is a count, and stops cleanly there.

mod bounds;
pub mod choke;
pub mod controls;
pub mod diagram;
mod families;
pub mod formula;
pub mod importance;
pub mod members;
pub mod minimal;
pub mod order;
pub mod probability;
mod refine;
pub mod rings;
pub mod zdd;

use std::fmt;

use crate::graph::unfold::TooLarge;

pub use choke::choke_points;
pub use importance::{ControlWorth, Importance, Together, control_worth, importance};
pub use members::{Members, members};
pub use minimal::{MinimalSets, Over, SetFamily, minimal_sets};
pub use probability::{Chance, Chances, Compiled, Method, chance, ends, with_trust};

/// How large an exact answer may become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Nodes of one decision diagram.
    pub nodes: usize,
    /// Nodes made in all while it is built.
    pub work: u64,
    /// Shared capabilities gained by members of populations.
    pub interface: usize,
    /// Sets listed.
    pub sets: usize,
    /// Families of at most so many members are written out for hardening sets, so that members may differ.
    pub small: u64,
    /// Sets found to bound a probability from either side.
    pub bounding: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { nodes: 200_000, work: 20_000_000, interface: 8, sets: 10_000, small: 6, bounding: 2_000 }
    }
}

/// Why an exact answer was not reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// The graph with every member is too large.
    TooLarge(TooLarge),
    /// A decision diagram would have more nodes than this.
    Nodes(usize),
    /// Building it would make more nodes than this.
    Work(u64),
    /// A sum over populations would have more terms than this.
    Terms(usize),
    /// More variables than a diagram can have.
    Variables(usize),
    /// So many shared capabilities are gained by members of populations, and only so many are allowed.
    Interface {
        /// Gained.
        gained: usize,
        /// Allowed.
        limit: usize,
    },
    /// A quorum counts so many members.
    Counted {
        /// Members.
        members: u64,
    },
    /// A population lies within a population.
    Nested,
    /// The alternating sums cancel so many digits.
    Cancelled {
        /// Digits lost.
        digits: u32,
    },
}

impl fmt::Display for Stopped {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stopped::TooLarge(why) => why.fmt(out),
            Stopped::Nodes(limit) => write!(out, "its decision diagram has more than {limit} nodes"),
            Stopped::Work(limit) => write!(out, "building its decision diagram makes more than {limit} nodes"),
            Stopped::Terms(limit) => write!(out, "a sum over its populations has more than {limit} terms"),
            Stopped::Variables(n) => write!(out, "{n} variables are more than a decision diagram can have"),
            Stopped::Interface { gained, limit } => {
                write!(out, "members of populations gain {gained} shared capabilities, and at most {limit} are allowed")
            }
            Stopped::Counted { members } => write!(out, "a quorum counts {members} members"),
            Stopped::Nested => write!(out, "a large population lies within another"),
            Stopped::Cancelled { digits } => write!(out, "{digits} digits cancel in the sum over a population"),
        }
    }
}

impl std::error::Error for Stopped {}

impl From<TooLarge> for Stopped {
    fn from(why: TooLarge) -> Stopped {
        Stopped::TooLarge(why)
    }
}
