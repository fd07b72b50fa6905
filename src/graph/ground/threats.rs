//! Threats over members: footholds, goals, the other copies of a goal, and the goals of `some` and `every`.

use super::draft::{Cap, Draft, Nature};
use super::grants::{ACT_AS, PASS, PASS_OWN};
use super::members::{Instance, Members, Slot, multi_victim, threat_seats};
use crate::model::{CapabilityRef, EntityId, Joins, Model, Role, ThreatDecl, VictimMode};

/// Step name: a member's copy of a goal over `some` victim is reached.
pub const SOME_VICTIM: &str = "some-victim";
/// Step name: all members' copies of a goal over `every` victim are.
pub const EVERY_VICTIM: &str = "every-victim";

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
            let question = asked.question(model, members, threat);
            asked.questions.push(question);
        }
        asked
    }

    fn question(&mut self, model: &Model, members: &Members, threat: &ThreatDecl) -> Question {
        let mut start: Vec<Cap> = threat.start.iter().flat_map(|reference| caps(members, reference)).collect();
        start.extend(threat.attacker.and_then(|class| seat(members, class)).map(|seat| Cap::new(ACT_AS, seat)));
        // Whoever has passed a gate from the start may have asked for anything there.
        let asked_within = |gate: EntityId| {
            let by = model.entity(gate).gate.as_ref().map(|rule| rule.by);
            model.privileges.iter().any(|privilege| privilege.gate == Some(gate) && Some(privilege.who) == by)
        };
        let passed = start.iter().filter(|cap| cap.verb == PASS && asked_within(cap.thing.entity));
        start.extend(passed.map(|cap| Cap::new(PASS_OWN, cap.thing)).collect::<Vec<_>>());
        start.sort();
        start.dedup();
        let mut not_applicable = threat.not_applicable.clone();
        let (goal, others) = if multi_victim(threat) && threat.goal.role == Role::Victim {
            (self.goal_of_many(model, members, threat), Vec::new())
        } else {
            match caps(members, &threat.goal).into_iter().next() {
                Some(goal) => (goal, other_copies(model, members, threat)),
                None => {
                    not_applicable.get_or_insert_with(|| "the class has no such member".to_owned());
                    (Cap::new(&threat.goal.verb, members.whole(threat.goal.entity)), Vec::new())
                }
            }
        };
        Question { start, goal, others, not_applicable }
    }

    /// `some`: any copy gains a shared goal; `every`: all copies together do.
    fn goal_of_many(&mut self, model: &Model, members: &Members, threat: &ThreatDecl) -> Cap {
        let candidates = possible_victims(model, members, threat).into_iter();
        let copies: Vec<Cap> = candidates.map(|member| Cap::new(&threat.goal.verb, member)).collect();
        let every = matches!(threat.victim, Some((_, VictimMode::Every)));
        let word = if every { "every" } else { "some" };
        let whom = if is_told_apart(model, members, threat, threat.goal.entity) { "other-" } else { "" };
        // The goal is shared: the verb carries the mode, and whether the attacker is one of the class; the thing is the family.
        let goal = Cap::new(&format!("{word}-{whom}{}", threat.goal.verb), members.whole(threat.goal.entity));
        let says = |what: &str| format!("the goal is reached for {what}");
        if every {
            let total = copies.iter().map(|cap| copies_of(members, cap.thing)).sum::<u64>();
            let mut draft = Draft::new(EVERY_VICTIM, Nature::Consequence, goal.clone(), says("every victim"));
            draft.quorum = Some((copies, u32::try_from(total).unwrap_or(u32::MAX)));
            self.steps.push(draft.because([threat.span.clone()]));
        } else {
            for copy in copies {
                let text = says(&members.phrase(copy.thing));
                let draft = Draft::new(SOME_VICTIM, Nature::Consequence, goal.clone(), text);
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
fn other_copies(model: &Model, members: &Members, threat: &ThreatDecl) -> Vec<Cap> {
    let goal = &threat.goal;
    if goal.role != Role::Victim {
        return Vec::new();
    }
    let victim = members.role(goal.entity, Role::Victim);
    let others = possible_victims(model, members, threat).into_iter().filter(|member| !victim.contains(member));
    others.map(|thing| Cap::new(&goal.verb, thing)).collect()
}

/// The members of the goal's family other than the attacker. Of a closed class that the attacker is not of, those are all of them: a seat
/// that other threats or `works` have made there is a member like any other.
fn possible_victims(model: &Model, members: &Members, threat: &ThreatDecl) -> Vec<Instance> {
    let told_apart = is_told_apart(model, members, threat, threat.goal.entity);
    let all = members.of(threat.goal.entity).into_iter();
    all.filter(|member| !(told_apart && member.slot == Slot::Attacker)).collect()
}

/// Is the attacker's seat of the entity's family that of this threat's attacker, or of whoever joins it?
fn is_told_apart(model: &Model, members: &Members, threat: &ThreatDecl, entity: EntityId) -> bool {
    let Some(base) = members.base(entity) else { return false };
    let joined = |id: EntityId| members.base(id) == Some(base) && model.entity(id).joins != Joins::Closed;
    threat_seats(model, threat, base).0 || (0..model.entities.len()).map(EntityId).any(joined)
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
    let victim = threat_seats(model, threat, base).1;
    let unused = match instance.slot {
        Slot::Attacker | Slot::Mate => !is_told_apart(model, members, threat, instance.entity),
        Slot::Victim | Slot::Neighbour => !victim,
        _ => false,
    };
    let other = members.as_other(instance);
    // The victim of this threat is no other, even where there is no third.
    if unused && !(victim && other.slot == Slot::Victim) { other } else { instance }
}
