//! Document to model: names to ids, every field checked, all mistakes collected.
//!
//! Phases: heads of entities (`entities`), populations (`population`), fields, gates and joining (`fields`), privileges
//! (`privileges`), controls and parameters (`controls`), threats (`threats`),
//! what happened (`incident`). A name whose entry is broken is
//! remembered, so that it is not reported again wherever it is used.

mod answers;
mod capability;
mod controls;
mod entities;
mod fields;
mod incident;
mod population;
mod privileges;
mod risks;
mod threats;

pub use entities::MAX_COUNT;
pub use incident::INCIDENT_KEYS;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Entity, EntityId, Model, Population, Privilege};
use crate::diagnostic::{Code, Diagnostic, quote};
use crate::library::{Library, Partial};
use crate::source::Span;
use crate::units::{DAYS_PER_YEAR, HOURS_PER_DAY};
use crate::yaml::{self, Fields, Node};

/// Mistakes after which no more suggestions are looked for.
const MOST_SUGGESTIONS: usize = 200;

/// What an id of the model names.
#[derive(Debug, Clone)]
struct Name {
    /// The entity, if it is one and its entry is sound enough.
    entity: Option<EntityId>,
    /// What it is, in words.
    what: &'static str,
    span: Span,
}

/// An entity's entry with what the later phases still need of it.
struct Raw<'a> {
    entry: Fields<'a>,
    count: Option<u64>,
    per: Option<(EntityId, u64, Span)>,
}

/// The state of resolution.
struct Resolution<'a> {
    library: Library,
    /// Steps and assumptions of the library that could not be read.
    broken: Vec<String>,
    out: &'a mut Vec<Diagnostic>,
    names: BTreeMap<String, Name>,
    entities: Vec<Entity>,
    /// Of the declared entities; implicit gates have none.
    raw: Vec<Raw<'a>>,
    privileges: Vec<Privilege>,
    /// Where each privilege was first written.
    granted: BTreeMap<Grant, Span>,
}

/// What makes two privileges the same.
type Grant = (EntityId, String, EntityId, bool, Option<EntityId>, Option<EntityId>);

/// Resolves a document. `None` where not even the head could be read.
pub fn resolve(root: &Node, library: Partial, out: &mut Vec<Diagnostic>) -> Option<Model> {
    let mut resolution = Resolution {
        library: library.library,
        broken: library.broken,
        out,
        names: BTreeMap::new(),
        entities: Vec::new(),
        raw: Vec::new(),
        privileges: Vec::new(),
        granted: BTreeMap::new(),
    };
    let head = resolution.head(root);
    resolution.entities(root);
    resolution.populations();
    resolution.fields();
    resolution.privileges(root);
    resolution.parameters(root);
    let controls = resolution.controls(root);
    let (threats, works) = resolution.threats(root);
    let accepted = resolution.accepted(root, &threats);
    let accepted_risks = resolution.accepted_risks(root);
    let answers = resolution.answers(root);
    let incident = resolution.incident(root, &threats, &controls);
    let (design, title, horizon_days) = head?;
    Some(Model {
        design,
        title,
        horizon_days,
        library: Arc::new(resolution.library),
        entities: resolution.entities,
        privileges: resolution.privileges,
        controls,
        threats,
        works,
        incident,
        accepted,
        accepted_risks,
        answers,
        notes: Vec::new(),
        lost_threats: Vec::new(),
        sources: Vec::new(),
        hash: String::new(),
    })
}

impl<'a> Resolution<'a> {
    fn head(&mut self, root: &Node) -> Option<(String, String, f64)> {
        let design = match root.get("design") {
            Some(node) => yaml::id(node, self.out),
            None => {
                let message = "the model has no `design`";
                self.out.push(
                    Diagnostic::new(Code::MissingKey, &root.span, message)
                        .help("give it an id: `design: native-build`"),
                );
                None
            }
        };
        let title = match root.get("title") {
            Some(node) => yaml::text(node, self.out),
            None => design.clone(),
        };
        let horizon = match root.get("horizon") {
            Some(node) => self.horizon(node),
            None => Some(DAYS_PER_YEAR),
        };
        Some((design?, title?, horizon?))
    }

