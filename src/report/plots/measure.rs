//! How wide text is, without reading a font: advance widths of DejaVu Sans, the widest of the families asked for.

use unicode_width::UnicodeWidthChar;

use crate::report::wrap;

/// Advance widths of the printable ASCII characters, in thousandths of the size.
const WIDTHS: [u16; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636,
    636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863,
    748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635,
    615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636,
    337, 636, 838,
];

/// Width of a text at a size, in pixels, rounded up.
pub fn width(text: &str, size: i32) -> i32 {
    let thousandths: i32 = text.chars().map(|c| i32::from(advance(c))).sum();
    (thousandths * size).div_euclid(1000) + 1
}

fn advance(c: char) -> u16 {
    let ascii = (c as usize).checked_sub(32).and_then(|at| WIDTHS.get(at)).copied();
    ascii.unwrap_or_else(|| c.width().unwrap_or(1) as u16 * 700)
}

/// At most `most` lines of at most `room` pixels; what does not fit ends in an ellipsis.
pub fn wrap(text: &str, size: i32, room: i32, most: usize) -> Vec<String> {
    wrap::lines(text, most, &|line| width(line, size) <= room)
}

/// A name on at most two lines; what is still too long loses its middle, as names that are alike mostly differ at their ends.
pub fn halved(text: &str, size: i32, room: i32) -> Vec<String> {
    let fits = |line: &str| width(line, size) <= room;
    let lines = wrap(text, size, room, 2);
    if !lines.last().is_some_and(|line| line.ends_with('…') && !text.ends_with('…')) {
        return lines;
    }
    let mut end: Vec<char> = Vec::new();
    for c in text.chars().rev() {
        let longer: String = std::iter::once('…').chain(std::iter::once(c)).chain(end.iter().rev().copied()).collect();
        if !fits(&longer) {
            break;
        }
        end.push(c);
    }
    let first = lines.into_iter().next().unwrap_or_default();
    vec![first, std::iter::once('…').chain(end.into_iter().rev()).collect()]
}

/// The text on one line, with an ellipsis where it does not fit.
pub fn fitted(text: &str, size: i32, room: i32) -> String {
    wrap::fitted(text, &|line| width(line, size) <= room)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_at_their_ends_stay_apart() {
        let name = |end: &str| format!("my-index-with-a-name-of-precisely-{}-{end}", "forty-".repeat(12));
        let [one, two] = ["v1", "v2"].map(|end| halved(&name(end), 14, 240));
        assert_eq!((one.len(), two.len()), (2, 2));
        assert_ne!(one, two);
        assert!(one[1].starts_with('…') && one[1].ends_with("-v1") && width(&one[1], 14) <= 240, "{one:?}");
        assert_eq!(halved("short", 14, 240), ["short"]);
    }
}
