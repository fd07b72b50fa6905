//! Assumptions: what they are about, in words, and how they fail.

use super::collect::Entry;
use super::names::{GRADE_KEYS, ROLES};
use super::numbers::{missing_grade, parameter};
use super::placeholders::check_braces;
use super::{AssumptionDecl, Fails, Library, Parameter};
use crate::diagnostic::{Code, Diagnostic, Severity, quote};
use crate::yaml::{self, Fields, Node, Value, fields};

/// Reads the assumptions.
pub fn assumptions(entries: &[Entry], library: &mut Library, out: &mut Vec<Diagnostic>) {
    for entry in entries {
        if let Some(assumption) = assumption(entry, out) {
            library.assumptions.push(assumption);
        }
    }
}

fn assumption(entry: &Entry, out: &mut Vec<Diagnostic>) -> Option<AssumptionDecl> {
    let what = format!("assumption {}", quote(&entry.id));
    let known: Vec<&str> =
        ["assumption", "about", "text", "question", "fails", "honesty", "note"].into_iter().chain(GRADE_KEYS).collect();
    let decl = fields(&entry.node, &what, &known, out)?;
    let about = decl.require("about", out).map(|node| about(node, out)).unwrap_or_default();
    let names: Vec<&str> = about.iter().map(String::as_str).collect();
    let sentence = |key: &str, out: &mut Vec<Diagnostic>| {
        let node = decl.get(key)?;
        let said = yaml::text(node, out)?;
        check_braces(&said, node, &names, out);
        Some(said)
    };
    if decl.get("text").is_none() {
        decl.require("text", out);
    }
    let text = sentence("text", out);
    let question = sentence("question", out).unwrap_or_default();
    let honesty = decl.get("honesty").and_then(|node| yaml::flag(node, out)).unwrap_or(false);
    if honesty && about.len() != 1 {
        let span = decl.key("honesty").map_or(&entry.span, |key| &key.span);
        out.push(Diagnostic::new(Code::BadArguments, span, "honesty is about exactly one principal"));
    }
    let fails = decl.require("fails", out).and_then(|node| fails(&entry.id, node, &decl, &about, out));
    for parameter in fails.iter().flat_map(parameters) {
        let severity = if entry.own { Severity::Warning } else { Severity::Error };
        // A model's own assumption is a lint, said with the model.
        out.extend(missing_grade(parameter, severity).filter(|_| !entry.own));
    }
    Some(AssumptionDecl {
        id: entry.id.clone(),
        about,
        text: text?,
        question,
        honesty,
        fails: fails?,
        span: entry.span.clone(),
    })
}

/// Every parameter of one assumption.
pub fn parameters(fails: &Fails) -> Vec<&Parameter> {
    match fails {
        Fails::One(parameter) => vec![parameter],
        Fails::Table { entries, .. } => entries.iter().map(|(_, parameter)| parameter).collect(),
    }
}

/// Names of variables: a capital, then letters and digits.
pub fn is_variable(name: &str) -> bool {
    name.starts_with(|ch: char| ch.is_ascii_uppercase()) && name.chars().all(|ch| ch.is_ascii_alphanumeric())
}

fn about(node: &Node, out: &mut Vec<Diagnostic>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for item in yaml::list(node, "`about`", out).unwrap_or_default() {
        let Some(name) = yaml::text(item, out) else { continue };
        if !is_variable(&name) || ROLES.contains(&name.as_str()) {
            let message = format!("{} is not a name with a capital, such as `Host`", quote(&name));
            out.push(Diagnostic::new(Code::BadId, &item.span, message));
        } else if names.contains(&name) {
            out.push(Diagnostic::new(Code::DuplicateId, &item.span, format!("{} is there already", quote(&name))));
        } else {
            names.push(name);
        }
    }
    names
}

fn fails(id: &str, node: &Node, decl: &Fields<'_>, about: &[String], out: &mut Vec<Diagnostic>) -> Option<Fails> {
    if node.get("by").is_none() {
        return parameter(id.to_owned(), node, Some(decl), out).map(Fails::One);
    }
    for key in GRADE_KEYS.iter().filter_map(|key| decl.key(key)) {
        let message = "every entry of a table says on its own where its number comes from";
        out.push(Diagnostic::new(Code::MisplacedKey, &key.span, message));
    }
    let table = yaml::fields_with(node, "a table", |_| true, Vec::new, out)?;
    let by_node = table.get("by")?;
    let name = yaml::name(by_node, out)?;
    let by = about.iter().position(|have| *have == name);
    if by.is_none() {
        let known = about.iter().map(String::as_str);
        out.push(Diagnostic::unknown(Code::UnknownVariable, &by_node.span, "name", &name, known));
    }
    let mut entries = Vec::new();
    for (key, value) in table.entries().iter().filter(|(key, _)| key.text != "by") {
        let entry = parameter(format!("{id}.{}", key.text), value, None, out);
        entries.extend(entry.map(|entry| (key.text.clone(), entry)));
    }
    if matches!(&node.value, Value::Map(all) if all.len() < 2) {
        out.push(Diagnostic::new(Code::BadTable, &node.span, "the table has no entries"));
    }
    Some(Fails::Table { by: by?, entries })
}
