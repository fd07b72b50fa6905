//! Answers put into words, tables, plots and files.
//!
//! Everything here is a pure function from a [`Comparison`](crate::study::Comparison) (or a part of it) to text or
//! bytes; only [`folder`] writes. A report is built once as [`document::Block`]s and rendered by three exporters, so
//! that the terminal, Markdown and HTML say the same. Every string of a model is untrusted: see [`escape`].

pub mod chance;
pub mod checklist;
pub mod comment;
pub mod content;
pub mod document;
pub mod drawing;
pub mod escape;
pub mod folder;
mod grid;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod number;
pub mod plots;
#[cfg(feature = "png")]
pub mod png;
pub mod prose;
pub mod sarif;
pub mod table;
pub mod terminal;
pub mod text;
mod trust_matrix;
pub mod words;
pub(crate) mod wrap;

/// Program version, stamped on every output.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
