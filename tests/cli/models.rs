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

#[test]
#[cfg(unix)]
fn a_model_from_a_pipe_is_read_once() {
    let model = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/src/cli/init/status-quo.yaml")).unwrap();
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_cotenant"))
        .args(["check", "/dev/stdin"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), &model).unwrap();
    let done = child.wait_with_output().unwrap();
    let err = String::from_utf8_lossy(&done.stderr);
    assert!(String::from_utf8_lossy(&done.stdout).contains("impersonation"), "{err}");
    assert!(!err.contains("empty-file"), "{err}");
}

#[test]
fn several_models_are_counted_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("bad.yaml"), "actors: 3").unwrap();
    let told = run_in(folder.path(), &["check", "status-quo", "bad.yaml"]);
    assert_eq!(told.code, 3, "{}", told.err);
    assert!(told.out.contains("2 models in all: 1 within tolerance, 0 over it, 1 not answered."), "{}", told.out);
    assert!(!run_in(folder.path(), &["check", "status-quo"]).out.contains("in all"));
}

#[test]
fn designs_of_one_id_are_told_apart_by_their_files() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run_in(folder.path(), &["init", "before.yaml"]).code, 0);
    let text = "cotenant: 1\nextend: before.yaml\nactors: [{id: publisher, count: 90000}]\n";
    fs::write(folder.path().join("after.yaml"), text).unwrap();
    let args = ["report", "before.yaml", "after.yaml", "--draws", "100", "--format", "json"];
    let told = run_in(folder.path(), &args);
    assert_eq!(told.code, 0, "{}", told.err);
    let answer: serde_json::Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!(answer["verb"], "report");
    let designs: std::collections::BTreeSet<&str> =
        answer["answers"].as_array().unwrap().iter().map(|one| one["design"].as_str().unwrap()).collect();
    let files: Vec<bool> =
        designs.iter().map(|id| id.ends_with("(after.yaml)") || id.ends_with("(before.yaml)")).collect();
    assert_eq!(files, [true, true], "{designs:?}");
}

#[test]
fn a_table_is_named_by_its_entries() {
    let (code, err) =
        check(b"cotenant: 1\ndesign: d\nparameters: [{id: boundary-holds, fails: {per-year: 0.1}, guess: high}]\n");
    assert_eq!(code, 3);
    assert!(err.contains("boundary-holds.container") && err.contains("boundary-holds.microvm"), "{err}");
}
