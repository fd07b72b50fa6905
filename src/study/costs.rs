//! What a design costs, from its structure alone: no invented numbers. Definitions: `docs/semantics.md`.

use std::collections::{BTreeMap, BTreeSet};

use super::{Costs, ThreatAnswer};
use crate::graph::derive::{as_designed, derive, exists, is_enabled};
use crate::graph::ground::{ACT_AS, PASSES};
use crate::graph::{CapabilityGraph, CapabilityId, StepKind};
use crate::library::Section;
use crate::model::{CapabilityRef, EntityId, Joins, Model, Role, Value};

/// The words of the library that costs are counted by.
mod words {
    /// Kind of those who run services of the index.
    pub const OPERATOR: &str = "operator";
    /// Kind of those who publish.
    pub const PUBLISHER: &str = "publisher";
    /// Relation: a service runs on another.
    pub const RUNS_ON: &str = "runs-on";
    /// Relation: an actor or service operates it.
    pub const OPERATED_BY: &str = "operated-by";
    /// Flag: its operator is not in the model.
    pub const EXTERNAL: &str = "external";
    /// Relation: a credential proves a principal.
    pub const PROVES: &str = "proves";
    /// Kind of what is published: the product, which joins nobody who makes it.
    pub const PROJECT: &str = "project";
    /// Verb: code runs there.
    pub const RUN_CODE: &str = "run-code";
}

/// Who runs a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// An operator of the model.
    Operated,
    /// A party outside the model.
    External,
    /// Somebody else (a publisher's own machine), or not a service.
    Neither,
}

/// The structural costs of a compiled model.
pub fn costs(model: &Model, graph: &CapabilityGraph, threats: &[ThreatAnswer]) -> Costs {
    let sides: Vec<Side> = (0..model.entities.len()).map(|at| side(model, EntityId(at), 0)).collect();
    let operated = |id: EntityId| sides[id.0] == Side::Operated;
    let names = |ids: Vec<EntityId>| ids.into_iter().map(|id| model.entity(id).id.clone()).collect::<Vec<_>>();
    let services: Vec<EntityId> = (0..model.entities.len()).map(EntityId).filter(|id| operated(*id)).collect();
    let run_by_strangers = strangers_reach(model, graph);
    let strangers_code =
        services.iter().copied().filter(|id| run_by_strangers.contains(&model.entity(*id).id)).collect();
    let (approvals, by) = approvals(model, graph);
    let (approvers, approvals_by) = by.into_iter().unzip();
    let (attack_surface, attack_surface_operated) = attack_surface(model, graph, &sides);
    Costs {
        approvals,
        approvers,
        approvals_by,
        services: names(services),
        strangers_code: names(strangers_code),
        parties: parties(graph, threats),
        interfaces: interfaces(model, &sides),
        workflows: workflows(model),
        attack_surface,
        attack_surface_operated,
    }
}

/// Inherited along `runs-on` and `operated-by`: a service on a vendor's service is external likewise.
fn side(model: &Model, id: EntityId, depth: usize) -> Side {
    let entity = model.entity(id);
    if model.library.kinds[entity.kind.0].section != Some(Section::Services) || depth > model.entities.len() {
        return Side::Neither;
    }
    if entity.fields.iter().any(|field| field.name == words::EXTERNAL && field.value == Value::Flag(true)) {
        return Side::External;
    }
    // Whoever operates a service decides its side; one that nobody is said to operate inherits that of what it runs on.
    let operators = model.refs(id, words::OPERATED_BY);
    let over = if operators.is_empty() { model.refs(id, words::RUNS_ON) } else { operators };
    let sides: Vec<Side> = over.into_iter().map(|over| side_of_operator(model, over, depth)).collect();
    [Side::External, Side::Operated].into_iter().find(|side| sides.contains(side)).unwrap_or(Side::Neither)
}

fn side_of_operator(model: &Model, over: EntityId, depth: usize) -> Side {
    let operator = model.library.kind(words::OPERATOR);
    let runs = operator.is_some_and(|operator| model.library.is_a(model.entity(over).kind, operator));
    if runs { Side::Operated } else { side(model, over, depth + 1) }
}

/// Entity of a capability `verb(entity.role)`, if the verb is this one.
fn thing_of<'a>(name: &'a str, verb: &str) -> Option<&'a str> {
    let inside = name.strip_prefix(verb)?.strip_prefix('(')?.strip_suffix(')')?;
    Some(inside.split_once('.').map_or(inside, |(entity, _)| entity))
}

fn capability(graph: &CapabilityGraph, verb: &str, thing: &str) -> Option<CapabilityId> {
    let name = format!("{verb}({thing})");
    graph.capabilities.iter().position(|capability| capability.name == name).map(|at| CapabilityId(at as u32))
}

