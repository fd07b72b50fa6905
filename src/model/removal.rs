//! Taking things out of a model with everything that names them, and saying what went.

mod incident;

use super::answers;
use super::document::ID_LISTS;
use super::path;
use crate::diagnostic::{Code, Diagnostic, instead, quote};
use crate::library::{FieldType, KindId, Library, member_capability};
use crate::source::Span;
use crate::yaml::{Node, Value};

/// What removals took along.
#[derive(Debug, Clone, Default)]
pub struct Log {
    /// One sentence each.
    pub removed: Vec<String>,
    /// Threats that can no longer be asked: (id, title).
    pub lost_threats: Vec<(String, String)>,
}

const ENTITY_LISTS: [&str; 3] = ["actors", "services", "assets"];

/// Removes entities, privileges, controls and threats by id, and single fields by `id.field`.
pub fn remove(root: &mut Node, ids: &[(String, Span)], library: &Library, log: &mut Log, out: &mut Vec<Diagnostic>) {
    let mut removal = Removal { root, library, log };
    let before = removal.ids();
    for (id, span) in ids {
        if !removal.one(id) {
            let known = removal.ids();
            let message = format!("nothing called {} can be removed", quote(id));
            let diagnostic = Diagnostic::new(Code::UnknownTarget, span, message);
            out.push(diagnostic.help(instead(id, known.iter().map(String::as_str))));
        }
    }
    let left = removal.ids();
    let lost = removal.log.lost_threats.iter().map(|(id, _)| id.clone());
    let gone: Vec<String> = before.into_iter().filter(|id| !left.contains(id)).chain(lost).collect();
    incident::forget(removal.root, &gone, &mut removal.log.removed);
}

struct Removal<'a> {
    root: &'a mut Node,
    library: &'a Library,
    log: &'a mut Log,
}

