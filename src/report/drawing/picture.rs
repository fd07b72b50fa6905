//! What is drawn: the capabilities and steps of some ways, with their zones, before anything has a place.

use std::collections::{BTreeMap, BTreeSet};

use crate::analysis::Path;
use crate::graph::{CapabilityId, Step, StepId, StepKind, Threat};
use crate::report::escape;
use crate::report::number;
use crate::report::plots::measure;
use crate::study::DesignAnswer;

/// Size of the letters in boxes, pixels.
pub const LETTERS: i32 = 12;
/// Height of a line of them.
pub const PITCH: i32 = 15;
/// Widest text in a box.
const ROOM: i32 = 116;

/// What a node stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A capability on the way.
    Capability,
    /// One that is had at the start.
    Foothold,
    /// What must not be reached.
    Goal,
    /// A step that rests on assumptions.
    Exploit,
    /// A grant or consequence with several needs: where they meet.
    Join,
}

/// A box or a dot.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it stands for.
    pub shape: Shape,
    /// Its text, in lines; the first stands out.
    pub lines: Vec<String>,
    /// Told when pointed at.
    pub tip: String,
    /// Numbers of the ways it belongs to, from 0.
    pub ways: BTreeSet<usize>,
    /// Position in [`Picture::zones`].
    pub zone: Option<usize>,
    /// Width and height, pixels.
    pub size: (i32, i32),
}

/// A line from one node to another.
#[derive(Debug, Clone)]
pub struct Edge {
    /// Nodes.
    pub from: usize,
    /// Nodes.
    pub to: usize,
    /// The step it stands for, where it is one by itself.
    pub kind: Option<StepKind>,
    /// Told when pointed at.
    pub tip: String,
    /// Numbers of the ways it belongs to.
    pub ways: BTreeSet<usize>,
}

/// All of it.
#[derive(Debug, Clone, Default)]
pub struct Picture {
    /// Nodes.
    pub nodes: Vec<Node>,
    /// Edges.
    pub edges: Vec<Edge>,
    /// Names of the areas.
    pub zones: Vec<String>,
    /// For those who cannot see it.
    pub described: String,
}

struct Maker<'a> {
    design: &'a DesignAnswer,
    threat: &'a Threat,
    picture: Picture,
    capabilities: BTreeMap<CapabilityId, usize>,
    steps: BTreeMap<StepId, usize>,
    edges: BTreeMap<(usize, usize, Option<StepId>), usize>,
}

impl Picture {
    /// The union of the ways.
    pub fn of(design: &DesignAnswer, threat: &Threat, ways: &[&Path]) -> Option<Picture> {
        let mut maker = Maker {
            design,
            threat,
            picture: Picture::default(),
            capabilities: BTreeMap::new(),
            steps: BTreeMap::new(),
            edges: BTreeMap::new(),
        };
        for (at, way) in ways.iter().enumerate() {
            way.order.iter().for_each(|step| maker.step(*step, at));
        }
        if maker.picture.edges.is_empty() {
            return None;
        }
        let plural = |n: usize, one: &str, many: &str| number::plural(n as u64, one, many);
        maker.picture.described = format!(
            "{} to {} in {}, with {} and {}",
            plural(ways.len(), "way", "ways"),
            escape::visible(&threat.name),
            escape::visible(&design.design),
            plural(maker.capabilities.len(), "capability", "capabilities"),
            plural(
                maker.picture.nodes.iter().filter(|node| node.shape == Shape::Exploit).count(),
                "exploit",
                "exploits"
            ),
        );
        Some(maker.picture)
    }
}

