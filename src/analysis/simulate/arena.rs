//! The graph of one question as flat arrays for simulation: for each capability the steps that wait for it, a step of one need inlined,
//! capabilities in the order in which they would be gained if everything failed.

use crate::graph::unfold::{Csr, Target};
use crate::stats::random::{Key, Threshold};

/// No assumption.
const NOTHING: u32 = u32::MAX;
/// Marks a step of several needs, or one that rests on several assumptions: the rest is its position.
const SEVERAL: u32 = 1 << 31;

/// What a capability leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    to: u32,
    rest: u32,
}

/// Where an edge leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// To a capability.
    Node(u32),
    /// To a step with other needs.
    Joint(u32),
}

/// What a step rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// Nothing.
    Nothing,
    /// One variable.
    One(u32),
    /// The variables of this row of [`Arena::lists`].
    List(u32),
}

impl Edge {
    /// Where it leads.
    #[inline(always)]
    pub fn to(self) -> To {
        if self.to & SEVERAL == 0 { To::Node(self.to) } else { To::Joint(self.to & !SEVERAL) }
    }

    /// What it rests on.
    #[inline(always)]
    pub fn rest(self) -> Rest {
        rest(self.rest)
    }
}

#[inline(always)]
fn rest(code: u32) -> Rest {
    match code {
        NOTHING => Rest::Nothing,
        one if one & SEVERAL == 0 => Rest::One(one),
        list => Rest::List(list & !SEVERAL),
    }
}

/// A variable as it is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drawn {
    /// Its stable key.
    pub key: Key,
    /// Its probability.
    pub threshold: Threshold,
    /// Where its draws are kept for the batch, because several steps rest on it or a population gives them.
    pub kept: Option<u32>,
}

/// Steps as they come: needs, assumptions, gain.
#[derive(Debug, Clone, Default)]
pub struct Steps {
    /// Step -> capabilities needed.
    pub needs: Csr,
    /// Step -> variables it rests on.
    pub rests: Csr,
    /// Step -> capability gained.
    pub gains: Vec<u32>,
    /// How many capabilities there are.
    pub nodes: usize,
}

/// A variable to be drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Draw {
    /// Its stable key.
    pub key: Key,
    /// That it fails.
    pub probability: f64,
    /// A population decides in which worlds it fails.
    pub given: bool,
}

/// The flat graph.
#[derive(Debug, Clone)]
pub struct Arena {
    starts: Vec<u32>,
    edges: Vec<Edge>,
    /// For each edge the step it belongs to.
    edge_steps: Vec<u32>,
    joint_needs: Csr,
    joint_gains: Vec<u32>,
    joint_rests: Vec<u32>,
    /// Steps without needs.
    pub firsts: Vec<Edge>,
    /// Which they are.
    pub first_steps: Vec<u32>,
    /// Variables of steps that rest on several.
    pub lists: Csr,
    /// What is drawn.
    pub variables: Vec<Drawn>,
    /// Variables whose draws are kept.
    pub kept: usize,
    /// The goal.
    pub goal: Target,
    /// For each capability its position in the steps it was made of; the inverse of the order.
    pub origin: Vec<u32>,
}

impl Arena {
    /// Packs steps. Capabilities that nothing gains are left out with the steps that need them; the goal is then [`Target::Never`].
    pub fn new(steps: &Steps, draws: &[Draw], goal: Target) -> Arena {
        let needed_by = steps.needs.turned(steps.nodes);
        let (origin, place) = order(steps, &needed_by);
        let happens = |step: u32| {
            let gained = |node: &u32| place[*node as usize] != u32::MAX;
            gained(&steps.gains[step as usize]) && steps.needs.row(step).iter().all(gained)
        };
        let uses = uses(steps, draws.len(), happens);
        let mut arena = Arena {
            starts: vec![0],
            edges: Vec::new(),
            edge_steps: Vec::new(),
            joint_needs: Csr::default(),
            joint_gains: Vec::new(),
            joint_rests: Vec::new(),
            firsts: Vec::new(),
            first_steps: Vec::new(),
            lists: Csr::default(),
            variables: Vec::new(),
            kept: 0,
            goal: match goal {
                Target::At(node) if place[node as usize] == u32::MAX => Target::Never,
                Target::At(node) => Target::At(place[node as usize]),
                fixed => fixed,
            },
            origin,
        };
        for (draw, uses) in draws.iter().zip(uses) {
            let kept = (draw.given || uses > 1).then_some(arena.kept as u32);
            arena.kept += usize::from(kept.is_some());
            arena.variables.push(Drawn { key: draw.key, threshold: Threshold::new(draw.probability), kept });
        }
        arena.lay(steps, &needed_by, &place, happens);
        arena
    }