/// Seats of the classes that a stranger can join, openly or by approval.
fn newcomers(model: &Model, graph: &CapabilityGraph) -> Vec<(EntityId, CapabilityId)> {
    let joinable = (0..model.entities.len()).map(EntityId).filter(|id| model.entity(*id).joins != Joins::Closed);
    joinable
        .filter_map(|id| Some((id, capability(graph, ACT_AS, &format!("{}.attacker", model.entity(id).id))?)))
        .collect()
}

/// Entities on which a member of an open or approved class runs code by grant.
fn strangers_reach(model: &Model, graph: &CapabilityGraph) -> BTreeSet<String> {
    let start: Vec<CapabilityId> = newcomers(model, graph).into_iter().map(|(_, seat)| seat).collect();
    let had = derive(graph, &start, |step| step.assumptions.is_empty() && exists(graph, step));
    let run = graph.capabilities.iter().zip(&had).filter(|(_, had)| **had);
    run.filter_map(|(capability, _)| thing_of(&capability.name, words::RUN_CODE).map(str::to_owned)).collect()
}

/// External principals that are a coalition of one for some threat.
fn parties(graph: &CapabilityGraph, threats: &[ThreatAnswer]) -> Vec<String> {
    let ones = threats.iter().flat_map(|answer| &answer.coalitions.coalitions).filter(|coalition| coalition.len() == 1);
    let found: BTreeSet<String> = ones
        .map(|coalition| &graph.principals[coalition[0].0 as usize])
        .filter(|principal| principal.external)
        .map(|principal| principal.class.clone())
        .collect();
    found.into_iter().collect()
}

/// Pairs of an external and an operated service joined by a privilege, a relation, or an asset both are joined to. That both
/// may publish the same project joins nobody: each could be replaced without the other's knowledge.
fn interfaces(model: &Model, sides: &[Side]) -> Vec<(String, String)> {
    let mut links: BTreeMap<EntityId, BTreeSet<EntityId>> = BTreeMap::new();
    let mut link = |a: EntityId, b: EntityId| {
        links.entry(a).or_default().insert(b);
        links.entry(b).or_default().insert(a);
    };
    for at in 0..model.entities.len() {
        for field in &model.entities[at].fields {
            if let Value::Refs(refs) = &field.value {
                refs.iter().for_each(|(target, _)| link(EntityId(at), *target));
            }
        }
    }
    for privilege in &model.privileges {
        for other in [Some(privilege.over), privilege.via, privilege.using].into_iter().flatten() {
            link(privilege.who, other);
        }
        if let Some(via) = privilege.via {
            link(via, privilege.over);
        }
    }
    let none = BTreeSet::new();
    let near = |id: EntityId| links.get(&id).unwrap_or(&none);
    let project = model.library.kind(words::PROJECT);
    let asset = |id: EntityId| {
        let kind = model.entity(id).kind;
        let published = project.is_some_and(|project| model.library.is_a(kind, project));
        model.library.kinds[kind.0].section == Some(Section::Assets) && !published
    };
    let mut pairs = BTreeSet::new();
    for at in (0..model.entities.len()).map(EntityId).filter(|id| sides[id.0] == Side::External) {
        let through = near(at).iter().copied().filter(|id| asset(*id)).flat_map(|id| near(id).iter().copied());
        for other in near(at).iter().copied().chain(through).filter(|id| sides[id.0] == Side::Operated) {
            pairs.insert((model.entity(at).id.clone(), model.entity(other).id.clone()));
        }
    }
    pairs.into_iter().collect()
}

/// Distinct (verb, kind of credential, approvals) of what publishers may do.
fn workflows(model: &Model) -> Vec<String> {
    let publisher = model.library.kind(words::PUBLISHER);
    let mut found = BTreeSet::new();
    for privilege in &model.privileges {
        let kind = model.entity(privilege.who).kind;
        if !publisher.is_some_and(|publisher| model.library.is_a(kind, publisher)) {
            continue;
        }
        let proof =
            (0..model.entities.len()).map(EntityId).find(|id| model.refs(*id, words::PROVES).contains(&privilege.who));
        let credential = privilege
            .using
            .or(proof)
            .map_or("no credential", |id| model.library.kinds[model.entity(id).kind.0].id.as_str());
        let of = privilege.gate.and_then(|gate| model.entity(gate).gate.as_ref()).map_or(0, |rule| rule.of);
        let approvals = match of {
            0 => "no approval".to_owned(),
            1 => "1 approval".to_owned(),
            n => format!("{n} approvals"),
        };
        found.insert(format!("{} with {credential}, {approvals}", privilege.verb));
    }
    found.into_iter().collect()
}

/// What a working design gives its own publishers: as declared, or every goal's verb on one's own thing.
pub fn works(model: &Model) -> Vec<(String, EntityId, Role)> {
    let own = |reference: &CapabilityRef| (reference.verb.clone(), reference.entity, reference.role);
    if !model.works.is_empty() {
        return model.works.iter().map(own).collect();
    }
    let goals = model.threats.iter().map(|threat| &threat.goal).filter(|goal| goal.role == Role::Victim);
    let mine: BTreeSet<_> = goals.map(|goal| (goal.verb.clone(), goal.entity, Role::Attacker)).collect();
    mine.into_iter().collect()
}

