//! What a verb's MODEL argument means: a model file, a graph file, or a scenario, with the edits of the command line.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::args::EditArgs;
use super::git::Revision;
use super::{Failure, output};
use crate::diagnostic::{self, Code, Diagnostic, Severity, refusal};
use crate::graph::ground::{self, Compiled};
use crate::graph::{CapabilityGraph, json};
use crate::library;
use crate::model::{self, Edits, Model};
use crate::scenarios;
use crate::source::Source;
use crate::study::lint;
use crate::yaml;

/// A loaded argument.
#[derive(Debug)]
pub enum Loaded {
    /// A model, compiled.
    Model(Box<LoadedModel>),
    /// A graph made elsewhere.
    Graph {
        /// As the user wrote it.
        file: String,
        /// The graph.
        graph: Box<CapabilityGraph>,
        /// It says itself what design it is of; else it is called as its file is.
        named: bool,
    },
}

/// A model with its graph and its warnings.
#[derive(Debug)]
pub struct LoadedModel {
    /// As the user wrote it.
    pub file: String,
    /// The model.
    pub model: Model,
    /// Its graph.
    pub compiled: Compiled,
    /// Lints; among them, of a design that does not work, errors.
    pub warnings: Vec<Diagnostic>,
}

impl Loaded {
    /// Calls the design otherwise.
    pub fn rename(&mut self, design: String) {
        match self {
            Loaded::Model(loaded) => {
                loaded.compiled.graph.design.clone_from(&design);
                loaded.model.design = design;
            }
            Loaded::Graph { graph, .. } => graph.design = design,
        }
    }
}

/// Errors printed at most.
const ERRORS: usize = 100;

/// Loads one argument to answer about it. A design that does not work is refused: of it no answer means anything.
pub fn load(name: &str, edits: &EditArgs) -> Result<Loaded, Failure> {
    working(load_any(name, edits)?)
}

/// One of several arguments: where it does not work, the refusal names it.
pub fn load_one_of(name: &str, edits: &EditArgs) -> Result<Loaded, Failure> {
    load(name, edits).map_err(|failure| failure.of(&diagnostic::quote(name)))
}

/// Loads one argument for the names, the library or the steps in it, whether the design works or not.
pub fn load_any(name: &str, edits: &EditArgs) -> Result<Loaded, Failure> {
    let path = Path::new(name);
    if !path.exists()
        && let Some(source) = scenarios::find(name)
    {
        return finish(name, &to_edits(edits)?, |edits| model::load_source(&source, &scenarios::resolve, edits));
    }
    let bytes = read_once(path).map_err(|error| unreadable(name, &error))?;
    if is_graph(path, &bytes) {
        return load_graph(name, bytes, edits);
    }
    let source = yaml::decode(name, bytes).map_err(|error| told(&[error]))?;
    finish(name, &to_edits(edits)?, |edits| model::load_beside(&source, edits))
}

/// What lies in a file that the command line names. A verb may load a model many times, with other edits; what it answers about is what was
/// there at first, and a pipe has nothing to give a second time.
fn read_once(path: &Path) -> std::io::Result<Vec<u8>> {
    static READ: Mutex<BTreeMap<PathBuf, Vec<u8>>> = Mutex::new(BTreeMap::new());
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(bytes) = read.get(path) {
        return Ok(bytes.clone());
    }
    let bytes = std::fs::read(path)?;
    read.insert(path.to_owned(), bytes.clone());
    Ok(bytes)
}

/// Loads a model or graph as it stands in a git revision, to answer about it; what it extends is read from the same one.
pub fn load_revision(revision: &Revision, model: &Path, edits: &EditArgs) -> Result<Loaded, Failure> {
    let path = revision.path_of(model)?;
    let source = revision.read(&path).map_err(unread)?;
    if is_graph(model, source.text.as_bytes()) {
        return load_graph(&source.name, source.text.clone().into_bytes(), edits);
    }
    let beside = |from: &Source, wanted: &str| revision.beside(from, wanted);
    working(finish(&source.name, &to_edits(edits)?, |edits| model::load_source(&source, &beside, edits))?)
}

/// What is loaded, if it is a graph or a design that works.
fn working(loaded: Loaded) -> Result<Loaded, Failure> {
    match loaded {
        Loaded::Model(loaded) if diagnostic::any_error(&loaded.warnings) => Err(told(&loaded.warnings)),
        loaded => Ok(loaded),
    }
}

