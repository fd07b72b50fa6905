//! Which guess turns an order: neighbours in every measure, each number moved alone.

use super::work::{Measure, RATES};
use super::{Able, Grown, limits, nominal};
use crate::study::sweep::Drawn;
use crate::study::uncertainty::dials::{self, Dial};
use crate::study::uncertainty::flips::turns as turns_of;
use crate::study::uncertainty::inner::Design;
use crate::study::uncertainty::ranking::less;

/// What is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// The chance that somebody is impersonated.
    Chance,
    /// A measure of work.
    Work(Measure),
}

/// Two neighbours in an order, and a number that turns it.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// What is ordered.
    pub about: About,
    /// With so many publishers.
    pub publishers: u64,
    /// Better, all numbers nominal: position among the designs.
    pub better: usize,
    /// Worse.
    pub worse: usize,
    /// The number.
    pub dial: Dial,
    /// Where the two are equal.
    pub at: f64,
    /// The order is another above this value; `false`: below.
    pub above: bool,
}

/// An outcome of a design, with one dial moved or none.
type Outcome<'a> = dyn Fn(usize, Option<(&Dial, f64)>) -> Option<f64> + 'a;
/// What was ordered, with how many publishers, best first.
type Order = (About, u64, Vec<usize>);

/// At the fewest and at the most publishers. `threat` finds the question in the graph of a design at a point.
pub(super) fn turns(
    publishers: &[u64],
    designs: &[Grown],
    able: &[Able],
    drawn: &Drawn,
    rates: &[Dial],
    threat: &dyn Fn(&Able, usize) -> Option<usize>,
) -> (Vec<Order>, Vec<Turn>) {
    let (mut orders, mut found) = (Vec::new(), Vec::new());
    for point in [0, publishers.len().saturating_sub(1)] {
        let Some(n) = publishers.get(point).copied() else { continue };
        let compile = |one: &Able| {
            let rows = [threat(one, point).into_iter().collect()];
            Design::new(&one.graphs[point], &drawn.dials, &rows, &limits())
        };
        let compiled: Vec<Design> = able.iter().map(compile).collect();
        let chance = |design: usize, moved: Option<(&Dial, f64)>| {
            let design = &compiled[design];
            let question = design.questions.first()?.as_ref()?;
            let numbers = moved.and_then(|(dial, x)| Some(design.with(dials::position(&drawn.dials, dial)?, x)));
            Some(question.at(numbers.as_deref().unwrap_or(design.nominal()))[1])
        };
        one(About::Chance, n, designs.len(), &drawn.dials, &chance, &mut orders, &mut found);
        for (nth, measure) in Measure::ALL.into_iter().enumerate() {
            let worked = |design: usize, moved: Option<(&Dial, f64)>| {
                let own = &able[design].rates;
                let mut values: [f64; RATES.len()] = nominal(own);
                if let Some((dial, x)) = moved
                    && let Some(at) = own.iter().position(|have| have == dial)
                {
                    values[at] = x;
                }
                Some(designs[design].work.measures(n as f64, &values)[nth])
            };
            one(About::Work(measure), n, designs.len(), rates, &worked, &mut orders, &mut found);
        }
    }
    (orders, found)
}

fn one(
    about: About,
    publishers: u64,
    designs: usize,
    dials: &[Dial],
    outcome: &Outcome<'_>,
    orders: &mut Vec<Order>,
    found: &mut Vec<Turn>,
) {
    let mut order: Vec<(usize, f64)> = (0..designs).filter_map(|at| Some((at, outcome(at, None)?))).collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    for pair in order.windows(2) {
        let ((better, low), (worse, high)) = (pair[0], pair[1]);
        if !less([low; 2], [high; 2]) {
            continue;
        }
        for dial in dials {
            let curve = |design: usize| move |x: f64| outcome(design, Some((dial, x))).unwrap_or(0.0);
            let turned = turns_of(dial, &curve(better), &curve(worse));
            let turn = |(at, above)| Turn { about, publishers, better, worse, dial: dial.clone(), at, above };
            found.extend(turned.into_iter().map(turn));
        }
    }
    orders.push((about, publishers, order.into_iter().map(|(at, _)| at).collect()));
}
