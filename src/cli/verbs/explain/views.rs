//! Views of the library as a whole: steps by what they refer to, and what of that a model exercises.

use std::path::Path;

use serde::Serialize;

use crate::cli::args::{EditArgs, Format};
use crate::cli::load::{self, Loaded};
use crate::cli::verbs::common;
use crate::cli::{Failure, Outcome};
use crate::diagnostic::{nearest, quote};
use crate::library::{Library, StepDecl, references};
use crate::report::VERSION;
use crate::report::content::views;
use crate::study::library_lint::{self, Use};

#[derive(Debug, Serialize)]
struct ViewAnswer<'a> {
    cotenant: &'static str,
    verb: &'static str,
    kind: &'a str,
    groups: Vec<GroupAnswer>,
}

#[derive(Debug, Serialize)]
struct GroupAnswer {
    scheme: &'static str,
    id: String,
    says: String,
    steps: Vec<String>,
    /// Only of a model: those of `steps` that can happen in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    fired: Option<Vec<String>>,
}

fn group(scheme: &'static str, id: String, steps: &[&StepDecl]) -> GroupAnswer {
    let says = references::says(scheme, &id);
    GroupAnswer { scheme, id, says, steps: steps.iter().map(|step| step.id.clone()).collect(), fired: None }
}

/// The steps by what they refer to in one scheme.
pub fn by_reference(library: &Library, scheme: &'static str, wanted: &str, format: Format) -> Result<Outcome, Failure> {
    let groups = references::groups(library, scheme, wanted);
    if groups.is_empty() {
        let known = references::known(library, scheme);
        let hint = nearest(wanted, known.iter().map(String::as_str));
        let hint = hint.map_or_else(|| known.join(", "), |near| format!("did you mean {}?", quote(near)));
        let name = references::scheme_name(scheme);
        return Err(Failure::Usage(format!("error: there is no {name} {}; {hint}", quote(wanted))));
    }
    match format {
        Format::Human => common::print_stamped(&views::by_reference(scheme, &groups), &[], 1)?,
        Format::Json => {
            let groups = groups.into_iter().map(|(id, steps)| group(scheme, id, &steps)).collect();
            common::json(&ViewAnswer { cotenant: VERSION, verb: "explain", kind: scheme, groups })?;
        }
    }
    Ok(Outcome::Answered)
}

/// What of the schemes a model exercises.
pub fn coverage(name: &str, format: Format) -> Result<Outcome, Failure> {
    let loaded = load::load_any(name, &EditArgs::default())?;
    common::warn(&loaded);
    let Loaded::Model(loaded) = loaded else {
        return Err(Failure::Usage("error: a capability graph does not say which library it was made from".into()));
    };
    let (model, compiled) = (&loaded.model, &loaded.compiled);
    match format {
        Format::Human => {
            let blocks = views::coverage(&model.library, &compiled.fired, &model.design);
            common::print_stamped(&blocks, &[&model.hash], 1)?;
        }
        Format::Json => {
            let mut groups = Vec::new();
            for scheme in views::COVERED {
                for (id, steps) in references::groups(&model.library, scheme, "") {
                    let fired = steps.iter().filter(|step| compiled.fired.contains(&step.id));
                    let fired = Some(fired.map(|step| step.id.clone()).collect());
                    groups.push(GroupAnswer { fired, ..group(scheme, id, &steps) });
                }
            }
            common::json(&ViewAnswer { cotenant: VERSION, verb: "explain", kind: "coverage", groups })?;
        }
    }
    Ok(Outcome::Answered)
}

#[derive(Debug, Serialize)]
struct LintAnswer {
    cotenant: &'static str,
    verb: &'static str,
    kind: &'static str,
    models: usize,
    findings: Vec<FindingAnswer>,
    resting: Vec<RestingAnswer>,
}

#[derive(Debug, Serialize)]
struct FindingAnswer {
    fault: &'static str,
    about: String,
    says: String,
}

#[derive(Debug, Serialize)]
struct RestingAnswer {
    step: String,
    index: String,
    models: Vec<String>,
}

/// What is wrong with the library, seen from the embedded models and from these.
pub fn library_lint(library: &Library, more: &[String], format: Format) -> Result<Outcome, Failure> {
    let mut models = library_lint::embedded().map_err(|found| load::told(&found))?;
    for name in more {
        let path = Path::new(name);
        let files = if path.is_dir() { load::models_in(path)? } else { vec![path.to_owned()] };
        for file in files {
            if let Loaded::Model(loaded) = load::load_any(&file.to_string_lossy(), &EditArgs::default())? {
                let seen = Use::of(&loaded.model, &loaded.compiled);
                // A file that is embedded as well counts once, as it stands on disk.
                models.retain(|model| model.id != seen.id);
                models.push(seen);
            }
        }
    }
    let lint = library_lint::library_lint(library, &models);
    match format {
        Format::Human => common::print_stamped(&views::library_lint(&lint, models.len()), &[], 1)?,
        Format::Json => {
            let findings = lint.findings.into_iter();
            let findings =
                findings.map(|one| FindingAnswer { fault: one.fault.word(), about: one.about, says: one.says });
            let resting = lint.resting.into_iter();
            let resting = resting.map(|one| RestingAnswer { step: one.step, index: one.index, models: one.models });
            common::json(&LintAnswer {
                cotenant: VERSION,
                verb: "explain",
                kind: "library-lint",
                models: models.len(),
                findings: findings.collect(),
                resting: resting.collect(),
            })?;
        }
    }
    Ok(Outcome::Answered)
}
