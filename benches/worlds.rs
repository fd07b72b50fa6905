//! Worlds per second, each way beside a scalar worklist over the same arrays in the same run: read the ratios, not the rates.
//!
//! `cargo bench --bench worlds [-- PUBLISHERS]`
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that fails says so"
)]

mod family;
#[path = "../tests/graphs/mod.rs"]
mod graphs;

use std::hint::black_box;
use std::time::{Duration, Instant};

use cotenant::analysis::reach::reach;
use cotenant::analysis::simulate::agenda::{Agenda, Queue, Rounds};
use cotenant::analysis::simulate::arena::{Arena, Rest, To};
use cotenant::analysis::simulate::attempt::{Seats, WORD};
use cotenant::analysis::simulate::clock::Clock;
use cotenant::analysis::simulate::heat::Heat;
use cotenant::analysis::simulate::layout::Arranged;
use cotenant::analysis::simulate::race::Race;
use cotenant::analysis::simulate::worlds::{BATCH, Worlds, count};
use cotenant::analysis::simulate::{Attacker, Layout, Plan, Sampler, Timer, Timing};
use cotenant::graph::unfold::{Copies, Question, Target};
use cotenant::graph::{AssumptionId, CapabilityGraph, CapabilityId, Threat, ground};
use cotenant::model::{self, Edits};
use cotenant::scenarios;
use cotenant::stats::random::{Key, Seeded, Stream, Threshold};
use cotenant::units::Effort;

/// Time this thread has been on a processor, where the system tells (Linux, in ticks of a few milliseconds).
fn on_processor() -> Option<Duration> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

/// How long it took this thread: what it took of a processor where that can be told, since other work on the machine does not count.
fn timed<T>(run: impl FnOnce() -> T) -> (T, Duration) {
    let (begun, start) = (on_processor(), Instant::now());
    let out = run();
    let took = start.elapsed();
    let used = on_processor().zip(begun).map(|(end, begun)| end.saturating_sub(begun));
    (out, used.filter(|used| *used > Duration::from_millis(100)).unwrap_or(took))
}

/// Worlds per second: the best of a few runs of about half a second each, the subjects in turn.
fn rates(subjects: &mut [(&str, &mut dyn FnMut(u64) -> u64)]) -> Vec<f64> {
    let mut best = vec![0.0f64; subjects.len()];
    let mut size: Vec<u64> = vec![1; subjects.len()];
    let mut next = 0;
    for round in 0..9 {
        for (at, (_, run)) in subjects.iter_mut().enumerate() {
            let (worlds, took) = timed(|| run(next << 20 | size[at]));
            let rate = worlds as f64 / took.as_secs_f64().max(1e-9);
            if round > 2 {
                best[at] = best[at].max(rate);
            }
            // About a third of a second for the next one.
            let unit = worlds as f64 / size[at] as f64;
            size[at] = ((rate * 0.33 / unit) as u64).clamp(1, (1 << 20) - 1);
            next += 1;
        }
    }
    best
}

/// What a subject is told: where to begin, and how much to do.
fn told(order: u64) -> (u64, u64) {
    (order >> 20, order & ((1 << 20) - 1))
}

/// The family as a capability graph of its own assumptions, with a capability that nothing ever gains.
fn graph(n: u32) -> (CapabilityGraph, CapabilityId) {
    let mut graph = CapabilityGraph { horizon_days: 365.0, ..CapabilityGraph::default() };
    let blocks = family::Blocks::new(n);
    for at in 0..blocks.goal + 2 {
        graph.capabilities.push(graphs::capability(format!("c{at}"), None));
    }
    let mut add = |name: &str, needs: &[u32], gains: u32, p: f64, hours: f64| {
        let mut on = Vec::new();
        if p < 1.0 {
            on.push(AssumptionId(graph.assumptions.len() as u32));
            graph.assumptions.push(graphs::assumption(format!("a{}", graph.assumptions.len()), p, None));
        }
        let needs = needs.iter().copied().map(CapabilityId).collect();
        let mut step = graphs::step(name.to_owned(), needs, CapabilityId(gains), on);
        step.effort = Some(Effort::Exponential { mean_h: hours.max(0.1) });
        graph.steps.push(step);
    };
    family::generate(n, 1, &mut add);
    add("never", &[0], blocks.goal + 1, 0.0, 1.0);
    let threat = |goal: u32| Threat {
        name: format!("t{goal}"),
        start: vec![CapabilityId(0)],
        goal: CapabilityId(goal),
        ..Threat::default()
    };
    graph.threats = vec![threat(blocks.goal), threat(blocks.goal + 1)];
    graph.index();
    (graph, CapabilityId(blocks.goal))
}

