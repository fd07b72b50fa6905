//! Uncertainty, sweeps and growth: against closed forms, against models in which the number is really set, and against themselves.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that fails says so")]

use cotenant::analysis::exact::{Limits, chance};
use cotenant::graph::ground;
use cotenant::graph::{CapabilityGraph, CapabilityId, Principal, PrincipalId, json};
use cotenant::library::numbers::failure_key;
use cotenant::model::{self, Edits, Model};
use cotenant::scenarios;
use cotenant::source::Source;
use cotenant::study::Comparison;
use cotenant::study::answer::{AnswerOptions, answer_graph};
use cotenant::study::compare::compare;
use cotenant::study::growth::{About, Asked, growth, limits};
use cotenant::study::sweep::vary::Vary;
use cotenant::study::sweep::{Setting, sweep};
use cotenant::study::uncertainty::dials::Reading;
use cotenant::study::uncertainty::{self, Options, Uncertainty, between, uncertainty};

const OPTIONS: Options = Options { draws: 4_000, seed: 1, reading: Reading::Pert };

/// A graph whose goal is gained by one step per list of assumptions, each assumption (name, parameter, range).
fn graph(design: &str, assumptions: &[(&str, &str, [f64; 3])], ways: &[&[usize]]) -> CapabilityGraph {
    let assumptions: Vec<_> = assumptions
        .iter()
        .enumerate()
        .map(|(id, (name, parameter, [low, mode, high]))| {
            let probability = (low + 4.0 * mode + high) / 6.0;
            serde_json::json!({"id": id, "name": name, "probability": probability, "kind": "state",
                "parameter": parameter, "range": [low, mode, high]})
        })
        .collect();
    let steps: Vec<_> = ways
        .iter()
        .enumerate()
        .map(|(id, way)| serde_json::json!({"id": id, "name": format!("way-{id}"), "needs": [], "gains": 0, "assumptions": way}))
        .collect();
    let text = serde_json::json!({"cotenant-graph": 1, "design": design, "capabilities": [{"id": 0, "name": "goal"}],
        "assumptions": assumptions, "steps": steps, "threats": [{"name": "t", "start": [], "goal": 0}]});
    json::load(Source::new(format!("{design}.json"), text.to_string())).unwrap().graph
}

fn compared(graphs: Vec<CapabilityGraph>) -> Comparison {
    let options = AnswerOptions { k: 1, counts: false, coalitions: false, ..AnswerOptions::default() };
    compare(graphs.into_iter().map(|graph| answer_graph(graph, "g", &options).unwrap()).collect(), 1)
}

fn answered(graphs: Vec<CapabilityGraph>) -> Uncertainty {
    uncertainty(&compared(graphs), OPTIONS)
}

/// Mode at the lower end: the number x has the share 1 - (1 - x)^5 below it.
const SKEWED: [f64; 3] = [0.0, 0.0, 1.0];

#[test]
fn one_parameter_serves_all_its_variables() {
    let two = [("one", "p", SKEWED), ("other", "p", SKEWED)];
    let both = answered(vec![graph("both", &two, &[&[0, 1]]), graph("either", &two, &[&[0], &[1]])]);
    let quantile = |q: f64| 1.0 - (1.0 - q).powf(0.2);
    let [all, some] = [0, 1].map(|at| both.rows[0].answers[at].clone().unwrap());
    assert!((all.nominal[1] - 1.0 / 36.0).abs() < 1e-15);
    for (q, found) in [(0.05, all.spread.low), (0.5, all.spread.median), (0.95, all.spread.high)] {
        let x = quantile(q);
        assert!((found - x * x).abs() < 0.01, "{q}: {found} for {}", x * x);
    }
    // Drawn once: E[x^2] of a beta distribution with shapes 1 and 5. Drawn twice it would be E[x]^2 = 1/36.
    assert!((all.spread.mean - 2.0 / 42.0).abs() < 0.003, "{}", all.spread.mean);
    let x = quantile(0.5);
    assert!((some.spread.median - (1.0 - (1.0 - x) * (1.0 - x))).abs() < 0.01);
    assert_eq!(all.drivers.len(), 1);
    assert!(all.drivers[0].correlation > 0.999);
    assert!((all.drivers[0].at_high - quantile(0.95) * quantile(0.95)).abs() < 1e-12);
}

