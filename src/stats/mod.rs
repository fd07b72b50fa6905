//! Chance, without a word about attacks: reproducible random bits, laws of durations and queues, intervals for what was counted.
//!
//! Everything here is a pure function of its arguments. Transcendental functions come from `libm` or are made of sums and products here ([`log`]), so that the same arguments give the
//! same bits on any machine.

pub mod binomial;
pub mod erlang;
pub mod interval;
pub mod law;
pub mod log;
pub mod pert;
pub mod quantile;
pub mod random;
pub mod special;
pub mod wilson;
