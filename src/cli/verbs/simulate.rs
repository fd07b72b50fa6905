//! `simulate`: how likely each goal is exposed or reached within the horizon.

use super::{common, rare, sample, trace, uncertain};
use crate::analysis::exact::{self, Limits};
use crate::cli::args::{Format, Simulate};
use crate::cli::load;
use crate::cli::{Failure, Outcome};
use crate::graph::CapabilityGraph;
use crate::report::content::exposed::{self, Exposed, Matters};
use crate::report::json::Envelope;
use crate::report::json::exact::SimulateAnswer;
use crate::study;

/// Runs it.
pub fn run(args: &Simulate) -> Result<Outcome, Failure> {
    if args.uncertainty {
        return uncertain::run(args);
    }
    let [model] = args.models.as_slice() else {
        let text = "error: one model is simulated at a time: --uncertainty draws several on the same numbers, and `cotenant compare` answers them side by side";
        return Err(Failure::Usage(text.to_owned()));
    };
    let common = &args.common;
    let loaded = load::load(model, &args.edits)?;
    common::warn_and_note(&loaded);
    let graph = common::prepared(common::into_graph(loaded), &common.threat, common.expand)?;
    if let Some(attacks) = args.trace {
        return trace::run(args, &graph, attacks);
    }
    if args.rare {
        return rare::run(args, &graph);
    }
    if !args.exact {
        return sample::run(args, &graph);
    }
    let all: Vec<Exposed> = (0..graph.threats.len()).map(|at| exposed(&graph, at, args)).collect();
    match common.format {
        Format::Human => common::print_stamped(&exposed::blocks(&graph, &all), &[&graph.model], common.seed)?,
        Format::Json => {
            let answers = all.iter().map(|exposed| SimulateAnswer::new(&graph, exposed)).collect();
            common::json(&Envelope::new("simulate", &graph.model, common.seed, answers))?;
        }
    }
    Ok(Outcome::Answered)
}

fn exposed(graph: &CapabilityGraph, threat: usize, args: &Simulate) -> Exposed {
    let limits = Limits::default();
    let chances = study::exposed::chances(graph, threat, &limits, args.common.seed);
    let asked = args.importance && chances.is_some();
    let numbers: Vec<f64> = graph.assumptions.iter().map(|assumption| assumption.probability).collect();
    let matters = asked.then(|| Matters {
        assumptions: exact::importance(graph, threat, &numbers, &limits).map_err(|why| why.to_string()),
        controls: exact::control_worth(graph, threat, &limits),
        choke_points: exact::choke_points(graph, threat).unwrap_or_default(),
    });
    let members = exact::members(graph, threat, &limits).unwrap_or_default();
    let undrawn = chances.and_then(|chances| study::exposed::undrawn(graph, threat, &chances));
    Exposed { threat, chances, members, matters, undrawn }
}
