//! `explain`: what a name means: a step, kind, verb, assumption, parameter, diagnostic code or scenario.

mod files;
mod keys;
mod named;
mod views;
mod words;

use std::fmt::Write;
use std::sync::Arc;

use super::common;
use crate::cli::args::{EditArgs, Explain, Format};
use crate::cli::load::{self, Loaded};
use crate::cli::{Failure, Outcome, output};
use crate::diagnostic::{Code, nearest, one_of, quote};
use crate::graph::ground::{ADMIT, APPROVE, WHOLE_FAMILY};
use crate::library::{self, AssumptionDecl, Effect, FieldType, Kind, Library, Parameter, Rate, StepDecl, Verb};
use crate::model::{self, Edits, Model};
use crate::report::{number, wrap};
use crate::scenarios;
use crate::source::Source;
use crate::units::{Effort, FailureKind, Grade, Number};
use crate::yaml;

/// Steps that come from the language and not from the library.
const ENGINE: [(&str, &str); 5] = [
    (
        APPROVE,
        "An approval gate is passed because enough distinct members of the approving class approve. Its quorum and who counts stand in the model.",
    ),
    (ADMIT, "Those whom a class joins by admit the attacker to it."),
    (WHOLE_FAMILY, "What holds for every member of a family holds for each of them; nothing has to fail."),
    ("some-victim", "The goal of a threat over `some` victim is reached as soon as one member's copy of it is."),
    ("every-victim", "The goal of a threat over `every` victim is reached when all members' copies of it are."),
];

/// Runs it.
pub fn run(args: &Explain) -> Result<Outcome, Failure> {
    if let Some(model) = &args.view.coverage {
        return views::coverage(model, args.format);
    }
    let (library, model) = context(args.model.as_deref())?;
    if let Some(more) = &args.view.library_lint {
        return views::library_lint(&library, more, args.format);
    }
    for (scheme, wanted) in [("slsa", &args.view.slsa), ("openssf", &args.view.openssf)] {
        if let Some(wanted) = wanted {
            return views::by_reference(&library, scheme, wanted, args.format);
        }
    }
    let Some(name) = &args.name else {
        let list = model.as_deref().map_or_else(|| index(&library), named::index);
        return print(args.format, "names", &list);
    };
    let named = model.as_deref().and_then(|model| named::explain(model, name));
    let Some((what, text)) = named.or_else(|| explain(&library, name)) else {
        if let Some(hint) = model.is_none().then(|| of_a_scenario(name)).flatten() {
            return Err(Failure::Usage(format!("error: nothing in the library is called {}; {hint}", quote(name))));
        }
        let mut names = names(&library);
        names.extend(model.as_deref().map(named::names).unwrap_or_default());
        let all: Vec<&str> = names.iter().map(String::as_str).collect();
        let begun = all.iter().filter(|known| name.len() > 2 && known.starts_with(name.as_str())).copied();
        let mut near: Vec<&str> = nearest(name, all.iter().copied()).map_or_else(|| begun.collect(), |near| vec![near]);
        near.sort_unstable();
        near.dedup();
        let hint = match near.as_slice() {
            [] if model.is_some() => "; `cotenant explain` lists the names of the library".to_owned(),
            [] => "; `cotenant explain` lists every name of the library. A threat, an actor, a service or an asset is a name of a model: \
                   add `--model MODEL`"
                .to_owned(),
            several => format!("; did you mean {}?", one_of(several.to_vec(), 8)),
        };
        return Err(Failure::Usage(format!("error: nothing is called {}{hint}", quote(name))));
    };
    print(args.format, what, &text)
}

/// Where a name occurs that only a model has, with what to type: the first embedded model that knows it.
fn of_a_scenario(name: &str) -> Option<String> {
    // What is printed to be typed must mean to a shell what it says.
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if name.is_empty() || name.starts_with('-') || !name.chars().all(plain) {
        return None;
    }
    let mut ids = scenarios::ids().into_iter().chain(scenarios::system_ids()).chain(scenarios::incident_ids());
    let id = ids.find(|id| {
        let model = scenarios::find(id)
            .and_then(|source| model::load_source(&source, &scenarios::resolve, &Edits::default()).ok());
        model.is_some_and(|(model, _)| named::explain(&model, name).is_some())
    })?;
    Some(format!("it is a name of models, such as {}: `cotenant explain {name} --model {id}`", quote(&id)))
}