/// One threat of the graph with everything in it, not only what leads to its goal.
fn whole(graph: &CapabilityGraph, threat: usize) -> Layout {
    let others = (0..graph.capabilities.len() as u32).map(CapabilityId).collect();
    let question = Question { others, ..Question::of(&graph.threats[threat], Copies::Lumped) };
    Layout::new(graph, &question).unwrap()
}

/// One world at a time over the same arrays: nothing is allocated for a world, a bit costs one multiplication chain.
struct Scalar<'a> {
    arena: &'a Arena,
    thresholds: Vec<u64>,
    had: Vec<u32>,
    waits: Vec<(u32, u8)>,
    queue: Vec<u32>,
    world: u32,
    edges: u64,
}

impl<'a> Scalar<'a> {
    fn new(arena: &'a Arena, probabilities: &[f64]) -> Scalar<'a> {
        Scalar {
            arena,
            thresholds: probabilities.iter().map(|p| (p * 2f64.powi(64)) as u64).collect(),
            had: vec![0; arena.nodes()],
            waits: vec![(0, 0); arena.joints()],
            queue: Vec::with_capacity(arena.nodes()),
            world: 0,
            edges: 0,
        }
    }

    /// Derives one world; `fails` says whether a variable fails. With `stop` only until the goal is had.
    #[inline(always)]
    fn derive(&mut self, stop: bool, fails: impl Fn(&Scalar, u32) -> bool) -> bool {
        self.world += 1;
        self.queue.clear();
        let goal = match self.arena.goal {
            Target::At(goal) => goal,
            _ => u32::MAX,
        };
        let arena = self.arena;
        for edge in &arena.firsts {
            if let To::Node(node) = edge.to() {
                self.take(node, edge.rest(), &fails);
            }
        }
        let mut at = 0;
        while at < self.queue.len() {
            let node = self.queue[at];
            at += 1;
            if stop && node == goal {
                return true;
            }
            let edges = arena.edges(node);
            self.edges += edges.len() as u64;
            for edge in edges {
                match edge.to() {
                    To::Node(gained) => self.take(gained, edge.rest(), &fails),
                    To::Joint(joint) => {
                        let (needs, gained, rest) = arena.joint(joint);
                        let waits = &mut self.waits[joint as usize];
                        if waits.0 != self.world {
                            *waits = (self.world, needs.len() as u8);
                        }
                        waits.1 -= 1;
                        if waits.1 == 0 {
                            self.take(gained, rest, &fails);
                        }
                    }
                }
            }
        }
        goal != u32::MAX && self.had[goal as usize] == self.world
    }

    #[inline(always)]
    fn take(&mut self, node: u32, rest: Rest, fails: &impl Fn(&Scalar, u32) -> bool) {
        if self.had[node as usize] == self.world {
            return;
        }
        let happens = match rest {
            Rest::Nothing => true,
            Rest::One(variable) => fails(self, variable),
            Rest::List(list) => self.arena.lists.row(list).iter().all(|variable| fails(self, *variable)),
        };
        if happens {
            self.had[node as usize] = self.world;
            self.queue.push(node);
        }
    }

    #[inline(always)]
    fn quick(&self, world: u64, variable: u32) -> bool {
        let mut x = world.wrapping_add(u64::from(variable).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31) < self.thresholds[variable as usize]
    }

    fn worlds(&mut self, from: u64, n: u64, stop: bool) -> u64 {
        (0..n)
            .filter(|at| {
                let world = (from << 24 | at).wrapping_mul(0xd134_2543_de82_ef95);
                self.derive(stop, |scalar, variable| scalar.quick(world, variable))
            })
            .count() as u64
    }
}

fn batches<A: Agenda, const W: usize>(worlds: &mut Worlds<A, W>, arena: &Arena, from: u64, n: u64) -> u64 {
    for batch in 0..n {
        worlds.begin(1, from << 20 | batch);
        black_box(worlds.derive(arena, &[u64::MAX; W]));
    }
    n * W as u64 * 64
}

/// World by world the bits and the scalar worklist derive the same goal from the same failures.
fn same(arena: &Arena) {
    let mut scalar = Scalar::new(arena, &vec![0.0; arena.variables.len()]);
    let mut worlds: Worlds = Worlds::new(arena, false);
    let mut hits = 0;
    for batch in 0..2 {
        worlds.begin(1, batch);
        let mask = worlds.derive(arena, &[u64::MAX; 8]);
        for lane in 0..BATCH {
            let derived = scalar.derive(false, |scalar, variable| {
                let drawn = &scalar.arena.variables[variable as usize];
                drawn.threshold.happens(Stream::new(1, drawn.key, batch), lane)
            });
            assert_eq!(mask[lane as usize / 64] >> (lane % 64) & 1 == 1, derived, "batch {batch} lane {lane}");
        }
        hits += count(&mask);
    }
    println!("  the same goal in {} worlds derived both ways, reached in {hits}", 2 * BATCH);
}

fn compare(told_as: &str, arranged: &Arranged, probabilities: &[f64]) -> f64 {
    let arena = &arranged.arena;
    println!(" {told_as}: {} capabilities, {} steps", arena.nodes(), arena.steps());
    same(arena);
    let mut scalar = Scalar::new(arena, probabilities);
    let mut counter = Scalar::new(arena, probabilities);
    let (mut rounds, mut queue): (Worlds<Rounds, 8>, Worlds<Queue, 8>) =
        (Worlds::new(arena, false), Worlds::new(arena, false));
    let mut wide: Worlds<Rounds, 16> = Worlds::new(arena, false);
    let found = rates(&mut [
        ("scalar", &mut |order| {
            let (from, n) = told(order);
            black_box(scalar.worlds(from, n, false));
            n
        }),
        ("512, by position", &mut |order| batches(&mut rounds, arena, told(order).0, told(order).1)),
        ("512, first in first out", &mut |order| batches(&mut queue, arena, told(order).0, told(order).1)),
        ("1024, by position", &mut |order| batches(&mut wide, arena, told(order).0, told(order).1)),
    ]);
    for (name, (edges, batches)) in
        [("by position", (rounds.edges, rounds.batches())), ("first in first out", (queue.edges, queue.batches()))]
    {
        println!("  {name}: {:.0} edges touched for a batch", edges as f64 / batches as f64);
    }
    counter.worlds(0, 200, false);
    let ns = 1e9 / found[0] / (counter.edges as f64 / 200.0);
    println!("  scalar worklist             {:>12.0} worlds/s, {ns:.2} ns an edge touched", found[0]);
    for (name, rate) in ["512, by position", "512, first in first out", "1024, by position"].iter().zip(&found[1..]) {
        println!("  {name:<27} {rate:>12.0} worlds/s, {:.1} x", rate / found[0]);
    }
    found[0]
}

/// What bounds both: reads at random in as many bytes as the state takes, and random bits.
fn bounds(arena: &Arena) {
    let gather = |bytes: usize| {
        let data: Vec<u64> = (0..(bytes / 8).next_power_of_two() as u64).collect();
        let mut random = 1u64;
        let places: Vec<u32> = (0..2_000_000)
            .map(|_| {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (random >> 33) as u32 % data.len() as u32
            })
            .collect();
        let (sum, took) = timed(|| places.iter().fold(0u64, |sum, at| sum.wrapping_add(data[*at as usize])));
        black_box(sum);
        took.as_secs_f64() * 1e9 / places.len() as f64
    };
    let (small, large) = (arena.nodes() * 4, arena.nodes() * 128);
    println!(
        "  bound: a read at random in {:.1} MB (one world's state) takes {:.2} ns, in {:.1} MB (512 worlds') {:.2} ns",
        small as f64 / 1e6,
        gather(small),
        large as f64 / 1e6,
        gather(large)
    );
    let threshold = Threshold::new(0.7);
    let draws = 200_000u64;
    let bits = Bits { threshold, key: arena.variables[0].key, draws };
    let (sum, took) = timed(|| pulp::Arch::new().dispatch(bits));
    black_box(sum);
    println!(
        "  bound: the random bits of one assumption in 512 worlds take {:.0} ns",
        took.as_secs_f64() * 1e9 / draws as f64
    );
}

/// Draws of one assumption, compiled for the registers of this machine as the simulation is.
struct Bits {
    threshold: Threshold,
    key: Key,
    draws: u64,
}

impl pulp::WithSimd for Bits {
    type Output = u64;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> u64 {
        let seeded = Seeded::new(1, self.key);
        (0..self.draws).fold(0, |sum, batch| {
            let drawn = self.threshold.draw(seeded.batch(batch), &[u64::MAX; 8]);
            sum ^ drawn.iter().fold(0, |all, word| all ^ word)
        })
    }
}

/// All 64 worlds of a word, heat by heat.
fn heats(heat: &mut Heat, clock: &Clock, word: u64, tell: &mut dyn FnMut(u64, Option<f64>)) {
    let mut left = u64::MAX;
    while left != 0 {
        let seats = Seats::take(word, &mut left);
        let won = black_box(heat.run(clock, &seats));
        seats.worlds().for_each(|(seat, world)| tell(world, won[seat]));
    }
}

/// World by world the goal is reached at the same hour, timed together and alone.
fn same_hours(graph: &CapabilityGraph, timing: Timing) {
    let layout = whole(graph, 0);
    let arranged = std::sync::Arc::new(layout.arena(&[]));
    let clock = Clock::new(graph, &layout, 1, timing);
    let (mut heat, mut race) = (Heat::new(std::sync::Arc::clone(&arranged), &clock), Race::new(arranged));
    let (mut worlds, mut won) = (0, 0);
    for word in 0..BATCH / WORD {
        heats(&mut heat, &clock, word, &mut |world, together| {
            assert_eq!(together, race.run(&clock, world).won(), "world {world}");
            worlds += 1;
            won += u64::from(together.is_some());
        });
    }
    println!("  the same hours in {worlds} worlds timed both ways, reached in {won}");
}

fn times(graph: &CapabilityGraph, n: u32) {
    let timing = Timing { attacker: Attacker::Parallel, detection: false, horizon_h: 8_760.0 };
    println!(" time at {n} publishers, one thread:");
    same_hours(graph, timing);
    // Everything: a goal that is never reached, so that each world runs to its end.
    let layout = whole(graph, 1);
    let arranged = std::sync::Arc::new(layout.arena(&[]));
    let clock = Clock::new(graph, &layout, 1, timing);
    let mut heat = Heat::new(std::sync::Arc::clone(&arranged), &clock);
    let numbers: Vec<f64> = layout.draws.iter().map(|draw| draw.probability).collect();
    let mut scalar = Scalar::new(&arranged.arena, &numbers);
    // The slice of the goal, as the program times it.
    let sliced = Layout::new(graph, &Question::of(&graph.threats[0], Copies::Lumped)).unwrap();
    let numbers: Vec<f64> = sliced.draws.iter().map(|draw| draw.probability).collect();
    let small = sliced.arena(&[]);
    let mut scalar_small = Scalar::new(&small.arena, &numbers);
    let sampler = Sampler::of(sliced, 1);
    let timer = Timer::new(graph, &sampler, timing);
    let found = rates(&mut [
        ("scalar, full", &mut |order| {
            black_box(scalar.worlds(told(order).0, told(order).1, false));
            told(order).1
        }),
        ("timed, full", &mut |order| {
            let (from, n) = told(order);
            (0..n).for_each(|word| heats(&mut heat, &clock, from << 20 | word, &mut |_, _| {}));
            n * WORD
        }),
        ("scalar, slice", &mut |order| {
            black_box(scalar_small.worlds(told(order).0, told(order).1, true));
            told(order).1
        }),
        ("timed, slice", &mut |order| {
            let (from, n) = (told(order).0 << 20, told(order).1 * BATCH);
            black_box(timer.times(from..from + n));
            n
        }),
    ]);
    println!(
        "  full graph, every world to its end: {:.0} of {:.0} worlds/s, {:.2} x scalar",
        found[1],
        found[0],
        found[1] / found[0]
    );
    println!(
        "  the goal's slice, as it is used:    {:.0} of {:.0} worlds/s, {:.2} x scalar",
        found[3],
        found[2],
        found[3] / found[2]
    );
}

/// Time that passed.
fn clocked<T>(run: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let out = run();
    (out, start.elapsed())
}

fn cores(graph: &CapabilityGraph, n: u32) {
    let worlds = if n > 1_000 { 1 << 19 } else { 1 << 22 };
    let pool = |threads: usize| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let (one, two) = (pool(1), pool(2));
    let sampler = Sampler::new(graph, 0, Copies::Lumped, 1).unwrap();
    let run = |pool: &rayon::ThreadPool| pool.install(|| clocked(|| sampler.run(Plan::trials(worlds), &|_, _| true)));
    let mut best = [f64::MAX; 2];
    for _ in 0..5 {
        let ((a, single), (b, double)) = (run(&one), run(&two));
        assert_eq!(a, b);
        best = [best[0].min(single.as_secs_f64()), best[1].min(double.as_secs_f64())];
    }
    println!(
        " two cores at {n} publishers, the goal's slice: {:.0} worlds/s, {:.2} x one",
        worlds as f64 / best[1],
        best[0] / best[1]
    );
}

/// Reach on the lumped design of the same kind, at any number of publishers.
fn lumped() {
    println!("reach of every threat of `native-containers`, lumped:");
    for publishers in [100, 10_000, 1_000_000] {
        let edits = Edits { sets: vec![("publisher.count".to_owned(), publishers.to_string())], ..Edits::default() };
        let source = scenarios::find("native-containers").unwrap();
        let (model, _) = model::load_source(&source, &scenarios::resolve, &edits).unwrap();
        let graph = ground::compile(&model).unwrap().graph;
        let mut worst = Duration::ZERO;
        for threat in 0..graph.threats.len() {
            let best = (0..50).map(|_| clocked(|| black_box(reach(&graph, threat))).1).min().unwrap_or_default();
            worst = worst.max(best);
        }
        println!("  {publishers} publishers: {worst:.1?} for the slowest of {} threats", graph.threats.len());
    }
}

fn main() {
    let asked = std::env::args().skip(1).find_map(|arg| arg.parse::<u32>().ok());
    for n in asked.map_or(vec![1_000, 10_000], |n| vec![n]) {
        let (graph, _) = graph(n);
        println!("{n} publishers, one thread:");
        let layout = whole(&graph, 0);
        let numbers: Vec<f64> = layout.draws.iter().map(|draw| draw.probability).collect();
        let arranged = layout.arena(&[]);
        let full = compare("full graph", &arranged, &numbers);
        bounds(&arranged.arena);
        let layout = Layout::new(&graph, &Question::of(&graph.threats[0], Copies::Lumped)).unwrap();
        let numbers: Vec<f64> = layout.draws.iter().map(|draw| draw.probability).collect();
        let slice = compare("the goal's slice, on top", &layout.arena(&[]), &numbers);
        println!("  slicing alone makes the scalar worklist {:.1} x as fast", slice / full);
        // On the one thread of a pool, whose time on the processor is what counts.
        rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap().install(|| times(&graph, n));
        cores(&graph, n);
    }
    lumped();
}
