//! Everything that follows on graphs of up to a million publishers, beside `datafrog` on the same steps in the same run: read the ratios.
//!
//! `cargo bench --bench fixpoint [-- PUBLISHERS]`; the memory is counted in a process of its own.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that fails says so"
)]

mod family;

use std::alloc::System;
use std::hint::black_box;
use std::time::{Duration, Instant};

use cap::Cap;
use cotenant::graph::compact::{Builder, Compact, Form, Rests, Waiting};
use cotenant::graph::{Assumption, CapabilityId, StepKind};
use cotenant::source::Place;
use cotenant::units::{Effort, FailureKind};
use datafrog::{Iteration, Relation};

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

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

/// The family as the library's compact graph: names, assumptions, efforts and the line each form of step comes from.
fn compact(n: u32) -> (Compact, CapabilityId) {
    let (mut steps, mut needs) = (0, 0);
    family::generate(n, 1, &mut |_, of, _, _, _| {
        steps += 1;
        needs += of.len();
    });
    let mut builder = Builder::new(steps, needs);
    for (name, (_, count)) in family::KINDS.iter().zip(family::Blocks::new(n).kinds) {
        builder.capabilities(name, count);
    }
    let goal = builder.capabilities("goal", 1);
    let mut forms: Vec<(&str, u64, u64, u16, u32)> = Vec::new();
    family::generate(n, 1, &mut |name, of, gains, p, hours| {
        // Steps of the random part have numbers of their own; ten forms stand for them.
        let (p, hours) = if name == "random" { ((p * 10.0).round() / 10.0, hours.round()) } else { (p, hours) };
        let known = forms.iter().find(|it| it.0 == name && it.1 == p.to_bits() && it.2 == hours.to_bits());
        let (form, own) = known.map(|it| (it.3, it.4)).unwrap_or_else(|| {
            let made = (builder.form(form(name, p, hours)), builder.own(assumption(name, p)));
            forms.push((name, p.to_bits(), hours.to_bits(), made.0, made.1));
            made
        });
        let ids: Vec<CapabilityId> = of.iter().copied().map(CapabilityId).collect();
        let rests = if p < 1.0 { Rests::Own(own) } else { Rests::Nothing };
        builder.step(form, &ids, CapabilityId(gains), &rests);
    });
    (builder.build(), goal)
}

fn form(name: &str, p: f64, hours: f64) -> Form {
    Form {
        name: name.to_owned(),
        kind: if p < 1.0 { StepKind::Exploit } else { StepKind::Grant },
        effort: Some(Effort::Constant { hours }),
        detected: 0.0,
        delay_h: 0.0,
        says: format!("the attacker does `{name}`"),
        because: vec![Place { file: "tenants.yaml".to_owned(), line: 1, col: 1, text: format!("- {{id: {name}}}") }],
        dropped: Vec::new(),
    }
}

fn assumption(name: &str, probability: f64) -> Assumption {
    Assumption {
        name: format!("{name}-fails"),
        probability,
        kind: FailureKind::State,
        range: None,
        parameter: None,
        family: None,
        honesty_of: None,
        text: String::new(),
        question: String::new(),
        grade: "guess".to_owned(),
        source: "the workload's own number".to_owned(),
    }
}

/// Steps by the number of their needs, as Datalog facts.
#[derive(Clone, Default)]
struct Facts {
    one: Vec<(u32, u32)>,
    two: Vec<(u32, (u32, u32))>,
    three: Vec<(u32, (u32, u32, u32))>,
}

impl Facts {
    fn of(graph: &Compact) -> Facts {
        let mut facts = Facts::default();
        for (needs, gains) in graph.each() {
            match *needs {
                [a] => facts.one.push((a, gains)),
                [a, b] => facts.two.push((a, (b, gains))),
                [a, b, c] => facts.three.push((a, (b, c, gains))),
                _ => panic!("a step of {} needs", needs.len()),
            }
        }
        facts
    }
}

/// Indexes the facts and runs them to the least fixpoint.
fn by_datafrog(facts: Facts) -> usize {
    let (one, two, three) =
        (Relation::from_vec(facts.one), Relation::from_vec(facts.two), Relation::from_vec(facts.three));
    let mut iteration = Iteration::new();
    let had = iteration.variable::<(u32, ())>("had");
    let last = iteration.variable::<(u32, u32)>("one need left");
    let more = iteration.variable::<(u32, (u32, u32))>("two needs left");
    had.extend([(0, ())]);
    while iteration.changed() {
        had.from_join(&had, &one, |_, (), gains| (*gains, ()));
        last.from_join(&had, &two, |_, (), (need, gains)| (*need, *gains));
        more.from_join(&had, &three, |_, (), (b, c, gains)| (*b, (*c, *gains)));
        last.from_join(&more, &had, |_, (need, gains), ()| (*need, *gains));
        had.from_join(&last, &had, |_, gains, ()| (*gains, ()));
    }
    had.complete().len()
}

/// Nanoseconds of one read at a random place of an array of so many bytes, the next place known only from the last.
fn chase(bytes: usize) -> f64 {
    let n = (bytes / 4).next_power_of_two();
    let mut next: Vec<u32> = (0..n as u32).collect();
    let mut random = 1u64;
    for at in (1..n).rev() {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        next.swap(at, (random >> 33) as usize % at);
    }
    let reads = 2_000_000;
    let (end, took) = timed(|| (0..reads).fold(0u32, |at, _| next[at as usize]));
    black_box(end);
    took.as_secs_f64() * 1e9 / f64::from(reads)
}

