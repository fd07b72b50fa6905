//! Relations that lead back to where they began, where that makes no sense: a service that runs on itself.

use std::collections::BTreeSet;

use super::About;
use crate::diagnostic::{Code, Diagnostic, quote};
use crate::model::{EntityId, Model};
use crate::source::Span;

/// One lint for each entry that closes a circle.
pub fn circles(model: &Model, found: &mut Vec<About>) {
    let fields = model.library.kinds.iter().flat_map(|kind| &kind.fields);
    let relations: BTreeSet<&str> = fields.filter(|field| field.acyclic).map(|field| field.name.as_str()).collect();
    for relation in relations {
        let mut seen = vec![false; model.entities.len()];
        for start in (0..model.entities.len()).map(EntityId) {
            walk(model, relation, start, &mut seen, found);
        }
    }
}

/// Walks along a relation in depth, looking at each entry once. Models may be deep: the way lies on the heap.
fn walk(model: &Model, relation: &str, start: EntityId, seen: &mut [bool], found: &mut Vec<About>) {
    let enter = |at: EntityId| (at, model.placed_refs(at, relation).iter());
    if std::mem::replace(&mut seen[start.0], true) {
        return;
    }
    let mut way = vec![enter(start)];
    while let Some((_, rest)) = way.last_mut() {
        let Some((target, span)) = rest.next() else {
            way.pop();
            continue;
        };
        if !std::mem::replace(&mut seen[target.0], true) {
            way.push(enter(*target));
        } else if let Some(first) = way.iter().position(|(at, _)| at == target) {
            let circle: Vec<EntityId> = way[first..].iter().map(|(at, _)| *at).collect();
            found.push(told(model, relation, &circle, span));
        }
    }
}

fn told(model: &Model, relation: &str, circle: &[EntityId], span: &Span) -> About {
    let id = |at: &EntityId| &model.entity(*at).id;
    let message = match circle {
        [one] => format!("{} of {} is {} itself", quote(relation), quote(id(one)), quote(id(one))),
        _ => {
            let names: Vec<String> = circle.iter().chain(&circle[..1]).map(|at| quote(id(at))).collect();
            format!("{} leads in a circle: {}", quote(relation), names.join(", "))
        }
    };
    (id(&circle[0]).clone(), Diagnostic::new(Code::Circular, span, message))
}
