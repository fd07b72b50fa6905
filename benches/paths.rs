//! What the analyses cost on generated graphs, each beside a baseline taken in the same run: read the ratios, not the times.
//!
//! `cargo bench --bench paths [-- STEPS]`
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that fails says so"
)]

#[path = "../tests/graphs/mod.rs"]
mod graphs;

use std::hint::black_box;
use std::time::{Duration, Instant};

use cotenant::analysis::Cost;
use cotenant::analysis::closure::Closure;
use cotenant::analysis::paths::{Options, search};
use cotenant::analysis::reach::reach;
use cotenant::graph::CapabilityGraph;
use cotenant::graph::unfold::{Copies, Question, Unfolded, unfold};
use graphs::large::{Size, tangle, tenants};

fn timed<T>(run: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let out = run();
    (out, start.elapsed())
}

/// The fastest of a few runs.
fn best(mut run: impl FnMut()) -> Duration {
    (0..7).map(|_| timed(&mut run).1).min().unwrap_or_default()
}

/// One look at everything a closure may touch, in order: no closure can be faster.
fn streaming_pass(unfolded: &Unfolded) -> u64 {
    let mut sum = 0;
    for step in 0..unfolded.moves.len() as u32 {
        let row = unfolded.needs.row(step).iter().chain(unfolded.rests.row(step));
        sum += row.map(|id| u64::from(*id)).sum::<u64>() + u64::from(unfolded.gains[step as usize]);
    }
    sum
}

fn whole(graph: &CapabilityGraph) -> Unfolded {
    let question = Question::of(&graph.threats[0], Copies::Lumped);
    unfold(graph, &question).expect("a graph without families is never refused")
}

fn main() {
    let asked = std::env::args().skip(1).find_map(|arg| arg.parse().ok());
    let sizes: Vec<usize> = asked.map_or(vec![1_000, 3_000, 10_000], |n| vec![n]);
    for steps in sizes {
        let publishers = steps * 10 / 116;
        for seed in 1..=3 {
            println!("shared build tenants, seed {seed}:");
            measure(&tenants(Size { publishers, assumptions: 200, seed }));
            println!("tangle, seed {seed}:");
            measure(&tangle(steps, 200, seed));
        }
    }
}

fn measure(graph: &CapabilityGraph) {
    let (unfolded, unfolding) = timed(|| whole(graph));
    let all: Vec<u32> = (0..unfolded.variables.len() as u32).collect();
    let pass = best(|| {
        black_box(streaming_pass(black_box(&unfolded)));
    });
    let closure = best(|| {
        black_box(Closure::of(black_box(&unfolded), all.iter().copied()));
    });
    let (steps, kept) = (graph.steps.len(), unfolded.moves.len());
    println!("  {steps} steps, {kept} of them towards the goal, {} assumptions", unfolded.variables.len());
    println!("  unfold {unfolding:.2?}; closure {closure:.2?}, {:.1} x one streaming pass", ratio(closure, pass));
    let (found, took) = timed(|| reach(graph, 0));
    let (k, profile, done) = (found.k, found.profile, found.profile_complete);
    println!(
        "  reach {took:.2?}, {:.0} closures: k {k:?}, exact {}, profile {profile:?}, complete {done}",
        ratio(took, closure),
        found.exact
    );
    for cost in [Cost::Fewest, Cost::Likeliest, Cost::Effort] {
        let options = Options { k: 20, cost, ..Options::default() };
        let (found, took) = timed(|| search(graph, 0, &options));
        let Ok(found) = found else { continue };
        let label = match (found.complete, found.optimal, found.at_least) {
            (true, _, _) => "complete".to_owned(),
            (_, true, _) => "optimal".to_owned(),
            (_, _, bound) => format!("at least {bound:?}"),
        };
        let ends = [found.paths.first(), found.paths.last()].map(|path| path.map(|path| (path.cost, path.steps.len())));
        println!(
            "  20 by {cost:?}: {took:.2?}, {} nodes, {:.1} closures each; {} paths, {label}, from {:?} to {:?}",
            found.nodes,
            ratio(took, closure) / found.nodes.max(1) as f64,
            found.paths.len(),
            ends[0],
            ends[1],
        );
    }
}

fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64().max(1e-9)
}
