//! Which numbers decide: each moved alone, the others at their nominal values.

use super::dials::{Dial, Reading};
use super::ranking::EQUAL;

/// What one dial does to one outcome.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Driver {
    /// Position of the dial.
    pub dial: usize,
    /// The outcome with this dial at its 5 % quantile, all others nominal.
    pub at_low: f64,
    /// The same at its 95 % quantile.
    pub at_high: f64,
    /// Spearman's rank correlation between dial and outcome over all draws.
    pub correlation: f64,
}

impl Driver {
    /// How far it moves the outcome.
    pub fn swing(&self) -> f64 {
        (self.at_high - self.at_low).abs()
    }
}

/// A value of a dial beyond which the order of two competitors is another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flip {
    /// Better at the nominal point.
    pub better: usize,
    /// Worse at the nominal point.
    pub worse: usize,
    /// The dial.
    pub dial: usize,
    /// Where the two are equal.
    pub at: f64,
    /// The order is another above this value; `false`: below.
    pub above: bool,
}

/// Steps into which each side of a range is cut in search of a change of sign: two changes within one step are not seen.
pub const STEPS: u32 = 32;
/// Halvings of a step: beyond the digits of the number.
const HALVINGS: u32 = 60;

/// One outcome as a function of one dial's value, the others nominal.
pub type Curve<'a> = dyn Fn(f64) -> f64 + 'a;

/// The outcome at the 5 % and at the 95 % quantile of a dial.
pub fn ends(dial: &Dial, reading: Reading, curve: &Curve<'_>) -> [f64; 2] {
    [0.05, 0.95].map(|unit| curve(dial.quantile(reading, unit)))
}

/// Where, nearest to the nominal value on each side, the order of two outcomes turns; empty: nowhere in the dial's range. A tie at the
/// nominal point is no order that could turn.
pub fn turns(dial: &Dial, better: &Curve<'_>, worse: &Curve<'_>) -> Vec<(f64, bool)> {
    let [low, _, high] = dial.range;
    let nominal = dial.nominal();
    let turned = |x: f64| {
        let (better, worse) = (better(x), worse(x));
        better - worse > EQUAL * worse.abs()
    };
    let mut found = Vec::new();
    for (end, above) in [(low, false), (high, true)] {
        let mut kept = nominal;
        for step in 1..=STEPS {
            let x = nominal + (end - nominal) * f64::from(step) / f64::from(STEPS);
            if turned(x) {
                found.push((halved(kept, x, &turned), above));
                break;
            }
            kept = x;
        }
    }
    found
}

/// Between a value where the order stands and one where it has turned: the first of the latter, to rounding.
fn halved(mut kept: f64, mut gone: f64, turned: &dyn Fn(f64) -> bool) -> f64 {
    for _ in 0..HALVINGS {
        let middle = 0.5 * (kept + gone);
        if turned(middle) {
            gone = middle;
        } else {
            kept = middle;
        }
    }
    gone
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dial(range: [f64; 3]) -> Dial {
        Dial { id: String::from("x"), range, unit: String::new(), grade: String::new(), source: String::new() }
    }

    #[test]
    fn a_turn_is_where_the_curves_cross_and_nowhere_else() {
        let x = dial([0.0, 0.1, 1.0]);
        let found = turns(&x, &|x| x * x, &|_| 0.25);
        assert_eq!(found.len(), 1);
        let (at, above) = found[0];
        assert!(above && (at - 0.5).abs() < 1e-8, "{at}");
        assert!(turns(&x, &|x| x, &|x| x + 0.1).is_empty());
        assert!(turns(&x, &|_| 0.3, &|_| 0.3).is_empty(), "a tie is no order");
        let both = turns(&x, &|x| 1.0 - (x - 0.3) * (x - 0.3), &|_| 0.99 + 0.01);
        assert!(both.is_empty());
        let both = turns(&dial([0.0, 0.5, 1.0]), &|x| (x - 0.5).abs(), &|_| 0.2);
        assert_eq!(both.len(), 2);
        assert!((both[0].0 - 0.3).abs() < 1e-8 && !both[0].1 && (both[1].0 - 0.7).abs() < 1e-8 && both[1].1);
    }
}
