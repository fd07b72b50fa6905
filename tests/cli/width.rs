//! At 80 columns: no line is wider, and no id is broken in two.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::run::json;

const DESIGNS: [&str; 9] = [
    "status-quo",
    "native-containers",
    "native-apartment",
    "operator-ci",
    "byo-token",
    "byo-trusted",
    "house-distro",
    "house-forge-before",
    "house-forge-after",
];

/// What a verb prints for people in a terminal of so many columns.
fn printed(folder: &Path, columns: &str, args: &[&str]) -> String {
    let done = Command::new(env!("CARGO_BIN_EXE_cotenant"))
        .args(args)
        .current_dir(folder)
        .env("COLUMNS", columns)
        .env("NO_COLOR", "1")
        .output()
        .expect("the program starts");
    let text = String::from_utf8(done.stdout).expect("UTF-8");
    assert!(!text.is_empty(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
    text
}

/// Every id of a design that could be broken: with a place where words are divided.
fn ids(design: &str) -> BTreeSet<String> {
    let graph = json(&["graph", design, "--format", "json"]);
    let lists = ["assumptions", "steps", "principals", "threats", "controls", "capabilities"];
    let entries = lists.iter().flat_map(|list| graph[list].as_array().into_iter().flatten());
    let names = entries.filter_map(|entry| entry["name"].as_str()).map(str::to_owned);
    names.filter(|name| name.contains(['-', '.', '(', ' ']) && (6..=64).contains(&name.len())).collect()
}

fn fits(folder: &Path, args: &[&str], ids: &BTreeSet<String>) {
    let (narrow, wide) = (printed(folder, "80", args), printed(folder, "160", args));
    for line in narrow.lines().filter(|line| !line.starts_with("    cotenant ")) {
        assert!(line.chars().count() <= 80, "{args:?}, {} columns: {line}", line.chars().count());
    }
    for id in ids {
        let (here, there) = (narrow.matches(id).count(), wide.matches(id).count());
        assert!(here >= there, "{args:?}: `{id}` stands {there} times at 160 columns and {here} times at 80\n{narrow}");
    }
}

#[test]
fn no_line_is_wider_than_80_columns_and_no_id_is_broken() {
    let folder = tempfile::tempdir().unwrap();
    // Every run is a process: all nine designs at full size, three of different classes otherwise.
    let few = ["native-containers", "byo-trusted", "house-distro"];
    let all = std::env::var_os("COTENANT_HEAVY").is_some();
    for design in if all { &DESIGNS[..] } else { &few[..] } {
        let ids = ids(design);
        let verbs: [&[&str]; 8] = [
            &["paths", design, "-k", "5"],
            &["trust", design],
            &["blast", design],
            &["check", design],
            &["graph", design],
            &["simulate", design, "--exact", "--importance"],
            &["harden", design, "--sets", "--threat", "outsider"],
            &["whatif", design, "--horizon", "90d"],
        ];
        for args in verbs {
            fits(folder.path(), args, &ids);
        }
    }
}

#[test]
fn the_answers_about_several_designs_fit_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let all: BTreeSet<String> =
        DESIGNS.iter().flat_map(|design| ids(design)).chain(DESIGNS.map(String::from)).collect();
    let verbs: [&[&str]; 11] = [
        &["compare", "--draws", "100"],
        &["compare", "--draws", "100", "--brief"],
        &["diff", "native-containers", "native-apartment"],
        &["harden", "native-containers", "--budget", "60"],
        &["simulate", "native-containers", "--rare", "--trials", "2000"],
        &["simulate", "native-containers", "--trace", "2", "--threat", "impersonation"],
        &["sweep", "native-containers", "--vary", "tenant.isolation=container,vm", "--draws", "100"],
        &["backtest"],
        &["simulate", "house-distro", "--trials", "500", "--attacker", "informed"],
        &["explain", "--coverage", "byo-trusted"],
        &["explain", "escape-tenant"],
    ];
    for args in verbs {
        fits(folder.path(), args, &all);
    }
}