    fn horizon(&mut self, node: &Node) -> Option<f64> {
        let days = yaml::hours(node, self.out)? / HOURS_PER_DAY;
        if !(days > 0.0 && days <= super::load::MAX_YEARS * DAYS_PER_YEAR) {
            let message = format!("a horizon is more than nothing and at most {} years", super::load::MAX_YEARS);
            self.out.push(Diagnostic::new(Code::OutOfRange, &node.span, message));
            return None;
        }
        Some(days)
    }

    /// The items of a section; none if it is absent or no list.
    fn section<'n>(&mut self, root: &'n Node, name: &str) -> &'n [Node] {
        let found = root.get(name).and_then(|node| yaml::list(node, &format!("`{name}`"), self.out));
        found.unwrap_or_default()
    }

    fn report(&mut self, code: Code, span: &Span, message: impl Into<String>) {
        self.out.push(Diagnostic::new(code, span, message));
    }

    /// Takes an id; one id names one thing in the whole model.
    fn declare(&mut self, id: &str, what: &'static str, entity: Option<EntityId>, span: &Span) -> bool {
        if let Some(first) = self.names.get(id) {
            let what = if first.what == what { what } else { "id" };
            self.out.push(Diagnostic::duplicate(Code::DuplicateId, span, what, id, &first.span));
            return false;
        }
        self.names.insert(id.to_owned(), Name { entity, what, span: span.clone() });
        true
    }

    /// The id of an entry, declared.
    fn declared_id(&mut self, node: &Node, what: &'static str) -> Option<String> {
        let id = yaml::id(node, self.out)?;
        let reserved: Vec<&str> = crate::library::names::MODEL_KEYS.into_iter().chain(["external", "each"]).collect();
        crate::library::names::refuse_reserved(&id, what, &reserved, &node.span, self.out);
        self.declare(&id, what, None, &node.span).then_some(id)
    }

    /// An entity by the name in a node; unknown names are reported once, broken entries not again.
    fn entity_ref(&mut self, node: &Node) -> Option<EntityId> {
        let name = yaml::name(node, self.out)?;
        self.entity_named(&name, &node.span)
    }

    fn entity_named(&mut self, name: &str, span: &Span) -> Option<EntityId> {
        match self.names.get(name) {
            Some(Name { entity: Some(id), .. }) => Some(*id),
            Some(Name { what: "entity", .. }) => None,
            Some(Name { what, .. }) => {
                let message = format!("{} is a {what}, not an actor, service or asset", quote(name));
                self.report(Code::WrongKind, span, message);
                None
            }
            None => {
                // Nobody reads the suggestion of the thousandth mistake, and each costs a look at every name.
                let patient = self.out.len() < MOST_SUGGESTIONS;
                let names = self.names.iter().take_while(|_| patient).filter(|(_, name)| name.what == "entity");
                let known = names.map(|(id, _)| id.as_str());
                let diagnostic = Diagnostic::unknown(Code::UnknownEntity, span, "actor, service or asset", name, known);
                self.out.push(diagnostic);
                None
            }
        }
    }

    fn kind_name(&self, id: EntityId) -> &str {
        &self.library.kinds[self.entities[id.0].kind.0].id
    }

    fn id_of(&self, id: EntityId) -> &str {
        &self.entities[id.0].id
    }

    fn population(&self, id: EntityId) -> Population {
        self.entities[id.0].population
    }

    fn is_principal(&self, id: EntityId) -> bool {
        self.library.kind("principal").is_some_and(|principal| self.library.is_a(self.entities[id.0].kind, principal))
    }

    /// A principal by the name in a node.
    fn principal_ref(&mut self, node: &Node) -> Option<EntityId> {
        let id = self.entity_ref(node)?;
        if self.is_principal(id) {
            return Some(id);
        }
        let message = format!("{} is of kind {}, and no principal", quote(self.id_of(id)), quote(self.kind_name(id)));
        self.out.push(Diagnostic::new(Code::WrongKind, &node.span, message).help("only actors and services can act"));
        None
    }
}