impl Maker<'_> {
    fn step(&mut self, id: StepId, way: usize) {
        let step = self.design.graph.step(id).clone();
        let gained = self.capability(step.gains, way);
        // Of a quorum those count that something of this way gains; drawn like needs.
        let voters = step.quorum.iter().flat_map(|quorum| &quorum.of).filter(|id| self.capabilities.contains_key(id));
        let needs: Vec<CapabilityId> = step.needs.iter().chain(voters).copied().collect();
        let alone = step.kind != StepKind::Exploit && needs.len() == 1;
        if alone {
            let from = self.capability(needs[0], way);
            self.edge(from, gained, Some((id, &step)), way);
            return;
        }
        let node = self.step_node(id, &step, way);
        for need in needs {
            let from = self.capability(need, way);
            self.edge(from, node, None, way);
        }
        self.edge(node, gained, None, way);
    }

    fn capability(&mut self, id: CapabilityId, way: usize) -> usize {
        let at = match self.capabilities.get(&id) {
            Some(at) => *at,
            None => {
                let capability = self.design.graph.capability(id);
                let name = escape::visible(&capability.name);
                let (verb, thing) = name.strip_suffix(')').and_then(|name| name.split_once('(')).unwrap_or((&name, ""));
                let had = self.threat.start.contains(&id) || self.threat.public.contains(&id);
                let shape = match (id == self.threat.goal, had) {
                    (true, _) => Shape::Goal,
                    (_, true) => Shape::Foothold,
                    _ => Shape::Capability,
                };
                let mut lines = measure::wrap(verb, LETTERS, ROOM, 1);
                lines.extend(measure::wrap(thing, LETTERS, ROOM, 4));
                let zone = self.zone(thing);
                let tip = match shape {
                    Shape::Goal => format!("the goal: {name}"),
                    Shape::Foothold => format!("had at the start: {name}"),
                    _ => name.clone(),
                };
                let at = self.node(shape, lines, tip, zone);
                self.capabilities.insert(id, at);
                at
            }
        };
        self.picture.nodes[at].ways.insert(way);
        at
    }

    fn step_node(&mut self, id: StepId, step: &Step, way: usize) -> usize {
        let at = match self.steps.get(&id) {
            Some(at) => *at,
            None => {
                let (shape, lines) = match step.kind {
                    StepKind::Exploit => (
                        Shape::Exploit,
                        measure::wrap(&escape::visible(&step.name).replace('-', " "), LETTERS, ROOM, 3),
                    ),
                    _ => (Shape::Join, Vec::new()),
                };
                let gained = &self.design.graph.capability(step.gains).name;
                let thing =
                    gained.strip_suffix(')').and_then(|name| name.split_once('(')).map_or("", |(_, thing)| thing);
                let zone = self.zone(thing);
                let at = self.node(shape, lines, tip(self.design, step), zone);
                self.steps.insert(id, at);
                at
            }
        };
        self.picture.nodes[at].ways.insert(way);
        at
    }

    fn node(&mut self, shape: Shape, lines: Vec<String>, tip: String, zone: Option<usize>) -> usize {
        // The first line is bold, which runs wider than the widths known.
        let wide = |at: usize, line: &String| measure::width(line, LETTERS) * if at == 0 { 112 } else { 100 } / 100;
        let width = lines.iter().enumerate().map(|(at, line)| wide(at, line)).max().unwrap_or(0);
        let size = match shape {
            Shape::Join => (10, 10),
            Shape::Exploit => (width + 22, PITCH * lines.len() as i32 + 12),
            _ => (width + 16, PITCH * lines.len() as i32 + 12),
        };
        self.picture.nodes.push(Node { shape, lines, tip, ways: BTreeSet::new(), zone, size });
        self.picture.nodes.len() - 1
    }

    fn edge(&mut self, from: usize, to: usize, step: Option<(StepId, &Step)>, way: usize) {
        let key = (from, to, step.map(|(id, _)| id));
        let at = match self.edges.get(&key) {
            Some(at) => *at,
            None => {
                let kind = step.map(|(_, step)| step.kind);
                let tip = step.map(|(_, step)| tip(self.design, step)).unwrap_or_default();
                self.picture.edges.push(Edge { from, to, kind, tip, ways: BTreeSet::new() });
                self.edges.insert(key, self.picture.edges.len() - 1);
                self.picture.edges.len() - 1
            }
        };
        self.picture.edges[at].ways.insert(way);
    }

    /// A member's things lie in the member's zone; a single thing where the model says who controls it.
    fn zone(&mut self, thing: &str) -> Option<usize> {
        let name = match thing.split_once('.') {
            Some((_, "attacker" | "partner")) => "the attacker's own".to_owned(),
            Some((_, "victim" | "owner")) => "the victim's".to_owned(),
            Some((_, "all")) => "every member's".to_owned(),
            Some(_) => "other members'".to_owned(),
            None => self.design.zones.get(thing)?.clone(),
        };
        let name = escape::visible(&name);
        let known = self.picture.zones.iter().position(|zone| *zone == name);
        Some(known.unwrap_or_else(|| {
            self.picture.zones.push(name);
            self.picture.zones.len() - 1
        }))
    }
}

fn tip(design: &DesignAnswer, step: &Step) -> String {
    let says = if step.says.trim().is_empty() { &step.name } else { &step.says };
    let mut tip = escape::visible(says);
    for id in &step.assumptions {
        let assumption = design.graph.assumption(*id);
        let text = if assumption.text.trim().is_empty() { &assumption.name } else { &assumption.text };
        tip.push_str("; resting on: ");
        tip.push_str(&escape::visible(text));
    }
    escape::clip(&tip, escape::SENTENCE)
}
