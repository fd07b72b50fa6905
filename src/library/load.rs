//! Text to library, and the library that is built in.

use std::sync::Arc;

use include_dir::{Dir, include_dir};

use super::{Library, assumptions, collect, kinds, steps};
use crate::diagnostic::{self, Diagnostic};
use crate::source::Source;
use crate::yaml::Node;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/library");

/// The built-in library: every YAML file under `library/`, sorted by path.
pub fn embedded() -> Vec<Arc<Source>> {
    let mut found = Vec::new();
    walk(&EMBEDDED, &mut found);
    found.sort();
    found
}

fn walk(dir: &Dir<'_>, found: &mut Vec<Arc<Source>>) {
    for file in dir.files().filter(|file| file.path().extension().is_some_and(|end| end == "yaml")) {
        if let Some(text) = file.contents_utf8() {
            let path = file.path().to_string_lossy().replace('\\', "/");
            found.push(Source::new(format!("library/{path}"), text));
        }
    }
    for dir in dir.dirs() {
        walk(dir, found);
    }
}

/// Reads library files, and a model's own `library` section laid over them by id.
pub fn load(sources: &[Arc<Source>], extra: Option<&Node>) -> Result<Library, Vec<Diagnostic>> {
    let mut out = Vec::new();
    let entries = collect::collect(sources, extra, &mut out);
    let mut library = Library { sources: sources.to_vec(), ..Library::default() };
    kinds::kinds(&entries.kinds, &mut library, &mut out);
    kinds::verbs(&entries.verbs, &mut library, &mut out);
    assumptions::assumptions(&entries.assumptions, &mut library, &mut out);
    steps::steps(&entries.steps, &mut library, &mut out);
    if out.is_empty() {
        steps::check_tables(&entries.assumptions, &library, &mut out);
    }
    diagnostic::sort(&mut out);
    if diagnostic::any_error(&out) { Err(out) } else { Ok(library) }
}
