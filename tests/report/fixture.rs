//! Made-up answers of a realistic size: nine designs, six questions (one asked once per vendor), long names.

use std::collections::BTreeMap;

use cotenant::analysis::exact::{Chance, Chances};
use cotenant::analysis::{AttackSets, Coalitions, Cost, Extent, Path, Paths, Reach, Status};
use cotenant::graph::{
    Assumption, AssumptionId, Capability, CapabilityGraph, CapabilityId, Principal, PrincipalId, Step, StepId,
    StepKind, Threat, Tolerance,
};
use cotenant::source::Place;
use cotenant::study::gate::Verdict;
use cotenant::study::harden::{Candidate, Cheapest, Hardening, Plan, State};
use cotenant::study::{
    Carried, Comparison, Costs, Count, Coverage, DesignAnswer, Row, RowAlignment, Seen, ThreatAnswer,
};
use cotenant::units::{Effort, FailureKind};

/// (group, title) of the questions.
const QUESTIONS: [(&str, &str); 6] = [
    ("impersonation", "One publisher publishes as another"),
    ("mass-impersonation", "One publisher publishes as every other publisher of the index"),
    ("outsider-takeover", "Somebody without an account takes over one project"),
    ("index-compromise", "A publisher gains code execution on the production index"),
    ("vendor-breach", "A breached vendor publishes as a publisher who relies on it"),
    ("serve-altered-release", "Consumers are served a release that its publisher never made"),
];

/// (id, title, per question: k or special, n1, w1), in which -1 is grant, -2 unreachable, -3 not applicable, -4 not asked.
type Spec = (&'static str, &'static str, [(i32, u64, u64); 6]);

const DESIGNS: [Spec; 9] = [
    (
        "status-quo",
        "Publishers build at home and upload what they built",
        [(1, 6, 4), (1, 4, 4), (1, 7, 4), (1, 2, 2), (1, 1, 0), (1, 3, 3)],
    ),
    (
        "native-shared-hosts",
        "The index builds for its publishers, on hosts that several of them share at the same time",
        [(1, 9, 7), (1, 7, 7), (1, 10, 7), (1, 3, 3), (1, 1, 0), (1, 4, 4)],
    ),
    (
        "native-microvm",
        "The index builds for its publishers, one micro virtual machine for every build",
        [(1, 6, 4), (1, 4, 4), (1, 6, 4), (1, 2, 2), (1, 1, 0), (1, 3, 3)],
    ),
    (
        "external-ci-operator-integrated",
        "The index drives one external CI service with a service account of its own",
        [(1, 12, 11), (1, 11, 11), (1, 13, 11), (1, 2, 2), (-1, 0, 0), (1, 5, 5)],
    ),
    (
        "external-ci-bring-your-own-secret",
        "Publishers bring their own CI and keep an upload token in it as a secret",
        [(1, 8, 4), (2, 0, 0), (1, 9, 4), (1, 2, 2), (-1, 0, 0), (1, 3, 3)],
    ),
    (
        "trusted-publishing",
        "Publishers bring their own CI, which proves its identity for each job",
        [(1, 9, 4), (2, 0, 0), (1, 9, 4), (1, 2, 2), (1, 2, 2), (1, 3, 3)],
    ),
    (
        "shared-house",
        "The build system is the publisher; everyone with access is a trusted co-tenant",
        [(-1, 0, 0), (-1, 0, 0), (1, 5, 5), (1, 1, 1), (-1, 0, 0), (1, 2, 2)],
    ),
    (
        "staged-shared-house",
        "A shared house with staging, two reviewers and a copy on validation",
        [(2, 0, 0), (3, 0, 0), (2, 0, 0), (-2, 0, 0), (-3, 0, 0), (2, 0, 0)],
    ),
    (
        "apartment-complex",
        "Every publisher has hardware of its own and signs end to end",
        [(-2, 0, 0), (-2, 0, 0), (2, 0, 0), (2, 0, 0), (-4, 0, 0), (-2, 0, 0)],
    ),
];

/// Members other than attacker and victim.
const OTHERS: u64 = 34_998;

/// The whole comparison.
pub fn comparison() -> Comparison {
    build(&DESIGNS)
}