/// The same with places known in advance, so that reads overlap.
fn gather(bytes: usize) -> f64 {
    let n = (bytes / 4).next_power_of_two();
    let data: Vec<u32> = (0..n as u32).collect();
    let mut random = 1u64;
    let places: Vec<u32> = (0..4_000_000)
        .map(|_| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (random >> 33) as u32 % n as u32
        })
        .collect();
    let (sum, took) = timed(|| places.iter().fold(0u32, |sum, at| sum.wrapping_add(data[*at as usize])));
    black_box(sum);
    took.as_secs_f64() * 1e9 / places.len() as f64
}

fn measure(n: u32) -> (f64, u64) {
    let (graph, goal) = compact(n);
    let facts = Facts::of(&graph);
    let (mut build, mut run, mut frog) = (f64::MAX, f64::MAX, f64::MAX);
    let (mut edges, mut ours, mut theirs, mut reached) = (0, 0, 0, false);
    for _ in 0..if n >= 1_000_000 { 3 } else { 7 } {
        let (waiting, building) = timed(|| Waiting::new(black_box(&graph)));
        let (attained, running) = timed(|| waiting.attained(&[CapabilityId(0)]));
        (edges, ours, reached) = (attained.edges, attained.order.len(), attained.has(goal));
        drop((waiting, attained));
        let copy = facts.clone();
        let (count, frogging) = timed(|| by_datafrog(copy));
        theirs = count;
        // The best of the sums, not the sum of the bests.
        if building.as_secs_f64() + running.as_secs_f64() < build + run {
            (build, run) = (building.as_secs_f64(), running.as_secs_f64());
        }
        frog = frog.min(frogging.as_secs_f64());
    }
    assert_eq!(ours, theirs, "datafrog derives something else");
    let (steps, sum) = (graph.steps(), build + run);
    println!("{n} publishers: {steps} steps, {ours} of {} capabilities follow, goal {reached}", graph.capabilities());
    println!(
        "  lists {:.1} ms + fixpoint {:.1} ms = {:.1} ms; datafrog {:.1} ms: {:.2} of it",
        build * 1e3,
        run * 1e3,
        sum * 1e3,
        frog * 1e3,
        sum / frog
    );
    let touched = graph.steps() as f64;
    println!(
        "  {edges} edges touched, {:.3} per step; {:.1} ns each",
        edges as f64 / touched,
        run * 1e9 / edges as f64
    );
    (sum, edges)
}

fn memory(n: u32) {
    let (graph, _) = compact(n);
    let (live, before) = (ALLOCATOR.allocated(), ALLOCATOR.total_allocated());
    let waiting = Waiting::new(&graph);
    let attained = waiting.attained(&[CapabilityId(0)]);
    // Nothing is freed meanwhile, so what is live at the end is the peak; what was allocated in all bounds it in any case.
    let (end, more) = (ALLOCATOR.allocated(), ALLOCATOR.total_allocated() - before);
    let step = graph.step(cotenant::graph::StepId(graph.steps() as u32 / 2));
    println!("  a step in full: {} gains {}, since {}", step.name, graph.name(step.gains), step.because[0].text);
    let mb = |bytes: usize| bytes as f64 / 1e6;
    println!(
        "  memory at {n} publishers: graph {:.0} MB, with lists and fixpoint {:.0} MB (at most {:.0} MB at any time); {} follow",
        mb(live),
        mb(end),
        mb(live + more),
        attained.order.len()
    );
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let asked = args.iter().find_map(|arg| arg.parse::<u32>().ok());
    if args.iter().any(|arg| arg == "--memory") {
        return memory(asked.unwrap_or(1_000_000));
    }
    for check in family::CHECKS {
        assert_eq!(family::check(check.0), check, "this is not the family");
    }
    println!("the family is the one other programs generate ({} sizes checked)", family::CHECKS.len());
    let largest = asked.unwrap_or(1_000_000);
    let sizes: Vec<u32> = [10_000, 100_000, 1_000_000].into_iter().filter(|n| *n <= largest).collect();
    let found: Vec<(f64, u64)> = sizes.iter().map(|n| measure(*n)).collect();
    if let (Some(first), Some(last), Some(n)) = (found.first(), found.last(), sizes.last().filter(|_| sizes.len() > 1))
    {
        let growth = f64::from(*n) / f64::from(sizes[0]);
        let exponent = |a: f64, b: f64| (b / a).ln() / growth.ln();
        println!(
            "exponent from {} to {n}: time {:.2}, edges {:.3}",
            sizes[0],
            exponent(first.0, last.0),
            exponent(first.1 as f64, last.1 as f64)
        );
        println!("what it comes from, ns for one read at random (overlapping / one after the other):");
        for (told, bytes) in [("0.5 MB", 1 << 19), ("8 MB", 1 << 23), ("64 MB", 1 << 26), ("256 MB", 1 << 28)] {
            println!("  in {told}: {:.1} / {:.1}", gather(bytes), chase(bytes));
        }
    }
    let exe = std::env::current_exe().unwrap();
    let status = std::process::Command::new(exe).args(["--memory", &largest.to_string()]).status().unwrap();
    assert!(status.success());
}
