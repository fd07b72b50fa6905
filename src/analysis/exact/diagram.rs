//! Decision diagrams of the nodes of a system, with limits.

use biodivine_lib_bdd::{Bdd, BddPointer, BddVariable, BddVariableSet, op_function};

use super::formula::Formula;
use super::order::orders;
use super::refine::{Refined, refine};
use super::rings::{Ring, rings};
use super::{Limits, Stopped};
use crate::graph::unfold::Target;

/// Makes diagrams over a fixed number of levels, and counts.
pub struct Kernel {
    set: BddVariableSet,
    limits: Limits,
    made: u64,
}

impl Kernel {
    /// For so many levels.
    ///
    /// # Errors
    /// More levels than a diagram can have.
    pub fn new(levels: usize, limits: &Limits) -> Result<Kernel, Stopped> {
        match u16::try_from(levels) {
            Ok(n) if n < u16::MAX - 1 => Ok(Kernel { set: BddVariableSet::new_anonymous(n), limits: *limits, made: 0 }),
            _ => Err(Stopped::Variables(levels)),
        }
    }

    /// Always so, or never.
    pub fn constant(&self, value: bool) -> Bdd {
        if value { self.set.mk_true() } else { self.set.mk_false() }
    }

    /// The variable of a level.
    pub fn variable(&self, level: u32) -> Bdd {
        self.set.mk_var(BddVariable::from_index(level as usize))
    }

    /// Where the variable of a level holds.
    pub fn negated(&self, level: u32) -> Bdd {
        self.set.mk_not_var(BddVariable::from_index(level as usize))
    }

    /// Both.
    ///
    /// # Errors
    /// A limit.
    pub fn and(&mut self, a: &Bdd, b: &Bdd) -> Result<Bdd, Stopped> {
        if a.is_false() || b.is_true() {
            return Ok(a.clone());
        }
        if b.is_false() || a.is_true() {
            return Ok(b.clone());
        }
        self.apply(a, b, op_function::and)
    }

    /// Either.
    ///
    /// # Errors
    /// A limit.
    pub fn or(&mut self, a: &Bdd, b: &Bdd) -> Result<Bdd, Stopped> {
        if a.is_true() || b.is_false() {
            return Ok(a.clone());
        }
        if b.is_true() || a.is_false() {
            return Ok(b.clone());
        }
        self.apply(a, b, op_function::or)
    }

    fn apply(&mut self, a: &Bdd, b: &Bdd, op: Operation) -> Result<Bdd, Stopped> {
        let out = Bdd::binary_op_with_limit(self.limits.nodes, a, b, op).ok_or(Stopped::Nodes(self.limits.nodes))?;
        self.made += a.size().max(b.size()).max(out.size()) as u64;
        if self.made > self.limits.work { Err(Stopped::Work(self.limits.work)) } else { Ok(out) }
    }
}

type Operation = fn(Option<bool>, Option<bool>) -> Option<bool>;

/// Solves a system: the least diagrams that satisfy it, one for each node. `level` gives the level of each variable; `given` lists nodes that
/// also hold where the variable of a level does.
///
/// # Errors
/// A limit.
pub fn solve(formula: &Formula, level: &[u32], given: &[(u32, u32)], kernel: &mut Kernel) -> Result<Vec<Bdd>, Stopped> {
    let mut rules: Vec<Vec<usize>> = vec![Vec::new(); formula.nodes];
    for (at, rule) in formula.rules.iter().enumerate() {
        rules[rule.gains as usize].push(at);
    }
    let mut values = vec![kernel.constant(false); formula.nodes];
    for (node, level) in given {
        values[*node as usize] = kernel.variable(*level);
    }
    let rests = conjunctions(formula, level, kernel)?;
    for ring in rings(formula) {
        settle(formula, &ring, &rules, &rests, &mut values, kernel)?;
    }
    Ok(values)
}

/// What each rule rests on, as a diagram.
fn conjunctions(formula: &Formula, level: &[u32], kernel: &mut Kernel) -> Result<Vec<Bdd>, Stopped> {
    let mut out = Vec::new();
    for rule in &formula.rules {
        let mut levels: Vec<u32> = rule.rests.iter().map(|variable| level[*variable as usize]).collect();
        levels.sort_unstable();
        let mut all = kernel.constant(true);
        for level in levels.into_iter().rev() {
            all = kernel.and(&kernel.variable(level), &all)?;
        }
        out.push(all);
    }
    Ok(out)
}

/// The least values of one component; those before it have theirs.
fn settle(
    formula: &Formula,
    ring: &Ring,
    rules: &[Vec<usize>],
    rests: &[Bdd],
    values: &mut [Bdd],
    kernel: &mut Kernel,
) -> Result<(), Stopped> {
    loop {
        let mut grown = false;
        for node in &ring.nodes {
            let mut value = values[*node as usize].clone();
            for rule in &rules[*node as usize] {
                let mut all = rests[*rule].clone();
                for need in &formula.rules[*rule].needs {
                    all = kernel.and(&values[*need as usize], &all)?;
                }
                value = kernel.or(&value, &all)?;
            }
            if value != values[*node as usize] {
                values[*node as usize] = value;
                grown = true;
            }
        }
        if !ring.turns || !grown {
            return Ok(());
        }
    }
}

