//! Symbolic members: a family of any size is a handful of slots (attacker, victim, mate, other) and the blocks they stand for.

use std::collections::BTreeMap;

use crate::graph::{Family, FamilyId};
use crate::model::{CapabilityRef, Entity, EntityId, Joins, Model, Population, Role, VictimMode};

/// Which member of the base a member belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slot {
    /// A single entity.
    Only,
    /// The attacker's seat.
    Attacker,
    /// The victim's seat.
    Victim,
    /// In the attacker's group.
    Mate,
    /// In the victim's group, where that is another than the attacker's.
    Neighbour,
    /// Any other.
    Other,
    /// The whole family at once.
    All,
}

/// Which of several things of one member (three owners of one project).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sub {
    /// There is one, or this is the one in the seat.
    First,
    /// One of the rest.
    Rest,
}

/// One symbolic member of an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instance {
    /// The entity.
    pub entity: EntityId,
    /// Its place in the family.
    pub slot: Slot,
    /// Its place among several of one member.
    pub sub: Sub,
}

/// How the members of one base are laid out.
#[derive(Debug, Clone)]
struct Layout {
    /// (slot, number of members) of the base, in order.
    slots: Vec<(Slot, u64)>,
    /// Slots of the groups, if the base has groups, with the number of groups.
    groups: Vec<(Slot, u64)>,
    /// Members of a foreign group.
    group_size: u64,
    /// The slot `other` needs no suffix: nobody tells its members apart.
    plain: bool,
}

/// The members of every entity of a model, and the families they form.
#[derive(Debug)]
pub struct Members<'m> {
    model: &'m Model,
    layouts: BTreeMap<EntityId, Layout>,
    families: Vec<Family>,
    family_of: BTreeMap<(EntityId, Slot, Option<EntityId>, Sub), FamilyId>,
}

/// Two threats that place the victim differently cannot share one graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MixedPlacement;

#[derive(Debug, Clone, Copy, Default)]
struct Seats {
    attacker: bool,
    victim: bool,
    apart: bool,
}

