//! The graph for Mermaid, within its default limits: what does not fit is split into several charts, and that is said.

use std::fmt::Write;

use super::dot::{bounded, step_label};
use super::{CapabilityGraph, CapabilityId, Step, StepKind};

/// Mermaid's default `maxEdges`.
pub const MAX_EDGES: usize = 500;
/// Mermaid's default `maxTextSize`, in characters.
pub const MAX_TEXT: usize = 50_000;

/// What was drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// One chart, or several one after another, each within the limits.
    pub text: String,
    /// How many charts, if it is more than one; else empty.
    pub note: String,
}

struct Chart {
    text: String,
    edges: usize,
    drawn: Vec<CapabilityId>,
}

impl Chart {
    fn new() -> Chart {
        Chart { text: String::from("flowchart LR\n"), edges: 0, drawn: Vec::new() }
    }
}

/// The graph as charts.
pub fn write(graph: &CapabilityGraph) -> Drawn {
    let mut charts = vec![Chart::new()];
    for (at, step) in graph.steps.iter().enumerate() {
        let (text, edges) = step_text(graph, at, step);
        let fits = |chart: &Chart| {
            let new = touched(step).filter(|id| !chart.drawn.contains(id)).map(|id| node(graph, id).chars().count());
            chart.edges + edges <= MAX_EDGES
                && chart.text.chars().count() + new.sum::<usize>() + text.chars().count() <= MAX_TEXT
        };
        if !charts.last().is_some_and(fits) {
            charts.push(Chart::new());
        }
        let Some(chart) = charts.last_mut() else { continue };
        for id in touched(step) {
            if !chart.drawn.contains(&id) {
                chart.text.push_str(&node(graph, id));
                chart.drawn.push(id);
            }
        }
        chart.text.push_str(&text);
        chart.edges += edges;
    }
    let n = charts.len();
    let texts: Vec<String> =
        charts.into_iter().enumerate().map(|(at, chart)| numbered(chart.text, at + 1, n)).collect();
    let note = if n > 1 {
        format!(
            "note: {n} charts, because Mermaid draws at most {MAX_EDGES} edges and {MAX_TEXT} characters; --threat ID draws less, and \
             --format dot has no such limit"
        )
    } else {
        String::new()
    };
    Drawn { text: texts.join("\n"), note }
}

fn numbered(text: String, at: usize, of: usize) -> String {
    if of > 1 { format!("%% chart {at} of {of}\n{text}") } else { text }
}

fn touched(step: &Step) -> impl Iterator<Item = CapabilityId> {
    let voters = step.quorum.iter().flat_map(|quorum| quorum.of.iter().copied());
    step.needs.iter().copied().chain(voters).chain([step.gains]).collect::<Vec<_>>().into_iter()
}

fn node(graph: &CapabilityGraph, id: CapabilityId) -> String {
    let label = escaped(&graph.capability(id).name);
    let goal = graph.threats.iter().any(|threat| threat.goal == id);
    if goal { format!("  c{}[[\"{label}\"]]\n", id.0) } else { format!("  c{}[\"{label}\"]\n", id.0) }
}

/// A step with its edges: grants rounded, consequences bare circles' text, exploits hexagons.
fn step_text(graph: &CapabilityGraph, at: usize, step: &Step) -> (String, usize) {
    let label = escaped(&step_label(graph, step));
    let (open, close) = match step.kind {
        StepKind::Grant => ("([", "])"),
        StepKind::Consequence => ("(", ")"),
        StepKind::Exploit => ("{{", "}}"),
    };
    let mut text = format!("  s{at}{open}\"{label}\"{close}\n");
    for need in &step.needs {
        let _ = writeln!(text, "  c{} --> s{at}", need.0);
    }
    for voter in step.quorum.iter().flat_map(|quorum| &quorum.of) {
        let _ = writeln!(text, "  c{} -.-> s{at}", voter.0);
    }
    let _ = writeln!(text, "  s{at} --> c{}", step.gains.0);
    let edges = step.needs.len() + step.quorum.as_ref().map_or(0, |quorum| quorum.of.len()) + 1;
    (text, edges)
}

/// Mermaid takes HTML entities inside quotes, written with `#`.
pub fn escaped(label: &str) -> String {
    let mut out = String::new();
    for c in bounded(label).chars() {
        match c {
            '\n' => out.push_str("<br/>"),
            c if c.is_alphanumeric() || " -_.,:()/=".contains(c) => out.push(c),
            c => {
                let _ = write!(out, "#{};", c as u32);
            }
        }
    }
    out
}
