//! Ranges low, mode, high read as distributions: PERT, and log-uniform as a second reading.

use super::special::{beta_quantile, beta_share};

/// A beta distribution on [low, high] with the shapes 1 + 4 (mode - low)/(high - low) and 1 + 4 (high - mode)/(high - low); its mean is
/// (low + 4 mode + high)/6.
///
/// D. G. Malcolm, J. H. Roseboom, C. E. Clark and W. Fazar, "Application of a technique for research and development program evaluation",
/// Operations Research 7 (1959).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pert {
    low: f64,
    width: f64,
    shape: [f64; 2],
    mean: f64,
}

impl Pert {
    /// Of a range with low <= mode <= high.
    pub fn new([low, mode, high]: [f64; 3]) -> Pert {
        let width = high - low;
        let share = |part: f64| if width > 0.0 { 1.0 + 4.0 * part / width } else { 1.0 };
        Pert { low, width, shape: [share(mode - low), share(high - mode)], mean: (low + 4.0 * mode + high) / 6.0 }
    }

    /// The value below which a share `unit` of the distribution lies; the ends for 0 and 1.
    pub fn quantile(&self, unit: f64) -> f64 {
        let [a, b] = self.shape;
        if self.width > 0.0 { self.low + self.width * beta_quantile(a, b, unit) } else { self.low }
    }

    /// The share of the distribution below `x`.
    pub fn share(&self, x: f64) -> f64 {
        let [a, b] = self.shape;
        match self.width > 0.0 {
            true => beta_share(a, b, (x - self.low) / self.width),
            false => f64::from(u8::from(x >= self.low)),
        }
    }

    /// Its mean.
    pub fn mean(&self) -> f64 {
        self.mean
    }
}

/// The value below which a share `unit` of a log-uniform distribution on [low, high] lies; low > 0.
pub fn log_uniform(low: f64, high: f64, unit: f64) -> f64 {
    low * libm::exp(unit * libm::log(high / low))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Simpson's rule over the density (x-low)^(a-1) (high-x)^(b-1), normed by itself: no special function in it.
    fn integrated([low, mode, high]: [f64; 3], x: f64) -> (f64, f64) {
        let shape = |part: f64| 4.0 * part / (high - low);
        let (a, b) = (shape(mode - low), shape(high - mode));
        let density = |t: f64| t.powf(a) * (1.0 - t).powf(b);
        let simpson = |to: f64, weight: &dyn Fn(f64) -> f64| {
            let n = 200_000;
            let h = to / f64::from(n);
            let inner = |at: i32| (if at % 2 == 1 { 4.0 } else { 2.0 }) * weight(h * f64::from(at));
            (weight(0.0) + weight(to) + (1..n).map(inner).sum::<f64>()) * h / 3.0
        };
        let whole = simpson(1.0, &density);
        let mean = simpson(1.0, &|t| t * density(t)) / whole;
        (simpson((x - low) / (high - low), &density) / whole, low + (high - low) * mean)
    }

    #[test]
    fn shares_and_means_are_those_of_the_integrated_density() {
        for range in [[0.0, 0.5, 1.0], [0.002, 0.02, 0.1], [0.0005, 0.002, 0.01], [2.0, 2.0, 5.0], [1.0, 9.0, 9.0]] {
            let pert = Pert::new(range);
            for unit in [0.05, 0.3, 0.5, 0.95] {
                let x = pert.quantile(unit);
                let (share, mean) = integrated(range, x);
                assert!((share - unit).abs() < 2e-6, "{range:?} at {unit}: {share}");
                assert!((pert.share(x) - unit).abs() < 1e-10);
                assert!((mean - pert.mean()).abs() < 1e-6 * range[2], "{range:?}: {mean}");
            }
            assert_eq!([pert.quantile(0.0), pert.quantile(1.0)], [range[0], range[2]]);
        }
    }

    #[test]
    fn closed_forms() {
        // Mode at the lower end: shapes 1 and 5, share 1 - (1 - t)^5.
        let pert = Pert::new([0.0, 0.0, 1.0]);
        for unit in [0.01, 0.5, 0.99] {
            assert!((pert.quantile(unit) - (1.0 - libm::pow(1.0 - unit, 0.2))).abs() < 1e-12);
        }
        let point = Pert::new([3.0, 3.0, 3.0]);
        assert_eq!([point.quantile(0.3), point.mean(), point.share(3.0), point.share(2.9)], [3.0, 3.0, 1.0, 0.0]);
        assert!((log_uniform(0.001, 0.1, 0.5) - 0.01).abs() < 1e-15);
        assert_eq!(log_uniform(2.0, 8.0, 0.0), 2.0);
    }
}
