//! The cheapest controls that make every threat keep its tolerance, what less money buys, and what no control changes.

mod front;
pub mod search;
mod world;

use crate::analysis::exact::Chances;
use crate::analysis::sets::{LABEL_WORK, attack_sets};
use crate::graph::unfold::Copies;
use crate::graph::{AssumptionId, CapabilityGraph};
use search::{Effort, Found, MOST, Set, members};
pub use world::Ground;
use world::World;

use super::answer::Unanswered;
use super::gate::Verdict;

/// A control that may be switched on.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Build, and upkeep over the horizon, in days.
    pub cost_days: f64,
    /// It changes the model and may add ways in; else it only takes ways away (or makes them less likely).
    pub patch: bool,
}

/// What is so with some controls on; threats in the order of [`Hardening::threats`].
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// At the gate.
    pub verdicts: Vec<Verdict>,
    /// P(exposed), those whom the tolerance trusts being honest; `None` where it is not applicable.
    pub chances: Vec<Option<Chances>>,
}

impl State {
    /// Threats over their tolerance, or undecided.
    pub fn failing(&self) -> usize {
        self.verdicts.iter().filter(|verdict| verdict.fails()).count()
    }

    /// The worst of these threats: the one with the largest P(exposed) by its upper end (of equal ones the first), with what the ranges of its
    /// own numbers leave. `None`: none of them is applicable.
    pub fn remains(&self, threats: &[usize]) -> Option<Remains> {
        let of = |at: &usize| {
            let chances = self.chances.get(*at)?.as_ref()?;
            let p = chances.trusting.high();
            Some(Remains { threat: *at, p, ends: chances.ends_trusting.unwrap_or([chances.trusting.low(), p]) })
        };
        threats.iter().filter_map(of).reduce(|worst, next| if next.p > worst.p { next } else { worst })
    }

    /// The largest P(exposed) among these threats, by its upper end.
    pub fn worst(&self, threats: &[usize]) -> f64 {
        self.remains(threats).map_or(0.0, |remains| remains.p)
    }
}

/// What some controls leave of the worst threat.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Remains {
    /// Which one: its position in [`Hardening::threats`].
    pub threat: usize,
    /// P(exposed), by its upper end.
    pub p: f64,
    /// The same with every number at the low, and at the high end of its range.
    pub ends: [f64; 2],
}

/// Some controls, and what is so with them.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Positions in [`Hardening::candidates`], ascending.
    pub controls: Vec<usize>,
    /// Cost, days.
    pub cost_days: f64,
    /// With them on.
    pub state: State,
}

/// The cheapest way to make one thing hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Cheapest {
    /// The controls; `None`: none suffices, or none was found.
    pub plan: Option<Plan>,
    /// Nothing cheaper exists; without a plan, that there is none.
    pub optimal: bool,
    /// Nothing that suffices costs less, days; `None` where it is proved that nothing suffices.
    pub lower_bound_days: Option<f64>,
}

/// The least that must be done about one failing threat.
#[derive(Debug, Clone, PartialEq)]
pub struct Repair {
    /// Position in [`Hardening::threats`].
    pub threat: usize,
    /// For this threat alone.
    pub cheapest: Cheapest,
}

/// A threat that stays over its tolerance whatever is switched on.
#[derive(Debug, Clone, PartialEq)]
pub struct Stays {
    /// Position in [`Hardening::threats`].
    pub threat: usize,
    /// What may still fail: minimal attack sets by the names of their assumptions, with the most that the controls can do; those whom the
    /// tolerance trusts being honest.
    pub attack_sets: Vec<Vec<String>>,
    /// All of them.
    pub complete: bool,
}

/// The answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Hardening {
    /// What there is to choose from.
    pub candidates: Vec<Candidate>,
    /// Names of the threats.
    pub threats: Vec<String>,
    /// Positions of those with a tolerance that can fail; what remains is judged by them (by all, where there is none).
    pub judged: Vec<usize>,
    /// Nothing switched on.
    pub before: State,
    /// The cheapest controls that meet every tolerance.
    pub cheapest: Cheapest,
    /// One per failing threat.
    pub repairs: Vec<Repair>,
    /// The best that the budget buys: fewest failing threats, then least P, then cheapest.
    pub within_budget: Option<Plan>,
    /// From nothing to the least P(exposed) of the worst judged threat: each plan is the cheapest for what remains with it.
    pub front: Vec<Plan>,
    /// Every set was looked at; else the front (and the plan within the budget) is the best found.
    pub front_complete: bool,
    /// Where no control suffices.
    pub stays: Vec<Stays>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Unhardened {
    /// More candidates than a search can take.
    TooMany(usize),
    /// A question could not be answered.
    Unanswered(Unanswered),
}

impl std::fmt::Display for Unhardened {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unhardened::TooMany(n) => write!(out, "{n} controls are more than the {MOST} that can be searched"),
            Unhardened::Unanswered(why) => why.fmt(out),
        }
    }
}

