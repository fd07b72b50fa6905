//! Loading a model: file, edits, library, resolution, in this order.

use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::document::{self, Document, Resolver};
use super::{ControlEffect, Model, lints, path, rate, resolve};
use crate::diagnostic::{self, Code, Diagnostic, Severity, quote};
use crate::library::{self, Partial};
use crate::source::{Source, Span};
use crate::units::DAYS_PER_YEAR;
use crate::yaml::{self, Node};

/// Changes to a model, applied to its document before it is resolved, in this order: controls, overlays, removals, sets.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Edits {
    /// Files laid over the model.
    pub overlays: Vec<Arc<Source>>,
    /// Dotted path and YAML value.
    pub sets: Vec<(String, String)>,
    /// Ids (or `id.field`) to take out.
    pub without: Vec<String>,
    /// Controls to switch on.
    pub with: Vec<String>,
    /// Another horizon.
    pub horizon_days: Option<f64>,
}

/// A model and its lints, or everything that is wrong with it.
pub type Loaded = Result<(Model, Vec<Diagnostic>), Vec<Diagnostic>>;

/// Loads a model file, with the built-in library.
pub fn load(path: &Path, edits: &Edits) -> Loaded {
    let source = document::read_file(path).map_err(|error| vec![error])?;
    load_beside(&source, edits)
}

/// Loads a model file that was read, with the built-in library. What it extends lies beside it.
pub fn load_beside(source: &Arc<Source>, edits: &Edits) -> Loaded {
    load_source(source, &document::beside, edits)
}

/// Loads a model from text, with the built-in library. `resolver` finds what it extends.
pub fn load_source(source: &Arc<Source>, resolver: &Resolver<'_>, edits: &Edits) -> Loaded {
    load_with(&library::embedded(), source, resolver, edits)
}

/// Loads a model from text, with a library of one's own.
pub fn load_with(library: &[Arc<Source>], source: &Arc<Source>, resolver: &Resolver<'_>, edits: &Edits) -> Loaded {
    let mut out = Vec::new();
    let found = assemble(library, source, resolver, edits, &mut out);
    diagnostic::sort(&mut out);
    match found {
        Some(model) if !diagnostic::any_error(&out) => Ok((model, out)),
        _ => {
            if let Some(told) = edits.told() {
                let sound = load_with(library, source, resolver, &Edits::default()).is_ok();
                let elsewhere = |error: &Diagnostic| !is_edit(error, edits) && error.severity == Severity::Error;
                out.iter_mut()
                    .filter(|error| sound && elsewhere(error))
                    .for_each(|error| error.message.insert_str(0, &format!("with {told}: ")));
            }
            Err(out)
        }
    }
}

impl Edits {
    /// The edits in words, if there are any: a model that is sound without them is not wrong where it is written.
    pub fn told(&self) -> Option<String> {
        let named = |flag: &'static str, ids: &[String]| {
            ids.iter().map(|id| quote(&format!("{flag} {id}"))).collect::<Vec<_>>()
        };
        let mut all = named("--with", &self.with);
        all.extend(self.overlays.iter().map(|overlay| quote(&format!("--overlay {}", overlay.name))));
        all.extend(named("--without", &self.without));
        all.extend(self.sets.iter().map(|(path, value)| quote(&format!("--set {path}={value}"))));
        match all.as_slice() {
            [] => None,
            [one] => Some(one.clone()),
            [one, other] => Some(format!("{one} and {other}")),
            [first, ..] => Some(format!("{first} and {} other edits", all.len() - 1)),
        }
    }
}

/// Does an error point at what was edited, and not at what the edit made wrong?
fn is_edit(error: &Diagnostic, edits: &Edits) -> bool {
    let Some(span) = &error.span else { return true };
    span.source.name.starts_with("--") || edits.overlays.iter().any(|overlay| overlay.name == span.source.name)
}