impl<'m> Members<'m> {
    /// Lays out every base for the seats that the model's threats name.
    pub fn new(model: &'m Model) -> Result<Members<'m>, MixedPlacement> {
        let mut members = Members { model, layouts: BTreeMap::new(), families: Vec::new(), family_of: BTreeMap::new() };
        for (at, entity) in model.entities.iter().enumerate() {
            let base = EntityId(at);
            if let Population::Base { count } = entity.population {
                let seats = seats(model, base)?;
                let layout = members.layout(base, count, seats);
                members.layouts.insert(base, layout);
            }
        }
        members.lay_out_families();
        Ok(members)
    }

    fn layout(&self, base: EntityId, count: u64, seats: Seats) -> Layout {
        let size = self.model.entities.iter().find_map(|entity| match entity.population {
            Population::Group { base: of, size } if of == base => Some(size),
            _ => None,
        });
        let taken = u64::from(seats.attacker) + u64::from(seats.victim);
        let mut slots = Vec::new();
        let mut groups = Vec::new();
        if seats.attacker {
            slots.push((Slot::Attacker, 1));
        }
        if seats.victim {
            slots.push((Slot::Victim, 1));
        }
        if let Some(size) = size {
            let apart = seats.victim && (seats.apart || !seats.attacker || size < 2);
            let homes = u64::from(seats.attacker) + u64::from(apart);
            if seats.attacker {
                groups.push((Slot::Attacker, 1));
                slots.push((Slot::Mate, size - if apart { 1 } else { taken }));
            }
            if apart {
                groups.push((Slot::Victim, 1));
                slots.push((Slot::Neighbour, size - 1));
            }
            let foreign = (count / size).saturating_sub(homes);
            groups.push((Slot::Other, foreign));
            slots.push((Slot::Other, foreign * size));
        } else {
            slots.push((Slot::Other, count.saturating_sub(taken)));
        }
        slots.retain(|(_, n)| *n > 0);
        groups.retain(|(_, n)| *n > 0);
        let plain = self.model.entity(base).joins == Joins::Closed && !seats.victim;
        Layout { slots, groups, group_size: size.unwrap_or(0), plain }
    }

    /// One family per slot that stands for many, then one per multiplicity inside it.
    fn lay_out_families(&mut self) {
        let layouts: Vec<(EntityId, Layout)> =
            self.layouts.iter().map(|(base, layout)| (*base, layout.clone())).collect();
        for (base, layout) in layouts {
            let name = self.model.entity(base).id.clone();
            let mut outer_groups = None;
            for (slot, n) in &layout.groups {
                if *slot == Slot::Other {
                    outer_groups = Some(self.add_family(format!("other groups of {name}"), *n, None));
                }
            }
            if let Some(family) = outer_groups {
                self.family_of.insert((base, Slot::Other, None, Sub::Rest), family);
            }
            for (slot, n) in &layout.slots {
                let family = match slot {
                    Slot::Mate => Some(self.add_family(format!("{name} in the attacker's group"), *n, None)),
                    Slot::Neighbour => Some(self.add_family(format!("{name} in the victim's group"), *n, None)),
                    Slot::Other if outer_groups.is_some() => {
                        Some(self.add_family(format!("{name} of one other group"), layout.group_size, outer_groups))
                    }
                    Slot::Other if layout.plain => Some(self.add_family(name.clone(), *n, None)),
                    Slot::Other => Some(self.add_family(format!("other {name}"), *n, None)),
                    _ => None,
                };
                if let Some(family) = family {
                    self.family_of.insert((base, *slot, None, Sub::First), family);
                }
                self.lay_out_many(base, *slot, family);
            }
        }
    }

    fn lay_out_many(&mut self, base: EntityId, slot: Slot, within: Option<FamilyId>) {
        for (at, entity) in self.model.entities.iter().enumerate() {
            let axis = EntityId(at);
            let Population::Many { base: of, axis: own, count } = entity.population else { continue };
            if of != base || own != axis {
                continue;
            }
            let (name, n) = match slot {
                Slot::Attacker => (format!("{} beside the attacker", entity.id), count - 1),
                Slot::Victim => (format!("{} beside the victim", entity.id), count - 1),
                _ => (format!("{} of one other {}", entity.id, self.model.entity(base).id), count),
            };
            let family = self.add_family(name, n, within);
            self.family_of.insert((base, slot, Some(axis), Sub::Rest), family);
        }
    }

    fn add_family(&mut self, name: String, count: u64, within: Option<FamilyId>) -> FamilyId {
        self.families.push(Family { name, count, within });
        FamilyId(self.families.len() as u32 - 1)
    }

    /// The families, in the order of their ids.
    pub fn families(&self) -> &[Family] {
        &self.families
    }

    /// The block an instance stands for many of; `None` is shared or a seat.
    pub fn family(&self, instance: Instance) -> Option<FamilyId> {
        if matches!(instance.slot, Slot::Only | Slot::All) {
            return None;
        }
        match self.population(instance.entity) {
            Population::Single => None,
            Population::Base { .. } => self.family_of.get(&(instance.entity, instance.slot, None, Sub::First)).copied(),
            Population::Each { base } => self.family_of.get(&(base, instance.slot, None, Sub::First)).copied(),
            Population::Group { base, .. } => match instance.slot {
                Slot::Other => self.family_of.get(&(base, Slot::Other, None, Sub::Rest)).copied(),
                _ => None,
            },
            Population::Many { base, axis, .. } => match (instance.slot, instance.sub) {
                (Slot::Attacker | Slot::Victim, Sub::First) => None,
                (slot, _) => self.family_of.get(&(base, slot, Some(axis), Sub::Rest)).copied(),
            },
        }
    }

    /// Is `outer` the same as, or around, `inner`?
    pub fn encloses(&self, outer: FamilyId, inner: FamilyId) -> bool {
        let mut at = Some(inner);
        while let Some(family) = at {
            if family == outer {
                return true;
            }
            at = self.families[family.0 as usize].within;
        }
        false
    }

    fn population(&self, entity: EntityId) -> Population {
        self.model.entity(entity).population
    }

    /// The base of an entity's family.
    pub fn base(&self, entity: EntityId) -> Option<EntityId> {
        self.population(entity).base(entity)
    }

    /// Every member of an entity, the whole family not among them.
    pub fn of(&self, entity: EntityId) -> Vec<Instance> {
        let make = |slot, sub| Instance { entity, slot, sub };
        let slots = |base: EntityId| self.layouts.get(&base).map(|layout| layout.slots.clone()).unwrap_or_default();
        match self.population(entity) {
            Population::Single => vec![make(Slot::Only, Sub::First)],
            Population::Base { .. } => slots(entity).iter().map(|(slot, _)| make(*slot, Sub::First)).collect(),
            Population::Each { base } => slots(base).iter().map(|(slot, _)| make(*slot, Sub::First)).collect(),
            Population::Group { base, .. } => self.layouts.get(&base).map_or_else(Vec::new, |layout| {
                layout.groups.iter().map(|(slot, _)| make(*slot, Sub::First)).collect()
            }),
            Population::Many { base, .. } => slots(base)
                .iter()
                .flat_map(|(slot, _)| match slot {
                    Slot::Attacker | Slot::Victim => vec![make(*slot, Sub::First), make(*slot, Sub::Rest)],
                    _ => vec![make(*slot, Sub::Rest)],
                })
                .collect(),
        }
    }

    /// The whole family of an entity, or the entity itself where it is single.
    pub fn whole(&self, entity: EntityId) -> Instance {
        let slot = if self.population(entity) == Population::Single { Slot::Only } else { Slot::All };
        Instance { entity, slot, sub: Sub::First }
    }

    /// The group slot a base slot lives in.
    fn group_slot(&self, base: EntityId, slot: Slot) -> Slot {
        let apart =
            self.layouts.get(&base).is_some_and(|layout| layout.groups.iter().any(|(group, _)| *group == Slot::Victim));
        match slot {
            Slot::Mate => Slot::Attacker,
            Slot::Neighbour => Slot::Victim,
            Slot::Victim if !apart => Slot::Attacker,
            other => other,
        }
    }

    /// Can these two stand in one step? Members of one family must be the same member (or its group).
    pub fn aligned(&self, a: Instance, b: Instance) -> bool {
        let (Some(base), Some(other)) = (self.base(a.entity), self.base(b.entity)) else { return true };
        if base != other || a.slot == Slot::All || b.slot == Slot::All {
            return true;
        }
        let (pa, pb) = (self.population(a.entity), self.population(b.entity));
        let group = |population| matches!(population, Population::Group { .. });
        if group(pa) || group(pb) {
            return self.group_slot(base, a.slot) == self.group_slot(base, b.slot);
        }
        let same_axis = match (pa, pb) {
            (Population::Many { axis: x, .. }, Population::Many { axis: y, .. }) => x == y,
            _ => false,
        };
        a.slot == b.slot && (!same_axis || a.sub == b.sub)
    }

    /// Members of `target` that line up with an instance: the same member, its group, the members of its group; all of them where
    /// either side is single.
    pub fn lined_up(&self, instance: Instance, target: EntityId) -> Vec<Instance> {
        self.of(target).into_iter().filter(|other| self.aligned(instance, *other)).collect()
    }

    /// The instances a role of an entity means. Empty where the layout has no such member.
    pub fn role(&self, entity: EntityId, role: Role) -> Vec<Instance> {
        let wanted: &[(Slot, Sub)] = match role {
            Role::Only => &[(Slot::Only, Sub::First), (Slot::Other, Sub::First)],
            Role::Attacker => &[(Slot::Attacker, Sub::First)],
            Role::Victim => &[(Slot::Victim, Sub::First)],
            Role::Mate => &[(Slot::Mate, Sub::First), (Slot::Mate, Sub::Rest)],
            Role::Other => &[(Slot::Other, Sub::First), (Slot::Other, Sub::Rest)],
            Role::Owner => &[(Slot::Victim, Sub::Rest)],
            Role::Partner => &[(Slot::Attacker, Sub::Rest)],
            Role::All => return vec![self.whole(entity)],
        };
        let grouped = |slot| match (self.population(entity), self.base(entity)) {
            (Population::Group { .. }, Some(base)) => self.group_slot(base, slot),
            _ => slot,
        };
        let wanted: Vec<(Slot, Sub)> = wanted.iter().map(|(slot, sub)| (grouped(*slot), *sub)).collect();
        self.of(entity).into_iter().filter(|instance| wanted.contains(&(instance.slot, instance.sub))).collect()
    }

    /// `entity.role`, as it stands in capability names.
    pub fn name(&self, instance: Instance) -> String {
        let id = &self.model.entity(instance.entity).id;
        match self.suffix(instance) {
            Some(suffix) => format!("{id}.{suffix}"),
            None => id.clone(),
        }
    }

    fn suffix(&self, instance: Instance) -> Option<&'static str> {
        let plain =
            self.base(instance.entity).and_then(|base| self.layouts.get(&base)).is_some_and(|layout| layout.plain);
        Some(match (instance.slot, instance.sub) {
            (Slot::Only, _) => return None,
            (Slot::Attacker, Sub::First) => "attacker",
            (Slot::Attacker, Sub::Rest) => "partner",
            (Slot::Victim, Sub::First) => "victim",
            (Slot::Victim, Sub::Rest) => "owner",
            (Slot::Mate, _) => "mate",
            (Slot::Neighbour, _) => "neighbour",
            (Slot::Other, _) if plain => return None,
            (Slot::Other, _) => "other",
            (Slot::All, _) => "all",
        })
    }

