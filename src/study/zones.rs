//! Who controls what: the trust zone of every entity of a model, for drawings. A zone changes where trust does.

use std::collections::BTreeMap;

use crate::library::Section;
use crate::model::{EntityId, Model, Value};

/// Relation: whoever administers a service.
const OPERATED_BY: &str = "operated-by";
/// Relation: what a service stands on.
const RUNS_ON: &str = "runs-on";
/// Flag: its operator is not in the model.
const EXTERNAL: &str = "external";

/// Per entity that is one thing (not one per member): who controls it, in words. Assets belong to nobody's zone: they are drawn where
/// they are met.
pub fn zones(model: &Model) -> BTreeMap<String, String> {
    let ids = (0..model.entities.len()).map(EntityId);
    ids.filter_map(|id| Some((model.entity(id).id.clone(), zone(model, id, 0)?))).collect()
}

/// Operators decide; a service that nobody is said to operate belongs to whoever runs what it stands on.
fn zone(model: &Model, id: EntityId, depth: usize) -> Option<String> {
    let entity = model.entity(id);
    if depth > model.entities.len() {
        return None;
    }
    match model.library.kinds.get(entity.kind.0)?.section? {
        Section::Actors => Some(entity.id.clone()),
        Section::Assets => None,
        Section::Services => {
            let external =
                |field: &crate::model::FieldValue| field.name == EXTERNAL && field.value == Value::Flag(true);
            if entity.fields.iter().any(external) {
                return Some(format!("outside: {}", entity.id));
            }
            let over = [OPERATED_BY, RUNS_ON].iter().find_map(|field| model.refs(id, field).first().copied());
            over.and_then(|over| zone(model, over, depth + 1)).map(|zone| match zone.strip_prefix("outside: ") {
                Some(_) => zone,
                None if zone.starts_with("run by ") => zone,
                None => format!("run by {zone}"),
            })
        }
    }
}
