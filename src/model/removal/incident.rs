//! What an `incident` section can no longer say once something it names is gone.

use super::thing_of;
use crate::diagnostic::quote;
use crate::yaml::{Node, Value};

/// What an item of a list names.
type Named = fn(&Node) -> Option<&str>;

/// Drops what the section says about things that are gone, or the section where the threat itself is.
pub fn forget(root: &mut Node, gone: &[String], said: &mut Vec<String>) {
    let is_gone = |id: Option<&str>| id.is_some_and(|id| gone.iter().any(|gone| gone == id || is_one_of(id, gone)));
    let Some(incident) = root.get_mut("incident") else { return };
    if let Some(threat) = incident.text_of("threat").filter(|threat| is_gone(Some(threat))) {
        said.push(format!("the incident goes with threat {}", quote(threat)));
        if let Value::Map(entries) = &mut root.value {
            entries.retain(|(key, _)| key.text != "incident");
        }
        return;
    }
    let lists: [(&str, Named); 4] = [
        ("documented", thing_of),
        ("controls", Node::as_text),
        ("unrelated", Node::as_text),
        ("held", |item| item.text_of("threat")),
    ];
    for (list, named) in lists {
        let Some(Value::List(items)) = incident.get_mut(list).map(|node| &mut node.value) else { continue };
        items.retain(|item| {
            let name = named(item).filter(|name| is_gone(Some(name)));
            if let Some(name) = name {
                said.push(format!("the incident no longer names {} under `{list}`", quote(name)));
            }
            name.is_none()
        });
    }
}

/// Is this one threat of a group that was written once?
fn is_one_of(id: &str, group: &str) -> bool {
    id.strip_prefix(group).is_some_and(|rest| rest.starts_with('.'))
}
