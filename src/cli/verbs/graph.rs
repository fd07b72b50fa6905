//! `graph`: the capability graph, for programs and for drawing.

use super::common;
use crate::cli::args::{GraphArgs, GraphFormat};
use crate::cli::load;
use crate::cli::{Failure, Outcome, output};
use crate::graph::{CapabilityGraph, StepKind, dot, graphml, json, mermaid, opengraph, table};
use crate::report::escape;

/// Runs it.
pub fn run(args: &GraphArgs) -> Result<Outcome, Failure> {
    let loaded = load::load(&args.model, &args.edits)?;
    common::warn(&loaded);
    let graph = common::prepared(common::into_graph(loaded), &args.threat, args.expand)?;
    let text = match args.format {
        GraphFormat::Json => json::write(&graph),
        GraphFormat::Dot => dot::write(&graph),
        GraphFormat::Mermaid => {
            let drawn = mermaid::write(&graph);
            output::note(&drawn.note);
            drawn.text
        }
        GraphFormat::Graphml => graphml::write(&graph),
        GraphFormat::Csv => table::write(&graph).map_err(|error| Failure::Io(format!("error: {error}")))?,
        GraphFormat::Opengraph => opengraph::write(&graph),
        GraphFormat::Human => summary(&graph),
    };
    output::result(&text)?;
    Ok(Outcome::Answered)
}

fn summary(graph: &CapabilityGraph) -> String {
    let of = |kind| graph.steps.iter().filter(|step| step.kind == kind).count();
    let mut out = format!(
        "{}: {} capabilities, {} steps ({} grants, {} consequences, {} exploits), {} assumptions, {} families, {} controls\n",
        graph.design,
        graph.capabilities.len(),
        graph.steps.len(),
        of(StepKind::Grant),
        of(StepKind::Consequence),
        of(StepKind::Exploit),
        graph.assumptions.len(),
        graph.families.len(),
        graph.controls.len(),
    );
    for step in &graph.steps {
        let needs: Vec<&str> = step.needs.iter().map(|need| graph.capability(*need).name.as_str()).collect();
        let rests: Vec<&str> = step.assumptions.iter().map(|id| graph.assumption(*id).name.as_str()).collect();
        let rests = if rests.is_empty() { String::new() } else { format!("  [{}]", rests.join(", ")) };
        out.push_str(&format!(
            "  {}: {} -> {}{rests}\n",
            step.name,
            needs.join(" & "),
            graph.capability(step.gains).name
        ));
    }
    out.push_str("Next: --format json, dot, mermaid, graphml, csv or opengraph.\n");
    escape::terminal(&out)
}