/// The library, and the model whose names are meant, if there is one.
fn context(model: Option<&str>) -> Result<(Arc<Library>, Option<Box<Model>>), Failure> {
    match model {
        None => {
            let library = library::load(&library::embedded(), None).map_err(|found| load::told(&found))?;
            Ok((Arc::new(library), None))
        }
        Some(name) => match load::load_any(name, &EditArgs::default())? {
            Loaded::Model(loaded) => Ok((loaded.model.library.clone(), Some(Box::new(loaded.model)))),
            Loaded::Graph { .. } => Err(Failure::Usage("error: a capability graph has no library of its own".into())),
        },
    }
}

fn print(format: Format, what: &str, text: &str) -> Result<Outcome, Failure> {
    match format {
        // Where nobody looks at it, the list of all names is a table of lines, for searching.
        Format::Human if what == "names" && output::columns().is_none() => output::result(text)?,
        Format::Human => {
            let (told, file) = files::parted(text);
            output::result(&format!("{}{file}", wrap::indented(told, common::terminal_width())))?;
        }
        Format::Json => {
            let value = serde_json::json!({"cotenant": env!("CARGO_PKG_VERSION"), "verb": "explain", "kind": what, "text": text});
            output::result(&value.to_string())?;
        }
    }
    Ok(Outcome::Answered)
}

fn explain(library: &Library, name: &str) -> Option<(&'static str, String)> {
    if let Some(step) = library.step(name) {
        return Some(("step", step_text(library, step)));
    }
    if let Some(decl) = library.assumptions.iter().find(|decl| decl.id == name) {
        return Some(("assumption", assumption_text(library, decl)));
    }
    if let Some(parameter) = library.parameters().find(|parameter| parameter.id == name) {
        return Some(("parameter", parameter_text(parameter)));
    }
    if let Some(rate) = library.workload.iter().find(|rate| rate.id == name) {
        return Some(("rate", rate_text(rate)));
    }
    if let Some(kind) = library.kinds.iter().find(|kind| kind.id == name) {
        return Some(("kind", kind_text(library, kind)));
    }
    if let Some(verb) = library.verb(name) {
        return Some(("verb", verb_text(library, verb)));
    }
    if let Some(code) = Code::ALL.iter().find(|code| code.id() == name) {
        return Some((
            "diagnostic",
            format!("{} (a diagnostic)\n\n{}\n\nWhat to do: {}\n", code.id(), code.meaning(), code.fix()),
        ));
    }
    if let Some((_, text)) = ENGINE.iter().find(|(id, _)| *id == name) {
        return Some(("step", format!("{name} (a step of the engine itself)\n\n{text}\n")));
    }
    if let Some(key) = keys::explain(name) {
        return Some(key);
    }
    if let Some(word) = words::find(name) {
        return Some(("word", words::text(word)));
    }
    if let Some(text) = field_text(library, name) {
        return Some(("field", text));
    }
    files::explain(name).or_else(|| part(library, name))
}

/// A field of kinds: what each of them means by it.
fn field_text(library: &Library, name: &str) -> Option<String> {
    let having = |kind: &Kind| kind.fields.iter().any(|field| field.name == name);
    let kinds: Vec<&Kind> = library.kinds.iter().filter(|kind| having(kind)).collect();
    (!kinds.is_empty()).then(|| {
        let mut out = format!("{name} (a field)\n");
        for kind in kinds {
            for field in kind.fields.iter().filter(|field| field.name == name) {
                let (ty, read) = (field_type(library, &field.ty), read_by(library, kind, name));
                let _ = writeln!(out, "\nof {}: {}\n  {ty}\n  {read}", kind.id, field.says);
            }
        }
        out
    })
}

/// The attack steps that a field decides.
fn read_by(library: &Library, kind: &Kind, field: &str) -> String {
    let readers = library.kind(&kind.id).map(|id| library.readers(id, field)).unwrap_or_default();
    if readers.is_empty() {
        return "read by no attack step: it changes pictures and counts, and no answer".to_owned();
    }
    let ids: Vec<&str> = readers.iter().map(|step| step.id.as_str()).collect();
    format!("read by {}", ids.join(", "))
}

