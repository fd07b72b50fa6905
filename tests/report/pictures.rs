//! Plots: what stands in them, and that they are the same everywhere.

use cotenant::report::document::Plot;
use cotenant::report::plots;

use crate::fixture;

fn drawn() -> Vec<Plot> {
    [fixture::comparison(), fixture::pair()]
        .iter()
        .flat_map(|comparison| {
            let (plots, errors) = plots::all(comparison);
            assert_eq!(errors, []);
            plots
        })
        .collect()
}

#[test]
fn plots_are_the_same_twice_and_name_no_other_font() {
    let (first, second) = (drawn(), drawn());
    assert_eq!(first, second);
    for plot in &first {
        for font in plot.svg.split("font-family=\"").skip(1) {
            assert!(font.starts_with("DejaVu Sans, Verdana, sans-serif\""), "{}", plot.stem);
        }
        for size in plot.svg.split("font-size=\"").skip(1) {
            let size = size.split('"').next().unwrap();
            assert!(size.parse::<u32>().is_ok(), "{}: a font size of {size}", plot.stem);
        }
    }
}

#[test]
fn plots_say_what_they_are_to_those_who_cannot_see_them() {
    for plot in drawn() {
        let head: Vec<&str> = plot.svg.lines().take(3).collect();
        assert!(head[0].contains("role=\"img\""), "{}", head[0]);
        assert!(head[1].starts_with("<title>") && head[2].starts_with("<desc>"), "{head:?}");
        assert!(!plot.title.is_empty() && head[2].len() > 100);
    }
}

#[test]
fn text_stays_inside_the_picture() {
    for plot in drawn() {
        let number = |tag: &str, key: &str| -> i32 {
            let value = tag.split(&format!(" {key}=\"")).nth(1).and_then(|rest| rest.split('"').next());
            value.and_then(|value| value.parse().ok()).unwrap_or(i32::MIN)
        };
        let (width, height) = (number(&plot.svg, "width"), number(&plot.svg, "height"));
        for tag in plot.svg.split("<text").skip(1) {
            let (x, y) = (number(tag, "x"), number(tag, "y"));
            assert!((0..width).contains(&x) && (0..height).contains(&y), "{}: {x},{y} of {width}x{height}", plot.stem);
        }
    }
}

#[test]
fn the_heatmap_tells_every_state_apart() {
    let plot = plots::reach(&fixture::comparison()).unwrap();
    let says = |text: &str| plot.svg.lines().any(|line| line == text);
    for text in [
        "by grant",
        "k = 1",
        "k = 1 (2)",
        "12/11",
        "&gt;= 9/4",
        "all (34,998)",
        "unreachable",
        "not applicable",
        "not asked",
    ] {
        assert!(says(text), "{text}");
    }
}

#[test]
fn the_trust_matrix_follows_the_question() {
    let comparison = fixture::comparison();
    let one = plots::trust(&comparison, Some("impersonation")).unwrap();
    let all = plots::trust(&comparison, None).unwrap();
    assert!(one.svg.contains("anyone on the internet") && one.svg.contains("Who must be trusted: impersonation"));
    assert!(all.svg.contains("over all questions"));
    assert!(one.svg.contains("The search stopped early in trusted-publishing"));
    let none = plots::trust(&comparison, Some("never asked")).unwrap();
    assert!(none.svg.contains("No party is in any minimal coalition."));
}

/// The texts of a plot, with where they begin: at the left end, in the middle or at the right end of themselves.
fn texts(svg: &str) -> Vec<(i32, i32, String)> {
    let number = |tag: &str, key: &str| tag.split(&format!(" {key}=\"")).nth(1)?.split('"').next()?.parse().ok();
    let all = svg.split("<text").skip(1).filter_map(|tag| {
        let said = tag.split_once(">\n")?.1.split_once("\n</text")?.0;
        Some((number(tag, "x")?, number(tag, "y")?, said.to_owned()))
    });
    all.collect()
}