/// Two of its designs.
pub fn pair() -> Comparison {
    build(&[DESIGNS[0], DESIGNS[6]])
}

fn build(specs: &[Spec]) -> Comparison {
    let designs: Vec<DesignAnswer> = specs.iter().map(design).collect();
    let rows = QUESTIONS.iter().map(|(group, title)| Row {
        group: (*group).to_owned(),
        title: (*title).to_owned(),
        worst: designs.iter().map(|design| design.threats.iter().position(|threat| threat.group == *group)).collect(),
    });
    let rows: Vec<Row> = rows.collect();
    let alignment = rows.iter().map(|row| alignment(&designs, row)).collect();
    Comparison { designs, rows, alignment, baseline: 0, seed: 42, uncertainty: None, growth: None }
}

fn alignment(designs: &[DesignAnswer], row: &Row) -> RowAlignment {
    let answers: Vec<Option<&ThreatAnswer>> =
        designs.iter().zip(&row.worst).map(|(design, at)| at.map(|at| &design.threats[at])).collect();
    let mut keys: BTreeMap<Vec<String>, Vec<u64>> = BTreeMap::new();
    for (at, answer) in answers.iter().enumerate() {
        for (key, n) in answer.iter().flat_map(|answer| &answer.keys) {
            keys.entry(key.clone()).or_insert_with(|| vec![0; designs.len()])[at] += n;
        }
    }
    let complete = answers.iter().map(|answer| answer.is_none_or(|answer| answer.path_count.complete)).collect();
    RowAlignment { group: row.group.clone(), keys: keys.into_iter().collect(), complete }
}

fn design((id, title, cells): &Spec) -> DesignAnswer {
    let at = DESIGNS.iter().position(|known| known.0 == *id).unwrap_or(0);
    let graph = graph(id);
    let mut threats = Vec::new();
    for ((group, title), cell) in QUESTIONS.iter().zip(cells) {
        if cell.0 == -4 {
            continue;
        }
        let names: Vec<String> = match *group {
            "vendor-breach" if cell.0 != -3 => vec![format!("{group}.mail-host"), format!("{group}.forge")],
            _ => vec![(*group).to_owned()],
        };
        threats.extend(names.into_iter().map(|name| threat(at, name, group, title, *cell)));
    }
    let graph = CapabilityGraph { threats: threats.iter().map(graph_threat).collect(), ..graph };
    DesignAnswer {
        design: (*id).to_owned(),
        title: (*title).to_owned(),
        file: format!("scenarios/{id}.yaml"),
        graph,
        threats,
        costs: Some(costs(at)),
        coverage: Some(coverage(at)),
        seen: vec![Seen {
            incident: String::from("an-index-2016-parser"),
            steps: vec![String::from("escape-build-tenant")],
        }],
        questions: std::collections::BTreeMap::new(),
        answers: Vec::new(),
        zones: [("builder", "run by index-admin"), ("forge", "outside: forge")]
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .into(),
        rests: None,
        hardening: None,
        notes: vec![String::from(
            "`impersonation` and `outsider-takeover` are one question here: anyone can become a publisher.",
        )],
    }
}

fn graph_threat(answer: &ThreatAnswer) -> Threat {
    Threat {
        name: answer.threat.clone(),
        group: answer.group.clone(),
        title: answer.title.clone(),
        goal: CapabilityId(5),
        others: if answer.group == "outsider-takeover" { Vec::new() } else { vec![CapabilityId(4)] },
        tolerate: Tolerance { trusting: vec![PrincipalId(3)], ..Tolerance::default() },
        ..Threat::default()
    }
}

