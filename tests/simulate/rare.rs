//! Rare events against exact values down to 1e-9.

use cotenant::analysis::exact::{Limits, Method, chance};
use cotenant::analysis::simulate::Layout;
use cotenant::analysis::simulate::rare::{Rare, Weighted};
use cotenant::graph::CapabilityGraph;
use cotenant::graph::unfold::{Copies, Question};

use super::graphs::{self, Random};
use super::{designs, seeds};

const WORK: u64 = 1_000_000;

fn rare(graph: &CapabilityGraph, threat: usize, work: u64, seed: u64) -> Rare {
    let question = Question::of(&graph.threats[threat], Copies::Lumped);
    Rare::new(Layout::new(graph, &question).unwrap(), seed, work).unwrap()
}

fn exact(graph: &CapabilityGraph, threat: usize) -> Option<f64> {
    let found = chance(graph, threat, &Limits::default())?.plain;
    (found.method == Method::Exact).then_some(found.value)
}

/// As many standard errors as a 95 % interval has on each side, times two and a half.
fn near(found: &Weighted, p: f64) -> bool {
    let [low, high] = found.interval;
    (found.estimate - p).abs() <= 2.5 * (high - low) / 2.0 + 1e-12 * p
}

/// Made a million times rarer, random graphs keep their exact value within a few parts in a hundred.
#[test]
fn rare_events_agree_with_their_exact_values() {
    let mut compared = 0;
    for seed in seeds(250) {
        let mut graph = if seed % 2 == 0 { graphs::small(seed) } else { graphs::lumped(seed) };
        let random = &mut Random::new(seed);
        for assumption in &mut graph.assumptions {
            assumption.probability = 10f64.powf(-2.0 - 3.0 * random.unit());
        }
        let Some(p) = exact(&graph, 0).filter(|p| *p > 0.0 && *p < 1.0) else { continue };
        let found = rare(&graph, 0, WORK, seed).run(20_000, None, &|_, _| true);
        assert!(near(&found, p), "seed {seed}: {found:?}, exactly {p:e}");
        assert!(found.at_least <= p, "seed {seed}: {found:?}, exactly {p:e}");
        if found.complete {
            let half = (found.interval[1] - found.interval[0]) / 2.0;
            assert!(half < 0.1 * p && found.is_reliable(), "seed {seed}: {found:?}, exactly {p:e}");
        }
        compared += 1;
    }
    assert!(compared > 40, "{compared}");
}

/// A ten-millionth to ten parts in a hundred, in few worlds: ten pairs of assumptions and a pair that all of them share a step with.
#[test]
fn a_ten_millionth_to_a_tenth_of_itself() {
    let p = 1e-4f64;
    let assumptions: Vec<String> =
        (0..22).map(|at| format!(r#"{{"id": {at}, "name": "a{at}", "probability": {p}}}"#)).collect();
    let steps: Vec<String> = (0..11)
        .map(|at| {
            format!(
                r#"{{"id": {at}, "name": "s", "needs": [], "gains": 0, "assumptions": [{}, {}]}}"#,
                2 * at,
                2 * at + 1
            )
        })
        .collect();
    let text = format!(
        r#"{{"cotenant-graph": 1, "capabilities": [{{"id": 0, "name": "goal"}}], "assumptions": [{}], "steps": [{}],
        "threats": [{{"name": "t", "start": [], "goal": 0}}]}}"#,
        assumptions.join(","),
        steps.join(",")
    );
    let graph = cotenant::graph::json::read(cotenant::source::Source::new("g", text)).unwrap();
    let truth = -(11.0 * (-p * p).ln_1p()).exp_m1();
    let found = rare(&graph, 0, WORK, 1).run(1 << 20, Some(0.1), &|_, _| true);
    let [low, high] = found.interval;
    assert!((1.09e-7..1.11e-7).contains(&truth));
    assert!(found.complete && found.trials <= 8_192 && low <= truth && truth <= high, "{found:?}, exactly {truth:e}");
    assert!(high - low <= 0.2 * truth && found.is_reliable(), "{found:?}");
}

/// With most sets left out the estimate is still unbiased, its known part a lower bound, and its doubts are shown.
#[test]
fn a_truncated_family_gives_a_lower_bound() {
    let mut truncated = 0;
    for name in designs::ORDER {
        let graph = designs::load(name, &designs::as_it_is()).compiled.graph;
        let Some(p) = exact(&graph, 0).filter(|p| *p > 1e-6 && *p < 1.0) else { continue };
        let found = rare(&graph, 0, 60, 1).run(40_000, None, &|_, _| true);
        truncated += u32::from(!found.complete);
        assert!(found.at_least <= p && found.at_least <= found.estimate, "{name}: {found:?}, exactly {p}");
        assert!(near(&found, p), "{name}: {found:?}, exactly {p}");
    }
    assert!(truncated >= 4, "{truncated}");
}

#[test]
fn the_same_sums_on_any_number_of_threads() {
    let graph = designs::load("native-apartment", &designs::as_it_is()).compiled.graph;
    let of_threads = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| rare(&graph, 0, WORK, 9).run(3_000, None, &|_, _| true))
    };
    let one = of_threads(1);
    assert!(one.estimate > 0.0);
    assert_eq!((one, one), (of_threads(2), of_threads(8)));
}
