//! One way as a Mermaid chart, for forges and forums that draw those: the numbers are those of the sentences that tell the way.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::analysis::Path;
use crate::graph::mermaid::{MAX_EDGES, MAX_TEXT, escaped};
use crate::graph::{CapabilityGraph, CapabilityId, Step, StepId, StepKind};

/// Boxes drawn at most: a larger chart is no help beside the sentences.
const MOST_BOXES: usize = 40;

/// The way as a chart; `None` where it has a single step, or more than is read or drawn.
///
/// Consequences that the sentences tell below a step are no boxes of their own: what they need leads on to what needs them.
pub fn chart(graph: &CapabilityGraph, way: &Path) -> Option<String> {
    let told = told(graph, way);
    let boxes: BTreeSet<usize> = told.values().copied().collect();
    if boxes.len() < 2 || boxes.len() > MOST_BOXES {
        return None;
    }
    let mut text = String::from("flowchart TB\n");
    for (step, number) in &told {
        let _ = writeln!(text, "  s{number}{}", shape(graph, graph.step(*step), *number));
    }
    let goal = way.order.last().map(|id| graph.step(*id).gains)?;
    let _ = writeln!(text, "  goal[[\"{}\"]]", escaped(&graph.capability(goal).name));
    let mut edges: BTreeSet<(usize, Option<usize>)> = BTreeSet::new();
    for (step, number) in &told {
        let sources = needs(graph.step(*step)).flat_map(|need| sources(graph, way, &told, need));
        edges.extend(sources.filter(|from| from != number).map(|from| (from, Some(*number))));
    }
    edges.extend(sources(graph, way, &told, goal).into_iter().map(|from| (from, None)));
    for (from, to) in &edges {
        let _ = writeln!(text, "  s{from} --> {}", to.map_or(String::from("goal"), |to| format!("s{to}")));
    }
    (edges.len() <= MAX_EDGES && text.chars().count() <= MAX_TEXT).then_some(text)
}

/// The number of each step that has a sentence of its own; one that happens once per member has that of its first.
fn told(graph: &CapabilityGraph, way: &Path) -> BTreeMap<StepId, usize> {
    let (mut numbers, mut count) = (BTreeMap::new(), 0);
    for id in &way.order {
        if count == 0 || graph.step(*id).kind != StepKind::Consequence {
            count += 1;
            numbers.entry(*id).or_insert(count);
        }
    }
    numbers
}

fn needs(step: &Step) -> impl Iterator<Item = CapabilityId> {
    step.needs.iter().chain(step.quorum.iter().flat_map(|quorum| &quorum.of)).copied()
}

/// The told steps that give a capability, through consequences that are not told by themselves.
fn sources(
    graph: &CapabilityGraph,
    way: &Path,
    told: &BTreeMap<StepId, usize>,
    wanted: CapabilityId,
) -> BTreeSet<usize> {
    let (mut found, mut seen, mut open) = (BTreeSet::new(), BTreeSet::from([wanted]), vec![wanted]);
    while let Some(capability) = open.pop() {
        for id in way.order.iter().filter(|id| graph.step(**id).gains == capability) {
            match told.get(id) {
                Some(number) => {
                    found.insert(*number);
                }
                None => open.extend(needs(graph.step(*id)).filter(|need| seen.insert(*need))),
            }
        }
    }
    found
}

/// Exploits are hexagons and name what they rest on, grants are rounded, consequences plain.
fn shape(graph: &CapabilityGraph, step: &Step, number: usize) -> String {
    let mut label = format!("{number}. {}", escaped(&step.name));
    match step.kind {
        StepKind::Exploit => {
            for id in &step.assumptions {
                let _ = write!(label, "<br/>if not {}", escaped(&graph.assumption(*id).name));
            }
            format!("{{{{\"{label}\"}}}}")
        }
        StepKind::Grant => format!("([\"{label}: {}\"])", escaped(&graph.capability(step.gains).name)),
        StepKind::Consequence => format!("[\"{label}\"]"),
    }
}

