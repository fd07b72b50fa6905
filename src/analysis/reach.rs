//! Reach of one threat: status, k, the profiles and the extent.

use super::closure::Closure;
use super::labels::{Bound, Environment, Label, label};
use super::paths::{self, SearchOptions};
use super::problem::{Ask, Problem};
use super::question::Question;
use super::{Cost, Extent, Reach, Status, sets};
use crate::graph::unfold::{Copies, Unfolded};
use crate::graph::{AssumptionId, CapabilityGraph, Threat};

/// The reach of a threat. Exact, except where `profile_complete` says that counting stopped.
pub fn reach(graph: &CapabilityGraph, threat: usize) -> Reach {
    let question = Question::new(graph, threat, Copies::Lumped(0));
    let mut reach = Reach {
        status: Status::NotApplicable,
        k: None,
        k_trusting: None,
        profile: [0; 4],
        profile_wide: [0; 4],
        profile_complete: true,
        extent: None,
    };
    if question.threat.not_applicable.is_some() {
        return reach;
    }
    let problem = question.whole_problem();
    reach.status = Status::Unreachable;
    if problem.goal.is_none() {
        return reach;
    }
    let label = label(&problem, &[], Bound::ALL);
    reach.k = Some(smallest(&label, graph, threat));
    reach.status = if reach.k == Some(0) { Status::Grant } else { Status::Exploit };
    reach.k_trusting = trusting(&question, graph, threat, reach.k);
    reach.profile_complete = label.complete_to(3);
    let spread = Spread::new(graph, threat);
    for shape in shapes(&question, &problem, &label) {
        if let Some(n) = reach.profile.get_mut(shape.told.len()) {
            *n += 1;
            if spread.as_ref().is_some_and(|spread| spread.after(&question, &problem, &shape.environment).is_everyone())
            {
                reach.profile_wide[shape.told.len()] += 1;
            }
        }
    }
    reach.extent = spread.and_then(|spread| {
        let likeliest = likeliest(&question, &problem, &label, graph, threat)?;
        Some(spread.after(&question, &problem, &likeliest).extent())
    });
    reach
}

/// The size of the smallest environment; where the labels gave up before finding one, by searching the path of fewest failures.
fn smallest(label: &Label, graph: &CapabilityGraph, threat: usize) -> u32 {
    if let Some(first) = label.environments.first() {
        return first.len() as u32;
    }
    let options = SearchOptions { k: 1, cost: Cost::Fewest, limit: u64::MAX };
    let found = paths::search(graph, threat, &options);
    found.paths.first().and_then(|path| path.cost).map_or(u32::MAX, |cost| cost as u32)
}

/// k with the honesty of those the tolerance trusts taken as holding.
fn trusting(question: &Question, graph: &CapabilityGraph, threat: usize, k: Option<u32>) -> Option<u32> {
    let trusted = &question.threat.tolerate.trusting;
    if trusted.is_empty() {
        return k;
    }
    let holds = |raw: u32| {
        let id = question.unfolded.assumptions[raw as usize].id;
        graph.assumption(id).honesty_of.is_some_and(|who| trusted.contains(&who))
    };
    let problem = question.problem(&|raw| !holds(raw));
    problem.goal?;
    let found = label(&problem, &[], Bound::ALL);
    match found.environments.first() {
        Some(first) => Some(first.len() as u32),
        None => {
            let mut honest = graph.clone();
            honest.steps.retain(|step| {
                !step
                    .assumptions
                    .iter()
                    .any(|id| graph.assumption(*id).honesty_of.is_some_and(|who| trusted.contains(&who)))
            });
            honest.index();
            Some(smallest(&found, &honest, threat))
        }
    }
}

struct Shape {
    told: Vec<AssumptionId>,
    environment: Environment,
}

/// One environment for each minimal shape.
fn shapes(question: &Question, problem: &Problem, label: &Label) -> Vec<Shape> {
    let told = sets::told(question, problem, label);
    let mut found: Vec<Shape> = Vec::new();
    for environment in &label.environments {
        let shape = sets::shape(question, problem, environment);
        if told.binary_search_by(|known| known.len().cmp(&shape.len()).then_with(|| known.cmp(&shape))).is_ok()
            && !found.iter().any(|known| known.told == shape)
        {
            found.push(Shape { told: shape, environment: environment.clone() });
        }
    }
    found
}

