//! What is known although the numbers are not: every range is drawn, and designs are compared draw by draw.
//!
//! Second-order analysis: the outer draws are over parameters, the inner probability is exact. A parameter is drawn once and serves all of
//! its variables, in every design; the variables then fail independently. All designs see the same draws, so that what they share cancels out.

mod bracket;
pub mod dials;
pub mod flips;
pub mod inner;
pub mod kept;
pub mod ranking;

use rayon::prelude::*;

use super::Comparison;
use crate::analysis::exact::{Limits, Method, Stopped};
use crate::graph::CapabilityGraph;
use crate::units::significant;
use dials::{Dial, Reading};
use flips::{Driver, Flip};
use inner::{Design, Question};
use kept::Kept;
use ranking::{Spread, Wins};

/// How to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Outer draws.
    pub draws: u64,
    /// Seed of the draws.
    pub seed: u64,
    /// How ranges are read.
    pub reading: Reading,
}

impl Options {
    /// Draws unless said otherwise.
    pub const DRAWS: u64 = 2_000;
}

/// A design, and what it is asked.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// Design id.
    pub design: &'a str,
    /// Title.
    pub title: &'a str,
    /// Its graph.
    pub graph: &'a CapabilityGraph,
    /// The question that each threat of the graph belongs to, in the order of the threats.
    pub questions: Vec<&'a str>,
}

/// Several designs under the ranges of their numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Uncertainty {
    /// How it was drawn.
    pub options: Options,
    /// Every number with a range, by id.
    pub dials: Vec<Dial>,
    /// Id and title of each design, in the order given.
    pub designs: Vec<(String, String)>,
    /// One per question: the designs against each other.
    pub rows: Vec<Contest>,
    /// Of a single design with several questions: these against each other, less likely being better.
    pub within: Option<Contest>,
    /// The tolerances that name a probability, by design and threat.
    pub kept: Vec<Kept>,
}

/// Competitors at the same draws: the designs on one question, or the questions of one design.
#[derive(Debug, Clone, PartialEq)]
pub struct Contest {
    /// The question, or the design.
    pub about: String,
    /// Per competitor; `None`: it does not ask, or it is not applicable.
    pub answers: Vec<Option<Credible>>,
    /// How often which competitor is better.
    pub wins: Wins,
    /// Per competitor: in how many draws it has each rank, 0 being best.
    pub ranks: Vec<Option<Vec<u64>>>,
    /// Per competitor: in how many draws none is worse than it, alone or together with others.
    pub last: Vec<Option<u64>>,
    /// For each pair that is ordered at the nominal point and each dial that can turn the order, where.
    pub flips: Vec<Flip>,
}

impl Contest {
    /// The competitors that answer, best first at the nominal point; ties: in the order given.
    pub fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.answers.len()).filter(|at| self.answers[*at].is_some()).collect();
        let nominal = |at: &usize| self.answers[*at].as_ref().map_or(0.0, |found| found.nominal[1]);
        order.sort_by(|a, b| nominal(a).total_cmp(&nominal(b)).then(a.cmp(b)));
        order
    }

    /// Do two of them agree to two digits at the nominal point? Who is better then may be sure, and matters little.
    pub fn alike(&self, a: usize, b: usize) -> bool {
        let told = |at: usize| {
            let found = self.answers.get(at)?.as_ref()?;
            Some((found.granted, significant(found.nominal[1], 2)))
        };
        told(a).is_some() && told(a) == told(b)
    }

    /// Does every draw leave all of them equal?
    pub fn is_tie(&self) -> bool {
        let order = self.order();
        order.iter().all(|a| order.iter().all(|b| self.wins.better(*a, *b) == Some(0)))
    }
}

/// One design's answer to one question.
#[derive(Debug, Clone, PartialEq)]
pub struct Credible {
    /// Nothing has to fail; else its probability may come close to 1, and is no certainty.
    pub granted: bool,
    /// With every number at its nominal value; of bounds, both ends.
    pub nominal: [f64; 2],
    /// Over all draws.
    pub spread: Spread,
    /// How each draw was answered.
    pub method: Method,
    /// What keeps it from being exact.
    pub stopped: Option<Stopped>,
    /// The dials that move it, furthest first.
    pub drivers: Vec<Driver>,
}

