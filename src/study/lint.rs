//! Lints that need the graph: threats nothing can reach, designs that do not work, draws that are one setting, dead steps.

use super::costs::{reference_name, works};
use crate::diagnostic::{Code, Diagnostic, one_of, quote};
use crate::graph::derive::{as_designed, copies, derive, exists};
use crate::graph::ground::{ACT_AS, Compiled, Fault, PASSES};
use crate::graph::{CapabilityGraph, CapabilityId};
use crate::library::Section;
use crate::model::answers;
use crate::model::{EntityId, Model, Role};
use crate::source::Span;

/// Faults of compiling, as diagnostics.
pub fn faults(faults: &[Fault]) -> Vec<Diagnostic> {
    let diagnostic = |fault: &Fault| {
        let made = match &fault.span {
            Some(span) => Diagnostic::new(Code::CannotCompile, span, &fault.message),
            None => Diagnostic::unplaced(Code::CannotCompile, &fault.message),
        };
        made.help(&fault.help)
    };
    faults.iter().map(diagnostic).collect()
}

/// All lints of a compiled model that it does not accept on purpose.
pub fn lints(model: &Model, compiled: &Compiled) -> Vec<Diagnostic> {
    let mut found = no_threat(model);
    found.extend(unreachable_threats(model, &compiled.graph));
    found.extend(does_not_work(model, &compiled.graph));
    found.extend(per_member(model, compiled));
    found.extend(dead_steps(model, compiled));
    found.extend(stale_answers(model, &compiled.graph));
    found.retain(|(about, diagnostic)| {
        !model.accepted.iter().any(|(code, accepted)| code == diagnostic.code.id() && accepted == about)
    });
    found.into_iter().map(|(_, diagnostic)| diagnostic).collect()
}

/// Why a design does not work, if so: of such a model no answer means anything.
pub fn broken(model: &Model, compiled: &Compiled) -> Vec<Diagnostic> {
    does_not_work(model, &compiled.graph).into_iter().map(|(_, diagnostic)| diagnostic).collect()
}

/// What a lint is about, for `accept`, and the lint.
type Lint = (String, Diagnostic);

/// Of a model that asks nothing no verb says anything, and a gate lets it pass.
fn no_threat(model: &Model) -> Vec<Lint> {
    let Some(source) = model.sources.first().filter(|_| model.threats.is_empty()) else { return Vec::new() };
    let mut starts = source.text.match_indices("design:").map(|(at, _)| at);
    let begins_line =
        |at: &usize| source.text.get(..*at).is_some_and(|before| before.is_empty() || before.ends_with('\n'));
    let head = starts.find(begins_line).unwrap_or_default();
    let span = Span::new(source.clone(), head, head + "design".len());
    let help = "write what must not happen under `threats`; of a model without any, `check` has nothing to judge";
    let diagnostic = Diagnostic::new(Code::NoThreat, &span, "this model asks nothing: it has no threat").help(help);
    vec![(model.design.clone(), diagnostic)]
}

fn unreachable_threats(model: &Model, graph: &CapabilityGraph) -> Vec<Lint> {
    let mut found = Vec::new();
    for (decl, threat) in model.threats.iter().zip(&graph.threats) {
        let start: Vec<CapabilityId> = threat.start.iter().chain(&threat.public).copied().collect();
        let had = derive(graph, &start, |step| exists(graph, step));
        if threat.not_applicable.is_none() && !had[threat.goal.0 as usize] {
            let message = format!("nothing in this model can ever reach the goal of `{}`", decl.id);
            let help =
                "that is an answer only if the ways in are modelled: what stands between the footholds and the goal?";
            found.push((decl.id.clone(), Diagnostic::new(Code::UnreachableThreat, &decl.span, message).help(help)));
        }
    }
    found
}

/// A design that is safe because its legitimate path is broken is no safe design.
fn does_not_work(model: &Model, graph: &CapabilityGraph) -> Vec<Lint> {
    let passed = |name: &str| PASSES.iter().any(|verb| name.starts_with(&format!("{verb}(")));
    let gates = graph.capabilities.iter().enumerate().filter(|(_, capability)| passed(&capability.name));
    let gates: Vec<CapabilityId> = gates.map(|(at, _)| CapabilityId(at as u32)).collect();
    let id = |name: &str| graph.capabilities.iter().position(|c| c.name == name).map(|at| CapabilityId(at as u32));
    let mut found = Vec::new();
    for (verb, entity, role) in works(model) {
        let goal = id(&format!("{verb}({})", reference_name(model, entity, role)));
        let owners = owners(model, entity, role);
        let works = owners.iter().any(|owner| {
            let root = id(&format!("{ACT_AS}({owner})"));
            let start: Vec<CapabilityId> = gates.iter().copied().chain(root).collect();
            goal.is_some_and(|goal| {
                derive(graph, &start, |step| as_designed(step) && exists(graph, step))[goal.0 as usize]
            })
        });
        if !works {
            let name = format!("{verb}({})", reference_name(model, entity, role));
            let span = model.works.iter().find(|reference| reference.entity == entity).map(|reference| &reference.span);
            let whom = match owners.as_slice() {
                [] => "everybody".to_owned(),
                owners => one_of(owners.iter().map(String::as_str), 3),
            };
            let message = format!("the design does not work: as designed, `{name}` is out of reach of {whom}");
            let diagnostic = Diagnostic::new(Code::DoesNotWork, span.unwrap_or(&model.entity(entity).span), message);
            let help = works_help(model, &name, span);
            found.push((name, diagnostic.help(help)));
        }
    }
    found
}

