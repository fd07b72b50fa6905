//! Every string of a model is untrusted: whatever stands in it, no output acts, hides, reorders or breaks.

use cotenant::report::content::Context;
use cotenant::report::document::{Block, Plot};
use cotenant::report::escape;
use cotenant::report::{html, json, markdown, plots, table, terminal};
use cotenant::study::Comparison;
use unicode_width::UnicodeWidthStr;

use crate::fixture;

/// Strings that mean something somewhere.
pub fn hostile() -> Vec<String> {
    let mut all: Vec<String> = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "</svg><script>x</script>",
        "]]><!--",
        "--><b>x</b>",
        "{{ name }}{% include 'x' %}",
        "a|b|c",
        "`code` ``more`` ```fence```",
        "![x](http://evil.example/p.png) [y](javascript:alert(1))",
        "*bold* _it_ ~~gone~~ $math$ # head",
        "\n\n# heading\n\n- list\n> quote\n<details>",
        "@everyone #1 org/repo#2",
        "\u{1b}[2J\u{1b}]0;title\u{7}\u{9b}31m",
        "\r\u{8}\u{7f}\u{0}\u{85}\u{2028}\u{2029}",
        "abc\u{202e}fed\u{2066}x\u{200f}\u{200b}\u{feff}\u{e0041}",
        "&amp; &#60; &lt;script&gt;",
        "\\| \\` \\",
        "界界界界界界界界界界 \u{5d0}\u{5d1}\u{5d2}",
        "",
        "   ",
    ]
    .map(String::from)
    .to_vec();
    all.push("x".repeat(10_000));
    all.push("long name ".repeat(1_000));
    all.push("界".repeat(10_000));
    all.push("`".repeat(10_000));
    all
}

/// Every string of two designs replaced.
pub fn poisoned(text: &str) -> Comparison {
    let mut comparison = fixture::pair();
    let set = |target: &mut String| *target = text.to_owned();
    for design in &mut comparison.designs {
        [&mut design.design, &mut design.title, &mut design.file, &mut design.graph.model].into_iter().for_each(set);
        design.notes.iter_mut().for_each(set);
        let graph = &mut design.graph;
        graph.capabilities.iter_mut().for_each(|capability| set(&mut capability.name));
        graph.principals.iter_mut().for_each(|principal| set(&mut principal.name));
        for assumption in &mut graph.assumptions {
            [
                &mut assumption.name,
                &mut assumption.text,
                &mut assumption.question,
                &mut assumption.grade,
                &mut assumption.source,
            ]
            .into_iter()
            .for_each(set);
        }
        for step in &mut graph.steps {
            [&mut step.name, &mut step.says].into_iter().for_each(set);
            step.dropped.iter_mut().for_each(set);
            step.because.iter_mut().for_each(|place| [&mut place.file, &mut place.text].into_iter().for_each(set));
        }
        for threat in &mut design.threats {
            [&mut threat.threat, &mut threat.group, &mut threat.title].into_iter().for_each(set);
        }
        if let Some(costs) = &mut design.costs {
            [&mut costs.services, &mut costs.parties, &mut costs.workflows, &mut costs.approvers]
                .into_iter()
                .flatten()
                .for_each(set);
            costs.interfaces.iter_mut().for_each(|(a, b)| [a, b].into_iter().for_each(set));
        }
        if let Some(coverage) = &mut design.coverage {
            [&mut coverage.kinds_not_modelled, &mut coverage.steps_not_fired, &mut coverage.slsa.not_carried]
                .into_iter()
                .flatten()
                .for_each(set);
            coverage.ruled_out.iter_mut().for_each(|(a, b)| [a, b].into_iter().for_each(set));
        }
    }
    for row in &mut comparison.rows {
        [&mut row.group, &mut row.title].into_iter().for_each(set);
    }
    for row in &mut comparison.alignment {
        set(&mut row.group);
        row.keys.iter_mut().flat_map(|(key, _)| key).for_each(set);
    }
    comparison
}

fn context(text: &str) -> Context {
    Context { command: text.to_owned(), alone: vec![text.to_owned()], ..Context::default() }
}

