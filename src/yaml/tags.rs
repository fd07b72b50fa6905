//! Explicit tags (`!!int`). The language has none: what a value is follows from where it stands. The reader would obey those it
//! knows without a word, so they are looked for among the events of its own parser.

use std::sync::Arc;

use granit_parser::Parser;

use crate::diagnostic::{Code, Diagnostic, quote};
use crate::source::{Source, Span};

/// An error for each tag in what a source holds from byte `start` on, up to the first place that is no YAML.
pub(super) fn refused(source: &Arc<Source>, start: usize) -> Vec<Diagnostic> {
    let text = &source.text[start..];
    if !text.contains('!') {
        return Vec::new();
    }
    let spans = Parser::new_from_str(text).map_while(Result::ok).filter_map(|(_, span)| span.tag_span()?.byte_range());
    let refused = |range: std::ops::Range<usize>| {
        let span = Span::new(Arc::clone(source), start + range.start, start + range.end);
        let message = format!("explicit YAML tags are not part of the language: {}", quote(span.text()));
        Diagnostic::new(Code::YamlTag, &span, message)
            .help("remove the tag; quotes make a text of what looks like a number")
    };
    spans.map(refused).collect()
}
