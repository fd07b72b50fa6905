//! What is written is read again; what is wrong is told with its place.

use super::*;
use crate::graph::{CapabilityGraph, FamilyId, StepKind};
use crate::source::Source;
use crate::units::Effort;

const SMALL: &str = r#"{"cotenant-graph": 1,
"capabilities": [{"id": 0, "name": "a"}, {"id": 1, "name": "b", "family": 0}, {"id": 2, "name": "goal"}],
"assumptions": [{"id": 0, "name": "x", "probability": 0.25}],
"steps": [{"id": 0, "name": "s", "needs": [], "gains": 1, "assumptions": [0]},
 {"id": 1, "name": "t", "needs": [0], "gains": 2, "assumptions": [], "quorum": {"of": [1], "at_least": 2}}],
"families": [{"id": 0, "name": "others", "count": 3}],
"threats": [{"name": "t", "start": [0], "goal": 2}]}"#;

fn read_text(text: &str) -> Result<CapabilityGraph, Vec<GraphError>> {
    read(Source::new("graph.json", text))
}

/// The errors after replacing one piece of the small graph.
fn broken(from: &str, to: &str) -> Vec<String> {
    assert!(SMALL.contains(from), "{from}");
    let errors = read_text(&SMALL.replacen(from, to, 1)).expect_err(to);
    errors.iter().map(ToString::to_string).collect()
}

#[test]
fn absent_fields_have_their_defaults() {
    let graph = read_text(SMALL).unwrap();
    assert_eq!(graph.horizon_days, 365.0);
    assert_eq!(graph.steps[0].family, Some(FamilyId(0)), "the innermost family touched");
    assert_eq!(graph.steps[0].kind, StepKind::Exploit);
    assert_eq!(graph.steps[1].family, None, "a quorum's entry does not tie a step to its block");
    assert_eq!(graph.capabilities[2].gained_by.len(), 1);
    assert!(graph.model.starts_with("sha256:") && graph.model.len() == 71);
    assert_eq!(graph.threats[0].group, "t");
}

#[test]
fn written_and_read_again_it_is_the_same() {
    let graph = read_text(SMALL).unwrap();
    let text = write(&graph);
    assert_eq!(read_text(&text).unwrap(), graph);
    assert_eq!(write(&read_text(&text).unwrap()), text);
    assert!(text.contains("\"requires\": [\"families\",\"quorum\"]"));
    assert!(text.contains("\n{\"id\":0,\"name\":\"x\",\"probability\":0.25,\"kind\":\"state\",\"family\":null,"));
}

#[test]
fn an_empty_graph_can_be_written_and_read() {
    let graph = CapabilityGraph { horizon_days: 1.5, ..CapabilityGraph::default() };
    assert_eq!(read_text(&write(&graph)).unwrap(), graph);
}

