//! P(exposed): sampled against exact, world by world against a closure, and the same on any number of threads.

use cotenant::analysis::closure::Closure;
use cotenant::analysis::exact::{Limits, Method, chance};
use cotenant::analysis::simulate::worlds::BATCH;
use cotenant::analysis::simulate::{Layout, Plan, Sampler};
use cotenant::graph::CapabilityGraph;
use cotenant::graph::unfold::{Copies, Question, expand};
use cotenant::stats::random::{Stream, Threshold};

use super::{agrees, designs, deviation, graphs, seeds};

fn exact(graph: &CapabilityGraph, threat: usize) -> Option<f64> {
    let found = chance(graph, threat, &Limits::default())?.plain;
    (found.method == Method::Exact).then_some(found.value)
}

fn hits(graph: &CapabilityGraph, threat: usize, copies: Copies, seed: u64, trials: u64) -> u64 {
    Sampler::new(graph, threat, copies, seed).unwrap().run(Plan::trials(trials), &|_, _| true).hits
}

/// Every threat of the nine designs: the exact value lies where the samples say.
#[test]
fn the_nine_designs_agree_with_their_exact_values() {
    let trials = 16_384;
    let mut compared = 0;
    for name in designs::ORDER {
        let graph = designs::load(name, &designs::as_it_is()).compiled.graph;
        for threat in 0..graph.threats.len() {
            let Some(p) = exact(&graph, threat) else { continue };
            let hits = hits(&graph, threat, Copies::Lumped, 1, trials);
            let told = &graph.threats[threat].name;
            assert!(
                agrees(hits, trials, p),
                "{name} {told}: {hits} of {trials}, exactly {p}, {:.1} sd",
                deviation(hits, trials, p)
            );
            compared += 1;
        }
    }
    assert!(compared >= 55, "{compared}");
}

/// Is the share of intervals that hold the truth that of a 95 % interval, less a point and a half?
fn covers(what: &str, held: u32, asked: u32) {
    let share = f64::from(held) / f64::from(asked);
    println!("coverage {share:.4} over {asked} {what}");
    assert!(share >= 0.95 - 0.015, "{what}: {held} of {asked}");
}

/// On the nine designs the 95 % intervals hold the exact value as often as they say. Threats of one design that are equally likely count once, and
/// every run has a seed of its own.
#[test]
fn intervals_cover_the_exact_value_on_the_nine_designs() {
    let (mut held, mut asked, mut own) = (0u32, 0u32, 0);
    for name in designs::ORDER {
        let graph = designs::load(name, &designs::as_it_is()).compiled.graph;
        let mut seen: Vec<u64> = Vec::new();
        for threat in 0..graph.threats.len() {
            let Some(p) = exact(&graph, threat).filter(|p| *p > 0.0 && *p < 1.0) else { continue };
            if seen.contains(&p.to_bits()) {
                continue;
            }
            seen.push(p.to_bits());
            let layout = Layout::new(&graph, &Question::of(&graph.threats[threat], Copies::Lumped)).unwrap();
            for _ in 0..120 {
                own += 1;
                let counted = Sampler::of(layout.clone(), own).run(Plan::trials(1_000), &|_, _| true);
                let [low, high] = counted.interval();
                held += u32::from(low <= p && p <= high);
                asked += 1;
            }
        }
    }
    assert!(asked >= 1_000, "{asked}");
    covers("runs of the designs", held, asked);
}

/// On random graphs, of which some two thousand can go either way, the 95 % intervals hold the exact value as often as they say.
#[test]
fn intervals_cover_the_exact_value_on_random_graphs() {
    let (mut held, mut asked) = (0u32, 0u32);
    let trials = 2_000;
    for seed in 0..12_000 {
        let mut graph = if seed % 2 == 0 { graphs::small(seed) } else { graphs::lumped(seed) };
        let random = &mut graphs::Random::new(seed);
        for assumption in &mut graph.assumptions {
            assumption.probability = 0.02 + 0.6 * random.unit();
        }
        let Some(p) = exact(&graph, 0) else { continue };
        let counted = Sampler::new(&graph, 0, Copies::Lumped, seed).unwrap().run(Plan::trials(trials), &|_, _| true);
        assert!(agrees(counted.hits, trials, p), "seed {seed}: {} of {trials}, exactly {p}", counted.hits);
        // A certain event cannot be missed: it says nothing about intervals.
        if p > 0.0 && p < 1.0 {
            let [low, high] = counted.interval();
            held += u32::from(low <= p && p <= high);
            asked += 1;
        }
    }
    assert!(asked >= 2_000, "{asked}");
    covers("random graphs", held, asked);
}

