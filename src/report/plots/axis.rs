//! Axes: values to pixels, and where the ticks stand. Logarithmic where decades are spanned.

use crate::report::number;

/// A horizontal or vertical axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axis {
    low: f64,
    high: f64,
    log: bool,
    /// Pixel of the lower end.
    from: i32,
    /// Pixel of the upper end.
    to: i32,
}

/// Least value that a logarithmic axis shows below its largest: what is rarer sticks to its lower end.
const DECADES: f64 = 1e-12;

impl Axis {
    /// A logarithmic axis over whole decades that hold all the values above 0.
    pub fn decades(values: impl IntoIterator<Item = f64>, from: i32, to: i32) -> Axis {
        let positive: Vec<f64> = values.into_iter().filter(|x| *x > 0.0 && x.is_finite()).collect();
        let most = positive.iter().copied().fold(0.0, f64::max);
        let most = if most > 0.0 { most } else { 1.0 };
        let least = positive.iter().copied().fold(most, f64::min).max(most * DECADES);
        // Rounding must not add a decade to a power of ten.
        let low = libm::pow(10.0, libm::floor(libm::log10(least) + 1e-9));
        let high = libm::pow(10.0, libm::ceil(libm::log10(most) - 1e-9));
        Axis { low, high: if high > low { high } else { low * 10.0 }, log: true, from, to }
    }

    /// A logarithmic axis from one value to another.
    pub fn log(low: f64, high: f64, from: i32, to: i32) -> Axis {
        Axis { low, high, log: true, from, to }
    }

    /// A linear axis from one value to another.
    pub fn linear(low: f64, high: f64, from: i32, to: i32) -> Axis {
        Axis { low, high: if high > low { high } else { low + 1.0 }, log: false, from, to }
    }

    /// Of probabilities: logarithmic where they span more than a decade, else linear from zero to a whole tenth.
    pub fn chances(values: impl IntoIterator<Item = f64>, from: i32, to: i32) -> Axis {
        let positive: Vec<f64> = values.into_iter().filter(|x| *x > 0.0).collect();
        let (least, most) = positive.iter().fold((1.0_f64, 0.0_f64), |(least, most), x| (least.min(*x), most.max(*x)));
        if most > 10.0 * least {
            return Axis::decades(positive, from, to);
        }
        let high = if positive.is_empty() { 10.0 } else { libm::ceil(most * 10.0 - 1e-9) };
        Axis::linear(0.0, high / 10.0, from, to)
    }

    /// The same from the last whole tenth under all the values, where it is linear: for what is read by its ends, and not by its length.
    pub fn beginning_near(self, values: impl IntoIterator<Item = f64>) -> Axis {
        let least = values.into_iter().fold(self.high, f64::min);
        let low = (libm::floor(least * 10.0 + 1e-9) / 10.0).max(0.0);
        if self.log || low >= self.high { self } else { Axis { low, ..self } }
    }

    /// As [`Axis::ticks`], the lower end always named: a scale that does not say where it begins cannot be read.
    pub fn ended_ticks(&self, most: usize) -> Vec<(f64, String)> {
        let mut ticks = self.ticks(most);
        ticks.sort_by(|a, b| a.0.total_cmp(&b.0));
        let first = ticks.first().map_or(self.high, |(x, _)| *x);
        let named = (first - self.low).abs() <= 1e-9 * self.high;
        if !named {
            // The mark next to it makes room.
            let gap = (self.at(self.high) - self.at(self.low)) / (2 * most.max(1) as i32);
            ticks.retain(|(x, _)| (self.at(*x) - self.at(self.low)).abs() > gap.abs());
            ticks.insert(0, (self.low, number::significant(self.low, 2)));
        }
        ticks
    }

    /// The same from the last of 1, 2 and 5 times a power of ten that lies under all the values above 0, where it is logarithmic.
    pub fn close_to(self, values: impl IntoIterator<Item = f64>) -> Axis {
        if !self.log {
            return self;
        }
        let least = values.into_iter().filter(|x| *x > 0.0).fold(self.high, f64::min).max(self.low);
        let below =
            marks(self.low, self.high).into_iter().rfind(|mark| *mark <= least * (1.0 + 1e-9) && *mark < self.high);
        Axis { low: below.unwrap_or(self.low), ..self }
    }

    /// As [`Axis::ticks`], but few decades also have 2 and 5 times their power named.
    pub fn close_ticks(&self, most: usize) -> Vec<(f64, String)> {
        // Marks are powers of ten: a scale from zero has none.
        let fine = if self.log { marks(self.low, self.high) } else { Vec::new() };
        if !self.log || fine.len() > most {
            return self.ticks(most);
        }
        fine.into_iter().map(|x| (x, number::significant(x, 1))).collect()
    }

    /// The same elsewhere.
    pub fn moved(self, from: i32, to: i32) -> Axis {
        Axis { from, to, ..self }
    }

    /// Do equal steps multiply?
    pub fn is_log(&self) -> bool {
        self.log
    }

