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
    drop_from(incident, &ENDS, &is_gone, said);
    if let Some(Value::List(also)) = incident.get_mut("also").map(|node| &mut node.value) {
        also.iter_mut().for_each(|end| drop_from(end, &LISTS, &is_gone, said));
    }
    drop_from(incident, &LISTS, &is_gone, said);
}

/// Lists of a section, and of an entry under `also`.
const LISTS: [(&str, Named); 5] = [
    ("documented", thing_of),
    ("controls", Node::as_text),
    ("stops-nothing", |item| item.text_of("control")),
    ("unrelated", Node::as_text),
    ("held", |item| item.text_of("threat")),
];

/// What was carried out as well: it goes as a whole where its threat is gone.
const ENDS: [(&str, Named); 1] = [("also", |item| item.text_of("threat"))];

/// Drops the items of lists that name what is gone.
fn drop_from(node: &mut Node, lists: &[(&str, Named)], is_gone: &dyn Fn(Option<&str>) -> bool, said: &mut Vec<String>) {
    for (list, named) in lists {
        let Some(Value::List(items)) = node.get_mut(list).map(|node| &mut node.value) else { continue };
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
