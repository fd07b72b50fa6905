//! The checklist of a review meeting: `questions.md` to read from and `questions.csv` to fill in.

use super::content::Context;
use super::content::checklist::{Merged, counted, merged, sheets, told};
use super::escape;
use super::number;
use super::text::Text;
use crate::model::answers::{Answer, Decision};
use crate::model::incident::Vocabulary;
use crate::study::Comparison;
use crate::study::checklist::{BETWEEN, COLUMNS};

const LEAD: &str = "One entry for each assumption whose failure opens a threat by itself, for each that a way told in the report rests on, \
    and for each step that nothing stands before; of each design the likeliest to fail come first. Somebody has to know; write down who, by when, and what was decided.";
const WORDS: &str = "Decisions: `holds` (looked at, and it is so), `fails` (it is not so), `change` (the design will be changed), \
    `open` (the owner finds out by the date). The same questions stand in `questions.csv`. Filled in, they become a part of the model: \
    `cotenant check MODEL --answers questions.csv` prints the list to paste, and the next report shows it.";

/// `questions.md`: a list of tasks, which GitHub and Discourse show with boxes.
pub fn markdown(comparison: &Comparison, context: &Context) -> String {
    let mut out = format!("# Questions for the room\n\n{LEAD}\n\n{WORDS}\n");
    for sheet in sheets(comparison) {
        let title = Text::name(&sheet.design.design).and(": ").and(&sheet.design.title);
        out.push_str(&format!("\n## {}\n\n", title.markdown(false)));
        let n = number::plural(sheet.rows.len() as u64, "question", "questions");
        match sheet.rows.is_empty() {
            true => out.push_str("No threat of it rests on an assumption.\n"),
            false => out.push_str(&format!("{n}.\n")),
        }
        if let Some(counted) = counted(sheet.design, &sheet.rows) {
            out.push_str(&format!("\n{}\n", counted.markdown(false)));
        }
    }
    out.push_str("\n## The questions\n\n");
    merged(comparison).iter().for_each(|row| entry(&mut out, row, comparison.designs.len() > 1));
    let command = Text::words("Written by ").and_line(&context.command).and(format!(" ({}).", super::VERSION));
    out.push_str(&format!("\n{}\n", command.markdown(false)));
    out
}

fn entry(out: &mut String, merged: &Merged<'_>, several: bool) {
    let (row, decides) = (&merged.row, merged.told());
    let designs = Text::names(merged.designs.iter().map(|design| &design.design), usize::MAX);
    let designs = if several { designs } else { Text::default() };
    let done = row.answer.is_some_and(|answer| answer.decision != Decision::Open);
    out.push_str(&format!("- [{}] {}\n", if done { "x" } else { " " }, row.question.markdown(false)));
    let told = row.answer.map_or(Text::words("none yet: owner, date, decision"), told);
    let lines = [
        ("assumed", &row.assumed),
        ("fails with", &row.chance),
        ("designs", &designs),
        ("decides", &decides),
        ("id", &Text::name(row.id)),
        ("answer", &told),
    ];
    for (what, text) in lines.into_iter().filter(|(_, text)| !text.is_empty()) {
        out.push_str(&format!("  - {what}: {}\n", text.markdown(true)));
    }
}

/// `questions.csv`: the same as a table to fill in.
///
/// # Errors
/// The writer of the CSV fails, which it does not in memory.
pub fn csv(comparison: &Comparison) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for row in merged(comparison) {
        writer.write_record(cells(&row))?;
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn cells(merged: &Merged<'_>) -> [String; COLUMNS.len()] {
    let row = &merged.row;
    let designs: Vec<&str> = merged.designs.iter().map(|design| design.design.as_str()).collect();
    let answer = |tell: &dyn Fn(&Answer) -> String| row.answer.map(tell).unwrap_or_default();
    [
        designs.join(&format!("{BETWEEN} ")),
        row.id.to_owned(),
        row.question.plain(),
        row.assumed.plain(),
        merged.told().plain(),
        row.chance.plain(),
        answer(&|answer| answer.owner.clone()),
        answer(&|answer| answer.date.to_string()),
        answer(&|answer| answer.decision.word().to_owned()),
        answer(&|answer| answer.note.clone().unwrap_or_default()),
    ]
    .map(|text| safe(&text))
}

/// A spreadsheet takes a cell that begins with one of these for a formula: an apostrophe before it says it is text.
fn safe(text: &str) -> String {
    let text = escape::visible(text).replace('\n', " ");
    if text.starts_with(['=', '+', '-', '@', '\t']) { format!("'{text}") } else { text }
}
