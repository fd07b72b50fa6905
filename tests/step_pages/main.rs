//! The pages under `docs/steps` are what the library and the back-tests say today.
//!
//! `COTENANT_BLESS=1 cargo test --test step_pages` writes them anew.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails says so")]

mod index;
mod page;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use cotenant::library::{self, Library, StepDecl};
use cotenant::scenarios;
use cotenant::study::backtest::{Case, NotJudged, judge};
use cotenant::study::library_lint::{embedded, library_lint};

/// What the pages are made from.
pub struct Facts {
    /// The library.
    pub library: Library,
    /// Every incident, judged.
    pub cases: Vec<Case>,
}

impl Facts {
    fn new() -> Facts {
        let judged = scenarios::incidents().into_iter().map(|source| match judge(&source, &scenarios::resolve) {
            Ok(case) => case,
            Err(NotJudged::Wrong(errors)) => panic!("{}", cotenant::diagnostic::render_all(&errors, 20, false)),
            Err(NotJudged::NoIncident) => panic!("{} is no incident", source.name),
        });
        Facts { library: library::load(&library::embedded(), None).unwrap(), cases: judged.collect() }
    }
}

/// The folder of the library a step lies in: where in the life of a release it happens.
pub fn stage(step: &StepDecl) -> &str {
    let mut parts = step.span.source.name.rsplit('/');
    parts.next();
    parts.next().unwrap_or_default()
}

/// Is this step on the documented path of an incident?
pub fn is_on_path(case: &Case, step: &str) -> bool {
    case.ends().filter_map(|end| end.path.as_ref()).any(|path| path.steps.iter().any(|on| on.step == step))
}

/// Every page by its path below `docs/steps`.
fn pages() -> BTreeMap<String, String> {
    let facts = Facts::new();
    let lint = library_lint(&facts.library, &embedded().unwrap());
    let mut pages = BTreeMap::new();
    for step in &facts.library.steps {
        pages.insert(format!("{}/{}.md", stage(step), step.id), page::page(&facts, step));
    }
    pages.insert("README.md".to_owned(), index::index(&facts));
    pages.insert("resting-on-one.md".to_owned(), index::resting(&facts, &lint));
    pages
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/steps")
}

fn written(folder: &Path, below: &str, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        match entry.path().is_dir() {
            true => written(&entry.path(), &format!("{name}/"), found),
            false => drop(found.insert(name, fs::read_to_string(entry.path()).unwrap())),
        }
    }
}

#[test]
fn the_pages_are_current() {
    let expected = pages();
    let mut have = BTreeMap::new();
    written(&folder(), "", &mut have);
    if env::var_os("COTENANT_BLESS").is_some() {
        for old in have.keys().filter(|name| !expected.contains_key(*name)) {
            fs::remove_file(folder().join(old)).unwrap();
        }
        for (name, text) in &expected {
            let path = folder().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        return;
    }
    let differ: Vec<&String> =
        expected.keys().chain(have.keys()).filter(|name| expected.get(*name) != have.get(*name)).collect();
    assert!(differ.is_empty(), "COTENANT_BLESS=1 cargo test --test step_pages writes anew: {differ:?}");
}