#[test]
fn every_error_has_its_place() {
    let cases = [
        (r#"{"id": 1, "name": "b""#, r#"{"id": 2, "name": "b""#, "2:49: capabilities[1].id: an id is the position"),
        (r#""gains": 1"#, r#""gains": 3"#, "4:56: steps[0].gains: the number 3 is no capability: there are 3"),
        (r#""needs": [0]"#, r#""needs": [0, 0]"#, "5:38: steps[1].needs[1]: 0 stands here twice"),
        (r#""assumptions": [0]"#, r#""assumptions": [0,0]"#, "4:77: steps[0].assumptions[1]: 0 stands here twice"),
        ("0.25", "-0.25", "3:55: assumptions[0].probability: -0.25 is out of range"),
        ("0.25", "\"NaN\"", "3:55: assumptions[0].probability: expected a number, found text"),
        ("0.25", "1e999", "assumptions[0].probability: expected a number, found the number 1e999"),
        (r#""at_least": 2"#, r#""at_least": 4"#, "steps[1].quorum: `at_least` is 4, but `of` has 3"),
        (r#""at_least": 2"#, r#""at_least": 0"#, "steps[1].quorum.at_least: 0 is out of range"),
        (r#""of": [1]"#, r#""of": [1, 1]"#, "steps[1].quorum.of[1]: 1 stands here twice"),
        (r#""of": [1]"#, r#""of": [-1]"#, "steps[1].quorum.of[0]: the number -1 is no capability"),
        (r#""count": 3"#, r#""count": 0"#, "a family has at least one copy"),
        (r#""count": 3"#, r#""count": 3, "within": 0"#, "families[0]: `within` runs in a circle"),
        (r#""gains": 1"#, r#""gains": 1, "family": null"#, "it belongs to no family but touches family 0"),
        (r#""gains": 2"#, r#""gains": 2, "family": 0"#, "steps[1]"),
        (r#""gains": 1"#, r#""gains": 1, "kind": "magic""#, "steps[0].kind"),
        (r#""gains": 1"#, r#""gains": 1, "effort": {"law": "lognormal", "median_h": 2, "p90_h": 1}"#, "ascend"),
        (
            r#""gains": 1"#,
            r#""gains": 1, "effort": {"law": "lognormal", "median_h": 2, "p90_h": 2}"#,
            "above the median",
        ),
        (r#""gains": 1"#, r#""gains": 1, "effort": {"law": "pert", "low_h": 2}"#, "`mode_h` is missing"),
        (r#""gains": 1"#, r#""gains": 1, "effort": {"law": "weibull"}"#, "steps[0].effort.law"),
        (r#""gains": 1"#, r#""gains": 1, "gains": 1"#, "this key stands here twice"),
        (r#""gains": 1"#, r#""gains": 1.0"#, "the number 1.0 is no capability"),
        (r#""start": [0]"#, r#""start": 0"#, "threats[0].start: expected a list"),
        (r#", "start": [0]"#, "", "threats[0]: `start` is missing"),
        (r#""goal": 2}"#, r#""goal": 2}, {"name": "t", "start": [], "goal": 2}"#, "a threat named `t` stands above"),
        (r#"1,"#, r#"2,"#, "1:20: cotenant-graph: this program reads version 1"),
        (r#"1,"#, r#"1, "requires": ["quorum", "weather"],"#, "1:46: requires[1]: the file requires `weather`"),
        (r#""families": "#, r#""families": 7, "x": "#, "families: expected a list"),
        (r#""families": ["#, r#""families": [3, "#, "families[0]: expected an object, found the number 3"),
        ("\"threats\": [{", "\"threats\": [", "this is not a capability graph in JSON: expected"),
    ];
    let mut missed = Vec::new();
    for (from, to, want) in cases {
        let errors = broken(from, to);
        if !errors.iter().any(|error| error.contains(want)) {
            missed.push((want, errors));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn all_errors_of_a_file_come_at_once_and_in_order() {
    let text = SMALL.replace("0.25", "7").replace("\"gains\": 1", "\"gains\": 9").replace("\"goal\": 2", "\"goal\": 5");
    let errors = read_text(&text).unwrap_err();
    let paths: Vec<&str> = errors.iter().map(|error| error.path.as_str()).collect();
    assert_eq!(paths, ["assumptions[0].probability", "steps[0].gains", "threats[0].goal"]);
}

#[test]
fn nothing_makes_the_reader_panic() {
    for end in 0..SMALL.len() {
        assert!(read_text(&SMALL[..end]).is_err());
    }
    for piece in ["\"", "{", "[", ",", "0", "null"] {
        for at in 0..SMALL.len() {
            let _ = read_text(&format!("{}{piece}{}", &SMALL[..at], &SMALL[at + 1..]));
        }
    }
    for text in ["[]", "3", "null", "{}", "{\"cotenant-graph\":1}"] {
        assert!(read_text(text).is_err());
    }
}

#[test]
fn unknown_fields_are_noted() {
    let text = SMALL.replace("\"gains\": 1", "\"gains\": 1, \"colour\": [1]");
    let loaded = load(Source::new("graph.json", text)).unwrap();
    assert_eq!(loaded.notes.len(), 1);
    assert_eq!(loaded.notes[0].to_string(), "4:59: steps[0].colour: unknown field, ignored");
}

#[test]
fn every_optional_field_survives() {
    let text = r#"{"cotenant-graph":1,"requires":["guards"],"design":"d","horizon_days":30.5,"program":"0","model":"sha256:1",
"capabilities":[{"id":0,"name":"\u001b[31m"},{"id":1,"name":"b"}],
"assumptions":[{"id":0,"name":"x","probability":1e-300,"kind":"events","range":[0,0.1,7],"parameter":"p","honesty_of":0,
 "text":"t","question":"q","grade":"guess","source":"s"}],
"steps":[{"id":0,"name":"s","needs":[1,0],"gains":1,"assumptions":[0],"kind":"exploit","unless":[0],"only_with":[1],
 "effort":{"law":"pert","low_h":0,"mode_h":1.5,"high_h":1e17},"detected":0.5,"delay_h":48,"says":"é",
 "because":[{"file":"m.yaml","line":3,"col":4,"text":"x"}],"dropped":["b.none"]}],
"controls":[{"id":0,"name":"c","cost_days":2.5,"on":true,"excludes":[1]},{"id":1,"name":"d"}],
"principals":[{"id":0,"name":"p.other","capability":0,"candidate":true,"external":true}],
"threats":[{"name":"t","public":[1],"start":[0],"goal":1,"others":[0],"apart":[0],"title":"T","group":"g",
 "not_applicable":"too few","tolerate":{"any":true,"no_grant":true,"unreachable":true,"failures":1,"probability":0.1,"trusting":[0]},
 "alike":{"steps":[[0,0]],"assumptions":[[0,0]],"principals":[[0,0]]}}]}"#;
    let graph = read_text(text).unwrap();
    assert_eq!(graph.principals[0].class, "p");
    assert_eq!(graph.steps[0].effort, Some(Effort::Pert { low_h: 0.0, mode_h: 1.5, high_h: 1e17 }));
    assert_eq!(graph.steps[0].needs[0].0, 0, "needs are kept ascending");
    let again = read_text(&write(&graph)).unwrap();
    assert_eq!(again, graph);
}
