//! Which incidents show the ways of a design: those that the steps on its paths name.

use std::collections::{BTreeMap, BTreeSet};

use super::{DesignAnswer, Seen};
use crate::library::{Library, references};

/// The incidents named by the steps on the listed paths, most steps first, then by id.
pub fn seen(library: &Library, answer: &DesignAnswer) -> Vec<Seen> {
    let paths = answer.threats.iter().flat_map(|threat| threat.paths.paths.iter().chain(&threat.all_paths));
    let on: BTreeSet<&str> =
        paths.flat_map(|path| &path.steps).map(|id| answer.graph.step(*id).name.as_str()).collect();
    let mut by_incident: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for step in library.steps.iter().filter(|step| on.contains(step.id.as_str())) {
        for incident in references::ids(step, "incidents") {
            by_incident.entry(incident).or_default().push(step.id.clone());
        }
    }
    let mut all: Vec<Seen> =
        by_incident.into_iter().map(|(incident, steps)| Seen { incident: incident.to_owned(), steps }).collect();
    all.sort_by(|a, b| b.steps.len().cmp(&a.steps.len()).then_with(|| a.incident.cmp(&b.incident)));
    all
}
