//! How many of each entity there are, and which families line up.

use super::Resolution;
use crate::diagnostic::{Code, Diagnostic, quote};
use crate::model::{EntityId, Population};
use crate::source::Span;

/// How far an entity's population is worked out.
#[derive(Debug, Clone, Copy, PartialEq)]
enum State {
    Open,
    Busy,
    Done,
}

impl Resolution<'_> {
    /// Works out every population.
    pub(super) fn populations(&mut self) {
        let mut states = vec![State::Open; self.entities.len()];
        for at in 0..self.entities.len() {
            self.populate(EntityId(at), &mut states);
        }
        self.one_group_size();
    }

    fn populate(&mut self, id: EntityId, states: &mut [State]) {
        // Chains of `per` can be long: walk up first, then come back down.
        let mut chain = vec![id];
        while let Some(&at) = chain.last() {
            match states[at.0] {
                State::Done => break,
                State::Busy => {
                    let message = format!("{} is counted by itself", quote(self.id_of(at)));
                    let span = self.per_span(at);
                    self.report(Code::BadPopulation, &span, message);
                    states[at.0] = State::Done;
                    chain.pop();
                    break;
                }
                State::Open => {
                    states[at.0] = State::Busy;
                    match self.raw[at.0].per {
                        Some((above, ..)) => chain.push(above),
                        None => break,
                    }
                }
            }
        }
        while let Some(at) = chain.pop() {
            if states[at.0] == State::Busy {
                states[at.0] = State::Done;
                self.entities[at.0].population = self.own_population(at);
            }
        }
    }

    fn per_span(&self, id: EntityId) -> Span {
        self.raw[id.0].per.as_ref().map_or_else(|| self.entities[id.0].span.clone(), |(_, _, span)| span.clone())
    }

    /// The population, those above being known.
    fn own_population(&mut self, id: EntityId) -> Population {
        let count = self.raw[id.0].count.unwrap_or(1);
        let Some((above, size, span)) = self.raw[id.0].per.clone() else {
            return if count > 1 { Population::Base { count } } else { Population::Single };
        };
        if size > 1 {
            return self.group(above, size, count, &span);
        }
        match (self.population(above), count) {
            (Population::Single, 1) => Population::Single,
            (Population::Single, count) => Population::Base { count },
            (Population::Base { .. }, 1) => Population::Each { base: above },
            (Population::Base { .. }, count) => Population::Many { base: above, axis: id, count },
            (population, 1) => population,
            (Population::Each { base }, count) => Population::Many { base, axis: id, count },
            (Population::Many { .. } | Population::Group { .. }, _) => {
                let message = format!(
                    "{} is already several or a group, and cannot be multiplied again",
                    quote(self.id_of(above))
                );
                self.report(Code::BadPopulation, &span, message);
                Population::Single
            }
        }
    }

    fn group(&mut self, above: EntityId, size: u64, count: u64, span: &Span) -> Population {
        let base = match self.population(above) {
            Population::Base { .. } => above,
            Population::Each { base } => base,
            // The group of a class that has one member now is that one.
            Population::Single if self.is_class(above) => return Population::Single,
            _ => {
                let message = format!("groups are made of a class, and {} is none", quote(self.id_of(above)));
                self.report(Code::BadPopulation, span, message);
                return Population::Single;
            }
        };
        let members = self.members(base);
        if count > 1 {
            self.report(
                Code::BadPopulation,
                span,
                "a group has one of it; `count` and a group size exclude each other",
            );
        }
        if !members.is_multiple_of(size) {
            let message = format!("groups of {size} do not divide {members} members of {}", quote(self.id_of(base)));
            self.report(Code::BadPopulation, span, message);
        }
        Population::Group { base, size }
    }

    fn one_group_size(&mut self) {
        let groups: Vec<(EntityId, EntityId, u64)> = (0..self.raw.len())
            .filter_map(|at| match self.entities[at].population {
                Population::Group { base, size } => Some((EntityId(at), base, size)),
                _ => None,
            })
            .collect();
        for (at, (id, base, size)) in groups.iter().enumerate() {
            let Some((first, _, other)) = groups[..at].iter().find(|(_, b, s)| b == base && s != size) else {
                continue;
            };
            let message =
                format!("{} is already grouped by {other}; one class has one group size", quote(self.id_of(*base)));
            let (span, first) = (self.per_span(*id), self.per_span(*first));
            self.out.push(Diagnostic::new(Code::BadPopulation, &span, message).related(&first, "grouped here"));
        }
    }

    /// Members of an entity, all told.
    pub(super) fn members(&self, id: EntityId) -> u64 {
        match self.population(id) {
            Population::Single => 1,
            Population::Base { count } => count,
            Population::Each { base } => self.members(base),
            Population::Many { base, count, .. } => self.members(base).saturating_mul(count),
            Population::Group { base, size } => self.members(base) / size.max(1),
        }
    }

    /// Group size over a base, if it is grouped.
    pub(super) fn group_size(&self, base: EntityId) -> Option<u64> {
        self.entities.iter().find_map(|entity| match entity.population {
            Population::Group { base: own, size } if own == base => Some(size),
            _ => None,
        })
    }

    /// Was this written as a class, even if its number is one now?
    pub(super) fn is_class(&self, id: EntityId) -> bool {
        // Also where `count` or `per` could not be read: that is one mistake, not one more for each role.
        let written = |raw: &super::Raw<'_>| ["count", "per"].iter().any(|key| raw.entry.get(key).is_some());
        let own = self.raw.get(id.0).is_some_and(written);
        own || self.raw.iter().any(|raw| matches!(raw.per, Some((above, ..)) if above == id))
    }

    /// Why two entities cannot be related member by member, if they cannot.
    pub(super) fn misaligned(&self, one: EntityId, other: EntityId) -> Option<String> {
        let (a, b) = (self.population(one), self.population(other));
        let (base_a, base_b) = (a.base(one)?, b.base(other)?);
        if base_a != base_b {
            let counted = |id: EntityId, base: EntityId| {
                let name = quote(self.id_of(id));
                if id == base {
                    format!("{name} is a class of its own")
                } else {
                    format!("{name} is counted over {}", quote(self.id_of(base)))
                }
            };
            return Some(format!("{}, and {}", counted(one, base_a), counted(other, base_b)));
        }
        match (a, b) {
            (Population::Many { axis: axis_a, .. }, Population::Many { axis: axis_b, .. }) if axis_a != axis_b => {
                let (a, b) = (quote(self.id_of(axis_a)), quote(self.id_of(axis_b)));
                Some(format!("{a} and {b} are several per member, each in its own way"))
            }
            _ => None,
        }
    }
}
