//! `check`: are the models right, do the designs work, and does every threat keep its tolerance?

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use super::common;
use crate::cli::args::{Check, CheckFormat, Common, Format};
use crate::cli::load::{self, Loaded};
use crate::cli::{Failure, Outcome, output};
use crate::diagnostic::quote;
use crate::model::{self, Model};
use crate::report::content::gate;
use crate::report::document::Block;
use crate::report::json::check as json;
use crate::report::number::plural;
use crate::report::text::Text;
use crate::report::{junit, sarif};
use crate::study::answer::AnswerOptions;
use crate::study::checked::{Answered, Broken, Checked};
use crate::study::gate::{Judgement, Verdict, judge};
use crate::study::{checklist, register};
use crate::units::Date;

/// Days for which `--accept-all` accepts, unless told otherwise.
const ACCEPTED_DAYS: u64 = 90;

/// Runs it.
pub fn run(args: &Check) -> Result<Outcome, Failure> {
    let today = args.today.unwrap_or_else(system_date);
    let common = Common { threat: args.threat.clone(), format: Format::Human, seed: args.seed, expand: args.expand };
    if let Some(owner) = &args.accept_all {
        return accept_all(args, &common, owner, today);
    }
    if let Some(file) = &args.answers {
        return answers(args, file);
    }
    let all: Vec<Checked> =
        args.models.iter().map(|name| check(name, args, &common, today)).collect::<Result<_, _>>()?;
    match args.format {
        CheckFormat::Human => tell(&all, args.seed)?,
        CheckFormat::Json => common::json(&json::check(&all, args.seed))?,
        CheckFormat::Junit => output::result(&junit::render(&all, args.seed))?,
        CheckFormat::Sarif => common::json(&sarif::log(&all, args.seed))?,
    }
    outcome(&all)
}

/// The day of the system clock, in universal time.
fn system_date() -> Date {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    Date::from_days(seconds / 86_400)
}

fn options() -> AnswerOptions {
    AnswerOptions { k: 1, counts: false, coalitions: false, ..AnswerOptions::default() }
}

/// Checks one file. What is wrong with it is part of the answer; what is wrong with the command line is not.
fn check(name: &str, args: &Check, common: &Common, today: Date) -> Result<Checked, Failure> {
    let mut checked = Checked { file: name.to_owned(), diagnostics: Vec::new(), answered: None, broken: None };
    let loaded = match load::load(name, &args.edits) {
        Ok(loaded) => loaded,
        Err(Failure::Diagnosed(found)) => {
            checked.diagnostics = found;
            return Ok(checked);
        }
        Err(Failure::Wrong(message)) => {
            checked.broken = Some(Broken { unreadable: false, message });
            return Ok(checked);
        }
        Err(Failure::Io(message)) => {
            checked.broken = Some(Broken { unreadable: true, message });
            return Ok(checked);
        }
        Err(usage @ Failure::Usage(_)) => return Err(usage),
    };
    let model: Option<Model> = match &loaded {
        Loaded::Model(loaded) => {
            checked.diagnostics.clone_from(&loaded.warnings);
            Some(loaded.model.clone())
        }
        Loaded::Graph { .. } => None,
    };
    common::note_went(&loaded);
    let answer = common::answer_loaded(loaded, common, &options())?;
    checked.answered = Some(Answered::new(answer, model.as_ref(), today));
    Ok(checked)
}

/// For people: diagnostics to stderr, verdicts to stdout.
fn tell(all: &[Checked], seed: u64) -> Result<(), Failure> {
    let mut blocks: Vec<Block> = Vec::new();
    for checked in all {
        output::note(&load::diagnostics(&checked.diagnostics));
        if let Some(broken) = &checked.broken {
            output::note(&broken.message);
        }
        if all.len() > 1 {
            blocks.push(Block::heading(2, Text::name(&checked.file), "file"));
        }
        match &checked.answered {
            Some(answered) => {
                note_unjudged(checked, answered);
                blocks.extend(gate::blocks(answered));
            }
            None if all.len() > 1 => blocks.push(Block::Para(Text::words("Not answered: see the errors."))),
            None => return Ok(()),
        }
    }
    blocks.extend((all.len() > 1).then(|| Block::Para(total(all))));
    let answered = all.iter().filter_map(|checked| checked.answered.as_ref());
    let hashes: Vec<&str> = answered.map(|answered| answered.answer.graph.model.as_str()).collect();
    common::print_stamped(&blocks, &hashes, seed)
}

