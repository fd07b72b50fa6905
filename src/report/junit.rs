//! The gate as JUnit XML: a suite for each model, a case for the model itself and one for each threat.
//!
//! There is no clock in an answer, so suites and cases carry no times.

use super::content::gate;
use super::document::Block;
use super::{VERSION, escape, terminal};
use crate::diagnostic::{Diagnostic, Severity};
use crate::study::checked::{Answered, Checked};
use crate::study::gate::{Judgement, Verdict};

/// Columns of the text inside a failure.
const WIDTH: usize = 100;

/// The whole file.
pub fn render(all: &[Checked], seed: u64) -> String {
    let suites: Vec<Suite> = all.iter().map(|checked| Suite::new(checked, seed)).collect();
    let sum = |of: fn(&Suite) -> usize| suites.iter().map(of).sum::<usize>();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.push_str(&format!(
        "<testsuites name=\"cotenant check\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n",
        sum(|suite| suite.cases.len()),
        sum(|suite| suite.count(Outcome::is_failure)),
        sum(|suite| suite.count(Outcome::is_error)),
        sum(|suite| suite.count(Outcome::is_skipped)),
    ));
    suites.iter().for_each(|suite| out.push_str(&suite.render()));
    out.push_str("</testsuites>\n");
    out
}

/// How a case ended.
enum Outcome {
    Passed,
    /// Kind, message, text.
    Failed(&'static str, String, String),
    /// Kind, message, text.
    Error(&'static str, String, String),
    Skipped(String),
}

impl Outcome {
    fn is_failure(&self) -> bool {
        matches!(self, Outcome::Failed(..))
    }

    fn is_error(&self) -> bool {
        matches!(self, Outcome::Error(..))
    }

    fn is_skipped(&self) -> bool {
        matches!(self, Outcome::Skipped(_))
    }
}

struct Case {
    class: String,
    name: String,
    outcome: Outcome,
    /// Warnings and remarks.
    out: String,
}

struct Suite {
    name: String,
    properties: Vec<(&'static str, String)>,
    cases: Vec<Case>,
}

impl Suite {
    fn new(checked: &Checked, seed: u64) -> Suite {
        let design = checked.answered.as_ref().map_or("", |answered| answered.answer.design.as_str());
        let name = if design.is_empty() { checked.file.clone() } else { format!("{design} ({})", checked.file) };
        let mut properties = vec![("cotenant", VERSION.to_owned()), ("seed", seed.to_string())];
        let mut cases = vec![Case::of_model(checked)];
        if let Some(answered) = &checked.answered {
            properties.push(("model", answered.answer.graph.model.clone()));
            properties.push(("verdicts", gate::counts(answered)));
            if !answered.register.is_empty() {
                properties.push(("accepted-risks-judged-by", answered.today.to_string()));
            }
            cases.extend((0..answered.judgements.len()).map(|at| Case::of_threat(answered, at, &checked.file)));
        }
        Suite { name, properties, cases }
    }

    fn count(&self, of: fn(&Outcome) -> bool) -> usize {
        self.cases.iter().filter(|case| of(&case.outcome)).count()
    }

    fn render(&self) -> String {
        let mut out = format!(
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n    <properties>\n",
            escape::xml(&self.name),
            self.cases.len(),
            self.count(Outcome::is_failure),
            self.count(Outcome::is_error),
            self.count(Outcome::is_skipped),
        );
        for (name, value) in &self.properties {
            out.push_str(&format!("      <property name=\"{name}\" value=\"{}\"/>\n", escape::xml(value)));
        }
        out.push_str("    </properties>\n");
        self.cases.iter().for_each(|case| out.push_str(&case.render()));
        out.push_str("  </testsuite>\n");
        out
    }
}

impl Case {
    /// The model itself: it can be read and is right.
    fn of_model(checked: &Checked) -> Case {
        let told = |diagnostic: &Diagnostic| {
            let place = diagnostic.span.as_ref().map(|span| {
                let place = span.place();
                format!("{}:{}:{}: ", place.file, place.line, place.col)
            });
            let help = diagnostic.help.as_ref().map(|help| format!("\n  help: {help}")).unwrap_or_default();
            format!(
                "{}{}[{}]: {}{help}\n",
                place.unwrap_or_default(),
                diagnostic.severity.word(),
                diagnostic.code.id(),
                diagnostic.message
            )
        };
        let of = |severity| checked.diagnostics.iter().filter(move |diagnostic| diagnostic.severity == severity);
        let errors: String = of(Severity::Error).map(told).collect();
        let warnings: String = of(Severity::Warning).map(told).collect();
        let outcome = match (&checked.broken, of(Severity::Error).next()) {
            (Some(broken), _) => {
                let kind = if broken.unreadable { "unreadable-file" } else { "invalid-graph" };
                Outcome::Error(
                    kind,
                    broken.message.lines().next().unwrap_or_default().to_owned(),
                    broken.message.clone(),
                )
            }
            (None, Some(first)) => Outcome::Error(first.code.id(), first.message.clone(), errors),
            (None, None) => Outcome::Passed,
        };
        Case { class: checked.file.clone(), name: "the model is right".to_owned(), outcome, out: warnings }
    }

    fn of_threat(answered: &Answered, at: usize, file: &str) -> Case {
        let (answer, judgement) = (&answered.answer, &answered.judgements[at]);
        let threat = &answer.threats[judgement.threat];
        let name = match threat.title.is_empty() || threat.title == threat.threat {
            true => threat.threat.clone(),
            false => format!("{}: {}", threat.threat, threat.title),
        };
        let entry = answered.entry(at).map(|entry| gate::told(entry).plain());
        let message = gate::headline(answer, judgement).plain();
        let outcome = match judgement.verdict {
            Verdict::Pass => Outcome::Passed,
            Verdict::Accepted => Outcome::Skipped(format!("accepted: {}", entry.clone().unwrap_or_default())),
            Verdict::NotApplicable => Outcome::Skipped(format!("not-applicable: {}", judgement.got)),
            Verdict::NotJudged => Outcome::Skipped(format!("not-judged: {}", judgement.expected)),
            Verdict::Undecided | Verdict::Fail => {
                Outcome::Failed(judgement.verdict.word(), message, body(answered, judgement))
            }
        };
        Case { class: file.to_owned(), name, outcome, out: entry.map(|entry| entry + "\n").unwrap_or_default() }
    }

    fn render(&self) -> String {
        let mut out =
            format!("    <testcase classname=\"{}\" name=\"{}\"", escape::xml(&self.class), escape::xml(&self.name));
        let element = |name: &str, kind: &str, message: &str, text: &str| {
            format!(
                "      <{name} type=\"{kind}\" message=\"{}\">{}</{name}>\n",
                escape::xml(message),
                escape::xml_lines(text)
            )
        };
        let mut inside = match &self.outcome {
            Outcome::Passed => String::new(),
            Outcome::Failed(kind, message, text) => element("failure", kind, message, text),
            Outcome::Error(kind, message, text) => element("error", kind, message, text),
            Outcome::Skipped(message) => format!("      <skipped message=\"{}\"/>\n", escape::xml(message)),
        };
        if !self.out.is_empty() {
            inside.push_str(&format!("      <system-out>{}</system-out>\n", escape::xml_lines(&self.out)));
        }
        out.push_str(&if inside.is_empty() { "/>\n".to_owned() } else { format!(">\n{inside}    </testcase>\n") });
        out
    }
}

/// Where the threat is written, and its first path.
fn body(answered: &Answered, judgement: &Judgement) -> String {
    let place = answered.places.get(judgement.threat).and_then(Option::as_ref);
    let place = place.map(|place| format!("{}:{}: {}\n", place.file, place.line, place.text)).unwrap_or_default();
    let blocks: Vec<Block> = gate::first_path(&answered.answer, judgement);
    place + &terminal::render(&blocks, WIDTH)
}