/// Reads the YAML files below a folder as the library, named as the built-in ones are.
pub fn use_library(folder: &Path) -> Result<(), Failure> {
    let mut found = Vec::new();
    read_folder(folder, "library", &mut found)?;
    if found.is_empty() {
        let name = folder.display().to_string();
        return Err(Failure::Io(format!("error: there is no YAML file in {}", diagnostic::quote(&name))));
    }
    library::install(found).map_err(|_| Failure::Usage("error: a library is in use already".to_owned()))
}

fn read_folder(folder: &Path, prefix: &str, found: &mut Vec<Arc<Source>>) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        let name = folder.display().to_string();
        Failure::Io(format!("error: cannot read {}: {}", diagnostic::quote(&name), refusal(&error)))
    };
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = format!("{prefix}/{}", path.file_name().unwrap_or_default().to_string_lossy());
        if path.is_dir() {
            read_folder(&path, &name, found)?;
        } else if path.extension().is_some_and(|end| end == "yaml") {
            let source = model::read_file(&path).map_err(unread)?;
            found.push(Source::new(name, source.text.clone()));
        }
    }
    Ok(())
}

fn unreadable(name: &str, error: &std::io::Error) -> Failure {
    if name.is_empty() {
        return Failure::Usage("error: the name of the model is empty".to_owned());
    }
    let hint = if Path::new(name).is_dir() { inside(Path::new(name)) } else { meant(name) };
    Failure::Io(format!("error: cannot read {}: {}{hint}", diagnostic::quote(name), refusal(error)))
}

/// A file of a folder that was named instead of a file.
fn inside(folder: &Path) -> String {
    let models = models_in(folder).unwrap_or_default();
    let first = models.first().map(|file| diagnostic::quote(&file.display().to_string()));
    first.map_or(String::new(), |file| format!("; in it lies {file}"))
}

/// What a name may stand for that is no file.
fn meant(name: &str) -> String {
    let (ids, mut others) = (scenarios::ids(), scenarios::incident_ids());
    others.extend(scenarios::system_ids());
    match diagnostic::nearest(name, ids.iter().chain(&others).map(String::as_str)) {
        Some(near) => format!("; did you mean the scenario `{near}`?"),
        None if !name.contains(['.', '/']) => format!("; scenarios: {}", ids.join(", ")),
        None => String::new(),
    }
}

