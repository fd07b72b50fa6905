//! Text -> [`CapabilityGraph`]: every error of the file in one run, each with its place.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::elements::{self, Sizes};
use super::fields::{Fields, Findings, Path, whole};
use super::scan::{Node, Value, scan};
use super::{FEATURES, GraphError, VERSION};
use crate::graph::{CapabilityGraph, StepId, families};
use crate::source::Source;
use crate::units::DAYS_PER_YEAR;

/// A graph that was read, and what the file says that this program does not know.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// The graph.
    pub graph: CapabilityGraph,
    /// Unknown fields and oddities; the graph is sound without them.
    pub notes: Vec<GraphError>,
}

/// Reads a graph file by the contract.
pub fn read(source: Arc<Source>) -> Result<CapabilityGraph, Vec<GraphError>> {
    load(source).map(|loaded| loaded.graph)
}

/// Reads a graph file and keeps the notes.
pub fn load(source: Arc<Source>) -> Result<Loaded, Vec<GraphError>> {
    let mut findings = Findings::new(&source);
    let graph = match scan(&source.text) {
        Ok(node) => graph(&node, &source, &mut findings),
        Err(error) => {
            findings.error(error.at, &Path::Top, format!("this is not a capability graph in JSON: {}", error.message));
            None
        }
    };
    let (errors, notes) = findings.finish();
    match graph {
        Some(graph) if errors.is_empty() => Ok(Loaded { graph, notes }),
        _ => Err(errors),
    }
}

const TOP: [&str; 13] = [
    "cotenant-graph",
    "requires",
    "design",
    "horizon_days",
    "program",
    "model",
    "capabilities",
    "assumptions",
    "steps",
    "controls",
    "families",
    "principals",
    "threats",
];

fn graph(node: &Node, source: &Source, findings: &mut Findings) -> Option<CapabilityGraph> {
    let top = Fields::new(node, &Path::Top, &TOP, findings)?;
    header(&top, findings)?;
    for key in ["capabilities", "assumptions", "steps", "threats"] {
        top.required(key, findings);
    }
    let list = |key: &str, findings: &mut Findings| top.list(key, findings);
    let sizes = Sizes {
        capabilities: list("capabilities", findings).len(),
        assumptions: top.list("assumptions", findings).len(),
        steps: top.list("steps", findings).len(),
        controls: top.list("controls", findings).len(),
        families: top.list("families", findings).len(),
        principals: top.list("principals", findings).len(),
    };
    let days = top.within("horizon_days", f64::MIN_POSITIVE, f64::MAX, findings);
    let mut graph = CapabilityGraph {
        design: top.text("design", findings).unwrap_or_default(),
        horizon_days: days.unwrap_or(DAYS_PER_YEAR),
        model: top.text("model", findings).unwrap_or_else(|| hash(&source.text)),
        capabilities: elements::each(&top, "capabilities", findings, |at| elements::capability(at, &sizes)),
        assumptions: elements::each(&top, "assumptions", findings, |at| elements::assumption(at, &sizes)),
        steps: elements::each(&top, "steps", findings, |at| elements::step(at, &sizes)),
        controls: elements::each(&top, "controls", findings, |at| elements::control(at, &sizes)),
        families: elements::each(&top, "families", findings, |at| elements::family(at, &sizes)),
        principals: elements::each(&top, "principals", findings, |at| elements::principal(at, &sizes)),
        threats: elements::each(&top, "threats", findings, |at| elements::threat(at, &sizes)),
    };
    if findings.errors.is_empty() {
        whole_graph(&mut graph, &top, findings);
    }
    graph.index();
    Some(graph)
}

/// Version and required features: a file of another version is not looked at any further.
fn header(top: &Fields, findings: &mut Findings) -> Option<()> {
    let version = top.required("cotenant-graph", findings)?;
    if whole(&version.value) != Some(VERSION) {
        top.error("cotenant-graph", findings, format!("this program reads version {VERSION} of the graph format"));
        return None;
    }
    let list = Path::Key(&Path::Top, "requires");
    for (at, item) in top.list("requires", findings).iter().enumerate() {
        let known = matches!(&item.value, Value::Text(text) if FEATURES.contains(&text.as_str()));
        if !known {
            let path = Path::Index(&list, at);
            let word = match &item.value {
                Value::Text(text) => crate::diagnostic::quote(text),
                _ => "what is no text".to_owned(),
            };
            findings.error(item.at, &path, format!("the file requires {word}, which this program does not know"));
        }
    }
    findings.errors.is_empty().then_some(())
}

/// What can only be judged once every element is there.
fn whole_graph(graph: &mut CapabilityGraph, top: &Fields, findings: &mut Findings) {
    let list = Path::Key(&Path::Top, "families");
    for (at, node) in top.list("families", findings).iter().enumerate() {
        let mut around = graph.families[at].within;
        for _ in 0..graph.families.len() {
            around = around.and_then(|family| graph.families[family.0 as usize].within);
        }
        if around.is_some() {
            findings.error(node.at, &Path::Index(&list, at), "`within` runs in a circle");
            return;
        }
    }
    let list = Path::Key(&Path::Top, "steps");
    for (at, node) in top.list("steps", findings).iter().enumerate() {
        step_in_graph(graph, StepId(at as u32), node, &Path::Index(&list, at), findings);
    }
    threat_names(graph, top, findings);
}

fn step_in_graph(graph: &mut CapabilityGraph, id: StepId, node: &Node, path: &Path, findings: &mut Findings) {
    let says_family = matches!(&node.value, Value::Object(entries) if entries.iter().any(|e| e.key == "family"));
    if !says_family {
        graph.steps[id.0 as usize].family = families::innermost(graph, graph.step(id));
    }
    let step = graph.step(id);
    if let Some(fault) = families::nesting_fault(graph, step) {
        findings.error(node.at, path, fault);
        return;
    }
    let around = families::chain(graph, step.family);
    if let Some(quorum) = &step.quorum {
        let most = families::quorum_size(graph, &around, quorum);
        if u64::from(quorum.at_least) > most {
            let message = format!("`at_least` is {}, but `of` has {most}: it can never be met", quorum.at_least);
            findings.error(node.at, &Path::Key(path, "quorum"), message);
        }
    }
}

fn threat_names(graph: &CapabilityGraph, top: &Fields, findings: &mut Findings) {
    let list = Path::Key(&Path::Top, "threats");
    for (at, node) in top.list("threats", findings).iter().enumerate() {
        let name = &graph.threats[at].name;
        if graph.threats[..at].iter().any(|threat| threat.name == *name) {
            findings.error(node.at, &Path::Index(&list, at), format!("a threat named `{name}` stands above"));
        }
    }
}

fn hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}
