//! Time in eight worlds at once: what a [`super::race`] finds by settling one capability after the other, found by correcting times until none
//! gets earlier. More work, but work that is done for eight worlds at a time and that a processor can foresee.

use std::sync::Arc;

use super::agenda::{Agenda, Rounds};
use super::arena::To;
use super::attempt::{Attempt, HEAT, Hours, Seats, Taken};
use super::clock::Clock;
use super::layout::Arranged;
use super::time::Attacker;
use crate::graph::unfold::Target;

/// Never, in any seat.
const NEVER: Hours = [f64::INFINITY; HEAT];

/// Room to run eight worlds at a time.
#[derive(Debug)]
pub struct Heat {
    arranged: Arc<Arranged>,
    /// The steps, by the edge that leads to them; those without needs come after.
    attempts: Vec<Attempt>,
    /// For each step of several needs its place there.
    joints: Vec<u32>,
    /// When each capability is had, as far as that is known.
    best: Vec<Hours>,
    /// In which seats that is news to what it leads to.
    fresh: Vec<Taken>,
    /// Capabilities had in some seat.
    touched: Vec<u32>,
    agenda: Rounds,
    /// The widest registers this machine has. The times are the same with any.
    arch: pulp::Arch,
}

impl Heat {
    /// Room for a flat graph.
    pub fn new(arranged: Arc<Arranged>, clock: &Clock) -> Heat {
        let arena = &arranged.arena;
        let (mut attempts, mut joints) = (Vec::new(), vec![0; arena.joints()]);
        for node in 0..arena.nodes() as u32 {
            for (edge, step) in arena.edges_of_steps(node) {
                let rest = match edge.to() {
                    To::Node(_) => edge.rest(),
                    To::Joint(joint) => {
                        joints[joint as usize] = attempts.len() as u32;
                        arena.joint(joint).2
                    }
                };
                attempts.push(Attempt::new(&arranged, clock, step, rest));
            }
        }
        for (edge, step) in arena.firsts.iter().zip(&arena.first_steps) {
            attempts.push(Attempt::new(&arranged, clock, *step, edge.rest()));
        }
        Heat {
            attempts,
            joints,
            best: vec![NEVER; arena.nodes()],
            fresh: vec![0; arena.nodes()],
            touched: Vec::new(),
            agenda: Rounds::new(arena.nodes()),
            arch: pulp::Arch::new(),
            arranged,
        }
    }

    /// Runs one heat: when the goal is reached in each seat, within the horizon and before anything is noticed.
    pub fn run(&mut self, clock: &Clock, seats: &Seats) -> [Option<f64>; HEAT] {
        let arranged = Arc::clone(&self.arranged);
        let arch = self.arch;
        let mut run = Run { heat: self, arranged: &arranged, clock, seats };
        let reached = match arranged.arena.goal {
            Target::Had => [0.0; HEAT],
            Target::Never => NEVER,
            Target::At(goal) => arch.dispatch(Correct { run: &mut run, goal }),
        };
        let noticed = if clock.detection { run.noticed(&reached) } else { NEVER };
        std::array::from_fn(|seat| {
            let won = seats.taken >> seat & 1 == 1 && reached[seat] < noticed[seat];
            won.then_some(reached[seat])
        })
    }
}

/// One heat.
struct Run<'a> {
    heat: &'a mut Heat,
    arranged: &'a Arranged,
    clock: &'a Clock,
    seats: &'a Seats,
}

/// The dear part of it. What is always inlined is compiled for the registers of this machine; a closure would not be.
struct Correct<'a, 'b> {
    run: &'a mut Run<'b>,
    goal: u32,
}

impl pulp::WithSimd for Correct<'_, '_> {
    type Output = Hours;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> Hours {
        self.run.correct(self.goal)
    }
}