/// What to do about a design that does not work. Where nothing says what must work, it may be that nobody wants this.
fn works_help(model: &Model, asked: &str, span: Option<&Span>) -> String {
    let help = "grant the legitimate way, or an answer of `unreachable` means nothing";
    let assumed = span.is_none_or(|span| model.threats.iter().any(|threat| threat.goal.span == *span));
    if !assumed {
        return help.to_owned();
    }
    let granted = model.privileges.iter().map(|privilege| {
        let over = privilege.over;
        let role = if model.entity(over).population.base(over).is_some() { Role::Attacker } else { Role::Only };
        format!("{}({})", privilege.verb, reference_name(model, over, role))
    });
    let other = granted.into_iter().find(|other| other != asked && other.ends_with(".attacker)"));
    let such = other.unwrap_or_else(|| "publish(project.attacker)".to_owned());
    format!(
        "{help}. It is asked since a threat is about it and the model has no `works`: if nobody gets this as designed, \
         say what must work instead, such as `works: [{such}]`"
    )
}

/// Actors that own a thing: those of its family in the same seat, or every single actor.
fn owners(model: &Model, entity: EntityId, role: Role) -> Vec<String> {
    let base = model.entity(entity).population.base(entity);
    let actor = |id: &EntityId| model.library.kinds[model.entity(*id).kind.0].section == Some(Section::Actors);
    let ids = (0..model.entities.len()).map(EntityId).filter(actor);
    let alike = ids.filter(|id| model.entity(*id).population.base(*id) == base);
    alike.map(|id| reference_name(model, id, if base.is_some() { role } else { Role::Only })).collect()
}

/// 35,000 independent draws of what is one platform setting.
fn per_member(model: &Model, compiled: &Compiled) -> Vec<Lint> {
    let graph = &compiled.graph;
    let mut found: Vec<Lint> = Vec::new();
    for step in graph.steps.iter().filter(|step| graph.capability(step.gains).family.is_none()) {
        for id in &step.assumptions {
            let assumption = graph.assumption(*id);
            let n = copies(graph, assumption.family);
            let decl = assumption.name.split('(').next().unwrap_or_default().to_owned();
            if assumption.family.is_none() || n < 2 || found.iter().any(|(about, _)| *about == decl) {
                continue;
            }
            let goal = &graph.capability(step.gains).name;
            let message = format!(
                "`{}` is drawn once for each of {n} members, and one failure is enough for `{goal}`",
                assumption.name
            );
            let help = "if it is one setting of a platform, make the assumption about the platform; if members really differ, accept this lint";
            let diagnostic = Diagnostic {
                span: first_span(model, &step.because),
                ..Diagnostic::unplaced(Code::PerMemberAssumption, message)
            };
            found.push((decl, diagnostic.help(help)));
        }
    }
    found
}

fn first_span(model: &Model, because: &[crate::source::Place]) -> Option<Span> {
    let place = because.first()?;
    let spans = model
        .entities
        .iter()
        .map(|entity| &entity.span)
        .chain(model.privileges.iter().map(|privilege| &privilege.span));
    spans.into_iter().find(|span| span.place() == *place).cloned()
}

/// Answers to what is not asked of this model any more.
fn stale_answers(model: &Model, graph: &CapabilityGraph) -> Vec<Lint> {
    let assumptions = || graph.assumptions.iter().map(|assumption| assumption.name.as_str());
    let stale = model.answers.iter().filter(|answer| {
        !assumptions().any(|name| answer.answers(name)) && !graph.steps.iter().any(|step| step.name == answer.question)
    });
    stale
        .map(|answer| {
            let message = format!("nothing in this model rests on {}", quote(&answer.question));
            let like = assumptions().filter(|name| answers::base(name) == answers::base(&answer.question));
            let diagnostic = Diagnostic::new(Code::StaleAnswer, &answer.span, message).suggest(&answer.question, like);
            (answer.question.clone(), diagnostic)
        })
        .collect()
}

/// Steps the model brings itself that never fire.
fn dead_steps(model: &Model, compiled: &Compiled) -> Vec<Lint> {
    let own = |span: &Span| model.sources.iter().any(|source| source.name == span.source.name);
    let dead = model.library.steps.iter().filter(|step| own(&step.span) && !compiled.fired.contains(&step.id));
    dead.map(|step| {
        let message = format!("step `{}` of this model can never happen in it", step.id);
        let help = "check its `for`, `when` and kinds against the entities of the model";
        (step.id.clone(), Diagnostic::new(Code::DeadStep, &step.span, message).help(help))
    })
    .collect()
}