impl std::error::Error for Unhardened {}

/// Hardens a design. `base` is the graph with nothing more switched on, `ground` compiles it with patches.
///
/// # Errors
/// Too many candidates, or a question too large to unfold.
pub fn harden(
    base: CapabilityGraph,
    candidates: Vec<Candidate>,
    ground: &Ground<'_>,
    budget_days: Option<f64>,
) -> Result<Hardening, Unhardened> {
    if candidates.len() > MOST {
        return Err(Unhardened::TooMany(candidates.len()));
    }
    let threats: Vec<String> = base.threats.iter().map(|threat| threat.name.clone()).collect();
    let judged = judged(&base);
    let mut world = World::new(base, &candidates, ground);
    let before = world.state(0).cloned();
    if let Some(why) = world.failed.take() {
        return Err(Unhardened::Unanswered(why));
    }
    let before = before.unwrap_or(State { verdicts: Vec::new(), chances: Vec::new() });
    let cheapest = cheapest(&mut world, &candidates, |state| state.failing() == 0);
    let failing: Vec<usize> = (0..threats.len()).filter(|at| before.verdicts[*at].fails()).collect();
    let mut repairs = Vec::new();
    for threat in failing {
        let repaired = self::cheapest(&mut world, &candidates, |state| !state.verdicts[threat].fails());
        repairs.push(Repair { threat, cheapest: repaired });
    }
    let explored = front::explore(&mut world, candidates.len(), &judged);
    let hopeless = repairs.iter().filter(|repair| repair.cheapest.plan.is_none()).map(|repair| repair.threat);
    let stays = stays(&world, explored.strongest, &hopeless.collect::<Vec<_>>(), &threats);
    let plan = |world: &mut World<'_>, set: Set| plan(world, &candidates, set);
    let front: Vec<Plan> = explored.front.iter().filter_map(|set| plan(&mut world, *set)).collect();
    let within_budget = budget_days.and_then(|days| explored.within(days * 1e6)).and_then(|set| plan(&mut world, set));
    if let Some(why) = world.failed.take() {
        return Err(Unhardened::Unanswered(why));
    }
    drop(world);
    let front_complete = explored.complete;
    Ok(Hardening {
        candidates,
        threats,
        judged,
        before,
        cheapest,
        repairs,
        within_budget,
        front,
        front_complete,
        stays,
    })
}

/// Threats whose tolerance can fail; all of them where there is none.
fn judged(graph: &CapabilityGraph) -> Vec<usize> {
    let can_fail = |at: &usize| {
        let tolerance = &graph.threats[*at].tolerate;
        tolerance.no_grant || tolerance.unreachable || tolerance.failures.is_some() || tolerance.probability.is_some()
    };
    let all = 0..graph.threats.len();
    let judged: Vec<usize> = all.clone().filter(can_fail).collect();
    if judged.is_empty() { all.collect() } else { judged }
}

fn cheapest(world: &mut World<'_>, candidates: &[Candidate], enough: impl Fn(&State) -> bool) -> Cheapest {
    let switches = world.switches();
    let found: Found = search::cheapest(&switches, Effort::default(), |set| world.state(set).map(&enough));
    let plan = found.best.and_then(|set| plan(world, candidates, set));
    let none = plan.is_none() && found.proved;
    Cheapest { plan, optimal: found.proved, lower_bound_days: (!none).then_some(found.at_least as f64 / 1e6) }
}

fn plan(world: &mut World<'_>, candidates: &[Candidate], set: Set) -> Option<Plan> {
    let state = world.state(set)?.clone();
    let controls: Vec<usize> = members(set).collect();
    let cost_days = controls.iter().map(|at| candidates[*at].cost_days).fold(0.0, |all, days| all + days);
    Some(Plan { controls, cost_days, state })
}

/// What may still fail for threats that no control repairs, with the strongest set on.
fn stays(world: &World<'_>, strongest: Set, threats: &[usize], names: &[String]) -> Vec<Stays> {
    let Some(graph) = world.graph(strongest) else { return Vec::new() };
    let stays = threats.iter().filter_map(|&threat| {
        let at = graph.threats.iter().position(|asked| asked.name == names[threat])?;
        let found = attack_sets(&graph, at, Copies::Lumped, LABEL_WORK).ok()?;
        // The tolerance takes the honesty of these as holding: a set that needs its failure does not break it.
        let trusted = |id: &AssumptionId| {
            let honesty = graph.assumption(*id).honesty_of;
            honesty.is_some_and(|who| graph.threats[at].tolerate.trusting.contains(&who))
        };
        let kept = found.sets.iter().filter(|set| !set.iter().any(trusted));
        let names = |set: &Vec<AssumptionId>| set.iter().map(|id| graph.assumption(*id).name.clone()).collect();
        Some(Stays { threat, attack_sets: kept.map(names).collect(), complete: found.complete })
    });
    stays.collect()
}
