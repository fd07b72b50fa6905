//! Dotted paths into a model: `tenant.isolation`, `threats.impersonation.goal`, `horizon`.

use super::document::ID_LISTS;
use crate::diagnostic::{Code, Diagnostic, instead, quote};
use crate::library::names::GRADE_KEYS;
use crate::source::Span;
use crate::yaml::{Key, Node, Value};

/// Top-level keys that a path of one word may set.
const SCALARS: [&str; 3] = ["title", "horizon", "design"];

/// Lists whose entries a path may name without the list.
const SHORT: [&str; 6] = ["actors", "services", "assets", "privileges", "controls", "threats"];

/// Does the path lead to an entry, or is it one of the single fields? Says what is wrong where it does not.
pub fn known(root: &Node, path: &str, span: &Span) -> Result<(), Diagnostic> {
    let parts: Vec<&str> = path.split('.').collect();
    let makes = parts[0] == "parameters" && parts.len() > 2;
    let found = makes || SCALARS.contains(&path) || (parts.len() > 1 && find(root, &parts).is_some());
    if found { Ok(()) } else { Err(unknown(path, span, root)) }
}

/// A path that was found: the entry, and the fields to go down.
struct Found<'a> {
    list: usize,
    entry: usize,
    fields: &'a [&'a str],
    at: usize,
}

/// Sets what a path names. `why` becomes the reason of a number set here, whose old source no longer holds.
pub fn set(root: &mut Node, path: &str, span: &Span, value: &Node, why: &str, out: &mut Vec<Diagnostic>) {
    let parts: Vec<&str> = path.split('.').collect();
    if let [one] = parts.as_slice() {
        if SCALARS.contains(one) {
            if let Some(place) = root.entry_or(&Key::new(*one, span), || value.clone()) {
                *place = value.clone();
            }
        } else {
            out.push(unknown(path, span, root));
        }
        return;
    }
    if parts[0] == "parameters" && parts.len() > 2 {
        make_parameter(root, &parts[1..], span);
    }
    let Some(found) = find(root, &parts) else {
        out.push(unknown(path, span, root));
        return;
    };
    if matches!(found.fields, ["id", ..]) {
        out.push(Diagnostic::new(Code::UnknownTarget, span, "an id cannot be changed").label("this names the entry"));
        return;
    }
    let (fields, at) = (found.fields, found.at);
    let Some(entry) = entry_mut(root, found.list, found.entry) else { return };
    if fields.len() == 1 || matches!(fields, ["fails" | "present", ..]) {
        regrade(entry, fields[0], span, why);
    }
    let mut node = entry;
    for (depth, field) in fields.iter().enumerate() {
        let offset: usize = parts[..at + depth].iter().map(|part| part.len() + 1).sum();
        let key = Key::new(*field, &part_of(span, path, offset, offset + field.len()));
        match node.entry_or(&key, || Node::map(Vec::new(), &key.span)) {
            Some(below) => node = below,
            None => return,
        }
    }
    *node = value.clone();
}

/// The place of a part of the path, if the span shows the path as it is.
pub(super) fn part_of(span: &Span, path: &str, start: usize, end: usize) -> Span {
    match span.text().find(path) {
        Some(at) => Span::new(std::sync::Arc::clone(&span.source), span.start + at + start, span.start + at + end),
        None => span.clone(),
    }
}

