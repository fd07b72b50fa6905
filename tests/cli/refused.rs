//! Errors read aloud: what stands on the screen after a slip, for every kind of slip, in words that say what to do.

use std::fs;
use std::process::Stdio;

use crate::run::{Run, run_in};

/// A folder with the files that the slips need.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("models")).unwrap();
    fs::create_dir(folder.path().join("bare")).unwrap();
    let good = "cotenant: 1\nextend: builtin:status-quo.yaml\n";
    for (name, text) in [
        ("models/a.yaml", good),
        ("m.yaml", good),
        ("empty.yaml", ""),
        ("empty.json", ""),
        ("half.json", "{"),
        ("text.yaml", "hello\n"),
        ("away.yaml", "cotenant: 1\nextend: gone.yaml\n"),
        ("comma.yaml", "cotenant: 1\ndesign: h\nactors:\n- {id: p, is: publisher, count: 1,000}\n"),
        ("headless.yaml", "design: h\n"),
        (
            "tolerant.yaml",
            "cotenant: 1\nextend: builtin:status-quo.yaml\nthreats:\n- {id: impersonation, tolerate: none}\n",
        ),
        (
            "whose.yaml",
            "cotenant: 1\nextend: builtin:status-quo.yaml\nthreats:\n- {id: impersonation, goal: publish(project)}\n",
        ),
        ("huge.yaml", "cotenant: 1\ndesign: h\nactors:\n- {id: p, is: publisher, count: 99999999999999999999}\n"),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// An error is there, on stderr, without numbers of the operating system, Rust types or panics.
fn read_aloud(args: &[&str], done: &Run) {
    assert!(done.err.starts_with("error"), "{args:?}: {}", done.err);
    for word in ["os error", "panicked", "Err(", "Some(", "None", "RUST_BACKTRACE", "ParseIntError"] {
        assert!(!done.err.contains(word), "{args:?}: `{word}` in {}", done.err);
    }
}

#[test]
fn every_slip_is_told_with_what_to_do() {
    let folder = folder();
    let slips: &[(&[&str], i32, &str)] = &[
        (&["chek", "m.yaml"], 2, "similar"),
        (&["check"], 2, "<MODEL>"),
        (&["check", "gone.yaml"], 4, "there is no such file or folder"),
        (&["check", "status-qou"], 4, "did you mean the scenario `status-quo`?"),
        (&["check", "nothing-like-it"], 4, "scenarios: status-quo"),
        (&["paths", "models"], 4, "it is a folder, and a file is meant; in it lies `models/a.yaml`"),
        (&["paths", "bare"], 4, "it is a folder, and a file is meant\n"),
        (&["paths", "m.yaml/x"], 4, "a part of the path is a file"),
        (&["check", "empty.yaml"], 3, "the file is empty"),
        (&["check", "empty.json"], 3, "empty.json:1:1: this is not a capability graph in JSON"),
        (&["check", "half.json"], 3, "half.json:"),
        (&["check", "text.yaml"], 3, "a model is a mapping"),
        (&["check", "away.yaml"], 4, "away.yaml:2:9"),
        (&["check", "comma.yaml"], 3, "write `1000` or `1_000`"),
        (&["check", "headless.yaml"], 3, "begin with `cotenant: 1`"),
        (&["check", "tolerant.yaml"], 3, "or a mapping such as `{failures: 1}`"),
        (&["check", "whose.yaml"], 3, "write `project.victim` for the victim's"),
        (&["check", "m.yaml", "--set", "index.count=2"], 3, "with `--set index.count=2`: "),
        (&["sweep", "m.yaml", "--vary", "index.count=1,2"], 3, "with `--set index.count=2`: "),
        (&["check", "huge.yaml"], 3, "a whole number from 1 to 1000000000"),
        (&["check", "m.yaml", "--threat", "impersonatoin"], 2, "did you mean `impersonation`?"),
        (&["check", "m.yaml", "--today", "2027-13-01"], 2, "YYYY-MM-DD"),
        (&["paths", "m.yaml", "-k", "-1"], 2, "a whole number from 1 to"),
        (&["paths", "m.yaml", "-k", "0"], 2, "a whole number from 1 to"),
        (&["paths", "m.yaml", "-k", "99999999999999999999"], 2, "a whole number from 1 to"),
        (&["trust", "m.yaml", "--among", "publishr"], 2, "did you mean `publisher`?"),
        (&["trust", "m.yaml", "--among", "nobody-at-all"], 2, "there are `consumer`, `hosting`"),
        (&["blast", "m.yaml", "--credential", "pasword"], 2, "did you mean `password`?"),
        (&["blast", "m.yaml", "--principal", "index-admn"], 2, "did you mean `index-admin`?"),
        (&["whatif", "m.yaml"], 2, "whatif needs a change"),
        (&["whatif", "m.yaml", "--set", "password"], 2, "write PATH=VALUE"),
        (&["whatif", "m.yaml", "--set", "pasword.second-factor=totp"], 3, "did you mean `password`?"),
        (&["whatif", "m.yaml", "--set", "password.second-facter=totp"], 3, "did you mean `second-factor`?"),
        (&["whatif", "m.yaml", "--set", "password.second-factor=totb"], 3, "did you mean `totp`?"),
        (&["whatif", "m.yaml", "--with", "passkey"], 3, "did you mean `passkeys`?"),
        (&["whatif", "m.yaml", "--without", "pasword"], 3, "did you mean `password`?"),
        (&["whatif", "m.yaml", "--horizon", "1"], 2, "no duration such as 90d or 1y"),
        (&["whatif", "m.yaml", "--overlay", "gone.yaml"], 4, "there is no such file or folder"),
        (&["whatif", "m.yaml", "--overlay", "models"], 4, "it is a folder"),
        (&["diff", "m.yaml"], 2, "<AFTER>"),
        (&["diff", "m.yaml", "gone"], 4, "there is no such file or folder"),
        (&["paths", "status-quo", "--expand"], 2, "without --expand"),
        (&["graph", "m.yaml", "--format", "svg"], 2, "possible values"),
        (&["report", "m.yaml", "--out", "m.yaml"], 4, "`m.yaml` is a file: name a folder"),
        (&["report", "m.yaml", "--out", "m.yaml/x"], 4, "a part of the path is a file"),
        (&["report", "m.yaml", "--out", "models"], 4, "holds no report of ours"),
        (&["report", "gone.yaml", "--out", "r"], 4, "there is no such file or folder"),
        (&["init", "m.yaml"], 4, "overwrites nothing"),
        (&["init", "gone/m.yaml"], 4, "there is no such folder"),
        (&["init", "n.yaml", "--template", "natve-build"], 2, "did you mean `native-build`?"),
        (&["explain", "escape-tenent"], 2, "did you mean `escape-tenant`?"),
        (&["schema", "--model", "gone"], 4, "there is no such file or folder"),
        (&["--library", "gone", "check", "m.yaml"], 4, "there is no such file or folder"),
        (&["--library", "bare", "check", "m.yaml"], 4, "there is no YAML file in `bare`"),
        (&["backtest", "gone"], 4, "no file, folder or embedded incident `gone`"),
        (&["backtest", "--against", "gone.json"], 4, "there is no such file or folder"),
        (&["completions", "bsh"], 2, "bash"),
    ];
    for (args, code, says) in slips {
        let done = run_in(folder.path(), args);
        assert_eq!(done.code, *code, "{args:?}: {}{}", done.out, done.err);
        assert!(done.err.contains(says), "{args:?}: no `{says}` in {}", done.err);
        read_aloud(args, &done);
        assert_eq!(done.out, "", "{args:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_and_an_output_that_is_gone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let locked = folder.path().join("locked");
    fs::create_dir(&locked).unwrap();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o555)).unwrap();
    // Whoever may do everything is not stopped by permissions.
    if fs::write(locked.join("probe"), "").is_err() {
        for args in [&["report", "m.yaml", "--out", "locked/r"][..], &["init", "locked/m.yaml"]] {
            let done = run_in(folder.path(), args);
            assert_eq!(done.code, 4, "{args:?}");
            assert!(done.err.contains("its permissions do not allow it"), "{args:?}: {}", done.err);
            read_aloud(args, &done);
        }
    }
    let program = |out: Stdio| {
        std::process::Command::new(env!("CARGO_BIN_EXE_cotenant"))
            .args(["explain"])
            .stdout(out)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    // The reader of a pipe may go: that is no mistake.
    let mut piped = program(Stdio::piped());
    drop(piped.stdout.take());
    let done = piped.wait_with_output().unwrap();
    assert_eq!((done.status.code(), done.stderr.as_slice()), (Some(0), &b""[..]));
    if let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") {
        let done = program(Stdio::from(full)).wait_with_output().unwrap();
        assert_eq!(done.status.code(), Some(4));
        let said = String::from_utf8(done.stderr).unwrap();
        assert_eq!(said.trim(), "error: cannot write to standard output: no space is left there");
    }
}
