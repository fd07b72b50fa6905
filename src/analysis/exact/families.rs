//! From a system with populations to something that is evaluated many times.
//!
//! Fix the shared assumptions. Let S run over the sets of interface capabilities, and let U be those S that the shared rules do not leave and
//! that do not give the goal. The goal is out of reach exactly if every copy of every population adds nothing to some S of U. The sets a copy
//! adds nothing to are closed under intersection, so the alternating sum over the chains of U counts that event once:
//!
//! ```text
//! P(goal) = sum over non-empty chains c of U of (-1)^(|c|+1) w(c),    w(c) = 1 - product over populations k of (1 - r_k(c))^n_k
//! ```
//!
//! where r_k(c) is the chance that one copy of k adds something to some S of c. It is the sum of `docs/semantics.md` section 4 written out; in
//! the complements w it loses no digits where everything is rare. The average over the shared assumptions walks all diagrams side by side, so
//! that only what still differs is told apart.

use std::collections::BTreeMap;

use biodivine_lib_bdd::Bdd;

use super::diagram::{Branch, Goal, Kernel, best, branches, solve};
use super::formula::Formula;
use super::{Limits, Stopped};
use crate::graph::unfold::Target;

/// Chains of one leaf, at most.
const CHAINS: usize = 20_000;

/// One part of a compiled question.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    /// Never, or always.
    Constant(bool),
    /// One shared variable: what follows where it holds, and where it has failed.
    Choice { variable: u32, low: u32, high: u32 },
    /// Over populations: multiples of terms.
    Sum(Vec<(i64, u32)>),
}

/// A compiled question.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Joint {
    /// Children before parents; the last is the whole.
    pub(super) parts: Vec<Part>,
    /// Terms: for some populations, the place in `pool` of "one copy adds something".
    pub(super) terms: Vec<Vec<(u32, u32)>>,
    /// Nodes over variables of single copies, by variable; 0 and 1 are the constants.
    pub(super) pool: Vec<Branch>,
    /// Members of each population.
    pub(super) counts: Vec<u64>,
}

/// Compiles a system.
///
/// # Errors
/// A limit.
pub(super) fn compile(formula: &Formula, limits: &Limits) -> Result<Joint, Stopped> {
    match formula.goal {
        Target::At(goal) if !formula.interface.is_empty() => {
            best(formula, limits, Joint::size, |order, limits| in_order(formula, goal, order, limits))
        }
        Target::At(_) => Ok(Joint::plain(&Goal::of(formula, limits)?)),
        Target::Had => Ok(Joint::constant(true)),
        Target::Never => Ok(Joint::constant(false)),
    }
}

/// Interface first, shared variables next, those of single copies last; within each, as the order says.
fn levels(formula: &Formula, order: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let shared = order.iter().filter(|at| formula.variables[**at as usize].population.is_none());
    let own = order.iter().filter(|at| formula.variables[**at as usize].population.is_some());
    let of_level: Vec<u32> = shared.chain(own).copied().collect();
    let mut level = vec![0; formula.variables.len()];
    for (at, variable) in of_level.iter().enumerate() {
        level[*variable as usize] = (formula.interface.len() + at) as u32;
    }
    (level, of_level)
}

fn in_order(formula: &Formula, goal: u32, order: &[u32], limits: &Limits) -> Result<Joint, Stopped> {
    let width = formula.interface.len();
    if width > limits.interface {
        return Err(Stopped::Interface { gained: width, limit: limits.interface });
    }
    let (level, of_level) = levels(formula, order);
    let mut kernel = Kernel::new(width + of_level.len(), limits)?;
    let given: Vec<(u32, u32)> = formula.interface.iter().enumerate().map(|(at, node)| (*node, at as u32)).collect();
    let values = solve(formula, &level, &given, &mut kernel)?;
    let mut walk = Walk::new(formula, &values, goal, of_level, &mut kernel, limits)?;
    let roots = walk.roots();
    walk.visit(roots)?;
    walk.sum_up()
}

impl Joint {
    fn constant(value: bool) -> Joint {
        Joint { parts: vec![Part::Constant(value)], terms: Vec::new(), pool: Vec::new(), counts: Vec::new() }
    }

    /// A diagram without populations.
    fn plain(goal: &Goal) -> Joint {
        let (nodes, root) = goal.table();
        let part = |(at, node): (usize, &Branch)| match at {
            0 => Part::Constant(false),
            1 => Part::Constant(true),
            _ => Part::Choice { variable: goal.variable[node.at as usize], low: node.low, high: node.high },
        };
        let mut parts: Vec<Part> = nodes.iter().enumerate().map(part).collect();
        parts.truncate(root as usize + 1);
        Joint { parts, terms: Vec::new(), pool: Vec::new(), counts: Vec::new() }
    }

    /// How many parts and pooled nodes there are.
    pub(super) fn size(&self) -> usize {
        self.parts.len() + self.pool.len()
    }
}

