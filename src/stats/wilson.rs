//! The Wilson score interval for a proportion.

use serde::{Deserialize, Serialize};

/// The 97.5 % quantile of the normal distribution: intervals are of 95 %.
pub const Z95: f64 = 1.959_963_984_540_054;

/// So many of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// How many are as they should be.
    pub hits: u64,
    /// Of how many.
    pub of: u64,
}

impl Rate {
    /// Counts outcomes.
    pub fn count(outcomes: impl IntoIterator<Item = bool>) -> Rate {
        outcomes
            .into_iter()
            .fold(Rate::default(), |rate, hit| Rate { hits: rate.hits + u64::from(hit), of: rate.of + 1 })
    }

    /// All of several together.
    pub fn sum(rates: impl Iterator<Item = Rate>) -> Rate {
        rates.fold(Rate::default(), |sum, rate| Rate { hits: sum.hits + rate.hits, of: sum.of + rate.of })
    }

    /// The 95 % Wilson interval; `None` of nothing.
    pub fn interval(self) -> Option<(f64, f64)> {
        interval(self.hits, self.of)
    }
}

/// The 95 % interval for a proportion of which `hits` out of `trials` were seen; `None` without trials.
///
/// E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927): the proportions
/// from which the seen one is at most z standard errors away, the standard error being that of the proportion supposed.
/// ```
/// let (low, high) = cotenant::stats::wilson::interval(9, 10).unwrap();
/// assert!((low - 0.5958).abs() < 1e-4 && (high - 0.9821).abs() < 1e-4);
/// ```
pub fn interval(hits: u64, trials: u64) -> Option<(f64, f64)> {
    within(hits, trials, Z95)
}

/// The same for proportions from which the seen one is at most `z` standard errors away.
pub fn within(hits: u64, trials: u64, z: f64) -> Option<(f64, f64)> {
    if trials == 0 {
        return None;
    }
    let (n, p) = (trials as f64, hits.min(trials) as f64 / trials as f64);
    let z2 = z * z;
    let middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = z / (1.0 + z2 / n) * libm::sqrt(p * (1.0 - p) / n + z2 / (4.0 * n * n));
    let low = if hits == 0 { 0.0 } else { (middle - half).max(0.0) };
    let high = if hits >= trials { 1.0 } else { (middle + half).min(1.0) };
    Some((low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_solve_the_equation_that_defines_them() {
        for trials in 1..60_u64 {
            for hits in 0..=trials {
                let (low, high) = interval(hits, trials).unwrap();
                let (n, p) = (trials as f64, hits as f64 / trials as f64);
                assert!(0.0 <= low && low <= p && p <= high && high <= 1.0);
                let away = |end: f64| (p - end).abs() - Z95 * libm::sqrt(end * (1.0 - end) / n);
                if hits > 0 {
                    assert!(away(low).abs() < 1e-12, "{hits} of {trials}: {low}");
                }
                if hits < trials {
                    assert!(away(high).abs() < 1e-12, "{hits} of {trials}: {high}");
                }
                let mirrored = interval(trials - hits, trials).unwrap();
                assert!((1.0 - high - mirrored.0).abs() < 1e-12);
            }
        }
        assert_eq!(interval(0, 0), None);
    }
}
