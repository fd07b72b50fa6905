//! Who, dishonest together and with every assumption holding, reaches a goal.

use super::Coalitions;
use super::labels::{Bound, label};
use super::problem::{Ask, Problem};
use super::question::{Question, minimal_shapes};
use crate::graph::unfold::Copies;
use crate::graph::{CapabilityGraph, Principal, PrincipalId};

/// Minimal coalitions among the default candidates, or among those named (by name or class).
///
/// A coalition starts from the public capabilities and the roots of its members; the threat's own footholds do not count.
pub fn coalitions(graph: &CapabilityGraph, threat: usize, among: &[String]) -> Coalitions {
    let question = Question::new(graph, threat, Copies::Lumped(0));
    let wanted = |principal: &Principal| {
        let named = |name: &String| principal.name == *name || principal.class == *name;
        if among.is_empty() { principal.candidate } else { among.iter().any(named) }
    };
    let ids = (0..graph.principals.len()).map(|at| PrincipalId(at as u32));
    let asked: Vec<PrincipalId> = ids.filter(|id| wanted(&graph.principals[id.0 as usize])).collect();
    let mut candidates: Vec<PrincipalId> = asked.iter().map(|id| question.principal(*id)).collect();
    candidates.sort_unstable();
    candidates.dedup();
    if question.threat.not_applicable.is_some() {
        return Coalitions { candidates, coalitions: Vec::new(), complete: true };
    }
    let members: Vec<(PrincipalId, u32)> =
        asked.iter().flat_map(|id| question.unfolded.roots(*id).into_iter().map(|root| (*id, root))).collect();
    let (problem, tokens) = problem(&question, &members);
    let label = label(&problem, &tokens, Bound::ALL);
    let told = label.environments.iter().map(|environment| {
        let mut shape: Vec<PrincipalId> =
            environment.iter().map(|at| question.principal(members[*at as usize].0)).collect();
        shape.sort_unstable();
        shape
    });
    Coalitions { candidates, coalitions: minimal_shapes(told), complete: label.settled.is_none() }
}

/// With every assumption holding; the roots of the candidates are possible, each at the price of its member.
fn problem(question: &Question, members: &[(PrincipalId, u32)]) -> (Problem, Vec<(u32, u32)>) {
    let public = question.public();
    let start: Vec<u32> = public.iter().copied().chain(members.iter().map(|(_, root)| *root)).collect();
    let ask = Ask { start: &start, targets: &[question.goal()], may_fail: &|_| false };
    // A root may also be gained by steps: with the roots as starts those would be sliced away, so they are kept by asking for them.
    let problem = Problem::with_optional(&question.unfolded, &ask, &public);
    let number = |raw: u32| problem.capability_of.iter().position(|at| *at == raw).map(|at| at as u32);
    let tokens = members.iter().enumerate().filter_map(|(at, (_, root))| Some((number(*root)?, at as u32))).collect();
    (problem, tokens)
}
