//! Random capability graphs for tests and benches: the same seed gives the same graph on any machine.

#![allow(dead_code)]

pub mod large;

use cotenant::graph::*;
use cotenant::units::{Effort, FailureKind};

/// SplitMix64.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5bf0_3635)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 up to and without `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    pub fn percent(&mut self, p: u64) -> bool {
        self.next() % 100 < p
    }

    /// From 0 up to and without 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

pub fn capability(name: String, family: Option<FamilyId>) -> Capability {
    Capability { name, family, gained_by: Vec::new() }
}

pub fn assumption(name: String, probability: f64, family: Option<FamilyId>) -> Assumption {
    Assumption {
        name,
        probability,
        kind: FailureKind::State,
        range: None,
        parameter: None,
        family,
        honesty_of: None,
        text: String::new(),
        question: String::new(),
        grade: String::new(),
        source: String::new(),
    }
}

pub fn step(name: String, mut needs: Vec<CapabilityId>, gains: CapabilityId, mut on: Vec<AssumptionId>) -> Step {
    needs.sort();
    needs.dedup();
    on.sort();
    on.dedup();
    Step {
        name,
        needs,
        gains,
        kind: if on.is_empty() { StepKind::Consequence } else { StepKind::Exploit },
        assumptions: on,
        family: None,
        unless: Vec::new(),
        only_with: Vec::new(),
        quorum: None,
        effort: None,
        detected: 0.0,
        delay_h: 0.0,
        says: String::new(),
        because: Vec::new(),
        dropped: Vec::new(),
    }
}

fn probability(random: &mut Random) -> f64 {
    random.pick(&[0.0, 1e-9, 0.01, 0.01, 0.1, 0.5, 1.0, 0.3])
}

fn effort(random: &mut Random) -> Option<Effort> {
    match random.below(6) {
        0 => None,
        1 => Some(Effort::Constant { hours: random.below(4) as f64 }),
        2 => Some(Effort::Lognormal { median_h: 1.0 + random.below(3) as f64, p90_h: 9.0 }),
        3 => Some(Effort::Exponential { mean_h: 1.5 }),
        4 => Some(Effort::Pert { low_h: 0.0, mode_h: 1.0, high_h: 3.5 }),
        _ => Some(Effort::Constant { hours: 1.0 }),
    }
}

/// A small graph without families: circles, shared assumptions, quorums, guards, counted-as pairs.
pub fn small(seed: u64) -> CapabilityGraph {
    let random = &mut Random::new(seed);
    let capabilities = 2 + random.below(7);
    let (assumptions, steps) = (random.below(6), 1 + random.below(14));
    flat(random, capabilities, assumptions, steps)
}

/// The same with up to 12 assumptions.
pub fn wide(seed: u64) -> CapabilityGraph {
    let random = &mut Random::new(seed ^ 0x71de);
    let capabilities = 3 + random.below(9);
    let (assumptions, steps) = (1 + random.below(12), 4 + random.below(24));
    flat(random, capabilities, assumptions, steps)
}

/// A small graph with up to six monotone controls: they block steps, or replace one by another that rests on more.
pub fn controlled(seed: u64) -> CapabilityGraph {
    let mut graph = wide(seed);
    let random = &mut Random::new(seed ^ 0xc0_17);
    let n = 1 + random.below(6);
    let control = |at| Control { name: format!("k{at}"), cost_days: Some(1.0), on: at % 3 == 0, excludes: Vec::new() };
    graph.controls = (0..n).map(control).collect();
    if n > 2 && random.percent(50) {
        graph.controls[0].excludes = vec![ControlId(1)];
        graph.controls[1].excludes = vec![ControlId(0)];
    }
    let mut lowered = Vec::new();
    for step in &mut graph.steps {
        (step.unless, step.only_with) = (Vec::new(), Vec::new());
        let (control, other) = (ControlId(random.below(n) as u32), ControlId(random.below(n) as u32));
        let kept = if random.percent(20) && other != control { vec![other] } else { Vec::new() };
        if random.percent(85) {
            step.unless = kept.iter().copied().chain([control]).collect();
            step.unless.sort();
            if random.percent(30) {
                lowered.push(Step { unless: kept, only_with: vec![control], ..step.clone() });
            }
        }
    }
    graph.steps.extend(lowered);
    graph.threats[0].alike_steps.clear();
    graph.index();
    graph
}

