//! The gate as SARIF 2.1.0: a result for each threat that does not keep its tolerance (with its way as a code flow on the lines of the
//! model), for each entry of the register that needs a hand, and for each error and lint.
//!
//! Fingerprints are made of what a result is about and never of a line, so that a moved line is the same alert.

mod log;
mod rules;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::content::gate;
use super::escape;
use super::prose;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::source::Place;
use crate::study::checked::{Answered, Checked};
use crate::study::gate::{Judgement, Verdict};
use crate::study::register::{Entry, Standing};
use log::*;

/// Where the schema of the format is published.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The log of one run over several models.
pub fn log(all: &[Checked], seed: u64) -> Log {
    let rules = rules::all();
    let index: BTreeMap<&str, usize> = rules.iter().enumerate().map(|(at, rule)| (rule.id, at)).collect();
    let mut results = Results { index, seen: BTreeMap::new(), all: Vec::new() };
    for checked in all {
        checked.diagnostics.iter().for_each(|diagnostic| results.diagnostic(&checked.file, diagnostic));
        results.broken(checked);
        if let Some(answered) = &checked.answered {
            (0..answered.judgements.len()).for_each(|at| results.threat(&checked.file, answered, at));
            answered.register.iter().for_each(|entry| results.entry(&checked.file, entry));
        }
    }
    let successful = !all.iter().any(|checked| checked.is_wrong() || checked.is_unreadable());
    let run = Run {
        tool: Tool { driver: Driver { name: "cotenant", semantic_version: super::VERSION, rules } },
        column_kind: "unicodeCodePoints",
        automation_details: AutomationDetails { id: "cotenant/check" },
        invocations: vec![Invocation { execution_successful: successful }],
        results: results.all,
        properties: RunProperties { seed, models: all.iter().map(model).collect() },
    };
    Log { schema: SCHEMA, version: "2.1.0", runs: vec![run] }
}

fn model(checked: &Checked) -> ModelProperties {
    let answered = checked.answered.as_ref();
    ModelProperties {
        file: escape::visible(&checked.file),
        model: answered.map(|answered| answered.answer.graph.model.clone()),
        verdicts: answered.map(gate::counts),
        accepted_risks_judged_by: answered
            .filter(|answered| !answered.register.is_empty())
            .map(|answered| answered.today.to_string()),
    }
}

/// Results as they come, with how often each fingerprint was met.
struct Results {
    index: BTreeMap<&'static str, usize>,
    seen: BTreeMap<String, usize>,
    all: Vec<Found>,
}

impl Results {
    /// A result with nothing but its rule, level, message, place, and what it is about.
    fn push(
        &mut self,
        rule: &'static str,
        level: &'static str,
        text: &str,
        at: Location,
        about: &[&str],
    ) -> &mut Found {
        let found = Found {
            rule_id: rule,
            rule_index: self.index.get(rule).copied().unwrap_or_default(),
            kind: "fail",
            level,
            message: message(text),
            locations: vec![at],
            related_locations: Vec::new(),
            partial_fingerprints: Fingerprints { v1: self.fingerprint(rule, about) },
            code_flows: Vec::new(),
            suppressions: Vec::new(),
        };
        self.all.push(found);
        let last = self.all.len() - 1;
        &mut self.all[last]
    }