fn threat(at: usize, name: String, group: &str, title: &str, (code, n1, w1): (i32, u64, u64)) -> ThreatAnswer {
    let (status, k) = match code {
        -1 => (Status::Grant, Some(0)),
        -2 => (Status::Unreachable, None),
        -3 | -4 => (Status::NotApplicable, None),
        k => (Status::Exploit, Some(k as u32)),
    };
    let paths = paths(status, k.unwrap_or(0));
    let open = matches!(status, Status::Grant | Status::Exploit);
    let sets = attack_sets(status, &paths);
    let reach = Reach {
        status,
        k,
        k_trusting: if at == 1 && k == Some(1) { Some(2) } else { k },
        profile: [u64::from(code == -1), n1, if open { 5 } else { 0 }, 0],
        profile_wide: [0, w1, 0, 0],
        profile_complete: at != 5,
        extent: open.then_some(match at % 4 {
            0 => Extent { word: "one", members: 1 },
            1 => Extent { word: "group", members: 19 },
            2 => Extent { word: "some", members: 1_200 },
            _ => Extent { word: "all", members: OTHERS },
        }),
        exact: true,
        extent_exact: true,
    };
    let count =
        Count { n: if open { [19, 232, 78, 4_770, 310, 4_770, 99, 12, 3][at % 9] } else { 0 }, complete: at != 5 };
    let keys = paths.paths.iter().map(key).collect();
    let all_paths = paths.paths.clone();
    let attack_sets = AttackSets { sets, complete: at != 5 };
    ThreatAnswer {
        threat: name,
        group: group.to_owned(),
        title: title.to_owned(),
        reach,
        chance: None,
        members: Vec::new(),
        paths,
        path_count: count,
        attack_sets,
        coalitions: coalitions(at, status),
        all_paths,
        keys,
    }
}

fn key(path: &Path) -> (Vec<String>, u64) {
    let steps = steps();
    let names = path.order.iter().map(|id| &steps[id.0 as usize]).filter(|step| step.kind != StepKind::Consequence);
    let mut key: Vec<String> = names.map(|step| step.name.clone()).collect();
    key.sort();
    (key, 2)
}

fn attack_sets(status: Status, paths: &Paths) -> Vec<Vec<AssumptionId>> {
    match status {
        Status::Grant => vec![Vec::new()],
        Status::Exploit => {
            paths.paths.iter().filter(|path| path.dominated_by.is_none()).map(|path| path.assumptions.clone()).collect()
        }
        _ => Vec::new(),
    }
}

fn paths(status: Status, k: u32) -> Paths {
    let a = |ids: &[u32]| ids.iter().map(|id| AssumptionId(*id)).collect::<Vec<_>>();
    let path = |order: &[u32], assumptions: &[u32], dominated_by: Option<&[u32]>| {
        let known = self::assumptions();
        let probability: f64 = assumptions.iter().map(|id| known[*id as usize].probability).product();
        let mut steps: Vec<StepId> = order.iter().map(|id| StepId(*id)).collect();
        let order = steps.clone();
        steps.sort();
        let cost = Some((-1e9 * probability.ln()).round() as u64);
        let effort_hours = 16.0 * assumptions.len() as f64;
        Path {
            steps,
            assumptions: a(assumptions),
            order,
            cost,
            probability,
            effort_hours,
            dominated_by: dominated_by.map(a),
        }
    };
    let paths = match (status, k) {
        (Status::Grant, _) => vec![path(&[0, 1, 2, 3], &[], None)],
        (Status::Exploit, 1) => vec![
            path(&[0, 1, 2, 4, 3], &[1], None),
            path(&[5, 6, 7], &[0], None),
            path(&[0, 1, 2, 8, 3], &[2], None),
            path(&[5, 6, 8, 3], &[0, 2], Some(&[0])),
        ],
        (Status::Exploit, _) => {
            vec![path(&[0, 1, 2, 9, 9, 8, 3], &[2, 3, 3], None), path(&[0, 1, 2, 4, 8, 3], &[1, 2], None)]
        }
        _ => Vec::new(),
    };
    Paths { cost: Cost::Likeliest, complete: true, optimal: true, at_least: None, paths, nodes: 120 }
}

fn coalitions(at: usize, status: Status) -> Coalitions {
    let c = |sets: &[&[u32]]| sets.iter().map(|set| set.iter().map(|id| PrincipalId(*id)).collect()).collect();
    let coalitions = match (status, at) {
        (Status::NotApplicable | Status::Unreachable, _) => Vec::new(),
        (_, 0) => c(&[&[1], &[3], &[4]]),
        (_, 1) => c(&[&[1], &[3], &[4], &[7]]),
        (_, 3) => c(&[&[1], &[3], &[4], &[5], &[6]]),
        (_, 4 | 5) => c(&[&[1], &[3], &[4], &[5], &[6, 8]]),
        (_, 6) => c(&[&[]]),
        (_, 7) => c(&[&[3, 7], &[9, 9]]),
        _ => c(&[&[1], &[3], &[4, 5]]),
    };
    Coalitions {
        candidates: (0..10).map(PrincipalId).collect(),
        coalitions,
        complete: at != 5,
        complete_to: if at == 5 { Some(2) } else { None },
    }
}

