//! Simulation against exact values, closed forms, and a simulator that goes through one world at a time.
//!
//! `COTENANT_HEAVY=1` runs ten times as many random graphs.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that fails says so"
)]

#[path = "../designs/mod.rs"]
mod designs;
#[path = "../graphs/mod.rs"]
mod graphs;

mod exposed;
mod rare;
mod time;

/// Seeds of random graphs: `n`, or ten times as many.
fn seeds(n: u64) -> std::ops::Range<u64> {
    let heavy = std::env::var("COTENANT_HEAVY").is_ok_and(|value| value == "1");
    0..if heavy { n * 10 } else { n }
}

/// How many standard deviations `hits` of `trials` lie from the probability `p`; a count that cannot be is infinitely far.
fn deviation(hits: u64, trials: u64, p: f64) -> f64 {
    let (hits, trials) = (hits as f64, trials as f64);
    let spread = (trials * p * (1.0 - p)).sqrt();
    match spread > 0.0 {
        true => (hits - trials * p) / spread,
        false if hits == trials * p => 0.0,
        false => f64::INFINITY,
    }
}

/// Far beyond chance even among thousands of comparisons; a rare event has no normal law, hence the little more.
fn agrees(hits: u64, trials: u64, p: f64) -> bool {
    let [low, high] = cotenant::stats::interval::clopper_pearson(hits, trials, 1e-7);
    low <= p + 1e-15 && p - 1e-15 <= high
}