/// The likeliest minimal attack set; ties: fewer, then ids. Where the labels gave up, that of the likeliest path.
fn likeliest(
    question: &Question,
    problem: &Problem,
    label: &Label,
    graph: &CapabilityGraph,
    threat: usize,
) -> Option<Environment> {
    let product =
        |environment: &Environment| environment.iter().map(|at| question.probability(problem, *at)).product::<f64>();
    if label.settled.is_none() {
        let all = shapes(question, problem, label);
        let best = all.into_iter().min_by(|a, b| {
            let by_chance = product(&b.environment).total_cmp(&product(&a.environment));
            by_chance.then_with(|| a.told.len().cmp(&b.told.len())).then_with(|| a.told.cmp(&b.told))
        });
        return best.map(|shape| shape.environment);
    }
    let options = SearchOptions { k: 1, cost: Cost::Likeliest, limit: SearchOptions::LIMIT };
    let best = paths::search(graph, threat, &options).paths.into_iter().next()?;
    let set = best.dominated_by.unwrap_or(best.assumptions);
    let find =
        |id: &AssumptionId| (0..problem.assumptions() as u32).find(|at| question.assumption(problem, *at) == *id);
    set.iter().map(find).collect()
}

/// Whom a set of failures gives up beside the victim: asked on one copy more of each block, which stands for the untouched members.
struct Spread<'g> {
    question: Question<'g>,
    problem: Problem,
    others: Vec<u32>,
}

/// How many, of how many.
struct Reached {
    victim: bool,
    others: u64,
    all_others: u64,
    group: u64,
    others_in_group: u64,
}

impl<'g> Spread<'g> {
    /// `None` for a threat without others.
    fn new(graph: &'g CapabilityGraph, threat: usize) -> Option<Spread<'g>> {
        let question = Question::new(graph, threat, Copies::Lumped(1));
        let others: Vec<u32> = question.threat.others.iter().flat_map(|id| question.unfolded.all(*id)).collect();
        if others.is_empty() {
            return None;
        }
        let targets: Vec<u32> = [question.goal()].into_iter().chain(others.iter().copied()).collect();
        let start = question.start();
        let problem = Problem::new(&question.unfolded, &Ask { start: &start, targets: &targets, may_fail: &|_| true });
        Some(Spread { question, problem, others })
    }

    /// With exactly these failed.
    fn after(&self, asked: &Question, problem: &Problem, environment: &Environment) -> Reached {
        let failed: Vec<_> = environment
            .iter()
            .map(|at| &asked.unfolded.assumptions[problem.assumption_of[*at as usize] as usize])
            .collect();
        let fails = |at: u32| {
            failed.contains(&&self.question.unfolded.assumptions[self.problem.assumption_of[at as usize] as usize])
        };
        let fails: Vec<bool> = (0..self.problem.assumptions() as u32).map(fails).collect();
        let mut closure = Closure::new(&self.problem);
        let victim =
            closure.run(&self.problem, |step| self.problem.rests.row(step).iter().all(|at| fails[*at as usize]));
        let had = |raw: u32| self.problem.capability_of.binary_search(&raw).is_ok_and(|at| closure.had[at]);
        let nested = |raw: u32| in_other_group(self.question.threat, &self.question.unfolded, raw);
        let mut reached = Reached { victim, others: 0, all_others: 0, group: 0, others_in_group: 0 };
        for &raw in &self.others {
            let members = self.question.unfolded.members(raw);
            let hit = if had(raw) { members } else { 0 };
            reached.all_others = reached.all_others.saturating_add(members);
            reached.others = reached.others.saturating_add(hit);
            if !nested(raw) {
                reached.group += members;
                reached.others_in_group += hit;
            }
        }
        if !self.others.iter().any(|raw| nested(*raw)) {
            reached.group = 0;
        }
        reached
    }
}

/// Groups exist where some copy of the goal is said to lie apart, or lies in a nested block; the rest share the victim's group.
fn in_other_group(threat: &Threat, unfolded: &Unfolded, raw: u32) -> bool {
    let id = unfolded.capabilities[raw as usize].id;
    let nested = || {
        let families = &unfolded.graph.families;
        unfolded.graph.capability(id).family.is_some_and(|family| families[family.0 as usize].within.is_some())
    };
    if threat.apart.is_empty() { nested() } else { threat.apart.contains(&id) }
}

impl Reached {
    fn is_everyone(&self) -> bool {
        self.others == self.all_others
    }

    fn extent(&self) -> Extent {
        let members = self.others + u64::from(self.victim);
        let exactly_group = self.group > 0 && self.others_in_group == self.group && self.others == self.group;
        let word = if self.is_everyone() {
            "all"
        } else if members <= 1 {
            "one"
        } else if exactly_group {
            "group"
        } else {
            "some"
        };
        Extent { word, members }
    }
}
