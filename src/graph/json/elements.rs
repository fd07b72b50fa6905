//! One function per kind of element: its fields, their ranges and their defaults.

use super::fields::{Fields, Findings, Path, kind, number, whole};
use super::scan::{Node, Value};
use crate::graph::{
    Assumption, AssumptionId, Capability, CapabilityId, Control, ControlId, Family, FamilyId, Principal, PrincipalId,
    Quorum, Step, StepId, StepKind, Threat, Tolerance,
};
use crate::source::Place;
use crate::units::{Effort, FailureKind};

/// How many there are of what ids point at.
pub(super) struct Sizes {
    pub(super) capabilities: usize,
    pub(super) assumptions: usize,
    pub(super) steps: usize,
    pub(super) controls: usize,
    pub(super) families: usize,
    pub(super) principals: usize,
}

/// One element of a list, on its way to its type.
pub(super) struct Element<'a, 'f> {
    at: usize,
    node: &'a Node,
    path: &'a Path<'a>,
    findings: &'f mut Findings,
}

/// Reads all elements of a list. Where one fails, the list is short and an error stands in the findings.
pub(super) fn each<T>(top: &Fields, key: &str, findings: &mut Findings, read: impl Fn(Element) -> Option<T>) -> Vec<T> {
    let list = Path::Key(&Path::Top, key);
    let mut out = Vec::new();
    for (at, node) in top.list(key, findings).iter().enumerate() {
        let path = Path::Index(&list, at);
        out.extend(read(Element { at, node, path: &path, findings }));
    }
    out
}

