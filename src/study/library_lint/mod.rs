//! What is wrong with a library, seen from the models that use it: steps nothing sets off, capabilities nothing gains, texts and
//! numbers that were copied, metadata that is missing, names of incidents where only mechanisms belong.

mod copies;
mod embedded;
mod gaps;
mod proper_names;

pub use embedded::embedded;

use std::collections::BTreeSet;

use crate::graph::ground::Compiled;
use crate::library::Library;
use crate::model::Model;

/// What a model tells about the library.
#[derive(Debug, Clone)]
pub struct Use {
    /// Design id.
    pub id: String,
    /// The index it is a model of: of an incident what it says, of a system its title. All designs are variants of one index that never was.
    pub index: String,
    /// An incident model.
    pub incident: bool,
    /// Steps that can happen in it.
    pub fired: BTreeSet<String>,
    /// Verbs its privileges grant, each with the kind of thing it is over.
    pub granted: BTreeSet<(String, String)>,
}

/// The index of models that describe none.
pub const DESIGNS: &str = "designs compared";

impl Use {
    /// What a compiled model tells.
    pub fn of(model: &Model, compiled: &Compiled) -> Use {
        let kind = |privilege: &crate::model::Privilege| {
            let kind = model.entity(privilege.over).kind;
            (privilege.verb.clone(), model.library.kinds[kind.0].id.clone())
        };
        Use {
            id: model.design.clone(),
            index: model.incident.as_ref().map_or(DESIGNS.to_owned(), |incident| incident.index.clone()),
            incident: model.incident.is_some(),
            fired: compiled.fired.clone(),
            granted: model.privileges.iter().map(kind).collect(),
        }
    }

    /// Are these models of one index: named by the same first word, or incidents whose ids begin alike? In doubt they are.
    fn is_of_same_index(&self, other: &Use) -> bool {
        let word = |name: &str| name.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase();
        let alike = self.incident && other.incident && proper_names::stem(&self.id) == proper_names::stem(&other.id);
        alike || word(&self.index) == word(&other.index)
    }
}

/// What sort of thing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// No model sets the step off.
    NeverFires,
    /// Nothing gains what a step needs, or what a verb says.
    NothingGains,
    /// Two steps have the same text, or two parameters the same range.
    Copied,
    /// Two steps take the same time, given by more than one number. Round numbers meet by chance: a hint, no fault.
    SameEffort,
    /// Something is not said that every step, assumption, kind and verb says.
    Missing,
    /// An external id that has not the form of its scheme, or names no incident model.
    BadReference,
    /// A step speaks of an incident, not of a mechanism.
    ProperName,
}

impl Fault {
    /// As it is printed.
    pub fn word(self) -> &'static str {
        match self {
            Fault::NeverFires => "never-fires",
            Fault::NothingGains => "nothing-gains",
            Fault::Copied => "copied",
            Fault::SameEffort => "same-effort",
            Fault::Missing => "missing",
            Fault::BadReference => "bad-reference",
            Fault::ProperName => "proper-name",
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// What sort of thing.
    pub fault: Fault,
    /// The step, assumption, parameter, kind or verb.
    pub about: String,
    /// In words.
    pub says: String,
}

impl Finding {
    fn new(fault: Fault, about: &str, says: impl Into<String>) -> Finding {
        Finding { fault, about: about.to_owned(), says: says.into() }
    }
}

/// A step that fires in models of one index only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resting {
    /// The step.
    pub step: String,
    /// The index.
    pub index: String,
    /// Its models in which it fires.
    pub models: Vec<String>,
}

/// What is wrong with a library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LibraryLint {
    /// By fault, then by what they are about.
    pub findings: Vec<Finding>,
    /// Steps that rest on one index, by id.
    pub resting: Vec<Resting>,
}

/// Looks at a library and at the models that use it.
pub fn library_lint(library: &Library, models: &[Use]) -> LibraryLint {
    let mut findings = Vec::new();
    let unfired = library.steps.iter().filter(|step| !models.iter().any(|model| model.fired.contains(&step.id)));
    findings.extend(unfired.map(|step| Finding::new(Fault::NeverFires, &step.id, "no model sets it off")));
    findings.extend(gaps::nothing_gains(library, models));
    findings.extend(copies::copies(library));
    findings.extend(gaps::missing(library));
    findings.extend(gaps::references(library, models));
    findings.extend(proper_names::proper_names(library, models));
    findings.sort();
    LibraryLint { findings, resting: resting(library, models) }
}

fn resting(library: &Library, models: &[Use]) -> Vec<Resting> {
    let mut found = Vec::new();
    for step in &library.steps {
        let fired: Vec<&Use> = models.iter().filter(|model| model.fired.contains(&step.id)).collect();
        let Some(first) = fired.first().filter(|first| fired.iter().all(|model| first.is_of_same_index(model))) else {
            continue;
        };
        let mut ids: Vec<String> = fired.iter().map(|model| model.id.clone()).collect();
        ids.sort();
        found.push(Resting { step: step.id.clone(), index: first.index.clone(), models: ids });
    }
    found
}
