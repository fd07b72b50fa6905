//! Words the language keeps for itself.

use crate::diagnostic::{Code, Diagnostic, quote};
use crate::source::Span;

/// The roles of members, and `class`: no id, kind, field or value bears them.
pub const ROLES: [&str; 8] = ["attacker", "victim", "other", "mate", "owner", "partner", "all", "class"];

/// Keys that every entity has; no field bears them.
pub const ENTITY_KEYS: [&str; 11] =
    ["id", "is", "title", "note", "source", "derived", "guess", "count", "per", "present", "joins"];

/// Keys of an entity of a gate kind.
pub const GATE_KEYS: [&str; 3] = ["by", "of", "self"];

/// Keys of a model file, in the order of the documentation.
pub const MODEL_KEYS: [&str; 19] = [
    "cotenant",
    "extend",
    "design",
    "title",
    "horizon",
    "actors",
    "services",
    "assets",
    "privileges",
    "controls",
    "threats",
    "works",
    "parameters",
    "incident",
    "accept",
    "accepted-risks",
    "answers",
    "library",
    "remove",
];

/// Keys that say where a number comes from.
pub const GRADE_KEYS: [&str; 3] = ["source", "derived", "guess"];

/// Verbs the engine itself knows.
pub const ENGINE_VERBS: [&str; 4] = ["act-as", "know", "pass", "pass-own"];

/// Relations that are not fields of a kind.
pub const BUILT_IN_RELATIONS: [&str; 2] = ["admitted-by", "gated-by"];

/// Reports a name that is a word of the language.
pub fn refuse_reserved(name: &str, what: &str, more: &[&str], span: &Span, out: &mut Vec<Diagnostic>) {
    if ROLES.contains(&name) || more.contains(&name) {
        let message = format!("{} is a word of the language and cannot be the name of {what}", quote(name));
        out.push(Diagnostic::new(Code::ReservedWord, span, message));
    }
}