fn graph(id: &str) -> CapabilityGraph {
    let names = [
        "act-as(publisher.attacker)",
        "submit-source(project.attacker)",
        "run-code(tenant.attacker)",
        "know(deploy-key)",
        "publish(project.other)",
        "publish(project.victim)",
        "know(password.victim)",
        "act-as(publisher.victim)",
    ];
    let capability = |name: &&str| Capability { name: (*name).to_owned(), family: None, gained_by: Vec::new() };
    let mut graph = CapabilityGraph {
        design: id.to_owned(),
        horizon_days: 365.0,
        model: format!("sha256:{}", "0123456789abcdef".repeat(4)),
        capabilities: names.iter().map(capability).collect(),
        assumptions: assumptions(),
        steps: steps(),
        controls: Vec::new(),
        families: Vec::new(),
        principals: principals(),
        threats: Vec::new(),
    };
    graph.index();
    graph
}

fn principals() -> Vec<Principal> {
    let names = [
        ("publisher.attacker", false),
        ("publisher.victim", false),
        ("publisher.other", false),
        ("index-admin", false),
        ("mail-host", true),
        ("forge", true),
        ("continuous-integration-vendor", true),
        ("build-operations-team", false),
        ("domain-registrar-of-the-publisher", true),
        ("reviewer.other", false),
    ];
    let principal = |(name, external): &(&str, bool)| Principal {
        name: (*name).to_owned(),
        capability: CapabilityId(0),
        candidate: true,
        external: *external,
        class: name.split('.').next().unwrap_or(name).to_owned(),
    };
    names.iter().map(principal).collect()
}

fn assumptions() -> Vec<Assumption> {
    let assumption =
        |name: &str, text: &str, question: &str, range: Option<[f64; 3]>, p: f64, (grade, source): (&str, &str)| {
            Assumption {
                name: name.to_owned(),
                probability: range.map_or(p, |[low, mode, high]| (low + 4.0 * mode + high) / 6.0),
                kind: FailureKind::Rate,
                range,
                parameter: Some(name.split('(').next().unwrap_or(name).to_owned()),
                family: None,
                honesty_of: None,
                text: text.to_owned(),
                question: question.to_owned(),
                grade: grade.to_owned(),
                source: source.to_owned(),
            }
        };
    vec![
        assumption(
            "not-phished(publisher.victim)",
            "the victim does not type the password of the index into another site",
            "Which second factor do publishers really use, and can it be relayed?",
            Some([0.0005, 0.002, 0.01]),
            0.0,
            ("sourced", "four accounts in one campaign, July 2025: https://blog.example.org/phishing_2025"),
        ),
        assumption(
            "secret-kept-from-build(builder, deploy-key)",
            "no build can read the key with which the builder publishes",
            "Which secrets are in reach of a build, and who has checked that?",
            Some([0.01, 0.05, 0.3]),
            0.0,
            ("guess", "in the known chains a secret in reach was the rule, not the exception"),
        ),
        assumption(
            "boundary-holds(builder, container)",
            "the container boundary between the builds on builder holds",
            "Which boundary separates two publishers' builds, and who patches it?",
            Some([0.002, 0.02, 0.1]),
            0.0,
            ("derived", "public escapes of the runtime over ten years, times the window until a host is patched"),
        ),
        assumption(
            "reviewer-attentive(reviewer.other)",
            "a reviewer notices a change that does not belong",
            "How many changes does one reviewer see in a week?",
            None,
            0.3,
            ("guess", "nobody has measured it"),
        ),
    ]
}

