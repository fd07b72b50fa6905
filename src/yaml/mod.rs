//! YAML text as a tree in which every key and value knows its place, and checked reading of that tree.
//!
//! The tree keeps scalars as they are written: whether `0o17` is a number is for the language to say, not for the
//! YAML reader. Duplicate keys are kept, so that they can be reported.

mod merge;
mod parse;
mod read;
mod scalar;
mod tags;

pub use merge::lay_over;
pub use parse::{decode, parse, parse_value};
pub use read::{
    Fields, fields, fields_with, flag, hours, id, integer, list, name, number, one_or_list, quantity, text, text_list,
    word,
};
pub use scalar::{Ambiguity, ambiguity, decimal, duration_hours, is_id, reads_as_other};

use std::sync::Arc;

use crate::source::{Source, Span};

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it is written; of a mapping or list only the start.
    pub span: Span,
}

/// A YAML value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing after a key, or `null`.
    Null,
    /// A scalar.
    Scalar(Scalar),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping in the order written; keys may repeat.
    Map(Vec<(Key, Node)>),
}

/// A scalar as written, quotes and escapes undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// The text.
    pub text: String,
    /// Whether it stood in quotes or in a block, and so can only be text.
    pub quoted: bool,
}

/// A key with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The text.
    pub text: String,
    /// Where.
    pub span: Span,
}

impl Node {
    /// A plain scalar that is not written in the file but implied by it, placed at `span`.
    pub fn scalar(text: impl Into<String>, span: &Span) -> Node {
        let scalar = Scalar { text: text.into(), quoted: false };
        Node { value: Value::Scalar(scalar), span: span.clone() }
    }

    /// A mapping that is implied, placed at `span`.
    pub fn map(entries: Vec<(Key, Node)>, span: &Span) -> Node {
        Node { value: Value::Map(entries), span: span.clone() }
    }

    /// The entries of a mapping; none of anything else.
    pub fn entries(&self) -> &[(Key, Node)] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none of anything else.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The value of the first entry with this key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|(have, _)| have.text == key).map(|(_, value)| value)
    }

    /// The value of the first entry with this key, for changing.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        match &mut self.value {
            Value::Map(entries) => entries.iter_mut().find(|(have, _)| have.text == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The value under a key, made if it is not there. What is no mapping becomes one.
    pub fn entry_or(&mut self, key: &Key, make: impl FnOnce() -> Node) -> Option<&mut Node> {
        if !matches!(self.value, Value::Map(_)) {
            self.value = Value::Map(Vec::new());
        }
        let Value::Map(entries) = &mut self.value else { return None };
        let at = entries.iter().position(|(have, _)| have.text == key.text);
        let at = at.unwrap_or_else(|| {
            entries.push((key.clone(), make()));
            entries.len() - 1
        });
        entries.get_mut(at).map(|(_, value)| value)
    }

    /// The text of a scalar.
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(scalar) => Some(&scalar.text),
            _ => None,
        }
    }

    /// The text of the scalar under a key.
    pub fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Node::as_text)
    }

    /// What it is, in words.
    pub fn shape(&self) -> &'static str {
        match &self.value {
            Value::Null => "nothing",
            Value::Scalar(scalar) if scalar.quoted => "quoted text",
            Value::Scalar(_) => "a single value",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }

    /// The place of a part of a scalar's text, where the text stands in the source as it is; else the whole scalar.
    pub fn part(&self, start: usize, end: usize) -> Span {
        let written = self.span.text();
        match self.as_text().and_then(|text| written.find(text)) {
            Some(at) => {
                Span::new(Arc::clone(&self.span.source), self.span.start + at + start, self.span.start + at + end)
            }
            None => self.span.clone(),
        }
    }
}

impl Key {
    /// A key that is implied, placed at `span`.
    pub fn new(text: impl Into<String>, span: &Span) -> Key {
        Key { text: text.into(), span: span.clone() }
    }
}

/// The span of a whole source's start, for what has no better place.
pub fn start_of(source: &Arc<Source>) -> Span {
    Span::new(Arc::clone(source), 0, 0)
}
