//! The gate's formats under hostile names: the XML parses, the SARIF is valid, and nothing acts.

use cotenant::report::content::gate;
use cotenant::report::{junit, sarif, terminal};
use cotenant::source::Place;
use cotenant::study::checked::{Answered, Broken, Checked};
use cotenant::study::gate::{Verdict, judge};
use cotenant::units::Date;

use crate::hostile::{hostile, poisoned};

/// A model at the gate in which every string is this, and every verdict occurs.
fn checked(text: &str) -> Vec<Checked> {
    let today = Date::parse("2027-01-01").unwrap();
    let designs = poisoned(text).designs.into_iter();
    let mut all: Vec<Checked> = designs
        .map(|answer| {
            let mut judgements = judge(&answer);
            let verdicts =
                [Verdict::Fail, Verdict::Undecided, Verdict::NotApplicable, Verdict::NotJudged, Verdict::Accepted];
            for (judgement, verdict) in judgements.iter_mut().zip(verdicts.into_iter().cycle()) {
                judgement.verdict = verdict;
                judgement.expected = text.to_owned();
            }
            let place = Place { file: text.to_owned(), line: 3, col: 1, text: text.to_owned() };
            let places = judgements.iter().map(|_| Some(place.clone())).collect();
            let answered = Answered { answer, judgements, places, register: Vec::new(), today };
            Checked { file: text.to_owned(), diagnostics: Vec::new(), answered: Some(answered), broken: None }
        })
        .collect();
    let broken = Some(Broken { unreadable: true, message: text.to_owned() });
    all.push(Checked { file: text.to_owned(), diagnostics: Vec::new(), answered: None, broken });
    all
}

/// Characters that a terminal or a reader obeys.
fn acts(text: &str) -> bool {
    text.chars().any(|c| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}'..='\u{200f}')
    })
}

#[test]
fn junit_parses_whatever_the_names_are() {
    for text in hostile() {
        let all = checked(&text);
        let xml = junit::render(&all, 1);
        let document = roxmltree::Document::parse(&xml).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        let cases = document.descendants().filter(|node| node.has_tag_name("testcase")).count();
        let threats: usize = all.iter().filter_map(|it| it.answered.as_ref()).map(|it| it.judgements.len()).sum();
        assert_eq!(cases, threats + all.len(), "no name adds or hides a case: {text:?}");
        assert!(!acts(&xml), "{text:?}");
        let undecided = document.descendants().any(|node| node.attribute("type") == Some("undecided"));
        assert!(undecided && document.descendants().any(|node| node.has_tag_name("skipped")), "{text:?}");
    }
}

#[test]
fn sarif_is_valid_whatever_the_names_are() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/schemas/sarif-2.1.0.json");
    let schema = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let validator = jsonschema::draft7::new(&schema).unwrap();
    for text in hostile() {
        let log = serde_json::to_value(sarif::log(&checked(&text), 1)).unwrap();
        let errors: Vec<String> = validator.iter_errors(&log).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{text:?}: {errors:?}");
        for result in log["runs"][0]["results"].as_array().unwrap() {
            let said = result["message"]["text"].as_str().unwrap();
            let link = said.match_indices('[').any(|(at, _)| !said[..at].ends_with('\\'));
            assert!(!link && !acts(said), "{said:?}");
            let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
            assert!(uri.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"`{}|\\^".contains(&byte)), "{uri}");
        }
    }
}

#[test]
fn undecided_fails_under_that_word() {
    let mut all = checked("plain");
    let answered = all[0].answered.as_mut().unwrap();
    answered.judgements.iter_mut().for_each(|judgement| judgement.verdict = Verdict::Undecided);
    let human = terminal::render(&gate::blocks(answered), 100);
    assert!(human.contains("plain: undecided: expected plain"), "{human}");
    assert!(all[0].fails());
    let log = serde_json::to_value(sarif::log(&all[..1], 1)).unwrap();
    assert!(log["runs"][0]["results"].as_array().unwrap().iter().all(|result| result["ruleId"] == "undecided"));
}
