//! The built-in library and scenarios load.

use cotenant::diagnostic::render_all;
use cotenant::model::{self, Edits};

#[test]
fn the_library_loads() {
    if let Err(errors) = cotenant::library::load(&cotenant::library::embedded(), None) {
        panic!("{} errors\n{}", errors.len(), render_all(&errors, 60, false));
    }
}

#[test]
fn the_scenarios_load() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut said = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "yaml") {
            continue;
        }
        match model::load(&path, &Edits::default()) {
            Ok(_) => {}
            Err(errors) => said.push_str(&render_all(&errors, 10, false)),
        }
    }
    assert!(said.is_empty(), "{said}");
}
