//! The document tree of a model: one file, what it extends, and what is laid over it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::removal::{self, Log};
use crate::diagnostic::{Code, Diagnostic, quote, refusal};
use crate::library::names::MODEL_KEYS;
use crate::library::{self, LISTS, Partial};
use crate::scenarios;
use crate::source::{Source, Span};
use crate::yaml::{self, Key, Node, Value};

/// Finds the file that another one names under `extend`.
pub type Resolver<'a> = dyn Fn(&Source, &str) -> Result<Arc<Source>, Diagnostic> + 'a;

/// Lists of entries with an `id`.
pub const ID_LISTS: [&str; 7] = ["actors", "services", "assets", "privileges", "controls", "threats", "parameters"];

/// Fields of an entry whose mappings merge; every other value is replaced as a whole.
const DEEP: [&str; 4] = ["cost", "tolerate", "approval", "joins"];

/// Most files of one model.
const MAX_FILES: usize = 256;

/// A model file as bytes from the file system.
pub fn read_file(path: &Path) -> Result<Arc<Source>, Diagnostic> {
    let name = path.to_string_lossy().into_owned();
    match std::fs::read(path) {
        Ok(bytes) => yaml::decode(&name, bytes),
        Err(error) => {
            let message = format!("cannot read {}: {}", quote(&name), refusal(&error));
            Err(Diagnostic::unplaced(Code::UnreadableFile, message))
        }
    }
}

/// Finds extended files on disk, relative to the file that names them.
pub fn beside(from: &Source, wanted: &str) -> Result<Arc<Source>, Diagnostic> {
    let folder = Path::new(&from.name).parent().unwrap_or(Path::new(""));
    read_file(&folder.join(wanted))
}

/// The tree while it is put together.
pub struct Document<'a> {
    /// The tree; its top level has known keys only, each once.
    pub root: Node,
    /// Every file, in the order laid down.
    pub sources: Vec<Arc<Source>>,
    /// What removals took along.
    pub log: Log,
    library: &'a [Arc<Source>],
    resolver: &'a Resolver<'a>,
}

impl<'a> Document<'a> {
    /// Reads a model file and what it extends.
    pub fn read(
        source: &Arc<Source>,
        library: &'a [Arc<Source>],
        resolver: &'a Resolver<'a>,
        out: &mut Vec<Diagnostic>,
    ) -> Option<Document<'a>> {
        let root = Node::map(Vec::new(), &yaml::start_of(source));
        let mut document = Document { root, sources: Vec::new(), log: Log::default(), library, resolver };
        document.file(source, &mut Vec::new(), out)?;
        Some(document)
    }

    fn file(&mut self, source: &Arc<Source>, stack: &mut Vec<String>, out: &mut Vec<Diagnostic>) -> Option<()> {
        let known = out.len();
        let node = yaml::parse(source).map_err(|errors| out.extend(errors)).ok();
        let file = node.as_ref().and_then(|node| yaml::fields(node, "a model", &MODEL_KEYS, out));
        let Some(file) = file else {
            for error in out.iter_mut().skip(known).filter(|error| error.help.is_none()) {
                if matches!(error.code, Code::EmptyFile | Code::WrongType) {
                    error.help =
                        Some("a model begins with `cotenant: 1`; `cotenant init FILE` writes one to start from".into());
                }
            }
            return None;
        };
        match file.require("cotenant", out) {
            Some(version) => check_version(version, out),
            None => out.iter_mut().last().into_iter().for_each(|error| {
                error.help = Some("begin with `cotenant: 1`, the version of the format".into());
            }),
        }
        stack.push(source.name.clone());
        let mut whole = true;
        if let Some(extend) = file.get("extend") {
            for item in yaml::one_or_list(extend) {
                whole &= self.extended(source, item, stack, out).is_some();
            }
        }
        stack.pop();
        // Names that only the unread file declares would all be reported as unknown.
        if !whole {
            return None;
        }
        if let (Some(key), None) = (file.key("remove"), file.get("extend")) {
            let message = "`remove` is for files that extend another, and for overlays";
            out.push(Diagnostic::new(Code::MisplacedKey, &key.span, message));
        }
        self.lay(source, &file, out);
        Some(())
    }

    fn extended(
        &mut self,
        from: &Source,
        item: &Node,
        stack: &mut Vec<String>,
        out: &mut Vec<Diagnostic>,
    ) -> Option<()> {
        let wanted = yaml::text(item, out)?;
        let found = match scenarios::is_builtin(from, &wanted) {
            true => scenarios::builtin(from, &wanted),
            false => (self.resolver)(from, &wanted),
        };
        let source = match found {
            Ok(source) => source,
            Err(mut error) => {
                error.span.get_or_insert_with(|| item.span.clone());
                out.push(error);
                return None;
            }
        };
        if stack.contains(&source.name) || stack.len() + self.sources.len() >= MAX_FILES {
            let message = format!("{} extends itself, or the chain is endless", quote(&wanted));
            out.push(Diagnostic::new(Code::ExtendCycle, &item.span, message));
            return None;
        }
        self.file(&source, stack, out)
    }

    /// Lays an overlay file over the document.
    pub fn overlay(&mut self, source: &Arc<Source>, out: &mut Vec<Diagnostic>) -> Option<()> {
        let node = yaml::parse(source).map_err(|errors| out.extend(errors)).ok()?;
        let file = yaml::fields(&node, "an overlay", &MODEL_KEYS, out)?;
        if let Some(version) = file.get("cotenant") {
            check_version(version, out);
        }
        if let Some(key) = file.key("extend") {
            let message = "an overlay does not extend; it is laid over the model";
            out.push(Diagnostic::new(Code::MisplacedKey, &key.span, message));
        }
        self.lay(source, &file, out);
        Some(())
    }

    /// Lays a piece of a model that stands inside another file, such as a control's `overlay`.
    pub fn piece(&mut self, node: &Node, out: &mut Vec<Diagnostic>) -> Option<()> {
        let file = yaml::fields(node, "an overlay", &MODEL_KEYS, out)?;
        for key in ["cotenant", "extend"].iter().filter_map(|key| file.key(key)) {
            out.push(Diagnostic::new(Code::MisplacedKey, &key.span, "this stands only at the top of a file"));
        }
        self.lay_fields(&file, out);
        Some(())
    }

    fn lay(&mut self, source: &Arc<Source>, file: &yaml::Fields<'_>, out: &mut Vec<Diagnostic>) {
        self.sources.push(Arc::clone(source));
        self.root.span = yaml::start_of(source);
        self.lay_fields(file, out);
    }

    fn lay_fields(&mut self, file: &yaml::Fields<'_>, out: &mut Vec<Diagnostic>) {
        for (key, value) in file.entries() {
            match key.text.as_str() {
                "extend" | "remove" => {}
                text => {
                    let Some(below) = section(&mut self.root, key) else { continue };
                    match text {
                        list if ID_LISTS.contains(&list) => lay_list(below, value, "id", &DEEP, out),
                        "accept" => lay_list(below, value, "", &[], out),
                        "accepted-risks" => lay_list(below, value, "threat", &[], out),
                        "answers" => lay_list(below, value, "question", &[], out),
                        "library" => lay_library(below, value, out),
                        _ => *below = (*value).clone(),
                    }
                }
            }
        }
        if let Some(ids) = file.get("remove") {
            self.remove_listed(ids, out);
        }
    }

    /// Takes out what a list names.
    pub fn remove_listed(&mut self, list: &Node, out: &mut Vec<Diagnostic>) {
        let ids: Vec<(String, Span)> = yaml::one_or_list(list)
            .into_iter()
            .filter_map(|node| Some((yaml::name(node, out)?, node.span.clone())))
            .collect();
        self.remove(&ids, out);
    }

    /// Takes things out, with all that names them.
    pub fn remove(&mut self, ids: &[(String, Span)], out: &mut Vec<Diagnostic>) {
        // What is wrong with the library is said once, when the model is resolved.
        let library = self.load_library(&mut Vec::new()).library;
        removal::remove(&mut self.root, ids, &library, &mut self.log, out);
    }

    /// The library with the document's own section laid over it, as far as it can be read.
    pub fn load_library(&self, out: &mut Vec<Diagnostic>) -> Partial {
        library::load_partial(self.library, self.root.get("library"), out)
    }

    /// A copy to try a change on.
    pub fn trial(&self) -> Document<'a> {
        Document {
            root: self.root.clone(),
            sources: self.sources.clone(),
            log: Log::default(),
            library: self.library,
            resolver: self.resolver,
        }
    }
}

