//! Colour with meaning, on a terminal only: headings stand out, rules step back, and the words of a verdict say at a glance which way it went.
//!
//! What is painted is the finished text, so that it is the same with colour and without; whoever pipes it sees none of this.

use anstyle::{AnsiColor, Style};

const BAD: Style = AnsiColor::Red.on_default().bold();
const WARY: Style = AnsiColor::Yellow.on_default();
const GOOD: Style = AnsiColor::Green.on_default();

/// Words that are a whole cell of a table, and what they mean for those who want to be safe.
const WORDS: [(&str, Style); 8] = [
    ("fail", BAD),
    ("worse", BAD),
    ("grant", BAD),
    ("undecided", WARY),
    ("accepted", WARY),
    ("exploit", WARY),
    ("pass", GOOD),
    ("unreachable", GOOD),
];

/// The text with its colours. Lines that are no heading and no row of a table stay as they are, so data in other formats does too.
pub fn paint(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for line in text.split_inclusive('\n') {
        let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        out.push_str(&painted(line));
        out.push_str(end);
    }
    out
}

fn painted(line: &str) -> String {
    let whole = |style: Style| format!("{style}{line}{style:#}");
    if line.starts_with("== ") || line.starts_with("-- ") {
        return whole(Style::new().bold());
    }
    match line.strip_prefix(' ') {
        Some(rule) if rule.contains("---") && rule.bytes().all(|byte| matches!(byte, b'-' | b' ')) => {
            whole(Style::new().dimmed())
        }
        Some(row) => format!(" {}", cells(row)),
        None => line.to_owned(),
    }
}

/// A row with the words that mean something painted. Cells are told apart by two spaces or more.
fn cells(row: &str) -> String {
    let painted = |cell: &str| {
        let word = cell.trim();
        match WORDS.iter().find(|(known, _)| *known == word) {
            Some((_, style)) => cell.replacen(word, &format!("{style}{word}{style:#}"), 1),
            None => cell.to_owned(),
        }
    };
    row.split("  ").map(painted).collect::<Vec<_>>().join("  ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "== A heading\n threat  verdict\n ------  -------\n users   fail\n chain   pass\n grant them\n\n{\"fail\": 1}\n";

    #[test]
    fn only_headings_rules_and_verdicts_are_painted() {
        let painted = paint(TEXT);
        let lines: Vec<&str> = painted.lines().collect();
        assert!(lines[0].starts_with("\u{1b}[1m== A heading"), "{painted:?}");
        assert_eq!(lines[1], " threat  verdict");
        assert!(lines[2].starts_with("\u{1b}[2m ------"), "{painted:?}");
        assert!(lines[3].contains("\u{1b}[1m\u{1b}[31mfail") && lines[3].starts_with(" users   "), "{painted:?}");
        assert!(lines[4].contains("\u{1b}[32mpass"), "{painted:?}");
        assert_eq!(lines[5..], [" grant them", "", "{\"fail\": 1}"]);
    }

    #[test]
    fn without_its_colours_the_text_is_the_same() {
        assert_eq!(anstream::adapter::strip_str(&paint(TEXT)).to_string(), TEXT);
    }
}
