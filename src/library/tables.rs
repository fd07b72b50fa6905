//! Tables of assumptions against the values that steps ask them for.

use super::collect::Entry;
use super::scope::Scope;
use super::{Arg, Fails, FieldType, Library};
use crate::diagnostic::{Code, Diagnostic, quote};

/// Tables against the fields that index them: one entry for each value that any step can ask for, and no other.
pub fn check_tables(entries: &[Entry], library: &Library, out: &mut Vec<Diagnostic>) {
    for (at, decl) in library.assumptions.iter().enumerate() {
        let Fails::Table { by, entries: table } = &decl.fails else { continue };
        let asked = asked_values(at, *by, library);
        let Some(asked) = asked else { continue };
        let node = entries.iter().find(|entry| entry.id == decl.id).and_then(|entry| entry.node.get("fails"));
        let place = node.and_then(|node| node.get("by")).map_or(&decl.span, |node| &node.span);
        for value in asked.iter().filter(|value| !table.iter().any(|(have, _)| have == *value)) {
            let message = format!("the table of {} has no entry for {}", quote(&decl.id), quote(value));
            out.push(Diagnostic::new(Code::BadTable, place, message));
        }
        for (value, parameter) in table.iter().filter(|(value, _)| !asked.contains(value)) {
            let span = node
                .and_then(|node| node.entries().iter().find(|(key, _)| key.text == *value))
                .map_or(&parameter.span, |(key, _)| &key.span);
            let message = format!("no step asks {} for {}", quote(&decl.id), quote(value));
            out.push(Diagnostic::new(Code::BadTable, span, message).suggest(value, asked.iter().map(String::as_str)));
        }
    }
}

/// Values of every field that steps pass at `by`; `None` if no step uses the assumption.
fn asked_values(assumption: usize, by: usize, library: &Library) -> Option<Vec<String>> {
    let mut asked: Option<Vec<String>> = None;
    for step in &library.steps {
        for rest in step.rests_on.iter().filter(|rest| rest.assumption == assumption) {
            let Some(Arg::Value { var, field }) = rest.args.get(by) else { continue };
            let scope = Scope::new(library, step.vars.clone());
            let values = asked.get_or_insert_with(Vec::new);
            for ty in scope.fields_below(step.vars[var.0].1, field) {
                match ty {
                    FieldType::Value(all, _) => values.extend(all.iter().cloned()),
                    FieldType::Flag(_) => values.extend(["true".to_owned(), "false".to_owned()]),
                    _ => {}
                }
            }
        }
    }
    asked.map(|mut values| {
        values.sort();
        values.dedup();
        values
    })
}
