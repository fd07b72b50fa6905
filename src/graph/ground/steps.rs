//! Grounds the library's steps: one draft per binding, constants dropped or ruled out.

use super::draft::{About, Cap, Draft, Nature, Variable};
use super::facts::attribute;
use super::gates::Gates;
use super::join::{Binding, Join};
use super::members::{Instance, Slot};
use crate::library::{Arg, Atom, Fails, Parameter, RestsOn, Section, StepDecl, Term, VarRef};
use crate::model::Joins;

/// A step instance taken out by a constant 0, or a protection that is not there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConstantNote {
    /// Step id and the members it is about.
    pub step: String,
    /// Parameter that is constant.
    pub parameter: String,
}

/// What grounding one library gives.
#[derive(Debug, Default)]
pub struct Grounded {
    /// The steps.
    pub drafts: Vec<Draft>,
    /// Instances removed by a constant 0.
    pub ruled_out: Vec<ConstantNote>,
}

/// Grounds every step of the model's library.
pub fn ground(join: &Join) -> Grounded {
    let mut out = Grounded::default();
    for step in &join.model.library.steps {
        for binding in join.bindings(step) {
            if !is_nobodys_question(join, step, &binding) {
                ground_one(join, step, &binding, &mut out);
            }
        }
    }
    out
}

/// The victim going rogue is no impersonation, the public attacker stands for the others of an open class, and a newcomer is not yet there.
fn is_nobodys_question(join: &Join, step: &StepDecl, binding: &Binding) -> bool {
    let honesty = step.rests_on.iter().any(|rests| join.model.library.assumptions[rests.assumption].honesty);
    if !honesty || step.when.iter().any(|atom| matches!(atom, Atom::Capability(_))) {
        return false;
    }
    let who = instance(join, step.gain.thing, binding);
    let entity = join.model.entity(who.entity);
    let actor = join.model.library.kinds[entity.kind.0].section == Some(Section::Actors);
    let newcomer = join.members.newcomer(who.entity) == Some(who);
    actor && (who.slot == Slot::Victim || newcomer || (entity.joins == Joins::Open && who.slot != Slot::Only))
}

fn ground_one(join: &Join, step: &StepDecl, binding: &Binding, out: &mut Grounded) {
    let nature = if step.grant { Nature::Grant } else { Nature::Consequence };
    let mut draft = Draft::new(&step.id, nature, cap(join, &step.gain, binding), sentence(join, step, binding));
    let needs = step.when.iter().filter_map(|atom| match atom {
        Atom::Capability(term) => Some(cap(join, term, binding)),
        _ => None,
    });
    draft = draft.needing(needs).because(binding.because.iter().cloned());
    draft.library = true;
    draft.effort = step.effort;
    draft.detected = step.detected;
    draft.subjects = binding.values.clone();
    draft = exercising(join, draft, binding);
    if draft.needs.contains(&draft.gains) {
        return;
    }
    for rests in &step.rests_on {
        let Some((about, parameter)) = variable(join, rests, binding) else { return };
        let names: Vec<String> = binding.values.iter().map(|value| join.members.name(*value)).collect();
        let note =
            || ConstantNote { step: format!("{}({})", step.id, names.join(", ")), parameter: parameter.id.clone() };
        match parameter.failure.constant() {
            Some(true) => draft.dropped.push(parameter.id.clone()),
            Some(false) => {
                out.ruled_out.push(note());
                return;
            }
            None => draft.variables.push(Variable::Declared { assumption: rests.assumption, about, lowered_by: None }),
        }
    }
    draft.variables.sort();
    draft.variables.dedup();
    draft.dropped.sort();
    draft.dropped.dedup();
    out.drafts.push(draft);
}

/// A grant that exercises a privilege of the model asks what the privilege asks: its approval, its time, that it is still there.
fn exercising(join: &Join, mut draft: Draft, binding: &Binding) -> Draft {
    for exercised in &binding.exercised {
        let privilege = &join.model.privileges[exercised.privilege];
        let gates = Gates { model: join.model, members: join.members };
        let passes = privilege.gate.map(|gate| gates.passes(gate, exercised.over, &draft.needs)).unwrap_or_default();
        if !passes.is_empty() {
            draft.says.push_str(", once approved");
        }
        draft = draft.needing(passes);
        draft.delay_h = draft.delay_h.max(privilege.delay_hours);
        if privilege.present.is_some() {
            draft.variables.push(Variable::LeftOverPrivilege(exercised.privilege, exercised.who));
        }
    }
    draft
}

fn instance(join: &Join, reference: VarRef, binding: &Binding) -> Instance {
    let value = binding.values[reference.var.0];
    if reference.class { join.members.whole(value.entity) } else { value }
}

fn cap(join: &Join, term: &Term, binding: &Binding) -> Cap {
    Cap::new(&term.verb, instance(join, term.thing, binding))
}

/// The values an assumption is about here, and its parameter. `None` where an attribute it needs is not set.
fn variable<'a>(join: &'a Join, rests: &RestsOn, binding: &Binding) -> Option<(Vec<About>, &'a Parameter)> {
    let decl = &join.model.library.assumptions[rests.assumption];
    let mut about = Vec::new();
    for arg in &rests.args {
        about.push(match arg {
            Arg::Entity(reference) => About::Member(instance(join, *reference, binding)),
            Arg::Value { var, field } => {
                About::Value(attribute(join.model, binding.values[var.0].entity, field)?.0.join("+"))
            }
        });
    }
    parameter(&decl.fails, &about).map(|parameter| (about, parameter))
}

/// The parameter that serves a variable.
pub fn parameter<'a>(fails: &'a Fails, about: &[About]) -> Option<&'a Parameter> {
    match fails {
        Fails::One(parameter) => Some(parameter),
        Fails::Table { by, entries } => match about.get(*by)? {
            About::Value(value) => entries.iter().find(|(entry, _)| entry == value).map(|(_, parameter)| parameter),
            About::Member(_) => None,
        },
    }
}

/// Fills `{Var}` and `{Var.field}`; `{attacker}` is the attacker.
fn sentence(join: &Join, step: &StepDecl, binding: &Binding) -> String {
    fill(&step.says, |name| {
        let (name, field) = name.split_once('.').map_or((name, None), |(name, field)| (name, Some(field)));
        if name == "attacker" {
            return Some("the attacker".to_owned());
        }
        let var = step.vars.iter().position(|(var, _)| var == name)?;
        let value = binding.values[var];
        match field {
            None => Some(join.members.phrase(value)),
            Some("class") => Some(join.members.phrase(join.members.whole(value.entity))),
            Some(field) => attribute(join.model, value.entity, field).map(|(values, _)| values.join(", ")),
        }
    })
}

/// Replaces `{name}` by what `value` gives; an unknown name stays as written.
pub fn fill(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}').map(|at| open + at) else { break };
        out.push_str(&rest[..open]);
        match value(&rest[open + 1..close]) {
            Some(text) => out.push_str(&text),
            None => out.push_str(&rest[open..=close]),
        }
        rest = &rest[close + 1..];
    }
    out.push_str(rest);
    out
}
