//! The command line: arguments, what they load, and exit codes. Each verb is a file.

mod args;
mod git;
mod load;
mod output;
mod paint;
mod verbs;

use std::process::ExitCode;

use clap::Parser;

use crate::diagnostic::{Code, Diagnostic};

/// How a run ends; the process exits with its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Answered.
    Answered,
    /// From `check`, `diff` and `backtest`: over tolerance, worse.
    Worse,
}

/// Why a run cannot answer.
#[derive(Debug)]
pub enum Failure {
    /// The command line is wrong: exit 2.
    Usage(String),
    /// The graph is wrong, or it was told already: exit 3.
    Wrong(String),
    /// The model is wrong: exit 3; or a file that it extends cannot be read: exit 4.
    Diagnosed(Vec<Diagnostic>),
    /// A file cannot be read or written: exit 4.
    Io(String),
}

impl Failure {
    fn code(&self) -> u8 {
        match self {
            Failure::Usage(_) => 2,
            Failure::Diagnosed(found) if found.iter().any(|error| error.code == Code::UnreadableFile) => 4,
            Failure::Wrong(_) | Failure::Diagnosed(_) => 3,
            Failure::Io(_) => 4,
        }
    }

    /// The same; where a design does not work, saying which of several it is.
    fn of(mut self, which: &str) -> Failure {
        if let Failure::Diagnosed(found) = &mut self {
            let broken = found.iter_mut().filter(|diagnostic| diagnostic.code == Code::DoesNotWork);
            broken.for_each(|diagnostic| diagnostic.message.insert_str(0, &format!("{which}: ")));
        }
        self
    }

    fn text(&self) -> String {
        match self {
            Failure::Usage(text) | Failure::Wrong(text) | Failure::Io(text) => text.clone(),
            Failure::Diagnosed(found) => load::diagnostics(found),
        }
    }
}

/// Parses the arguments, runs the verb, and gives the exit code.
pub fn run() -> ExitCode {
    let args = args::Args::parse();
    let library = args.library.as_deref().map_or(Ok(()), load::use_library);
    match library.and_then(|()| verbs::dispatch(&args)) {
        Ok(Outcome::Answered) => ExitCode::SUCCESS,
        Ok(Outcome::Worse) => ExitCode::from(1),
        Err(failure) => {
            output::note(&failure.text());
            ExitCode::from(failure.code())
        }
    }
}
