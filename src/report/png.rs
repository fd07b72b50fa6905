//! PNG copies of the plots: the same picture, drawn with an embedded font and no font of the system.

use std::fmt;
use std::sync::Arc;

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

/// Pixels per unit of the SVG.
pub const SCALE: f32 = 2.0;
/// The one colour of bold text in the plots.
const BOLD: &str = "#1D1F23";
/// Longest side drawn, in pixels.
const LARGEST: f32 = 16_000.0;

/// A picture could not be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PngError(String);

impl fmt::Display for PngError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PNG not drawn: {}", self.0)
    }
}

impl std::error::Error for PngError {}

/// The picture as PNG bytes; one too large at [`SCALE`] is drawn smaller.
pub fn render(svg: &str) -> Result<Vec<u8>, PngError> {
    let error = |what: String| PngError(what);
    let tree = Tree::from_str(&embolden(svg), &options()).map_err(|problem| error(problem.to_string()))?;
    let size = tree.size();
    let scale = SCALE.min(LARGEST / size.width().max(size.height()));
    let (width, height) = ((size.width() * scale).ceil() as u32, (size.height() * scale).ceil() as u32);
    let mut pixels = Pixmap::new(width, height).ok_or_else(|| error(format!("{width} x {height} pixels")))?;
    pixels.fill(Color::WHITE);
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(|problem| error(problem.to_string()))
}

/// The embedded font has one weight: bold text gets an outline of its own colour.
fn embolden(svg: &str) -> String {
    svg.replace(" font-weight=\"bold\"", &format!(" stroke=\"{BOLD}\" stroke-width=\"0.5\""))
}

fn options() -> Options<'static> {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(epaint_default_fonts::UBUNTU_LIGHT.to_vec());
    let family = fonts.faces().next().and_then(|face| face.families.first()).map(|(name, _)| name.clone());
    let mut options = Options::default();
    if let Some(family) = family {
        fonts.set_sans_serif_family(family.clone());
        options.font_family = family;
    }
    options.fontdb = Arc::new(fonts);
    options
}
