//! Warnings about models that are valid and probably not what was meant.

mod circles;
mod issuers;

use std::collections::BTreeSet;

use super::{EntityId, Joins, Model, Population, Value};
use crate::diagnostic::{Code, Diagnostic, Severity, quote};
use crate::library::numbers::missing_grade;
use crate::library::{KindId, Parameter};
use crate::source::Span;
use crate::units::{Grade, Number};
use crate::yaml::{self, Node};

/// A lint and the id it is about, which `accept` may name.
type About = (String, Diagnostic);

/// The lints of a model that it does not accept.
pub fn lints(model: &Model, document: &Node) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    ambiguous_scalars(document, &mut found);
    missing_sources(model, &mut found);
    unused_principals(model, document, &mut found);
    unusable_privileges(model, &mut found);
    missing_rights(model, &mut found);
    circles::circles(model, &mut found);
    issuers::unaccepted_issuers(model, &mut found);
    found.retain(|(about, diagnostic)| !model.accepts(diagnostic.code, about));
    found.into_iter().map(|(_, diagnostic)| diagnostic).collect()
}

impl Model {
    /// Does the model accept this lint about this id? An `each` threat may be accepted by the id it was written under.
    pub fn accepts(&self, code: Code, about: &str) -> bool {
        let group = about.split_once('.').map(|(group, _)| group);
        self.accepted.iter().any(|(lint, id)| lint == code.id() && (id == about || Some(id.as_str()) == group))
    }
}

fn missing_sources(model: &Model, found: &mut Vec<About>) {
    let parameters: Vec<&Parameter> = model.library.parameters().collect();
    for parameter in parameters {
        if let Some(diagnostic) = missing_grade(parameter, Severity::Warning) {
            found.push((parameter.id.clone(), diagnostic));
        }
    }
    let entities = model.entities.iter().map(|entity| (entity.id.clone(), &entity.present, &entity.span));
    let privileges = model
        .privileges
        .iter()
        .map(|privilege| (privilege.id.clone().unwrap_or_default(), &privilege.present, &privilege.span));
    for (id, present, span) in entities.chain(privileges) {
        if matches!(present, Some((_, Grade::Missing))) {
            let message = "`present` does not say where its number comes from";
            let help = "add `source`, `derived` or `guess` beside it";
            found.push((id, Diagnostic::new(Code::MissingSource, span, message).help(help)));
        }
    }
}

fn unused_principals(model: &Model, document: &Node, found: &mut Vec<About>) {
    let mut named = named(model);
    let controls = document.get("controls").map(Node::items).unwrap_or_default();
    controls.iter().for_each(|control| words(control, &mut |word| named.extend(model.find(word))));
    let principal = model.library.kind("principal").unwrap_or(KindId(0));
    for (at, entity) in model.entities.iter().enumerate() {
        if !model.library.is_a(entity.kind, principal) || named.contains(&EntityId(at)) {
            continue;
        }
        let message = format!("{} does nothing and nothing names it", quote(&entity.id));
        found.push((entity.id.clone(), Diagnostic::new(Code::UnusedPrincipal, &entity.span, message)));
    }
}

/// What is written for people: it names nobody.
const PROSE: [&str; 6] = ["title", "note", "source", "derived", "guess", "reason"];

/// Every id that something may name: the words of all keys and values. What only a control names is used as soon as it is on.
fn words(node: &Node, each: &mut dyn FnMut(&str)) {
    let split = |text: &str, each: &mut dyn FnMut(&str)| {
        text.split(|c: char| !c.is_alphanumeric() && c != '-').for_each(each);
    };
    match &node.value {
        yaml::Value::Scalar(scalar) => split(&scalar.text, each),
        yaml::Value::List(items) => items.iter().for_each(|item| words(item, each)),
        yaml::Value::Map(entries) => {
            for (key, value) in entries.iter().filter(|(key, _)| !PROSE.contains(&key.text.as_str())) {
                split(&key.text, each);
                words(value, each);
            }
        }
        yaml::Value::Null => {}
    }
}

