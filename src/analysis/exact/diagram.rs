//! Decision diagrams of the nodes of a system, with limits.

use biodivine_lib_bdd::{Bdd, BddPointer, BddVariable, BddVariableSet, op_function};

use super::formula::Formula;
use super::order::orders;
use super::rings::{Ring, rings};
use super::{Limits, Stopped};
use crate::graph::unfold::Target;

/// Makes diagrams over a fixed number of levels, and counts.
pub struct Kernel {
    set: BddVariableSet,
    limits: Limits,
    made: u64,
    /// Keep every result small, at the price of being a bound.
    fit: Option<Fit>,
}

/// Diagrams kept small: what is cut off counts as never (a bound from below) or as always (from above).
pub struct Fit {
    /// From above.
    pub above: bool,
    /// Nodes of one diagram.
    pub size: usize,
    /// The number of each level's variable: what is least likely is cut off first.
    pub numbers: Vec<f64>,
}

impl Kernel {
    /// For so many levels.
    ///
    /// # Errors
    /// More levels than a diagram can have.
    pub fn new(levels: usize, limits: &Limits) -> Result<Kernel, Stopped> {
        match u16::try_from(levels) {
            Ok(n) if n < u16::MAX - 1 => {
                Ok(Kernel { set: BddVariableSet::new_anonymous(n), limits: *limits, made: 0, fit: None })
            }
            _ => Err(Stopped::Variables(levels)),
        }
    }

    /// From now on with bounds in place of diagrams that are too large.
    pub fn fitting(self, fit: Fit) -> Kernel {
        Kernel { fit: Some(fit), ..self }
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
        let out = match &self.fit {
            None => Bdd::binary_op_with_limit(self.limits.nodes, a, b, op).ok_or(Stopped::Nodes(self.limits.nodes))?,
            Some(fit) => fit.apply(a, b, op),
        };
        self.made += a.size().max(b.size()).max(out.size()) as u64;
        if self.made > self.limits.work { Err(Stopped::Work(self.limits.work)) } else { Ok(out) }
    }

    /// Has a component gone round often enough for what is only a bound?
    fn is_enough(&self, rounds: usize) -> bool {
        self.fit.is_some() && rounds > ROUNDS
    }
}

type Operation = fn(Option<bool>, Option<bool>) -> Option<bool>;

/// Rounds of one component before a bound is taken as it is.
const ROUNDS: usize = 40;
/// How much larger than wanted a result may be before it is cut.
const ROOM: usize = 16;

impl Fit {
    fn apply(&self, a: &Bdd, b: &Bdd, op: Operation) -> Bdd {
        let (mut a, mut b) = (a.clone(), b.clone());
        loop {
            if let Some(out) = Bdd::binary_op_with_limit(self.size * ROOM, &a, &b, op) {
                return if out.size() > self.size { self.cut(&out, self.size / 2) } else { out };
            }
            (a, b) = (self.cut(&a, a.size() / 2), self.cut(&b, b.size() / 2));
        }
    }

    /// Cuts off the nodes that change the probability least, until at most so many are left.
    fn cut(&self, of: &Bdd, size: usize) -> Bdd {
        let (nodes, root) = branches(of);
        let mut chance = vec![0.0, 1.0];
        for node in nodes.iter().skip(2) {
            let p = self.numbers[node.at as usize];
            chance.push((1.0 - p) * chance[node.low as usize] + p * chance[node.high as usize]);
        }
        let mut met = vec![0.0; nodes.len().max(2)];
        met[root as usize] = 1.0;
        for (at, node) in nodes.iter().enumerate().skip(2).rev() {
            let p = self.numbers[node.at as usize];
            met[node.low as usize] += (1.0 - p) * met[at];
            met[node.high as usize] += p * met[at];
        }
        let moved = |at: usize| met[at] * if self.above { 1.0 - chance[at] } else { chance[at] };
        let mut order: Vec<usize> = (2..nodes.len()).collect();
        order.sort_by(|a, b| moved(*a).total_cmp(&moved(*b)).then(a.cmp(b)));
        order.truncate(nodes.len().saturating_sub(size));
        let gone: Vec<BddPointer> = order.into_iter().map(BddPointer::from_index).collect();
        if self.above { of.overapproximate(&gone) } else { of.underapproximate(&gone) }
    }
}

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
    for round in 0.. {
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
            break;
        }
        if kernel.is_enough(round) {
            if kernel.fit.as_ref().is_some_and(|fit| fit.above) {
                ring.nodes.iter().for_each(|node| values[*node as usize] = kernel.constant(true));
            }
            break;
        }
    }
    Ok(())
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

/// A diagram of fewer nodes is not worth another order.
pub const SMALL: usize = 2_000;

impl Goal {
    /// Of a system without populations, in the best order tried.
    ///
    /// # Errors
    /// A limit, in every order.
    pub fn of(formula: &Formula, limits: &Limits) -> Result<Goal, Stopped> {
        let goal = match formula.goal {
            Target::At(goal) => goal,
            Target::Had => return Ok(Goal { nodes: Vec::new(), root: 1, variable: Vec::new() }),
            Target::Never => return Ok(Goal { nodes: Vec::new(), root: 0, variable: Vec::new() }),
        };
        best(formula, limits, Goal::size, |order, limits| {
            let mut level = vec![0; order.len()];
            order.iter().enumerate().for_each(|(at, variable)| level[*variable as usize] = at as u32);
            let mut kernel = Kernel::new(order.len(), limits)?;
            let (nodes, root) = branches(&solve(formula, &level, &[], &mut kernel)?[goal as usize]);
            Ok(Goal { nodes, root, variable: order.to_vec() })
        })
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
        let bound = match &best {
            Some(Ok(found)) if size(found) <= SMALL => break,
            Some(Ok(found)) => size(found),
            _ => limits.nodes,
        };
        let found = run(&order, &Limits { nodes: bound, ..*limits });
        best = match (best, found) {
            (None, found) => Some(found),
            (Some(Ok(known)), Ok(found)) if size(&found) >= size(&known) => Some(Ok(known)),
            (Some(_), Ok(found)) => Some(Ok(found)),
            (known, Err(_)) => known,
        };
    }
    best.unwrap_or(Err(Stopped::Nodes(limits.nodes)))
}