#[test]
fn what_designs_share_cancels_out() {
    let wide = [0.0, 0.5, 1.0];
    let all = [("a", "a", wide), ("b", "b", wide), ("c", "c", [0.0, 0.001, 0.002])];
    let found = answered(vec![
        graph("a", &all, &[&[0]]),
        graph("a-and-more", &all, &[&[0], &[2]]),
        graph("b", &all, &[&[1]]),
        graph("a-again", &all, &[&[0]]),
        graph("never", &all, &[]),
    ]);
    let row = &found.rows[0];
    let draws = row.wins.draws;
    assert_eq!(row.wins.better(0, 1), Some(draws), "a little more on top is worse at every draw");
    assert_eq!(row.wins.ties(0, 3), Some(draws));
    let share = row.wins.better(0, 2).unwrap() as f64 / draws as f64;
    assert!((share - 0.5).abs() < 0.04, "independent and alike: {share}");
    for (a, b) in (0..5).flat_map(|a| (0..5).map(move |b| (a, b))) {
        let sum = row.wins.better(a, b).unwrap() + row.wins.better(b, a).unwrap() + row.wins.ties(a, b).unwrap();
        assert_eq!(sum, draws, "{a} {b}");
    }
    assert!((0..4).all(|at| row.wins.better(4, at) == Some(draws)));
    let ranks = row.ranks[4].as_ref().unwrap();
    assert_eq!((ranks[0], ranks.iter().sum::<u64>()), (draws, draws));
}

#[test]
fn an_order_turns_where_it_says() {
    let all = [("x", "x", [0.0, 0.1, 0.9]), ("fixed", "y", [0.3, 0.3, 0.3])];
    let found = answered(vec![graph("moved", &all, &[&[0]]), graph("fixed", &all, &[&[1]])]);
    let flips = &found.rows[0].flips;
    assert_eq!(flips.len(), 1);
    assert_eq!((flips[0].better, flips[0].worse, flips[0].above), (0, 1, true));
    assert!((flips[0].at - 0.3).abs() < 1e-6, "{}", flips[0].at);
    assert_eq!(found.dials.len(), 1, "a range of one value is a constant");
}

/// A tolerance of a probability is kept in as many draws as the law of the number says, and turns at the limit.
#[test]
fn a_tolerance_is_kept_in_the_share_that_its_law_says() {
    let uniform = [0.0, 0.5, 1.0];
    for (limit, kept_at_nominal) in [(0.3, false), (0.7, true)] {
        let mut graph = graph("g", &[("x", "x", uniform)], &[&[0]]);
        graph.threats[0].tolerate.probability = Some(limit);
        let found = answered(vec![graph]);
        let kept = &found.kept[0];
        assert_eq!((kept.threat.as_str(), kept.limit, kept.nominal), ("t", limit, [0.5, 0.5]));
        assert_eq!(kept.kept + kept.exceeded, OPTIONS.draws);
        // Shapes 3 and 3: 10 x^3 - 15 x^4 + 6 x^5 lie below x.
        let share = limit.powi(3) * (10.0 - 15.0 * limit + 6.0 * limit * limit);
        assert!((kept.kept as f64 / OPTIONS.draws as f64 - share).abs() < 0.03, "{kept:?} for {share}");
        let [(dial, at, above)] = kept.turns.as_slice() else { panic!("one number, one turn: {kept:?}") };
        assert!(dial.id == "x" && (at - limit).abs() < 1e-6 && *above == kept_at_nominal, "{kept:?}");
    }
    // A limit that is met by trusting somebody is judged with that trust.
    let mut graph = graph("g", &[("x", "x", uniform)], &[&[0]]);
    graph.threats[0].tolerate.probability = Some(0.1);
    graph.principals.push(Principal {
        name: String::from("p"),
        capability: CapabilityId(0),
        candidate: true,
        external: false,
        class: String::from("p"),
    });
    graph.assumptions[0].honesty_of = Some(PrincipalId(0));
    graph.threats[0].tolerate.trusting = vec![PrincipalId(0)];
    let kept = &answered(vec![graph]).kept[0];
    assert_eq!((kept.nominal, kept.kept, kept.turns.len()), ([0.0, 0.0], OPTIONS.draws, 0));
}

