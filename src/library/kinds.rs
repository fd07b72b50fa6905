//! The kind table and the verbs.

use super::collect::Entry;
use super::names::{ENGINE_VERBS, ENTITY_KEYS, GATE_KEYS, refuse_reserved};
use super::{Field, FieldType, Kind, KindId, Library, Section, Verb};
use crate::diagnostic::{Code, Diagnostic, quote};
use crate::source::{Source, Span};
use crate::yaml::{self, Fields, Node, fields};

/// The kinds that are always there: id and parent.
const ROOTS: [(&str, Option<usize>, Option<Section>); 4] = [
    ("principal", None, None),
    ("actor", Some(0), Some(Section::Actors)),
    ("service", Some(0), Some(Section::Services)),
    ("asset", None, Some(Section::Assets)),
];

const KIND_KEYS: [&str; 6] = ["kind", "is", "says", "fields", "gate", "note"];

/// A place for what no file declares.
pub fn built_in() -> Span {
    Span::new(Source::new("built-in", ""), 0, 0)
}

/// Builds the kind table, parents before children.
pub fn kinds(entries: &[Entry], library: &mut Library, out: &mut Vec<Diagnostic>) {
    for (id, parent, section) in ROOTS {
        let entry = entries.iter().find(|entry| entry.id == id);
        library.kinds.push(Kind {
            id: id.to_owned(),
            parent: parent.map(KindId),
            section,
            says: String::new(),
            fields: Vec::new(),
            gate: false,
            span: entry.map_or_else(built_in, |entry| entry.span.clone()),
        });
    }
    place(entries, library, out);
    for entry in entries {
        let Some(id) = library.kind(&entry.id) else { continue };
        let what = format!("kind {}", quote(&entry.id));
        let Some(kind) = fields(&entry.node, &what, &KIND_KEYS, out) else { continue };
        if let Some(says) = kind.get("says").and_then(|node| yaml::text(node, out)) {
            library.kinds[id.0].says = says;
        }
        library.kinds[id.0].gate = kind.get("gate").and_then(|node| yaml::flag(node, out)).unwrap_or(false);
        let own = kind.get("fields").map(|node| own_fields(node, library, out)).unwrap_or_default();
        library.kinds[id.0].fields = own;
    }
    refuse_hidden_fields(entries, library, out);
}

/// Gives every kind its parent, repeatedly taking those whose parent is placed.
fn place(entries: &[Entry], library: &mut Library, out: &mut Vec<Diagnostic>) {
    let mut open: Vec<(&Entry, String, Span)> = Vec::new();
    for entry in entries {
        let parent = entry.node.get("is");
        if let Some((_, root_parent, _)) = ROOTS.iter().find(|(id, ..)| *id == entry.id) {
            let expected = root_parent.map(|at| ROOTS[at].0);
            if let Some(parent) = parent
                && parent.as_text() != expected
            {
                let message = format!("{} is a root; its place is fixed", quote(&entry.id));
                out.push(Diagnostic::new(Code::WrongKind, &parent.span, message));
            }
            continue;
        }
        match parent {
            None => {
                let message = format!("kind {} has no `is`", quote(&entry.id));
                out.push(
                    Diagnostic::new(Code::MissingKey, &entry.span, message)
                        .help("name its parent: `actor`, `service`, `asset`, or a kind below them"),
                );
                push_kind(entry, KindId(3), library);
            }
            Some(node) => {
                let name = yaml::name(node, out).unwrap_or_default();
                open.push((entry, name, node.span.clone()));
            }
        }
    }
    while !open.is_empty() {
        let before = open.len();
        open.retain(|(entry, parent, span)| match library.kind(parent) {
            Some(parent) => {
                if library.kinds[parent.0].section.is_none() {
                    let message = "a kind is below `actor`, `service` or `asset`";
                    out.push(Diagnostic::new(Code::WrongKind, span, message));
                }
                push_kind(entry, parent, library);
                false
            }
            None => true,
        });
        if open.len() == before {
            report_unplaced(&open, library, out);
            for (entry, ..) in &open {
                push_kind(entry, KindId(3), library);
            }
            return;
        }
    }
}

fn push_kind(entry: &Entry, parent: KindId, library: &mut Library) {
    library.kinds.push(Kind {
        id: entry.id.clone(),
        parent: Some(parent),
        section: library.kinds[parent.0].section,
        says: String::new(),
        fields: Vec::new(),
        gate: false,
        span: entry.span.clone(),
    });
}

/// Kinds whose parents never appear: the parent is unknown, or the parents go in a circle.
fn report_unplaced(open: &[(&Entry, String, Span)], library: &Library, out: &mut Vec<Diagnostic>) {
    for (entry, parent, span) in open {
        if open.iter().any(|(other, ..)| other.id == *parent) {
            if on_cycle(&entry.id, open) {
                let message = format!("kind {} is below itself", quote(&entry.id));
                out.push(Diagnostic::new(Code::KindCycle, span, message));
            }
        } else if !parent.is_empty() {
            let known = library.kinds.iter().map(|kind| kind.id.as_str());
            out.push(Diagnostic::unknown(Code::UnknownKind, span, "kind", parent, known));
        }
    }
}

