//! Files as they stand in a git revision, read through the program `git`. Nothing else in this program needs it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use super::Failure;
use crate::diagnostic::{Code, Diagnostic, printable, quote};
use crate::source::Source;
use crate::yaml;

/// A commit of the repository that a path lies in.
#[derive(Debug, Clone)]
pub struct Revision {
    /// A folder inside the repository.
    folder: PathBuf,
    /// The commit's hash.
    commit: String,
    /// As the user wrote it.
    pub label: String,
}

/// What two arguments of `diff` mean, where they speak of revisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// The revision to start from.
    pub before: String,
    /// The revision to judge; `None`: the working tree.
    pub after: Option<String>,
    /// `A...B`: from where B left A.
    pub since_fork: bool,
}

impl Range {
    /// `A..B`, `A...B`, or `A` alone. An end left out is HEAD, as git has it.
    pub fn parse(text: &str) -> Range {
        let or_head = |text: &str| if text.is_empty() { "HEAD".to_owned() } else { text.to_owned() };
        let split =
            text.split_once("...").map(|ends| (ends, true)).or_else(|| text.split_once("..").map(|ends| (ends, false)));
        match split {
            Some(((before, after), since_fork)) => {
                Range { before: or_head(before), after: Some(or_head(after)), since_fork }
            }
            None => Range { before: text.to_owned(), after: None, since_fork: false },
        }
    }
}

impl Revision {
    /// Finds a revision in the repository around a model's path.
    ///
    /// # Errors
    /// Without `git`, outside of a repository, or where git knows no such revision.
    pub fn find(label: &str, model: &Path) -> Result<Revision, Failure> {
        let folder = folder_of(model);
        git(&folder, &["rev-parse", "--is-inside-work-tree"])?.map_err(|_| {
            let (name, file) = (quote(label), quote(&model.display().to_string()));
            let no_file = format!("{name} is neither a file nor a scenario");
            Failure::Usage(format!(
                "error: {no_file}; nor can it be a git revision, since {file} lies in no repository"
            ))
        })?;
        let commit =
            git(&folder, &["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{label}^{{commit}}")])?;
        let commit = commit.map_err(|_| {
            Failure::Usage(format!("error: {} is neither a file nor a revision that git knows", quote(label)))
        })?;
        Ok(Revision { folder, commit: commit.trim().to_owned(), label: label.to_owned() })
    }

    /// The newest commit that both are built on.
    ///
    /// # Errors
    /// They have none in common, as in a clone that is too shallow.
    pub fn fork(self, other: &Revision) -> Result<Revision, Failure> {
        let found = git(&self.folder, &["merge-base", &self.commit, &other.commit])?;
        let commit = found.map_err(|_| {
            let (a, b) = (quote(&self.label), quote(&other.label));
            Failure::Usage(format!(
                "error: git finds no commit that {a} and {b} are built on; is the clone too shallow?"
            ))
        })?;
        Ok(Revision { commit: commit.trim().to_owned(), ..self })
    }

    /// The path of a model from the top of the repository.
    ///
    /// # Errors
    /// It lies outside.
    pub fn path_of(&self, model: &Path) -> Result<String, Failure> {
        let prefix = git(&self.folder, &["rev-parse", "--show-prefix"])?.map_err(Failure::Io)?;
        let relative =
            if self.folder == Path::new(".") { model } else { Path::new(model.file_name().unwrap_or_default()) };
        normal(prefix.trim_end_matches('\n'), &relative.to_string_lossy()).ok_or_else(|| {
            Failure::Usage(format!("error: {} lies outside of its repository", quote(&model.display().to_string())))
        })
    }

    /// A file of this revision, under the name `revision:path`.
    ///
    /// # Errors
    /// The revision has no such file, or it is not UTF-8: a diagnostic, to be placed where it was asked for.
    pub fn read(&self, path: &str) -> Result<Arc<Source>, Diagnostic> {
        let name = format!("{}:{path}", printable(&self.label, 60));
        let unreadable =
            |why: String| Diagnostic::unplaced(Code::UnreadableFile, format!("cannot read {}: {why}", quote(&name)));
        let object = format!("{}:{path}", self.commit);
        let done = run(&self.folder, &["cat-file", "blob", &object]).map_err(|failure| unreadable(failure.text()))?;
        if !done.status.success() {
            return Err(unreadable(format!("{} has no such file", quote(&self.label))));
        }
        yaml::decode(&name, done.stdout)
    }

    /// Finds extended files in the same revision, relative to the file that names them.
    ///
    /// # Errors
    /// As for reading.
    pub fn beside(&self, from: &Source, wanted: &str) -> Result<Arc<Source>, Diagnostic> {
        let own = from.name.strip_prefix(&format!("{}:", printable(&self.label, 60))).unwrap_or(&from.name);
        let folder = own.rsplit_once('/').map_or("", |(folder, _)| folder);
        match normal(folder, wanted) {
            Some(path) => self.read(&path),
            None => {
                let message = format!("{} lies outside of the repository", quote(wanted));
                Err(Diagnostic::unplaced(Code::UnreadableFile, message))
            }
        }
    }
}

/// The folder to run git in: that of the model where it exists, else the present one.
fn folder_of(model: &Path) -> PathBuf {
    match model.parent() {
        Some(parent) if parent != Path::new("") && parent.is_dir() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Folder and path as one path without `.` and `..`; `None` where it leads above the top, or is absolute.
fn normal(folder: &str, path: &str) -> Option<String> {
    if path.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split(['/', std::path::MAIN_SEPARATOR])) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn run(folder: &Path, args: &[&str]) -> Result<Output, Failure> {
    Command::new("git").arg("-C").arg(folder).args(args).output().map_err(|error| {
        Failure::Io(format!("error: comparing git revisions needs the program `git`, and it cannot be run: {error}"))
    })
}

/// What git printed, or what it complained about.
fn git(folder: &Path, args: &[&str]) -> Result<Result<String, String>, Failure> {
    let done = run(folder, args)?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(if done.status.success() { Ok(text(&done.stdout)) } else { Err(text(&done.stderr)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_read_as_git_reads_them() {
        let range = |before: &str, after: Option<&str>, since_fork| Range {
            before: before.to_owned(),
            after: after.map(str::to_owned),
            since_fork,
        };
        assert_eq!(Range::parse("main..HEAD"), range("main", Some("HEAD"), false));
        assert_eq!(Range::parse("main...topic"), range("main", Some("topic"), true));
        assert_eq!(Range::parse("main.."), range("main", Some("HEAD"), false));
        assert_eq!(Range::parse("v1.2"), range("v1.2", None, false));
    }

    #[test]
    fn paths_stay_inside_the_repository() {
        assert_eq!(normal("a/b", "../c.yaml").as_deref(), Some("a/c.yaml"));
        assert_eq!(normal("", "./x.yaml").as_deref(), Some("x.yaml"));
        assert_eq!(normal("a", "../../x.yaml"), None);
        assert_eq!(normal("a", "/etc/x.yaml"), None);
    }
}
