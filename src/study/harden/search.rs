//! The cheapest set of switches that makes something hold, where some switches never do harm and others may.
//!
//! *Monotone* switches never break what holds. For a fixed choice of the other ones (*patches*), a set of monotone switches that is not enough
//! stays not enough when made smaller: so each failure, grown as far as it stays one, says "one of these others must be on". The cheapest
//! set that hits all such demands is a lower bound, and once it is enough it is the cheapest (implicit hitting sets; E. Moreno-Centeno and
//! R. Karp, "The implicit hitting set approach to solve combinatorial optimization problems", Operations Research 61, 2013). Patches are gone
//! through by rising cost.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::collections::BinaryHeap;

/// A set of switches, by position.
pub type Set = u64;

/// Most switches of a search.
pub const MOST: usize = 63;

/// What there is to choose from.
#[derive(Debug, Clone, Default)]
pub struct Switches {
    /// Cost of each, >= 0, in whole micro-days, so that sums are exact.
    pub costs: Vec<u64>,
    /// Those that may do harm, or change everything: tried in every combination.
    pub patches: Set,
    /// Pairs that do not go together, as sets of two or more of which not all may be on.
    pub excluded: Vec<Set>,
}

/// How much may be asked.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// Questions put to the world.
    pub asks: u64,
    /// Nodes of the hitting-set searches.
    pub nodes: u64,
}

impl Default for Effort {
    fn default() -> Effort {
        Effort { asks: 20_000, nodes: 5_000_000 }
    }
}

/// The cheapest set found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The set; `None`: no set makes it hold (or none was found).
    pub best: Option<Set>,
    /// Its cost.
    pub cost: u64,
    /// No cheaper set exists; where there is no set, that none exists.
    pub proved: bool,
    /// No set that makes it hold costs less.
    pub at_least: u64,
}

impl Switches {
    /// The cost of a set.
    pub fn cost(&self, set: Set) -> u64 {
        members(set).map(|at| self.costs[at]).fold(0, u64::saturating_add)
    }

    fn all(&self) -> Set {
        if self.costs.len() >= 64 { Set::MAX } else { (1 << self.costs.len()) - 1 }
    }

    /// May these all be on?
    pub fn together(&self, set: Set) -> bool {
        self.excluded.iter().all(|excluded| excluded & set != *excluded)
    }
}

/// Positions in a set, ascending.
pub fn members(set: Set) -> impl Iterator<Item = usize> {
    (0..64).filter(move |at| set >> at & 1 == 1)
}

/// Finds the cheapest set for which `holds` says yes. `holds` gives `None` for a set of patches that cannot be applied.
pub fn cheapest(switches: &Switches, effort: Effort, mut holds: impl FnMut(Set) -> Option<bool>) -> Found {
    let mut search = Search {
        switches,
        holds: &mut holds,
        asks: effort.asks,
        nodes: effort.nodes,
        known: BTreeMap::new(),
        best: None,
    };
    let mut patches = Rising::new(switches, switches.patches);
    let mut at_least = 0;
    while let Some((cost, patch)) = patches.next() {
        at_least = cost;
        if search.best.is_some_and(|(best, _)| cost >= best) {
            return search.found(true, 0);
        }
        if !search.with(patch, cost) {
            return search.found(false, at_least);
        }
    }
    search.found(true, at_least)
}

struct Search<'a, F> {
    switches: &'a Switches,
    holds: &'a mut F,
    asks: u64,
    nodes: u64,
    known: BTreeMap<Set, Option<bool>>,
    best: Option<(u64, Set)>,
}

