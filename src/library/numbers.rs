//! Reading of failures, grades and efforts.

use super::Parameter;
use super::names::GRADE_KEYS;
use crate::diagnostic::{Code, Diagnostic, Severity, quote};
use crate::units::{Effort, Failure, FailureKind, Grade, Number};
use crate::yaml::{Fields, Node, Value, fields, hours, quantity, text};

/// Keys of a failure and what they mean.
pub const FAILURE_KEYS: [(&str, FailureKind); 3] =
    [("at-any-time", FailureKind::State), ("per-year", FailureKind::Rate), ("events-per-year", FailureKind::Events)];

/// The key that writes a kind of failure.
pub fn failure_key(kind: FailureKind) -> &'static str {
    FAILURE_KEYS.iter().find(|(_, have)| *have == kind).map_or("at-any-time", |(key, _)| key)
}

/// Largest number of a kind of failure.
pub fn failure_max(kind: FailureKind) -> f64 {
    if kind == FailureKind::Events { f64::INFINITY } else { 1.0 }
}

/// Where a number comes from, by the keys beside it.
pub fn grade(entry: &Fields<'_>, out: &mut Vec<Diagnostic>) -> Grade {
    match entry.at_most_one(&GRADE_KEYS, out) {
        None => Grade::Missing,
        Some((key, node)) => {
            let said = text(node, out).unwrap_or_default();
            match key.text.as_str() {
                "source" => Grade::Sourced(said),
                "derived" => Grade::Derived(said),
                _ => Grade::Guess(said),
            }
        }
    }
}

/// One parameter: a constant 0 or 1, or a mapping with one kind of number and its grade. `outer` is the mapping the
/// entry stands in, where the grade may stand as well.
pub fn parameter(id: String, node: &Node, outer: Option<&Fields<'_>>, out: &mut Vec<Diagnostic>) -> Option<Parameter> {
    let outer_grade = outer.map_or(Grade::Missing, |outer| grade(outer, out));
    if !matches!(node.value, Value::Map(_)) {
        return constant(id, node, outer_grade, out);
    }
    let known: Vec<&str> = FAILURE_KEYS.iter().map(|(key, _)| *key).chain(GRADE_KEYS).collect();
    let entry = fields(node, "a failure", &known, out)?;
    let inner_grade = grade(&entry, out);
    let kinds: Vec<&str> = FAILURE_KEYS.iter().map(|(key, _)| *key).collect();
    let (key, value) = entry.exactly_one(&kinds, out)?;
    let kind = FAILURE_KEYS.iter().find(|(have, _)| *have == key.text).map_or(FailureKind::State, |(_, kind)| *kind);
    let number = quantity(value, 0.0, failure_max(kind), out)?;
    if inner_grade != Grade::Missing && outer_grade != Grade::Missing {
        let message = "the number says twice where it comes from";
        out.push(Diagnostic::new(Code::ConflictingKeys, &key.span, message));
    }
    let grade = if inner_grade == Grade::Missing { outer_grade } else { inner_grade };
    Some(Parameter { id, failure: Failure { kind, number }, grade, span: value.span.clone() })
}

fn constant(id: String, node: &Node, grade: Grade, out: &mut Vec<Diagnostic>) -> Option<Parameter> {
    let number = quantity(node, 0.0, f64::INFINITY, out)?;
    if number != Number::Point(0.0) && number != Number::Point(1.0) {
        let message = format!("{} says neither whether it is a state nor a rate", quote(node.span.text()));
        out.push(
            Diagnostic::new(Code::WrongType, &node.span, message)
                .help("only the constants 0 and 1 stand bare; write `at-any-time`, `per-year` or `events-per-year`"),
        );
        return None;
    }
    Some(Parameter { id, failure: Failure { kind: FailureKind::State, number }, grade, span: node.span.clone() })
}

/// Reports a number without a grade: in a library an error, in a model a warning.
pub fn missing_grade(parameter: &Parameter, severity: Severity) -> Option<Diagnostic> {
    let open = parameter.grade == Grade::Missing && parameter.failure.constant().is_none();
    open.then(|| {
        let message = format!("{} does not say where its number comes from", quote(&parameter.id));
        Diagnostic::new(Code::MissingSource, &parameter.span, message)
            .severity(severity)
            .help("add `source`, `derived` or `guess`")
    })
}

/// An effort law: `{median, p90}`, `{constant}`, `{mean}` or `{low, mode, high}`.
pub fn effort(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Effort> {
    let known = ["median", "p90", "constant", "mean", "low", "mode", "high"];
    let law = fields(node, "an effort", &known, out)?;
    let keys: Vec<&str> = law.entries().iter().map(|(key, _)| key.text.as_str()).collect();
    let mut value = |key: &str| law.get(key).and_then(|node| hours(node, out));
    let mut sorted = keys.clone();
    sorted.sort_unstable();
    let (effort, ordered) = match sorted.as_slice() {
        ["constant"] => (Effort::Constant { hours: value("constant")? }, true),
        ["mean"] => (Effort::Exponential { mean_h: value("mean")? }, true),
        ["median", "p90"] => {
            let (median_h, p90_h) = (value("median"), value("p90"));
            let (median_h, p90_h) = (median_h?, p90_h?);
            (Effort::Lognormal { median_h, p90_h }, 0.0 < median_h && median_h < p90_h)
        }
        ["high", "low", "mode"] => {
            let (low_h, mode_h, high_h) = (value("low"), value("mode"), value("high"));
            let (low_h, mode_h, high_h) = (low_h?, mode_h?, high_h?);
            (Effort::Pert { low_h, mode_h, high_h }, low_h <= mode_h && mode_h <= high_h)
        }
        _ => {
            out.push(
                Diagnostic::new(Code::ConflictingKeys, &node.span, "this is no effort law")
                    .help("write `{median, p90}`, `{constant}`, `{mean}` or `{low, mode, high}`"),
            );
            return None;
        }
    };
    if !ordered {
        out.push(
            Diagnostic::new(Code::BadRange, &node.span, "the durations of an effort are not in order")
                .help("0 < median < p90, and low <= mode <= high"),
        );
        return None;
    }
    Some(effort)
}
