//! Files of the library to its entries, a model's own entries laid over them.

use std::sync::Arc;

use super::names::refuse_reserved;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Source, Span};
use crate::yaml::{self, Node, fields};

/// An entry with its id, not yet checked.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Id.
    pub id: String,
    /// The mapping.
    pub node: Node,
    /// Where the id stands.
    pub span: Span,
    /// Written in (or changed by) the model, not the library.
    pub own: bool,
}

/// All entries of a library.
#[derive(Debug, Default)]
pub struct Entries {
    /// Of `kinds`.
    pub kinds: Vec<Entry>,
    /// Of `verbs`.
    pub verbs: Vec<Entry>,
    /// Of `assumptions`.
    pub assumptions: Vec<Entry>,
    /// Of `workload`.
    pub workload: Vec<Entry>,
    /// Of `steps`, and the files that are one step.
    pub steps: Vec<Entry>,
}

/// The lists of a library file and the key that holds the id of their entries.
pub const LISTS: [(&str, &str); 5] =
    [("kinds", "kind"), ("verbs", "verb"), ("assumptions", "assumption"), ("workload", "rate"), ("steps", "step")];

impl Entries {
    fn list(&mut self, name: &str) -> &mut Vec<Entry> {
        match name {
            "kinds" => &mut self.kinds,
            "verbs" => &mut self.verbs,
            "assumptions" => &mut self.assumptions,
            "workload" => &mut self.workload,
            _ => &mut self.steps,
        }
    }

    fn add(&mut self, list: &str, id_key: &str, node: &Node, own: bool, out: &mut Vec<Diagnostic>) {
        let what = format!("an entry of `{list}`");
        if node.entries().is_empty() {
            out.push(Diagnostic::new(
                Code::WrongType,
                &node.span,
                format!("{what} is a mapping, this is {}", node.shape()),
            ));
            return;
        }
        let Some(id_node) = node.get(id_key) else {
            out.push(Diagnostic::new(Code::MissingKey, &node.span, format!("{what} has no `{id_key}`")));
            return;
        };
        let Some(id) = yaml::id(id_node, out) else { return };
        refuse_reserved(&id, &format!("a {id_key}"), &["external", "principals"], &id_node.span, out);
        let entries = self.list(list);
        match entries.iter_mut().find(|entry| entry.id == id) {
            Some(first) if own && !first.own => {
                yaml::lay_over(&mut first.node, node, &["fields"]);
                first.own = true;
                first.span = id_node.span.clone();
            }
            Some(first) => {
                out.push(Diagnostic::duplicate(Code::DuplicateId, &id_node.span, id_key, &id, &first.span));
            }
            None => entries.push(Entry { id, node: node.clone(), span: id_node.span.clone(), own }),
        }
    }

    fn add_lists(&mut self, node: &Node, what: &str, own: bool, out: &mut Vec<Diagnostic>) {
        let keys = LISTS.map(|(list, _)| list);
        let Some(file) = fields(node, what, &keys, out) else { return };
        for (list, id_key) in LISTS {
            let items = file.get(list).and_then(|node| yaml::list(node, &format!("`{list}`"), out));
            for item in items.unwrap_or_default() {
                self.add(list, id_key, item, own, out);
            }
        }
    }
}

/// Reads every file and the model's own section.
pub fn collect(sources: &[Arc<Source>], extra: Option<&Node>, out: &mut Vec<Diagnostic>) -> Entries {
    let mut entries = Entries::default();
    for source in sources {
        match yaml::parse(source) {
            Err(errors) => out.extend(errors),
            Ok(node) if node.get("step").is_some() => entries.add("steps", "step", &node, false, out),
            Ok(node) => entries.add_lists(&node, "a library file", false, out),
        }
    }
    if let Some(extra) = extra {
        entries.add_lists(extra, "`library`", true, out);
    }
    entries.kinds.sort_by(|a, b| a.id.cmp(&b.id));
    entries.verbs.sort_by(|a, b| a.id.cmp(&b.id));
    entries.workload.sort_by(|a, b| a.id.cmp(&b.id));
    entries.assumptions.sort_by(|a, b| a.id.cmp(&b.id));
    entries.steps.sort_by(|a, b| a.id.cmp(&b.id));
    entries
}
