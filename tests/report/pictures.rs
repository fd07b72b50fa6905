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