/// Draws and compares the designs of a comparison, question by question.
pub fn uncertainty(comparison: &Comparison, options: Options) -> Uncertainty {
    let asked = comparison.designs.iter().map(|design| Asked {
        design: &design.design,
        title: &design.title,
        graph: &design.graph,
        questions: design.threats.iter().take(design.graph.threats.len()).map(|threat| threat.group.as_str()).collect(),
    });
    let questions: Vec<&str> = comparison.rows.iter().map(|row| row.group.as_str()).collect();
    between(&asked.collect::<Vec<_>>(), &questions, options)
}

/// Draws and compares designs, question by question.
pub fn between(asked: &[Asked<'_>], questions: &[&str], options: Options) -> Uncertainty {
    let dials = dials::dials_of(asked.iter().map(|design| design.graph));
    let limits = Limits::default();
    let compile = |design: &Asked<'_>| {
        let of = |question: &&str| {
            let all = design.questions.iter().enumerate().filter(|(_, of)| *of == question);
            all.map(|(at, _)| at).collect()
        };
        Design::new(design.graph, &dials, &questions.iter().map(of).collect::<Vec<_>>(), &limits)
    };
    let designs: Vec<Design> = asked.par_iter().map(compile).collect();
    let values = dials::drawn(&dials, options.reading, options.seed, options.draws);
    let dial_ranks: Vec<Vec<f64>> = values.par_iter().map(|values| ranking::middle_ranks(values)).collect();
    let drawn = draws(&designs, questions.len(), &values, options.draws);
    let rows = (0..questions.len()).into_par_iter().map(|row| {
        let competitors = designs.iter().zip(&drawn[row]).map(|(design, draws)| Competitor::new(design, row, draws));
        let competitors: Vec<Option<Competitor<'_>>> = competitors.collect();
        let credible =
            |one: &Option<Competitor<'_>>| Some(one.as_ref()?.credible(&dials, &dial_ranks, options.reading));
        let answers: Vec<Option<Credible>> = competitors.par_iter().map(credible).collect();
        contest(questions[row], &competitors, answers, &dials)
    });
    let rows: Vec<Contest> = rows.collect();
    let within = match (designs.as_slice(), questions.len()) {
        ([only], 2..) => {
            let competitors = drawn.iter().enumerate().map(|(row, draws)| Competitor::new(only, row, draws.first()?));
            let answers = rows.iter().map(|row| row.answers.first().cloned().flatten()).collect();
            Some(contest(asked[0].design, &competitors.collect::<Vec<_>>(), answers, &dials))
        }
        _ => None,
    };
    let kept = asked.iter().enumerate().flat_map(|(at, design)| kept::kept(at, design.graph, &dials, &values, options));
    let designs = asked.iter().map(|design| (design.design.to_owned(), design.title.to_owned()));
    Uncertainty { options, rows, within, kept: kept.collect(), designs: designs.collect(), dials }
}

/// Per row and design: bounds on the chance in every draw, in order.
type Drawn = Vec<Vec<Option<Vec<[f64; 2]>>>>;

fn draws(designs: &[Design], rows: usize, values: &[Vec<f64>], draws: u64) -> Drawn {
    let one = |draw: u64| -> Vec<Vec<Option<[f64; 2]>>> {
        let of = |design: &Design| {
            let numbers = design.numbers(|dial| values[dial][draw as usize]);
            design.questions.iter().map(|question| question.as_ref().map(|question| question.at(&numbers))).collect()
        };
        designs.iter().map(of).collect()
    };
    // Each draw stands for itself; the order of the results is that of the draws.
    let all: Vec<_> = (0..draws).into_par_iter().map(one).collect();
    let column = |row: usize, design: usize| -> Option<Vec<[f64; 2]>> {
        all.iter().map(|draw| draw[design][row]).collect::<Option<Vec<_>>>().filter(|draws| !draws.is_empty())
    };
    (0..rows).map(|row| (0..designs.len()).map(|design| column(row, design)).collect()).collect()
}

