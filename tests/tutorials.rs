//! The tutorials run to the letter: their commands, in order, in one folder, with the files they show; and print what they show.
//!
//! A `yaml` block whose first line is `# NAME.yaml` is that file; others are laid one after the other into `my-index.yaml`, an empty line
//! between them, once the reader is told to replace it. A `text` block shows how the output of the last command begins; `...` stands for the rest.
//! `COTENANT_BLESS=1 cargo test --test tutorials` writes the outputs anew.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that fails says so"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

/// Lines of an output that are shown.
const SHOWN: usize = 26;

struct Shell<'a> {
    folder: &'a Path,
    out: String,
    /// Exit code of the last `check`.
    checked: Option<i32>,
}

impl Shell<'_> {
    /// Runs one line. A what-if or check may find something: only mistakes in the command itself fail.
    fn run(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().take_while(|word| !word.starts_with('#')).collect();
        let (words, redirect) = match words.iter().position(|word| *word == ">") {
            Some(at) => (words[..at].to_vec(), words.get(at + 1).copied()),
            None => (words, None),
        };
        let done = Command::new(env!("CARGO_BIN_EXE_cotenant"))
            .args(&words[1..])
            .current_dir(self.folder)
            .env("NO_COLOR", "1")
            .env("COLUMNS", "100")
            .output()
            .expect("the program starts");
        let code = done.status.code().expect("it ends by itself");
        assert!(code == 0 || code == 1, "{line}: exit {code}: {}", String::from_utf8_lossy(&done.stderr));
        if words.get(1) == Some(&"check") {
            self.checked = Some(code);
        }
        self.out = String::from_utf8(done.stdout).expect("UTF-8");
        if let Some(file) = redirect {
            fs::write(self.folder.join(file), &self.out).expect("a file");
        }
    }

    fn shown(&self) -> String {
        let lines: Vec<&str> = self.out.lines().collect();
        let mut text: String = lines.iter().take(SHOWN).map(|line| format!("{}\n", line.trim_end())).collect();
        if lines.len() > SHOWN {
            text.push_str("...\n");
        }
        text
    }

    /// Takes a file of the tutorial in.
    fn file(&self, text: &str) {
        let named = text.lines().next().and_then(|line| line.strip_prefix("# ")).filter(|name| name.ends_with(".yaml"));
        let path = self.folder.join(named.unwrap_or("my-index.yaml"));
        let goes_on = named.is_none() && !text.starts_with("cotenant:");
        let old = fs::read_to_string(&path).ok().filter(|_| goes_on);
        // To the byte what a reader has who writes what is shown: the outputs end with the hash of it.
        fs::write(path, old.map(|old| old + "\n").unwrap_or_default() + text).expect("a file");
    }
}

/// Runs a tutorial; gives its text with the outputs of today.
fn follow(text: &str, shell: &mut Shell) -> String {
    let mut today = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(kind) = line.strip_prefix("```").filter(|kind| !kind.is_empty()) else {
            today.push_str(&format!("{line}\n"));
            continue;
        };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let mut body: String = block.iter().map(|line| format!("{line}\n")).collect();
        match kind {
            "sh" => block.iter().filter(|line| line.starts_with("cotenant ")).for_each(|line| shell.run(line)),
            "yaml" => shell.file(&body),
            "text" => body = shell.shown(),
            _ => {}
        }
        today.push_str(&format!("```{kind}\n{body}```\n"));
    }
    today
}

/// Follows tutorials one after the other in one folder; gives what the last check said.
fn follow_all(names: &[&str]) -> Option<i32> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/tutorials");
    let folder = tempfile::tempdir().expect("a folder");
    let mut shell = Shell { folder: folder.path(), out: String::new(), checked: None };
    for name in names {
        let text = fs::read_to_string(docs.join(name)).expect("a tutorial");
        assert!(text.contains("```text\n"), "{name} shows no output");
        let today = follow(&text, &mut shell);
        if std::env::var_os("COTENANT_BLESS").is_some() {
            fs::write(docs.join(name), &today).expect("a tutorial");
        } else {
            assert!(
                today == text,
                "{name} shows other outputs than today's: COTENANT_BLESS=1 cargo test --test tutorials"
            );
        }
    }
    shell.checked
}

#[test]
fn the_tutorials_run_and_print_what_they_show() {
    follow_all(&["review.md", "what-if.md", "discussion.md", "gate.md"]);
}

#[test]
fn an_index_modelled_in_thirty_minutes_passes_its_check() {
    assert_eq!(follow_all(&["model-your-index.md"]), Some(0));
}

#[test]
fn an_incident_is_added_with_one_file() {
    follow_all(&["new-incident.md"]);
    let read =
        |path: &str| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(path)).expect("a file");
    let file = read("examples/incident-made-up.yaml");
    assert!(read("tutorials/new-incident.md").contains(&file), "the tutorial shows its file to the letter");
}
