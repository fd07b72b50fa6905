//! Text to tree, through `serde-saphyr`. Every way the reader can fail becomes a located diagnostic.

use std::fmt;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::options::{DuplicateKeyPolicy, MergeKeyPolicy, NonFiniteFloatPolicy};
use serde_saphyr::{Options, Spanned};

use super::{Key, Node, Scalar, Value, reads_as_other};
use crate::diagnostic::{Code, Diagnostic, printable, quote};
use crate::source::{Source, Span};

/// Deepest nesting of lists and mappings.
const MAX_DEPTH: usize = 64;
/// Events that aliases may expand to, beside what is written.
const MAX_ALIAS_EVENTS: usize = 100_000;

/// Bytes of a file as a source: UTF-8 with or without a byte-order mark.
pub fn decode(name: &str, bytes: Vec<u8>) -> Result<Arc<Source>, Diagnostic> {
    match String::from_utf8(bytes) {
        Ok(text) => {
            let text = text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text);
            Ok(Source::new(name, text))
        }
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let source = Source::new(name, String::from_utf8_lossy(error.as_bytes()));
            let span = Span::new(source, at, at + '\u{FFFD}'.len_utf8());
            let message = format!("this is no UTF-8 text: byte {at} cannot be read");
            let help = "if it is text, save it as UTF-8; models are YAML";
            Err(Diagnostic::new(Code::NotUtf8, &span, message).help(help))
        }
    }
}

/// The one document of a source.
pub fn parse(source: &Arc<Source>) -> Result<Node, Vec<Diagnostic>> {
    let start = source.text.len() - source.text.trim_start_matches('\u{FEFF}').len();
    if is_blank(&source.text[start..]) {
        let span = Span::new(Arc::clone(source), 0, 0);
        return Err(vec![Diagnostic::new(Code::EmptyFile, &span, "the file is empty")]);
    }
    parse_value(source, start)
}

/// The YAML value that starts at byte `start` of a source and fills the rest of it.
pub fn parse_value(source: &Arc<Source>, start: usize) -> Result<Node, Vec<Diagnostic>> {
    let tags = super::tags::refused(source, start);
    if !tags.is_empty() {
        return Err(tags);
    }
    let text = &source.text[start..];
    let raw: Raw = serde_saphyr::from_str_with_options(text, options(text.len()))
        .map_err(|error| vec![syntax(source, start, &error)])?;
    let mut tree = Tree { source, start, diagnostics: Vec::new() };
    let node = tree.node(raw);
    if tree.diagnostics.is_empty() { Ok(node) } else { Err(tree.diagnostics) }
}

/// Only white space, comments and document markers?
fn is_blank(text: &str) -> bool {
    text.lines().map(str::trim).all(|line| line.is_empty() || line.starts_with('#') || line == "---" || line == "...")
}

fn options(bytes: usize) -> Options {
    // One event needs at least one byte, except for empty values; aliases add a fixed amount.
    let events = bytes.saturating_mul(3).saturating_add(MAX_ALIAS_EVENTS + 1_000);
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: MAX_DEPTH,
            max_events: events,
            max_nodes: events,
            max_total_scalar_bytes: bytes.saturating_mul(2).saturating_add(1 << 20),
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: MAX_ALIAS_EVENTS,
        },
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        merge_keys: MergeKeyPolicy::AsOrdinary,
        strict_booleans: true,
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
        reject_unsupported_tags: true,
        with_snippet: false,
    }
}

/// The reader's error as a diagnostic.
fn syntax(source: &Arc<Source>, start: usize, error: &serde_saphyr::Error) -> Diagnostic {
    let said = error.without_snippet().to_string();
    // The place is told by the span.
    let message = printable(said.rsplit_once(" at line ").map_or(said.as_str(), |(head, _)| head), 300);
    let code = classify(error, &message);
    let at = error.location().map_or(source.text.len(), |location| {
        let from_line = || offset_of(&source.text[start..], location.line(), location.column());
        start + location.span().byte_offset().map_or_else(from_line, |at| at as usize)
    });
    let span = Span::new(Arc::clone(source), at, at);
    let said = match code {
        Code::SeveralDocuments => "a second document starts in this file".to_owned(),
        Code::YamlLimit => "this nests too deep, or its aliases expand to too much".to_owned(),
        _ => format!("cannot read this as YAML: {message}"),
    };
    Diagnostic::new(code, &span, said)
}

