//! How many worlds are looked at between two questions whether to go on. Where a world is dear they are few, so that a limit of seconds is kept to
//! about a second; the answer is the same in any portions.

use std::time::{Duration, Instant};

use super::worlds::BATCH;

/// A portion that took less is followed by one twice as large.
const SHORT: Duration = Duration::from_millis(200);
/// One that took more, by one half as large.
const LONG: Duration = Duration::from_millis(800);

/// The size of the next portion.
#[derive(Debug)]
pub struct Portion {
    least: u64,
    worlds: u64,
    most: u64,
    begun: Instant,
}

impl Portion {
    /// From so many worlds on.
    pub fn new(worlds: u64) -> Portion {
        let least = 64 * rayon::current_num_threads() as u64;
        Portion { least, worlds: worlds.max(least), most: 4_096 * BATCH, begun: Instant::now() }
    }

    /// Where the portion that begins at a world ends: at the end of a batch, unless it is shorter than that.
    pub fn begin(&mut self, at: u64, last: u64) -> u64 {
        self.begun = Instant::now();
        let end = at + self.worlds;
        last.min(if self.worlds < BATCH { end } else { end / BATCH * BATCH })
    }

    /// The portion is done.
    pub fn done(&mut self) {
        let took = self.begun.elapsed();
        if took < SHORT {
            self.worlds = (self.worlds * 2).min(self.most);
        } else if took > LONG {
            self.worlds = (self.worlds / 2).max(self.least);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn portions_end_with_batches_unless_they_are_shorter() {
        let mut portion = Portion { least: 64, worlds: 128, most: 4 * BATCH, begun: Instant::now() };
        assert_eq!(portion.begin(100, 10_000), 228);
        portion.worlds = 1_000;
        assert_eq!(portion.begin(100, 10_000), 1_024);
        assert_eq!(portion.begin(9_900, 10_000), 10_000);
        portion.begun = Instant::now();
        portion.done();
        assert_eq!(portion.worlds, 2_000);
        portion.begun = Instant::now().checked_sub(Duration::from_secs(2)).unwrap();
        portion.done();
        assert_eq!(portion.worlds, 1_000);
    }
}
