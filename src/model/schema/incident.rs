//! The schema of the `incident` section.

use serde_json::{Value, json};

use super::reference;
use crate::model::incident::{Confidence, DesignClass, Evidence, IncidentKind, Modelled, Vocabulary};

/// The section, its intermediate capabilities being of the given form.
pub fn incident(capability: Value) -> Value {
    let text = json!({"type": "string"});
    let ids = json!({"type": "array", "uniqueItems": true, "items": reference("name")});
    let pair = |first: &str, value: Value| {
        json!({"type": "array", "items": {
            "type": "object", "required": [first, "why"], "additionalProperties": false,
            "properties": {first: value, "why": {"type": "string"}},
        }})
    };
    let required = [
        "date",
        "index",
        "class",
        "kind",
        "confidence",
        "evidence",
        "summary",
        "threat",
        "documented",
        "unrelated",
        "sources",
    ];
    json!({"type": "object", "additionalProperties": false, "required": required, "properties": {
        "date": {"type": "string", "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?( |$)"},
        "index": text,
        "class": words::<DesignClass>(),
        "kind": words::<IncidentKind>(),
        "confidence": words::<Confidence>(),
        "evidence": words::<Evidence>(),
        "scored": {"type": "boolean", "default": true},
        "modelled": words::<Modelled>(),
        "first-score": {
            "type": "object", "required": ["found", "why"], "additionalProperties": false,
            "properties": {
                "found": {"type": "boolean"},
                "shape": {"type": "number", "minimum": 0, "maximum": 1},
                "controls": rate(),
                "held": rate(),
                "why": text,
            },
        },
        "summary": text,
        "threat": threat_name(),
        "documented": {"type": "array", "items": capability},
        "controls": ids,
        "also": {"type": "array", "items": {
            "type": "object", "required": ["threat", "documented"], "additionalProperties": false,
            "properties": {
                "threat": threat_name(),
                "documented": {"type": "array", "items": capability},
                "controls": ids,
                "grant": text,
            },
        }},
        "stops-nothing": pair("control", reference("name")),
        "unrelated": ids,
        "not-expressed": pair("control", text.clone()),
        "held": pair("threat", threat_name()),
        "grant": text,
        "sources": {"type": "array", "items": {
            "type": "object", "required": ["ref", "evidence"], "additionalProperties": false,
            "properties": {"ref": text, "evidence": words::<Evidence>(), "note": text},
        }},
        "note": text,
    }})
}

/// So many of so many.
fn rate() -> Value {
    let number = json!({"type": "integer", "minimum": 0});
    json!({"type": "object", "required": ["hits", "of"], "additionalProperties": false,
        "properties": {"hits": number, "of": number}})
}

/// A threat, or one of those written once for several principals.
fn threat_name() -> Value {
    json!({"type": "string", "pattern": format!("^{0}([.]{0})?$", super::ID)})
}

fn words<V: Vocabulary>() -> Value {
    json!({"enum": V::ALL.iter().map(|value| value.word()).collect::<Vec<_>>()})
}
