//! A JSON Schema (draft 2020-12) of model files, from the same kind table that the loader checks against.
//!
//! It serves editors: completion, and mistakes shown while typing. It sees less than the loader: no references, no
//! populations. In a file that extends another, entries are pieces, so nothing in them is required but the id.

mod incident;

use serde_json::{Map, Value, json};

use super::answers::Decision;
use super::incident::Vocabulary;
use super::load::MAX_YEARS;
use crate::library::names::{MODEL_KEYS, ROLES};
use crate::library::numbers::FAILURE_KEYS;
use crate::library::{Field, FieldType, Kind, KindId, Library, REF_SCHEMES, Section};

/// The lists of entities.
const SECTIONS: [(&str, Section); 3] =
    [("actors", Section::Actors), ("services", Section::Services), ("assets", Section::Assets)];

const ID: &str = "[a-z][a-z0-9]*(-[a-z0-9]+)*";
const DURATION: &str = "^(0|[1-9][0-9_]*)([.][0-9]+)?([eE][+-]?[0-9]+)?(min|h|d|w|mo|y)$";

/// The schema of model files written against a library.
pub fn schema(library: &Library) -> Value {
    let kinds_added = json!({"required": ["library"], "properties": {"library": {"required": ["kinds"]}}});
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A cotenant model",
        "description": "Actors, services, assets and privileges of a package index, and the threats asked of it.",
        "type": "object",
        "properties": properties(library),
        "additionalProperties": false,
        "required": ["cotenant"],
        "anyOf": [{"required": ["design"]}, {"required": ["extend"]}],
        "allOf": [
            {"if": kinds_added, "else": {"properties": by_section(|section| kinds_of(library, section))}},
            {"if": {"required": ["extend"]}, "else": {"properties": by_section(|section| complete(library, section))}},
            {"if": {"required": ["extend"]}, "else": {"properties": complete_lists()}},
        ],
        "$defs": definitions(library),
    })
}

/// A property per list of entities.
fn by_section(items: impl Fn(Section) -> Value) -> Value {
    Value::Object(
        SECTIONS.iter().map(|(list, section)| ((*list).to_owned(), json!({"items": items(*section)}))).collect(),
    )
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/$defs/{name}")})
}

fn list_of(name: &str) -> Value {
    json!({"type": "array", "items": reference(name)})
}

fn one_or_more(item: &Value) -> Value {
    json!({"anyOf": [item, {"type": "array", "items": item}]})
}

fn properties(library: &Library) -> Value {
    let mut all = Map::new();
    for key in MODEL_KEYS {
        let value = match key {
            "cotenant" => json!({"const": 1, "description": "format version"}),
            "extend" => one_or_more(&json!({"type": "string"})),
            "design" => reference("id"),
            "title" => json!({"type": "string"}),
            "horizon" => {
                json!({"$ref": "#/$defs/duration", "description": format!("default 1y, at most {MAX_YEARS} years")})
            }
            "actors" | "services" | "assets" => {
                json!({"type": "array", "items": {"type": "object", "required": ["id"]}})
            }
            "privileges" => list_of("privilege"),
            "controls" => list_of("control"),
            "threats" => list_of("threat"),
            "works" => json!({"type": "array", "items": capability(library, &["attacker"])}),
            "parameters" => list_of("parameter"),
            "incident" => reference("incident"),
            "accept" => list_of("accept"),
            "accepted-risks" => list_of("accepted-risk"),
            "answers" => list_of("answer"),
            "library" => reference("library"),
            _ => one_or_more(&json!({"type": "string"})),
        };
        all.insert(key.to_owned(), value);
    }
    Value::Object(all)
}

/// What entries need where the file stands alone.
fn complete_lists() -> Value {
    let need = |keys: &[&str]| json!({"items": {"required": keys}});
    json!({
        "privileges": need(&["who", "may", "over"]),
        "threats": {"items": {"required": ["id", "goal"], "properties": {"tolerate": complete_tolerance()}}},
        "parameters": need(&["id", "fails"]),
        "accepted-risks": need(&["threat", "until", "owner", "reason"]),
        "answers": need(&["question", "decision", "owner", "date"]),
        "controls": {"items": {"required": ["id"], "anyOf": [
            {"required": ["blocks"]}, {"required": ["lowers"]}, {"required": ["patch"]}, {"required": ["remove"]},
            {"required": ["overlay"]},
        ]}},
    })
}