impl<F: FnMut(Set) -> Option<bool>> Search<'_, F> {
    fn found(&self, proved: bool, at_least: u64) -> Found {
        match self.best {
            Some((cost, set)) => {
                Found { best: Some(set), cost, proved, at_least: if proved { cost } else { at_least } }
            }
            None => Found { best: None, cost: 0, proved, at_least },
        }
    }

    /// `None` in the outer option: no more questions may be put.
    fn ask(&mut self, set: Set) -> Option<Option<bool>> {
        if let Some(known) = self.known.get(&set) {
            return Some(*known);
        }
        self.asks = self.asks.checked_sub(1)?;
        let answer = (self.holds)(set);
        self.known.insert(set, answer);
        Some(answer)
    }

    /// The cheapest monotone switches beside one choice of patches; false if a limit stopped it.
    fn with(&mut self, patch: Set, cost: u64) -> bool {
        if !self.switches.together(patch) {
            return true;
        }
        let monotone = self.switches.all() & !self.switches.patches;
        let mut demands: Vec<Set> = Vec::new();
        loop {
            let room = self.best.map(|(best, _)| best - cost);
            let next = hitting(self.switches, patch, &demands, room, &mut self.nodes);
            let set = match next {
                Hit::None => return true,
                Hit::Stopped => return false,
                Hit::Set(set) => set | patch,
            };
            match self.ask(set) {
                None => return false,
                Some(None) => return true,
                Some(Some(true)) => {
                    self.best = Some((self.switches.cost(set), set));
                    return true;
                }
                Some(Some(false)) => {}
            }
            let Some(largest) = self.grown(set, monotone) else { return false };
            demands.push(monotone & !largest);
        }
    }

    /// As many monotone switches more as leave it failing; one by one, in order.
    fn grown(&mut self, set: Set, monotone: Set) -> Option<Set> {
        let mut set = set;
        for at in members(monotone & !set) {
            let more = set | 1 << at;
            // What may not stand together cannot be asked: the demand stays larger, hence weaker, and still true.
            if self.switches.together(more) && self.ask(more)? == Some(false) {
                set = more;
            }
        }
        Some(set)
    }
}

enum Hit {
    Set(Set),
    None,
    Stopped,
}

/// The cheapest set of monotone switches that has a member of every demand, below `room`; ties: fewer, then the smaller number.
fn hitting(switches: &Switches, patch: Set, demands: &[Set], room: Option<u64>, nodes: &mut u64) -> Hit {
    struct Dive<'a> {
        switches: &'a Switches,
        patch: Set,
        demands: &'a [Set],
        best: Option<(u64, u32, Set)>,
        room: Option<u64>,
        nodes: &'a mut u64,
    }
    impl Dive<'_> {
        fn descend(&mut self, set: Set, cost: u64, closed: Set) -> bool {
            let Some(left) = self.nodes.checked_sub(1) else { return false };
            *self.nodes = left;
            let bound = self.best.map(|(best, ..)| best);
            if self.room.is_some_and(|room| cost >= room) || bound.is_some_and(|best| cost > best) {
                return true;
            }
            // The unmet demand with the fewest ways to meet it.
            let unmet = self.demands.iter().filter(|demand| **demand & set == 0).map(|demand| demand & !closed);
            let Some(demand) = unmet.min_by_key(|open| (open.count_ones(), *open)) else {
                let found = (cost, set.count_ones(), set);
                if self.best.is_none_or(|best| found < best) {
                    self.best = Some(found);
                }
                return true;
            };
            let mut closed = closed;
            for at in members(demand) {
                let more = set | 1 << at;
                if self.switches.together(more | self.patch)
                    && !self.descend(more, cost.saturating_add(self.switches.costs[at]), closed)
                {
                    return false;
                }
                // Later branches go without it: no set is looked at twice.
                closed |= 1 << at;
            }
            true
        }
    }
    let mut dive = Dive { switches, patch, demands, best: None, room, nodes };
    match (dive.descend(0, 0, 0), dive.best) {
        (false, _) => Hit::Stopped,
        (true, Some((_, _, set))) => Hit::Set(set),
        (true, None) => Hit::None,
    }
}

/// The subsets of a set by rising cost, ties by number.
struct Rising {
    /// Positions by rising cost.
    order: Vec<(u64, usize)>,
    /// (cost, set, position of its dearest member in `order`).
    waiting: BinaryHeap<Reverse<(u64, Set, usize)>>,
    empty: bool,
}

impl Rising {
    fn new(switches: &Switches, of: Set) -> Rising {
        let mut order: Vec<(u64, usize)> = members(of).map(|at| (switches.costs[at], at)).collect();
        order.sort_unstable();
        Rising { order, waiting: BinaryHeap::new(), empty: false }
    }

