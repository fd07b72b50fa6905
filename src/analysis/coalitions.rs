//! Who must be trusted: the minimal sets of principals who, dishonest together, reach the goal with every assumption holding.

use super::Coalitions;
use super::by_size;
use super::labels::{Found, Search, minimal_sets};
use super::sets::{LABEL_WORK, ShapedSets};
use crate::graph::unfold::{Copies, Question, TooLarge, unfold};
use crate::graph::{CapabilityGraph, PrincipalId};

/// Work on labels that costs about as much as one more failure tried.
const TRY: u64 = 10;

/// Who is considered by default: every actor and every external service.
pub fn default_candidates(graph: &CapabilityGraph) -> Vec<PrincipalId> {
    matching(graph, |at| graph.principals[at].candidate)
}

/// Those whose name or class is among these. `Err` holds a name that fits nobody.
pub fn candidates_among(graph: &CapabilityGraph, names: &[String]) -> Result<Vec<PrincipalId>, String> {
    let fits = |name: &String, at: usize| graph.principals[at].name == *name || graph.principals[at].class == *name;
    for name in names {
        if !(0..graph.principals.len()).any(|at| fits(name, at)) {
            return Err(name.clone());
        }
    }
    Ok(matching(graph, |at| names.iter().any(|name| fits(name, at))))
}

fn matching(graph: &CapabilityGraph, fits: impl Fn(usize) -> bool) -> Vec<PrincipalId> {
    (0..graph.principals.len()).filter(|at| fits(*at)).map(|at| PrincipalId(at as u32)).collect()
}

/// The minimal coalitions of one threat among candidates, on the lumped graph.
pub fn coalitions(graph: &CapabilityGraph, threat: usize, candidates: &[PrincipalId]) -> Coalitions {
    // The lumped graph is never refused for its size.
    let nobody = Coalitions { candidates: Vec::new(), coalitions: Vec::new(), complete: false, complete_to: None };
    coalitions_in(graph, threat, candidates, Copies::Lumped, LABEL_WORK).unwrap_or(nobody)
}

/// The minimal coalitions of one threat among candidates. The candidates of the answer are those asked about, each under the id it counts as.
pub fn coalitions_in(
    graph: &CapabilityGraph,
    threat: usize,
    candidates: &[PrincipalId],
    copies: Copies,
    work: u64,
) -> Result<Coalitions, TooLarge> {
    let threat = &graph.threats[threat];
    let question = Question::among(threat, candidates.to_vec(), copies);
    let counts_as = |id: &PrincipalId| question.alike_principals.get(id).copied().unwrap_or(*id);
    let mut named: Vec<PrincipalId> = candidates.iter().map(counts_as).collect();
    named.sort_unstable();
    named.dedup();
    if threat.not_applicable.is_some() {
        return Ok(Coalitions { candidates: named, coalitions: Vec::new(), complete: true, complete_to: None });
    }
    let unfolded = unfold(graph, &question)?;
    let found = minimal_sets(&unfolded, &Search::all(work));
    let found = match found.complete {
        true => found,
        false => by_size::minimal_sets(&unfolded, work / TRY).map_or(found.clone(), |other| better(found, other)),
    };
    let sets = ShapedSets::new(&unfolded, &found);
    let coalitions = sets.shapes.iter().map(|(shape, _)| shape.ids().map(PrincipalId).collect()).collect();
    let complete_to = sets.complete_to.filter(|_| !sets.complete);
    Ok(Coalitions { candidates: named, coalitions, complete: sets.complete, complete_to })
}

/// Of two searches that may have stopped, the one that is certain up to a larger size, with what only the other found.
fn better(a: Found, b: Found) -> Found {
    let (best, other) = if (b.complete, b.complete_to) > (a.complete, a.complete_to) { (b, a) } else { (a, b) };
    let mut sets = best.sets;
    if !best.complete {
        sets.extend(other.sets);
        sets.sort_by(|x, y| x.len().cmp(&y.len()).then_with(|| x.cmp(y)));
        sets.dedup();
    }
    Found { sets, ..best }
}
