//! Who must be trusted, question by question and design by design, for programs.

use serde::Serialize;

use crate::study::Comparison;
use crate::study::trust::TrustMatrix;

/// The matrix of every question against one baseline.
#[derive(Debug, Serialize)]
pub struct TrustedAnswer<'a> {
    baseline: &'a str,
    questions: Vec<QuestionAnswer<'a>>,
}

#[derive(Debug, Serialize)]
struct QuestionAnswer<'a> {
    /// The name the threats were written under.
    group: &'a str,
    parties: Vec<PartyAnswer<'a>>,
    /// Designs whose search stopped early.
    incomplete: Vec<&'a str>,
}

#[derive(Debug, Serialize)]
struct PartyAnswer<'a> {
    name: String,
    designs: Vec<CellAnswer<'a>>,
}

/// A party in a design of which it is a candidate.
#[derive(Debug, Serialize)]
struct CellAnswer<'a> {
    design: &'a str,
    /// Members of the smallest minimal coalition with it; null: in none.
    size: Option<usize>,
    external: bool,
    new: bool,
    gone: bool,
}

/// Of every question of a comparison.
pub fn trusted(comparison: &Comparison) -> TrustedAnswer<'_> {
    let name = |at: usize| comparison.designs.get(at).map_or("", |design| design.design.as_str());
    let questions = comparison.rows.iter().map(|row| {
        let matrix = TrustMatrix::new(comparison, Some(&row.group));
        let parties = matrix.parties.iter().map(|party| {
            let cells = party.cells.iter().enumerate().filter(|(_, cell)| cell.candidate || cell.gone);
            let designs = cells.map(|(at, cell)| CellAnswer {
                design: name(at),
                size: cell.size,
                external: cell.external,
                new: cell.new,
                gone: cell.gone,
            });
            PartyAnswer { name: party.name.clone(), designs: designs.collect() }
        });
        let incomplete = matrix.incomplete.iter().map(|at| name(*at)).collect();
        QuestionAnswer { group: &row.group, parties: parties.collect(), incomplete }
    });
    TrustedAnswer { baseline: name(comparison.baseline), questions: questions.collect() }
}
