//! Plots as SVG: what is reached, who must be trusted, what it costs. Same bytes everywhere: no font is read, every
//! coordinate is a whole number.

mod axis;
mod canvas;
mod chances;
mod costs;
mod curves;
mod front;
mod growth;
mod hardened;
mod importance;
pub(super) mod measure;
mod reach;
pub mod style;
mod sweep;
mod tornado;
mod trust;
mod wins;

use super::document::Plot;
use crate::study::uncertainty::Uncertainty;
use crate::study::{Comparison, DesignAnswer};

pub use canvas::PlotError;
pub use costs::costs;
pub use front::front;
pub use growth::growth;
pub use hardened::hardened;
pub use importance::importance;
pub use reach::reach;
pub use sweep::sweep;
pub use trust::trust;
pub use wins::percent;

/// The plots of a comparison report; one that fails is left out, and the others stand.
pub fn all(comparison: &Comparison) -> (Vec<Plot>, Vec<PlotError>) {
    let first = comparison.rows.first().map(|row| row.group.as_str());
    let mut plots = Vec::new();
    let mut errors = Vec::new();
    let mut drawn = vec![reach(comparison), trust(comparison, first)];
    match comparison.designs.as_slice() {
        [design] => drawn.extend(of_one(design)),
        // Bars compare; of one design every one of them would be as long as the others.
        _ => drawn.push(costs(comparison)),
    }
    if let Some(uncertainty) = &comparison.uncertainty {
        drawn.extend(self::uncertainty(uncertainty));
    }
    drawn.extend(comparison.growth.as_ref().map(growth));
    for plot in drawn {
        match plot {
            Ok(plot) => plots.push(plot),
            Err(error) => errors.push(error),
        }
    }
    (plots, errors)
}

/// The plots of designs under the ranges of their numbers.
pub fn uncertainty(found: &Uncertainty) -> Vec<Result<Plot, PlotError>> {
    let mut drawn = vec![chances::chances(found)];
    drawn.extend(wins::wins(found));
    drawn.extend(tornado::tornado(found));
    drawn
}

/// The plots that only a report on one design has: several would not be told apart.
fn of_one(design: &DesignAnswer) -> Vec<Result<Plot, PlotError>> {
    let rests = design.rests.as_ref().and_then(|rests| importance(&design.design, rests));
    let hardening = design.hardening.as_ref();
    let front = hardening.and_then(|hardening| front(&design.design, hardening));
    let hardened = hardening.and_then(|hardening| hardened(&design.design, hardening));
    rests.into_iter().chain(front).chain(hardened).collect()
}
