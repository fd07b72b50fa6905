//! From drafts to numbers: the least fixpoint, families of steps, ids in a stable order.

use std::collections::{BTreeMap, BTreeSet};

use super::controls::monotone;
use super::draft::{About, Cap, Draft, DraftKey, Nature, Variable, rename_variable};
use super::grants::ACT_AS;
use super::members::{Instance, Members};
use super::steps::{ConstantNote, fill, parameter};
use super::threats::{Asked, as_counted, copies_of};
use super::{Compiled, Fault};
use crate::graph::{
    Assumption, AssumptionId, Capability, CapabilityGraph, CapabilityId, Control, ControlId, FamilyId, Principal,
    PrincipalId, Quorum, Step, StepId, StepKind, Threat, Tolerance,
};
use crate::library::Section;
use crate::model::{ControlEffect, EntityId, Model};
use crate::source::{Place, Span};
use crate::units::{DAYS_PER_YEAR, Failure, FailureKind, Grade, Number};

struct Emitter<'a> {
    model: &'a Model,
    members: &'a Members<'a>,
    drafts: Vec<Draft>,
    caps: BTreeMap<Cap, CapabilityId>,
    variables: BTreeMap<Variable, AssumptionId>,
    keys: BTreeMap<DraftKey, StepId>,
    principals: BTreeMap<Instance, PrincipalId>,
    faults: Vec<Fault>,
}

/// Numbers the drafts that can happen.
pub fn emit(
    model: &Model,
    members: &Members,
    drafts: Vec<Draft>,
    asked: &Asked,
    ruled_out: Vec<ConstantNote>,
) -> Result<Compiled, Vec<Fault>> {
    let (drafts, mut rest_out) = constants(model, drafts);
    let drafts = sorted(members, enabled(model, members, drafts, asked));
    let mut emitter = Emitter {
        model,
        members,
        drafts,
        caps: BTreeMap::new(),
        variables: BTreeMap::new(),
        keys: BTreeMap::new(),
        principals: BTreeMap::new(),
        faults: Vec::new(),
    };
    let graph = emitter.graph(asked);
    if !emitter.faults.is_empty() {
        return Err(emitter.faults);
    }
    let library = emitter.drafts.iter().filter(|draft| draft.library);
    let fired: BTreeSet<String> = library.map(|draft| draft.name.clone()).collect();
    rest_out.extend(ruled_out);
    Ok(Compiled { graph, fired, ruled_out: unique(rest_out), dropped: unique(dropped(members, &emitter.drafts)) })
}

fn unique(mut notes: Vec<ConstantNote>) -> Vec<ConstantNote> {
    notes.sort();
    notes.dedup();
    notes
}

fn dropped(members: &Members, drafts: &[Draft]) -> Vec<ConstantNote> {
    let mut notes = Vec::new();
    for draft in drafts {
        let names: Vec<String> = draft.subjects.iter().map(|subject| members.name(*subject)).collect();
        for parameter in &draft.dropped {
            notes.push(ConstantNote {
                step: format!("{}({})", draft.name, names.join(", ")),
                parameter: parameter.clone(),
            });
        }
    }
    notes
}

/// What may be left over for certain is simply there; what is certainly gone takes its steps along.
fn constants(model: &Model, drafts: Vec<Draft>) -> (Vec<Draft>, Vec<ConstantNote>) {
    let mut out = Vec::new();
    let mut ruled_out = Vec::new();
    for mut draft in drafts {
        let constant =
            |variable: &Variable| left_over(model, variable).and_then(|(number, _)| state(number).constant());
        if let Some(variable) = draft.variables.iter().find(|variable| constant(variable) == Some(false)) {
            let parameter = left_over_id(model, variable);
            ruled_out.push(ConstantNote { step: draft.name.clone(), parameter });
            continue;
        }
        draft.variables.retain(|variable| constant(variable) != Some(true));
        draft.variables.sort();
        draft.variables.dedup();
        out.push(draft);
    }
    (out, ruled_out)
}

fn state(number: Number) -> Failure {
    Failure { kind: FailureKind::State, number }
}

