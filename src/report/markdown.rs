//! Blocks as Markdown that can be pasted into an issue or a forum (GitHub, Discourse).

use super::content::{self, Context, Detail};
use super::document::{Block, Document, Item, Plot, Table};
use super::escape;
use super::number;
use super::text::Text;
use crate::study::Comparison;

/// Characters a report may have where nobody says otherwise: GitHub takes 65,536 in one post, and whoever posts it has something to say as well.
pub const FITS: usize = 50_000;

/// `report.md`: as much detail as fits into `limit` characters, and a last line that says what was left out and where it is.
///
/// With nothing left to leave out, the shortest form is returned whatever its length, and says so.
pub fn report(comparison: &Comparison, context: &Context, plots: &[Plot], limit: usize) -> String {
    let mut text = String::new();
    for detail in Detail::LADDER {
        text = render(&content::document(comparison, context, plots, detail));
        if let Some(left) = detail.left_out() {
            text.push_str(&shortened(&left, limit));
        }
        if text.chars().count() <= limit {
            return text;
        }
    }
    text.push_str(&format!(
        "\n*Still longer than {} characters, with nothing left to leave out: `brief.txt` beside this file is one page.*\n",
        number::count(limit as u64)
    ));
    text
}

/// What was left out, and where it is.
fn shortened(left: &str, limit: usize) -> String {
    format!(
        "\n*Shortened to fit into {} characters. Left out: {left}. All of it stands in `report.html` beside this file; the questions for the \
         room also in `questions.md`.*\n",
        number::count(limit as u64)
    )
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
        Block::Code(lines) => fenced(out, "", lines),
        Block::Chart(text) => fenced(out, "mermaid", &text.lines().map(str::to_owned).collect::<Vec<_>>()),
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

/// Characters of a table side by side: more is cut off or scrolled away on a narrow screen, so it goes on below.
const TABLE: usize = 112;
/// Characters after which a cell is taken to wrap.
const WRAPS: usize = 24;

fn pipes(out: &mut String, table: &Table) {
    for (at, columns) in parts(table).iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        part(out, table, columns);
    }
}

/// The columns of each part of a table: the first in all of them, then as many as stand side by side, about as many in each part.
fn parts(table: &Table) -> Vec<Vec<usize>> {
    let least = parts_of(table, usize::MAX);
    let even = parts_of(table, table.head.len().saturating_sub(1).div_ceil(least.len()));
    if even.len() == least.len() { even } else { least }
}

/// The same with at most so many columns beside the first in each part.
fn parts_of(table: &Table, most: usize) -> Vec<Vec<usize>> {
    let width = |at: usize| {
        let cells =
            table.rows.iter().filter_map(|row| row.get(at)).chain(table.head.get(at).map(|column| &column.title));
        cells.map(|cell| cell.plain().chars().count()).max().unwrap_or(0).min(WRAPS) + 3
    };
    let first = width(0);
    let (mut parts, mut used) = (vec![vec![0]], first);
    for at in 1..table.head.len() {
        let beside = parts.last().map_or(0, |part| part.len() - 1);
        if beside > 0 && (used + width(at) > TABLE || beside >= most) {
            parts.push(vec![0]);
            used = first;
        }
        used += width(at);
        if let Some(part) = parts.last_mut() {
            part.push(at);
        }
    }
    parts
}

fn part(out: &mut String, table: &Table, columns: &[usize]) {
    let row = |cells: &mut dyn Iterator<Item = String>| format!("| {} |", cells.collect::<Vec<_>>().join(" | "));
    let head = || columns.iter().filter_map(|at| table.head.get(*at));
    line(out, &row(&mut head().map(|column| column.title.markdown(true))));
    line(out, &row(&mut head().map(|column| String::from(if column.right { "---:" } else { "---" }))));
    for cells in &table.rows {
        let cells = columns.iter().filter_map(|at| cells.get(*at));
        line(out, &row(&mut cells.map(|cell| cell.markdown(true))));
    }
}

/// A block of lines to copy; the fence is longer than any run of backticks inside.
fn fenced(out: &mut String, language: &str, lines: &[String]) {
    let lines: Vec<String> = lines.iter().map(|text| escape::visible(text)).collect();
    let mut fence = String::from("```");
    while lines.iter().any(|text| text.contains(&fence)) {
        fence.push('`');
    }
    line(out, &format!("{fence}{language}"));
    lines.iter().for_each(|text| line(out, text));
    line(out, &fence);
}

/// Inside an HTML element Markdown is not read by all: the summary of a fold is escaped for both.
fn summary_html(text: &Text) -> String {
    let replaced = [('[', "&lsqb;"), (']', "&rsqb;"), ('`', "&grave;"), ('@', "@<!-- -->"), ('#', "#<!-- -->")];
    replaced.iter().fold(escape::html(&text.plain()), |text, (from, to)| text.replace(*from, to))
}

#[cfg(test)]
mod tests {
    use super::{parts, render_blocks};
    use crate::report::document::{Block, Column, Table};
    use crate::report::text::Text;

    fn table(columns: usize, cell: &str) -> Table {
        let row = vec![Text::words(cell); columns];
        Table { head: (0..columns).map(|at| Column::left(format!("c{at}"))).collect(), rows: vec![row.clone(), row] }
    }

    #[test]
    fn a_wide_table_goes_on_below_with_its_first_column() {
        assert_eq!(parts(&table(6, "short")), [vec![0, 1, 2, 3, 4, 5]]);
        let wide = table(9, "fifteen letters");
        assert_eq!(parts(&wide), [vec![0, 1, 2, 3, 4], vec![0, 5, 6, 7, 8]]);
        let text = render_blocks(&[Block::Table(wide)]);
        let heads: Vec<&str> = text.lines().filter(|line| line.contains("c0")).collect();
        assert_eq!(heads, ["| c0 | c1 | c2 | c3 | c4 |", "| c0 | c5 | c6 | c7 | c8 |"]);
        assert_eq!(text.matches("fifteen letters").count(), 2 * (9 + 1), "nothing is lost");
        // Sentences wrap: they do not make a table wide.
        assert_eq!(parts(&table(3, &"word ".repeat(100))), [vec![0, 1, 2]]);
        assert_eq!(parts(&Table::default()), [vec![0]]);
    }
}
