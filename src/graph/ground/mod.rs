//! Compiles a model into its capability graph: facts, joined with the library's steps, to the least fixpoint.

mod controls;
mod draft;
mod emit;
mod facts;
mod gates;
mod grants;
mod join;
mod members;
mod steps;
mod threats;

use std::collections::BTreeSet;

use crate::graph::CapabilityGraph;
use crate::model::Model;
use crate::source::Span;

pub use grants::{ACT_AS, ADMIT, APPROVE, KNOW, PASSES, WHOLE_FAMILY};
pub use steps::ConstantNote;
pub use threats::{EVERY_VICTIM, SOME_VICTIM, stated};

/// A compiled model.
#[derive(Debug, Clone)]
pub struct Compiled {
    /// The graph.
    pub graph: CapabilityGraph,
    /// Library steps that fired, by id.
    pub fired: BTreeSet<String>,
    /// Step instances taken out by a constant 0.
    pub ruled_out: Vec<ConstantNote>,
    /// Step instances whose protection is not there.
    pub dropped: Vec<ConstantNote>,
}

/// Why a model cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Where.
    pub span: Option<Span>,
}

/// Compiles a model. The cost does not depend on how many members its classes have.
///
/// # Errors
/// Threats that place their victims differently, and steps that would relate two families member by member.
pub fn compile(model: &Model) -> Result<Compiled, Vec<Fault>> {
    let members = members::Members::new(model).map_err(|members::MixedPlacement| {
        vec![Fault {
            message: "threats over one grouped class place their victims differently".into(),
            help: "give every threat over the class the same `placed`, or split the model".into(),
            span: model.threats.first().map(|threat| threat.span.clone()),
        }]
    })?;
    let facts = facts::Facts::new(model, &members);
    let grounded = steps::ground(&join::Join { model, members: &members, facts: &facts });
    let grants = grants::Grants { model, members: &members, facts: &facts };
    let mut drafts = grounded.drafts;
    drafts.extend(grants.ground());
    gates::Gates { model, members: &members }.ground(&mut drafts);
    let asked = threats::Asked::new(model, &members);
    drafts.extend(grants.whole_families(&drafts));
    // The goal of a question about many is over a whole family in name only: no member has it.
    drafts.extend(asked.steps.iter().cloned());
    grants.empty_seats(&mut drafts);
    grants.left_overs(&mut drafts);
    let drafts = controls::guard(model, drafts);
    emit::emit(model, &members, drafts, &asked, grounded.ruled_out)
}