fn classify(error: &serde_saphyr::Error, message: &str) -> Code {
    use serde_saphyr::Error;
    match error.without_snippet() {
        Error::MultipleDocuments { .. } => Code::SeveralDocuments,
        Error::Budget { .. }
        | Error::AliasReplayLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::RecursiveReferencesRequireWeakTypes { .. } => Code::YamlLimit,
        _ if ["limit", "budget", "nest"].iter().any(|word| message.contains(word)) => Code::YamlLimit,
        _ => Code::YamlSyntax,
    }
}

/// Byte offset of a line and column, both from 1.
fn offset_of(text: &str, line: u64, column: u64) -> usize {
    let mut at = 0;
    for (number, content) in (1u64..).zip(text.split_inclusive('\n')) {
        if number == line {
            let skip = usize::try_from(column.saturating_sub(1)).unwrap_or(usize::MAX);
            return at + content.char_indices().nth(skip).map_or(content.len(), |(at, _)| at);
        }
        at += content.len();
    }
    text.len()
}

/// Is this the content of a block scalar (`|`, `>`)? Its span starts after the header, on a line of its own.
fn is_block(span: &Span) -> bool {
    let before = &span.source.text[..span.start];
    let (head, indent) = before.rsplit_once('\n').unwrap_or(("", before));
    if !indent.trim().is_empty() {
        return false;
    }
    let line = head.trim_end().rsplit('\n').next().unwrap_or_default();
    let line = line.find(" #").map_or(line, |at| &line[..at]).trim_end();
    line.trim_end_matches(|ch: char| ch.is_ascii_digit() || matches!(ch, '+' | '-')).ends_with(['|', '>'])
}

/// A value with the byte range of its definition, before it has a source.
struct Raw {
    value: RawValue,
    start: usize,
    length: usize,
}

enum RawValue {
    /// Boolean, number or nothing by YAML's own rules: the text is in the source.
    Typed,
    Null,
    Text(String),
    List(Vec<Raw>),
    Map(Vec<(Raw, Raw)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<RawValue>::deserialize(deserializer)?;
        let span = spanned.defined.span();
        let bytes = |value: Option<u64>| value.and_then(|value| usize::try_from(value).ok()).unwrap_or(0);
        let (start, length) = (bytes(span.byte_offset()), bytes(span.byte_len()));
        Ok(Raw { value: spanned.value, start, length })
    }
}

