//! Runs the program in a folder of its own, in an environment that says nothing.

use std::path::Path;
use std::process::{Command, Output};

/// What a run gave.
pub struct Run {
    /// Exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// Runs the program with these arguments in a folder.
pub fn run_in(folder: &Path, args: &[&str]) -> Run {
    let output: Output = Command::new(env!("CARGO_BIN_EXE_cotenant"))
        .args(args)
        .current_dir(folder)
        .env_remove("COLUMNS")
        .env("NO_COLOR", "1")
        .output()
        .expect("the program starts");
    Run {
        code: output.status.code().expect("it ends by itself"),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// Runs the program anywhere.
pub fn run(args: &[&str]) -> Run {
    run_in(tempfile::tempdir().expect("a folder").path(), args)
}

/// The JSON a run printed.
pub fn json(args: &[&str]) -> serde_json::Value {
    let run = run(args);
    assert_eq!(run.code, 0, "{}", run.err);
    serde_json::from_str(&run.out).expect("JSON")
}
