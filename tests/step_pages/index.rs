//! The index of all steps by stage, and the list of those that rest on one index.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cotenant::library::{StepDecl, references};
use cotenant::study::library_lint::{Fault, LibraryLint};

use crate::page::words;
use crate::{Facts, is_on_path, stage};

/// `docs/steps/README.md`.
pub fn index(facts: &Facts) -> String {
    let steps = &facts.library.steps;
    let mut stages: BTreeMap<&str, Vec<&StepDecl>> = BTreeMap::new();
    steps.iter().for_each(|step| stages.entry(stage(step)).or_default().push(step));
    let mut out = String::from("# Attack steps\n\n");
    let _ = writeln!(
        out,
        "The {} steps of the library, by the stage they belong to; each has a page. A step counts as seen in an incident where it is on the \
         documented path of its model ([incidents](../incidents.md)). Steps that fire in models of one index only \
         [are listed](resting-on-one.md).\n\nThis page and those below are generated from the library: \
         `COTENANT_BLESS=1 cargo test --test step_pages`.",
        steps.len()
    );
    for (stage, steps) in stages {
        let _ = writeln!(out, "\n## {stage}\n\n| step | what it is | SLSA v1.2 | incidents |\n|---|---|---|---:|");
        for step in steps {
            let seen = facts.cases.iter().filter(|case| is_on_path(case, &step.id)).count();
            let slsa: Vec<&str> = references::ids(step, "slsa").collect();
            let _ = writeln!(
                out,
                "| [{0}]({stage}/{0}.md) | {1} | {2} | {seen} |",
                step.id,
                words(&step.title),
                slsa.join(", ")
            );
        }
    }
    out
}

/// `docs/steps/resting-on-one.md`.
pub fn resting(facts: &Facts, lint: &LibraryLint) -> String {
    let resting = &lint.resting;
    let mut out = String::from("# Steps that rest on one index\n\n");
    let _ = writeln!(
        out,
        "Of {} steps, {} fire in models of one index only; all designs that are no incident models count as one index. What is seen in \
         one place may be a trait of that place. Generated as the [index](README.md) is; a test compares it.\n\n| step | index | models |\n\
         |---|---|---|",
        facts.library.steps.len(),
        resting.len()
    );
    for one in resting {
        let step = facts.library.step(&one.step).unwrap();
        let _ = writeln!(
            out,
            "| [{0}]({1}/{0}.md) | {2} | {3} |",
            one.step,
            stage(step),
            words(&one.index),
            one.models.join(", ")
        );
    }
    let unfired = lint.findings.iter().filter(|finding| finding.fault == Fault::NeverFires);
    let unfired: Vec<&str> = unfired.map(|finding| finding.about.as_str()).collect();
    if !unfired.is_empty() {
        let _ = writeln!(
            out,
            "\n## Steps that fire in no model\n\nNo design and no incident has the weakness they need. They are known from their fixtures \
             alone, and nothing here shows that they matter.\n"
        );
        for id in unfired {
            let step = facts.library.step(id).unwrap();
            let _ = writeln!(out, "* [{id}]({}/{id}.md): {}", stage(step), words(&step.title));
        }
    }
    out
}
