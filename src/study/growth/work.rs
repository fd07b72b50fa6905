//! What a design asks of people, from its structure and the library's rates of work.

use crate::library::Library;
use crate::model::{Model, Population};
use crate::stats::erlang::Queue;
use crate::study::Costs;
use crate::study::uncertainty::dials::Dial;
use crate::units::{Grade, Number};

/// The rates of the library that work is counted by, in the order of the values of [`Work::measures`].
pub const RATES: [&str; 11] = [
    "newcomers",
    "review-minutes",
    "reviewer-hours",
    "reviewers-grown",
    "patience",
    "service-upkeep",
    "strangers-code-upkeep",
    "abuse-upkeep",
    "interface-upkeep",
    "workflow-upkeep",
    "support",
];

const WEEKS_PER_YEAR: f64 = crate::units::DAYS_PER_YEAR / 7.0;
const THOUSAND: f64 = 1_000.0;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Days until a newcomer is through all approvals, or has given up; the mean over all newcomers.
    Wait,
    /// Share of newcomers that gives up.
    GivesUp,
    /// Hours of work a month for those who run the index.
    Upkeep,
}

impl Measure {
    /// All of them, in the order of [`Work::measures`].
    pub const ALL: [Measure; 3] = [Measure::Wait, Measure::GivesUp, Measure::Upkeep];
}

/// The structure that work follows from.
#[derive(Debug, Clone, PartialEq)]
pub struct Work {
    services: f64,
    strangers_code: f64,
    interfaces: f64,
    workflows: f64,
    /// Approving class, approvals asked of it, members that the model states; `None`: no newcomer ever publishes.
    pub queues: Option<Vec<(String, f64, f64)>>,
}

impl Work {
    /// Of a model.
    pub fn of(model: &Model, costs: &Costs) -> Work {
        let members = |class: &str| {
            let entity = model.find(class).map(|id| model.entity(id).population);
            match entity {
                Some(Population::Base { count }) => count as f64,
                _ => 1.0,
            }
        };
        let queue = |(class, n): (&String, &u64)| (class.clone(), *n as f64, members(class));
        Work {
            services: costs.services.len() as f64,
            strangers_code: costs.strangers_code.len() as f64,
            interfaces: costs.interfaces.len() as f64,
            workflows: costs.workflows.len() as f64,
            queues: costs.approvals.map(|_| costs.approvers.iter().zip(&costs.approvals_by).map(queue).collect()),
        }
    }

    /// The measures with so many publishers and the rates at these values.
    pub fn measures(&self, publishers: f64, rates: &[f64; RATES.len()]) -> [f64; 3] {
        let [newcomers, minutes, hours, grown, patience, service, strangers, abuse, interface, workflow, support] =
            *rates;
        let thousands = publishers / THOUSAND;
        let upkeep = self.services * service
            + self.strangers_code * (strangers + abuse * thousands)
            + self.interfaces * interface
            + self.workflows * workflow
            + support * thousands;
        let Some(queues) = &self.queues else { return [0.0, 1.0, upkeep] };
        let (mut days, mut stays) = (0.0, 1.0);
        for (_, approvals, stated) in queues {
            let queue = Queue {
                arrivals: publishers * newcomers / WEEKS_PER_YEAR * stays,
                service: hours * 60.0 / (minutes * approvals),
                servers: libm::round((grown * thousands).max(*stated)).clamp(1.0, f64::from(u32::MAX)) as u32,
                giving_up: 7.0 / patience,
            };
            // Rates of 0 minutes or 0 days of patience are no queue: nobody waits, or nobody stays.
            let Some(run) = queue.long_run() else { continue };
            days += stays * (run.mean_wait + (1.0 - run.gives_up) / queue.service) * 7.0;
            stays *= 1.0 - run.gives_up;
        }
        [days, 1.0 - stays, upkeep]
    }
}

/// The rates of a library as dials, in the order of [`RATES`]; the names of those it does not have.
///
/// # Errors
/// What is missing.
pub fn rates(library: &Library) -> Result<Vec<Dial>, Vec<&'static str>> {
    let find = |id: &&'static str| library.workload.iter().find(|rate| rate.id == **id).ok_or(*id);
    let missing: Vec<&str> = RATES.iter().filter_map(|id| find(id).err()).collect();
    if !missing.is_empty() {
        return Err(missing);
    }
    let dial = |rate: &crate::library::Rate| {
        let (grade, source) = match &rate.grade {
            Grade::Sourced(text) => ("sourced", text.clone()),
            Grade::Derived(text) => ("derived", text.clone()),
            Grade::Guess(text) => ("guess", text.clone()),
            Grade::Missing => ("", String::new()),
        };
        let range = match rate.value {
            Number::Point(x) => [x; 3],
            Number::Range(range) => range,
        };
        Dial { id: rate.id.clone(), range, unit: rate.unit.clone(), grade: grade.to_owned(), source }
    };
    Ok(RATES.iter().filter_map(|id| find(id).ok()).map(dial).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain() -> Work {
        Work { services: 2.0, strangers_code: 1.0, interfaces: 3.0, workflows: 1.0, queues: Some(Vec::new()) }
    }

    const AT: [f64; RATES.len()] = [0.1, 30.0, 2.0, 0.0, 30.0, 10.0, 60.0, 1.0, 4.0, 8.0, 2.0];

    #[test]
    fn upkeep_is_the_sum_of_its_parts() {
        let [wait, gives_up, upkeep] = plain().measures(5_000.0, &AT);
        assert_eq!([wait, gives_up], [0.0, 0.0]);
        assert!((upkeep - (2.0 * 10.0 + 60.0 + 5.0 + 3.0 * 4.0 + 8.0 + 5.0 * 2.0)).abs() < 1e-12);
        assert_eq!(Work { queues: None, ..plain() }.measures(10.0, &AT)[1], 1.0);
    }

    /// Two approvals of half an hour by one approver of two hours a week: M/M/1 with patience, its chain written out.
    #[test]
    fn waiting_is_the_queue_of_its_approvers() {
        let work = Work { queues: Some(vec![(String::from("reviewer"), 2.0, 1.0)]), ..plain() };
        let (publishers, theta) = (1_500.0, 7.0 / 30.0);
        let (arrivals, service) = (publishers * 0.1 * 7.0 / 365.0, 2.0);
        let (mut weight, mut all, mut waiting) = (1.0, 0.0, 0.0);
        for n in 0..2_000_u32 {
            all += weight;
            waiting += weight * f64::from(n.saturating_sub(1));
            weight *= arrivals / (service + f64::from(n) * theta);
        }
        let length = waiting / all;
        let gives_up = theta * length / arrivals;
        let [wait, left, _] = work.measures(publishers, &AT);
        assert!((left - gives_up).abs() < 1e-12, "{left} {gives_up}");
        assert!((wait - 7.0 * (length / arrivals + (1.0 - gives_up) / service)).abs() < 1e-9);
    }

    #[test]
    fn approvers_grow_with_the_house_where_it_brings_them_forth() {
        let work = Work { queues: Some(vec![(String::from("reviewer"), 1.0, 4.0)]), ..plain() };
        let mut grown = AT;
        grown[3] = 10.0;
        let [_, few, _] = work.measures(1e6, &AT);
        let [_, more, _] = work.measures(1e6, &grown);
        assert!(few > 0.99 && more < 0.01, "{few} {more}");
    }
}
