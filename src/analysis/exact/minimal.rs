//! Minimal attack sets and minimal hardening sets, over assumptions or over controls.
//!
//! A set is told as a shape: an id once for each member needed. Over a population, a hardening set takes the same assumptions to hold for every
//! member, and stands for all of them; sets in which members differ are not listed, and then the family does not count as complete.

use std::collections::BTreeSet;

use super::diagram::Goal;
use super::formula::{Formula, lay_out, members};
use super::zdd::{Families, Price};
use super::{Limits, Stopped, controls};
use crate::analysis::shapes::{Shape, minimal};
use crate::graph::unfold::{Copies, Question, Target, Unfolded, unfold};
use crate::graph::{CapabilityGraph, ControlId};

/// Shapes compared with each other, at most.
const COMPARED: usize = 3_000;
/// Sets listed where even those of the smallest size are too many.
const FEW: usize = 100;

/// What the sets are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// Assumptions that fail, or hold.
    Assumptions,
    /// Monotone controls that are absent, or on; whatever assumptions fail.
    Controls,
}

/// A family of minimal sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetFamily {
    /// By size, then ids.
    pub sets: Vec<Shape>,
    /// How many there are in all, where that is known.
    pub count: Option<u128>,
    /// All are listed.
    pub complete: bool,
    /// All of at most this size are listed.
    pub complete_to: Option<u64>,
}

impl SetFamily {
    fn nothing_known() -> SetFamily {
        SetFamily { sets: Vec::new(), count: None, complete: false, complete_to: None }
    }
}

/// Both families of one threat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MinimalSets {
    /// What their ids are of.
    pub over: Over,
    /// Sets whose failure (or absence, all others on) makes the goal derivable.
    pub attack: SetFamily,
    /// Sets that, as long as they hold (or are on), keep the goal underivable.
    pub hardening: SetFamily,
    /// Controls that were left as they are: they can also add a way, so they are not monotone.
    pub left_out: Vec<ControlId>,
    /// What kept a family from being complete.
    pub stopped: Option<Stopped>,
}

/// The minimal sets of a threat. A threat that is not applicable has none of either kind.
pub fn minimal_sets(graph: &CapabilityGraph, threat: usize, over: Over, limits: &Limits) -> MinimalSets {
    let asked = &graph.threats[threat];
    let (varied, left_out) = controls::monotone(graph);
    let question = match over {
        Over::Assumptions => Question::of(asked, Copies::Lumped),
        Over::Controls => Question::without(asked, varied, Copies::Lumped),
    };
    let left_out = if over == Over::Controls { left_out } else { Vec::new() };
    if asked.not_applicable.is_some() {
        let none = SetFamily { sets: Vec::new(), count: Some(0), complete: true, complete_to: Some(u64::MAX) };
        return MinimalSets { over, attack: none.clone(), hardening: none, left_out, stopped: None };
    }
    let mut known = None;
    let attack = attack(graph, &question, limits, &mut known);
    let hardening = hardening(graph, &question, limits, &mut known).map(|family| match over {
        Over::Assumptions => family,
        Over::Controls => together(graph, family),
    });
    let stopped = attack.as_ref().err().or(hardening.as_ref().err()).copied();
    let known = |family: Result<SetFamily, Stopped>| family.unwrap_or_else(|_| SetFamily::nothing_known());
    MinimalSets { over, attack: known(attack), hardening: known(hardening), left_out, stopped }
}

/// Keeps the sets of controls that can be on together.
fn together(graph: &CapabilityGraph, mut family: SetFamily) -> SetFamily {
    let excludes = |a: &u32, b: &u32| graph.controls[*a as usize].excludes.contains(&ControlId(*b));
    let fits = |set: &Shape| {
        let ids: Vec<u32> = set.ids().collect();
        !ids.iter().any(|a| ids.iter().any(|b| excludes(a, b)))
    };
    let before = family.sets.len();
    family.sets.retain(fits);
    let gone = (before - family.sets.len()) as u128;
    family.count = if family.complete { family.count.map(|count| count - gone) } else { None };
    family
}

