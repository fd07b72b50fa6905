//! What several verbs do alike: load, choose threats, answer, print blocks.

use crate::analysis::simulate::Unsampled;
use crate::cli::args::{Common, DrawArgs, EditArgs, Input, Ranges};
use crate::cli::load::{self, Loaded};
use crate::cli::{Failure, output};
use crate::diagnostic::{instead, printable, quote};
use crate::graph::{CapabilityGraph, unfold};
use crate::report::document::Block;
use crate::report::text::Text;
use crate::report::{VERSION, terminal};
use crate::study::DesignAnswer;
use crate::study::answer::{self, AnswerOptions, Unanswered};
use crate::study::uncertainty::Options;
use crate::study::uncertainty::dials::Reading;

/// Loads one argument, keeps the wanted threats, and answers. Warnings go to stderr; what went with the edits is part of the answer.
pub fn answered(
    name: &str,
    edits: &EditArgs,
    common: &Common,
    options: &AnswerOptions,
) -> Result<DesignAnswer, Failure> {
    let loaded = load::load(name, edits)?;
    warn(&loaded);
    answer_loaded(loaded, common, options)
}

/// The same for a verb with one input.
pub fn answered_input(input: &Input, options: &AnswerOptions) -> Result<DesignAnswer, Failure> {
    answered(&input.model, &input.edits, &input.common, options)
}

/// Answers what is loaded.
pub fn answer_loaded(loaded: Loaded, common: &Common, options: &AnswerOptions) -> Result<DesignAnswer, Failure> {
    match loaded {
        Loaded::Model(mut loaded) => {
            loaded.compiled.graph = prepared(loaded.compiled.graph, &common.threat, common.expand)?;
            answer::answer_model(&loaded.model, &loaded.compiled, &loaded.file, options).map_err(unanswered)
        }
        Loaded::Graph { file, graph, .. } => {
            let graph = prepared(*graph, &common.threat, common.expand)?;
            answer::answer_graph(graph, &file, options).map_err(unanswered)
        }
    }
}

fn unanswered(why: Unanswered) -> Failure {
    Failure::Usage(format!("error: {why}"))
}

/// A threat is too large to draw worlds of.
pub fn unsampled(threat: &str, why: &Unsampled) -> Failure {
    let told = format!("error: {} cannot be simulated: {why}; {}", quote(threat), why.remedy());
    Failure::Usage(format!("{told}, or see what `--exact` says of it: the number, or bounds"))
}

/// Prints the warnings of a model.
pub fn warn(loaded: &Loaded) {
    if let Loaded::Model(loaded) = loaded {
        output::note(&load::diagnostics(&loaded.warnings));
    }
}

/// Prints the warnings of a model, and what went with the edits: for verbs whose answer does not tell that.
pub fn warn_and_note(loaded: &Loaded) {
    warn(loaded);
    note_went(loaded);
}

/// Prints what went with the edits.
pub fn note_went(loaded: &Loaded) {
    if let Loaded::Model(loaded) = loaded {
        let all = answer::went(&loaded.model);
        all.iter().for_each(|sentence| output::note(&format!("note: {}", printable(sentence, 400))));
    }
}

/// A look at the graph of what is loaded.
pub fn graph(loaded: &Loaded) -> &CapabilityGraph {
    match loaded {
        Loaded::Model(loaded) => &loaded.compiled.graph,
        Loaded::Graph { graph, .. } => graph,
    }
}

/// The graph of what is loaded.
pub fn into_graph(loaded: Loaded) -> CapabilityGraph {
    match loaded {
        Loaded::Model(loaded) => loaded.compiled.graph,
        Loaded::Graph { graph, .. } => *graph,
    }
}

/// A graph with the wanted threats only, expanded if that is asked for.
pub fn prepared(mut graph: CapabilityGraph, wanted: &[String], expand: bool) -> Result<CapabilityGraph, Failure> {
    for name in wanted {
        let known = graph.threats.iter().any(|threat| matches_threat(name, &threat.name));
        if !known {
            let hint = instead(name, graph.threats.iter().map(|threat| threat.name.as_str()));
            return Err(Failure::Usage(format!("error: --threat: no threat is called {}; {hint}", quote(name))));
        }
    }
    if !wanted.is_empty() {
        graph.threats.retain(|threat| wanted.iter().any(|name| matches_threat(name, &threat.name)));
    }
    if expand {
        graph = unfold::expand(&graph).map_err(|why| Failure::Usage(format!("error: {why}")))?;
    }
    Ok(graph)
}

fn matches_threat(wanted: &str, name: &str) -> bool {
    name == wanted || name.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('.'))
}

/// How numbers with a range are drawn.
pub fn drawing(args: &DrawArgs, seed: u64) -> Options {
    let reading = match args.ranges {
        Ranges::Pert => Reading::Pert,
        Ranges::LogUniform => Reading::LogUniform,
    };
    Options { draws: args.draws, seed, reading }
}

/// Prints blocks for people, with the stamp every output carries.
pub fn print(blocks: &[Block], models: &[&DesignAnswer], seed: u64) -> Result<(), Failure> {
    let hashes: Vec<&str> = models.iter().map(|answer| answer.graph.model.as_str()).collect();
    print_stamped(blocks, &hashes, seed)
}

/// The same for answers that are no designs, with the hashes of their models.
pub fn print_stamped(blocks: &[Block], hashes: &[&str], seed: u64) -> Result<(), Failure> {
    let width = terminal_width();
    let mut text = terminal::render(blocks, width);
    let stamps: Vec<String> = hashes.iter().map(|hash| hash.chars().take(19).collect()).collect();
    let stamps = if stamps.is_empty() { String::new() } else { format!(", {}", stamps.join(" ")) };
    let stamp = Text::words(format!("cotenant {VERSION}, seed {seed}{stamps}"));
    text.push('\n');
    text.push_str(&terminal::render(&[Block::Para(stamp)], width));
    output::result(&text)
}

/// Columns that results for people are laid out in.
pub fn terminal_width() -> usize {
    output::columns().unwrap_or(terminal::WIDTH).clamp(60, 160)
}

/// A JSON value as a result.
pub fn json(value: &impl serde::Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string(value).map_err(|error| Failure::Io(format!("error: {error}")))?;
    output::result(&(text + "\n"))
}
