//! Blocks as plain text for a terminal: wrapped, aligned, nothing in it that acts on the terminal.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::document::{Block, Item};
use super::{escape, grid, wrap};

/// The width results are laid out for where none is known.
pub const WIDTH: usize = 100;

/// The blocks as text, `width` columns wide (at least 40).
pub fn render(blocks: &[Block], width: usize) -> String {
    let mut out = String::new();
    all(&mut out, blocks, width.max(40));
    out
}

/// A blank line between blocks, none below a heading.
fn all(out: &mut String, blocks: &[Block], width: usize) {
    let mut before: Option<&Block> = None;
    for block in blocks.iter().filter(|block| !matches!(block, Block::Plot(_))) {
        if before.is_some_and(|before| !matches!(before, Block::Heading(..))) {
            out.push('\n');
        }
        one(out, block, width);
        before = Some(block);
    }
}

fn one(out: &mut String, block: &Block, width: usize) {
    match block {
        Block::Heading(level, text, _) => {
            let mark = if *level <= 2 { "== " } else { "-- " };
            wrapped(out, mark, "   ", &text.glued(), width);
        }
        Block::Para(text) => wrapped(out, "", "", &text.glued(), width),
        Block::Quote(text, by) => {
            wrapped(out, "  \"", "   ", &format!("{}\"", text.glued()), width);
            wrapped(out, "  ", "  ", &by.glued(), width);
        }
        Block::Bullets(items) => items.iter().for_each(|item| entry(out, "* ", item, width)),
        Block::Steps(items) => {
            for (at, item) in items.iter().enumerate() {
                entry(out, &format!("{:>2}. ", at + 1), item, width);
            }
        }
        Block::Table(table) => grid::lines(table, width).iter().for_each(|line| out.push_str(&format!("{line}\n"))),
        Block::Plot(_) | Block::Chart(_) => {}
        Block::Ways(ways) => all(out, &ways.told(), width),
        Block::Code(lines) => lines.iter().for_each(|line| {
            out.push_str(&format!("    {}\n", escape::terminal(line)));
        }),
        Block::Fold(summary, blocks) => {
            wrapped(out, "", "", &summary.glued(), width);
            all(out, blocks, width);
        }
    }
}

fn entry(out: &mut String, mark: &str, item: &Item, width: usize) {
    let indent = " ".repeat(mark.len());
    wrapped(out, mark, &indent, &item.text.glued(), width);
    for sub in &item.sub {
        wrapped(out, &format!("{indent}- "), &format!("{indent}  "), &sub.glued(), width);
    }
}

/// Greedy filling; words and names stay whole (they can be copied), unless one alone is longer than the line.
fn wrapped(out: &mut String, first: &str, rest: &str, text: &str, width: usize) {
    let mut line = first.to_owned();
    let mut bare = true;
    for word in wrap::words(text, width.saturating_sub(rest.width())) {
        if !bare && line.width() + 1 + word.width() > width {
            end(out, &mut line, rest);
            bare = true;
        }
        if !bare {
            line.push(' ');
        }
        for c in word.chars() {
            if line.width() + c.width().unwrap_or(0) > width {
                end(out, &mut line, rest);
            }
            line.push(if c == wrap::GLUE { ' ' } else { c });
        }
        bare = false;
    }
    end(out, &mut line, "");
}

/// Ends a line and begins the next.
fn end(out: &mut String, line: &mut String, rest: &str) {
    out.push_str(line.trim_end());
    out.push('\n');
    rest.clone_into(line);
}