/// A tolerance that is not laid over another says what is tolerated.
fn complete_tolerance() -> Value {
    let flag = |key: &str| json!({"required": [key], "properties": {key: {"const": true}}});
    json!({"anyOf": [
        {"required": ["failures"]}, {"required": ["probability"]}, flag("any"), flag("no-grant"), flag("unreachable"),
    ]})
}

fn of_section(library: &Library, section: Section) -> impl Iterator<Item = (KindId, &Kind)> {
    let kinds = library.kinds.iter().enumerate();
    kinds.filter(move |(_, kind)| kind.section == Some(section)).map(|(at, kind)| (KindId(at), kind))
}

/// Entities of a section: a known kind, and the keys of that kind.
fn kinds_of(library: &Library, section: Section) -> Value {
    let ids: Vec<&str> = of_section(library, section).map(|(_, kind)| kind.id.as_str()).collect();
    let by_kind: Vec<Value> = of_section(library, section)
        .map(|(_, kind)| {
            let is = json!({"required": ["is"], "properties": {"is": {"const": kind.id}}});
            json!({"if": is, "then": reference(&format!("kind-{}", kind.id))})
        })
        .collect();
    json!({"properties": {"id": reference("id"), "is": {"enum": ids}}, "allOf": by_kind})
}

/// What entities of a section need where the file stands alone.
fn complete(library: &Library, section: Section) -> Value {
    let needs: Vec<Value> = of_section(library, section)
        .filter_map(|(id, kind)| {
            let fields = library.fields(id).into_iter().filter(|field| field.required);
            let required: Vec<&str> = fields.map(|field| field.name.as_str()).collect();
            let is = json!({"required": ["is"], "properties": {"is": {"const": kind.id}}});
            (!required.is_empty()).then(|| json!({"if": is, "then": {"required": required}}))
        })
        .collect();
    let mut item = json!({"required": ["id", "is"]});
    if let (false, Some(item)) = (needs.is_empty(), item.as_object_mut()) {
        item.insert("allOf".to_owned(), json!(needs));
    }
    item
}

fn definitions(library: &Library) -> Value {
    let mut all = Map::new();
    let mut add = |name: &str, value: Value| all.insert(name.to_owned(), value);
    let reserved: Vec<&str> = ROLES.iter().chain(&MODEL_KEYS).chain(&["external", "each"]).copied().collect();
    add("id", json!({"type": "string", "pattern": format!("^{ID}$"), "not": {"enum": reserved}}));
    add("name", json!({"type": "string", "pattern": format!("^{ID}$")}));
    add("duration", json!({"type": "string", "pattern": DURATION, "description": "30min, 40h, 5d, 2w, 3mo, 1y"}));
    add("count", whole(1, super::MAX_COUNT));
    add("probability", quantity(Some(1.0)));
    add("rate", quantity(None));
    add("failure", failure());
    add("one-grade", one_grade());
    add("approval", approval());
    add(
        "joins",
        json!({"anyOf": [
            {"enum": ["open", "closed"]},
            {"type": "object", "required": ["approval"], "additionalProperties": false,
             "properties": {"approval": reference("approval")}},
        ]}),
    );
    add(
        "per",
        json!({"anyOf": [
            reference("name"),
            {"type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": reference("count")},
        ]}),
    );
    add("privilege", privilege(library));
    add("control", control(library));
    add("threat", threat(library));
    add("parameter", parameter(library));
    add("incident", incident::incident(member_capability(library)));
    add("accept", accept());
    add("accepted-risk", accepted_risk());
    add("answer", answer());
    add("library", library_section());
    for (at, kind) in library.kinds.iter().enumerate().filter(|(_, kind)| kind.section.is_some()) {
        add(&format!("kind-{}", kind.id), kind_schema(library, KindId(at), kind));
    }
    Value::Object(all)
}

/// A whole number, or one with `_` in it, which YAML 1.2 readers take for text.
fn whole(min: u64, max: u64) -> Value {
    json!({"anyOf": [
        {"type": "integer", "minimum": min, "maximum": max},
        {"type": "string", "pattern": "^[1-9][0-9]*(_[0-9]+)+$"},
    ]})
}

