//! Time in one world: every enabled step of the goal's slice runs at once, against being noticed.
//!
//! A capability is had at the earliest time of its steps, a step starts at the latest time of its needs, waits its delay, and takes its own
//! duration. Capabilities are settled in the order of their times, so that each step starts once (Dijkstra's algorithm on AND/OR graphs).

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use super::arena::{Rest, To};
use super::clock::Clock;
use super::layout::Arranged;
use super::time::Attacker;
use super::worlds::BATCH;
use crate::graph::unfold::Target;
use crate::stats::random::Stream;

/// Something that happened in a world, for those who want to see it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event {
    /// Hours from the start.
    pub at: f64,
    /// What.
    pub what: What,
    /// The step of the layout, and which copy of a population it stands in.
    pub step: (u32, u32),
    /// The members that copy stands for.
    pub members: u64,
    /// The capability of the flat graph it is about.
    pub gains: u32,
    /// The variable of the layout that holds, where an attempt fails.
    pub held: Option<u32>,
}

/// What can happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// A step gains something not had before.
    Gained,
    /// An attempt fails: something it rests on holds.
    Failed,
    /// An attempt is noticed.
    Noticed,
}

/// How a world ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ending {
    /// When the goal was reached, within the horizon; hours.
    pub reached: Option<f64>,
    /// When the first attempt was noticed, if that came no later.
    pub noticed: Option<f64>,
}

impl Ending {
    /// When the goal was reached before anything was noticed.
    pub fn won(&self) -> Option<f64> {
        self.reached.filter(|at| self.noticed.is_none_or(|noticed| *at < noticed))
    }
}

/// Room to run one world at a time.
#[derive(Debug)]
pub struct Race {
    arranged: Arc<Arranged>,
    /// Of each population the sets of failures of its copies, and the members each stands for.
    pub members: Vec<Vec<(u64, u64)>>,
    best: Vec<f64>,
    settled: Vec<bool>,
    touched: Vec<u32>,
    waits: Vec<u32>,
    started: Vec<u32>,
    queue: BinaryHeap<Reverse<(u64, u32)>>,
    world: (u64, u64),
    noticed: f64,
    events: Option<Vec<Event>>,
}

impl Race {
    /// Room for a flat graph.
    pub fn new(arranged: Arc<Arranged>) -> Race {
        let arena = &arranged.arena;
        let waits = (0..arena.joints() as u32).map(|joint| arena.joint(joint).0.len() as u32).collect();
        Race {
            members: Vec::new(),
            best: vec![f64::INFINITY; arena.nodes()],
            settled: vec![false; arena.nodes()],
            touched: Vec::new(),
            waits,
            started: Vec::new(),
            queue: BinaryHeap::new(),
            world: (0, 0),
            noticed: f64::INFINITY,
            events: None,
            arranged,
        }
    }

    /// The flat graph.
    pub fn arranged(&self) -> &Arc<Arranged> {
        &self.arranged
    }

    /// Runs one world with the members given.
    pub fn run(&mut self, clock: &Clock, world: u64) -> Ending {
        self.reset();
        self.world = (world / BATCH, world % BATCH);
        let arranged = Arc::clone(&self.arranged);
        let arena = &arranged.arena;
        let goal = match arena.goal {
            Target::Had => return Ending { reached: Some(0.0), noticed: None },
            Target::Never => return Ending { reached: None, noticed: None },
            Target::At(goal) => goal,
        };
        for (edge, step) in arena.firsts.iter().zip(&arena.first_steps) {
            if let To::Node(node) = edge.to() {
                self.attempt(clock, *step, 0.0, node, edge.rest());
            }
        }
        let mut reached = None;
        while let Some(Reverse((time, node))) = self.queue.pop() {
            let now = f64::from_bits(time);
            // What happens in the moment of the goal still counts: it must be reached strictly before the first notice.
            if reached.is_some_and(|at| now > at) || now >= self.noticed && !self.is_watched() {
                break;
            }
            if std::mem::replace(&mut self.settled[node as usize], true) {
                continue;
            }
            if node == goal {
                reached = Some(now);
            }
            for (edge, step) in arena.edges_of_steps(node) {
                match edge.to() {
                    To::Node(gained) => self.attempt(clock, step, now, gained, edge.rest()),
                    To::Joint(joint) => {
                        let waits = &mut self.waits[joint as usize];
                        *waits -= 1;
                        let ready = *waits == 0;
                        self.started.push(joint);
                        if ready {
                            let (_, gained, rest) = arena.joint(joint);
                            self.attempt(clock, step, now, gained, rest);
                        }
                    }
                }
            }
        }
        Ending { reached, noticed: (self.noticed <= clock.horizon_h).then_some(self.noticed) }
    }