fn on_cycle(id: &str, open: &[(&Entry, String, Span)]) -> bool {
    let mut at = id;
    for _ in 0..open.len() {
        match open.iter().find(|(entry, ..)| entry.id == at) {
            Some((_, parent, _)) if parent == id => return true,
            Some((_, parent, _)) => at = parent,
            None => return false,
        }
    }
    false
}

fn own_fields(node: &Node, library: &Library, out: &mut Vec<Diagnostic>) -> Vec<Field> {
    let Some(declared) = yaml::fields_with(node, "`fields`", |_| true, Vec::new, out) else { return Vec::new() };
    let mut own = Vec::new();
    for (key, spec) in declared.entries() {
        if !yaml::is_id(&key.text) {
            let message = format!("field {} is not kebab-case", quote(&key.text));
            out.push(Diagnostic::new(Code::BadId, &key.span, message));
        }
        let taken: Vec<&str> = ENTITY_KEYS
            .iter()
            .chain(&GATE_KEYS)
            .chain(&super::names::BUILT_IN_RELATIONS)
            .copied()
            .chain(["may"])
            .collect();
        refuse_reserved(&key.text, "a field", &taken, &key.span, out);
        own.extend(field(&key.text, spec, library, out));
    }
    own
}

const TYPES: [&str; 8] = ["value", "values", "ref", "refs", "flag", "number", "text", "duration"];

fn field(name: &str, node: &Node, library: &Library, out: &mut Vec<Diagnostic>) -> Option<Field> {
    let known: Vec<&str> =
        TYPES.iter().copied().chain(["required", "says", "default", "class", "expects", "acyclic"]).collect();
    let spec = fields(node, &format!("field {}", quote(name)), &known, out)?;
    let required = spec.get("required").and_then(|node| yaml::flag(node, out)).unwrap_or(false);
    let says = spec.get("says").and_then(|node| yaml::text(node, out)).unwrap_or_default();
    let (key, value) = spec.exactly_one(&TYPES, out)?;
    let ty = match key.text.as_str() {
        "value" => FieldType::Value(values(value, out), spec.get("default").and_then(|node| yaml::word(node, out))),
        "values" => FieldType::Values(values(value, out)),
        "flag" => FieldType::Flag(yaml::flag(value, out)?),
        "number" => number_type(value, out)?,
        "text" => marker(value, FieldType::Text, out)?,
        "duration" => marker(value, FieldType::Duration, out)?,
        _ => FieldType::Ref {
            kind: kind_ref(value, library, out)?,
            many: key.text == "refs",
            class: spec.get("class").and_then(|node| yaml::flag(node, out)).unwrap_or(false),
        },
    };
    check_default(&spec, &ty, required, out);
    if let (Some(class), false) = (spec.key("class"), matches!(ty, FieldType::Ref { .. })) {
        out.push(Diagnostic::new(Code::MisplacedKey, &class.span, "only a relation is with a whole class"));
    }
    let expects = spec.get("expects").and_then(|node| Some((yaml::word(node, out)?, node.span.clone())));
    if let (Some(key), false) = (spec.key("expects"), matches!(ty, FieldType::Ref { .. })) {
        out.push(Diagnostic::new(Code::MisplacedKey, &key.span, "only what a relation names can hold a right"));
    }
    let acyclic = spec.get("acyclic").and_then(|node| yaml::flag(node, out)).unwrap_or(false);
    if let (Some(key), false) = (spec.key("acyclic"), matches!(ty, FieldType::Ref { .. })) {
        out.push(Diagnostic::new(Code::MisplacedKey, &key.span, "only a relation can lead back to where it began"));
    }
    Some(Field { name: name.to_owned(), ty, required, expects, acyclic, says })
}

fn check_default(spec: &Fields<'_>, ty: &FieldType, required: bool, out: &mut Vec<Diagnostic>) {
    let Some(key) = spec.key("default") else { return };
    match ty {
        FieldType::Value(values, Some(default)) => {
            if !values.contains(default) {
                let span = spec.get("default").map_or(&key.span, |node| &node.span);
                let candidates = values.iter().map(String::as_str);
                out.push(Diagnostic::unknown(Code::UnknownValue, span, "value", default, candidates));
            }
            if required {
                let message = "a field with a default is never missing, so `required` says nothing";
                out.push(Diagnostic::new(Code::ConflictingKeys, &key.span, message));
            }
        }
        FieldType::Value(_, None) => {}
        _ => {
            let message = "only a `value` field has a `default`; a flag's default is written after `flag`";
            out.push(Diagnostic::new(Code::MisplacedKey, &key.span, message));
        }
    }
}

fn values(node: &Node, out: &mut Vec<Diagnostic>) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for item in yaml::list(node, "the values of a field", out).unwrap_or_default() {
        let Some(value) = yaml::word(item, out) else { continue };
        refuse_reserved(&value, "a value", &[], &item.span, out);
        if values.contains(&value) {
            let message = format!("value {} is there already", quote(&value));
            out.push(Diagnostic::new(Code::DuplicateId, &item.span, message));
        } else {
            values.push(value);
        }
    }
    values
}

