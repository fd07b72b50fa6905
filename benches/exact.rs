//! What exact answers cost, each beside a baseline or a stated bound taken in the same run: read the ratios, not the times.
//!
//! `cargo bench --bench exact [-- designs|trees|grids|dense]`
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that fails says so"
)]

#[path = "../tests/designs/mod.rs"]
mod designs;
#[path = "../tests/graphs/mod.rs"]
mod graphs;

use std::hint::black_box;
use std::time::{Duration, Instant};

use cotenant::analysis::closure::Closure;
use cotenant::analysis::exact::{Chance, Compiled, Limits, Over, chance, minimal_sets};
use cotenant::graph::unfold::{Copies, Question, unfold};
use cotenant::graph::{AssumptionId, CapabilityGraph, CapabilityId, Threat};
use cotenant::model::Edits;
use graphs::large::tangle;
use graphs::{Random, assumption, capability, step};

fn timed<T>(run: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let out = run();
    (out, start.elapsed())
}

fn best(mut run: impl FnMut()) -> Duration {
    (0..7).map(|_| timed(&mut run).1).min().unwrap_or_default()
}

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let wanted = |name: &str| asked.is_empty() || asked.iter().any(|arg| arg == name);
    if wanted("designs") {
        built_in();
    }
    if wanted("trees") {
        println!("\ntrees: AND and OR by turns, every leaf its own assumption");
        [30, 100, 300].iter().for_each(|n| measure(&tree(*n)));
    }
    if wanted("grids") {
        println!("\ngrids: from the left edge to the right one, every edge its own assumption");
        [(4, 8), (5, 12), (5, 23), (7, 16), (9, 13), (9, 17)].iter().for_each(|(w, h)| measure(&grid(*w, *h)));
    }
    if wanted("dense") {
        println!("\ndense: steps thrown at random, circles and shared assumptions throughout");
        [20, 40, 60, 80, 100, 150, 200, 300].iter().for_each(|n| measure(&tangle(3 * n, *n, 1)));
    }
}

/// The nine designs, whole: the bound is a second.
fn built_in() {
    let graphs: Vec<CapabilityGraph> =
        designs::ORDER.iter().map(|name| designs::load(name, &Edits::default()).compiled.graph).collect();
    let threats = || graphs.iter().flat_map(|graph| (0..graph.threats.len()).map(move |at| (graph, at)));
    let (compiled, compiling) = timed(|| {
        let compile = |(graph, at)| Compiled::new(graph, at, &Limits::default());
        threats().map(compile).filter_map(Result::ok).collect::<Vec<Compiled>>()
    });
    let (_, answering) = timed(|| threats().filter_map(|(graph, at)| chance(graph, at, &Limits::default())).count());
    let both = [Over::Assumptions, Over::Controls];
    let (sets, listing) = timed(|| {
        let of = |over| threats().map(move |(graph, at)| minimal_sets(graph, at, over, &Limits::default()));
        both.into_iter().flat_map(of).map(|sets| sets.attack.sets.len() + sets.hardening.sets.len()).sum::<usize>()
    });
    let all = answering + listing;
    println!("the nine designs, {} threats: compile {compiling:.2?}, {} exact", threats().count(), compiled.len());
    println!("  probability {answering:.2?}, all minimal sets {listing:.2?} ({sets} sets)");
    println!("  together {:.3} of the second they may take", all.as_secs_f64());
}