/// World by world: the bits of a batch are what a closure derives from the assumptions that failed in each world.
#[test]
fn each_world_is_what_its_failures_derive() {
    for seed in seeds(150) {
        let graph = if seed % 2 == 0 { graphs::small(seed) } else { expand(&graphs::lumped(seed)).unwrap() };
        let layout = Layout::new(&graph, &Question::of(&graph.threats[0], Copies::Lumped)).unwrap();
        assert!(layout.populations.is_empty());
        let sampler = Sampler::of(layout, seed);
        let masks = sampler.batches(&(0..2 * BATCH), |worker, batch, wanted| worker.exposed(&sampler, batch, wanted));
        for (batch, mask) in masks.into_iter().enumerate() {
            let drawn: Vec<[u64; 8]> = sampler
                .layout()
                .draws
                .iter()
                .map(|draw| {
                    let stream = Stream::new(seed, draw.key, batch as u64);
                    Threshold::new(draw.probability).draw(stream, &[u64::MAX; 8])
                })
                .collect();
            for lane in 0..BATCH as usize {
                let bit = |mask: &[u64; 8]| mask[lane / 64] >> (lane % 64) & 1 == 1;
                let failed = (0..drawn.len() as u32).filter(|at| bit(&drawn[*at as usize]));
                let derived = Closure::of(&sampler.layout().unfolded, failed).reaches_goal();
                assert_eq!(bit(&mask), derived, "seed {seed} batch {batch} lane {lane}");
            }
        }
    }
}

/// Lumped, unfolded in full and written out: one distribution.
#[test]
fn lumped_is_distributed_as_expanded() {
    let trials = 6_000;
    for seed in seeds(60) {
        let mut graph = graphs::lumped(seed);
        graph.families[0].count = 1 + seed % 9;
        let Ok(flat) = expand(&graph) else { continue };
        let [lumped, all, written] = [(&graph, Copies::Lumped), (&graph, Copies::All), (&flat, Copies::Lumped)]
            .map(|(graph, copies)| hits(graph, 0, copies, seed, trials));
        let p = (lumped + all + written) as f64 / (3 * trials) as f64;
        for found in [lumped, all, written] {
            assert!(deviation(found, trials, p).abs() < 4.5, "seed {seed}: {lumped} {all} {written}");
        }
    }
}

/// Thousands of members against the formula for one shared cause: P = e (1 - (1 - a)^n).
#[test]
fn a_large_population_shares_its_cause() {
    for (n, a) in [(4u64, 0.1f64), (34_998, 2e-5), (1_000_000, 1e-6)] {
        let text = format!(
            r#"{{"cotenant-graph": 1, "requires": ["families"],
            "capabilities": [{{"id": 0, "name": "in"}}, {{"id": 1, "name": "member", "family": 0}}, {{"id": 2, "name": "goal"}}],
            "assumptions": [{{"id": 0, "name": "e", "probability": 0.5}}, {{"id": 1, "name": "a", "probability": {a}, "family": 0}}],
            "steps": [{{"id": 0, "name": "s", "needs": [0], "gains": 1, "assumptions": [0], "family": 0}},
                {{"id": 1, "name": "t", "needs": [1], "gains": 2, "assumptions": [1], "family": 0}}],
            "families": [{{"id": 0, "name": "others", "count": {n}}}],
            "threats": [{{"name": "t", "start": [0], "goal": 2}}]}}"#
        );
        let graph = cotenant::graph::json::read(cotenant::source::Source::new("g", text)).unwrap();
        let p = 0.5 * (1.0 - (1.0 - a).powf(n as f64));
        let found = hits(&graph, 0, Copies::Lumped, 1, 40_000);
        assert!(deviation(found, 40_000, p).abs() < 4.5, "{n}: {found}, exactly {p}");
    }
}

