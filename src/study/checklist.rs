//! The questions that the answers about a design come down to, as a checklist for a meeting, and its answers read back from the
//! table that the meeting filled in.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{DesignAnswer, ThreatAnswer};
use crate::analysis::Path;
use crate::diagnostic::{Code, Diagnostic, quote};
use crate::graph::AssumptionId;
use crate::library::Library;
use crate::model::answers::{self, Answer, Decision};
use crate::model::incident::Vocabulary;
use crate::source::{Source, Span};
use crate::units::Date;

/// Columns of the table, in order. Read back are `design`, `id` and the last four.
pub const COLUMNS: [&str; 10] =
    ["design", "id", "question", "assumed", "decides", "chance", "owner", "date", "decision", "note"];

/// Between the designs of a row: one question may be asked about several.
pub const BETWEEN: char = ';';

/// One thing to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ask<'a> {
    /// Whether this assumption holds.
    Assumption(AssumptionId),
    /// What is done about this step, where a check that would stop it is not there.
    Step(&'a str),
}

/// What these ways rest on, each once: assumptions first, then steps that no check stands before.
pub fn asked<'a>(design: &'a DesignAnswer, ways: &[&Path]) -> Vec<Ask<'a>> {
    let mut found: Vec<Ask> = ways.iter().flat_map(|way| &way.assumptions).map(|id| Ask::Assumption(*id)).collect();
    for id in ways.iter().flat_map(|way| &way.steps) {
        let step = design.graph.step(*id);
        if !step.dropped.is_empty() && step.assumptions.is_empty() && design.questions.contains_key(&step.name) {
            found.push(Ask::Step(&step.name));
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The assumptions of a design each of which opens some threat by itself, whether or not a way through it is told.
pub fn singles(design: &DesignAnswer) -> Vec<Ask<'static>> {
    let sets = design.threats.iter().flat_map(|threat| &threat.attack_sets.sets);
    let mut found: Vec<Ask> = sets.filter(|set| set.len() == 1).flatten().map(|id| Ask::Assumption(*id)).collect();
    found.sort();
    found.dedup();
    found
}

/// For which threats a question decides alone, and for which together with others, by the minimal attack sets that are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decides<'a> {
    /// Its failure suffices.
    pub alone: Vec<&'a str>,
    /// Its failure suffices with that of others.
    pub together: Vec<&'a str>,
}

/// What an assumption decides.
pub fn decides(design: &DesignAnswer, id: AssumptionId) -> Decides<'_> {
    let mut found = Decides::default();
    for threat in &design.threats {
        let ThreatAnswer { group, attack_sets, .. } = threat;
        let alone = attack_sets.sets.iter().any(|set| *set == [id]);
        let list = if alone { &mut found.alone } else { &mut found.together };
        let named = alone || attack_sets.sets.iter().any(|set| set.contains(&id));
        if named && !list.contains(&group.as_str()) {
            list.push(group);
        }
    }
    let alone = &found.alone;
    found.together.retain(|group| !alone.contains(group));
    found
}

/// What was read from a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filled {
    /// The answers, in the order of the table.
    pub answers: Vec<Answer>,
    /// Rows of this design that nobody filled in.
    pub blank: usize,
    /// Rows of other designs.
    pub elsewhere: usize,
}

/// Reads the answers to the questions of one design from a table in CSV, separated by commas, semicolons or tabs.
///
/// # Errors
/// Everything that is wrong with the table, each with its line.
pub fn read(source: &Arc<Source>, design: &str, library: &Library) -> Result<Filled, Vec<Diagnostic>> {
    let text = source.text.trim_start_matches('\u{feff}');
    let skipped = source.text.len() - text.len();
    let head = text.lines().next().unwrap_or_default();
    let delimiter = [',', ';', '\t'].into_iter().max_by_key(|mark| (head.matches(*mark).count(), *mark == ','));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter.unwrap_or(',') as u8)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let broken = cut_quotes(source, skipped, delimiter.unwrap_or(','));
    if !broken.is_empty() {
        return Err(broken);
    }
    let whole = Span::new(Arc::clone(source), skipped, skipped + head.len());
    let broken =
        |error: csv::Error| vec![Diagnostic::new(Code::WrongType, &whole, format!("no table in CSV: {error}"))];
    let names = reader.headers().map_err(broken)?.clone();
    let columns = Columns::find(&names, &whole)?;
    let mut table = Table { columns, library, seen: BTreeMap::new(), filled: Filled::default(), out: Vec::new() };
    for record in reader.records() {
        let record = record.map_err(broken)?;
        let from = skipped + record.position().map_or(0, |position| position.byte() as usize);
        table.row(&record, design, &line_at(source, from));
    }
    if table.out.is_empty() { Ok(table.filled) } else { Err(table.out) }
}

