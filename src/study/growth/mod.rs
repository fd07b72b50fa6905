//! The founding mail's sweep: what becomes of designs as their publishers grow from ten to a million.
//!
//! For each design: the chance that somebody is impersonated, how long a newcomer waits for a first publish, the share of newcomers that gives
//! up, and the hours of work a month for those who run it. The first is a probability of the model with that many publishers; the others follow
//! from its structure and the library's rates of work.

mod alone;
mod turns;
pub mod work;

use rayon::prelude::*;

use super::costs::costs;
use super::sweep::vary::Vary;
use super::sweep::{Drawn, Setting, Varied};
use super::uncertainty::Options;
use super::uncertainty::dials::{self, Dial};
use super::uncertainty::ranking::Spread;
use crate::analysis::exact::Limits;
use crate::graph::CapabilityGraph;
use crate::model::{EntityId, Model, Population};
use work::{Measure, RATES, Work};

pub use turns::{About, Ranked, Turn};

/// The publishers of every sweep: three points to the decade.
pub const PUBLISHERS: &str = "count=10..1_000_000:log";

/// How large an exact answer may become: some victim out of many is gained by members in more ways than a chosen one.
pub fn limits() -> Limits {
    Limits { interface: 12, ..Limits::default() }
}

/// Several designs as they grow.
#[derive(Debug, Clone, PartialEq)]
pub struct Growth {
    /// Publishers at each point.
    pub publishers: Vec<u64>,
    /// How numbers were drawn.
    pub options: Options,
    /// The rates of work, each once; a design that states its own has another.
    pub rates: Vec<Dial>,
    /// The designs that could be asked.
    pub designs: Vec<Grown>,
    /// Which number, moved alone within its range, turns the order of two neighbours, at every number of publishers.
    pub turns: Vec<Turn>,
    /// The orders: (what, publishers, best designs first), by publishers. Designs that read alike share a place.
    pub orders: Vec<(About, u64, Ranked)>,
}

/// One design as it grows.
#[derive(Debug, Clone, PartialEq)]
pub struct Grown {
    /// Design id.
    pub design: String,
    /// Title.
    pub title: String,
    /// What its work follows from.
    pub work: Work,
    /// The question asked: one of a class acts as some other of it.
    pub threat: String,
    /// One per number of publishers.
    pub points: Vec<GrownPoint>,
    /// The rate that moves the share that gives up furthest where publishers are most, and that share at the ends of its range; `None`: none does.
    pub decides: Option<(Dial, [f64; 2])>,
}

/// One design with so many publishers.
#[derive(Debug, Clone, PartialEq)]
pub struct GrownPoint {
    /// That somebody is impersonated.
    pub chance: Varied,
    /// How many people and parties could each alone impersonate one chosen publisher, that one not counted; `None`: not known.
    pub alone: Option<u64>,
    /// Wait in days, share that gives up, hours of work a month: with all rates nominal, and over draws.
    pub measures: [(f64, Spread); 3],
}

impl GrownPoint {
    /// One of the measures.
    pub fn measure(&self, measure: Measure) -> (f64, Spread) {
        self.measures[Measure::ALL.iter().position(|have| *have == measure).unwrap_or(0)]
    }
}

/// The question of the mail in a model: the first threat whose attacker and victim are of one class. `None`: it asks none.
pub fn question(model: &Model) -> Option<(EntityId, &str)> {
    model.threats.iter().find_map(|threat| {
        let (class, _) = threat.victim?;
        (threat.attacker == Some(class)).then_some((class, threat.group.as_str()))
    })
}

/// How a model is set to ask it of so many publishers.
pub fn settings(model: &Model, publishers: &str) -> Option<Vec<Setting>> {
    let (class, threat) = question(model)?;
    let class = &model.entity(class).id;
    Some(vec![
        (format!("{class}.count"), publishers.to_owned()),
        (format!("threats.{threat}.victim"), format!("{{{class}: some}}")),
    ])
}

/// A design to let grow.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Its model.
    pub model: &'a Model,
    /// The graph of the model as it is.
    pub graph: &'a CapabilityGraph,
}

/// The measures of a design as it stands, with the publishers its model has: with all rates nominal, and over draws. `None`: it asks no question
/// of the mail, or its library states no rates of work.
pub fn measures(asked: Asked<'_>, options: Options) -> Option<[(f64, Spread); 3]> {
    let (class, _) = question(asked.model)?;
    let Population::Base { count } = asked.model.entity(class).population else { return None };
    let rates = work::rates(&asked.model.library).ok()?;
    let values = dials::drawn(&rates, options.reading, options.seed, options.draws);
    let work = Work::of(asked.model, &costs(asked.model, asked.graph, &[]));
    let own: Vec<usize> = (0..rates.len()).collect();
    Some(measured(&work, count, &rates, &own, &values, options.draws))
}

