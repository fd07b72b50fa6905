//! What `harden` answers, for programs.

use serde::Serialize;

use crate::study::harden::{Cheapest, Hardening, Plan, State};

/// One design hardened.
#[derive(Debug, Serialize)]
pub struct HardenAnswer<'a> {
    design: &'a str,
    /// Positions in `candidates`; null if none suffices or none was found.
    controls: Option<Vec<usize>>,
    cost_days: Option<f64>,
    optimal: bool,
    lower_bound_days: Option<f64>,
    /// With those controls on; with nothing on, where there are none.
    remaining: Vec<Remaining<'a>>,
    before: Vec<Remaining<'a>>,
    candidates: Vec<CandidateAnswer<'a>>,
    repairs: Vec<RepairAnswer<'a>>,
    within_budget: Option<PlanAnswer<'a>>,
    front: Vec<PlanAnswer<'a>>,
    front_complete: bool,
    stays: Vec<StaysAnswer<'a>>,
}

#[derive(Debug, Serialize)]
struct Remaining<'a> {
    threat: &'a str,
    verdict: &'static str,
    probability: Option<f64>,
    interval: Option<[f64; 2]>,
}

#[derive(Debug, Serialize)]
struct CandidateAnswer<'a> {
    id: usize,
    name: &'a str,
    cost_days: f64,
    patch: bool,
}

#[derive(Debug, Serialize)]
struct RepairAnswer<'a> {
    threat: &'a str,
    controls: Option<Vec<usize>>,
    cost_days: Option<f64>,
    optimal: bool,
    lower_bound_days: Option<f64>,
}

#[derive(Debug, Serialize)]
struct PlanAnswer<'a> {
    controls: Vec<usize>,
    cost_days: f64,
    remaining: Vec<Remaining<'a>>,
}

#[derive(Debug, Serialize)]
struct StaysAnswer<'a> {
    threat: &'a str,
    attack_sets: &'a [Vec<String>],
    complete: bool,
}

impl<'a> HardenAnswer<'a> {
    /// Of one design.
    pub fn new(design: &'a str, hardening: &'a Hardening) -> Self {
        let Cheapest { plan, optimal, lower_bound_days } = &hardening.cheapest;
        let state = plan.as_ref().map_or(&hardening.before, |plan| &plan.state);
        let name = |at: usize| hardening.threats[at].as_str();
        HardenAnswer {
            design,
            controls: plan.as_ref().map(|plan| plan.controls.clone()),
            cost_days: plan.as_ref().map(|plan| plan.cost_days),
            optimal: *optimal,
            lower_bound_days: *lower_bound_days,
            remaining: remaining(hardening, state),
            before: remaining(hardening, &hardening.before),
            candidates: candidates(hardening),
            repairs: hardening
                .repairs
                .iter()
                .map(|repair| RepairAnswer {
                    threat: name(repair.threat),
                    controls: repair.cheapest.plan.as_ref().map(|plan| plan.controls.clone()),
                    cost_days: repair.cheapest.plan.as_ref().map(|plan| plan.cost_days),
                    optimal: repair.cheapest.optimal,
                    lower_bound_days: repair.cheapest.lower_bound_days,
                })
                .collect(),
            within_budget: hardening.within_budget.as_ref().map(|plan| plan_answer(hardening, plan)),
            front: hardening.front.iter().map(|plan| plan_answer(hardening, plan)).collect(),
            front_complete: hardening.front_complete,
            stays: hardening
                .stays
                .iter()
                .map(|stays| StaysAnswer {
                    threat: name(stays.threat),
                    attack_sets: &stays.attack_sets,
                    complete: stays.complete,
                })
                .collect(),
        }
    }
}

fn candidates(hardening: &Hardening) -> Vec<CandidateAnswer<'_>> {
    let all = hardening.candidates.iter().enumerate();
    all.map(|(id, it)| CandidateAnswer { id, name: &it.id, cost_days: it.cost_days, patch: it.patch }).collect()
}

fn plan_answer<'a>(hardening: &'a Hardening, plan: &Plan) -> PlanAnswer<'a> {
    PlanAnswer {
        controls: plan.controls.clone(),
        cost_days: plan.cost_days,
        remaining: remaining(hardening, &plan.state),
    }
}

fn remaining<'a>(hardening: &'a Hardening, state: &State) -> Vec<Remaining<'a>> {
    let all = hardening.threats.iter().zip(&state.verdicts).zip(&state.chances);
    all.map(|((threat, verdict), chances)| Remaining {
        threat,
        verdict: verdict.word(),
        probability: chances.map(|chances| chances.trusting.value),
        interval: chances.and_then(|chances| chances.trusting.interval),
    })
    .collect()
}