fn steps() -> Vec<Step> {
    let step = |name: &str,
                kind: StepKind,
                (gains, needs): (u32, &[u32]),
                rests: &[u32],
                says: &str,
                line: (usize, &str)| Step {
        name: name.to_owned(),
        needs: needs.iter().map(|id| CapabilityId(*id)).collect(),
        gains: CapabilityId(gains),
        assumptions: rests.iter().map(|id| AssumptionId(*id)).collect(),
        kind,
        family: None,
        unless: Vec::new(),
        only_with: Vec::new(),
        quorum: None,
        effort: (!rests.is_empty()).then_some(Effort::Lognormal { median_h: 16.0, p90_h: 160.0 }),
        detected: 0.2,
        delay_h: 0.0,
        says: says.to_owned(),
        because: vec![Place {
            file: String::from("scenarios/native-build.yaml"),
            line: line.0,
            col: 5,
            text: line.1.to_owned(),
        }],
        dropped: if name == "read-secret-in-build" { vec![String::from("secret-scoped.none")] } else { Vec::new() },
    };
    use StepKind::{Consequence, Exploit, Grant};
    vec![
        step(
            "join",
            Grant,
            (0, &[]),
            &[],
            "anyone registers as publisher.attacker",
            (8, "- {id: publisher, is: publisher, count: 35000, joins: open}"),
        ),
        step(
            "submit-source",
            Grant,
            (1, &[0]),
            &[],
            "publisher.attacker submits source for project.attacker",
            (31, "- {who: publisher, may: submit-source, over: project, scope: own}"),
        ),
        step(
            "build-runs",
            Consequence,
            (2, &[1]),
            &[],
            "what is submitted runs as tenant.attacker",
            (17, "- {id: tenant, is: build-tenant, per: publisher, runs-on: builder, builds: project}"),
        ),
        step(
            "publish",
            Grant,
            (5, &[3]),
            &[],
            "builder publishes project.victim",
            (33, "- {who: builder, may: publish, over: project, scope: any}  # deploy-key proves builder"),
        ),
        step(
            "read-secret-in-build",
            Exploit,
            (3, &[2]),
            &[1],
            "the attacker's build reads deploy-key, which the builder keeps in reach of it",
            (16, "- {id: builder, is: build-host, operated-by: index-admin, holds: [deploy-key]}"),
        ),
        step(
            "phish-password",
            Exploit,
            (6, &[]),
            &[0],
            "the attacker gets password.victim by a page that looks like the index",
            (20, "- {id: password, is: credential, per: publisher, proves: publisher, second-factor: none}"),
        ),
        step(
            "log-in",
            Consequence,
            (7, &[6]),
            &[],
            "whoever knows password.victim acts as publisher.victim",
            (20, "- {id: password, is: credential, per: publisher, proves: publisher, second-factor: none}"),
        ),
        step(
            "publish",
            Grant,
            (5, &[7]),
            &[],
            "publisher.victim publishes project.victim",
            (32, "- {who: tenant, may: publish, over: project, scope: own, via: builder}"),
        ),
        step(
            "escape-build-tenant",
            Exploit,
            (3, &[2]),
            &[2],
            "the attacker breaks out of tenant.attacker through its container boundary and runs code on builder",
            (17, "- {id: tenant, is: build-tenant, per: publisher, runs-on: builder, isolation: container}"),
        ),
        step(
            "fool-reviewer",
            Exploit,
            (3, &[2]),
            &[3],
            "a reviewer passes the change",
            (40, "approval: {by: reviewer, of: 2}"),
        ),
    ]
}

fn costs(at: usize) -> Costs {
    let named = |prefix: &str, n: usize| (0..n).map(|n| format!("{prefix}-{}", n + 1)).collect::<Vec<_>>();
    Costs {
        approvals: [Some(0), Some(0), Some(0), Some(0), Some(0), Some(0), Some(1), Some(3), None][at],
        approvers: if at > 5 { vec![String::from("core-team")] } else { Vec::new() },
        approvals_by: if at > 5 { vec![1] } else { Vec::new() },
        services: named("service", [2, 5, 6, 3, 2, 2, 7, 9, 4][at]),
        strangers_code: named("builder", [0, 2, 1, 0, 0, 0, 1, 1, 0][at]),
        parties: named("vendor", [1, 1, 1, 3, 2, 3, 5, 4, 1][at]),
        interfaces: named("interface", [1, 2, 2, 4, 3, 9, 11, 12, 1][at])
            .into_iter()
            .map(|name| (name, String::from("index")))
            .collect(),
        workflows: named("publish with a token, no approval", [2, 1, 1, 1, 2, 4, 2, 3, 1][at]),
        attack_surface: [14, 31, 28, 40, 22, 25, 35, 37, 9][at],
        attack_surface_operated: [3, 18, 15, 6, 3, 4, 9, 10, 4][at],
    }
}

