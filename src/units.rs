//! Numbers with a meaning: ranges, ways to fail, effort laws, grades. Formulas: `docs/semantics.md`.

use serde::{Deserialize, Serialize};

/// Hours in a day; a year is 365 days.
pub const HOURS_PER_DAY: f64 = 24.0;
/// Days in a year.
pub const DAYS_PER_YEAR: f64 = 365.0;

/// A number or a range of it (PERT).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// A known value.
    Point(f64),
    /// low, mode, high with low <= mode <= high.
    Range([f64; 3]),
}

impl Number {
    /// The one value that stands where one is needed: the PERT mean (low + 4 mode + high) / 6.
    pub fn nominal(self) -> f64 {
        match self {
            Number::Point(x) => x,
            Number::Range([low, mode, high]) => (low + 4.0 * mode + high) / 6.0,
        }
    }

    /// The range as written, if there is one.
    pub fn range(self) -> Option<[f64; 3]> {
        match self {
            Number::Point(_) => None,
            Number::Range(range) => Some(range),
        }
    }
}

/// How an assumption's number depends on the horizon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FailureKind {
    /// It is so with this probability, whatever the horizon.
    State,
    /// Probability per year; over h years 1-(1-p)^h.
    Rate,
    /// Expected events per year, any r >= 0; over h years 1-exp(-r h).
    Events,
}

/// How an assumption fails: the number as written, and its kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Failure {
    /// What the number means.
    pub kind: FailureKind,
    /// The number as written.
    pub number: Number,
}

impl Failure {
    /// The probability that it has failed within `days`: first the nominal, then the horizon.
    pub fn probability(self, days: f64) -> f64 {
        let (nominal, years) = (self.number.nominal(), days / DAYS_PER_YEAR);
        match self.kind {
            FailureKind::State => nominal,
            // At exactly one year the power is the identity; libm would lose digits there.
            FailureKind::Rate if years == 1.0 => nominal,
            FailureKind::Rate => 1.0 - libm::pow(1.0 - nominal, years),
            FailureKind::Events => -libm::expm1(-nominal * years),
        }
    }

    /// The constant this is (0 or 1), if it is one. A range never is.
    pub fn constant(self) -> Option<bool> {
        match (self.kind, self.number) {
            (FailureKind::State | FailureKind::Rate, Number::Point(1.0)) => Some(true),
            (_, Number::Point(0.0)) => Some(false),
            _ => None,
        }
    }
}

/// Where a number comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Read in a source.
    Sourced(String),
    /// Worked out from sources.
    Derived(String),
    /// A guess, with its reason.
    Guess(String),
    /// Nothing was said.
    Missing,
}

/// How long a step takes once it can start. Hours.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "law", rename_all = "lowercase")]
pub enum Effort {
    /// Always the same.
    Constant {
        /// Hours.
        hours: f64,
    },
    /// Log-normal by median and 90 % quantile.
    Lognormal {
        /// Median, hours.
        median_h: f64,
        /// 90 % quantile, hours.
        p90_h: f64,
    },
    /// Exponential.
    Exponential {
        /// Mean, hours.
        mean_h: f64,
    },
    /// PERT.
    Pert {
        /// Least.
        low_h: f64,
        /// Most likely.
        mode_h: f64,
        /// Most.
        high_h: f64,
    },
}

impl Effort {
    /// The median in whole seconds that path costs add up: constant itself, log-normal median, exponential mean*ln 2, PERT mean.
    pub fn seconds(self) -> u64 {
        let hours = match self {
            Effort::Constant { hours } => hours,
            Effort::Lognormal { median_h, .. } => median_h,
            Effort::Exponential { mean_h } => mean_h * core::f64::consts::LN_2,
            Effort::Pert { low_h, mode_h, high_h } => (low_h + 4.0 * mode_h + high_h) / 6.0,
        };
        libm::round(hours * 3600.0) as u64
    }
}

