//! The scenarios, which are embedded: one design each, and the fragments they extend.

use std::sync::Arc;

use include_dir::{Dir, include_dir};

use crate::diagnostic::{Code, Diagnostic, quote};
use crate::source::Source;

static SCENARIOS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/scenarios");

/// Ids of the scenarios, in order. Files in folders are fragments, incidents and systems, not designs to compare.
pub fn ids() -> Vec<String> {
    let mut names: Vec<String> = SCENARIOS
        .files()
        .filter_map(|file| file.path().file_name()?.to_str()?.strip_suffix(".yaml").map(str::to_owned))
        .collect();
    names.sort_by_key(|name| (order(name), name.clone()));
    names
}

/// The incident models, in the order of their ids.
pub fn incidents() -> Vec<Arc<Source>> {
    folder("incidents")
}

/// Models of real systems as their documentation has them, in the order of their ids: to be extended, and not among those that are compared.
pub fn systems() -> Vec<Arc<Source>> {
    folder("systems")
}

fn folder(folder: &str) -> Vec<Arc<Source>> {
    let files = SCENARIOS.get_dir(folder).map(Dir::files).into_iter().flatten();
    let mut names: Vec<&str> = files.filter_map(|file| file.path().file_name()?.to_str()).collect();
    names.retain(|name| name.ends_with(".yaml"));
    names.sort_unstable();
    names.into_iter().filter_map(|name| find_path(&format!("scenarios/{folder}/{name}"))).collect()
}

/// Scenarios are compared in the order their files ask for (`# order: 3` in the head comment), then by name.
fn order(name: &str) -> u32 {
    let text = find(name).map(|source| source.text.clone()).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("# order:"));
    line.and_then(|rest| rest.trim().parse().ok()).unwrap_or(u32::MAX)
}

/// A scenario, an incident or a system by id, or any embedded file by the path it has in the repository or the name by which models extend it.
pub fn find(name: &str) -> Option<Arc<Source>> {
    let name = name.strip_prefix(BUILTIN).unwrap_or(name);
    let path = name.strip_prefix("scenarios/").unwrap_or(name);
    let path = if path.ends_with(".yaml") { path.to_owned() } else { format!("{path}.yaml") };
    let folders = ["", "incidents/", "systems/"];
    folders.iter().find_map(|folder| find_path(&format!("scenarios/{folder}{path}")))
}

/// Ids of the incidents, in order.
pub fn incident_ids() -> Vec<String> {
    stems(&incidents())
}

/// Ids of the systems, in order.
pub fn system_ids() -> Vec<String> {
    stems(&systems())
}

fn stems(sources: &[Arc<Source>]) -> Vec<String> {
    let stem = |source: &Arc<Source>| {
        let file = source.name.rsplit('/').next().unwrap_or_default();
        file.strip_suffix(".yaml").unwrap_or(file).to_owned()
    };
    sources.iter().map(stem).collect()
}

/// What a scenario extends: relative to it, as on disk.
///
/// # Errors
/// There is no such file among the scenarios.
pub fn resolve(from: &Source, wanted: &str) -> Result<Arc<Source>, Diagnostic> {
    find_path(&beside(&from.name, wanted)).ok_or_else(|| {
        Diagnostic::unplaced(Code::UnreadableFile, format!("no file of the program is called {}", quote(wanted)))
    })
}

/// The prefix by which a file on disk extends an embedded one: `builtin:parts/forge.yaml`.
pub const BUILTIN: &str = "builtin:";

/// Does this name, or the file that names it, mean an embedded file wherever the file lies?
pub fn is_builtin(from: &Source, wanted: &str) -> bool {
    wanted.starts_with(BUILTIN) || from.name.starts_with(BUILTIN)
}

/// An embedded file by its name with the prefix, or relative to one that was found so.
///
/// # Errors
/// There is no such file.
pub fn builtin(from: &Source, wanted: &str) -> Result<Arc<Source>, Diagnostic> {
    let path = match wanted.strip_prefix(BUILTIN) {
        Some(path) => beside("", path),
        None => beside(from.name.strip_prefix(BUILTIN).unwrap_or_default(), wanted),
    };
    if let Some(source) = find_path(&format!("scenarios/{path}")) {
        return Ok(Source::new(format!("{BUILTIN}{path}"), source.text.clone()));
    }
    let mut known = Vec::new();
    every_file(&SCENARIOS, &mut known);
    let message = format!("there is no built-in file {}", quote(&path));
    let error = Diagnostic::unplaced(Code::UnknownBuiltin, message);
    if wanted.starts_with(BUILTIN) {
        // What is suggested stands in place of what is written, prefix and all.
        known.iter_mut().for_each(|path| path.insert_str(0, BUILTIN));
        return Err(error.suggest(wanted, known.iter().map(String::as_str)));
    }
    Err(error.suggest(&path, known.iter().map(String::as_str)))
}

/// Files that models extend and that are no designs, by the name by which they do, with their texts; in order.
pub fn shared() -> Vec<(String, Arc<Source>)> {
    let mut known = Vec::new();
    every_file(&SCENARIOS, &mut known);
    known
        .retain(|path| path.contains('/') && !["incidents/", "systems/"].iter().any(|folder| path.starts_with(folder)));
    known.sort_unstable();
    let named = |path: String| Some((format!("{BUILTIN}{path}"), find_path(&format!("scenarios/{path}"))?));
    known.into_iter().filter_map(named).collect()
}

/// Paths of all embedded YAML files, for suggestions.
fn every_file(dir: &Dir<'_>, found: &mut Vec<String>) {
    let paths = dir.files().map(|file| file.path().to_string_lossy().replace('\\', "/"));
    found.extend(paths.filter(|path| path.ends_with(".yaml")));
    dir.dirs().for_each(|dir| every_file(dir, found));
}

/// A path relative to a file, `..` and `.` taken out.
fn beside(from: &str, wanted: &str) -> String {
    let mut path: Vec<&str> = from.split('/').collect();
    path.pop();
    for part in wanted.split('/') {
        match part {
            ".." => drop(path.pop()),
            "." => {}
            part => path.push(part),
        }
    }
    path.join("/")
}

/// What the last recorded back-test of the embedded incidents found, if there is a record.
pub fn recorded() -> Option<&'static str> {
    SCENARIOS.get_file("incidents/recorded.json")?.contents_utf8()
}

/// An embedded file by its path in the repository.
pub fn find_path(path: &str) -> Option<Arc<Source>> {
    let inside = path.strip_prefix("scenarios/")?;
    let text = SCENARIOS.get_file(inside)?.contents_utf8()?;
    Some(Source::new(path, text))
}
