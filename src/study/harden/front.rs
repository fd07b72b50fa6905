//! What money buys: the sets of controls that no other set beats in both cost and what remains.

use super::search::{Set, members};
use super::world::World;

/// With at most so many candidates every set is looked at.
const EVERY_SET: usize = 10;

/// Sets that were looked at.
pub struct Explored {
    /// The front, by rising cost.
    pub front: Vec<Set>,
    /// Every set was looked at.
    pub complete: bool,
    /// The set with the fewest failing threats, then the least that remains, then the cheapest.
    pub strongest: Set,
    /// (cost, failing, what remains, set) of every set that leaves a valid model.
    looked_at: Vec<(u64, usize, f64, Set)>,
}

impl Explored {
    /// The best set that costs at most this, in micro-days.
    pub fn within(&self, budget: f64) -> Option<Set> {
        let affordable = self.looked_at.iter().filter(|(cost, ..)| *cost as f64 <= budget + 0.5);
        affordable.min_by(|a, b| better(a, b)).map(|(.., set)| *set)
    }
}

fn better(a: &(u64, usize, f64, Set), b: &(u64, usize, f64, Set)) -> std::cmp::Ordering {
    a.1.cmp(&b.1).then(a.2.total_cmp(&b.2)).then(a.0.cmp(&b.0)).then(a.3.cmp(&b.3))
}

/// Looks at all sets of few candidates; of many, at those on the way of always switching on what takes most away for its cost.
pub fn explore(world: &mut World<'_>, candidates: usize, judged: &[usize]) -> Explored {
    let switches = world.switches();
    let complete = candidates <= EVERY_SET;
    let sets: Vec<Set> = if complete {
        (0..1u64 << candidates).filter(|set| switches.together(*set)).collect()
    } else {
        greedily(world, candidates, judged)
    };
    world.states_of(&sets);
    let mut looked_at = Vec::new();
    for set in sets {
        if let Some(state) = world.state(set) {
            looked_at.push((switches.cost(set), state.failing(), state.worst(judged), set));
        }
    }
    let mut by_cost = looked_at.clone();
    by_cost.sort_by(|a, b| a.0.cmp(&b.0).then(a.2.total_cmp(&b.2)).then(a.1.cmp(&b.1)).then(a.3.cmp(&b.3)));
    let mut front = Vec::new();
    let mut least = f64::INFINITY;
    for (.., remains, set) in by_cost {
        // A difference that rounding could make is none.
        if remains < least * (1.0 - 1e-9) {
            front.push(set);
            least = remains;
        }
    }
    let strongest = looked_at.iter().min_by(|a, b| better(a, b)).map_or(0, |(.., set)| *set);
    Explored { front, complete, strongest, looked_at }
}

fn greedily(world: &mut World<'_>, candidates: usize, judged: &[usize]) -> Vec<Set> {
    let switches = world.switches();
    let mut at: Set = 0;
    let mut sets = vec![0];
    loop {
        let more: Vec<Set> =
            (0..candidates).map(|one| at | 1 << one).filter(|set| *set != at && switches.together(*set)).collect();
        world.states_of(&more);
        sets.extend(&more);
        let remains = world.state(at).map_or(f64::INFINITY, |state| state.worst(judged));
        let mut best: Option<(f64, Set)> = None;
        for set in more {
            let Some(with) = world.state(set).map(|state| state.worst(judged)) else { continue };
            let cost = members(set & !at).map(|one| switches.costs[one]).sum::<u64>().max(1);
            let gain = (remains - with) / cost as f64;
            if gain > 0.0 && best.is_none_or(|(most, _)| gain > most) {
                best = Some((gain, set));
            }
        }
        match best {
            Some((_, set)) => at = set,
            None => break,
        }
    }
    sets.push(switches_all(candidates, &switches));
    sets.sort_unstable();
    sets.dedup();
    sets
}

/// Everything, if it goes together; else nothing.
fn switches_all(candidates: usize, switches: &super::search::Switches) -> Set {
    let all = (0..candidates).fold(0, |set, at| set | 1u64 << at);
    if switches.together(all) { all } else { 0 }
}
