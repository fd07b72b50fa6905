//! Hit rates over many incidents, with what is uncertain kept apart.

use super::Case;
use super::record::{Recorded, RecordedEnd};
use crate::model::incident::{DesignClass, FirstScore, Modelled, Vocabulary};
pub use crate::stats::wilson::Rate;

/// What rates are made of: one incident, judged now or recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Class of the index's design.
    pub class: DesignClass,
    /// Counts in the rates.
    pub scored: bool,
    /// Confidence below high, or rested on memory.
    pub weak: bool,
    /// Written with the score known, or before.
    pub modelled: Modelled,
    /// The first score of a blind model, if it was kept.
    pub first: Option<FirstScore>,
    /// Found and not trivial.
    pub hit: bool,
    /// Share of the documented capabilities, of several ends the mean; 0 where no path is found, `None` where none is documented.
    pub shape: Option<f64>,
    /// Documented controls that cut, once for each end that they are documented to stop.
    pub controls: Rate,
    /// Documented controls that leave an end reached, once for each that they are documented not to stop.
    pub idle: Rate,
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
            modelled: case.incident.modelled,
            first: case.incident.first_score.clone(),
            hit: case.is_hit(),
            shape: case.scored_shape(),
            controls: Rate::sum(case.ends().map(|end| right(&end.controls))),
            idle: Rate::sum(case.ends().map(|end| right(&end.idle))),
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
            modelled: recorded.modelled.0,
            first: recorded.first_score.clone(),
            hit: recorded.ends().all(RecordedEnd::is_hit),
            shape: mean(recorded.ends().map(|end| end.shape)),
            controls: Rate::sum(recorded.ends().map(|end| Rate::count(end.controls.values().copied()))),
            idle: Rate::sum(recorded.ends().map(|end| Rate::count(end.idle.values().copied()))),
            unrelated: Rate::count(recorded.unrelated.values().copied()),
            held: Rate::count(recorded.held.values().copied()),
        }
    }
}

impl Outcome {
    /// What a blind model was when it was first run; `None` of fitted ones, and where the first score was not kept.
    fn at_first(&self) -> Option<Outcome> {
        let first = self.first.as_ref().filter(|_| self.modelled == Modelled::Blind)?;
        Some(Outcome {
            hit: first.found,
            shape: first.shape,
            controls: first.controls.unwrap_or_default(),
            idle: Rate::default(),
            unrelated: Rate::default(),
            held: first.held.unwrap_or_default(),
            ..self.clone()
        })
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
    /// Documented controls that leave an end reached, as documented.
    pub idle: Rate,
    /// Unrelated controls that do not.
    pub unrelated: Rate,
    /// Threats that held and are held.
    pub held: Rate,
}

/// A group of incidents. Fitted and blind models are never in one group, unless neither counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Fitted, strong evidence, of one class of designs.
    Class(DesignClass),
    /// Fitted, strong evidence, all classes.
    Strong,
    /// Fitted, confidence below high, or rested on memory.
    Weak,
    /// All fitted ones that count.
    Fitted,
    /// The blind ones that count, by the first score that was kept of them.
    BlindAtFirst,
    /// The blind ones that count, as they are found now.
    Blind,
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
            Group::Fitted => "all-fitted",
            Group::BlindAtFirst => "blind-at-first",
            Group::Blind => "blind",
            Group::NotScored => "not-scored",
        }
    }

    fn has(self, outcome: &Outcome) -> bool {
        let (scored, weak) = (outcome.scored, outcome.weak);
        let fitted = scored && outcome.modelled == Modelled::Fitted;
        match self {
            Group::Class(class) => fitted && !weak && outcome.class == class,
            Group::Strong => fitted && !weak,
            Group::Weak => fitted && weak,
            Group::Fitted => fitted,
            Group::BlindAtFirst | Group::Blind => scored && !fitted,
            Group::NotScored => !scored,
        }
    }
}

/// The rates of every group that has an incident: each class, all strong evidence, weak evidence, all fitted, blind at first, blind now, and
/// not scored.
pub fn rates<'a, O>(incidents: &'a [O]) -> Vec<Rates>
where
    Outcome: From<&'a O>,
{
    let outcomes: Vec<Outcome> = incidents.iter().map(Outcome::from).collect();
    let at_first: Vec<Outcome> = outcomes.iter().filter_map(Outcome::at_first).collect();
    let classes = DesignClass::ALL.iter().map(|class| Group::Class(*class));
    let rest = [Group::Strong, Group::Weak, Group::Fitted, Group::BlindAtFirst, Group::Blind, Group::NotScored];
    let one = |group| of_group(if group == Group::BlindAtFirst { &at_first } else { &outcomes }, group);
    classes.chain(rest).map(one).filter(|rates| rates.incidents > 0).collect()
}

/// The mean of those that are there.
pub(super) fn mean(shares: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let (sum, n) = shares.flatten().fold((0.0, 0_u32), |(sum, n), share| (sum + share, n + 1));
    (n > 0).then(|| sum / f64::from(n))
}

fn of_group(outcomes: &[Outcome], group: Group) -> Rates {
    let group_of: Vec<&Outcome> = outcomes.iter().filter(|outcome| group.has(outcome)).collect();
    let shapes = group_of.iter().map(|outcome| outcome.shape);
    let n = shapes.clone().flatten().count() as u64;
    Rates {
        group,
        incidents: group_of.len() as u64,
        found: Rate::count(group_of.iter().map(|outcome| outcome.hit)),
        shape: mean(shapes).map(|mean| (mean, n)),
        controls: Rate::sum(group_of.iter().map(|outcome| outcome.controls)),
        idle: Rate::sum(group_of.iter().map(|outcome| outcome.idle)),
        unrelated: Rate::sum(group_of.iter().map(|outcome| outcome.unrelated)),
        held: Rate::sum(group_of.iter().map(|outcome| outcome.held)),
    }
}
