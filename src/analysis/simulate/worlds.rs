//! Many worlds at once: one bit for each world of a batch, so that one machine word derives what is derivable in 64 of them.
//!
//! In each world every assumption has failed or holds, by bits that are a function of seed, assumption and batch alone. They are made only
//! for the worlds in which a step can happen and would add something.

use super::agenda::{Agenda, Rounds};
use super::arena::{Arena, Rest, To};
use crate::graph::unfold::Target;
use crate::stats::random::Seeded;

/// Words of one batch: 512 worlds.
pub const WORDS: usize = 8;
/// Worlds of one batch.
pub const BATCH: u64 = WORDS as u64 * 64;

/// In which worlds of a batch something is so.
pub type Lanes<const W: usize = WORDS> = [u64; W];

/// The worlds of a batch that lie in a range.
pub fn lanes<const W: usize>(batch: u64, range: &std::ops::Range<u64>) -> Lanes<W> {
    let first = batch * W as u64 * 64;
    let from = |world: u64| world.saturating_sub(first).min(W as u64 * 64);
    let (start, end) = (from(range.start), from(range.end));
    std::array::from_fn(|word| {
        let within = |at: u64| at.saturating_sub(word as u64 * 64).min(64);
        ones(within(end)) & !ones(within(start))
    })
}

/// The lowest `n` bits, n <= 64.
fn ones(n: u64) -> u64 {
    if n == 64 { u64::MAX } else { (1 << n) - 1 }
}

/// How many worlds.
pub fn count<const W: usize>(lanes: &Lanes<W>) -> u64 {
    lanes.iter().map(|word| u64::from(word.count_ones())).sum()
}

#[derive(Debug, Clone, Copy)]
struct State<const W: usize> {
    /// Worlds in which it is had.
    had: Lanes<W>,
    /// Of those, the ones in which that was passed on.
    passed: Lanes<W>,
}

/// Room to derive one batch at a time.
#[derive(Debug, Clone)]
pub struct Worlds<A = Rounds, const W: usize = WORDS> {
    nodes: Vec<State<W>>,
    /// Capabilities had in some world.
    touched: Vec<u32>,
    agenda: A,
    /// Draws that several steps ask for, each with the batch it was made for.
    kept: Vec<(u64, Lanes<W>)>,
    /// Batches begun.
    begun: u64,
    seed: u64,
    batch: u64,
    /// The variables' keys under the seed.
    seeded: Vec<Seeded>,
    goal: Lanes<W>,
    /// Stop in worlds that have reached the goal.
    stop: bool,
    /// Edges looked at, over all batches.
    pub edges: u64,
    /// The widest registers this machine has. The bits are the same with any.
    arch: pulp::Arch,
}

/// One derivation. A closure would be compiled apart, for the registers of any machine; what is always inlined is compiled for this one's.
struct Derivation<'a, A, const W: usize> {
    worlds: &'a mut Worlds<A, W>,
    arena: &'a Arena,
    wanted: &'a Lanes<W>,
}

impl<A: Agenda, const W: usize> pulp::WithSimd for Derivation<'_, A, W> {
    type Output = Lanes<W>;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> Lanes<W> {
        self.worlds.derive_here(self.arena, self.wanted)
    }
}

impl<A: Agenda, const W: usize> Worlds<A, W> {
    /// Room for one graph. With `stop`, a world is left as soon as it has reached the goal; else everything is derived.
    pub fn new(arena: &Arena, stop: bool) -> Worlds<A, W> {
        let state = State { had: [0; W], passed: [0; W] };
        Worlds {
            nodes: vec![state; arena.nodes()],
            touched: Vec::new(),
            agenda: A::new(arena.nodes()),
            kept: vec![(0, [0; W]); arena.kept],
            begun: 0,
            seed: 0,
            batch: 0,
            seeded: Vec::new(),
            goal: [0; W],
            stop,
            edges: 0,
            arch: pulp::Arch::new(),
        }
    }

    /// Begins a batch; then draws may be given, then [`Worlds::derive`] is due.
    pub fn begin(&mut self, seed: u64, batch: u64) {
        for node in self.touched.drain(..) {
            self.nodes[node as usize] = State { had: [0; W], passed: [0; W] };
        }
        self.begun += 1;
        if self.seed != seed {
            self.seeded.clear();
        }
        (self.seed, self.batch) = (seed, batch);
        self.goal = [0; W];
    }

    /// Batches begun so far.
    pub fn batches(&self) -> u64 {
        self.begun
    }

    /// Says in which worlds of the batch a kept variable fails.
    pub fn give(&mut self, kept: u32, lanes: Lanes<W>) {
        self.kept[kept as usize] = (self.begun, lanes);
    }

    /// Derives everything in the wanted worlds, and says in which the goal is had.
    pub fn derive(&mut self, arena: &Arena, wanted: &Lanes<W>) -> Lanes<W> {
        self.arch.dispatch(Derivation { worlds: self, arena, wanted })
    }