impl Removal<'_> {
    fn items(&mut self, list: &str) -> Option<&mut Vec<Node>> {
        match &mut self.root.get_mut(list)?.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    fn ids(&self) -> Vec<String> {
        let lists = ID_LISTS.iter().filter_map(|list| self.root.get(list));
        lists.flat_map(Node::items).filter_map(|item| item.text_of("id")).map(str::to_owned).collect()
    }

    fn say(&mut self, sentence: String) {
        self.log.removed.push(sentence);
    }

    fn one(&mut self, id: &str) -> bool {
        if let Some(at) = self.position("threats", id) {
            self.lose_threat(at);
            self.mentions(id);
            return true;
        }
        for (list, what) in [("privileges", "privilege"), ("controls", "control"), ("parameters", "parameter")] {
            if let Some(at) = self.position(list, id) {
                if let Some(items) = self.items(list) {
                    items.remove(at);
                }
                self.say(format!("{what} {} is removed", quote(id)));
                self.mentions(id);
                return true;
            }
        }
        if ENTITY_LISTS.iter().any(|list| self.position(list, id).is_some()) {
            self.entity(id, None);
            return true;
        }
        if path::unset(self.root, id) {
            self.say(format!("field {} is removed", quote(id)));
            return true;
        }
        false
    }

    fn position(&self, list: &str, id: &str) -> Option<usize> {
        self.root.get(list)?.items().iter().position(|item| item.text_of("id") == Some(id))
    }

    fn lose_threat(&mut self, at: usize) {
        let Some(items) = self.items("threats") else { return };
        let threat = items.remove(at);
        let id = threat.text_of("id").unwrap_or_default().to_owned();
        let title = threat.text_of("title").unwrap_or(&id).to_owned();
        self.say(format!("threat {} can no longer be asked", quote(&id)));
        self.log.lost_threats.push((id, title));
    }

    /// Removes an entity and goes on with those that cannot be without it.
    fn entity(&mut self, id: &str, why: Option<String>) {
        let mut open = vec![(id.to_owned(), why)];
        while let Some((id, why)) = open.pop() {
            let Some((list, at)) = ENTITY_LISTS.iter().find_map(|list| Some((*list, self.position(list, &id)?))) else {
                continue;
            };
            let entry = match self.items(list) {
                Some(items) => items.remove(at),
                None => continue,
            };
            let because = why.map(|why| format!(", {why}")).unwrap_or_default();
            self.say(format!("{} is removed{because}", quote(&id)));
            self.threats(&id, &entry);
            self.privileges(&id);
            open.extend(self.entities(&id));
            self.works(&id);
            self.mentions(&id);
        }
    }

    /// Drops what other entities say about `id`; gives those that cannot be without it.
    fn entities(&mut self, id: &str) -> Vec<(String, Option<String>)> {
        let (mut doomed, mut said) = (Vec::new(), Vec::new());
        let library = self.library;
        for list in ENTITY_LISTS {
            for entry in self.items(list).map(|items| items.iter_mut()).into_iter().flatten() {
                let name = entry.text_of("id").unwrap_or_default().to_owned();
                let kind = entry.text_of("is").and_then(|kind| library.kind(kind));
                match strike(entry, id, kind, library) {
                    Struck::Doomed(field) => {
                        doomed.push((name, Some(format!("its {} was {}", quote(&field), quote(id)))))
                    }
                    Struck::Fields(fields) => {
                        said.extend(
                            fields.into_iter().map(|field| {
                                format!("{} no longer says {}: {}", quote(&name), quote(&field), quote(id))
                            }),
                        );
                    }
                }
            }
        }
        said.into_iter().for_each(|sentence| self.say(sentence));
        doomed
    }

    fn privileges(&mut self, id: &str) {
        let (mut said, mut gone) = (Vec::new(), Vec::new());
        if let Some(items) = self.items("privileges") {
            items.retain(|item| {
                let approval = item.get("approval");
                let named = ["who", "over", "using", "via"].iter().any(|key| item.text_of(key) == Some(id))
                    || approval.is_some_and(|node| node.as_text() == Some(id) || node.text_of("by") == Some(id));
                if named {
                    said.push(format!("the privilege {} goes with {}", describe(item), quote(id)));
                    gone.extend(item.text_of("id").map(str::to_owned));
                }
                !named
            });
        }
        said.into_iter().for_each(|sentence| self.say(sentence));
        // A control may name what just went with its entity.
        gone.iter().for_each(|privilege| self.mentions(privilege));
    }

    fn threats(&mut self, id: &str, removed: &Node) {
        let (external, kind) = (
            removed.text_of("external") == Some("true"),
            removed.text_of("is").and_then(|kind| self.library.kind(kind)),
        );
        let mut at = 0;
        while let Some(threat) = self.root.get("threats").and_then(|node| node.items().get(at)) {
            let names_it = threat.text_of("attacker") == Some(id)
                || threat.get("victim").is_some_and(|victim| victim.entries().iter().any(|(key, _)| key.text == id))
                || threat.get("goal").is_some_and(|goal| thing_of(goal) == Some(id))
                || threat.get("start").is_some_and(|start| start.items().iter().any(|item| thing_of(item) == Some(id)));
            if names_it {
                self.lose_threat(at);
                continue;
            }
            let each = threat.get("attacker").and_then(|attacker| attacker.text_of("each"));
            let was_one = match (each, kind) {
                (Some("external"), _) => external,
                (Some(each), Some(kind)) => self.library.kind(each).is_some_and(|each| self.library.is_a(kind, each)),
                _ => false,
            };
            if was_one {
                let group = threat.text_of("id").unwrap_or_default();
                let lost = format!("{group}.{id}");
                let title = threat.text_of("title").unwrap_or(group).to_owned();
                self.log.removed.push(format!("threat {} can no longer be asked", quote(&lost)));
                self.log.lost_threats.push((lost, title));
            }
            self.distrust(at, id);
            at += 1;
        }
    }

    fn distrust(&mut self, threat: usize, id: &str) {
        let Some(items) = self.items("threats") else { return };
        let trusting = items.get_mut(threat).and_then(|threat| threat.get_mut("tolerate")?.get_mut("trusting"));
        if let Some(Value::List(names)) = trusting.map(|node| &mut node.value) {
            names.retain(|name| name.as_text() != Some(id));
        }
    }

    fn works(&mut self, id: &str) {
        let before = self.root.get("works").map_or(0, |works| works.items().len());
        if let Some(works) = self.items("works") {
            works.retain(|item| thing_of(item) != Some(id));
        }
        let left = self.root.get("works").map_or(0, |works| works.items().len());
        if left < before {
            self.say(format!("`works` no longer asks for {}", quote(id)));
        }
        // What is left of a list of which all went is no list that somebody wrote: the default holds.
        if let (true, Value::Map(entries)) = (left == 0 && before > 0, &mut self.root.value) {
            entries.retain(|(key, _)| key.text != "works");
        }
    }

    /// Drops what controls and accepted lints say about `id`.
    fn mentions(&mut self, id: &str) {
        if let Some(accept) = self.items("accept") {
            accept.retain(|item| item.text_of("about") != Some(id));
        }
        if let Some(risks) = self.items("accepted-risks") {
            risks.retain(|item| item.text_of("threat") != Some(id));
        }
        if let Some(answers) = self.items("answers") {
            answers.retain(|item| !item.text_of("question").is_some_and(|question| answers::names(question, id)));
        }
        let mut said = Vec::new();
        if let Some(controls) = self.items("controls") {
            controls.retain_mut(|control| {
                let changed = strike_control(control, id);
                let name = control.text_of("id").unwrap_or_default();
                if changed && is_empty(control) {
                    said.push(format!("control {} goes with {}", quote(name), quote(id)));
                    return false;
                }
                if changed {
                    said.push(format!("control {} no longer touches {}", quote(name), quote(id)));
                }
                true
            });
        }
        said.into_iter().for_each(|sentence| self.say(sentence));
    }
}