/// A question as one design asks it, with its answers at all draws.
struct Competitor<'a> {
    design: &'a Design,
    question: &'a Question,
    draws: &'a [[f64; 2]],
}

impl<'a> Competitor<'a> {
    /// `None`: the design does not ask it.
    fn new(design: &'a Design, row: usize, draws: &'a Option<Vec<[f64; 2]>>) -> Option<Competitor<'a>> {
        let question = design.questions.get(row)?.as_ref()?;
        Some(Competitor { design, question, draws: draws.as_deref()? })
    }

    /// With one dial at a value, the others nominal.
    fn with(&self, dial: usize, value: f64) -> [f64; 2] {
        self.question.at(&self.design.with(dial, value))
    }

    fn credible(&self, dials: &[Dial], dial_ranks: &[Vec<f64>], reading: Reading) -> Credible {
        let upper: Vec<f64> = self.draws.iter().map(|draw| draw[1]).collect();
        let outcome_ranks = ranking::middle_ranks(&upper);
        let driver = |(at, dial): (usize, &Dial)| {
            let [at_low, at_high] = flips::ends(dial, reading, &|x| self.with(at, x)[1]);
            let correlation = ranking::correlation(&dial_ranks[at], &outcome_ranks);
            Driver { dial: at, at_low, at_high, correlation }
        };
        let moves = |driver: &Driver| driver.swing() > ranking::EQUAL * driver.at_high.max(driver.at_low);
        let own = dials.iter().enumerate().filter(|(at, _)| self.design.has(*at));
        let mut drivers: Vec<Driver> = own.map(driver).filter(moves).collect();
        drivers.sort_by(|a, b| b.swing().total_cmp(&a.swing()).then(a.dial.cmp(&b.dial)));
        let nothing_fails = vec![0.0; self.design.nominal().len()];
        Credible {
            granted: self.question.at(&nothing_fails)[0] >= 1.0,
            nominal: self.question.at(self.design.nominal()),
            spread: Spread::of(self.draws),
            method: self.question.method,
            stopped: self.question.stopped,
            drivers,
        }
    }
}

fn contest(
    about: &str,
    competitors: &[Option<Competitor<'_>>],
    answers: Vec<Option<Credible>>,
    dials: &[Dial],
) -> Contest {
    let outcomes: Vec<Option<&[[f64; 2]]>> = competitors.iter().map(|one| one.as_ref().map(|one| one.draws)).collect();
    Contest {
        about: about.to_owned(),
        wins: Wins::of(&outcomes),
        ranks: ranking::ranks(&outcomes),
        last: ranking::last(&outcomes),
        flips: flips_of(competitors, dials, &answers),
        answers,
    }
}

/// Every pair and every dial that moves one of the two.
fn flips_of(competitors: &[Option<Competitor<'_>>], dials: &[Dial], answers: &[Option<Credible>]) -> Vec<Flip> {
    let mut found = Vec::new();
    let known = || competitors.iter().zip(answers).enumerate();
    for (better, (first, a)) in known() {
        for (worse, (second, b)) in known() {
            let (Some(first), Some(second), Some(a), Some(b)) = (first, second, a, b) else { continue };
            if !ranking::less(a.nominal, b.nominal) {
                continue;
            }
            let moves = |dial: usize| [a, b].iter().any(|one| one.drivers.iter().any(|driver| driver.dial == dial));
            for (dial, of) in dials.iter().enumerate().filter(|(dial, _)| moves(*dial)) {
                // The order is gone where the best that is known of the one exceeds the worst that is known of the other.
                let turns = flips::turns(of, &|x| first.with(dial, x)[0], &|x| second.with(dial, x)[1]);
                found.extend(turns.into_iter().map(|(at, above)| Flip { better, worse, dial, at, above }));
            }
        }
    }
    found
}