/// Quotes that swallow what stands behind them: one that is still open at the end, and one after whose end its cell goes on, since then
/// a quote before it was not closed. A reader of CSV takes both for text, and rows are gone.
fn cut_quotes(source: &Arc<Source>, from: usize, delimiter: char) -> Vec<Diagnostic> {
    let mut opened: Option<usize> = None;
    let (mut fresh, mut closed) = (true, None);
    let mut marks = source.text[from..].char_indices().map(|(at, mark)| (from + at, mark)).peekable();
    while let Some((at, mark)) = marks.next() {
        match (opened, mark) {
            (Some(_), '"') if marks.next_if(|(_, next)| *next == '"').is_some() => {}
            (Some(start), '"') => (opened, closed) = (None, Some(start)),
            (Some(_), _) => {}
            (None, mark) if mark == delimiter || mark == '\n' || mark == '\r' => (fresh, closed) = (true, None),
            (None, '"') if fresh => (opened, fresh) = (Some(at), false),
            (None, ' ') => {}
            (None, _) => {
                if let Some(start) = closed {
                    return vec![cut_quote(source, start, "the text in this quote ends, and its cell goes on")];
                }
                fresh = false;
            }
        }
    }
    opened
        .map(|start| cut_quote(source, start, "this quote is still open at the end of the file"))
        .into_iter()
        .collect()
}

fn cut_quote(source: &Arc<Source>, at: usize, what: &str) -> Diagnostic {
    let help = "close the quote at the end of its cell, and double each quote inside of it";
    Diagnostic::new(Code::WrongType, &line_at(source, at), format!("no table in CSV: {what}")).help(help)
}

/// The first line that says something from here on.
fn line_at(source: &Arc<Source>, from: usize) -> Span {
    let rest = source.text.get(from..).unwrap_or_default();
    let start = from + (rest.len() - rest.trim_start().len());
    let line = source.text.get(start..).unwrap_or_default().lines().next().unwrap_or_default();
    Span::new(Arc::clone(source), start, start + line.len())
}

/// Where the columns are that are read.
struct Columns {
    design: Option<usize>,
    id: usize,
    owner: usize,
    date: usize,
    decision: usize,
    note: Option<usize>,
}

impl Columns {
    fn find(names: &csv::StringRecord, head: &Span) -> Result<Columns, Vec<Diagnostic>> {
        let at = |wanted: &str| names.iter().position(|name| name.eq_ignore_ascii_case(wanted));
        let mut missing = Vec::new();
        let mut need = |wanted: &str| {
            at(wanted).unwrap_or_else(|| {
                let message = format!("the table has no column {}", quote(wanted));
                let help = "the first line names the columns, as in the `questions.csv` of a report";
                missing.push(Diagnostic::new(Code::MissingKey, head, message).help(help));
                0
            })
        };
        let columns = Columns {
            design: at("design"),
            id: need("id"),
            owner: need("owner"),
            date: need("date"),
            decision: need("decision"),
            note: at("note"),
        };
        if missing.is_empty() { Ok(columns) } else { Err(missing) }
    }
}

/// A table being read.
struct Table<'a> {
    columns: Columns,
    library: &'a Library,
    seen: BTreeMap<String, Span>,
    filled: Filled,
    out: Vec<Diagnostic>,
}