/// An assumption with its values, a capability, what may be left over: explained by what stands before the bracket or dot.
fn part(library: &Library, name: &str) -> Option<(&'static str, String)> {
    if let Some(what) = name.strip_prefix("left-over.") {
        let text = format!(
            "{name} (an assumption)\n\nWhat should be gone is gone: `present` of {what} in the model says how often it is not.\n"
        );
        return Some(("assumption", text));
    }
    let (before, _) = name.split_once('(')?;
    let what = before.trim();
    (!what.is_empty()).then(|| explain(library, what)).flatten()
}

fn names(library: &Library) -> Vec<String> {
    let mut all: Vec<String> = library.steps.iter().map(|step| step.id.clone()).collect();
    all.extend(library.assumptions.iter().map(|decl| decl.id.clone()));
    all.extend(library.parameters().map(|parameter| parameter.id.clone()));
    all.extend(library.workload.iter().map(|rate| rate.id.clone()));
    all.extend(library.kinds.iter().map(|kind| kind.id.clone()));
    all.extend(library.verbs.iter().map(|verb| verb.id.clone()));
    all.extend(Code::ALL.iter().map(|code| code.id().to_owned()));
    all.extend(words::WORDS.iter().flat_map(|word| word.names).map(|name| (*name).to_owned()));
    all.extend(ENGINE.iter().map(|(id, _)| (*id).to_owned()));
    all.extend(scenarios::ids());
    all.extend(scenarios::incident_ids());
    all.extend(scenarios::shared().into_iter().map(|(name, _)| name));
    all.extend(library.kinds.iter().flat_map(|kind| &kind.fields).map(|field| field.name.clone()));
    all.extend(keys::all().map(|(key, _)| key.to_owned()));
    all.extend(scenarios::system_ids());
    all
}

/// Columns of a list of names that the names may take.
const WIDEST: usize = 36;

fn index(library: &Library) -> String {
    let mut out = String::new();
    let mut list = |title: &str, rows: Vec<(String, String)>| {
        // A word with many names does not push the meanings of all others aside.
        let width = rows.iter().map(|(id, _)| id.len()).filter(|len| *len <= WIDEST).max().unwrap_or(0);
        let _ = writeln!(out, "{title}");
        for (id, says) in rows {
            let _ = writeln!(out, "  {id:width$}  {says}");
        }
        let _ = writeln!(out);
    };
    list("Attack steps", library.steps.iter().map(|step| (step.id.clone(), step.title.clone())).collect());
    list("Assumptions", library.assumptions.iter().map(|decl| (decl.id.clone(), decl.text.clone())).collect());
    list("Rates of work", library.workload.iter().map(|rate| (rate.id.clone(), rate.text.clone())).collect());
    list("Kinds", library.kinds.iter().map(|kind| (kind.id.clone(), kind.says.clone())).collect());
    list("Keys of every entity", keys::all().map(|(key, says)| (key.to_owned(), says.to_owned())).collect());
    list("Verbs", library.verbs.iter().map(|verb| (verb.id.clone(), verb.says.clone())).collect());
    list("Diagnostics", Code::ALL.iter().map(|code| (code.id().to_owned(), code.meaning().to_owned())).collect());
    list("Words of reports", words::WORDS.iter().map(|word| (word.names.join(", "), word.says.to_owned())).collect());
    list("Scenarios", scenarios::ids().into_iter().map(|id| (id.clone(), title(&id))).collect());
    list("Systems", scenarios::system_ids().into_iter().map(|id| (id.clone(), title(&id))).collect());
    list("Incidents", scenarios::incident_ids().into_iter().map(|id| (id.clone(), title(&id))).collect());
    list(
        "Parts that models extend",
        scenarios::shared().into_iter().map(|(name, part)| (name, first_line(&part.text))).collect(),
    );
    out
}

/// The first sentence of a file's head comment.
fn first_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default().trim_start_matches('#').trim();
    line.split_once(". ").map_or(line, |(sentence, _)| sentence).trim_end_matches('.').to_owned()
}

