//! The graph as GraphML, for yEd, Gephi, networkx and others: capabilities and steps are both nodes, so that AND and OR survive.

use std::fmt::Write;

use super::dot::bounded;
use super::{CapabilityGraph, StepKind};

/// Attributes of nodes: id, type.
const KEYS: [(&str, &str); 7] = [
    ("label", "string"),
    ("kind", "string"),
    ("probability", "double"),
    ("rests", "string"),
    ("says", "string"),
    ("goal", "boolean"),
    ("members", "long"),
];

/// The document.
pub fn write(graph: &CapabilityGraph) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n",
    );
    for (id, ty) in KEYS {
        let _ = writeln!(out, "  <key id=\"{id}\" for=\"node\" attr.name=\"{id}\" attr.type=\"{ty}\"/>");
    }
    out.push_str("  <key id=\"role\" for=\"edge\" attr.name=\"role\" attr.type=\"string\"/>\n");
    let _ = writeln!(out, "  <graph id=\"{}\" edgedefault=\"directed\">", escaped(&graph.design));
    nodes(&mut out, graph);
    let mut edges = 0;
    let mut edge = |out: &mut String, from: &str, to: &str, role: &str| {
        let _ = writeln!(
            out,
            "    <edge id=\"e{edges}\" source=\"{from}\" target=\"{to}\"><data key=\"role\">{role}</data></edge>"
        );
        edges += 1;
    };
    for (at, step) in graph.steps.iter().enumerate() {
        for need in &step.needs {
            edge(&mut out, &format!("c{}", need.0), &format!("s{at}"), "needed");
        }
        for voter in step.quorum.iter().flat_map(|quorum| &quorum.of) {
            edge(&mut out, &format!("c{}", voter.0), &format!("s{at}"), "counts");
        }
        edge(&mut out, &format!("s{at}"), &format!("c{}", step.gains.0), "gains");
    }
    out.push_str("  </graph>\n</graphml>\n");
    out
}

fn nodes(out: &mut String, graph: &CapabilityGraph) {
    let members = |family: Option<super::FamilyId>| {
        family.map_or(String::new(), |id| data("members", &graph.families[id.0 as usize].count.to_string()))
    };
    for (at, capability) in graph.capabilities.iter().enumerate() {
        let goal = graph.threats.iter().any(|threat| threat.goal.0 as usize == at);
        let _ = writeln!(
            out,
            "    <node id=\"c{at}\">{}{}{}{}</node>",
            data("label", &capability.name),
            data("kind", "capability"),
            data("goal", if goal { "true" } else { "false" }),
            members(capability.family)
        );
    }
    for (at, step) in graph.steps.iter().enumerate() {
        let rests: Vec<&str> = step.assumptions.iter().map(|id| graph.assumption(*id).name.as_str()).collect();
        let chance = step.assumptions.iter().fold(1.0, |all, id| all * graph.assumption(*id).probability);
        let _ = writeln!(
            out,
            "    <node id=\"s{at}\">{}{}{}{}{}{}</node>",
            data("label", &step.name),
            data("kind", kind(step.kind)),
            data("probability", &chance.to_string()),
            data("rests", &rests.join(", ")),
            data("says", &step.says),
            members(step.family)
        );
    }
}

/// What a step is, as a word.
pub(super) fn kind(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Grant => "grant",
        StepKind::Consequence => "consequence",
        StepKind::Exploit => "exploit",
    }
}

fn data(key: &str, value: &str) -> String {
    if value.is_empty() { String::new() } else { format!("<data key=\"{key}\">{}</data>", escaped(value)) }
}

/// Within bounds, without characters that XML forbids or that hide, and escaped for text and attributes.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in bounded(&text.replace('\n', " ")).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