    /// The attacker's seat of a class that joins by approval, if the class has other members than attacker and victim.
    pub fn newcomer(&self, class: EntityId) -> Option<Instance> {
        let entity = self.model.entity(class);
        if !matches!((&entity.joins, entity.population), (Joins::Approval { .. }, Population::Base { .. })) {
            return None;
        }
        let all = self.of(class);
        let others = all.iter().any(|member| matches!(member.slot, Slot::Other | Slot::Mate | Slot::Neighbour));
        all.into_iter().find(|member| others && member.slot == Slot::Attacker)
    }

    /// The instance in words, for sentences.
    pub fn phrase(&self, instance: Instance) -> String {
        let entity: &Entity = self.model.entity(instance.entity);
        let id = &entity.id;
        let class = matches!(entity.population, Population::Base { .. });
        let own = matches!(entity.population, Population::Many { .. });
        let whose = match entity.population {
            Population::Each { base } => format!("{}'s ", self.model.entity(base).id),
            _ => String::new(),
        };
        match (instance.slot, instance.sub) {
            (Slot::Only, _) => id.clone(),
            (Slot::All, _) => format!("any {id}"),
            (Slot::Attacker, Sub::First) if class => format!("the attacking {id}"),
            (Slot::Victim, Sub::First) if class => format!("the victim {id}"),
            (Slot::Attacker, Sub::First) if own => format!("the attacker's own {id}"),
            (Slot::Attacker, Sub::First) => format!("the attacker's {id}"),
            (Slot::Victim, Sub::First) => format!("the victim's {id}"),
            (Slot::Attacker, Sub::Rest) => format!("a {id} beside the attacker"),
            (Slot::Victim, Sub::Rest) => format!("a {id} beside the victim"),
            (Slot::Mate, _) => format!("a {id} of the attacker's group"),
            (Slot::Neighbour, _) => format!("a {id} of the victim's group"),
            (Slot::Other, _) if self.suffix(instance).is_none() => format!("one {whose}{id}"),
            (Slot::Other, _) => format!("another {whose}{id}"),
        }
    }

