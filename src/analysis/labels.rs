//! Exact minimal environments: for every capability the inclusion-minimal sets of tokens that derive it.
//!
//! A token is an assumption that fails (attack sets) or a principal that joins (coalitions). Environments are settled in order of
//! size, so a settled one is minimal: whatever is still to come is at least as large. This is the label propagation of
//! assumption-based truth maintenance (de Kleer 1986) run best-first. Thresholds become counting networks, never combinations.

use std::collections::BTreeMap;

use super::problem::{Problem, Rows};

/// Tokens, ascending.
pub type Environment = Vec<u32>;

/// How far labels are computed.
#[derive(Debug, Clone, Copy)]
pub struct Bound {
    /// Environments larger than this are left out, once the goal has one.
    pub size: usize,
    /// Comparisons of environments before giving up.
    pub work: u64,
}

impl Bound {
    /// Comparisons of environments before giving up, where nothing else is said: about a second.
    pub const WORK: u64 = 50_000_000;

    /// Everything, up to the usual work.
    pub const ALL: Bound = Bound { size: usize::MAX, work: Bound::WORK };
}

/// The goal's label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Minimal environments, by size, then tokens.
    pub environments: Vec<Environment>,
    /// Every minimal environment of at most this size is there; `None`: all of them are.
    pub settled: Option<usize>,
}

impl Label {
    /// Is every minimal environment of up to `size` tokens there?
    pub fn complete_to(&self, size: usize) -> bool {
        self.settled.is_none_or(|settled| settled >= size)
    }
}

/// Steps with counting networks in place of thresholds.
struct Network {
    needs: Rows,
    gains: Vec<u32>,
    rests: Rows,
    needed_by: Rows,
    capabilities: usize,
}

impl Network {
    fn new(problem: &Problem) -> Network {
        let mut network = Network {
            needs: Rows::default(),
            gains: Vec::new(),
            rests: Rows::default(),
            needed_by: Rows::default(),
            capabilities: problem.capabilities(),
        };
        for at in 0..problem.steps() as u32 {
            let mut needs = problem.needs.row(at).to_vec();
            if let Some(quorum) = &problem.quorums[at as usize] {
                needs.push(network.at_least(&quorum.of, quorum.at_least as usize));
            }
            network.add(needs, problem.gains[at as usize], problem.rests.row(at));
        }
        network.needed_by = network.needs.transposed(network.capabilities);
        network
    }

    fn add(&mut self, mut needs: Vec<u32>, gains: u32, rests: &[u32]) {
        needs.sort_unstable();
        needs.dedup();
        self.needs.push(needs);
        self.gains.push(gains);
        self.rests.push(rests.iter().copied());
    }

    fn fresh(&mut self) -> u32 {
        self.capabilities += 1;
        self.capabilities as u32 - 1
    }

    /// A capability that is had exactly when `q` of these are: "j of the first i" from "j of the first i-1", or from "j-1 of the
    /// first i-1" and the i-th.
    fn at_least(&mut self, of: &[u32], q: usize) -> u32 {
        let top = self.fresh();
        self.add(Vec::new(), top, &[]);
        let mut row: Vec<Option<u32>> = vec![None; q + 1];
        row[0] = Some(top);
        for &member in of {
            for j in (1..=q).rev() {
                let Some(before) = row[j - 1] else { continue };
                let node = self.fresh();
                self.add(vec![before, member], node, &[]);
                if let Some(old) = row[j] {
                    self.add(vec![old], node, &[]);
                }
                row[j] = Some(node);
            }
        }
        // Fewer members than asked for: a capability nothing gains.
        row[q].unwrap_or_else(|| self.fresh())
    }
}

struct Propagation<'p> {
    network: Network,
    goal: u32,
    labels: Vec<Vec<Environment>>,
    buckets: BTreeMap<usize, Vec<(u32, Environment)>>,
    work: u64,
    bound: Bound,
    problem: &'p Problem,
}