fn left_over<'a>(model: &'a Model, variable: &Variable) -> Option<(Number, &'a Grade)> {
    let present = match variable {
        Variable::Declared { .. } => return None,
        Variable::LeftOverThing(thing) => &model.entity(thing.entity).present,
        Variable::LeftOverPrivilege(at, _) => &model.privileges[*at].present,
    };
    present.as_ref().map(|(number, grade)| (*number, grade))
}

fn left_over_id(model: &Model, variable: &Variable) -> String {
    match variable {
        Variable::LeftOverThing(thing) => format!("left-over.{}", model.entity(thing.entity).id),
        Variable::LeftOverPrivilege(at, _) => {
            let privilege = &model.privileges[*at];
            let spelled =
                || format!("{}-{}-{}", model.entity(privilege.who).id, privilege.verb, model.entity(privilege.over).id);
            format!("left-over.{}", privilege.id.clone().unwrap_or_else(spelled))
        }
        Variable::Declared { .. } => String::new(),
    }
}

/// The least fixpoint from every principal's root, the public capabilities and the footholds.
fn enabled(model: &Model, members: &Members, drafts: Vec<Draft>, asked: &Asked) -> Vec<Draft> {
    let mut had: BTreeSet<Cap> = asked.public.iter().cloned().collect();
    had.extend(asked.questions.iter().flat_map(|question| question.start.iter().cloned()));
    had.extend(principals(model, members).into_iter().map(|who| Cap::new(ACT_AS, who)));
    let mut happens = vec![false; drafts.len()];
    loop {
        let before = had.len();
        for (at, draft) in drafts.iter().enumerate() {
            let quorum = draft.quorum.as_ref().is_none_or(|(of, least)| {
                let n: u64 = of.iter().filter(|cap| had.contains(*cap)).map(|cap| copies_of(members, cap.thing)).sum();
                n >= u64::from(*least)
            });
            if !happens[at] && quorum && draft.needs.iter().all(|need| had.contains(need)) {
                happens[at] = true;
                had.insert(draft.gains.clone());
            }
        }
        // Nothing new in a whole pass: every draft was judged on the final set.
        if had.len() == before {
            break;
        }
    }
    drafts.into_iter().zip(happens).filter_map(|(draft, happens)| happens.then_some(draft)).collect()
}

fn principals(model: &Model, members: &Members) -> Vec<Instance> {
    let acts = |id: &EntityId| {
        let section = model.library.kinds[model.entity(*id).kind.0].section;
        matches!(section, Some(Section::Actors | Section::Services))
    };
    (0..model.entities.len()).map(EntityId).filter(acts).flat_map(|id| members.of(id)).collect()
}

/// By library id, then by the names of what they are about: ids stay stable when a model changes elsewhere.
fn sorted(members: &Members, drafts: Vec<Draft>) -> Vec<Draft> {
    let mut keyed: Vec<_> = drafts
        .into_iter()
        .map(|draft| {
            let names: Vec<String> = draft.subjects.iter().map(|subject| members.name(*subject)).collect();
            let gains = (draft.gains.verb.clone(), members.name(draft.gains.thing));
            let needs: Vec<_> = draft.needs.iter().map(|need| (need.verb.clone(), members.name(need.thing))).collect();
            ((draft.name.clone(), names, gains, needs, draft.only_with.clone()), draft)
        })
        .collect();
    keyed.sort_by(|a, b| a.0.cmp(&b.0));
    let mut seen = BTreeSet::new();
    keyed.into_iter().map(|(_, draft)| draft).filter(|draft| seen.insert(draft.key(|it| it))).collect()
}

