//! Whether one answer to a threat is worse than another, and why.

use std::fmt;

use super::ThreatAnswer;
use super::change::word;
use crate::analysis::exact::{Chances, Method};
use crate::analysis::{Reach, Status};
use crate::graph::{CapabilityGraph, PrincipalId};
use crate::units::chance;

/// When a rise of P(exposed) makes a threat worse. Its structure always counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FailOn {
    /// Never.
    Structure,
    /// Where it rises above the high end of what the ranges of the numbers before leave open.
    Ranges,
    /// Where it rises by more than this; 0 is any rise beyond rounding.
    Rise(f64),
}

impl FailOn {
    /// Reads `structure`, `ranges`, `rise` or `rise=0.05`.
    ///
    /// # Errors
    /// What is meant, in words.
    pub fn parse(text: &str) -> Result<FailOn, String> {
        match text {
            "structure" => return Ok(FailOn::Structure),
            "ranges" => return Ok(FailOn::Ranges),
            "rise" => return Ok(FailOn::Rise(0.0)),
            _ => {}
        }
        let by = text.strip_prefix("rise=").and_then(|by| by.parse::<f64>().ok());
        by.filter(|by| (0.0..1.0).contains(by)).map(FailOn::Rise).ok_or_else(|| {
            "`structure`, `ranges`, `rise` or `rise=X` is meant, where X is a difference of probabilities from 0 to 1"
                .to_owned()
        })
    }

    /// Does this change of a probability that rises count?
    fn counts(self, old: &Chances, new: &Chances) -> bool {
        let (before, after) = (&old.plain, &new.plain);
        match self {
            FailOn::Structure => false,
            FailOn::Ranges => after.low() > old.ends.map_or(before.high(), |[_, high]| high.max(before.high())),
            FailOn::Rise(by) => by == 0.0 || after.low() - before.high() > by,
        }
    }

    /// Why a change of a probability did not count.
    fn excuse(self) -> String {
        match self {
            FailOn::Structure => "probabilities were not to count (--fail-on structure)".to_owned(),
            FailOn::Ranges => "no more than the ranges of the numbers leave open".to_owned(),
            FailOn::Rise(by) => format!("not by more than {by} (--fail-on rise={by})"),
        }
    }
}

/// When P counts, as the end of a sentence on what is worse.
impl fmt::Display for FailOn {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FailOn::Structure => write!(out, "P alone never counts"),
            FailOn::Ranges => {
                write!(
                    out,
                    "P counts where it rises above the high end of what the ranges of the numbers before leave open"
                )
            }
            FailOn::Rise(0.0) => write!(out, "P counts wherever it rises"),
            FailOn::Rise(by) => write!(out, "P counts where it rises by more than {by}"),
        }
    }
}

/// How two answers to one threat compare. A threat may be better in one respect and worse in another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judged {
    /// Why the second is worse; empty if it is not.
    pub worse: Vec<String>,
    /// Why the second is better; empty if it is not.
    pub better: Vec<String>,
    /// What moved and counts as neither: a probability, or a number of members.
    pub uncounted: Vec<String>,
}

/// An answer, and the graph its ids are of.
type Side<'a> = (&'a CapabilityGraph, &'a ThreatAnswer);

/// Judges the second answer by the first. An unasked question is neither better nor worse.
pub fn judge(before: Side<'_>, after: Side<'_>, fail_on: FailOn) -> Judged {
    let mut judged = Judged::default();
    if [before, after].iter().any(|(_, answer)| answer.reach.status == Status::NotApplicable) {
        return judged;
    }
    judged.worse = structure(before, after, Told::Forwards);
    judged.better = structure(after, before, Told::Backwards);
    if let (Some(old), Some(new)) = (before.1.chance, after.1.chance) {
        for (from, to, told) in [(&old, &new, Told::Forwards), (&new, &old, Told::Backwards)] {
            if !rises(from, to) {
                continue;
            }
            let what = told.pick("the probability rises", "the probability falls");
            let why = told.change(what, likely(from), likely(to));
            match (fail_on.counts(from, to), told) {
                (true, Told::Forwards) => judged.worse.push(why),
                (true, Told::Backwards) => judged.better.push(why),
                (false, _) => judged.uncounted.push(format!("{why}; {}", fail_on.excuse())),
            }
        }
    }
    judged.uncounted.extend(carries(&before.1.reach, &after.1.reach));
    judged
}

/// That the likeliest failure reaches another number of members, though no other share of them. Nothing else of the answer tells a class of
/// a hundred from one of a million.
fn carries(before: &Reach, after: &Reach) -> Option<String> {
    let (old, new) = (before.extent.as_ref()?, after.extent.as_ref()?);
    (old.word == new.word && old.members != new.members).then(|| {
        format!(
            "the likeliest failure reaches another number of members ({}): {} -> {}; how likely any of them is reached is what a threat with `victim: some` asks",
            new.word, old.members, new.members
        )
    })
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
    fn pick(self, worse: &'static str, better: &'static str) -> &'static str {
        match self {
            Told::Forwards => worse,
            Told::Backwards => better,
        }
    }

    fn change(self, what: &str, first: String, second: String) -> String {
        match self {
            Told::Forwards => format!("{what}: {first} -> {second}"),
            Told::Backwards => format!("{what}: {second} -> {first}"),
        }
    }
}

