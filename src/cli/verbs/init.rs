//! `init`: a commented model to start from.

use std::fs::OpenOptions;
use std::io::Write;

use crate::cli::args::Init;
use crate::cli::{Failure, Outcome, output};
use crate::diagnostic::quote;

const TEMPLATE: &str = include_str!("../init.yaml");

/// Runs it. Never overwrites.
pub fn run(args: &Init) -> Result<Outcome, Failure> {
    let name = args.file.display().to_string();
    let mut file = OpenOptions::new().write(true).create_new(true).open(&args.file).map_err(|error| {
        let why = if error.kind() == std::io::ErrorKind::AlreadyExists {
            "it is there already, and `init` overwrites nothing".to_owned()
        } else {
            error.to_string()
        };
        Failure::Io(format!("error: cannot write {}: {why}", quote(&name)))
    })?;
    file.write_all(TEMPLATE.as_bytes())
        .map_err(|error| Failure::Io(format!("error: cannot write {}: {error}", quote(&name))))?;
    output::result(&format!("Wrote {name}. Next: cotenant check {name}"))?;
    Ok(Outcome::Answered)
}