/// The name a reference has in capability names.
pub fn reference_name(model: &Model, entity: EntityId, role: Role) -> String {
    let id = &model.entity(entity).id;
    match role {
        Role::Only => id.clone(),
        Role::Attacker => format!("{id}.attacker"),
        Role::Victim => format!("{id}.victim"),
        Role::Mate => format!("{id}.mate"),
        Role::Other => format!("{id}.other"),
        Role::Owner => format!("{id}.owner"),
        Role::Partner => format!("{id}.partner"),
        Role::All => format!("{id}.all"),
    }
}

/// Human approvals on the cheapest way of a newcomer to a first publish: the sum of `of` over admissions and gates.
fn approvals(model: &Model, graph: &CapabilityGraph) -> (Option<u64>, Vec<(String, u64)>) {
    type Price = (u64, BTreeMap<String, u64>);
    let mut prices: Vec<Option<Price>> = vec![None; graph.capabilities.len()];
    let class = |id: EntityId| model.entity(id).id.clone();
    for (id, seat) in newcomers(model, graph) {
        prices[seat.0 as usize] = match &model.entity(id).joins {
            Joins::Approval { by, of, .. } => Some((u64::from(*of), BTreeMap::from([(class(*by), u64::from(*of))]))),
            _ => Some((0, BTreeMap::new())),
        };
    }
    for (at, capability) in graph.capabilities.iter().enumerate() {
        let rule = PASSES
            .iter()
            .find_map(|verb| thing_of(&capability.name, verb))
            .and_then(|gate| model.find(gate))
            .and_then(|id| model.entity(id).gate.as_ref());
        if let Some(rule) = rule {
            let open = model.entity(rule.by).joins == Joins::Open;
            prices[at] = Some(if open {
                (0, BTreeMap::new())
            } else {
                (u64::from(rule.of), BTreeMap::from([(class(rule.by), u64::from(rule.of))]))
            });
        }
    }
    let usable: Vec<_> =
        graph.steps.iter().filter(|step| as_designed(step) && step.quorum.is_none() && exists(graph, step)).collect();
    loop {
        let mut grown = false;
        for step in &usable {
            let needs: Option<Vec<&Price>> = step.needs.iter().map(|need| prices[need.0 as usize].as_ref()).collect();
            let Some(needs) = needs else { continue };
            let price = (needs.iter().map(|price| price.0).sum(), summed(needs.iter().map(|price| &price.1)));
            let old = &mut prices[step.gains.0 as usize];
            if old.as_ref().is_none_or(|old| price < *old) {
                *old = Some(price);
                grown = true;
            }
        }
        if !grown {
            break;
        }
    }
    let goals = works(model);
    let reached =
        goals.iter().filter_map(|(verb, entity, role)| capability(graph, verb, &reference_name(model, *entity, *role)));
    match reached.filter_map(|id| prices[id.0 as usize].clone()).min() {
        Some((n, by)) => (Some(n), by.into_iter().collect()),
        None => (None, Vec::new()),
    }
}

/// Counts by class, added up.
fn summed<'p>(parts: impl Iterator<Item = &'p BTreeMap<String, u64>>) -> BTreeMap<String, u64> {
    let mut all = BTreeMap::new();
    for (class, n) in parts.flatten() {
        *all.entry(class.clone()).or_default() += n;
    }
    all
}

/// Exploits enabled by public capabilities alone, and how many of them gain something over an operated service.
fn attack_surface(model: &Model, graph: &CapabilityGraph, sides: &[Side]) -> (u64, u64) {
    let public: BTreeSet<CapabilityId> =
        graph.threats.iter().flat_map(|threat| threat.public.iter().copied()).collect();
    let start: Vec<CapabilityId> = public.into_iter().collect();
    let had = derive(graph, &start, |step| step.assumptions.is_empty() && exists(graph, step));
    let open = graph
        .steps
        .iter()
        .filter(|step| step.kind == StepKind::Exploit && exists(graph, step) && is_enabled(graph, step, &had));
    // Of many actors each has a step of its own.
    let ids: BTreeMap<&str, EntityId> =
        model.entities.iter().enumerate().map(|(at, entity)| (entity.id.as_str(), EntityId(at))).collect();
    let mut counts = (0, 0);
    for step in open {
        counts.0 += 1;
        let name = &graph.capability(step.gains).name;
        let inside = name.split_once('(').map_or("", |(_, inside)| inside.trim_end_matches(')'));
        let entity = inside.split_once('.').map_or(inside, |(entity, _)| entity);
        counts.1 += u64::from(ids.get(entity).is_some_and(|id| sides[id.0] == Side::Operated));
    }
    counts
}
