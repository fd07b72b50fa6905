//! Time to compromise against closed forms, and against a simulator that is slow and plain.

use cotenant::analysis::simulate::{Attacker, Counted, Plan, Sampler, Timer, Times, Timing};
use cotenant::graph::unfold::{Copies, Question, Target, Unfolded, unfold};
use cotenant::graph::{CapabilityGraph, json};
use cotenant::source::Source;
use cotenant::stats::law::Law;

use super::graphs::Random;
use super::{designs, deviation, graphs, seeds};

const ATTACKERS: [Attacker; 3] = [Attacker::Parallel, Attacker::Serial, Attacker::Informed];

fn timed(graph: &CapabilityGraph, copies: Copies, timing: Timing, seed: u64, trials: u64) -> Times {
    let sampler = Sampler::new(graph, 0, copies, seed).unwrap();
    Timer::new(graph, &sampler, timing).run(Plan::trials(trials), &|_, _| true)
}

fn timing(attacker: Attacker, detection: bool, horizon_h: f64) -> Timing {
    Timing { attacker, detection, horizon_h }
}

/// A graph of plain steps `(needs, gains, more fields)` over capabilities 0..n; 0 is had and n - 1 is the goal.
fn plain(n: usize, steps: &[(&str, u32, &str)], p: f64) -> CapabilityGraph {
    let capabilities: Vec<String> = (0..n).map(|at| format!(r#"{{"id": {at}, "name": "c{at}"}}"#)).collect();
    let steps: Vec<String> = (steps.iter().enumerate())
        .map(|(at, (needs, gains, more))| {
            format!(r#"{{"id": {at}, "name": "s{at}", "needs": [{needs}], "gains": {gains}, {more}}}"#)
        })
        .collect();
    let text = format!(
        r#"{{"cotenant-graph": 1, "capabilities": [{}], "assumptions": [{{"id": 0, "name": "a", "probability": {p}}}],
        "steps": [{}], "threats": [{{"name": "t", "start": [0], "goal": {}}}]}}"#,
        capabilities.join(","),
        steps.join(","),
        n - 1
    );
    json::read(Source::new("g", text)).unwrap()
}

const FREE: &str = r#""assumptions": [], "effort": {"law": "exponential", "mean_h": 2}"#;
const RISKY: &str = r#""assumptions": [0], "effort": {"law": "exponential", "mean_h": 2}"#;

fn check(graph: &CapabilityGraph, attacker: Attacker, law: impl Fn(f64) -> f64, what: &str) {
    let trials = 60_000;
    let times = timed(graph, Copies::Lumped, timing(attacker, true, 100.0), 1, trials);
    for t in [0.5, 1.0, 2.0, 5.0, 20.0] {
        let (hits, p) = (times.by(t), law(t));
        assert!(deviation(hits, trials, p).abs() < 4.5, "{what} by {t}: {hits} of {trials}, exactly {p}");
    }
    let median = times.quantile(0.5);
    let miss = |t: Option<f64>, below: bool| t.is_some_and(|t| if below { law(t) > 0.55 } else { law(t) < 0.45 });
    assert!(!miss(median.interval[0], true) && !miss(median.interval[1], false), "{what}: {median:?}");
}

#[test]
fn series_parallel_and_both_have_their_closed_forms() {
    let one = |t: f64| 1.0 - (-t / 2.0).exp();
    let two = |t: f64| 1.0 - (-t / 2.0).exp() * (1.0 + t / 2.0);
    let series = plain(3, &[("0", 1, FREE), ("1", 2, RISKY)], 0.7);
    let either = plain(2, &[("0", 1, FREE), ("0", 1, RISKY), ("0", 1, RISKY)], 0.7);
    let both = plain(4, &[("0", 1, FREE), ("0", 2, FREE), ("1, 2", 3, r#""assumptions": [0]"#)], 0.7);
    for attacker in ATTACKERS {
        check(&series, attacker, |t| 0.7 * two(t), "series");
    }
    // One of three, or of one, is the first; a common cause lets both others fail at once.
    let first = |t: f64, n: f64| 1.0 - (1.0 - one(t)).powf(n);
    check(&either, Attacker::Parallel, |t| 0.7 * first(t, 3.0) + 0.3 * first(t, 1.0), "either");
    check(&either, Attacker::Serial, |t| 0.7 * first(t, 3.0) + 0.3 * first(t, 1.0), "either, in turn");
    // Both at once take the longer of the two; in turn, their sum.
    check(&both, Attacker::Parallel, |t| 0.7 * one(t) * one(t), "both");
    check(&both, Attacker::Serial, |t| 0.7 * two(t), "both, in turn");
}

#[test]
fn being_noticed_is_a_race() {
    let step = |more: &str| format!(r#""assumptions": [], "effort": {{"law": "exponential", "mean_h": 2}}, {more}"#);
    // Noticed when it starts, before it is done: reached in 3 of 4 worlds.
    let at_once = plain(2, &[("0", 1, &step(r#""detected": 0.25"#))], 0.0);
    check(&at_once, Attacker::Parallel, |t| 0.75 * (1.0 - (-t / 2.0).exp()), "noticed at once");
    // A second attempt that cannot succeed is noticed after 3 h; only the uninformed make it.
    let futile = r#""assumptions": [0], "detected": 1, "delay_h": 3, "effort": {"law": "constant", "hours": 1}"#;
    let late = plain(2, &[("0", 1, FREE), ("0", 1, futile)], 0.0);
    let done = |t: f64| 1.0 - (-t / 2.0).exp();
    check(&late, Attacker::Parallel, |t| done(t.min(3.0)), "noticed late");
    check(&late, Attacker::Informed, done, "not attempted");
    check(&late, Attacker::Serial, done, "not on the path");
    // Reached in the moment of the notice is not before it.
    let tie = plain(2, &[("0", 1, r#""assumptions": [], "detected": 1"#)], 0.0);
    check(&tie, Attacker::Parallel, |_| 0.0, "in the same moment");
    let free = timed(&tie, Copies::Lumped, timing(Attacker::Parallel, false, 1.0), 1, 100);
    assert_eq!((free.counted.hits, free.seconds.as_slice()), (100, &[(0, 100)][..]));
}

#[test]
fn what_takes_longer_than_the_horizon_is_not_reached() {
    let slow =
        plain(2, &[("0", 1, r#""assumptions": [], "delay_h": 4, "effort": {"law": "constant", "hours": 6}"#)], 0.0);
    for (horizon, hits) in [(9.9, 0), (10.0, 50)] {
        let times = timed(&slow, Copies::Lumped, timing(Attacker::Parallel, true, horizon), 1, 50);
        assert_eq!(times.counted.hits, hits);
        assert_eq!(times.quantile(0.5).at, (hits > 0).then_some(10.0));
    }
    let had = plain(1, &[], 0.0);
    for attacker in ATTACKERS {
        assert_eq!(timed(&had, Copies::Lumped, timing(attacker, true, 1.0), 1, 50).seconds, [(0, 50)]);
    }
}

/// One world after another, by repeated passes over all steps; serial by trying every set of steps.
struct Plainly<'a> {
    graph: &'a CapabilityGraph,
    unfolded: Unfolded,
    random: Random,
}

impl Plainly<'_> {
    fn world(&mut self, timing: Timing) -> Option<f64> {
        let goal = match self.unfolded.goal {
            Target::Had => return Some(0.0),
            Target::Never => return None,
            Target::At(goal) => goal as usize,
        };
        let n = self.unfolded.moves.len();
        let failed: Vec<bool> = (self.unfolded.variables.iter())
            .map(|variable| self.random.unit() < self.graph.assumptions[variable.origin as usize].probability)
            .collect();
        let succeeds: Vec<bool> =
            (0..n).map(|at| self.unfolded.rests.row(at as u32).iter().all(|v| failed[*v as usize])).collect();
        let (mut delays, mut hours, mut seen) = (vec![0.0; n], vec![0.0; n], vec![false; n]);
        for at in 0..n {
            let Some(id) = self.unfolded.moves[at].origin else { continue };
            let step = self.graph.step(id);
            delays[at] = step.delay_h;
            hours[at] = step.delay_h + Law::of(step.effort).hours(self.random.unit().max(1e-12));
            seen[at] = timing.detection && self.random.unit() < step.detected;
        }
        match timing.attacker {
            Attacker::Serial => self.in_turn(goal, &succeeds, &hours, &seen, timing.horizon_h),
            attacker => self.at_once(goal, &succeeds, (&delays, &hours), &seen, (timing.horizon_h, attacker)),
        }
    }

    fn at_once(
        &self,
        goal: usize,
        succeeds: &[bool],
        (delays, hours): (&[f64], &[f64]),
        seen: &[bool],
        (horizon, attacker): (f64, Attacker),
    ) -> Option<f64> {
        let mut had = vec![f64::INFINITY; self.unfolded.nodes.len()];
        let start = |had: &[f64], at: usize| {
            self.unfolded.needs.row(at as u32).iter().map(|need| had[*need as usize]).fold(0.0, f64::max)
        };
        for _ in 0..=self.unfolded.moves.len() {
            for at in (0..hours.len()).filter(|at| succeeds[*at]) {
                let gained = &self.unfolded.gains[at];
                let done = start(&had, at) + hours[at];
                had[*gained as usize] = had[*gained as usize].min(done);
            }
        }
        let attempted = |at: &usize| seen[*at] && (succeeds[*at] || attacker == Attacker::Parallel);
        let noticed =
            (0..hours.len()).filter(attempted).map(|at| start(&had, at) + delays[at]).fold(f64::INFINITY, f64::min);
        Some(had[goal]).filter(|at| *at <= horizon && *at < noticed)
    }

    fn in_turn(&self, goal: usize, succeeds: &[bool], hours: &[f64], seen: &[bool], horizon: f64) -> Option<f64> {
        let usable: Vec<usize> = (0..hours.len()).filter(|at| succeeds[*at]).collect();
        let mut best: Option<(f64, u32)> = None;
        for set in 0u32..1 << usable.len() {
            let steps = || usable.iter().enumerate().filter(|(bit, _)| set >> bit & 1 == 1).map(|(_, at)| *at);
            let mut had = vec![false; self.unfolded.nodes.len()];
            for _ in 0..usable.len() {
                for at in steps() {
                    if self.unfolded.needs.row(at as u32).iter().all(|need| had[*need as usize]) {
                        had[self.unfolded.gains[at] as usize] = true;
                    }
                }
            }
            let sum: f64 = steps().map(|at| hours[at]).sum();
            if had[goal] && best.is_none_or(|(least, _)| sum < least) {
                best = Some((sum, set));
            }
        }
        let (sum, set) = best?;
        let caught = usable.iter().enumerate().any(|(bit, at)| set >> bit & 1 == 1 && seen[*at] && hours[*at] > 0.0);
        (sum <= horizon && !caught).then_some(sum)
    }
}

/// Small graphs with efforts that are never 0, so that no two ways take equally long.
fn busy(mut graph: CapabilityGraph, seed: u64) -> CapabilityGraph {
    let random = &mut Random::new(seed ^ 0x71e);
    for assumption in &mut graph.assumptions {
        assumption.probability = 0.2 + 0.7 * random.unit();
    }
    for step in &mut graph.steps {
        step.detected = random.pick(&[0.0, 0.0, 0.1, 0.4]);
        step.delay_h = random.pick(&[0.0, 0.0, 1.0]);
        step.effort = Some(match random.below(3) {
            0 => cotenant::units::Effort::Exponential { mean_h: 2.0 },
            1 => cotenant::units::Effort::Lognormal { median_h: 1.0, p90_h: 4.0 },
            _ => cotenant::units::Effort::Pert { low_h: 0.5, mode_h: 1.0, high_h: 3.0 },
        });
    }
    graph
}

fn compare(graph: &CapabilityGraph, copies: Copies, timing: Timing, seed: u64, trials: u64) {
    let question = Question::of(&graph.threats[0], Copies::All);
    let mut plainly = Plainly { graph, unfolded: unfold(graph, &question).unwrap(), random: Random::new(seed) };
    if timing.attacker == Attacker::Serial && plainly.unfolded.moves.len() > 10 {
        return;
    }
    let mut slow: Vec<f64> = (0..trials).filter_map(|_| plainly.world(timing)).collect();
    slow.sort_by(f64::total_cmp);
    let fast = timed(graph, copies, timing, seed, trials);
    assert_eq!((fast.doubts.unproved, fast.doubts.thinned), (0, 0));
    for t in [0.5, 1.5, 3.0, 8.0, timing.horizon_h] {
        let (fast, slow) = (fast.by(t), slow.partition_point(|at| *at <= t) as u64);
        let p = (fast + slow) as f64 / (2 * trials) as f64;
        let off = deviation(fast, trials, p).abs();
        assert!(off < 4.5, "seed {seed} {timing:?} by {t}: {fast} and {slow} of {trials}");
    }
}

#[test]
fn the_plain_simulator_agrees_on_random_graphs() {
    for seed in seeds(25) {
        let graph = busy(graphs::small(seed), seed);
        for attacker in ATTACKERS {
            compare(&graph, Copies::Lumped, timing(attacker, seed % 3 > 0, 12.0), seed, 2_000);
        }
    }
}

/// Members are timed one by one where they matter: lumped against every member written out, and against the plain simulator.
#[test]
fn members_are_timed_by_the_number_that_fail() {
    for seed in seeds(20) {
        let mut graph = busy(graphs::lumped(seed), seed);
        graph.families[0].count = 1 + seed % 7;
        for attacker in ATTACKERS {
            compare(&graph, Copies::Lumped, timing(attacker, seed % 3 > 0, 12.0), seed, 2_000);
            compare(&graph, Copies::All, timing(attacker, seed % 3 > 0, 12.0), seed, 2_000);
        }
    }
}

/// A population too large to be run in full, without detection: the earliest of those in whom something useful fails.
#[test]
fn the_first_of_many_members_has_its_closed_form() {
    let (n, a, b) = (500i32, 0.004, 0.5);
    let text = format!(
        r#"{{"cotenant-graph": 1, "requires": ["families"],
        "capabilities": [{{"id": 0, "name": "in"}}, {{"id": 1, "name": "member", "family": 0}}, {{"id": 2, "name": "goal"}}],
        "assumptions": [{{"id": 0, "name": "a", "probability": {a}, "family": 0}}, {{"id": 1, "name": "b", "probability": {b}, "family": 0}}],
        "steps": [{{"id": 0, "name": "s", "needs": [0], "gains": 1, "assumptions": [0], "family": 0, "effort": {{"law": "exponential", "mean_h": 3}}}},
            {{"id": 1, "name": "t", "needs": [1], "gains": 2, "assumptions": [1], "family": 0, "effort": {{"law": "exponential", "mean_h": 3}}}}],
        "families": [{{"id": 0, "name": "others", "count": {n}}}],
        "threats": [{{"name": "t", "start": [0], "goal": 2}}]}}"#
    );
    let graph = json::read(Source::new("g", text)).unwrap();
    let trials = 40_000;
    for attacker in ATTACKERS {
        let times = timed(&graph, Copies::Lumped, timing(attacker, true, 200.0), 1, trials);
        for t in [1.0f64, 3.0, 10.0, 200.0] {
            let member = a * b * (1.0 - (-t / 3.0).exp() * (1.0 + t / 3.0));
            let p = 1.0 - (1.0 - member).powi(n);
            assert!(deviation(times.by(t), trials, p).abs() < 4.5, "{attacker:?} {t}: {} exactly {p}", times.by(t));
        }
    }
}

/// On the nine designs: never more often reached than exposed; later never less often; a better informed attacker never worse off.
#[test]
fn reached_is_at_most_exposed_and_grows_with_time() {
    let trials = 512;
    for name in designs::ORDER {
        let graph = designs::load(name, &designs::as_it_is()).compiled.graph;
        let horizon = graph.horizon_days * 24.0;
        for threat in 0..graph.threats.len().min(2) {
            let sampler = Sampler::new(&graph, threat, Copies::Lumped, 5).unwrap();
            let exposed = sampler.run(Plan::trials(trials), &|_, _| true).hits;
            let run = |attacker, detection| {
                let timer = Timer::new(&graph, &sampler, timing(attacker, detection, horizon));
                timer.run(Plan::trials(trials), &|_, _| true)
            };
            let [parallel, serial, informed] = ATTACKERS.map(|attacker| run(attacker, true));
            let silent = run(Attacker::Parallel, false);
            let told = format!("{name} {}", graph.threats[threat].name);
            for times in [&parallel, &serial, &informed, &silent] {
                assert!(times.counted.hits <= exposed, "{told}");
                let by: Vec<u64> = (0..40).map(|at| times.by(horizon * f64::from(at) / 39.0)).collect();
                assert!(by.windows(2).all(|pair| pair[0] <= pair[1]) && by[39] == times.counted.hits, "{told}");
            }
            assert!(
                parallel.counted.hits <= informed.counted.hits && informed.counted.hits <= silent.counted.hits,
                "{told}"
            );
            let faster = (0..40).all(|at| {
                let t = horizon * f64::from(at) / 39.0;
                serial.by(t) <= silent.by(t)
            });
            assert!(faster, "{told}");
        }
    }
}

/// World by world on random graphs: what is reached is exposed, a race that is won would be won unwatched, no later; so P(reached by t) never exceeds
/// P(exposed).
#[test]
fn no_world_is_reached_that_is_not_exposed() {
    let (mut reached, mut exposed_worlds) = (0, 0);
    for seed in seeds(120) {
        let graph = busy(if seed % 2 == 0 { graphs::small(seed) } else { graphs::lumped(seed) }, seed);
        let sampler = Sampler::new(&graph, 0, Copies::Lumped, seed).unwrap();
        let exposed = sampler.exposed(0..300);
        exposed_worlds += exposed.iter().filter(|exposed| **exposed).count();
        for attacker in ATTACKERS {
            let run = |detection| Timer::new(&graph, &sampler, timing(attacker, detection, 50.0)).worlds(0..300);
            for (at, ((watched, alone), exposed)) in run(true).into_iter().zip(run(false)).zip(&exposed).enumerate() {
                let told = format!("seed {seed} world {at} {attacker:?}: {watched:?} {alone:?}");
                assert!(alone.is_none() || *exposed, "{told}");
                // Who is watched draws the members of a population in another order; a flat graph is the same world.
                if graph.families.is_empty() {
                    assert!(watched.is_none() || watched == alone, "{told}");
                }
                assert!(watched.is_none() || *exposed, "{told}");
                reached += usize::from(alone.is_some());
            }
        }
    }
    assert!(reached > 1_000 && exposed_worlds > 1_000, "{reached} {exposed_worlds}");
}

/// Eight worlds at once against one capability after the other: the same hours to the last bit, world by world, with members, delays, horizons, steps
/// that take no time, and attempts that are noticed in the moment of the goal.
#[test]
fn worlds_timed_together_are_the_worlds_timed_alone() {
    let (mut won, mut lost) = (0, 0);
    for seed in seeds(150) {
        let shape = if seed % 2 == 0 { graphs::small(seed) } else { graphs::lumped(seed) };
        let mut graph = busy(shape, seed);
        if seed % 3 == 0 {
            let random = &mut Random::new(seed);
            for step in &mut graph.steps {
                step.effort = random.pick(&[None, Some(cotenant::units::Effort::Constant { hours: 1.0 }), step.effort]);
            }
        }
        let sampler = Sampler::new(&graph, 0, Copies::Lumped, seed).unwrap();
        for attacker in [Attacker::Parallel, Attacker::Informed] {
            for (detection, horizon) in [(false, 50.0), (true, 50.0), (true, 2.0)] {
                let timer = Timer::new(&graph, &sampler, timing(attacker, detection, horizon));
                for (world, together) in (0..).zip(timer.worlds(0..300)) {
                    let mut runner = timer.race(world);
                    let alone = runner.race().unwrap().run(&timer.clock, world).won();
                    assert_eq!(together, alone, "seed {seed} world {world} {attacker:?} {detection} {horizon}");
                    won += usize::from(alone.is_some());
                    lost += usize::from(alone.is_none());
                }
            }
        }
    }
    assert!(won > 10_000 && lost > 10_000, "{won} {lost}");
}

#[test]
fn times_are_the_same_on_any_number_of_threads() {
    let graph = designs::load("status-quo", &designs::as_it_is()).compiled.graph;
    let of_threads = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| timed(&graph, Copies::Lumped, timing(Attacker::Serial, true, 8_760.0), 7, 600))
    };
    let one = of_threads(1);
    assert!(one.counted.hits > 20, "{}", one.counted.hits);
    assert_eq!((one.clone(), one), (of_threads(2), of_threads(8)));
    assert_eq!(Counted::new(0, 0).interval(), [0.0, 1.0]);
}
