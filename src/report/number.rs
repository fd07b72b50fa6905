//! Numbers for people: rounded, never more precise than they are.

use crate::study::Count;
pub use crate::units::{chance, significant, uncertain};

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

/// A probability in two digits, where there is little room; in more where two would make a certainty of it.
///
/// ```
/// use cotenant::report::number::short_chance;
/// assert_eq!([0.678, 0.9968, 0.9999, 1.0].map(short_chance), ["0.68", "0.997", "over 0.999", "1"]);
/// ```
pub fn short_chance(p: f64) -> String {
    let text = significant(p, 2);
    if text == "1" { chance(p) } else { text }
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