/// A number or a range of it.
fn quantity(max: Option<f64>) -> Value {
    let number = match max {
        Some(max) => json!({"type": "number", "minimum": 0, "maximum": max}),
        None => json!({"type": "number", "minimum": 0}),
    };
    json!({"anyOf": [
        number,
        {"type": "object", "required": ["low", "mode", "high"], "additionalProperties": false,
         "properties": {"low": number, "mode": number, "high": number}},
    ]})
}

fn failure() -> Value {
    let mut properties = Map::new();
    for (key, kind) in FAILURE_KEYS {
        let events = kind == crate::units::FailureKind::Events;
        properties.insert(key.to_owned(), reference(if events { "rate" } else { "probability" }));
    }
    properties.extend(grade_properties());
    let one: Vec<Value> = FAILURE_KEYS.iter().map(|(key, _)| json!({"required": [key]})).collect();
    json!({"anyOf": [
        {"enum": [0, 1]},
        {"type": "object", "additionalProperties": false, "properties": properties, "oneOf": one,
         "allOf": [reference("one-grade")]},
    ]})
}

fn grade_properties() -> Map<String, Value> {
    let says =
        [("source", "read in a source"), ("derived", "worked out from sources"), ("guess", "a guess, with its reason")];
    says.into_iter().map(|(key, says)| (key.to_owned(), json!({"type": "string", "description": says}))).collect()
}

/// At most one of the keys that say where a number comes from.
fn one_grade() -> Value {
    json!({"not": {"anyOf": [
        {"required": ["source", "derived"]}, {"required": ["source", "guess"]}, {"required": ["derived", "guess"]},
    ]}})
}

fn approval() -> Value {
    json!({"type": "object", "required": ["by"], "additionalProperties": false,
        "properties": {"by": reference("name"), "of": whole(1, 1000), "self": {"type": "boolean"}}})
}

/// `verb(thing)` or `verb(thing.role)`.
fn capability(library: &Library, roles: &[&str]) -> Value {
    let verbs: Vec<&str> = library.verbs.iter().map(|verb| verb.id.as_str()).collect();
    let pattern = format!("^ *({}) *[(] *{ID} *([.] *({}) *)?[)] *$", verbs.join("|"), roles.join("|"));
    json!({"type": "string", "pattern": pattern})
}

fn member_capability(library: &Library) -> Value {
    let roles: Vec<&str> = ROLES.iter().copied().filter(|role| *role != "class").collect();
    capability(library, &roles)
}

/// The keys of one kind, its own and the inherited ones.
fn kind_schema(library: &Library, id: KindId, kind: &Kind) -> Value {
    let mut properties = Map::new();
    let mut add = |key: &str, value: Value| properties.insert(key.to_owned(), value);
    add("id", reference("id"));
    add("is", json!({"const": kind.id}));
    for key in ["title", "note"] {
        add(key, json!({"type": "string"}));
    }
    add("count", reference("count"));
    add("per", reference("per"));
    if kind.section == Some(Section::Actors) {
        add("joins", reference("joins"));
    }
    if kind.section == Some(Section::Assets) {
        add("present", reference("probability"));
    }
    if kind.gate {
        add("by", reference("name"));
        add("of", whole(1, 1000));
        add("self", json!({"type": "boolean"}));
    }
    for field in library.fields(id) {
        add(&field.name, field_schema(field));
    }
    properties.extend(grade_properties());
    json!({"description": kind.says, "properties": properties, "additionalProperties": false,
        "allOf": [reference("one-grade")]})
}

fn field_schema(field: &Field) -> Value {
    let mut value = match &field.ty {
        FieldType::Flag(default) => json!({"type": "boolean", "default": default}),
        FieldType::Value(values, Some(default)) => json!({"enum": values, "default": default}),
        FieldType::Value(values, None) => json!({"enum": values}),
        FieldType::Values(values) => json!({"type": "array", "items": {"enum": values}, "uniqueItems": true}),
        FieldType::Number { min, max, integer } => number_schema(*min, *max, *integer),
        FieldType::Ref { many: true, .. } => one_or_more(&reference("name")),
        FieldType::Ref { many: false, .. } => reference("name"),
        FieldType::Text => json!({"type": "string"}),
        FieldType::Duration => reference("duration"),
    };
    if let (false, Some(object)) = (field.says.is_empty(), value.as_object_mut()) {
        object.insert("description".to_owned(), json!(field.says));
    }
    value
}

