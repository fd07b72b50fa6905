//! P(exposed) by whatever gives a usable answer: exact, else proved bounds that are close, else worlds drawn from a seed.

use crate::analysis::exact::{self, Chance, Chances, Limits, with_trust};
use crate::analysis::simulate::{Layout, Plan, Sampler, Unsampled};
use crate::graph::CapabilityGraph;
use crate::graph::unfold::{Copies, Question};

/// Worlds drawn where bounds are too far apart.
pub const WORLDS: u64 = 1 << 22;

/// How likely a threat is. Bounds more than a factor of ten apart say too little: [`WORLDS`] are drawn in their place, and the answer is
/// labelled sampled. `None` if the threat is not applicable.
pub fn chances(graph: &CapabilityGraph, threat: usize, limits: &Limits, seed: u64) -> Option<Chances> {
    let found = exact::chance(graph, threat, limits)?;
    let numbers: Vec<f64> = graph.assumptions.iter().map(|assumption| assumption.probability).collect();
    let trusted = with_trust(graph, &graph.threats[threat], &numbers);
    let usable = |chance: Chance, numbers: &[f64]| match chance.is_wide() {
        // What cannot be simulated keeps its bounds.
        true => sampled(graph, threat, numbers, seed).unwrap_or(chance),
        false => chance,
    };
    let plain = usable(found.plain, &numbers);
    let trusting = if found.trusting == found.plain { plain } else { usable(found.trusting, &trusted) };
    Some(Chances { plain, trusting, ..found })
}

/// Why no worlds are drawn of a threat, where its bounds are too far apart and that would say more.
pub fn undrawn(graph: &CapabilityGraph, threat: usize, chances: &Chances) -> Option<Unsampled> {
    let layout = || Layout::new(graph, &Question::of(&graph.threats[threat], Copies::Lumped));
    chances.plain.is_wide().then(layout).and_then(Result::err)
}

fn sampled(graph: &CapabilityGraph, threat: usize, numbers: &[f64], seed: u64) -> Result<Chance, Unsampled> {
    let layout = Layout::new(graph, &Question::of(&graph.threats[threat], Copies::Lumped))?;
    let sampler = Sampler::of(layout.with_numbers(numbers), seed);
    Ok(sampler.run(Plan::trials(WORLDS), &|_, _| true).chance())
}
