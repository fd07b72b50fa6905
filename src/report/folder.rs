//! Writing a report folder, without ever touching a file that an earlier run did not write.
//!
//! The folder carries a manifest of what was written, with its hash. A folder without one is used only if it is empty;
//! with one, the files it lists are replaced or removed as long as nobody changed them since, and any other file of a name
//! we need is an error. Every file appears whole or not at all (a temporary file in the same folder, then a rename).

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::content::{Context, brief};
use super::{checklist, html, json, markdown, plots, terminal};
use crate::diagnostic::refusal;
use crate::study::Comparison;

/// Name of the manifest.
pub const MANIFEST: &str = "manifest.json";

/// One file of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name, without folders.
    pub name: String,
    /// Its contents.
    pub bytes: Vec<u8>,
}

/// The files of a report, and what could not be made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    /// Ready to be written.
    pub files: Vec<File>,
    /// One sentence per part that failed; the others stand without it.
    pub failed: Vec<String>,
}

impl Contents {
    /// A plot as SVG, and as PNG if asked for.
    pub fn add_plot(&mut self, plot: &super::document::Plot, png: bool) {
        self.add(format!("{}.svg", plot.stem), Ok::<_, io::Error>(plot.svg.clone().into_bytes()));
        if png {
            add_png(self, plot);
        }
    }

    fn add(&mut self, name: impl Into<String>, bytes: Result<Vec<u8>, impl fmt::Display>) {
        let name = name.into();
        match bytes {
            Ok(bytes) => self.files.push(File { name, bytes }),
            Err(error) => self.failed.push(format!("{name}: {error}")),
        }
    }
}

/// Everything a report folder holds; PNG copies of the plots only if asked for.
pub fn contents(comparison: &Comparison, context: &Context, options: &Options) -> Contents {
    let (drawn, errors) = plots::all(comparison);
    let mut all = Contents { files: Vec::new(), failed: errors.iter().map(ToString::to_string).collect() };
    let text = markdown::report(comparison, context, &drawn, options.fit);
    all.add("report.md", Ok::<_, io::Error>(text.into_bytes()));
    let brief = terminal::render(&brief::blocks(comparison, context), brief::WIDTH);
    all.add("brief.txt", Ok::<_, io::Error>(brief.into_bytes()));
    let questions = checklist::markdown(comparison, context);
    all.add("questions.md", Ok::<_, io::Error>(questions.into_bytes()));
    all.add("questions.csv", checklist::csv(comparison).map(String::into_bytes));
    all.add("report.html", html::report(comparison, context, &drawn).map(String::into_bytes));
    all.add("compare.json", json::compare(comparison, "compare").render().map(String::into_bytes));
    drawn.iter().for_each(|plot| all.add_plot(plot, options.png));
    all
}

#[cfg(feature = "png")]
fn add_png(all: &mut Contents, plot: &super::document::Plot) {
    all.add(format!("{}.png", plot.stem), super::png::render(&plot.svg));
}

#[cfg(not(feature = "png"))]
fn add_png(all: &mut Contents, plot: &super::document::Plot) {
    all.failed.push(format!("{}.png: this program was built without the feature png", plot.stem));
}

/// A folder could not be written.
#[derive(Debug)]
pub enum FolderError {
    /// It holds files and no manifest of ours.
    NotOurs(PathBuf),
    /// A file of that name is there and no earlier run wrote it.
    Foreign(PathBuf),
    /// An earlier run wrote it, and somebody changed it since.
    Changed(PathBuf),
    /// The manifest cannot be read as one.
    Manifest(PathBuf, String),
    /// A name that does not belong into a report folder.
    Name(String),
    /// It is a file, and a folder is meant.
    File(PathBuf),
    /// The system refused.
    Io(PathBuf, io::Error),
}

impl fmt::Display for FolderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |path: &Path| super::escape::terminal(&path.display().to_string());
        match self {
            FolderError::NotOurs(path) => {
                write!(f, "`{}` is not empty and holds no report of ours: nothing was written", shown(path))
            }
            FolderError::Foreign(path) => {
                write!(f, "`{}` exists already, and is not ours to replace: nothing was written", shown(path))
            }
            FolderError::Changed(path) => {
                let path = shown(path);
                write!(
                    f,
                    "`{path}` was changed since a report was written there: nothing was written; move it, or name another folder"
                )
            }
            FolderError::Manifest(path, what) => write!(f, "`{}` is not a manifest of a report: {what}", shown(path)),
            FolderError::Name(name) => {
                write!(f, "`{}` cannot be the name of a report file", super::escape::terminal(name))
            }
            FolderError::File(path) => write!(f, "`{}` is a file: name a folder for the report", shown(path)),
            FolderError::Io(path, error) => write!(f, "cannot write `{}`: {}", shown(path), refusal(error)),
        }
    }
}

impl std::error::Error for FolderError {}

/// Names with the hashes that their contents may have: two while a run replaces one by the other.
type Listed = BTreeMap<String, BTreeSet<String>>;

/// What was written: one format version, the program's, the files.
#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    #[serde(rename = "cotenant-report")]
    format: u32,
    cotenant: String,
    files: Listed,
}

/// Version of the manifest's format.
const FORMAT: u32 = 2;

fn hash(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().fold(String::from("sha256:"), |text, byte| text + &format!("{byte:02x}"))
}

/// What to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Plots also as PNG.
    pub png: bool,
    /// Characters that `report.md` may have.
    pub fit: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options { png: false, fit: markdown::FITS }
    }
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// Paths, in order.
    pub files: Vec<PathBuf>,
    /// One sentence per part that could not be made; the others stand without it.
    pub failed: Vec<String>,
}

