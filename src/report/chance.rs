//! Probabilities with what they rest on: no number that rests on a guess is shown without its interval.

use super::number;
use crate::analysis::Path;
use crate::analysis::exact::{Chances, Method};
use crate::graph::{Assumption, CapabilityGraph};
use crate::study::uncertainty::Credible;
use crate::units::{Failure, FailureKind, Number};

/// A probability within the horizon, with the interval its ranges span.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chance {
    /// The one value that stands where one is needed.
    pub nominal: f64,
    /// With every number at its low end.
    pub low: f64,
    /// With every number at its high end.
    pub high: f64,
    /// Guesses among the numbers.
    pub guesses: usize,
    /// Of those, without a stated range.
    pub unranged: usize,
}

impl Chance {
    /// Of one assumption.
    pub fn of(assumption: &Assumption, horizon_days: f64) -> Chance {
        let at = |x: f64| Failure { kind: assumption.kind, number: Number::Point(x) }.probability(horizon_days);
        let (low, high) = match assumption.range {
            Some([low, _, high]) => (at(low), at(high)),
            None => (assumption.probability, assumption.probability),
        };
        let guess = usize::from(is_guess(assumption));
        let unranged = if assumption.range.is_none() { guess } else { 0 };
        Chance { nominal: assumption.probability, low, high, guesses: guess, unranged }
    }

    /// Of a path: the product over its assumptions, each end for itself.
    pub fn of_path(graph: &CapabilityGraph, path: &Path) -> Chance {
        let one = Chance { nominal: 1.0, low: 1.0, high: 1.0, guesses: 0, unranged: 0 };
        let all = path.assumptions.iter().fold(one, |all, id| {
            let next = Chance::of(graph.assumption(*id), graph.horizon_days);
            Chance {
                nominal: all.nominal * next.nominal,
                low: all.low * next.low,
                high: all.high * next.high,
                guesses: all.guesses + next.guesses,
                unranged: all.unranged + next.unranged,
            }
        });
        Chance { nominal: path.probability, ..all }
    }

    /// Of one number: `0.0303 (range 0.002 to 0.1)`; without an interval only where no number has a range.
    pub fn told(&self) -> String {
        let nominal = number::chance(self.nominal);
        self.interval("range").map_or(nominal.clone(), |interval| format!("{nominal} ({interval})"))
    }

    /// Of several numbers together, all at their low and all at their high ends: `0.0303 (over the ranges 0.002 to 0.1)`.
    pub fn over(&self) -> String {
        let nominal = number::chance(self.nominal);
        self.interval("over the ranges").map_or(nominal.clone(), |interval| format!("{nominal} ({interval})"))
    }

    /// Of one number, for a place already in brackets: `0.0303, range 0.002 to 0.1`.
    pub fn listed(&self) -> String {
        let nominal = number::chance(self.nominal);
        self.interval("range").map_or(nominal.clone(), |interval| format!("{nominal}, {interval}"))
    }

    fn interval(&self, what: &str) -> Option<String> {
        if self.low < self.high {
            Some(format!("{what} {} to {}", number::chance(self.low), number::chance(self.high)))
        } else {
            (self.unranged > 0).then(|| String::from("no range stated"))
        }
    }
}

/// Is its number a guess?
pub fn is_guess(assumption: &Assumption) -> bool {
    assumption.grade == "guess"
}

/// The grade in words.
pub fn grade(assumption: &Assumption) -> &str {
    if assumption.grade.is_empty() { "no source stated" } else { &assumption.grade }
}

/// A probability, with what the ranges of its numbers make of it: `0.243 (over the ranges 0.0708 to 0.48)`.
pub fn spread(p: f64, ends: Option<[f64; 2]>) -> String {
    match ends {
        Some([low, high]) if low < high => {
            format!("{} (over the ranges {} to {})", number::chance(p), number::chance(low), number::chance(high))
        }
        _ => number::chance(p),
    }
}

/// Of a threat, those whom its tolerance trusts being honest, with what the ranges of its numbers make of it: `0.243 (0.0708 to 0.48)`;
/// of one that is not known exactly the bounds.
pub fn of_threat(chances: &Chances) -> String {
    let p = match chances.trusting.interval {
        None => number::chance(chances.trusting.value),
        Some([low, high]) => format!("{} to {}", number::chance(low), number::chance(high)),
    };
    match chances.ends_trusting {
        Some([low, high]) if low < high => format!("{p} ({} to {})", number::chance(low), number::chance(high)),
        _ => p,
    }
}

/// One probability: what rests on some failure never reads as certain.
pub fn certain_or(p: f64, granted: bool) -> String {
    if granted { number::chance(p) } else { number::uncertain(p) }
}

/// Over draws, median and nine in ten of them: `0.21 (0.12 to 0.35)`.
pub fn credible(found: &Credible) -> String {
    let short = |p: f64| certain_or(p, found.granted);
    let spread = found.spread;
    let told = match (spread.low < spread.high, short(spread.low) == short(spread.high)) {
        (true, false) => format!("{} ({} to {})", short(spread.median), short(spread.low), short(spread.high)),
        _ => short(spread.median),
    };
    if found.method == Method::Exact { told } else { format!("at most {told}") }
}

/// The same in two digits, where there is little room.
pub fn credible_short(found: &Credible) -> String {
    let short = |p: f64| {
        if number::significant(p, 2) == "1" { certain_or(p, found.granted) } else { number::significant(p, 2) }
    };
    let [median, low, high] = [found.spread.median, found.spread.low, found.spread.high].map(short);
    let told = if low == high { median } else { format!("{median} ({low} to {})", high.replace("over ", ">")) };
    if found.method == Method::Exact { told } else { format!("at most {told}") }
}

/// The time within which failures count: the horizon, or none where every failure is a state that one may find at any time.
pub fn within<'a>(assumptions: impl IntoIterator<Item = &'a Assumption>, horizon_days: f64) -> String {
    let grows = assumptions.into_iter().any(|assumption| assumption.kind != FailureKind::State);
    if grows { format!("within {}", number::horizon(horizon_days)) } else { String::from("at any time") }
}
