//! Answers by looking at every subset. Written apart from the engines, for small graphs without families only.

use std::collections::BTreeMap;

use cotenant::analysis::Cost;
use cotenant::graph::*;

/// A multiset of ids, sorted.
pub type Ids = Vec<u32>;

pub struct Brute<'a> {
    graph: &'a CapabilityGraph,
    threat: &'a Threat,
    /// Steps the guards let exist.
    live: Vec<usize>,
}

/// All subsets of `n` things, as bits, that satisfy a monotone question, and no smaller one does.
fn minimal(n: usize, holds: impl Fn(u32) -> bool) -> Vec<u32> {
    let all: Vec<bool> = (0..1u32 << n).map(&holds).collect();
    let smaller = |set: u32| (0..n).any(|bit| set & 1 << bit != 0 && all[(set & !(1 << bit)) as usize]);
    (0..1u32 << n).filter(|set| all[*set as usize] && !smaller(*set)).collect()
}

fn inside(a: &Ids, b: &Ids) -> bool {
    let count = |ids: &Ids, id: u32| ids.iter().filter(|other| **other == id).count();
    a.iter().all(|id| count(b, *id) >= count(a, *id))
}

fn strictly_inside(a: &Ids, b: &Ids) -> bool {
    a != b && inside(a, b)
}

/// Ids of the bits of a set, under the names they count as.
fn named(set: u32, n: usize, name: impl Fn(usize) -> u32) -> Ids {
    let mut ids: Ids = (0..n).filter(|bit| set & 1 << bit != 0).map(name).collect();
    ids.sort_unstable();
    ids
}

