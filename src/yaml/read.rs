//! Checked reading of nodes: every function reports what is wrong, with its place, and gives `None`.

use std::collections::BTreeMap;

use super::{Key, Node, Scalar, Value, decimal, duration_hours, is_id, reads_as_other};
use crate::diagnostic::{Code, Diagnostic, one_of, quote};
use crate::source::Span;
use crate::units::Number;

/// The entries of a mapping whose keys are all known and unique.
#[derive(Debug)]
pub struct Fields<'a> {
    /// The mapping.
    pub node: &'a Node,
    /// What it describes, for messages.
    pub what: String,
    entries: Vec<(&'a Key, &'a Node)>,
}

/// Reads a mapping with a fixed set of keys.
pub fn fields<'a>(node: &'a Node, what: &str, known: &[&str], out: &mut Vec<Diagnostic>) -> Option<Fields<'a>> {
    fields_with(node, what, |key| known.contains(&key), || known.to_vec(), out)
}

/// Reads a mapping whose known keys are decided by the caller. Unknown ones are reported and left out.
pub fn fields_with<'a, 'k>(
    node: &'a Node,
    what: &str,
    known: impl Fn(&str) -> bool,
    candidates: impl Fn() -> Vec<&'k str>,
    out: &mut Vec<Diagnostic>,
) -> Option<Fields<'a>> {
    let Value::Map(all) = &node.value else {
        out.push(wrong_type(node, &format!("{what} is a mapping")));
        return None;
    };
    let mut entries: Vec<(&Key, &Node)> = Vec::new();
    let mut seen: BTreeMap<&str, &Key> = BTreeMap::new();
    for (key, value) in all {
        if let Some(first) = seen.insert(&key.text, key) {
            out.push(Diagnostic::duplicate(Code::DuplicateKey, &key.span, "key", &key.text, &first.span));
        } else if known(&key.text) {
            entries.push((key, value));
        } else {
            let message = format!("{what} has no key {}", quote(&key.text));
            out.push(Diagnostic::new(Code::UnknownKey, &key.span, message).suggest(&key.text, candidates()));
        }
    }
    Some(Fields { node, what: what.to_owned(), entries })
}

impl<'a> Fields<'a> {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&'a Node> {
        self.entries.iter().find(|(have, _)| have.text == key).map(|(_, value)| *value)
    }

    /// The key itself, for its place.
    pub fn key(&self, key: &str) -> Option<&'a Key> {
        self.entries.iter().find(|(have, _)| have.text == key).map(|(have, _)| *have)
    }

    /// All entries, in the order written.
    pub fn entries(&self) -> &[(&'a Key, &'a Node)] {
        &self.entries
    }

    /// The value of a key that must be there.
    pub fn require(&self, key: &str, out: &mut Vec<Diagnostic>) -> Option<&'a Node> {
        let found = self.get(key);
        if found.is_none() {
            let message = format!("{} has no {}", self.what, quote(key));
            out.push(Diagnostic::new(Code::MissingKey, self.span(), message));
        }
        found
    }

    /// The one of these keys that is given; more than one, or none, is an error.
    pub fn exactly_one(&self, keys: &[&str], out: &mut Vec<Diagnostic>) -> Option<(&'a Key, &'a Node)> {
        let given = self.at_most_one(keys, out);
        if given.is_none() && !keys.iter().any(|key| self.get(key).is_some()) {
            let message = format!("{} needs one of {}", self.what, one_of(keys.iter().copied(), 12));
            out.push(Diagnostic::new(Code::ConflictingKeys, self.span(), message));
        }
        given
    }

    /// The one of these keys that is given, if any; more than one is an error.
    pub fn at_most_one(&self, keys: &[&str], out: &mut Vec<Diagnostic>) -> Option<(&'a Key, &'a Node)> {
        let given: Vec<_> = self.entries.iter().filter(|(key, _)| keys.contains(&key.text.as_str())).collect();
        match given.as_slice() {
            [] => None,
            [one] => Some(**one),
            [first, second, ..] => {
                let message = format!("{} and {} exclude each other", quote(&first.0.text), quote(&second.0.text));
                out.push(
                    Diagnostic::new(Code::ConflictingKeys, &second.0.span, message)
                        .related(&first.0.span, "first here"),
                );
                None
            }
        }
    }

    /// The best place for what concerns the whole mapping: its id, else its start.
    pub fn span(&self) -> &'a Span {
        self.get("id").map_or(&self.node.span, |id| &id.span)
    }
}

