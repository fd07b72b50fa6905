//! Joins the static atoms of a step over the facts: every way its variables can be bound.

use super::facts::{Facts, attribute};
use super::members::{Instance, Members, Slot};
use crate::library::{Atom, KindId, StepDecl, VarRef};
use crate::model::{EntityId, Model};
use crate::source::Span;

/// One way to bind the variables of a step, with the places that justify it.
#[derive(Debug, Clone)]
pub struct Binding {
    /// One instance per variable.
    pub values: Vec<Instance>,
    /// The facts used.
    pub because: Vec<Span>,
    /// The privileges that a grant exercises; of other steps none.
    pub exercised: Vec<Exercised>,
}

/// A privilege that is exercised: what it asks is asked of the step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exercised {
    /// Position of the privilege.
    pub privilege: usize,
    /// Its holder.
    pub who: Instance,
    /// The thing.
    pub over: Instance,
}

/// Joins one step.
pub struct Join<'a> {
    /// The model.
    pub model: &'a Model,
    /// Its members.
    pub members: &'a Members<'a>,
    /// Its facts.
    pub facts: &'a Facts,
}

struct State {
    values: Vec<Option<Instance>>,
    because: Vec<Span>,
    exercised: Vec<Exercised>,
}

impl Join<'_> {
    /// Every binding, in a fixed order.
    pub fn bindings(&self, step: &StepDecl) -> Vec<Binding> {
        let linking: Vec<&Atom> =
            step.when.iter().filter(|atom| matches!(atom, Atom::Relation { .. } | Atom::May { .. })).collect();
        let mut found = Vec::new();
        let mut state = State { values: vec![None; step.vars.len()], because: Vec::new(), exercised: Vec::new() };
        self.link(step, &linking, &mut state, &mut found);
        found.sort_by(|a, b| a.values.cmp(&b.values));
        found.dedup_by(|later, first| later.values == first.values && self.asked(later) == self.asked(first));
        found
    }

    /// What exercised privileges ask: a gate, a time, and which of them may be gone.
    fn asked(&self, binding: &Binding) -> Vec<(Option<EntityId>, u64, Option<usize>)> {
        let asked = binding.exercised.iter().map(|exercised| {
            let privilege = &self.model.privileges[exercised.privilege];
            (privilege.gate, privilege.delay_hours.to_bits(), privilege.present.as_ref().map(|_| exercised.privilege))
        });
        asked.collect()
    }

    /// Takes the linking atom with most bound variables, tries every fact, then goes on with the rest.
    fn link(&self, step: &StepDecl, left: &[&Atom], state: &mut State, found: &mut Vec<Binding>) {
        let bound = |atom: &&Atom| linked(atom).iter().filter(|r| state.values[r.var.0].is_some()).count();
        // Class references last: a variable that also stands for a member must be bound to the member.
        let plain = |atom: &&Atom| linked(atom).iter().all(|reference| !reference.class);
        let Some(at) = (0..left.len()).max_by_key(|at| (plain(&left[*at]), bound(&left[*at]), left.len() - at)) else {
            return self.free(step, 0, state, found);
        };
        let mut rest = left.to_vec();
        let atom = rest.remove(at);
        match atom {
            Atom::Relation { subject, relation, object } => {
                for fact in self.facts.relations.iter().filter(|fact| fact.name == *relation) {
                    let pairs = [(*subject, fact.subject), (*object, fact.object)];
                    self.with(step, &pairs, std::slice::from_ref(&fact.span), state, |join, state| {
                        join.link(step, &rest, state, found)
                    });
                }
            }
            Atom::May { who, verb, over, using } => {
                for fact in &self.facts.mays {
                    let privilege = &self.model.privileges[fact.privilege];
                    if privilege.verb != *verb {
                        continue;
                    }
                    let mut pairs = vec![(*who, fact.who), (*over, fact.over)];
                    match (using, fact.using) {
                        (Some(variable), Some(key)) => pairs.push((*variable, key)),
                        (Some(_), None) => continue,
                        (None, _) => {}
                    }
                    let because = [privilege.span.clone()];
                    let exercised = Exercised { privilege: fact.privilege, who: fact.who, over: fact.over };
                    self.with(step, &pairs, &because, state, |join, state| {
                        state.exercised.extend(step.grant.then_some(exercised));
                        join.link(step, &rest, state, found);
                        state.exercised.truncate(state.exercised.len() - usize::from(step.grant));
                    });
                }
            }
            _ => {}
        }
    }

    /// Binds some references to instances if they fit, goes on, and takes it back.
    fn with(
        &self,
        step: &StepDecl,
        pairs: &[(VarRef, Instance)],
        because: &[Span],
        state: &mut State,
        go_on: impl FnOnce(&Self, &mut State),
    ) {
        let (saved, places) = (state.values.clone(), state.because.len());
        if pairs.iter().all(|(reference, instance)| self.bind(step, *reference, *instance, state)) {
            state.because.extend_from_slice(because);
            go_on(self, state);
        }
        state.values = saved;
        state.because.truncate(places);
    }

    fn bind(&self, step: &StepDecl, reference: VarRef, instance: Instance, state: &mut State) -> bool {
        let (_, kind) = step.vars[reference.var.0];
        if reference.class != self.is_whole(instance) && instance.slot != Slot::Only {
            return false;
        }
        match state.values[reference.var.0] {
            // A class reference to a variable bound to a member means the family of that member.
            Some(value) if reference.class => value.entity == instance.entity,
            Some(value) => value == instance,
            None => {
                let fits = self.is_a(instance.entity, kind) && self.fits(instance, state);
                state.values[reference.var.0] = Some(instance);
                fits
            }
        }
    }

    fn is_whole(&self, instance: Instance) -> bool {
        instance.slot == Slot::All
    }

    fn is_a(&self, entity: EntityId, kind: KindId) -> bool {
        self.model.library.is_a(self.model.entity(entity).kind, kind)
    }

    /// Variables over one family stand for one member.
    fn fits(&self, instance: Instance, state: &State) -> bool {
        state.values.iter().flatten().all(|other| self.members.aligned(instance, *other))
    }

    /// Variables no fact has bound range over their kind.
    fn free(&self, step: &StepDecl, var: usize, state: &mut State, found: &mut Vec<Binding>) {
        if var == step.vars.len() {
            return self.check(step, state, found);
        }
        if state.values[var].is_some() {
            return self.free(step, var + 1, state, found);
        }
        let (_, kind) = step.vars[var];
        let class_only =
            step_uses(step, var).iter().all(|reference| reference.class) && !step_uses(step, var).is_empty();
        for at in 0..self.model.entities.len() {
            let entity = EntityId(at);
            if !self.is_a(entity, kind) {
                continue;
            }
            let instances = if class_only { vec![self.members.whole(entity)] } else { self.members.of(entity) };
            for instance in instances {
                if self.fits(instance, state) {
                    state.values[var] = Some(instance);
                    state.because.push(self.model.entity(entity).span.clone());
                    self.free(step, var + 1, state, found);
                    state.because.pop();
                    state.values[var] = None;
                }
            }
        }
    }

    /// Checks the attribute atoms of a full binding.
    fn check(&self, step: &StepDecl, state: &State, found: &mut Vec<Binding>) {
        let values: Vec<Instance> = state.values.iter().flatten().copied().collect();
        let mut because = state.because.clone();
        for atom in &step.when {
            let (var, field, wanted, negated) = match atom {
                Atom::Is { var, field, values, negated } => (var, field, values.clone(), *negated),
                Atom::Has { var, field, value, negated } => (var, field, vec![value.clone()], *negated),
                _ => continue,
            };
            let attribute = attribute(self.model, values[var.0].entity, field);
            let holds = attribute.as_ref().is_some_and(|(have, _)| have.iter().any(|value| wanted.contains(value)));
            if holds == negated {
                return;
            }
            because.extend(attribute.map(|(_, span)| span));
        }
        let mut seen = Vec::new();
        because.retain(|span| {
            !seen.contains(span) && {
                seen.push(span.clone());
                true
            }
        });
        found.push(Binding { values, because, exercised: state.exercised.clone() });
    }
}

fn linked(atom: &Atom) -> Vec<VarRef> {
    match atom {
        Atom::Relation { subject, object, .. } => vec![*subject, *object],
        Atom::May { who, over, using, .. } => [*who, *over].into_iter().chain(*using).collect(),
        _ => Vec::new(),
    }
}

/// Every capability reference of a step to one of its variables.
fn step_uses(step: &StepDecl, var: usize) -> Vec<VarRef> {
    let needs = step.when.iter().filter_map(|atom| match atom {
        Atom::Capability(term) => Some(term.thing),
        _ => None,
    });
    needs.chain([step.gain.thing]).filter(|reference| reference.var.0 == var).collect()
}
