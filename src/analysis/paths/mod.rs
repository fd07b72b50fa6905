//! The k best minimal escalation paths, exact within a limit.
//!
//! A set of steps is a minimal path exactly if it is an acyclic choice of one gaining step for every needed capability, backward
//! from the goal. The search enumerates choices best-first: no path is met twice and none is compared with another. A state is a list of
//! choices; it is bounded from below by what its open capabilities cannot do without (`landmarks`) and by the dearest need that is
//! left (`relax`), which also tells whether the state can be completed at all.

mod choices;
mod landmarks;
mod relax;
mod search;
mod told;

pub use search::{SearchOptions, count, search};
