//! Exports of the graph for other tools, each read back by a reader of its format or held against its rules.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;

use crate::run::{Run, run, run_in};

fn export(format: &str) -> (Value, String) {
    let graph = run(&["graph", "house-forge-after", "--format", "json"]);
    let out = run(&["graph", "house-forge-after", "--format", format]);
    assert_eq!((graph.code, out.code), (0, 0), "{}", out.err);
    (serde_json::from_str(&graph.out).unwrap(), out.out)
}

/// (step, capability) pairs of a graph: what steps need, count, gain.
fn pairs(graph: &Value, of: &str) -> usize {
    let steps = graph["steps"].as_array().unwrap();
    let length = |value: &Value| value.as_array().map_or(0, Vec::len);
    steps
        .iter()
        .map(|step| match of {
            "needed" => length(&step["needs"]),
            "counts" => length(&step["quorum"]["of"]),
            _ => 1,
        })
        .sum()
}

#[test]
fn graphml_is_well_formed_and_every_end_of_an_edge_is_a_node() {
    let (graph, text) = export("graphml");
    let document = roxmltree::Document::parse(&text).unwrap();
    let of = |name: &'static str| {
        document.descendants().filter(move |node| node.has_tag_name(("http://graphml.graphdrawing.org/xmlns", name)))
    };
    let ids: BTreeSet<&str> = of("node").filter_map(|node| node.attribute("id")).collect();
    assert_eq!(ids.len(), graph["capabilities"].as_array().unwrap().len() + graph["steps"].as_array().unwrap().len());
    let mut roles: BTreeMap<&str, usize> = BTreeMap::new();
    for edge in of("edge") {
        assert!(["source", "target"].iter().all(|end| ids.contains(edge.attribute(*end).unwrap())));
        *roles.entry(edge.descendants().find_map(|node| node.text()).unwrap()).or_default() += 1;
    }
    for (role, n) in &roles {
        assert_eq!(*n, pairs(&graph, role), "{role}");
    }
    let declared: BTreeSet<&str> = of("key").filter_map(|key| key.attribute("id")).collect();
    assert!(of("data").all(|data| declared.contains(data.attribute("key").unwrap())));
}

#[test]
fn the_table_has_a_row_for_each_step() {
    let (graph, text) = export("csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), cotenant::graph::table::COLUMNS);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let steps = graph["steps"].as_array().unwrap();
    assert_eq!(rows.len(), steps.len());
    for (row, step) in rows.iter().zip(steps) {
        assert_eq!(&row[1], step["name"].as_str().unwrap());
        assert_eq!(&row[2], step["kind"].as_str().unwrap());
    }
}

#[test]
fn opengraph_keeps_the_rules_of_its_schema() {
    let (graph, text) = export("opengraph");
    let document: Value = serde_json::from_str(&text).unwrap();
    let keys: Vec<&String> = document["metadata"].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["source_kind"], "the metadata take nothing else");
    let mut ids = BTreeSet::new();
    for node in document["graph"]["nodes"].as_array().unwrap() {
        let id = node["id"].as_str().unwrap();
        assert!(!id.contains(':') && ids.insert(id), "{id}");
        let kinds = node["kinds"].as_array().unwrap();
        assert!((1..=3).contains(&kinds.len()) && kinds.iter().all(|kind| !kind.as_str().unwrap().starts_with("tag_")));
        for (name, value) in node["properties"].as_object().unwrap() {
            assert!(name.chars().all(|c| c.is_ascii_lowercase()) && name != "objectid", "{name}");
            let flat = |value: &Value| value.is_string() || value.is_number() || value.is_boolean();
            let list = |values: &Vec<Value>| !values.is_empty() && values.iter().all(Value::is_string);
            assert!(flat(value) || value.as_array().is_some_and(list), "{name}: {value}");
        }
    }
    let edges = document["graph"]["edges"].as_array().unwrap();
    for edge in edges {
        let kind = edge["kind"].as_str().unwrap();
        assert!(kind.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'), "{kind}");
        for end in ["start", "end"] {
            assert_eq!(edge[end]["match_by"], "id");
            assert!(ids.contains(edge[end]["value"].as_str().unwrap()));
        }
    }
    assert_eq!(edges.len(), ["needed", "counts", "gains"].iter().map(|of| pairs(&graph, of)).sum::<usize>());
}

#[test]
fn hostile_names_stay_text_in_every_export() {
    let folder = tempfile::tempdir().unwrap();
    let names =
        ["=cmd|' /C calc'!A0", "</node><script>x</script>", "a\u{1b}[2J\u{202e}b\u{0}\u{fffe}", "\"; \n,x", "]]>"];
    for name in names {
        let graph = serde_json::json!({"cotenant-graph": 1, "design": name, "capabilities": [{"id": 0, "name": name}, {"id": 1, "name": "g"}],
            "assumptions": [{"id": 0, "name": name, "probability": 0.5}],
            "steps": [{"id": 0, "name": name, "needs": [0], "gains": 1, "assumptions": [0], "says": name}],
            "threats": [{"name": "t", "start": [0], "goal": 1}]});
        fs::write(folder.path().join("g.json"), graph.to_string()).unwrap();
        let export = |format: &str| -> Run {
            let out = run_in(folder.path(), &["graph", "g.json", "--format", format]);
            assert_eq!(out.code, 0, "{format} {name:?}: {}", out.err);
            assert!(!out.out.contains(['\u{1b}', '\u{202e}', '\u{0}']), "{format} {name:?}");
            out
        };
        let document = export("graphml").out;
        assert_eq!(
            roxmltree::Document::parse(&document)
                .unwrap()
                .descendants()
                .filter(|node| node.has_tag_name("script"))
                .count(),
            0
        );
        let table = export("csv").out;
        let rows: Vec<csv::StringRecord> =
            csv::Reader::from_reader(table.as_bytes()).records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 1);
        assert!(rows[0].iter().all(|cell| !cell.starts_with(['=', '+', '-', '@'])), "{rows:?}");
        serde_json::from_str::<Value>(&export("opengraph").out).unwrap();
        export("dot");
        export("mermaid");
    }
}
