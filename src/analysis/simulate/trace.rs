//! Single simulated attacks, told in order of time, so that a reviewer can see whether the model behaves sensibly.

use super::race::{Ending, Event, What};
use super::time::{Attacker, Timer};
use super::worlds::BATCH;
use crate::analysis::simulate::sample::Sampler;
use crate::graph::{AssumptionId, StepId};

/// One attack.
#[derive(Debug, Clone, PartialEq)]
pub struct Attack {
    /// Number of its world.
    pub world: u64,
    /// How it ended.
    pub ending: Ending,
    /// What happened, in order.
    pub moments: Vec<Moment>,
}

/// One thing that happened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moment {
    /// Hours from the start.
    pub at: f64,
    /// What.
    pub what: What,
    /// The step.
    pub step: StepId,
    /// Members it stands for, and which of those run one by one it is; `None` outside of populations.
    pub member: Option<(u64, u32)>,
    /// The assumption that holds, where an attempt fails.
    pub held: Option<AssumptionId>,
}

/// Worlds looked through for exposed ones, at most.
const MOST: u64 = 1 << 24;

/// The first so many worlds in which the goal is exposed. In the others nothing can be reached, and there is little to see.
pub fn exposed_worlds(sampler: &Sampler, attacks: usize) -> Vec<u64> {
    let (mut found, mut from, mut portion) = (Vec::new(), 0, 8 * BATCH);
    while found.len() < attacks && from < MOST {
        let exposed = sampler.exposed(from..from + portion);
        found.extend((from..).zip(exposed).filter(|(_, exposed)| *exposed).map(|(world, _)| world));
        from += portion;
        portion = (portion * 2).min(1 << 20);
    }
    found.truncate(attacks);
    found
}

impl Timer<'_> {
    /// Tells one world.
    pub fn attack(&self, sampler: &Sampler, world: u64) -> Attack {
        let mut runner = self.race(world);
        let none = Attack { world, ending: Ending { reached: None, noticed: None }, moments: Vec::new() };
        let Some(race) = runner.race() else { return none };
        let (ending, events) = match self.clock.attacker {
            Attacker::Parallel | Attacker::Informed => race.watch(&self.clock, world),
            Attacker::Serial => match self.chain(race, world) {
                None => return none,
                Some(chain) => {
                    let ending = self.outcome(race, &chain, world);
                    let mut start = 0.0;
                    let events = |at: &u32| {
                        let step = race.arranged().origin[*at as usize];
                        let told =
                            |at_hours, what| Event { at: at_hours, what, step, members: 1, gains: *at, held: None };
                        let looked = start + self.clock.steps[step.0 as usize].delay_h;
                        let noticed = self.clock.is_noticed(step.0, step.1, world);
                        start += self.clock.hours(step.0, step.1, world);
                        [noticed.then(|| told(looked, What::Noticed)), Some(told(start, What::Gained))]
                    };
                    let mut events: Vec<Event> = chain.steps.iter().flat_map(events).flatten().collect();
                    events.sort_by(|a, b| a.at.total_cmp(&b.at));
                    (ending, events)
                }
            },
        };
        let unfolded = &sampler.layout().unfolded;
        let told = |event: &Event| {
            let (step, copy) = event.step;
            Some(Moment {
                at: event.at,
                what: event.what,
                step: unfolded.moves[step as usize].origin?,
                member: self.clock.population(step).map(|_| (event.members, copy)),
                held: event.held.map(|variable| AssumptionId(unfolded.variables[variable as usize].origin)),
            })
        };
        let before = |event: &&Event| ending.reached.is_none_or(|reached| event.at <= reached);
        Attack { world, ending, moments: events.iter().filter(before).filter_map(told).collect() }
    }
}
