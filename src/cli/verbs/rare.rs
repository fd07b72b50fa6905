//! `simulate --rare`: the probability of goals that plain worlds hardly ever expose.

use serde::Serialize;

use super::{common, sample};
use crate::analysis::sets::LABEL_WORK;
use crate::analysis::simulate::Layout;
use crate::analysis::simulate::rare::{Rare, Weighted};
use crate::cli::args::{Format, Simulate};
use crate::cli::{Failure, Outcome, output};
use crate::diagnostic::quote;
use crate::graph::CapabilityGraph;
use crate::graph::unfold::{Copies, Question};
use crate::report::chance::Chance;
use crate::report::content::rare;
use crate::report::json::Envelope;

/// Worlds drawn unless told otherwise; with a precision at most.
const TRIALS: u64 = 50_000;
const MOST: u64 = 1 << 24;

#[derive(Debug, Serialize)]
struct RareAnswer<'a> {
    threat: &'a str,
    expression: &'static str,
    probability: Option<f64>,
    method: Option<&'static str>,
    interval: Option<[f64; 2]>,
    trials: u64,
    quantiles: [(); 0],
    ranges: Option<[f64; 2]>,
    /// A lower bound whatever attack sets are not known.
    at_least: Option<f64>,
    attack_sets: usize,
    attack_sets_complete: bool,
    effective_trials: f64,
    reliable: bool,
}

/// Runs it.
pub fn run(args: &Simulate, graph: &CapabilityGraph) -> Result<Outcome, Failure> {
    let stop = sample::Stop::new(args.time_limit.as_deref())?;
    let trials = args.trials.unwrap_or(if args.precision.is_some() { MOST } else { TRIALS });
    let seed = args.common.seed;
    let mut left = graph.threats.iter().filter(|threat| threat.not_applicable.is_none()).count();
    let mut all: Vec<rare::Found> = Vec::new();
    for (at, threat) in graph.threats.iter().enumerate() {
        if threat.not_applicable.is_some() {
            all.push((&threat.name, None));
            continue;
        }
        let unsampled = |why| common::unsampled(&threat.name, &why);
        let question = Question::of(&graph.threats[at], Copies::Lumped);
        let layout = Layout::new(graph, &question).map_err(unsampled)?;
        let share = stop.share(left);
        left -= 1;
        let run = |layout: Layout, trials: u64, precision| {
            let bar = output::progress_bar(&threat.name, trials);
            let found = Rare::new(layout, seed, LABEL_WORK).map_err(unsampled)?.run(trials, precision, &|done, _| {
                bar.set_position(done);
                share.goes_on()
            });
            bar.finish_and_clear();
            Ok::<Weighted, Failure>(found)
        };
        let found = run(layout.clone(), trials, args.precision)?;
        if found.trials < trials && args.precision.is_none() {
            let n = found.trials;
            output::note(&format!(
                "note: {}: stopped after {n} worlds; --trials {n} gives the same",
                quote(&threat.name)
            ));
        }
        let ends = match ends(graph, &layout) {
            None => None,
            Some([low, high]) => {
                let at = |numbers: &[f64]| Ok(run(layout.clone().with_numbers(numbers), TRIALS / 4, None)?.estimate);
                Some([at(&low)?, at(&high)?])
            }
        };
        all.push((&threat.name, Some((found, ends))));
        if stop.interrupted() {
            break;
        }
    }
    for threat in graph.threats.iter().skip(all.len()) {
        output::note(&format!("note: {}: stopped before it was begun", quote(&threat.name)));
    }
    match args.common.format {
        Format::Human => {
            let blocks = rare::blocks(&graph.design, graph.horizon_days, &all);
            common::print_stamped(&blocks, &[&graph.model], seed)?;
        }
        Format::Json => {
            common::json(&Envelope::new("simulate", &graph.model, seed, all.iter().map(answer).collect()))?;
        }
    }
    Ok(Outcome::Answered)
}

/// The low and the high ends of all numbers, if any that matters has a range.
fn ends(graph: &CapabilityGraph, layout: &Layout) -> Option<[Vec<f64>; 2]> {
    let ranges: Vec<Chance> = graph.assumptions.iter().map(|it| Chance::of(it, graph.horizon_days)).collect();
    let ranged = |variable: &crate::graph::unfold::Variable| {
        let chance = ranges[variable.origin as usize];
        chance.low < chance.high
    };
    let any = layout.unfolded.variables.iter().any(ranged);
    any.then(|| [ranges.iter().map(|chance| chance.low).collect(), ranges.iter().map(|chance| chance.high).collect()])
}

fn answer<'a>((threat, found): &rare::Found<'a>) -> RareAnswer<'a> {
    let weighted = found.as_ref().map(|(weighted, _)| *weighted);
    RareAnswer {
        threat,
        expression: "exposed",
        probability: weighted.map(|found| found.estimate),
        method: weighted.map(|_| "sampled"),
        interval: weighted.map(|found| found.interval),
        trials: weighted.map_or(0, |found| found.trials),
        quantiles: [],
        ranges: found.as_ref().and_then(|(_, ends)| *ends),
        at_least: weighted.map(|found| found.at_least),
        attack_sets: weighted.map_or(0, |found| found.sets),
        attack_sets_complete: weighted.is_some_and(|found| found.complete),
        effective_trials: weighted.map_or(0.0, |found| found.effective),
        reliable: weighted.is_some_and(|found| found.is_reliable()),
    }
}
