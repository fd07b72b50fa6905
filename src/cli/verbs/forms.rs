//! One answer in its forms: for people, as CSV, as JSON, and with its plots in a folder.

use std::path::Path;

use crate::cli::{Failure, output};
use crate::report::document::{Block, Plot};
use crate::report::folder::{self, File};

/// An answer, put into a form when that is asked for.
pub struct Forms<'a> {
    /// Name of its files, without their endings.
    pub stem: &'static str,
    /// For people.
    pub blocks: &'a dyn Fn() -> Vec<Block>,
    /// As a table.
    pub csv: &'a dyn Fn() -> Result<String, Failure>,
    /// For programs.
    pub json: &'a dyn Fn() -> Result<String, Failure>,
}

impl Forms<'_> {
    /// Writes tables and plots into a folder, as reports are written.
    ///
    /// # Errors
    /// A file of another origin is in the way, or the system refuses.
    pub fn write(&self, out: &Path, plots: &[Plot], png: bool) -> Result<(), Failure> {
        let file =
            |ending: &str, text: String| File { name: format!("{}.{ending}", self.stem), bytes: text.into_bytes() };
        let mut files = vec![file("csv", (self.csv)()?), file("json", (self.json)()?)];
        for plot in plots {
            let mut contents = folder::Contents::default();
            contents.add_plot(plot, png);
            contents.failed.iter().for_each(|why| output::note(why));
            files.extend(contents.files);
        }
        let written = folder::write_files(out, &files).map_err(unwritten)?;
        output::note(&format!("Wrote {} files to {}", written.len() + 1, out.display()));
        Ok(())
    }
}

/// The failure to write something.
pub fn unwritten(why: impl std::fmt::Display) -> Failure {
    Failure::Io(format!("error: {why}"))
}
