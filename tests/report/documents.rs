//! The report as a document: what it answers, that it fits, and that every format says the same.

use cotenant::report::content::{self, Context, Detail};
use cotenant::report::document::{Block, Document};
use cotenant::report::{VERSION, html, markdown, plots};
use cotenant::study::Comparison;
use cotenant::study::backtest::record::Record;

use crate::fixture;

fn context() -> Context {
    Context {
        command: String::from("cotenant compare status-quo shared-house --out cotenant-report"),
        ..Context::default()
    }
}

fn document(comparison: &Comparison, detail: Detail) -> Document {
    content::document(comparison, &context(), &plots::all(comparison).0, detail)
}

fn as_markdown(comparison: &Comparison, limit: usize) -> String {
    markdown::report(comparison, &context(), &plots::all(comparison).0, limit)
}

/// The numbered sentences below the heading of the answer.
fn answer(comparison: &Comparison) -> Vec<String> {
    let blocks = document(comparison, Detail::FULL).blocks;
    let mut below =
        blocks.iter().skip_while(|block| !matches!(block, Block::Heading(_, _, anchor) if anchor == "answer"));
    match below.nth(1) {
        Some(Block::Steps(items)) => items.iter().map(|item| item.text.plain()).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn the_markdown_report_reads_well() {
    let text = as_markdown(&fixture::pair(), usize::MAX);
    insta::assert_snapshot!(text.replace(VERSION, "(version)"));
}

#[test]
fn the_answer_is_read_off_the_data() {
    assert_eq!(
        answer(&fixture::comparison()),
        [
            "On the first question, \"One publisher publishes as another\": shared-house allows it by grant, as designed; one failed \
             assumption is enough in 6 of 9 designs, from 6 such assumptions in status-quo and native-microvm to 12 in external-ci-operator-integrated; at \
             least 2 failures are needed in staged-shared-house; no set of the stated failures leads there in apartment-complex.",
            "While every assumption holds, and among the candidates of each design, anyone on the internet is enough in \
             shared-house; one dishonest party besides the victim is enough in 6 of 9 designs, from 1 such party in native-microvm to 4 \
             in external-ci-operator-integrated, with external ones among them in 5 designs (continuous-integration-vendor, forge and \
             mail-host).",
            "They ask for 2 (3 designs) to 9 (staged-shared-house) services to run (with strangers' code on some of them in \
             native-shared-hosts, native-microvm, shared-house and staged-shared-house), 1 (status-quo and apartment-complex) to 12 (staged-shared-house) \
             interfaces with external services to keep compatible, and 0 (6 designs) to 3 (staged-shared-house) approvals before a \
             newcomer's first publish.",
        ]
    );
}

#[test]
fn the_answer_follows_names_and_missing_data() {
    let mut comparison = fixture::comparison();
    for (at, design) in comparison.designs.iter_mut().enumerate() {
        design.design = format!("d{at}");
        design.costs = None;
        for threat in &mut design.threats {
            threat.coalitions.coalitions.clear();
        }
    }
    let [reach, trust, cost] = answer(&comparison).try_into().unwrap();
    assert!(reach.contains("d6 allows it by grant"), "{reach}");
    assert!(trust.ends_with("no single party is enough in any design."), "{trust}");
    assert!(cost.contains("given as graphs"), "{cost}");
    comparison.rows.clear();
    comparison.alignment.clear();
    assert_eq!(answer(&comparison)[0], "No question was asked.");
}

#[test]
fn guesses_are_marked_and_never_without_interval() {
    let text = as_markdown(&fixture::comparison(), usize::MAX);
    let guesses: Vec<&str> =
        text.lines().filter(|line| line.contains("a guess: ") || line.ends_with(", guess)")).collect();
    assert!(guesses.len() > 5);
    for line in guesses {
        assert!(line.contains(" to ") || line.contains("no range stated"), "{line}");
    }
    for line in text.lines().filter(|line| line.contains("likelihood") && line.contains("guess")) {
        assert!(line.contains(" to ") || line.contains("no range stated"), "{line}");
    }
}

#[test]
fn trust_is_told_among_its_candidates() {
    let text = as_markdown(&fixture::comparison(), usize::MAX);
    assert_eq!(text.matches("these are enough, among its candidates (named above").count(), 9);
    assert!(text.contains("Candidates considered in every design: `publisher.attacker`"), "{text}");
    assert!(text.contains("anyone on the internet"));
    assert!(text.contains("2 different `reviewer.other`"));
    for line in text.lines().filter(|line| line.contains("enough")) {
        assert!(!line.contains("only"), "{line}");
    }
}

#[test]
fn ways_are_matched_with_the_first_design() {
    let text = as_markdown(&fixture::pair(), usize::MAX);
    assert!(text.contains("| `shared-house` | 0 / 4 / 1 |"), "{text}");
    assert!(text.contains("only in `shared-house`: `join + publish + submit-source`"), "{text}");
    let nine = as_markdown(&fixture::comparison(), usize::MAX);
    assert!(
        nine.lines().any(|line| line.starts_with("| `trusted-publishing` |") && line.contains(" ?")),
        "stopped counting is marked"
    );
}

#[test]
fn a_long_report_is_shortened_until_it_fits_and_says_so() {
    let comparison = fixture::comparison();
    let mut before = usize::MAX;
    for limit in [usize::MAX, 65_000, 50_000, 45_000, 35_000, 32_000, 1] {
        let text = as_markdown(&comparison, limit);
        let length = text.chars().count();
        assert!(length <= limit || limit == 1, "{length} of {limit}");
        assert!(length <= before);
        assert_eq!(text.contains("Shortened to fit"), limit != usize::MAX, "{limit}");
        assert_eq!(
            text.contains("Still longer than 1 characters, with nothing left to leave out"),
            limit == 1,
            "{limit}"
        );
        before = length;
    }
}

/// What a report of several designs can leave out: how it is called at the end, and by what it is known where it is told.
const LEFT_OUT: [(&str, &str); 7] = [
    ("the model lines behind each hop", "   - `scenarios/"),
    ("the likeliest way of the other questions", "<summary>The likeliest way of the other questions"),
    ("the names behind some counts", "What it costs, by name"),
    ("the charts", "```mermaid"),
    ("what some designs examine and others do not", "| what | which | examined in |"),
    ("what the safety of each design rests on", "#### Seen before"),
    ("the ways step by step", "#### The worst ways"),
];

#[test]
fn whatever_is_left_out_is_named_with_its_place() {
    let comparison = fixture::comparison();
    let context = Context { alone: vec![String::from("cotenant report status-quo --out report-1")], ..context() };
    let (mut limit, mut seen) = (usize::MAX, Vec::new());
    loop {
        let text = markdown::report(&comparison, &context, &[], limit);
        let end = text.split("*Shortened to fit into ").nth(1).unwrap_or_default();
        for (called, known_by) in LEFT_OUT {
            assert_ne!(text.contains(known_by), end.contains(called), "{called} at {limit}");
        }
        let tables = text.matches("| design | status | k |").count();
        assert_eq!(tables == 1, end.contains("the tables of the later questions"), "{tables} at {limit}");
        let ways = text.lines().filter(|line| line.starts_with("Way 2, ")).count();
        assert_eq!(
            ways == 0,
            ["all but the worst way of each design", "the ways step by step"].iter().any(|called| end.contains(called)),
            "{ways} at {limit}"
        );
        for place in ["`report.html` beside this file", "`questions.md`"] {
            assert_eq!(end.contains(place), !end.is_empty(), "{place} at {limit}");
        }
        for told in ["This is a short form", "cotenant report status-quo --out report-1"] {
            assert_eq!(text.contains(told), !end.is_empty(), "{told} at {limit}");
        }
        // What a reader came for is there at every length.
        for design in &comparison.designs {
            assert!(text.matches(&format!("`{}`", design.design)).count() > 5, "{} at {limit}", design.design);
        }
        seen.push(text.chars().count());
        if text.contains("nothing left to leave out") {
            break;
        }
        limit = text.chars().count() - 1;
    }
    // Nothing turns an order here, since no range was drawn: that step alone is not taken. The last is taken twice, and then says so.
    assert_eq!(seen.len(), Detail::LADDER.len(), "{seen:?}");
}

#[test]
fn a_post_has_one_fold_for_each_design_and_a_page_has_headings() {
    let comparison = fixture::comparison();
    let text = as_markdown(&comparison, usize::MAX);
    assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
    assert_eq!(text.matches("<summary>The likeliest one way to ").count(), comparison.designs.len());
    assert!(text.contains("<summary>mass-impersonation: "), "later questions fold");
    let page = html::report(&comparison, &context(), &plots::all(&comparison).0).unwrap();
    assert!(!page.contains("<summary>The likeliest one way to "));
    assert!(!page.contains("This is a short form") && page.contains("id=\"question-2\""));
}

#[test]
fn the_page_says_what_the_markdown_says() {
    let comparison = fixture::comparison();
    let page = html::report(&comparison, &context(), &plots::all(&comparison).0).unwrap();
    let markdown = as_markdown(&comparison, usize::MAX);
    let plain = strip(&page);
    for line in markdown.lines().filter(|line| line.starts_with('#') || line.starts_with("1. ")) {
        // In the page every way stands with its question.
        if line == "#### The worst ways" {
            continue;
        }
        let line = line.trim_start_matches(['#', ' ']).trim_start_matches("1. ").replace('`', "");
        assert!(plain.contains(&line), "{line}");
    }
}

/// The page's text, tags taken out.
fn strip(page: &str) -> String {
    let parts = page.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    let text: String = parts.collect();
    text.replace("&#34;", "\"").replace("&#39;", "'").replace("&#60;", "<").replace("&#62;", ">").replace("&#38;", "&")
}

#[test]
fn the_page_is_self_contained_and_its_contents_lead_somewhere() {
    let comparison = fixture::comparison();
    let page = html::report(&comparison, &context(), &plots::all(&comparison).0).unwrap();
    assert!(page.starts_with("<!doctype html>"));
    assert!(page.contains("default-src 'none'"));
    assert!(page.contains("prefers-color-scheme: dark") && page.contains("@media print"));
    let drawn = page.matches("<svg class=\"ways\"").count();
    assert_eq!(page.matches("<svg ").count(), 3 + drawn);
    assert!(drawn > 3, "{drawn}");
    assert_eq!(page.matches("<script").count(), 1);
    assert_eq!(page.matches("url(").count(), page.matches("url(#").count());
    for forbidden in ["<img", "<link", "<iframe", "src=", "@import", "href=\"http"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    let mut ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "an id stands twice");
    let links: Vec<&str> = page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(links.len() > 20);
    assert!(links.iter().all(|link| ids.contains(link)), "{links:?}");
}

#[test]
fn coverage_and_reproduction_are_told() {
    let text = as_markdown(&fixture::comparison(), usize::MAX);
    for line in [
        "- kinds of principals not modelled, in any design: `mirror` and `transparency-log`",
        "| kind of principal | `team` | only `native-shared-hosts`, `external-ci-operator-integrated`, `trusted-publishing` and `staged-shared-house` |",
        "| attack step | `escape-vm` | all but `status-quo` |",
        "- SLSA v1.2 threats no fired step carries, in any design: `G`, `H` and `I`",
        "cotenant compare status-quo shared-house --out cotenant-report",
    ] {
        assert!(text.lines().any(|known| known == line), "{line}");
    }
    assert!(text.contains("with seed 42"));
    assert!(text.contains(&"0123456789abcdef".repeat(4)), "the whole hash");
}

#[test]
fn the_brief_fits_into_a_mail() {
    use cotenant::report::content::brief;
    use cotenant::report::terminal;
    let text = terminal::render(&brief::blocks(&fixture::comparison(), &context()), brief::WIDTH);
    for line in text.lines() {
        assert!(line.chars().count() <= brief::WIDTH || line.starts_with("    "), "{line}");
    }
    for part in
        ["package index designs compared", "The likeliest way to", "alone: ", "Not examined in any design", "seed 42"]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
    let mut alone = fixture::pair();
    alone.designs.truncate(1);
    let alone = terminal::render(&brief::blocks(&alone, &context()), brief::WIDTH);
    assert!(alone.contains("Not examined: kinds of principals"), "{alone}");
    // Every question of the made-up designs has answers of its own; those of real ones mostly repeat each other.
    assert!(text.lines().count() < 190, "{}", text.lines().count());
}

#[test]
fn the_back_test_is_told_where_it_is_recorded() {
    let text = r#"{"cotenant-backtest": 1, "incidents": [
        {"id": "a", "class": "native-build", "scored": true, "weak": false, "found": true, "not_trivial": true, "shape": 0.5,
         "controls": {"x": true, "y": false}, "unrelated": {"z": true}, "held": {}},
        {"id": "b", "class": "native-build", "scored": true, "weak": true, "found": false, "not_trivial": true, "shape": 0,
         "controls": {"x": true}, "unrelated": {"z": true}, "held": {"h": true}}]}"#;
    let recorded = Context { backtest: Some(Record::parse(text).unwrap()), ..context() };
    let comparison = fixture::comparison();
    let with = markdown::report(&comparison, &recorded, &[], usize::MAX);
    for line in [
        "## Back-test",
        "| native-build | 1 | 1/1 20-100% | 50 % | 1/2 9-91% | - |",
        "| weak evidence | 1 | 0/1 0-80% | 0 % | 1/1 20-100% | 1/1 20-100% |",
        "| all fitted | 2 | 1/2 9-91% | 25 % | 2/3 20-94% | 1/1 20-100% |",
    ] {
        assert!(with.contains(line), "{line}\n{}", with.split("## Back-test").nth(1).unwrap_or_default());
    }
    assert!(!markdown::report(&comparison, &context(), &[], usize::MAX).contains("## Back-test"));
}
