//! Every step of the library carries all that a review asks of it, in its own words.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use cotenant::source::Source;
use cotenant::yaml::{self, Node};

/// Every YAML file below a folder of the repository, by name.
pub fn files(folder: &str) -> Vec<Arc<Source>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut found, mut open) = (Vec::new(), vec![root.join(folder)]);
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("a readable folder") {
            let path = entry.expect("a readable entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "yaml") {
                let name = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
                found.push(Source::new(name, std::fs::read_to_string(&path).expect("a readable file")));
            }
        }
    }
    found.sort();
    found
}

/// Texts that no step may leave out or leave empty.
const TEXTS: [&str; 6] = ["step", "title", "says", "question", "false-positives", "effect"];
/// Texts that no two steps may share.
const OWN: [&str; 4] = ["step", "title", "question", "false-positives"];

/// What is missing in a step, and its own words.
fn faults(step: &Node, said: &mut BTreeMap<(&'static str, String), String>) -> Vec<String> {
    let id = step.text_of("step").unwrap_or_default().to_owned();
    let mut found = Vec::new();
    for key in TEXTS {
        if step.text_of(key).is_none_or(|text| text.trim().is_empty()) {
            found.push(format!("{id}: `{key}` is empty"));
        }
    }
    for key in ["question", "false-positives"] {
        let end = if key == "question" { '?' } else { '.' };
        if !step.text_of(key).is_some_and(|text| text.ends_with(end)) {
            found.push(format!("{id}: `{key}` does not end with `{end}`"));
        }
    }
    let texts = |node: Option<&Node>| -> Vec<String> {
        node.map(Node::items).unwrap_or_default().iter().filter_map(|item| item.as_text().map(str::to_owned)).collect()
    };
    if texts(step.get("stopped-by")).iter().all(|text| text.is_empty()) {
        found.push(format!("{id}: nothing stops it"));
    }
    for (key, good) in
        [("slsa", is_slsa as fn(&str) -> bool), ("attack", is_attack), ("cwe", is_cwe), ("capec", is_capec)]
    {
        let ids = texts(step.get("refs").and_then(|refs| refs.get(key)));
        if ids.is_empty() || !ids.iter().all(|id| good(id)) {
            found.push(format!("{id}: refs.{key} is {ids:?}"));
        }
    }
    for key in ["effort", "detected"] {
        if step.get(key).is_none() {
            found.push(format!("{id}: no `{key}`"));
        }
    }
    for key in OWN {
        let text = step.text_of(key).unwrap_or_default().to_lowercase();
        if let Some(other) = said.insert((key, text), id.clone()) {
            found.push(format!("{id}: the same `{key}` as {other}"));
        }
    }
    found
}

fn is_slsa(id: &str) -> bool {
    matches!(id, "A" | "B" | "C" | "D" | "E" | "F" | "G" | "H" | "I" | "dependency")
}

fn numbered(id: &str, prefix: &str) -> bool {
    id.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit()))
}

fn is_attack(id: &str) -> bool {
    let (technique, sub) = id.split_once('.').unwrap_or((id, "001"));
    technique.len() == 5 && numbered(technique, "T") && sub.len() == 3 && numbered(sub, "")
}

fn is_cwe(id: &str) -> bool {
    numbered(id, "CWE-")
}

fn is_capec(id: &str) -> bool {
    numbered(id, "CAPEC-")
}

fn all_faults(sources: &[Arc<Source>]) -> (usize, Vec<String>) {
    let (mut said, mut found, mut steps) = (BTreeMap::new(), Vec::new(), 0);
    for source in sources {
        let step = yaml::parse(source).expect("YAML");
        let name = Path::new(&source.name).file_stem().expect("a name").to_string_lossy().into_owned();
        if step.text_of("step") != Some(&name) {
            found.push(format!("{}: holds another step", source.name));
        }
        found.extend(faults(&step, &mut said));
        steps += 1;
    }
    (steps, found)
}

#[test]
fn every_step_is_documented_in_its_own_words() {
    let (steps, found) = all_faults(&files("library/steps"));
    assert!(steps >= 60, "only {steps} steps");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn an_empty_field_is_refused() {
    let good = files("library/steps").into_iter().find(|source| source.name.ends_with("/escape-tenant.yaml")).unwrap();
    let lines: Vec<&str> = good.text.lines().collect();
    for key in
        ["title:", "says:", "question:", "false-positives:", "stopped-by:", "effect:", "effort:", "detected:", "refs:"]
    {
        let without: Vec<&str> = lines.iter().filter(|line| !line.starts_with(key)).copied().collect();
        let doctored = Source::new(good.name.clone(), without.join("\n"));
        assert!(!all_faults(&[doctored]).1.is_empty(), "a step without `{key}` passes");
    }
    let copied = Source::new("library/steps/copy.yaml", good.text.replace("step: escape-tenant", "step: copy"));
    assert_eq!(all_faults(&[good, copied]).1.len(), 3, "a copy shares title, question and false positives");
}
