//! P(exposed): the chance that the goal is derivable from the assumptions that fail within the horizon.

use super::families::{Joint, Part, compile};
use super::formula::Formula;
use super::{Limits, Stopped, bounds};
use crate::graph::unfold::{Copies, Question};
use crate::graph::{Assumption, CapabilityGraph, Threat};
use crate::units::{Failure, Number};

/// How a probability was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// Exact, to rounding.
    Exact,
    /// Somewhere between two proved ends.
    Bounded,
    /// Estimated from trials.
    Sampled,
}

/// A probability with its label.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chance {
    /// How it was found.
    pub method: Method,
    /// The probability; of bounds, the upper end.
    pub value: f64,
    /// Where it lies, if it is not exact.
    pub interval: Option<[f64; 2]>,
    /// Trials of a sample.
    pub trials: u64,
}

impl Chance {
    /// An exact one.
    pub fn exact(value: f64) -> Chance {
        Chance { method: Method::Exact, value, interval: None, trials: 0 }
    }

    /// Between two ends.
    pub fn bounded(low: f64, high: f64) -> Chance {
        Chance { method: Method::Bounded, value: high, interval: Some([low, high]), trials: 0 }
    }

    /// More than a factor of ten between its ends: a sample says more.
    pub fn is_wide(&self) -> bool {
        self.high() > 10.0 * self.low()
    }

    /// The least it can be.
    pub fn low(&self) -> f64 {
        self.interval.map_or(self.value, |interval| interval[0])
    }

    /// The most it can be.
    pub fn high(&self) -> f64 {
        self.interval.map_or(self.value, |interval| interval[1])
    }
}

/// How likely a threat is: as it stands, and with the honesty of those its tolerance trusts taken as holding.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chances {
    /// As it stands.
    pub plain: Chance,
    /// With the trusted honest; equal where nobody is trusted.
    pub trusting: Chance,
    /// As it stands, with every number at the low and at the high end of its range: it only rises with them. `None` where it is not exact.
    pub ends: Option<[f64; 2]>,
    /// The same with the trusted honest.
    pub ends_trusting: Option<[f64; 2]>,
    /// Why it is not exact.
    pub stopped: Option<Stopped>,
}

/// How likely a threat is: exact where that is possible within the limits, else between bounds. `None` if it is not applicable.
pub fn chance(graph: &CapabilityGraph, threat: usize, limits: &Limits) -> Option<Chances> {
    let asked = &graph.threats[threat];
    if asked.not_applicable.is_some() {
        return None;
    }
    let numbers: Vec<f64> = graph.assumptions.iter().map(|assumption| assumption.probability).collect();
    let trusting = with_trust(graph, asked, &numbers);
    let found = Compiled::new(graph, threat, limits).map(|compiled| {
        let plain = compiled.chance(&numbers);
        let trusting = if trusting == numbers { plain } else { compiled.chance(&trusting) };
        let ends = ends(graph);
        let over = |numbers: &[Vec<f64>; 2]| Some(numbers.each_ref().map(|numbers| compiled.probability(numbers)));
        let trusted = ends.each_ref().map(|numbers| with_trust(graph, asked, numbers));
        let (ends, ends_trusting) = (over(&ends), over(&trusted));
        Chances { plain, trusting, ends, ends_trusting, stopped: compiled.cancelled(&numbers) }
    });
    Some(
        found.unwrap_or_else(|why| Chances { stopped: Some(why), ..bounds::bracket(graph, threat, &trusting, limits) }),
    )
}

/// The numbers of all assumptions at the low, and at the high ends of their ranges.
pub fn ends(graph: &CapabilityGraph) -> [Vec<f64>; 2] {
    let end = |which: usize| {
        let number = |assumption: &Assumption| match assumption.range {
            Some(range) => {
                let number = Number::Point(range[which]);
                Failure { kind: assumption.kind, number }.probability(graph.horizon_days)
            }
            None => assumption.probability,
        };
        graph.assumptions.iter().map(number).collect()
    };
    [end(0), end(2)]
}

/// The numbers with the honesty of those the tolerance trusts taken as holding.
pub fn with_trust(graph: &CapabilityGraph, threat: &Threat, numbers: &[f64]) -> Vec<f64> {
    let trusted = |at: usize| {
        graph.assumptions[at].honesty_of.is_some_and(|principal| threat.tolerate.trusting.contains(&principal))
    };
    numbers.iter().enumerate().map(|(at, number)| if trusted(at) { 0.0 } else { *number }).collect()
}

/// Digits that may cancel before an answer is called bounded.
const DIGITS: f64 = 1e9;

/// One threat, compiled once and evaluated as often as one likes.
#[derive(Debug, Clone)]
pub struct Compiled {
    pub(super) joint: Joint,
    pub(super) formula: Formula,
}

/// A value and how much rounding may have moved it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Evaluated {
    pub(super) value: f64,
    pub(super) error: f64,
}

