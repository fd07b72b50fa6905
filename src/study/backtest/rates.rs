//! Hit rates over many incidents, with what is uncertain kept apart.

use super::Case;
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
    fn count(outcomes: impl Iterator<Item = bool>) -> Rate {
        outcomes.fold(Rate::default(), |rate, hit| Rate { hits: rate.hits + u64::from(hit), of: rate.of + 1 })
    }

    /// The 95 % Wilson interval; `None` of nothing.
    pub fn interval(self) -> Option<(f64, f64)> {
        wilson::interval(self.hits, self.of)
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

    fn has(self, case: &Case) -> bool {
        let (scored, weak) = (case.incident.scored, case.incident.is_weak());
        match self {
            Group::Class(class) => scored && !weak && case.incident.class == class,
            Group::Strong => scored && !weak,
            Group::Weak => scored && weak,
            Group::Scored => scored,
            Group::NotScored => !scored,
        }
    }
}

/// The rates of every group that has an incident: each class, all strong evidence, weak evidence, all, and not scored.
pub fn rates(cases: &[Case]) -> Vec<Rates> {
    let classes = DesignClass::ALL.iter().map(|class| Group::Class(*class));
    let groups = classes.chain([Group::Strong, Group::Weak, Group::Scored, Group::NotScored]);
    groups.map(|group| of_group(cases, group)).filter(|rates| rates.incidents > 0).collect()
}

fn of_group(cases: &[Case], group: Group) -> Rates {
    let cases: Vec<&Case> = cases.iter().filter(|case| group.has(case)).collect();
    let shapes: Vec<f64> = cases.iter().filter_map(|case| shape(case)).collect();
    let mean = shapes.iter().sum::<f64>() / shapes.len().max(1) as f64;
    Rates {
        group,
        incidents: cases.len() as u64,
        found: Rate::count(cases.iter().map(|case| case.is_hit())),
        shape: (!shapes.is_empty()).then_some((mean, shapes.len() as u64)),
        controls: Rate::count(cases.iter().flat_map(|case| case.controls.iter().map(|(_, cuts)| *cuts))),
        unrelated: Rate::count(cases.iter().flat_map(|case| case.unrelated.iter().map(|(_, still)| *still))),
        held: Rate::count(cases.iter().flat_map(|case| case.held.iter().map(|held| held.holds))),
    }
}

/// The share of one incident; where no path is found, nothing of what is documented is on one.
fn shape(case: &Case) -> Option<f64> {
    if case.incident.documented.is_empty() { None } else { Some(case.shape.unwrap_or(0.0)) }
}
