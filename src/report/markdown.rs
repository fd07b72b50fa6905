//! Blocks as Markdown that can be pasted into an issue or a forum (GitHub, Discourse).

use super::content::{self, Context, Detail};
use super::document::{Block, Document, Item, Plot, Table};
use super::escape;
use super::text::Text;
use crate::study::Comparison;

/// Characters a report may have: GitHub takes 65,536 in one post.
pub const FITS: usize = 65_000;

/// `report.md`: as much detail as fits into `limit` characters, and a last line that says what was left out.
///
/// With nothing left to leave out, the shortest form is returned whatever its length.
pub fn report(comparison: &Comparison, context: &Context, plots: &[Plot], limit: usize) -> String {
    let mut text = String::new();
    for detail in Detail::LADDER {
        text = render(&content::document(comparison, context, plots, detail));
        if let Some(left) = detail.left_out() {
            text.push_str(&format!(
                "\n*Shortened to fit into a post. Left out: {left}. The HTML report has everything.*\n"
            ));
        }
        if text.chars().count() <= limit {
            break;
        }
    }
    text
}

/// A document.
pub fn render(document: &Document) -> String {
    let mut out = format!("# {}\n", document.title.markdown(false));
    blocks(&mut out, &document.blocks);
    out
}

/// Blocks alone, to be put under a heading of one's own.
pub fn render_blocks(all: &[Block]) -> String {
    let mut out = String::new();
    blocks(&mut out, all);
    out.trim_start().to_owned()
}

fn blocks(out: &mut String, blocks: &[Block]) {
    for block in blocks {
        out.push('\n');
        one(out, block);
    }
}

fn one(out: &mut String, block: &Block) {
    match block {
        Block::Heading(level, text, _) => {
            line(out, &format!("{} {}", "#".repeat(usize::from(*level)), text.markdown(false)))
        }
        Block::Para(text) => line(out, &text.markdown(false)),
        Block::Quote(text, by) => {
            line(out, &format!("> {}", text.markdown(false)));
            line(out, ">");
            line(out, &format!("> ({})", by.markdown(false)));
        }
        Block::Bullets(items) => items.iter().for_each(|item| entry(out, "- ", item)),
        Block::Steps(items) => {
            for (at, item) in items.iter().enumerate() {
                entry(out, &format!("{}. ", at + 1), item);
            }
        }
        Block::Table(table) => pipes(out, table),
        Block::Plot(plot) => {
            line(out, &format!("![{}]({}.svg)", plot.title.markdown(false), plot.stem));
        }
        Block::Ways(ways) => blocks(out, &ways.told()),
        Block::Code(lines) => fenced(out, lines),
        Block::Fold(summary, inner) => {
            line(out, &format!("<details><summary>{}</summary>", summary_html(summary)));
            blocks(out, inner);
            out.push('\n');
            line(out, "</details>");
        }
    }
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

fn entry(out: &mut String, mark: &str, item: &Item) {
    line(out, &format!("{mark}{}", item.text.markdown(false)));
    for sub in &item.sub {
        line(out, &format!("{}- {}", " ".repeat(mark.len()), sub.markdown(false)));
    }
}

fn pipes(out: &mut String, table: &Table) {
    let row = |cells: &mut dyn Iterator<Item = String>| format!("| {} |", cells.collect::<Vec<_>>().join(" | "));
    line(out, &row(&mut table.head.iter().map(|column| column.title.markdown(true))));
    line(out, &row(&mut table.head.iter().map(|column| String::from(if column.right { "---:" } else { "---" }))));
    for cells in &table.rows {
        line(out, &row(&mut cells.iter().map(|cell| cell.markdown(true))));
    }
}

/// A block of lines to copy; the fence is longer than any run of backticks inside.
fn fenced(out: &mut String, lines: &[String]) {
    let lines: Vec<String> = lines.iter().map(|text| escape::visible(text)).collect();
    let mut fence = String::from("```");
    while lines.iter().any(|text| text.contains(&fence)) {
        fence.push('`');
    }
    line(out, &fence);
    lines.iter().for_each(|text| line(out, text));
    line(out, &fence);
}

/// Inside an HTML element Markdown is not read by all: the summary of a fold is escaped for both.
fn summary_html(text: &Text) -> String {
    let replaced = [('[', "&lsqb;"), (']', "&rsqb;"), ('`', "&grave;"), ('@', "@<!-- -->"), ('#', "#<!-- -->")];
    replaced.iter().fold(escape::html(&text.plain()), |text, (from, to)| text.replace(*from, to))
}
