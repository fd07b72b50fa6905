//! `init`: a commented model to start from, one for each class of designs.

use std::fs::OpenOptions;
use std::io::Write;

use crate::cli::args::Init;
use crate::cli::{Failure, Outcome, output};
use crate::diagnostic::{instead, quote, refusal};

/// A model to start from.
struct Template {
    /// Its name.
    name: &'static str,
    /// For which designs.
    says: &'static str,
    /// The file.
    text: &'static str,
}

impl Template {
    /// The text, its commands with the name of the file; a name that would need quoting stands as FILE.
    fn of(&self, file: &str) -> String {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/');
        let file = if file.chars().all(plain) && !file.starts_with('-') { file } else { "FILE" };
        self.text.replace("THIS-FILE", file)
    }
}

/// Declares the templates: a name is that of its file.
macro_rules! templates {
    ($($name:literal $says:literal;)*) => {
        const TEMPLATES: &[Template] =
            &[$(Template { name: $name, says: $says, text: include_str!(concat!("../init/", $name, ".yaml")) },)*];
    };
}

templates! {
    "status-quo" "publishers build on their own machines and upload";
    "native-build" "the index builds for its publishers";
    "external-ci" "an outside CI builds for everybody, under the operator's account";
    "trusted-publishing" "publishers bring a CI that the index trusts by identity";
    "shared-house" "a closed group whose members may publish everything";
}

/// Runs it. Never overwrites.
pub fn run(args: &Init) -> Result<Outcome, Failure> {
    if args.list {
        output::result(&list())?;
        return Ok(Outcome::Answered);
    }
    let template = find(&args.template)?;
    let name = args.file.display().to_string();
    let refused = |why: String| Failure::Io(format!("error: cannot write {}: {why}", quote(&name)));
    let mut file = OpenOptions::new().write(true).create_new(true).open(&args.file).map_err(|error| {
        refused(match error.kind() {
            std::io::ErrorKind::AlreadyExists => "it is there already, and `init` overwrites nothing".to_owned(),
            std::io::ErrorKind::NotFound => "there is no such folder".to_owned(),
            _ => refusal(&error),
        })
    })?;
    file.write_all(template.of(&name).as_bytes()).map_err(|error| refused(refusal(&error)))?;
    output::result(&format!("Wrote {name}. Next: cotenant check {name}"))?;
    Ok(Outcome::Answered)
}

fn list() -> String {
    let width = TEMPLATES.iter().map(|template| template.name.len()).max().unwrap_or(0);
    TEMPLATES.iter().map(|template| format!("{:width$}  {}\n", template.name, template.says)).collect()
}

fn find(name: &str) -> Result<&'static Template, Failure> {
    TEMPLATES.iter().find(|template| template.name == name).ok_or_else(|| {
        let hint = instead(name, TEMPLATES.iter().map(|template| template.name));
        Failure::Usage(format!("error: --template: no template is called {}; {hint}", quote(name)))
    })
}