fn wrong_type(node: &Node, wanted: &str) -> Diagnostic {
    Diagnostic::new(Code::WrongType, &node.span, format!("{wanted}, this is {}", node.shape()))
}

fn scalar<'a>(node: &'a Node, wanted: &str, out: &mut Vec<Diagnostic>) -> Option<&'a Scalar> {
    match &node.value {
        Value::Scalar(scalar) => Some(scalar),
        _ => {
            out.push(wrong_type(node, &format!("{wanted} is meant")));
            None
        }
    }
}

/// Free text.
pub fn text(node: &Node, out: &mut Vec<Diagnostic>) -> Option<String> {
    let scalar = scalar(node, "text", out)?;
    if !scalar.quoted
        && let Some(other) = reads_as_other(&scalar.text)
    {
        let message = format!("{} is text here, and YAML readers take it for {other}", quote(&scalar.text));
        let fixed = format!("\"{}\"", scalar.text);
        out.push(Diagnostic::new(Code::UnquotedText, &node.span, message).help("put it in quotes").replace(fixed));
        return None;
    }
    Some(scalar.text.clone())
}

/// A name that is looked up elsewhere: any text.
pub fn name(node: &Node, out: &mut Vec<Diagnostic>) -> Option<String> {
    text(node, out)
}

/// A value of a fixed list, or a name in one: small letters, digits, dashes.
pub fn word(node: &Node, out: &mut Vec<Diagnostic>) -> Option<String> {
    let word = text(node, out)?;
    let plain = !word.is_empty()
        && word.split('-').all(|part| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        });
    if !plain {
        let message = format!("{} is not a plain word of small letters, digits and dashes", quote(&word));
        out.push(Diagnostic::new(Code::BadId, &node.span, message));
        return None;
    }
    Some(word)
}

/// An id that is being declared.
pub fn id(node: &Node, out: &mut Vec<Diagnostic>) -> Option<String> {
    let id = text(node, out)?;
    if is_id(&id) {
        return Some(id);
    }
    let kebab: String = id.to_lowercase().replace(['_', ' ', '.'], "-");
    let diagnostic = Diagnostic::new(Code::BadId, &node.span, format!("{} is not kebab-case", quote(&id)));
    out.push(if is_id(&kebab) {
        diagnostic.help(format!("write {}", quote(&kebab))).replace(kebab)
    } else {
        diagnostic.help("write small letters, digits and single dashes, starting with a letter")
    });
    None
}

/// `true` or `false`.
pub fn flag(node: &Node, out: &mut Vec<Diagnostic>) -> Option<bool> {
    let scalar = scalar(node, "`true` or `false`", out)?;
    match (scalar.quoted, scalar.text.as_str()) {
        (false, "true") => Some(true),
        (false, "false") => Some(false),
        (_, text) => {
            let fixed = match text.to_ascii_lowercase().as_str() {
                "yes" | "y" | "on" | "true" => Some("true"),
                "no" | "n" | "off" | "false" => Some("false"),
                _ => None,
            };
            let message = format!("{} is not `true` or `false`", quote(text));
            let diagnostic = Diagnostic::new(Code::BadBoolean, &node.span, message);
            out.push(match fixed {
                Some(fixed) => diagnostic.help(format!("write `{fixed}`")).replace(fixed),
                None => diagnostic,
            });
            None
        }
    }
}

/// A plain decimal.
pub fn number(node: &Node, out: &mut Vec<Diagnostic>) -> Option<f64> {
    number_such_as(node, "`35000` or `0.02`", out)
}