fn number_schema(min: f64, max: f64, integer: bool) -> Value {
    let mut value = json!({"type": if integer { "integer" } else { "number" }});
    if let Some(object) = value.as_object_mut() {
        for (key, bound) in [("minimum", min), ("maximum", max)] {
            if bound.is_finite() {
                object.insert(key.to_owned(), json!(bound));
            }
        }
    }
    value
}

fn privilege(library: &Library) -> Value {
    let verbs: Vec<&str> = library.verbs.iter().map(|verb| verb.id.as_str()).collect();
    let mut properties = json!({
        "id": reference("id"),
        "title": {"type": "string"},
        "who": reference("name"),
        "may": {"enum": verbs},
        "over": reference("name"),
        "scope": {"enum": ["own", "any"], "default": "own"},
        "using": reference("name"),
        "via": reference("name"),
        "approval": {"anyOf": [reference("name"), reference("approval")]},
        "delay": reference("duration"),
        "present": reference("probability"),
        "note": {"type": "string"},
    });
    if let Some(properties) = properties.as_object_mut() {
        properties.extend(grade_properties());
    }
    json!({"type": "object", "properties": properties, "additionalProperties": false, "allOf": [reference("one-grade")]})
}

fn control(library: &Library) -> Value {
    let steps: Vec<&str> = library.steps.iter().map(|step| step.id.as_str()).collect();
    // A step may be the model's own, so its id is only suggested.
    let step = json!({"anyOf": [{"enum": steps}, reference("name")]});
    let lowered = json!({"anyOf": [reference("rate"), reference("failure")]});
    json!({"type": "object", "required": ["id"], "additionalProperties": false, "properties": {
        "id": reference("id"),
        "title": {"type": "string"},
        "note": {"type": "string"},
        "cost": {"type": "object", "minProperties": 1, "additionalProperties": false, "properties": {
            "build": reference("duration"),
            "upkeep": {"type": "string", "pattern": "^[0-9].*(min|h|d|w|mo|y)/(week|month|year)$"},
        }},
        "blocks": {"type": "array", "items": {"anyOf": [step, {
            "type": "object", "required": ["step"], "additionalProperties": false,
            "properties": {"step": step, "of": reference("name")},
        }]}},
        "lowers": {"type": "object", "additionalProperties": lowered},
        "patch": {"type": "object"},
        "remove": one_or_more(&json!({"type": "string"})),
        "overlay": {"type": "object"},
    }})
}

fn threat(library: &Library) -> Value {
    let capability = member_capability(library);
    json!({"type": "object", "required": ["id"], "additionalProperties": false, "properties": {
        "id": reference("id"),
        "title": {"type": "string"},
        "note": {"type": "string"},
        "attacker": {"anyOf": [reference("name"), {
            "type": "object", "required": ["each"], "additionalProperties": false,
            "properties": {"each": reference("name")},
        }]},
        "start": one_or_more(&capability),
        "victim": {"type": "object", "minProperties": 1, "maxProperties": 1,
            "additionalProperties": {"enum": ["chosen", "some", "every"]}},
        "placed": {"enum": ["shared", "random"], "default": "shared"},
        "goal": capability,
        "tolerate": {"anyOf": [{"enum": ["any", "no-grant", "unreachable"]}, {
            "type": "object", "additionalProperties": false, "properties": {
                "any": {"type": "boolean"},
                "no-grant": {"type": "boolean"},
                "unreachable": {"type": "boolean"},
                "failures": {"type": "integer", "minimum": 0, "maximum": 1000},
                "probability": {"type": "number", "minimum": 0, "maximum": 1},
                "trusting": one_or_more(&reference("name")),
            },
        }]},
    }})
}

fn parameter(library: &Library) -> Value {
    let ids: Vec<&str> = library.parameters().map(|parameter| parameter.id.as_str()).collect();
    let mut properties = json!({
        "id": {"type": "string", "examples": ids},
        "fails": reference("failure"),
        "note": {"type": "string"},
    });
    if let Some(properties) = properties.as_object_mut() {
        properties.extend(grade_properties());
    }
    json!({"type": "object", "required": ["id"], "additionalProperties": false, "properties": properties,
        "allOf": [reference("one-grade")]})
}

