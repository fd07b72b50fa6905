//! `backtest`: incident models judged by what is known to have happened.

use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use super::common;
use crate::cli::args::{Backtest, Format};
use crate::cli::load;
use crate::cli::{Failure, Outcome, output};
use crate::diagnostic::{Diagnostic, nearest, quote, refusal};
use crate::model;
use crate::report::content::backtest;
use crate::report::folder::{self, FolderError};
use crate::report::json::backtest as json;
use crate::report::number::plural;
use crate::scenarios;
use crate::source::Source;
use crate::study::backtest::record::{Compared, Record};
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
    let compared = compared(args, &cases)?;
    match args.format {
        Format::Human if cases.is_empty() && !wrong.is_empty() => {}
        Format::Human => {
            let hash = json::hash(&cases);
            common::print_stamped(&backtest::blocks(&cases, compared.as_ref()), &[&hash], args.seed)?;
        }
        Format::Json => common::json(&json::backtest(&cases, compared.as_ref(), args.seed))?,
    }
    if !wrong.is_empty() {
        return Err(load::told(&wrong));
    }
    if let Some(path) = &args.record {
        write_record(path, &Record::of(&cases))?;
    }
    let worse = compared.is_some_and(|compared| !compared.worse.is_empty());
    Ok(if worse { Outcome::Worse } else { Outcome::Answered })
}

/// What became of the record that is given, or of the built-in one; of that nothing is lost by not being asked for.
fn compared(args: &Backtest, cases: &[Case]) -> Result<Option<Compared>, Failure> {
    let (name, text) = match &args.against {
        Some(path) => {
            let name = path.display().to_string();
            let text = std::fs::read_to_string(path)
                .map_err(|error| Failure::Io(format!("error: cannot read {}: {}", quote(&name), refusal(&error))))?;
            (name, text)
        }
        None => match scenarios::recorded() {
            Some(text) => ("the built-in record".to_owned(), text.to_owned()),
            None => return Ok(None),
        },
    };
    let record = Record::parse(&text)
        .map_err(|why| Failure::Wrong(format!("error: {} is no record of a back-test: {why}", quote(&name))))?;
    // Whoever names single incidents asks about those; a folder is expected to hold all of its own record.
    let folder = || args.models.iter().any(|name| Path::new(name).is_dir());
    let all = args.models.is_empty() || (args.against.is_some() && folder());
    Ok(Some(record.compare(cases, all)))
}

/// Writes a record. A file that is there is replaced only if it is one.
fn write_record(path: &Path, record: &Record) -> Result<(), Failure> {
    let text = record.render().map_err(|error| Failure::Io(format!("error: {error}")))?;
    let is_record = std::fs::read_to_string(path).is_ok_and(|text| Record::parse(&text).is_ok());
    folder::write_file(path, text.as_bytes(), is_record).map_err(|error| match error {
        FolderError::Foreign(path) => {
            let name = quote(&path.display().to_string());
            Failure::Io(format!("error: {name} is there and is no record of a back-test: nothing was written"))
        }
        error => Failure::Io(format!("error: {error}")),
    })?;
    output::note(&format!(
        "Recorded {} in {}",
        plural(record.incidents.len() as u64, "incident", "incidents"),
        path.display()
    ));
    Ok(())
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
            for file in load::models_in(path)? {
                all.push(Asked { source: read(&file)?, embedded: false, named: false });
            }
        } else if let (false, Some(source)) = (path.exists(), scenarios::find(name)) {
            all.push(Asked { source, embedded: true, named: true });
        } else if path.exists() {
            all.push(Asked { source: read(path)?, embedded: false, named: true });
        } else {
            return Err(Failure::Io(unknown(name)));
        }
    }
    Ok(all)
}

fn unknown(name: &str) -> String {
    let ids = scenarios::incident_ids();
    let hint = nearest(name, ids.iter().map(String::as_str));
    let hint = hint.map_or_else(String::new, |near| format!("; did you mean the incident {}?", quote(near)));
    format!("error: there is no file, folder or embedded incident {}{hint}", quote(name))
}

fn read(path: &Path) -> Result<Arc<Source>, Failure> {
    model::read_file(path).map_err(|error| Failure::Io(load::diagnostics(&[error])))
}
