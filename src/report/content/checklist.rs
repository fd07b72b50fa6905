//! The questions for the room as a sheet to run a meeting from: what is asked, what it decides, and what was answered.

use super::design;
use crate::model::answers::{Answer, Decision};
use crate::model::incident::Vocabulary;
use crate::report::chance::{self, Chance};
use crate::report::number;
use crate::report::text::Text;
use crate::study::checklist::{self, Ask};
use crate::study::{Comparison, DesignAnswer};

/// Names listed in a sentence.
const MOST: usize = 9;

/// The questions of one design.
#[derive(Debug, Clone)]
pub struct Sheet<'a> {
    /// The design.
    pub design: &'a DesignAnswer,
    /// Its questions.
    pub rows: Vec<Row<'a>>,
}

/// One question.
#[derive(Debug, Clone, PartialEq)]
pub struct Row<'a> {
    /// What an answer names.
    pub id: &'a str,
    /// The question.
    pub question: Text,
    /// What the models assume; of a step, nothing.
    pub assumed: Text,
    /// What it decides.
    pub decides: Text,
    /// That it fails, and where the number comes from.
    pub chance: Text,
    /// The answer of the model.
    pub answer: Option<&'a Answer>,
}

/// One sheet for each design.
pub fn sheets(comparison: &Comparison) -> Vec<Sheet<'_>> {
    (0..comparison.designs.len()).filter_map(|at| sheet(comparison, at)).collect()
}

/// The questions behind the ways that the report tells of a design, and behind every single failure that opens a threat.
pub fn sheet(comparison: &Comparison, at: usize) -> Option<Sheet<'_>> {
    let answered = comparison.designs.get(at)?;
    let ways = design::every_told(comparison, at);
    let mut asks = checklist::asked(answered, &ways);
    asks.extend(checklist::singles(answered));
    asks.sort();
    asks.dedup();
    // A meeting that ends early has then talked about what fails most often.
    let weight = |ask: &Ask| match ask {
        Ask::Assumption(id) => answered.graph.assumption(*id).probability,
        Ask::Step(_) => -1.0,
    };
    asks.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
    let rows = asks.into_iter().map(|ask| row(answered, ask)).collect();
    Some(Sheet { design: answered, rows })
}

/// One question with the designs it is asked about: in all of them it has the same words and the same number.
#[derive(Debug, Clone)]
pub struct Merged<'a> {
    /// The designs.
    pub designs: Vec<&'a DesignAnswer>,
    /// What it decides, design by design.
    pub decides: Vec<Text>,
    /// Everything else.
    pub row: Row<'a>,
}

/// The questions of all sheets, each once; where designs answer one otherwise, or state other numbers, it stands for each of them.
pub fn merged(comparison: &Comparison) -> Vec<Merged<'_>> {
    let mut all: Vec<Merged> = Vec::new();
    for Sheet { design, rows } in sheets(comparison) {
        for row in rows {
            let same = |other: &&mut Merged| {
                let Row { id, question, assumed, chance, answer, .. } = &other.row;
                (*id, question, assumed, chance, answer)
                    == (row.id, &row.question, &row.assumed, &row.chance, &row.answer)
            };
            match all.iter_mut().find(same) {
                Some(known) => {
                    known.designs.push(design);
                    known.decides.push(row.decides);
                }
                None => all.push(Merged { designs: vec![design], decides: vec![row.decides.clone()], row }),
            }
        }
    }
    all
}

impl Merged<'_> {
    /// What it decides; where the designs differ in that, in which.
    pub fn told(&self) -> Text {
        let mut groups: Vec<(&Text, Vec<&str>)> = Vec::new();
        for (design, decides) in self.designs.iter().zip(&self.decides) {
            match groups.iter_mut().find(|(known, _)| *known == decides) {
                Some((_, names)) => names.push(&design.design),
                None => groups.push((decides, vec![&design.design])),
            }
        }
        let single = groups.len() == 1;
        let told = groups.into_iter().map(|(decides, names)| match single {
            true => decides.clone(),
            false => Text::words("in ").join(Text::names(names, MOST)).and(": ").join(decides.clone()),
        });
        told.reduce(|text, next| text.and("; ").join(next)).unwrap_or_default()
    }
}

