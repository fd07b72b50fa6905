//! What is wrong with a file, where, and what to do about it.
//!
//! A diagnostic is a value; human text and JSON are two renderings of it (`render`). Messages are lowercase, without a
//! final period, with user text in backticks and control characters escaped.

mod code;
mod refusal;
mod render;
mod suggest;

pub use code::{Code, Severity};
pub use refusal::refusal;
pub use render::{JsonDiagnostic, json, render, render_all};
pub use suggest::{instead, nearest, one_of, printable, quote};

use crate::source::Span;

/// Most candidates that a message lists.
const MOST_LISTED: usize = 30;

/// One finding about a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// What kind of mistake.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// The sentence.
    pub message: String,
    /// Where, if it has a place.
    pub span: Option<Span>,
    /// What stands under the marked text.
    pub label: String,
    /// What to do.
    pub help: Option<String>,
    /// Text to put in the place of the span.
    pub replacement: Option<String>,
    /// Other places that matter, each with a word.
    pub related: Vec<(Span, String)>,
}

impl Diagnostic {
    /// A diagnostic with a place.
    pub fn new(code: Code, span: &Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic { span: Some(span.clone()), ..Diagnostic::unplaced(code, message) }
    }

    /// A diagnostic without a place.
    pub fn unplaced(code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            severity: code.severity(),
            message: message.into(),
            span: None,
            label: String::new(),
            help: None,
            replacement: None,
            related: Vec::new(),
        }
    }

    /// Sets another severity than the usual one of the code.
    pub fn severity(mut self, severity: Severity) -> Diagnostic {
        self.severity = severity;
        self
    }

    /// Sets what stands under the marked text.
    pub fn label(mut self, label: impl Into<String>) -> Diagnostic {
        self.label = label.into();
        self
    }

    /// Sets what to do.
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// Sets the text that should stand in the place of the span.
    pub fn replace(mut self, text: impl Into<String>) -> Diagnostic {
        self.replacement = Some(text.into());
        self
    }

    /// Adds another place.
    pub fn related(mut self, span: &Span, label: impl Into<String>) -> Diagnostic {
        self.related.push((span.clone(), label.into()));
        self
    }

    /// Adds "did you mean", if a candidate is near; otherwise what there is, if that is little.
    pub fn suggest<'a>(self, word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Diagnostic {
        let candidates: Vec<&str> = candidates.into_iter().collect();
        match nearest(word, candidates.iter().copied()) {
            Some(near) => self.help(format!("did you mean {}?", quote(near))).replace(near),
            None if candidates.is_empty() || candidates.len() > MOST_LISTED => self,
            None => self.help(format!("expected {}", one_of(candidates, MOST_LISTED))),
        }
    }

    /// An unknown name with its suggestion.
    pub fn unknown<'a>(
        code: Code,
        span: &Span,
        what: &str,
        word: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Diagnostic {
        Diagnostic::new(code, span, format!("unknown {what} {}", quote(word))).suggest(word, candidates)
    }

    /// A second thing of the same name.
    pub fn duplicate(code: Code, span: &Span, what: &str, word: &str, first: &Span) -> Diagnostic {
        Diagnostic::new(code, span, format!("{what} {} is there already", quote(word)))
            .label("again")
            .related(first, "first here")
    }
}

/// Puts diagnostics in the order of their places and drops repeats.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    let key = |diagnostic: &Diagnostic| {
        let place = diagnostic.span.as_ref().map(|span| (span.source.name.clone(), span.start, span.end));
        (diagnostic.severity, place, diagnostic.code, diagnostic.message.clone())
    };
    diagnostics.sort_by_cached_key(key);
    diagnostics.dedup_by(|a, b| a.code == b.code && a.message == b.message && a.span == b.span);
}

/// Is there an error among them?
pub fn any_error(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}
