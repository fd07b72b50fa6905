//! Two answers side by side: which paths appeared, vanished or changed, and whether the second is worse.

use std::collections::{BTreeMap, BTreeSet};

use super::worse::{FailOn, Judged, judge};
use super::{DesignAnswer, PathKey, ThreatAnswer};
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
    /// Why the second is worse or better; empty where one of them does not ask.
    pub judged: Judged,
}

impl ThreatChange {
    /// Is the second worse?
    pub fn is_worse(&self) -> bool {
        !self.judged.worse.is_empty()
    }

    /// Did the first ask it, and the second cannot?
    pub fn is_asked_no_more(&self) -> bool {
        let asked = |reach: &Option<Reach>| reach.as_ref().is_some_and(|reach| reach.status != Status::NotApplicable);
        asked(&self.before) && !asked(&self.after)
    }
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
pub fn changes(before: &DesignAnswer, after: &DesignAnswer, matching: Matching, fail_on: FailOn) -> Vec<ThreatChange> {
    let mut names: Vec<&str> = before.threats.iter().map(|threat| threat.threat.as_str()).collect();
    names.extend(
        after
            .threats
            .iter()
            .map(|threat| threat.threat.as_str())
            .filter(|name| !names.contains(name))
            .collect::<Vec<_>>(),
    );
    names.into_iter().map(|name| change(before, after, name, matching, fail_on)).collect()
}

fn change(
    before: &DesignAnswer,
    after: &DesignAnswer,
    name: &str,
    matching: Matching,
    fail_on: FailOn,
) -> ThreatChange {
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
        judged: Judged::default(),
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
        change.judged = judge((&before.graph, old), (&after.graph, new), fail_on);
    }
    change
}

/// The status as it is printed.
pub fn word(status: Status) -> &'static str {
    match status {
        Status::NotApplicable => "not-applicable",
        Status::Unreachable => "unreachable",
        Status::Exploit => "exploit",
        Status::Grant => "grant",
    }
}
