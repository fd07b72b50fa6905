//! Wrong models: located, actionable, all at once, never a panic.

use std::fs;

use crate::run::run_in;

fn check(text: &[u8]) -> (i32, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("m.yaml"), text).unwrap();
    let run = run_in(folder.path(), &["check", "m.yaml"]);
    (run.code, run.err)
}

#[test]
fn broken_files_end_with_3_and_a_place() {
    let bomb = format!(
        "a: &a [x,x,x,x,x,x,x,x,x]\n{}",
        (0..30).fold(String::new(), |text, at| {
            let before = if at == 0 { "a".to_owned() } else { format!("b{}", at - 1) };
            format!("{text}b{at}: &b{at} [*{before},*{before},*{before},*{before},*{before},*{before}]\n")
        })
    );
    let nested = "[".repeat(100_000);
    let cases: [&[u8]; 7] =
        [b"", b"actors: 3", b"- foo", b"\xff\xfe\x00", b"cotenant: 1\ndesign: [", bomb.as_bytes(), nested.as_bytes()];
    for text in cases {
        let (code, err) = check(text);
        assert_eq!(code, 3, "{err}");
        assert!(err.contains("error"), "{err}");
        assert!(!err.contains("panicked"), "{err}");
    }
}

#[test]
fn a_typo_is_told_with_line_column_and_a_suggestion() {
    let (code, err) = check(b"cotenant: 1\ndesign: d\nservces: []\n");
    assert_eq!(code, 3);
    assert!(err.contains("m.yaml:3:1"), "{err}");
    assert!(err.contains("did you mean `services`"), "{err}");
}

#[test]
fn set_wins_and_a_wrong_set_is_located() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = run_in(folder.path(), &["paths", "status-quo", "--set", "publisher.cuont=3"]);
    assert_eq!(wrong.code, 3, "{}", wrong.err);
    assert!(wrong.err.contains("--set"), "{}", wrong.err);
    assert!(wrong.err.contains("count"), "{}", wrong.err);
}
