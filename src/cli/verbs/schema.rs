//! `schema`: the JSON Schema of model files.

use crate::cli::args::Schema;
use crate::cli::load::{self, Loaded};
use crate::cli::{Failure, Outcome, output};
use crate::{library, model};

/// Runs it.
pub fn run(args: &Schema) -> Result<Outcome, Failure> {
    let schema = match &args.model {
        None => {
            let library = library::load(&library::embedded(), None).map_err(|found| load::told(&found))?;
            model::schema(&library)
        }
        Some(name) => match load::load_any(name, &crate::cli::args::EditArgs::default())? {
            Loaded::Model(loaded) => model::schema(&loaded.model.library),
            Loaded::Graph { .. } => {
                return Err(Failure::Usage("error: a capability graph has no library of its own".into()));
            }
        },
    };
    let text = serde_json::to_string_pretty(&schema).map_err(|error| Failure::Io(format!("error: {error}")))?;
    output::result(&text)?;
    Ok(Outcome::Answered)
}
