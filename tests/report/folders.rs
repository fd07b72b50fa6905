//! Writing a report folder, and leaving alone what is not ours.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use cotenant::report::content::Context;
use cotenant::report::folder::{self, File, FolderError, MANIFEST, Options};

use crate::fixture;

fn file(name: &str, text: &str) -> File {
    File { name: name.to_owned(), bytes: text.as_bytes().to_vec() }
}

/// Everything in a folder, to see that nothing changed.
fn inside(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    entries.map(|entry| (entry.file_name().display().to_string(), fs::read(entry.path()).unwrap_or_default())).collect()
}

#[test]
fn a_report_is_written_and_written_again() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("new/cotenant-report");
    let (pair, context) = (fixture::pair(), Context::default());
    let png = cfg!(feature = "png");
    let written = folder::write(&out, &pair, &context, &Options { png, ..Options::default() }).unwrap();
    assert!(written.failed.is_empty(), "{:?}", written.failed);
    let names: Vec<String> = inside(&out).into_keys().collect();
    let mut expected = vec![
        "brief.txt",
        "compare.json",
        "costs.png",
        "costs.svg",
        "manifest.json",
        "questions.csv",
        "questions.md",
        "reach.png",
        "reach.svg",
        "report.html",
        "report.md",
        "trust.png",
        "trust.svg",
    ];
    expected.retain(|name| png || !name.ends_with(".png"));
    assert_eq!(names, expected);
    assert_eq!(written.len() + 1, names.len());
    let before = inside(&out);
    folder::write(&out, &pair, &context, &Options { png, ..Options::default() }).unwrap();
    assert_eq!(inside(&out), before, "same inputs, same bytes");
    folder::write(&out, &pair, &context, &Options::default()).unwrap();
    assert!(inside(&out).keys().all(|name| !name.ends_with(".png")), "what is no longer part of the report goes");
}

#[test]
fn files_beside_ours_stay() {
    let home = tempfile::tempdir().unwrap();
    folder::write_files(home.path(), &[file("a.md", "1"), file("b.md", "1")]).unwrap();
    fs::write(home.path().join("notes.txt"), "mine").unwrap();
    folder::write_files(home.path(), &[file("a.md", "2")]).unwrap();
    let now = inside(home.path());
    assert_eq!(now.keys().collect::<Vec<_>>(), ["a.md", MANIFEST, "notes.txt"]);
    assert_eq!((now["a.md"].as_slice(), now["notes.txt"].as_slice()), (&b"2"[..], &b"mine"[..]));
}

#[test]
fn a_file_that_was_changed_since_is_left_alone() {
    let home = tempfile::tempdir().unwrap();
    folder::write_files(home.path(), &[file("questions.csv", "1"), file("b.md", "1")]).unwrap();
    fs::write(home.path().join("questions.csv"), "filled in by hand").unwrap();
    let before = inside(home.path());
    for files in [&[file("questions.csv", "2"), file("b.md", "2")][..], &[file("b.md", "2")]] {
        let error = folder::write_files(home.path(), files).unwrap_err();
        assert!(matches!(&error, FolderError::Changed(path) if path.ends_with("questions.csv")), "{error}");
        assert_eq!(inside(home.path()), before, "replaced or removed it may not be");
    }
    fs::remove_file(home.path().join("questions.csv")).unwrap();
    folder::write_files(home.path(), &[file("b.md", "2")]).unwrap();
    assert_eq!(fs::read_to_string(home.path().join("b.md")).unwrap(), "2");
}

#[test]
fn a_run_that_was_cut_short_is_taken_up() {
    let home = tempfile::tempdir().unwrap();
    folder::write_files(home.path(), &[file("a.md", "1")]).unwrap();
    let old = fs::read_to_string(home.path().join(MANIFEST)).unwrap();
    folder::write_files(home.path(), &[file("a.md", "2")]).unwrap();
    let new = fs::read_to_string(home.path().join(MANIFEST)).unwrap();
    let hash = |text: &str| -> serde_json::Value {
        let manifest: serde_json::Value = serde_json::from_str(text).unwrap();
        manifest["files"]["a.md"][0].clone()
    };
    let both =
        serde_json::json!({"cotenant-report": 2, "cotenant": "0.1.0", "files": {"a.md": [hash(&old), hash(&new)]}});
    for text in ["1", "2"] {
        fs::write(home.path().join(MANIFEST), both.to_string()).unwrap();
        fs::write(home.path().join("a.md"), text).unwrap();
        folder::write_files(home.path(), &[file("a.md", "3")]).unwrap();
        assert_eq!(fs::read_to_string(home.path().join("a.md")).unwrap(), "3", "whichever of the two stood there");
    }
}

