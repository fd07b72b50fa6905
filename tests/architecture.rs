//! The shape of `src/`: imports follow the arrow, files stay small, say what they are, and hold no hash tables.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that fails says so"
)]

mod tree;

use tree::TextFile;

/// A folder may use what stands to its left; anything else at the top of `src/` is a leaf, usable by all and using only leaves.
const ARROW: [&str; 8] = ["yaml", "library", "model", "graph", "analysis", "study", "report", "cli"];

/// Lines a file may have.
const LONGEST: usize = 600;

#[test]
fn imports_follow_the_arrow() {
    let files = tree::text_files("src");
    let modules: Vec<&str> = files.iter().map(|file| module(&file.path)).collect();
    let mut offenders = Vec::new();
    for file in &files {
        let own = module(&file.path);
        if matches!(own, "lib" | "main") {
            continue;
        }
        for (line, used) in imports(file) {
            if !modules.contains(&used.as_str()) {
                offenders.push(format!("{}:{line}: `{used}` through the crate root; name its folder", file.path));
            } else if !may_use(own, &used) {
                offenders.push(format!("{}:{line}: `{own}` uses `{used}`", file.path));
            }
        }
    }
    assert!(offenders.is_empty(), "against {}:\n{}", ARROW.join(" -> "), offenders.join("\n"));
}

/// May a file of the module `own` use the module `used`?
fn may_use(own: &str, used: &str) -> bool {
    let rank = |name: &str| ARROW.iter().position(|folder| *folder == name);
    match (rank(own), rank(used)) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(own), Some(used)) => used <= own,
    }
}

/// The top module a file of `src/` belongs to.
fn module(path: &str) -> &str {
    let inner = path.strip_prefix("src/").unwrap_or(path);
    inner.split('/').next().unwrap_or(inner).trim_end_matches(".rs")
}

/// First names after `crate::`, or after as many `super::` as lead to the crate's root, each with its line.
fn imports(file: &TextFile) -> Vec<(usize, String)> {
    let code = blank(&file.text);
    let depth = file.path.trim_end_matches("/mod.rs").matches('/').count();
    let mut found = Vec::new();
    let mut last_super = 0;
    for keyword in ["crate::", "super::"] {
        for (at, _) in code.match_indices(keyword) {
            if code[..at].chars().next_back().is_some_and(|before| before.is_alphanumeric() || before == '_') {
                continue;
            }
            let mut rest = &code[at + keyword.len()..];
            if keyword == "super::" {
                if at < last_super {
                    continue;
                }
                let mut supers = 1;
                while let Some(tail) = rest.strip_prefix("super::") {
                    (rest, supers) = (tail, supers + 1);
                }
                last_super = code.len() - rest.len();
                if supers < depth {
                    continue;
                }
            }
            let line = code[..at].matches('\n').count() + 1;
            let names = first_names(rest);
            // A `super::` of an inner module may stop short of the root: there only the arrow's own names count.
            found.extend(
                names
                    .into_iter()
                    .filter(|name| keyword == "crate::" || ARROW.contains(&name.as_str()))
                    .map(|name| (line, name)),
            );
        }
    }
    found
}

/// `graph::X` gives graph; `{graph::{A, B}, model}` gives graph and model; a macro call gives nothing.
fn first_names(rest: &str) -> Vec<String> {
    let name = |text: &str| -> Option<String> {
        let text = text.trim_start();
        let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
        (end > 0 && !text[end..].starts_with('!')).then(|| text[..end].to_owned())
    };
    let Some(group) = rest.trim_start().strip_prefix('{') else {
        return name(rest).into_iter().collect();
    };
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                found.extend(name(&group[start..at]));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    found
}

/// The code with comments and literals blanked, line for line, and no space around `::`.
fn blank(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = match c {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '"' => quoted(rest),
            'r' if !code.ends_with(|before: char| before.is_alphanumeric() || before == '_') => raw(rest),
            '\'' => character(rest),
            _ => 0,
        };
        if skipped == 0 {
            code.push(c);
            rest = &rest[c.len_utf8()..];
        } else {
            code.extend(rest[..skipped].chars().filter(|c| *c == '\n'));
            code.push(' ');
            rest = &rest[skipped..];
        }
    }
    code.split("::").map(|part| part.trim_matches(' ')).collect::<Vec<_>>().join("::")
}

