//! Threats over members: footholds, goals, the other copies of a goal, and the goals of `some` and `every`.

use super::draft::{Cap, Draft, Nature};
use super::grants::ACT_AS;
use super::members::{Instance, Members, Slot, multi_victim, threat_seats};
use crate::model::{CapabilityRef, EntityId, Joins, Model, Role, ThreatDecl, VictimMode};

/// What one threat asks.
#[derive(Debug, Clone)]
pub struct Question {
    /// Footholds.
    pub start: Vec<Cap>,
    /// Goal.
    pub goal: Cap,
    /// Copies of the goal for the members other than attacker and victim.
    pub others: Vec<Cap>,
    /// Why it cannot be asked.
    pub not_applicable: Option<String>,
}

/// What all threats ask, with the steps their goals need.
#[derive(Debug)]
pub struct Asked {
    /// One per threat.
    pub questions: Vec<Question>,
    /// What anyone has.
    pub public: Vec<Cap>,
    /// Steps that gain the goals of `some` and `every`.
    pub steps: Vec<Draft>,
}

impl Asked {
    /// Reads the questions off a model.
    pub fn new(model: &Model, members: &Members) -> Asked {
        let mut asked = Asked { questions: Vec::new(), public: public(model, members), steps: Vec::new() };
        for threat in &model.threats {
            let question = asked.question(members, threat);
            asked.questions.push(question);
        }
        asked
    }

    fn question(&mut self, members: &Members, threat: &ThreatDecl) -> Question {
        let mut start: Vec<Cap> = threat.start.iter().flat_map(|reference| caps(members, reference)).collect();
        start.extend(threat.attacker.and_then(|class| seat(members, class)).map(|seat| Cap::new(ACT_AS, seat)));
        start.sort();
        start.dedup();
        let mut not_applicable = threat.not_applicable.clone();
        let (goal, others) = if multi_victim(threat) && threat.goal.role == Role::Victim {
            (self.goal_of_many(members, threat), Vec::new())
        } else {
            match caps(members, &threat.goal).into_iter().next() {
                Some(goal) => (goal, other_copies(members, &threat.goal)),
                None => {
                    not_applicable.get_or_insert_with(|| "the class has no such member".to_owned());
                    (Cap::new(&threat.goal.verb, members.whole(threat.goal.entity)), Vec::new())
                }
            }
        };
        Question { start, goal, others, not_applicable }
    }

    /// `some`: any copy gains a shared goal; `every`: all copies together do.
    fn goal_of_many(&mut self, members: &Members, threat: &ThreatDecl) -> Cap {
        let copies: Vec<Cap> = members
            .of(threat.goal.entity)
            .into_iter()
            .filter(|member| member.slot != Slot::Attacker)
            .map(|member| Cap::new(&threat.goal.verb, member))
            .collect();
        let every = matches!(threat.victim, Some((_, VictimMode::Every)));
        let word = if every { "every" } else { "some" };
        // The goal is shared: the verb carries the mode, the thing is the family.
        let goal = Cap::new(&format!("{word}-{}", threat.goal.verb), members.whole(threat.goal.entity));
        let says = |what: &str| format!("the goal is reached for {what}");
        if every {
            let total = copies.iter().map(|cap| copies_of(members, cap.thing)).sum::<u64>();
            let mut draft = Draft::new("every-victim", Nature::Consequence, goal.clone(), says("every victim"));
            draft.quorum = Some((copies, u32::try_from(total).unwrap_or(u32::MAX)));
            self.steps.push(draft.because([threat.span.clone()]));
        } else {
            for copy in copies {
                let text = says(&members.phrase(copy.thing));
                let draft = Draft::new("some-victim", Nature::Consequence, goal.clone(), text);
                self.steps.push(draft.needing([copy]).because([threat.span.clone()]));
            }
        }
        goal
    }
}

/// How many members an instance stands for.
pub fn copies_of(members: &Members, instance: Instance) -> u64 {
    let mut n = 1;
    let mut at = members.family(instance);
    while let Some(family) = at {
        let family = &members.families()[family.0 as usize];
        n *= family.count;
        at = family.within;
    }
    n
}

fn caps(members: &Members, reference: &CapabilityRef) -> Vec<Cap> {
    members.role(reference.entity, reference.role).into_iter().map(|thing| Cap::new(&reference.verb, thing)).collect()
}

/// The names of a stated capability in the graph, as one threat counts members, and of what is stronger: the same over the
/// whole family. Empty where the class has no such member.
pub fn stated(model: &Model, threat: &ThreatDecl, reference: &CapabilityRef) -> Vec<String> {
    // Mixed placements are reported when the model is compiled.
    let Ok(members) = Members::new(model) else { return Vec::new() };
    let meant = members.role(reference.entity, reference.role);
    let counted = meant.into_iter().map(|thing| as_counted(model, &members, threat, thing));
    let mut names: Vec<String> = counted.map(|thing| members.name(thing)).collect();
    if !names.is_empty() {
        names.push(members.name(members.whole(reference.entity)));
    }
    names.sort();
    names.dedup();
    names.into_iter().map(|name| format!("{}({name})", reference.verb)).collect()
}

fn seat(members: &Members, class: EntityId) -> Option<Instance> {
    members.of(class).into_iter().find(|member| matches!(member.slot, Slot::Attacker | Slot::Only))
}

/// The copies of a victim's goal that other members have.
fn other_copies(members: &Members, goal: &CapabilityRef) -> Vec<Cap> {
    if goal.role != Role::Victim {
        return Vec::new();
    }
    let victim = members.role(goal.entity, Role::Victim);
    let others =
        members.of(goal.entity).into_iter().filter(|member| member.slot != Slot::Attacker && !victim.contains(member));
    others.map(|thing| Cap::new(&goal.verb, thing)).collect()
}

/// Anyone can be a new member of an open class; nobody can thereby be an existing one.
fn public(model: &Model, members: &Members) -> Vec<Cap> {
    let open = (0..model.entities.len()).map(EntityId).filter(|id| model.entity(*id).joins == Joins::Open);
    open.flat_map(|id| members.of(id))
        .filter(|who| who.slot == Slot::Attacker)
        .map(|who| Cap::new(ACT_AS, who))
        .collect()
}

/// In a threat that does not use a seat, its member counts as an other.
pub fn as_counted(model: &Model, members: &Members, threat: &ThreatDecl, instance: Instance) -> Instance {
    let Some(base) = members.base(instance.entity) else { return instance };
    let (attacker, victim) = threat_seats(model, threat, base);
    let joined = (0..model.entities.len())
        .map(EntityId)
        .any(|id| members.base(id) == Some(base) && model.entity(id).joins != Joins::Closed);
    let unused = match instance.slot {
        Slot::Attacker | Slot::Mate => !(attacker || joined),
        Slot::Victim | Slot::Neighbour => !victim,
        _ => false,
    };
    if unused { members.as_other(instance) } else { instance }
}
