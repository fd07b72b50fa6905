//! `harden` without `--sets`: which controls to switch on.

use super::common;
use crate::cli::args::{Common, EditArgs, Format, Harden};
use crate::cli::load::{self, Loaded, LoadedModel};
use crate::cli::{Failure, Outcome};
use crate::diagnostic::{Code, Diagnostic, quote};
use crate::graph::{CapabilityGraph, ControlId};
use crate::model::{Control, ControlEffect, Model};
use crate::report::content;
use crate::report::json::Envelope;
use crate::report::json::harden::HardenAnswer;
use crate::study::harden::{Candidate, Hardening, harden};
use crate::units::DAYS_PER_YEAR;

/// Runs it.
pub fn run(args: &Harden) -> Result<Outcome, Failure> {
    let common = &args.input.common;
    let loaded = load::load(&args.input.model, &args.input.edits)?;
    common::warn_and_note(&loaded);
    let budget = args.budget.as_deref().map(budget).transpose()?;
    let (design, hash, hardening) = match loaded {
        Loaded::Model(loaded) => model(args, &loaded, budget)?,
        Loaded::Graph { graph, .. } => graph_file(args, *graph, budget)?,
    };
    match common.format {
        Format::Human => {
            let blocks = content::harden::blocks(&design, &hardening, budget, "design", 2);
            common::print_stamped(&blocks, &[&hash], common.seed)?;
        }
        Format::Json => {
            let answers = vec![HardenAnswer::new(&design, &hardening)];
            common::json(&Envelope::new("harden", &hash, common.seed, answers))?;
        }
    }
    Ok(Outcome::Answered)
}

/// Days: a bare number, or a duration.
fn budget(text: &str) -> Result<f64, Failure> {
    let days = text
        .parse()
        .ok()
        .or_else(|| crate::units::parse_duration(text).map(|hours| hours / crate::units::HOURS_PER_DAY));
    days.filter(|days: &f64| days.is_finite() && *days >= 0.0)
        .ok_or_else(|| Failure::Usage(format!("error: {} is no budget: write days, such as 60 or 60d", quote(text))))
}

/// What a report says of it: nothing where there is nothing to choose from, a control has no cost, or the choice is too large.
pub fn for_report(name: &str, edits: &EditArgs, common: &Common, loaded: &LoadedModel) -> Option<Hardening> {
    let candidates = candidates(&loaded.model).ok().filter(|candidates| !candidates.is_empty())?;
    let base = common::prepared(loaded.compiled.graph.clone(), &common.threat, common.expand).ok()?;
    let ground = |names: &[&str]| ground(name, edits, common.expand, &base, names);
    hardened(base.clone(), candidates, &ground, None).ok()
}

/// The graph with these patches on, asked what the base is asked.
fn ground(
    name: &str,
    edits: &EditArgs,
    expand: bool,
    base: &CapabilityGraph,
    patches: &[&str],
) -> Option<CapabilityGraph> {
    let mut edits = edits.clone();
    edits.with.extend(patches.iter().map(|patch| (*patch).to_owned()));
    let Loaded::Model(patched) = load::load(name, &edits).ok()? else { return None };
    let mut graph = patched.compiled.graph;
    // A threat that goes with what a patch removes is no mistake here.
    graph.threats.retain(|threat| base.threats.iter().any(|asked| asked.name == threat.name));
    common::prepared(graph, &[], expand).ok()
}

type Answer = (String, String, Hardening);

fn model(args: &Harden, loaded: &LoadedModel, budget: Option<f64>) -> Result<Answer, Failure> {
    let common = &args.input.common;
    let candidates = candidates(&loaded.model)?;
    let base = common::prepared(loaded.compiled.graph.clone(), &common.threat, common.expand)?;
    let ground = |names: &[&str]| ground(&args.input.model, &args.input.edits, common.expand, &base, names);
    let hardening = hardened(base.clone(), candidates, &ground, budget)?;
    Ok((loaded.model.design.clone(), loaded.model.hash.clone(), hardening))
}

fn hardened(
    base: CapabilityGraph,
    candidates: Vec<Candidate>,
    ground: &crate::study::harden::Ground<'_>,
    budget: Option<f64>,
) -> Result<Hardening, Failure> {
    if candidates.is_empty() {
        return Err(Failure::Usage("error: there is no control to switch on: state some under `controls`".to_owned()));
    }
    harden(base, candidates, ground, budget).map_err(|why| Failure::Usage(format!("error: {why}")))
}

/// The controls that are off. One without a cost is a mistake here, not a cost of nothing.
fn candidates(model: &Model) -> Result<Vec<Candidate>, Failure> {
    let off = || model.controls.iter().filter(|control| !control.on);
    let missing = off().filter(|control| control.cost.is_none());
    let missing: Vec<Diagnostic> = missing.map(without_cost).collect();
    if !missing.is_empty() {
        return Err(load::told(&missing));
    }
    let months = model.horizon_days / (DAYS_PER_YEAR / 12.0);
    let all = off().map(|control| {
        let (build, upkeep) = control.cost.unwrap_or_default();
        Candidate {
            id: control.id.clone(),
            title: control.title.clone(),
            cost_days: build + upkeep * months,
            patch: matches!(control.effect, ControlEffect::Patch),
        }
    });
    Ok(all.collect())
}

fn without_cost(control: &Control) -> Diagnostic {
    let message = format!("control {} has no `cost`, and `harden` weighs controls by it", quote(&control.id));
    Diagnostic::new(Code::MissingKey, &control.span, message).help("write `cost: {build: 5d, upkeep: 1d/month}`")
}

fn graph_file(args: &Harden, graph: CapabilityGraph, budget: Option<f64>) -> Result<Answer, Failure> {
    let common = &args.input.common;
    let graph = common::prepared(graph, &common.threat, common.expand)?;
    let adds = |at: usize| graph.steps.iter().any(|step| step.only_with.contains(&ControlId(at as u32)));
    let mut candidates = Vec::new();
    for (at, control) in graph.controls.iter().enumerate().filter(|(_, control)| !control.on) {
        let cost_days = control.cost_days.ok_or_else(|| {
            let name = quote(&control.name);
            Failure::Wrong(format!(
                "error: controls[{at}].cost_days: control {name} has no cost, and `harden` weighs controls by it"
            ))
        })?;
        candidates.push(Candidate {
            id: control.name.clone(),
            title: control.name.clone(),
            cost_days,
            patch: adds(at),
        });
    }
    let ground = |names: &[&str]| {
        let mut graph = graph.clone();
        let wanted = graph.controls.iter_mut().filter(|control| names.contains(&control.name.as_str()));
        wanted.for_each(|control| control.on = true);
        Some(graph)
    };
    let hardening = hardened(graph.clone(), candidates, &ground, budget)?;
    Ok((graph.design.clone(), graph.model.clone(), hardening))
}
