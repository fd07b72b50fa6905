//! Who must be trusted, compared: the matrix against its definition, in every format.

use cotenant::analysis::Status;
use cotenant::report::{json, plots, table, terminal};
use cotenant::study::Comparison;
use cotenant::study::trust::TrustMatrix;
use serde_json::Value;

use crate::fixture;

/// The smallest coalition of a question's worst threat that a party is in, by name.
fn size(comparison: &Comparison, row: usize, design: usize, party: &str) -> Option<usize> {
    let threat = &comparison.designs[design].threats[comparison.rows[row].worst[design]?];
    if threat.reach.status == Status::NotApplicable {
        return None;
    }
    let graph = &comparison.designs[design].graph;
    let names = |set: &Vec<cotenant::graph::PrincipalId>| -> Vec<String> {
        set.iter().map(|id| graph.principals[id.0 as usize].name.clone()).collect()
    };
    let sets = threat.coalitions.coalitions.iter().map(names);
    let with = sets
        .filter(|set| set.iter().any(|name| name == party) || (set.is_empty() && party == "anyone on the internet"));
    with.map(|set| set.len()).min()
}

#[test]
fn the_matrix_is_what_its_definition_says_for_every_baseline() {
    let mut comparison = fixture::comparison();
    let (mut new, mut gone) = (0, 0);
    for baseline in 0..comparison.designs.len() {
        comparison.baseline = baseline;
        for (row, asked) in comparison.rows.iter().enumerate() {
            let matrix = TrustMatrix::new(&comparison, Some(&asked.group));
            for party in &matrix.parties {
                let before = size(&comparison, row, baseline, &party.name);
                for (design, cell) in party.cells.iter().enumerate() {
                    let here = size(&comparison, row, design, &party.name);
                    assert_eq!(cell.size, here, "{} in {design}", party.name);
                    let both = matrix.asked[baseline] && matrix.asked[design] && design != baseline;
                    assert_eq!(cell.new, both && here.is_some() && before.is_none(), "{} in {design}", party.name);
                    assert_eq!(cell.gone, both && here.is_none() && before.is_some(), "{} in {design}", party.name);
                    new += usize::from(cell.new);
                    gone += usize::from(cell.gone);
                }
            }
        }
    }
    assert!(new > 10 && gone > 10, "{new} {gone}");
}

#[test]
fn every_format_names_the_baseline_and_who_is_new() {
    let mut comparison = fixture::comparison();
    let new = |comparison: &Comparison| {
        let matrix = TrustMatrix::new(comparison, Some(&comparison.rows[0].group));
        (0..comparison.designs.len()).map(|at| matrix.new_in(at).len()).sum::<usize>()
    };
    comparison.baseline = (0..comparison.designs.len())
        .max_by_key(|at| new(&Comparison { baseline: *at, ..comparison.clone() }))
        .unwrap();
    assert!(new(&comparison) > 0);
    let name = comparison.designs[comparison.baseline].design.clone();
    let text = terminal::render(&table::compare(&comparison), 80);
    assert!(text.contains("1 new") && text.contains("Against the baseline:"), "{text}");
    assert!(
        text.split_whitespace().collect::<Vec<_>>().join(" ").contains(&format!("that of the baseline, {name}.")),
        "{text}"
    );
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    let plot = plots::trust(&comparison, Some(&comparison.rows[0].group)).unwrap();
    assert!(plot.svg.contains(">new<") || plot.svg.contains("\nnew\n"), "{}", plot.svg);
    let value: Value = serde_json::from_str(&json::compare(&comparison, "compare").render().unwrap()).unwrap();
    assert_eq!(value["trusted"]["baseline"], name.as_str());
    let cells = value["trusted"]["questions"][0]["parties"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|party| party["designs"].as_array().unwrap());
    assert_eq!(cells.filter(|cell| cell["new"] == true).count(), new(&comparison));
}