/// All diagrams walked side by side.
struct Walk {
    /// "Left by shared rules, or gives the goal"; then for each population "one copy adds something". Each with its root.
    tables: Vec<(Vec<Branch>, u32)>,
    width: usize,
    /// First level of single copies.
    own: u32,
    of_level: Vec<u32>,
    counts: Vec<u64>,
    limit: usize,
    joint: Joint,
    known: BTreeMap<Vec<u32>, u32>,
    sums: BTreeMap<Vec<(i64, u32)>, u32>,
    terms: BTreeMap<Vec<(u32, u32)>, u32>,
    pooled: BTreeMap<(usize, Vec<u32>), u32>,
    unique: BTreeMap<Branch, u32>,
}

/// The pointer of a set that is out: the goal is had there, or a copy surely adds to it.
const OUT: u32 = 1;

impl Walk {
    fn new(
        formula: &Formula,
        values: &[Bdd],
        goal: u32,
        of_level: Vec<u32>,
        kernel: &mut Kernel,
        limits: &Limits,
    ) -> Result<Walk, Stopped> {
        let mut left = values[goal as usize].clone();
        for (at, node) in formula.interface.iter().enumerate() {
            let beyond = kernel.and(&kernel.negated(at as u32), &values[*node as usize])?;
            left = kernel.or(&left, &beyond)?;
        }
        let mut tables = vec![branches(&left)];
        for population in &formula.populations {
            let mut adds = kernel.constant(false);
            for (at, output) in &population.outputs {
                let beyond = kernel.and(&kernel.negated(*at as u32), &values[*output as usize])?;
                adds = kernel.or(&adds, &beyond)?;
            }
            tables.push(branches(&adds));
        }
        let width = formula.interface.len();
        let shared = formula.variables.iter().filter(|variable| variable.population.is_none()).count();
        let constant = |value| Branch { at: u32::MAX, low: u32::from(value), high: u32::from(value) };
        let joint = Joint {
            parts: vec![Part::Constant(false), Part::Constant(true)],
            terms: Vec::new(),
            pool: vec![constant(false), constant(true)],
            counts: formula.populations.iter().map(|population| population.count).collect(),
        };
        Ok(Walk {
            tables,
            width,
            own: (width + shared) as u32,
            of_level,
            counts: joint.counts.clone(),
            limit: limits.nodes,
            joint,
            known: BTreeMap::new(),
            sums: BTreeMap::new(),
            terms: BTreeMap::new(),
            pooled: BTreeMap::new(),
            unique: BTreeMap::new(),
        })
    }

    /// For each set of interface capabilities, where each diagram stands.
    fn roots(&self) -> Vec<u32> {
        let mut key = Vec::new();
        for set in 0..1u32 << self.width {
            for (nodes, root) in &self.tables {
                let mut at = *root;
                while at > 1 && nodes[at as usize].at < self.width as u32 {
                    let node = nodes[at as usize];
                    at = if set & 1 << node.at != 0 { node.high } else { node.low };
                }
                key.push(at);
            }
        }
        key
    }

    /// One part for one state of all diagrams.
    fn visit(&mut self, mut key: Vec<u32>) -> Result<u32, Stopped> {
        for set in key.chunks_mut(self.tables.len()) {
            if set.contains(&1) {
                set.fill(0);
                set[0] = OUT;
            }
        }
        let sets = || key.chunks(self.tables.len());
        if sets().any(|set| set.iter().all(|at| *at == 0)) {
            return Ok(0);
        }
        if sets().all(|set| set[0] == OUT) {
            return Ok(1);
        }
        if let Some(known) = self.known.get(&key) {
            return Ok(*known);
        }
        let level_of = |(at, pointer): (usize, &u32)| self.level(at % self.tables.len(), *pointer);
        let top = key.iter().enumerate().map(level_of).min().unwrap_or(u32::MAX);
        let part = if top >= self.own { self.leaf(&key)? } else { self.choose(&key, top)? };
        self.known.insert(key, part);
        Ok(part)
    }

    fn level(&self, table: usize, pointer: u32) -> u32 {
        if pointer > 1 { self.tables[table].0[pointer as usize].at } else { u32::MAX }
    }

    fn choose(&mut self, key: &[u32], top: u32) -> Result<u32, Stopped> {
        let mut sides = [Vec::with_capacity(key.len()), Vec::with_capacity(key.len())];
        for (at, pointer) in key.iter().enumerate() {
            let table = at % self.tables.len();
            let moves = self.level(table, *pointer) == top;
            let [low, high] = &mut sides;
            if moves {
                let node = self.tables[table].0[*pointer as usize];
                low.push(node.low);
                high.push(node.high);
            } else {
                low.push(*pointer);
                high.push(*pointer);
            }
        }
        let [low, high] = sides;
        let (low, high) = (self.visit(low)?, self.visit(high)?);
        if low == high {
            return Ok(low);
        }
        let variable = self.of_level[top as usize - self.width];
        self.push(Part::Choice { variable, low, high })
    }

    fn push(&mut self, part: Part) -> Result<u32, Stopped> {
        if self.joint.parts.len() > self.limit {
            return Err(Stopped::Nodes(self.limit));
        }
        self.joint.parts.push(part);
        Ok(self.joint.parts.len() as u32 - 1)
    }

