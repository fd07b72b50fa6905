//! `simulate --uncertainty`: every number drawn from its range, over one design or several.

use super::common;
use super::forms::{Forms, unwritten};
use crate::cli::args::{DrawArgs, Format, Simulate};
use crate::cli::load::{self, Loaded};
use crate::cli::{Failure, Outcome, output};
use crate::graph::CapabilityGraph;
use crate::report::content::uncertainty as content;
use crate::report::document::Plot;
use crate::report::json::uncertainty::{self as json, UncertaintyAnswer};
use crate::report::json::{self as envelope, Envelope};
use crate::report::plots;
use crate::study::uncertainty::{Asked, Uncertainty, between};

/// A title, and the graph it is of.
type Named = (String, CapabilityGraph);

/// Runs it.
pub fn run(args: &Simulate) -> Result<Outcome, Failure> {
    let designs: Vec<Named> = args.models.iter().map(|name| named(args, name)).collect::<Result<_, _>>()?;
    let progress = output::progress("drawing");
    let found = drawn(args, &designs);
    progress.finish_and_clear();
    let hash = envelope::hash_of_all(designs.iter().map(|(_, graph)| graph.model.as_str()));
    let seed = args.common.seed;
    let blocks = || content::told_whole(&found);
    let table = || json::csv(&found).map_err(unwritten);
    let text = || {
        let envelope = Envelope::new("simulate", &hash, seed, json::answers(&found));
        Envelope { uncertainty: Some(UncertaintyAnswer::of(&found)), ..envelope }.render().map_err(unwritten)
    };
    let forms = Forms { stem: "uncertainty", blocks: &blocks, csv: &table, json: &text };
    match args.common.format {
        Format::Human => common::print_stamped(&blocks(), &[&hash], seed)?,
        Format::Json => output::result(&text()?)?,
    }
    if let Some(out) = &args.out {
        let plots: Vec<Plot> = plots::uncertainty(&found).into_iter().collect::<Result<_, _>>().map_err(unwritten)?;
        forms.write(out, &plots, args.png)?;
    }
    Ok(Outcome::Answered)
}

fn named(args: &Simulate, name: &str) -> Result<Named, Failure> {
    let loaded = load::load_one_of(name, &args.edits)?;
    common::warn_and_note(&loaded);
    let title = match &loaded {
        Loaded::Model(loaded) => loaded.model.title.clone(),
        Loaded::Graph { .. } => String::new(),
    };
    Ok((title, common::prepared(common::into_graph(loaded), &args.common.threat, args.common.expand)?))
}

/// Of one design every threat is a question; several are compared on what their threats are called in all of them.
fn drawn(args: &Simulate, designs: &[Named]) -> Uncertainty {
    let single = designs.len() == 1;
    let asked = designs.iter().map(|(title, graph)| Asked {
        design: &graph.design,
        title,
        graph,
        questions: graph
            .threats
            .iter()
            .map(|threat| if single { threat.name.as_str() } else { threat.group.as_str() })
            .collect(),
    });
    let asked: Vec<Asked<'_>> = asked.collect();
    let mut questions: Vec<&str> = Vec::new();
    for question in asked.iter().flat_map(|design| &design.questions) {
        if !questions.contains(question) {
            questions.push(question);
        }
    }
    let drawing = DrawArgs { draws: args.draws, ranges: args.ranges };
    between(&asked, &questions, common::drawing(&drawing, args.common.seed))
}
