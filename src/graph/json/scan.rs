//! JSON text as a tree in which every value knows where it stands.
//!
//! `serde_json` decides what is JSON (and says where it is not); this scan only cuts the text at the places that are
//! then known to be sound, so that later errors can point at the value they are about.

use serde::de::IgnoredAny;

/// Deeper nesting than this is refused: the contract needs five levels.
const MAX_DEPTH: usize = 64;

/// A value and the byte it starts at.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) at: usize,
    pub(super) value: Value,
}

/// What stands there. A number keeps its text: ids must not pass through a float.
#[derive(Debug)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Node>),
    Object(Vec<Entry>),
}

/// A key, where it stands, and its value.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) at: usize,
    pub(super) node: Node,
}

/// Where the text fails to be JSON (or is nested too deeply), and why.
#[derive(Debug)]
pub(super) struct NotJson {
    pub(super) at: usize,
    pub(super) message: String,
}

/// Reads a whole text.
pub(super) fn scan(text: &str) -> Result<Node, NotJson> {
    if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
        return Err(NotJson { at: offset(text, error.line(), error.column()), message });
    }
    Scanner { text, at: 0 }.value(0)
}

/// The byte at a line and byte column counted from 1.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (before + column.saturating_sub(1)).min(text.len())
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl Scanner<'_> {
    fn peek(&mut self) -> u8 {
        let bytes = self.text.as_bytes();
        while bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        bytes.get(self.at).copied().unwrap_or(0)
    }

    fn fail<T>(&self, at: usize, message: &str) -> Result<T, NotJson> {
        Err(NotJson { at, message: message.to_owned() })
    }

    fn value(&mut self, depth: usize) -> Result<Node, NotJson> {
        let first = self.peek();
        let at = self.at;
        if depth > MAX_DEPTH {
            return self.fail(at, "nested too deeply");
        }
        let value = match first {
            b'{' => Value::Object(self.entries(depth)?),
            b'[' => Value::List(self.items(depth)?),
            b'"' => Value::Text(self.string()?),
            _ => self.word()?,
        };
        Ok(Node { at, value })
    }

    /// The comma before the next item, or the end of the container.
    fn more(&mut self, first: bool, end: u8) -> Result<bool, NotJson> {
        match self.peek() {
            byte if byte == end => {
                self.at += 1;
                Ok(false)
            }
            b',' if !first => {
                self.at += 1;
                Ok(true)
            }
            _ if first => Ok(true),
            _ => self.fail(self.at, "expected a comma"),
        }
    }

    fn items(&mut self, depth: usize) -> Result<Vec<Node>, NotJson> {
        self.at += 1;
        let mut items = Vec::new();
        while self.more(items.is_empty(), b']')? {
            items.push(self.value(depth + 1)?);
        }
        Ok(items)
    }

    fn entries(&mut self, depth: usize) -> Result<Vec<Entry>, NotJson> {
        self.at += 1;
        let mut entries = Vec::new();
        while self.more(entries.is_empty(), b'}')? {
            self.peek();
            let at = self.at;
            let key = self.string()?;
            if self.peek() != b':' {
                return self.fail(self.at, "expected a colon");
            }
            self.at += 1;
            entries.push(Entry { key, at, node: self.value(depth + 1)? });
        }
        Ok(entries)
    }

    fn string(&mut self) -> Result<String, NotJson> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        self.at += 1;
        while let Some(byte) = bytes.get(self.at) {
            self.at += if *byte == b'\\' { 2 } else { 1 };
            if *byte == b'"' {
                break;
            }
        }
        let token = self.text.get(start..self.at).unwrap_or("");
        serde_json::from_str(token).or_else(|_| self.fail(start, "this text cannot be decoded"))
    }

    fn word(&mut self) -> Result<Value, NotJson> {
        let start = self.at;
        let rest = &self.text[start..];
        let end = rest.find(|c: char| ",]}".contains(c) || c.is_ascii_whitespace()).unwrap_or(rest.len());
        self.at += end;
        match &rest[..end] {
            "null" => Ok(Value::Null),
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            "" => self.fail(start, "expected a value"),
            number => Ok(Value::Number(number.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_know_where_they_stand() {
        let node = scan(" {\"a\\n\": [1, -2.5e3 , \"x\\u00e9\"], \"b\":null}").unwrap();
        let Value::Object(entries) = node.value else { panic!() };
        assert_eq!((node.at, entries[0].key.as_str(), entries[0].at), (1, "a\n", 2));
        let Value::List(items) = &entries[0].node.value else { panic!() };
        assert!(matches!(&items[1].value, Value::Number(text) if text == "-2.5e3"));
        assert!(matches!(&items[2].value, Value::Text(text) if text == "xé"));
        assert_eq!(items[1].at, 13);
    }

    #[test]
    fn what_is_not_json_is_an_error_and_never_a_panic() {
        for text in
            ["", " ", "{", "[1,]", "{\"a\":}", "nul", "\"\\", "\"\\ud800\"", "1 2", "\u{feff}{}", "{\"a\" 1}", "01"]
        {
            assert!(scan(text).is_err(), "{text:?}");
        }
        let deep = "[".repeat(200_000) + &"]".repeat(200_000);
        assert_eq!(scan(&deep).unwrap_err().message, "nested too deeply");
    }
}
