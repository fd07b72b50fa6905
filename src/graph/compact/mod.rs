//! A capability graph in columns, for millions of steps: what many steps have in common is kept once, so that a step takes about sixteen bytes
//! and its needs four each, and still tells its name, its sentence and the lines of the model behind it.
//!
//! It holds what an expanded graph holds: no families, no guards, no quorums. Any step can be had in full ([`Compact::step`]), and so can the
//! whole graph ([`Compact::graph`]).

mod fixpoint;

use std::fmt;

pub use fixpoint::{Attained, Waiting};

use super::{Assumption, AssumptionId, Capability, CapabilityGraph, CapabilityId, Step, StepId, StepKind};
use crate::source::Place;
use crate::units::Effort;

/// What steps of one kind have in common.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// Library id, or the verb of a grant.
    pub name: String,
    /// Kind as grounded.
    pub kind: StepKind,
    /// How long it takes.
    pub effort: Option<Effort>,
    /// Chance that an attempt is noticed.
    pub detected: f64,
    /// Constant duration before it, hours.
    pub delay_h: f64,
    /// The sentence.
    pub says: String,
    /// Model lines that justify it.
    pub because: Vec<Place>,
    /// Assumptions that are constantly failed here and were dropped.
    pub dropped: Vec<String>,
}

/// What a step rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rests<'a> {
    /// Nothing.
    Nothing,
    /// An assumption of its own, described by this one of [`Builder::own`].
    Own(u32),
    /// Assumptions that other steps may rest on too.
    Shared(&'a [AssumptionId]),
}

/// The columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Compact {
    /// Name and first position of each run of capabilities, and whether it is numbered.
    runs: Vec<(String, u32, bool)>,
    capabilities: u32,
    forms: Vec<Form>,
    own: Vec<Assumption>,
    shared: Vec<Assumption>,
    /// Per step: its form.
    form: Vec<u16>,
    gains: Vec<u32>,
    /// Per step: how many needs.
    arity: Vec<u8>,
    /// Per [`STRIDE`] steps: where their needs begin.
    offsets: Vec<u32>,
    needs: Vec<u32>,
    /// Per step: nothing, one of its own, one shared, or a list.
    rests: Vec<u32>,
    lists: Vec<Vec<AssumptionId>>,
}

/// Steps between two known offsets.
const STRIDE: usize = 64;
const NOTHING: u32 = u32::MAX;
const OWN: u32 = 1 << 31;
const LIST: u32 = 1 << 30;

/// Builds a [`Compact`].
#[derive(Debug)]
pub struct Builder {
    graph: Compact,
    sorted: Vec<u32>,
}

impl Builder {
    /// With room for so many steps with so many needs in all.
    pub fn new(steps: usize, needs: usize) -> Builder {
        let graph = Compact {
            runs: Vec::new(),
            capabilities: 0,
            forms: Vec::new(),
            own: Vec::new(),
            shared: Vec::new(),
            form: Vec::with_capacity(steps),
            gains: Vec::with_capacity(steps),
            arity: Vec::with_capacity(steps),
            offsets: Vec::with_capacity(steps / STRIDE + 1),
            needs: Vec::with_capacity(needs),
            rests: Vec::with_capacity(steps),
            lists: Vec::new(),
        };
        Builder { graph, sorted: Vec::new() }
    }

    /// So many capabilities of one name: `name(0)`, `name(1)` and so on, or just `name` where there is one. Gives the first.
    pub fn capabilities(&mut self, name: &str, count: u32) -> CapabilityId {
        let first = self.graph.capabilities;
        self.graph.runs.push((name.to_owned(), first, count != 1));
        self.graph.capabilities += count;
        CapabilityId(first)
    }

    /// A form of steps.
    pub fn form(&mut self, form: Form) -> u16 {
        self.graph.forms.push(form);
        (self.graph.forms.len() - 1) as u16
    }

    /// An assumption of which every step that says so has one of its own, named after the step's number.
    pub fn own(&mut self, assumption: Assumption) -> u32 {
        self.graph.own.push(assumption);
        self.graph.own.len() as u32 - 1
    }

    /// An assumption that steps share.
    pub fn shared(&mut self, assumption: Assumption) -> AssumptionId {
        self.graph.shared.push(assumption);
        AssumptionId(self.graph.shared.len() as u32 - 1)
    }

    /// A step; needs in any order.
    pub fn step(&mut self, form: u16, needs: &[CapabilityId], gains: CapabilityId, rests: &Rests) {
        let graph = &mut self.graph;
        if graph.form.len().is_multiple_of(STRIDE) {
            graph.offsets.push(graph.needs.len() as u32);
        }
        self.sorted.clear();
        self.sorted.extend(needs.iter().map(|need| need.0));
        self.sorted.sort_unstable();
        self.sorted.dedup();
        graph.needs.extend_from_slice(&self.sorted);
        graph.arity.push(self.sorted.len() as u8);
        graph.form.push(form);
        graph.gains.push(gains.0);
        graph.rests.push(match rests {
            Rests::Nothing | Rests::Shared([]) => NOTHING,
            Rests::Own(own) => OWN | own,
            Rests::Shared([one]) => one.0,
            Rests::Shared(several) => {
                graph.lists.push(several.to_vec());
                LIST | (graph.lists.len() as u32 - 1)
            }
        });
    }

