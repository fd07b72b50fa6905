//! The page of one step.

use std::fmt::Write as _;

use cotenant::library::{AssumptionDecl, Effect, Fails, Parameter, StepDecl, references};
use cotenant::study::backtest::Case;
use cotenant::units::{Effort, FailureKind, Grade, Number};
use cotenant::yaml;

use crate::{Facts, is_on_path, stage};

/// The page.
pub fn page(facts: &Facts, step: &StepDecl) -> String {
    let mut out = format!("# {}\n\n", words(&step.title));
    let kind = match (step.rests_on.is_empty(), step.grant) {
        (false, _) => "an exploit",
        (true, true) => "a grant",
        (true, false) => "a consequence",
    };
    let file = &step.span.source.name;
    let _ = writeln!(
        out,
        "`{}`, {kind} of the stage *{}*. Written in [{file}](../../../{file}). [All steps](../README.md)\n",
        step.id,
        stage(step)
    );
    let _ = writeln!(out, "> {}\n", words(&step.says));
    needs(&mut out, step);
    rests_on(&mut out, facts, step);
    let _ = writeln!(out, "## How long it takes, and whether it is noticed\n\n{}\n", effort(step));
    let _ = writeln!(out, "## Ask\n\n{}\n", words(&step.question));
    let _ = writeln!(out, "## Wrong when\n\n{}\n", words(&step.false_positives));
    let title = if step.effect == Effect::Prevents { "What stops it" } else { "What shows it, and prevents nothing" };
    let _ = writeln!(out, "## {title}\n");
    for text in &step.stopped_by {
        let _ = writeln!(out, "* {}", words(text));
    }
    refers_to(&mut out, step);
    incidents(&mut out, facts, step);
    out
}

fn needs(out: &mut String, step: &StepDecl) {
    let file = yaml::parse(&step.span.source).unwrap();
    let vars = step.vars.iter().map(|(name, _)| name.as_str());
    let kinds = file.get("for").map(|node| node.entries().to_vec()).unwrap_or_default();
    let kind = |name: &str| kinds.iter().find(|(key, _)| key.text == name).and_then(|(_, node)| node.as_text());
    let vars: Vec<String> = vars.map(|name| format!("`{name}`: {}", kind(name).unwrap_or("thing"))).collect();
    let _ = writeln!(out, "## What it needs and gives\n\nWith {}:\n", vars.join(", "));
    for item in file.get("when").map(|node| node.items().to_vec()).unwrap_or_default() {
        let _ = writeln!(out, "* needs `{}`", item.as_text().unwrap_or_default());
    }
    let _ = writeln!(out, "* gives `{}`\n", file.get("gain").and_then(|node| node.as_text()).unwrap_or_default());
}

fn rests_on(out: &mut String, facts: &Facts, step: &StepDecl) {
    let _ = writeln!(out, "## What it rests on\n");
    if step.rests_on.is_empty() {
        let _ = writeln!(out, "Nothing: whoever has what it needs can do it.\n");
    }
    for rests in &step.rests_on {
        let decl = &facts.library.assumptions[rests.assumption];
        let _ = writeln!(out, "**{}** ({}): {}\n", decl.id, decl.about.join(", "), words(&decl.text));
        let _ = writeln!(out, "| parameter | fails | grade | why |\n|---|---|---|---|");
        for parameter in parameters(decl) {
            let (grade, why) = grade(&parameter.grade);
            let _ = writeln!(out, "| `{}` | {} | {grade} | {} |", parameter.id, fails(parameter), words(why));
        }
        let _ = writeln!(out);
    }
}

fn parameters(decl: &AssumptionDecl) -> Vec<&Parameter> {
    match &decl.fails {
        Fails::One(parameter) => vec![parameter],
        Fails::Table { entries, .. } => entries.iter().map(|(_, parameter)| parameter).collect(),
    }
}

fn fails(parameter: &Parameter) -> String {
    match parameter.failure.constant() {
        Some(true) => return "always: there is no such protection".to_owned(),
        Some(false) => return "never".to_owned(),
        None => {}
    }
    let unit = match parameter.failure.kind {
        FailureKind::State => "at any time",
        FailureKind::Rate => "per year",
        FailureKind::Events => "events per year",
    };
    match parameter.failure.number {
        Number::Point(x) => format!("{x} {unit}"),
        Number::Range([low, mode, high]) => format!("{low} to {high}, most likely {mode}, {unit}"),
    }
}

fn grade(grade: &Grade) -> (&'static str, &str) {
    match grade {
        Grade::Sourced(text) => ("sourced", text),
        Grade::Derived(text) => ("derived", text),
        Grade::Guess(text) => ("guess", text),
        Grade::Missing => ("", ""),
    }
}

fn effort(step: &StepDecl) -> String {
    let takes = match step.effort {
        None => "It takes no time of its own".to_owned(),
        Some(Effort::Constant { hours }) => format!("It takes {}", time(hours)),
        Some(Effort::Lognormal { median_h, p90_h }) => {
            format!("It takes {} in the median, and at most {} in nine of ten cases", time(median_h), time(p90_h))
        }
        Some(Effort::Exponential { mean_h }) => format!("It takes {} on average", time(mean_h)),
        Some(Effort::Pert { low_h, mode_h, high_h }) => {
            format!("It takes {} to {}, most likely {}", time(low_h), time(high_h), time(mode_h))
        }
    };
    format!("{takes}; an attempt is noticed with probability {}.", step.detected)
}

fn time(hours: f64) -> String {
    let minutes = hours * 60.0;
    if minutes < 60.0 { format!("{} min", minutes.round()) } else { format!("{hours} h") }
}

fn refers_to(out: &mut String, step: &StepDecl) {
    let _ = writeln!(out, "\n## Refers to\n");
    for (scheme, ids) in step.refs.iter().filter(|(scheme, _)| scheme != "incidents") {
        let ids: Vec<String> = ids
            .iter()
            .map(|id| match (references::link(scheme, id), references::says(scheme, id)) {
                (Some(link), says) if says.is_empty() => format!("[{id}]({link})"),
                (Some(link), says) => format!("[{id}]({link}) ({says})"),
                (None, _) => id.clone(),
            })
            .collect();
        let _ = writeln!(out, "* {}: {}", references::scheme_name(scheme), ids.join(", "));
    }
}

fn incidents(out: &mut String, facts: &Facts, step: &StepDecl) {
    let named: Vec<&str> = references::ids(step, "incidents").collect();
    let on: Vec<&Case> = facts.cases.iter().filter(|case| is_on_path(case, &step.id)).collect();
    let off = facts.cases.iter().filter(|case| !is_on_path(case, &step.id) && named.contains(&case.id.as_str()));
    let off: Vec<&Case> = off.collect();
    let _ = writeln!(out, "\n## Incidents\n");
    if on.is_empty() && off.is_empty() {
        let _ = writeln!(out, "On the documented path of none.");
    }
    for (cases, lead) in [(on, "On the documented path of:"), (off, "Named for, and not on the documented path of:")] {
        if cases.is_empty() {
            continue;
        }
        let _ = writeln!(out, "{lead}\n");
        for case in cases {
            let _ = writeln!(
                out,
                "* [{}](../../../{}): {}, {}",
                case.id,
                case.file,
                words(&case.incident.index),
                words(&case.incident.date)
            );
        }
        let _ = writeln!(out);
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
}

/// Text that stands for itself in Markdown.
pub fn words(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if matches!(c, '<' | '|' | '*' | '_' | '[' | ']' | '`' | '\\') {
            out.push('\\');
        }
        out.push(if c == '\n' { ' ' } else { c });
    }
    out
}