fn coverage(at: usize) -> Coverage {
    let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    Coverage {
        kinds: list(&["publisher", "operator", "index", "mail"]),
        kinds_not_modelled: list(if at.is_multiple_of(2) {
            &["mirror", "transparency-log", "team"]
        } else {
            &["mirror", "transparency-log"]
        }),
        steps: list(&["phish-password", "escape-build-tenant", "read-secret-in-build"]),
        steps_not_fired: list(if at == 0 {
            &["poison-cache", "replace-after-check", "escape-vm"]
        } else {
            &["poison-cache", "replace-after-check"]
        }),
        slsa: Carried { carried: list(&["A", "C", "E"]), not_carried: list(&["G", "H", "I"]) },
        attack: Carried { carried: list(&["T1195.002"]), not_carried: list(&["T1611"]) },
        risk_explorer: Carried { carried: list(&["AV-505"]), not_carried: list(&["AV-403", "AV-605"]) },
        ruled_out: vec![(
            String::from("escape-build-tenant(tenant.attacker)"),
            String::from("boundary-holds.hardware"),
        )],
        dropped: vec![(String::from("read-secret-in-build(builder)"), String::from("secret-scoped.none"))],
    }
}

/// Chances over the ranges of the numbers.
pub fn exactly(p: f64, ends: [f64; 2]) -> Option<Chances> {
    let chance = Chance::exact(p);
    Some(Chances { plain: chance, trusting: chance, ends: Some(ends), ends_trusting: Some(ends), stopped: None })
}

/// Chances between two bounds.
pub fn between(low: f64, high: f64) -> Option<Chances> {
    let chance = Chance::bounded(low, high);
    Some(Chances { plain: chance, trusting: chance, ends: None, ends_trusting: None, stopped: None })
}

/// What two controls do to threats of every sort: less likely, impossible, by grant whatever is done, bounded, gone.
pub fn hardening() -> Hardening {
    let threats: Vec<(&str, [Option<Chances>; 3])> = vec![
        ("impersonation", [exactly(0.996, [0.467, 0.9999]), exactly(0.314, [0.09, 0.62]), exactly(0.2, [0.05, 0.5])]),
        ("vendor-breach.hosting", [exactly(1.0, [1.0, 1.0]); 3]),
        ("outsider", [exactly(2e-3, [1e-4, 1e-2]), exactly(0.0, [0.0, 0.0]), exactly(0.0, [0.0, 0.0])]),
        (
            "takeover-by-an-outsider-with-forty-letters",
            [between(0.1, 0.4), between(0.01, 0.04), exactly(5e-3, [0.0, 0.01])],
        ),
        ("gone-with-what-it-was-about", [exactly(0.5, [0.4, 0.6]), None, None]),
    ];
    let state = |at: usize| State {
        verdicts: threats
            .iter()
            .enumerate()
            .map(|(n, _)| if (n, at) == (0, 0) { Verdict::Fail } else { Verdict::Pass })
            .collect(),
        chances: threats.iter().map(|(_, chances)| chances[at]).collect(),
    };
    let control = |id: &str, cost_days| Candidate { id: id.to_owned(), title: String::new(), cost_days, patch: false };
    let plan = |controls: &[usize], at: usize| Plan {
        controls: controls.to_vec(),
        cost_days: 30.0 * controls.len() as f64,
        state: state(at),
    };
    Hardening {
        candidates: vec![control("own-packages", 30.0), control("vm-per-build", 30.0)],
        threats: threats.iter().map(|(name, _)| (*name).to_owned()).collect(),
        judged: vec![0],
        before: state(0),
        cheapest: Cheapest { plan: Some(plan(&[0], 1)), optimal: true, lower_bound_days: Some(30.0) },
        repairs: Vec::new(),
        within_budget: None,
        front: vec![plan(&[], 0), plan(&[0], 1), plan(&[0, 1], 2)],
        front_complete: true,
        stays: Vec::new(),
    }
}