#[test]
fn what_controls_change_is_told_state_by_state() {
    let plot = plots::hardened("house", &fixture::hardening()).unwrap().unwrap();
    let texts = texts(&plot.svg);
    let says = |text: &str| texts.iter().filter(|(_, _, said)| said == text).count();
    for (text, times) in [
        ("What controls change in house", 1),
        ("impersonation", 1),
        ("0.996 (0.467 to over 0.999), fail", 1),
        ("0.314 (0.09 to 0.62)", 1),
        // The word stands beside both states, and under its place left of the scale.
        ("impossible", 3),
        ("1: by grant", 1),
        ("unchanged", 1),
        ("between 0.1 and 0.4", 1),
        ("not applicable", 2),
        ("before", 4),
        ("after A", 4),
        ("after A: the cheapest set with which every threat keeps its tolerance, 30 days of work: own-packages.", 1),
        ("after B: the set that leaves least of the worst threat, 60 days of work: own-packages, vm-per-build.", 1),
    ] {
        assert_eq!(says(text), times, "{text}: {texts:?}");
    }
    // What is impossible is no number on a logarithmic scale, and no zero is one of its ticks.
    assert_eq!(says("0"), 0);
    let caption = plot.svg.lines().find(|line| line.starts_with("<desc>")).unwrap();
    for part in [
        "on a logarithmic scale",
        "Hatched",
        "Impossible:",
        "Fail:",
        "outsider: before 0.002",
        "after A impossible; after B impossible.",
    ] {
        assert!(caption.contains(part), "{part}: {caption}");
    }
    // What does not change comes last.
    let y = |name: &str| texts.iter().find(|(_, _, said)| said == name).unwrap().1;
    assert!(y("vendor-breach.hosting") > y("gone-with-what-it-was-about"));
    let scale = |power: &str| texts.iter().find(|(_, _, said)| said == power).unwrap().0;
    let never = texts.iter().find(|(_, at, said)| said == "impossible" && *at > y("vendor-breach.hosting")).unwrap().0;
    assert!(never < scale("1e-4") && scale("1e-4") < scale("1"));
}

#[test]
fn only_what_controls_change_is_drawn() {
    let all = fixture::hardening();
    let mut one = all.clone();
    one.front.truncate(2);
    let plot = plots::hardened("house", &one).unwrap().unwrap();
    assert!(plot.svg.contains("\nafter\n") && !plot.svg.contains("after A"), "one set needs no letter");
    let mut none = one.clone();
    none.front.truncate(1);
    none.cheapest.plan = None;
    assert!(plots::hardened("house", &none).is_none());
    // A set that costs more and reads the same is not worth a row.
    let mut dear = all.clone();
    let mut more = dear.front[1].clone();
    more.controls = vec![0, 1];
    more.cost_days = 900.0;
    dear.front = vec![dear.front[0].clone(), dear.front[1].clone(), more];
    assert!(!plots::hardened("house", &dear).unwrap().unwrap().svg.contains("900 days"));
    let mut many = all.clone();
    many.threats = (0..40).map(|n| format!("threat-{n}")).collect();
    let plot = plots::hardened("house", &many).unwrap().unwrap();
    assert!(plot.svg.contains("Left out: 10 more threats."));
}

#[test]
fn plots_of_nothing_are_no_failure() {
    let mut empty = fixture::pair();
    (empty.designs, empty.rows, empty.alignment) = (Vec::new(), Vec::new(), Vec::new());
    let (plots, errors) = plots::all(&empty);
    assert_eq!((plots.len(), errors.len()), (3, 0));
}

#[cfg(feature = "png")]
#[test]
fn png_copies_have_twice_the_size() {
    for plot in drawn() {
        let bytes = cotenant::report::png::render(&plot.svg).unwrap();
        assert_eq!(&bytes[1..4], b"PNG");
        let side = |at: usize| u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        let size = format!("width=\"{}\" height=\"{}\"", side(16) / 2, side(20) / 2);
        assert!(plot.svg.contains(&size), "{}: {size}", plot.stem);
    }
    assert!(cotenant::report::png::render("no picture").is_err());
}
