//! What a run of samples leaves behind: counts and nothing else, so that the records of disjoint ranges of worlds add up to the record of one
//! run over all of them.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::sample::Counted;
use super::time::{Attacker, Doubts, Times};
use crate::stats::interval::LEVEL;

/// What was asked and what was counted, of one threat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The threat.
    pub threat: String,
    /// The design.
    pub design: String,
    /// Hash of the capability graph, with every edit made to its model.
    pub graph: String,
    /// Horizon, days.
    pub horizon_days: f64,
    /// How the attacker went about it; `None`: exposed, time ignored.
    pub attacker: Option<Attacker>,
    /// Attempts may have been noticed.
    pub detection: bool,
    /// Numbers of the first world and one past the last.
    pub worlds: [u64; 2],
    /// Worlds of all shards together.
    pub of: u64,
    /// Chance that the interval does not hold the truth, at most.
    pub miss: f64,
    /// Worlds that were exposed, or in which the goal was reached.
    pub hits: u64,
    /// After how many whole seconds it was reached, in how many worlds; ascending.
    pub seconds: Vec<(u64, u64)>,
    /// Worlds in which it may have been reached earlier.
    pub doubts: Doubts,
    /// The same with every number at the low, and at the high end of its range; `None` where no number has a range.
    pub ends: Option<Ends>,
    /// The same attacker in the same worlds, but never noticed; `None` where that, or no time at all, is what was asked.
    pub without_detection: Option<Tally>,
}

/// What was counted where nothing is noticed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    /// As [`Record::hits`].
    pub hits: u64,
    /// As [`Record::seconds`].
    pub seconds: Vec<(u64, u64)>,
    /// As [`Record::doubts`].
    pub doubts: Doubts,
    /// As [`Record::ends`].
    pub ends: Option<Ends>,
}

/// Counts at the ends of the ranges, over every eighth batch of worlds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Ends {
    /// Worlds looked at.
    pub trials: u64,
    /// Hits with the low ends.
    pub low: u64,
    /// Hits with the high ends.
    pub high: u64,
}

impl Ends {
    /// The two estimates.
    pub fn estimates(&self) -> [f64; 2] {
        [self.low, self.high].map(|hits| Counted::new(hits, self.trials).estimate())
    }
}

impl Record {
    /// What was counted.
    pub fn counted(&self) -> Counted {
        Counted { miss: self.miss, ..Counted::new(self.hits, self.worlds[1] - self.worlds[0]) }
    }

    /// The times, where time was asked for.
    pub fn times(&self) -> Option<Times> {
        self.attacker?;
        Some(Times { counted: self.counted(), seconds: self.seconds.clone(), doubts: self.doubts })
    }

    /// The record that the same question without detection leaves behind.
    pub fn unnoticed(&self) -> Option<Record> {
        let Tally { hits, seconds, doubts, ends } = self.without_detection.clone()?;
        Some(Record { detection: false, hits, seconds, doubts, ends, without_detection: None, ..self.clone() })
    }

    fn same_question(&self, other: &Record) -> bool {
        self.threat == other.threat
            && self.graph == other.graph
            && self.horizon_days == other.horizon_days
            && self.attacker == other.attacker
            && self.detection == other.detection
            && self.of == other.of
            && self.without_detection.is_some() == other.without_detection.is_some()
    }
}

/// Why records do not add up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unmerged {
    /// These two, by their positions, do not answer the same question.
    Differ(usize, usize),
    /// These two hold the same worlds, from this one on.
    Overlap(usize, usize, u64),
    /// Nobody has these worlds.
    Missing(u64, u64),
}

impl fmt::Display for Unmerged {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unmerged::Differ(..) => {
                write!(
                    out,
                    "they do not answer the same question: threat, graph, horizon, attacker, detection and trials must agree"
                )
            }
            Unmerged::Overlap(_, _, from) => write!(out, "both hold world {from}"),
            Unmerged::Missing(from, to) => write!(out, "no file holds the worlds {from} to {}", to - 1),
        }
    }
}

