//! A report as plain data: blocks that every exporter (terminal, Markdown, HTML) renders, so that all say the same.

use super::text::Text;

/// A titled sequence of blocks.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Title.
    pub title: Text,
    /// Contents.
    pub blocks: Vec<Block>,
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading of level 2, 3 or 4 with an anchor made by us, never by the model.
    Heading(u8, Text, String),
    /// A paragraph.
    Para(Text),
    /// Somebody's words, and whose.
    Quote(Text, Text),
    /// A list.
    Bullets(Vec<Item>),
    /// Numbered sentences.
    Steps(Vec<Item>),
    /// A table.
    Table(Table),
    /// A plot.
    Plot(Plot),
    /// Ways to one goal, drawn and told.
    Ways(Ways),
    /// Something to copy.
    Code(Vec<String>),
    /// A chart in the language of Mermaid, for Markdown alone; the text beside it says the same.
    Chart(String),
    /// What not every reader needs, behind one line.
    Fold(Text, Vec<Block>),
}

impl Block {
    /// A heading.
    pub fn heading(level: u8, text: Text, anchor: impl Into<String>) -> Block {
        Block::Heading(level, text, anchor.into())
    }
}

/// An entry of a list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Item {
    /// The entry.
    pub text: Text,
    /// What it rests on.
    pub sub: Vec<Text>,
}

impl From<Text> for Item {
    fn from(text: Text) -> Item {
        Item { text, sub: Vec::new() }
    }
}

/// A table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// Column titles.
    pub head: Vec<Column>,
    /// Rows, each as long as the head.
    pub rows: Vec<Vec<Text>>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Title.
    pub title: Text,
    /// Numbers stand to the right.
    pub right: bool,
}

impl Column {
    /// A column of text.
    pub fn left(title: impl AsRef<str>) -> Column {
        Column { title: Text::words(title), right: false }
    }

    /// A column of numbers.
    pub fn right(title: impl AsRef<str>) -> Column {
        Column { title: Text::words(title), right: true }
    }
}

/// A picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Plot {
    /// File name without its ending.
    pub stem: &'static str,
    /// What it shows.
    pub title: Text,
    /// The picture, which says itself how to read it.
    pub svg: String,
}

impl Plot {
    /// How wide it was drawn, in pixels, as the picture says itself; a page does not show it much smaller.
    pub fn width(&self) -> u32 {
        let width = self.svg.split_once("width=\"").and_then(|(_, rest)| rest.split_once('"'));
        width.and_then(|(width, _)| width.parse().ok()).unwrap_or(0)
    }
}

impl Plot {
    fn attribute(&self, name: &str) -> Option<i64> {
        let rest = self.svg.split_once(&format!(" {name}=\""))?.1;
        rest.split_once('"')?.0.parse().ok()
    }

    /// What its caption says, escaped for a page.
    pub fn caption(&self) -> &str {
        let inner = self.svg.split_once("<desc>").and_then(|(_, rest)| rest.split_once("</desc>"));
        inner.map_or("", |(caption, _)| caption)
    }

    /// The drawing without the title and the caption above it, for a page that tells them in words of its own: these can wrap, and do not scroll.
    pub fn below(&self) -> String {
        let (Some(head), Some(width), Some(height)) =
            (self.attribute("data-head"), self.attribute("width"), self.attribute("height"))
        else {
            return self.svg.clone();
        };
        let whole = format!("width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\"");
        let left = height - head;
        let shown = format!("width=\"{width}\" height=\"{left}\" viewBox=\"0 {head} {width} {left}\"");
        without_texts_above(&self.svg.replacen(&whole, &shown, 1), head as f64)
    }
}

/// The drawing without the texts above this height: what nobody sees, nobody should be read aloud either.
fn without_texts_above(svg: &str, head: f64) -> String {
    let (mut out, mut rest) = (String::with_capacity(svg.len()), svg);
    while let Some((before, text)) = rest.split_once("<text ") {
        out.push_str(before);
        let (text, after) = text.split_once("</text>").unwrap_or((text, ""));
        let y = text.split_once(" y=\"").and_then(|(_, y)| y.split_once('"')?.0.parse().ok());
        if y.is_none_or(|y: f64| y >= head) {
            out.push_str(&format!("<text {text}</text>"));
        }
        rest = after;
    }
    out + rest
}

/// The ways to one goal: a drawing of all of them, and each told.
#[derive(Debug, Clone, PartialEq)]
pub struct Ways {
    /// Anchor made by us; unique in a document.
    pub anchor: String,
    /// What they lead to.
    pub title: Text,
    /// How it can be reached, in a sentence.
    pub reach: Text,
    /// The drawing; the ways carry their position as class `w0`, `w1`, ...
    pub svg: Option<String>,
    /// The ways, likeliest first.
    pub ways: Vec<Way>,
}

/// One way.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    /// What must fail, how likely that is, how much work it is.
    pub summary: Text,
    /// Its steps.
    pub steps: Vec<Item>,
}

impl Ways {
    /// The same without the drawing, for exporters that cannot show one.
    pub fn told(&self) -> Vec<Block> {
        let mut blocks =
            vec![Block::Heading(4, self.title.clone(), self.anchor.clone()), Block::Para(self.reach.clone())];
        for (at, way) in self.ways.iter().enumerate() {
            let title = Text::words(format!("Way {}: ", at + 1)).join(way.summary.clone()).and(".");
            blocks.extend([Block::Para(title), Block::Steps(way.steps.clone())]);
        }
        blocks
    }
}
