//! The drawing as SVG. Colours come from the page's style sheet by class, and from attributes where there is none (a viewer, a printer).

use std::collections::BTreeSet;
use std::fmt::Write;

use super::layout::{Area, Places, Point};
use super::picture::{Edge, LETTERS, Node, PITCH, Picture, Shape};
use crate::graph::StepKind;
use crate::report::escape;
use crate::report::plots::measure;

/// Space around, pixels.
const MARGIN: f64 = 14.0;
/// Room for the name above an area.
const NAME: f64 = 16.0;

/// Writes it. `id` is put before every id.
pub fn write(picture: &Picture, places: &Places, id: &str) -> String {
    let mut out = String::new();
    let areas = areas(places);
    let (low, high) = bounds(places, &areas);
    let (width, height) = (high.0 - low.0, high.1 - low.1);
    let title = escape::html(&picture.described);
    let _ = write!(
        out,
        "<svg class=\"ways\" role=\"img\" aria-labelledby=\"{id}-t\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{} {} {} {}\" \
         width=\"{}\" height=\"{}\" font-family=\"DejaVu Sans, Verdana, sans-serif\" font-size=\"{LETTERS}\">\
         <title id=\"{id}-t\">{title}</title>",
        whole(low.0),
        whole(low.1),
        whole(width),
        whole(height),
        whole(width),
        whole(height)
    );
    let _ = write!(
        out,
        "<defs><marker id=\"{id}-a\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">\
         <path d=\"M0 0 8 4 0 8z\" fill=\"context-stroke\"/></marker></defs>"
    );
    for (zone, area) in picture.zones.iter().zip(&areas) {
        area.iter().for_each(|area| write_area(&mut out, zone, *area));
    }
    for (edge, points) in picture.edges.iter().zip(&places.edges) {
        write_edge(&mut out, picture, edge, points, id);
    }
    for (node, at) in picture.nodes.iter().zip(&places.nodes) {
        write_node(&mut out, node, *at);
    }
    out.push_str("</svg>");
    out
}

/// The areas with room for their names above what lies in them.
fn areas(places: &Places) -> Vec<Option<Area>> {
    let taller = |area: Area| Area { at: (area.at.0, area.at.1 - NAME / 2.0), size: (area.size.0, area.size.1 + NAME) };
    places.zones.iter().map(|area| area.map(taller)).collect()
}

fn bounds(places: &Places, areas: &[Option<Area>]) -> (Point, Point) {
    let mut low = (0.0f64, 0.0f64);
    let mut high = places.size;
    for area in areas.iter().flatten() {
        low = (low.0.min(area.at.0 - area.size.0 / 2.0), low.1.min(area.at.1 - area.size.1 / 2.0));
        high = (high.0.max(area.at.0 + area.size.0 / 2.0), high.1.max(area.at.1 + area.size.1 / 2.0));
    }
    ((low.0 - MARGIN, low.1 - MARGIN), (high.0 + MARGIN, high.1 + MARGIN))
}

fn whole(value: f64) -> i64 {
    libm::round(value) as i64
}

/// `w0 w3`: the ways it belongs to.
fn ways(numbers: &BTreeSet<usize>) -> String {
    numbers.iter().map(|number| format!(" w{number}")).collect()
}

fn write_area(out: &mut String, name: &str, area: Area) {
    let (x, y) = (area.at.0 - area.size.0 / 2.0, area.at.1 - area.size.1 / 2.0);
    let shown = measure::fitted(name, LETTERS - 1, whole(area.size.0) as i32 - 16);
    let name = escape::html(name);
    let _ = write!(
        out,
        "<g class=\"zone\"><title>{name}</title><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"6\" fill=\"#f3f5f8\" stroke=\"#aab2be\" \
         stroke-dasharray=\"2 3\"/><text x=\"{}\" y=\"{}\" font-size=\"{}\" fill=\"#5b616b\">{}</text></g>",
        whole(x),
        whole(y),
        whole(area.size.0),
        whole(area.size.1),
        whole(x + 8.0),
        whole(y + 13.0),
        LETTERS - 1,
        escape::html(&shown)
    );
}

