//! Heads of entities: id, kind, section, which keys they may have, what they are counted by.

use super::{Raw, Resolution};
use crate::diagnostic::{Code, Diagnostic, one_of, quote};
use crate::library::names::{ENTITY_KEYS, GATE_KEYS, MODEL_KEYS, refuse_reserved};
use crate::library::{KindId, Section};
use crate::model::{Entity, EntityId, Joins, Population};
use crate::units::Grade;
use crate::yaml::{self, Fields, Node, Value};

/// Most members of a class.
pub const MAX_COUNT: u64 = 1_000_000_000;

const SECTIONS: [(&str, Section); 3] =
    [("actors", Section::Actors), ("services", Section::Services), ("assets", Section::Assets)];

/// The list that entities of a section stand in.
pub fn list_of(section: Section) -> &'static str {
    SECTIONS.iter().find(|(_, have)| *have == section).map_or("assets", |(list, _)| list)
}

impl<'a> Resolution<'a> {
    /// Reads every entity's head, then what it is counted by.
    pub(super) fn entities<'n: 'a>(&mut self, root: &'n Node) {
        for (list, section) in SECTIONS {
            for item in self.section(root, list) {
                self.entity(item, list, section);
            }
        }
        for at in 0..self.entities.len() {
            self.raw[at].count = self.count(EntityId(at));
            self.raw[at].per = self.per(EntityId(at));
        }
    }

    fn entity<'n: 'a>(&mut self, item: &'n Node, list: &str, section: Section) {
        let what = match item.text_of("id") {
            Some(id) => format!("entity {}", quote(id)),
            None => format!("an entry of `{list}`"),
        };
        let Some(entry) = yaml::fields_with(item, &what, |_| true, Vec::new, self.out) else { return };
        let id_node = entry.require("id", self.out);
        let id = id_node.and_then(|node| yaml::id(node, self.out));
        let kind = self.kind(&entry, list, section);
        if let Some(kind) = kind {
            self.known_keys(&entry, kind);
        }
        let (Some(id), Some(id_node)) = (id, id_node) else { return };
        let reserved: Vec<&str> = MODEL_KEYS.into_iter().chain(["external", "each"]).collect();
        refuse_reserved(&id, "an entity", &reserved, &id_node.span, self.out);
        let next = EntityId(self.entities.len());
        if !self.declare(&id, "entity", kind.map(|_| next), &id_node.span) {
            return;
        }
        let Some(kind) = kind else { return };
        self.entities.push(Entity {
            id,
            kind,
            title: entry.get("title").and_then(|node| yaml::text(node, self.out)),
            population: Population::Single,
            fields: Vec::new(),
            joins: Joins::Closed,
            present: None,
            grade: Grade::Missing,
            gate: None,
            span: id_node.span.clone(),
        });
        if let Some(note) = entry.get("note") {
            yaml::text(note, self.out);
        }
        self.raw.push(Raw { entry, count: None, per: None });
    }

    fn kind(&mut self, entry: &Fields<'_>, list: &str, section: Section) -> Option<KindId> {
        let node = entry.require("is", self.out)?;
        let name = yaml::name(node, self.out)?;
        let Some(kind) = self.library.kind(&name) else {
            let here = self.library.kinds.iter().filter(|kind| kind.section == Some(section));
            let known: Vec<&str> = here.map(|kind| kind.id.as_str()).collect();
            let diagnostic = Diagnostic::unknown(Code::UnknownKind, &node.span, "kind", &name, known);
            self.out.push(diagnostic);
            return None;
        };
        match self.library.kinds[kind.0].section {
            Some(own) if own == section => {}
            Some(own) => {
                let message = format!("{} belongs under `{}`, and stands under `{list}`", quote(&name), list_of(own));
                self.report(Code::WrongSection, &node.span, message);
            }
            None => {
                let message = format!("{} is no kind of its own", quote(&name));
                self.out.push(
                    Diagnostic::new(Code::WrongSection, &node.span, message)
                        .help("name a kind below `actor` or `service`"),
                );
                return None;
            }
        }
        Some(kind)
    }

    /// Reports keys that this kind does not have.
    fn known_keys(&mut self, entry: &Fields<'_>, kind: KindId) {
        let (gate, section) = (self.library.kinds[kind.0].gate, self.library.kinds[kind.0].section);
        for (key, _) in entry.entries() {
            let name = key.text.as_str();
            let misplaced = match name {
                "joins" if section != Some(Section::Actors) => Some("only actors are joined"),
                "present" if section != Some(Section::Assets) => Some("only assets and privileges can be left over"),
                "by" | "of" | "self" if !gate => Some("only approval gates have approvers"),
                _ => None,
            };
            if let Some(message) = misplaced {
                self.report(Code::MisplacedKey, &key.span, message);
            } else if !ENTITY_KEYS.contains(&name)
                && !GATE_KEYS.contains(&name)
                && self.library.field(kind, name).is_none()
            {
                self.unknown_key(kind, key);
            }
        }
    }

    fn unknown_key(&mut self, kind: KindId, key: &yaml::Key) {
        let fields = self.library.fields(kind);
        let known: Vec<&str> = fields.iter().map(|field| field.name.as_str()).chain(ENTITY_KEYS).collect();
        let kind_name = quote(&self.library.kinds[kind.0].id);
        let message = format!("kind {kind_name} has no field {}", quote(&key.text));
        let having: Vec<&str> = (self.library.kinds.iter())
            .filter(|kind| kind.fields.iter().any(|field| field.name == key.text))
            .map(|kind| kind.id.as_str())
            .collect();
        let diagnostic = Diagnostic::new(Code::UnknownField, &key.span, message);
        self.out.push(if having.is_empty() {
            diagnostic.suggest(&key.text, known)
        } else {
            diagnostic.help(format!("kind {} has it", one_of(having, 6)))
        });
    }

    fn count(&mut self, id: EntityId) -> Option<u64> {
        let node = self.raw[id.0].entry.get("count")?;
        yaml::integer(node, 1, MAX_COUNT, self.out)
    }

    /// `per: X`, or `per: {X: 20}`.
    fn per(&mut self, id: EntityId) -> Option<(EntityId, u64, crate::source::Span)> {
        let node = self.raw[id.0].entry.get("per")?;
        match &node.value {
            Value::Map(entries) => {
                let [(key, size)] = entries.as_slice() else {
                    self.report(Code::WrongType, &node.span, "`per` names one class: `per: {publisher: 20}`");
                    return None;
                };
                let base = self.entity_named(&key.text, &key.span);
                let size = yaml::integer(size, 1, MAX_COUNT, self.out);
                Some((base?, size?, key.span.clone()))
            }
            _ => Some((self.entity_ref(node)?, 1, node.span.clone())),
        }
    }
}
