//! The first minutes: templates to start from, manual pages, completions.

use std::fs;

use crate::run::{run, run_in};

/// The templates that `init --list` tells.
fn templates() -> Vec<String> {
    let listed = run(&["init", "--list"]);
    assert_eq!((listed.code, listed.err.as_str()), (0, ""));
    listed.out.lines().map(|line| line.split("  ").next().unwrap().to_owned()).collect()
}

/// The verbs that `--help` tells.
fn verbs() -> Vec<String> {
    let help = run(&["--help"]).out;
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let verbs = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    verbs.filter_map(|line| line.split_whitespace().next()).filter(|verb| *verb != "help").map(str::to_owned).collect()
}

#[test]
fn every_template_passes_or_says_that_it_does_not() {
    let names = templates();
    assert_eq!(names.len(), 5);
    for name in &names {
        let folder = tempfile::tempdir().unwrap();
        let wrote = run_in(folder.path(), &["init", "m.yaml", "--template", name]);
        assert_eq!(wrote.code, 0, "{name}: {}", wrote.err);
        let text = fs::read_to_string(folder.path().join("m.yaml")).unwrap();
        let fails = text.contains("`cotenant check` FAILS on this model, on purpose");
        let checked = run_in(folder.path(), &["check", "m.yaml"]);
        assert_eq!((checked.code, checked.err.as_str()), (i32::from(fails), ""), "{name}: {}", checked.out);
        // What the comments tell the reader to try works, and changes the model.
        let tried = text.split("`cotenant whatif ").nth(1).and_then(|rest| rest.split('`').next()).unwrap();
        let args: Vec<&str> = tried.split_whitespace().skip(1).collect();
        let whatif = run_in(folder.path(), &[&["whatif", "m.yaml"], args.as_slice()].concat());
        assert_eq!(whatif.code, 0, "{name}: {}", whatif.err);
        assert_eq!(run_in(folder.path(), &["init", "m.yaml", "--template", name]).code, 4, "nothing is overwritten");
        assert_eq!(fs::read_to_string(folder.path().join("m.yaml")).unwrap(), text);
    }
}

#[test]
fn the_default_template_is_the_first() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run_in(folder.path(), &["init"]).code, 0);
    let named = run_in(folder.path(), &["init", "b.yaml", "--template", &templates()[0]]);
    assert_eq!(named.code, 0);
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("index.yaml"), read("b.yaml").replace("b.yaml", "index.yaml"));
}

#[test]
fn an_unknown_template_gets_the_nearest_or_all() {
    let folder = tempfile::tempdir().unwrap();
    let done = run_in(folder.path(), &["init", "m.yaml", "--template", "native-bild"]);
    assert_eq!(done.code, 2);
    assert!(done.err.contains("did you mean `native-build`?"), "{}", done.err);
    let done = run_in(folder.path(), &["init", "m.yaml", "--template", "zzz"]);
    assert!(done.code == 2 && done.err.contains("`status-quo`") && done.err.contains("`shared-house`"), "{}", done.err);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is written");
    let done = run_in(folder.path(), &["init", "no/such/folder.yaml"]);
    assert_eq!(done.code, 4);
    assert!(done.err.contains("there is no such folder"), "{}", done.err);
    assert_eq!(run_in(folder.path(), &["init", "m.yaml", "--list"]).code, 2, "a list is not written to a file");
}

#[test]
fn the_manual_has_a_page_for_the_program_and_for_every_verb() {
    let page = run(&["completions", "man"]);
    assert_eq!((page.code, page.err.as_str()), (0, ""));
    assert!(page.out.contains(".TH cotenant 1"), "{}", page.out);
    let verbs = verbs();
    assert!(verbs.len() >= 13, "{verbs:?}");
    for verb in &verbs {
        assert!(page.out.contains(&format!("cotenant\\-{verb}(1)")), "{verb}");
        let own = run(&["completions", "man", verb]);
        assert_eq!(own.code, 0, "{verb}: {}", own.err);
        assert!(own.out.contains(&format!(".TH cotenant-{verb} 1")), "{verb}: {}", own.out);
    }
    let wrong = run(&["completions", "man", "chek"]);
    assert_eq!((wrong.code, wrong.err.contains("did you mean `check`?")), (2, true), "{}", wrong.err);
    assert_eq!(run(&["completions", "bash", "check"]).code, 2);
}

#[test]
fn every_shell_has_completions_of_every_verb() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let done = run(&["completions", shell]);
        assert_eq!(done.code, 0, "{shell}");
        for verb in verbs() {
            assert!(done.out.contains(&verb), "{shell}: {verb}");
        }
    }
}