/// Everything that a privilege, relation, gate or threat names, and principals that relate to something themselves.
fn named(model: &Model) -> BTreeSet<EntityId> {
    let mut named = BTreeSet::new();
    for (at, entity) in model.entities.iter().enumerate() {
        for field in &entity.fields {
            if let Value::Refs(targets) = &field.value {
                named.extend(targets.iter().map(|(target, _)| *target));
                if !targets.is_empty() {
                    named.insert(EntityId(at));
                }
            }
        }
        named.extend(entity.gate.iter().map(|gate| gate.by));
        if let Joins::Approval { by, .. } = entity.joins {
            named.insert(by);
        }
    }
    for privilege in &model.privileges {
        named.extend([privilege.who, privilege.over]);
        named.extend(privilege.using.iter().chain(&privilege.via).copied());
    }
    for threat in &model.threats {
        named.extend(threat.attacker);
        named.extend(threat.victim.map(|(victim, _)| victim));
        named.insert(threat.goal.entity);
        named.extend(threat.start.iter().map(|capability| capability.entity));
    }
    named.extend(model.works.iter().map(|capability| capability.entity));
    named
}

fn unusable_privileges(model: &Model, found: &mut Vec<About>) {
    for privilege in &model.privileges {
        let about = privilege.id.clone().unwrap_or_else(|| model.entity(privilege.who).id.clone());
        if matches!(privilege.present, Some((Number::Point(0.0), _))) {
            let message = "the privilege is never there: `present: 0`";
            found.push((about.clone(), Diagnostic::new(Code::UnusablePrivilege, &privilege.span, message)));
        }
        let Some(gate) = privilege.gate.and_then(|gate| model.entity(gate).gate.as_ref()) else { continue };
        let there = approvers(model, gate.by);
        let left = if gate.by == privilege.who && !gate.own { there.saturating_sub(1) } else { there };
        if u64::from(gate.of) > left {
            let message = format!(
                "{} approvals of {} are needed, and {left} can be had beside the holder's own",
                gate.of,
                quote(&model.entity(gate.by).id)
            );
            found.push((about, Diagnostic::new(Code::UnusablePrivilege, &privilege.span, message)));
        }
    }
}

/// Relations that go with a right which no privilege gives, such as an index that may not publish what is listed on it.
fn missing_rights(model: &Model, found: &mut Vec<About>) {
    if model.incident.is_some() {
        return;
    }
    let holds = |who: EntityId, verb: &str, over: EntityId| {
        model.privileges.iter().any(|held| held.who == who && held.verb == verb && held.over == over)
    };
    for (at, entity) in model.entities.iter().enumerate() {
        for field in &entity.fields {
            let declared = model.library.field(entity.kind, &field.name);
            let (Some((verb, _)), Value::Refs(named)) =
                (declared.and_then(|field| field.expects.as_ref()), &field.value)
            else {
                continue;
            };
            for (who, span) in named.iter().filter(|(who, _)| !holds(*who, verb, EntityId(at))) {
                let (service, thing) = (&model.entity(*who).id, &entity.id);
                let message =
                    format!("{} names {}, which may not {verb} {}", quote(&field.name), quote(service), quote(thing));
                let help = format!("give it the right: `- {{who: {service}, may: {verb}, over: {thing}, scope: any}}`");
                found.push((thing.clone(), Diagnostic::new(Code::MissingRight, span, message).help(help)));
            }
        }
    }
}

fn approvers(model: &Model, by: EntityId) -> u64 {
    match model.entity(by).population {
        Population::Single => 1,
        Population::Base { count } | Population::Many { count, .. } => count,
        Population::Each { base } => approvers(model, base),
        Population::Group { base, size } => approvers(model, base) / size.max(1),
    }
}

/// Numbers that YAML 1.1 and 1.2 readers take for different things.
fn ambiguous_scalars(node: &Node, found: &mut Vec<About>) {
    match &node.value {
        yaml::Value::Scalar(scalar) if !scalar.quoted => {
            if let Some(ambiguity) = yaml::ambiguity(&scalar.text) {
                let version = match ambiguity {
                    yaml::Ambiguity::TextIn11 => "1.1",
                    yaml::Ambiguity::TextIn12 => "1.2",
                };
                let message = format!("{} is text to a YAML {version} reader", quote(&scalar.text));
                let plain = yaml::decimal(&scalar.text).map(|value| format!("{value}")).unwrap_or_default();
                let span: &Span = &node.span;
                let diagnostic = Diagnostic::new(Code::AmbiguousScalar, span, message)
                    .help(format!("write `{plain}`"))
                    .replace(plain);
                found.push((scalar.text.clone(), diagnostic));
            }
        }
        yaml::Value::List(items) => items.iter().for_each(|item| ambiguous_scalars(item, found)),
        yaml::Value::Map(entries) => entries.iter().for_each(|(_, value)| ambiguous_scalars(value, found)),
        _ => {}
    }
}