/// Why the structure of the second is worse: its status rises, its k falls, more sets of k failures suffice, or a minimal coalition appears
/// that contains none of the first's.
fn structure(first: Side<'_>, second: Side<'_>, told: Told) -> Vec<String> {
    let (a, b) = (&first.1.reach, &second.1.reach);
    let mut reasons = Vec::new();
    if b.status > a.status {
        let what = told.pick("the status rises", "the status falls");
        reasons.push(told.change(what, word(a.status).to_string(), word(b.status).to_string()));
    }
    let fewer = |old: Option<u32>, new: Option<u32>| matches!((old, new), (Some(old), Some(new)) if new < old);
    let k = |k: Option<u32>| k.map_or_else(|| "none".to_owned(), |k| k.to_string());
    if fewer(a.k, b.k) {
        let what = told.pick("fewer failures are needed", "more failures are needed");
        reasons.push(told.change(what, k(a.k), k(b.k)));
    } else if trusted(first) == trusted(second) && fewer(a.k_trusting, b.k_trusting) {
        let what = told.pick(
            "fewer failures are needed of others than the trusted",
            "more failures are needed of others than the trusted",
        );
        reasons.push(told.change(what, k(a.k_trusting), k(b.k_trusting)));
    } else {
        reasons.extend(cheapest(a, b, told));
    }
    reasons.extend(coalitions(first, second, told));
    reasons
}

/// Whom the tolerance trusts, by name.
fn trusted((graph, answer): Side<'_>) -> Vec<&str> {
    let asked = graph.threats.iter().find(|threat| threat.name == answer.threat);
    let trusting = asked.map_or(&[][..], |threat| &threat.tolerate.trusting);
    let mut names: Vec<&str> =
        trusting.iter().filter_map(|id| graph.principals.get(id.0 as usize)).map(|it| it.name.as_str()).collect();
    names.sort_unstable();
    names
}

/// At the same k: are there more sets of k failures, or more of them after which the goal holds for everybody?
fn cheapest(a: &Reach, b: &Reach, told: Told) -> Vec<String> {
    let (Some(k), true, true) = (a.k.filter(|k| b.k == Some(*k)), a.profile_complete, b.profile_complete) else {
        return Vec::new();
    };
    let sets = |k: u32| match k {
        1 => "single failures".to_owned(),
        k => format!("sets of {k} failures"),
    };
    let profiles = [(a.profile, b.profile, "open it"), (a.profile_wide, b.profile_wide, "open every other member's")];
    let told = profiles.into_iter().filter_map(|(old, new, does)| {
        let (old, new) = (*old.get(k as usize)?, *new.get(k as usize)?);
        let what = format!("{} different {} {does}", told.pick("more", "fewer"), sets(k));
        (new > old && k > 0).then(|| told.change(&what, old.to_string(), new.to_string()))
    });
    told.collect()
}

/// Minimal coalitions of the second that contain none of the first's.
fn coalitions(first: Side<'_>, second: Side<'_>, told: Told) -> Vec<String> {
    let names = |graph: &CapabilityGraph, coalition: &[PrincipalId]| -> Vec<String> {
        coalition.iter().map(|id| graph.principals[id.0 as usize].name.clone()).collect()
    };
    let old: Vec<Vec<String>> =
        first.1.coalitions.coalitions.iter().map(|coalition| names(first.0, coalition)).collect();
    let mut reasons = Vec::new();
    for coalition in &second.1.coalitions.coalitions {
        let new = names(second.0, coalition);
        let contains = |old: &Vec<String>| old.iter().all(|member| new.contains(member));
        if !old.iter().any(contains) {
            let named: Vec<String> = new.iter().map(|member| format!("`{member}`")).collect();
            let who = if new.is_empty() { "anyone on the internet".to_owned() } else { named.join(" + ") };
            let what = told.pick("there is a new minimal coalition", "a minimal coalition is gone");
            reasons.push(format!("{what}: {who}"));
        }
    }
    reasons
}

/// Does the probability rise? Two exact ones by more than rounding, others only where their intervals do not touch.
fn rises(old: &Chances, new: &Chances) -> bool {
    let (before, after) = (&old.plain, &new.plain);
    let exact = (before.method, after.method) == (Method::Exact, Method::Exact);
    if exact { after.value > before.value * (1.0 + RELATIVE) } else { after.low() > before.high() }
}

/// A probability as a reason tells it, with what the ranges of its numbers make of it.
fn likely(chances: &Chances) -> String {
    let value = match chances.plain.interval {
        None => chance(chances.plain.value),
        Some([low, high]) => format!("between {} and {}", chance(low), chance(high)),
    };
    match chances.ends {
        Some([low, high]) if low < high => format!("{value} (over the ranges {} to {})", chance(low), chance(high)),
        _ => value,
    }
}

/// Exact probabilities closer than this, relative, are equal.
const RELATIVE: f64 = 1e-9;
