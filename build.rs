//! Rebuilds when a file is added to or taken from the embedded folders.
#![allow(clippy::print_stdout, reason = "this is how a build script talks to cargo")]

fn main() {
    for folder in ["library", "scenarios"].iter().filter(|folder| std::path::Path::new(folder).is_dir()) {
        println!("cargo:rerun-if-changed={folder}");
    }
}
