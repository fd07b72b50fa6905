//! The `cotenant` program: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    cotenant::cli::run()
}
