//! Worlds put in place to be timed: in each the members of populations who act, and room for as many.

use std::collections::BTreeMap;

use super::attempt::Seats;
use super::heat::Heat;
use super::race::Race;
use super::time::Timer;

/// Members of a population in whom the same has failed that are run one by one, at most. The others act as one more: the earliest of thousands
/// is then the earliest of these.
const MEMBERS: u64 = 256;
/// A population of at most so many is always run one by one.
const SMALL: u64 = 64;

/// Room to time one world after another, or several at once.
#[derive(Debug, Default)]
pub struct Runner {
    /// Copies of each population there is room for.
    copies: Vec<usize>,
    race: Option<Race>,
    heat: Option<Heat>,
    /// Sets of failures with which a member can add something to what is shared.
    useful: BTreeMap<(u32, u64), bool>,
}

/// By population, the sets of failures of the copies, and the members each stands for.
type Members = Vec<Vec<(u64, u64)>>;

impl Runner {
    /// The race, if a world was put in place.
    pub fn race(&mut self) -> Option<&mut Race> {
        self.race.as_mut()
    }

    pub(super) fn ready(&mut self, timer: &Timer, world: u64) -> (&mut Race, bool) {
        let (members, thinned) = self.members(timer, world);
        self.make_room(&members);
        let race = self.race.get_or_insert_with(|| Race::new(timer.sampler.arranged(&self.copies)));
        race.members = members;
        (race, thinned)
    }

    /// Seats the members of the worlds; says in how many worlds not all are timed one by one.
    pub(super) fn seat(&mut self, timer: &Timer, seats: &mut Seats) -> u64 {
        let told: Vec<(Members, bool)> = seats.worlds().map(|(_, world)| self.members(timer, world)).collect();
        let thinned = told.iter().filter(|(_, thinned)| *thinned).count() as u64;
        seats.members = told.into_iter().map(|(members, _)| members).collect();
        seats.members.iter().for_each(|members| self.make_room(members));
        thinned
    }

    pub(super) fn heat(&mut self, timer: &Timer) -> &mut Heat {
        self.heat.get_or_insert_with(|| Heat::new(timer.sampler.arranged(&self.copies), &timer.clock))
    }

    /// The members of a world who act, and whether some of them act as one.
    fn members(&mut self, timer: &Timer, world: u64) -> (Members, bool) {
        let populations = &timer.sampler.layout().populations;
        let (mut members, mut thinned) = (Vec::with_capacity(populations.len()), false);
        for (at, population) in populations.iter().enumerate() {
            let mut alone = Vec::new();
            for (failed, n) in population.groups(timer.clock.seed, world) {
                let useful = population.count <= SMALL || self.is_useful(timer, at as u32, failed);
                let singly = if useful { n.min(MEMBERS) } else { 0 };
                alone.extend((0..singly).map(|_| (failed, 1)));
                if n > singly && (useful || timer.noisy[at]) {
                    alone.push((failed, n - singly));
                }
                thinned |= useful && n > singly;
            }
            members.push(alone);
        }
        (members, thinned)
    }

    /// A flat graph with fewer copies than there are members is no use any more.
    fn make_room(&mut self, members: &Members) {
        let room = |(at, members): (usize, &Vec<(u64, u64)>)| {
            self.copies.get(at).copied().unwrap_or(1).max(members.len().next_power_of_two())
        };
        let copies: Vec<usize> = members.iter().enumerate().map(room).collect();
        if copies != self.copies {
            (self.copies, self.race, self.heat) = (copies, None, None);
        }
    }

    /// Can a member in whom exactly these have failed add to what is shared, if everything shared is had and has failed?
    fn is_useful(&mut self, timer: &Timer, population: u32, failed: u64) -> bool {
        *self.useful.entry((population, failed)).or_insert_with(|| {
            let layout = timer.sampler.layout();
            let unfolded = &layout.unfolded;
            let own = |node: u32| layout.node[node as usize] == Some(population);
            let mut had = std::collections::BTreeSet::new();
            loop {
                let before = had.len();
                for step in (0..unfolded.moves.len() as u32).filter(|at| layout.step[*at as usize] == Some(population))
                {
                    let fails =
                        unfolded.rests.row(step).iter().all(|variable| match layout.variable[*variable as usize] {
                            Some((_, own)) => failed >> own & 1 == 1,
                            None => true,
                        });
                    if fails && unfolded.needs.row(step).iter().all(|need| !own(*need) || had.contains(need)) {
                        let gains = unfolded.gains[step as usize];
                        if !own(gains) {
                            return true;
                        }
                        had.insert(gains);
                    }
                }
                if had.len() == before {
                    return false;
                }
            }
        })
    }
}