    /// The shared assumptions are settled: the alternating sum over the chains of the sets still in.
    fn leaf(&mut self, key: &[u32]) -> Result<u32, Stopped> {
        let width = self.tables.len();
        let sets: Vec<(u32, Vec<u32>)> = key
            .chunks(width)
            .enumerate()
            .filter(|(_, set)| set[0] != OUT)
            .map(|(bits, set)| (bits as u32, set[1..].to_vec()))
            .collect();
        let mut sum: BTreeMap<u32, i64> = BTreeMap::new();
        let mut chains = 0;
        let mut stack: Vec<(usize, i64, Vec<Vec<u32>>)> = Vec::new();
        let single = |pointers: &[u32]| pointers.iter().map(|at| if *at == 0 { vec![] } else { vec![*at] }).collect();
        stack.extend(sets.iter().enumerate().map(|(at, (_, pointers))| (at, 1, single(pointers))));
        while let Some((last, sign, chain)) = stack.pop() {
            chains += 1;
            if chains > CHAINS {
                return Err(Stopped::Terms(CHAINS));
            }
            for (at, (bits, pointers)) in sets.iter().enumerate() {
                let inside = sets[last].0;
                if *bits != inside && *bits & inside == inside {
                    stack.push((at, -sign, joined(&chain, pointers)));
                }
            }
            if let Some(term) = self.term(chain)? {
                *sum.entry(term).or_default() += sign;
            }
        }
        let sum: Vec<(i64, u32)> =
            sum.into_iter().filter(|(_, times)| *times != 0).map(|(term, times)| (times, term)).collect();
        if let Some(known) = self.sums.get(&sum) {
            return Ok(*known);
        }
        let part = self.push(Part::Sum(sum.clone()))?;
        self.sums.insert(sum, part);
        Ok(part)
    }

    /// The place of a term; `None`: no copy adds anything.
    fn term(&mut self, chain: Vec<Vec<u32>>) -> Result<Option<u32>, Stopped> {
        let mut term = Vec::new();
        for (population, pointers) in chain.into_iter().enumerate() {
            if !pointers.is_empty() {
                term.push((population as u32, self.either(population, pointers)?));
            }
        }
        if term.is_empty() {
            return Ok(None);
        }
        if let Some(known) = self.terms.get(&term) {
            return Ok(Some(*known));
        }
        let at = self.joint.terms.len() as u32;
        self.joint.terms.push(term.clone());
        self.terms.insert(term, at);
        Ok(Some(at))
    }

    /// "Some of these nodes of a population's diagram", as a node of the pool.
    fn either(&mut self, population: usize, mut pointers: Vec<u32>) -> Result<u32, Stopped> {
        pointers.retain(|at| *at != 0);
        pointers.sort_unstable();
        pointers.dedup();
        match pointers.first() {
            None => return Ok(0),
            Some(1) => return Ok(1),
            Some(_) => {}
        }
        let key = (population, pointers);
        if let Some(known) = self.pooled.get(&key) {
            return Ok(*known);
        }
        let (nodes, _) = &self.tables[population + 1];
        let top = key.1.iter().map(|at| nodes[*at as usize].at).min().unwrap_or(u32::MAX);
        let side = |pick: &dyn Fn(Branch) -> u32| -> Vec<u32> {
            let moved = |at: &u32| if nodes[*at as usize].at == top { pick(nodes[*at as usize]) } else { *at };
            key.1.iter().map(moved).collect()
        };
        let (low, high) = (side(&|node| node.low), side(&|node| node.high));
        let (low, high) = (self.either(population, low)?, self.either(population, high)?);
        let node = Branch { at: self.of_level[top as usize - self.width], low, high };
        let place = if low == high { low } else { self.pool(node)? };
        self.pooled.insert(key, place);
        Ok(place)
    }

    fn pool(&mut self, node: Branch) -> Result<u32, Stopped> {
        if let Some(known) = self.unique.get(&node) {
            return Ok(*known);
        }
        if self.joint.pool.len() > self.limit {
            return Err(Stopped::Nodes(self.limit));
        }
        self.joint.pool.push(node);
        let at = self.joint.pool.len() as u32 - 1;
        self.unique.insert(node, at);
        Ok(at)
    }

    /// The whole, with its root last.
    fn sum_up(mut self) -> Result<Joint, Stopped> {
        let roots = self.roots();
        let root = self.visit(roots)?;
        self.joint.parts.truncate((root as usize + 1).max(2));
        if root == 0 {
            self.joint = Joint::constant(false);
        }
        self.joint.counts = self.counts;
        Ok(self.joint)
    }
}

fn joined(chain: &[Vec<u32>], pointers: &[u32]) -> Vec<Vec<u32>> {
    let join = |(known, at): (&Vec<u32>, &u32)| {
        let mut known = known.clone();
        if *at != 0 && !known.contains(at) {
            known.push(*at);
        }
        known
    };
    chain.iter().zip(pointers).map(join).collect()
}
