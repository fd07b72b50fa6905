//! A thin layer over the plotting library: rectangles, marks and text at whole pixels.

use std::fmt;

use plotters::backend::SVGBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{Circle, Drawable, PathElement, PointCollection, Polygon, Rectangle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontStyle, IntoFont, RGBColor, ShapeStyle, TextStyle};

use super::measure;
use super::style;
use crate::report::escape;

/// A plot could not be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlotError(String);

impl fmt::Display for PlotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "plot not drawn: {}", self.0)
    }
}

impl std::error::Error for PlotError {}

/// Where a text hangs on its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hang {
    /// It begins there.
    Start,
    /// It is centred there.
    Middle,
    /// It ends there.
    End,
}

/// A rectangle: left, top, width, height.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rect {
    /// Left.
    pub x: i32,
    /// Top.
    pub y: i32,
    /// Width.
    pub w: i32,
    /// Height.
    pub h: i32,
}

impl Rect {
    /// Its middle.
    pub fn middle(self) -> (i32, i32) {
        (self.x + self.w / 2, self.y + self.h / 2)
    }

    /// Smaller by `by` on every side.
    pub fn inset(self, by: i32) -> Rect {
        Rect { x: self.x + by, y: self.y + by, w: self.w - 2 * by, h: self.h - 2 * by }
    }
}

/// A picture being drawn; the first error is kept and given back at the end.
pub struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
    error: Option<PlotError>,
    /// Where title and caption end.
    head: i32,
}

/// Draws a picture of a size and returns its text, with title and description for those who cannot see it.
pub fn picture(
    size: (i32, i32),
    title: &str,
    description: &str,
    draw: impl FnOnce(&mut Canvas<'_>),
) -> Result<String, PlotError> {
    let mut svg = String::new();
    let head = drawn(&mut svg, size, draw)?;
    Ok(described(&svg, head, title, description))
}

/// Draws, and says where title and caption end.
fn drawn(svg: &mut String, size: (i32, i32), draw: impl FnOnce(&mut Canvas<'_>)) -> Result<i32, PlotError> {
    let pixels = (size.0.unsigned_abs().max(1), size.1.unsigned_abs().max(1));
    let area = SVGBackend::with_string(svg, pixels).into_drawing_area();
    let mut canvas = Canvas { area, error: None, head: 0 };
    canvas.fill(Rect { x: 0, y: 0, w: size.0, h: size.1 }, style::PAPER);
    draw(&mut canvas);
    let presented = canvas.area.present();
    canvas.keep(presented);
    match canvas.error {
        Some(error) => Err(error),
        None => Ok(canvas.head),
    }
}

/// Puts title and description right after the opening tag, and into it where the drawing itself begins: a page that tells both in words of its own
/// shows only what is below.
fn described(svg: &str, head: i32, title: &str, description: &str) -> String {
    let (tag, rest) = svg.split_once(">\n").unwrap_or((svg, ""));
    let (title, description) = (escape::svg(title), escape::html(description));
    format!("{tag} data-head=\"{head}\" role=\"img\">\n<title>{title}</title>\n<desc>{description}</desc>\n{rest}")
}

impl Canvas<'_> {
    fn keep<E: fmt::Display>(&mut self, result: Result<(), E>) {
        if let (Err(error), None) = (result, &self.error) {
            self.error = Some(PlotError(error.to_string()));
        }
    }

    fn draw<'e, E>(&mut self, element: &'e E)
    where
        &'e E: PointCollection<'e, (i32, i32)>,
        for<'b> E: Drawable<SVGBackend<'b>>,
    {
        let result = self.area.draw(element);
        self.keep(result);
    }

    /// A filled rectangle.
    pub fn fill(&mut self, at: Rect, colour: RGBColor) {
        self.draw(&Rectangle::new([(at.x, at.y), (at.x + at.w, at.y + at.h)], colour.filled()));
    }

    /// The outline of a rectangle.
    pub fn frame(&mut self, at: Rect, colour: RGBColor) {
        self.draw(&Rectangle::new([(at.x, at.y), (at.x + at.w, at.y + at.h)], ShapeStyle::from(&colour)));
    }

    /// A line.
    pub fn line(&mut self, from: (i32, i32), to: (i32, i32), colour: RGBColor, width: u32) {
        self.draw(&PathElement::new([from, to], colour.stroke_width(width)));
    }

    /// A line through points.
    pub fn path(&mut self, points: &[(i32, i32)], colour: RGBColor, width: u32) {
        self.draw(&PathElement::new(points.to_vec(), colour.stroke_width(width)));
    }

    /// A filled shape with these corners.
    pub fn shape(&mut self, corners: &[(i32, i32)], colour: RGBColor) {
        self.draw(&Polygon::new(corners.to_vec(), colour.filled()));
    }

    /// Diagonal lines, clipped to the rectangle.
    pub fn hatch(&mut self, at: Rect, colour: RGBColor) {
        let mut offset = 6 - at.h;
        while offset < at.w {
            let from = (offset.max(0), at.h.min(at.h + offset));
            let to = ((offset + at.h).min(at.w), (offset + at.h - at.w).max(0));
            self.line((at.x + from.0, at.y + from.1), (at.x + to.0, at.y + to.1), colour, 2);
            offset += 12;
        }
    }

    /// A filled circle.
    pub fn circle(&mut self, middle: (i32, i32), radius: i32, colour: RGBColor) {
        self.draw(&Circle::new(middle, radius, colour.filled()));
    }

    /// A filled square standing on a corner.
    pub fn diamond(&mut self, (x, y): (i32, i32), radius: i32, colour: RGBColor) {
        let corners = [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)];
        self.draw(&Polygon::new(corners, colour.filled()));
    }

    /// Text whose middle line runs through the point; made harmless here, whatever it is.
    pub fn text(&mut self, text: &str, at: (i32, i32), hang: Hang, size: i32, colour: RGBColor) {
        self.write(text, at, hang, size, colour, FontStyle::Normal);
    }

    /// Text that stands out.
    pub fn bold(&mut self, text: &str, at: (i32, i32), hang: Hang, size: i32, colour: RGBColor) {
        self.write(text, at, hang, size, colour, FontStyle::Bold);
    }

    fn write(&mut self, text: &str, at: (i32, i32), hang: Hang, size: i32, colour: RGBColor, weight: FontStyle) {
        let h_pos = match hang {
            Hang::Start => HPos::Left,
            Hang::Middle => HPos::Center,
            Hang::End => HPos::Right,
        };
        // The plotting library divides by this again.
        let font = (style::FONT, f64::from(size) * 1.24).into_font().style(weight);
        let text_style = TextStyle::from(font).color(&colour).pos(Pos::new(h_pos, VPos::Center));
        let harmless = escape::clip(&escape::visible(text), escape::SENTENCE);
        let result = self.area.draw_text(&harmless, &text_style, at);
        self.keep(result);
    }

    /// Wrapped text in lines, the block as a whole centred on `y`.
    pub fn lines(&mut self, lines: &[String], (x, y): (i32, i32), hang: Hang, size: i32, colour: RGBColor) {
        let pitch = size + 4;
        let top = y - pitch * (lines.len() as i32 - 1) / 2;
        for (at, line) in lines.iter().enumerate() {
            self.text(line, (x, top + pitch * at as i32), hang, size, colour);
        }
    }

    /// Title and caption at the top; returns where the rest may begin.
    pub fn header(&mut self, header: &Header) -> i32 {
        let mut y = style::MARGIN + style::TITLE / 2;
        for line in &header.title {
            self.bold(line, (style::MARGIN, y), Hang::Start, style::TITLE, style::INK);
            y += style::TITLE + 6;
        }
        for line in &header.caption {
            self.text(line, (style::MARGIN, y), Hang::Start, style::SMALL, style::FAINT);
            y += style::SMALL + 5;
        }
        self.head = header.height;
        header.height
    }
}

