//! From choices to what is told: keys that order paths, shapes, and the path with what dominates it.

use super::choices::{Choices, NEVER, seconds};
use crate::analysis::Path;
use crate::analysis::closure::Closure;
use crate::analysis::problem::Problem;
use crate::analysis::question::{Question, contains};
use crate::analysis::sets;
use crate::graph::{AssumptionId, StepId};

/// The order of paths: cost, number of steps, step ids.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Cost; [`NEVER`] is infinite.
    pub cost: u64,
    /// Number of steps.
    pub steps: u32,
    /// Step ids as told, ascending; an id once per member needed.
    pub ids: Vec<StepId>,
}

/// The key of a full choice.
pub fn key(question: &Question, problem: &Problem, choices: &Choices, ways: &[u32]) -> Key {
    let mut items: Vec<u32> = ways.iter().flat_map(|way| choices.items.row(*way).iter().copied()).collect();
    items.sort_unstable();
    items.dedup();
    let mut ids: Vec<StepId> = ways.iter().map(|way| question.step(problem, choices.step[*way as usize])).collect();
    ids.sort_unstable();
    let cost = items.iter().fold(0, |sum: u64, item| sum.saturating_add(choices.price[*item as usize]));
    Key { cost, steps: ids.len() as u32, ids }
}

/// The keys, in order, without those whose steps strictly contain another's.
pub fn minimal<'k>(keys: impl Iterator<Item = &'k Key>) -> Vec<&'k Key> {
    let mut kept: Vec<(u64, &Key)> = Vec::new();
    for key in keys {
        let marks = key.ids.iter().fold(0_u64, |marks, id| marks | 1 << (id.0 % 64));
        // What is contained in it costs no more and has fewer steps: it came before. The marks rule most of them out at once.
        let inside = |(small, other): &(u64, &Key)| {
            small & !marks == 0 && other.ids.len() < key.ids.len() && contains(&key.ids, &other.ids)
        };
        if !kept.iter().any(inside) {
            kept.push((marks, key));
        }
    }
    kept.into_iter().map(|(_, key)| key).collect()
}

/// Does every step of a choice matter? Only a threshold can make one idle.
pub fn is_minimal(problem: &Problem, choices: &Choices, ways: &[u32]) -> bool {
    let steps: Vec<u32> = ways.iter().map(|way| choices.step[*way as usize]).collect();
    let mut closure = Closure::new(problem);
    steps.iter().all(|left_out| !closure.run(problem, |step| step != *left_out && steps.contains(&step)))
}

/// A path as it is told, replayed from the footholds to the goal; with what dominates it, if that is wanted.
pub fn path(question: &Question, problem: &Problem, choices: &Choices, found: (&Key, &[u32]), judged: bool) -> Path {
    let (key, ways) = found;
    let mut steps: Vec<u32> = ways.iter().map(|way| choices.step[*way as usize]).collect();
    steps.sort_unstable();
    let mut closure = Closure::new(problem);
    let reached = closure.run(problem, |step| steps.binary_search(&step).is_ok());
    debug_assert!(reached, "a path that does not replay");
    let order: Vec<StepId> =
        ordered(problem, &closure.order).iter().map(|step| question.step(problem, *step)).collect();
    let mut failed: Vec<u32> = steps.iter().flat_map(|step| problem.rests.row(*step).iter().copied()).collect();
    failed.sort_unstable();
    failed.dedup();
    let work: u64 = steps.iter().map(|step| seconds(question, problem, *step)).sum();
    Path {
        steps: key.ids.clone(),
        assumptions: sets::shape(question, problem, &failed),
        order,
        cost: (key.cost != NEVER).then_some(key.cost),
        probability: failed.iter().map(|at| question.probability(problem, *at)).product(),
        effort_hours: work as f64 / 3600.0,
        dominated_by: if judged { dominated_by(question, problem, &mut closure, &failed) } else { None },
    }
}

/// The steps of a replay so that each follows what it needs, told depth-first towards the goal: what belongs together stays together.
fn ordered(problem: &Problem, replay: &[u32]) -> Vec<u32> {
    let by_gain = |capability: u32| replay.iter().copied().find(|step| problem.gains[*step as usize] == capability);
    let position = |step: u32| replay.iter().position(|at| *at == step);
    let mut told: Vec<u32> = Vec::new();
    let mut stack: Vec<(u32, bool)> = problem.goal.and_then(by_gain).map(|step| (step, false)).into_iter().collect();
    while let Some((step, ready)) = stack.pop() {
        if told.contains(&step) {
            continue;
        }
        if ready {
            told.push(step);
            continue;
        }
        stack.push((step, true));
        let voters = problem.quorums[step as usize].iter().flat_map(|quorum| quorum.of.iter());
        let needs = problem.needs.row(step).iter().chain(voters).filter_map(|need| by_gain(*need));
        // A step only waits for what the replay had before it: that is what makes the order end.
        let mut before: Vec<u32> = needs.filter(|other| position(*other) < position(step)).collect();
        before.sort_unstable_by_key(|other| std::cmp::Reverse(position(*other)));
        before.dedup();
        stack.extend(before.into_iter().map(|other| (other, false)));
    }
    told
}

/// The smallest, then first by ids, of the minimal attack sets strictly inside these failures.
fn dominated_by(
    question: &Question,
    problem: &Problem,
    closure: &mut Closure,
    failed: &[u32],
) -> Option<Vec<AssumptionId>> {
    let mut reaches = |set: &[u32]| {
        closure.run(problem, |step| problem.rests.row(step).iter().all(|at| set.binary_search(at).is_ok()))
    };
    let smaller = failed.iter().any(|left_out| {
        let rest: Vec<u32> = failed.iter().copied().filter(|at| at != left_out).collect();
        reaches(&rest)
    });
    if !smaller {
        return None;
    }
    for size in 0..failed.len() {
        let mut best: Option<Vec<AssumptionId>> = None;
        for_subsets(failed, size, &mut |set| {
            if reaches(set) {
                let shape = sets::shape(question, problem, &set.to_vec());
                if best.as_ref().is_none_or(|best| shape < *best) {
                    best = Some(shape);
                }
            }
        });
        if best.is_some() {
            return best;
        }
    }
    None
}

fn for_subsets(of: &[u32], size: usize, visit: &mut impl FnMut(&[u32])) {
    fn go(of: &[u32], from: usize, left: usize, set: &mut Vec<u32>, visit: &mut impl FnMut(&[u32])) {
        if left == 0 {
            return visit(set);
        }
        for at in from..=of.len().saturating_sub(left) {
            if at < of.len() {
                set.push(of[at]);
                go(of, at + 1, left - 1, set, visit);
                set.pop();
            }
        }
    }
    go(of, 0, size, &mut Vec::new(), visit);
}
