//! The keys that entities have whatever their kind, and gates besides.

use std::fmt::Write;

use super::words;
use crate::library::names::{ENTITY_KEYS, GATE_KEYS, key_says};
use crate::library::{Kind, Section};

/// A key by its name; a word of reports that is written alike is told with it.
pub(super) fn explain(name: &str) -> Option<(&'static str, String)> {
    let says = key_says(name)?;
    let whose = if GATE_KEYS.contains(&name) { "gates, and of approvals" } else { "entities" };
    let mut out = format!("{name} (a key of {whose})\n\n{says}.\n\nExactly: docs/language.md, section 1.1\n");
    if let Some(word) = words::find(name) {
        let _ = write!(out, "\n{}", words::text(word));
    }
    Some(("key", out))
}

/// Every key.
pub(super) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    ENTITY_KEYS.iter().chain(&GATE_KEYS).map(|key| (*key, key_says(key).unwrap_or_default()))
}

/// The keys that entities of a kind have besides their fields.
pub(super) fn of(kind: &Kind) -> Vec<(&'static str, &'static str)> {
    let has = |key: &str| match key {
        "joins" => matches!(kind.section, None | Some(Section::Actors)),
        "present" => matches!(kind.section, None | Some(Section::Assets)),
        key => kind.gate || !GATE_KEYS.contains(&key),
    };
    all().filter(|(key, _)| has(key)).collect()
}