/// Title and caption, wrapped for a width before the picture's height is known.
pub struct Header {
    title: Vec<String>,
    caption: Vec<String>,
    /// Where the rest of the picture begins.
    pub height: i32,
}

impl Header {
    /// For a picture of this width.
    pub fn new(title: &str, caption: &str, width: i32) -> Header {
        let room = width - 2 * style::MARGIN;
        // Bold runs wider than the widths known.
        let title = measure::wrap(title, style::TITLE, room * 9 / 10, 3);
        let caption = measure::wrap(caption, style::SMALL, room, 8);
        let height = style::MARGIN
            + title.len() as i32 * (style::TITLE + 6)
            + caption.len() as i32 * (style::SMALL + 5)
            + style::MARGIN / 2;
        Header { title, caption, height }
    }
}

/// Names of the rows of every plot: the design, and its title below.
pub fn design_name(canvas: &mut Canvas<'_>, at: Rect, design: &str, title: &str) {
    let (design, title) = (escape::visible(design), escape::visible(title));
    // Names tell rows apart, often by how they end: on two lines if need be, cut in the middle if that is not enough.
    let name = measure::halved(&design, style::NAME, at.w * 9 / 10);
    let room = ((at.h - 6 - name.len() as i32 * (style::NAME + 3)) / (style::SMALL + 4)).clamp(0, 2) as usize;
    let below = if room == 0 { Vec::new() } else { measure::wrap(&title, style::SMALL, at.w - 12, room) };
    let (pitch, bold) = (style::SMALL + 4, style::NAME + 3);
    let (_, middle) = at.middle();
    let mut y = middle - (bold * (name.len() as i32 - 1) + pitch * below.len() as i32) / 2;
    for line in &name {
        canvas.bold(line, (at.x, y), Hang::Start, style::NAME, style::INK);
        y += bold;
    }
    y += pitch - bold;
    for line in &below {
        canvas.text(line, (at.x, y), Hang::Start, style::SMALL, style::FAINT);
        y += pitch;
    }
}

/// Column names, wrapped, with the height that the longest needs.
pub struct Heads {
    lines: Vec<Vec<String>>,
    /// Height of the row of names.
    pub height: i32,
}

impl Heads {
    /// For columns of this width.
    pub fn new<'n>(names: impl IntoIterator<Item = &'n str>, width: i32) -> Heads {
        let wrap = |name| measure::wrap(&escape::visible(name), style::SMALL, width - 8, 4);
        let lines: Vec<Vec<String>> = names.into_iter().map(wrap).collect();
        let most = lines.iter().map(Vec::len).max().unwrap_or(1) as i32;
        Heads { lines, height: most * (style::SMALL + 4) + 18 }
    }

    /// Draws them on a common base line; `x` is where each column's text hangs.
    pub fn draw(&self, canvas: &mut Canvas<'_>, top: i32, hang: Hang, x: impl Fn(usize) -> i32) {
        for (at, lines) in self.lines.iter().enumerate() {
            let y = top + self.height - 8 - (style::SMALL + 4) * lines.len() as i32 / 2;
            canvas.lines(lines, (x(at), y), hang, style::SMALL, style::INK);
        }
    }
}