fn flat(random: &mut Random, capabilities: usize, assumptions: usize, steps: usize) -> CapabilityGraph {
    let mut graph = CapabilityGraph { horizon_days: 365.0, ..CapabilityGraph::default() };
    graph.capabilities = (0..capabilities).map(|at| capability(format!("c{at}"), None)).collect();
    graph.controls = (0..2)
        .map(|at| Control { name: format!("k{at}"), cost_days: None, on: at == 0, excludes: Vec::new() })
        .collect();
    for at in 0..1 + random.below(5) {
        let capability = any(random, capabilities);
        let (name, class) = (format!("p{at}"), format!("class{}", at % 2));
        graph.principals.push(Principal { name, capability, candidate: random.percent(80), external: false, class });
    }
    for at in 0..assumptions {
        let mut assumption = assumption(format!("a{at}"), probability(random), None);
        if random.percent(30) {
            assumption.honesty_of = Some(PrincipalId(random.below(graph.principals.len()) as u32));
        }
        graph.assumptions.push(assumption);
    }
    for at in 0..steps {
        let step = flat_step(random, at, capabilities, assumptions);
        graph.steps.push(step);
    }
    graph.threats = vec![threat(random, &graph, "t")];
    graph.index();
    graph
}

fn any(random: &mut Random, n: usize) -> CapabilityId {
    CapabilityId(random.below(n) as u32)
}

fn flat_step(random: &mut Random, at: usize, capabilities: usize, assumptions: usize) -> Step {
    let needs = (0..random.pick(&[0, 1, 1, 1, 2, 2, 3])).map(|_| any(random, capabilities)).collect();
    let on = match assumptions {
        0 => Vec::new(),
        n => (0..random.pick(&[0, 0, 1, 1, 2])).map(|_| AssumptionId(random.below(n) as u32)).collect(),
    };
    let mut step = step(format!("s{at}"), needs, any(random, capabilities), on);
    step.effort = effort(random);
    if random.percent(12) {
        let mut of: Vec<CapabilityId> = (0..2 + random.below(3)).map(|_| any(random, capabilities)).collect();
        of.sort();
        of.dedup();
        let at_least = 1 + random.below(of.len()) as u32;
        step.quorum = Some(Quorum { of, at_least });
    }
    if random.percent(5) {
        step.unless = vec![ControlId(random.below(2) as u32)];
    }
    if random.percent(5) {
        step.only_with = vec![ControlId(random.below(2) as u32)];
    }
    step
}

fn threat(random: &mut Random, graph: &CapabilityGraph, name: &str) -> Threat {
    let n = graph.capabilities.len();
    let goal = any(random, n);
    let some = |random: &mut Random, most: usize| -> Vec<CapabilityId> {
        let mut ids: Vec<CapabilityId> = (0..random.below(most + 1)).map(|_| any(random, n)).collect();
        ids.retain(|id| *id != goal || random.percent(20));
        ids.sort();
        ids.dedup();
        ids
    };
    let mut threat = Threat {
        name: name.to_owned(),
        title: name.to_owned(),
        group: name.to_owned(),
        public: some(random, 1),
        start: some(random, 2),
        goal,
        others: some(random, 3),
        ..Threat::default()
    };
    if random.percent(40) {
        threat.tolerate.trusting = vec![PrincipalId(random.below(graph.principals.len()) as u32)];
    }
    if random.percent(25) {
        // The last of each kind counts as another, which itself counts as nothing else.
        if let Some(last) = graph.steps.len().checked_sub(1).filter(|last| *last > 0) {
            threat.alike_steps = vec![(StepId(last as u32), StepId(random.below(last) as u32))];
        }
        if let Some(last) = graph.assumptions.len().checked_sub(1).filter(|last| *last > 0) {
            threat.alike_assumptions = vec![(AssumptionId(last as u32), AssumptionId(random.below(last) as u32))];
        }
        if let Some(last) = graph.principals.len().checked_sub(1).filter(|last| *last > 0) {
            threat.alike_principals = vec![(PrincipalId(last as u32), PrincipalId(random.below(last) as u32))];
        }
    }
    threat
}