    /// The graph.
    pub fn build(self) -> Compact {
        self.graph
    }
}

/// Why a graph has no compact form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotCompact {
    /// It has families: it must be expanded first.
    Families,
    /// A step has guards.
    Guards(StepId),
    /// A step has a quorum.
    Quorum(StepId),
    /// A step has more than 255 needs.
    Needs(StepId),
    /// More than 65,536 different forms of steps.
    Forms,
}

impl fmt::Display for NotCompact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotCompact::Families => write!(out, "the graph has families: expand it first"),
            NotCompact::Guards(id) => write!(out, "step {} depends on controls", id.0),
            NotCompact::Quorum(id) => write!(out, "step {} has a quorum", id.0),
            NotCompact::Needs(id) => write!(out, "step {} has more than 255 needs", id.0),
            NotCompact::Forms => write!(out, "more than 65,536 steps have nothing in common"),
        }
    }
}

impl std::error::Error for NotCompact {}

impl TryFrom<&CapabilityGraph> for Compact {
    type Error = NotCompact;

    fn try_from(graph: &CapabilityGraph) -> Result<Compact, NotCompact> {
        if !graph.families.is_empty() {
            return Err(NotCompact::Families);
        }
        let mut builder = Builder::new(graph.steps.len(), graph.steps.iter().map(|step| step.needs.len()).sum());
        for capability in &graph.capabilities {
            builder.capabilities(&capability.name, 1);
        }
        for assumption in &graph.assumptions {
            builder.shared(assumption.clone());
        }
        for (at, step) in graph.steps.iter().enumerate() {
            let id = StepId(at as u32);
            if !step.unless.is_empty() || !step.only_with.is_empty() {
                return Err(NotCompact::Guards(id));
            }
            if step.quorum.is_some() {
                return Err(NotCompact::Quorum(id));
            }
            if step.needs.len() > 255 {
                return Err(NotCompact::Needs(id));
            }
            let form = Form::of(step);
            let known = builder.graph.forms.iter().position(|known| *known == form);
            if known.is_none() && builder.graph.forms.len() > usize::from(u16::MAX) {
                return Err(NotCompact::Forms);
            }
            let form = known.map_or_else(|| builder.form(form), |known| known as u16);
            builder.step(form, &step.needs, step.gains, &Rests::Shared(&step.assumptions));
        }
        Ok(builder.build())
    }
}

impl Form {
    /// What a step has in common with others.
    pub fn of(step: &Step) -> Form {
        Form {
            name: step.name.clone(),
            kind: step.kind,
            effort: step.effort,
            detected: step.detected,
            delay_h: step.delay_h,
            says: step.says.clone(),
            because: step.because.clone(),
            dropped: step.dropped.clone(),
        }
    }
}

impl Compact {
    /// How many capabilities.
    pub fn capabilities(&self) -> usize {
        self.capabilities as usize
    }

    /// How many steps.
    pub fn steps(&self) -> usize {
        self.form.len()
    }

    /// The name of a capability.
    pub fn name(&self, id: CapabilityId) -> String {
        let run = self.runs.partition_point(|(_, first, _)| *first <= id.0).saturating_sub(1);
        match self.runs.get(run) {
            Some((name, first, true)) => format!("{name}({})", id.0 - first),
            Some((name, _, false)) => name.clone(),
            None => String::new(),
        }
    }

    /// The needs of a step.
    #[inline]
    pub fn needs(&self, id: StepId) -> &[u32] {
        let (at, stride) = (id.0 as usize, id.0 as usize / STRIDE);
        let before: usize = self.arity[stride * STRIDE..at].iter().map(|arity| usize::from(*arity)).sum();
        let from = self.offsets[stride] as usize + before;
        &self.needs[from..from + usize::from(self.arity[at])]
    }

    /// Every step's needs and gain, in order.
    pub fn each(&self) -> impl Iterator<Item = (&[u32], u32)> {
        let mut from = 0;
        self.arity.iter().zip(&self.gains).map(move |(arity, gains)| {
            let to = from + usize::from(*arity);
            let needs = &self.needs[from..to];
            from = to;
            (needs, *gains)
        })
    }

    /// What a step rests on. Shared assumptions are numbered as they were added, own ones after them by the number of their step.
    pub fn assumptions(&self, id: StepId) -> Vec<AssumptionId> {
        match self.rests[id.0 as usize] {
            NOTHING => Vec::new(),
            own if own & OWN != 0 => vec![AssumptionId(self.shared.len() as u32 + id.0)],
            list if list & LIST != 0 => self.lists[(list & !LIST) as usize].clone(),
            one => vec![AssumptionId(one)],
        }
    }