/// The goal's label. `tokens` are extra facts that cost a token each: (capability, token).
pub fn label(problem: &Problem, tokens: &[(u32, u32)], bound: Bound) -> Label {
    let Some(goal) = problem.goal else { return Label { environments: Vec::new(), settled: None } };
    let network = Network::new(problem);
    let labels = vec![Vec::new(); network.capabilities];
    let mut run = Propagation { network, goal, labels, buckets: BTreeMap::new(), work: 0, bound, problem };
    run.seed(tokens);
    let settled = run.settle();
    let mut environments = std::mem::take(&mut run.labels[goal as usize]);
    environments.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
    Label { environments, settled }
}

impl Propagation<'_> {
    fn seed(&mut self, tokens: &[(u32, u32)]) {
        for at in &self.problem.start {
            self.buckets.entry(0).or_default().push((*at, Vec::new()));
        }
        for (capability, token) in tokens {
            self.buckets.entry(1).or_default().push((*capability, vec![*token]));
        }
        for at in 0..self.network.gains.len() as u32 {
            if self.network.needs.row(at).is_empty() {
                let environment = self.network.rests.row(at).to_vec();
                self.buckets.entry(environment.len()).or_default().push((self.network.gains[at as usize], environment));
            }
        }
    }

    /// Settles environments by size. Gives the size up to which the goal's label is complete, if it is not complete altogether.
    fn settle(&mut self) -> Option<usize> {
        while let Some((&size, _)) = self.buckets.first_key_value() {
            if size > self.bound.size && !self.labels[self.goal as usize].is_empty() {
                return Some(size - 1);
            }
            // Taking from the end keeps the bucket small: chains of steps without assumptions are followed at once.
            while let Some((capability, environment)) = self.buckets.get_mut(&size).and_then(Vec::pop) {
                self.work += 1;
                if self.work > self.bound.work {
                    return Some(size.saturating_sub(1));
                }
                if !self.is_covered(capability, &environment) {
                    self.labels[capability as usize].push(environment.clone());
                    self.propagate(capability, &environment);
                }
            }
            self.buckets.remove(&size);
        }
        None
    }

    /// Is there a settled environment inside this one, at the capability or at the goal itself?
    fn is_covered(&mut self, capability: u32, environment: &[u32]) -> bool {
        let inside = |label: &Vec<Environment>| label.iter().any(|known| is_subset(known, environment));
        let (own, goal) = (&self.labels[capability as usize], &self.labels[self.goal as usize]);
        self.work += 1 + (own.len() + goal.len()) as u64;
        inside(own) || inside(goal)
    }

    fn propagate(&mut self, capability: u32, environment: &[u32]) {
        for index in 0..self.network.needed_by.row(capability).len() {
            let step = self.network.needed_by.row(capability)[index];
            let mut all = vec![union(environment, self.network.rests.row(step))];
            for need in self.network.needs.row(step).iter().filter(|need| **need != capability) {
                let label = &self.labels[*need as usize];
                all = all.iter().flat_map(|one| label.iter().map(|other| union(one, other))).collect();
                self.work += all.len() as u64;
                if all.is_empty() || self.work > self.bound.work {
                    break;
                }
            }
            let gained = self.network.gains[step as usize];
            for environment in all {
                if !self.is_covered(gained, &environment) {
                    self.buckets.entry(environment.len()).or_default().push((gained, environment));
                }
            }
        }
    }
}

/// Is `a` inside `b`? Both ascending.
pub fn is_subset(a: &[u32], b: &[u32]) -> bool {
    let mut rest = b.iter();
    a.len() <= b.len() && a.iter().all(|x| rest.by_ref().any(|y| y == x))
}

fn union(a: &[u32], b: &[u32]) -> Environment {
    let mut all = Vec::with_capacity(a.len() + b.len());
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => {
                all.push(a[i]);
                i += 1;
            }
            std::cmp::Ordering::Greater => {
                all.push(b[j]);
                j += 1;
            }
            std::cmp::Ordering::Equal => {
                all.push(a[i]);
                i += 1;
                j += 1;
            }
        }
    }
    all.extend_from_slice(&a[i..]);
    all.extend_from_slice(&b[j..]);
    all
}
