//! What a model says, as facts over members: relations, privileges, attributes. Every fact keeps its place.

use super::members::{Instance, Members, Slot};
use crate::library::FieldType;
use crate::model::{EntityId, GateRule, Joins, Model, Privilege, Scope, Value};
use crate::source::Span;

/// `subject name object`.
#[derive(Debug, Clone)]
pub struct Relation {
    /// Field name, `admitted-by` or `gated-by`.
    pub name: String,
    /// Subject.
    pub subject: Instance,
    /// Object.
    pub object: Instance,
    /// Where the model says so.
    pub span: Span,
}

/// `who may verb over [using]`.
#[derive(Debug, Clone)]
pub struct May {
    /// Position of the privilege.
    pub privilege: usize,
    /// Holder.
    pub who: Instance,
    /// Thing; the whole family for scope any.
    pub over: Instance,
    /// Credential.
    pub using: Option<Instance>,
}

/// All facts of a model.
#[derive(Debug)]
pub struct Facts {
    /// Relations, in the order of the model.
    pub relations: Vec<Relation>,
    /// Privileges, member by member.
    pub mays: Vec<May>,
}

/// Relation that makes a credential a proof of its holder.
pub const PROVES: &str = "proves";

impl Facts {
    /// Reads the facts off a model.
    pub fn new(model: &Model, members: &Members) -> Facts {
        let mut facts = Facts { relations: Vec::new(), mays: Vec::new() };
        for at in 0..model.entities.len() {
            facts.add_entity(model, members, EntityId(at));
        }
        for (at, privilege) in model.privileges.iter().enumerate() {
            facts.add_privilege(members, at, privilege);
        }
        facts
    }

    fn add_entity(&mut self, model: &Model, members: &Members, id: EntityId) {
        let entity = model.entity(id);
        for field in &entity.fields {
            let Value::Refs(refs) = &field.value else { continue };
            let class = matches!(
                model.library.field(entity.kind, &field.name).map(|field| &field.ty),
                Some(FieldType::Ref { class: true, .. })
            );
            for (target, span) in refs {
                for subject in members.of(id) {
                    let objects = if class { vec![members.whole(*target)] } else { members.lined_up(subject, *target) };
                    for object in objects {
                        self.relations.push(Relation { name: field.name.clone(), subject, object, span: span.clone() });
                    }
                }
            }
        }
        if let Joins::Approval { by, span, .. } = &entity.joins {
            let seat = members.of(id).into_iter().find(|member| member.slot == Slot::Attacker);
            if let Some(subject) = seat {
                let object = members.whole(*by);
                self.relations.push(Relation { name: "admitted-by".into(), subject, object, span: span.clone() });
            }
        }
        if let Some(GateRule { by, span, .. }) = &entity.gate {
            let object = members.whole(*by);
            for subject in members.of(id) {
                self.relations.push(Relation { name: "gated-by".into(), subject, object, span: span.clone() });
            }
        }
    }

    fn add_privilege(&mut self, members: &Members, at: usize, privilege: &Privilege) {
        for who in members.of(privilege.who) {
            let overs = match privilege.scope {
                Scope::Any => vec![members.whole(privilege.over)],
                Scope::Own => members.lined_up(who, privilege.over),
            };
            for over in overs {
                let usings = match privilege.using {
                    None => vec![None],
                    Some(key) => members.lined_up(who, key).into_iter().map(Some).collect(),
                };
                for using in usings {
                    self.mays.push(May { privilege: at, who, over, using });
                }
            }
        }
    }

    /// Does this credential prove this holder?
    pub fn proves(&self, key: Instance, holder: Instance) -> bool {
        self.relations.iter().any(|r| r.name == PROVES && r.subject == key && r.object == holder)
    }
}

/// The value of an attribute as text, with its place; flags are `true` and `false`.
pub fn attribute(model: &Model, entity: EntityId, field: &str) -> Option<(Vec<String>, Span)> {
    let it = model.entity(entity);
    if field == "present" {
        return Some((vec![it.present.is_some().to_string()], it.span.clone()));
    }
    let found = it.fields.iter().find(|value| value.name == field)?;
    let values = match &found.value {
        Value::Flag(flag) => vec![flag.to_string()],
        Value::One(value) | Value::Text(value) => vec![value.clone()],
        Value::Set(values) => values.clone(),
        Value::Number(number) => vec![number.to_string()],
        Value::Hours(hours) => vec![hours.to_string()],
        Value::Refs(_) => return None,
    };
    Some((values, found.span.clone()))
}
