//! What an incident model says beside the design: what happened, and what an answer about it is measured by.

use serde::{Deserialize, Serialize};

use super::CapabilityRef;
use crate::source::Span;
use crate::stats::wilson::Rate;

/// A fixed list of words, each with its meaning.
pub trait Vocabulary: Copy + Sized + 'static {
    /// What a word of the list says, for messages.
    const WHAT: &'static str;
    /// Every word, in the order of the documentation.
    const ALL: &'static [Self];

    /// The word as it is written.
    fn word(self) -> &'static str;
}

/// Declares a vocabulary: what it is, and its words with their meanings.
macro_rules! vocabulary {
    ($(#[doc = $meaning:literal])* $name:ident, $what:literal: $($(#[doc = $says:literal])* $variant:ident $word:literal,)*) => {
        $(#[doc = $meaning])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $($(#[doc = $says])* $variant,)*
        }

        impl Vocabulary for $name {
            const WHAT: &'static str = $what;
            const ALL: &'static [$name] = &[$($name::$variant,)*];

            fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }
        }
    };
}

vocabulary! {
    /// How the index that was hit lets its publishers publish.
    DesignClass, "class of designs":
    /// Publishers upload what they built themselves.
    StatusQuoUpload "status-quo-upload",
    /// The index builds for its publishers.
    NativeBuild "native-build",
    /// A CI service that the index chose builds for its publishers.
    ExternalCiOperator "external-ci-operator",
    /// Publishers bring a CI service of their own.
    ExternalCiByo "external-ci-byo",
    /// A closed or approved group shares one house.
    SharedHouse "shared-house",
}

vocabulary! {
    /// What became known, and how.
    IncidentKind, "kind of incident":
    /// Somebody did it, with intent to harm.
    Attack "attack",
    /// Somebody showed that it could be done.
    DisclosedVulnerability "disclosed-vulnerability",
    /// Credentials lay open.
    CredentialExposure "credential-exposure",
    /// A known flaw was used by somebody else than its finder.
    ExploitedByThirdParty "exploited-by-third-party",
}

vocabulary! {
    /// How certain it is that the chain was as written.
    Confidence, "confidence":
    /// Those who ran the index, or who found the flaw, say so.
    High "high",
    /// Some link of the chain is inferred.
    Medium "medium",
    /// The chain is one of several that fit what is known.
    Low "low",
}

vocabulary! {
    /// The weakest evidence that a statement rests on.
    Evidence, "kind of evidence":
    /// The words of those who were there.
    Primary "primary",
    /// Reports by others.
    Secondary "secondary",
    /// A passage quoted elsewhere.
    Excerpt "excerpt",
    /// Remembered, not read again.
    Memory "memory",
}

vocabulary! {
    /// Did whoever wrote the model know how it would score?
    Modelled, "way of modelling":
    /// Model, steps and judge were changed with the answer known, until they agreed.
    Fitted "fitted",
    /// Written before the library had been run on it.
    Blind "blind",
}

/// How a blind model scored when the library was first run on it. It is history: what is changed afterwards changes nothing here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FirstScore {
    /// Found, and not trivially.
    pub found: bool,
    /// Share of the documented intermediate capabilities, 0 to 1, if it was kept.
    pub shape: Option<f64>,
    /// Documented controls that cut, if it was kept.
    pub controls: Option<Rate>,
    /// Threats that held and were held, if it was kept.
    pub held: Option<Rate>,
    /// What was missed, and what was changed since.
    pub why: String,
}

/// A source of an incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncidentSource {
    /// Where it is to be read.
    pub reference: String,
    /// What kind of evidence it is.
    pub evidence: Evidence,
}

/// Something that was reached: the goal of a threat, from its footholds.
#[derive(Debug, Clone)]
pub struct IncidentEnd {
    /// Id of the threat whose footholds and goal are the documented ones.
    pub threat: String,
    /// The intermediate capabilities that are documented, in the order gained.
    pub documented: Vec<CapabilityRef>,
    /// Controls that the sources name as what would have prevented it; the other documented ones would not have.
    pub controls: Vec<String>,
    /// Why the end was reached as designed, if it was.
    pub grant: Option<String>,
}

/// A documented control, and why it is not among those that would have prevented anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlAside {
    /// Id of a control of the model, or words for one that it cannot express.
    pub control: String,
    /// Why.
    pub why: String,
}

/// Another threat of the model that was not carried out in reality.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldThreat {
    /// Id of the threat.
    pub threat: String,
    /// Why it held.
    pub why: String,
}

/// The `incident` section of a model.
#[derive(Debug, Clone)]
pub struct Incident {
    /// When, beginning with year, month and day as far as they are known.
    pub date: String,
    /// The index that was hit.
    pub index: String,
    /// How it lets its publishers publish.
    pub class: DesignClass,
    /// What became known.
    pub kind: IncidentKind,
    /// How certain the chain is.
    pub confidence: Confidence,
    /// The weakest evidence the chain rests on.
    pub evidence: Evidence,
    /// Counts in the hit rates.
    pub scored: bool,
    /// Written with the score known, or before.
    pub modelled: Modelled,
    /// The first score of a blind model, if it was kept.
    pub first_score: Option<FirstScore>,
    /// What happened, in a few sentences.
    pub summary: String,
    /// What was reached.
    pub chain: IncidentEnd,
    /// What else was reached, in the order of the model.
    pub also: Vec<IncidentEnd>,
    /// Documented controls of the model that would have stopped nothing of it.
    pub stops_nothing: Vec<ControlAside>,
    /// Controls that have nothing to do with it.
    pub unrelated: Vec<String>,
    /// Documented controls that the model cannot express.
    pub not_expressed: Vec<ControlAside>,
    /// Threats that must not be reached by the failures of that day.
    pub held: Vec<HeldThreat>,
    /// Where all this is to be read.
    pub sources: Vec<IncidentSource>,
    /// Where the section begins.
    pub span: Span,
}

impl Incident {
    /// Everything that was reached, the chain first.
    pub fn ends(&self) -> impl Iterator<Item = &IncidentEnd> {
        std::iter::once(&self.chain).chain(&self.also)
    }

    /// Every control that the sources name and the model has, each once: those that stop something in the order of the ends, then the others.
    pub fn documented_controls(&self) -> Vec<&str> {
        let stopping = self.ends().flat_map(|end| end.controls.iter().map(String::as_str));
        let mut found: Vec<&str> = Vec::new();
        for id in stopping.chain(self.stops_nothing.iter().map(|aside| aside.control.as_str())) {
            if !found.contains(&id) {
                found.push(id);
            }
        }
        found
    }

    /// Is the evidence for the chain weak: confidence below high, or rested on memory?
    pub fn is_weak(&self) -> bool {
        self.confidence != Confidence::High || self.evidence == Evidence::Memory
    }
}
