//! The library: kinds, verbs, assumptions and attack steps as data. The engine knows nothing of package indexes.

mod assumptions;
mod atoms;
mod collect;
mod kinds;
mod load;
pub mod names;
pub mod numbers;
mod placeholders;
mod readers;
pub mod references;
mod scope;
mod steps;
mod tables;
mod workload;

pub use atoms::{Word, member_capability};
pub use collect::LISTS;
pub use load::{InUse, Partial, embedded, install, is_replaced, load, load_partial};
pub use steps::{REF_SCHEMES, probability};

use std::sync::Arc;

use crate::source::{Source, Span};
use crate::units::{Effort, Failure, Grade, Number};

/// A library with all names resolved; a model's own additions are already merged in.
#[derive(Debug, Clone, Default)]
pub struct Library {
    /// Kinds, parents before children.
    pub kinds: Vec<Kind>,
    /// Verbs, by id.
    pub verbs: Vec<Verb>,
    /// Assumptions, by id.
    pub assumptions: Vec<AssumptionDecl>,
    /// Steps, by id.
    pub steps: Vec<StepDecl>,
    /// Rates of work, by id.
    pub workload: Vec<Rate>,
    /// Every file read, in order (for the hash).
    pub sources: Vec<Arc<Source>>,
}

/// Position in [`Library::kinds`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KindId(pub usize);

/// Which list of a model a kind's entities stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// People and organisations; principals.
    Actors,
    /// Running parts; principals.
    Services,
    /// What carries value or power.
    Assets,
}

/// A kind of entity.
#[derive(Debug, Clone)]
pub struct Kind {
    /// Kebab-case id.
    pub id: String,
    /// Parent; `None` for the roots actor, service, asset (and for principal, their common parent of actor and service).
    pub parent: Option<KindId>,
    /// Section; `None` only for `principal`.
    pub section: Option<Section>,
    /// One line.
    pub says: String,
    /// Own fields; inherited ones stand with the ancestors.
    pub fields: Vec<Field>,
    /// May be used as an approval gate.
    pub gate: bool,
    /// Where it is declared.
    pub span: Span,
}

/// A field of a kind.
#[derive(Debug, Clone)]
pub struct Field {
    /// Name, as written in models.
    pub name: String,
    /// Type.
    pub ty: FieldType,
    /// Must be given.
    pub required: bool,
    /// Of a relation: the verb that whatever it names is expected to hold over the thing.
    pub expects: Option<(String, Span)>,
    /// Of a relation: following it never leads back.
    pub acyclic: bool,
    /// One line.
    pub says: String,
}

/// Type of a field.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldType {
    /// true or false; the default.
    Flag(bool),
    /// One of these values; the default, if not required.
    Value(Vec<String>, Option<String>),
    /// A set of these values.
    Values(Vec<String>),
    /// A number in a range.
    Number {
        /// Least.
        min: f64,
        /// Most.
        max: f64,
        /// Whole numbers only.
        integer: bool,
    },
    /// A relation to entities of a kind.
    Ref {
        /// Target kind.
        kind: KindId,
        /// A list may be given.
        many: bool,
        /// Holds with the whole class, not member by member.
        class: bool,
    },
    /// Free text.
    Text,
    /// A duration, hours.
    Duration,
}

/// A verb.
#[derive(Debug, Clone)]
pub struct Verb {
    /// Id.
    pub id: String,
    /// Kinds it applies to.
    pub over: Vec<KindId>,
    /// The capability in words; `{thing}` is replaced.
    pub says: String,
    /// The grant in words; `{who}` and `{thing}` are replaced.
    pub grant: String,
    /// Where it is declared.
    pub span: Span,
}

/// An assumption as declared once.
#[derive(Debug, Clone)]
pub struct AssumptionDecl {
    /// Id.
    pub id: String,
    /// Names of what it is about.
    pub about: Vec<String>,
    /// In words; `{Name}` of `about` is replaced.
    pub text: String,
    /// The question for the room.
    pub question: String,
    /// "P is honest and unbreached".
    pub honesty: bool,
    /// How it fails.
    pub fails: Fails,
    /// Where it is declared.
    pub span: Span,
}

/// One number for all, or a table over one name of `about`.
#[derive(Debug, Clone)]
pub enum Fails {
    /// One entry.
    One(Parameter),
    /// By the value of `about[by]`.
    Table {
        /// Position in `about`.
        by: usize,
        /// (value, entry).
        entries: Vec<(String, Parameter)>,
    },
}

/// A number that can be overridden, drawn, or lowered by a control.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// `assumption` or `assumption.value`.
    pub id: String,
    /// The number.
    pub failure: Failure,
    /// Where it comes from.
    pub grade: Grade,
    /// Where it is written.
    pub span: Span,
}

/// Position of a variable in [`StepDecl::vars`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Var(pub usize);

/// A variable, or the whole class it ranges over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct VarRef {
    /// The variable.
    pub var: Var,
    /// `X.class`.
    pub class: bool,
}