/// A small graph with families: some nested, quorums over them, shared and private assumptions.
pub fn lumped(seed: u64) -> CapabilityGraph {
    let random = &mut Random::new(seed ^ 0xfa11);
    let mut graph = CapabilityGraph { horizon_days: 365.0, ..CapabilityGraph::default() };
    let count = |random: &mut Random| 1 + random.below(4) as u64;
    graph.families.push(Family { name: "f".to_owned(), count: count(random), within: None });
    if random.percent(60) {
        let within = random.percent(60).then_some(FamilyId(0));
        graph.families.push(Family { name: "g".to_owned(), count: 1 + random.below(3) as u64, within });
    }
    let families = graph.families.len();
    let family =
        |random: &mut Random, shared: u64| (!random.percent(shared)).then(|| FamilyId(random.below(families) as u32));
    for at in 0..4 + random.below(5) {
        // The first is shared, so every block sees one.
        let own = family(random, 45).filter(|_| at > 0);
        graph.capabilities.push(capability(format!("c{at}"), own));
    }
    for at in 0..1 + random.below(4) {
        let own = family(random, 40);
        graph.assumptions.push(assumption(format!("a{at}"), random.pick(&[0.1, 0.1, 0.2, 0.5]), own));
    }
    for at in 0..1 + random.below(3) {
        let capability = any(random, graph.capabilities.len());
        let name = format!("p{at}");
        graph.principals.push(Principal { class: name.clone(), name, capability, candidate: true, external: false });
    }
    for at in 0..4 + random.below(7) {
        let step = family_step(random, &graph, at);
        graph.steps.push(step);
    }
    let mut threat = threat(random, &graph, "t");
    // The victim is shared or one of a block; footholds are shared.
    threat.start.retain(|id| graph.capability(*id).family.is_none());
    threat.public.retain(|id| graph.capability(*id).family.is_none());
    threat.others.retain(|id| *id != threat.goal);
    threat.alike_steps.clear();
    threat.alike_assumptions.clear();
    threat.alike_principals.clear();
    graph.threats = vec![threat];
    graph.index();
    graph
}

/// A step in a random block: it touches only that block and those around it.
fn family_step(random: &mut Random, graph: &CapabilityGraph, at: usize) -> Step {
    let block = random.percent(65).then(|| FamilyId(random.below(graph.families.len()) as u32));
    let around = families::chain(graph, block);
    let visible = |family: Option<FamilyId>| family.is_none_or(|family| around.contains(&family));
    let ids = 0..graph.capabilities.len() as u32;
    let near: Vec<CapabilityId> = ids.map(CapabilityId).filter(|id| visible(graph.capability(*id).family)).collect();
    let ids = 0..graph.assumptions.len() as u32;
    let on: Vec<AssumptionId> = ids.map(AssumptionId).filter(|id| visible(graph.assumption(*id).family)).collect();
    let goal = random.pick(&near);
    let needs = (0..random.pick(&[0, 1, 1, 2])).map(|_| random.pick(&near)).collect();
    let rests = match on.len() {
        0 => Vec::new(),
        _ => (0..random.pick(&[0, 1, 1])).map(|_| random.pick(&on)).collect(),
    };
    let mut step = step(format!("s{at}"), needs, goal, rests);
    step.effort = effort(random);
    step.family = families::innermost(graph, &step);
    if random.percent(35) {
        let around = families::chain(graph, step.family);
        let mut of: Vec<CapabilityId> =
            (0..1 + random.below(2)).map(|_| any(random, graph.capabilities.len())).collect();
        of.sort();
        of.dedup();
        let most = of.iter().map(|id| families::copies_seen(graph, &around, *id)).sum::<u64>();
        step.quorum = Some(Quorum { of, at_least: 1 + random.below(most.min(3) as usize) as u32 });
    }
    step
}