fn row<'a>(design: &'a DesignAnswer, ask: Ask<'a>) -> Row<'a> {
    match ask {
        Ask::Assumption(id) => {
            let assumption = design.graph.assumption(id);
            let chance = Chance::of(assumption, design.graph.horizon_days).told();
            let grade = if chance::is_guess(assumption) { "a guess" } else { chance::grade(assumption) };
            let within = chance::within([assumption], design.graph.horizon_days);
            Row {
                id: &assumption.name,
                question: super::room::asked(assumption),
                assumed: Text::words(&assumption.text),
                decides: decides(&checklist::decides(design, id)),
                chance: Text::words(format!("{chance} {within}, {grade}")),
                answer: answer(design, &assumption.name),
            }
        }
        Ask::Step(name) => Row {
            id: name,
            question: Text::words(design.questions.get(name).map_or("", String::as_str)),
            assumed: Text::words("nothing: no check stands before this step"),
            decides: Text::words("whether the step is open to whoever comes that far"),
            chance: Text::words("it is open"),
            answer: answer(design, name),
        },
    }
}

fn decides(decides: &checklist::Decides<'_>) -> Text {
    let alone = (!decides.alone.is_empty()).then(|| Text::names(&decides.alone, MOST).and(" by itself"));
    let together = (!decides.together.is_empty()).then(|| Text::names(&decides.together, MOST).and(" with others"));
    let parts: Vec<Text> = alone.into_iter().chain(together).collect();
    if parts.is_empty() { Text::words("nothing that is listed") } else { Text::listed(parts, 2) }
}

/// The answer of the model to a question.
pub(super) fn answer<'a>(design: &'a DesignAnswer, question: &str) -> Option<&'a Answer> {
    crate::model::answers::find(&design.answers, question)
}

/// `holds, says alice on 2026-11-20: why`.
pub fn told(answer: &Answer) -> Text {
    let (word, day) = match answer.decision {
        Decision::Open => ("open, to be answered by", "until"),
        Decision::Holds => ("holds, says", "on"),
        Decision::Fails => ("fails, says", "on"),
        Decision::Change => ("the design is to be changed, says", "on"),
    };
    let text = Text::words(format!("{word} ")).and(&answer.owner).and(format!(" {day} {}", answer.date));
    match &answer.note {
        Some(note) => text.and(": ").and(note),
        None => text,
    }
}

/// How many of the questions are answered, and how; the answers that contradict the model, each with its name, wherever in the list they
/// stand. Nothing where the model has no answers at all.
pub fn counted(design: &DesignAnswer, rows: &[Row<'_>]) -> Option<Text> {
    if design.answers.is_empty() {
        return None;
    }
    let given: Vec<Decision> = rows.iter().filter_map(|row| row.answer).map(|answer| answer.decision).collect();
    let of = |decision: Decision| given.iter().filter(|given| **given == decision).count();
    let decided = given.len() - of(Decision::Open);
    let words: Vec<String> = [Decision::Holds, Decision::Fails, Decision::Change]
        .into_iter()
        .filter(|decision| of(*decision) > 0)
        .map(|decision| format!("{} {}", of(decision), decision.word()))
        .collect();
    let list = if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) };
    let mut text = Text::words(format!(
        "Answered, of the {} of the checklist (questions.md): {decided}{list}; open, with an owner: {}; nobody's: {}.",
        number::plural(rows.len() as u64, "question", "questions"),
        of(Decision::Open),
        rows.len() - given.len()
    ));
    let named = |answer: &&Answer| !rows.iter().any(|row| answer.answers(row.id));
    let besides = design.answers.iter().filter(named).count() as u64;
    if besides > 0 {
        text = text.and(format!(
            " The model answers {} besides, about ways that are not told here.",
            number::plural(besides, "question", "questions")
        ));
    }
    let against = |answer: &&Answer| matches!(answer.decision, Decision::Fails | Decision::Change);
    let found: Vec<Text> = rows
        .iter()
        .filter_map(|row| Some((row.id, row.answer.filter(against)?)))
        .map(|(id, answer)| Text::name(id).and(" ").join(told(answer)))
        .collect();
    if !found.is_empty() {
        let all = found.len();
        text = text.and(" Answered otherwise than the models assume: ").join(Text::listed(found, all)).and(".");
    }
    Some(text)
}
