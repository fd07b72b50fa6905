//! Grounded steps before they have numbers.

use super::members::Instance;
use crate::source::Span;
use crate::units::Effort;

/// A grounded capability.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cap {
    /// Verb id.
    pub verb: String,
    /// Its thing.
    pub thing: Instance,
}

impl Cap {
    /// `verb(thing)`.
    pub fn new(verb: &str, thing: Instance) -> Cap {
        Cap { verb: verb.to_owned(), thing }
    }
}

/// A value of an assumption's `about`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// A member, or a whole class.
    Member(Instance),
    /// An attribute value.
    Value(String),
}

/// An assumption variable: steps share fate exactly when these are equal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Variable {
    /// Declared in the library.
    Declared {
        /// Position in the library.
        assumption: usize,
        /// Values of its `about`.
        about: Vec<About>,
        /// The control that lowered it.
        lowered_by: Option<usize>,
    },
    /// A thing that may be left over (`present: p`).
    LeftOverThing(Instance),
    /// A privilege that may be left over, of one holder.
    LeftOverPrivilege(usize, Instance),
}

/// What a step claims to be; resting on something makes it an exploit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nature {
    /// Uses something as designed.
    Grant,
    /// Follows from how things are connected.
    Consequence,
}

/// A grounded step without a number.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Library id, or the verb of a grant.
    pub name: String,
    /// Whether it comes from the library.
    pub library: bool,
    /// What it is if it rests on nothing.
    pub nature: Nature,
    /// Gained.
    pub gains: Cap,
    /// Needed.
    pub needs: Vec<Cap>,
    /// Threshold.
    pub quorum: Option<(Vec<Cap>, u32)>,
    /// Assumptions.
    pub variables: Vec<Variable>,
    /// Constantly failed assumptions, by parameter.
    pub dropped: Vec<String>,
    /// Members it is about, beside those it needs and gains (for controls of one entity).
    pub subjects: Vec<Instance>,
    /// Effort.
    pub effort: Option<Effort>,
    /// Chance that an attempt is noticed.
    pub detected: f64,
    /// Delay, hours.
    pub delay_h: f64,
    /// Sentence.
    pub says: String,
    /// Places.
    pub because: Vec<Span>,
    /// Controls that take it out.
    pub unless: Vec<usize>,
    /// Controls it needs.
    pub only_with: Vec<usize>,
}

impl Draft {
    /// A step that gains something, with everything else empty.
    pub fn new(name: &str, nature: Nature, gains: Cap, says: String) -> Draft {
        Draft {
            name: name.to_owned(),
            library: false,
            nature,
            gains,
            needs: Vec::new(),
            quorum: None,
            variables: Vec::new(),
            dropped: Vec::new(),
            subjects: Vec::new(),
            effort: None,
            detected: 0.0,
            delay_h: 0.0,
            says,
            because: Vec::new(),
            unless: Vec::new(),
            only_with: Vec::new(),
        }
    }

    /// The same, needing these.
    pub fn needing(mut self, needs: impl IntoIterator<Item = Cap>) -> Draft {
        self.needs.extend(needs);
        self.needs.sort();
        self.needs.dedup();
        self
    }

    /// The same, justified by these places.
    pub fn because(mut self, places: impl IntoIterator<Item = Span>) -> Draft {
        self.because.extend(places);
        self
    }

    /// Every member it touches.
    pub fn touches(&self) -> Vec<Instance> {
        let mut all: Vec<Instance> = self.needs.iter().map(|cap| cap.thing).chain([self.gains.thing]).collect();
        for variable in &self.variables {
            match variable {
                Variable::Declared { about, .. } => all.extend(about.iter().filter_map(|value| match value {
                    About::Member(member) => Some(*member),
                    About::Value(_) => None,
                })),
                Variable::LeftOverThing(member) | Variable::LeftOverPrivilege(_, member) => all.push(*member),
            }
        }
        all
    }

    /// What makes it the same step after members are renamed.
    pub fn key(&self, rename: impl Fn(Instance) -> Instance) -> DraftKey {
        let cap = |cap: &Cap| Cap::new(&cap.verb, rename(cap.thing));
        let mut needs: Vec<Cap> = self.needs.iter().map(cap).collect();
        let mut variables: Vec<Variable> =
            self.variables.iter().map(|variable| rename_variable(variable, &rename)).collect();
        needs.sort();
        variables.sort();
        let quorum = self.quorum.as_ref().map(|(of, q)| (of.iter().map(cap).collect(), *q));
        DraftKey {
            name: self.name.clone(),
            gains: cap(&self.gains),
            needs,
            variables,
            quorum,
            guards: (self.unless.clone(), self.only_with.clone()),
        }
    }
}

/// Identity of a grounded step.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DraftKey {
    name: String,
    gains: Cap,
    needs: Vec<Cap>,
    variables: Vec<Variable>,
    quorum: Option<(Vec<Cap>, u32)>,
    guards: (Vec<usize>, Vec<usize>),
}

/// A variable with its members renamed.
pub fn rename_variable(variable: &Variable, rename: &impl Fn(Instance) -> Instance) -> Variable {
    match variable {
        Variable::Declared { assumption, about, lowered_by } => Variable::Declared {
            assumption: *assumption,
            about: about
                .iter()
                .map(|value| match value {
                    About::Member(member) => About::Member(rename(*member)),
                    About::Value(text) => About::Value(text.clone()),
                })
                .collect(),
            lowered_by: *lowered_by,
        },
        Variable::LeftOverThing(member) => Variable::LeftOverThing(rename(*member)),
        Variable::LeftOverPrivilege(at, member) => Variable::LeftOverPrivilege(*at, rename(*member)),
    }
}