/// A number about work, such as the minutes a review takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Rate {
    /// Id.
    pub id: String,
    /// In words.
    pub text: String,
    /// What it is counted in.
    pub unit: String,
    /// The number as written.
    pub value: Number,
    /// Where it comes from.
    pub grade: Grade,
    /// Where it is written.
    pub span: Span,
}

/// A capability pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Verb id.
    pub verb: String,
    /// Its thing.
    pub thing: VarRef,
}

/// One condition of a step.
#[derive(Debug, Clone, PartialEq)]
pub enum Atom {
    /// A capability that is needed.
    Capability(Term),
    /// A relation of the model.
    Relation {
        /// Subject.
        subject: VarRef,
        /// Field name, or `admitted-by`, `gated-by`.
        relation: String,
        /// Object.
        object: VarRef,
    },
    /// An attribute is (not) one of these values.
    Is {
        /// Variable.
        var: Var,
        /// Field name, or `external`, `present`.
        field: String,
        /// Values; flags as `true` and `false`.
        values: Vec<String>,
        /// `is not`.
        negated: bool,
    },
    /// A set-valued attribute has (lacks) a value.
    Has {
        /// Variable.
        var: Var,
        /// Field name.
        field: String,
        /// Value.
        value: String,
        /// `lacks`.
        negated: bool,
    },
    /// A privilege.
    May {
        /// Holder.
        who: VarRef,
        /// Verb id.
        verb: String,
        /// Thing; `.class` matches scope any.
        over: VarRef,
        /// Credential.
        using: Option<VarRef>,
    },
}

/// What an assumption of a step is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg {
    /// A variable or its class.
    Entity(VarRef),
    /// An attribute value of a variable.
    Value {
        /// Variable.
        var: Var,
        /// Field.
        field: String,
    },
}

/// One assumption a step rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestsOn {
    /// Position in [`Library::assumptions`].
    pub assumption: usize,
    /// One for each name of its `about`.
    pub args: Vec<Arg>,
}

/// An attack step.
#[derive(Debug, Clone)]
pub struct StepDecl {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Variables and their kinds.
    pub vars: Vec<(String, KindId)>,
    /// Conditions, as written.
    pub when: Vec<Atom>,
    /// What it gains.
    pub gain: Term,
    /// Assumptions it rests on.
    pub rests_on: Vec<RestsOn>,
    /// Uses something as designed.
    pub grant: bool,
    /// Effort; none is zero.
    pub effort: Option<Effort>,
    /// Chance that an attempt is noticed.
    pub detected: f64,
    /// Sentence; `{Var}` and `{Var.field}` are replaced.
    pub says: String,
    /// Review question.
    pub question: String,
    /// How the step may be wrong.
    pub false_positives: String,
    /// What stops it.
    pub stopped_by: Vec<String>,
    /// Whether that prevents, or only shows.
    pub effect: Effect,
    /// External ids: (scheme, ids), e.g. ("slsa", ["E"]).
    pub refs: Vec<(String, Vec<String>)>,
    /// Where it is declared.
    pub span: Span,
}

/// What the controls of a step do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Effect {
    /// They stop it.
    #[default]
    Prevents,
    /// They make it visible.
    Shows,
}

impl Library {
    /// Is `kind` the same as, or below, `ancestor`?
    pub fn is_a(&self, kind: KindId, ancestor: KindId) -> bool {
        let mut at = Some(kind);
        while let Some(id) = at {
            if id == ancestor {
                return true;
            }
            at = self.kinds[id.0].parent;
        }
        false
    }

    /// Can one thing be of both kinds: is one of them the other, or above it?
    pub fn overlap(&self, one: KindId, other: KindId) -> bool {
        self.is_a(one, other) || self.is_a(other, one)
    }

    /// A field of a kind or of its ancestors.
    pub fn field(&self, kind: KindId, name: &str) -> Option<&Field> {
        self.fields(kind).into_iter().find(|field| field.name == name)
    }

    /// All fields of a kind, its own first, then its ancestors'.
    pub fn fields(&self, kind: KindId) -> Vec<&Field> {
        let mut all = Vec::new();
        let mut at = Some(kind);
        while let Some(id) = at {
            all.extend(self.kinds[id.0].fields.iter());
            at = self.kinds[id.0].parent;
        }
        all
    }

    /// A kind by id.
    pub fn kind(&self, id: &str) -> Option<KindId> {
        self.kinds.iter().position(|kind| kind.id == id).map(KindId)
    }

    /// A verb by id.
    pub fn verb(&self, id: &str) -> Option<&Verb> {
        self.verbs.iter().find(|verb| verb.id == id)
    }

    /// A step by id.
    pub fn step(&self, id: &str) -> Option<&StepDecl> {
        self.steps.iter().find(|step| step.id == id)
    }

    /// Every parameter of every assumption.
    pub fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.assumptions.iter().flat_map(|decl| -> Vec<&Parameter> {
            match &decl.fails {
                Fails::One(parameter) => vec![parameter],
                Fails::Table { entries, .. } => entries.iter().map(|(_, parameter)| parameter).collect(),
            }
        })
    }
}
