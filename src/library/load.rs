//! Text to library, and the library that is built in.

use std::sync::{Arc, OnceLock};

use include_dir::{Dir, include_dir};

use super::{Library, assumptions, collect, kinds, steps, tables, workload};
use crate::diagnostic::{self, Diagnostic};
use crate::source::Source;
use crate::yaml::Node;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/library");

/// The files of the built-in library, and what they say once read.
static SOURCES: OnceLock<Vec<Arc<Source>>> = OnceLock::new();
static REPLACED: OnceLock<()> = OnceLock::new();
static BUILT_IN: OnceLock<(Partial, Vec<Diagnostic>)> = OnceLock::new();

/// The built-in library: every YAML file under `library/`, sorted by path.
pub fn embedded() -> Vec<Arc<Source>> {
    let sources = SOURCES.get_or_init(|| {
        let mut found = Vec::new();
        walk(&EMBEDDED, &mut found);
        found.sort();
        found
    });
    sources.clone()
}

/// Puts another library in the place of the built-in one, for the whole process; to be called before anything is loaded.
///
/// # Errors
/// A library is in use already; nothing changes.
pub fn install(mut sources: Vec<Arc<Source>>) -> Result<(), InUse> {
    sources.sort();
    SOURCES.set(sources).map_err(|_| InUse)?;
    REPLACED.get_or_init(|| ());
    Ok(())
}

/// Has another library taken the place of the built-in one?
pub fn is_replaced() -> bool {
    REPLACED.get().is_some()
}

/// The library cannot be replaced any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InUse;

/// Are these the very files of the built-in library?
fn is_embedded(sources: &[Arc<Source>]) -> bool {
    let same = |have: &Vec<Arc<Source>>| {
        have.len() == sources.len() && have.iter().zip(sources).all(|(one, other)| Arc::ptr_eq(one, other))
    };
    SOURCES.get().is_some_and(same)
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

/// A library as far as it could be read.
#[derive(Debug, Clone, Default)]
pub struct Partial {
    /// What could be read.
    pub library: Library,
    /// Ids of assumptions and steps that could not: naming them is no further mistake.
    pub broken: Vec<String>,
}

/// Reads library files, and a model's own `library` section laid over them by id.
pub fn load(sources: &[Arc<Source>], extra: Option<&Node>) -> Result<Library, Vec<Diagnostic>> {
    let mut out = Vec::new();
    let found = load_partial(sources, extra, &mut out);
    diagnostic::sort(&mut out);
    if diagnostic::any_error(&out) { Err(out) } else { Ok(found.library) }
}

/// The same, going on after mistakes. The built-in library is read once.
pub fn load_partial(sources: &[Arc<Source>], extra: Option<&Node>, out: &mut Vec<Diagnostic>) -> Partial {
    if extra.is_some() || !is_embedded(sources) {
        return read(sources, extra, out);
    }
    let (library, errors) = BUILT_IN.get_or_init(|| {
        let mut errors = Vec::new();
        (read(sources, None, &mut errors), errors)
    });
    out.extend(errors.iter().cloned());
    library.clone()
}

fn read(sources: &[Arc<Source>], extra: Option<&Node>, out: &mut Vec<Diagnostic>) -> Partial {
    let before = out.len();
    let entries = collect::collect(sources, extra, out);
    let mut library = Library { sources: sources.to_vec(), ..Library::default() };
    kinds::kinds(&entries.kinds, &mut library, out);
    kinds::verbs(&entries.verbs, &mut library, out);
    assumptions::assumptions(&entries.assumptions, &mut library, out);
    let mut broken = missing(&entries.assumptions, |id| library.assumptions.iter().any(|decl| decl.id == id));
    workload::rates(&entries.workload, &mut library, out);
    steps::steps(&entries.steps, &broken, &mut library, out);
    broken.extend(missing(&entries.steps, |id| library.step(id).is_some()));
    if out.len() == before {
        tables::check_tables(&entries.assumptions, &library, out);
    }
    Partial { library, broken }
}

fn missing(entries: &[collect::Entry], there: impl Fn(&str) -> bool) -> Vec<String> {
    entries.iter().filter(|entry| !there(&entry.id)).map(|entry| entry.id.clone()).collect()
}