fn is_graph(path: &Path, text: &[u8]) -> bool {
    let json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    json || text.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{')
}

fn load_graph(name: &str, text: Vec<u8>, edits: &EditArgs) -> Result<Loaded, Failure> {
    if !edits.set.is_empty() || !edits.without.is_empty() || !edits.overlay.is_empty() {
        let text = "error: a capability graph has no model to change: only --with and --horizon apply to it";
        return Err(Failure::Usage(text.to_owned()));
    }
    let text = String::from_utf8(text)
        .map_err(|error| Failure::Wrong(format!("error: {} is not UTF-8: {error}", diagnostic::quote(name))))?;
    let loaded = json::load(Source::new(name, text)).map_err(|errors| {
        let lines: Vec<String> = errors
            .iter()
            .take(ERRORS)
            .map(|error| format!("error: {}:{error}", diagnostic::printable(name, 400)))
            .collect();
        let more = errors.len().saturating_sub(ERRORS);
        let more = if more > 0 { format!("\n... and {more} more") } else { String::new() };
        Failure::Wrong(lines.join("\n") + &more)
    })?;
    for note in loaded.notes.iter().take(ERRORS) {
        output::note(&format!("note: {}:{note}", diagnostic::printable(name, 400)));
    }
    let mut graph = loaded.graph;
    for id in &edits.with {
        match graph.controls.iter_mut().find(|control| control.name == *id) {
            Some(control) => control.on = true,
            None => {
                let known = graph.controls.iter().map(|control| control.name.as_str());
                let hint = diagnostic::instead(id, known);
                let text = format!("error: --with: the graph has no control {}; {hint}", diagnostic::quote(id));
                return Err(Failure::Usage(text));
            }
        }
    }
    if let Some(horizon) = &edits.horizon {
        graph = graph.at_horizon(days(horizon)?);
    }
    let named = !graph.design.trim().is_empty();
    if !named {
        graph.design = stem(name);
    }
    Ok(Loaded::Graph { file: name.to_owned(), graph: Box::new(graph), named })
}

/// The name of a file without its folders, its ending and the revision it was read from.
fn stem(name: &str) -> String {
    let file = name.rsplit(['/', '\\', ':']).next().unwrap_or(name);
    Path::new(file).file_stem().map_or_else(|| file.to_owned(), |stem| stem.to_string_lossy().into_owned())
}

fn days(text: &str) -> Result<f64, Failure> {
    crate::units::parse_duration(text)
        .map(|hours| hours / crate::units::HOURS_PER_DAY)
        .filter(|days| *days > 0.0)
        .ok_or_else(|| {
            Failure::Usage(format!("error: --horizon {} is no duration such as 90d or 1y", diagnostic::quote(text)))
        })
}

fn to_edits(args: &EditArgs) -> Result<Edits, Failure> {
    let mut edits = Edits { without: args.without.clone(), with: args.with.clone(), ..Edits::default() };
    for set in &args.set {
        let Some((path, value)) = set.split_once('=') else {
            return Err(Failure::Usage(format!(
                "error: --set {} has no `=`: write PATH=VALUE",
                diagnostic::quote(set)
            )));
        };
        edits.sets.push((path.trim().to_owned(), value.trim().to_owned()));
    }
    for path in &args.overlay {
        let name = path.display().to_string();
        let bytes = read_once(path).map_err(|error| {
            Failure::Io(format!("error: cannot read {}: {}", diagnostic::quote(&name), refusal(&error)))
        })?;
        let text = String::from_utf8(bytes)
            .map_err(|error| Failure::Wrong(format!("error: {} is not UTF-8: {error}", diagnostic::quote(&name))))?;
        edits.overlays.push(Source::new(name, text));
    }
    edits.horizon_days = args.horizon.as_deref().map(days).transpose()?;
    Ok(edits)
}

fn finish(name: &str, edits: &Edits, load: impl Fn(&Edits) -> model::Loaded) -> Result<Loaded, Failure> {
    let (model, mut warnings) = load(edits).map_err(|found| told(&found))?;
    let compiled = ground::compile(&model).map_err(|faults| told(&lint::faults(&faults)))?;
    let mut lints = lint::lints(&model, &compiled);
    if let (true, Some(edits)) = (diagnostic::any_error(&lints), edits.told()) {
        // The design is not wrong where it is written, if it is the edits that broke it.
        let sound = load(&Edits::default()).is_ok_and(|(model, _)| works(&model));
        let broken = lints.iter_mut().filter(|lint| sound && lint.severity == Severity::Error);
        broken.for_each(|lint| lint.message.insert_str(0, &format!("with {edits}: ")));
    }
    warnings.extend(lints);
    diagnostic::sort(&mut warnings);
    Ok(Loaded::Model(Box::new(LoadedModel { file: name.to_owned(), model, compiled, warnings })))
}

fn works(model: &Model) -> bool {
    ground::compile(model).is_ok_and(|compiled| lint::broken(model, &compiled).is_empty())
}

/// A file named on the command line could not be read, or is no text.
pub fn unread(error: Diagnostic) -> Failure {
    match error.code {
        Code::UnreadableFile => Failure::Io(format!("error: {}", error.message)),
        _ => told(&[error]),
    }
}

/// Diagnostics as they are printed to stderr.
pub fn told(found: &[Diagnostic]) -> Failure {
    Failure::Diagnosed(found.to_vec())
}

/// Diagnostics as text.
pub fn diagnostics(found: &[Diagnostic]) -> String {
    diagnostic::render_all(found, ERRORS, output::colour_on_notes())
}

/// The YAML files of a folder, in order.
pub fn models_in(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |error: std::io::Error| {
        Failure::Io(format!(
            "error: cannot read {}: {}",
            diagnostic::quote(&folder.display().to_string()),
            refusal(&error)
        ))
    };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|end| end == "yaml") {
            found.push(path);
        }
    }
    if found.is_empty() {
        let name = diagnostic::quote(&folder.display().to_string());
        return Err(Failure::Io(format!("error: there is no YAML file in {name}")));
    }
    found.sort();
    Ok(found)
}
