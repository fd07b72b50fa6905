//! The small library under `tests/fixtures/minilib`, and models written against it.
#![allow(dead_code, reason = "each test binary uses a part")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use cotenant::diagnostic::{Code, Diagnostic, render_all};
use cotenant::model::{self, Edits, Loaded, Model};
use cotenant::source::Source;

/// A path under `tests/fixtures`.
pub fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(path)
}

/// Every YAML file below a folder, sorted, with names relative to the fixtures.
pub fn sources(folder: &str) -> Vec<Arc<Source>> {
    let mut found = Vec::new();
    let mut open = vec![fixture(folder)];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "yaml") {
                let name = path.strip_prefix(fixture("")).unwrap().to_string_lossy().into_owned();
                found.push(Source::new(name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// The small library.
pub fn library() -> Vec<Arc<Source>> {
    sources("minilib")
}

/// Loads a text with the small library; `extend` finds files under `tests/fixtures`.
pub fn load_text(text: &str, edits: &Edits) -> Loaded {
    let resolver = |_: &Source, wanted: &str| model::read_file(&fixture(wanted));
    model::load_with(&library(), &Source::new("test.yaml", text), &resolver, edits)
}

/// The good model of the fixtures, as text.
pub fn good() -> String {
    std::fs::read_to_string(fixture("good/native-build.yaml")).unwrap()
}

/// A loaded model, or a panic that shows what is wrong.
pub fn expect_model(loaded: Loaded) -> (Model, Vec<Diagnostic>) {
    match loaded {
        Ok(found) => found,
        Err(errors) => panic!("{}", render_all(&errors, 100, false)),
    }
}

/// The codes of what is wrong, in order.
pub fn codes(loaded: Loaded) -> Vec<Code> {
    match loaded {
        Ok((_, warnings)) => warnings.iter().map(|warning| warning.code).collect(),
        Err(errors) => errors.iter().map(|error| error.code).collect(),
    }
}