fn number_such_as(node: &Node, example: &str, out: &mut Vec<Diagnostic>) -> Option<f64> {
    let scalar = scalar(node, "a number", out)?;
    let found = if scalar.quoted { None } else { decimal(&scalar.text) };
    if found.is_none() {
        let (message, help) = if scalar.quoted && decimal(&scalar.text).is_some() {
            ("a number is meant, this is quoted text".to_owned(), format!("write it without quotes: `{}`", scalar.text))
        } else {
            (format!("{} is not a plain decimal", quote(&scalar.text)), format!("write for example {example}"))
        };
        out.push(Diagnostic::new(Code::BadNumber, &node.span, message).help(help));
    }
    found
}

/// A whole number in a range.
pub fn integer(node: &Node, min: u64, max: u64, out: &mut Vec<Diagnostic>) -> Option<u64> {
    let example = format!("`{}`", min.max(3).min(max));
    let value = number_such_as(node, &example, out)?;
    if value.fract() != 0.0 || value < min as f64 || value > max as f64 {
        let message = format!("a whole number from {min} to {max} is meant");
        out.push(Diagnostic::new(Code::OutOfRange, &node.span, message));
        return None;
    }
    Some(value as u64)
}

/// A number or `{low, mode, high}`, every part within `min..=max`.
pub fn quantity(node: &Node, min: f64, max: f64, out: &mut Vec<Diagnostic>) -> Option<Number> {
    let part = |node: &Node, out: &mut Vec<Diagnostic>| {
        let value = number(node, out)?;
        if value < min || value > max {
            let message = if max.is_finite() {
                format!("{value} is not between {min} and {max}")
            } else {
                format!("{value} is less than {min}")
            };
            out.push(Diagnostic::new(Code::OutOfRange, &node.span, message));
            return None;
        }
        Some(value)
    };
    if !matches!(node.value, Value::Map(_)) {
        return part(node, out).map(Number::Point);
    }
    let range = fields(node, "a range", &["low", "mode", "high"], out)?;
    let mut values = [None; 3];
    for (value, key) in values.iter_mut().zip(["low", "mode", "high"]) {
        *value = range.require(key, out).and_then(|node| part(node, out));
    }
    let [Some(low), Some(mode), Some(high)] = values else { return None };
    if low > mode || mode > high {
        let message = format!("{low}, {mode}, {high} are not in order");
        out.push(Diagnostic::new(Code::BadRange, &node.span, message).help("low <= mode <= high"));
        return None;
    }
    Some(Number::Range([low, mode, high]))
}

/// A duration in hours.
pub fn hours(node: &Node, out: &mut Vec<Diagnostic>) -> Option<f64> {
    let scalar = scalar(node, "a duration", out)?;
    match duration_hours(&scalar.text) {
        Some(hours) if hours < 0.0 => {
            out.push(Diagnostic::new(Code::OutOfRange, &node.span, "a duration is not negative"));
            None
        }
        Some(hours) => Some(hours),
        None => {
            let message = format!("{} is not a duration", quote(&scalar.text));
            out.push(
                Diagnostic::new(Code::BadDuration, &node.span, message).help("write for example `40h`, `5d` or `3mo`"),
            );
            None
        }
    }
}

/// The items of a list.
pub fn list<'a>(node: &'a Node, what: &str, out: &mut Vec<Diagnostic>) -> Option<&'a [Node]> {
    match &node.value {
        Value::List(items) => Some(items),
        _ => {
            out.push(wrong_type(node, &format!("{what} is a list")));
            None
        }
    }
}

/// A list, or one value standing for a list of one.
pub fn one_or_list(node: &Node) -> Vec<&Node> {
    match &node.value {
        Value::List(items) => items.iter().collect(),
        _ => vec![node],
    }
}

/// A list of texts.
pub fn text_list(node: &Node, what: &str, out: &mut Vec<Diagnostic>) -> Vec<String> {
    list(node, what, out).unwrap_or_default().iter().filter_map(|item| text(item, out)).collect()
}
