//! Blast radius: what a compromised principal or credential gives beyond what anyone has, with nothing failed and with one failure.
//!
//! Two worlds are compared, with the foothold and without it; the same assumption, or none, has failed in both. What one failure alone
//! gives to anyone is therefore nobody's blast radius.
//!
//! The answer of the lumped graph is that of the expanded one with the numbers of copies erased: an entry tells of how many members
//! of a block it is so.

mod copies;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::graph::ground::{EVERY_VICTIM, KNOW, SOME_VICTIM, WHOLE_FAMILY};
use crate::graph::{CapabilityGraph, CapabilityId, PrincipalId, Step, StepKind};
use copies::{Held, Layout};

/// What is compromised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Compromised {
    /// A principal: its `act-as` is had. Of a class in a block, one member.
    Principal(PrincipalId),
    /// A credential: `know` of it is had.
    Credential(CapabilityId),
}

/// A capability within a blast radius.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reached {
    /// Which.
    pub id: CapabilityId,
    /// 0: had with nothing failed, and not from what is public alone. 1: so with one failure, and not with none.
    pub k: u32,
    /// Gained by a grant whose needs are all the foothold or public, or from such a grant over the whole family.
    pub granted: bool,
    /// Copies of which this is so; 1 for what is shared.
    pub members: u64,
}

/// The blast radius of one principal or credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blast {
    /// What is compromised.
    pub of: Compromised,
    /// The capability it starts with, itself among `capabilities` unless public.
    pub root: CapabilityId,
    /// By id, then k, then granted.
    pub capabilities: Vec<Reached>,
}

/// How a member of one class becomes a chosen other member of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Becomes {
    /// There is no such pair of members.
    NotApplicable,
    /// Not with one failure.
    Never,
    /// With one failure; so many different ones suffice, those of a class counted once.
    OneFailure(usize),
    /// By grants and consequences alone.
    Granted,
}

/// Every credential of a graph: its capabilities `know(..)`.
pub fn credentials(graph: &CapabilityGraph) -> Vec<CapabilityId> {
    let is_one = |at: &usize| graph.capabilities[*at].name.strip_prefix(KNOW).is_some_and(|rest| rest.starts_with('('));
    (0..graph.capabilities.len()).filter(is_one).map(|at| CapabilityId(at as u32)).collect()
}

/// Is this the goal of a threat over `some` or `every` victim: a question about many copies of a capability, and nothing that anyone has?
pub fn is_question(graph: &CapabilityGraph, id: CapabilityId) -> bool {
    let mut gains = gained_by(graph, id).peekable();
    gains.peek().is_some() && gains.all(|step| [SOME_VICTIM, EVERY_VICTIM].contains(&step.name.as_str()))
}

/// The steps that gain a capability.
pub fn gained_by(graph: &CapabilityGraph, id: CapabilityId) -> impl Iterator<Item = &Step> {
    graph.capability(id).gained_by.iter().map(|step| graph.step(*step))
}

/// The name of the thing of a capability `verb(thing)`; the whole name where it is not of that form.
pub fn thing(name: &str) -> &str {
    let inner = name.split_once('(').map(|(_, rest)| rest.strip_suffix(')').unwrap_or(rest));
    // A copy of an expanded graph stands outside the brackets: `know(key)#2`.
    inner.map_or(name, |inner| inner.split_once(")#").map_or(inner, |(thing, _)| thing))
}

/// A name without the role or number of a member: `project` of `project.victim`.
pub fn class(thing: &str) -> &str {
    thing.split(['.', '#']).next().unwrap_or(thing)
}

/// The world of anyone, and that of whoever has the foothold as well.
struct Worlds<'a> {
    anyone: Held<'a>,
    held: Held<'a>,
}

/// Answers about one graph, for any foothold.
pub struct Blasts<'a> {
    graph: &'a CapabilityGraph,
    layout: Layout<'a>,
    public: Vec<CapabilityId>,
}

impl<'a> Blasts<'a> {
    /// Lays the graph out.
    pub fn new(graph: &'a CapabilityGraph) -> Blasts<'a> {
        let public: BTreeSet<CapabilityId> = graph.threats.iter().flat_map(|threat| &threat.public).copied().collect();
        Blasts { graph, layout: Layout::new(graph), public: public.into_iter().collect() }
    }

    /// The blast radius of every principal, then of every credential.
    pub fn all(&self) -> Vec<Blast> {
        let principals = (0..self.graph.principals.len() as u32).map(|at| Compromised::Principal(PrincipalId(at)));
        let all: Vec<Compromised> =
            principals.chain(credentials(self.graph).into_iter().map(Compromised::Credential)).collect();
        // Each is answered on its own; the order of the answers is that of the footholds.
        all.par_iter().map_init(|| self.worlds(), |worlds, of| self.answer(*of, worlds)).collect()
    }

    /// The blast radius of one.
    pub fn of(&self, of: Compromised) -> Blast {
        self.answer(of, &mut self.worlds())
    }

    fn worlds(&self) -> Worlds<'_> {
        let public = Held::from(&self.layout, &self.public);
        Worlds { anyone: public.clone(), held: public }
    }

    fn root(&self, of: Compromised) -> CapabilityId {
        match of {
            Compromised::Principal(id) => self.graph.principals[id.0 as usize].capability,
            Compromised::Credential(id) => id,
        }
    }

