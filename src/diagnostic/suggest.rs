//! Bounded "did you mean", and safe quoting of what users wrote.

use strsim::damerau_levenshtein;

/// The nearest candidate, if it is near: distance at most max(2, len/3), and never more than half the word.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if length > 64 {
        return None;
    }
    let bound = (length / 3).max(2).min(length / 2);
    let near_in_length = |candidate: &&str| candidate.chars().count().abs_diff(length) <= bound;
    candidates
        .into_iter()
        .filter(|candidate| *candidate != word)
        .filter(near_in_length)
        .map(|candidate| (damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= bound)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Names that a message lists at most.
const LISTED: usize = 12;

/// What to say after "nothing is called `word`": the name that is probably meant, or else what there is.
///
/// Beside near names, the only one that begins with the word is probably meant.
pub fn instead<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let mut all: Vec<&str> = Vec::new();
    for name in names {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    let begun: Vec<&&str> = all.iter().filter(|name| word.len() > 2 && name.starts_with(word)).collect();
    let only = match begun.as_slice() {
        [one] => Some(**one),
        _ => None,
    };
    match nearest(word, all.iter().copied()).or(only) {
        Some(near) => format!("did you mean {}?", quote(near)),
        None if all.is_empty() => "there is none".to_owned(),
        None => format!("there {} {}", if all.len() == 1 { "is" } else { "are" }, all_of(all, LISTED)),
    }
}

/// User text in backticks: control characters escaped, long text cut.
pub fn quote(text: &str) -> String {
    format!("`{}`", printable(text, 60))
}

/// User text with control and direction-changing characters escaped, cut after `limit` characters.
pub fn printable(text: &str, limit: usize) -> String {
    let mut out = String::new();
    for (at, ch) in text.chars().enumerate() {
        if at == limit {
            out.push_str("...");
            break;
        }
        if is_hidden(ch) {
            out.extend(ch.escape_unicode());
        } else {
            out.push(ch);
        }
    }
    out
}

/// Characters that a terminal obeys, or that hide or reorder text.
pub fn is_hidden(ch: char) -> bool {
    ch.is_control()
        || matches!(ch, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// `a, b or c`, at most `limit` of them.
pub fn one_of<'a>(words: impl IntoIterator<Item = &'a str>, limit: usize) -> String {
    joined(words, "or", limit)
}

/// `a, b and c`, at most `limit` of them.
pub fn all_of<'a>(words: impl IntoIterator<Item = &'a str>, limit: usize) -> String {
    joined(words, "and", limit)
}

fn joined<'a>(words: impl IntoIterator<Item = &'a str>, end: &str, limit: usize) -> String {
    let words: Vec<&str> = words.into_iter().collect();
    let more = words.len().saturating_sub(limit);
    let shown: Vec<String> = words.into_iter().take(limit).map(quote).collect();
    match shown.as_slice() {
        [] => "nothing".to_owned(),
        shown if more > 0 => format!("{} {end} {more} more", shown.join(", ")),
        [one] => one.clone(),
        [head @ .., last] => format!("{} {end} {last}", head.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggestions_are_near_or_absent() {
        assert_eq!(nearest("buldier", ["builder", "index"]), Some("builder"));
        assert_eq!(nearest("alcie", ["alice", "bob"]), Some("alice"));
        assert_eq!(nearest("ab", ["xy", "cd"]), None);
        assert_eq!(nearest("a", ["b"]), None);
        assert_eq!(nearest("tenant", ["publisher"]), None);
    }

    #[test]
    fn a_wrong_name_is_answered_by_the_right_one_or_by_all() {
        assert_eq!(instead("imperson", ["impersonation", "outsider"]), "did you mean `impersonation`?");
        assert_eq!(instead("nobody", ["index", "publisher", "index"]), "there are `index` and `publisher`");
        assert_eq!(instead("in", ["index"]), "there is `index`");
        assert_eq!(instead("x", []), "there is none");
    }

    #[test]
    fn hidden_characters_are_escaped() {
        assert_eq!(quote("a\u{1b}[31m"), "`a\\u{1b}[31m`");
        assert_eq!(quote("a\u{202e}b"), "`a\\u{202e}b`");
        assert!(printable(&"x".repeat(100), 60).ends_with("..."));
    }

    #[test]
    fn lists_read_as_prose() {
        assert_eq!(one_of(["a"], 5), "`a`");
        assert_eq!(one_of(["a", "b", "c"], 5), "`a`, `b` or `c`");
        assert_eq!(one_of(["a", "b", "c"], 2), "`a`, `b` or 1 more");
    }
}
