//! Steps are mechanisms: none speaks of an index or a vendor that an incident was about.

use std::collections::BTreeSet;

use super::{Fault, Finding, Use};
use crate::library::{Library, StepDecl};

/// Steps whose texts or logic name an incident's index, or what stands before the year in its id.
pub fn proper_names(library: &Library, models: &[Use]) -> Vec<Finding> {
    let incidents = models.iter().filter(|model| model.incident);
    let names: BTreeSet<String> = incidents.flat_map(|model| [model.index.to_lowercase(), stem(&model.id)]).collect();
    let names: Vec<&String> = names.iter().filter(|name| name.len() > 1).collect();
    let mut found = Vec::new();
    for step in &library.steps {
        let text = spoken(step).to_lowercase();
        for name in names.iter().filter(|name| mentions(&text, name)) {
            found.push(Finding::new(Fault::ProperName, &step.id, format!("names {name}")));
        }
    }
    found
}

/// `rubygems-2013-yaml-rce` is about `rubygems`.
pub(super) fn stem(id: &str) -> String {
    let year = |part: &&str| part.len() != 4 || !part.bytes().all(|byte| byte.is_ascii_digit());
    id.split('-').take_while(year).collect::<Vec<_>>().join("-")
}

/// Everything a step says but its references.
fn spoken(step: &StepDecl) -> String {
    let mut parts: Vec<&str> = vec![&step.id, &step.title, &step.says, &step.question, &step.false_positives];
    parts.extend(step.stopped_by.iter().map(String::as_str));
    parts.extend(step.vars.iter().map(|(name, _)| name.as_str()));
    parts.join("\n")
}

/// Does a name stand in a text as a word of its own?
fn mentions(text: &str, name: &str) -> bool {
    let boundary = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    text.match_indices(name)
        .any(|(at, _)| boundary(text[..at].chars().next_back()) && boundary(text[at + name.len()..].chars().next()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words_of_their_own() {
        assert_eq!(stem("rubygems-2013-yaml-rce"), "rubygems");
        assert_eq!(stem("house-forge-2018"), "house-forge");
        assert!(mentions("what nix does", "nix") && mentions("nix.", "nix"));
        assert!(!mentions("unix", "nix") && !mentions("nixed", "nix"));
    }
}
