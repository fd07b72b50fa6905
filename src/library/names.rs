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

/// What a key of an entity or a gate says, without a stop.
pub fn key_says(key: &str) -> Option<&'static str> {
    Some(match key {
        "id" => "its name: small letters, digits and single dashes; one id names one thing in the whole model",
        "is" => "its kind, which decides what else can be said of it",
        "title" => "what people call it",
        "note" => "anything worth knowing, for people",
        "source" => "where `count` or `present` comes from: it was read in this source",
        "derived" => "where `count` or `present` comes from: it was worked out from sources, in this way",
        "guess" => "where `count` or `present` comes from: it is a guess, for this reason",
        "count" => "how many members it has, from 1 to 1,000,000,000; beside `per`, how many for each member of that",
        "per" => {
            "one for each member of a class (`per: publisher`), or one for each 20 of them (`per: {publisher: 20}`)"
        }
        "present" => "of an asset or a privilege: the probability that it is there at all (left over, not revoked)",
        "joins" => {
            "of an actor, how somebody becomes a member: `open`, `closed` (the default) or `{approval: {by: CLASS, of: 1}}`"
        }
        "by" => "of a gate, the class whose members approve; without it, only a step of the library passes the gate",
        "of" => "of a gate, how many distinct members have to approve, from 1 to 1000 (default 1)",
        "self" => "of a gate, whether the approval of whoever asks counts as well (default false)",
        _ => return None,
    })
}

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