    /// An assumption, in full; `None` if no step rests on it.
    pub fn assumption(&self, id: AssumptionId) -> Option<Assumption> {
        if let Some(shared) = self.shared.get(id.0 as usize) {
            return Some(shared.clone());
        }
        let step = id.0 - self.shared.len() as u32;
        let rests = self.rests.get(step as usize).copied().filter(|rests| *rests != NOTHING && rests & OWN != 0)?;
        let own = self.own.get((rests & !OWN) as usize)?;
        Some(Assumption { name: format!("{}#{step}", own.name), ..own.clone() })
    }

    /// A step in full, with the lines of the model that justify it.
    pub fn step(&self, id: StepId) -> Step {
        let form = &self.forms[usize::from(self.form[id.0 as usize])];
        Step {
            name: form.name.clone(),
            needs: self.needs(id).iter().copied().map(CapabilityId).collect(),
            gains: CapabilityId(self.gains[id.0 as usize]),
            assumptions: self.assumptions(id),
            kind: form.kind,
            family: None,
            unless: Vec::new(),
            only_with: Vec::new(),
            quorum: None,
            effort: form.effort,
            detected: form.detected,
            delay_h: form.delay_h,
            says: form.says.clone(),
            because: form.because.clone(),
            dropped: form.dropped.clone(),
        }
    }

    /// The whole graph in full, without threats. Assumptions of steps' own are numbered after the shared ones, in the order of their steps.
    pub fn graph(&self) -> CapabilityGraph {
        let mut graph = CapabilityGraph { assumptions: self.shared.clone(), ..CapabilityGraph::default() };
        for at in 0..self.capabilities {
            let name = self.name(CapabilityId(at));
            graph.capabilities.push(Capability { name, family: None, gained_by: Vec::new() });
        }
        for at in 0..self.steps() as u32 {
            let mut step = self.step(StepId(at));
            if self.rests[at as usize] != NOTHING && self.rests[at as usize] & OWN != 0 {
                let own = step.assumptions.iter().filter_map(|id| self.assumption(*id));
                let first = graph.assumptions.len() as u32;
                graph.assumptions.extend(own);
                step.assumptions = vec![AssumptionId(first)];
            }
            graph.steps.push(step);
        }
        graph.index();
        graph
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goods of three makers: a step needs two of a thing, rests on its own assumption or a shared one, and says where it comes from.
    fn small() -> Compact {
        let mut builder = Builder::new(3, 4);
        let place = Place { file: "m.yaml".to_owned(), line: 3, col: 1, text: "- {id: x}".to_owned() };
        let form = |name: &str, kind| Form {
            name: name.to_owned(),
            kind,
            effort: Some(Effort::Constant { hours: 2.0 }),
            detected: 0.1,
            delay_h: 0.0,
            says: format!("{name} is done"),
            because: vec![place.clone()],
            dropped: Vec::new(),
        };
        let assumption = |name: &str| Assumption {
            name: name.to_owned(),
            probability: 0.25,
            kind: crate::units::FailureKind::State,
            range: None,
            parameter: None,
            family: None,
            honesty_of: None,
            text: String::new(),
            question: String::new(),
            grade: String::new(),
            source: String::new(),
        };
        let base = builder.capabilities("base", 1);
        let session = builder.capabilities("session", 2);
        let (steal, join) =
            (builder.form(form("steal", StepKind::Exploit)), builder.form(form("join", StepKind::Grant)));
        let own = builder.own(assumption("token-kept"));
        let shared = builder.shared(assumption("host-holds"));
        builder.step(join, &[base], session, &Rests::Nothing);
        builder.step(steal, &[session, base, session], CapabilityId(2), &Rests::Own(own));
        builder.step(steal, &[base], CapabilityId(2), &Rests::Shared(&[shared]));
        builder.build()
    }

    #[test]
    fn a_step_can_be_had_in_full() {
        let compact = small();
        let step = compact.step(StepId(1));
        assert_eq!((step.name.as_str(), step.needs.len(), step.because[0].line), ("steal", 2, 3));
        assert_eq!(compact.name(step.gains), "session(1)");
        assert_eq!(compact.name(CapabilityId(0)), "base");
        assert_eq!(compact.assumption(step.assumptions[0]).map(|it| it.name), Some("token-kept#1".to_owned()));
        assert_eq!(compact.assumption(AssumptionId(1)), None);
        let graph = compact.graph();
        assert_eq!(crate::graph::verify::verify_grounded(&graph), Ok(()));
        assert_eq!(
            graph.assumptions.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(),
            ["host-holds", "token-kept#1"]
        );
    }

    #[test]
    fn there_and_back_it_is_the_same() {
        let graph = small().graph();
        let back = Compact::try_from(&graph).unwrap().graph();
        assert_eq!(back, graph);
        let mut guarded = graph.clone();
        guarded.steps[1].unless = vec![crate::graph::ControlId(0)];
        assert_eq!(Compact::try_from(&guarded).unwrap_err(), NotCompact::Guards(StepId(1)));
    }
}
