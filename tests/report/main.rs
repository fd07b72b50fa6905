//! Reports on made-up answers: what they say, that they are harmless, and that they fit.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that fails says so"
)]

mod documents;
mod drawings;
mod fixture;
mod folders;
mod gate;
mod hostile;
mod machine;
mod numbers;
mod pictures;
mod stories;
mod tables;
mod trusted;
