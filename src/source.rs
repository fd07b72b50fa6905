//! Source files, spans in them, and the printable places that end up in graphs and reports.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// One text file as it was read (or a pseudo file such as `--set`).
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// Name as the user wrote it, or `library/...` for an embedded file.
    pub name: String,
    /// The whole text, UTF-8.
    pub text: String,
}

impl Source {
    /// A shared source.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Source> {
        Arc::new(Source { name: name.into(), text: text.into() })
    }
}

/// A byte range of a source file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
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
        self.source.text[..self.start].matches('\n').count() + 1
    }

    /// Column in characters, counted from 1.
    pub fn col(&self) -> usize {
        self.source.text[..self.start].rsplit('\n').next().map_or(0, |head| head.chars().count()) + 1
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