/// Hours of a written duration: `30min`, `40h`, `5d`, `2w`, `3mo`, `1y` (a year is 365 days, a month a twelfth of it).
pub fn parse_duration(text: &str) -> Option<f64> {
    let split = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at(split);
    let hours = match unit {
        "min" => 1.0 / 60.0,
        "h" => 1.0,
        "d" => HOURS_PER_DAY,
        "w" => 7.0 * HOURS_PER_DAY,
        "mo" => DAYS_PER_YEAR / 12.0 * HOURS_PER_DAY,
        "y" => DAYS_PER_YEAR * HOURS_PER_DAY,
        _ => return None,
    };
    let plain = number.chars().all(|c| c.is_ascii_digit() || c == '.' || c == '_');
    let value: f64 = number.replace('_', "").parse().ok().filter(|_| plain)?;
    (value.is_finite() && value >= 0.0).then_some(value * hours)
}

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// From `2027-01-31`: four, two and two digits, a day that exists, from 1970 on.
    ///
    /// ```
    /// use cotenant::units::Date;
    /// assert!(Date::parse("2028-02-29").is_some());
    /// assert!(Date::parse("2027-02-29").is_none() && Date::parse("2027-1-31").is_none());
    /// ```
    pub fn parse(text: &str) -> Option<Date> {
        let bytes = text.as_bytes();
        let shape = bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
        if bytes.len() != 10 || !shape {
            return None;
        }
        let (year, month, day) = (text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?);
        let exists = year >= 1970 && (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
        exists.then_some(Date { year, month, day })
    }

    /// The day that begins so many days after 1970-01-01; at most the end of the year 9999.
    ///
    /// ```
    /// use cotenant::units::Date;
    /// assert_eq!(Date::from_days(20_454).to_string(), "2026-01-01");
    /// ```
    pub fn from_days(days: u64) -> Date {
        let (mut year, mut left) = (1970, days);
        let days_of = |year: u16| (1..=12).map(|month| u64::from(days_in(year, month))).sum::<u64>();
        while year < 9999 && left >= days_of(year) {
            left -= days_of(year);
            year += 1;
        }
        let mut month = 1;
        while month < 12 && left >= u64::from(days_in(year, month)) {
            left -= u64::from(days_in(year, month));
            month += 1;
        }
        Date { year, month, day: left.min(30) as u8 + 1 }
    }

    /// So many days later.
    pub fn plus(self, days: u64) -> Date {
        let years = (1970..self.year).flat_map(|year| (1..=12).map(move |month| (year, month)));
        let months = years.chain((1..self.month).map(|month| (self.year, month)));
        let before: u64 = months.map(|(year, month)| u64::from(days_in(year, month))).sum();
        Date::from_days(before + u64::from(self.day) - 1 + days)
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// Days of a month of the Gregorian calendar.
fn days_in(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// `digits` significant digits (at most 6), without trailing zeros; powers of ten only below 1e-4 and from 1e10.
///
/// ```
/// use cotenant::units::significant;
/// assert_eq!(significant(0.030_333, 3), "0.0303");
/// assert_eq!(significant(1.0e-8, 3), "1e-8");
/// ```
pub fn significant(x: f64, digits: usize) -> String {
    if !x.is_finite() {
        return String::from("unbounded");
    }
    let digits = digits.clamp(1, 6);
    let rounded = format!("{:.*e}", digits - 1, x);
    let (mantissa, exponent) = rounded.split_once('e').unwrap_or((&rounded, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if x != 0.0 && !(-4..=9).contains(&exponent) {
        return format!("{}e{exponent}", trim(mantissa));
    }
    let decimals = (digits as i32 - 1 - exponent).max(0) as usize;
    let rounded: f64 = rounded.parse().unwrap_or(x);
    trim(&format!("{rounded:.decimals$}"))
}

/// Without trailing zeros after the point.
fn trim(text: &str) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() }
}

/// A probability, three digits; what is not certain never reads as certain, and a certainty does by however much its sum was rounded.
///
/// ```
/// use cotenant::units::chance;
/// assert_eq!([chance(0.999_9), chance(1.0 - 1e-15), chance(0.4)], ["over 0.999", "1", "0.4"]);
/// ```
pub fn chance(p: f64) -> String {
    let text = significant(p, 3);
    if text == "1" && p < 1.0 - ROUNDING { String::from("over 0.999") } else { text }
}

/// As [`chance`], of what rests on some failure: however close its probability comes to 1, it is not certain.
///
/// ```
/// use cotenant::units::uncertain;
/// assert_eq!([uncertain(1.0), uncertain(0.9996), uncertain(0.4)], ["over 0.999", "over 0.999", "0.4"]);
/// ```
pub fn uncertain(p: f64) -> String {
    let text = significant(p, 3);
    if text == "1" { String::from("over 0.999") } else { text }
}

/// Exact probabilities are sums of many terms: right to this.
const ROUNDING: f64 = 1e-12;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_follow_each_other_and_read_back() {
        let first = Date::from_days(0);
        assert_eq!(first.to_string(), "1970-01-01");
        for days in 0..60_000 {
            let date = Date::from_days(days);
            assert_eq!(Date::parse(&date.to_string()), Some(date));
            assert_eq!(first.plus(days), date);
            assert!(date < date.plus(1) && date.plus(1) == Date::from_days(days + 1));
        }
        assert_eq!(Date::from_days(u64::MAX).to_string(), "9999-12-31");
    }
}
