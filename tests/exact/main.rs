//! The exact engine against brute force: every subset of failures looked at one by one.
//!
//! `COTENANT_HEAVY=1` runs ten times as many graphs.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that fails says so"
)]

#[path = "../designs/mod.rs"]
mod designs;
#[path = "../graphs/mod.rs"]
mod graphs;
mod importance;
#[path = "../minilib/mod.rs"]
mod minilib;
mod probability;
mod sets;
mod strangers;
mod world;

use cotenant::graph::{Assumption, CapabilityGraph};

fn seeds(n: u64) -> std::ops::Range<u64> {
    let heavy = std::env::var("COTENANT_HEAVY").is_ok_and(|value| value == "1");
    0..if heavy { n * 10 } else { n }
}

/// Equal to so many relative parts, or both as good as nothing.
fn close(a: f64, b: f64, within: f64) -> bool {
    (a - b).abs() <= within * a.abs().max(b.abs()).max(1e-300)
}

/// The numbers of all assumptions.
fn nominal(graph: &CapabilityGraph) -> Vec<f64> {
    graph.assumptions.iter().map(|assumption| assumption.probability).collect()
}

/// What an assumption counts as.
fn name(graph: &CapabilityGraph, id: u32) -> u32 {
    let pairs = &graph.threats[0].alike_assumptions;
    pairs.iter().find(|(seat, _)| seat.0 == id).map_or(id, |(_, other)| other.0)
}

/// Where a family's first copies stand in the graph with every member.
fn first_copies(graph: &CapabilityGraph) -> Vec<u32> {
    let mut next = 0;
    let mut first = |assumption: &Assumption| {
        let chain = cotenant::graph::families::chain(graph, assumption.family);
        let copies = chain.iter().map(|family| graph.families[family.0 as usize].count as u32).product::<u32>();
        next += copies;
        next - copies
    };
    graph.assumptions.iter().map(&mut first).collect()
}