    /// The same with everything that happened, in order of time; it goes on after a notice.
    pub fn watch(&mut self, clock: &Clock, world: u64) -> (Ending, Vec<Event>) {
        self.events = Some(Vec::new());
        let ending = self.run(clock, world);
        let mut events = self.events.take().unwrap_or_default();
        events.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.what.cmp(&b.what)).then(a.step.cmp(&b.step)));
        // Of several ways to one capability the first is the one that counts.
        let mut gained = std::collections::BTreeSet::new();
        events.retain(|event| event.what != What::Gained || gained.insert(event.gains));
        (ending, events)
    }

    fn is_watched(&self) -> bool {
        self.events.is_some()
    }

    fn reset(&mut self) {
        for node in self.touched.drain(..) {
            self.best[node as usize] = f64::INFINITY;
            self.settled[node as usize] = false;
        }
        for joint in self.started.drain(..) {
            self.waits[joint as usize] += 1;
        }
        self.queue.clear();
        self.noticed = f64::INFINITY;
    }

    /// A step starts.
    #[inline]
    fn attempt(&mut self, clock: &Clock, step: u32, start: f64, gains: u32, rest: Rest) {
        let (origin, copy) = self.arranged.origin[step as usize];
        let members = match clock.population(origin) {
            None => 1,
            Some(population) => match self.members[population as usize].get(copy as usize) {
                Some((_, members)) => *members,
                None => return,
            },
        };
        let timed = &clock.steps[origin as usize];
        let watched = clock.detection && timed.detected > 0.0;
        let adds = !self.settled[gains as usize];
        if !adds && !watched && !self.is_watched() {
            return;
        }
        let succeeds = self.fails(clock, rest);
        let ready = start + timed.delay_h;
        let event = Event { at: ready, what: What::Failed, step: (origin, copy), members, gains, held: None };
        if watched && (succeeds || clock.attacker != Attacker::Informed) {
            self.look(clock, event);
        }
        if !succeeds {
            if clock.attacker != Attacker::Informed && self.is_watched() {
                self.tell(Event { held: self.holding(clock, rest), ..event });
            }
            return;
        }
        if !adds {
            return;
        }
        let (batch, lane) = self.world;
        let done = match timed.law.constant() {
            Some(hours) => ready + hours,
            None => ready + timed.law.hours(Stream::new(clock.seed, clock.key(origin, copy), batch).unit(lane)),
        };
        let best = &mut self.best[gains as usize];
        if done <= clock.horizon_h && done < *best {
            if *best == f64::INFINITY {
                self.touched.push(gains);
            }
            *best = done;
            self.queue.push(Reverse((done.to_bits(), gains)));
            self.tell(Event { at: done, what: What::Gained, ..event });
        }
    }

    /// Is an attempt noticed? Of several members alike, at least one of as many attempts.
    fn look(&mut self, clock: &Clock, event: Event) {
        let ((batch, lane), (step, copy)) = (self.world, event.step);
        let chance = clock.steps[step as usize].noticed_of(event.members);
        if clock.notice(step, copy, batch).unit(lane) < chance {
            self.noticed = self.noticed.min(event.at);
            self.tell(Event { what: What::Noticed, ..event });
        }
    }

    fn tell(&mut self, event: Event) {
        if let Some(events) = &mut self.events {
            events.push(event);
        }
    }

    /// The first variable of the layout that holds among those a step rests on.
    fn holding(&self, clock: &Clock, rest: Rest) -> Option<u32> {
        let mut variables = self.arranged.arena.resting(&rest).iter();
        let holds = variables.find(|variable| !self.failed(clock, **variable))?;
        Some(self.arranged.variable_origin[*holds as usize].0)
    }

    /// Has everything a step rests on failed?
    fn fails(&self, clock: &Clock, rest: Rest) -> bool {
        self.arranged.arena.resting(&rest).iter().all(|variable| self.failed(clock, *variable))
    }

    /// Has a variable failed in this world?
    #[inline]
    pub fn failed(&self, clock: &Clock, variable: u32) -> bool {
        let (origin, copy) = self.arranged.variable_origin[variable as usize];
        let (batch, lane) = self.world;
        match clock.own(origin) {
            Some((population, own)) => {
                let member = self.members[population as usize].get(copy as usize);
                member.is_some_and(|(failed, _)| failed >> own & 1 == 1)
            }
            None => {
                let drawn = &self.arranged.arena.variables[variable as usize];
                drawn.threshold.happens(Stream::new(clock.seed, drawn.key, batch), lane)
            }
        }
    }

    /// Sets the world that [`Race::failed`] answers about.
    pub fn at(&mut self, world: u64) {
        self.world = (world / BATCH, world % BATCH);
    }
}
