//! The checklist of a review meeting, and its answers on their way back into the model and the next report.

use std::fs;
use std::path::Path;

use crate::run::{Run, run_in};

/// Writes the report of a model, which lies in the folder under this name.
fn report(folder: &Path, model: &str, out: &str) -> [String; 3] {
    let done = run_in(folder, &["report", model, "--out", out]);
    assert_eq!(done.code, 0, "{}", done.err);
    ["questions.md", "questions.csv", "report.md"].map(|name| fs::read_to_string(folder.join(out).join(name)).unwrap())
}

/// The table with these cells filled in: (id, owner, date, decision, note).
fn filled(table: &str, cells: &[(&str, &str, &str, &str, &str)], delimiter: u8) -> String {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    writer.write_record(reader.headers().unwrap()).unwrap();
    for record in reader.records().map(Result::unwrap) {
        let mut row: Vec<String> = record.iter().map(str::to_owned).collect();
        if let Some((_, owner, date, decision, note)) = cells.iter().find(|(id, ..)| *id == row[1]) {
            for (at, text) in [owner, date, decision, note].into_iter().enumerate() {
                row[6 + at] = (*text).to_owned();
            }
        }
        writer.write_record(row).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

fn ids(table: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    reader.records().map(|record| record.unwrap()[1].to_owned()).collect()
}

fn answers(folder: &Path, model: &str, table: &str) -> Run {
    fs::write(folder.join("filled.csv"), table).unwrap();
    run_in(folder, &["check", model, "--answers", "filled.csv"])
}

#[test]
fn a_meeting_fills_the_table_in_and_the_next_report_shows_it() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("m.yaml"), "cotenant: 1\nextend: builtin:native-containers.yaml\ndesign: m\n").unwrap();
    let [sheet, table, before] = report(folder, "m.yaml", "first");
    assert!(!before.contains("Answered:"), "no answers, no count");
    let ids = ids(&table);
    assert!(ids.len() >= 4, "{table}");
    for id in &ids {
        assert!(sheet.contains(&format!("id: `{id}`")), "{id}");
    }
    assert_eq!(sheet.matches("- [ ] ").count(), ids.len());
    let given = [
        (ids[0].as_str(), "alice", "2026-11-20", "holds", "looked at it: \"fine\", she says"),
        (ids[1].as_str(), "bob", "2026-11-21", "Fails", ""),
        (ids[2].as_str(), "carol #1", "2026-12-24", "open", ""),
    ];
    let printed = answers(folder, "m.yaml", &filled(&table, &given, b','));
    assert_eq!(printed.code, 0, "{}", printed.err);
    // Spreadsheets separate by what their language leaves them.
    for delimiter in [b';', b'\t'] {
        assert_eq!(answers(folder, "m.yaml", &filled(&table, &given, delimiter)).out, printed.out);
    }
    assert_eq!(answers(folder, "m.yaml", &format!("\u{feff}{}", filled(&table, &given, b','))).out, printed.out);
    fs::write(folder.join("answers.yaml"), &printed.out).unwrap();
    let model = fs::read_to_string(folder.join("m.yaml")).unwrap();
    fs::write(folder.join("n.yaml"), format!("{model}{}", printed.out)).unwrap();
    let [sheet, table, after] = report(folder, "n.yaml", "second");
    let left = ids.len() - 3;
    let count = format!(
        "Answered, of the {} questions of the checklist (questions.md): 2 (1 holds, 1 fails); open, with an owner: 1; nobody's: {left}.",
        ids.len()
    );
    assert!(after.contains(&count) && sheet.contains(&count), "{count}\n{sheet}");
    assert!(after.contains("answered: fails, says bob on 2026-11-21"), "{after}");
    let against = format!("Answered otherwise than the models assume: `{}` fails, says bob on 2026-11-21.", ids[1]);
    assert!(after.contains(&against), "{after}");
    assert_eq!((sheet.matches("- [x] ").count(), sheet.matches("- [ ] ").count()), (2, left + 1));
    assert!(table.contains("\"looked at it: \"\"fine\"\", she says\""), "{table}");
    // The table of the second report says the same again, and so does an overlay.
    assert_eq!(answers(folder, "n.yaml", &table).out, printed.out);
    let laid = run_in(folder, &["report", "m.yaml", "--overlay", "answers.yaml", "--out", "third"]);
    assert_eq!(laid.code, 0, "{}", laid.err);
    let numbers = |text: &str| {
        text.lines()
            .filter(|line| line.starts_with('|') && !line.contains("sha256:"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(numbers(&before), numbers(&after), "answers change no number");
}

#[test]
fn only_rows_of_the_design_count() {
    let folder = tempfile::tempdir().unwrap();
    let table = "design,id,owner,date,decision\nstatus-quo,login-not-phished,alice,2026-11-20,holds\nother,x,y,z,w\nstatus-quo,login-not-reused,,,\n";
    let done = answers(folder.path(), "status-quo", table);
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(
        done.out.starts_with("# From \"filled.csv\": 1 answered, 1 not filled in, 1 of other designs.\nanswers:\n")
    );
    let none = answers(folder.path(), "status-quo", "id,owner,date,decision\n");
    assert_eq!((none.code, none.out.ends_with("answers: []\n")), (0, true));
    assert!(none.err.contains("no row for the design `status-quo` is filled in"), "{}", none.err);
}

#[test]
fn mistakes_in_the_table_have_their_lines() {
    let folder = tempfile::tempdir().unwrap();
    let head = "design,id,owner,date,decision,note\n";
    for (row, code, text) in [
        ("status-quo,login-not-fished,a,2026-11-20,holds,\n", "unknown-question", "did you mean `login-not-phished`?"),
        ("status-quo,login-not-phished,a,20.11.2026,holds,\n", "bad-date", "spreadsheets like to rewrite dates"),
        ("status-quo,login-not-phished,a,2026-11-20,hold,\n", "unknown-value", "did you mean `holds`?"),
        ("status-quo,login-not-phished,a,2026-11-20,,\n", "missing-key", "no `decision`"),
        ("status-quo,login-not-phished,,2026-11-20,holds,\n", "missing-key", "no `owner`"),
        ("status-quo,login-not-phished,a,,holds,\n", "missing-key", "no `date`"),
        ("status-quo,login-not-phished,,,,a note alone\n", "missing-key", "no `decision`"),
    ] {
        let blank = "status-quo,login-not-phished,,,,\n";
        let done = answers(folder.path(), "status-quo", &format!("{head}{blank}{row}"));
        assert_eq!((done.code, done.out.as_str()), (3, ""), "{row}");
        assert!(done.err.contains(&format!("error[{code}]")) && done.err.contains(text), "{row}: {}", done.err);
        assert!(done.err.contains("filled.csv:3:1"), "{row}: {}", done.err);
    }
    let twice = "status-quo,login-not-phished,a,2026-11-20,holds,\n";
    let done = answers(folder.path(), "status-quo", &format!("{head}{twice}{twice}"));
    assert!(done.err.contains("error[duplicate-id]") && done.err.contains("filled.csv:2:1"), "{}", done.err);
    let done = answers(folder.path(), "status-quo", "name,when\n");
    assert_eq!(done.code, 3);
    for column in ["id", "owner", "date", "decision"] {
        assert!(done.err.contains(&format!("the table has no column `{column}`")), "{}", done.err);
    }
    for (table, line) in [
        (format!("{head}a,,,,\"Which forms,,,\nb,bob,2026-01-01,fails,\n"), "filled.csv:2"),
        (format!("{head}x,,,,,\na,,,,\"Which forms\nb,,,,\"is it so?\"\n"), "filled.csv:3"),
    ] {
        let done = answers(folder.path(), "status-quo", &table);
        assert!(
            done.code == 3 && done.err.contains(line) && done.err.contains("quote"),
            "{table}: {}{}",
            done.out,
            done.err
        );
    }
    let gone = run_in(folder.path(), &["check", "status-quo", "--answers", "gone.csv"]);
    assert_eq!(gone.code, 4, "{}", gone.err);
    let two = run_in(folder.path(), &["check", "status-quo", "byo-token", "--answers", "filled.csv"]);
    assert_eq!((two.code, two.err.contains("one model at a time")), (2, true));
}

#[test]
fn mistakes_in_the_model_have_their_places() {
    let folder = tempfile::tempdir().unwrap();
    let head = "cotenant: 1\nextend: builtin:status-quo.yaml\nanswers:\n";
    let q = "question: login-not-phished";
    for (entry, code) in [
        ("{question: login-not-fished, decision: holds, owner: a, date: 2026-11-20}".to_owned(), "unknown-question"),
        (format!("{{{q}, decision: maybe, owner: a, date: 2026-11-20}}"), "unknown-value"),
        (format!("{{{q}, decision: holds, owner: ' ', date: 2026-11-20}}"), "missing-key"),
        (format!("{{{q}, decision: holds, owner: a}}"), "missing-key"),
        (format!("{{{q}, decision: holds, owner: a, date: 2026-02-30}}"), "bad-date"),
        (format!("{{{q}, decision: holds, owner: a, date: 2026-02-20, who: b}}"), "unknown-key"),
        (format!("&x {{{q}, decision: holds, owner: a, date: 2026-02-20}}\n- *x"), "duplicate-id"),
    ] {
        fs::write(folder.path().join("m.yaml"), format!("{head}- {entry}\n")).unwrap();
        let done = run_in(folder.path(), &["check", "m.yaml"]);
        assert_eq!(done.code, 3, "{entry}: {}", done.err);
        assert!(
            done.err.contains(&format!("error[{code}]")) && done.err.contains("m.yaml:4:"),
            "{entry}: {}",
            done.err
        );
    }
    // A question that went with a change of the design is told, and is no error.
    let stale =
        "- {question: \"login-not-phished(password.attacker, u2f)\", decision: holds, owner: a, date: 2026-11-20}\n";
    fs::write(folder.path().join("m.yaml"), format!("{head}{stale}")).unwrap();
    let done = run_in(folder.path(), &["check", "m.yaml"]);
    assert!(done.code < 2 && done.err.contains("warning[stale-answer]"), "{} {}", done.code, done.err);
    assert!(done.err.contains("did you mean `login-not-phished(password.attacker, none)`?"), "{}", done.err);
    let out = run_in(folder.path(), &["check", "m.yaml", "--without", "password"]);
    assert!(!out.err.contains("stale-answer"), "goes with what it is about: {}", out.err);
}