/// The threats of one design compete as designs do.
#[test]
fn the_threats_of_one_design_are_ordered_at_every_draw() {
    let text = serde_json::json!({"cotenant-graph": 1, "design": "d",
        "capabilities": [{"id": 0, "name": "one"}, {"id": 1, "name": "other"}],
        "assumptions": [
            {"id": 0, "name": "x", "probability": 0.1, "kind": "state", "parameter": "x", "range": [0.0, 0.0, 0.6]},
            {"id": 1, "name": "y", "probability": 0.2, "kind": "state"}],
        "steps": [
            {"id": 0, "name": "s", "needs": [], "gains": 0, "assumptions": [0]},
            {"id": 1, "name": "s", "needs": [], "gains": 1, "assumptions": [1]}],
        "threats": [{"name": "first", "start": [], "goal": 0}, {"name": "second", "start": [], "goal": 1}]});
    let graph = json::load(Source::new("d.json", text.to_string())).unwrap().graph;
    let asked = uncertainty::Asked { design: "d", title: "", graph: &graph, questions: vec!["first", "second"] };
    let found = between(&[asked], &["first", "second"], OPTIONS);
    let within = found.within.unwrap();
    // One shape of 1 and 5: 1 - (1 - x/0.6)^5 of the draws lie below x.
    let share = 1.0 - (1.0_f64 - 0.2 / 0.6).powi(5);
    let won = within.wins.better(0, 1).unwrap() as f64 / OPTIONS.draws as f64;
    assert!((won - share).abs() < 0.03, "{won} for {share}");
    assert_eq!(within.order(), [0, 1]);
    assert_eq!(within.flips.len(), 1);
    assert!((within.flips[0].at - 0.2).abs() < 1e-6 && within.flips[0].above);
    assert_eq!(within.answers, found.rows.iter().map(|row| row.answers[0].clone()).collect::<Vec<_>>());
}

fn loaded(name: &str, sets: &[Setting]) -> (Model, CapabilityGraph) {
    let edits = Edits { sets: sets.to_vec(), ..Edits::default() };
    let source = scenarios::find(name).unwrap();
    let (model, _) = model::load_source(&source, &scenarios::resolve, &edits).unwrap();
    let graph = ground::compile(&model).unwrap().graph;
    (model, graph)
}

/// The probability of a threat of a scenario with fields really set.
fn set(name: &str, threat: &str, sets: &[Setting]) -> f64 {
    set_within(name, threat, sets, &Limits::default())
}

fn set_within(name: &str, threat: &str, sets: &[Setting], limits: &Limits) -> f64 {
    let (_, graph) = loaded(name, sets);
    let at = graph.threats.iter().position(|have| have.name == threat).unwrap();
    chance(&graph, at, limits).unwrap().plain.value
}

/// Every order that is said to turn does turn in the models themselves, with the parameter set just before and just after.
#[test]
fn orders_of_real_designs_turn_in_the_models_too() {
    let names = ["byo-trusted", "house-forge-after", "operator-ci", "byo-token"];
    let found = answered(names.iter().map(|name| loaded(name, &[]).1).collect());
    let flips = &found.rows[0].flips;
    assert!(flips.len() > 5);
    for flip in flips {
        let dial = &found.dials[flip.dial];
        let kind = names.iter().find_map(|name| {
            let (_, graph) = loaded(name, &[]);
            graph.assumptions.iter().find(|it| it.parameter.as_deref() == Some(&dial.id)).map(|it| it.kind)
        });
        let path = format!("parameters.{}.fails.{}", dial.id, failure_key(kind.unwrap()));
        let better = |x: f64| {
            let sets = [(path.clone(), format!("{x}"))];
            let p = |at: usize| set(names[at], "impersonation", &sets);
            p(flip.better) < p(flip.worse)
        };
        let (kept, gone) = if flip.above { (0.9999, 1.0001) } else { (1.0001, 0.9999) };
        assert!(better(flip.at * kept), "{} at {}", dial.id, flip.at);
        assert!(!better(flip.at * gone), "{} at {}", dial.id, flip.at);
    }
}

