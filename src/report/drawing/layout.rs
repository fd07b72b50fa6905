//! Places for everything, by the layout crate, which nothing else here knows.

use dagre::graph::{Graph, GraphOptions};
use dagre::{EdgeLabel, LayoutOptions, NodeLabel, RankDir};

use super::picture::Picture;

/// A point, pixels.
pub type Point = (f64, f64);

/// An area: middle and size.
#[derive(Debug, Clone, Copy)]
pub struct Area {
    /// Middle.
    pub at: Point,
    /// Size.
    pub size: Point,
}

/// Where everything stands.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// Middles of the nodes, in their order.
    pub nodes: Vec<Point>,
    /// Points of the edges, in their order.
    pub edges: Vec<Vec<Point>>,
    /// Areas of the zones, in their order; `None` where a zone is empty.
    pub zones: Vec<Option<Area>>,
    /// Size of the whole.
    pub size: Point,
}

/// From top to bottom.
pub fn layout(picture: &Picture) -> Places {
    let mut graph: Graph<NodeLabel, EdgeLabel> =
        Graph::with_options(GraphOptions { directed: true, multigraph: true, compound: true });
    for zone in 0..picture.zones.len() {
        graph.set_node(format!("z{zone}"), Some(NodeLabel::default()));
    }
    for (at, node) in picture.nodes.iter().enumerate() {
        let label = NodeLabel { width: f64::from(node.size.0), height: f64::from(node.size.1), ..NodeLabel::default() };
        graph.set_node(format!("n{at}"), Some(label));
        if let Some(zone) = node.zone {
            graph.set_parent(&format!("n{at}"), Some(&format!("z{zone}")));
        }
    }
    for (at, edge) in picture.edges.iter().enumerate() {
        let name = format!("e{at}");
        graph.set_edge(format!("n{}", edge.from), format!("n{}", edge.to), Some(EdgeLabel::default()), Some(&name));
    }
    let options =
        LayoutOptions { rankdir: RankDir::TB, nodesep: 12.0, ranksep: 30.0, edgesep: 8.0, ..LayoutOptions::default() };
    dagre::layout(&mut graph, Some(options));
    read(picture, &graph)
}

fn read(picture: &Picture, graph: &Graph<NodeLabel, EdgeLabel>) -> Places {
    let place = |name: &str| {
        let label = graph.node(name)?;
        Some(Area { at: (label.x?, label.y?), size: (label.width, label.height) })
    };
    let nodes: Vec<Point> =
        (0..picture.nodes.len()).map(|at| place(&format!("n{at}")).map_or((0.0, 0.0), |area| area.at)).collect();
    let zones = (0..picture.zones.len()).map(|at| place(&format!("z{at}"))).collect();
    let edges = picture.edges.iter().enumerate().map(|(at, edge)| {
        let name = format!("e{at}");
        let label = graph.edge(&format!("n{}", edge.from), &format!("n{}", edge.to), Some(&name));
        label.map(|label| label.points.iter().map(|point| (point.x, point.y)).collect()).unwrap_or_default()
    });
    let mut places = Places { nodes, edges: edges.collect(), zones, size: (0.0, 0.0) };
    places.size = extent(picture, &places);
    places
}

fn extent(picture: &Picture, places: &Places) -> Point {
    let nodes = places.nodes.iter().zip(&picture.nodes);
    let nodes = nodes.map(|(at, node)| (at.0 + f64::from(node.size.0) / 2.0, at.1 + f64::from(node.size.1) / 2.0));
    let zones =
        places.zones.iter().flatten().map(|area| (area.at.0 + area.size.0 / 2.0, area.at.1 + area.size.1 / 2.0));
    let points = places.edges.iter().flatten().copied();
    nodes.chain(zones).chain(points).fold((0.0, 0.0), |most: Point, point| (most.0.max(point.0), most.1.max(point.1)))
}
