//! A threat's ways in as one drawing: capabilities as boxes, exploits as cut-cornered boxes, grants and consequences as lines of two kinds,
//! trust zones as areas. Drawn in-process; each part carries the numbers of the ways it belongs to, so that a page can light one up.

mod layout;
pub mod mermaid;
mod picture;
mod svg;

use crate::analysis::Path;
use crate::graph::Threat;
use crate::study::DesignAnswer;

/// Ways drawn at most: more would be told apart by nobody.
pub const MOST_WAYS: usize = 8;

/// Draws the given ways of a threat; `None` where there is nothing to draw (no way has a step).
///
/// `id` is put before every id inside the drawing, so that several can stand in one page.
pub fn draw(design: &DesignAnswer, threat: &Threat, ways: &[&Path], id: &str) -> Option<String> {
    let picture = picture::Picture::of(design, threat, ways.get(..MOST_WAYS.min(ways.len()))?)?;
    let places = layout::layout(&picture);
    Some(svg::write(&picture, &places, id))
}
