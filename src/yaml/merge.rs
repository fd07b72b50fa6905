//! Laying one entry over another, field by field.

use super::{Node, Value};

/// Keys of which one replaces the others when entries are laid over each other.
const EXCLUSIVE: [&[&str]; 1] = [&["source", "derived", "guess"]];

/// Lays `over` on `base`, key by key. Mappings under a key in `deep` merge in the same way; every other value of
/// `over` replaces the one it meets. Anything but two mappings is replaced as a whole.
pub fn lay_over(base: &mut Node, over: &Node, deep: &[&str]) {
    let (Value::Map(_), Value::Map(entries)) = (&base.value, &over.value) else {
        *base = over.clone();
        return;
    };
    for (key, value) in entries {
        drop_exclusive(base, &key.text);
        match base.get_mut(&key.text) {
            Some(have) if deep.contains(&key.text.as_str()) => lay_over(have, value, deep),
            Some(have) => *have = value.clone(),
            None => {
                if let Value::Map(have) = &mut base.value {
                    have.push((key.clone(), value.clone()));
                }
            }
        }
    }
}

fn drop_exclusive(base: &mut Node, key: &str) {
    if let (Some(group), Value::Map(have)) = (EXCLUSIVE.iter().find(|group| group.contains(&key)), &mut base.value) {
        have.retain(|(other, _)| other.text == key || !group.contains(&other.text.as_str()));
    }
}
