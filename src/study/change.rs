//! Two answers side by side: which paths appeared, vanished or changed, and whether the second is worse.

use std::collections::{BTreeMap, BTreeSet};

use super::{DesignAnswer, PathKey, ThreatAnswer};
use crate::analysis::exact::{Chances, Method};
use crate::analysis::{Path, Reach, Status};
use crate::graph::{CapabilityGraph, Step, StepId, StepKind};

/// How paths of two answers are matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matching {
    /// Two designs: library steps and grants by verb.
    Designs,
    /// Two versions of one model: library step and what it is about.
    Versions,
}

/// What became of one threat.
#[derive(Debug, Clone)]
pub struct ThreatChange {
    /// Threat name.
    pub threat: String,
    /// Title.
    pub title: String,
    /// Reach before; `None` if it was not asked.
    pub before: Option<Reach>,
    /// Reach after; `None` if it is not asked any more.
    pub after: Option<Reach>,
    /// Ways only the second has.
    pub appeared: Vec<Way>,
    /// Ways only the first has.
    pub vanished: Vec<Way>,
    /// Same key, other assumptions or numbers: (before, after).
    pub changed: Vec<(Way, Way)>,
    /// Ways with the same key, assumptions and numbers.
    pub unchanged: u64,
    /// Both sides list every minimal path; otherwise a way may have been missed.
    pub complete: bool,
    /// Why the second is worse; empty if it is not.
    pub worse: Vec<String>,
    /// Why the second is better; empty if it is not.
    pub better: Vec<String>,
}

/// The paths of one key.
#[derive(Debug, Clone)]
pub struct Way {
    /// The key.
    pub key: PathKey,
    /// How many minimal paths have it.
    pub count: u64,
    /// The best of them.
    pub example: Path,
}

/// Is this step part of a path's key? Consequences are left out, unless a protection is missing in them.
pub fn keyed(step: &Step) -> bool {
    step.kind != StepKind::Consequence || !step.dropped.is_empty()
}

/// The key of a path between designs: library steps and grants by verb.
pub fn design_key(graph: &CapabilityGraph, steps: &[StepId]) -> PathKey {
    let names: BTreeSet<String> =
        steps.iter().map(|id| graph.step(*id)).filter(|step| keyed(step)).map(|step| step.name.clone()).collect();
    names.into_iter().collect()
}

/// The key of a path between versions of one model: library steps with what they are about.
pub fn version_key(graph: &CapabilityGraph, steps: &[StepId]) -> PathKey {
    let names: BTreeSet<String> = steps
        .iter()
        .map(|id| graph.step(*id))
        .filter(|step| keyed(step))
        .map(|step| {
            let needs: Vec<&str> = step.needs.iter().map(|need| graph.capability(*need).name.as_str()).collect();
            format!("{}: {} -> {}", step.name, needs.join(", "), graph.capability(step.gains).name)
        })
        .collect();
    names.into_iter().collect()
}

/// Assumptions with their numbers, and the effort: what can differ under one key.
type Signature = (Vec<(String, u64)>, u64);

fn signature(graph: &CapabilityGraph, path: &Path) -> Signature {
    let assumption = |id: &crate::graph::AssumptionId| {
        let assumption = graph.assumption(*id);
        (assumption.name.clone(), assumption.probability.to_bits())
    };
    (path.assumptions.iter().map(assumption).collect(), path.effort_hours.to_bits())
}

struct Grouped {
    way: Way,
    signatures: BTreeSet<Signature>,
}

fn grouped(answer: &DesignAnswer, threat: &ThreatAnswer, matching: Matching) -> BTreeMap<PathKey, Grouped> {
    let mut groups: BTreeMap<PathKey, Grouped> = BTreeMap::new();
    for path in &threat.all_paths {
        let key = match matching {
            Matching::Designs => design_key(&answer.graph, &path.steps),
            Matching::Versions => version_key(&answer.graph, &path.steps),
        };
        let group = groups.entry(key.clone()).or_insert_with(|| Grouped {
            way: Way { key, count: 0, example: path.clone() },
            signatures: BTreeSet::new(),
        });
        group.way.count += 1;
        group.signatures.insert(signature(&answer.graph, path));
    }
    groups
}

/// What became of every threat of either answer.
pub fn changes(before: &DesignAnswer, after: &DesignAnswer, matching: Matching) -> Vec<ThreatChange> {
    let mut names: Vec<&str> = before.threats.iter().map(|threat| threat.threat.as_str()).collect();
    names.extend(
        after
            .threats
            .iter()
            .map(|threat| threat.threat.as_str())
            .filter(|name| !names.contains(name))
            .collect::<Vec<_>>(),
    );
    names.into_iter().map(|name| change(before, after, name, matching)).collect()
}

