//! The documents hang together: relative links and their anchors resolve, and every document can be found.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that fails says so"
)]

mod tree;

use std::collections::BTreeSet;
use std::path::Path;

use tree::TextFile;

/// A link as written: line, target, anchor.
type Link = (usize, String, Option<String>);

#[test]
fn relative_links_resolve() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut offenders = Vec::new();
    for file in documents() {
        for (line, target, anchor) in links(&file.text) {
            let path = resolve(&file.path, &target);
            if !root.join(&path).exists() {
                offenders.push(format!("{}:{line}: no `{path}`", file.path));
            } else if let Some(anchor) = anchor.filter(|_| path.ends_with(".md")) {
                let text = std::fs::read_to_string(root.join(&path)).expect("a readable document");
                if !anchors(&text).contains(&anchor) {
                    offenders.push(format!("{}:{line}: no heading `#{anchor}` in `{path}`", file.path));
                }
            }
        }
    }
    assert!(offenders.is_empty(), "broken links:\n{}", offenders.join("\n"));
}

#[test]
fn every_document_is_linked_from_the_top() {
    let documents = documents();
    let linked: BTreeSet<String> = documents
        .iter()
        .filter(|file| matches!(file.path.as_str(), "README.md" | "ARCHITECTURE.md" | "docs/steps/README.md"))
        .flat_map(|file| links(&file.text).into_iter().map(|(_, target, _)| resolve(&file.path, &target)))
        .collect();
    let lost: Vec<&str> = documents
        .iter()
        .map(|file| file.path.as_str())
        .filter(|path| path.starts_with("docs/") && *path != "docs/SUMMARY.md" && !linked.contains(*path))
        .collect();
    assert!(
        lost.is_empty(),
        "linked from neither README.md, ARCHITECTURE.md nor the index of steps:\n{}",
        lost.join("\n")
    );
}

/// The book is a table of contents over the same files: mdBook is not needed to see that it is complete.
#[test]
fn the_book_lists_every_page_once_and_nothing_else() {
    let documents = documents();
    let pages: Vec<&str> = documents
        .iter()
        .map(|file| file.path.as_str())
        .filter(|path| path.starts_with("docs/") && *path != "docs/SUMMARY.md")
        .collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/SUMMARY.md");
    let have = std::fs::read_to_string(&path).expect("docs/SUMMARY.md");
    let want = with_steps(&have, &pages);
    if std::env::var_os("COTENANT_BLESS").is_some() {
        std::fs::write(&path, &want).expect("docs/SUMMARY.md can be written");
    }
    let current = std::fs::read_to_string(&path).expect("docs/SUMMARY.md");
    assert!(current == want, "the steps of the book are out of date: COTENANT_BLESS=1 cargo test --test docs");
    let summary = TextFile { path: String::from("docs/SUMMARY.md"), text: current };
    let mut listed: Vec<String> =
        links(&summary.text).into_iter().map(|(_, target, _)| resolve(&summary.path, &target)).collect();
    listed.sort();
    assert_eq!(listed, pages);
    // A chapter of the table of contents is a link alone in its line; anything else mdBook refuses.
    for (at, line) in summary.text.lines().enumerate() {
        let entry = line.trim_start().trim_start_matches("- ");
        let link = entry.starts_with('[') && entry.ends_with(".md)") && entry.matches("](").count() == 1;
        assert!(line.is_empty() || line.starts_with("# ") || link, "docs/SUMMARY.md:{}: {line}", at + 1);
    }
}

/// The table of contents with a line for the page of each attack step, below that of all.
fn with_steps(summary: &str, pages: &[&str]) -> String {
    let is_step = |line: &str| line.starts_with("  - [") && line.contains("](steps/");
    let mut out = String::new();
    for line in summary.lines().filter(|line| !is_step(line)) {
        out.push_str(&format!("{line}\n"));
        if line.contains("](steps/README.md)") {
            for page in pages.iter().filter_map(|page| page.strip_prefix("docs/")) {
                // A step lies in the folder of its topic.
                if let ["steps", _, file] = page.split('/').collect::<Vec<_>>()[..] {
                    out.push_str(&format!("  - [{}]({page})\n", file.trim_end_matches(".md")));
                }
            }
        }
    }
    out
}

