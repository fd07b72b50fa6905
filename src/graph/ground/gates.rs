//! Approvals at gates: enough distinct members of those asked, and of a request by one of them enough others.

use std::collections::BTreeSet;

use super::draft::{Cap, Draft, Nature};
use super::grants::{ACT_AS, APPROVE, PASS, PASS_OWN};
use super::members::{Instance, Members, Slot};
use crate::model::{EntityId, GateRule, Joins, Model, Population, Scope};

/// Grounds the gates of a model.
pub struct Gates<'a> {
    /// The model.
    pub model: &'a Model,
    /// Its members.
    pub members: &'a Members<'a>,
}

impl Gates<'_> {
    /// What has to be passed at a gate before something is done to a thing. `needs` is what else that takes: where whoever
    /// asks is thereby one of those who approve, the others have to.
    pub fn passes(&self, gate: EntityId, over: Instance, needs: &[Cap]) -> Vec<Cap> {
        let rule = self.model.entity(gate).gate.as_ref().filter(|rule| !rule.own);
        let inside = |thing: Instance| {
            let asked = rule.map(|rule| self.approvers(rule, gate, thing)).unwrap_or_default();
            needs.iter().any(|need| need.verb == ACT_AS && asked.contains(&need.thing))
        };
        let lined_up = self.members.lined_up(over, gate).into_iter();
        lined_up.map(|thing| Cap::new(if inside(thing) { PASS_OWN } else { PASS }, thing)).collect()
    }

    /// Every approval, and whatever defeats a gate for a request of an approver's own too.
    pub fn ground(&self, drafts: &mut Vec<Draft>) {
        let own: BTreeSet<EntityId> = drafts
            .iter()
            .flat_map(|draft| &draft.needs)
            .filter(|need| need.verb == PASS_OWN)
            .map(|need| need.thing.entity)
            .collect();
        let defeats = drafts.iter().filter(|draft| draft.gains.verb == PASS && own.contains(&draft.gains.thing.entity));
        let defeats: Vec<Draft> =
            defeats.map(|draft| Draft { gains: Cap::new(PASS_OWN, draft.gains.thing), ..draft.clone() }).collect();
        drafts.extend(defeats);
        for gate in (0..self.model.entities.len()).map(EntityId) {
            let Some(rule) = &self.model.entity(gate).gate else { continue };
            drafts.extend(self.approvals(rule, gate, PASS));
            if own.contains(&gate) {
                drafts.extend(self.approvals(rule, gate, PASS_OWN));
            }
        }
    }

    /// Those who approve at one gate: where each member has approvers and a gate of its own, its own.
    fn approvers(&self, rule: &GateRule, gate: EntityId, thing: Instance) -> Vec<Instance> {
        let all = self.members.of(rule.by);
        if !self.member_by_member(rule, gate) {
            return all;
        }
        all.into_iter().filter(|who| self.members.aligned(*who, thing)).collect()
    }

    /// Do gate and approvers belong to the members of one class, and are the approvers not that class itself?
    fn member_by_member(&self, rule: &GateRule, gate: EntityId) -> bool {
        let base = self.members.base(rule.by);
        base.is_some() && base == self.members.base(gate) && base != Some(rule.by)
    }

    fn approvals(&self, rule: &GateRule, gate: EntityId, verb: &str) -> Vec<Draft> {
        if self.model.entity(rule.by).joins == Joins::Open {
            return vec![self.newcomers(rule, gate, verb)];
        }
        // Whoever asks has to be had anyway: so many others are one more in all.
        let of = rule.of + u32::from(verb == PASS_OWN);
        let whole = self.members.whole(gate);
        if self.member_by_member(rule, gate) {
            let each = |thing| self.approval(rule, Cap::new(verb, thing), self.approvers(rule, gate, thing), of);
            return self.members.of(gate).into_iter().map(each).collect();
        }
        let all = self.members.of(rule.by);
        if verb == PASS_OWN || !self.owner_stands_back(rule, gate) {
            return vec![self.approval(rule, Cap::new(verb, whole), all, of)];
        }
        // Precisely for the seats, and for the others by asking for one more in all.
        let mut drafts = vec![self.approval(rule, Cap::new(verb, whole), all.clone(), of + 1)];
        for thing in self.members.of(gate).into_iter().filter(|thing| self.members.family(*thing).is_none()) {
            let others = all.iter().copied().filter(|who| !self.members.aligned(*who, thing)).collect();
            drafts.push(self.approval(rule, Cap::new(verb, thing), others, of));
        }
        drafts
    }

    /// Each member of the approving class has a thing of its own behind the gate: what is asked for it is asked on its behalf.
    fn owner_stands_back(&self, rule: &GateRule, gate: EntityId) -> bool {
        let own = |scope: Scope| scope == Scope::Own;
        let mut asked = self.model.privileges.iter().filter(|privilege| privilege.gate == Some(gate));
        !rule.own && self.members.base(gate) == Some(rule.by) && asked.all(|privilege| own(privilege.scope))
    }

    fn approval(&self, rule: &GateRule, gains: Cap, approvers: Vec<Instance>, of: u32) -> Draft {
        let (by, at) = (class_words(self.model, rule.by), self.members.phrase(gains.thing));
        let says = match (gains.verb == PASS_OWN, rule.of) {
            (true, 1) => format!("another of {by} than the one who asks approves at {at}"),
            (true, _) => format!("enough of {by} beside the one who asks approve at {at}"),
            (false, 1) if self.members.base(rule.by).is_none() => format!("{by} approves at {at}"),
            (false, 1) => format!("one of {by} approves at {at}"),
            (false, _) => format!("enough of {by} approve at {at}"),
        };
        let thing = gains.thing;
        let mut draft = Draft::new(APPROVE, Nature::Grant, gains, says).because([rule.span.clone()]);
        draft.quorum = Some((approvers.iter().map(|who| Cap::new(ACT_AS, *who)).collect(), of));
        draft.subjects = vec![thing];
        draft
    }

    /// Anyone can join as often as needed: the quorum is met by newcomers.
    fn newcomers(&self, rule: &GateRule, gate: EntityId, verb: &str) -> Draft {
        let seat = self.members.of(rule.by).into_iter().filter(|who| who.slot == Slot::Attacker);
        let thing = self.members.whole(gate);
        let says = format!(
            "anyone can join {} and approve at {}",
            class_words(self.model, rule.by),
            self.members.phrase(thing)
        );
        let draft = Draft::new(APPROVE, Nature::Grant, Cap::new(verb, thing), says).because([rule.span.clone()]);
        draft.needing(seat.map(|who| Cap::new(ACT_AS, who)))
    }
}

/// A class in words, or its only member.
pub fn class_words(model: &Model, class: EntityId) -> String {
    let id = &model.entity(class).id;
    if model.entity(class).population == Population::Single { id.clone() } else { format!("the class {id}") }
}
