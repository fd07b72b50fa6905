//! Which capabilities have something new to pass on, in what order: two ways to keep the list. The answer is the same in any order.

/// A list of nodes, each at most once.
pub trait Agenda {
    /// For a graph of so many nodes.
    fn new(nodes: usize) -> Self;
    /// Adds a node that is not there yet; adding one that is there changes nothing.
    fn push(&mut self, node: u32);
    /// Takes the next one.
    fn pop(&mut self) -> Option<u32>;
}

/// By position, round and round: the next node is the first at or after the last one taken. Nodes stand in an order in which most steps lead
/// forward, so that what arrives at a node by several ways is passed on at once.
#[derive(Debug, Clone)]
pub struct Rounds {
    /// One bit for each node.
    nodes: Vec<u64>,
    /// One bit for each word of `nodes` that is not 0.
    words: Vec<u64>,
    cursor: usize,
}

impl Agenda for Rounds {
    fn new(nodes: usize) -> Rounds {
        let words = nodes.div_ceil(64);
        Rounds { nodes: vec![0; words], words: vec![0; words.div_ceil(64)], cursor: 0 }
    }

    #[inline(always)]
    fn push(&mut self, node: u32) {
        let word = node as usize / 64;
        self.nodes[word] |= 1 << (node % 64);
        self.words[word / 64] |= 1 << (word % 64);
    }

    #[inline(always)]
    fn pop(&mut self) -> Option<u32> {
        let word = self.find()?;
        let bits = self.nodes[word];
        let ahead = if word == self.cursor / 64 { bits & (u64::MAX << (self.cursor % 64)) } else { bits };
        let bit = if ahead == 0 { bits } else { ahead }.trailing_zeros() as usize;
        self.nodes[word] = bits & !(1 << bit);
        if self.nodes[word] == 0 {
            self.words[word / 64] &= !(1 << (word % 64));
        }
        self.cursor = word * 64 + bit;
        Some(self.cursor as u32)
    }
}

impl Rounds {
    /// The word that holds the next node.
    #[inline(always)]
    fn find(&self) -> Option<usize> {
        let here = self.cursor / 64;
        let own = self.nodes.get(here)? & (u64::MAX << (self.cursor % 64));
        if own != 0 {
            return Some(here);
        }
        let from = here + 1;
        let mut at = from / 64;
        let mut bits = self.words.get(at).map_or(0, |bits| bits & (u64::MAX << (from % 64)));
        // Once round, and the words before the cursor.
        for _ in 0..=self.words.len() {
            if bits != 0 {
                return Some(at * 64 + bits.trailing_zeros() as usize);
            }
            at = if at + 1 >= self.words.len() { 0 } else { at + 1 };
            bits = self.words[at];
        }
        None
    }
}

/// First in, first out.
#[derive(Debug, Clone)]
pub struct Queue {
    listed: Vec<bool>,
    items: std::collections::VecDeque<u32>,
}

impl Agenda for Queue {
    fn new(nodes: usize) -> Queue {
        Queue { listed: vec![false; nodes], items: std::collections::VecDeque::new() }
    }

    #[inline(always)]
    fn push(&mut self, node: u32) {
        if !std::mem::replace(&mut self.listed[node as usize], true) {
            self.items.push_back(node);
        }
    }

    #[inline(always)]
    fn pop(&mut self) -> Option<u32> {
        let node = self.items.pop_front()?;
        self.listed[node as usize] = false;
        Some(node)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drained(agenda: &mut impl Agenda) -> Vec<u32> {
        std::iter::from_fn(|| agenda.pop()).collect()
    }

    #[test]
    fn rounds_go_forward_and_come_back() {
        let mut rounds = Rounds::new(10_000);
        [7_000, 3, 64, 9_999, 3].into_iter().for_each(|node| rounds.push(node));
        assert_eq!((rounds.pop(), rounds.pop()), (Some(3), Some(64)));
        [2, 65, 63].into_iter().for_each(|node| rounds.push(node));
        assert_eq!(drained(&mut rounds), [65, 7_000, 9_999, 2, 63]);
        rounds.push(0);
        assert_eq!(drained(&mut rounds), [0]);
        assert_eq!(Rounds::new(0).pop(), None);
    }

    #[test]
    fn a_queue_lists_each_once() {
        let mut queue = Queue::new(10);
        [5, 2, 5, 9].into_iter().for_each(|node| queue.push(node));
        assert_eq!(drained(&mut queue), [5, 2, 9]);
    }
}
