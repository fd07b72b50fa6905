//! `merge`: the shards of a simulation, added up to what one run would have said.

use serde::Deserialize;

use super::sample;
use crate::analysis::simulate::record::{Record, Unmerged, merge};
use crate::cli::args::Merge;
use crate::cli::{Failure, Outcome};
use crate::diagnostic::{quote, refusal};
use crate::report::VERSION;
use crate::report::content::sampled::Sampled;

/// One output of `simulate --trials --format json`.
#[derive(Debug, Deserialize)]
struct Shard {
    cotenant: String,
    verb: String,
    model: String,
    seed: u64,
    answers: Vec<Answer>,
}

#[derive(Debug, Deserialize)]
struct Answer {
    threat: String,
    run: Option<Record>,
}

/// Runs it.
pub fn run(args: &Merge) -> Result<Outcome, Failure> {
    let shards = args.files.iter().map(|file| read(file)).collect::<Result<Vec<Shard>, Failure>>()?;
    let Some(first) = shards.first() else { return Err(Failure::Usage("error: nothing to merge".to_owned())) };
    for (file, shard) in args.files.iter().zip(&shards) {
        agree(file, &args.files[0], shard, first)?;
    }
    let mut merged: Vec<(&str, Option<Record>)> = Vec::new();
    for (at, answer) in first.answers.iter().enumerate() {
        let records: Vec<Record> = shards.iter().filter_map(|shard| shard.answers[at].run.clone()).collect();
        let record = match records.len() {
            0 => None,
            _ => Some(merge(&records).map_err(|why| unmerged(&args.files, &answer.threat, &why))?),
        };
        merged.push((&answer.threat, record));
    }
    let told: Vec<Sampled> = merged.iter().map(|(threat, record)| (*threat, record.as_ref())).collect();
    let design = merged.iter().find_map(|(_, record)| record.as_ref()).map_or("", |record| record.design.as_str());
    sample::print(args.format, first.seed, &first.model, design, &told)?;
    Ok(Outcome::Answered)
}

fn read(file: &str) -> Result<Shard, Failure> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::Io(format!("error: cannot read {}: {}", quote(file), refusal(&error))))?;
    let wrong = |why: String| Failure::Wrong(format!("error: {} is no shard of a simulation: {why}", quote(file)));
    let shard: Shard = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    if shard.verb != "simulate" {
        return Err(wrong(format!("it answers {}", quote(&shard.verb))));
    }
    match shard.answers.iter().filter_map(|answer| answer.run.as_ref()).find(|run| run.worlds[0] > run.worlds[1]) {
        Some(run) => Err(wrong(format!("worlds {} to {} are no range", run.worlds[0], run.worlds[1]))),
        None => Ok(shard),
    }
}

/// The same program, model, seed and threats?
fn agree(file: &str, first: &str, shard: &Shard, other: &Shard) -> Result<(), Failure> {
    let differ = |what: &str, a: &str, b: &str| {
        let told = format!("{what} {} and {}", quote(a), quote(b));
        Err(Failure::Wrong(format!("error: {} and {} do not belong together: {told}", quote(first), quote(file))))
    };
    if shard.cotenant != VERSION {
        let told = format!("it is of version {}, and this is {VERSION}", quote(&shard.cotenant));
        return Err(Failure::Wrong(format!("error: {} cannot be merged: {told}", quote(file))));
    }
    if shard.model != other.model {
        return differ("models", &other.model, &shard.model);
    }
    if shard.seed != other.seed {
        return differ("seeds", &other.seed.to_string(), &shard.seed.to_string());
    }
    let threats = |shard: &Shard| {
        let names = shard.answers.iter().map(|answer| (answer.threat.clone(), answer.run.is_some()));
        names.collect::<Vec<_>>()
    };
    if threats(shard) != threats(other) {
        return differ("threats", &names(other), &names(shard));
    }
    Ok(())
}

fn names(shard: &Shard) -> String {
    shard.answers.iter().map(|answer| answer.threat.as_str()).collect::<Vec<_>>().join(", ")
}

fn unmerged(files: &[String], threat: &str, why: &Unmerged) -> Failure {
    let of = match why {
        Unmerged::Differ(a, b) | Unmerged::Overlap(a, b, _) => {
            format!("{} and {}", quote(&files[*a]), quote(&files[*b]))
        }
        Unmerged::Missing(..) => quote(threat).to_string(),
    };
    Failure::Wrong(format!("error: {of}: {why}"))
}