    /// Of the rule and what the result is about; results that are alike in both are numbered.
    fn fingerprint(&mut self, rule: &str, about: &[&str]) -> String {
        let mut hash = Sha256::new();
        for part in std::iter::once(&rule).chain(about) {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        let digest: String = hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let n = self.seen.entry(digest.clone()).or_default();
        *n += 1;
        format!("{digest}:{n}")
    }

    fn diagnostic(&mut self, file: &str, diagnostic: &Diagnostic) {
        let level = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let help = diagnostic.help.as_ref().map(|help| format!(" Help: {help}.")).unwrap_or_default();
        let at = match &diagnostic.span {
            Some(span) => located(&span.place(), None),
            None => whole(file),
        };
        let text = format!("{}.{help}", diagnostic.message);
        let found = self.push(diagnostic.code.id(), level, &text, at, &[&uri(file), &diagnostic.message]);
        for (id, (span, label)) in diagnostic.related.iter().enumerate() {
            found.related_locations.push(Location { id: Some(id + 1), ..located(&span.place(), Some(label)) });
        }
    }

    fn broken(&mut self, checked: &Checked) {
        let Some(broken) = &checked.broken else { return };
        let rule = if broken.unreadable { Code::UnreadableFile.id() } else { rules::INVALID_GRAPH };
        for line in broken.message.lines() {
            let text = line.strip_prefix("error: ").unwrap_or(line);
            self.push(rule, "error", text, whole(&checked.file), &[&uri(&checked.file), text]);
        }
    }

    fn threat(&mut self, file: &str, answered: &Answered, at: usize) {
        let (answer, judgement) = (&answered.answer, &answered.judgements[at]);
        let entry = answered.entry(at);
        let rule = match judgement.verdict {
            Verdict::Undecided => rules::UNDECIDED,
            Verdict::Fail | Verdict::Accepted => rules::OVER,
            Verdict::Pass | Verdict::NotApplicable | Verdict::NotJudged => return,
        };
        let threat = &answer.threats[judgement.threat];
        let place = answered.places.get(at).and_then(Option::as_ref);
        // Several models may share the file that the threat is written in: which one it is about must be told.
        let text = format!("{}: {} ({})", answer.design, gate::headline(answer, judgement).plain(), threat.title);
        let elsewhere = place.is_some_and(|place| place.file != file);
        let at = place.map_or_else(|| whole(file), |place| located(place, None));
        let found = self.push(rule, "error", &text, at, &[&uri(file), &answer.design, &threat.threat]);
        if elsewhere {
            found.related_locations.push(Location { id: Some(1), message: Some(message("the model")), ..whole(file) });
        }
        found.code_flows.extend(flow(answered, judgement));
        if judgement.verdict == Verdict::Accepted {
            let justification = entry.map(|entry| gate::told(entry).plain()).unwrap_or_default();
            found.suppressions.push(Suppression { kind: "inSource", status: "accepted", justification });
        }
    }

    fn entry(&mut self, file: &str, entry: &Entry) {
        let rule = match entry.standing {
            Standing::Accepts | Standing::NotAsked => return,
            Standing::Expired => rules::EXPIRED,
            Standing::Exceeded { .. } => rules::EXCEEDED,
            Standing::Stale(_) => rules::STALE,
        };
        let text = gate::told(entry).plain();
        self.push(rule, "warning", &text, located(&entry.risk.span.place(), None), &[&uri(file), &entry.risk.threat]);
    }
}

/// The first path, step by step, each on its line of the model.
fn flow(answered: &Answered, judgement: &Judgement) -> Option<CodeFlow> {
    let graph = &answered.answer.graph;
    let path = answered.answer.threats[judgement.threat].paths.paths.first()?;
    let mut locations: Vec<FlowLocation> = Vec::new();
    for (at, id) in path.order.iter().enumerate() {
        let step = graph.step(*id);
        let says = match step.says.trim() {
            "" => format!("{} gains {}", step.name, graph.capability(step.gains).name),
            says => says.to_owned(),
        };
        for place in &step.because {
            let location = located(place, Some(&says));
            locations.push(FlowLocation { location, execution_order: at + 1 });
        }
    }
    if locations.is_empty() {
        return None;
    }
    let text = prose::summary(graph, path).plain();
    Some(CodeFlow { message: message(&text), thread_flows: vec![ThreadFlow { locations }] })
}

fn message(text: &str) -> Message {
    Message { text: escape::sarif(text) }
}

/// A place in a file.
fn located(place: &Place, says: Option<&str>) -> Location {
    let region = (place.line > 0).then(|| Region {
        start_line: place.line,
        start_column: (place.col > 0).then_some(place.col),
        snippet: (!place.text.is_empty())
            .then(|| Message { text: escape::clip(&escape::visible(&place.text), escape::SENTENCE) }),
    });
    let artifact_location = ArtifactLocation { uri: uri(&place.file) };
    Location {
        id: None,
        physical_location: Some(PhysicalLocation { artifact_location, region }),
        message: says.map(message),
    }
}

/// A file as a whole; its first line, since some readers of the format drop what has no line.
fn whole(file: &str) -> Location {
    let region = Some(Region { start_line: 1, start_column: None, snippet: None });
    let physical = PhysicalLocation { artifact_location: ArtifactLocation { uri: uri(file) }, region };
    Location { id: None, physical_location: Some(physical), message: None }
}

/// A file name as a URI reference: relative names stay relative, and everything unusual is percent-encoded.
fn uri(file: &str) -> String {
    let name = file.replace('\\', "/");
    let name = name.strip_prefix("./").unwrap_or(&name);
    let mut out = String::from(if name.starts_with('/') { "file://" } else { "" });
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