    fn lay(&mut self, steps: &Steps, needed_by: &Csr, place: &[u32], happens: impl Fn(u32) -> bool) {
        let mut lists: Vec<&[u32]> = Vec::new();
        let mut joints: Vec<Vec<u32>> = Vec::new();
        let mut joint_of = vec![u32::MAX; steps.gains.len()];
        let mut code = |step: u32| match steps.rests.row(step) {
            [] => NOTHING,
            [one] => *one,
            several => {
                lists.push(several);
                (lists.len() - 1) as u32 | SEVERAL
            }
        };
        for step in (0..steps.gains.len() as u32).filter(|step| happens(*step)) {
            if steps.needs.row(step).is_empty() {
                self.first_steps.push(step);
                self.firsts.push(Edge { to: place[steps.gains[step as usize] as usize], rest: code(step) });
            }
        }
        for node in &self.origin {
            for step in needed_by.row(*node).iter().copied().filter(|step| happens(*step)) {
                self.edge_steps.push(step);
                let (needs, gains) = (steps.needs.row(step), place[steps.gains[step as usize] as usize]);
                if needs.len() == 1 {
                    self.edges.push(Edge { to: gains, rest: code(step) });
                    continue;
                }
                if joint_of[step as usize] == u32::MAX {
                    joint_of[step as usize] = joints.len() as u32;
                    joints.push(needs.iter().map(|need| place[*need as usize]).collect());
                    self.joint_gains.push(gains);
                    self.joint_rests.push(code(step));
                }
                self.edges.push(Edge { to: joint_of[step as usize] | SEVERAL, rest: NOTHING });
            }
            self.starts.push(self.edges.len() as u32);
        }
        self.joint_needs = Csr::new(joints.iter().map(Vec::as_slice));
        self.lists = Csr::new(lists.into_iter());
    }

    /// How many capabilities it has.
    pub fn nodes(&self) -> usize {
        self.origin.len()
    }

    /// How many steps it has.
    pub fn steps(&self) -> usize {
        let single = self.edges.iter().filter(|edge| matches!(edge.to(), To::Node(_))).count();
        self.firsts.len() + single + self.joint_gains.len()
    }

    /// What a capability leads to.
    #[inline(always)]
    pub fn edges(&self, node: u32) -> &[Edge] {
        &self.edges[self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize]
    }

    /// The position among all edges of the first of a capability's.
    #[inline(always)]
    pub fn first_edge(&self, node: u32) -> usize {
        self.starts[node as usize] as usize
    }

    /// What a capability leads to, each with the step it belongs to.
    #[inline]
    pub fn edges_of_steps(&self, node: u32) -> impl Iterator<Item = (Edge, u32)> + '_ {
        let range = self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize;
        self.edges[range.clone()].iter().copied().zip(self.edge_steps[range].iter().copied())
    }

    /// The variables a step rests on.
    #[inline]
    pub fn resting<'a>(&'a self, rest: &'a Rest) -> &'a [u32] {
        match rest {
            Rest::Nothing => &[],
            Rest::One(variable) => std::slice::from_ref(variable),
            Rest::List(list) => self.lists.row(*list),
        }
    }

    /// The needs, the gain and the assumptions of a step of several needs.
    #[inline(always)]
    pub fn joint(&self, at: u32) -> (&[u32], u32, Rest) {
        (self.joint_needs.row(at), self.joint_gains[at as usize], rest(self.joint_rests[at as usize]))
    }

    /// How many steps have several needs.
    pub fn joints(&self) -> usize {
        self.joint_gains.len()
    }
}

/// How many steps rest on each variable.
fn uses(steps: &Steps, variables: usize, happens: impl Fn(u32) -> bool) -> Vec<u32> {
    let mut uses = vec![0; variables];
    for step in (0..steps.gains.len() as u32).filter(|step| happens(*step)) {
        steps.rests.row(step).iter().for_each(|variable| uses[*variable as usize] += 1);
    }
    uses
}

/// Capabilities that are gained if everything fails, in an order in which most steps lead forward, and for each its place in it: what is needed
/// stands before what it leads to wherever no circle forbids it (the reverse of the order in which a depth-first walk leaves them).
fn order(steps: &Steps, needed_by: &Csr) -> (Vec<u32>, Vec<u32>) {
    let (gained, happens) = closure(steps, needed_by);
    let mut left: Vec<u32> = Vec::with_capacity(gained.len());
    let mut seen = vec![false; steps.nodes];
    let mut stack: Vec<(u32, usize)> = Vec::new();
    for root in gained {
        if std::mem::replace(&mut seen[root as usize], true) {
            continue;
        }
        stack.push((root, 0));
        while let Some((node, next)) = stack.last_mut() {
            let Some(step) = needed_by.row(*node).get(*next) else {
                left.push(*node);
                stack.pop();
                continue;
            };
            *next += 1;
            let gains = steps.gains[*step as usize];
            if happens[*step as usize] && !std::mem::replace(&mut seen[gains as usize], true) {
                stack.push((gains, 0));
            }
        }
    }
    left.reverse();
    let mut place = vec![u32::MAX; steps.nodes];
    left.iter().enumerate().for_each(|(at, node)| place[*node as usize] = at as u32);
    (left, place)
}

/// What is gained if everything fails, in the order in which that happens, and which steps happen.
fn closure(steps: &Steps, needed_by: &Csr) -> (Vec<u32>, Vec<bool>) {
    let count = steps.gains.len() as u32;
    let mut waits: Vec<u32> = (0..count).map(|step| steps.needs.row(step).len() as u32).collect();
    let (mut gained, mut had): (Vec<u32>, Vec<bool>) = (Vec::new(), vec![false; steps.nodes]);
    let mut gain = |node: u32, gained: &mut Vec<u32>| {
        if !std::mem::replace(&mut had[node as usize], true) {
            gained.push(node);
        }
    };
    (0..count).filter(|step| waits[*step as usize] == 0).for_each(|step| gain(steps.gains[step as usize], &mut gained));
    let mut at = 0;
    while let Some(node) = gained.get(at).copied() {
        at += 1;
        for step in needed_by.row(node) {
            waits[*step as usize] -= 1;
            if waits[*step as usize] == 0 {
                gain(steps.gains[*step as usize], &mut gained);
            }
        }
    }
    let happens = waits.iter().map(|waits| *waits == 0).collect();
    (gained, happens)
}
