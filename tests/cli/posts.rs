//! `--fit`: a report that goes into a post, and the way from what it leaves out to where that stands.

use std::fs;

use crate::run::{run, run_in};

#[test]
fn a_short_report_leads_to_the_long_one() {
    let folder = tempfile::tempdir().unwrap();
    let done = run_in(
        folder.path(),
        &["compare", "status-quo", "house-distro", "--draws", "100", "--out", "r", "--fit", "9000"],
    );
    assert_eq!(done.code, 0, "{}", done.err);
    let text = fs::read_to_string(folder.path().join("r/report.md")).unwrap();
    assert!(text.chars().count() <= 20_000 && text.contains("*Shortened to fit into 9,000 characters."), "{text}");
    assert!(text.contains("\ncotenant compare status-quo house-distro --draws 100 --fit 9000\n"), "{text}");
    assert!(!text.contains("#### The worst ways"), "{text}");
    let commands: Vec<&str> = text.lines().filter(|line| line.starts_with("cotenant report ")).collect();
    assert_eq!(
        commands,
        [
            "cotenant report status-quo --draws 100 --out report-1",
            "cotenant report house-distro --draws 100 --out report-2"
        ]
    );
    let words: Vec<&str> = commands[0].split(' ').skip(1).collect();
    assert_eq!(run_in(folder.path(), &words).code, 0);
    let alone = fs::read_to_string(folder.path().join("report-1/report.md")).unwrap();
    for told in ["#### The worst ways", "#### Questions for the room", "The likeliest way of the other questions"] {
        assert!(alone.contains(told), "{told} in {alone}");
    }
    assert!(
        !alone.contains("Shortened to fit") && alone.contains("What to do first in `status-quo`"),
        "one design has room"
    );
    let hardened = ["report", "status-quo", "house-distro", "--draws", "100", "--out", "h", "--fit", "9000"];
    assert_eq!(run_in(folder.path(), &hardened).code, 0);
    let text = fs::read_to_string(folder.path().join("h/report.md")).unwrap();
    assert!(text.contains("What to do first is not told here: it stands in `report.html`."), "{text}");
}

#[test]
fn a_post_has_some_length_and_a_page_of_text_has_its_own() {
    for (args, says) in [
        (&["compare", "status-quo", "--fit", "0"][..], "0 is not in 1.."),
        (&["compare", "status-quo", "--fit", "many"], "invalid digit"),
        (&["report", "status-quo", "--brief", "--fit", "32000"], "cannot be used with"),
    ] {
        let done = run(args);
        assert!(done.code == 2 && done.err.contains(says), "{} {}", done.code, done.err);
    }
}
