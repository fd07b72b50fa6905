//! Plots as SVG: what is reached, who must be trusted, what it costs. Same bytes everywhere: no font is read, every
//! coordinate is a whole number.

mod canvas;
mod costs;
mod front;
pub(super) mod measure;
mod reach;
pub mod style;
mod trust;

use super::document::Plot;
use crate::study::Comparison;

pub use canvas::PlotError;
pub use costs::costs;
pub use front::front;
pub use reach::reach;
pub use trust::trust;

/// The plots of a comparison report; one that fails is left out, and the others stand.
pub fn all(comparison: &Comparison) -> (Vec<Plot>, Vec<PlotError>) {
    let first = comparison.rows.first().map(|row| row.group.as_str());
    let mut plots = Vec::new();
    let mut errors = Vec::new();
    for plot in [reach(comparison), trust(comparison, first), costs(comparison)] {
        match plot {
            Ok(plot) => plots.push(plot),
            Err(error) => errors.push(error),
        }
    }
    (plots, errors)
}
