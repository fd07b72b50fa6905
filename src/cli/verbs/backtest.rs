//! `backtest`: incident models judged by what is known to have happened.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::common;
use crate::cli::args::{Backtest, Format};
use crate::cli::load;
use crate::cli::{Failure, Outcome, output};
use crate::diagnostic::{Diagnostic, nearest, quote};
use crate::model;
use crate::report::content::backtest;
use crate::report::json::backtest as json;
use crate::scenarios;
use crate::source::Source;
use crate::study::backtest::{Case, NotJudged, judge};

/// One incident model, and where what it extends is to be found.
struct Asked {
    source: Arc<Source>,
    embedded: bool,
    /// Named on the command line itself, not met in a folder.
    named: bool,
}

/// Runs it. A model that cannot be judged is told, and the others are judged.
pub fn run(args: &Backtest) -> Result<Outcome, Failure> {
    let asked = asked(&args.models)?;
    let progress = output::progress("judging");
    let judged: Vec<Result<Case, NotJudged>> = asked.par_iter().map(Asked::judge).collect();
    progress.finish_and_clear();
    let mut cases = Vec::new();
    let mut wrong: Vec<Diagnostic> = Vec::new();
    for (asked, judged) in asked.iter().zip(judged) {
        match judged {
            Ok(case) => cases.push(case),
            Err(NotJudged::Wrong(errors)) => wrong.extend(errors),
            Err(NotJudged::NoIncident) => no_incident(asked)?,
        }
    }
    match args.format {
        Format::Human if cases.is_empty() && !wrong.is_empty() => {}
        Format::Human => {
            let hash = json::hash(&cases);
            common::print_stamped(&backtest::blocks(&cases), &[&hash], args.seed)?;
        }
        Format::Json => common::json(&json::backtest(&cases, args.seed))?,
    }
    if wrong.is_empty() { Ok(Outcome::Answered) } else { Err(load::told(&wrong)) }
}

impl Asked {
    fn judge(&self) -> Result<Case, NotJudged> {
        if self.embedded { judge(&self.source, &scenarios::resolve) } else { judge(&self.source, &model::beside) }
    }
}

/// A file that was asked for must be an incident model; in a folder others may lie beside them.
fn no_incident(asked: &Asked) -> Result<(), Failure> {
    let text = format!("{} is no incident model: it has no `incident` section", quote(&asked.source.name));
    if asked.named {
        return Err(Failure::Wrong(format!("error: {text}")));
    }
    output::note(&format!("note: {text}"));
    Ok(())
}

fn asked(names: &[String]) -> Result<Vec<Asked>, Failure> {
    if names.is_empty() {
        let all = scenarios::incidents().into_iter();
        return Ok(all.map(|source| Asked { source, embedded: true, named: false }).collect());
    }
    let mut all = Vec::new();
    for name in names {
        let path = Path::new(name);
        if path.is_dir() {
            for file in models_in(path)? {
                all.push(Asked { source: read(&file)?, embedded: false, named: false });
            }
        } else if let (false, Some(source)) = (path.exists(), embedded(name)) {
            all.push(Asked { source, embedded: true, named: true });
        } else if path.exists() {
            all.push(Asked { source: read(path)?, embedded: false, named: true });
        } else {
            return Err(Failure::Io(unknown(name)));
        }
    }
    Ok(all)
}

fn embedded(name: &str) -> Option<Arc<Source>> {
    scenarios::find(&format!("incidents/{name}")).or_else(|| scenarios::find(name))
}

fn unknown(name: &str) -> String {
    let all = scenarios::incidents();
    let stem = |source: &Source| Path::new(&source.name).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let ids: Vec<String> = all.iter().map(|source| stem(source)).collect();
    let hint = nearest(name, ids.iter().map(String::as_str));
    let hint = hint.map_or_else(String::new, |near| format!("; did you mean the incident {}?", quote(near)));
    format!("error: there is no file, folder or embedded incident {}{hint}", quote(name))
}

fn read(path: &Path) -> Result<Arc<Source>, Failure> {
    model::read_file(path).map_err(|error| Failure::Io(load::diagnostics(&[error])))
}

/// The YAML files of a folder, in order.
fn models_in(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |error: std::io::Error| {
        Failure::Io(format!("error: cannot read {}: {error}", quote(&folder.display().to_string())))
    };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|end| end == "yaml") {
            found.push(path);
        }
    }
    if found.is_empty() {
        let name = quote(&folder.display().to_string());
        return Err(Failure::Io(format!("error: there is no YAML file in {name}")));
    }
    found.sort();
    Ok(found)
}
