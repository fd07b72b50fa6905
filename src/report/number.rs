//! Numbers for people: rounded, never more precise than they are.

use crate::study::Count;

/// A count with its thousands told apart.
///
/// ```
/// assert_eq!(cotenant::report::number::count(34_999), "34,999");
/// ```
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A count, or the bound where counting stopped: `>= 4,770`.
pub fn bound(n: Count) -> String {
    at_least(&count(n.n), n.complete)
}

/// Marks what is only a lower bound.
pub fn at_least(text: &str, complete: bool) -> String {
    if complete { text.to_owned() } else { format!(">= {text}") }
}

/// `digits` significant digits (at most 6), without trailing zeros; powers of ten only below 1e-4 and from 1e10.
///
/// ```
/// use cotenant::report::number::significant;
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

/// A probability, three digits; what is not certain never reads as certain.
pub fn chance(p: f64) -> String {
    let text = significant(p, 3);
    if text == "1" && p < 1.0 { String::from("over 0.999") } else { text }
}

/// A duration in hours.
pub fn hours(h: f64) -> String {
    if h > 0.0 && h < 1.0 { format!("{} min", significant(h * 60.0, 2)) } else { format!("{} h", significant(h, 3)) }
}

/// A horizon in days.
pub fn horizon(days: f64) -> String {
    match days / crate::units::DAYS_PER_YEAR {
        1.0 => String::from("1 year"),
        years if years > 1.0 && years.fract() == 0.0 => format!("{} years", significant(years, 6)),
        _ if days == 1.0 => String::from("1 day"),
        _ => format!("{} days", significant(days, 6)),
    }
}

/// `1 failure`, `2 failures`.
pub fn plural(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}