#[cfg(test)]
mod tests {
    use super::chart;
    use crate::analysis::Path;
    use crate::graph::{Assumption, AssumptionId, Capability, CapabilityGraph, CapabilityId, Step, StepId, StepKind};
    use crate::units::FailureKind;

    fn capability(name: &str) -> Capability {
        Capability { name: name.to_owned(), family: None, gained_by: Vec::new() }
    }

    fn step(name: &str, kind: StepKind, needs: &[u32], gains: u32, rests: &[u32]) -> Step {
        Step {
            name: name.to_owned(),
            needs: needs.iter().copied().map(CapabilityId).collect(),
            gains: CapabilityId(gains),
            assumptions: rests.iter().copied().map(AssumptionId).collect(),
            kind,
            family: None,
            unless: Vec::new(),
            only_with: Vec::new(),
            quorum: None,
            effort: None,
            detected: 0.0,
            delay_h: 0.0,
            says: String::new(),
            because: Vec::new(),
            dropped: Vec::new(),
        }
    }

    fn assumption(name: &str) -> Assumption {
        Assumption {
            name: name.to_owned(),
            probability: 0.1,
            kind: FailureKind::State,
            range: None,
            parameter: None,
            family: None,
            honesty_of: None,
            text: String::new(),
            question: String::new(),
            grade: String::new(),
            source: String::new(),
        }
    }

    /// Two exploits lead to a grant, one of them through a consequence that has no sentence of its own.
    fn graph() -> (CapabilityGraph, Path) {
        let graph = CapabilityGraph {
            capabilities: ["start", "a", "b", "c", "publish(\"x\")"].map(capability).into(),
            steps: vec![
                step("phish", StepKind::Exploit, &[0], 1, &[0]),
                step("escape", StepKind::Exploit, &[0], 2, &[1]),
                step("hence", StepKind::Consequence, &[1], 3, &[]),
                step("publish", StepKind::Grant, &[2, 3], 4, &[]),
            ],
            assumptions: vec![assumption("login(\"p\")"), assumption("boundary")],
            ..CapabilityGraph::default()
        };
        let order: Vec<StepId> = [0, 1, 2, 3].map(StepId).into();
        let way = Path {
            steps: order.clone(),
            assumptions: vec![AssumptionId(0), AssumptionId(1)],
            order,
            cost: None,
            probability: 0.01,
            effort_hours: 0.0,
            dominated_by: None,
        };
        (graph, way)
    }

    #[test]
    fn a_consequence_leads_on_and_names_are_harmless() {
        let (graph, way) = graph();
        let lines: Vec<String> = chart(&graph, &way).unwrap_or_default().lines().map(str::to_owned).collect();
        let expected = [
            "flowchart TB",
            "  s1{{\"1. phish<br/>if not login(#34;p#34;)\"}}",
            "  s2{{\"2. escape<br/>if not boundary\"}}",
            "  s3([\"3. publish: publish(#34;x#34;)\"])",
            "  goal[[\"publish(#34;x#34;)\"]]",
            "  s1 --> s3",
            "  s2 --> s3",
            "  s3 --> goal",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn what_is_one_step_or_far_too_many_is_not_drawn() {
        let (mut graph, mut way) = graph();
        way.order.truncate(1);
        assert_eq!(chart(&graph, &way), None);
        graph.steps = (0..50).map(|at| step("next", StepKind::Grant, &[at], at + 1, &[])).collect();
        graph.capabilities = (0..51).map(|at| capability(&format!("c{at}"))).collect();
        way.order = (0..50).map(StepId).collect();
        assert_eq!(chart(&graph, &way), None);
        way.order.truncate(40);
        assert!(chart(&graph, &way).is_some_and(|text| text.ends_with("s40 --> goal\n")));
    }
}
