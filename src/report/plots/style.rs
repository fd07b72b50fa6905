//! The one visual language of all plots: colours, fonts, sizes. Darker is always worse. In a dark theme the page gives these colours
//! others by their values (`templates/report.css`).

use plotters::style::RGBColor;

/// Families asked for, in order; the PNG writer brings a font of its own for the last.
pub const FONT: &str = "DejaVu Sans, Verdana, sans-serif";
/// Title, in pixels. The sizes are those that survive the plotting library's own scaling as whole numbers.
pub const TITLE: i32 = 18;
/// Row and column names.
pub const NAME: i32 = 14;
/// Values in cells.
pub const VALUE: i32 = 14;
/// Captions, legends, second lines.
pub const SMALL: i32 = 12;
/// Space around a picture.
pub const MARGIN: i32 = 20;
/// Width of the column of design names.
pub const NAMES: i32 = 280;
/// Least width of a picture: captions stay readable beside one column.
pub const LEAST: i32 = 760;

/// Text.
pub const INK: RGBColor = RGBColor(0x1d, 0x1f, 0x23);
/// Text on a light cell: nearly [`INK`], but a page in a dark theme must be able to tell it from text on the paper.
pub const INK_ON_LIGHT: RGBColor = RGBColor(0x1d, 0x1f, 0x22);
/// Text of less weight.
pub const FAINT: RGBColor = RGBColor(0x5b, 0x61, 0x6b);
/// Ground.
pub const PAPER: RGBColor = RGBColor(0xff, 0xff, 0xff);
/// Lines between things.
pub const LINE: RGBColor = RGBColor(0xc4, 0xc9, 0xd1);
/// Ground of what has no answer.
pub const VOID: RGBColor = RGBColor(0xee, 0xef, 0xf2);
/// Parties nobody in the model operates, and bars.
pub const ACCENT: RGBColor = RGBColor(0x2b, 0x62, 0x9c);

/// Where something lies with nine chances in ten.
pub const BAND: RGBColor = RGBColor(0xbd, 0xd3, 0xe8);

/// One hue, ever darker: also told apart in grey and by colour-blind eyes. On each, one of the inks has a contrast of at least 4.5 to 1.
pub const SHADES: [RGBColor; 7] = [
    RGBColor(0xfd, 0xf1, 0xe0),
    RGBColor(0xfb, 0xdc, 0xb5),
    RGBColor(0xf5, 0xbf, 0x85),
    RGBColor(0xe6, 0x98, 0x58),
    RGBColor(0xb8, 0x5a, 0x26),
    RGBColor(0x8f, 0x3f, 0x1b),
    RGBColor(0x62, 0x28, 0x10),
];

/// Ink that can be read on a ground.
pub fn ink_on(ground: RGBColor) -> RGBColor {
    // These two grow dark with the page, and so must what is written on them grow light.
    if ground == PAPER || ground == VOID {
        return INK;
    }
    let RGBColor(r, g, b) = ground;
    let light = 299 * u32::from(r) + 587 * u32::from(g) + 114 * u32::from(b);
    if light > 140_000 { INK_ON_LIGHT } else { PAPER }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A colour changed here and not there would be unreadable in a dark theme.
    #[test]
    fn the_dark_theme_knows_the_colours_of_the_paper() {
        let page = include_str!("../../../templates/report.css");
        for RGBColor(r, g, b) in [INK, FAINT, PAPER, LINE, VOID, ACCENT, BAND] {
            let value = format!("\"#{r:02X}{g:02X}{b:02X}\"]");
            assert!(page.contains(&value), "{value}");
        }
        assert_ne!(INK, INK_ON_LIGHT);
    }

    #[test]
    fn ink_can_be_read_on_every_shade() {
        let light = |RGBColor(r, g, b): RGBColor| {
            let share = |part: u8| {
                let part = f64::from(part) / 255.0;
                if part <= 0.04045 { part / 12.92 } else { libm::pow((part + 0.055) / 1.055, 2.4) }
            };
            0.2126 * share(r) + 0.7152 * share(g) + 0.0722 * share(b) + 0.05
        };
        for ground in SHADES {
            let (ground, ink) = (light(ground), light(ink_on(ground)));
            assert!(ground.max(ink) / ground.min(ink) >= 4.5, "{ground} {ink}");
        }
    }
}
