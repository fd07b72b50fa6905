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
    /// Everything that merging needs.
    run: Option<&'a Record>,
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
        let quantile = |q: f64| {
            let found = record.times().map(|times| times.quantile(q))?;
            Some(QuantileAnswer { q, hours: found.at, interval: found.interval })
        };
        SampledAnswer {
            threat: &record.threat,
            expression: if record.attacker.is_some() { "reached" } else { "exposed" },
            probability: Some(counted.estimate()),
            method: Some("sampled"),
            interval: Some(counted.interval()),
            trials: counted.trials,
            quantiles: QUANTILES.into_iter().filter_map(quantile).collect(),
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
            run: None,
        }
    }
}
