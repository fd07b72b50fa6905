//! Escalation paths: the k best, and how many there are.

mod bound;
mod choices;
mod dominated;
mod enumerate;
mod price;
mod replay;
mod search;

use std::collections::BTreeSet;

use super::shapes::Shape;
use super::{Cost, Path, Paths};
use crate::graph::unfold::{Copies, Question, Target, TooLarge, Unfolded, unfold};
use crate::graph::{AssumptionId, CapabilityGraph, StepId};
use price::{Key, Prices, Range};
use search::{Outcome, Search, Steps, Wanted};

/// Search nodes unless told otherwise.
pub const DEFAULT_LIMIT: u64 = 50_000;

/// What is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// So many paths.
    pub k: usize,
    /// Ordered by this.
    pub cost: Cost,
    /// Search nodes at most.
    pub limit: u64,
    /// How families are unfolded.
    pub copies: Copies,
}

impl Default for Options {
    fn default() -> Options {
        Options { k: 10, cost: Cost::Likeliest, limit: DEFAULT_LIMIT, copies: Copies::Lumped }
    }
}

/// The k best paths of one threat. A threat that is not applicable has none.
pub fn search(graph: &CapabilityGraph, threat: usize, options: &Options) -> Result<Paths, TooLarge> {
    let threat = &graph.threats[threat];
    if threat.not_applicable.is_some() {
        return Ok(none(options.cost));
    }
    let unfolded = unfold(graph, &Question::of(threat, options.copies))?;
    if unfolded.goal == Target::Never {
        return Ok(none(options.cost));
    }
    let finder = Finder { graph, unfolded: &unfolded, options };
    let finite = finder.find(Range::Finite, options.k, options.limit, &[]);
    let mut paths = finder.answer(&finite, Range::Finite);
    // Paths of infinite cost come after all others, so they are looked for only when those are all listed.
    let infinite = finder.prices(Range::Infinite).infinite.contains(&true);
    if finite.complete && infinite {
        let (k, limit) = (options.k - finite.paths.len(), options.limit - finite.nodes);
        let rest = finder.find(Range::Infinite, k, limit, &finite.paths);
        let rest = finder.answer(&rest, Range::Infinite);
        let nodes = paths.nodes + rest.nodes;
        paths.paths.extend(rest.paths);
        paths = Paths { nodes, paths: paths.paths, ..rest };
    }
    Ok(paths)
}

/// How many minimal path shapes there are, counted up to a cap, and whether that is all.
pub fn count_paths(graph: &CapabilityGraph, threat: usize, copies: Copies, cap: u64) -> Result<(u64, bool), TooLarge> {
    each_path(graph, threat, copies, cap, |_| {})
}

/// Calls back with the steps of each minimal path shape, in no particular order and at most `cap` times; an id stands once per
/// member needed. Returns how many there were and whether that is all.
pub fn each_path(
    graph: &CapabilityGraph,
    threat: usize,
    copies: Copies,
    cap: u64,
    mut seen: impl FnMut(&[StepId]),
) -> Result<(u64, bool), TooLarge> {
    let threat = &graph.threats[threat];
    if threat.not_applicable.is_some() {
        return Ok((0, true));
    }
    let unfolded = unfold(graph, &Question::of(threat, copies))?;
    if unfolded.goal == Target::Never {
        return Ok((0, true));
    }
    Ok(enumerate::each_shape(&unfolded, cap, |shape| seen(&shape.ids().map(StepId).collect::<Vec<_>>())))
}

/// A path from the steps it is told by: what `each_path` gives, made whole. What dominates it is not looked for.
pub fn path_of(graph: &CapabilityGraph, threat: usize, steps: &[StepId]) -> Path {
    let mut assumptions: Vec<AssumptionId> = Vec::new();
    for id in steps {
        let times = steps.iter().filter(|other| *other == id).count();
        for assumption in &graph.step(*id).assumptions {
            // A shared assumption fails once; one of a block fails once per member that the step is needed of.
            let times = if graph.assumption(*assumption).family.is_some() { times } else { 1 };
            let have = assumptions.iter().filter(|known| *known == assumption).count();
            assumptions.extend(std::iter::repeat_n(*assumption, times.saturating_sub(have)));
        }
    }
    assumptions.sort_unstable();
    let seconds = steps.iter().map(|id| graph.step(*id).effort.map_or(0, |effort| effort.seconds()));
    Path {
        steps: steps.to_vec(),
        order: replay::order_of(graph, threat, steps),
        cost: None,
        probability: assumptions.iter().map(|id| graph.assumption(*id).probability).product(),
        effort_hours: seconds.fold(0, u64::saturating_add) as f64 / 3600.0,
        dominated_by: None,
        assumptions,
    }
}

