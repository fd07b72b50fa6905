//! Plots as SVG: what is reached, who must be trusted, what it costs. Same bytes everywhere: no font is read, every
//! coordinate is a whole number.

mod canvas;
mod costs;
mod front;
mod importance;
pub(super) mod measure;
mod reach;
pub mod style;
mod trust;

use super::document::Plot;
use crate::study::{Comparison, DesignAnswer};

pub use canvas::PlotError;
pub use costs::costs;
pub use front::front;
pub use importance::importance;
pub use reach::reach;
pub use trust::trust;

/// The plots of a comparison report; one that fails is left out, and the others stand.
pub fn all(comparison: &Comparison) -> (Vec<Plot>, Vec<PlotError>) {
    let first = comparison.rows.first().map(|row| row.group.as_str());
    let mut plots = Vec::new();
    let mut errors = Vec::new();
    let single = if let [design] = comparison.designs.as_slice() { of_one(design) } else { Vec::new() };
    for plot in [reach(comparison), trust(comparison, first), costs(comparison)].into_iter().chain(single) {
        match plot {
            Ok(plot) => plots.push(plot),
            Err(error) => errors.push(error),
        }
    }
    (plots, errors)
}

/// The plots that only a report on one design has: several would not be told apart.
fn of_one(design: &DesignAnswer) -> Vec<Result<Plot, PlotError>> {
    let rests = design.rests.as_ref().and_then(|rests| importance(&design.design, rests));
    let hardening = design.hardening.as_ref().and_then(|hardening| front(&design.design, hardening));
    rests.into_iter().chain(hardening).collect()
}