impl Compiled {
    /// Compiles a threat of a graph.
    ///
    /// # Errors
    /// What keeps it from being exact.
    pub fn new(graph: &CapabilityGraph, threat: usize, limits: &Limits) -> Result<Compiled, Stopped> {
        Compiled::of(graph, &Question::of(&graph.threats[threat], Copies::Lumped), limits)
    }

    /// Compiles a question.
    ///
    /// # Errors
    /// What keeps it from being exact.
    pub fn of(graph: &CapabilityGraph, question: &Question, limits: &Limits) -> Result<Compiled, Stopped> {
        Compiled::from(Formula::of(graph, question)?, limits)
    }

    /// Compiles a system.
    pub(super) fn from(formula: Formula, limits: &Limits) -> Result<Compiled, Stopped> {
        Ok(Compiled { joint: compile(&formula, limits)?, formula })
    }

    /// The probability where each assumption fails with its number, by id.
    pub fn probability(&self, numbers: &[f64]) -> f64 {
        self.evaluate(&self.by_variable(numbers), None).value
    }

    /// The same with its label: bounded where the sums over populations cancel too many digits.
    pub fn chance(&self, numbers: &[f64]) -> Chance {
        let found = self.evaluate(&self.by_variable(numbers), None);
        match found.cancels() {
            true => Chance::bounded((found.value - found.error).max(0.0), (found.value + found.error).min(1.0)),
            false => Chance::exact(found.value),
        }
    }

    /// Why it is not exact at these numbers, if it is not.
    fn cancelled(&self, numbers: &[f64]) -> Option<Stopped> {
        let found = self.evaluate(&self.by_variable(numbers), None);
        let lost = libm::log10(found.error / (f64::EPSILON * found.value.abs().max(f64::MIN_POSITIVE)));
        found.cancels().then_some(Stopped::Cancelled { digits: lost as u32 })
    }

    /// Nodes of the compiled diagram.
    pub fn nodes(&self) -> usize {
        self.joint.size()
    }

    pub(super) fn by_variable(&self, numbers: &[f64]) -> Vec<f64> {
        self.formula.variables.iter().map(|variable| numbers[variable.origin as usize]).collect()
    }

    /// One pass: `numbers` by variable; in `apart`, one copy of a population has numbers of its own.
    pub(super) fn evaluate(&self, numbers: &[f64], apart: Option<(u32, &[f64])>) -> Evaluated {
        let joint = &self.joint;
        let terms = joint.terms(numbers, apart);
        let mut values: Vec<Evaluated> = Vec::with_capacity(joint.parts.len());
        for part in &joint.parts {
            values.push(match part {
                Part::Constant(value) => Evaluated { value: f64::from(u8::from(*value)), error: 0.0 },
                Part::Choice { variable, low, high } => {
                    let (p, low, high) = (numbers[*variable as usize], values[*low as usize], values[*high as usize]);
                    let mix = |low: f64, high: f64| (1.0 - p) * low + p * high;
                    Evaluated { value: mix(low.value, high.value), error: mix(low.error, high.error) }
                }
                Part::Sum(sum) => {
                    let all = sum.iter().map(|(times, term)| *times as f64 * terms[*term as usize]);
                    let gross: f64 = all.clone().map(f64::abs).sum();
                    let value: f64 = all.sum();
                    Evaluated {
                        value: value.clamp(0.0, 1.0),
                        error: if sum.len() > 1 { gross * ROUNDING } else { 0.0 },
                    }
                }
            });
        }
        values.last().copied().unwrap_or(Evaluated { value: 0.0, error: 0.0 })
    }
}

/// Rounding of one term of a sum, relative.
const ROUNDING: f64 = 4.0 * f64::EPSILON;

impl Evaluated {
    fn cancels(&self) -> bool {
        self.error > DIGITS * f64::EPSILON * self.value.abs()
    }
}

impl Joint {
    /// The chance of each term: that some copy adds something.
    fn terms(&self, numbers: &[f64], apart: Option<(u32, &[f64])>) -> Vec<f64> {
        let adds = self.pooled(numbers);
        let apart = apart.map(|(population, numbers)| (population, self.pooled(numbers)));
        let survives = |(population, at): &(u32, u32)| {
            let one = libm::log1p(-adds[*at as usize]);
            let n = self.counts[*population as usize];
            match &apart {
                Some((other, theirs)) if other == population => {
                    let rest = if n > 1 { (n - 1) as f64 * one } else { 0.0 };
                    rest + libm::log1p(-theirs[*at as usize])
                }
                _ => n as f64 * one,
            }
        };
        let term = |term: &Vec<(u32, u32)>| -libm::expm1(term.iter().map(survives).sum());
        self.terms.iter().map(term).collect()
    }

    /// The chance of each node of the pool.
    fn pooled(&self, numbers: &[f64]) -> Vec<f64> {
        let mut values: Vec<f64> = Vec::with_capacity(self.pool.len());
        for (at, node) in self.pool.iter().enumerate() {
            values.push(match at {
                0 => 0.0,
                1 => 1.0,
                _ => {
                    let p = numbers[node.at as usize];
                    (1.0 - p) * values[node.low as usize] + p * values[node.high as usize]
                }
            });
        }
        values
    }
}
