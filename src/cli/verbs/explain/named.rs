//! What a name means that stands in one model: an entity, a privilege, a control, a threat.

use std::fmt::Write;

use crate::model::{
    CapabilityRef, ControlEffect, EntityId, Model, Population, ThreatDecl, Tolerance, Value, VictimMode,
};
use crate::source::Span;

/// Explains a name of the model; a role after a dot does not matter.
pub(super) fn explain(model: &Model, name: &str) -> Option<(&'static str, String)> {
    let plain = name.split('.').next().unwrap_or(name);
    if let Some(id) = model.find(plain) {
        return Some(("entity", entity(model, id.0)));
    }
    if let Some(threat) = model.threats.iter().find(|threat| threat.id == name || threat.group == name) {
        return Some(("threat", threat_text(model, threat)));
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

fn threat_text(model: &Model, threat: &ThreatDecl) -> String {
    let written = |capability: &CapabilityRef| capability.span.text().trim_matches(['"', '\'']).to_owned();
    let name = |id: EntityId| model.entity(id).id.clone();
    let start: Vec<String> = threat.start.iter().map(written).collect();
    let attacker = threat.attacker.map_or_else(
        || if start.is_empty() { "an outsider".to_owned() } else { "an outsider, and what stands at start".to_owned() },
        name,
    );
    let victim = threat.victim.map(|(class, mode)| {
        let which = match mode {
            VictimMode::Chosen => "one that is chosen",
            VictimMode::Some => "at least one, whichever",
            VictimMode::Every => "every one",
        };
        format!("{}: {which}", name(class))
    });
    let lines = [
        ("attacker", attacker),
        ("start", start.join(", ")),
        ("victim", victim.unwrap_or_default()),
        ("goal", written(&threat.goal)),
        ("tolerate", tolerance(model, &threat.tolerate)),
        ("not asked, since", threat.not_applicable.clone().unwrap_or_default()),
    ];
    told(&threat.id, "a threat", &threat.title, &lines, &threat.span)
}

/// What a threat tolerates, in words.
fn tolerance(model: &Model, tolerance: &Tolerance) -> String {
    let mut told = Vec::new();
    if tolerance.any {
        told.push("anything: it is asked, and never fails a check".to_owned());
    }
    if tolerance.no_grant {
        told.push("nothing by grant".to_owned());
    }
    if tolerance.unreachable {
        told.push("nothing, whatever fails".to_owned());
    }
    if let Some(n) = tolerance.failures {
        told.push(match n {
            1 => "it must hold while any 1 assumption fails".to_owned(),
            n => format!("it must hold while any {n} assumptions fail"),
        });
    }
    if let Some(p) = tolerance.probability {
        told.push(format!("a probability of at most {p}"));
    }
    if !tolerance.trusting.is_empty() {
        let names: Vec<&str> = tolerance.trusting.iter().map(|id| model.entity(*id).id.as_str()).collect();
        told.push(format!("{} taken as honest", names.join(", ")));
    }
    if told.is_empty() { "not stated: it is asked, and not judged".to_owned() } else { told.join("; ") }
}

/// The names of the model, by section.
pub(super) fn index(model: &Model) -> String {
    let mut out = String::new();
    let mut list = |title: &str, rows: Vec<(&str, String)>| {
        let width = rows.iter().map(|(id, _)| id.len()).max().unwrap_or(0);
        if rows.is_empty() {
            return;
        }
        let _ = writeln!(out, "{title}");
        for (id, says) in rows {
            let _ = writeln!(out, "  {id:width$}  {says}");
        }
        let _ = writeln!(out);
    };
    let entities = model.entities.iter().map(|entity| {
        let kind = &model.library.kinds[entity.kind.0].id;
        (entity.id.as_str(), entity.title.as_ref().map_or_else(|| kind.clone(), |title| format!("{kind}: {title}")))
    });
    list("Actors, services and assets", entities.collect());
    let privileges = model.privileges.iter().filter_map(|privilege| {
        let (who, over) = (&model.entity(privilege.who).id, &model.entity(privilege.over).id);
        Some((privilege.id.as_deref()?, format!("{who} may {} over {over}", privilege.verb)))
    });
    list("Privileges", privileges.collect());
    list("Controls", model.controls.iter().map(|control| (control.id.as_str(), control.title.clone())).collect());
    list("Threats", model.threats.iter().map(|threat| (threat.id.as_str(), threat.title.clone())).collect());
    out.push_str("The names of the library are listed by `cotenant explain` without `--model`.\n");
    out
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
        Population::Single => "one of it".to_owned(),
        Population::Base { count } => format!("{count} members"),
        Population::Each { base } => format!("one for each {}", id(base)),
        Population::Many { base, count, .. } => format!("{count} for each {}", id(base)),
        Population::Group { base, size } => format!("one for {size} of {}", id(base)),
    };
    let mut lines = vec![("is", format!("{}: {}", kind.id, kind.says)), ("how many", there)];
    if let Some((number, _)) = &entity.present {
        lines.push(("left over", super::number_text(*number)));
    }
    lines.extend(graded(model, at).map(|(grade, why)| (grade, why.to_owned())));
    lines.extend(entity.fields.iter().map(|field| (field.name.as_str(), value(model, &field.value))));
    told(&entity.id, "an entity of the model", entity.title.as_deref().unwrap_or_default(), &lines, &entity.span)
}

/// Where the number comes from that an entity states; nothing where it states none. What lines up with others has their count.
fn graded(model: &Model, at: usize) -> Option<(&'static str, &str)> {
    let entity = &model.entities[at];
    let grade = match entity.population {
        Population::Many { axis, .. } if entity.present.is_none() => &model.entity(axis).grade,
        Population::Single | Population::Each { .. } if entity.present.is_none() => return None,
        _ => &entity.grade,
    };
    Some(super::grade_parts(grade))
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
