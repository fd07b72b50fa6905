//! What a scalar's text means: plain decimals, durations, ids; and what other YAML readers would make of it.

use crate::units::{DAYS_PER_YEAR, HOURS_PER_DAY};

/// A plain decimal: `35000`, `35_000`, `-2.5`, `1e-3`. No leading zeros, no `0x`, no infinities.
pub fn decimal(text: &str) -> Option<f64> {
    let (sign, body) = match text.strip_prefix('-') {
        Some(body) => (-1.0, body),
        None => (1.0, text),
    };
    let (mantissa, exponent) = match body.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (body, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let grouped = whole.split('_').all(digits);
    let no_leading_zero = whole == "0" || !whole.starts_with('0');
    let exponent_digits = |text: &str| digits(text.strip_prefix(['+', '-']).unwrap_or(text));
    if !grouped || !no_leading_zero || !fraction.is_none_or(digits) || !exponent.is_none_or(exponent_digits) {
        return None;
    }
    let value: f64 = body.replace('_', "").parse().ok()?;
    (value.is_finite() && value.abs() <= 1e300).then_some(if value == 0.0 { 0.0 } else { sign * value })
}

/// How readers differ about a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ambiguity {
    /// YAML 1.1 reads text, 1.2 a number: `1e-3`.
    TextIn11,
    /// YAML 1.2 reads text, 1.1 a number: `35_000`.
    TextIn12,
}

/// Whether YAML 1.1 and 1.2 readers take a plain decimal for different things.
pub fn ambiguity(text: &str) -> Option<Ambiguity> {
    decimal(text)?;
    if text.contains('_') {
        return Some(Ambiguity::TextIn12);
    }
    let (mantissa, exponent) = text.split_once(['e', 'E'])?;
    let signed = exponent.starts_with(['+', '-']);
    (!signed || !mantissa.contains('.')).then_some(Ambiguity::TextIn11)
}

/// What some YAML reader, 1.1 or 1.2, takes this unquoted text for, if not for text.
pub fn reads_as_other(text: &str) -> Option<&'static str> {
    let lower = text.to_ascii_lowercase();
    match lower.as_str() {
        "" | "~" | "null" => return Some("nothing"),
        "y" | "yes" | "n" | "no" | "true" | "false" | "on" | "off" => return Some("a boolean"),
        ".inf" | "-.inf" | "+.inf" | ".nan" => return Some("a number"),
        "=" | "<<" => return Some("an indicator"),
        _ => {}
    }
    if looks_like_number(&lower) {
        return Some("a number");
    }
    if looks_like_date(text) {
        return Some("a date");
    }
    None
}

/// Decimal, octal, hexadecimal, binary and base-60 numbers of either version.
fn looks_like_number(text: &str) -> bool {
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    let all = |text: &str, ok: fn(char) -> bool| !text.is_empty() && text.chars().all(|ch| ok(ch) || ch == '_');
    if let Some(rest) = body.strip_prefix("0x") {
        return all(rest, |ch| ch.is_ascii_hexdigit());
    }
    if let Some(rest) = body.strip_prefix("0o") {
        return all(rest, |ch| ch.is_digit(8));
    }
    if let Some(rest) = body.strip_prefix("0b") {
        return all(rest, |ch| ch.is_digit(2));
    }
    if !body.starts_with(|ch: char| ch.is_ascii_digit() || ch == '.') || !body.contains(|ch: char| ch.is_ascii_digit())
    {
        return false;
    }
    let (mantissa, exponent) = body.split_once('e').map_or((body, None), |(a, b)| (a, Some(b)));
    let sexagesimal = |ch: char| ch.is_ascii_digit() || matches!(ch, '.' | '_' | ':');
    let exponent_ok =
        exponent.is_none_or(|text| all(text.strip_prefix(['+', '-']).unwrap_or(text), |ch| ch.is_ascii_digit()));
    mantissa.chars().all(sexagesimal) && mantissa.matches('.').count() <= 1 && exponent_ok
}

/// `2024-01-31`, with or without a time.
fn looks_like_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let number = |part: Option<&str>, lengths: std::ops::RangeInclusive<usize>| {
        part.is_some_and(|part| lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let (year, month) = (number(parts.next(), 4..=4), number(parts.next(), 1..=2));
    let day = parts.next().map(|rest| rest.split(['T', 't', ' ']).next().unwrap_or(rest));
    year && month && number(day, 1..=2)
}

/// A duration in hours: a plain decimal and one of `min h d w mo y`.
pub fn duration_hours(text: &str) -> Option<f64> {
    let at = text.find(|ch: char| ch.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at(at);
    let hours = match unit {
        "min" => 1.0 / 60.0,
        "h" => 1.0,
        "d" => HOURS_PER_DAY,
        "w" => 7.0 * HOURS_PER_DAY,
        "mo" => DAYS_PER_YEAR * HOURS_PER_DAY / 12.0,
        "y" => DAYS_PER_YEAR * HOURS_PER_DAY,
        _ => return None,
    };
    // Division keeps 30min exact; multiplying by 1/60 would not.
    let number = decimal(number)?;
    Some(if unit == "min" { number / 60.0 } else { number * hours })
}

/// Kebab-case: small letters, digits and single dashes, starting with a letter.
pub fn is_id(text: &str) -> bool {
    text.starts_with(|ch: char| ch.is_ascii_lowercase())
        && text
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals() {
        assert_eq!(decimal("35_000"), Some(35_000.0));
        assert_eq!(decimal("1e-3"), Some(1e-3));
        assert_eq!(decimal("-2.5"), Some(-2.5));
        for wrong in ["010", "0x1F", "0o17", "1_", ".5", "5.", "+5", "1e", "", "nan", "inf", ".inf", "1e999", "1 2"] {
            assert_eq!(decimal(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_other_readers_see() {
        for trap in [
            "yes",
            "No",
            "on",
            "OFF",
            "y",
            "~",
            "null",
            "",
            "012",
            "0x1F",
            "0o17",
            "0b11",
            "1_000",
            "12:30",
            "190:20:30",
            ".inf",
            "2024-01-31",
            "1e3",
            "3.14",
        ] {
            assert!(reads_as_other(trap).is_some(), "{trap}");
        }
        for text in
            ["none", "publish", "1password", "2fa", "v1.2.3", "a: b", "1.2.3", "non", "2024-01-31-release", "e5"]
        {
            assert_eq!(reads_as_other(text), None, "{text}");
        }
        assert_eq!(ambiguity("1e-3"), Some(Ambiguity::TextIn11));
        assert_eq!(ambiguity("1.0e-3"), None);
        assert_eq!(ambiguity("35_000"), Some(Ambiguity::TextIn12));
        assert_eq!(ambiguity("0.001"), None);
    }

    #[test]
    fn durations() {
        assert_eq!(duration_hours("30min"), Some(0.5));
        assert_eq!(duration_hours("40h"), Some(40.0));
        assert_eq!(duration_hours("1y"), Some(8760.0));
        assert_eq!(duration_hours("3mo"), Some(2190.0));
        assert_eq!(duration_hours("5"), None);
        assert_eq!(duration_hours("5 d"), None);
        assert_eq!(duration_hours("5days"), None);
    }

    #[test]
    fn ids() {
        assert!(is_id("index-admin2"));
        for wrong in ["", "-a", "a-", "a--b", "A", "2fa", "a_b", "a.b", "é"] {
            assert!(!is_id(wrong), "{wrong}");
        }
    }
}
