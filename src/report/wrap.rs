//! Breaking text into lines, for terminals (columns) and pictures (pixels) alike.

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

/// The longest piece that no line may break: what a column needs at least.
pub fn longest_piece(text: &str, width: &dyn Fn(&str) -> usize) -> usize {
    parts(text, &|_| true).iter().map(|part| width(part.trim_end())).max().unwrap_or(0)
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
