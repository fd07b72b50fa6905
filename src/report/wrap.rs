//! Breaking text into lines, for terminals (columns) and pictures (pixels) alike.

use unicode_width::UnicodeWidthStr;

/// A space inside of a name: no line ends there, if it can be helped.
pub const GLUE: char = '\u{a0}';

/// The words between which a line may end; a name too wide for a line of `room` columns falls apart at its own spaces.
pub fn words(text: &str, room: usize) -> impl Iterator<Item = &str> {
    text.split(' ').flat_map(move |word| {
        let splits = word.width() > room;
        word.split(move |c| splits && c == GLUE)
    })
}

/// Lines of at most `room` columns that break between words; a word that alone is too wide breaks as [`lines`] does.
pub fn filled(text: &str, room: usize) -> Vec<String> {
    let mut out: Vec<String> = vec![String::new()];
    for word in words(text, room) {
        let pieces = if word.width() <= room {
            vec![word.to_owned()]
        } else {
            lines(word, usize::MAX, &|text| text.width() <= room)
        };
        for (at, piece) in pieces.into_iter().enumerate() {
            match out.last_mut() {
                Some(line) if at == 0 && line.is_empty() => line.push_str(&piece),
                Some(line) if at == 0 && line.width() + 1 + piece.width() <= room => {
                    line.push(' ');
                    line.push_str(&piece);
                }
                _ => out.push(piece),
            }
        }
    }
    out.into_iter().map(|line| line.replace(GLUE, " ")).collect()
}

/// A text whose lines are no wider than this; what goes on below stands under its beginning, or under the value of a `key   value` line.
pub fn indented(text: &str, width: usize) -> String {
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        let (body, end) = line.strip_suffix('\n').map_or((line, ""), |body| (body, "\n"));
        let lead = body.len() - body.trim_start().len();
        let value = body.trim_start().find("  ").map(|at| lead + at).filter(|at| *at < width / 2);
        let under = value.map_or(lead, |at| body.len() - body[at..].trim_start().len());
        let indent = " ".repeat(body.get(..under).map_or(0, UnicodeWidthStr::width));
        let (head, rest) = body.split_at(under);
        let lines = filled(rest, width.saturating_sub(indent.len()).max(20));
        out.push_str(head);
        out.push_str(&lines.join(&format!("\n{indent}")));
        out.push_str(end);
    }
    out
}

/// Longest text looked at, in characters: nothing shown is longer.
const LONGEST: usize = 2000;

/// Lines that all fit. They break at spaces and after `-`, `.`, `/`; within a word only where it alone does not fit.
///
/// Beyond `most` lines the last ends in an ellipsis.
pub fn lines(text: &str, most: usize, fits: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut out = vec![String::new()];
    for part in parts(text, fits) {
        match out.last_mut() {
            Some(line) if line.is_empty() || fits(format!("{line}{part}").trim_end()) => line.push_str(&part),
            _ => out.push(part),
        }
        if out.len() > most {
            break;
        }
    }
    let cut = out.len() > most;
    out.truncate(most.max(1));
    let mut out: Vec<String> = out.iter().map(|line| line.trim().to_owned()).collect();
    if let (true, Some(last)) = (cut, out.last_mut()) {
        *last = shortened(last, fits);
    }
    out
}

/// The text on one line, with an ellipsis where it does not fit.
pub fn fitted(text: &str, fits: &dyn Fn(&str) -> bool) -> String {
    if fits(text) { text.to_owned() } else { shortened(text, fits) }
}

/// The widest word, in columns: what a column needs at least.
pub fn widest_word(text: &str) -> usize {
    words(text, usize::MAX).map(UnicodeWidthStr::width).max().unwrap_or(0)
}

/// Drops characters until the rest fits with an ellipsis.
fn shortened(text: &str, fits: &dyn Fn(&str) -> bool) -> String {
    let mut head: String = text.chars().take(LONGEST).collect();
    while !head.is_empty() && !fits(&format!("{head}…")) {
        head.pop();
    }
    format!("{}…", head.trim_end())
}

/// Pieces a line may end after; each fits unless a single character does not.
fn parts(text: &str, fits: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut parts = vec![String::new()];
    for c in text.chars().take(LONGEST) {
        let Some(part) = parts.last_mut() else { break };
        let breaks = part.ends_with(' ') && c != ' ' || part.ends_with(['-', '.', '/']) && c.is_alphabetic();
        part.push(c);
        if part.chars().nth(1).is_some() && (breaks || c != ' ' && !fits(part)) {
            part.pop();
            parts.push(c.to_string());
        }
    }
    parts
}
