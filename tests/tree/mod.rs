//! The text files of this repository, for tests that read it.

use std::path::Path;

/// One text file.
pub struct TextFile {
    /// Path from the root of the repository, with forward slashes.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Every UTF-8 file below `folder` ("" is the root), by path. Hidden build and version-control data and generated output are left out.
pub fn text_files(folder: &str) -> Vec<TextFile> {
    let mut found = Vec::new();
    visit(Path::new(env!("CARGO_MANIFEST_DIR")), folder, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!found.is_empty(), "no text file below `{folder}`");
    found
}

fn visit(root: &Path, folder: &str, found: &mut Vec<TextFile>) {
    for entry in std::fs::read_dir(root.join(folder)).expect("a readable folder") {
        let entry = entry.expect("a readable entry");
        let name = entry.file_name().into_string().expect("a UTF-8 file name");
        if folder.is_empty() && matches!(name.as_str(), ".git" | "target" | "cotenant-report") {
            continue;
        }
        let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        if entry.file_type().expect("a file type").is_dir() {
            visit(root, &path, found);
        } else if let Ok(text) = std::fs::read_to_string(entry.path()) {
            found.push(TextFile { path, text });
        }
    }
}
