//! `completions`: shell completions and manual pages on stdout.

use clap::{Command, CommandFactory};
use clap_complete::Shell;

use crate::cli::args::{Args, Complete, Completions};
use crate::cli::{Failure, Outcome, output};
use crate::diagnostic::{instead, quote};

/// Runs it.
pub fn run(args: &Completions) -> Result<Outcome, Failure> {
    let text = match (shell(args.shell), &args.verb) {
        (Some(_), Some(_)) => {
            return Err(Failure::Usage("error: completions are for all verbs: VERB goes with `man` alone".to_owned()));
        }
        (Some(shell), None) => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Args::command(), "cotenant", &mut text);
            text
        }
        (None, verb) => manual(verb.as_deref())?,
    };
    output::result(&String::from_utf8_lossy(&text))?;
    Ok(Outcome::Answered)
}

fn shell(wanted: Complete) -> Option<Shell> {
    match wanted {
        Complete::Bash => Some(Shell::Bash),
        Complete::Elvish => Some(Shell::Elvish),
        Complete::Fish => Some(Shell::Fish),
        Complete::Powershell => Some(Shell::PowerShell),
        Complete::Zsh => Some(Shell::Zsh),
        Complete::Man => None,
    }
}

/// The manual page of the program, or of one verb.
fn manual(verb: Option<&str>) -> Result<Vec<u8>, Failure> {
    let mut command = Args::command();
    command.build();
    let page = match verb {
        None => command,
        Some(verb) => of_verb(&command, verb)?,
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page).render(&mut text).map_err(|error| Failure::Io(format!("error: {error}")))?;
    Ok(text)
}

/// A verb as a command of its own; once built it is called as its page is, `cotenant-check`.
fn of_verb(command: &Command, verb: &str) -> Result<Command, Failure> {
    let found = command.find_subcommand(verb).cloned().ok_or_else(|| {
        let verbs = command.get_subcommands().map(Command::get_name);
        Failure::Usage(format!("error: no verb is called {}; {}", quote(verb), instead(verb, verbs)))
    })?;
    Ok(found.version(crate::report::VERSION))
}
