//! A reader of YAML 1.1 and one of 1.2 read the same: no plain scalar means one thing here and another there.

use std::sync::Arc;

use cotenant::source::Source;
use cotenant::yaml::{self, Node, Value};

use crate::library::files;

/// Why readers of 1.1 and 1.2 read a plain scalar differently.
fn differs(text: &str) -> Option<&'static str> {
    const WORDS: [&str; 8] = ["y", "n", "yes", "no", "on", "off", "=", "<<"];
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == '_');
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let lower = text.to_ascii_lowercase();
    if WORDS.contains(&lower.as_str()) {
        return Some("a truth value or a merge in 1.1");
    }
    if unsigned.len() > 1 && unsigned.starts_with('0') && digits(unsigned) {
        return Some("octal in 1.1");
    }
    if ["0o", "0b", "0x"].iter().any(|prefix| unsigned.to_ascii_lowercase().starts_with(prefix)) {
        return Some("a number in one of the two");
    }
    let parts: Vec<&str> = unsigned.split(':').collect();
    if parts.len() > 1 && parts.iter().all(|part| digits(part.split('.').next().unwrap_or_default())) {
        return Some("sexagesimal in 1.1");
    }
    if unsigned.contains('_') && digits(&unsigned.replace('.', "")) {
        return Some("a number in 1.1 only");
    }
    let date: Vec<&str> = text.split('-').collect();
    if date.len() == 3 && date[0].len() == 4 && date.iter().all(|part| digits(part)) {
        return Some("a date in 1.1");
    }
    let (mantissa, exponent) = lower.split_once('e').unwrap_or_default();
    if digits(mantissa) && digits(exponent.trim_start_matches(['-', '+'])) {
        return Some("a number in 1.2 only");
    }
    None
}

/// Every plain scalar that differs, and every key.
fn look(node: &Node, found: &mut Vec<String>) {
    let mut say = |text: &str, span: &cotenant::source::Span| {
        if let Some(why) = differs(text) {
            found.push(format!("{}:{}: `{text}` is {why}", span.source.name, span.line()));
        }
    };
    match &node.value {
        Value::Scalar(scalar) if !scalar.quoted => say(&scalar.text, &node.span),
        Value::Map(entries) => {
            entries.iter().for_each(|(key, _)| say(&key.text, &key.span));
            entries.iter().for_each(|(_, value)| look(value, found));
        }
        Value::List(items) => items.iter().for_each(|item| look(item, found)),
        _ => {}
    }
}

fn looked(source: &Arc<Source>) -> Vec<String> {
    let mut found = Vec::new();
    match yaml::parse(source) {
        Ok(root) => look(&root, &mut found),
        Err(errors) => found.extend(errors.into_iter().map(|error| format!("{}: {}", source.name, error.message))),
    }
    found
}

#[test]
fn scenarios_and_library_read_alike_in_both_versions() {
    let sources: Vec<Arc<Source>> = ["scenarios", "library"].into_iter().flat_map(files).collect();
    assert!(sources.len() > 60, "only {} files", sources.len());
    let found: Vec<String> = sources.iter().flat_map(looked).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_reader_finds_what_differs() {
    for text in ["on", "No", "017", "0o17", "0x1F", "12:30", "1:30.5", "35_000", "2016-11-06", "1e3", "5E-3"] {
        let source = Source::new("x.yaml", format!("cotenant: 1\na: {{b: [c, {text}]}}\n"));
        assert_eq!(looked(&source).len(), 1, "`{text}` passes");
        let quoted = Source::new("x.yaml", format!("cotenant: 1\na: {{b: [c, \"{text}\"]}}\n"));
        assert_eq!(looked(&quoted), [""; 0], "`\"{text}\"` does not pass");
    }
    for text in ["true", "~", "1.5", "0", "0.5", "1y", "2d/month", "host.mate", "x:y", "2016-11", "e3", "1e"] {
        let source = Source::new("x.yaml", format!("a: {text}\n"));
        assert_eq!(looked(&source), [""; 0], "`{text}` does not pass");
    }
}
