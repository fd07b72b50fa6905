//! What a file of the program is: the scenarios, incidents and systems by what their heads say, the parts with all that is in them.

use crate::scenarios;
use crate::source::Source;

/// Stands between what is told of a file and its text, which is shown as it is.
const BEFORE_TEXT: &str = "\n\n\n";

/// A file by its name.
pub(super) fn explain(name: &str) -> Option<(&'static str, String)> {
    let source = scenarios::find(name)?;
    let head = head(&source);
    let called = source.name.strip_prefix("scenarios/").unwrap_or(&source.name);
    let told = |kind, what: &str| Some((kind, format!("{} ({what})\n\n{head}\n", source.name)));
    if scenarios::ids().contains(&called.trim_end_matches(".yaml").to_owned()) {
        return told("scenario", "a scenario");
    }
    if called.starts_with("incidents/") {
        return told("incident", "an incident model");
    }
    if called.starts_with("systems/") {
        return told("system", "a model of a real system");
    }
    // Whoever extends a part has to know the names in it.
    let body: String =
        source.text.lines().skip_while(|line| line.starts_with('#')).map(|line| format!("{line}\n")).collect();
    let extend = format!("extend: [{}{called}]", scenarios::BUILTIN);
    let title = format!("{} (a part that models extend: `{extend}`)", source.name);
    Some(("part", format!("{title}\n\n{head}{BEFORE_TEXT}{body}")))
}

/// What is told of a file, and its text, if that is part of it.
pub(super) fn parted(text: &str) -> (&str, &str) {
    text.find(BEFORE_TEXT).map_or((text, ""), |at| text.split_at(at + BEFORE_TEXT.len() - 1))
}

/// The comment at the head of a file: its sentences without the breaks of its lines, and without what is said to the program. What begins like
/// `Facts:` begins a line.
fn head(source: &Source) -> String {
    let mut out = String::new();
    let lines = source.text.lines().map_while(|line| line.strip_prefix('#')).map(str::trim);
    for line in lines.filter(|line| !line.starts_with("order:")) {
        let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
        let begins = line.is_empty() || line.starts_with(['-', '*']) || begins_a_part(first, rest);
        let joint = if out.is_empty() || out.ends_with('\n') { "" } else { [" ", "\n"][usize::from(begins)] };
        out.push_str(joint);
        out.push_str(line);
    }
    out
}

/// `Sources: ..`, `How to extend: ..`: a capital, and at most three words before a colon.
fn begins_a_part(first: &str, rest: &str) -> bool {
    let head = format!("{first} {rest}");
    let Some((label, _)) = head.split_once(':') else { return false };
    let words = label.split(' ').count();
    label.starts_with(|c: char| c.is_uppercase()) && words <= 3 && label.chars().all(|c| c.is_alphabetic() || c == ' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_sentences_and_texts_stay_as_they_are() {
        let source = Source::new("x.yaml", "# A part that\n# goes on.\n# Sources: one,\n# two\n# order: 3\nactors:\n");
        assert_eq!(head(&source), "A part that goes on.\nSources: one, two");
        let (kind, text) = explain("parts/ci.yaml").unwrap();
        let (told, file) = parted(&text);
        assert_eq!(kind, "part");
        assert!(told.contains("A CI provider: hosted machines") && !told.contains('#'), "{told}");
        assert!(scenarios::find("parts/ci.yaml").unwrap().text.ends_with(file.trim_start()), "{file}");
        assert!(!explain("status-quo").unwrap().1.contains("order:"));
    }
}