    fn next(&mut self) -> Option<(u64, Set)> {
        if !std::mem::replace(&mut self.empty, true) {
            if let Some((cost, at)) = self.order.first() {
                self.waiting.push(Reverse((*cost, 1 << at, 0)));
            }
            return Some((0, 0));
        }
        let Reverse((cost, set, last)) = self.waiting.pop()?;
        if let Some((next, at)) = self.order.get(last + 1) {
            let (mine, own) = self.order[last];
            self.waiting.push(Reverse((cost.saturating_add(*next), set | 1 << at, last + 1)));
            self.waiting.push(Reverse((cost - mine + next, set & !(1 << own) | 1 << at, last + 1)));
        }
        Some((cost, set))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small generator of numbers (splitmix64), so that the tests are the same everywhere.
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, n: u64) -> u64 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = self.0;
            z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
            (z ^ z >> 31) % n
        }
    }

    /// What holds: for each choice of patches its own monotone condition, a disjunction of sets of monotone switches; some choices do not
    /// work at all.
    struct World {
        switches: Switches,
        enough: BTreeMap<Set, Option<Vec<Set>>>,
    }

    impl World {
        fn new(seed: u64) -> World {
            let mut numbers = Numbers(seed);
            let n = 1 + numbers.below(8) as usize;
            let costs = (0..n).map(|_| numbers.below(6)).collect();
            let patches = numbers.below(1 << n) & numbers.below(1 << n);
            let mut excluded = Vec::new();
            if n > 2 && numbers.below(3) == 0 {
                let (a, b) = (numbers.below(n as u64), numbers.below(n as u64));
                excluded.extend((a != b).then_some(1 << a | 1 << b));
            }
            let switches = Switches { costs, patches, excluded };
            let monotone = switches.all() & !patches;
            let mut enough = BTreeMap::new();
            for patch in (0..=switches.all()).filter(|set| set & !patches == 0) {
                let sets = (0..numbers.below(4)).map(|_| numbers.below(1 << n) & monotone).collect();
                enough.insert(patch, (numbers.below(8) > 0).then_some(sets));
            }
            World { switches, enough }
        }

        fn holds(&self, set: Set) -> Option<bool> {
            let sets = self.enough[&(set & self.switches.patches)].as_ref()?;
            Some(sets.iter().any(|enough| enough & set == *enough))
        }

        fn brute(&self) -> Option<u64> {
            let sets =
                (0..=self.switches.all()).filter(|set| self.switches.together(*set) && self.holds(*set) == Some(true));
            sets.map(|set| self.switches.cost(set)).min()
        }
    }

    #[test]
    fn it_is_the_cheapest_of_all_sets() {
        for seed in 0..4_000 {
            let world = World::new(seed);
            let found = cheapest(&world.switches, Effort::default(), |set| world.holds(set));
            assert!(found.proved, "{seed}");
            assert_eq!(found.best.map(|_| found.cost), world.brute(), "{seed}: {found:?}");
            if let Some(set) = found.best {
                assert_eq!((world.holds(set), world.switches.cost(set)), (Some(true), found.cost), "{seed}");
                assert!(world.switches.together(set) && found.at_least == found.cost, "{seed}");
            }
        }
    }

    #[test]
    fn a_stopped_search_claims_no_more_than_it_knows() {
        for seed in 0..2_000 {
            let world = World::new(seed);
            for asks in 0..6 {
                let found = cheapest(&world.switches, Effort { asks, nodes: 1_000 }, |set| world.holds(set));
                let least = world.brute();
                if let Some(set) = found.best {
                    assert_eq!(world.holds(set), Some(true), "{seed}");
                }
                if found.proved {
                    assert_eq!(found.best.map(|_| found.cost), least, "{seed} {asks}");
                }
                assert!(least.is_none_or(|least| found.at_least <= least), "{seed} {asks}: {found:?} {least:?}");
            }
        }
    }

    #[test]
    fn subsets_come_by_rising_cost_each_once() {
        let switches = Switches { costs: vec![3, 0, 2, 2, 7], ..Switches::default() };
        let mut rising = Rising::new(&switches, 0b11111);
        let mut seen = Vec::new();
        while let Some((cost, set)) = rising.next() {
            assert_eq!(cost, switches.cost(set));
            seen.push((cost, set));
        }
        assert!(seen.windows(2).all(|pair| pair[0].0 <= pair[1].0));
        let mut sets: Vec<Set> = seen.iter().map(|(_, set)| *set).collect();
        sets.sort_unstable();
        assert_eq!(sets, (0..32).collect::<Vec<Set>>());
    }
}
