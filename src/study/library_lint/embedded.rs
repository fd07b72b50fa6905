//! What the models that are built in tell about the library.

use std::sync::Arc;

use rayon::prelude::*;

use super::Use;
use crate::diagnostic::Diagnostic;
use crate::graph::ground;
use crate::model::{self, Edits};
use crate::scenarios;
use crate::source::Source;
use crate::study::lint;

/// Every design, every incident model and every system, in this order.
///
/// # Errors
/// What is wrong with one of them, read with the library in use.
pub fn embedded() -> Result<Vec<Use>, Vec<Diagnostic>> {
    let designs = scenarios::ids().into_iter().filter_map(|id| scenarios::find(&id));
    let all: Vec<Arc<Source>> = designs.chain(scenarios::incidents()).chain(scenarios::systems()).collect();
    // The order of the results is the order of the models, whatever the threads do.
    all.par_iter().map(use_of).collect()
}

fn use_of(source: &Arc<Source>) -> Result<Use, Vec<Diagnostic>> {
    let (model, _) = model::load_source(source, &scenarios::resolve, &Edits::default())?;
    let compiled = ground::compile(&model).map_err(|faults| lint::faults(&faults))?;
    let used = Use::of(&model, &compiled);
    let system = scenarios::systems().iter().any(|system| system.name == source.name);
    Ok(if system { Use { index: model.title.clone(), ..used } } else { used })
}