/// Whoever adds a plot says in the gallery what it says.
#[test]
fn the_gallery_tells_every_plot_of_the_committed_report() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let gallery = std::fs::read_to_string(root.join("docs/gallery.md")).expect("docs/gallery.md");
    let files = std::fs::read_dir(root.join("reports/scenarios")).expect("the committed report").flatten();
    let names = files.map(|file| file.file_name().to_string_lossy().into_owned());
    let plots: Vec<String> = names.filter(|name| name.ends_with(".svg")).collect();
    assert!(plots.len() >= 3, "{plots:?}");
    for plot in plots {
        assert!(gallery.contains(&format!("reports/scenarios/{plot}")), "docs/gallery.md does not tell {plot}");
    }
}

/// A picture of the book lies in the book.
#[test]
fn the_book_brings_its_pictures() {
    let images = |file: &TextFile| -> Vec<String> {
        let text: Vec<String> = prose(&file.text).into_iter().map(|(_, line)| line).collect();
        let targets = text.iter().flat_map(|line| line.split("![").skip(1));
        targets
            .filter_map(|rest| rest.split_once("](")?.1.split(')').next())
            .map(|to| resolve(&file.path, to))
            .collect()
    };
    let all: Vec<String> = documents().iter().filter(|file| file.path.starts_with("docs/")).flat_map(images).collect();
    assert!(!all.is_empty(), "the gallery has pictures");
    let outside: Vec<&String> = all.iter().filter(|path| !path.starts_with("docs/")).collect();
    assert!(outside.is_empty(), "not in the book: {outside:?}");
}

fn documents() -> Vec<TextFile> {
    tree::text_files("").into_iter().filter(|file| file.path.ends_with(".md")).collect()
}

/// Relative links and images: `[..](target)`, `[..]: target`, `src="target"`, `href="target"`; code is not looked at.
fn links(text: &str) -> Vec<Link> {
    let mut found = Vec::new();
    for (line, prose) in prose(text) {
        let mut targets = Vec::new();
        for (open, close) in [("](", ')'), ("src=\"", '"'), ("href=\"", '"')] {
            for (at, _) in prose.match_indices(open) {
                let rest = &prose[at + open.len()..];
                targets.extend(rest.find(close).map(|end| &rest[..end]));
            }
        }
        if prose.starts_with('[') {
            targets.extend(prose.split_once("]: ").map(|(_, target)| target));
        }
        for target in targets.iter().filter_map(|target| target.split_whitespace().next()) {
            if !target.contains("://") && !target.starts_with("mailto:") {
                let (path, anchor) =
                    target.split_once('#').map_or((target, None), |(path, anchor)| (path, Some(anchor.to_owned())));
                found.push((line, path.to_owned(), anchor));
            }
        }
    }
    found
}

/// Lines outside code fences, without code spans, counted from 1.
fn prose(text: &str) -> Vec<(usize, String)> {
    let (mut fenced, mut lines) = (false, Vec::new());
    for (at, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            lines.push((at + 1, line.split('`').step_by(2).collect()));
        }
    }
    lines
}

/// The path a link leads to, from the root of the repository.
fn resolve(from: &str, target: &str) -> String {
    if target.is_empty() {
        return from.to_owned();
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "" | "." => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Anchors of the headings, as forges make them: lower case, spaces to hyphens, punctuation dropped.
fn anchors(text: &str) -> BTreeSet<String> {
    let (mut fenced, mut found) = (false, BTreeSet::new());
    for line in text.lines() {
        fenced ^= line.trim_start().starts_with("```");
        let heading = line.trim_start_matches('#');
        if fenced || heading.len() == line.len() || !heading.starts_with(' ') {
            continue;
        }
        let kept = heading.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        let slug: String = kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect();
        let again = (1..).map(|n| format!("{slug}-{n}")).find(|next| !found.contains(next));
        found.insert(if found.contains(&slug) { again.unwrap_or(slug) } else { slug });
    }
    found
}

#[test]
fn links_and_anchors_are_read() {
    let text = "# A `b`, c\n[x](../y.md#a) `[no](no.md)`\n```\n[no](no.md)\n# no\n```\n[w](https://example.org)\n[r]: z.md\n<img src=\"p.svg\">\n# A b c";
    let targets: Vec<String> = links(text).into_iter().map(|(line, target, _)| format!("{line} {target}")).collect();
    assert_eq!(targets, ["2 ../y.md", "8 z.md", "9 p.svg"]);
    assert_eq!(anchors(text).into_iter().collect::<Vec<_>>(), ["a-b-c", "a-b-c-1"]);
    assert_eq!(resolve("docs/tutorials/a.md", "../b.md"), "docs/b.md");
    assert_eq!(resolve("docs/a.md", ""), "docs/a.md");
}