fn measure(graph: &CapabilityGraph) {
    let limits = Limits::default();
    let unfolded = unfold(graph, &Question::of(&graph.threats[0], Copies::Lumped)).unwrap();
    let all: Vec<u32> = (0..unfolded.variables.len() as u32).collect();
    let closure = best(|| {
        black_box(Closure::of(black_box(&unfolded), all.iter().copied()));
    });
    println!("  {} assumptions, {} steps; one closure {closure:.2?}", all.len(), unfolded.moves.len());
    let (compiled, compiling) = timed(|| Compiled::new(graph, 0, &limits));
    let ratio = |a: Duration, b: Duration| a.as_secs_f64() / b.as_secs_f64().max(1e-9);
    match compiled {
        Ok(compiled) => {
            let numbers: Vec<f64> = graph.assumptions.iter().map(|it| it.probability).collect();
            let again = best(|| {
                black_box(compiled.probability(black_box(&numbers)));
            });
            let (nodes, p) = (compiled.nodes(), compiled.probability(&numbers));
            println!(
                "    exact: P {p:.6e}, {nodes} nodes, compile {compiling:.2?} = {:.0} closures",
                ratio(compiling, closure)
            );
            println!(
                "    again {again:.2?} = {:.1} closures, {:.1} ns a node",
                ratio(again, closure),
                again.as_nanos() as f64 / nodes as f64
            );
            let (sets, took) = timed(|| minimal_sets(graph, 0, Over::Assumptions, &limits));
            let told = |count: Option<u128>| count.map_or("not counted".to_owned(), |n| n.to_string());
            let (attack, hardening) = (told(sets.attack.count), told(sets.hardening.count));
            println!(
                "    sets in {took:.2?}: {attack} attack, {hardening} hardening{}",
                sets.stopped.map_or(String::new(), |why| format!(" ({why})"))
            );
        }
        Err(why) => {
            let (found, took) = timed(|| chance(graph, 0, &limits));
            let Chance { interval, .. } = found.unwrap().plain;
            let [low, high] = interval.unwrap();
            println!(
                "    not exact: {why} ({compiling:.2?}); bounds {low:.3e} to {high:.3e}, x {:.2}, in {took:.2?}",
                high / low
            );
        }
    }
}

fn empty(nodes: usize, start: CapabilityId, goal: CapabilityId) -> CapabilityGraph {
    let mut graph = CapabilityGraph { horizon_days: 365.0, ..CapabilityGraph::default() };
    graph.capabilities = (0..nodes).map(|at| capability(format!("c{at}"), None)).collect();
    let name = "t".to_owned();
    graph.threats = vec![Threat {
        name: name.clone(),
        title: name.clone(),
        group: name,
        start: vec![start],
        goal,
        ..Threat::default()
    }];
    graph
}

fn new_assumption(graph: &mut CapabilityGraph, p: f64) -> AssumptionId {
    graph.assumptions.push(assumption(format!("a{}", graph.assumptions.len()), p, None));
    AssumptionId(graph.assumptions.len() as u32 - 1)
}

/// A complete tree with three branches, AND and OR by turns, of at least so many leaves.
fn tree(leaves: usize) -> CapabilityGraph {
    let inner = (leaves - 1) / 2;
    let nodes = 2 + 3 * inner;
    let id = |at: usize| CapabilityId(at as u32 + 1);
    let mut graph = empty(nodes, CapabilityId(0), id(0));
    let mut depth = vec![0usize; nodes];
    for at in 0..nodes - 1 {
        let children: Vec<usize> = (3 * at + 1..=3 * at + 3).filter(|child| *child < nodes - 1).collect();
        children.iter().for_each(|child| depth[*child] = depth[at] + 1);
        let name = format!("s{at}");
        match (children.is_empty(), depth[at] % 2) {
            (true, _) => {
                let p = 0.05 + 0.3 * (at % 7) as f64 / 7.0;
                let on = new_assumption(&mut graph, p);
                graph.steps.push(step(name, vec![CapabilityId(0)], id(at), vec![on]));
            }
            (false, 0) => {
                children.iter().for_each(|child| graph.steps.push(step(name.clone(), vec![id(*child)], id(at), vec![])))
            }
            (false, _) => {
                graph.steps.push(step(name, children.iter().map(|child| id(*child)).collect(), id(at), vec![]))
            }
        }
    }
    graph.index();
    graph
}

/// A grid of `width` rows and `length` columns: edges to the right, up and down, each with its own assumption.
fn grid(width: usize, length: usize) -> CapabilityGraph {
    let id = |x: usize, y: usize| CapabilityId((1 + x * width + y) as u32);
    let mut graph = empty(1 + width * length, CapabilityId(0), id(length - 1, width - 1));
    let random = &mut Random::new(7);
    graph.steps.push(step("enter".to_owned(), vec![CapabilityId(0)], id(0, 0), vec![]));
    for x in 0..length {
        for y in 0..width {
            let mut edge = |to: CapabilityId| {
                let on = new_assumption(&mut graph, 0.5 + 0.4 * random.unit());
                graph.steps.push(step(format!("e{}", on.0), vec![id(x, y)], to, vec![on]));
            };
            if x + 1 < length {
                edge(id(x + 1, y));
            }
            if y + 1 < width {
                edge(id(x, y + 1));
            }
        }
    }
    graph.index();
    graph
}