    #[inline(always)]
    fn derive_here(&mut self, arena: &Arena, wanted: &Lanes<W>) -> Lanes<W> {
        match arena.goal {
            Target::Had => return *wanted,
            Target::Never if self.stop => return [0; W],
            Target::Never | Target::At(_) => {}
        }
        if self.seeded.is_empty() {
            self.seeded = arena.variables.iter().map(|drawn| Seeded::new(self.seed, drawn.key)).collect();
        }
        for edge in &arena.firsts {
            if let To::Node(node) = edge.to() {
                self.take(arena, node, edge.rest(), *wanted);
            }
        }
        while let Some(node) = self.agenda.pop() {
            let state = &mut self.nodes[node as usize];
            let mut fresh = [0; W];
            let mut any = 0;
            for (w, word) in fresh.iter_mut().enumerate() {
                *word = state.had[w] & !state.passed[w] & !self.goal[w];
                any |= *word;
            }
            state.passed = state.had;
            if any != 0 {
                self.pass_on(arena, node, &fresh);
            }
        }
        match arena.goal {
            Target::At(goal) => self.nodes[goal as usize].had,
            Target::Had | Target::Never => [0; W],
        }
    }

    #[inline(always)]
    fn pass_on(&mut self, arena: &Arena, node: u32, fresh: &Lanes<W>) {
        let edges = arena.edges(node);
        self.edges += edges.len() as u64;
        for edge in edges {
            match edge.to() {
                To::Node(gained) => self.take(arena, gained, edge.rest(), *fresh),
                To::Joint(joint) => {
                    let (needs, gained, rest) = arena.joint(joint);
                    let mut enabled = *fresh;
                    for need in needs {
                        let had = &self.nodes[*need as usize].had;
                        (0..W).for_each(|w| enabled[w] &= had[w]);
                    }
                    self.take(arena, gained, rest, enabled);
                }
            }
        }
    }

    /// A step that gains `node` can happen in these worlds: it does where what it rests on fails.
    #[inline(always)]
    fn take(&mut self, arena: &Arena, node: u32, rest: Rest, enabled: Lanes<W>) {
        let had = &self.nodes[node as usize].had;
        let mut adds = enabled;
        let mut any = 0;
        for w in 0..W {
            adds[w] &= !had[w];
            any |= adds[w];
        }
        if any == 0 {
            return;
        }
        match rest {
            Rest::Nothing => {}
            Rest::One(variable) => adds = self.failed(arena, variable, &adds),
            Rest::List(list) => {
                for variable in arena.lists.row(list) {
                    adds = self.failed(arena, *variable, &adds);
                }
            }
        }
        self.gain(arena, node, &adds);
    }

    #[inline(always)]
    fn gain(&mut self, arena: &Arena, node: u32, adds: &Lanes<W>) {
        let had = &mut self.nodes[node as usize].had;
        let (mut before, mut after) = (0, 0);
        for w in 0..W {
            before |= had[w];
            had[w] |= adds[w];
            after |= adds[w];
        }
        if after == 0 {
            return;
        }
        if before == 0 {
            self.touched.push(node);
        }
        if self.stop && arena.goal == Target::At(node) {
            self.goal = *had;
        }
        self.agenda.push(node);
    }

    /// In which of these worlds a variable fails.
    #[inline(always)]
    fn failed(&mut self, arena: &Arena, variable: u32, wanted: &Lanes<W>) -> Lanes<W> {
        let drawn = &arena.variables[variable as usize];
        let stream = self.seeded[variable as usize].batch(self.batch);
        let Some(kept) = drawn.kept else {
            return drawn.threshold.draw(stream, wanted);
        };
        let kept = &mut self.kept[kept as usize];
        if kept.0 != self.begun {
            *kept = (self.begun, drawn.threshold.draw(stream, &[u64::MAX; W]));
        }
        let mut failed = kept.1;
        (0..W).for_each(|w| failed[w] &= wanted[w]);
        failed
    }

    /// In which worlds of the batch a capability is had.
    pub fn had(&self, node: u32) -> &Lanes<W> {
        &self.nodes[node as usize].had
    }

    /// In which worlds a kept variable fails, if that was needed.
    pub fn kept(&self, kept: u32) -> Option<&Lanes<W>> {
        let (begun, lanes) = &self.kept[kept as usize];
        (*begun == self.begun).then_some(lanes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_become_lanes() {
        let all: u64 = (0..5).map(|batch| count(&lanes::<8>(batch, &(700..1_900)))).sum();
        assert_eq!(all, 1_200);
        assert_eq!(lanes::<8>(0, &(0..512)), [u64::MAX; 8]);
        assert_eq!(lanes::<8>(1, &(0..512)), [0; 8]);
        assert_eq!(lanes::<8>(1, &(513..515))[0], 0b110);
    }
}
