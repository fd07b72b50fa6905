//! [`CapabilityGraph`] -> text: one element a line, in the order of ids, the same bytes on any machine.

use std::fmt::Write;

use super::{FEATURES, VERSION};
use crate::graph::{
    Assumption, Capability, CapabilityGraph, Control, Family, Principal, Quorum, Step, StepKind, Threat, Tolerance,
};
use crate::source::Place;
use crate::units::{Effort, FailureKind};

/// Writes a graph by the contract. Reading it back gives the same graph.
pub fn write(graph: &CapabilityGraph) -> String {
    let mut out = String::from("{\n");
    let _ = writeln!(out, "\"cotenant-graph\": {VERSION},");
    let _ = writeln!(out, "\"requires\": {},", texts(&requires(graph)));
    let _ = writeln!(out, "\"design\": {},", text(&graph.design));
    let _ = writeln!(out, "\"horizon_days\": {},", number(graph.horizon_days));
    let _ = writeln!(out, "\"program\": {},", text(env!("CARGO_PKG_VERSION")));
    let _ = writeln!(out, "\"model\": {},", text(&graph.model));
    list(&mut out, "capabilities", &graph.capabilities, capability);
    list(&mut out, "assumptions", &graph.assumptions, assumption);
    list(&mut out, "steps", &graph.steps, step);
    list(&mut out, "controls", &graph.controls, control);
    list(&mut out, "families", &graph.families, family);
    list(&mut out, "principals", &graph.principals, principal);
    list(&mut out, "threats", &graph.threats, |line, _, it| threat(line, it));
    out.truncate(out.len() - 2);
    out.push_str("\n}\n");
    out
}

/// What a reader must understand to answer rightly.
fn requires(graph: &CapabilityGraph) -> Vec<String> {
    let guarded = |step: &Step| !step.unless.is_empty() || !step.only_with.is_empty();
    let used = [
        !graph.families.is_empty(),
        graph.steps.iter().any(guarded),
        graph.steps.iter().any(|step| step.quorum.is_some()),
    ];
    let features = FEATURES.iter().zip(used).filter(|(_, used)| *used);
    features.map(|(name, _)| (*name).to_owned()).collect()
}

fn list<T>(out: &mut String, key: &str, items: &[T], write: impl Fn(&mut Line, usize, &T)) {
    let _ = write!(out, "\"{key}\": [");
    for (at, item) in items.iter().enumerate() {
        let mut line = Line { text: String::from("{") };
        write(&mut line, at, item);
        out.push_str(if at == 0 { "\n" } else { ",\n" });
        out.push_str(&line.text);
        out.push('}');
    }
    out.push_str(if items.is_empty() { "],\n" } else { "\n],\n" });
}

/// One object on one line.
struct Line {
    text: String,
}

impl Line {
    fn raw(&mut self, key: &str, value: &str) {
        let comma = if self.text.ends_with('{') { "" } else { "," };
        let _ = write!(self.text, "{comma}\"{key}\":{value}");
    }

    fn text(&mut self, key: &str, value: &str) {
        self.raw(key, &text(value));
    }

    /// Text that may be left out when it is empty.
    fn some_text(&mut self, key: &str, value: &str) {
        if !value.is_empty() {
            self.text(key, value);
        }
    }

    fn id(&mut self, key: &str, id: Option<u32>) {
        self.raw(key, &id.map_or("null".to_owned(), |id| id.to_string()));
    }

    fn ids(&mut self, key: &str, ids: impl Iterator<Item = u32>) {
        self.raw(key, &ids_text(ids));
    }
}

fn capability(line: &mut Line, at: usize, capability: &Capability) {
    line.raw("id", &at.to_string());
    line.text("name", &capability.name);
    line.id("family", capability.family.map(|id| id.0));
}

fn assumption(line: &mut Line, at: usize, assumption: &Assumption) {
    let kind = match assumption.kind {
        FailureKind::State => "state",
        FailureKind::Rate => "rate",
        FailureKind::Events => "events",
    };
    line.raw("id", &at.to_string());
    line.text("name", &assumption.name);
    line.raw("probability", &number(assumption.probability));
    line.text("kind", kind);
    if let Some(range) = assumption.range {
        line.raw("range", &format!("[{}]", range.map(number).join(",")));
    }
    if let Some(parameter) = &assumption.parameter {
        line.text("parameter", parameter);
    }
    line.id("family", assumption.family.map(|id| id.0));
    line.id("honesty_of", assumption.honesty_of.map(|id| id.0));
    line.some_text("text", &assumption.text);
    line.some_text("question", &assumption.question);
    line.some_text("grade", &assumption.grade);
    line.some_text("source", &assumption.source);
}

fn step(line: &mut Line, at: usize, step: &Step) {
    let kind = match step.kind {
        StepKind::Grant => "grant",
        StepKind::Consequence => "consequence",
        StepKind::Exploit => "exploit",
    };
    line.raw("id", &at.to_string());
    line.text("name", &step.name);
    line.ids("needs", step.needs.iter().map(|id| id.0));
    line.raw("gains", &step.gains.0.to_string());
    line.ids("assumptions", step.assumptions.iter().map(|id| id.0));
    line.text("kind", kind);
    line.id("family", step.family.map(|id| id.0));
    line.ids("unless", step.unless.iter().map(|id| id.0));
    line.ids("only_with", step.only_with.iter().map(|id| id.0));
    line.raw("quorum", &step.quorum.as_ref().map_or("null".to_owned(), quorum));
    if let Some(law) = step.effort {
        line.raw("effort", &effort(law));
    }
    line.raw("detected", &number(step.detected));
    line.raw("delay_h", &number(step.delay_h));
    line.text("says", &step.says);
    line.raw("because", &format!("[{}]", step.because.iter().map(place).collect::<Vec<_>>().join(",")));
    if !step.dropped.is_empty() {
        line.raw("dropped", &texts(&step.dropped));
    }
}