/// The title of a scenario, as its file has it.
fn title(id: &str) -> String {
    let text = scenarios::find(id).map(|source| source.text.clone()).unwrap_or_default();
    text.lines().find_map(|line| line.strip_prefix("title: ")).unwrap_or_default().to_owned()
}

fn step_text(library: &Library, step: &StepDecl) -> String {
    let mut out = format!("{} (an attack step)\n{}\n\n", step.id, step.title);
    let mut line = |name: &str, text: String| {
        if !text.is_empty() {
            let _ = writeln!(out, "{name:<16}{text}");
        }
    };
    line("says", step.says.clone());
    line("needs", listed(&written(step, "when")));
    line("gains", listed(&written(step, "gain")));
    for rests in &step.rests_on {
        let decl = &library.assumptions[rests.assumption];
        line("rests on", format!("{}: {}", decl.id, decl.text));
    }
    line("takes", step.effort.map(effort_text).unwrap_or_default());
    line("noticed", if step.detected > 0.0 { format!("with probability {}", step.detected) } else { String::new() });
    let timed = step.effort.is_some() || step.detected > 0.0;
    line("how sure", if timed { ESTIMATES.to_owned() } else { String::new() });
    line("ask", step.question.clone());
    line("wrong when", step.false_positives.clone());
    let verb = if step.effect == Effect::Prevents { "stopped by" } else { "shown by" };
    line(verb, step.stopped_by.join("; "));
    for (scheme, ids) in &step.refs {
        line(scheme, ids.join(", "));
    }
    line("written in", format!("{}:{}", step.span.source.name, step.span.line()));
    out
}

/// Of efforts and chances of detection no step states a source.
const ESTIMATES: &str = "times and chances of being noticed are guesses, in every step: nobody counts attempts";

/// What a step's file has as a list, one below the other.
fn listed(written: &str) -> String {
    let items = yaml::parse(&Source::new("a step", written)).ok();
    let texts = items.as_ref().map(|items| yaml::one_or_list(items).into_iter().map(|item| item.as_text()));
    let texts: Option<Vec<&str>> = texts.and_then(Iterator::collect);
    texts.map_or_else(|| written.to_owned(), |texts| texts.join(&format!("\n{:16}", "")))
}

/// A field of a step as its file has it.
fn written(step: &StepDecl, field: &str) -> String {
    let text = &step.span.source.text;
    let block = &text[step.span.start.min(text.len())..];
    let mut lines =
        block.lines().skip_while(|line| !line.trim_start().trim_start_matches("- ").starts_with(&format!("{field}:")));
    let Some(first) = lines.next() else { return String::new() };
    let indent = first.len() - first.trim_start().len();
    let more =
        lines.take_while(|line| line.len() - line.trim_start().len() > indent || line.trim_start().starts_with("- \""));
    let value = first.split_once(':').map_or("", |(_, value)| value.trim());
    let rest: Vec<&str> = more.map(str::trim).collect();
    format!("{value}\n{}", rest.join("\n")).trim().to_owned()
}

fn effort_text(effort: Effort) -> String {
    let told = number::hours;
    match effort {
        Effort::Constant { hours } => told(hours),
        Effort::Lognormal { median_h, p90_h } => {
            format!("{} in the median, {} at most in nine of ten cases", told(median_h), told(p90_h))
        }
        Effort::Exponential { mean_h } => format!("{} on average", told(mean_h)),
        Effort::Pert { low_h, mode_h, high_h } => {
            format!("{} to {}, most likely {}", told(low_h), told(high_h), told(mode_h))
        }
    }
}

fn assumption_text(library: &Library, decl: &AssumptionDecl) -> String {
    let mut out = format!("{} (an assumption about {})\n{}\n\n", decl.id, decl.about.join(", "), decl.text);
    let _ = writeln!(out, "ask             {}", decl.question);
    let parameters = library.parameters().filter(|p| p.id == decl.id || p.id.starts_with(&format!("{}.", decl.id)));
    for parameter in parameters {
        let _ = write!(out, "\n{}", parameter_text(parameter));
    }
    let users: Vec<&str> = library
        .steps
        .iter()
        .filter(|step| step.rests_on.iter().any(|rests| library.assumptions[rests.assumption].id == decl.id))
        .map(|step| step.id.as_str())
        .collect();
    let _ = writeln!(out, "\nsteps on it     {}", users.join(", "));
    out
}

