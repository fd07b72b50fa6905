//! Which guess turns an order: neighbours in every measure, each number moved alone.

use rayon::prelude::*;

use super::work::{Measure, RATES};
use super::{Able, Grown, Growth, limits, nominal};
use crate::study::sweep::Drawn;
use crate::study::uncertainty::dials::{self, Dial};
use crate::study::uncertainty::flips::turns as turns_of;
use crate::study::uncertainty::inner::Design;
use crate::study::uncertainty::ranking::less;
use crate::units::significant;

/// What is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// The chance that somebody is impersonated.
    Chance,
    /// A measure of work.
    Work(Measure),
}

impl About {
    /// Everything that is ordered.
    pub const ALL: [About; 4] =
        [About::Chance, About::Work(Measure::Wait), About::Work(Measure::GivesUp), About::Work(Measure::Upkeep)];
}

impl Growth {
    /// The orders of one thing as publishers grow: from how many to how many each stands, best designs first.
    pub fn orders_of(&self, about: About) -> Vec<([u64; 2], &Ranked)> {
        let mut runs: Vec<([u64; 2], &Ranked)> = Vec::new();
        for (_, n, order) in self.orders.iter().filter(|(of, ..)| *of == about) {
            match runs.last_mut() {
                Some(([_, to], same)) if *same == order => *to = *n,
                _ => runs.push(([*n; 2], order)),
            }
        }
        runs
    }

    /// What turns two neighbours of one thing, each pair and number once: at the fewest publishers where it does, and at the most.
    pub fn turns_of(&self, about: About) -> Vec<(&Turn, &Turn)> {
        let mut found: Vec<(&Turn, &Turn)> = Vec::new();
        for turn in self.turns.iter().filter(|turn| turn.about == about) {
            let key = |turn: &Turn| (turn.better, turn.worse, turn.above);
            let same = |(first, _): &&mut (&Turn, &Turn)| key(first) == key(turn) && first.dial == turn.dial;
            match found.iter_mut().find(same) {
                Some((_, last)) => *last = turn,
                None => found.push((turn, turn)),
            }
        }
        found
    }
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
/// Positions of designs, best first; those that read alike share a place, in the order given.
pub type Ranked = Vec<Vec<usize>>;
/// What was ordered, with how many publishers, best first.
type Order = (About, u64, Ranked);

/// Do two values read alike? Two digits, or whole percents, are what is shown of them: an order by what lies below would be none that counts.
fn alike(about: About, a: f64, b: f64) -> bool {
    match about {
        About::Work(Measure::GivesUp) => libm::round(a * 100.0) == libm::round(b * 100.0),
        _ => significant(a, 2) == significant(b, 2),
    }
}

/// The designs of an order in places.
fn ranked(about: About, order: &[(usize, f64)]) -> Ranked {
    let mut places: Ranked = Vec::new();
    let mut before: Option<f64> = None;
    for &(at, value) in order {
        match places.last_mut() {
            Some(place) if before.is_some_and(|before| alike(about, before, value)) => place.push(at),
            _ => places.push(vec![at]),
        }
        before = Some(value);
    }
    places.iter_mut().for_each(|place| place.sort_unstable());
    places
}

/// At every number of publishers. `threat` finds the question in the graph of a design at a point.
pub(super) fn turns(
    publishers: &[u64],
    designs: &[Grown],
    able: &[Able],
    drawn: &Drawn,
    rates: &[Dial],
    threat: &(dyn Fn(&Able, usize) -> Option<usize> + Sync),
) -> (Vec<Order>, Vec<Turn>) {
    let at_point = |(point, n): (usize, &u64)| {
        let (mut orders, mut found) = (Vec::new(), Vec::new());
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
        let has = |design: usize, dial: &Dial| {
            dials::position(&drawn.dials, dial).is_some_and(|dial| compiled[design].has(dial))
        };
        let asked = (About::Chance, *n, designs.len());
        one(asked, &drawn.dials, &has, &chance, &mut orders, &mut found);
        for (nth, measure) in Measure::ALL.into_iter().enumerate() {
            let worked = |design: usize, moved: Option<(&Dial, f64)>| {
                let own = &able[design].rates;
                let mut values: [f64; RATES.len()] = nominal(own);
                if let Some((dial, x)) = moved
                    && let Some(at) = own.iter().position(|have| have == dial)
                {
                    values[at] = x;
                }
                Some(designs[design].work.measures(*n as f64, &values)[nth])
            };
            let has = |design: usize, dial: &Dial| able[design].rates.contains(dial);
            one((About::Work(measure), *n, designs.len()), rates, &has, &worked, &mut orders, &mut found);
        }
        (orders, found)
    };
    let all: Vec<(Vec<Order>, Vec<Turn>)> = publishers.par_iter().enumerate().map(at_point).collect();
    let (orders, found): (Vec<Vec<Order>>, Vec<Vec<Turn>>) = all.into_iter().unzip();
    (orders.concat(), found.concat())
}

fn one(
    (about, publishers, designs): (About, u64, usize),
    dials: &[Dial],
    has: &dyn Fn(usize, &Dial) -> bool,
    outcome: &Outcome<'_>,
    orders: &mut Vec<Order>,
    found: &mut Vec<Turn>,
) {
    let mut order: Vec<(usize, f64)> = (0..designs).filter_map(|at| Some((at, outcome(at, None)?))).collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    for pair in order.windows(2) {
        let ((better, low), (worse, high)) = (pair[0], pair[1]);
        if alike(about, low, high) || !less([low; 2], [high; 2]) {
            continue;
        }
        for dial in dials.iter().filter(|dial| has(better, dial) || has(worse, dial)) {
            let curve = |design: usize| move |x: f64| outcome(design, Some((dial, x))).unwrap_or(0.0);
            let turned = turns_of(dial, &curve(better), &curve(worse));
            let turn = |(at, above)| Turn { about, publishers, better, worse, dial: dial.clone(), at, above };
            found.extend(turned.into_iter().map(turn));
        }
    }
    orders.push((about, publishers, ranked(about, &order)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reads_alike_shares_a_place() {
        let order = [(3, 0.239_97), (0, 0.240_02), (2, 0.5), (1, 1.0 - 1e-9), (4, 1.0)];
        assert_eq!(ranked(About::Chance, &order), [vec![0, 3], vec![2], vec![1, 4]]);
        let shares = [(0, 0.0), (1, 0.001), (2, 0.02)];
        assert_eq!(ranked(About::Work(Measure::GivesUp), &shares), [vec![0, 1], vec![2]]);
        assert_eq!(ranked(About::Work(Measure::Wait), &shares), [vec![0], vec![1], vec![2]]);
        assert_eq!(ranked(About::Chance, &[]), Ranked::new());
    }
}