#[test]
fn a_folder_that_is_not_ours_is_left_alone() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("notes.txt"), "mine").unwrap();
    let before = inside(home.path());
    let error = folder::write_files(home.path(), &[file("a.md", "1")]).unwrap_err();
    assert!(matches!(error, FolderError::NotOurs(_)), "{error}");
    assert_eq!(inside(home.path()), before);
}

#[test]
fn a_file_of_the_same_name_that_is_not_ours_is_left_alone() {
    let home = tempfile::tempdir().unwrap();
    folder::write_files(home.path(), &[file("a.md", "1")]).unwrap();
    fs::write(home.path().join("b.md"), "mine").unwrap();
    let before = inside(home.path());
    let error = folder::write_files(home.path(), &[file("a.md", "2"), file("b.md", "2")]).unwrap_err();
    assert!(matches!(error, FolderError::Foreign(_)), "{error}");
    assert_eq!(inside(home.path()), before);
}

#[test]
fn a_manifest_cannot_lead_out_of_the_folder() {
    for name in ["../victim", "/etc/passwd", "a/b", "..", ".hidden", "", "a\\b", MANIFEST] {
        let home = tempfile::tempdir().unwrap();
        let out = home.path().join("out");
        fs::create_dir(&out).unwrap();
        fs::write(home.path().join("victim"), "mine").unwrap();
        let manifest = serde_json::json!({"cotenant-report": 2, "cotenant": "0.1.0", "files": {name: []}});
        fs::write(out.join(MANIFEST), manifest.to_string()).unwrap();
        let error = folder::write_files(&out, &[file("a.md", "1")]).unwrap_err();
        assert!(matches!(error, FolderError::Name(_)), "{name}: {error}");
        assert!(home.path().join("victim").exists() && !out.join("a.md").exists());
    }
}

#[test]
fn a_manifest_of_something_else_is_no_manifest() {
    for text in
        ["{\"name\": \"a web app\"}", "not json", "{\"cotenant-report\": 3, \"cotenant\": \"9\", \"files\": {}}"]
    {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join(MANIFEST), text).unwrap();
        let before = inside(home.path());
        let error = folder::write_files(home.path(), &[file("a.md", "1")]).unwrap_err();
        assert!(matches!(error, FolderError::Manifest(..)), "{error}");
        assert_eq!(inside(home.path()), before);
    }
}

#[test]
fn a_file_where_the_folder_should_be_is_an_error() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("out");
    fs::write(&path, "mine").unwrap();
    let error = folder::write_files(&path, &[file("a.md", "1")]).unwrap_err();
    assert!(matches!(error, FolderError::File(..)), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
}

#[cfg(unix)]
#[test]
fn links_are_not_followed_and_files_are_readable() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("out");
    folder::write_files(&out, &[file("a.md", "1"), file("b.md", "1")]).unwrap();
    let victim = home.path().join("victim");
    fs::write(&victim, "mine").unwrap();
    fs::remove_file(out.join("a.md")).unwrap();
    symlink(&victim, out.join("a.md")).unwrap();
    let error = folder::write_files(&out, &[file("a.md", "2")]).unwrap_err();
    assert!(matches!(error, FolderError::Changed(_)), "somebody put a link there: {error}");
    assert_eq!(fs::read_to_string(&victim).unwrap(), "mine");
    fs::write(&victim, "1").unwrap();
    assert!(folder::write_files(&out, &[file("a.md", "2")]).is_err(), "a link stays one, whatever it leads to");
    fs::remove_file(out.join("a.md")).unwrap();
    folder::write_files(&out, &[file("a.md", "2")]).unwrap();
    assert_eq!(
        (fs::read_to_string(&victim).unwrap(), fs::read_to_string(out.join("a.md")).unwrap()),
        ("1".into(), "2".into())
    );
    let mode = fs::metadata(out.join("a.md")).unwrap().permissions().mode();
    assert_eq!(mode & 0o400, 0o400);
    assert_eq!(mode & 0o111, 0);
}