/// No character that acts on a terminal, reorders or hides; line ends are ours.
fn assert_visible(text: &str, what: &str) {
    let bad = |c: char| {
        c != '\n'
            && (c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}'))
    };
    assert!(!text.contains(bad), "{what}: {:?}", text.chars().find(|c| bad(*c)));
}

#[test]
fn terminals_see_text_only() {
    for text in hostile() {
        let comparison = poisoned(&text);
        let blocks = [table::compare(&comparison), vec![Block::Code(vec![text.clone()])]].concat();
        let told = terminal::render(&blocks[..blocks.len() - 1], 100);
        assert_visible(&terminal::render(&blocks, 100), &text);
        assert!(told.lines().all(|line| line.width() <= 100), "{text:.40}");
    }
}

#[test]
fn pages_have_no_tags_but_ours() {
    let ours = [
        "!doctype",
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "header",
        "nav",
        "main",
        "h1",
        "h2",
        "h3",
        "h4",
        "ol",
        "ul",
        "li",
        "a",
        "p",
        "code",
        "pre",
        "blockquote",
        "div",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "figure",
        "figcaption",
        "details",
        "summary",
        "svg",
        "desc",
        "rect",
        "text",
        "line",
        "polyline",
        "polygon",
        "circle",
        "section",
        "article",
        "label",
        "input",
        "g",
        "path",
        "defs",
        "marker",
        "script",
    ];
    for text in hostile() {
        let comparison = poisoned(&text);
        let page = html::report(&comparison, &context(&text), &plots::all(&comparison).0).unwrap();
        let page = without_our_script(&page);
        assert_visible(&page, &text);
        for tag in page.split('<').skip(1) {
            let name: String =
                tag.trim_start_matches('/').chars().take_while(|c| c.is_alphanumeric() || *c == '!').collect();
            assert!(ours.contains(&name.as_str()), "<{name} from {text:.40}");
            assert!(name == "style" || tag.matches('>').count() == 1, "<{tag:.80} from {text:.40}");
        }
        for attribute in [" onerror=", " onload=", " src=", "javascript:alert(1)\""] {
            assert!(!in_tags(&page).contains(attribute), "{attribute} from {text:.40}");
        }
        assert!(page.len() < 2_000_000, "{text:.40}: {}", page.len());
    }
}

/// The page's own script is the same whatever the model, and the only one that its policy lets run.
fn without_our_script(page: &str) -> String {
    let script = include_str!("../../templates/report.js");
    assert_eq!(page.matches(script).count(), 1);
    page.replace(script, "")
}

/// The insides of all tags.
fn in_tags(page: &str) -> String {
    page.split('<').skip(1).filter_map(|part| part.split('>').next()).collect::<Vec<_>>().join("\n")
}

#[test]
fn plots_are_well_formed_and_of_bounded_size() {
    for text in hostile() {
        let (mut drawn, errors) = plots::all(&poisoned(&text));
        assert_eq!(errors, []);
        let mut hardening = fixture::hardening();
        hardening.threats.iter_mut().for_each(|threat| *threat = text.clone());
        hardening.candidates.iter_mut().for_each(|control| control.id = text.clone());
        drawn.push(plots::hardened(&text, &hardening).unwrap().unwrap());
        for Plot { stem, svg, .. } in drawn {
            assert_visible(&svg, stem);
            assert!(svg.len() < 100_000, "{stem} from {text:.40}: {}", svg.len());
            #[cfg(feature = "png")]
            assert!(cotenant::report::png::render(&svg).is_ok(), "{stem} from {text:.40}");
            assert!(!svg.contains("<script") && !svg.contains("<img"), "{stem} from {text:.40}");
        }
    }
}

