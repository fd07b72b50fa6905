//! The "shared build tenant" family of graphs at any size: publishers, projects, tenants, staff, and a random AND/OR part. Circles run
//! from a published release to the developer who installs it and on to that developer's session.

use super::{Random, assumption, capability, step};
use cotenant::graph::*;
use cotenant::units::Effort;

/// What to generate.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Publishers; about 12.8 steps each.
    pub publishers: usize,
    /// Distinct assumptions.
    pub assumptions: usize,
    pub seed: u64,
}

struct Builder {
    graph: CapabilityGraph,
    random: Random,
    assumptions: usize,
}

/// First id and number of a kind of capability.
#[derive(Clone, Copy)]
struct Kind(usize, usize);

impl Kind {
    fn at(self, n: usize) -> CapabilityId {
        CapabilityId((self.0 + n % self.1) as u32)
    }
}

impl Builder {
    fn kind(&mut self, name: &str, n: usize) -> Kind {
        let first = self.graph.capabilities.len();
        self.graph.capabilities.extend((0..n).map(|at| capability(format!("{name}({at})"), None)));
        Kind(first, n)
    }

    /// A step that rests on `p < 1` as one of the assumptions of its kind: those alike share a cause.
    fn step(&mut self, name: &str, needs: &[CapabilityId], gains: CapabilityId, p: f64, hours: f64) {
        let mut on = Vec::new();
        if p < 1.0 {
            on.push(AssumptionId(self.random.below(self.assumptions) as u32));
        }
        let mut step = step(name.to_owned(), needs.to_vec(), gains, on);
        step.effort = Some(Effort::Constant { hours });
        self.graph.steps.push(step);
    }
}

/// The graph.
pub fn tenants(size: Size) -> CapabilityGraph {
    let n = size.publishers;
    let mut to = Builder {
        graph: CapabilityGraph { horizon_days: 365.0, ..CapabilityGraph::default() },
        random: Random::new(size.seed),
        assumptions: size.assumptions,
    };
    for at in 0..size.assumptions {
        let p = 0.005 + 0.5 * to.random.unit() * to.random.unit();
        to.graph.assumptions.push(assumption(format!("a{at}"), p, None));
    }
    let (projects, tenants, staff, extra) = (n * 3 / 2, (n / 50).max(2), (n / 200).max(3), n / 2);
    let base = to.kind("base", 1).at(0);
    let session = to.kind("session", n);
    let token = to.kind("token", n);
    let source = to.kind("source", projects);
    let publish = to.kind("publish", projects);
    let run = to.kind("run", tenants);
    let cotenant = to.kind("cotenant", tenants);
    let staff_cred = to.kind("staff", staff);
    let approve = to.kind("approve", staff);
    let admin = to.kind("admin", 1).at(0);
    let random = to.kind("random", extra);
    let goal = to.kind("goal", 1).at(0);
    to.step("join", &[base], session.at(n - 1), 1.0, 1.0);
    for at in 0..n {
        if to.random.percent(5) {
            to.step("phish", &[base], session.at(at), 0.02, 20.0);
        }
        to.step("steal-token", &[session.at(at)], token.at(at), 0.7, 2.0);
    }
    let mut tenant_of = Vec::new();
    for at in 0..projects {
        let owner = if at + 1 == projects { n - 1 } else { (n as f64 * to.random.unit() * to.random.unit()) as usize };
        let tenant = if to.random.percent(90) { owner / 50 } else { to.random.below(tenants) };
        tenant_of.push(tenant);
        to.step("push", &[session.at(owner)], source.at(at), 0.9, 1.0);
        to.step("upload", &[token.at(owner)], publish.at(at), 1.0, 1.0);
        to.step("build", &[source.at(at)], run.at(tenant), 1.0, 3.0);
        to.step("publish-as-cotenant", &[cotenant.at(tenant)], publish.at(at), 0.6, 4.0);
        to.step("administer", &[admin], publish.at(at), 1.0, 1.0);
    }
    for at in 0..tenants {
        to.step("escape", &[run.at(at)], cotenant.at(at), 0.5, 6.0);
    }
    for at in 0..n {
        for _ in 0..2 {
            let project = (projects as f64 * to.random.unit() * to.random.unit()) as usize;
            to.step("install", &[publish.at(project)], session.at(at), 0.03, 10.0);
        }
    }
    for at in 0..staff {
        let who = to.random.below(n);
        to.step("escalate", &[session.at(who)], staff_cred.at(at), 0.2, 15.0);
        to.step("approve", &[staff_cred.at(at), staff_cred.at(at + 1)], approve.at(at), 0.5, 5.0);
        to.step("two-person-rule", &[approve.at(at), staff_cred.at(at)], admin, 0.5, 5.0);
    }
    let total = to.graph.capabilities.len() - 1;
    for at in 0..extra {
        for _ in 0..2 {
            let needs: Vec<CapabilityId> =
                (0..1 + to.random.below(3)).map(|_| CapabilityId(1 + to.random.below(total - 1) as u32)).collect();
            let hours = 1.0 + 9.0 * to.random.unit();
            to.step("random", &needs, random.at(at), 0.5, hours);
        }
        if to.random.percent(20) {
            let project = to.random.below(projects);
            to.step("leak", &[random.at(at)], source.at(project), 0.2, 8.0);
        }
    }
    for at in 0..10 {
        to.step("release", &[publish.at(at)], goal, 1.0, 0.0);
    }
    to.graph.threats.push(Threat {
        name: "takeover".to_owned(),
        title: "takeover".to_owned(),
        group: "takeover".to_owned(),
        start: vec![base],
        goal,
        others: (0..20).map(|at| publish.at(10 + at)).collect(),
        ..Threat::default()
    });
    to.graph.principals = (0..staff)
        .map(|at| {
            let (name, class) = (format!("staff{at}"), "staff".to_owned());
            Principal { name, capability: staff_cred.at(at), candidate: true, external: false, class }
        })
        .collect();
    to.graph.index();
    to.graph
}

/// Steps thrown at random: each needs one to three capabilities from anywhere, so everything hangs together in circles.
pub fn tangle(steps: usize, assumptions: usize, seed: u64) -> CapabilityGraph {
    let mut to = Builder {
        graph: CapabilityGraph { horizon_days: 365.0, ..CapabilityGraph::default() },
        random: Random::new(seed),
        assumptions,
    };
    for at in 0..assumptions {
        let p = 0.005 + 0.5 * to.random.unit() * to.random.unit();
        to.graph.assumptions.push(assumption(format!("a{at}"), p, None));
    }
    let all = to.kind("c", steps / 3);
    for at in 0..steps {
        let needs: Vec<CapabilityId> = (0..1 + to.random.below(3)).map(|_| all.at(to.random.below(all.1))).collect();
        let gains = all.at(to.random.below(all.1));
        let (p, hours) = (if to.random.percent(60) { 0.5 } else { 1.0 }, to.random.below(40) as f64);
        to.step(&format!("s{at}"), &needs, gains, p, hours);
    }
    let start = (1..8 + steps / 60).map(|at| all.at(at)).collect();
    to.graph.threats.push(Threat {
        name: "goal".to_owned(),
        title: "goal".to_owned(),
        group: "goal".to_owned(),
        start,
        goal: all.at(0),
        ..Threat::default()
    });
    to.graph.index();
    to.graph
}
