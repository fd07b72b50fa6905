//! Quantiles of durations of which some are known only to be longer than one looked.

use super::binomial::share;
use super::special::normal_quantile;

/// A quantile with its interval; `None` is beyond the horizon.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantile {
    /// Share of all worlds.
    pub q: f64,
    /// By then so many worlds got there.
    pub at: Option<f64>,
    /// Ends of the interval.
    pub interval: [Option<f64>; 2],
}

/// The q-quantile of `trials` durations. `nth(r)` is the r-th shortest of those that ended, from 1; `None` from the first on that did not.
/// The interval lies between two of the ordered durations, chosen so that the binomial number of durations below the true quantile falls between
/// them with the level asked for: no law of the durations is assumed.
pub fn quantile(q: f64, trials: u64, miss: f64, nth: impl Fn(u64) -> Option<f64>) -> Quantile {
    let rank = (libm::ceil(q * trials as f64) as u64).clamp(1, trials.max(1));
    let [low, high] = ranks(q, trials, miss);
    let low_end = if low == 0 { Some(0.0) } else { nth(low) };
    Quantile { q, at: nth(rank), interval: [low_end, if high > trials { None } else { nth(high) }] }
}

/// Ranks l < u such that the number of durations below the q-quantile lies in l..u with the level asked for; 0 and one past the last stand for
/// no end.
fn ranks(q: f64, trials: u64, miss: f64) -> [u64; 2] {
    if trials > 2_000 {
        let half = normal_quantile(1.0 - miss / 2.0) * libm::sqrt(trials as f64 * q * (1.0 - q));
        let centre = q * trials as f64;
        // One rank more on each side covers what the normal law leaves out.
        let low = libm::floor(centre - half - 1.0).max(0.0) as u64;
        return [low, libm::ceil(centre + half + 1.0) as u64 + 1];
    }
    let (mut below, mut low) = (0.0, 0);
    while low < trials && below + share(trials, q, low) <= miss / 2.0 {
        below += share(trials, q, low);
        low += 1;
    }
    let (mut above, mut high) = (0.0, trials + 1);
    while high > low + 1 && above + share(trials, q, high - 1) <= miss / 2.0 {
        above += share(trials, q, high - 1);
        high -= 1;
    }
    [low, high]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::random::{Key, Stream};

    #[test]
    fn intervals_hold_the_true_quantile_as_often_as_they_say() {
        for (trials, q) in [(60, 0.5), (200, 0.1), (5_000, 0.9)] {
            let runs = 2_000;
            let mut holds = 0;
            for run in 0..runs {
                let stream = Stream::new(run, Key::of("durations"), trials);
                let mut drawn: Vec<f64> = (0..trials).map(|at| stream.unit(at)).collect();
                drawn.sort_by(f64::total_cmp);
                let found = quantile(q, trials, 0.05, |rank| drawn.get(rank as usize - 1).copied());
                let [low, high] = found.interval;
                holds += u64::from(low.unwrap_or(1.0) <= q && q <= high.unwrap_or(1.0));
            }
            assert!(holds as f64 / runs as f64 >= 0.935, "{trials} {q}: {holds} of {runs}");
        }
    }

    #[test]
    fn what_did_not_end_is_beyond_the_horizon() {
        let nth = |rank: u64| (rank <= 40).then_some(rank as f64);
        let found = quantile(0.5, 100, 0.05, nth);
        assert_eq!((found.at, found.interval[1]), (None, None));
        let found = quantile(0.2, 100, 0.05, nth);
        assert_eq!(found.at, Some(20.0));
        assert!(found.interval[0] < Some(20.0) && found.interval[1] > Some(20.0));
    }
}