fn write_edge(out: &mut String, picture: &Picture, edge: &Edge, points: &[Point], id: &str) {
    let Some(path) = curve(points) else { return };
    let class = match edge.kind {
        Some(StepKind::Consequence) => "edge hence",
        Some(_) => "edge grant",
        None => "edge",
    };
    let dash = if edge.kind == Some(StepKind::Consequence) { " stroke-dasharray=\"5 4\"" } else { "" };
    let marker = match picture.nodes.get(edge.to) {
        Some(Node { shape: Shape::Join, .. }) => String::new(),
        _ => format!(" marker-end=\"url(#{id}-a)\""),
    };
    let tip = if edge.tip.is_empty() { String::new() } else { format!("<title>{}</title>", escape::html(&edge.tip)) };
    let _ = write!(
        out,
        "<path class=\"{class}{}\" d=\"{path}\" fill=\"none\" stroke=\"#5b616b\" stroke-width=\"1.4\"{dash}{marker}>{tip}</path>",
        ways(&edge.ways)
    );
}

/// A smooth line through the points: quadratic pieces between the middles of its parts.
fn curve(points: &[Point]) -> Option<String> {
    let (first, last) = (points.first()?, points.last()?);
    let mut path = format!("M{} {}", whole(first.0), whole(first.1));
    for pair in points.windows(2).skip(1) {
        let (at, next) = (pair[0], pair[1]);
        let end = if next == *last { next } else { ((at.0 + next.0) / 2.0, (at.1 + next.1) / 2.0) };
        let _ = write!(path, "Q{} {} {} {}", whole(at.0), whole(at.1), whole(end.0), whole(end.1));
    }
    if points.len() == 2 {
        let _ = write!(path, "L{} {}", whole(last.0), whole(last.1));
    }
    Some(path)
}

fn write_node(out: &mut String, node: &Node, at: Point) {
    let (class, fill, stroke, ink) = match node.shape {
        Shape::Capability => ("cap", "#ffffff", "#5b616b", "#1d1f23"),
        Shape::Foothold => ("cap had", "#e3e6eb", "#5b616b", "#1d1f23"),
        Shape::Goal => ("cap goal", "#ffffff", "#1d1f23", "#1d1f23"),
        Shape::Exploit => ("exploit", "#fdf1e0", "#9c4720", "#1d1f23"),
        Shape::Join => ("join", "#5b616b", "#5b616b", "#ffffff"),
    };
    let _ = write!(out, "<g class=\"{class}{}\"><title>{}</title>", ways(&node.ways), escape::html(&node.tip));
    let (w, h) = (f64::from(node.size.0), f64::from(node.size.1));
    let (x, y) = (at.0 - w / 2.0, at.1 - h / 2.0);
    match node.shape {
        Shape::Join => {
            let _ = write!(out, "<circle cx=\"{}\" cy=\"{}\" r=\"4\" fill=\"{fill}\"/>", whole(at.0), whole(at.1));
        }
        Shape::Exploit => {
            let (l, r, t, b) = (whole(x), whole(x + w), whole(y), whole(y + h));
            let cut = 8;
            let _ = write!(
                out,
                "<path d=\"M{} {t}H{}L{r} {}V{}L{} {b}H{}L{l} {}V{}z\" fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"1.6\"/>",
                l + cut,
                r - cut,
                t + cut,
                b - cut,
                r - cut,
                l + cut,
                b - cut,
                t + cut
            );
        }
        _ => rectangles(out, node.shape, (x, y, w, h), fill, stroke),
    }
    let top = at.1 - f64::from(PITCH * (node.lines.len() as i32 - 1)) / 2.0;
    for (line, text) in node.lines.iter().enumerate() {
        let bold = if line == 0 && node.shape != Shape::Exploit { " font-weight=\"bold\"" } else { "" };
        let _ = write!(
            out,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\" dy=\".35em\" fill=\"{ink}\"{bold}>{}</text>",
            whole(at.0),
            whole(top + f64::from(PITCH) * line as f64),
            escape::html(text)
        );
    }
    out.push_str("</g>");
}

/// A goal has two borders.
fn rectangles(out: &mut String, shape: Shape, (x, y, w, h): (f64, f64, f64, f64), fill: &str, stroke: &str) {
    let mut one = |by: f64, fill: &str| {
        let _ = write!(
            out,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"4\" fill=\"{fill}\" stroke=\"{stroke}\"/>",
            whole(x + by),
            whole(y + by),
            whole(w - 2.0 * by),
            whole(h - 2.0 * by)
        );
    };
    one(0.0, fill);
    if shape == Shape::Goal {
        one(3.0, "none");
    }
}