impl<'a, 'f> Element<'a, 'f> {
    /// The element's fields, its `id` checked to be its position.
    fn open(self, known: &[&'a str], has_id: bool) -> Option<(Fields<'a>, &'a Path<'a>, &'f mut Findings)> {
        let Element { at, node, path, findings } = self;
        let fields = Fields::new(node, path, known, findings)?;
        if has_id && fields.required("id", findings).is_some_and(|id| whole(&id.value) != Some(at as u64)) {
            fields.error("id", findings, format!("an id is the position in its list: expected {at}"));
        }
        Some((fields, path, findings))
    }
}

/// A position, checked against the list it points into.
fn position(node: &Node, path: &Path, size: usize, what: &str, findings: &mut Findings) -> Option<u32> {
    let id = whole(&node.value).filter(|id| *id < size as u64).and_then(|id| u32::try_from(id).ok());
    if id.is_none() {
        findings.error(node.at, path, format!("{} is no {what}: there are {size}", kind(&node.value)));
    }
    id
}

fn one(fields: &Fields, path: &Path, key: &str, size: usize, what: &str, findings: &mut Findings) -> Option<u32> {
    position(fields.get(key)?, &Path::Key(path, key), size, what, findings)
}

/// A list of positions, in the order written.
fn many(fields: &Fields, path: &Path, key: &str, size: usize, what: &str, findings: &mut Findings) -> Vec<u32> {
    let list = Path::Key(path, key);
    let mut out = Vec::new();
    for (at, item) in fields.list(key, findings).iter().enumerate() {
        let path = Path::Index(&list, at);
        let Some(id) = position(item, &path, size, what, findings) else { continue };
        if out.contains(&id) {
            findings.error(item.at, &path, format!("{id} stands here twice"));
        }
        out.push(id);
    }
    out
}

fn name(fields: &Fields, findings: &mut Findings) -> String {
    fields.required("name", findings);
    fields.text("name", findings).unwrap_or_default()
}

pub(super) fn capability(element: Element, sizes: &Sizes) -> Option<Capability> {
    let (fields, path, findings) = element.open(&["id", "name", "family"], true)?;
    Some(Capability {
        name: name(&fields, findings),
        family: one(&fields, path, "family", sizes.families, "family", findings).map(FamilyId),
        gained_by: Vec::new(),
    })
}

const ASSUMPTION: [&str; 12] = [
    "id",
    "name",
    "probability",
    "kind",
    "range",
    "parameter",
    "family",
    "honesty_of",
    "text",
    "question",
    "grade",
    "source",
];

pub(super) fn assumption(element: Element, sizes: &Sizes) -> Option<Assumption> {
    let (fields, path, findings) = element.open(&ASSUMPTION, true)?;
    fields.required("probability", findings);
    let kind = match fields.text("kind", findings).as_deref() {
        None | Some("state") => FailureKind::State,
        Some("rate") => FailureKind::Rate,
        Some("events") => FailureKind::Events,
        Some(_) => {
            fields.error("kind", findings, "expected `state`, `rate` or `events`");
            FailureKind::State
        }
    };
    let text = |key: &str, findings: &mut Findings| fields.text(key, findings).unwrap_or_default();
    Some(Assumption {
        name: name(&fields, findings),
        probability: fields.within("probability", 0.0, 1.0, findings).unwrap_or(0.0),
        kind,
        range: range(&fields, kind, findings),
        parameter: fields.text("parameter", findings),
        family: one(&fields, path, "family", sizes.families, "family", findings).map(FamilyId),
        honesty_of: one(&fields, path, "honesty_of", sizes.principals, "principal", findings).map(PrincipalId),
        text: text("text", findings),
        question: text("question", findings),
        grade: text("grade", findings),
        source: text("source", findings),
    })
}

fn range(fields: &Fields, kind: FailureKind, findings: &mut Findings) -> Option<[f64; 3]> {
    fields.get("range")?;
    let items = fields.list("range", findings);
    let numbers: Vec<f64> = items.iter().filter_map(|item| number(&item.value)).collect();
    let most = if kind == FailureKind::Events { f64::MAX } else { 1.0 };
    match <[f64; 3]>::try_from(numbers) {
        Ok([low, mode, high]) if items.len() == 3 && 0.0 <= low && low <= mode && mode <= high && high <= most => {
            Some([low, mode, high])
        }
        _ => {
            fields.error("range", findings, "expected [low, mode, high], ascending and in range");
            None
        }
    }
}

const STEP: [&str; 16] = [
    "id",
    "name",
    "needs",
    "gains",
    "assumptions",
    "kind",
    "family",
    "unless",
    "only_with",
    "quorum",
    "effort",
    "detected",
    "delay_h",
    "says",
    "because",
    "dropped",
];

pub(super) fn step(element: Element, sizes: &Sizes) -> Option<Step> {
    let (fields, path, findings) = element.open(&STEP, true)?;
    for key in ["needs", "gains", "assumptions"] {
        fields.required(key, findings);
    }
    let mut needs = many(&fields, path, "needs", sizes.capabilities, "capability", findings);
    let mut assumptions = many(&fields, path, "assumptions", sizes.assumptions, "assumption", findings);
    needs.sort_unstable();
    assumptions.sort_unstable();
    let gains = one(&fields, path, "gains", sizes.capabilities, "capability", findings);
    let controls = |key: &str, findings: &mut Findings| -> Vec<ControlId> {
        many(&fields, path, key, sizes.controls, "control", findings).into_iter().map(ControlId).collect()
    };
    Some(Step {
        name: name(&fields, findings),
        kind: step_kind(&fields, assumptions.is_empty(), findings),
        needs: needs.into_iter().map(CapabilityId).collect(),
        gains: CapabilityId(gains.unwrap_or(0)),
        assumptions: assumptions.into_iter().map(AssumptionId).collect(),
        family: one(&fields, path, "family", sizes.families, "family", findings).map(FamilyId),
        unless: controls("unless", findings),
        only_with: controls("only_with", findings),
        quorum: quorum(&fields, path, sizes, findings),
        effort: effort(&fields, path, findings),
        detected: fields.within("detected", 0.0, 1.0, findings).unwrap_or(0.0),
        delay_h: fields.within("delay_h", 0.0, f64::INFINITY, findings).unwrap_or(0.0),
        says: fields.text("says", findings).unwrap_or_default(),
        because: places(&fields, path, findings),
        dropped: fields.texts("dropped", findings),
    })
}

fn step_kind(fields: &Fields, rests_on_nothing: bool, findings: &mut Findings) -> StepKind {
    match fields.text("kind", findings).as_deref() {
        Some("grant") => StepKind::Grant,
        Some("consequence") => StepKind::Consequence,
        Some("exploit") => StepKind::Exploit,
        Some(_) => {
            fields.error("kind", findings, "expected `grant`, `consequence` or `exploit`");
            StepKind::Exploit
        }
        None if rests_on_nothing => StepKind::Consequence,
        None => StepKind::Exploit,
    }
}

fn quorum(fields: &Fields, path: &Path, sizes: &Sizes, findings: &mut Findings) -> Option<Quorum> {
    let path = Path::Key(path, "quorum");
    let inner = Fields::new(fields.get("quorum")?, &path, &["of", "at_least"], findings)?;
    inner.required("of", findings);
    inner.required("at_least", findings);
    let of = many(&inner, &path, "of", sizes.capabilities, "capability", findings);
    let least = inner.whole("at_least", findings)?;
    if least == 0 || least > u64::from(u32::MAX) {
        inner.error("at_least", findings, format!("{least} is out of range: at least 1, and no more than 4294967295"));
    }
    Some(Quorum { of: of.into_iter().map(CapabilityId).collect(), at_least: u32::try_from(least).unwrap_or(u32::MAX) })
}

fn effort(fields: &Fields, path: &Path, findings: &mut Findings) -> Option<Effort> {
    let path = Path::Key(path, "effort");
    let known = ["law", "hours", "median_h", "p90_h", "mean_h", "low_h", "mode_h", "high_h"];
    let inner = Fields::new(fields.get("effort")?, &path, &known, findings)?;
    inner.required("law", findings)?;
    let law = inner.text("law", findings)?;
    let mut hours = |key: &str| {
        inner.required(key, findings)?;
        inner.within(key, 0.0, f64::MAX, findings)
    };
    let (effort, sound) = match law.as_str() {
        "constant" => (Effort::Constant { hours: hours("hours")? }, true),
        "lognormal" => {
            let (median_h, p90_h) = (hours("median_h")?, hours("p90_h")?);
            (Effort::Lognormal { median_h, p90_h }, 0.0 < median_h && median_h < p90_h)
        }
        "exponential" => {
            let mean_h = hours("mean_h")?;
            (Effort::Exponential { mean_h }, 0.0 < mean_h)
        }
        "pert" => {
            let (low_h, mode_h, high_h) = (hours("low_h")?, hours("mode_h")?, hours("high_h")?);
            (Effort::Pert { low_h, mode_h, high_h }, low_h <= mode_h && mode_h <= high_h)
        }
        _ => {
            inner.error("law", findings, "expected `constant`, `lognormal`, `exponential` or `pert`");
            return None;
        }
    };
    if !sound {
        let how = if law == "lognormal" { "ascend, the 90 % quantile above the median" } else { "ascend" };
        inner.error("law", findings, format!("these numbers make no {law} law: they must be positive and {how}"));
    }
    Some(effort)
}

fn places(fields: &Fields, path: &Path, findings: &mut Findings) -> Vec<Place> {
    let list = Path::Key(path, "because");
    let mut out = Vec::new();
    for (at, node) in fields.list("because", findings).iter().enumerate() {
        let path = Path::Index(&list, at);
        let Some(place) = Fields::new(node, &path, &["file", "line", "col", "text"], findings) else { continue };
        let whole = |key: &str, findings: &mut Findings| {
            place.whole(key, findings).map_or(0, |n| usize::try_from(n).unwrap_or(usize::MAX))
        };
        out.push(Place {
            file: place.text("file", findings).unwrap_or_default(),
            line: whole("line", findings),
            col: whole("col", findings),
            text: place.text("text", findings).unwrap_or_default(),
        });
    }
    out
}

pub(super) fn control(element: Element, sizes: &Sizes) -> Option<Control> {
    let (fields, path, findings) = element.open(&["id", "name", "cost_days", "on", "excludes"], true)?;
    let excludes = many(&fields, path, "excludes", sizes.controls, "control", findings);
    Some(Control {
        name: name(&fields, findings),
        cost_days: fields.within("cost_days", 0.0, f64::INFINITY, findings),
        on: fields.flag("on", findings).unwrap_or(false),
        excludes: excludes.into_iter().map(ControlId).collect(),
    })
}

pub(super) fn family(element: Element, sizes: &Sizes) -> Option<Family> {
    let (fields, path, findings) = element.open(&["id", "name", "count", "within"], true)?;
    fields.required("count", findings);
    let count = fields.whole("count", findings).unwrap_or(1);
    if count == 0 {
        fields.error("count", findings, "a family has at least one copy");
    }
    let within = one(&fields, path, "within", sizes.families, "family", findings).map(FamilyId);
    Some(Family { name: fields.text("name", findings).unwrap_or_default(), count, within })
}

pub(super) fn principal(element: Element, sizes: &Sizes) -> Option<Principal> {
    let known = ["id", "name", "capability", "candidate", "external", "class"];
    let (fields, path, findings) = element.open(&known, true)?;
    fields.required("capability", findings);
    let name = name(&fields, findings);
    let class = fields.text("class", findings);
    let capability = one(&fields, path, "capability", sizes.capabilities, "capability", findings);
    Some(Principal {
        class: class.unwrap_or_else(|| name.split('.').next().unwrap_or_default().to_owned()),
        name,
        capability: CapabilityId(capability.unwrap_or(0)),
        candidate: fields.flag("candidate", findings).unwrap_or(false),
        external: fields.flag("external", findings).unwrap_or(false),
    })
}

const THREAT: [&str; 10] =
    ["name", "public", "start", "goal", "others", "tolerate", "title", "group", "not_applicable", "alike"];

pub(super) fn threat(element: Element, sizes: &Sizes) -> Option<Threat> {
    let (fields, path, findings) = element.open(&[&THREAT[..], &["apart"]].concat(), false)?;
    fields.required("start", findings);
    fields.required("goal", findings);
    let capabilities = |key: &str, findings: &mut Findings| -> Vec<CapabilityId> {
        many(&fields, path, key, sizes.capabilities, "capability", findings).into_iter().map(CapabilityId).collect()
    };
    let name = name(&fields, findings);
    let goal = one(&fields, path, "goal", sizes.capabilities, "capability", findings);
    let alike = alike(&fields, path, sizes, findings);
    let text = |key: &str, findings: &mut Findings| fields.text(key, findings);
    Some(Threat {
        public: capabilities("public", findings),
        start: capabilities("start", findings),
        goal: CapabilityId(goal.unwrap_or(0)),
        others: capabilities("others", findings),
        apart: capabilities("apart", findings),
        tolerate: tolerance(&fields, path, sizes, findings),
        title: text("title", findings).unwrap_or_else(|| name.clone()),
        group: text("group", findings).unwrap_or_else(|| name.clone()),
        name,
        not_applicable: text("not_applicable", findings),
        alike_steps: alike.steps,
        alike_assumptions: alike.assumptions,
        alike_principals: alike.principals,
    })
}

fn tolerance(fields: &Fields, path: &Path, sizes: &Sizes, findings: &mut Findings) -> Tolerance {
    let path = Path::Key(path, "tolerate");
    let known = ["any", "no_grant", "unreachable", "failures", "probability", "trusting"];
    let Some(node) = fields.get("tolerate") else { return Tolerance::default() };
    let Some(inner) = Fields::new(node, &path, &known, findings) else { return Tolerance::default() };
    let flag = |key: &str, findings: &mut Findings| inner.flag(key, findings).unwrap_or(false);
    let trusting = many(&inner, &path, "trusting", sizes.principals, "principal", findings);
    Tolerance {
        any: flag("any", findings),
        no_grant: flag("no_grant", findings),
        unreachable: flag("unreachable", findings),
        failures: inner.whole("failures", findings).map(|n| u32::try_from(n).unwrap_or(u32::MAX)),
        probability: inner.within("probability", 0.0, 1.0, findings),
        trusting: trusting.into_iter().map(PrincipalId).collect(),
    }
}

#[derive(Default)]
struct Alike {
    steps: Vec<(StepId, StepId)>,
    assumptions: Vec<(AssumptionId, AssumptionId)>,
    principals: Vec<(PrincipalId, PrincipalId)>,
}

fn alike(fields: &Fields, path: &Path, sizes: &Sizes, findings: &mut Findings) -> Alike {
    let path = Path::Key(path, "alike");
    let Some(node) = fields.get("alike") else { return Alike::default() };
    let Some(inner) = Fields::new(node, &path, &["steps", "assumptions", "principals"], findings) else {
        return Alike::default();
    };
    let steps = pairs(&inner, &path, "steps", sizes.steps, findings);
    let assumptions = pairs(&inner, &path, "assumptions", sizes.assumptions, findings);
    let principals = pairs(&inner, &path, "principals", sizes.principals, findings);
    Alike {
        steps: steps.into_iter().map(|(a, b)| (StepId(a), StepId(b))).collect(),
        assumptions: assumptions.into_iter().map(|(a, b)| (AssumptionId(a), AssumptionId(b))).collect(),
        principals: principals.into_iter().map(|(a, b)| (PrincipalId(a), PrincipalId(b))).collect(),
    }
}

/// Pairs `[seat, other]`; no seat twice.
fn pairs(fields: &Fields, path: &Path, key: &str, size: usize, findings: &mut Findings) -> Vec<(u32, u32)> {
    let list = Path::Key(path, key);
    let mut out: Vec<(u32, u32)> = Vec::new();
    for (at, node) in fields.list(key, findings).iter().enumerate() {
        let path = Path::Index(&list, at);
        let Value::List(items) = &node.value else {
            findings.error(node.at, &path, format!("expected a pair, found {}", kind(&node.value)));
            continue;
        };
        let ids: Vec<u32> = items.iter().filter_map(|item| position(item, &path, size, "such id", findings)).collect();
        match ids[..] {
            [a, _] if out.iter().any(|pair| pair.0 == a) => {
                findings.error(node.at, &path, format!("{a} has a pair already"));
            }
            [a, b] if items.len() == 2 => out.push((a, b)),
            _ => findings.error(node.at, &path, "expected a pair [seat, other]"),
        }
    }
    out
}