fn quorum(quorum: &Quorum) -> String {
    format!("{{\"of\":{},\"at_least\":{}}}", ids_text(quorum.of.iter().map(|id| id.0)), quorum.at_least)
}

fn effort(law: Effort) -> String {
    let (name, numbers): (&str, Vec<(&str, f64)>) = match law {
        Effort::Constant { hours } => ("constant", vec![("hours", hours)]),
        Effort::Lognormal { median_h, p90_h } => ("lognormal", vec![("median_h", median_h), ("p90_h", p90_h)]),
        Effort::Exponential { mean_h } => ("exponential", vec![("mean_h", mean_h)]),
        Effort::Pert { low_h, mode_h, high_h } => {
            ("pert", vec![("low_h", low_h), ("mode_h", mode_h), ("high_h", high_h)])
        }
    };
    let numbers: String = numbers.iter().map(|(key, value)| format!(",\"{key}\":{}", number(*value))).collect();
    format!("{{\"law\":\"{name}\"{numbers}}}")
}

fn place(place: &Place) -> String {
    let (file, words) = (text(&place.file), text(&place.text));
    format!("{{\"file\":{file},\"line\":{},\"col\":{},\"text\":{words}}}", place.line, place.col)
}

fn control(line: &mut Line, at: usize, control: &Control) {
    line.raw("id", &at.to_string());
    line.text("name", &control.name);
    if let Some(days) = control.cost_days {
        line.raw("cost_days", &number(days));
    }
    line.raw("on", &control.on.to_string());
    line.ids("excludes", control.excludes.iter().map(|id| id.0));
}

fn family(line: &mut Line, at: usize, family: &Family) {
    line.raw("id", &at.to_string());
    line.text("name", &family.name);
    line.raw("count", &family.count.to_string());
    if let Some(within) = family.within {
        line.id("within", Some(within.0));
    }
}

fn principal(line: &mut Line, at: usize, principal: &Principal) {
    line.raw("id", &at.to_string());
    line.text("name", &principal.name);
    line.raw("capability", &principal.capability.0.to_string());
    line.raw("candidate", &principal.candidate.to_string());
    line.raw("external", &principal.external.to_string());
    line.text("class", &principal.class);
}

fn threat(line: &mut Line, threat: &Threat) {
    line.text("name", &threat.name);
    line.text("title", &threat.title);
    line.text("group", &threat.group);
    line.ids("public", threat.public.iter().map(|id| id.0));
    line.ids("start", threat.start.iter().map(|id| id.0));
    line.raw("goal", &threat.goal.0.to_string());
    line.ids("others", threat.others.iter().map(|id| id.0));
    if !threat.apart.is_empty() {
        line.ids("apart", threat.apart.iter().map(|id| id.0));
    }
    line.raw("tolerate", &tolerance(&threat.tolerate));
    if let Some(reason) = &threat.not_applicable {
        line.text("not_applicable", reason);
    }
    if let Some(alike) = alike(threat) {
        line.raw("alike", &alike);
    }
}

fn tolerance(tolerance: &Tolerance) -> String {
    let mut line = Line { text: String::from("{") };
    for (key, set) in [("any", tolerance.any), ("no_grant", tolerance.no_grant), ("unreachable", tolerance.unreachable)]
    {
        if set {
            line.raw(key, "true");
        }
    }
    if let Some(failures) = tolerance.failures {
        line.raw("failures", &failures.to_string());
    }
    if let Some(probability) = tolerance.probability {
        line.raw("probability", &number(probability));
    }
    if !tolerance.trusting.is_empty() {
        line.ids("trusting", tolerance.trusting.iter().map(|id| id.0));
    }
    line.text + "}"
}

fn alike(threat: &Threat) -> Option<String> {
    let steps: Vec<(u32, u32)> = threat.alike_steps.iter().map(|(a, b)| (a.0, b.0)).collect();
    let assumptions: Vec<(u32, u32)> = threat.alike_assumptions.iter().map(|(a, b)| (a.0, b.0)).collect();
    let principals: Vec<(u32, u32)> = threat.alike_principals.iter().map(|(a, b)| (a.0, b.0)).collect();
    let mut line = Line { text: String::from("{") };
    for (key, pairs) in [("steps", steps), ("assumptions", assumptions), ("principals", principals)] {
        if !pairs.is_empty() {
            let pairs: Vec<String> = pairs.iter().map(|(a, b)| format!("[{a},{b}]")).collect();
            line.raw(key, &format!("[{}]", pairs.join(",")));
        }
    }
    (line.text != "{").then(|| line.text + "}")
}

fn ids_text(ids: impl Iterator<Item = u32>) -> String {
    format!("[{}]", ids.map(|id| id.to_string()).collect::<Vec<_>>().join(","))
}

fn texts(items: &[String]) -> String {
    format!("[{}]", items.iter().map(|item| text(item)).collect::<Vec<_>>().join(","))
}

fn text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The shortest decimal that reads back as the same float; whole numbers without a point.
fn number(value: f64) -> String {
    if value == libm::trunc(value) && value.abs() < 1e15 {
        return format!("{}", value as i64);
    }
    serde_json::Value::from(value).to_string()
}