impl<'de> Deserialize<'de> for RawValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = RawValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E>(self) -> Result<RawValue, E> {
        Ok(RawValue::Null)
    }

    fn visit_none<E>(self) -> Result<RawValue, E> {
        Ok(RawValue::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<RawValue, E> {
        Ok(RawValue::Typed)
    }

    fn visit_i64<E>(self, _: i64) -> Result<RawValue, E> {
        Ok(RawValue::Typed)
    }

    fn visit_u64<E>(self, _: u64) -> Result<RawValue, E> {
        Ok(RawValue::Typed)
    }

    fn visit_f64<E>(self, _: f64) -> Result<RawValue, E> {
        Ok(RawValue::Typed)
    }

    fn visit_str<E>(self, text: &str) -> Result<RawValue, E> {
        Ok(RawValue::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<RawValue, E> {
        Ok(RawValue::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<RawValue, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(RawValue::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawValue, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(RawValue::Map(entries))
    }
}

/// Turns raw values into nodes of one source.
struct Tree<'a> {
    source: &'a Arc<Source>,
    start: usize,
    diagnostics: Vec<Diagnostic>,
}

impl Tree<'_> {
    fn node(&mut self, raw: Raw) -> Node {
        let span = Span::new(
            Arc::clone(self.source),
            self.start + raw.start,
            self.start + raw.start.saturating_add(raw.length),
        );
        let value = match raw.value {
            RawValue::Null => Value::Null,
            RawValue::Typed => Value::Scalar(Scalar { text: span.text().trim().to_owned(), quoted: false }),
            RawValue::Text(text) => {
                let quoted = span.text().starts_with(['"', '\'']) || is_block(&span);
                Value::Scalar(Scalar { text, quoted })
            }
            RawValue::List(items) => Value::List(items.into_iter().map(|item| self.node(item)).collect()),
            RawValue::Map(entries) => {
                Value::Map(entries.into_iter().map(|(key, value)| (self.key(key), self.node(value))).collect())
            }
        };
        Node { value, span }
    }

    fn key(&mut self, raw: Raw) -> Key {
        let node = self.node(raw);
        match node.value {
            Value::Scalar(scalar) => {
                if !scalar.quoted {
                    self.diagnostics.extend(plain_key(&scalar.text, &node.span));
                }
                Key { text: scalar.text, span: node.span }
            }
            _ => {
                let message = format!("a key is one word, this is {}", node.shape());
                self.diagnostics.push(Diagnostic::new(Code::BadKey, &node.span, message));
                Key { text: String::new(), span: node.span }
            }
        }
    }
}

/// The number that a group of three digits after a comma was meant to end: `1,000`.
fn thousands(text: &str, span: &Span) -> Option<String> {
    let group = |part: &str| part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    let before = span.source.text.get(..span.start)?.strip_suffix(',').filter(|_| group(text))?;
    let start = before.rfind(|c: char| !c.is_ascii_digit() && c != ',').map_or(0, |at| at + 1);
    let lead = &before[start..];
    let digits = lead.split(',').next().is_some_and(|first| !first.is_empty()) && lead.split(',').skip(1).all(group);
    digits.then(|| format!("{lead},{text}"))
}

/// Looks like a space, or like nothing at all, and is neither to a reader of YAML: no-break spaces, joiners, marks of direction.
fn looks_like_nothing(c: char) -> bool {
    c.is_whitespace() && c != ' '
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// What is wrong with an unquoted key: a merge key, or what some reader takes for another type.
fn plain_key(text: &str, span: &Span) -> Option<Diagnostic> {
    if text == "<<" {
        let help = "write the fields out, or share them through `extend`";
        return Some(Diagnostic::new(Code::MergeKey, span, "merge keys are not part of the language").help(help));
    }
    if let Some(odd) = text.chars().find(|c| looks_like_nothing(*c)) {
        let what = if odd.is_whitespace() { "a space of another kind" } else { "a character that nobody sees" };
        let message = format!("{} is one key here: {what} (U+{:04X}) is part of it", quote(text), odd as u32);
        return Some(
            Diagnostic::new(Code::BadKey, span, message).help("type it anew, with a plain space after the colon"),
        );
    }
    let other = reads_as_other(text)?;
    if let Some(number) = thousands(text, span) {
        let message = "a comma ends a value here: digits are not grouped by it";
        let help = format!("write `{}` or `{}`", number.replace(',', ""), number.replace(',', "_"));
        return Some(Diagnostic::new(Code::UnquotedText, span, message).help(help));
    }
    let message = format!("{} is a key here, and YAML readers take it for {other}", quote(text));
    Some(Diagnostic::new(Code::UnquotedText, span, message).help("put it in quotes").replace(format!("\"{text}\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str) -> Node {
        parse(&Source::new("t.yaml", text)).unwrap()
    }

    fn codes(text: &str) -> Vec<Code> {
        parse(&Source::new("t.yaml", text)).unwrap_err().into_iter().map(|diagnostic| diagnostic.code).collect()
    }

    #[test]
    fn scalars_stay_as_written() {
        let text = "a: 0o17\nb: '0x1F'\nc: \"q\\n\\u00e9\"\nd: |\n  two\n  lines\ne: yes\nf: 1_0\ng: .inf\nh: 1e999\ni: -0\nj: 2024-01-01\nk:\nl: ~\nm: >-\n  fold\n  ed\nq: plain\n  over lines\n";
        let node = tree(text);
        let want = [
            ("a", "0o17", false),
            ("b", "0x1F", true),
            ("c", "q\né", true),
            ("d", "two\nlines\n", true),
            ("e", "yes", false),
            ("f", "1_0", false),
            ("g", ".inf", false),
            ("h", "1e999", false),
            ("i", "-0", false),
            ("j", "2024-01-01", false),
            ("m", "fold ed", true),
            ("q", "plain over lines", false),
        ];
        for (key, text, quoted) in want {
            let expected = Value::Scalar(Scalar { text: text.to_owned(), quoted });
            assert_eq!(node.get(key).map(|node| &node.value), Some(&expected), "{key}");
        }
        assert_eq!(node.get("k").map(|node| &node.value), Some(&Value::Null));
        assert_eq!(node.get("l").map(|node| &node.value), Some(&Value::Null));
    }

    #[test]
    fn spans_are_byte_exact() {
        let text = "é: {ü: [ñ, \"x y\"]}\nlist:\n  - id: b\n    is: true\n";
        let node = tree(text);
        let inner = node.get("é").and_then(|node| node.get("ü")).unwrap();
        assert_eq!(inner.items()[0].span.text(), "ñ");
        assert_eq!(inner.items()[1].span.text(), "\"x y\"");
        assert_eq!(inner.items()[1].part(2, 3).text(), "y");
        let entry = &node.get("list").unwrap().items()[0];
        assert_eq!(entry.entries()[1].0.text, "is");
        assert_eq!(entry.entries()[1].0.span.text(), "is");
        assert_eq!((entry.span.line(), entry.span.col()), (3, 5));
        assert_eq!(entry.entries()[1].1.span.text(), "true");
    }

    #[test]
    fn exclamation_marks_are_text_elsewhere() {
        let node = tree("a: not !!int 3\nb: 'x !y' # !z\nc: \"!!\"\nd: |\n  !!int 3\n");
        let texts = ["a", "b", "c", "d"].map(|key| node.text_of(key).unwrap_or_default().to_owned());
        assert_eq!(texts, ["not !!int 3", "x !y", "!!", "!!int 3\n"]);
        let errors = parse(&Source::new("t.yaml", "b:\n  - é: !!int 3\n")).unwrap_err();
        assert_eq!(errors[0].span.as_ref().map(|span| span.text().to_owned()).as_deref(), Some("!!int"));
    }

    #[test]
    fn duplicate_keys_are_kept() {
        assert_eq!(tree("a: 1\na: 2\n").entries().len(), 2);
    }

    #[test]
    fn aliases_point_at_their_definition() {
        let node = tree("a: &x [1, 2]\nb: *x\nc: &y 5\nd: *y\n");
        assert_eq!(node.get("b").unwrap().items()[1].span.text(), "2");
        assert_eq!(node.text_of("d"), Some("5"));
    }

    #[test]
    fn refusals_have_their_code() {
        assert_eq!(codes(""), [Code::EmptyFile]);
        assert_eq!(codes("# only\n---\n"), [Code::EmptyFile]);
        assert_eq!(codes("a: 1\n---\nb: 2\n"), [Code::SeveralDocuments]);
        assert_eq!(codes("a: [1\nb: 2\n"), [Code::YamlSyntax]);
        assert_eq!(codes("a: {b: *c}\n"), [Code::YamlSyntax]);
        assert_eq!(codes("x: &x {a: 1}\nz: {<<: *x}\n"), [Code::MergeKey]);
        assert_eq!(codes("a: !!int \"5\"\n"), [Code::YamlTag]);
        for tagged in [
            "!foo 5",
            "!!int 3",
            "!!str 3",
            "!!str base",
            "!!float 3",
            "!!null ~",
            "! x",
            "&a !!int 3",
            "!<tag:yaml.org,2002:int> 3",
        ] {
            assert_eq!(codes(&format!("a: {tagged}\n")), [Code::YamlTag], "{tagged}");
        }
        assert_eq!(codes("a: !!map\n  b: [!!int 1, !!str 2]\n!!str c: 1\n"), [Code::YamlTag; 4]);
        assert_eq!(codes("? [a, b]\n: 1\n"), [Code::BadKey]);
        assert_eq!(codes(": 1\n"), [Code::BadKey]);
        assert_eq!(codes("[{id: a, is:\u{a0}operator}, {\u{200b}id: b}]\n"), [Code::BadKey; 2]);
        assert_eq!(codes("{no: 1, 12: 2, 'on': 3}\n"), [Code::UnquotedText, Code::UnquotedText]);
        assert_eq!(codes("a: &a [*a]\n"), [Code::YamlLimit]);
        assert_eq!(codes(&"[".repeat(5_000)), [Code::YamlLimit]);
        assert_eq!(codes(&format!("{}1{}", "[".repeat(200_000), "]".repeat(200_000))), [Code::YamlLimit]);
        assert_eq!(
            codes(&format!("a:\n{}", (1..200).map(|n| format!("{}b:\n", " ".repeat(n))).collect::<String>())),
            [Code::YamlLimit]
        );
        let bomb = (1..12).fold("a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned(), |text, n| {
            let list = format!("*a{}, ", n - 1).repeat(9);
            format!("{text}a{n}: &a{n} [{list}]\n")
        });
        assert_eq!(codes(&bomb), [Code::YamlLimit]);
    }

    #[test]
    fn bytes_are_decoded() {
        assert_eq!(decode("a", b"\xEF\xBB\xBFa: 1".to_vec()).unwrap().text, "a: 1");
        let error = decode("a", b"ok\nb\xFFd".to_vec()).unwrap_err();
        assert_eq!((error.code, error.span.unwrap().line()), (Code::NotUtf8, 2));
    }
}