fn assemble(
    library: &[Arc<Source>],
    source: &Arc<Source>,
    resolver: &Resolver<'_>,
    edits: &Edits,
    out: &mut Vec<Diagnostic>,
) -> Option<Model> {
    let mut document = Document::read(source, library, resolver, out)?;
    apply(&mut document, edits, out)?;
    let library = document.load_library(out);
    let mut model = resolve::resolve(&document.root, library.clone(), out)?;
    for control in &mut model.controls {
        control.on = edits.with.contains(&control.id);
    }
    if let Some(days) = edits.horizon_days {
        set_horizon(&mut model, days, &mut document.sources, out);
    }
    let clean = !diagnostic::any_error(out);
    if clean {
        try_controls(&document, &library, &model, out);
        out.extend(lints::lints(&model, &document.root));
    }
    model.notes = document.log.removed;
    let idle: Vec<String> = edits.sets.iter().filter_map(|(path, _)| idle(&model, path)).collect();
    model.notes.extend(idle);
    model.lost_threats = document.log.lost_threats;
    model.hash = hash(&model.library.sources, &document.sources);
    model.sources = document.sources;
    Some(model)
}

/// What to say of a set that cannot change an answer, since no attack step reads the field.
fn idle(model: &Model, path: &str) -> Option<String> {
    let (id, field) = path.split_once('.')?;
    let kind = model.entity(model.find(id)?).kind;
    model.library.field(kind, field)?;
    let unread = model.library.readers(kind, field).is_empty();
    unread.then(|| {
        format!("no attack step reads {}: {} changes pictures and counts, and no answer", quote(field), quote(path))
    })
}

/// Applies the edits; `None` where the document is too broken to go on.
fn apply(document: &mut Document<'_>, edits: &Edits, out: &mut Vec<Diagnostic>) -> Option<()> {
    let mut later: Vec<(&String, Span)> = Vec::new();
    for id in &edits.with {
        let span = pseudo(document, "--with", id);
        match control(document, id) {
            Some(node) => switch_on(document, &node, out)?,
            None => later.push((id, span)),
        }
    }
    for overlay in &edits.overlays {
        document.overlay(overlay, out)?;
    }
    for (id, span) in later {
        match control(document, id) {
            Some(node) => switch_on(document, &node, out)?,
            None => {
                let controls = document.root.get("controls").map(Node::items).unwrap_or_default();
                let known = controls.iter().filter_map(|item| item.text_of("id"));
                out.push(Diagnostic::unknown(Code::UnknownTarget, &span, "control", id, known));
            }
        }
    }
    if !edits.without.is_empty() {
        let ids: Vec<(String, Span)> =
            edits.without.iter().map(|id| (id.clone(), pseudo(document, "--without", id))).collect();
        document.remove(&ids, out);
    }
    for (path, value) in &edits.sets {
        set(document, path, value, out);
    }
    Some(())
}

/// A pseudo file for a word of the command line, remembered among the sources.
fn pseudo(document: &mut Document<'_>, flag: &str, text: &str) -> Span {
    let source = Source::new(flag, text);
    document.sources.push(Arc::clone(&source));
    Span::new(source, 0, text.len())
}

fn set(document: &mut Document<'_>, path: &str, value: &str, out: &mut Vec<Diagnostic>) {
    let span = pseudo(document, "--set", &format!("{path}={value}"));
    let path_span = Span::new(Arc::clone(&span.source), 0, path.len());
    if value.trim().is_empty() {
        out.push(match path::known(&document.root, path, &path_span) {
            Err(unknown) => unknown,
            Ok(()) => Diagnostic::new(Code::WrongType, &span, format!("{} is set to nothing", quote(path)))
                .help(format!("write `{path}=VALUE`; `--without {path}` takes the field out")),
        });
        return;
    }
    match yaml::parse_value(&span.source, path.len() + 1) {
        Ok(node) => set_path(document, (path, &path_span), &node, "set on the command line", out),
        Err(errors) => out.extend(errors),
    }
}

