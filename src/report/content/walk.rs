//! Every question of one design as something to walk through: its ways drawn together, and each told.

use super::design::undominated;
use super::{Detail, paths};
use crate::report::document::{Block, Way, Ways};
use crate::report::drawing;
use crate::report::prose::{self, Telling};
use crate::report::text::Text;
use crate::report::words;
use crate::study::Comparison;

/// One block per question that the design asks.
pub(super) fn blocks(comparison: &Comparison, at: usize, detail: Detail) -> Vec<Block> {
    (0..comparison.rows.len()).filter_map(|row| walk(comparison, at, row, detail)).map(Block::Ways).collect()
}

fn walk(comparison: &Comparison, at: usize, row: usize, detail: Detail) -> Option<Ways> {
    let design = comparison.designs.get(at)?;
    let answer = words::answer(comparison, row, at)?;
    let threat = design.graph.threats.iter().find(|threat| threat.name == answer.threat)?;
    let anchor = format!("design-{}-question-{}", at + 1, row + 1);
    let mut ways = undominated(answer);
    let all = ways.len();
    ways.truncate(drawing::MOST_WAYS);
    let svg = drawing::draw(design, threat, &ways, &format!("{anchor}-d"));
    let telling = Telling { lines: detail.lines, ..Telling::default() };
    let told = ways.iter().map(|way| Way {
        summary: prose::summary(&design.graph, way),
        steps: prose::path(&design.graph, way, telling),
    });
    let mut reach = paths::reach(design, answer);
    if all > ways.len() {
        reach = reach.and(format!(
            " Shown are the likeliest {} of {all} listed ways that rest on different failures.",
            ways.len()
        ));
    }
    Some(Ways {
        anchor,
        title: Text::name(&answer.threat).and(" of ").and_name(&design.design).and(": ").and(&answer.title),
        reach,
        svg,
        ways: told.collect(),
    })
}
