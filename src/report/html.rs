//! `report.html`: one self-contained file that may load nothing from anywhere. Everything can be read without scripts; the one
//! script there is sorts and filters tables and follows links to ways, and the page's policy lets no other run.

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::content::{self, Context, Detail};
use super::document::{Block, Document, Plot, Way, Ways};
use super::text::Piece;
use crate::study::Comparison;

/// The whole report.
pub fn report(comparison: &Comparison, context: &Context, plots: &[Plot]) -> Result<String, askama::Error> {
    render(&content::document(comparison, context, plots, Detail::PAGE))
}

/// A document as a page.
pub fn render(document: &Document) -> Result<String, askama::Error> {
    let script = format!("sha256-{}", STANDARD.encode(Sha256::digest(SCRIPT)));
    Page { document, version: super::VERSION, script, code: SCRIPT }.render()
}

/// The script; its hash is what the page's policy allows.
const SCRIPT: &str = include_str!("../../templates/report.js");

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    document: &'a Document,
    version: &'a str,
    script: String,
    code: &'a str,
}

impl Page<'_> {
    fn views(&self) -> impl Iterator<Item = BlockView<'_>> {
        self.document.blocks.iter().map(BlockView)
    }
}

/// One block; the plots are the only text that is not escaped, as they are written (and escaped) by us.
#[derive(Template)]
#[template(path = "block.html")]
struct BlockView<'a>(&'a Block);

impl BlockView<'_> {
    /// A class per position, so that the style sheet can light one way up.
    fn numbered(ways: &Ways) -> impl Iterator<Item = (usize, &Way)> {
        ways.ways.iter().enumerate()
    }

    fn inner(blocks: &[Block]) -> impl Iterator<Item = BlockView<'_>> {
        blocks.iter().map(BlockView)
    }
}