    /// Leaves the worlds as they were.
    fn answer(&self, of: Compromised, worlds: &mut Worlds) -> Blast {
        let Worlds { anyone, held } = worlds;
        let id = self.root(of);
        let root = self.layout.copies(id).start;
        let start = held.mark();
        held.give(root);
        let mut least: BTreeMap<u32, u32> = held.since(start).map(|node| (node, 0)).collect();
        for variable in self.layout.single() {
            let marks = (held.mark(), anyone.mark());
            held.fail(variable);
            anyone.fail(variable);
            for node in held.since(marks.0).filter(|node| !anyone.has(*node)) {
                least.entry(node).or_insert(1);
            }
            held.undo(marks.0);
            anyone.undo(marks.1);
        }
        held.undo(start);
        Blast { of, root: id, capabilities: self.collapse(root, &least) }
    }

    /// Copies that are alike as one entry: the least k among them, for all of them.
    fn collapse(&self, root: u32, least: &BTreeMap<u32, u32>) -> Vec<Reached> {
        let all = least.keys().map(|node| self.layout.nodes[*node as usize].0);
        let touched: BTreeSet<CapabilityId> = all.filter(|id| !is_question(self.graph, *id)).collect();
        let mut reached: BTreeMap<(CapabilityId, u32, bool), u64> = BTreeMap::new();
        for id in touched {
            let mut alike: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
            for node in self.layout.copies(id) {
                alike.entry(self.layout.nearness(root, node)).or_default().push(node);
            }
            for nodes in alike.into_values() {
                let Some(k) = nodes.iter().filter_map(|node| least.get(node)).min() else { continue };
                let granted = nodes.iter().any(|node| self.is_granted(root, *node, *k));
                let members: u64 = nodes.iter().map(|node| self.layout.weight(*node)).fold(0, u64::saturating_add);
                let sum = reached.entry((id, *k, granted)).or_default();
                *sum = sum.saturating_add(members);
            }
        }
        reached.into_iter().map(|((id, k, granted), members)| Reached { id, k, granted, members }).collect()
    }

    /// Gained by a grant from the foothold or from what is public, itself or through its whole family.
    fn is_granted(&self, root: u32, node: u32, k: u32) -> bool {
        let given = |need: &u32| *need == root || self.public.contains(&self.layout.nodes[*need as usize].0);
        let direct = |node: u32| {
            self.layout.gains(node, &given).any(|gain| {
                let (step, needs) = (gain.step, gain.needs);
                let as_designed = step.kind == StepKind::Grant && step.assumptions.len() <= k as usize;
                as_designed && gain.quorum_met && needs.iter().all(given)
            })
        };
        let through_family = |node: u32| {
            let mut gains = self.layout.gains(node, &given).filter(|gain| gain.step.name == WHOLE_FAMILY);
            gains.any(|gain| gain.needs.iter().all(|need| direct(*need)))
        };
        direct(node) || through_family(node)
    }

    /// How `attacker` becomes a chosen member of the class of `victim`, with everything that is public at hand.
    ///
    /// The victim itself turning dishonest is no impersonation. Of one class, it is another member than the attacker.
    pub fn becomes(&self, attacker: PrincipalId, victim: PrincipalId) -> Becomes {
        let root = self.layout.copies(self.root(Compromised::Principal(attacker))).start;
        let copies = self.layout.copies(self.root(Compromised::Principal(victim)));
        // The first copy that shares the most blocks with the attacker, but is not the attacker's.
        let near = |node: &u32| (self.layout.nearness(root, *node), std::cmp::Reverse(*node));
        let chosen = copies.filter(|node| *node != root).max_by_key(near);
        let Some(chosen) = chosen else { return Becomes::NotApplicable };
        let mut held = Held::from(&self.layout, &self.public);
        held.give(root);
        if held.has(chosen) {
            return Becomes::Granted;
        }
        let mut ways: BTreeSet<String> = BTreeSet::new();
        for variable in self.layout.single() {
            let (at, block) = self.layout.variables[variable as usize];
            let assumption = &self.graph.assumptions[at];
            let own = assumption.family.is_none() || block == self.layout.nodes[chosen as usize].1;
            if assumption.honesty_of == Some(victim) && own {
                continue;
            }
            let mark = held.mark();
            held.fail(variable);
            if held.has(chosen) {
                ways.insert(without_roles(&assumption.name));
            }
            held.undo(mark);
        }
        if ways.is_empty() { Becomes::Never } else { Becomes::OneFailure(ways.len()) }
    }
}

/// `a(b.victim, c)` as `a(b, c)`: an assumption about any member of a class.
fn without_roles(name: &str) -> String {
    let Some((id, about)) = name.split_once('(') else { return class(name).to_owned() };
    let about = about.split_once(")#").map_or(about.strip_suffix(')').unwrap_or(about), |(about, _)| about);
    let about: Vec<&str> =
        about.split(", ").map(|thing| thing.split('#').next().unwrap_or(thing)).map(member_of).collect();
    format!("{id}({})", about.join(", "))
}

/// Without the role of a member; other words with a point stay whole.
fn member_of(thing: &str) -> &str {
    let roles = [".attacker", ".victim", ".other", ".owner", ".mate", ".partner"];
    roles.iter().find_map(|role| thing.strip_suffix(role)).unwrap_or(thing)
}
