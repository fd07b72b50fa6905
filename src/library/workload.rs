//! Rates of work: numbers about people that no attack rests on, such as the minutes a review takes.

use super::collect::Entry;
use super::names::GRADE_KEYS;
use super::numbers;
use super::{Library, Rate};
use crate::diagnostic::{Code, Diagnostic, quote};
use crate::units::Grade;
use crate::yaml::{self, fields};

/// Reads the rates.
pub fn rates(entries: &[Entry], library: &mut Library, out: &mut Vec<Diagnostic>) {
    library.workload.extend(entries.iter().filter_map(|entry| rate(entry, out)));
}

fn rate(entry: &Entry, out: &mut Vec<Diagnostic>) -> Option<Rate> {
    let what = format!("rate {}", quote(&entry.id));
    let known: Vec<&str> = ["rate", "text", "unit", "value", "note"].into_iter().chain(GRADE_KEYS).collect();
    let decl = fields(&entry.node, &what, &known, out)?;
    let text = decl.require("text", out).and_then(|node| yaml::text(node, out));
    let unit = decl.require("unit", out).and_then(|node| yaml::text(node, out));
    let value = decl.require("value", out).and_then(|node| yaml::quantity(node, 0.0, f64::INFINITY, out));
    let grade = numbers::grade(&decl, out);
    if grade == Grade::Missing {
        let message = format!("{} does not say where its number comes from", quote(&entry.id));
        let found = Diagnostic::new(Code::MissingSource, &entry.span, message);
        out.push(found.help("add `source`, `derived` or `guess`"));
    }
    Some(Rate { id: entry.id.clone(), text: text?, unit: unit?, value: value?, grade, span: entry.span.clone() })
}