/// One node of a diagram as plain numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Branch {
    /// Its level, or (where it says so) its variable.
    pub at: u32,
    /// Where the variable holds (the assumption has not failed).
    pub low: u32,
    /// Where it has failed.
    pub high: u32,
}

/// The nodes of a diagram, children before parents, 0 and 1 the constants; and the root.
pub fn branches(of: &Bdd) -> (Vec<Branch>, u32) {
    let branch = |at: BddPointer| Branch {
        at: of.var_of(at).to_index() as u32,
        low: of.low_link_of(at).to_index() as u32,
        high: of.high_link_of(at).to_index() as u32,
    };
    let nodes: Vec<Branch> = of.pointers().map(branch).collect();
    (nodes, of.root_pointer().to_index() as u32)
}

/// The decision diagram of a goal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goal {
    /// Its nodes by level, children before parents, 0 and 1 the constants.
    pub nodes: Vec<Branch>,
    /// Where it starts.
    pub root: u32,
    /// The variable of each level.
    pub variable: Vec<u32>,
}

/// Work after which another way to the diagram is tried.
const QUICK: u64 = 400_000;
/// Nodes, and sets, of that other way.
const FEW: usize = 5_000;
const SETS: usize = 400;
/// All variables alike.
const EVENLY: f64 = 0.1;
/// Work spent on an order once there is a diagram in another.
const AGAIN: u64 = 2_000_000;
/// A diagram of fewer nodes is not worth another order.
pub const SMALL: usize = 2_000;

impl Goal {
    /// Of a system without populations, in the best order tried.
    ///
    /// # Errors
    /// A limit, in every order.
    pub fn of(formula: &Formula, limits: &Limits) -> Result<Goal, Stopped> {
        let Target::At(goal) = formula.goal else { return Ok(Goal::of_target(formula.goal)) };
        let run = |order: &[u32], limits: &Limits| Goal::in_order(formula, goal, order, limits);
        let quick = Limits { work: QUICK.min(limits.work), ..*limits };
        if let Some(found) = orders(formula).first().and_then(|order| run(order, &quick).ok()) {
            return Ok(found);
        }
        // Few sets may make a small diagram of a goal whose way there is a large one.
        let evenly = vec![EVENLY; formula.variables.len()];
        let small = Limits { nodes: limits.nodes.min(FEW), ..quick };
        match refine(formula, &evenly, &[], (SETS, 0.0), &small) {
            Ok(Refined { goal: Some(goal), .. }) => Ok(goal),
            _ => best(formula, limits, Goal::size, run),
        }
    }

    /// Of a goal that is had, or cannot be reached.
    pub(super) fn of_target(target: Target) -> Goal {
        Goal { nodes: Vec::new(), root: u32::from(target == Target::Had), variable: Vec::new() }
    }

    fn in_order(formula: &Formula, goal: u32, order: &[u32], limits: &Limits) -> Result<Goal, Stopped> {
        let mut level = vec![0; order.len()];
        order.iter().enumerate().for_each(|(at, variable)| level[*variable as usize] = at as u32);
        let mut kernel = Kernel::new(order.len(), limits)?;
        let (nodes, root) = branches(&solve(formula, &level, &[], &mut kernel)?[goal as usize]);
        Ok(Goal { nodes, root, variable: order.to_vec() })
    }

    /// How many nodes it has.
    pub fn size(&self) -> usize {
        self.nodes.len()
    }

    /// With its constants, whatever it is.
    pub fn table(&self) -> (Vec<Branch>, u32) {
        let constant = Branch { at: u32::MAX, low: 0, high: 0 };
        let mut nodes = self.nodes.clone();
        nodes.resize(nodes.len().max(2), constant);
        (nodes, self.root)
    }
}

/// The smallest result over the orders worth trying: a later one must be smaller than the best before it.
///
/// # Errors
/// What stopped the first, if none succeeds.
pub fn best<T>(
    formula: &Formula,
    limits: &Limits,
    size: impl Fn(&T) -> usize,
    mut run: impl FnMut(&[u32], &Limits) -> Result<T, Stopped>,
) -> Result<T, Stopped> {
    let mut best: Option<Result<T, Stopped>> = None;
    for order in orders(formula) {
        let limits = match &best {
            Some(Ok(found)) if size(found) <= SMALL => break,
            Some(Ok(found)) => Limits { nodes: size(found), work: limits.work.min(AGAIN), ..*limits },
            _ => *limits,
        };
        let found = run(&order, &limits);
        best = match (best, found) {
            (None, found) => Some(found),
            (Some(Ok(known)), Ok(found)) if size(&found) >= size(&known) => Some(Ok(known)),
            (Some(_), Ok(found)) => Some(Ok(found)),
            (known, Err(_)) => known,
        };
    }
    best.unwrap_or(Err(Stopped::Nodes(limits.nodes)))
}
