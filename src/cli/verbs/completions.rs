//! `completions`: shell completions on stdout.

use clap::CommandFactory;

use crate::cli::args::{Args, Completions};
use crate::cli::{Failure, Outcome, output};

/// Runs it.
pub fn run(args: &Completions) -> Result<Outcome, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "cotenant", &mut text);
    output::result(&String::from_utf8_lossy(&text))?;
    Ok(Outcome::Answered)
}