/// The fewest assumptions a path found rests on, and a number no path rests on fewer than; equal if that is proved.
pub(super) fn fewest_assumptions(
    graph: &CapabilityGraph,
    unfolded: &Unfolded,
    limit: u64,
) -> (Option<u64>, Option<u64>) {
    let options = Options { k: 1, cost: Cost::Fewest, limit, copies: Copies::Lumped };
    let outcome = Finder { graph, unfolded, options: &options }.find(Range::Finite, 1, limit, &[]);
    let best = outcome.paths.first().map(|(key, _, _)| key.cost());
    (best, if outcome.optimal { best } else { outcome.at_least.map(Key::cost) })
}

fn none(cost: Cost) -> Paths {
    Paths { cost, complete: true, optimal: true, at_least: None, paths: Vec::new(), nodes: 0 }
}

struct Finder<'a> {
    graph: &'a CapabilityGraph,
    unfolded: &'a Unfolded,
    options: &'a Options,
}

impl Finder<'_> {
    fn prices(&self, range: Range) -> Prices {
        Prices::new(self.graph, self.unfolded, self.options.cost, range)
    }

    /// Paths of one range; a shape that was `told` at a finite cost does not count again.
    fn find(&self, range: Range, k: usize, limit: u64, told: &[(Key, Shape, Steps)]) -> Outcome {
        let prices = self.prices(range);
        let infinite =
            |step: &u32| self.unfolded.rests.row(*step).iter().any(|variable| prices.infinite[*variable as usize]);
        let steps = 0..self.unfolded.moves.len() as u32;
        let told: BTreeSet<&Shape> = told.iter().map(|(_, shape, _)| shape).collect();
        let allowed = steps.map(|step| range == Range::Infinite || !infinite(&step)).collect();
        let counts = |steps: &[u32]| {
            let new = || !told.contains(&enumerate::shape_of(self.unfolded, steps));
            range == Range::Finite || (steps.iter().any(infinite) && new())
        };
        Search::new(self.unfolded, &prices, Wanted { k, limit, allowed, counts: &counts }).run()
    }

    fn answer(&self, outcome: &Outcome, range: Range) -> Paths {
        let key = |key: Key| {
            let steps = u32::try_from(key.steps()).unwrap_or(u32::MAX);
            ((range == Range::Finite).then(|| key.cost()), steps)
        };
        let prices = self.prices(range);
        let paths = outcome.paths.iter().filter_map(|(at, shape, steps)| self.path(&prices, key(*at).0, shape, steps));
        Paths {
            cost: self.options.cost,
            complete: outcome.complete,
            optimal: outcome.optimal,
            at_least: outcome.at_least.map(key),
            paths: paths.collect(),
            nodes: outcome.nodes,
        }
    }

    /// A path as it is told, once more walked from its footholds; one that does not stand is not told.
    fn path(&self, prices: &Prices, cost: Option<u64>, shape: &Shape, steps: &Steps) -> Option<Path> {
        let unfolded = self.unfolded;
        if !replay::is_minimal(unfolded, steps) {
            return None;
        }
        let counts_as = |step: u32| {
            let step = unfolded.moves[step as usize];
            (0..step.weight).map(move |_| step.counts_as)
        };
        let order = replay::order(unfolded, steps)?.into_iter().flat_map(counts_as).collect();
        let (_, variables) = prices.total(unfolded, steps);
        let seconds = steps.iter().map(|step| {
            let step = unfolded.moves[*step as usize];
            let effort = step.origin.and_then(|origin| self.graph.step(origin).effort);
            effort.map_or(0, |effort| effort.seconds()).saturating_mul(step.weight)
        });
        let ids = |shape: &Shape| shape.ids().map(AssumptionId).collect::<Vec<_>>();
        Some(Path {
            steps: shape.ids().map(StepId).collect(),
            assumptions: ids(&super::sets::shape_of(unfolded, &variables)),
            order,
            cost,
            probability: self.probability(&variables),
            effort_hours: seconds.fold(0, u64::saturating_add) as f64 / 3600.0,
            dominated_by: dominated::dominated_by(unfolded, &variables).map(|shape| ids(&shape)),
        })
    }

    /// Product over the variables, in their order.
    fn probability(&self, variables: &[u32]) -> f64 {
        let mut product = 1.0;
        for variable in variables.iter().map(|at| self.unfolded.variables[*at as usize]) {
            let one = self.graph.assumptions[variable.origin as usize].probability;
            product *= if variable.weight == 1 { one } else { libm::pow(one, variable.weight as f64) };
        }
        product
    }
}