#[test]
fn the_same_on_any_number_of_threads_and_in_any_pieces() {
    let graph = designs::load("native-containers", &designs::as_it_is()).compiled.graph;
    let trials = 30_000;
    let of_threads = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| Sampler::new(&graph, 0, Copies::Lumped, 7).unwrap().run(Plan::trials(trials), &|_, _| true))
    };
    let one = of_threads(1);
    assert!(one.hits > 100);
    assert_eq!((one, one), (of_threads(2), of_threads(8)));
    let sampler = Sampler::new(&graph, 0, Copies::Lumped, 7).unwrap();
    let cuts = [0, 1, 511, 512, 1_000, 17_777, trials];
    let sum: u64 = cuts.windows(2).map(|cut| sampler.count(cut[0]..cut[1], &|_| true).hits).sum();
    assert_eq!(sum, one.hits);
}

/// More failures never lower the probability: on the same worlds every exposed one stays exposed.
#[test]
fn more_likely_failures_expose_the_same_worlds_and_more() {
    for seed in seeds(100) {
        let graph = graphs::small(seed);
        let mut worse = graph.clone();
        for assumption in &mut worse.assumptions {
            assumption.probability = 0.9f64.mul_add(assumption.probability, 0.1);
        }
        let masks = |graph: &CapabilityGraph| {
            let sampler = Sampler::new(graph, 0, Copies::Lumped, seed).unwrap();
            sampler.batches(&(0..BATCH), |worker, batch, wanted| worker.exposed(&sampler, batch, wanted))
        };
        let (before, after) = (masks(&graph), masks(&worse));
        for w in 0..8 {
            assert_eq!(before[0][w] & !after[0][w], 0, "seed {seed}");
        }
    }
}

/// Stopping at a precision keeps the level: the intervals reported hold the truth at least as often as they say.
#[test]
fn stopping_stays_honest() {
    let p = 0.013;
    let text = format!(
        r#"{{"cotenant-graph": 1, "capabilities": [{{"id": 0, "name": "goal"}}],
        "assumptions": [{{"id": 0, "name": "a", "probability": {p}}}],
        "steps": [{{"id": 0, "name": "s", "needs": [], "gains": 0, "assumptions": [0]}}],
        "threats": [{{"name": "t", "start": [], "goal": 0}}]}}"#
    );
    let graph = cotenant::graph::json::read(cotenant::source::Source::new("g", text)).unwrap();
    let runs = 1_500;
    let (mut held, mut stopped) = (0, 0);
    for seed in 0..runs {
        let plan = Plan { from: 0, trials: 1 << 18, precision: Some(0.15) };
        let counted = Sampler::new(&graph, 0, Copies::Lumped, seed).unwrap().run(plan, &|_, _| true);
        let [low, high] = counted.interval();
        held += u32::from(low <= p && p <= high);
        stopped += u32::from(!counted.unreached);
        assert!(counted.trials < 1 << 18 && (high - low) / 2.0 <= 0.15 * counted.estimate());
    }
    assert_eq!(stopped, runs as u32);
    assert!(f64::from(held) / runs as f64 >= 0.935, "{held} of {runs}");
}

/// Told to stop, it says how many worlds it saw; so many planned give the same.
#[test]
fn interrupted_it_names_the_trials_that_reproduce_it() {
    let graph = designs::load("status-quo", &designs::as_it_is()).compiled.graph;
    let sampler = Sampler::new(&graph, 0, Copies::Lumped, 3).unwrap();
    let stopped = sampler.run(Plan::trials(10_000_000), &|done, of| done < of / 200);
    assert!(stopped.interrupted && stopped.trials >= 50_000 && stopped.trials < 10_000_000);
    let again = Sampler::new(&graph, 0, Copies::Lumped, 3).unwrap().run(Plan::trials(stopped.trials), &|_, _| true);
    assert_eq!((again.hits, again.trials, again.interval()), (stopped.hits, stopped.trials, stopped.interval()));
}
