//! Several designs on the same threats: aligned rows, and which ways each has.

use std::collections::BTreeMap;

use super::{Comparison, DesignAnswer, PathKey, Row, RowAlignment, ThreatAnswer};

/// Aligns the answers of several designs; the first is the baseline.
pub fn compare(designs: Vec<DesignAnswer>, seed: u64) -> Comparison {
    let rows = rows(&designs);
    let alignment = rows.iter().map(|row| align(&designs, row)).collect();
    Comparison { designs, rows, alignment, baseline: 0, seed, uncertainty: None, growth: None }
}

/// One row per threat group, in the order first met.
fn rows(designs: &[DesignAnswer]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for threat in designs.iter().flat_map(|design| &design.threats) {
        if !rows.iter().any(|row| row.group == threat.group) {
            rows.push(Row { group: threat.group.clone(), title: threat.title.clone(), worst: Vec::new() });
        }
    }
    for row in &mut rows {
        row.worst = designs.iter().map(|design| worst(design, &row.group)).collect();
    }
    rows
}

/// The worst threat of a group: by status, then the smallest k, then the probability; ties: the first.
fn worst(design: &DesignAnswer, group: &str) -> Option<usize> {
    let of_group = design.threats.iter().enumerate().filter(|(_, threat)| threat.group == group);
    of_group.max_by(|(at, a), (other, b)| badness(a, b).then(other.cmp(at))).map(|(at, _)| at)
}

fn badness(a: &ThreatAnswer, b: &ThreatAnswer) -> std::cmp::Ordering {
    let chance = |threat: &ThreatAnswer| threat.chance.map_or(0.0, |chance| chance.plain.value);
    let by_k = b.reach.k.unwrap_or(u32::MAX).cmp(&a.reach.k.unwrap_or(u32::MAX));
    a.reach.status.cmp(&b.reach.status).then(by_k).then(chance(a).total_cmp(&chance(b)))
}

fn align(designs: &[DesignAnswer], row: &Row) -> RowAlignment {
    let mut keys: BTreeMap<PathKey, Vec<u64>> = BTreeMap::new();
    let mut complete = Vec::new();
    for (at, design) in designs.iter().enumerate() {
        let threats = || design.threats.iter().filter(|threat| threat.group == row.group);
        complete.push(threats().all(|threat| threat.path_count.complete));
        for (key, n) in threats().flat_map(|threat| &threat.keys) {
            keys.entry(key.clone()).or_insert_with(|| vec![0; designs.len()])[at] += n;
        }
    }
    RowAlignment { group: row.group.clone(), keys: keys.into_iter().collect(), complete }
}
