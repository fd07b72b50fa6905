//! The graph for Graphviz: capabilities as boxes, steps told apart by shape as well as by colour.

use std::fmt::Write;

use super::{CapabilityGraph, Step, StepKind};

/// Longest label, in characters.
const LABEL: usize = 120;

/// The text of a `digraph`.
pub fn write(graph: &CapabilityGraph) -> String {
    let mut out = String::from("digraph cotenant {\n  rankdir=LR;\n  node [fontname=\"sans-serif\", fontsize=10];\n");
    let _ = writeln!(out, "  label={};", quoted(&legend(graph)));
    for (at, capability) in graph.capabilities.iter().enumerate() {
        let style = capability_style(graph, at);
        let _ = writeln!(out, "  c{at} [label={}, {style}];", quoted(&capability.name));
    }
    for (at, step) in graph.steps.iter().enumerate() {
        let _ = writeln!(out, "  s{at} [label={}, {}];", quoted(&step_label(graph, step)), step_style(step.kind));
        for need in &step.needs {
            let _ = writeln!(out, "  c{} -> s{at};", need.0);
        }
        for voter in step.quorum.iter().flat_map(|quorum| &quorum.of) {
            let _ = writeln!(out, "  c{} -> s{at} [style=dashed];", voter.0);
        }
        let _ = writeln!(out, "  s{at} -> c{};", step.gains.0);
    }
    out.push_str("}\n");
    out
}

fn legend(graph: &CapabilityGraph) -> String {
    format!(
        "{}\nboxes: capabilities, any step that leads in suffices (double border: a goal; grey: held at the start)\nsteps need all \
         that leads into them: ellipse = grant, plain text = consequence, octagon = exploit\ndashed: counts in a quorum",
        graph.design
    )
}

fn capability_style(graph: &CapabilityGraph, at: usize) -> &'static str {
    let is = |ids: &[super::CapabilityId]| ids.iter().any(|id| id.0 as usize == at);
    if graph.threats.iter().any(|threat| threat.goal.0 as usize == at) {
        "shape=box, peripheries=2"
    } else if graph.threats.iter().any(|threat| is(&threat.start) || is(&threat.public)) {
        "shape=box, style=filled, fillcolor=grey85"
    } else {
        "shape=box"
    }
}

fn step_style(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Grant => "shape=ellipse",
        StepKind::Consequence => "shape=plaintext",
        StepKind::Exploit => "shape=octagon, color=\"#9c4420\", penwidth=2",
    }
}

/// A step's name, with what it rests on below.
pub fn step_label(graph: &CapabilityGraph, step: &Step) -> String {
    let mut label = step.name.clone();
    for id in &step.assumptions {
        label.push_str("\nif not ");
        label.push_str(&graph.assumption(*id).name);
    }
    if let Some(quorum) = &step.quorum {
        label.push_str(&format!("\nat least {}", quorum.at_least));
    }
    label
}

/// A label within bounds, free of control and direction characters.
pub fn bounded(label: &str) -> String {
    let harmless = |c: char| {
        !c.is_control()
            && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let mut lines = Vec::new();
    for line in label.split('\n') {
        let mut text: String = line.chars().map(|c| if harmless(c) { c } else { '\u{fffd}' }).take(LABEL).collect();
        if line.chars().count() > LABEL {
            text.push('…');
        }
        lines.push(text);
    }
    lines.join("\n")
}

fn quoted(label: &str) -> String {
    format!("\"{}\"", bounded(label).replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}