fn change(before: &DesignAnswer, after: &DesignAnswer, name: &str, matching: Matching) -> ThreatChange {
    let find = |answer: &'_ DesignAnswer| answer.threats.iter().position(|threat| threat.threat == name);
    let (old, new) = (find(before).map(|at| &before.threats[at]), find(after).map(|at| &after.threats[at]));
    let groups = |answer, threat: Option<&ThreatAnswer>| {
        threat.map(|threat| grouped(answer, threat, matching)).unwrap_or_default()
    };
    let (mut was, is) = (groups(before, old), groups(after, new));
    let mut change = ThreatChange {
        threat: name.to_owned(),
        title: new.or(old).map(|threat| threat.title.clone()).unwrap_or_default(),
        before: old.map(|threat| threat.reach.clone()),
        after: new.map(|threat| threat.reach.clone()),
        appeared: Vec::new(),
        vanished: Vec::new(),
        changed: Vec::new(),
        unchanged: 0,
        complete: [old, new].iter().flatten().all(|threat| threat.path_count.complete),
        worse: Vec::new(),
        better: Vec::new(),
    };
    for (key, now) in is {
        match was.remove(&key) {
            None => change.appeared.push(now.way),
            Some(then) if then.signatures == now.signatures => change.unchanged += 1,
            Some(then) => change.changed.push((then.way, now.way)),
        }
    }
    change.vanished = was.into_values().map(|group| group.way).collect();
    if let (Some(old), Some(new)) = (old, new) {
        change.worse = worse((&before.graph, old), (&after.graph, new), Told::Forwards);
        change.better = worse((&after.graph, new), (&before.graph, old), Told::Backwards);
    }
    change
}

/// In which order a difference is told: always from before to after, whichever of the two is the worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    /// The first is before.
    Forwards,
    /// The second is before: the reasons say what became better.
    Backwards,
}

impl Told {
    fn change(self, what: &str, first: String, second: String) -> String {
        match self {
            Told::Forwards => format!("{what}: {first} -> {second}"),
            Told::Backwards => format!("{what}: {second} -> {first}"),
        }
    }
}

/// Why the second answer is worse than the first: its status rises, its k falls, its probability rises, or a minimal coalition appears
/// that contains none of the first's. An unasked question is neither.
fn worse(
    first: (&CapabilityGraph, &ThreatAnswer),
    second: (&CapabilityGraph, &ThreatAnswer),
    told: Told,
) -> Vec<String> {
    let (a, b) = (&first.1.reach, &second.1.reach);
    if a.status == Status::NotApplicable || b.status == Status::NotApplicable {
        return Vec::new();
    }
    let mut reasons = Vec::new();
    if b.status > a.status {
        reasons.push(told.change("status", word(a.status).to_string(), word(b.status).to_string()));
    }
    match (a.k, b.k) {
        (Some(old), Some(new)) if new < old => {
            reasons.push(told.change("failures needed", old.to_string(), new.to_string()))
        }
        _ => {}
    }
    if let (Some(old), Some(new)) = (first.1.chance, second.1.chance) {
        reasons.extend(rise(&old, &new, told));
    }
    let names = |graph: &CapabilityGraph, coalition: &[crate::graph::PrincipalId]| -> Vec<String> {
        coalition.iter().map(|id| graph.principals[id.0 as usize].name.clone()).collect()
    };
    let old: Vec<Vec<String>> =
        first.1.coalitions.coalitions.iter().map(|coalition| names(first.0, coalition)).collect();
    for coalition in &second.1.coalitions.coalitions {
        let new = names(second.0, coalition);
        let contains = |old: &Vec<String>| old.iter().all(|member| new.contains(member));
        if !old.iter().any(contains) {
            let who = if new.is_empty() { "anyone on the internet".to_owned() } else { new.join(" + ") };
            let what = match told {
                Told::Forwards => "new minimal coalition",
                Told::Backwards => "minimal coalition gone",
            };
            reasons.push(format!("{what}: {who}"));
        }
    }
    reasons
}

/// Does the probability rise? Two exact ones by more than rounding, others only where their intervals do not touch.
fn rise(old: &Chances, new: &Chances, told: Told) -> Option<String> {
    let (before, after) = (&old.plain, &new.plain);
    let exact = (before.method, after.method) == (Method::Exact, Method::Exact);
    let rises = if exact { after.value > before.value * (1.0 + RELATIVE) } else { after.low() > before.high() };
    rises.then(|| told.change("probability", likely(old), likely(new)))
}

/// A probability as a reason tells it, with what the ranges of its numbers make of it.
fn likely(chances: &Chances) -> String {
    let short = |p: f64| if p >= 0.001 || p == 0.0 { format!("{p:.3}") } else { format!("{p:.2e}") };
    let value = match chances.plain.interval {
        None => short(chances.plain.value),
        Some([low, high]) => format!("between {} and {}", short(low), short(high)),
    };
    match chances.ends {
        Some([low, high]) if low < high => format!("{value} ({} to {})", short(low), short(high)),
        _ => value,
    }
}

/// Exact probabilities closer than this, relative, are equal.
const RELATIVE: f64 = 1e-9;

/// The status as it is printed.
pub fn word(status: Status) -> &'static str {
    match status {
        Status::NotApplicable => "not-applicable",
        Status::Unreachable => "unreachable",
        Status::Exploit => "exploit",
        Status::Grant => "grant",
    }
}
