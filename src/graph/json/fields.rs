//! Taking an object apart by a list of known fields, with every error and every unknown field located.

use std::sync::Arc;

use super::GraphError;
use super::scan::{Node, Value};
use crate::source::Source;

/// More errors than this help nobody.
const MAX_ERRORS: usize = 100;

/// Where a value is, from the top: `steps[3].needs[0]`.
#[derive(Clone, Copy)]
pub(super) enum Path<'a> {
    Top,
    Key(&'a Path<'a>, &'a str),
    Index(&'a Path<'a>, usize),
}

impl std::fmt::Display for Path<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Path::Top => Ok(()),
            Path::Key(Path::Top, key) => write!(out, "{key}"),
            Path::Key(above, key) => write!(out, "{above}.{key}"),
            Path::Index(above, at) => write!(out, "{above}[{at}]"),
        }
    }
}

/// Collects what is wrong with a text, and what is merely not understood.
pub(super) struct Findings {
    lines: Vec<usize>,
    source: Arc<Source>,
    pub(super) errors: Vec<GraphError>,
    pub(super) notes: Vec<GraphError>,
    unlisted: usize,
}

impl Findings {
    pub(super) fn new(source: &Arc<Source>) -> Findings {
        let ends = source.text.match_indices('\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(ends).collect();
        Findings { lines, source: source.clone(), errors: Vec::new(), notes: Vec::new(), unlisted: 0 }
    }

    fn locate(&self, at: usize, path: &Path, message: String) -> GraphError {
        let line = self.lines.partition_point(|start| *start <= at).max(1);
        let col = self.source.text.get(self.lines[line - 1]..at).map_or(0, |head| head.chars().count()) + 1;
        GraphError { path: path.to_string(), line, col, message }
    }

    pub(super) fn error(&mut self, at: usize, path: &Path, message: impl Into<String>) {
        if self.errors.len() >= MAX_ERRORS {
            self.unlisted += 1;
            return;
        }
        let error = self.locate(at, path, message.into());
        self.errors.push(error);
    }

    pub(super) fn note(&mut self, at: usize, path: &Path, message: impl Into<String>) {
        if self.notes.len() < MAX_ERRORS {
            let note = self.locate(at, path, message.into());
            self.notes.push(note);
        }
    }

    /// The errors in the order of the text.
    pub(super) fn finish(mut self) -> (Vec<GraphError>, Vec<GraphError>) {
        self.errors.sort_by_key(|error| (error.line, error.col));
        if self.unlisted > 0 {
            let message = format!("and {} more errors", self.unlisted);
            self.errors.push(GraphError { path: String::new(), line: 1, col: 1, message });
        }
        (self.errors, self.notes)
    }
}

/// An object of the file with the findings about it.
pub(super) struct Fields<'a> {
    at: usize,
    path: &'a Path<'a>,
    entries: Vec<(&'a str, Option<&'a Node>)>,
}

impl<'a> Fields<'a> {
    /// Sorts an object's entries by the known names; `None` (and an error) if it is no object.
    pub(super) fn new(
        node: &'a Node,
        path: &'a Path<'a>,
        known: &[&'a str],
        findings: &mut Findings,
    ) -> Option<Fields<'a>> {
        let Value::Object(entries) = &node.value else {
            findings.error(node.at, path, format!("expected an object, found {}", kind(&node.value)));
            return None;
        };
        let mut fields = Fields { at: node.at, path, entries: known.iter().map(|key| (*key, None)).collect() };
        for entry in entries {
            let path = Path::Key(path, &entry.key);
            match fields.entries.iter_mut().find(|(key, _)| *key == entry.key) {
                Some((_, Some(_))) => findings.error(entry.at, &path, "this key stands here twice"),
                Some((_, slot)) => *slot = Some(&entry.node),
                None => findings.note(entry.at, &path, "unknown field, ignored"),
            }
        }
        Some(fields)
    }

    /// An optional field; `null` is the same as its absence.
    pub(super) fn get(&self, key: &str) -> Option<&'a Node> {
        let found = self.entries.iter().find(|(name, _)| *name == key).and_then(|(_, node)| *node);
        found.filter(|node| !matches!(node.value, Value::Null))
    }

    /// A required field.
    pub(super) fn required(&self, key: &str, findings: &mut Findings) -> Option<&'a Node> {
        let found = self.get(key);
        if found.is_none() {
            findings.error(self.at, self.path, format!("`{key}` is missing"));
        }
        found
    }

    /// Reports something about one field.
    pub(super) fn error(&self, key: &str, findings: &mut Findings, message: impl Into<String>) {
        let at = self.get(key).map_or(self.at, |node| node.at);
        findings.error(at, &Path::Key(self.path, key), message);
    }

    fn read<T>(&self, key: &str, want: &str, findings: &mut Findings, read: impl Fn(&Value) -> Option<T>) -> Option<T> {
        let node = self.get(key)?;
        let value = read(&node.value);
        if value.is_none() {
            self.error(key, findings, format!("expected {want}, found {}", kind(&node.value)));
        }
        value
    }

    pub(super) fn text(&self, key: &str, findings: &mut Findings) -> Option<String> {
        self.read(key, "text", findings, |value| match value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        })
    }

    pub(super) fn flag(&self, key: &str, findings: &mut Findings) -> Option<bool> {
        self.read(key, "true or false", findings, |value| match value {
            Value::Bool(flag) => Some(*flag),
            _ => None,
        })
    }

    pub(super) fn number(&self, key: &str, findings: &mut Findings) -> Option<f64> {
        self.read(key, "a number", findings, number)
    }

    pub(super) fn whole(&self, key: &str, findings: &mut Findings) -> Option<u64> {
        self.read(key, "a whole number, 0 or more", findings, whole)
    }

    /// A number within bounds.
    pub(super) fn within(&self, key: &str, low: f64, high: f64, findings: &mut Findings) -> Option<f64> {
        let value = self.number(key, findings)?;
        if (low..=high).contains(&value) {
            return Some(value);
        }
        let bounds = if high.is_finite() { format!("from {low} to {high}") } else { format!("{low} or more") };
        self.error(key, findings, format!("{value} is out of range: {bounds}"));
        None
    }

    /// A list; a missing one is empty.
    pub(super) fn list(&self, key: &str, findings: &mut Findings) -> &'a [Node] {
        match self.get(key).map(|node| &node.value) {
            None => &[],
            Some(Value::List(items)) => items,
            Some(other) => {
                self.error(key, findings, format!("expected a list, found {}", kind(other)));
                &[]
            }
        }
    }

    /// A list of texts.
    pub(super) fn texts(&self, key: &str, findings: &mut Findings) -> Vec<String> {
        let above = Path::Key(self.path, key);
        let mut out = Vec::new();
        for (at, item) in self.list(key, findings).iter().enumerate() {
            match &item.value {
                Value::Text(text) => out.push(text.clone()),
                other => {
                    findings.error(item.at, &Path::Index(&above, at), format!("expected text, found {}", kind(other)));
                }
            }
        }
        out
    }
}

/// A finite number.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(text) => text.parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

/// A whole number, 0 or more.
pub(super) fn whole(value: &Value) -> Option<u64> {
    match value {
        Value::Number(text) => text.parse().ok(),
        _ => None,
    }
}

/// What a value is, in words.
pub(super) fn kind(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(text) => format!("the number {text}"),
        Value::Text(_) => "text".to_owned(),
        Value::List(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}