impl Table<'_> {
    fn row(&mut self, record: &csv::StringRecord, design: &str, line: &Span) {
        let cell = |at: usize| record.get(at).unwrap_or_default();
        // Of designs of one id, a comparison writes the file behind the id.
        let of_file = format!("{design} (");
        let of_this =
            |text: &str| text.split(BETWEEN).map(str::trim).any(|one| one == design || one.starts_with(&of_file));
        if self.columns.design.is_some_and(|at| !of_this(cell(at))) {
            self.filled.elsewhere += 1;
            return;
        }
        let [id, owner, date, decision] =
            [self.columns.id, self.columns.owner, self.columns.date, self.columns.decision].map(cell);
        let note = self.columns.note.map(cell).filter(|note| !note.is_empty());
        if [owner, date, decision].iter().all(|text| text.is_empty()) && note.is_none() {
            self.filled.blank += 1;
            return;
        }
        let question = self.question(id, line);
        let decision = self.decision(decision, line);
        let owner = self.filled_in(owner, "owner", "name who answers for it", line);
        let date = self.date(date, line);
        let (Some(question), Some(decision), Some(owner), Some(date)) = (question, decision, owner, date) else {
            return;
        };
        let note = note.map(str::to_owned);
        self.filled.answers.push(Answer { question, decision, owner, date, note, span: line.clone() });
    }

    fn question(&mut self, id: &str, line: &Span) -> Option<String> {
        let question = answers::spelling(id);
        let base = answers::base(&question);
        if !answers::is_known(self.library, base) {
            let known = answers::askable(self.library);
            self.out.push(Diagnostic::unknown(Code::UnknownQuestion, line, "question", base, known));
            return None;
        }
        if let Some(first) = self.seen.get(&question) {
            self.out.push(Diagnostic::duplicate(Code::DuplicateId, line, "answer to", &question, first));
            return None;
        }
        self.seen.insert(question.clone(), line.clone());
        Some(question)
    }

    fn decision(&mut self, word: &str, line: &Span) -> Option<Decision> {
        let known = || Decision::ALL.iter().map(|decision| decision.word());
        let found = Decision::of(&word.to_lowercase());
        if word.is_empty() {
            let help = format!("write one of {}", known().collect::<Vec<_>>().join(", "));
            self.out.push(Diagnostic::new(Code::MissingKey, line, "the row has no `decision`").help(help));
        } else if found.is_none() {
            self.out.push(Diagnostic::unknown(Code::UnknownValue, line, Decision::WHAT, word, known()));
        }
        found
    }

    fn filled_in(&mut self, text: &str, column: &str, help: &str, line: &Span) -> Option<String> {
        if text.is_empty() {
            let message = format!("the row has no {}", quote(column));
            self.out.push(Diagnostic::new(Code::MissingKey, line, message).help(help));
            return None;
        }
        Some(text.to_owned())
    }

    fn date(&mut self, text: &str, line: &Span) -> Option<Date> {
        let text = self.filled_in(text, "date", "write the day of the decision as YYYY-MM-DD", line)?;
        let date = Date::parse(&text);
        if date.is_none() {
            let message = format!("{} is no date of the form YYYY-MM-DD", quote(&text));
            let help = "spreadsheets like to rewrite dates: format the column as text";
            self.out.push(Diagnostic::new(Code::BadDate, line, message).help(help));
        }
        date
    }
}

/// The answers as the list of a model, to be pasted into it or laid over it.
pub fn overlay(file: &str, filled: &Filled) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut out = format!(
        "# From {}: {} answered, {} not filled in, {} of other designs.\n",
        quoted(file),
        filled.answers.len(),
        filled.blank,
        filled.elsewhere
    );
    out.push_str(if filled.answers.is_empty() { "answers: []\n" } else { "answers:\n" });
    for answer in &filled.answers {
        out.push_str(&format!(
            "  - question: {}\n    decision: {}\n    owner: {}\n    date: \"{}\"\n",
            quoted(&answer.question),
            answer.decision.word(),
            quoted(&answer.owner),
            answer.date
        ));
        if let Some(note) = &answer.note {
            out.push_str(&format!("    note: {}\n", quoted(note)));
        }
    }
    out
}
