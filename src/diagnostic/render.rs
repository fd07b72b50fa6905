//! Diagnostics as text for people and as JSON.

use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};
use serde::Serialize;

use super::suggest::is_hidden;
use super::{Diagnostic, Severity, printable};
use crate::source::Span;

/// The JSON form of a diagnostic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JsonDiagnostic {
    /// Code id.
    pub code: &'static str,
    /// `error` or `warning`.
    pub severity: &'static str,
    /// File, if it has a place.
    pub file: Option<String>,
    /// Line, from 1.
    pub line: Option<usize>,
    /// Column in characters, from 1.
    pub col: Option<usize>,
    /// The sentence.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// The JSON form.
pub fn json(diagnostic: &Diagnostic) -> JsonDiagnostic {
    let span = diagnostic.span.as_ref();
    JsonDiagnostic {
        code: diagnostic.code.id(),
        severity: diagnostic.severity.word(),
        file: span.map(|span| span.source.name.clone()),
        line: span.map(Span::line),
        col: span.map(Span::col),
        message: diagnostic.message.clone(),
        help: diagnostic.help.clone(),
    }
}

/// A cut of a source: the lines a span covers, so that rendering a long file stays cheap.
struct Window {
    text: String,
    offset: usize,
    line: usize,
}

/// Most lines of one window.
const WINDOW_LINES: usize = 4;

impl Window {
    fn around(span: &Span) -> Window {
        let text = span.source.text.as_str();
        let offset = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
        let mut end = offset;
        for line in text[offset..].split_inclusive('\n').take(WINDOW_LINES) {
            end += line.len();
            if end >= span.end {
                break;
            }
        }
        Window { text: harmless(&text[offset..end]), offset, line: span.line() }
    }

    /// Does the window around `own` show another span as well?
    fn shows(&self, own: &Span, other: &Span) -> bool {
        let end = self.offset + self.text.len();
        Arc::ptr_eq(&own.source, &other.source) && self.offset <= other.start && other.end <= end && other.start < end
    }

    fn range(&self, span: &Span) -> std::ops::Range<usize> {
        let clip = |at: usize| at.saturating_sub(self.offset).min(self.text.len());
        let (start, end) = (clip(span.start), clip(span.end));
        let end = if end == start { next_char(&self.text, start) } else { end };
        start..end
    }
}

/// Text whose control and direction-changing characters are replaced by others of the same length in bytes.
fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(ch) = rest.next() {
        let line_end = ch == '\n' || (ch == '\r' && rest.peek() == Some(&'\n'));
        out.push(match ch.len_utf8() {
            _ if line_end || ch == '\t' || !is_hidden(ch) => ch,
            1 => '?',
            2 => '·',
            _ => '\u{FFFD}',
        });
    }
    out
}

/// One character further, or the same place at the end of the text.
fn next_char(text: &str, at: usize) -> usize {
    text[at..].chars().next().filter(|ch| *ch != '\n').map_or(at, |ch| at + ch.len_utf8())
}

/// Text for people: the sentence, the marked lines, the help.
pub fn render(diagnostic: &Diagnostic, renderer: &Renderer) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut primary = Group::with_title(level.primary_title(&diagnostic.message).id(diagnostic.code.id()));
    let window = diagnostic.span.as_ref().map(|span| (span, Window::around(span)));
    if let Some((span, window)) = &window {
        let annotation = AnnotationKind::Primary.span(window.range(span));
        let annotation =
            if diagnostic.label.is_empty() { annotation } else { annotation.label(diagnostic.label.as_str()) };
        let near = diagnostic.related.iter().filter(|(other, _)| window.shows(span, other));
        let near = near.map(|(other, label)| AnnotationKind::Context.span(window.range(other)).label(label.as_str()));
        primary = primary.element(snippet(span, window).annotation(annotation).annotations(near));
    }
    let far = |other: &Span| !window.as_ref().is_some_and(|(span, window)| window.shows(span, other));
    let related: Vec<_> = diagnostic.related.iter().filter(|(span, _)| far(span)).collect();
    let windows: Vec<Window> = related.iter().map(|(span, _)| Window::around(span)).collect();
    for ((span, label), window) in related.into_iter().zip(&windows) {
        let annotation = AnnotationKind::Context.span(window.range(span)).label(label.as_str());
        primary = primary.element(snippet(span, window).annotation(annotation));
    }
    let mut groups = vec![primary];
    let replacement = diagnostic.replacement.as_deref().map(|text| printable(text, 200));
    if let Some(help) = &diagnostic.help {
        let mut group = Group::with_title(Level::HELP.secondary_title(help));
        if let (Some(replacement), Some((span, window))) = (&replacement, &window)
            && span.end > span.start
            && span.end <= window.offset + window.text.len()
        {
            let patch = Patch::new(window.range(span), replacement.as_str());
            let snippet = Snippet::source(window.text.as_str()).line_start(window.line).path(path(span));
            group = group.element(snippet.patch(patch));
        }
        groups.push(group);
    }
    renderer.render(&groups)
}

fn snippet<'a>(span: &'a Span, window: &'a Window) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    Snippet::source(window.text.as_str()).line_start(window.line).path(path(span))
}

fn path(span: &Span) -> String {
    printable(&span.source.name, 400)
}

/// Text of the first `limit` diagnostics, and how many more there are.
pub fn render_all(diagnostics: &[Diagnostic], limit: usize, styled: bool) -> String {
    let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for diagnostic in diagnostics.iter().take(limit) {
        out.push_str(&render(diagnostic, &renderer));
        out.push_str("\n\n");
    }
    let more = diagnostics.len().saturating_sub(limit);
    if more > 0 {
        out.push_str(&format!("... and {more} more\n"));
    }
    out
}