/// The value of a top-level key, made if it is not there.
fn section<'n>(root: &'n mut Node, key: &Key) -> Option<&'n mut Node> {
    root.entry_or(key, || Node { value: Value::Null, span: key.span.clone() })
}

fn check_version(node: &Node, out: &mut Vec<Diagnostic>) {
    if let Some(version) = yaml::number(node, out)
        && version != 1.0
    {
        let message = format!("format version {version} is not known");
        out.push(Diagnostic::new(Code::UnsupportedVersion, &node.span, message).help("this program reads version 1"));
    }
}

/// Lays a list of entries over another by id. Entries without a counterpart below are added; two entries of the same
/// layer never merge, so that a repeated id is still seen.
fn lay_list(base: &mut Node, over: &Node, id_key: &str, deep: &[&str], out: &mut Vec<Diagnostic>) {
    let (Value::List(have), Value::List(items)) = (&mut base.value, &over.value) else {
        *base = over.clone();
        return;
    };
    let mut below: BTreeMap<String, usize> = BTreeMap::new();
    for (at, entry) in have.iter().enumerate() {
        if let Some(id) = entry.text_of(id_key) {
            below.entry(id.to_owned()).or_insert(at);
        }
    }
    for item in items {
        let found = item.text_of(id_key).and_then(|id| below.get(id));
        match found.and_then(|at| have.get_mut(*at)) {
            Some(entry) => {
                report_repeated_keys(item, out);
                yaml::lay_over(entry, item, deep);
            }
            None => have.push(item.clone()),
        }
    }
    base.span = over.span.clone();
}

fn report_repeated_keys(entry: &Node, out: &mut Vec<Diagnostic>) {
    yaml::fields_with(entry, "an entry", |_| true, Vec::new, out);
}

fn lay_library(base: &mut Node, over: &Node, out: &mut Vec<Diagnostic>) {
    if !matches!((&base.value, &over.value), (Value::Map(_), Value::Map(_))) {
        *base = over.clone();
        return;
    }
    let Some(lists) = yaml::fields_with(over, "`library`", |_| true, Vec::new, out) else { return };
    for (key, value) in lists.entries() {
        let id_key = LISTS.iter().find(|(list, _)| *list == key.text).map_or("", |(_, id_key)| id_key);
        if let Some(below) = section(base, key) {
            lay_list(below, value, id_key, &["fields"], out);
        }
    }
}