/// What striking a name from an entity did.
enum Struck {
    /// It cannot be without: through this field.
    Doomed(String),
    /// These fields lost it.
    Fields(Vec<String>),
}

fn strike(entry: &mut Node, id: &str, kind: Option<KindId>, library: &Library) -> Struck {
    let per = entry
        .get("per")
        .is_some_and(|per| per.as_text() == Some(id) || per.entries().iter().any(|(key, _)| key.text == id));
    if per {
        return Struck::Doomed("per".to_owned());
    }
    let mut fields = Vec::new();
    let Value::Map(entries) = &mut entry.value else { return Struck::Fields(fields) };
    let gate = kind.is_some_and(|kind| library.kinds[kind.0].gate);
    let mut doomed = None;
    for (key, value) in entries.iter_mut() {
        let field = kind.and_then(|kind| library.field(kind, &key.text));
        let is_ref = matches!(field.map(|field| &field.ty), Some(FieldType::Ref { .. }));
        let approver = value.get("approval").and_then(|approval| approval.text_of("by")) == Some(id);
        if key.text == "joins" && approver {
            *value = Node::scalar("closed", &value.span);
            fields.push("joins".to_owned());
        } else if (is_ref || (gate && key.text == "by")) && strike_value(value, id) {
            fields.push(key.text.clone());
            if matches!(value.value, Value::Null) && field.is_some_and(|field| field.required) {
                doomed = Some(key.text.clone());
            }
        }
    }
    if gate && fields.iter().any(|field| field == "by") {
        entries.retain(|(key, _)| !["by", "of", "self"].contains(&key.text.as_str()));
    }
    entries.retain(|(key, value)| !(fields.contains(&key.text) && matches!(value.value, Value::Null)));
    doomed.map_or(Struck::Fields(fields), Struck::Doomed)
}

/// Takes a name out of a value or a list; what becomes empty is nothing.
fn strike_value(value: &mut Node, id: &str) -> bool {
    if value.as_text() == Some(id) {
        value.value = Value::Null;
        return true;
    }
    let Value::List(items) = &mut value.value else { return false };
    let before = items.len();
    items.retain(|item| item.as_text() != Some(id));
    let struck = items.len() < before;
    if struck && items.is_empty() {
        value.value = Value::Null;
    }
    struck
}

fn strike_control(control: &mut Node, id: &str) -> bool {
    let mut changed = false;
    let Value::Map(entries) = &mut control.value else { return false };
    for (key, value) in entries.iter_mut() {
        let before = value.entries().len() + value.items().len();
        match (key.text.as_str(), &mut value.value) {
            ("patch", Value::Map(patches)) => {
                patches.retain(|(path, value)| !path_names(&path.text, id) && value.as_text() != Some(id));
            }
            ("blocks", Value::List(items)) => items.retain(|item| item.text_of("of") != Some(id)),
            ("remove", Value::List(items)) => items.retain(|item| item.as_text() != Some(id)),
            _ => {}
        }
        changed |= value.entries().len() + value.items().len() < before;
    }
    changed
}

/// Is this a path into the entry `id`: `id.field` or `section.id.field`?
fn path_names(path: &str, id: &str) -> bool {
    let mut parts = path.split('.');
    let first = parts.next().unwrap_or_default();
    first == id || (ID_LISTS.contains(&first) && parts.next() == Some(id))
}

/// Has a control nothing left to do?
fn is_empty(control: &Node) -> bool {
    let effects = ["blocks", "lowers", "patch", "remove", "overlay"];
    effects.iter().filter_map(|key| control.get(key)).all(|node| node.entries().is_empty() && node.items().is_empty())
}

/// The thing a capability is over.
pub(super) fn thing_of(node: &Node) -> Option<&str> {
    node.as_text().and_then(member_capability).map(|(_, thing, _)| thing.text)
}

/// A privilege in words.
pub fn describe(item: &Node) -> String {
    match item.text_of("id") {
        Some(id) => quote(id),
        None => {
            let part = |key: &str| item.text_of(key).unwrap_or("?").to_owned();
            quote(&format!("{} may {} over {}", part("who"), part("may"), part("over")))
        }
    }
}