/// A gate that judges nothing lets everything pass.
fn note_unjudged(checked: &Checked, answered: &Answered) {
    let unjudged = |judgement: &Judgement| matches!(judgement.verdict, Verdict::NotJudged | Verdict::NotApplicable);
    if !answered.judgements.is_empty() && answered.judgements.iter().all(unjudged) {
        let name = quote(&checked.file);
        output::note(&format!("note: nothing is judged in {name}: no threat that can be asked states `tolerate`"));
    }
}

/// How many models keep their tolerances, over all of them.
fn total(all: &[Checked]) -> Text {
    let wrong = all.iter().filter(|checked| checked.answered.is_none()).count();
    let over = all.iter().filter(|checked| checked.answered.is_some() && checked.fails()).count();
    Text::words(format!(
        "{} in all: {} within tolerance, {over} over it, {wrong} not answered.",
        plural(all.len() as u64, "model", "models"),
        all.len() - over - wrong
    ))
}

/// The worst that happened decides: unreadable, wrong, over tolerance.
fn outcome(all: &[Checked]) -> Result<Outcome, Failure> {
    if all.iter().any(Checked::is_unreadable) {
        return Err(Failure::Io(String::new()));
    }
    if all.iter().any(Checked::is_wrong) {
        return Err(Failure::Wrong(String::new()));
    }
    Ok(if all.iter().any(Checked::fails) { Outcome::Worse } else { Outcome::Answered })
}

/// Prints the overlay that accepts what fails today. What the model accepts already stays in it.
fn accept_all(args: &Check, common: &Common, owner: &str, today: Date) -> Result<Outcome, Failure> {
    let [name] = args.models.as_slice() else {
        return Err(Failure::Usage("error: --accept-all takes one model at a time".to_owned()));
    };
    if owner.trim().is_empty() {
        return Err(Failure::Usage("error: --accept-all needs the name of somebody who answers for it".to_owned()));
    }
    let until = args.until.unwrap_or_else(|| today.plus(ACCEPTED_DAYS));
    if until < today {
        return Err(Failure::Usage(format!("error: --until {until} is past by {today}")));
    }
    let loaded = load::load(name, &args.edits)?;
    let Loaded::Model(model) = &loaded else {
        return Err(Failure::Usage("error: a capability graph has no register: accept risks in the model".to_owned()));
    };
    let model = model.model.clone();
    let answer = common::answer_loaded(loaded, common, &options())?;
    let mut judgements = judge(&answer);
    register::apply(&model, &answer, &mut judgements, today);
    output::result(&register::overlay(&answer, &judgements, owner, today, until))?;
    Ok(Outcome::Answered)
}

/// Prints what a meeting answered, as the list of the model.
fn answers(args: &Check, file: &Path) -> Result<Outcome, Failure> {
    let [name] = args.models.as_slice() else {
        return Err(Failure::Usage("error: --answers takes one model at a time".to_owned()));
    };
    let Loaded::Model(loaded) = load::load_any(name, &args.edits)? else {
        return Err(Failure::Usage("error: a capability graph has no answers: give the model".to_owned()));
    };
    let source = model::read_file(file).map_err(load::unread)?;
    let filled =
        checklist::read(&source, &loaded.model.design, &loaded.model.library).map_err(|found| load::told(&found))?;
    if filled.answers.is_empty() {
        output::note(&format!("note: no row for the design {} is filled in", quote(&loaded.model.design)));
    }
    output::result(&checklist::overlay(&file.display().to_string(), &filled))?;
    Ok(Outcome::Answered)
}