    /// The member a seat counts as in a threat that does not use it: a mate of the attacker for the victim's seat, else an other. Where there
    /// is nobody besides the two seats, the attacker's counts as the victim's.
    pub fn as_other(&self, instance: Instance) -> Instance {
        let slots: Vec<Slot> = self.of(instance.entity).iter().map(|member| member.slot).collect();
        let mate = instance.slot == Slot::Victim && slots.contains(&Slot::Mate);
        let slot = match slots.contains(&Slot::Other) {
            true if !mate => Slot::Other,
            false if instance.slot == Slot::Attacker && !slots.contains(&Slot::Mate) => Slot::Victim,
            _ => Slot::Mate,
        };
        let sub = match self.population(instance.entity) {
            Population::Many { .. } => Sub::Rest,
            _ => Sub::First,
        };
        Instance { slot, sub, ..instance }
    }
}

/// Which seats the threats of a model make in one base. A class that one can join always has the attacker's.
fn seats(model: &Model, base: EntityId) -> Result<Seats, MixedPlacement> {
    let mut seats = Seats::default();
    let of_base = |id: EntityId| model.entity(id).population.base(id) == Some(base);
    for (at, entity) in model.entities.iter().enumerate() {
        seats.attacker |= of_base(EntityId(at)) && entity.joins != Joins::Closed;
    }
    let mut placements = Vec::new();
    for threat in model.threats.iter().filter(|threat| threat.not_applicable.is_none()) {
        let used = threat_seats(model, threat, base);
        seats.attacker |= used.0;
        seats.victim |= used.1;
        if used.1 {
            placements.push(threat.placed_random);
        }
    }
    for reference in &model.works {
        seats.attacker |= of_base(reference.entity) && reference.role == Role::Attacker;
    }
    seats.apart = placements.contains(&true);
    if seats.apart && placements.contains(&false) && has_groups(model, base) {
        return Err(MixedPlacement);
    }
    Ok(seats)
}

fn has_groups(model: &Model, base: EntityId) -> bool {
    model.entities.iter().any(|entity| matches!(entity.population, Population::Group { base: of, .. } if of == base))
}

/// Does a threat use (the attacker's, the victim's) seat of a base?
pub fn threat_seats(model: &Model, threat: &crate::model::ThreatDecl, base: EntityId) -> (bool, bool) {
    let of_base = |id: EntityId| model.entity(id).population.base(id) == Some(base);
    let references = || -> Vec<&CapabilityRef> { threat.start.iter().chain([&threat.goal]).collect() };
    let names = |roles: &[Role]| references().iter().any(|r| of_base(r.entity) && roles.contains(&r.role));
    let attacker = threat.attacker.is_some_and(of_base) || names(&[Role::Attacker, Role::Partner, Role::Mate]);
    let chosen = threat.victim.is_some_and(|(class, mode)| of_base(class) && mode == VictimMode::Chosen);
    (attacker, chosen || (names(&[Role::Victim, Role::Owner]) && !multi_victim(threat)))
}

/// `some` and `every` range over the members and make no seat.
pub fn multi_victim(threat: &crate::model::ThreatDecl) -> bool {
    matches!(threat.victim, Some((_, VictimMode::Some | VictimMode::Every)))
}