#[test]
fn markdown_has_no_markup_but_ours() {
    let clean = prose_of(&markdown_of(&fixture::pair(), "cotenant compare"));
    for text in hostile() {
        let report = markdown_of(&poisoned(&text), &text);
        assert_visible(&report, &text);
        let prose = prose_of(&report);
        for tag in prose.split('<').skip(1) {
            let ours = ["details>", "/details>", "summary>", "/summary>", "!-- -->"];
            assert!(ours.iter().any(|known| tag.starts_with(known)), "<{tag:.40} from {text:.40}");
        }
        let links = prose.match_indices("](").filter(|(at, _)| !escaped(&prose[..*at]));
        assert_eq!(links.count(), 3, "the plots, and nothing else: {text:.40}");
        let mentions = prose
            .match_indices(['@', '#'])
            .filter(|(at, _)| prose[at + 1..].starts_with(char::is_alphanumeric) && !escaped(&prose[..*at]));
        assert_eq!(mentions.count(), 0, "{text:.40}");
        let headings = |text: &str| text.lines().filter(|line| line.starts_with('#')).count();
        assert!(headings(&prose) <= headings(&clean), "{text:.40}");
        assert!(report.len() < 1_000_000);
    }
}

#[test]
fn markdown_tables_keep_their_columns() {
    for text in hostile() {
        let report = markdown_of(&poisoned(&text), "cotenant");
        let mut columns = None;
        for line in report.lines() {
            if !line.starts_with("| ") {
                columns = None;
                continue;
            }
            let n = cells(line);
            assert_eq!(*columns.get_or_insert(n), n, "{line:.200}");
        }
    }
}

/// Cells of a table row: pipes that no backslash escapes.
fn cells(line: &str) -> usize {
    let mut escaped = false;
    let mut n = 0;
    for c in line.chars() {
        n += usize::from(c == '|' && !escaped);
        escaped = c == '\\' && !escaped;
    }
    n
}

fn markdown_of(comparison: &Comparison, command: &str) -> String {
    markdown::report(comparison, &context(command), &plots::all(comparison).0, usize::MAX)
}

/// Markdown without code spans and fenced blocks, where nothing is read as markup.
fn prose_of(text: &str) -> String {
    let mut out = String::new();
    let mut fence: Option<&str> = None;
    for line in text.lines() {
        let ticks = &line[..line.len() - line.trim_start_matches('`').len()];
        match fence {
            Some(open) if line == open => fence = None,
            Some(_) => {}
            None if ticks.len() > 2 && matches!(&line[ticks.len()..], "" | "mermaid") => fence = Some(ticks),
            None => {
                out.push_str(&without_spans(line));
                out.push('\n');
            }
        }
    }
    assert_eq!(fence, None, "a fence stays open");
    out
}

/// Does a backslash, itself not escaped, stand at the end?
fn escaped(before: &str) -> bool {
    (before.len() - before.trim_end_matches('\\').len()) % 2 == 1
}

fn without_spans(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('`') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        if escaped(before) {
            out.push('`');
            rest = &from[1..];
            continue;
        }
        let ticks = from.len() - from.trim_start_matches('`').len();
        let inner = &from[ticks..];
        let end = inner
            .match_indices(&from[..ticks])
            .map(|(at, _)| at)
            .find(|at| !inner[at + ticks..].starts_with('`') && !inner[..*at].ends_with('`'));
        let end = end.expect("every code span is closed");
        rest = &inner[end + ticks..];
    }
    out + rest
}

#[test]
fn json_carries_names_unchanged() {
    for text in hostile() {
        let value: serde_json::Value =
            serde_json::from_str(&json::compare(&poisoned(&text), "compare").render().unwrap()).unwrap();
        assert_eq!(value["answers"][0]["design"].as_str(), Some(text.as_str()));
    }
}

#[test]
fn what_is_hidden_is_spelled_out() {
    assert_eq!(escape::visible("a\u{202e}b\tc\n\n d\u{0}"), r"a\u{202e}b c d\u{0}");
    assert_eq!(escape::clip("abcdef", 4), "abc…");
    assert_eq!(escape::clip("abcd", 4), "abcd");
    assert_eq!(
        escape::markdown("- a_b *c* <d> @e #1 `f` | g"),
        r"\- a_b \*c\* &lt;d> @<!-- -->e #<!-- -->1 \`f\` \| g"
    );
    assert_eq!(escape::markdown("12. item"), r"12\. item");
    assert_eq!(escape::markdown_code("a`b|c", true), r"``a`b\|c``");
    assert_eq!(escape::html("<a b='c'>&\""), "&lt;a b=&apos;c&apos;&gt;&amp;&quot;");
}
