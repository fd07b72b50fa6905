//! Hit rates over many incidents, with what is uncertain kept apart.

use super::Case;
use super::record::Recorded;
use crate::model::incident::{DesignClass, Vocabulary};
use crate::stats::wilson;

/// So many of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rate {
    /// How many are as documented.
    pub hits: u64,
    /// Of how many.
    pub of: u64,
}

impl Rate {
    /// Counts outcomes.
    pub fn count(outcomes: impl IntoIterator<Item = bool>) -> Rate {
        outcomes
            .into_iter()
            .fold(Rate::default(), |rate, hit| Rate { hits: rate.hits + u64::from(hit), of: rate.of + 1 })
    }

    fn sum(rates: impl Iterator<Item = Rate>) -> Rate {
        rates.fold(Rate::default(), |sum, rate| Rate { hits: sum.hits + rate.hits, of: sum.of + rate.of })
    }

    /// The 95 % Wilson interval; `None` of nothing.
    pub fn interval(self) -> Option<(f64, f64)> {
        wilson::interval(self.hits, self.of)
    }
}

/// What rates are made of: one incident, judged now or recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Class of the index's design.
    pub class: DesignClass,
    /// Counts in the rates.
    pub scored: bool,
    /// Confidence below high, or rested on memory.
    pub weak: bool,
    /// Found and not trivial.
    pub hit: bool,
    /// Share of the documented capabilities; 0 where no path is found, `None` where none is documented.
    pub shape: Option<f64>,
    /// Documented controls that cut.
    pub controls: Rate,
    /// Unrelated controls that do not.
    pub unrelated: Rate,
    /// Threats that held and are held.
    pub held: Rate,
}

impl From<&Case> for Outcome {
    fn from(case: &Case) -> Outcome {
        let right = |list: &[(String, bool)]| Rate::count(list.iter().map(|(_, right)| *right));
        Outcome {
            class: case.incident.class,
            scored: case.incident.scored,
            weak: case.incident.is_weak(),
            hit: case.is_hit(),
            shape: case.scored_shape(),
            controls: right(&case.controls),
            unrelated: right(&case.unrelated),
            held: Rate::count(case.held.iter().map(|held| held.holds)),
        }
    }
}

impl From<&Recorded> for Outcome {
    fn from(recorded: &Recorded) -> Outcome {
        Outcome {
            class: recorded.class.0,
            scored: recorded.scored,
            weak: recorded.weak,
            hit: recorded.found && recorded.not_trivial,
            shape: recorded.shape,
            controls: Rate::count(recorded.controls.values().copied()),
            unrelated: Rate::count(recorded.unrelated.values().copied()),
            held: Rate::count(recorded.held.values().copied()),
        }
    }
}

/// The rates of a group of incidents.
#[derive(Debug, Clone, PartialEq)]
pub struct Rates {
    /// What the group is.
    pub group: Group,
    /// Incidents in it.
    pub incidents: u64,
    /// Found, and not trivially.
    pub found: Rate,
    /// Mean share of documented intermediate capabilities on the documented path, and of how many incidents.
    pub shape: Option<(f64, u64)>,
    /// Documented controls that cut.
    pub controls: Rate,
    /// Unrelated controls that do not.
    pub unrelated: Rate,
    /// Threats that held and are held.
    pub held: Rate,
}

/// A group of incidents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Strong evidence, of one class of designs.
    Class(DesignClass),
    /// Strong evidence, all classes.
    Strong,
    /// Confidence below high, or rested on memory.
    Weak,
    /// All that count.
    Scored,
    /// Those that do not count.
    NotScored,
}

impl Group {
    /// As it is printed.
    pub fn word(self) -> &'static str {
        match self {
            Group::Class(class) => class.word(),
            Group::Strong => "strong-evidence",
            Group::Weak => "weak-evidence",
            Group::Scored => "all-scored",
            Group::NotScored => "not-scored",
        }
    }

    fn has(self, outcome: &Outcome) -> bool {
        let (scored, weak) = (outcome.scored, outcome.weak);
        match self {
            Group::Class(class) => scored && !weak && outcome.class == class,
            Group::Strong => scored && !weak,
            Group::Weak => scored && weak,
            Group::Scored => scored,
            Group::NotScored => !scored,
        }
    }
}

/// The rates of every group that has an incident: each class, all strong evidence, weak evidence, all, and not scored.
pub fn rates<'a, O>(incidents: &'a [O]) -> Vec<Rates>
where
    Outcome: From<&'a O>,
{
    let outcomes: Vec<Outcome> = incidents.iter().map(Outcome::from).collect();
    let classes = DesignClass::ALL.iter().map(|class| Group::Class(*class));
    let groups = classes.chain([Group::Strong, Group::Weak, Group::Scored, Group::NotScored]);
    groups.map(|group| of_group(&outcomes, group)).filter(|rates| rates.incidents > 0).collect()
}

fn of_group(outcomes: &[Outcome], group: Group) -> Rates {
    let group_of: Vec<&Outcome> = outcomes.iter().filter(|outcome| group.has(outcome)).collect();
    let shapes: Vec<f64> = group_of.iter().filter_map(|outcome| outcome.shape).collect();
    let mean = shapes.iter().sum::<f64>() / shapes.len().max(1) as f64;
    Rates {
        group,
        incidents: group_of.len() as u64,
        found: Rate::count(group_of.iter().map(|outcome| outcome.hit)),
        shape: (!shapes.is_empty()).then_some((mean, shapes.len() as u64)),
        controls: Rate::sum(group_of.iter().map(|outcome| outcome.controls)),
        unrelated: Rate::sum(group_of.iter().map(|outcome| outcome.unrelated)),
        held: Rate::sum(group_of.iter().map(|outcome| outcome.held)),
    }
}
