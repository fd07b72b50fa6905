//! Running text in which names of the model are told apart from words, ready for any format.

use super::escape;

/// Names of at most so many characters stay on one line.
const GLUED: usize = 64;

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Piece {
    /// Words: ours, or a sentence of the library.
    Words(String),
    /// A name, id or line of the model: shown as code.
    Name(String),
}

/// One line of text; everything in it has already been made visible and bounded.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text(Vec<Piece>, Option<Key>);

/// Where a cell stands when its column is sorted: bits of a number, so that texts can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key(u64);

impl Text {
    /// Words.
    pub fn words(text: impl AsRef<str>) -> Text {
        Text::default().and(text)
    }

    /// A name.
    pub fn name(text: impl AsRef<str>) -> Text {
        Text::default().and_name(text)
    }

    /// A note in which names stand between backticks.
    pub fn note(note: &str) -> Text {
        let mut text = Text::default();
        for (at, part) in note.split('`').enumerate().filter(|(_, part)| !part.is_empty()) {
            text = if at % 2 == 1 { text.and_name(part) } else { text.and(part) };
        }
        text
    }

    /// The same, as a cell that sorts by this number and not by how it reads.
    pub fn sorted_by(mut self, key: Option<f64>) -> Text {
        self.1 = key.map(|key| Key(key.to_bits()));
        self
    }

    /// What it sorts by, if not by how it reads.
    pub fn key(&self) -> Option<f64> {
        self.1.map(|Key(bits)| f64::from_bits(bits))
    }

    /// These words after it; the spaces at their ends are kept.
    pub fn and(mut self, text: impl AsRef<str>) -> Text {
        let text = text.as_ref();
        let inner = escape::clip(&escape::visible(text), escape::SENTENCE);
        let (before, after) = (text.starts_with(' '), text.ends_with(' ') && !inner.is_empty());
        let words = format!("{}{inner}{}", if before { " " } else { "" }, if after { " " } else { "" });
        match self.0.last_mut() {
            Some(Piece::Words(last)) => last.push_str(&words),
            _ => self.0.push(Piece::Words(words)),
        }
        self
    }

    /// This name after it.
    pub fn and_name(self, text: impl AsRef<str>) -> Text {
        self.and_code(text, escape::NAME)
    }

    /// This line of a model after it.
    pub fn and_line(self, text: impl AsRef<str>) -> Text {
        self.and_code(text, 2 * escape::NAME)
    }

    fn and_code(mut self, text: impl AsRef<str>, max: usize) -> Text {
        self.0.push(Piece::Name(escape::clip(&escape::visible(text.as_ref()), max)));
        self
    }

    /// This text after it.
    pub fn join(mut self, other: Text) -> Text {
        for piece in other.0 {
            match (self.0.last_mut(), piece) {
                (Some(Piece::Words(last)), Piece::Words(words)) => last.push_str(&words),
                (_, piece) => self.0.push(piece),
            }
        }
        self
    }

    /// `a, b and c`; beyond `most`, `a, b and 7 more`.
    pub fn listed(items: impl IntoIterator<Item = Text>, most: usize) -> Text {
        Text::joined(items, most, " and ")
    }

    /// `a, b or c`: any one of them.
    pub fn either(items: impl IntoIterator<Item = Text>, most: usize) -> Text {
        Text::joined(items, most, " or ")
    }

    fn joined(items: impl IntoIterator<Item = Text>, most: usize, end: &str) -> Text {
        let mut items: Vec<Text> = items.into_iter().collect();
        if items.len() > most.max(1) {
            let rest = items.split_off(most.max(1));
            items.push(Text::words(format!("{} more", rest.len())));
        }
        let last = items.len().saturating_sub(1);
        items.into_iter().enumerate().fold(Text::default(), |text, (at, item)| {
            let joint = match at {
                0 => "",
                at if at == last => end,
                _ => ", ",
            };
            if joint.is_empty() { text.join(item) } else { text.and(joint).join(item) }
        })
    }

    /// `a, b and c` of names.
    pub fn names<S: AsRef<str>>(names: impl IntoIterator<Item = S>, most: usize) -> Text {
        Text::listed(names.into_iter().map(Text::name), most)
    }

    /// Nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Its parts.
    pub fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// For a terminal, an image description, or a place without markup.
    pub fn plain(&self) -> String {
        self.0
            .iter()
            .map(|piece| match piece {
                Piece::Words(text) | Piece::Name(text) => text.as_str(),
            })
            .collect()
    }

    /// The same with the spaces inside of names as no-break spaces, so that whoever fills lines leaves names whole. Long names, such as lines of
    /// a model, may be broken at their spaces.
    pub fn glued(&self) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Name(name) if name.chars().count() <= GLUED => name.replace(' ', "\u{a0}"),
            Piece::Words(text) | Piece::Name(text) => text.clone(),
        };
        self.0.iter().map(piece).collect()
    }

    /// For Markdown; `cell` inside a table.
    pub fn markdown(&self, cell: bool) -> String {
        let mut out = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Words(words) => {
                    // Spaces at the ends join the pieces: escaping works on what lies between.
                    let (inner, lead) = (words.trim(), words.starts_with(' '));
                    out.push_str(if lead && !out.is_empty() { " " } else { "" });
                    let escaped = escape::markdown(inner);
                    out.push_str(if out.is_empty() && !cell { &escaped } else { unescape_start(&escaped) });
                    out.push_str(if words.ends_with(' ') && !inner.is_empty() { " " } else { "" });
                }
                Piece::Name(name) => out.push_str(&escape::markdown_code(name, cell)),
            }
        }
        out
    }
}

/// In the middle of a line and in a cell, a leading `-`, `+`, `=`, `:` or `>` means nothing.
fn unescape_start(escaped: &str) -> &str {
    match escaped.strip_prefix('\\') {
        Some(rest) if rest.starts_with(['-', '+', '=', ':', '>']) => rest,
        _ => escaped,
    }
}