/// Adds up the records of one threat.
///
/// # Errors
/// They ask different things, overlap, or leave worlds out.
pub fn merge(records: &[Record]) -> Result<Record, Unmerged> {
    let Some(first) = records.first() else { return Err(Unmerged::Missing(0, 1)) };
    if let Some(other) = records.iter().position(|record| !record.same_question(first)) {
        return Err(Unmerged::Differ(0, other));
    }
    let mut order: Vec<usize> = (0..records.len()).collect();
    order.sort_by_key(|at| records[*at].worlds);
    let mut next = 0;
    let mut last = 0;
    for at in &order {
        let [from, to] = records[*at].worlds;
        if from < next {
            return Err(Unmerged::Overlap(last, *at, from));
        }
        if from > next {
            return Err(Unmerged::Missing(next, from));
        }
        (next, last) = (to.max(next), *at);
    }
    if next < first.of {
        return Err(Unmerged::Missing(next, first.of));
    }
    let unnoticed: Vec<Record> = records.iter().filter_map(Record::unnoticed).collect();
    let without_detection = match unnoticed.as_slice() {
        [] => None,
        all => {
            let Record { hits, seconds, doubts, ends, .. } = merge(all)?;
            Some(Tally { hits, seconds, doubts, ends })
        }
    };
    let mut seconds: BTreeMap<u64, u64> = BTreeMap::new();
    for (at, n) in records.iter().flat_map(|record| &record.seconds) {
        *seconds.entry(*at).or_insert(0) += n;
    }
    let mut doubts = Doubts::default();
    records.iter().for_each(|record| doubts.add(record.doubts));
    let mut ends: Option<Ends> = None;
    for more in records.iter().filter_map(|record| record.ends) {
        let sum = ends.get_or_insert(Ends { trials: 0, low: 0, high: 0 });
        *sum = Ends { trials: sum.trials + more.trials, low: sum.low + more.low, high: sum.high + more.high };
    }
    Ok(Record {
        worlds: [0, first.of],
        miss: 1.0 - LEVEL,
        hits: records.iter().map(|record| record.hits).sum(),
        doubts,
        seconds: seconds.into_iter().collect(),
        ends,
        without_detection,
        ..first.clone()
    })
}

/// The worlds of shard `index` of `shards`, from 1, of so many in all: sizes differ by at most one.
pub fn shard(index: u64, shards: u64, trials: u64) -> [u64; 2] {
    let cut = |n: u64| (u128::from(trials) * u128::from(n) / u128::from(shards.max(1))) as u64;
    [cut(index - 1), cut(index)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(from: u64, to: u64) -> Record {
        Record {
            threat: "t".to_owned(),
            design: "d".to_owned(),
            graph: "g".to_owned(),
            horizon_days: 365.0,
            attacker: Some(Attacker::Parallel),
            detection: true,
            worlds: [from, to],
            of: 100,
            miss: 1.0 - LEVEL,
            hits: to - from,
            seconds: if from < 7 { vec![(from, to - from - 1), (7, 1)] } else { vec![(7, 1), (from, to - from - 1)] },
            doubts: Doubts { unproved: 1, thinned: 2 },
            ends: Some(Ends { trials: 2, low: 0, high: 1 }),
            without_detection: Some(Tally {
                hits: 2 * (to - from),
                seconds: vec![(5, 2 * (to - from))],
                doubts: Doubts::default(),
                ends: None,
            }),
        }
    }

    #[test]
    fn disjoint_records_that_cover_everything_add_up() {
        let merged = merge(&[record(60, 100), record(0, 20), record(20, 60)]).unwrap();
        assert_eq!((merged.worlds, merged.hits, merged.doubts), ([0, 100], 100, Doubts { unproved: 3, thinned: 6 }));
        assert_eq!(merged.seconds, [(0, 19), (7, 3), (20, 39), (60, 39)]);
        assert_eq!(merged.ends, Some(Ends { trials: 6, low: 0, high: 3 }));
        assert_eq!(merge(&[record(0, 100)]).unwrap(), record(0, 100));
        let unnoticed = merged.unnoticed().unwrap();
        assert_eq!((unnoticed.hits, &unnoticed.seconds, unnoticed.ends), (200, &vec![(5, 200)], None));
        assert!(!unnoticed.detection && unnoticed.unnoticed().is_none());
    }

    #[test]
    fn what_does_not_fit_is_said() {
        assert_eq!(merge(&[record(0, 50), record(40, 100)]), Err(Unmerged::Overlap(0, 1, 40)));
        assert_eq!(merge(&[record(0, 50), record(60, 100)]), Err(Unmerged::Missing(50, 60)));
        assert_eq!(merge(&[record(10, 100)]), Err(Unmerged::Missing(0, 10)));
        assert_eq!(merge(&[record(0, 90)]), Err(Unmerged::Missing(90, 100)));
        let halved = Record { without_detection: None, ..record(50, 100) };
        assert_eq!(merge(&[record(0, 50), halved]), Err(Unmerged::Differ(0, 1)));
        let other = Record { graph: "h".to_owned(), ..record(50, 100) };
        assert_eq!(merge(&[record(0, 50), other]), Err(Unmerged::Differ(0, 1)));
        assert_eq!(merge(&[]), Err(Unmerged::Missing(0, 1)));
    }

    #[test]
    fn shards_cover_all_worlds_once() {
        for (shards, trials) in [(1, 10), (8, 1_000_000), (7, 5), (3, 0)] {
            let cuts: Vec<[u64; 2]> = (1..=shards).map(|index| shard(index, shards, trials)).collect();
            assert_eq!((cuts[0][0], cuts[cuts.len() - 1][1]), (0, trials));
            assert!(cuts.windows(2).all(|pair| pair[0][1] == pair[1][0]));
        }
    }
}