fn number_type(node: &Node, out: &mut Vec<Diagnostic>) -> Option<FieldType> {
    let spec = fields(node, "`number`", &["min", "max", "integer"], out)?;
    let mut bound = |key: &str, open: f64| spec.get(key).map_or(Some(open), |node| yaml::number(node, out));
    let (min, max) = (bound("min", f64::NEG_INFINITY)?, bound("max", f64::INFINITY)?);
    let integer = spec.get("integer").and_then(|node| yaml::flag(node, out)).unwrap_or(false);
    if min > max {
        out.push(Diagnostic::new(Code::BadRange, &node.span, "min is above max"));
    }
    Some(FieldType::Number { min, max, integer })
}

fn marker(node: &Node, ty: FieldType, out: &mut Vec<Diagnostic>) -> Option<FieldType> {
    if !yaml::flag(node, out)? {
        out.push(Diagnostic::new(Code::BadBoolean, &node.span, "write `true`, or another type"));
    }
    Some(ty)
}

/// A kind by name, reported if there is none.
pub fn kind_ref(node: &Node, library: &Library, out: &mut Vec<Diagnostic>) -> Option<KindId> {
    let name = yaml::name(node, out)?;
    let found = library.kind(&name);
    if found.is_none() {
        let known = library.kinds.iter().map(|kind| kind.id.as_str());
        out.push(Diagnostic::unknown(Code::UnknownKind, &node.span, "kind", &name, known));
    }
    found
}

/// A field may not have the name of an inherited one.
fn refuse_hidden_fields(entries: &[Entry], library: &Library, out: &mut Vec<Diagnostic>) {
    for (at, kind) in library.kinds.iter().enumerate() {
        let Some(parent) = kind.parent else { continue };
        for field in &kind.fields {
            if library.field(parent, &field.name).is_none() {
                continue;
            }
            let entry = entries.iter().find(|entry| entry.id == kind.id);
            let span = entry
                .and_then(|entry| entry.node.get("fields"))
                .and_then(|fields| fields.entries().iter().find(|(key, _)| key.text == field.name))
                .map_or(&library.kinds[at].span, |(key, _)| &key.span);
            let message = format!("field {} is inherited already", quote(&field.name));
            out.push(Diagnostic::new(Code::DuplicateId, span, message));
        }
    }
}

/// Reads the verbs, and adds those the engine knows where no file declares them.
pub fn verbs(entries: &[Entry], library: &mut Library, out: &mut Vec<Diagnostic>) {
    for entry in entries {
        let what = format!("verb {}", quote(&entry.id));
        let Some(verb) = fields(&entry.node, &what, &["verb", "over", "says", "grant", "note"], out) else { continue };
        let over = verb.require("over", out).map(|node| kind_list(node, library, out)).unwrap_or_default();
        let mut sentence = |key: &str, names: &[&str]| {
            let node = verb.get(key)?;
            let said = yaml::text(node, out)?;
            super::placeholders::check_braces(&said, node, names, out);
            Some(said)
        };
        let says = sentence("says", &["thing"]);
        let grant = sentence("grant", &["who", "thing"]);
        let id = entry.id.clone();
        library.verbs.push(Verb {
            says: says.unwrap_or_else(|| format!("{id} {{thing}}")),
            grant: grant.unwrap_or_else(|| format!("{{who}} may {id} {{thing}}")),
            id,
            over,
            span: entry.span.clone(),
        });
    }
    for id in ENGINE_VERBS {
        if library.verb(id).is_none() {
            library.verbs.push(engine_verb(id, library));
        }
    }
    library.verbs.sort_by(|a, b| a.id.cmp(&b.id));
    for (verb, span) in library.kinds.iter().flat_map(|kind| &kind.fields).filter_map(|field| field.expects.as_ref()) {
        if library.verb(verb).is_none() {
            let known = library.verbs.iter().map(|verb| verb.id.as_str());
            out.push(Diagnostic::unknown(Code::UnknownVerb, span, "verb", verb, known));
        }
    }
}

fn engine_verb(id: &str, library: &Library) -> Verb {
    let gates = || (0..library.kinds.len()).filter(|at| library.kinds[*at].gate).map(KindId).collect();
    let (over, says) = match id {
        "act-as" => (vec![KindId(0)], "can act as {thing}"),
        "know" => (vec![KindId(3)], "knows {thing}"),
        "pass" => (gates(), "passes {thing}"),
        _ => (gates(), "passes {thing} with a request of its own"),
    };
    let grant = format!("{{who}} may {id} {{thing}}");
    Verb { id: id.to_owned(), over, says: says.to_owned(), grant, span: built_in() }
}

fn kind_list(node: &Node, library: &Library, out: &mut Vec<Diagnostic>) -> Vec<KindId> {
    yaml::one_or_list(node).into_iter().filter_map(|item| kind_ref(item, library, out)).collect()
}
