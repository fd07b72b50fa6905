//! How likely a design's threats are as a function of its dials: exact where that is possible, else between bounds.

use super::bracket::Bracket;
use super::dials::{Dial, dial_of, position};
use crate::analysis::exact::{Compiled, Limits, Method, Stopped};
use crate::graph::CapabilityGraph;
use crate::units::{Failure, FailureKind, Number};

/// One threat, ready to be evaluated at any numbers.
#[derive(Debug, Clone)]
enum Evaluator {
    Exact(Box<Compiled>),
    Bounded(Bracket),
}

impl Evaluator {
    fn at(&self, numbers: &[f64]) -> [f64; 2] {
        match self {
            Evaluator::Exact(compiled) => {
                let chance = compiled.chance(numbers);
                [chance.low(), chance.high()]
            }
            Evaluator::Bounded(bracket) => bracket.at(numbers),
        }
    }
}

/// The threats of one row, the worst of which counts.
#[derive(Debug, Clone)]
pub struct Question {
    worst_of: Vec<Evaluator>,
    /// How it is answered.
    pub method: Method,
    /// What keeps it from being exact.
    pub stopped: Option<Stopped>,
}

impl Question {
    /// Bounds on the chance of the likeliest of its threats, where assumptions fail with these numbers.
    pub fn at(&self, numbers: &[f64]) -> [f64; 2] {
        let all = self.worst_of.iter().map(|threat| threat.at(numbers));
        all.fold([0.0, 0.0], |worst, next| [worst[0].max(next[0]), worst[1].max(next[1])])
    }
}

/// A design as a function of its dials.
#[derive(Debug, Clone)]
pub struct Design {
    /// Probabilities of the assumptions at the nominal point.
    nominal: Vec<f64>,
    /// (assumption, its kind, dial).
    turned: Vec<(usize, FailureKind, usize)>,
    horizon_days: f64,
    /// One per row; `None`: it does not ask.
    pub questions: Vec<Option<Question>>,
}

impl Design {
    /// Of a graph: each of `rows` names the threats of it (by position) of which the worst counts.
    pub fn new(graph: &CapabilityGraph, dials: &[Dial], rows: &[Vec<usize>], limits: &Limits) -> Design {
        let turned = graph
            .assumptions
            .iter()
            .enumerate()
            .filter_map(|(at, assumption)| Some((at, assumption.kind, position(dials, &dial_of(assumption)?)?)));
        Design {
            nominal: graph.assumptions.iter().map(|assumption| assumption.probability).collect(),
            turned: turned.collect(),
            horizon_days: graph.horizon_days,
            questions: rows.iter().map(|threats| question(graph, threats, limits)).collect(),
        }
    }

    /// Does a dial serve any of its assumptions?
    pub fn has(&self, dial: usize) -> bool {
        self.turned.iter().any(|(_, _, have)| *have == dial)
    }

    /// The numbers at the nominal point.
    pub fn nominal(&self) -> &[f64] {
        &self.nominal
    }

    /// The numbers with every dial at its value.
    pub fn numbers(&self, value: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut numbers = self.nominal.clone();
        for (at, kind, dial) in &self.turned {
            numbers[*at] = self.probability(*kind, value(*dial));
        }
        numbers
    }

    /// The numbers with one dial at a value, the others nominal.
    pub fn with(&self, dial: usize, value: f64) -> Vec<f64> {
        let mut numbers = self.nominal.clone();
        for (at, kind, _) in self.turned.iter().filter(|(_, _, have)| *have == dial) {
            numbers[*at] = self.probability(*kind, value);
        }
        numbers
    }

    fn probability(&self, kind: FailureKind, value: f64) -> f64 {
        Failure { kind, number: Number::Point(value) }.probability(self.horizon_days)
    }
}

fn question(graph: &CapabilityGraph, threats: &[usize], limits: &Limits) -> Option<Question> {
    let asked: Vec<usize> = threats.iter().copied().filter(|at| graph.threats[*at].not_applicable.is_none()).collect();
    if asked.is_empty() {
        return None;
    }
    let mut question = Question { worst_of: Vec::new(), method: Method::Exact, stopped: None };
    for threat in asked {
        match Compiled::new(graph, threat, limits) {
            Ok(compiled) => question.worst_of.push(Evaluator::Exact(Box::new(compiled))),
            Err(why) => {
                question.worst_of.push(Evaluator::Bounded(Bracket::new(graph, threat)));
                (question.method, question.stopped) = (Method::Bounded, Some(why));
            }
        }
    }
    Some(question)
}