/// Length of a string literal, its quotes included.
fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Length of a raw string literal; 0 if this is none.
fn raw(rest: &str) -> usize {
    let hashes = rest[1..].chars().take_while(|c| *c == '#').count();
    if !rest[1 + hashes..].starts_with('"') {
        return 0;
    }
    let end = format!("\"{}", "#".repeat(hashes));
    rest[2 + hashes..].find(&end).map_or(rest.len(), |at| 2 + hashes + at + end.len())
}

/// Length of a character literal; 0 if this is a lifetime.
fn character(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), Some((at, escaped))) => {
            let after = at + escaped.len_utf8();
            rest[after..].find('\'').map_or(0, |end| after + end + 1)
        }
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 0,
    }
}

#[test]
fn the_scanner_sees_imports_and_only_imports() {
    let names = |path: &str, text: &str| -> Vec<String> {
        let file = TextFile { path: path.to_owned(), text: text.to_owned() };
        imports(&file).into_iter().map(|(_, name)| name).collect()
    };
    assert_eq!(
        names("src/a/b.rs", "use crate::{graph::{A, B}, model, units::X};\nlet x = crate :: study::f();"),
        ["graph", "model", "units", "study"]
    );
    assert_eq!(names("src/a/b.rs", "use crate::{\n    graph::A,\n};\n"), ["graph"]);
    assert_eq!(
        names(
            "src/a/b.rs",
            "/// [`crate::report`]\n// crate::report\n/* crate::cli */ \"crate::cli\" r#\"crate::\"cli\"# '\"' mycrate::cli"
        ),
        [""; 0]
    );
    assert_eq!(
        names("src/a/b.rs", "fn f<'a>(x: &'a str) { crate::cli::run('\\'', '\\u{41}') } crate::shout!()"),
        ["cli"]
    );
    assert_eq!(names("src/graph/mod.rs", "use super::report::X;"), ["report"]);
    assert_eq!(names("src/graph/json.rs", "use super::report::X; use super::super::cli::Y;"), ["cli"]);
    assert_eq!(names("src/source.rs", "use super::Source;"), [""; 0]);
    let file = TextFile { path: "src/a.rs".into(), text: "//! A\n\"\n\"\nuse crate::cli;".into() };
    assert_eq!(imports(&file), [(4, "cli".to_owned())]);
    assert!(
        may_use("study", "graph")
            && may_use("graph", "graph")
            && may_use("yaml", "source")
            && may_use("source", "units")
    );
    assert!(!may_use("graph", "study") && !may_use("source", "model"));
    assert_eq!((module("src/graph/mod.rs"), module("src/units.rs")), ("graph", "units"));
}

#[test]
fn files_are_small_and_say_what_they_are() {
    let mut offenders = Vec::new();
    for file in tree::text_files("src").iter().filter(|file| file.path.ends_with(".rs")) {
        let lines = file.text.lines().count();
        if lines > LONGEST {
            offenders.push(format!("{}: {lines} lines, more than {LONGEST}", file.path));
        }
        if !file.text.starts_with("//!") {
            offenders.push(format!("{}: does not begin with a `//!` comment", file.path));
        }
    }
    assert!(offenders.is_empty(), "{}", offenders.join("\n"));
}

#[test]
fn no_hash_tables() {
    let mut offenders = Vec::new();
    for file in tree::text_files("src").iter().filter(|file| file.path.ends_with(".rs")) {
        for (at, line) in blank(&file.text).lines().enumerate() {
            if line.contains("HashMap") || line.contains("HashSet") {
                offenders.push(format!("{}:{}", file.path, at + 1));
            }
        }
    }
    assert!(
        offenders.is_empty(),
        "iteration order varies; use BTreeMap, BTreeSet or an index:\n{}",
        offenders.join("\n")
    );
}