fn find<'a>(root: &Node, parts: &'a [&'a str]) -> Option<Found<'a>> {
    let list = ID_LISTS.iter().position(|list| *list == parts[0]);
    let (lists, from): (Vec<usize>, usize) = match list {
        Some(list) => (vec![list], 1),
        None => ((0..ID_LISTS.len()).filter(|at| SHORT.contains(&ID_LISTS[*at])).collect(), 0),
    };
    // The longest id wins: parameters have dots in theirs.
    for to in (from + 1..parts.len()).rev() {
        let id = parts[from..to].join(".");
        for list in &lists {
            let items = root.get(ID_LISTS[*list]).map(Node::items).unwrap_or_default();
            if let Some(entry) = items.iter().position(|item| item.text_of("id") == Some(&id)) {
                return Some(Found { list: *list, entry, fields: &parts[to..], at: to });
            }
        }
    }
    None
}

fn entry_mut(root: &mut Node, list: usize, entry: usize) -> Option<&mut Node> {
    match &mut root.get_mut(ID_LISTS[list])?.value {
        Value::List(items) => items.get_mut(entry),
        _ => None,
    }
}

/// A parameter that the model does not override yet gets its entry.
fn make_parameter(root: &mut Node, parts: &[&str], span: &Span) {
    let Some(at) = parts.iter().position(|part| *part == "fails" || GRADE_KEYS.contains(part)) else { return };
    let id = parts[..at].join(".");
    let list =
        root.entry_or(&Key::new("parameters", span), || Node { value: Value::List(Vec::new()), span: span.clone() });
    if let Some(Value::List(items)) = list.map(|list| &mut list.value)
        && at > 0
        && !items.iter().any(|item| item.text_of("id") == Some(&id))
    {
        let entry = vec![(Key::new("id", span), Node::scalar(id, span))];
        items.push(Node::map(entry, span));
    }
}

/// A number that is set loses its old source; a grade that is set replaces the others.
fn regrade(entry: &mut Node, field: &str, span: &Span, why: &str) {
    regraded(entry, field, matches!(field, "fails" | "present"), span, why);
}

/// The same, where it is told whether the field holds the number.
pub(super) fn regraded(entry: &mut Node, field: &str, number: bool, span: &Span, why: &str) {
    let Value::Map(entries) = &mut entry.value else { return };
    if number || GRADE_KEYS.contains(&field) {
        entries.retain(|(key, _)| !GRADE_KEYS.contains(&key.text.as_str()));
    }
    if number {
        entries.push((Key::new("guess", span), Node::scalar(why, span)));
    }
}

/// The path names nothing: which part of it, and what is probably meant.
fn unknown(path: &str, span: &Span, root: &Node) -> Diagnostic {
    let parts: Vec<&str> = path.split('.').collect();
    let first = parts.first().copied().unwrap_or_default();
    let part = part_of(span, path, 0, first.len());
    let ids = |list: &str| {
        let items = root.get(list).map(Node::items).unwrap_or_default();
        items.iter().filter_map(|item| item.text_of("id")).collect::<Vec<_>>()
    };
    let all = || SHORT.iter().flat_map(|list| ids(list)).collect::<Vec<_>>();
    let rule = "a path is `id.field`, `section.id.field`, `workload.rate`, `title` or `horizon`";
    if path.is_empty() {
        return Diagnostic::new(Code::UnknownTarget, span, "nothing is named before the `=`").help(rule);
    }
    if all().contains(&first) {
        let message = format!("{} names a whole entry: a field of it is meant", quote(path));
        return Diagnostic::new(Code::UnknownTarget, span, message).help(format!("write `{first}.field=value`"));
    }
    if ID_LISTS.contains(&first) {
        let id = parts.get(1..parts.len().max(2) - 1).unwrap_or_default().join(".");
        let message = match id.is_empty() {
            true => format!("{} names a whole section: a field of one of its entries is meant", quote(path)),
            false => format!("{} has no entry called {}", quote(first), quote(&id)),
        };
        return Diagnostic::new(Code::UnknownTarget, span, message).help(instead(&id, ids(first)));
    }
    let message = format!("nothing is called {} in this model", quote(first));
    let near = instead(first, all().into_iter().chain(ID_LISTS).chain(SCALARS).chain(["workload"]));
    let near = if near.starts_with("did") { near } else { instead(first, all()) };
    Diagnostic::new(Code::UnknownTarget, &part, message).help(near)
}

/// Takes a field out of an entry: `tenant.reaches`. Says whether there was one.
pub fn unset(root: &mut Node, path: &str) -> bool {
    let parts: Vec<&str> = path.split('.').collect();
    if parts.len() < 2 {
        return false;
    }
    let Some(found) = find(root, &parts) else { return false };
    let [field] = found.fields else { return false };
    let field = (*field).to_owned();
    match entry_mut(root, found.list, found.entry).map(|entry| &mut entry.value) {
        Some(Value::Map(entries)) => {
            let before = entries.len();
            entries.retain(|(key, _)| key.text != field || key.text == "id");
            entries.len() < before
        }
        _ => false,
    }
}