    /// Its values, lower end first.
    pub fn values(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    /// Its pixels, lower end first.
    pub fn ends(&self) -> (i32, i32) {
        (self.from, self.to)
    }

    /// The pixel of a value; what is beyond an end is at that end.
    pub fn at(&self, x: f64) -> i32 {
        let part = match self.log {
            true if x <= self.low => 0.0,
            true => libm::log(x / self.low) / libm::log(self.high / self.low),
            false => (x - self.low) / (self.high - self.low),
        };
        self.from + libm::round(part.clamp(0.0, 1.0) * f64::from(self.to - self.from)) as i32
    }

    /// At most `most` values worth naming, with their names.
    pub fn ticks(&self, most: usize) -> Vec<(f64, String)> {
        if self.log { self.powers(most) } else { self.steps(most) }
    }

    fn powers(&self, most: usize) -> Vec<(f64, String)> {
        let first = libm::ceil(libm::log10(self.low) - 1e-9) as i32;
        let last = libm::floor(libm::log10(self.high) + 1e-9) as i32;
        let stride = (last - first) as usize / most.max(1) + 1;
        let mut powers: Vec<i32> = (first..=last).rev().step_by(stride).collect();
        // Both ends are named, wherever the strides between them fall.
        match powers.last_mut() {
            Some(lowest) if *lowest != last => *lowest = first,
            Some(lowest) if *lowest != first => powers.push(first),
            _ => {}
        }
        powers.into_iter().map(|power| (libm::pow(10.0, f64::from(power)), decade(power))).collect()
    }

    fn steps(&self, most: usize) -> Vec<(f64, String)> {
        let raw = (self.high - self.low) / most.max(1) as f64;
        let power = libm::pow(10.0, libm::floor(libm::log10(raw)));
        let step =
            [1.0, 2.0, 5.0, 10.0].into_iter().map(|by| by * power).find(|step| *step >= raw * 0.999).unwrap_or(raw);
        let (first, last) = (libm::ceil(self.low / step - 1e-9) as i64, libm::floor(self.high / step + 1e-9) as i64);
        (first..=last).map(|n| n as f64 * step).map(|x| (x, number::significant(x, 4))).collect()
    }
}

/// 1, 2 and 5 times the powers of ten from one value to another.
fn marks(low: f64, high: f64) -> Vec<f64> {
    let decades = libm::floor(libm::log10(low)) as i32..=libm::ceil(libm::log10(high)) as i32;
    let all = decades.flat_map(|power| [1.0, 2.0, 5.0].map(|by| by * libm::pow(10.0, f64::from(power))));
    all.filter(|x| (low * (1.0 - 1e-9)..=high * (1.0 + 1e-9)).contains(x)).collect()
}

/// A power of ten in few characters.
fn decade(power: i32) -> String {
    match power {
        0..=2 => number::count(10_u64.pow(power.unsigned_abs())),
        3..=5 => format!("{}k", 10_u64.pow(power.unsigned_abs() - 3)),
        6..=8 => format!("{}M", 10_u64.pow(power.unsigned_abs() - 6)),
        -3..=-1 => number::significant(libm::pow(10.0, f64::from(power)), 1),
        _ => format!("1e{power}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decades_hold_their_values_and_are_named_once() {
        let axis = Axis::decades([0.003, 0.0, 0.4, 1.0], 100, 400);
        assert_eq!((axis.at(0.001), axis.at(1.0), axis.at(0.0), axis.at(7.0)), (100, 400, 100, 400));
        let named: Vec<String> = axis.ticks(5).into_iter().map(|(_, name)| name).collect();
        assert_eq!(named, ["1", "0.1", "0.01", "0.001"]);
        assert_eq!(Axis::decades([1e-3], 0, 90).ticks(9).len(), 2);
        let counts: Vec<String> = Axis::log(10.0, 1e6, 0, 100).ticks(3).into_iter().map(|(_, name)| name).collect();
        assert_eq!(counts, ["1M", "10k", "10"], "both ends are named");
    }

    #[test]
    fn steps_are_round() {
        let named: Vec<String> = Axis::linear(0.0, 37.0, 0, 100).ticks(4).into_iter().map(|(_, name)| name).collect();
        assert_eq!(named, ["0", "10", "20", "30"]);
        assert_eq!(Axis::linear(2.0, 2.0, 0, 100).at(2.5), 50);
    }

    #[test]
    fn a_close_axis_begins_just_under_its_values() {
        let values = [0.0, 0.0554, 1.0];
        let axis = Axis::chances(values, 0, 100).close_to(values);
        assert_eq!(axis.values(), (0.05, 1.0));
        let named: Vec<String> = axis.close_ticks(6).into_iter().map(|(_, name)| name).collect();
        assert_eq!(named, ["0.05", "0.1", "0.2", "0.5", "1"]);
        assert_eq!(axis.close_ticks(3).len(), 2, "powers only");
        let linear = Axis::chances([0.31, 0.5], 0, 1);
        assert_eq!((linear.values(), linear.beginning_near([0.31, 0.5]).values()), ((0.0, 0.5), (0.3, 0.5)));
        assert_eq!(axis.beginning_near(values), axis, "decades stay");
        assert_eq!(linear.close_to([0.31, 0.5]), linear);
        assert_eq!(linear.close_ticks(4), linear.ticks(4), "a scale from zero has no powers of ten");
        let wide = Axis::chances([2e-9, 1.0], 0, 1).close_to([2e-9, 1.0]);
        assert!(wide.values().0 <= 2e-9 && wide.close_ticks(6).len() <= 6);
    }

    #[test]
    fn no_chance_lies_above_one() {
        for (values, ends) in
            [(&[1.0][..], (0.0, 1.0)), (&[], (0.0, 1.0)), (&[0.3], (0.0, 0.3)), (&[0.31, 0.5], (0.0, 0.5))]
        {
            assert_eq!(Axis::chances(values.iter().copied(), 0, 1).values(), ends, "{values:?}");
        }
    }
}
