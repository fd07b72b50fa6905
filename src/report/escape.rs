//! Every string of a model is untrusted: here it is made harmless for each place it can end up in.
//!
//! [`visible`] comes first and for every format: nothing that acts on a terminal, hides, or reorders what is read
//! survives it. The others then escape the syntax of one format.

/// Longest name shown anywhere, in characters.
pub const NAME: usize = 80;
/// Longest sentence shown anywhere, in characters.
pub const SENTENCE: usize = 600;

/// The text on one line, in which every control character, bidirectional mark and invisible character is spelled out.
///
/// ```
/// assert_eq!(cotenant::report::escape::visible("a\u{1b}[2J\nb\u{202e}c"), r"a\u{1b}[2J b\u{202e}c");
/// ```
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        if gap && !out.is_empty() {
            out.push(' ');
        }
        gap = false;
        if acts(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// Does it act on a terminal, reorder text, or show nothing at all?
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
        || (c as u32) & 0xfffe == 0xfffe
}

/// At most `max` characters, the last one an ellipsis where some were left out.
pub fn clip(text: &str, max: usize) -> String {
    if text.chars().nth(max).is_none() {
        return text.to_owned();
    }
    let mut out: String = text.chars().take(max.saturating_sub(1)).collect();
    out.push('…');
    out
}

/// For a terminal: one harmless line, whole.
pub fn terminal(text: &str) -> String {
    visible(text)
}

/// For HTML and SVG, as text or inside a quoted attribute.
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            c => out.push(c),
        }
    }
    out
}

/// For SVG text: the same as for HTML, and no longer than a label can be.
pub fn svg(text: &str) -> String {
    html(&clip(text, SENTENCE))
}

/// For XML 1.0, as text or inside a quoted attribute: whole, on one line.
pub fn xml(text: &str) -> String {
    html(text)
}

/// For XML 1.0, as text of several lines.
pub fn xml_lines(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| indented(line, html)).collect();
    lines.join("\n")
}

/// A line escaped, its indentation kept.
fn indented(line: &str, escaped: impl Fn(&str) -> String) -> String {
    let inner = line.trim_start_matches(' ');
    format!("{}{}", " ".repeat(line.len() - inner.len()), escaped(inner))
}

/// For a message of SARIF, in which brackets would make links.
///
/// ```
/// assert_eq!(cotenant::report::escape::sarif("see [here](x)"), r"see \[here\](x)");
/// ```
pub fn sarif(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clip(&visible(text), 2 * SENTENCE).chars() {
        if matches!(c, '[' | ']' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// For running text in Markdown (GitHub, Discourse), also in a table cell or at the start of a line.
///
/// Mentions (`@name`) and issue references (`#1`) are broken up, so that pasting a report calls nobody.
pub fn markdown(text: &str) -> String {
    let text = visible(text);
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    for (at, &c) in chars.iter().enumerate() {
        let (before, after) = (at.checked_sub(1).and_then(|at| chars.get(at)), chars.get(at + 1));
        let inside = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric());
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' if at == 0 => out.push_str("\\>"),
            '@' if after.is_some() => out.push_str("@<!-- -->"),
            '#' if inside(after) => out.push_str("#<!-- -->"),
            '_' if inside(before) && inside(after) => out.push('_'),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' | '#' => out.extend(['\\', c]),
            '-' | '+' | '=' | ':' if at == 0 => out.extend(['\\', c]),
            // The number of a list, if a space follows or may follow.
            '.' | ')'
                if at > 0
                    && at < 10
                    && after.is_none_or(|next| next.is_whitespace())
                    && chars[..at].iter().all(char::is_ascii_digit) =>
            {
                out.extend(['\\', c]);
            }
            c => out.push(c),
        }
    }
    out
}

/// A Markdown code span; `|` is escaped, as table cells need it, if `cell`.
pub fn markdown_code(text: &str, cell: bool) -> String {
    let mut text = visible(text);
    if text.is_empty() {
        text.push_str("(empty)");
    }
    let mut fence = String::from("`");
    while text.contains(&fence) {
        fence.push('`');
    }
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    if cell {
        text = escaped_pipes(&text);
    }
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// In a cell a pipe needs a backslash that no backslash before it takes away.
fn escaped_pipes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut backslashes = 0;
    for c in text.chars() {
        if c == '|' {
            out.push_str(if backslashes % 2 == 1 { "\\\\" } else { "\\" });
        }
        backslashes = if c == '\\' { backslashes + 1 } else { 0 };
        out.push(c);
    }
    out
}
