//! Durations by inverse transform: a law turns a number strictly between 0 and 1 into hours.

use super::log::of_complement;
use super::special::{beta_quantile, normal_quantile};
use crate::units::Effort;

/// A law ready to draw from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Law {
    /// Always these hours.
    Constant(f64),
    /// Log-normal.
    Lognormal {
        /// Mean of the logarithm of the hours.
        mean: f64,
        /// Its standard deviation.
        deviation: f64,
    },
    /// Exponential with this mean, hours.
    Exponential(f64),
    /// A beta distribution stretched over an interval.
    Pert {
        /// Least, hours.
        low: f64,
        /// Width, hours.
        width: f64,
        /// Shapes.
        shape: [f64; 2],
    },
}

/// Standard deviations below which nine tenths of a normal distribution lie.
const NINE_TENTHS: f64 = 1.281_551_565_544_600_4;

impl Law {
    /// The law of an effort; none takes no time. PERT has the shapes 1 + 4 (mode - low)/(high - low) and 1 + 4 (high - mode)/(high - low).
    pub fn of(effort: Option<Effort>) -> Law {
        match effort {
            None => Law::Constant(0.0),
            Some(Effort::Constant { hours }) => Law::Constant(hours),
            Some(Effort::Lognormal { median_h, p90_h }) => {
                let mean = libm::log(median_h);
                Law::Lognormal { mean, deviation: (libm::log(p90_h) - mean) / NINE_TENTHS }
            }
            Some(Effort::Exponential { mean_h }) => Law::Exponential(mean_h),
            Some(Effort::Pert { low_h, high_h, .. }) if high_h <= low_h => Law::Constant(low_h),
            Some(Effort::Pert { low_h, mode_h, high_h }) => {
                let width = high_h - low_h;
                let shape = [1.0 + 4.0 * (mode_h - low_h) / width, 1.0 + 4.0 * (high_h - mode_h) / width];
                Law::Pert { low: low_h, width, shape }
            }
        }
    }

    /// The hours below which a share `unit` of all durations lies.
    pub fn hours(self, unit: f64) -> f64 {
        match self {
            Law::Constant(hours) => hours,
            Law::Lognormal { mean, deviation } => libm::exp(mean + deviation * normal_quantile(unit)),
            Law::Exponential(mean) => exponential(mean, unit),
            Law::Pert { low, width, shape: [a, b] } => low + width * beta_quantile(a, b, unit),
        }
    }

    /// The hours it always takes, if it does.
    pub fn constant(self) -> Option<f64> {
        match self {
            Law::Constant(hours) => Some(hours),
            _ => None,
        }
    }
}

/// The hours below which a share `unit` of exponential durations with a mean lies.
#[inline(always)]
pub fn exponential(mean: f64, unit: f64) -> f64 {
    -mean * of_complement(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stated_quantiles_are_met() {
        let law = Law::of(Some(Effort::Lognormal { median_h: 40.0, p90_h: 400.0 }));
        assert!((law.hours(0.5) - 40.0).abs() < 1e-12);
        assert!((law.hours(0.9) - 400.0).abs() < 1e-9);
        let law = Law::of(Some(Effort::Exponential { mean_h: 12.0 }));
        assert!((law.hours(0.5) - 12.0 * core::f64::consts::LN_2).abs() < 1e-12);
        assert_eq!(Law::of(None), Law::Constant(0.0));
        assert_eq!(Law::of(Some(Effort::Constant { hours: 3.0 })).hours(0.1), 3.0);
        let point = Effort::Pert { low_h: 2.0, mode_h: 2.0, high_h: 2.0 };
        assert_eq!(Law::of(Some(point)).constant(), Some(2.0));
    }

    #[test]
    fn a_pert_law_has_its_mean_and_its_ends() {
        let law = Law::of(Some(Effort::Pert { low_h: 1.0, mode_h: 2.0, high_h: 9.0 }));
        let n = 20_000;
        let mean = (0..n).map(|at| law.hours((f64::from(at) + 0.5) / f64::from(n))).sum::<f64>() / f64::from(n);
        assert!((mean - 3.0).abs() < 1e-3, "{mean}");
        assert!(law.hours(1e-9) >= 1.0 && law.hours(1.0 - 1e-9) <= 9.0);
    }
}
