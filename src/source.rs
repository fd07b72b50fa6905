//! Source files, spans in them, and the printable places that end up in graphs and reports.

use std::cmp::Ordering;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// One text file as it was read (or a pseudo file such as `--set`).
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// Name as the user wrote it, or `library/...` for an embedded file.
    pub name: String,
    /// The whole text, UTF-8.
    pub text: String,
    /// Where its lines end: whoever asks for the lines of all that stands in a large file must not read it anew for each.
    ends: Vec<usize>,
}

impl Source {
    /// A shared source.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Source> {
        let text = text.into();
        let ends = text.match_indices('\n').map(|(at, _)| at).collect();
        Arc::new(Source { name: name.into(), text, ends })
    }
}

/// A byte range of a source file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The file.
    pub source: Arc<Source>,
    /// First byte.
    pub start: usize,
    /// One past the last byte; equal to `start` where only a point is known.
    pub end: usize,
}

impl Span {
    /// A span, clipped to the text and to character boundaries.
    pub fn new(source: Arc<Source>, start: usize, end: usize) -> Span {
        let clip = |mut at: usize| {
            at = at.min(source.text.len());
            while !source.text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let (start, end) = (clip(start), clip(end.max(start)));
        Span { source, start, end }
    }

    /// Line, counted from 1.
    pub fn line(&self) -> usize {
        self.source.ends.partition_point(|end| *end < self.start) + 1
    }

    /// Column in characters, counted from 1.
    pub fn col(&self) -> usize {
        let line = self.line();
        let from = line.checked_sub(2).map_or(0, |before| self.source.ends[before] + 1);
        self.source.text[from..self.start].chars().count() + 1
    }

    /// The whole line the span starts in, without its end.
    pub fn line_text(&self) -> &str {
        let text = &self.source.text;
        let from = text[..self.start].rfind('\n').map_or(0, |at| at + 1);
        let to = text[from..].find('\n').map_or(text.len(), |at| from + at);
        text[from..to].trim_end_matches('\r')
    }

    /// The spanned text itself.
    pub fn text(&self) -> &str {
        &self.source.text[self.start..self.end]
    }

    /// The printable form.
    pub fn place(&self) -> Place {
        Place {
            file: self.source.name.clone(),
            line: self.line(),
            col: self.col(),
            text: self.line_text().trim().to_owned(),
        }
    }
}

/// By file, then by place. Most spans that are compared are of one file, whose text need not be looked at.
impl Ord for Span {
    fn cmp(&self, other: &Span) -> Ordering {
        let same = Arc::ptr_eq(&self.source, &other.source);
        let sources = if same { Ordering::Equal } else { self.source.cmp(&other.source) };
        sources.then_with(|| (self.start, self.end).cmp(&(other.start, other.end)))
    }
}

impl PartialOrd for Span {
    fn partial_cmp(&self, other: &Span) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Where something is written, printable without the source at hand.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// File name.
    #[serde(default)]
    pub file: String,
    /// Line, from 1.
    #[serde(default)]
    pub line: usize,
    /// Column, from 1.
    #[serde(default)]
    pub col: usize,
    /// The line, trimmed.
    #[serde(default)]
    pub text: String,
}
