//! Grounds what the model grants: privileges, admission to a class, and families as a whole.

use std::collections::BTreeSet;

use super::draft::{Cap, Draft, Nature, Variable};
use super::facts::{Facts, May};
use super::gates::{Gates, class_words};
use super::members::{Instance, Members, Slot};
use super::steps::fill;
use crate::model::{EntityId, Joins, Model, Population, Scope};

/// Root capability of a principal.
pub const ACT_AS: &str = "act-as";
/// Knowing a credential.
pub const KNOW: &str = "know";
/// Having passed an approval gate.
pub const PASS: &str = "pass";
/// Having passed an approval gate with a request of one's own, being one of those who approve there: others did.
pub const PASS_OWN: &str = "pass-own";
/// Both ways of having passed a gate.
pub const PASSES: [&str; 2] = [PASS, PASS_OWN];
/// Step name: an approval by those asked for it.
pub const APPROVE: &str = "approve";
/// Step name: admission by those asked for it.
pub const ADMIT: &str = "admit";
/// Step name: what holds for a whole family holds for each member.
pub const WHOLE_FAMILY: &str = "whole-family";

/// Grounds a model's grants.
pub struct Grants<'a> {
    /// The model.
    pub model: &'a Model,
    /// Its members.
    pub members: &'a Members<'a>,
    /// Its facts.
    pub facts: &'a Facts,
}

impl Grants<'_> {
    /// Every privilege and admission.
    pub fn ground(&self) -> Vec<Draft> {
        let mut drafts: Vec<Draft> = self.facts.mays.iter().flat_map(|may| self.privilege(may)).collect();
        for at in 0..self.model.entities.len() {
            drafts.extend(self.admission(EntityId(at)));
        }
        drafts
    }

    /// One grant per thing: by the holder, and by whoever knows the credential it is exercised with.
    fn privilege(&self, may: &May) -> Vec<Draft> {
        let privilege = &self.model.privileges[may.privilege];
        let gated = privilege.gate.map(|gate| self.model.entity(gate).population);
        // A gate of each member cannot be passed for the whole family at once.
        let per_member =
            privilege.scope == Scope::Any && gated.is_some_and(|population| population != Population::Single);
        let overs = if per_member { self.members.of(privilege.over) } else { vec![may.over] };
        let mut drafts = Vec::new();
        for over in overs {
            drafts.push(self.grant(may, over, None));
            if let Some(key) = may.using
                && !self.facts.proves(key, may.who)
            {
                drafts.push(self.grant(may, over, Some(key)));
            }
        }
        drafts
    }

    fn grant(&self, may: &May, over: Instance, key: Option<Instance>) -> Draft {
        let privilege = &self.model.privileges[may.privilege];
        let phrase = |instance| self.members.phrase(instance);
        let template =
            self.model.library.verb(&privilege.verb).map_or("{who} acts on {thing}", |verb| verb.grant.as_str());
        let who = match key {
            None => phrase(may.who),
            Some(key) => format!("whoever holds {}, in place of {},", phrase(key), phrase(may.who)),
        };
        let mut says = fill(template, |name| match name {
            "who" => Some(who.clone()),
            "thing" | "over" => Some(phrase(over)),
            _ => None,
        });
        if let Some(via) = privilege.via {
            says.push_str(&format!(", through {}", self.model.entity(via).id));
        }
        let root = key.map_or(Cap::new(ACT_AS, may.who), |key| Cap::new(KNOW, key));
        let gates = Gates { model: self.model, members: self.members };
        let passes = privilege.gate.map(|gate| gates.passes(gate, over, std::slice::from_ref(&root)));
        let passes = passes.unwrap_or_default();
        if !passes.is_empty() {
            says.push_str(", once approved");
        }
        let gains = Cap::new(&privilege.verb, over);
        let via = privilege.via.map(|via| self.model.entity(via).span.clone());
        let mut draft = Draft::new(&privilege.verb, Nature::Grant, gains, says)
            .needing([root].into_iter().chain(passes))
            .because([privilege.span.clone()].into_iter().chain(via));
        draft.delay_h = privilege.delay_hours;
        draft.subjects = vec![may.who, over];
        if privilege.present.is_some() {
            draft.variables.push(Variable::LeftOverPrivilege(may.privilege, may.who));
        }
        draft
    }

    /// Those asked admit the attacker to a class that joins by approval.
    fn admission(&self, class: EntityId) -> Option<Draft> {
        let Joins::Approval { by, of, span } = &self.model.entity(class).joins else { return None };
        let seat = self.members.of(class).into_iter().find(|who| who.slot == Slot::Attacker)?;
        let approvers: Vec<Cap> =
            self.members.of(*by).into_iter().filter(|who| *who != seat).map(|who| Cap::new(ACT_AS, who)).collect();
        let (by_words, class) = (class_words(self.model, *by), &self.model.entity(class).id);
        let who = if *of == 1 { "one member admits" } else { "different members admit" };
        let n = if *of == 1 { String::new() } else { format!("{of} ") };
        let says = format!("of {by_words}, {n}{who} the attacker as {class}");
        let mut draft = Draft::new(ADMIT, Nature::Grant, Cap::new(ACT_AS, seat), says).because([span.clone()]);
        draft.quorum = Some((approvers, *of));
        draft.subjects = vec![seat];
        Some(draft)
    }

    /// For every capability over a whole family that is gained: it holds for each member.
    pub fn whole_families(&self, drafts: &[Draft]) -> Vec<Draft> {
        let wholes: BTreeSet<&Cap> =
            drafts.iter().map(|draft| &draft.gains).filter(|cap| cap.thing.slot == Slot::All).collect();
        let mut out = Vec::new();
        for whole in wholes {
            for member in self.members.of(whole.thing.entity) {
                let gains = Cap::new(&whole.verb, member);
                let says = format!(
                    "what holds for {} holds for {}",
                    self.members.phrase(whole.thing),
                    self.members.phrase(member)
                );
                let place = self.model.entity(whole.thing.entity).span.clone();
                out.push(
                    Draft::new(WHOLE_FAMILY, Nature::Consequence, gains, says)
                        .needing([whole.clone()])
                        .because([place]),
                );
            }
        }
        out
    }

    /// The attacker's seat of a class that joins by approval is empty until they are let in: it has nothing before that could be gained,
    /// and no way in besides. The existing members are the others; where there are none, the seat stands for one of them.
    pub fn empty_seats(&self, drafts: &mut Vec<Draft>) {
        for class in (0..self.model.entities.len()).map(EntityId) {
            let Some(seat) = self.members.newcomer(class) else { continue };
            let root = Cap::new(ACT_AS, seat);
            let base = self.members.base(class);
            let of_seat = |cap: &Cap| cap.thing.slot == Slot::Attacker && self.members.base(cap.thing.entity) == base;
            drafts.retain(|draft| draft.gains != root || !draft.needs.iter().any(of_seat));
            let from_elsewhere = |draft: &&mut Draft| {
                let own = draft.needs.iter().any(of_seat) || draft.name == WHOLE_FAMILY;
                draft.gains != root && of_seat(&draft.gains) && !own
            };
            for draft in drafts.iter_mut().filter(from_elsewhere) {
                draft.needs.push(root.clone());
                draft.needs.sort();
            }
        }
    }

    /// A thing that may be left over can only be gained if it is there.
    pub fn left_overs(&self, drafts: &mut [Draft]) {
        for draft in drafts {
            let thing = draft.gains.thing;
            if self.model.entity(thing.entity).present.is_some() && thing.slot != Slot::All {
                draft.variables.push(Variable::LeftOverThing(thing));
            }
        }
    }
}
