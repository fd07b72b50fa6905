//! Names in braces inside of texts.

use crate::diagnostic::{Code, Diagnostic, quote};
use crate::yaml::Node;

/// Contents of every pair of braces, with their byte ranges; `None` where a brace is left open.
pub fn braces(text: &str) -> Vec<Option<(usize, usize)>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find('{').map(|open| at + open) {
        match text[open..].find('}').map(|close| open + close) {
            Some(close) => {
                found.push(Some((open + 1, close)));
                at = close + 1;
            }
            None => {
                found.push(None);
                return found;
            }
        }
    }
    found
}

/// Reports placeholders of a text that are none of `names`.
pub fn check_braces(text: &str, node: &Node, names: &[&str], out: &mut Vec<Diagnostic>) {
    for range in braces(text) {
        match range {
            None => out.push(Diagnostic::new(Code::BadPlaceholder, &node.span, "a brace is not closed")),
            Some((start, end)) if !names.contains(&&text[start..end]) => {
                let name = &text[start..end];
                let message = format!("{} is no placeholder here", quote(name));
                out.push(
                    Diagnostic::new(Code::BadPlaceholder, &node.part(start, end), message)
                        .suggest(name, names.iter().copied()),
                );
            }
            Some(_) => {}
        }
    }
}
