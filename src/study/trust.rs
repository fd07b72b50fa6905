//! Who must be trusted, design by design: each party with the smallest coalition that needs it, and who is new against a baseline.

use std::collections::BTreeMap;

use super::{Comparison, DesignAnswer, ThreatAnswer};
use crate::analysis::Status;

/// Shown for the coalition of nobody in particular.
pub const ANYONE: &str = "anyone on the internet";

/// One party in one design.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cell {
    /// It was considered there; else it is not in the design, or no candidate.
    pub candidate: bool,
    /// Members of the smallest minimal coalition with it; 0 for anyone, `None` if it is in none.
    pub size: Option<usize>,
    /// Nobody in the model operates it.
    pub external: bool,
    /// It must be trusted here, and need not be in the baseline.
    pub new: bool,
    /// It must be trusted in the baseline, and need not be here.
    pub gone: bool,
}

/// A party with its cell in each design.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Its name, with its role.
    pub name: String,
    /// One per design.
    pub cells: Vec<Cell>,
}

/// Parties by designs, for one question or over all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustMatrix {
    /// The design the others are compared with.
    pub baseline: usize,
    /// Parties that some design must trust: those that are enough alone in most designs first, then by name.
    pub parties: Vec<Party>,
    /// Candidates in no minimal coalition of any design.
    pub silent: usize,
    /// Designs whose search for coalitions stopped early: positions.
    pub incomplete: Vec<usize>,
    /// Designs that answer the question.
    pub asked: Vec<bool>,
}

impl TrustMatrix {
    /// For one question (its group), or over all questions: then the smallest coalition over them counts.
    pub fn new(comparison: &Comparison, group: Option<&str>) -> TrustMatrix {
        let n = comparison.designs.len();
        let baseline = comparison.baseline.min(n.saturating_sub(1));
        let mut marks: BTreeMap<String, Vec<Cell>> = BTreeMap::new();
        let mut matrix =
            TrustMatrix { baseline, parties: Vec::new(), silent: 0, incomplete: Vec::new(), asked: vec![false; n] };
        for (at, design) in comparison.designs.iter().enumerate() {
            for answer in answers(comparison, at, design, group) {
                matrix.asked[at] = true;
                if !answer.coalitions.complete && !matrix.incomplete.contains(&at) {
                    matrix.incomplete.push(at);
                }
                for (party, cell) in cells(design, answer) {
                    let row = marks.entry(party).or_insert_with(|| vec![Cell::default(); n]);
                    row[at] = smaller(row[at], cell);
                }
            }
        }
        let all = marks.len();
        let needed = marks.into_iter().filter(|(_, cells)| cells.iter().any(|cell| cell.size.is_some()));
        matrix.parties = needed.map(|(name, cells)| matrix.against_baseline(name, cells)).collect();
        matrix.silent = all - matrix.parties.len();
        let within = |party: &Party, most: usize| {
            std::cmp::Reverse(party.cells.iter().filter(|cell| cell.size.is_some_and(|size| size <= most)).count())
        };
        matrix.parties.sort_by_key(|party| (within(party, 0), within(party, 1), within(party, 2)));
        matrix
    }

    fn against_baseline(&self, name: String, mut cells: Vec<Cell>) -> Party {
        let before = cells.get(self.baseline).is_some_and(|cell| cell.size.is_some());
        let asked = self.asked.get(self.baseline).copied().unwrap_or_default();
        for (at, cell) in cells.iter_mut().enumerate().filter(|(at, _)| asked && *at != self.baseline) {
            cell.new = cell.size.is_some() && !before;
            cell.gone = cell.size.is_none() && before && self.asked[at];
        }
        Party { name, cells }
    }

    /// Parties that are new on the list of a design.
    pub fn new_in(&self, design: usize) -> Vec<&str> {
        self.named(design, |cell| cell.new)
    }

    /// Parties that the baseline must trust and a design need not.
    pub fn gone_in(&self, design: usize) -> Vec<&str> {
        self.named(design, |cell| cell.gone)
    }

    /// The designs beside the baseline: those that answer the question, and those that do not.
    pub fn others(&self) -> (Vec<usize>, Vec<usize>) {
        let others = (0..self.asked.len()).filter(|at| *at != self.baseline);
        others.partition(|at| self.asked[*at])
    }

    fn named(&self, design: usize, holds: impl Fn(&Cell) -> bool) -> Vec<&str> {
        let named = self.parties.iter().filter(|party| party.cells.get(design).is_some_and(&holds));
        named.map(|party| party.name.as_str()).collect()
    }
}

/// The answers of one design that count.
fn answers<'a>(
    comparison: &'a Comparison,
    at: usize,
    design: &'a DesignAnswer,
    group: Option<&str>,
) -> Vec<&'a ThreatAnswer> {
    let rows = comparison.rows.iter().filter(|row| group.is_none_or(|group| row.group == group));
    let worst = rows.filter_map(|row| row.worst.get(at).copied().flatten());
    let asked = worst.filter_map(|threat| design.threats.get(threat));
    asked.filter(|answer| answer.reach.status != Status::NotApplicable).collect()
}

fn cells(design: &DesignAnswer, answer: &ThreatAnswer) -> Vec<(String, Cell)> {
    let coalitions = &answer.coalitions;
    let mut cells = Vec::new();
    for id in &coalitions.candidates {
        let Some(principal) = design.graph.principals.get(id.0 as usize) else { continue };
        let size = coalitions.coalitions.iter().filter(|set| set.contains(id)).map(Vec::len).min();
        let cell = Cell { candidate: true, size, external: principal.external, ..Cell::default() };
        cells.push((principal.name.clone(), cell));
    }
    if coalitions.coalitions.iter().any(Vec::is_empty) {
        cells.push((ANYONE.to_owned(), Cell { candidate: true, size: Some(0), ..Cell::default() }));
    }
    cells
}

/// Of two answers about one party the one with the smaller coalition.
fn smaller(a: Cell, b: Cell) -> Cell {
    match (a.size, b.size) {
        (Some(x), Some(y)) if x <= y => a,
        (Some(_), None) => a,
        _ if !b.candidate => a,
        _ => b,
    }
}
