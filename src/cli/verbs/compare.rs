//! `compare` and `report`: designs side by side, and the report in a folder.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::{common, hardening, sweep};
use crate::cli::args::{Compare, Format, Ranges};
use crate::cli::load::{self, Loaded};
use crate::cli::{Failure, Outcome, output};
use crate::diagnostic::{instead, quote};
use crate::library;
use crate::report::content::{Context, brief};
use crate::report::markdown::FITS;
use crate::report::{folder, json, table, terminal};
use crate::scenarios;
use crate::study::answer::AnswerOptions;
use crate::study::backtest::record::Record;
use crate::study::compare::compare;
use crate::study::growth::Growth;
use crate::study::sweep::DRAWS;
use crate::study::uncertainty::{Options, uncertainty};
use crate::study::{Comparison, DesignAnswer};

/// Runs it.
pub fn run(args: &Compare, verb: &str) -> Result<Outcome, Failure> {
    let comparison = comparison(args, verb)?;
    let context = Context { command: command(args, verb), alone: alone(args), backtest: recorded() };
    if args.brief {
        output::result(&terminal::render(&brief::blocks(&comparison, &context), brief::WIDTH))?;
        return Ok(Outcome::Answered);
    }
    let options = folder::Options { png: args.png, fit: args.fit as usize };
    let place = if folder::holds_report(&args.out) { ", in place of the report that was there" } else { "" };
    let written = folder::write(&args.out, &comparison, &context, &options)
        .map_err(|error| Failure::Io(format!("error: {error}")))?;
    written.failed.iter().for_each(|why| output::note(why));
    match (args.common.format, verb) {
        (Format::Json, _) => common::json(&json::compare(&comparison, verb))?,
        (Format::Human, "report") => {}
        (Format::Human, _) => {
            let designs: Vec<&DesignAnswer> = comparison.designs.iter().collect();
            common::print(&table::compare(&comparison), &designs, comparison.seed)?;
        }
    }
    let done = format!(
        "Wrote {} files to {}{place}; open {}",
        written.len() + 1,
        args.out.display(),
        args.out.join("report.html").display()
    );
    match args.common.format {
        Format::Human => output::result(&done)?,
        Format::Json => output::note(&done),
    }
    Ok(Outcome::Answered)
}

fn comparison(args: &Compare, verb: &str) -> Result<Comparison, Failure> {
    let models = models(args);
    let progress = output::progress("answering");
    let mut loaded: Vec<_> =
        models.iter().map(|name| load::load_one_of(name, &args.edits)).collect::<Result<_, _>>()?;
    named_twice(&models);
    told_apart(&mut loaded, &models);
    loaded.iter().for_each(common::warn_and_note);
    let drawing = common::drawing(&args.draw, args.common.seed);
    let grown = grown(args, &loaded, &models, drawing);
    let options = AnswerOptions { rests: true, ..AnswerOptions::default() };
    // Each design is answered on its own; the order of the results is the order of the arguments.
    let designs: Vec<DesignAnswer> = loaded
        .into_par_iter()
        .zip(models.par_iter())
        .map(|(loaded, name)| {
            let hardening = match &loaded {
                Loaded::Model(model) if verb == "report" => {
                    hardening::for_report(name, &args.edits, &args.common, model)
                }
                _ => None,
            };
            let answer = common::answer_loaded(loaded, &args.common, &options)?;
            Ok(DesignAnswer { hardening, ..answer })
        })
        .collect::<Result<_, _>>()?;
    let mut comparison = compare(designs, args.common.seed);
    comparison.uncertainty = Some(uncertainty(&comparison, drawing));
    comparison.growth = grown;
    progress.finish_and_clear();
    if let Some(wanted) = &args.baseline {
        comparison.baseline = baseline(&comparison, wanted)?;
    }
    Ok(comparison)
}

/// What is compared: without a name, every scenario.
fn models(args: &Compare) -> Vec<String> {
    if args.models.is_empty() { scenarios::ids() } else { args.models.clone() }
}

/// Twice the same model is no comparison; mostly a word of a long command line was not changed.
fn named_twice(models: &[String]) {
    let again = models.iter().enumerate().filter(|(at, name)| models[..*at].contains(name));
    for name in again.map(|(_, name)| name).collect::<BTreeSet<_>>() {
        output::note(&format!("note: {} is named more than once: its rows say the same", quote(name)));
    }
}

