//! What the analyses cost on generated graphs, each beside a baseline taken in the same run: read the ratios, not the times.
//!
//! `cargo bench --bench paths [-- PUBLISHERS]`

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
use graphs::large::{Size, tenants};

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
    let sizes: Vec<usize> = asked.map_or(vec![80, 240, 780], |n| vec![n]);
    for publishers in sizes {
        let graph = tenants(Size { publishers, assumptions: 200, seed: 1 });
        let (unfolded, unfolding) = timed(|| whole(&graph));
        let all: Vec<u32> = (0..unfolded.variables.len() as u32).collect();
        let pass = best(|| {
            black_box(streaming_pass(black_box(&unfolded)));
        });
        let closure = best(|| {
            black_box(Closure::of(black_box(&unfolded), all.iter().copied()));
        });
        let (steps, kept) = (graph.steps.len(), unfolded.moves.len());
        println!("{steps} steps, {kept} of them towards the goal, {} assumptions", unfolded.variables.len());
        println!("  unfold   {unfolding:>10.2?}");
        println!("  closure  {closure:>10.2?}  {:>6.1} x one streaming pass", ratio(closure, pass));
        let (found, took) = timed(|| reach(&graph, 0));
        println!("  reach    {took:>10.2?}  {:>6.0} x a closure: {found:?}", ratio(took, closure));
        for cost in [Cost::Fewest, Cost::Likeliest, Cost::Effort] {
            let options = Options { k: 20, cost, ..Options::default() };
            let (found, took) = timed(|| search(&graph, 0, &options));
            let Ok(found) = found else { continue };
            let per_node = ratio(took, closure) / found.nodes.max(1) as f64;
            println!(
                "  k = 20 by {cost:?}: {took:.2?}, {} nodes, {per_node:.1} closures a node, {} paths, complete {}, optimal {}, at least {:?}, first {:?}, last {:?}",
                found.nodes,
                found.paths.len(),
                found.complete,
                found.optimal,
                found.at_least,
                found.paths.first().map(|path| (path.cost, path.steps.len())),
                found.paths.last().map(|path| (path.cost, path.steps.len())),
            );
        }
    }
}

fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64().max(1e-9)
}