/// A diagram that is at hand, and what it is of.
type Known = Option<(Formula, Result<Goal, Stopped>)>;

fn attack(
    graph: &CapabilityGraph,
    question: &Question,
    limits: &Limits,
    known: &mut Known,
) -> Result<SetFamily, Stopped> {
    let unfolded = unfold(graph, question)?;
    let as_one = unfolded.as_one && unfolded.variables.iter().any(|variable| variable.weight > 1);
    let weights: Vec<u64> = unfolded.variables.iter().map(|variable| variable.weight).collect();
    let found = Solved::new(&unfolded, Side::Attack, limits, known)?;
    let mut family = found.family(&unfolded, &weights, limits);
    if as_one {
        differ(&mut family, &weights);
    }
    Ok(family)
}

fn hardening(
    graph: &CapabilityGraph,
    question: &Question,
    limits: &Limits,
    known: &mut Known,
) -> Result<SetFamily, Stopped> {
    let unfolded = lay_out(graph, question, limits.small)?;
    let members = members(graph, &unfolded);
    let of_block = |block: u32| {
        let path = &unfolded.blocks.block(block).path;
        path.iter().map(|id| members[*id as usize]).fold(1, u64::saturating_mul)
    };
    let weights: Vec<u64> = unfolded.variables.iter().map(|variable| of_block(variable.block)).collect();
    let found = Solved::new(&unfolded, Side::Hardening, limits, known)?;
    let mut family = found.family(&unfolded, &weights, limits);
    if !(family.complete && found.members_agree(&unfolded, &weights)) {
        differ(&mut family, &weights);
    }
    Ok(family)
}