/// Lets designs grow. `load` gives the graph of a design with fields set. Designs that do not ask the question are left out, and so are those
/// that `load` fails for, which are given back with the first failure of each; `None` if none is left, or if the library states no rates of work.
pub fn growth<E: Send>(
    asked: &[Asked<'_>],
    options: Options,
    load: impl Fn(usize, &[Setting]) -> Result<CapabilityGraph, E> + Sync,
) -> (Option<Growth>, Vec<(usize, E)>) {
    let values = Vary::parse(PUBLISHERS).map(|vary| vary.values).unwrap_or_default();
    let publishers: Vec<u64> = values.iter().filter_map(|value| value.parse().ok()).collect();
    let grown = |(at, asked): (usize, &Asked<'_>)| {
        let rates = work::rates(&asked.model.library).ok()?;
        let points: Option<Vec<Vec<Setting>>> = values.iter().map(|n| settings(asked.model, n)).collect();
        let points = points?;
        // The first setting is the count: with it alone the question stays that of a chosen victim.
        let chosen: Result<Vec<CapabilityGraph>, E> = points.iter().map(|set| load(at, &set[..1])).collect();
        let graphs: Result<Vec<CapabilityGraph>, E> = points.iter().map(|set| load(at, set)).collect();
        let both = chosen.and_then(|chosen| Ok((chosen, graphs?)));
        Some(both.map(|(chosen, graphs)| Able { at, rates, chosen, graphs }).map_err(|why| (at, why)))
    };
    let (mut able, mut failed) = (Vec::new(), Vec::new());
    for found in asked.par_iter().enumerate().filter_map(grown).collect::<Vec<_>>() {
        match found {
            Ok(one) => able.push(one),
            Err(why) => failed.push(why),
        }
    }
    ((!able.is_empty()).then(|| follow(asked, options, publishers, &able)), failed)
}

/// A design with its graph at every number of publishers, and its rates of work.
struct Able {
    at: usize,
    rates: Vec<Dial>,
    chosen: Vec<CapabilityGraph>,
    graphs: Vec<CapabilityGraph>,
}

fn follow(asked: &[Asked<'_>], options: Options, publishers: Vec<u64>, able: &[Able]) -> Growth {
    let drawn = Drawn::new(able.iter().flat_map(|one| &one.graphs), options);
    let mut rates: Vec<Dial> = able.iter().flat_map(|one| one.rates.clone()).collect();
    dials::sorted(&mut rates);
    let rate_values = dials::drawn(&rates, options.reading, options.seed, options.draws);
    let one = |able: &Able| {
        let Asked { model, graph } = asked[able.at];
        let work = Work::of(model, &costs(model, graph, &[]));
        let of_dial: Vec<usize> = able.rates.iter().map(|dial| dials::position(&rates, dial).unwrap_or(0)).collect();
        let at_point = |((n, graph), chosen): ((&u64, &CapabilityGraph), &CapabilityGraph)| GrownPoint {
            alone: threat_of(model, chosen).and_then(|threat| alone::alone(model, chosen, threat)),
            chance: threat_of(model, graph)
                .map_or(Varied { chances: None, spread: None }, |threat| drawn.threat(graph, threat, &limits())),
            measures: measured(&work, *n, &able.rates, &of_dial, &rate_values, options.draws),
        };
        Grown {
            design: model.design.clone(),
            title: model.title.clone(),
            threat: question(model).map_or(String::new(), |(_, threat)| threat.to_owned()),
            points: publishers.par_iter().zip(&able.graphs).zip(&able.chosen).map(at_point).collect(),
            decides: decides(&work, publishers.last().copied().unwrap_or(0), &able.rates),
            work,
        }
    };
    let designs: Vec<Grown> = able.iter().map(one).collect();
    let threat = |one: &Able, point: usize| threat_of(asked[one.at].model, &one.graphs[point]);
    let (orders, turns) = turns::turns(&publishers, &designs, able, &drawn, &rates, &threat);
    Growth { publishers, options, rates, designs, turns, orders }
}

/// The position of a model's question in a graph of it.
fn threat_of(model: &Model, graph: &CapabilityGraph) -> Option<usize> {
    let (_, threat) = question(model)?;
    graph.threats.iter().position(|have| have.group == threat || have.name == threat)
}

/// The measures with the rates nominal, and over draws.
fn measured(
    work: &Work,
    n: u64,
    own: &[Dial],
    of_dial: &[usize],
    values: &[Vec<f64>],
    draws: u64,
) -> [(f64, Spread); 3] {
    let nominal = work.measures(n as f64, &nominal(own));
    let at = |draw: u64| {
        let mut rates = [0.0; RATES.len()];
        rates.iter_mut().zip(of_dial).for_each(|(rate, dial)| *rate = values[*dial][draw as usize]);
        work.measures(n as f64, &rates)
    };
    let all: Vec<[f64; 3]> = (0..draws).map(at).collect();
    let spread = |measure: usize| Spread::of(&all.iter().map(|one| [one[measure]; 2]).collect::<Vec<_>>());
    [0, 1, 2].map(|measure| (nominal[measure], spread(measure)))
}

/// The rate that moves the share that gives up furthest.
fn decides(work: &Work, n: u64, own: &[Dial]) -> Option<(Dial, [f64; 2])> {
    let gives_up = |at: usize, x: f64| {
        let mut rates = nominal(own);
        rates[at] = x;
        work.measures(n as f64, &rates)[1]
    };
    let ends = |(at, dial): (usize, &Dial)| (dial.clone(), [gives_up(at, dial.range[0]), gives_up(at, dial.range[2])]);
    let swing = |(_, [low, high]): &(Dial, [f64; 2])| (high - low).abs();
    let found = own.iter().enumerate().map(ends).max_by(|a, b| swing(a).total_cmp(&swing(b)))?;
    (swing(&found) > 0.0).then_some(found)
}

/// Every rate at its nominal value.
fn nominal(own: &[Dial]) -> [f64; RATES.len()] {
    let mut rates = [0.0; RATES.len()];
    rates.iter_mut().zip(own).for_each(|(rate, dial)| *rate = dial.nominal());
    rates
}
