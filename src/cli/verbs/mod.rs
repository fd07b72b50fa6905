//! One verb, one file: load, call the library, print.

mod backtest;
mod blast;
mod check;
mod common;
mod compare;
mod completions;
mod diff;
mod explain;
mod forms;
mod graph;
mod harden;
mod hardening;
mod init;
mod merge;
mod paths;
mod rare;
mod sample;
mod schema;
mod simulate;
mod sweep;
mod trace;
mod trust;
mod uncertain;
mod whatif;

use super::args::{Args, Verb};
use super::{Failure, Outcome};

/// Runs the verb.
pub fn dispatch(args: &Args) -> Result<Outcome, Failure> {
    match &args.verb {
        Verb::Init(args) => init::run(args),
        Verb::Check(args) => check::run(args),
        Verb::Paths(args) => paths::run(args),
        Verb::Trust(args) => trust::run(args),
        Verb::Blast(args) => blast::run(args),
        Verb::Simulate(args) => simulate::run(args),
        Verb::Merge(args) => merge::run(args),
        Verb::Harden(args) => harden::run(args),
        Verb::Compare(args) => compare::run(args, "compare"),
        Verb::Report(args) => compare::run(args, "report"),
        Verb::Whatif(args) => whatif::run(args),
        Verb::Diff(args) => diff::run(args),
        Verb::Backtest(args) => backtest::run(args),
        Verb::Graph(args) => graph::run(args),
        Verb::Explain(args) => explain::run(args),
        Verb::Sweep(args) => sweep::run(args),
        Verb::Schema(args) => schema::run(args),
        Verb::Completions(args) => completions::run(args),
    }
}
