//! How many of n members something happens to.

/// The chance that exactly `k` of `n` happen, each with probability `p`.
pub fn share(n: u64, p: f64, k: u64) -> f64 {
    if p <= 0.0 || p >= 1.0 {
        let certain = if p <= 0.0 { 0 } else { n };
        return if k == certain { 1.0 } else { 0.0 };
    }
    let (n, k) = (n as f64, k as f64);
    let ways = libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0);
    libm::exp(ways + k * libm::log(p) + (n - k) * libm::log1p(-p))
}

/// How many of `n` happen, from a number strictly between 0 and 1: the inverse transform, taken outward from the likeliest count so that it
/// needs about as many terms as the standard deviation.
pub fn draw(n: u64, p: f64, unit: f64) -> u64 {
    if n == 0 || p <= 0.0 {
        return 0;
    }
    if p >= 1.0 {
        return n;
    }
    let mode = (((n + 1) as f64 * p) as u64).min(n);
    let odds = p / (1.0 - p);
    let peak = share(n, p, mode);
    let (mut up, mut down) = ((mode, peak), (mode, peak));
    let mut left = unit - peak;
    // The order in which counts are taken is fixed, so this is one function of `unit`, and each count has its own share of it.
    while left > 0.0 {
        let below = (down.0 > 0).then(|| {
            let k = down.0;
            (k - 1, down.1 * k as f64 / ((n - k + 1) as f64 * odds))
        });
        let above = (up.0 < n).then(|| {
            let k = up.0;
            (k + 1, up.1 * (n - k) as f64 * odds / (k + 1) as f64)
        });
        let (next, went_up) = match (below, above) {
            (Some(below), Some(above)) if below.1 > above.1 => (below, false),
            (Some(below), None) => (below, false),
            (_, Some(above)) => (above, true),
            (None, None) => return mode,
        };
        // What rounding leaves of the whole belongs to the likeliest count.
        if next.1 <= f64::MIN_POSITIVE {
            return mode;
        }
        left -= next.1;
        if went_up {
            up = next;
        } else {
            down = next;
        }
        if left <= 0.0 {
            return next.0;
        }
    }
    mode
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::random::{Key, Stream};

    #[test]
    fn shares_sum_to_one() {
        for (n, p) in [(1, 0.5), (10, 0.01), (500, 0.3), (5, 0.0), (5, 1.0)] {
            let sum: f64 = (0..=n).map(|k| share(n, p, k)).sum();
            assert!((sum - 1.0).abs() < 1e-11, "{n} {p}: {sum}");
        }
    }

    #[test]
    fn counts_are_drawn_as_often_as_their_shares() {
        for (n, p) in [(4, 0.3), (20, 0.05), (34_998, 1e-4), (1_000, 0.5), (1_000_000, 0.02)] {
            let stream = Stream::new(1, Key::of("count"), n);
            let draws = 40_000;
            let counts: Vec<u64> = (0..draws).map(|at| draw(n, p, stream.unit(at))).collect();
            let mean = counts.iter().map(|k| *k as f64).sum::<f64>() / draws as f64;
            let variance = counts.iter().map(|k| (*k as f64 - mean).powi(2)).sum::<f64>() / draws as f64;
            let (want, spread) = (n as f64 * p, n as f64 * p * (1.0 - p));
            assert!((mean - want).abs() < 4.5 * libm::sqrt(spread / draws as f64), "{n} {p}: mean {mean}");
            assert!((variance / spread - 1.0).abs() < 0.05, "{n} {p}: variance {variance} for {spread}");
            for k in [0, 1, 2, want as u64] {
                let (hits, chance) = (counts.iter().filter(|count| **count == k).count() as f64, share(n, p, k));
                let sd = libm::sqrt(draws as f64 * chance * (1.0 - chance)).max(1.0);
                assert!((hits - draws as f64 * chance).abs() < 4.5 * sd, "{n} {p} {k}: {hits}");
            }
        }
    }
}