impl Written {
    /// How many files.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// None at all.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

/// Writes the report on a comparison into the folder, which is made if it is missing.
pub fn write(
    folder: &Path,
    comparison: &Comparison,
    context: &Context,
    options: &Options,
) -> Result<Written, FolderError> {
    let contents = contents(comparison, context, options);
    Ok(Written { files: write_files(folder, &contents.files)?, failed: contents.failed })
}

/// Writes files into the folder, under the same rules; returns their paths, in order.
pub fn write_files(folder: &Path, files: &[File]) -> Result<Vec<PathBuf>, FolderError> {
    let after: Listed = files.iter().map(|file| (file.name.clone(), BTreeSet::from([hash(&file.bytes)]))).collect();
    after.keys().try_for_each(|name| plain(name))?;
    let before = ours(folder)?;
    for name in after.keys().filter(|name| !before.contains_key(*name)) {
        let path = folder.join(name);
        if fs::symlink_metadata(&path).is_ok() {
            return Err(FolderError::Foreign(path));
        }
    }
    for (name, hashes) in &before {
        unchanged(folder.join(name), hashes)?;
    }
    fs::create_dir_all(folder).map_err(|error| FolderError::Io(folder.to_owned(), error))?;
    // While files come and go the manifest knows both: a run that is cut short leaves nothing we would not know again.
    let mut both = before.clone();
    after.iter().for_each(|(name, hashes)| both.entry(name.clone()).or_default().extend(hashes.iter().cloned()));
    manifest(folder, both)?;
    for file in files {
        put(folder, &file.name, &file.bytes, before.contains_key(&file.name))?;
    }
    for name in before.keys().filter(|name| !after.contains_key(*name)) {
        remove(&folder.join(name))?;
    }
    manifest(folder, after)?;
    Ok(files.iter().map(|file| folder.join(&file.name)).collect())
}

/// Does an earlier run's report stand in this folder?
pub fn holds_report(folder: &Path) -> bool {
    folder.join(MANIFEST).is_file()
}

/// A file as an earlier run left it; one that is gone has nothing to lose.
fn unchanged(path: PathBuf, hashes: &BTreeSet<String>) -> Result<(), FolderError> {
    match fs::symlink_metadata(&path).and_then(|found| if found.is_file() { fs::read(&path) } else { Ok(Vec::new()) }) {
        Ok(bytes) if hashes.contains(&hash(&bytes)) => Ok(()),
        Ok(_) => Err(FolderError::Changed(path)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(FolderError::Io(path, error)),
    }
}

/// What an earlier run wrote; an error if there is anything in the folder but no manifest.
fn ours(folder: &Path) -> Result<Listed, FolderError> {
    let path = folder.join(MANIFEST);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(_) if folder.is_file() => return Err(FolderError::File(folder.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return empty(folder).map(|()| Listed::new()),
        Err(error) => return Err(FolderError::Io(path, error)),
    };
    let read: Result<Manifest, _> = serde_json::from_str(&text);
    let manifest = read.map_err(|error| FolderError::Manifest(path.clone(), error.to_string()))?;
    if manifest.format != FORMAT {
        return Err(FolderError::Manifest(path, format!("format {} is not known", manifest.format)));
    }
    manifest.files.keys().try_for_each(|name| plain(name))?;
    Ok(manifest.files)
}

/// There is nothing in it, or it is not there.
fn empty(folder: &Path) -> Result<(), FolderError> {
    match fs::read_dir(folder).map(Iterator::count) {
        Ok(0) => Ok(()),
        Ok(_) => Err(FolderError::NotOurs(folder.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(FolderError::Io(folder.to_owned(), error)),
    }
}

/// A name of ours: letters, digits, `.`, `-`, `_`, no leading dot, not the manifest itself.
fn plain(name: &str) -> Result<(), FolderError> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let good = !name.is_empty()
        && name.len() <= 100
        && name.chars().all(allowed)
        && !name.starts_with('.')
        && name != MANIFEST;
    if good { Ok(()) } else { Err(FolderError::Name(name.to_owned())) }
}

fn manifest(folder: &Path, files: Listed) -> Result<(), FolderError> {
    let error = |error: serde_json::Error| FolderError::Manifest(folder.join(MANIFEST), error.to_string());
    let text = serde_json::to_string_pretty(&Manifest { format: FORMAT, cotenant: super::VERSION.to_owned(), files })
        .map_err(error)?
        + "\n";
    put(folder, MANIFEST, text.as_bytes(), true)
}

/// Writes a single file, whole or not at all. One that is there is replaced only if `replace` says so.
///
/// # Errors
/// The file is there and may not be replaced, or the system refuses.
pub fn write_file(path: &Path, bytes: &[u8], replace: bool) -> Result<(), FolderError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match path.file_name().and_then(|name| name.to_str()) {
        Some(name) => put(folder, name, bytes, replace),
        None => Err(FolderError::Name(path.display().to_string())),
    }
}

/// One file, whole or not at all; what is not ours to replace stays, even if it came while we were writing.
fn put(folder: &Path, name: &str, bytes: &[u8], replace: bool) -> Result<(), FolderError> {
    let path = folder.join(name);
    let written = temporary(folder).and_then(|mut file| {
        io::Write::write_all(&mut file, bytes)?;
        file.as_file().sync_all()?;
        let kept = if replace { file.persist(&path) } else { file.persist_noclobber(&path) };
        kept.map_err(|error| error.error)
    });
    written.map(|_| ()).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists if !replace => FolderError::Foreign(path),
        _ => FolderError::Io(path, error),
    })
}

/// Readable as any file the user makes, which temporary files otherwise are not.
fn temporary(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".cotenant-").suffix(".part");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

fn remove(path: &Path) -> Result<(), FolderError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(FolderError::Io(path.to_owned(), error)),
        _ => Ok(()),
    }
}
