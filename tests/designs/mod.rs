//! The built-in scenarios, loaded and answered, as they are or with edits.
#![allow(dead_code, reason = "each test binary uses a part")]

use std::collections::BTreeSet;
use std::sync::Arc;

use cotenant::diagnostic::{self, Diagnostic, render_all};
use cotenant::graph::AssumptionId;
use cotenant::graph::ground::{self, Compiled};
use cotenant::model::{self, Edits, Model, Resolver};
use cotenant::scenarios;
use cotenant::source::Source;
use cotenant::study::answer::{AnswerOptions, answer_model};
use cotenant::study::{DesignAnswer, ThreatAnswer, lint};

/// The publishers' own machines, the index's, other people's, and the shared houses.
pub const ORDER: [&str; 9] = [
    "status-quo",
    "native-containers",
    "native-apartment",
    "operator-ci",
    "byo-token",
    "byo-trusted",
    "house-distro",
    "house-forge-before",
    "house-forge-after",
];

/// A loaded scenario.
pub struct Design {
    /// The model.
    pub model: Model,
    /// Its graph.
    pub compiled: Compiled,
    /// Lints.
    pub warnings: Vec<Diagnostic>,
}

/// A scenario with edits.
pub fn load(name: &str, edits: &Edits) -> Design {
    let source = scenarios::find(name).unwrap_or_else(|| panic!("no scenario {name}"));
    load_source(&source, &scenarios::resolve, edits)
}

/// A model that is one of the scenarios, or was made of one.
pub fn load_source(source: &Arc<Source>, resolver: &Resolver<'_>, edits: &Edits) -> Design {
    let told = |found: &[Diagnostic]| render_all(found, 100, false);
    let (model, mut warnings) = model::load_source(source, resolver, edits).unwrap_or_else(|e| panic!("{}", told(&e)));
    let compiled = ground::compile(&model).unwrap_or_else(|faults| panic!("{}", told(&lint::faults(&faults))));
    warnings.extend(lint::lints(&model, &compiled));
    diagnostic::sort(&mut warnings);
    Design { model, compiled, warnings }
}

impl Design {
    /// Its answers.
    pub fn answer(&self, options: &AnswerOptions) -> DesignAnswer {
        answer_model(&self.model, &self.compiled, &self.model.design, options).unwrap_or_else(|why| panic!("{why}"))
    }
}

/// Everything answered about a scenario with edits.
pub fn answer(name: &str, edits: &Edits) -> DesignAnswer {
    load(name, edits).answer(&AnswerOptions::default())
}

/// The same without listing every path.
pub fn briefly(name: &str, edits: &Edits) -> DesignAnswer {
    load(name, edits).answer(&AnswerOptions { k: 1, counts: false, ..AnswerOptions::default() })
}

/// The same with coalitions among these only.
pub fn among(name: &str, edits: &Edits, candidates: &[&str]) -> DesignAnswer {
    let among = candidates.iter().map(|id| (*id).to_owned()).collect();
    load(name, edits).answer(&AnswerOptions { k: 1, counts: false, among, ..AnswerOptions::default() })
}

/// No edits.
pub fn as_it_is() -> Edits {
    Edits::default()
}

/// A field set.
pub fn set(path: &str, value: &str) -> Edits {
    Edits { sets: vec![(path.to_owned(), value.to_owned())], ..Edits::default() }
}

/// A piece of model laid over.
pub fn lay_over(text: &str) -> Edits {
    let source = Source::new("overlay.yaml", format!("cotenant: 1\n{text}\n"));
    Edits { overlays: vec![source], ..Edits::default() }
}

/// Things taken out.
pub fn without(ids: &[&str]) -> Edits {
    Edits { without: ids.iter().map(|id| (*id).to_owned()).collect(), ..Edits::default() }
}

/// Controls switched on.
pub fn with(ids: &[&str]) -> Edits {
    Edits { with: ids.iter().map(|id| (*id).to_owned()).collect(), ..Edits::default() }
}

/// A threat by name.
pub fn threat<'a>(answer: &'a DesignAnswer, name: &str) -> &'a ThreatAnswer {
    let found = answer.threats.iter().find(|threat| threat.threat == name);
    found.unwrap_or_else(|| panic!("{} does not ask {name}", answer.design))
}

/// Names of assumptions.
pub fn names(answer: &DesignAnswer, ids: &[AssumptionId]) -> BTreeSet<String> {
    ids.iter().map(|id| answer.graph.assumption(*id).name.clone()).collect()
}

/// Minimal attack sets of a threat, by name; the list must be complete.
pub fn attack_sets(answer: &DesignAnswer, name: &str) -> BTreeSet<BTreeSet<String>> {
    let sets = &threat(answer, name).attack_sets;
    assert!(sets.complete, "{}: not every attack set of {name} is known", answer.design);
    sets.sets.iter().map(|set| names(answer, set)).collect()
}

/// Minimal coalitions of a threat, by name; the list must be complete.
pub fn coalitions(answer: &DesignAnswer, name: &str) -> BTreeSet<BTreeSet<String>> {
    let found = &threat(answer, name).coalitions;
    assert!(found.complete, "{}: not every coalition of {name} is known", answer.design);
    let named = |id: &cotenant::graph::PrincipalId| answer.graph.principals[id.0 as usize].name.clone();
    found.coalitions.iter().map(|coalition| coalition.iter().map(named).collect()).collect()
}