/// Sets in which members of a population differ may be missing: none is smaller than the smallest population.
fn differ(family: &mut SetFamily, weights: &[u64]) {
    if let Some(least) = weights.iter().copied().filter(|weight| *weight > 1).min() {
        family.complete = false;
        family.count = None;
        family.complete_to = family.complete_to.map(|to| to.min(least.saturating_sub(1)));
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Attack,
    Hardening,
}

/// The minimal sets of an unfolded question, as a diagram.
struct Solved {
    families: Families,
    root: u32,
    /// The variable of each level.
    variable: Vec<u32>,
    /// Every set has a shape of its own.
    distinct: bool,
}

impl Solved {
    fn new(unfolded: &Unfolded, side: Side, limits: &Limits, known: &mut Known) -> Result<Solved, Stopped> {
        let formula = Formula::plain(unfolded);
        let goal = match known {
            Some((of, goal)) if *of == formula => goal.clone()?,
            _ => {
                let goal = Goal::of(&formula, limits);
                *known = Some((formula, goal.clone()));
                goal?
            }
        };
        let mut families = Families::new(limits.nodes);
        let root = match side {
            Side::Attack => families.minimal(&goal.table())?,
            Side::Hardening => families.dual(&goal.table())?,
        };
        // Variables stand in the order of what they count as.
        let distinct = unfolded.variables.windows(2).all(|pair| pair[0].counts_as != pair[1].counts_as);
        Ok(Solved { families, root, variable: goal.variable, distinct })
    }

    fn shape(&self, unfolded: &Unfolded, weights: &[u64], levels: &[u32]) -> Shape {
        let variables = levels.iter().map(|level| self.variable[*level as usize] as usize);
        Shape::new(variables.map(|at| (unfolded.variables[at].counts_as, weights[at])))
    }

    /// Counts the sets, and lists as many as the limit allows.
    fn family(&self, unfolded: &Unfolded, weights: &[u64], limits: &Limits) -> SetFamily {
        let cap = if self.distinct { limits.sets } else { limits.sets.min(COMPARED) };
        let sizes = self.families.by_size(self.root, self.variable.len());
        let mut listed = 0u128;
        let fits = sizes.iter().take_while(|n| {
            listed = listed.saturating_add(**n);
            listed <= cap as u128
        });
        let fits = fits.count();
        let all = fits == sizes.len();
        let levels = match fits.checked_sub(1) {
            Some(size) if sizes[..fits].iter().any(|n| *n > 0) => self.families.list(self.root, size),
            _ if all => Vec::new(),
            _ => self.few(),
        };
        let shapes = levels.iter().map(|levels| self.shape(unfolded, weights, levels));
        let sets = if self.distinct && weights.iter().all(|weight| *weight == 1) {
            let mut sets: Vec<Shape> = shapes.collect();
            sets.sort_by(|a, b| a.size().cmp(&b.size()).then_with(|| a.cmp(b)));
            sets
        } else {
            minimal(shapes.collect())
        };
        let count = match (all, self.distinct) {
            (true, _) => Some(sets.len() as u128),
            (false, true) => self.families.count(self.root),
            (false, false) => None,
        };
        let complete_to = if all { Some(u64::MAX) } else { fits.checked_sub(1).map(|size| size as u64) };
        SetFamily { sets, count, complete: all, complete_to }
    }

    /// The first few by size, then ids of variables.
    fn few(&self) -> Vec<Vec<u32>> {
        let first = self.families.first(self.root, FEW, &|_| (1, 0), &|level| self.variable[level as usize]);
        let level = |variable: &u32| self.variable.iter().position(|at| at == variable).map_or(0, |at| at as u32);
        first.iter().map(|set| set.iter().map(level).collect()).collect()
    }

    /// Do all sets take the same assumptions of each population, or none of it? Then no set exists in which members differ: whatever
    /// differed would hold, for each member, one of these sets, and so one that is the same for all.
    fn members_agree(&self, unfolded: &Unfolded, weights: &[u64]) -> bool {
        let all = self.families.list(self.root, self.variable.len());
        let mut parts: BTreeSet<(u32, Vec<u32>)> = BTreeSet::new();
        for set in &all {
            let own = |level: &u32| {
                let at = self.variable[*level as usize];
                (weights[at as usize] > 1).then(|| (unfolded.variables[at as usize].block, at))
            };
            let mut of_blocks: Vec<(u32, u32)> = set.iter().filter_map(own).collect();
            of_blocks.sort_unstable();
            for part in of_blocks.chunk_by(|a, b| a.0 == b.0) {
                parts.insert((part[0].0, part.iter().map(|(_, at)| *at).collect()));
            }
        }
        let blocks: BTreeSet<u32> = parts.iter().map(|(block, _)| *block).collect();
        parts.len() == blocks.len()
    }
}

/// The first minimal set of variables by price, size, and then the ids it counts as. A variable without a price cannot fail.
///
/// # Errors
/// A limit; ties beyond a few thousand count as one.
pub fn first_set(
    unfolded: &Unfolded,
    price: &dyn Fn(u32) -> u64,
    limits: &Limits,
) -> Result<Option<Vec<u32>>, Stopped> {
    match unfolded.goal {
        Target::Had => return Ok(Some(Vec::new())),
        Target::Never => return Ok(None),
        Target::At(_) => {}
    }
    let solved = Solved::new(unfolded, Side::Attack, limits, &mut None)?;
    let own = |at: u32| -> Price { (price(at), unfolded.variables[at as usize].weight) };
    let total = |set: &[u32]| {
        set.iter().map(|at| own(*at)).fold((0u64, 0u64), |a, b| (a.0.saturating_add(b.0), a.1.saturating_add(b.1)))
    };
    let level_price = |level: u32| own(solved.variable[level as usize]);
    let mut found = Vec::new();
    for k in [64, 4096] {
        found = solved.families.first(solved.root, k, &level_price, &|level| solved.variable[level as usize]);
        let tied = |set: &Vec<u32>| found.first().is_some_and(|first| total(first) == total(set));
        if found.len() < k || !found.last().is_some_and(tied) {
            break;
        }
    }
    let best = found.first().map(|first| total(first));
    found.retain(|set| Some(total(set)) == best);
    Ok(found.into_iter().min_by_key(|set| (crate::analysis::sets::shape_of(unfolded, set), set.clone())))
}
