//! Tolerances that name a probability: in how many draws they are kept, and which number, moved alone, breaks or mends them.

use super::dials::Dial;
use super::flips::{self, Curve};
use super::inner::Design;
use super::{Options, ranking};
use crate::analysis::exact::{Limits, with_trust};
use crate::graph::CapabilityGraph;
use crate::study::gate::exceeds;

/// One tolerance over the draws.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// The design: its position.
    pub design: usize,
    /// The threat.
    pub threat: String,
    /// The probability that it may have at most.
    pub limit: f64,
    /// The probability it is judged by, those whom the tolerance trusts being honest, at the nominal point; of bounds, both ends.
    pub nominal: [f64; 2],
    /// Draws in which the tolerance is surely kept.
    pub kept: u64,
    /// Draws in which it is surely exceeded.
    pub exceeded: u64,
    /// Each number that alone can turn that, where, and whether above (or below) it.
    pub turns: Vec<(Dial, f64, bool)>,
}

/// Every threat of a graph whose tolerance names a probability. `values` holds the draws of each dial.
pub(super) fn kept(
    design: usize,
    graph: &CapabilityGraph,
    dials: &[Dial],
    values: &[Vec<f64>],
    options: Options,
) -> Vec<Kept> {
    let limits = graph.threats.iter().enumerate().filter_map(|(at, threat)| Some((at, threat.tolerate.probability?)));
    limits.filter_map(|(at, limit)| one(design, graph, (at, limit), dials, values, options)).collect()
}

fn one(
    design: usize,
    graph: &CapabilityGraph,
    (at, limit): (usize, f64),
    dials: &[Dial],
    values: &[Vec<f64>],
    options: Options,
) -> Option<Kept> {
    let threat = &graph.threats[at];
    let asked = Design::new(graph, dials, &[vec![at]], &Limits::default());
    let question = asked.questions.first()?.as_ref()?;
    let judged = |numbers: &[f64]| question.at(&with_trust(graph, threat, numbers));
    let nominal = judged(asked.nominal());
    let at_draw = |draw: usize| judged(&asked.numbers(|dial| values[dial][draw]));
    let drawn: Vec<[f64; 2]> = (0..options.draws as usize).map(at_draw).collect();
    let kept = drawn.iter().filter(|[_, high]| !exceeds(*high, limit)).count() as u64;
    let exceeded = drawn.iter().filter(|[low, _]| exceeds(*low, limit)).count() as u64;
    let turns = |(dial, of): (usize, &Dial)| {
        let (low, high) = (|x: f64| judged(&asked.with(dial, x))[0], |x: f64| judged(&asked.with(dial, x))[1]);
        let edge = |_: f64| limit;
        let (better, worse): (&Curve<'_>, &Curve<'_>) = match nominal {
            [_, high_now] if !exceeds(high_now, limit) => (&low, &edge),
            [low_now, _] if ranking::less([limit; 2], [low_now; 2]) => (&edge, &high),
            // Undecided, or on the edge: nothing stands that could turn.
            _ => return Vec::new(),
        };
        flips::turns(of, better, worse).into_iter().map(|(at, above)| (of.clone(), at, above)).collect()
    };
    let own = dials.iter().enumerate().filter(|(dial, _)| asked.has(*dial));
    let turns = own.flat_map(turns).collect();
    Some(Kept { design, threat: threat.name.clone(), limit, nominal, kept, exceeded, turns })
}
