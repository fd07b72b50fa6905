//! Numbers for people.

use cotenant::report::number::{at_least, chance, count, horizon, hours, significant};

#[test]
fn counts_are_grouped_and_bounds_marked() {
    assert_eq!([0, 999, 1_000, 34_998, 1_234_567].map(count), ["0", "999", "1,000", "34,998", "1,234,567"]);
    assert_eq!(at_least("7", false), ">= 7");
    assert_eq!(at_least("7", true), "7");
}

#[test]
fn numbers_are_rounded_without_false_digits() {
    let cases =
        [(0.0, "0"), (0.030_333_333, "0.0303"), (0.0999, "0.0999"), (0.09999, "0.1"), (123.456, "123"), (1e-9, "1e-9")];
    for (x, text) in cases {
        assert_eq!(significant(x, 3), text, "{x}");
    }
    assert_eq!(significant(1234.5678, 6), "1234.57");
    assert_eq!(significant(1.0 / 3.0, 60), "0.333333", "never more than six");
    assert_eq!(significant(f64::INFINITY, 3), "unbounded");
}

#[test]
fn what_is_not_certain_does_not_read_as_certain() {
    assert_eq!(chance(1.0), "1");
    assert_eq!(chance(0.999_99), "over 0.999");
    assert_eq!(chance(0.0), "0");
}

#[test]
fn durations_have_a_unit() {
    assert_eq!([hours(40.0), hours(0.5), hours(0.0)], ["40 h", "30 min", "0 h"]);
    assert_eq!(
        [horizon(365.0), horizon(730.0), horizon(90.0), horizon(1.0)],
        ["1 year", "2 years", "90 days", "1 day"]
    );
}