fn accept() -> Value {
    let lints: Vec<&str> =
        crate::diagnostic::Code::ALL.iter().filter(|code| code.is_lint()).map(|code| code.id()).collect();
    json!({"type": "object", "required": ["lint", "about", "reason"], "additionalProperties": false, "properties": {
        "lint": {"enum": lints},
        "about": {"type": "string"},
        "reason": {"type": "string"},
    }})
}

fn accepted_risk() -> Value {
    json!({"type": "object", "required": ["threat"], "additionalProperties": false, "properties": {
        "threat": {"type": "string"},
        "k": {"type": "integer", "minimum": 0, "maximum": crate::model::MAX_ACCEPTED_K},
        "until": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "description": "last day it holds"},
        "owner": {"type": "string", "minLength": 1},
        "reason": {"type": "string", "minLength": 1},
    }})
}

fn answer() -> Value {
    let decisions: Vec<&str> = Decision::ALL.iter().map(|decision| decision.word()).collect();
    json!({"type": "object", "required": ["question"], "additionalProperties": false, "properties": {
        "question": {"type": "string", "minLength": 1, "description": "an assumption, with or without its values, or a step"},
        "decision": {"enum": decisions},
        "owner": {"type": "string", "minLength": 1},
        "date": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "description": "the day of the decision; of an open question, the day by which it is to be answered"},
        "note": {"type": "string"},
    }})
}

/// Additions to the library and overrides by id: the keys of their entries.
fn library_section() -> Value {
    let entries = |id: &str, more: &[(&str, Value)]| {
        let mut properties = Map::new();
        properties.insert(id.to_owned(), reference("name"));
        properties.insert("note".to_owned(), json!({"type": "string"}));
        properties.extend(more.iter().map(|(key, value)| ((*key).to_owned(), value.clone())));
        json!({"type": "array", "items": {
            "type": "object", "required": [id], "additionalProperties": false, "properties": properties,
        }})
    };
    let (text, flag, object) = (json!({"type": "string"}), json!({"type": "boolean"}), json!({"type": "object"}));
    let texts = json!({"type": "array", "items": text});
    let names = one_or_more(&reference("name"));
    let schemes: Map<String, Value> = REF_SCHEMES.iter().map(|scheme| ((*scheme).to_owned(), texts.clone())).collect();
    let refs = json!({"type": "object", "additionalProperties": false, "properties": schemes});
    let mut fails: Vec<(&str, Value)> =
        vec![("about", texts.clone()), ("text", text.clone()), ("question", text.clone()), ("honesty", flag.clone())];
    fails.push(("fails", json!({"anyOf": [reference("failure"), {"type": "object", "required": ["by"]}]})));
    fails.extend(["source", "derived", "guess"].map(|key| (key, text.clone())));
    let mut rates = vec![("text", text.clone()), ("unit", text.clone()), ("value", reference("rate"))];
    rates.extend(["source", "derived", "guess"].map(|key| (key, text.clone())));
    let steps = [
        ("title", text.clone()),
        ("for", json!({"type": "object", "additionalProperties": reference("name")})),
        ("when", texts.clone()),
        ("gain", text.clone()),
        ("rests-on", json!({"type": "array", "items": {"type": "object", "minProperties": 1, "maxProperties": 1}})),
        ("grant", flag.clone()),
        ("effort", object.clone()),
        ("detected", json!({"type": "number", "minimum": 0, "maximum": 1})),
        ("says", text.clone()),
        ("question", text.clone()),
        ("false-positives", text.clone()),
        ("stopped-by", texts),
        ("effect", json!({"enum": ["prevents", "shows"]})),
        ("refs", refs),
    ];
    json!({"type": "object", "additionalProperties": false, "properties": {
        "kinds": entries("kind", &[("is", reference("name")), ("says", text.clone()), ("fields", object), ("gate", flag)]),
        "verbs": entries("verb", &[("over", names), ("says", text.clone()), ("grant", text.clone())]),
        "assumptions": entries("assumption", &fails),
        "workload": entries("rate", &rates),
        "steps": entries("step", &steps),
    }})
}
