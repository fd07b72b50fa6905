//! `sweep`: one or two fields varied over several designs; without `--vary`, the founding mail's sweep.

use serde::Serialize;

use super::common;
use super::forms::{Forms, unwritten};
use crate::cli::args::{Common, DrawArgs, EditArgs, Format, Sweep as Args, SweepFormat};
use crate::cli::load::{self, Loaded};
use crate::cli::{Failure, Outcome, output};
use crate::diagnostic::quote;
use crate::graph::CapabilityGraph;
use crate::model;
use crate::report::content::{growth as growth_content, sweep as content};
use crate::report::document::Plot;
use crate::report::json::sweep::{self as json, GrowthAnswer};
use crate::report::json::{self as envelope, Envelope};
use crate::report::plots;
use crate::scenarios;
use crate::study::growth::{Asked, Growth, growth, measures};
use crate::study::sweep::vary::Vary;
use crate::study::sweep::{MOST, Setting, sweep};

#[derive(Debug, Serialize)]
struct WithGrowth<'a, A: Serialize> {
    #[serde(flatten)]
    envelope: Envelope<'a, A>,
    #[serde(flatten)]
    growth: GrowthAnswer<'a>,
}

/// Runs it.
pub fn run(args: &Args) -> Result<Outcome, Failure> {
    let models = if args.models.is_empty() { scenarios::ids() } else { args.models.clone() };
    if args.vary.is_empty() { run_growth(args, &models) } else { run_varied(args, &models) }
}

/// The graph of a model with fields set, as `--set` after all other edits would.
pub fn with_set(name: &str, edits: &EditArgs, at: &[Setting], common: &Common) -> Result<CapabilityGraph, Failure> {
    common::prepared(common::into_graph(loaded_with(name, edits, at)?), &common.threat, common.expand)
}

fn loaded_with(name: &str, edits: &EditArgs, at: &[Setting]) -> Result<Loaded, Failure> {
    let mut edits = edits.clone();
    let point: Vec<String> = at.iter().map(|(path, value)| format!("{path}={value}")).collect();
    edits.set.extend(point.iter().cloned());
    let here = format!("{} at {}", quote(name), quote(&point.join(", ")));
    load::load(name, &edits).map_err(|why| {
        if at.is_empty() || !matches!(why, Failure::Diagnosed(_)) {
            return why;
        }
        let text = why.of(&here).text();
        Failure::Wrong(format!("{}\n\nerror: --vary: that is {here}, a value that it runs through", text.trim_end()))
    })
}

fn run_varied(args: &Args, models: &[String]) -> Result<Outcome, Failure> {
    let varied: Vec<Vary> = args.vary.iter().map(|text| parse(text)).collect::<Result<_, _>>()?;
    let points: usize = varied.iter().map(|vary| vary.values.len()).product();
    if varied.len() > 2 || points > MOST {
        let text = format!(
            "error: --vary takes one or two paths and at most {MOST} points, this is {} and {points}",
            varied.len()
        );
        return Err(Failure::Usage(text));
    }
    let common = common_of(args);
    let loaded: Vec<Loaded> =
        models.iter().map(|name| load::load_one_of(name, &args.edits)).collect::<Result<_, _>>()?;
    loaded.iter().for_each(common::warn_and_note);
    let designs: Vec<(String, String)> = loaded.iter().map(named).collect();
    let progress = output::progress("sweeping");
    let options = common::drawing(&DrawArgs { draws: args.draws, ranges: args.ranges }, args.seed);
    // What a rate of work moves is work.
    let worked = varied.iter().any(|vary| model::is_rate(&vary.path));
    let found = sweep(models.len(), varied, options, |at, set| {
        let loaded = loaded_with(&models[at], &args.edits, set)?;
        let work = match &loaded {
            Loaded::Model(loaded) if worked => {
                measures(Asked { model: &loaded.model, graph: &loaded.compiled.graph }, options)
            }
            _ => None,
        };
        Ok((common::prepared(common::into_graph(loaded), &common.threat, common.expand)?, work))
    })?;
    progress.finish_and_clear();
    // Each design at its first point stands for the others: what it asks does not depend on what is varied.
    let mut threats: Vec<String> = Vec::new();
    for point in found.designs.iter().filter_map(|points| points.first()) {
        let fresh = point.graph.threats.iter().map(|threat| threat.name.clone());
        for name in fresh.filter(|name| !threats.contains(name)).collect::<Vec<_>>() {
            threats.push(name);
        }
    }
    let drawn = plots::sweep(&found, &designs, &threats);
    let hash = envelope::hash_of_all(found.designs.iter().flatten().map(|point| point.graph.model.as_str()));
    let table = || json::csv(&found, &designs).map_err(unwritten);
    let text = || Envelope::new("sweep", &hash, args.seed, json::answers(&found, &designs)).render().map_err(unwritten);
    let blocks = || content::blocks(&found, &designs);
    finish(args, &hash, drawn, &Forms { stem: "sweep", blocks: &blocks, csv: &table, json: &text })
}

