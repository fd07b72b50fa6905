//! `explain` knows every word that a table of a report is headed by.

use std::collections::BTreeSet;
use std::process::Command;

use crate::run::run;

/// Plain English that needs no explanation.
const PLAIN: [&str; 8] = ["what", "id", "how", "about", "says", "fault", "index", "of them here"];

/// The heads of the tables that a verb prints: the lines above a line of dashes, cut where the dashes are.
fn heads(args: &[&str]) -> BTreeSet<String> {
    let folder = tempfile::tempdir().unwrap();
    let done = Command::new(env!("CARGO_BIN_EXE_cotenant"))
        .args(args)
        .current_dir(folder.path())
        .env("COLUMNS", "160")
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let text = String::from_utf8(done.stdout).unwrap();
    let lines: Vec<Vec<char>> = text.lines().map(|line| line.chars().collect()).collect();
    let is_rule = |line: &Vec<char>| line.len() > 3 && line.iter().all(|c| matches!(c, '-' | ' ')) && line[1] == '-';
    let mut found = BTreeSet::new();
    for (at, rule) in lines.iter().enumerate().filter(|(_, line)| is_rule(line)) {
        // A table begins after a blank line or right below its heading.
        let heading = |line: &Vec<char>| line.starts_with(&['=', '=', ' ']) || line.starts_with(&['-', '-', ' ']);
        let above = lines[..at].iter().rposition(|line| line.is_empty() || heading(line)).map_or(0, |line| line + 1);
        let mut start = 0;
        while let Some(from) = (start..rule.len()).find(|column| rule[*column] == '-') {
            let to = (from..rule.len()).find(|column| rule[*column] != '-').unwrap_or(rule.len());
            let part = |line: &Vec<char>| line.iter().take(to).skip(from).collect::<String>().trim().to_owned();
            let head: Vec<String> = lines[above..at].iter().map(part).collect();
            found.insert(head.join(" ").trim().to_owned());
            start = to;
        }
    }
    found
}

#[test]
fn every_head_of_a_table_is_explained() {
    // What the models name (designs, threats, classes with a verb) explains itself by `--model`.
    let model = json_names();
    let verbs: [&[&str]; 14] = [
        &["compare", "--draws", "100"],
        &["check", "native-containers"],
        &["blast", "native-containers"],
        &["simulate", "native-containers", "--exact", "--importance"],
        &["simulate", "native-containers", "--trials", "2000"],
        &["simulate", "house-distro", "--trials", "500", "--attacker", "informed"],
        &["simulate", "native-containers", "--rare", "--trials", "2000"],
        &["harden", "native-containers"],
        &["diff", "native-containers", "native-apartment"],
        &["sweep", "native-containers", "--vary", "tenant.isolation=container,vm", "--draws", "100"],
        &["backtest"],
        &["explain", "--coverage", "byo-trusted"],
        &["graph", "native-containers"],
        &["trust", "native-containers"],
    ];
    let all: BTreeSet<String> = verbs.iter().flat_map(|args| heads(args)).collect();
    assert!(all.contains("Fussell-Vesely") && all.contains("n1/w1") && all.len() > 40, "{all:?}");
    let unknown: Vec<&String> = all
        .iter()
        .filter(|head| !head.is_empty() && !PLAIN.contains(&head.as_str()) && !model.contains(*head))
        .filter(|head| run(&["explain", head]).code != 0)
        // What a compromise gives is counted in the index's own units: a verb and a class.
        .filter(|head| {
            head.split_once(' ').is_none_or(|(verb, class)| class.contains(' ') || run(&["explain", verb]).code != 0)
        })
        .collect();
    assert!(unknown.is_empty(), "`explain` does not know {unknown:?}");
}

/// Names that a model gives to columns.
fn json_names() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for design in ["house-distro", "native-containers", "native-apartment", "status-quo", "byo-trusted"] {
        let graph = crate::run::json(&["graph", design, "--format", "json"]);
        let threats = graph["threats"].as_array().unwrap().iter();
        names.extend(
            threats
                .flat_map(|threat| [&threat["name"], &threat["group"]])
                .filter_map(|name| name.as_str())
                .map(str::to_owned),
        );
        let principals = graph["principals"].as_array().unwrap().iter();
        names.extend(principals.filter_map(|principal| principal["class"].as_str()).map(str::to_owned));
        names.insert(design.to_owned());
    }
    names.extend(
        ["tenant.isolation", "operator-ci", "byo-token", "house-distro", "house-forge-before", "house-forge-after"]
            .map(str::to_owned),
    );
    names
}

#[test]
fn words_of_importance_are_explained_however_they_are_written() {
    for (name, says) in [
        ("importance", "Fussell-Vesely"),
        ("fussell-vesely", "minimal attack set"),
        ("Fussell-Vesely", "minimal attack set"),
        ("Birnbaum", "surely"),
        ("if it holds, P falls", "holds"),
        ("P(exposed)", "P(exposed)"),
        ("over the ranges", "low end"),
        ("n1/w1", "single failures"),
        ("strangers' code", "outsiders"),
        ("worse", "--fail-on"),
    ] {
        let done = run(&["explain", name]);
        assert_eq!(done.code, 0, "{name}: {}", done.err);
        let text = done.out.replace('\n', " ");
        assert!(text.contains(says) && text.contains("docs/semantics.md"), "{name}: {}", done.out);
    }
}
