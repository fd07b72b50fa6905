//! Paths to rates of work: `workload.review-minutes`, `workload.patience.value`. A rate that is set is one laid over the library.

use super::path::{part_of, regraded};
use crate::diagnostic::{Code, Diagnostic, quote};
use crate::library::names::GRADE_KEYS;
use crate::source::Span;
use crate::yaml::{Key, Node, Value};

/// First part of the path.
const SECTION: &str = "workload";

/// Is it a path to a rate?
pub fn is_rate(path: &str) -> bool {
    path.split('.').next() == Some(SECTION)
}

/// Sets what a path names, as an overlay of `library: {workload: [..]}` with that one entry would. `known` are the ids of all rates; `why` becomes
/// the reason of a number set here, whose old source no longer holds.
pub fn set(
    root: &mut Node,
    (path, span): (&str, &Span),
    value: &Node,
    why: &str,
    known: &[String],
    out: &mut Vec<Diagnostic>,
) {
    let parts: Vec<&str> = path.split('.').collect();
    let from = |nth: usize| parts[..nth].iter().map(|part| part.len() + 1).sum::<usize>();
    let part = |nth: usize| part_of(span, path, from(nth), from(nth) + parts[nth].len());
    let fields: Vec<&str> = ["value"].into_iter().chain(GRADE_KEYS).collect();
    let (id, field) = match parts.as_slice() {
        [_, id] => (*id, "value"),
        [_, id, field] => (*id, *field),
        _ => {
            let message = format!("{} names no rate of work", quote(path));
            out.push(
                Diagnostic::new(Code::UnknownTarget, span, message)
                    .help(format!("write `workload.RATE=VALUE`; rates: {}", known.join(", "))),
            );
            return;
        }
    };
    if !known.iter().any(|have| have == id) {
        out.push(Diagnostic::unknown(
            Code::UnknownTarget,
            &part(1),
            "rate of work",
            id,
            known.iter().map(String::as_str),
        ));
        return;
    }
    if !fields.contains(&field) {
        out.push(Diagnostic::unknown(Code::UnknownKey, &part(2), "field of a rate", field, fields));
        return;
    }
    let Some(entry) = entry(root, id, span) else { return };
    regraded(entry, field, field == "value", span, why);
    let key = Key::new(field, &if parts.len() > 2 { part(2) } else { part(1) });
    if let Some(place) = entry.entry_or(&key, || value.clone()) {
        *place = value.clone();
    }
}

/// The model's own entry of a rate, made if there is none.
fn entry<'n>(root: &'n mut Node, id: &str, span: &Span) -> Option<&'n mut Node> {
    let library = root.entry_or(&Key::new("library", span), || Node::map(Vec::new(), span))?;
    let empty = || Node { value: Value::List(Vec::new()), span: span.clone() };
    let Value::List(items) = &mut library.entry_or(&Key::new(SECTION, span), empty)?.value else { return None };
    let at = items.iter().position(|item| item.text_of("rate") == Some(id)).unwrap_or_else(|| {
        items.push(Node::map(vec![(Key::new("rate", span), Node::scalar(id.to_owned(), span))], span));
        items.len() - 1
    });
    items.get_mut(at)
}
