//! What `simulate --exact` and `harden --sets` answer, for programs.

use serde::Serialize;

use crate::analysis::exact::{Chance, MinimalSets, Over, SetFamily};
use crate::graph::CapabilityGraph;
use crate::report::content::exposed::{Exposed, method};

/// How likely one threat is.
#[derive(Debug, Serialize)]
pub struct SimulateAnswer<'a> {
    threat: &'a str,
    expression: &'static str,
    probability: Option<f64>,
    method: Option<&'static str>,
    interval: Option<[f64; 2]>,
    trials: u64,
    quantiles: [(); 0],
    /// With the low, and with the high end of every range.
    ranges: Option<[f64; 2]>,
    /// With the honesty of the tolerance's `trusting` taken as holding.
    trusting: Option<ChanceAnswer>,
    /// Populations whose members' own failures carry it, with the probability if none of them failed.
    independent: Vec<MembersAnswer<'a>>,
    /// Why it is not exact.
    stopped: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    importance: Option<Vec<ImportanceAnswer>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    controls: Option<Vec<ControlAnswer>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    choke_points: Option<Vec<u32>>,
}

#[derive(Debug, Serialize)]
struct ChanceAnswer {
    probability: f64,
    method: &'static str,
    interval: Option<[f64; 2]>,
}

/// Numbers that are infinite are null.
#[derive(Debug, Serialize)]
struct ImportanceAnswer {
    id: u32,
    birnbaum: f64,
    rrw: Option<f64>,
    raw: Option<f64>,
    fv: Option<f64>,
    /// Where each member of a population has it: the same of all members together.
    all: Option<TogetherAnswer>,
}

#[derive(Debug, Serialize)]
struct TogetherAnswer {
    members: u64,
    birnbaum: f64,
    rrw: Option<f64>,
    raw: Option<f64>,
    fv: Option<f64>,
}

#[derive(Debug, Serialize)]
struct MembersAnswer<'a> {
    family: &'a str,
    members: u64,
    without: f64,
}

#[derive(Debug, Serialize)]
struct ControlAnswer {
    id: u32,
    off: f64,
    on: f64,
}

impl<'a> SimulateAnswer<'a> {
    /// Of one threat.
    pub fn new(graph: &'a CapabilityGraph, exposed: &Exposed) -> Self {
        let threat = &graph.threats[exposed.threat];
        let plain = exposed.chances.map(|chances| chances.plain);
        let trusts = !threat.tolerate.trusting.is_empty();
        let answer = |chance: Chance| ChanceAnswer {
            probability: chance.value,
            method: method(chance.method),
            interval: chance.interval,
        };
        let matters = exposed.matters.as_ref();
        let importance = matters.and_then(|matters| matters.assumptions.as_ref().ok()).map(|all| {
            let one = |it: &crate::analysis::exact::Importance| ImportanceAnswer {
                id: it.id.0,
                birnbaum: it.birnbaum,
                rrw: it.rrw,
                raw: it.raw,
                fv: it.fv,
                all: it.all.map(|all| TogetherAnswer {
                    members: all.members,
                    birnbaum: all.fails - all.holds,
                    rrw: (all.f > 0.0).then(|| all.f / all.holds),
                    raw: (all.f > 0.0).then(|| all.fails / all.f),
                    fv: all.fv,
                }),
            };
            all.iter().map(one).collect()
        });
        let controls = matters.map(|matters| {
            let one = |it: &crate::analysis::exact::ControlWorth| ControlAnswer { id: it.id.0, off: it.off, on: it.on };
            matters.controls.iter().map(one).collect()
        });
        SimulateAnswer {
            threat: &threat.name,
            expression: "exposed",
            probability: plain.map(|chance| chance.value),
            method: plain.map(|chance| method(chance.method)),
            interval: plain.and_then(|chance| chance.interval),
            trials: plain.map_or(0, |chance| chance.trials),
            quantiles: [],
            ranges: exposed.chances.and_then(|chances| chances.ends),
            trusting: exposed.chances.filter(|_| trusts).map(|chances| answer(chances.trusting)),
            independent: exposed
                .members
                .iter()
                .map(|members| MembersAnswer {
                    family: graph.families.get(members.family.0 as usize).map_or("", |family| family.name.as_str()),
                    members: members.count,
                    without: members.without,
                })
                .collect(),
            stopped: exposed.chances.and_then(|chances| chances.stopped).map(|why| why.to_string()),
            importance,
            controls,
            choke_points: matters.map(|matters| matters.choke_points.iter().map(|id| id.0).collect()),
        }
    }
}

/// The minimal sets of one threat.
#[derive(Debug, Serialize)]
pub struct SetsAnswer<'a> {
    threat: &'a str,
    attack_sets: Vec<Vec<u32>>,
    hardening_sets: Vec<Vec<u32>>,
    complete: bool,
    over: &'static str,
    attack: FamilyAnswer,
    hardening: FamilyAnswer,
    /// Controls left as they are, because they can also add a way.
    left_out: Vec<u32>,
    /// Why a family is not complete, where it was a limit.
    stopped: Option<String>,
}

/// How much of a family is listed.
#[derive(Debug, Serialize)]
struct FamilyAnswer {
    complete: bool,
    /// All in all, in decimal; null where it is not known.
    count: Option<String>,
    /// Every set of at most this size is listed; null: not even that is known, or all are.
    complete_to: Option<u64>,
}

impl<'a> SetsAnswer<'a> {
    /// Of one threat.
    pub fn new(threat: &'a str, found: &MinimalSets) -> Self {
        let sets = |family: &SetFamily| family.sets.iter().map(|set| set.ids().collect()).collect();
        let family = |family: &SetFamily| FamilyAnswer {
            complete: family.complete,
            count: family.count.map(|count| count.to_string()),
            complete_to: family.complete_to.filter(|_| !family.complete),
        };
        SetsAnswer {
            threat,
            attack_sets: sets(&found.attack),
            hardening_sets: sets(&found.hardening),
            complete: found.attack.complete && found.hardening.complete,
            over: over(found.over),
            attack: family(&found.attack),
            hardening: family(&found.hardening),
            left_out: found.left_out.iter().map(|id| id.0).collect(),
            stopped: found.stopped.map(|why| why.to_string()),
        }
    }
}

fn over(over: Over) -> &'static str {
    match over {
        Over::Assumptions => "assumptions",
        Over::Controls => "controls",
    }
}
