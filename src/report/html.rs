//! `report.html`: one self-contained file, without scripts, that may load nothing from anywhere.

use askama::Template;

use super::content::{self, Context, Detail};
use super::document::{Block, Document, Plot};
use super::text::Piece;
use crate::study::Comparison;

/// The whole report.
pub fn report(comparison: &Comparison, context: &Context, plots: &[Plot]) -> Result<String, askama::Error> {
    render(&content::document(comparison, context, plots, Detail::FULL))
}

/// A document as a page.
pub fn render(document: &Document) -> Result<String, askama::Error> {
    Page { document, version: super::VERSION }.render()
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    document: &'a Document,
    version: &'a str,
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
    fn inner(blocks: &[Block]) -> impl Iterator<Item = BlockView<'_>> {
        blocks.iter().map(BlockView)
    }
}
