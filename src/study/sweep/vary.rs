//! What is varied: a path and the values it takes.

use std::fmt;

/// Points of a logarithmic range, for each decade it spans.
const PER_DECADE: f64 = 3.0;
/// Points of a linear range.
const LINEAR: usize = 11;
/// Points of one range at most.
const MOST: usize = 1_000;

/// How the values of a path lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Numbers, evenly spaced.
    Linear,
    /// Numbers, evenly spaced in their logarithm.
    Log,
    /// Anything, in the order given.
    Listed,
}

/// A path and the values it takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Vary {
    /// The path, as `--set` takes it.
    pub path: String,
    /// Values as they are written into the model.
    pub values: Vec<String>,
    /// How they lie.
    pub scale: Scale,
}

/// Why a variation cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotVaried(String);

impl fmt::Display for NotVaried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotVaried {}

impl Vary {
    /// From `PATH=LOW..HIGH`, with `:log`, `:linear` and `:n=13` after it, or `PATH=a,b,c`.
    ///
    /// A range over two decades or more is logarithmic unless it says otherwise; where both ends are whole numbers, all values are.
    ///
    /// # Errors
    /// What is missing or makes no sense.
    ///
    /// ```
    /// use cotenant::study::sweep::vary::Vary;
    /// assert_eq!(Vary::parse("publisher.count=10..1_000:log").unwrap().values, ["10", "22", "46", "100", "215", "464", "1000"]);
    /// assert_eq!(Vary::parse("tenant.isolation=container,vm").unwrap().values, ["container", "vm"]);
    /// ```
    pub fn parse(text: &str) -> Result<Vary, NotVaried> {
        let missing = || NotVaried(String::from("write PATH=LOW..HIGH or PATH=a,b,c"));
        let (path, values) = text.split_once('=').ok_or_else(missing)?;
        let (path, values) = (path.trim(), values.trim());
        if path.is_empty() || values.is_empty() {
            return Err(missing());
        }
        match values.split_once("..") {
            Some((low, rest)) => range(path, low.trim(), rest.trim()),
            None => listed(path, values),
        }
    }

    /// The values as numbers, if all are.
    pub fn numbers(&self) -> Option<Vec<f64>> {
        self.values.iter().map(|value| number(value)).collect()
    }
}

fn listed(path: &str, values: &str) -> Result<Vary, NotVaried> {
    let values: Vec<String> = values.split(',').map(|value| value.trim().to_owned()).collect();
    if values.iter().any(String::is_empty) {
        return Err(NotVaried(String::from("a value of the list is empty")));
    }
    Ok(Vary { path: path.to_owned(), values, scale: Scale::Listed })
}

fn number(text: &str) -> Option<f64> {
    let plain = text.replace('_', "");
    let fits = plain.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte));
    plain.parse().ok().filter(|x: &f64| fits && x.is_finite())
}

fn range(path: &str, low: &str, rest: &str) -> Result<Vary, NotVaried> {
    let mut parts = rest.split(':').map(str::trim);
    let high = parts.next().unwrap_or_default();
    let end = |text: &str| {
        number(text).ok_or_else(|| NotVaried(format!("`{text}` is no number, and a range runs between numbers")))
    };
    let (from, to) = (end(low)?, end(high)?);
    if from >= to {
        return Err(NotVaried(format!("{low} is not less than {high}")));
    }
    let (mut scale, mut count) = (if from > 0.0 && to / from >= 100.0 { Scale::Log } else { Scale::Linear }, None);
    for part in parts {
        match (part, part.strip_prefix("n=").and_then(|n| n.parse().ok())) {
            ("log", _) => scale = Scale::Log,
            ("linear", _) => scale = Scale::Linear,
            (_, Some(n @ 2..=MOST)) => count = Some(n),
            _ => return Err(NotVaried(format!("`:{part}` is none of `:log`, `:linear`, `:n=2` to `:n={MOST}`"))),
        }
    }
    if scale == Scale::Log && from <= 0.0 {
        return Err(NotVaried(String::from("a logarithmic range begins above 0")));
    }
    let decades = libm::log10(to / from);
    let n = count.unwrap_or(if scale == Scale::Log {
        (libm::round(decades * PER_DECADE) as usize).clamp(2, MOST - 1) + 1
    } else {
        LINEAR
    });
    let at = |part: f64| match scale {
        Scale::Log => from * libm::pow(10.0, decades * part),
        _ => from + (to - from) * part,
    };
    let whole = from.fract() == 0.0 && to.fract() == 0.0 && !low.contains('.') && !high.contains('.');
    let mut values: Vec<String> = (0..n)
        .map(|step| if step + 1 == n { to } else { at(step as f64 / (n - 1) as f64) })
        .map(|x| if whole { format!("{:.0}", libm::round(x)) } else { rounded(x) })
        .collect();
    values.dedup();
    Ok(Vary { path: path.to_owned(), values, scale })
}

/// Six significant digits: what is varied is chosen by us, and shall read well.
fn rounded(x: f64) -> String {
    let short: f64 = format!("{x:.5e}").parse().unwrap_or(x);
    format!("{short}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<String> {
        Vary::parse(text).unwrap().values
    }

    #[test]
    fn ranges_end_where_they_say() {
        assert_eq!(values("a.b=0..1:n=3"), ["0", "1"], "whole ends, whole values");
        assert_eq!(values("a.b=0.0..1:n=3"), ["0", "0.5", "1"]);
        assert_eq!(values("a.b=1..9:n=5"), ["1", "3", "5", "7", "9"]);
        assert_eq!(values("a.b=0.001..0.1:log:n=3"), ["0.001", "0.01", "0.1"]);
        let many = Vary::parse("publisher.count=10..1_000_000").unwrap();
        assert_eq!((many.scale, many.values.len()), (Scale::Log, 16));
        assert_eq!(many.values.last().map(String::as_str), Some("1000000"));
        assert_eq!(many.numbers().unwrap()[0], 10.0);
        assert_eq!(values("a.b=10..1000:linear").len(), 11);
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_a_reason() {
        for (text, says) in [
            ("a.b", "write PATH"),
            ("a.b=", "write PATH"),
            ("=1..2", "write PATH"),
            ("a.b=5..1", "not less"),
            ("a.b=x..3", "no number"),
            ("a.b=0..3:log", "above 0"),
            ("a.b=1..3:n=1", "none of"),
            ("a.b=1..3:cubic", "none of"),
            ("a.b=x,,y", "empty"),
            ("a.b=inf..nan", "no number"),
        ] {
            let why = Vary::parse(text).unwrap_err().to_string();
            assert!(why.contains(says), "{text}: {why}");
        }
    }
}
