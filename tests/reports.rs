//! The reports under version control are what the program writes today.
//!
//! `COTENANT_BLESS=1 cargo test --test reports` writes them anew.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that fails says so"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

fn write_report(out: &Path) {
    let done = Command::new(env!("CARGO_BIN_EXE_cotenant"))
        .args(["compare", "--out"])
        .arg(out)
        .output()
        .expect("the program starts");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).expect("a folder of reports").flatten();
    let read = |entry: fs::DirEntry| {
        (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).expect("a file"))
    };
    entries.map(read).collect()
}

#[test]
fn the_committed_report_is_what_compare_writes() {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/scenarios");
    if std::env::var_os("COTENANT_BLESS").is_some() {
        write_report(&committed);
    }
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("report");
    write_report(&out);
    let (want, got) = (files(&committed), files(&out));
    assert_eq!(want.keys().collect::<Vec<_>>(), got.keys().collect::<Vec<_>>());
    for (name, text) in &want {
        assert!(got[name] == *text, "{name} differs: COTENANT_BLESS=1 cargo test --test reports writes it anew");
    }
}

/// Somebody will add a section: there has to be room for it before anything else goes.
#[test]
fn the_report_on_nine_designs_has_room_to_spare() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/scenarios/report.md");
    let text = fs::read_to_string(path).expect("the report");
    let length = text.chars().count();
    assert!(length + 1_500 < cotenant::report::markdown::FITS, "{length}");
    assert_eq!(text.matches("#### The worst ways").count(), 9, "each design with a way, step by step");
    assert_ne!(text.contains("An interval says what it leaves open"), text.contains("; what turns an order, and"));
}

#[test]
fn the_readme_shows_what_compare_prints() {
    let folder = tempfile::tempdir().expect("a folder");
    let done = Command::new(env!("CARGO_BIN_EXE_cotenant"))
        .args(["compare", "--out", "r"])
        .current_dir(folder.path())
        .env("COLUMNS", "100")
        .env("NO_COLOR", "1")
        .output()
        .expect("the program starts");
    let printed = String::from_utf8(done.stdout).expect("UTF-8");
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("a README");
    let shown = readme.split("<!-- compare output -->\n```text\n").nth(1).and_then(|rest| rest.split("...\n").next());
    let shown = shown.expect("the README shows an output");
    assert!(shown.lines().count() > 5 && printed.starts_with(shown), "the README shows:\n{shown}");
}

#[test]
fn the_report_does_not_depend_on_the_number_of_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |threads: &str| {
        let out = folder.path().join(threads);
        let done = Command::new(env!("CARGO_BIN_EXE_cotenant"))
            .args(["compare", "status-quo", "native-apartment", "house-distro", "--out"])
            .arg(&out)
            .env("RAYON_NUM_THREADS", threads)
            .output()
            .expect("the program starts");
        assert!(done.status.success());
        files(&out)
    };
    assert!(write("1") == write("3"));
}