impl Emitter<'_> {
    fn graph(&mut self, asked: &Asked) -> CapabilityGraph {
        let mut graph = CapabilityGraph {
            design: self.model.design.clone(),
            horizon_days: self.model.horizon_days,
            model: self.model.hash.clone(),
            families: self.members.families().to_vec(),
            ..CapabilityGraph::default()
        };
        graph.capabilities = self.capabilities(asked);
        graph.principals = self.number_principals();
        graph.assumptions = self.assumptions();
        graph.steps = (0..self.drafts.len()).map(|at| self.step(at)).collect();
        graph.controls = self.controls();
        graph.threats = (0..self.model.threats.len()).map(|at| self.threat(at, asked)).collect();
        graph.index();
        graph
    }

    fn cap_name(&self, cap: &Cap) -> String {
        format!("{}({})", cap.verb, self.members.name(cap.thing))
    }

    fn capabilities(&mut self, asked: &Asked) -> Vec<Capability> {
        let mut all: BTreeSet<Cap> = asked.public.iter().cloned().collect();
        for question in &asked.questions {
            all.extend(question.start.iter().chain([&question.goal]).chain(&question.others).cloned());
        }
        all.extend(principals(self.model, self.members).into_iter().map(|who| Cap::new(ACT_AS, who)));
        for draft in &self.drafts {
            all.extend(draft.needs.iter().chain([&draft.gains]).cloned());
            all.extend(draft.quorum.iter().flat_map(|(of, _)| of.iter().cloned()));
        }
        let mut named: Vec<(String, Cap)> = all.into_iter().map(|cap| (self.cap_name(&cap), cap)).collect();
        named.sort();
        let mut out = Vec::new();
        for (at, (name, cap)) in named.into_iter().enumerate() {
            out.push(Capability { name, family: self.members.family(cap.thing), gained_by: Vec::new() });
            self.caps.insert(cap, CapabilityId(at as u32));
        }
        out
    }

    fn number_principals(&mut self) -> Vec<Principal> {
        let mut all: Vec<(String, Instance)> =
            principals(self.model, self.members).into_iter().map(|who| (self.members.name(who), who)).collect();
        all.sort();
        let mut out = Vec::new();
        for (at, (name, who)) in all.into_iter().enumerate() {
            let entity = self.model.entity(who.entity);
            let external =
                super::facts::attribute(self.model, who.entity, "external").is_some_and(|(v, _)| v == ["true"]);
            let actor = self.model.library.kinds[entity.kind.0].section == Some(Section::Actors);
            let capability = self.caps[&Cap::new(ACT_AS, who)];
            out.push(Principal { name, capability, candidate: actor || external, external, class: entity.id.clone() });
            self.principals.insert(who, PrincipalId(at as u32));
        }
        out
    }

    fn assumptions(&mut self) -> Vec<Assumption> {
        let all: BTreeSet<Variable> = self.drafts.iter().flat_map(|draft| draft.variables.iter().cloned()).collect();
        let mut made: Vec<(Assumption, Variable)> =
            all.into_iter().map(|variable| (self.assumption(&variable), variable)).collect();
        made.sort_by(|a, b| a.0.name.cmp(&b.0.name).then_with(|| a.1.cmp(&b.1)));
        let mut out = Vec::new();
        for (at, (assumption, variable)) in made.into_iter().enumerate() {
            self.variables.insert(variable, AssumptionId(at as u32));
            out.push(assumption);
        }
        out
    }

    fn assumption(&self, variable: &Variable) -> Assumption {
        match variable {
            Variable::Declared { assumption, about, lowered_by } => self.declared(*assumption, about, *lowered_by),
            Variable::LeftOverThing(thing) | Variable::LeftOverPrivilege(_, thing) => self.left_over(variable, *thing),
        }
    }

    fn left_over(&self, variable: &Variable, thing: Instance) -> Assumption {
        let id = left_over_id(self.model, variable);
        let (number, grade) = left_over(self.model, variable).unwrap_or((Number::Point(0.0), &Grade::Missing));
        let (grade, source) = grade_words(grade);
        let what = self.members.phrase(thing);
        Assumption {
            name: format!("{}({})", id, self.members.name(thing)),
            probability: state(number).probability(self.model.horizon_days),
            kind: FailureKind::State,
            range: number.range(),
            parameter: Some(id.clone()),
            family: self.members.family(thing),
            honesty_of: None,
            text: match variable {
                Variable::LeftOverThing(_) => format!("{what} is gone, as it should be"),
                _ => format!("the right `{}` of {what} is gone, as it should be", id.trim_start_matches("left-over.")),
            },
            question: format!(
                "Who checks that {} has been removed, and when was it last checked?",
                id.trim_start_matches("left-over.")
            ),
            grade,
            source,
        }
    }

    fn declared(&self, at: usize, about: &[About], lowered_by: Option<usize>) -> Assumption {
        let decl = &self.model.library.assumptions[at];
        let name = |value: &About| match value {
            About::Member(member) => self.members.name(*member),
            About::Value(text) => text.clone(),
        };
        let words = |value: &About| match value {
            About::Member(member) => self.members.phrase(*member),
            About::Value(text) => text.clone(),
        };
        let filled = |template: &str| {
            fill(template, |name| {
                decl.about.iter().position(|known| known == name).and_then(|at| about.get(at)).map(words)
            })
        };
        let members: Vec<Instance> = about
            .iter()
            .filter_map(|value| match value {
                About::Member(member) => Some(*member),
                About::Value(_) => None,
            })
            .collect();
        let mut full = format!("{}({})", decl.id, about.iter().map(name).collect::<Vec<_>>().join(", "));
        let parameter = parameter(&decl.fails, about);
        let mut failure = parameter.map_or(state(Number::Point(0.0)), |parameter| parameter.failure);
        let (grade, source) = grade_words(parameter.map_or(&Grade::Missing, |parameter| &parameter.grade));
        if let Some(control) = lowered_by {
            let control = monotone(self.model)[control];
            full.push_str(&format!(" with {}", control.id));
            if let (ControlEffect::Lowers(entries), Some(parameter)) = (&control.effect, parameter) {
                failure = entries.iter().find(|(id, _)| *id == parameter.id).map_or(failure, |(_, lowered)| *lowered);
            }
        }
        Assumption {
            name: full,
            probability: failure.probability(self.model.horizon_days),
            kind: failure.kind,
            range: failure.number.range(),
            parameter: parameter.map(|parameter| parameter.id.clone()),
            family: members.iter().find_map(|member| self.members.family(*member)),
            honesty_of: if decl.honesty {
                members.first().and_then(|who| self.principals.get(who).copied())
            } else {
                None
            },
            text: filled(&decl.text),
            question: filled(&decl.question),
            grade,
            source,
        }
    }

    fn step(&mut self, at: usize) -> Step {
        let draft = self.drafts[at].clone();
        self.keys.insert(draft.key(|it| it), StepId(at as u32));
        let mut needs: Vec<CapabilityId> = draft.needs.iter().map(|need| self.caps[need]).collect();
        needs.sort_unstable();
        let mut assumptions: Vec<AssumptionId> =
            draft.variables.iter().map(|variable| self.variables[variable]).collect();
        assumptions.sort_unstable();
        let kind = match draft.nature {
            _ if !assumptions.is_empty() => StepKind::Exploit,
            _ if !draft.dropped.is_empty() => StepKind::Consequence,
            Nature::Grant => StepKind::Grant,
            Nature::Consequence => StepKind::Consequence,
        };
        let quorum = draft.quorum.as_ref().map(|(of, at_least)| {
            let mut of: Vec<CapabilityId> = of.iter().map(|cap| self.caps[cap]).collect();
            of.sort_unstable();
            Quorum { of, at_least: *at_least }
        });
        let family = self.family(&draft);
        let ids = |controls: &[usize]| controls.iter().map(|at| ControlId(*at as u32)).collect();
        Step {
            name: draft.name.clone(),
            needs,
            gains: self.caps[&draft.gains],
            assumptions,
            kind,
            family,
            unless: ids(&draft.unless),
            only_with: ids(&draft.only_with),
            quorum,
            effort: draft.effort,
            detected: draft.detected,
            delay_h: draft.delay_h,
            says: draft.says.clone(),
            because: places(&draft.because),
            dropped: draft.dropped.clone(),
        }
    }

    /// The innermost block a step touches; blocks that are not nested cannot meet in one step.
    fn family(&mut self, draft: &Draft) -> Option<FamilyId> {
        let mut innermost: Option<FamilyId> = None;
        for family in draft.touches().into_iter().filter_map(|member| self.members.family(member)) {
            innermost = match innermost {
                None => Some(family),
                Some(inner) if self.members.encloses(family, inner) => Some(inner),
                Some(inner) if self.members.encloses(inner, family) => Some(family),
                Some(inner) => {
                    let name = |family: FamilyId| self.members.families()[family.0 as usize].name.clone();
                    self.faults.push(Fault {
                        message: format!(
                            "step `{}` relates {} and {} member by member",
                            draft.name,
                            name(inner),
                            name(family)
                        ),
                        help:
                            "reach another family through a capability over the whole of it (`X.class`, `scope: any`)"
                                .into(),
                        span: draft.because.first().cloned(),
                    });
                    return None;
                }
            };
        }
        innermost
    }

    fn controls(&self) -> Vec<Control> {
        let months = self.model.horizon_days / (DAYS_PER_YEAR / 12.0);
        monotone(self.model)
            .into_iter()
            .map(|control| Control {
                name: control.id.clone(),
                cost_days: control.cost.map(|(build, upkeep)| build + upkeep * months),
                on: control.on,
                excludes: Vec::new(),
            })
            .collect()
    }

    fn threat(&self, at: usize, asked: &Asked) -> Threat {
        let (decl, question) = (&self.model.threats[at], &asked.questions[at]);
        let ids = |caps: &[Cap]| {
            let mut ids: Vec<CapabilityId> = caps.iter().map(|cap| self.caps[cap]).collect();
            ids.sort_unstable();
            ids
        };
        let counted = |instance: Instance| as_counted(self.model, self.members, decl, instance);
        let alike_steps = self.drafts.iter().enumerate().filter_map(|(at, draft)| {
            let other = self.keys.get(&draft.key(counted)).copied()?;
            (other.0 as usize != at).then_some((StepId(at as u32), other))
        });
        let alike_assumptions = self.variables.iter().filter_map(|(variable, id)| {
            let other = self.variables.get(&rename_variable(variable, &counted)).copied()?;
            (other != *id).then_some((*id, other))
        });
        let alike_principals = self.principals.iter().filter_map(|(who, id)| {
            let other = self.principals.get(&counted(*who)).copied()?;
            (other != *id).then_some((*id, other))
        });
        let trusting =
            |id: &EntityId| self.members.of(*id).into_iter().filter_map(|who| self.principals.get(&who).copied());
        let mut alike_assumptions: Vec<_> = alike_assumptions.collect();
        alike_assumptions.sort_unstable();
        let mut alike_principals: Vec<_> = alike_principals.collect();
        alike_principals.sort_unstable();
        Threat {
            name: decl.id.clone(),
            title: decl.title.clone(),
            group: decl.group.clone(),
            public: ids(&asked.public),
            start: ids(&question.start),
            goal: self.caps[&question.goal],
            others: ids(&question.others),
            apart: Vec::new(),
            tolerate: Tolerance {
                any: decl.tolerate.any,
                no_grant: decl.tolerate.no_grant,
                unreachable: decl.tolerate.unreachable,
                failures: decl.tolerate.failures,
                probability: decl.tolerate.probability,
                trusting: decl.tolerate.trusting.iter().flat_map(trusting).collect(),
            },
            not_applicable: question.not_applicable.clone(),
            alike_steps: alike_steps.collect(),
            alike_assumptions,
            alike_principals,
        }
    }
}

fn places(spans: &[Span]) -> Vec<Place> {
    let mut out: Vec<Place> = Vec::new();
    for place in spans.iter().map(Span::place) {
        if !out.contains(&place) {
            out.push(place);
        }
    }
    out
}

fn grade_words(grade: &Grade) -> (String, String) {
    match grade {
        Grade::Sourced(source) => ("sourced".into(), source.clone()),
        Grade::Derived(how) => ("derived".into(), how.clone()),
        Grade::Guess(why) => ("guess".into(), why.clone()),
        Grade::Missing => (String::new(), String::new()),
    }
}
