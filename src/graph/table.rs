//! The graph as a table in CSV: one row for each step, for spreadsheets and for one's own analysis.

use super::dot::bounded;
use super::graphml::kind;
use super::{CapabilityGraph, Step};

/// Columns, in order.
pub const COLUMNS: [&str; 11] = [
    "step",
    "name",
    "kind",
    "needs",
    "at_least",
    "gains",
    "assumptions",
    "probability",
    "median_hours",
    "says",
    "because",
];

/// The table; what stands in one cell is separated by semicolons.
///
/// # Errors
/// The writer of the CSV fails, which it does not in memory.
pub fn write(graph: &CapabilityGraph) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for (at, step) in graph.steps.iter().enumerate() {
        writer.write_record(row(graph, at, step))?;
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn row(graph: &CapabilityGraph, at: usize, step: &Step) -> [String; 11] {
    let names = |ids: &[super::CapabilityId]| {
        ids.iter().map(|id| graph.capability(*id).name.as_str()).collect::<Vec<_>>().join("; ")
    };
    let quorum = step.quorum.as_ref();
    let needs = [names(&step.needs), quorum.map_or(String::new(), |quorum| names(&quorum.of))];
    let needs: Vec<&str> = needs.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    let rests: Vec<&str> = step.assumptions.iter().map(|id| graph.assumption(*id).name.as_str()).collect();
    let chance = step.assumptions.iter().fold(1.0, |all, id| all * graph.assumption(*id).probability);
    let hours = step.effort.map_or(0.0, |effort| effort.seconds() as f64 / 3600.0);
    let because: Vec<String> = step.because.iter().map(|place| format!("{}:{}", place.file, place.line)).collect();
    [
        at.to_string(),
        cell(&step.name),
        kind(step.kind).to_owned(),
        cell(&needs.join("; ")),
        quorum.map_or(String::new(), |quorum| quorum.at_least.to_string()),
        cell(&graph.capability(step.gains).name),
        cell(&rests.join("; ")),
        chance.to_string(),
        hours.to_string(),
        cell(&step.says),
        cell(&because.join("; ")),
    ]
}

/// A spreadsheet takes a cell that begins with one of these for a formula: an apostrophe before it says it is text.
fn cell(text: &str) -> String {
    let text: Vec<String> = text.split("; ").map(bounded).collect();
    let text = text.join("; ").replace('\n', " ");
    if text.starts_with(['=', '+', '-', '@', '\t']) { format!("'{text}") } else { text }
}
