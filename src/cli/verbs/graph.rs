//! `graph`: the capability graph, for programs and for drawing.

use super::common;
use crate::cli::args::{GraphArgs, GraphFormat};
use crate::cli::load;
use crate::cli::{Failure, Outcome, output};
use crate::graph::{CapabilityGraph, StepKind, dot, graphml, json, mermaid, opengraph, table};
use crate::report::document::{Block, Item};
use crate::report::terminal;
use crate::report::text::Text;

/// Runs it.
pub fn run(args: &GraphArgs) -> Result<Outcome, Failure> {
    let loaded = load::load(&args.model, &args.edits)?;
    common::warn_and_note(&loaded);
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
        GraphFormat::Human => terminal::render(&summary(&graph), common::terminal_width()),
    };
    output::result(&text)?;
    Ok(Outcome::Answered)
}

fn summary(graph: &CapabilityGraph) -> Vec<Block> {
    let of = |kind| graph.steps.iter().filter(|step| step.kind == kind).count();
    let counts = format!(
        ": {} capabilities, {} steps ({} grants, {} consequences, {} exploits), {} assumptions, {} families, {} controls",
        graph.capabilities.len(),
        graph.steps.len(),
        of(StepKind::Grant),
        of(StepKind::Consequence),
        of(StepKind::Exploit),
        graph.assumptions.len(),
        graph.families.len(),
        graph.controls.len(),
    );
    let steps = graph.steps.iter().map(|step| {
        let needs = step.needs.iter().map(|need| Text::name(&graph.capability(*need).name));
        let needs = needs.reduce(|text, next| text.and(" & ").join(next)).unwrap_or_default();
        let rests = Text::names(step.assumptions.iter().map(|id| &graph.assumption(*id).name), usize::MAX);
        let text =
            Text::name(&step.name).and(": ").join(needs).and(" -> ").and_name(&graph.capability(step.gains).name);
        Item { text, sub: if rests.is_empty() { Vec::new() } else { vec![Text::words("resting on ").join(rests)] } }
    });
    vec![
        Block::Para(Text::name(&graph.design).and(counts)),
        Block::Bullets(steps.collect()),
        Block::Para(Text::words("Next: --format json, dot, mermaid, graphml, csv or opengraph.")),
    ]
}
