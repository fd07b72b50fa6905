//! The program as its users meet it: verbs, streams, exit codes, and what it never does.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that fails says so"
)]

mod answers;
mod asked;
mod backtest;
mod blast;
mod broken;
mod exact;
mod examples;
mod explained;
mod exports;
mod gate;
mod graphs;
mod harden;
mod helped;
mod models;
mod names;
mod posts;
mod refused;
mod revisions;
mod run;
mod simulate;
mod start;
mod sweeps;
mod terms;
mod verbs;
mod width;
mod worse;
