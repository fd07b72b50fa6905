//! What the safety of a design rests on, for one of its threats: the assumptions that matter, and the steps nobody gets past.

use crate::analysis::exact::{self, Limits, Stopped};
use crate::graph::CapabilityGraph;

/// One assumption that matters.
#[derive(Debug, Clone, PartialEq)]
pub struct Matter {
    /// Its name.
    pub name: String,
    /// So many members have it, each with a failure of its own; what follows is of all of them together.
    pub members: u64,
    /// In words; its name where the library has none.
    pub text: String,
    /// sourced, derived, guess, or empty.
    pub grade: String,
    /// Its number is a guess.
    pub guess: bool,
    /// What part of P(exposed) would go if it surely held: 1 - f(0)/f.
    pub share: f64,
    /// The same with its own number at the low, and at the high end of its range; `None` without a range.
    pub share_ends: Option<[f64; 2]>,
    /// P(exposed) if it surely held.
    pub if_holds: f64,
    /// P(exposed) if it surely failed.
    pub if_fails: f64,
}

/// What one threat rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Rests {
    /// The threat's name.
    pub threat: String,
    /// P(exposed).
    pub p: f64,
    /// With every number at the low, and at the high end of its range.
    pub ends: Option<[f64; 2]>,
    /// By falling share; without those that do not matter.
    pub matters: Vec<Matter>,
    /// Names of the steps on every way, in order.
    pub choke_points: Vec<String>,
}

/// Works it out; `None` for a threat that is not applicable, or never or always exposed.
///
/// # Errors
/// What keeps the answer from being exact.
pub fn rests(graph: &CapabilityGraph, threat: usize) -> Result<Option<Rests>, Stopped> {
    let limits = Limits::default();
    let Some(chances) = exact::chance(graph, threat, &limits) else { return Ok(None) };
    if let Some(why) = chances.stopped {
        return Err(why);
    }
    let p = chances.plain.value;
    if p <= 0.0 || p >= 1.0 {
        return Ok(None);
    }
    let numbers: Vec<f64> = graph.assumptions.iter().map(|assumption| assumption.probability).collect();
    let (compiled, ends) = (exact::Compiled::new(graph, threat, &limits)?, exact::ends(graph));
    let mut matters: Vec<Matter> = Vec::new();
    for found in exact::importance(graph, threat, &numbers, &limits)? {
        let assumption = graph.assumption(found.id);
        // f = q f(1) + (1 - q) f(0) and Birnbaum = f(1) - f(0).
        let one = (p - assumption.probability * found.birnbaum).max(0.0);
        let (if_holds, if_fails) =
            found.all.map_or((one, (one + found.birnbaum).min(1.0)), |all| (all.holds, all.fails));
        let share = 1.0 - if_holds / p;
        if share <= 1e-12 {
            continue;
        }
        // What is left if it holds does not depend on its number.
        let at = found.id.0 as usize;
        let share_at = |end: &Vec<f64>| {
            let mut moved = numbers.clone();
            moved[at] = end[at];
            let p = compiled.probability(&moved);
            if p > 0.0 { (1.0 - if_holds / p).clamp(0.0, 1.0) } else { 0.0 }
        };
        let ranged = ends[0][at] < ends[1][at];
        matters.push(Matter {
            share_ends: ranged.then(|| ends.each_ref().map(share_at)),
            name: assumption.name.clone(),
            members: found.members(),
            text: if assumption.text.trim().is_empty() { assumption.name.clone() } else { assumption.text.clone() },
            grade: assumption.grade.clone(),
            guess: assumption.grade == "guess",
            share,
            if_holds,
            if_fails,
        });
    }
    matters.sort_by(|a, b| b.share.total_cmp(&a.share).then_with(|| a.name.cmp(&b.name)));
    let steps = exact::choke_points(graph, threat)?;
    let mut choke_points: Vec<String> = steps.iter().map(|id| graph.step(*id).name.clone()).collect();
    choke_points.dedup();
    Ok(Some(Rests { threat: graph.threats[threat].name.clone(), p, ends: chances.ends, matters, choke_points }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::ground;
    use crate::model::{self, Edits};
    use crate::scenarios;

    /// Each end of a share is what the share would be in a graph with that number.
    #[test]
    fn the_ends_of_a_share_are_those_of_its_own_number() {
        let source = scenarios::find("house-distro").expect("it is built in");
        let (model, _) = model::load_source(&source, &scenarios::resolve, &Edits::default()).expect("it loads");
        let graph = ground::compile(&model).expect("it compiles").graph;
        let threat = graph.threats.iter().position(|threat| threat.name == "outsider").expect("it is asked");
        let found = rests(&graph, threat).expect("it is exact").expect("it is neither never nor always exposed");
        let mut looked = 0;
        for matter in &found.matters {
            let Some([low, high]) = matter.share_ends else { continue };
            assert!(low <= matter.share && matter.share <= high, "{matter:?}");
            let at =
                graph.assumptions.iter().position(|assumption| assumption.name == matter.name).expect("it is there");
            for (number, told) in exact::ends(&graph).map(|end| end[at]).into_iter().zip([low, high]) {
                let mut moved = graph.clone();
                moved.assumptions[at].probability = number;
                let again = rests(&moved, threat).expect("it is exact").expect("it is exposed at times");
                let share =
                    again.matters.iter().find(|other| other.name == matter.name).map_or(0.0, |other| other.share);
                assert!((share - told).abs() < 1e-9, "{}: {share} {told}", matter.name);
                looked += 1;
            }
        }
        assert!(looked > 4, "{looked}");
    }
}