/// Sets what a path names in the model, or in the part of the library that it may change.
fn set_path(document: &mut Document<'_>, path: (&str, &Span), value: &Node, why: &str, out: &mut Vec<Diagnostic>) {
    if !rate::is_rate(path.0) {
        return path::set(&mut document.root, path.0, path.1, value, why, out);
    }
    // What is wrong with the library itself is told when it is loaded.
    let known = document.load_library(&mut Vec::new()).library.workload;
    let known: Vec<String> = known.into_iter().map(|rate| rate.id).collect();
    rate::set(&mut document.root, path, value, why, &known, out);
}

fn control(document: &Document<'_>, id: &str) -> Option<Node> {
    let controls = document.root.get("controls")?.items();
    controls.iter().find(|item| item.text_of("id") == Some(id)).cloned()
}

/// Applies what a control changes in the document; `blocks` and `lowers` change nothing there.
fn switch_on(document: &mut Document<'_>, control: &Node, out: &mut Vec<Diagnostic>) -> Option<()> {
    let id = control.text_of("id").unwrap_or_default();
    if let Some(overlay) = control.get("overlay") {
        document.piece(overlay, out)?;
    }
    let why = format!("set by control {}", quote(id));
    for (key, value) in control.get("patch").map(Node::entries).unwrap_or_default() {
        set_path(document, (&key.text, &key.span), value, &why, out);
    }
    if let Some(ids) = control.get("remove") {
        document.remove_listed(ids, out);
    }
    Some(())
}

/// Every control that changes the document must leave a valid model, also those that are off.
fn try_controls(document: &Document<'_>, library: &Partial, model: &Model, out: &mut Vec<Diagnostic>) {
    for found in model.controls.iter().filter(|control| !control.on && matches!(control.effect, ControlEffect::Patch)) {
        let Some(node) = control(document, &found.id) else { continue };
        let mut trial = document.trial();
        let mut errors = Vec::new();
        if switch_on(&mut trial, &node, &mut errors).is_some() {
            let same = trial.root.get("library") == document.root.get("library");
            let library = if same { library.clone() } else { trial.load_library(&mut errors) };
            resolve::resolve(&trial.root, library, &mut errors);
        }
        let prefix = format!("with control {} on: ", quote(&found.id));
        out.extend(errors.into_iter().filter(|error| error.severity == Severity::Error).map(|mut error| {
            error.message.insert_str(0, &prefix);
            error.related.push((found.span.clone(), "this control".to_owned()));
            error
        }));
    }
}

/// Longest horizon, in years.
pub const MAX_YEARS: f64 = 1000.0;

fn set_horizon(model: &mut Model, days: f64, sources: &mut Vec<Arc<Source>>, out: &mut Vec<Diagnostic>) {
    let source = Source::new("--horizon", format!("{days}"));
    if !(days > 0.0 && days <= MAX_YEARS * DAYS_PER_YEAR) {
        let span = Span::new(Arc::clone(&source), 0, source.text.len());
        let message = format!("a horizon is more than nothing and at most {MAX_YEARS} years");
        out.push(Diagnostic::new(Code::OutOfRange, &span, message));
    }
    sources.push(source);
    model.horizon_days = days;
}

/// Hash of everything that decides an answer: contents of files (not their names), and command-line edits with flags.
fn hash(library: &[Arc<Source>], sources: &[Arc<Source>]) -> String {
    let mut hasher = Sha256::new();
    for source in library.iter().chain(sources) {
        let flag = if source.name.starts_with("--") { source.name.as_str() } else { "" };
        hasher.update((flag.len() as u64).to_le_bytes());
        hasher.update(flag.as_bytes());
        hasher.update((source.text.len() as u64).to_le_bytes());
        hasher.update(source.text.as_bytes());
    }
    let digest = hasher.finalize();
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}
