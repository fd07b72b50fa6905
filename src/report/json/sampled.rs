//! What `simulate --trials` answers, for programs; and read back, so that shards can be merged.

use serde::Serialize;

use crate::analysis::simulate::record::Record;

/// Shares of all worlds for which the time is told.
pub const QUANTILES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// One threat.
#[derive(Debug, Serialize)]
pub struct SampledAnswer<'a> {
    threat: &'a str,
    expression: &'static str,
    probability: Option<f64>,
    method: Option<&'static str>,
    interval: Option<[f64; 2]>,
    trials: u64,
    quantiles: Vec<QuantileAnswer>,
    /// Estimates with the low, and with the high end of every range.
    ranges: Option<[f64; 2]>,
    /// The same attacker in the same worlds, never noticed; null where that, or no time at all, was asked.
    without_detection: Option<UnnoticedAnswer>,
    /// Everything that merging needs.
    run: Option<&'a Record>,
}

#[derive(Debug, Serialize)]
struct UnnoticedAnswer {
    probability: f64,
    interval: [f64; 2],
    quantiles: Vec<QuantileAnswer>,
    ranges: Option<[f64; 2]>,
}

#[derive(Debug, Serialize)]
struct QuantileAnswer {
    q: f64,
    /// Null: beyond the horizon.
    hours: Option<f64>,
    interval: [Option<f64>; 2],
}

impl<'a> SampledAnswer<'a> {
    /// Of one record.
    pub fn new(record: &'a Record) -> Self {
        let counted = record.counted();
        let unnoticed = record.unnoticed().map(|record| UnnoticedAnswer {
            probability: record.counted().estimate(),
            interval: record.counted().interval(),
            quantiles: quantiles(&record),
            ranges: record.ends.map(|ends| ends.estimates()),
        });
        SampledAnswer {
            threat: &record.threat,
            expression: if record.attacker.is_some() { "reached" } else { "exposed" },
            probability: Some(counted.estimate()),
            method: Some("sampled"),
            interval: Some(counted.interval()),
            trials: counted.trials,
            quantiles: quantiles(record),
            without_detection: unnoticed,
            ranges: record.ends.map(|ends| ends.estimates()),
            run: Some(record),
        }
    }

    /// Of a threat that is not applicable.
    pub fn not_applicable(threat: &'a str, timed: bool) -> Self {
        SampledAnswer {
            threat,
            expression: if timed { "reached" } else { "exposed" },
            probability: None,
            method: None,
            interval: None,
            trials: 0,
            quantiles: Vec::new(),
            ranges: None,
            without_detection: None,
            run: None,
        }
    }
}

/// None where time was not asked for.
fn quantiles(record: &Record) -> Vec<QuantileAnswer> {
    let Some(times) = record.times() else { return Vec::new() };
    let quantile = |q: f64| {
        let found = times.quantile(q);
        QuantileAnswer { q, hours: found.at, interval: found.interval }
    };
    QUANTILES.into_iter().map(quantile).collect()
}