impl Run<'_> {
    /// Corrects all times until none gets earlier.
    #[inline(always)]
    fn correct(&mut self, goal: u32) -> Hours {
        for node in self.heat.touched.drain(..) {
            self.heat.best[node as usize] = NEVER;
        }
        let arena = &self.arranged.arena;
        let firsts = self.heat.attempts.len() - arena.firsts.len();
        for (at, edge) in arena.firsts.iter().enumerate() {
            if let To::Node(gained) = edge.to() {
                self.attempt(goal, firsts + at, &[0.0; HEAT], self.seats.taken, gained);
            }
        }
        while let Some(node) = self.heat.agenda.pop() {
            let fresh = std::mem::take(&mut self.heat.fresh[node as usize]);
            let ready = self.heat.best[node as usize];
            let first = arena.first_edge(node);
            for (at, edge) in arena.edges(node).iter().enumerate() {
                match edge.to() {
                    To::Node(gained) => self.attempt(goal, first + at, &ready, fresh, gained),
                    To::Joint(joint) => {
                        let (needs, gained, _) = arena.joint(joint);
                        let at = self.heat.joints[joint as usize] as usize;
                        self.attempt(goal, at, &self.latest(needs), fresh, gained);
                    }
                }
            }
        }
        self.heat.best[goal as usize]
    }

    /// When all of these are had.
    #[inline(always)]
    fn latest(&self, needs: &[u32]) -> Hours {
        needs.iter().fold([0.0; HEAT], |latest, need| {
            let had = &self.heat.best[*need as usize];
            std::array::from_fn(|seat| if had[seat] > latest[seat] { had[seat] } else { latest[seat] })
        })
    }

    /// A step can begin at these hours; in the fresh seats that is news.
    #[inline(always)]
    fn attempt(&mut self, goal: u32, at: usize, ready: &Hours, fresh: Taken, gains: u32) {
        let limit = &self.heat.best[goal as usize];
        let best = &self.heat.best[gains as usize];
        let mut open = 0;
        for seat in 0..HEAT {
            // What begins after the goal is reached does not matter. What is never had does not begin.
            let adds = ready[seat] < best[seat] && ready[seat] <= limit[seat];
            open |= Taken::from(adds) << seat;
        }
        open &= fresh;
        if open == 0 {
            return;
        }
        let attempt = &mut self.heat.attempts[at];
        open &= attempt.succeeds(self.arranged, self.clock, self.seats);
        if open == 0 {
            return;
        }
        let done = attempt.done(self.clock, ready, open, self.seats);
        let best = &mut self.heat.best[gains as usize];
        let (mut earlier, mut had) = (0, false);
        for seat in 0..HEAT {
            let adds = open >> seat & 1 == 1 && done[seat] < best[seat] && done[seat] <= self.clock.horizon_h;
            had |= best[seat] < f64::INFINITY;
            best[seat] = if adds { done[seat] } else { best[seat] };
            earlier |= Taken::from(adds) << seat;
        }
        if earlier != 0 {
            if !had {
                self.heat.touched.push(gains);
            }
            self.heat.fresh[gains as usize] |= earlier;
            self.heat.agenda.push(gains);
        }
    }

    /// When the first attempt is noticed that begins no later than the goal is reached; in other seats it does not matter.
    fn noticed(&mut self, reached: &Hours) -> Hours {
        let arena = &self.arranged.arena;
        let mut noticed = NEVER;
        let firsts = self.heat.attempts.len() - arena.firsts.len();
        for (at, step) in arena.first_steps.iter().enumerate() {
            self.look(firsts + at, *step, &[0.0; HEAT], reached, &mut noticed);
        }
        for had in 0..self.heat.touched.len() {
            let node = self.heat.touched[had];
            let first = arena.first_edge(node);
            for (at, (edge, step)) in arena.edges_of_steps(node).enumerate() {
                match edge.to() {
                    To::Node(_) => {
                        self.look(first + at, step, &self.heat.best[node as usize].clone(), reached, &mut noticed)
                    }
                    To::Joint(joint) => {
                        let needs = arena.joint(joint).0;
                        // Each step once: at its first need.
                        if needs.first() == Some(&node) {
                            let at = self.heat.joints[joint as usize] as usize;
                            self.look(at, step, &self.latest(needs), reached, &mut noticed);
                        }
                    }
                }
            }
        }
        noticed
    }

    /// Is an attempt noticed that begins at these hours?
    fn look(&mut self, at: usize, step: u32, begins: &Hours, reached: &Hours, noticed: &mut Hours) {
        let (origin, copy) = self.arranged.origin[step as usize];
        let timed = &self.clock.steps[origin as usize];
        if timed.detected <= 0.0 {
            return;
        }
        let tried = match self.clock.attacker {
            Attacker::Informed => self.heat.attempts[at].succeeds(self.arranged, self.clock, self.seats),
            Attacker::Parallel | Attacker::Serial => Taken::MAX,
        };
        let units = self.seats.units(self.clock.notice(origin, copy, self.seats.batch()));
        let mut members = [1; HEAT];
        if let Some(population) = self.clock.population(origin) {
            members = [0; HEAT];
            self.seats.copies(population, copy).for_each(|(seat, (_, n))| members[seat] = n);
        }
        for seat in 0..HEAT {
            let begun = tried >> seat & 1 == 1 && begins[seat] <= reached[seat] && reached[seat] < f64::INFINITY;
            if begun && members[seat] > 0 && units[seat] < timed.noticed_of(members[seat]) {
                noticed[seat] = noticed[seat].min(begins[seat] + timed.delay_h);
            }
        }
    }
}