#[test]
fn a_point_of_a_sweep_is_the_model_with_its_field_set() {
    let names = ["native-containers", "native-apartment"];
    let varied = vec![
        Vary::parse("publisher.count=10..1_000:n=3").unwrap(),
        Vary::parse("tenant.isolation=container,microvm").unwrap(),
    ];
    let options = Options { draws: 200, ..OPTIONS };
    let found = sweep(2, varied, options, |at, sets| Ok::<_, ()>((loaded(names[at], sets).1, None))).unwrap();
    assert_eq!(found.designs.iter().map(Vec::len).collect::<Vec<_>>(), [6, 6]);
    for (name, points) in names.iter().zip(&found.designs) {
        for point in points {
            for (threat, varied) in point.graph.threats.iter().zip(&point.threats) {
                let want = set(name, &threat.name, &point.at);
                assert_eq!(varied.chances.unwrap().plain.value.to_bits(), want.to_bits(), "{name} {:?}", point.at);
                let spread = varied.spread.unwrap();
                assert!(spread.low <= spread.median && spread.median <= spread.high);
            }
        }
    }
}

#[test]
fn growth_is_the_model_with_so_many_publishers_and_its_turns_turn() {
    let names = ["status-quo", "house-distro", "operator-ci", "byo-trusted"];
    let all: Vec<(Model, CapabilityGraph)> = names.iter().map(|name| loaded(name, &[])).collect();
    let asked: Vec<Asked<'_>> = all.iter().map(|(model, graph)| Asked { model, graph }).collect();
    let options = Options { draws: 200, ..OPTIONS };
    let (found, failed) = growth(&asked, options, |at, sets| Ok::<_, ()>(loaded(names[at], sets).1));
    let found = found.unwrap();
    assert!(failed.is_empty());
    assert_eq!((found.publishers[0], *found.publishers.last().unwrap()), (10, 1_000_000));
    for (name, design) in names.iter().zip(&found.designs) {
        let chances: Vec<f64> = design.points.iter().map(|point| point.chance.chances.unwrap().plain.value).collect();
        assert!(
            chances.windows(2).all(|pair| pair[0] <= pair[1] + 1e-12),
            "more publishers, more victims: {name} {chances:?}"
        );
        let sets = [
            ("publisher.count".to_owned(), "100".to_owned()),
            ("impersonation.victim".to_owned(), "{publisher: some}".to_owned()),
        ];
        let at = found.publishers.iter().position(|n| *n == 100).unwrap();
        assert_eq!(chances[at].to_bits(), set_within(name, "impersonation", &sets, &limits()).to_bits());
    }
    let alone = |design: usize| found.designs[design].points.last().unwrap().alone.unwrap();
    assert!(alone(0) < 20, "who alone could is a handful where publishers upload: {}", alone(0));
    assert!(alone(1) > 999_000, "and all members of a shared house: {}", alone(1));
    let (dial, [few, many]) = found.designs[1].decides.clone().unwrap();
    assert_eq!(dial.id, "reviewers-grown");
    assert!(few > 0.9 && many < 0.1, "a house that brings forth no approvers turns newcomers away: {few} {many}");
    assert!(found.designs[0].decides.is_none(), "nobody waits where nobody approves");
    // A turn is one: with the rate just before and just after.
    let mut looked = 0;
    for turn in &found.turns {
        let About::Work(measure) = turn.about else { continue };
        let nth = cotenant::study::growth::work::Measure::ALL.iter().position(|have| *have == measure).unwrap();
        let rates = cotenant::study::growth::work::rates(&all[0].0.library).unwrap();
        let value = |design: usize, x: f64| {
            let mut values = [0.0; 11];
            values
                .iter_mut()
                .zip(&rates)
                .for_each(|(value, dial)| *value = if dial.id == turn.dial.id { x } else { dial.nominal() });
            found.designs[design].work.measures(turn.publishers as f64, &values)[nth]
        };
        let better = |x: f64| value(turn.better, x) < value(turn.worse, x);
        let (kept, gone) = if turn.above { (0.9999, 1.0001) } else { (1.0001, 0.9999) };
        assert!(better(turn.at * kept) && !better(turn.at * gone), "{} at {}", turn.dial.id, turn.at);
        looked += 1;
    }
    assert!(looked > 0);
}
