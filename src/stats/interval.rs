//! Intervals for a probability of which successes were counted, honest also where one looks several times before stopping.

use super::special::{beta_quantile, normal_quantile};
use super::wilson::within;

/// Confidence of every interval unless said otherwise.
pub const LEVEL: f64 = 0.95;
/// With fewer successes or failures than this an interval is exact rather than approximate.
const FEW: u64 = 10;

/// An interval for the probability of which `hits` of `trials` were seen: Wilson's score interval, and with under ten hits or misses
/// that of Clopper and Pearson. `miss` is the chance, at most, that it does not hold the truth (0.05 for 95 %).
pub fn proportion(hits: u64, trials: u64, miss: f64) -> [f64; 2] {
    if trials == 0 {
        return [0.0, 1.0];
    }
    if hits < FEW || trials - hits < FEW { clopper_pearson(hits, trials, miss) } else { wilson(hits, trials, miss) }
}

fn wilson(hits: u64, trials: u64, miss: f64) -> [f64; 2] {
    let (low, high) = within(hits, trials, normal_quantile(1.0 - miss / 2.0)).unwrap_or((0.0, 1.0));
    [low, high]
}

/// C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial", 1934.
pub fn clopper_pearson(hits: u64, trials: u64, miss: f64) -> [f64; 2] {
    let (k, n) = (hits as f64, trials as f64);
    let low = if hits == 0 { 0.0 } else { beta_quantile(k, n - k + 1.0, miss / 2.0) };
    let high = if hits == trials { 1.0 } else { beta_quantile(k + 1.0, n - k, 1.0 - miss / 2.0) };
    [low, high]
}

/// An interval for a mean of which an estimate and its standard error are known.
pub fn normal(estimate: f64, standard_error: f64, miss: f64) -> [f64; 2] {
    let half = normal_quantile(1.0 - miss / 2.0) * standard_error;
    [(estimate - half).max(0.0), (estimate + half).min(1.0)]
}

/// When results are looked at: at numbers of trials fixed in advance, each twice the one before. Stopping at the first look one likes
/// would make intervals too narrow; with the chance of a miss shared out evenly over all looks (Bonferroni) the one reported holds its level
/// wherever one stops.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Looks {
    first: u64,
    last: u64,
}

impl Looks {
    /// From `first` trials, doubling, to `last`.
    pub fn new(first: u64, last: u64) -> Looks {
        Looks { first: first.clamp(1, last.max(1)), last: last.max(1) }
    }

    /// The numbers of trials.
    pub fn trials(self) -> impl Iterator<Item = u64> {
        let doubled = std::iter::successors(Some(self.first), |trials| trials.checked_mul(2));
        doubled.take_while(move |trials| *trials < self.last).chain([self.last])
    }

    /// How many looks there are.
    pub fn len(self) -> u64 {
        self.trials().count() as u64
    }

    /// There is always the last look.
    pub fn is_empty(self) -> bool {
        false
    }

    /// The chance of a miss that each look may use up.
    pub fn miss(self, level: f64) -> f64 {
        (1.0 - level) / self.len() as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::binomial::share;

    /// The chance that the interval of a binomial count holds the truth, summed over all counts.
    fn coverage(trials: u64, p: f64, interval: impl Fn(u64) -> [f64; 2]) -> f64 {
        let holds = |hits: &u64| {
            let [low, high] = interval(*hits);
            low <= p && p <= high
        };
        (0..=trials).filter(holds).map(|hits| share(trials, p, hits)).sum()
    }

    #[test]
    fn known_values() {
        // Agresti and Coull, "Approximate is better than exact", 1998, give these for 0 and 5 of 10.
        let near = |found: [f64; 2], want: [f64; 2]| found.iter().zip(want).all(|(a, b)| (a - b).abs() < 5e-4);
        assert!(near(clopper_pearson(0, 10, 0.05), [0.0, 0.3085]));
        assert!(near(clopper_pearson(5, 10, 0.05), [0.1871, 0.8129]));
        assert!(near(wilson(5, 10, 0.05), [0.2366, 0.7634]));
        assert_eq!(proportion(0, 0, 0.05), [0.0, 1.0]);
        assert_eq!(proportion(7, 7, 0.05)[1], 1.0);
    }

    #[test]
    fn the_exact_interval_never_covers_too_little_and_the_mixed_one_nearly_never() {
        let mut worst: f64 = 1.0;
        let mut sum = 0.0;
        let ps: Vec<f64> = (1..200).map(|at| f64::from(at) / 200.0).collect();
        for p in &ps {
            let (exact, mixed) = (
                coverage(120, *p, |hits| clopper_pearson(hits, 120, 0.05)),
                coverage(120, *p, |hits| proportion(hits, 120, 0.05)),
            );
            assert!(exact >= 0.95 - 1e-9, "{p}: {exact}");
            worst = worst.min(mixed);
            sum += mixed;
        }
        assert!(worst > 0.92, "{worst}");
        assert!(sum / ps.len() as f64 > 0.95, "{sum}");
    }

    #[test]
    fn looks_double_and_share_the_level() {
        let looks = Looks::new(1_000, 10_000);
        assert_eq!(looks.trials().collect::<Vec<_>>(), [1_000, 2_000, 4_000, 8_000, 10_000]);
        assert!((looks.miss(0.95) - 0.01).abs() < 1e-12);
        assert_eq!(Looks::new(50, 10).trials().collect::<Vec<_>>(), [10]);
    }
}
