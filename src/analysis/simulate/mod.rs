//! Simulation of one threat: worlds in which each assumption fails or holds, drawn from a seed, derived many at a time.
//!
//! A threat is laid out once ([`layout`]), packed into flat arrays ([`arena`]), and then asked batch by batch ([`worlds`], [`sample`]). World
//! number w of a seed is the same world whoever draws it: on any thread, in any shard, in any order.
//!
//! Where it matters when, exposed worlds are timed eight at once ([`heat`]). One world is timed alone ([`race`]) to be told event by event, and as
//! what the other must agree with.

pub mod agenda;
pub mod arena;
pub mod attempt;
pub mod clock;
pub mod heat;
pub mod keys;
pub mod layout;
pub mod population;
pub mod portion;
pub mod race;
pub mod rare;
pub mod record;
pub mod runner;
pub mod sample;
pub mod serial;
pub mod time;
pub mod trace;
pub mod worlds;

pub use layout::{Layout, Unsampled};
pub use sample::{Counted, Plan, Sampler};
pub use time::{Attacker, Timer, Times, Timing};