fn run_growth(args: &Args, models: &[String]) -> Result<Outcome, Failure> {
    let common = common_of(args);
    let loaded: Vec<Loaded> =
        models.iter().map(|name| load::load_one_of(name, &args.edits)).collect::<Result<_, _>>()?;
    loaded.iter().for_each(common::warn_and_note);
    let options = common::drawing(&DrawArgs { draws: args.draws, ranges: args.ranges }, args.seed);
    let (found, failed) = grow(&loaded, models, &args.edits, &common, options);
    if let Some((_, why)) = failed.into_iter().next() {
        return Err(why);
    }
    let Some(found) = found else {
        let text = "error: no model asks how one of a class acts as another of it, or the library states no rates of work: write --vary PATH=LOW..HIGH";
        return Err(Failure::Usage(text.to_owned()));
    };
    let hash = envelope::hash_of_all(loaded.iter().map(|loaded| match loaded {
        Loaded::Model(loaded) => loaded.compiled.graph.model.as_str(),
        Loaded::Graph { graph, .. } => graph.model.as_str(),
    }));
    let drawn = plots::growth(&found).map(|plot| vec![plot]);
    let table = || json::growth_csv(&found).map_err(unwritten);
    let text = || {
        let envelope = Envelope::new("sweep", &hash, args.seed, json::grown(&found));
        let all = WithGrowth { envelope, growth: json::growth(&found) };
        serde_json::to_string(&all).map(|text| text + "\n").map_err(unwritten)
    };
    let blocks = || growth_content::told(&found);
    finish(args, &hash, drawn, &Forms { stem: "sweep", blocks: &blocks, csv: &table, json: &text })
}

/// What designs become as they grow, and those that could not be asked.
type Grows = (Option<Growth>, Vec<(usize, Failure)>);

/// Lets the loaded models grow; a graph has no population to change.
pub fn grow(
    loaded: &[Loaded],
    names: &[String],
    edits: &EditArgs,
    common: &Common,
    options: crate::study::uncertainty::Options,
) -> Grows {
    let models: Vec<(&String, Asked<'_>)> = names
        .iter()
        .zip(loaded)
        .filter_map(|(name, loaded)| match loaded {
            Loaded::Model(loaded) => Some((name, Asked { model: &loaded.model, graph: &loaded.compiled.graph })),
            Loaded::Graph { .. } => None,
        })
        .collect();
    let asked: Vec<Asked<'_>> = models.iter().map(|(_, asked)| *asked).collect();
    // Neither a choice of threats nor writing members out has a bearing on what is asked here.
    let plain = Common { threat: Vec::new(), expand: false, ..common.clone() };
    let progress = output::progress("letting designs grow");
    let found = growth(&asked, options, |at, set| with_set(models[at].0, edits, set, &plain));
    progress.finish_and_clear();
    found
}

fn parse(text: &str) -> Result<Vary, Failure> {
    Vary::parse(text).map_err(|why| Failure::Usage(format!("error: --vary {}: {why}", quote(text))))
}

fn common_of(args: &Args) -> Common {
    Common { threat: args.threat.clone(), format: Format::Human, seed: args.seed, expand: args.expand }
}

fn named(loaded: &Loaded) -> (String, String) {
    match loaded {
        Loaded::Model(loaded) => (loaded.model.design.clone(), loaded.model.title.clone()),
        Loaded::Graph { graph, .. } => (graph.design.clone(), String::new()),
    }
}

/// Prints the form asked for, and writes all of them where a folder is given.
fn finish(
    args: &Args,
    hash: &str,
    drawn: Result<Vec<Plot>, plots::PlotError>,
    forms: &Forms<'_>,
) -> Result<Outcome, Failure> {
    match args.format {
        SweepFormat::Human => common::print_stamped(&(forms.blocks)(), &[hash], args.seed)?,
        SweepFormat::Json => output::result(&(forms.json)()?)?,
        SweepFormat::Csv => output::result(&(forms.csv)()?)?,
    }
    if let Some(out) = &args.out {
        forms.write(out, &drawn.map_err(unwritten)?, args.png)?;
    }
    Ok(Outcome::Answered)
}
