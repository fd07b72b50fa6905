//! The graph for BloodHound as OpenGraph JSON (<https://bloodhound.specterops.io/opengraph/schema>): its edges join two nodes, so a step
//! is a node of its own, which everything it needs leads into.

use serde_json::{Map, Value, json};

use super::dot::bounded;
use super::graphml::kind;
use super::{CapabilityGraph, Step, StepKind};

/// Every kind and edge begins so, that nobody's data is mistaken for another's.
const PREFIX: &str = "CoTenant";

/// The document, with a final line break.
pub fn write(graph: &CapabilityGraph) -> String {
    let mut nodes: Vec<Value> = Vec::new();
    let mut edges: Vec<Value> = Vec::new();
    for at in 0..graph.capabilities.len() {
        nodes.push(capability(graph, at));
    }
    let edge = |kind: &str, from: String, to: String| json!({"kind": format!("{PREFIX}_{kind}"), "start": {"match_by": "id", "value": from}, "end": {"match_by": "id", "value": to}});
    for (at, step) in graph.steps.iter().enumerate() {
        nodes.push(node(graph, at, step));
        let id = |letter: &str, at: usize| id(graph, letter, at);
        edges.extend(step.needs.iter().map(|need| edge("NeededBy", id("c", need.0 as usize), id("s", at))));
        let voters = step.quorum.iter().flat_map(|quorum| &quorum.of);
        edges.extend(voters.map(|voter| edge("CountsFor", id("c", voter.0 as usize), id("s", at))));
        edges.push(edge("Gains", id("s", at), id("c", step.gains.0 as usize)));
    }
    let document =
        json!({"metadata": {"source_kind": format!("{PREFIX}_Base")}, "graph": {"nodes": nodes, "edges": edges}});
    format!("{document}\n")
}

/// Ids have no colon, and differ between designs.
fn id(graph: &CapabilityGraph, letter: &str, at: usize) -> String {
    let design: String =
        bounded(&graph.design).chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("{design}-{letter}{at}")
}

fn capability(graph: &CapabilityGraph, at: usize) -> Value {
    let capability = &graph.capabilities[at];
    let goal = graph.threats.iter().any(|threat| threat.goal.0 as usize == at);
    let had =
        graph.threats.iter().any(|threat| threat.public.iter().chain(&threat.start).any(|id| id.0 as usize == at));
    let mut properties = Map::new();
    properties.insert("name".to_owned(), bounded(&capability.name).into());
    properties.insert("goal".to_owned(), goal.into());
    properties.insert("had".to_owned(), had.into());
    if let Some(family) = capability.family {
        properties.insert("members".to_owned(), graph.families[family.0 as usize].count.into());
    }
    json!({"id": id(graph, "c", at), "kinds": [format!("{PREFIX}_Capability"), format!("{PREFIX}_Base")], "properties": properties})
}

fn node(graph: &CapabilityGraph, at: usize, step: &Step) -> Value {
    let rests: Vec<String> = step.assumptions.iter().map(|id| bounded(&graph.assumption(*id).name)).collect();
    let chance = step.assumptions.iter().fold(1.0, |all, id| all * graph.assumption(*id).probability);
    let because: Vec<String> =
        step.because.iter().map(|place| bounded(&format!("{}:{}", place.file, place.line))).collect();
    let mut properties = Map::new();
    properties.insert("name".to_owned(), bounded(&step.name).into());
    properties.insert("stepkind".to_owned(), kind(step.kind).into());
    properties.insert("says".to_owned(), bounded(&step.says).into());
    properties.insert("probability".to_owned(), chance.into());
    // A homogeneous array must not be empty: its kind could not be told.
    for (name, values) in [("restson", rests), ("because", because)] {
        if !values.is_empty() {
            properties.insert(name.to_owned(), values.into());
        }
    }
    let what = match step.kind {
        StepKind::Grant => "Grant",
        StepKind::Consequence => "Consequence",
        StepKind::Exploit => "Exploit",
    };
    let kinds = [format!("{PREFIX}_{what}"), format!("{PREFIX}_Base")];
    json!({"id": id(graph, "s", at), "kinds": kinds, "properties": properties})
}