fn parameter_text(parameter: &Parameter) -> String {
    let unit = match parameter.failure.kind {
        FailureKind::State => "at any time",
        FailureKind::Rate => "per year",
        FailureKind::Events => "events per year",
    };
    let (number, grade) = (number_text(parameter.failure.number), grade_text(&parameter.grade));
    let grade = match (parameter.failure.number, &parameter.grade) {
        (Number::Point(0.0), Grade::Missing) => "never fails, by definition".to_owned(),
        (Number::Point(1.0), Grade::Missing) => {
            "always fails, by definition: there is nothing that could hold".to_owned()
        }
        _ => grade,
    };
    format!("{} (fails {unit})\n  {number}\n  {grade}\n", parameter.id)
}

fn rate_text(rate: &Rate) -> String {
    let (number, grade) = (number_text(rate.value), grade_text(&rate.grade));
    format!("{} (a rate of work, {})\n{}\n\n  {number}\n  {grade}\n", rate.id, rate.unit, rate.text)
}

fn number_text(number: Number) -> String {
    match number {
        Number::Point(x) => format!("{x}"),
        Number::Range([low, mode, high]) => {
            format!("{low} to {high}, most likely {mode}; nominal {:.4}", number.nominal())
        }
    }
}

fn grade_text(grade: &Grade) -> String {
    let (grade, why) = grade_parts(grade);
    format!("{grade}: {why}")
}

/// The grade of a number, and what is said of it.
fn grade_parts(grade: &Grade) -> (&'static str, &str) {
    match grade {
        Grade::Sourced(text) => ("source", text),
        Grade::Derived(text) => ("derived", text),
        Grade::Guess(text) => ("a guess", text),
        Grade::Missing => ("source", "none stated"),
    }
}

fn kind_text(library: &Library, kind: &Kind) -> String {
    let parent = kind.parent.map_or(String::new(), |id| format!(", a kind of {}", library.kinds[id.0].id));
    let mut out = format!("{} (a kind{parent})\n{}\n\nFields\n", kind.id, kind.says);
    let fields = library.kind(&kind.id).map(|id| library.fields(id)).unwrap_or_default();
    for field in &fields {
        let ty = field_type(library, &field.ty);
        let required = if field.required { ", required" } else { "" };
        let _ = writeln!(out, "  {:<24}{ty}{required}\n  {:<24}{}", field.name, "", field.says);
    }
    if fields.is_empty() {
        let _ = writeln!(out, "  none");
    }
    let _ = writeln!(out, "\nKeys that it has besides");
    for (key, says) in keys::of(kind) {
        let _ = writeln!(out, "  {key:<24}{says}");
    }
    out
}

fn field_type(library: &Library, ty: &FieldType) -> String {
    match ty {
        FieldType::Flag(default) => format!("true or false (default {default})"),
        FieldType::Value(values, default) => match default {
            Some(default) => format!("one of {} (default {default})", values.join(", ")),
            None => format!("one of {}", values.join(", ")),
        },
        FieldType::Values(values) => format!("any of {}", values.join(", ")),
        FieldType::Number { min, max, integer } => {
            format!("{} from {min} to {max}", if *integer { "a whole number" } else { "a number" })
        }
        FieldType::Ref { kind, many, class } => {
            let what = if *many { "a list of " } else { "" };
            let whole = if *class { ", as a whole class" } else { "" };
            format!("{what}{}{whole}", library.kinds[kind.0].id)
        }
        FieldType::Text => "text".to_owned(),
        FieldType::Duration => "a duration".to_owned(),
    }
}

fn verb_text(library: &Library, verb: &Verb) -> String {
    let over: Vec<&str> = verb.over.iter().map(|kind| library.kinds[kind.0].id.as_str()).collect();
    format!(
        "{} (a verb over {})\nas a capability  {}\nas a grant       {}\n",
        verb.id,
        over.join(", "),
        verb.says,
        verb.grant
    )
}