impl<'a> Brute<'a> {
    pub fn new(graph: &'a CapabilityGraph) -> Brute<'a> {
        assert!(graph.families.is_empty());
        let on = |id: &ControlId| graph.controls[id.0 as usize].on;
        let live = |at: &usize| {
            let step = &graph.steps[*at];
            !step.unless.iter().any(on) && step.only_with.iter().all(on)
        };
        let live = (0..graph.steps.len()).filter(live).collect();
        Brute { graph, threat: &graph.threats[0], live }
    }

    pub fn live_steps(&self) -> usize {
        self.live.len()
    }

    fn step_name(&self, at: usize) -> u32 {
        let pairs = &self.threat.alike_steps;
        pairs.iter().find(|pair| pair.0.0 as usize == at).map_or(at as u32, |pair| pair.1.0)
    }

    fn assumption_name(&self, at: usize) -> u32 {
        let pairs = &self.threat.alike_assumptions;
        pairs.iter().find(|pair| pair.0.0 as usize == at).map_or(at as u32, |pair| pair.1.0)
    }

    fn principal_name(&self, at: usize) -> u32 {
        let pairs = &self.threat.alike_principals;
        pairs.iter().find(|pair| pair.0.0 as usize == at).map_or(at as u32, |pair| pair.1.0)
    }

    /// Everything derivable from `start` by the steps let through.
    fn derive(&self, start: &[CapabilityId], may: impl Fn(usize) -> bool) -> Vec<bool> {
        let mut had = vec![false; self.graph.capabilities.len()];
        start.iter().for_each(|id| had[id.0 as usize] = true);
        loop {
            let mut grown = false;
            for at in self.live.iter().copied().filter(|at| may(*at)) {
                let step = &self.graph.steps[at];
                let met = step.quorum.as_ref().is_none_or(|quorum| {
                    quorum.of.iter().filter(|id| had[id.0 as usize]).count() >= quorum.at_least as usize
                });
                let gained = step.gains.0 as usize;
                if !had[gained] && met && step.needs.iter().all(|need| had[need.0 as usize]) {
                    had[gained] = true;
                    grown = true;
                }
            }
            if !grown {
                return had;
            }
        }
    }

    fn footholds(&self) -> Vec<CapabilityId> {
        self.threat.start.iter().chain(&self.threat.public).copied().collect()
    }

    fn goal(&self, had: &[bool]) -> bool {
        had[self.threat.goal.0 as usize]
    }

    fn with_failed(&self, failed: u32) -> Vec<bool> {
        let fails = |at: usize| self.graph.steps[at].assumptions.iter().all(|id| failed & 1 << id.0 != 0);
        self.derive(&self.footholds(), fails)
    }

    /// Minimal attack sets: each shape with its first set, by size, then ids.
    pub fn attack_sets(&self, holding: u32) -> Vec<(Ids, u32)> {
        let n = self.graph.assumptions.len();
        let sets = minimal(n, |set| set & holding == 0 && self.goal(&self.with_failed(set)));
        let shaped = sets.into_iter().map(|set| (named(set, n, |at| self.assumption_name(at)), set));
        self.first_of_each(shaped.collect())
    }

    /// Keeps shapes no other lies strictly inside of, each with the set whose members come first.
    fn first_of_each(&self, shaped: Vec<(Ids, u32)>) -> Vec<(Ids, u32)> {
        let n = self.graph.assumptions.len();
        let members = |set: u32| -> Vec<(u32, usize)> {
            let mut members: Vec<(u32, usize)> =
                (0..n).filter(|bit| set & 1 << bit != 0).map(|at| (self.assumption_name(at), at)).collect();
            members.sort_unstable();
            members
        };
        let mut out: BTreeMap<(usize, Ids), u32> = BTreeMap::new();
        for (ids, set) in &shaped {
            if !shaped.iter().any(|(other, _)| strictly_inside(other, ids)) {
                let kept = out.entry((ids.len(), ids.clone())).or_insert(*set);
                if members(*set) < members(*kept) {
                    *kept = *set;
                }
            }
        }
        out.into_iter().map(|((_, ids), set)| (ids, set)).collect()
    }

    /// Bits of the honesty assumptions of those the tolerance trusts.
    pub fn trusted(&self) -> u32 {
        let trusted = |at: &usize| {
            let honesty = self.graph.assumptions[*at].honesty_of;
            honesty.is_some_and(|who| self.threat.tolerate.trusting.contains(&who))
        };
        (0..self.graph.assumptions.len()).filter(trusted).map(|at| 1 << at).sum()
    }

    /// Of the others: (derivable, listed) after these failures.
    pub fn others(&self, failed: u32) -> (usize, usize) {
        let had = self.with_failed(failed);
        let mut others: Vec<CapabilityId> = self.threat.others.clone();
        others.retain(|id| *id != self.threat.goal);
        (others.iter().filter(|id| had[id.0 as usize]).count(), others.len())
    }

    fn surprise(&self, at: usize) -> f64 {
        let p = self.graph.assumptions[at].probability;
        if p == 0.0 { f64::INFINITY } else { libm::round(-1e9 * libm::log(p)) }
    }

    /// The likeliest of the minimal attack sets, each member told apart.
    pub fn likeliest(&self) -> Option<u32> {
        let n = self.graph.assumptions.len();
        let members = |set: u32| (0..n).filter(move |bit| set & 1 << bit != 0);
        let cost = |set: u32| members(set).map(|at| self.surprise(at)).sum::<f64>();
        let names = |set: u32| named(set, n, |at| self.assumption_name(at));
        let told = |set: u32| {
            let mut told: Vec<(u32, usize)> = members(set).map(|at| (self.assumption_name(at), at)).collect();
            told.sort_unstable();
            told
        };
        let sets = minimal(n, |set| self.goal(&self.with_failed(set)));
        let order = |a: &u32, b: &u32| {
            let key = |set: u32| (names(set).len(), names(set), told(set));
            cost(*a).total_cmp(&cost(*b)).then_with(|| key(*a).cmp(&key(*b)))
        };
        sets.into_iter().min_by(order)
    }

    /// Minimal coalitions among all candidates.
    pub fn coalitions(&self) -> Vec<Ids> {
        let candidates: Vec<usize> =
            (0..self.graph.principals.len()).filter(|at| self.graph.principals[*at].candidate).collect();
        let reaches = |set: u32| {
            let mut start = self.threat.public.clone();
            let members = candidates.iter().enumerate().filter(|(bit, _)| set & 1 << bit != 0);
            start.extend(members.map(|(_, at)| self.graph.principals[*at].capability));
            self.goal(&self.derive(&start, |at| self.graph.steps[at].assumptions.is_empty()))
        };
        let sets = minimal(candidates.len(), reaches);
        let mut shapes: Vec<Ids> = sets
            .into_iter()
            .map(|set| named(set, candidates.len(), |bit| self.principal_name(candidates[bit])))
            .collect();
        let all = shapes.clone();
        shapes.retain(|ids| !all.iter().any(|other| strictly_inside(other, ids)));
        shapes.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
        shapes.dedup();
        shapes
    }

    /// All minimal paths in order: cost (`None` is infinite), number of steps, shape.
    pub fn paths(&self, cost: Cost) -> Vec<Told> {
        let n = self.live.len();
        let sets = minimal(n, |set| {
            let may = |at: usize| self.live.iter().position(|live| *live == at).is_some_and(|bit| set & 1 << bit != 0);
            self.goal(&self.derive(&self.footholds(), may))
        });
        let mut best: BTreeMap<Ids, Told> = BTreeMap::new();
        for set in sets {
            let told = self.told(set, cost);
            let key = |told: &Told| (told.cost.is_none(), told.cost, told.members.clone());
            let kept = best.entry(told.steps.clone()).or_insert_with(|| told.clone());
            if key(&told) < key(kept) {
                *kept = told;
            }
        }
        let shapes: Vec<Ids> = best.keys().cloned().collect();
        let mut paths: Vec<Told> =
            best.into_values().filter(|told| !shapes.iter().any(|s| strictly_inside(s, &told.steps))).collect();
        paths.sort_by_key(|path| path.key());
        paths
    }

    fn told(&self, set: u32, cost: Cost) -> Told {
        let members: Vec<usize> =
            (0..self.live.len()).filter(|bit| set & 1 << bit != 0).map(|bit| self.live[bit]).collect();
        let mut on: Vec<usize> =
            members.iter().flat_map(|at| &self.graph.steps[*at].assumptions).map(|id| id.0 as usize).collect();
        on.sort_unstable();
        on.dedup();
        let seconds = |at: &usize| self.graph.steps[*at].effort.map_or(0, |effort| effort.seconds());
        let effort: u64 = members.iter().map(seconds).sum();
        let surprise: f64 = on.iter().map(|at| self.surprise(*at)).sum();
        let mut steps: Ids = members.iter().map(|at| self.step_name(*at)).collect();
        steps.sort_unstable();
        let mut assumptions: Ids = on.iter().map(|at| self.assumption_name(*at)).collect();
        assumptions.sort_unstable();
        let mut ordered: Vec<(u32, usize)> = members.iter().map(|at| (self.step_name(*at), *at)).collect();
        ordered.sort_unstable();
        Told {
            cost: match cost {
                Cost::Fewest => Some(on.len() as u64),
                Cost::Likeliest => surprise.is_finite().then_some(surprise as u64),
                Cost::Effort => Some(effort),
            },
            steps,
            dominated_by: self.dominating(&assumptions),
            assumptions,
            effort,
            members: ordered,
        }
    }

    fn dominating(&self, assumptions: &Ids) -> Option<Ids> {
        let sets = self.attack_sets(0).into_iter().map(|(ids, _)| ids);
        sets.filter(|ids| strictly_inside(ids, assumptions)).min_by_key(|ids| (ids.len(), ids.clone()))
    }
}

/// A path as brute force tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    pub cost: Option<u64>,
    pub steps: Ids,
    pub assumptions: Ids,
    pub effort: u64,
    pub dominated_by: Option<Ids>,
    /// Its actual steps, by what they count as.
    pub members: Vec<(u32, usize)>,
}

impl Told {
    pub fn key(&self) -> (bool, Option<u64>, usize, Ids) {
        (self.cost.is_none(), self.cost, self.steps.len(), self.steps.clone())
    }
}
