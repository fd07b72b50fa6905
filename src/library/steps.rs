//! Attack steps: the keys of a step; its names are the business of `scope`.

use super::assumptions::is_variable;
use super::collect::Entry;
use super::kinds::kind_ref;
use super::numbers::effort;
use super::scope::Scope;
use super::{Effect, KindId, Library, StepDecl};
use crate::diagnostic::{Code, Diagnostic, quote};
use crate::yaml::{self, Node, fields};

const STEP_KEYS: [&str; 16] = [
    "step",
    "title",
    "for",
    "when",
    "gain",
    "rests-on",
    "grant",
    "effort",
    "detected",
    "says",
    "question",
    "false-positives",
    "stopped-by",
    "effect",
    "refs",
    "note",
];

/// Schemes of external ids.
pub const REF_SCHEMES: [&str; 10] =
    ["slsa", "attack", "cwe", "capec", "risk-explorer", "openssf", "cve", "incidents", "pep", "paper"];

/// Reads the steps.
/// Naming an assumption among `broken`, which could not be read, is no further mistake.
pub fn steps(entries: &[Entry], broken: &[String], library: &mut Library, out: &mut Vec<Diagnostic>) {
    let steps: Vec<StepDecl> = entries.iter().filter_map(|entry| step(entry, broken, library, out)).collect();
    library.steps = steps;
}

fn step(entry: &Entry, broken: &[String], library: &Library, out: &mut Vec<Diagnostic>) -> Option<StepDecl> {
    let what = format!("step {}", quote(&entry.id));
    let decl = fields(&entry.node, &what, &STEP_KEYS, out)?;
    let text = |key: &str, out: &mut Vec<Diagnostic>| decl.get(key).and_then(|node| yaml::text(node, out));
    let vars = decl.require("for", out).and_then(|node| variables(node, library, out));
    decl.require("title", out);
    let title = text("title", out);
    let broken_vars = vars.is_none();
    let mut scope = Scope::new(library, vars.unwrap_or_default());
    // Without variables every atom would be reported for nothing.
    let mut silent = Vec::new();
    let sink = if broken_vars { &mut silent } else { &mut *out };
    let before = sink.len();
    let when = decl.get("when").map(|node| scope.conditions(node, sink)).unwrap_or_default();
    let gain = decl.require("gain", sink).and_then(|node| scope.gain(node, sink));
    let rests_on = decl.get("rests-on").map(|node| scope.rests_on(node, broken, sink)).unwrap_or_default();
    let says = decl.require("says", sink).and_then(|node| scope.sentence(node, sink));
    // After another mistake a variable may be unused because of it.
    if sink.len() == before {
        scope.report_unused(&decl, sink);
    }
    let grant = decl.get("grant").and_then(|node| yaml::flag(node, out)).unwrap_or(false);
    if let (true, Some(node)) = (grant && !rests_on.is_empty(), decl.get("grant")) {
        let message = "a step that rests on an assumption is an exploit, not a grant";
        out.push(Diagnostic::new(Code::ConflictingKeys, &node.span, message));
    }
    Some(StepDecl {
        id: entry.id.clone(),
        title: title?,
        vars: scope.vars,
        when,
        gain: gain?,
        rests_on,
        grant,
        effort: decl.get("effort").and_then(|node| effort(node, out)),
        detected: decl.get("detected").and_then(|node| probability(node, out)).unwrap_or(0.0),
        says: says?,
        question: text("question", out).unwrap_or_default(),
        false_positives: text("false-positives", out).unwrap_or_default(),
        stopped_by: decl.get("stopped-by").map(|node| yaml::text_list(node, "`stopped-by`", out)).unwrap_or_default(),
        effect: decl.get("effect").and_then(|node| effect(node, out)).unwrap_or_default(),
        refs: decl.get("refs").map(|node| refs(node, out)).unwrap_or_default(),
        span: entry.span.clone(),
    })
}

/// A plain number from 0 to 1.
pub fn probability(node: &Node, out: &mut Vec<Diagnostic>) -> Option<f64> {
    let value = yaml::number(node, out)?;
    if !(0.0..=1.0).contains(&value) {
        out.push(Diagnostic::new(Code::OutOfRange, &node.span, format!("{value} is not between 0 and 1")));
        return None;
    }
    Some(value)
}

fn effect(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Effect> {
    match yaml::word(node, out)?.as_str() {
        "prevents" => Some(Effect::Prevents),
        "shows" => Some(Effect::Shows),
        other => {
            out.push(Diagnostic::unknown(Code::UnknownValue, &node.span, "value", other, ["prevents", "shows"]));
            None
        }
    }
}

fn refs(node: &Node, out: &mut Vec<Diagnostic>) -> Vec<(String, Vec<String>)> {
    let Some(refs) = fields(node, "`refs`", &REF_SCHEMES, out) else { return Vec::new() };
    let entries = refs.entries().iter();
    entries.map(|(key, list)| (key.text.clone(), yaml::text_list(list, "a list of references", out))).collect()
}

fn variables(node: &Node, library: &Library, out: &mut Vec<Diagnostic>) -> Option<Vec<(String, KindId)>> {
    let declared = yaml::fields_with(node, "`for`", |_| true, Vec::new, out)?;
    let mut vars = Vec::new();
    let mut whole = true;
    for (key, kind) in declared.entries() {
        if !is_variable(&key.text) {
            let message = format!("{} is not a variable with a capital, such as `Host`", quote(&key.text));
            out.push(Diagnostic::new(Code::BadId, &key.span, message));
            whole = false;
        }
        match kind_ref(kind, library, out) {
            Some(kind) => vars.push((key.text.clone(), kind)),
            None => whole = false,
        }
    }
    whole.then_some(vars)
}
