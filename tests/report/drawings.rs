//! The ways of a question, drawn.

use std::collections::BTreeSet;

use cotenant::analysis::Path;
use cotenant::graph::StepKind;
use cotenant::report::drawing::{self, MOST_WAYS};
use cotenant::study::DesignAnswer;

use crate::fixture;

/// Every question of every design that has ways, with its drawing.
fn drawn(check: impl Fn(&DesignAnswer, &[&Path], &str)) -> usize {
    let comparison = fixture::comparison();
    let mut all = 0;
    for design in &comparison.designs {
        for answer in &design.threats {
            let threat = design.graph.threats.iter().find(|threat| threat.name == answer.threat).unwrap();
            let ways: Vec<&Path> = answer.paths.paths.iter().collect();
            if let Some(svg) = drawing::draw(design, threat, &ways, "x") {
                assert_eq!(Some(&svg), drawing::draw(design, threat, &ways, "x").as_ref(), "same ways, same bytes");
                check(design, &ways, &svg);
                all += 1;
            }
        }
    }
    all
}

#[test]
fn every_exploit_of_a_way_is_drawn_once_and_carries_the_numbers_of_its_ways() {
    let all = drawn(|design, ways, svg| {
        let shown = &ways[..ways.len().min(MOST_WAYS)];
        let exploits: BTreeSet<_> = shown
            .iter()
            .flat_map(|way| &way.steps)
            .filter(|step| design.graph.step(**step).kind == StepKind::Exploit)
            .collect();
        assert_eq!(svg.matches("<g class=\"exploit").count(), exploits.len());
        for (at, way) in shown.iter().enumerate() {
            let own = way
                .steps
                .iter()
                .filter(|step| design.graph.step(**step).kind == StepKind::Exploit)
                .collect::<BTreeSet<_>>()
                .len();
            let tagged = svg.split("<g class=\"exploit").skip(1).filter_map(|rest| rest.split('"').next());
            let of_way = tagged.filter(|classes| classes.split(' ').any(|class| class == format!("w{at}"))).count();
            assert_eq!(of_way, own, "way {at}");
        }
        assert!(svg.contains("class=\"cap goal") && !svg.contains("NaN"));
    });
    assert!(all > 3, "{all}");
}

#[test]
fn no_two_boxes_of_a_drawing_meet() {
    let number = |tag: &str, name: &str| -> f64 {
        tag.split(&format!(" {name}=\""))
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .and_then(|text| text.parse().ok())
            .unwrap()
    };
    let all = drawn(|_, _, svg| {
        let capabilities = svg.split("<g class=\"cap").skip(1).map(|group| group.split("<rect").nth(1).unwrap());
        let boxes: Vec<[f64; 4]> =
            capabilities.map(|tag| ["x", "y", "width", "height"].map(|name| number(tag, name))).collect();
        for (at, a) in boxes.iter().enumerate() {
            for b in &boxes[at + 1..] {
                let apart = a[0] + a[2] <= b[0] || b[0] + b[2] <= a[0] || a[1] + a[3] <= b[1] || b[1] + b[3] <= a[1];
                assert!(apart, "{a:?} {b:?}");
            }
        }
    });
    assert!(all > 3, "{all}");
}
