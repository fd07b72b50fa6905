//! A goal between two bounds that close in on it: the attack sets found so far from below, the hardening sets found so far from above.
//!
//! The goal is reached where some attack set has failed wholly, and only where every hardening set has failed in part. Take the likeliest
//! world that the sets found so far leave open. If it reaches the goal, a minimal attack set lies within what has failed; if not, a minimal
//! hardening set lies within what holds. Either settles that world and all like it. When no world is open, the goal is known exactly, however
//! large the diagrams of the capabilities on the way to it are. (Joint generation of a monotone function and its dual: Gurvich and
//! Khachiyan 1999.)

use biodivine_lib_bdd::Bdd;

use super::diagram::{Goal, Kernel, branches};
use super::formula::Formula;
use super::order::orders;
use super::{Limits, Stopped};
use crate::graph::unfold::Target;

/// What is known of a goal.
pub(super) struct Refined {
    /// The chance of the attack sets found.
    pub(super) low: f64,
    /// The chance that all hardening sets found have failed in part.
    pub(super) high: f64,
    /// The goal itself, where no world is left open.
    pub(super) goal: Option<Goal>,
}

/// Starts with some attack sets that are known, and refines until no world is open, the bounds differ by less than `width` relative, or so many sets are found. `numbers` are by variable, and
/// all of them guide the search; the bounds are of them.
///
/// # Errors
/// More variables than a diagram can have.
pub(super) fn refine(
    formula: &Formula,
    numbers: &[f64],
    known: &[Vec<u32>],
    (sets, width): (usize, f64),
    limits: &Limits,
) -> Result<Refined, Stopped> {
    if !matches!(formula.goal, Target::At(_)) {
        let goal = Goal::of_target(formula.goal);
        let value = f64::from(goal.root);
        return Ok(Refined { low: value, high: value, goal: Some(goal) });
    }
    let order = orders(formula).into_iter().next().unwrap_or_default();
    let mut level = vec![0; order.len()];
    order.iter().enumerate().for_each(|(at, variable)| level[*variable as usize] = at as u32);
    let kernel = Kernel::new(order.len(), limits)?;
    let (below, above) = (kernel.constant(false), kernel.constant(true));
    let mut between = Between { formula, numbers, order, level, kernel, below, above };
    for set in known {
        if between.reached_by(set).is_err() {
            break;
        }
    }
    for _ in 0..sets {
        let (low, high) = (between.chance(&between.below), between.chance(&between.above));
        let Some(world) = between.open_world() else { break };
        if high - low <= width * high || between.settle(&world).is_err() {
            break;
        }
    }
    let (low, high) = (between.chance(&between.below), between.chance(&between.above));
    let known = between.below == between.above;
    let (nodes, root) = branches(&between.below);
    let goal = known.then_some(Goal { nodes, root, variable: between.order });
    Ok(Refined { low, high, goal })
}

struct Between<'a> {
    formula: &'a Formula,
    numbers: &'a [f64],
    order: Vec<u32>,
    level: Vec<u32>,
    kernel: Kernel,
    below: Bdd,
    above: Bdd,
}

impl Between<'_> {
    fn number(&self, level: u32) -> f64 {
        self.numbers[self.order[level as usize] as usize]
    }

    fn chance(&self, of: &Bdd) -> f64 {
        let (nodes, root) = branches(of);
        let mut chance = vec![0.0, 1.0];
        for node in nodes.iter().skip(2) {
            let p = self.number(node.at);
            chance.push((1.0 - p) * chance[node.low as usize] + p * chance[node.high as usize]);
        }
        chance[root as usize]
    }

    /// The likeliest world that is open: what has failed in it, by variable. Worlds that cannot be come last.
    fn open_world(&self) -> Option<Vec<bool>> {
        let open = self.above.and_not(&self.below);
        if open.is_false() {
            return None;
        }
        let (nodes, root) = branches(&open);
        // Levels passed over take their likelier side, which does not depend on the way.
        let weigh = |p: f64| libm::log(p.max(1e-300));
        let side = |level: u32, failed: bool| {
            let p = self.number(level);
            let (own, best) = (if failed { p } else { 1.0 - p }, p.max(1.0 - p));
            weigh(own) - weigh(best)
        };
        let mut best = vec![f64::NEG_INFINITY, 0.0];
        for node in nodes.iter().skip(2) {
            let (low, high) =
                (best[node.low as usize] + side(node.at, false), best[node.high as usize] + side(node.at, true));
            best.push(low.max(high));
        }
        let mut failed: Vec<bool> = self.numbers.iter().map(|p| *p > 0.5).collect();
        let mut at = root;
        while at > 1 {
            let node = nodes[at as usize];
            let fails = best[node.high as usize] + side(node.at, true) > best[node.low as usize] + side(node.at, false);
            failed[self.order[node.at as usize] as usize] = fails;
            at = if fails { node.high } else { node.low };
        }
        Some(failed)
    }

    /// Adds the set that settles a world.
    fn settle(&mut self, world: &[bool]) -> Result<(), Stopped> {
        let mut likely: Vec<usize> = (0..world.len()).collect();
        likely.sort_by(|a, b| self.numbers[*b].total_cmp(&self.numbers[*a]).then(a.cmp(b)));
        let mut failed = world.to_vec();
        if self.reaches(&failed) {
            // What is least likely is spared first.
            for at in likely.into_iter().rev().filter(|at| world[*at]) {
                failed[at] = false;
                failed[at] = !self.reaches(&failed);
            }
            let set: Vec<u32> = (0..failed.len() as u32).filter(|at| failed[*at as usize]).collect();
            self.reached_by(&set)?;
        } else {
            // What is likeliest fails first.
            for at in likely.into_iter().filter(|at| !world[*at]) {
                failed[at] = true;
                failed[at] = !self.reaches(&failed);
            }
            let mut set = self.kernel.constant(false);
            let held = (0..failed.len() as u32).filter(|at| !failed[*at as usize]);
            for level in self.levels(held) {
                set = self.kernel.or(&self.kernel.variable(level), &set)?;
            }
            self.above = self.kernel.and(&self.above, &set)?;
        }
        Ok(())
    }

    /// Adds an attack set.
    fn reached_by(&mut self, set: &[u32]) -> Result<(), Stopped> {
        let mut all = self.kernel.constant(true);
        for level in self.levels(set.iter().copied()) {
            all = self.kernel.and(&self.kernel.variable(level), &all)?;
        }
        self.below = self.kernel.or(&self.below, &all)?;
        Ok(())
    }

    /// The levels of some variables, the last first.
    fn levels(&self, of: impl Iterator<Item = u32>) -> Vec<u32> {
        let mut levels: Vec<u32> = of.map(|at| self.level[at as usize]).collect();
        levels.sort_unstable_by(|a, b| b.cmp(a));
        levels
    }

    /// Is the goal derivable once these have failed?
    fn reaches(&self, failed: &[bool]) -> bool {
        let Target::At(goal) = self.formula.goal else { return false };
        let mut had = vec![false; self.formula.nodes];
        loop {
            let mut grown = false;
            for rule in &self.formula.rules {
                let gains = rule.gains as usize;
                let happens = !had[gains]
                    && rule.rests.iter().all(|at| failed[*at as usize])
                    && rule.needs.iter().all(|need| had[*need as usize]);
                had[gains] |= happens;
                grown |= happens;
            }
            if had[goal as usize] || !grown {
                return had[goal as usize];
            }
        }
    }
}