/// Designs of one id get the name of their file beside it: rows of one name could not be told apart.
fn told_apart(loaded: &mut [Loaded], models: &[String]) {
    let ids: Vec<String> = loaded.iter().map(|one| common::graph(one).design.clone()).collect();
    for ((one, id), file) in loaded.iter_mut().zip(&ids).zip(models) {
        if ids.iter().filter(|other| *other == id).count() > 1 {
            one.rename(format!("{id} ({file})"));
        }
    }
}

/// What becomes of the designs as they grow; one that cannot be asked is left out with a note.
fn grown(args: &Compare, loaded: &[Loaded], models: &[String], drawing: Options) -> Option<Growth> {
    let options = Options { draws: drawing.draws.min(DRAWS), ..drawing };
    let (grown, failed) = sweep::grow(loaded, models, &args.edits, &args.common, options);
    for (_, why) in failed {
        output::note(&format!("note: a design is left out of the growth of publishers:\n{}", why.text()));
    }
    grown
}

/// The position of the design that is called so, or was read from a file that is.
fn baseline(comparison: &Comparison, wanted: &str) -> Result<usize, Failure> {
    let by_id = comparison.designs.iter().position(|design| design.design == wanted);
    let found = by_id.or_else(|| comparison.designs.iter().position(|design| design.file == wanted));
    found.ok_or_else(|| {
        let names = comparison.designs.iter().map(|design| design.design.as_str());
        let hint = instead(wanted, names);
        Failure::Usage(format!("error: --baseline: no compared design is called {}; {hint}", quote(wanted)))
    })
}

/// What the back-tests of the built-in library found; of another library nothing is recorded.
fn recorded() -> Option<Record> {
    let text = scenarios::recorded().filter(|_| !library::is_replaced())?;
    Record::parse(text).ok()
}

/// The command that writes the same report.
fn command(args: &Compare, verb: &str) -> String {
    let mut words = vec!["cotenant".to_owned(), verb.to_owned()];
    words.extend(args.models.iter().cloned());
    words.extend(patches(args));
    let mut flag = |name: &str, value: &str| words.extend([format!("--{name}"), value.to_owned()]);
    args.baseline.iter().for_each(|design| flag("baseline", design));
    if args.fit != FITS as u64 {
        flag("fit", &args.fit.to_string());
    }
    if args.png {
        words.push("--png".to_owned());
    }
    if args.brief {
        words.push("--brief".to_owned());
    }
    words.join(" ")
}

/// For each of several designs, the command that writes the report on it alone; nothing where there is one.
fn alone(args: &Compare) -> Vec<String> {
    let models = models(args);
    let several = models.len() > 1;
    let one = |(at, model): (usize, &String)| {
        let mut words = vec!["cotenant".to_owned(), "report".to_owned(), model.clone()];
        words.extend(patches(args));
        words.extend(["--out".to_owned(), format!("report-{}", at + 1)]);
        words.join(" ")
    };
    models.iter().enumerate().filter(|_| several).map(one).collect()
}

/// The flags on which the answer about a design depends.
fn patches(args: &Compare) -> Vec<String> {
    let mut words = Vec::new();
    let mut flag = |name: &str, value: &str| words.extend([format!("--{name}"), value.to_owned()]);
    args.edits.set.iter().for_each(|set| flag("set", set));
    args.edits.without.iter().for_each(|id| flag("without", id));
    args.edits.with.iter().for_each(|id| flag("with", id));
    args.edits.overlay.iter().for_each(|path| flag("overlay", &path.display().to_string()));
    args.edits.horizon.iter().for_each(|horizon| flag("horizon", horizon));
    args.common.threat.iter().for_each(|threat| flag("threat", threat));
    if args.common.seed != 1 {
        flag("seed", &args.common.seed.to_string());
    }
    if args.draw.draws != Options::DRAWS {
        flag("draws", &args.draw.draws.to_string());
    }
    if args.draw.ranges == Ranges::LogUniform {
        flag("ranges", "log-uniform");
    }
    if args.common.expand {
        words.push("--expand".to_owned());
    }
    words
}
