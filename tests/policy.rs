//! What may enter the repository: licences and sources of dependencies, and nothing about the machine it was written on.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that fails says so"
)]

mod tree;

use std::process::Command;

use serde_json::Value;

/// Licences that a dependency may be used under.
const LICENCES: [&str; 9] =
    ["Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "MIT", "MIT-0", "OFL-1.1", "Ubuntu-font-1.0", "Unicode-3.0", "Zlib"];

/// Exceptions that only widen the licence they are attached to.
const EXCEPTIONS: [&str; 1] = ["LLVM-exception"];

/// The one registry.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON from cargo metadata");
    metadata["packages"].as_array().expect("packages").clone()
}

#[test]
fn every_dependency_has_an_allowed_licence() {
    let offenders: Vec<String> = packages()
        .iter()
        .filter(|package| !package["license"].as_str().is_some_and(is_allowed))
        .map(|package| format!("{} {}: {}", package["name"], package["version"], package["license"]))
        .collect();
    assert!(offenders.is_empty(), "licences that are not allowed:\n{}", offenders.join("\n"));
}

#[test]
fn every_dependency_comes_from_the_registry() {
    let own = env!("CARGO_PKG_NAME");
    let offenders: Vec<String> = packages()
        .iter()
        .filter(|package| match package["source"].as_str() {
            Some(source) => source != REGISTRY,
            None => package["name"] != own,
        })
        .map(|package| format!("{} {}: {}", package["name"], package["version"], package["source"]))
        .collect();
    assert!(offenders.is_empty(), "dependencies from elsewhere than the registry:\n{}", offenders.join("\n"));
}

#[test]
fn licence_expressions_are_understood() {
    for good in ["MIT", "MIT/GPL-3.0-only", "GPL-3.0-only OR (MIT AND Zlib)", "Apache-2.0 WITH LLVM-exception OR X"] {
        assert!(is_allowed(good), "{good}");
    }
    for bad in
        ["", "GPL-3.0-only", "MIT AND GPL-3.0-only", "(MIT OR Zlib) AND X", "MIT WITH X", "(MIT", "MIT MIT", "OR MIT"]
    {
        assert!(!is_allowed(bad), "{bad}");
    }
}

/// Can the licence expression (SPDX, or the old form with slashes) be satisfied from the allowed licences? `false` if it is malformed.
fn is_allowed(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    any_of(&mut rest) == Some(true) && rest.is_empty()
}

fn any_of(rest: &mut &[&str]) -> Option<bool> {
    let mut allowed = all_of(rest)?;
    while take(rest, "OR") {
        allowed |= all_of(rest)?;
    }
    Some(allowed)
}

fn all_of(rest: &mut &[&str]) -> Option<bool> {
    let mut allowed = licence(rest)?;
    while take(rest, "AND") {
        allowed &= licence(rest)?;
    }
    Some(allowed)
}

fn licence(rest: &mut &[&str]) -> Option<bool> {
    if take(rest, "(") {
        let allowed = any_of(rest)?;
        return take(rest, ")").then_some(allowed);
    }
    let id = word(rest)?;
    let excepted = if take(rest, "WITH") { EXCEPTIONS.contains(&word(rest)?) } else { true };
    Some(LICENCES.contains(&id) && excepted)
}

fn take(rest: &mut &[&str], expected: &str) -> bool {
    let found = rest.first() == Some(&expected);
    if found {
        *rest = &rest[1..];
    }
    found
}

fn word<'a>(rest: &mut &[&'a str]) -> Option<&'a str> {
    let (first, tail) = rest.split_first()?;
    *rest = tail;
    (!matches!(*first, "(" | ")" | "AND" | "OR" | "WITH")).then_some(*first)
}

/// Folders of machines, where an absolute path in a text file would begin. Put together here so that this file holds none of them.
fn machine_paths() -> Vec<String> {
    let mut paths: Vec<String> = ["home", "root", "work", "tmp", "mnt", "workspace", "builds", "Users"]
        .iter()
        .map(|name| format!("/{name}/"))
        .collect();
    paths.push(["C:", "Users", ""].join("\\"));
    paths
}

/// What the address of a private package registry or proxy looks like, put together likewise.
fn registry_hosts() -> Vec<String> {
    let mut hosts: Vec<String> =
        ["localhost", "127.", "10.", "192.168."].iter().map(|host| format!(":{}{host}", "//")).collect();
    hosts.extend(["artifactory", "nexus", "devpi"].iter().map(|name| format!("/{name}/")));
    hosts.push(format!("{}+http", "sparse"));
    hosts.push(format!(".{}/", "internal"));
    hosts
}

/// Where `text` names a machine path (as the start of a path) or a registry host.
fn leaks(text: &str) -> Vec<(usize, String)> {
    let (paths, hosts) = (machine_paths(), registry_hosts());
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let inside =
            |before: char| before.is_alphanumeric() || matches!(before, '.' | '-' | '_' | '/' | '}' | '*' | '~');
        let starts = |path: &String| {
            line.match_indices(path).any(|(start, _)| !line[..start].chars().next_back().is_some_and(inside))
        };
        found.extend(paths.iter().filter(|path| starts(path)).map(|path| (at + 1, path.clone())));
        found.extend(hosts.iter().filter(|host| line.contains(host.as_str())).map(|host| (at + 1, host.clone())));
    }
    found
}

#[test]
fn no_file_names_a_machine_or_a_private_registry() {
    let offenders: Vec<String> = tree::text_files("")
        .iter()
        .flat_map(|file| leaks(&file.text).into_iter().map(|(line, what)| format!("{}:{line}: `{what}`", file.path)))
        .collect();
    assert!(offenders.is_empty(), "machine paths or registry hosts:\n{}", offenders.join("\n"));
}

#[test]
fn leaks_are_found() {
    for pattern in machine_paths().iter().chain(&registry_hosts()) {
        assert_eq!(leaks(&format!("first\nsee `{pattern}x`")).first().map(|(line, _)| *line), Some(2), "{pattern}");
    }
    assert_eq!(leaks("https://example.org/work/x and target/tmp/x"), []);
}
