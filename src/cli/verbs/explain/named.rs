//! What a name means that stands in one model: an entity, a privilege, a control, a threat.

use std::fmt::Write;

use crate::model::{ControlEffect, Model, Population, Value};
use crate::source::Span;

/// Explains a name of the model; a role after a dot does not matter.
pub(super) fn explain(model: &Model, name: &str) -> Option<(&'static str, String)> {
    let plain = name.split('.').next().unwrap_or(name);
    if let Some(id) = model.find(plain) {
        return Some(("entity", entity(model, id.0)));
    }
    if let Some(threat) = model.threats.iter().find(|threat| threat.id == name || threat.group == name) {
        let goal = &threat.goal;
        let goal = format!("{}({})", goal.verb, model.entity(goal.entity).id);
        return Some(("threat", told(&threat.id, "a threat", &threat.title, &[("goal", goal)], &threat.span)));
    }
    if let Some(control) = model.controls.iter().find(|control| control.id == name) {
        let does = match &control.effect {
            ControlEffect::Blocks(steps) => {
                format!("blocks {}", steps.iter().map(|(step, _)| step.as_str()).collect::<Vec<_>>().join(", "))
            }
            ControlEffect::Lowers(numbers) => {
                format!("lowers {}", numbers.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>().join(", "))
            }
            ControlEffect::Patch => "changes the model".to_owned(),
        };
        let cost = control
            .cost
            .map_or("not stated".to_owned(), |(build, upkeep)| format!("{build} days to build, {upkeep} days a month"));
        let lines = [("does", does), ("costs", cost), ("try", format!("--with {}", control.id))];
        return Some(("control", told(&control.id, "a control", &control.title, &lines, &control.span)));
    }
    let privilege = model.privileges.iter().find(|privilege| privilege.id.as_deref() == Some(name))?;
    let (who, over) = (&model.entity(privilege.who).id, &model.entity(privilege.over).id);
    let says = format!("{who} may {} over {over}", privilege.verb);
    Some(("privilege", told(name, "a privilege", &says, &[], &privilege.span)))
}

/// Every name that is explained.
pub(super) fn names(model: &Model) -> Vec<String> {
    let mut all: Vec<String> = model.entities.iter().map(|entity| entity.id.clone()).collect();
    all.extend(model.threats.iter().flat_map(|threat| [threat.id.clone(), threat.group.clone()]));
    all.extend(model.controls.iter().map(|control| control.id.clone()));
    all.extend(model.privileges.iter().filter_map(|privilege| privilege.id.clone()));
    all
}

fn entity(model: &Model, at: usize) -> String {
    let entity = &model.entities[at];
    let kind = &model.library.kinds[entity.kind.0];
    let id = |id: crate::model::EntityId| model.entity(id).id.clone();
    let there = match entity.population {
        Population::Single => "one".to_owned(),
        Population::Base { count } => format!("{count} members"),
        Population::Each { base } => format!("one for each {}", id(base)),
        Population::Many { base, count, .. } => format!("{count} for each {}", id(base)),
        Population::Group { base, size } => format!("one for {size} of {}", id(base)),
    };
    let mut lines = vec![("is", format!("{}: {}", kind.id, kind.says)), ("there is", there)];
    lines.extend(entity.fields.iter().map(|field| (field.name.as_str(), value(model, &field.value))));
    told(&entity.id, "an entity of the model", entity.title.as_deref().unwrap_or_default(), &lines, &entity.span)
}

fn value(model: &Model, value: &Value) -> String {
    match value {
        Value::Flag(flag) => flag.to_string(),
        Value::One(text) | Value::Text(text) => text.clone(),
        Value::Set(values) => values.join(", "),
        Value::Number(number) => number.to_string(),
        Value::Hours(hours) => format!("{hours} h"),
        Value::Refs(refs) => refs.iter().map(|(id, _)| model.entity(*id).id.as_str()).collect::<Vec<_>>().join(", "),
    }
}

fn told(name: &str, what: &str, says: &str, lines: &[(&str, String)], span: &Span) -> String {
    let mut out = format!("{name} ({what})\n");
    if !says.is_empty() {
        let _ = writeln!(out, "{says}");
    }
    let _ = writeln!(out);
    for (key, text) in lines.iter().filter(|(_, text)| !text.is_empty()) {
        let _ = writeln!(out, "{key:<22}{text}");
    }
    let _ = writeln!(out, "{:<22}{}:{}", "written in", span.source.name, span.line());
    out
}
