//! Tables for a terminal.

use cotenant::report::{table, terminal};
use unicode_width::UnicodeWidthStr;

use crate::fixture;

#[test]
fn the_comparison_reads_on_a_terminal() {
    insta::assert_snapshot!(terminal::render(&table::compare(&fixture::comparison()), 100));
}

#[test]
fn nothing_is_wider_than_the_terminal() {
    for comparison in [fixture::comparison(), fixture::pair()] {
        for width in [60, 80, 100, 140] {
            for line in terminal::render(&table::compare(&comparison), width).lines() {
                assert!(line.width() <= width, "{width}: {line}");
            }
        }
    }
}

#[test]
fn words_stay_whole_where_the_table_can_go_on_below() {
    let text = terminal::render(&table::compare(&fixture::comparison()), 80);
    for word in ["unreachable", "impersonation", "approvals", "interfaces", "not asked"] {
        assert!(text.contains(word), "{word}\n{text}");
    }
    assert!(!text.lines().any(|line| line.trim() == "e"), "{text}");
}

#[test]
fn k_is_told_both_ways_only_where_trust_changes_it() {
    let text = terminal::render(&table::compare(&fixture::comparison()), 120);
    assert!(text.contains("k=1 (2) 9/7"), "{text}");
    assert!(text.contains("k=1 12/11"), "{text}");
}

#[test]
fn a_graph_file_has_no_costs() {
    let mut comparison = fixture::pair();
    comparison.designs[0].costs = None;
    let rows = table::costs(&comparison).rows;
    assert!(rows[0][1..].iter().all(|cell| cell.plain() == "n/a"), "{rows:?}");
    assert_eq!(rows[1][1].plain(), "1");
}
