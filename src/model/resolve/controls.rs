//! Controls with their costs, overrides of library numbers, and accepted lints.

use super::Resolution;
use crate::diagnostic::{Code, Diagnostic, nearest, one_of, quote};
use crate::library::names::GRADE_KEYS;
use crate::library::numbers::{FAILURE_KEYS, failure_key, failure_max, parameter};
use crate::library::{Fails, Parameter};
use crate::model::{Control, ControlEffect, EntityId, ThreatDecl};
use crate::units::{DAYS_PER_YEAR, Failure, HOURS_PER_DAY};
use crate::yaml::{self, Fields, Node, Value, decimal, duration_hours};

const EFFECTS: [&str; 5] = ["blocks", "lowers", "patch", "remove", "overlay"];

impl Resolution<'_> {
    /// Overrides numbers of the library.
    pub(super) fn parameters(&mut self, root: &Node) {
        let known: Vec<&str> = ["id", "fails", "note"].into_iter().chain(GRADE_KEYS).collect();
        let mut seen: Vec<(String, crate::source::Span)> = Vec::new();
        for item in self.section(root, "parameters") {
            let Some(entry) = yaml::fields(item, "a parameter", &known, self.out) else { continue };
            let id_node = entry.require("id", self.out);
            let Some(id) = id_node.and_then(|node| yaml::name(node, self.out)) else { continue };
            let span = entry.span().clone();
            if let Some((_, first)) = seen.iter().find(|(have, _)| *have == id) {
                self.out.push(Diagnostic::duplicate(Code::DuplicateId, &span, "parameter", &id, first));
                continue;
            }
            seen.push((id.clone(), span.clone()));
            let fails = entry.require("fails", self.out);
            let read = fails.and_then(|node| parameter(id.clone(), node, Some(&entry), self.out));
            match (self.library_parameter(&id), read) {
                (None, _) => self.unknown_parameter(&id, &span),
                (Some(place), Some(read)) => *place = read,
                (Some(_), None) => {}
            }
        }
    }

    fn library_parameter(&mut self, id: &str) -> Option<&mut Parameter> {
        self.library
            .assumptions
            .iter_mut()
            .flat_map(|decl| match &mut decl.fails {
                Fails::One(parameter) => vec![parameter],
                Fails::Table { entries, .. } => entries.iter_mut().map(|(_, parameter)| parameter).collect(),
            })
            .find(|parameter| parameter.id == id)
    }

    fn unknown_parameter(&mut self, id: &str, span: &crate::source::Span) {
        let assumption = id.split('.').next().unwrap_or(id);
        if self.broken.iter().any(|broken| broken == assumption) {
            return;
        }
        let known: Vec<&str> = self.library.parameters().map(|parameter| parameter.id.as_str()).collect();
        // An assumption with a table has a parameter for each entry, and none of its own.
        let entries: Vec<&str> = known
            .iter()
            .copied()
            .filter(|name| name.strip_prefix(id).is_some_and(|rest| rest.starts_with('.')))
            .collect();
        let diagnostic = match entries.as_slice() {
            [] => Diagnostic::unknown(Code::UnknownParameter, span, "parameter", id, known),
            _ => Diagnostic::new(Code::UnknownParameter, span, format!("unknown parameter {}", quote(id)))
                .help(format!("it has a table: name one of its entries, {}", one_of(entries, usize::MAX))),
        };
        self.out.push(diagnostic);
    }

    /// Reads the controls.
    pub(super) fn controls(&mut self, root: &Node) -> Vec<Control> {
        let mut controls = Vec::new();
        for item in self.section(root, "controls") {
            let known: Vec<&str> = ["id", "title", "cost", "note"].into_iter().chain(EFFECTS).collect();
            let Some(entry) = yaml::fields(item, "a control", &known, self.out) else { continue };
            let id_node = entry.require("id", self.out);
            let id = id_node.and_then(|node| self.declared_id(node, "control"));
            let title = entry.get("title").and_then(|node| yaml::text(node, self.out));
            let cost = entry.get("cost").and_then(|node| self.cost(node));
            let effect = self.effect(&entry);
            let (Some(id), Some(effect)) = (id, effect) else { continue };
            let title = title.unwrap_or_else(|| id.clone());
            controls.push(Control { id, title, cost, effect, on: false, span: entry.span().clone() });
        }
        controls
    }

    fn effect(&mut self, entry: &Fields<'_>) -> Option<ControlEffect> {
        let patch = ["patch", "remove", "overlay"].iter().find_map(|key| entry.key(key).map(|_| *key));
        let keys: Vec<&str> = ["blocks", "lowers"].into_iter().chain(patch).collect();
        let candidates = if patch.is_some() { keys } else { EFFECTS.to_vec() };
        let (key, node) = entry.exactly_one(&candidates, self.out)?;
        match key.text.as_str() {
            "blocks" => Some(ControlEffect::Blocks(self.blocks(node))),
            "lowers" => Some(ControlEffect::Lowers(self.lowers(node))),
            _ => {
                for key in ["patch", "overlay"] {
                    if let Some(node) = entry.get(key).filter(|node| !matches!(node.value, Value::Map(_))) {
                        let message = format!("`{key}` is a mapping, this is {}", node.shape());
                        self.report(Code::WrongType, &node.span, message);
                    }
                }
                Some(ControlEffect::Patch)
            }
        }
    }

    fn blocks(&mut self, node: &Node) -> Vec<(String, Option<EntityId>)> {
        let mut blocks = Vec::new();
        for item in yaml::list(node, "`blocks`", self.out).unwrap_or_default() {
            let (step, of) = if matches!(item.value, Value::Map(_)) {
                let Some(entry) = yaml::fields(item, "a blocked step", &["step", "of"], self.out) else { continue };
                let of = entry.get("of").map(|node| self.entity_ref(node));
                if matches!(of, Some(None)) {
                    continue;
                }
                (entry.require("step", self.out), of.flatten())
            } else {
                (Some(item), None)
            };
            let Some((step, node)) = step.and_then(|node| Some((yaml::name(node, self.out)?, node))) else { continue };
            if self.broken.contains(&step) {
                continue;
            }
            if self.library.step(&step).is_none() {
                let known = self.library.steps.iter().map(|step| step.id.as_str());
                self.out.push(Diagnostic::unknown(Code::UnknownStep, &node.span, "step", &step, known));
            } else if blocks.contains(&(step.clone(), of)) {
                self.report(Code::DuplicateId, &node.span, format!("step {} is there already", quote(&step)));
            } else {
                blocks.push((step, of));
            }
        }
        blocks
    }

    fn lowers(&mut self, node: &Node) -> Vec<(String, Failure)> {
        let Some(entry) = yaml::fields_with(node, "`lowers`", |_| true, Vec::new, self.out) else { return Vec::new() };
        let mut lowers = Vec::new();
        for (key, value) in entry.entries() {
            let Some(old) = self.library.parameters().find(|parameter| parameter.id == key.text).map(|p| p.failure)
            else {
                self.unknown_parameter(&key.text, &key.span);
                continue;
            };
            let Some(new) = self.lowered(value, old) else { continue };
            if new.kind != old.kind && old.constant().is_none() || new.number.nominal() > old.number.nominal() {
                let message = format!(
                    "{} is `{}: {}` now, and this is not lower",
                    quote(&key.text),
                    failure_key(old.kind),
                    old.number.nominal()
                );
                self.report(Code::NotLower, &value.span, message);
                continue;
            }
            lowers.push((key.text.clone(), new));
        }
        lowers
    }

    /// A number of the parameter's own kind, or a mapping that says the kind.
    fn lowered(&mut self, node: &Node, old: Failure) -> Option<Failure> {
        let keys: Vec<&str> = FAILURE_KEYS.iter().map(|(key, _)| *key).collect();
        if !node.entries().iter().any(|(key, _)| keys.contains(&key.text.as_str())) {
            let number = yaml::quantity(node, 0.0, failure_max(old.kind), self.out)?;
            return Some(Failure { kind: old.kind, number });
        }
        let entry = yaml::fields(node, "a failure", &keys, self.out)?;
        let (key, value) = entry.exactly_one(&keys, self.out)?;
        let kind = FAILURE_KEYS.iter().find(|(have, _)| *have == key.text).map(|(_, kind)| *kind)?;
        Some(Failure { kind, number: yaml::quantity(value, 0.0, failure_max(kind), self.out)? })
    }

    /// Days to build, and days of upkeep per month.
    fn cost(&mut self, node: &Node) -> Option<(f64, f64)> {
        let cost = yaml::fields(node, "a cost", &["build", "upkeep"], self.out)?;
        if cost.entries().is_empty() {
            self.report(Code::MissingKey, &node.span, "a cost says `build`, `upkeep` or both");
            return None;
        }
        let build = match cost.get("build") {
            Some(node) => yaml::hours(node, self.out)? / HOURS_PER_DAY,
            None => 0.0,
        };
        let upkeep = match cost.get("upkeep") {
            Some(node) => self.upkeep(node)?,
            None => 0.0,
        };
        Some((build, upkeep))
    }

    /// `2d/month`, `1w/year`.
    fn upkeep(&mut self, node: &Node) -> Option<f64> {
        let text = yaml::text(node, self.out)?;
        let read = text.split_once('/').and_then(|(duration, unit)| {
            let days = duration_hours(duration).filter(|hours| *hours >= 0.0)? / HOURS_PER_DAY;
            let months = match unit {
                "week" => 7.0 * 12.0 / DAYS_PER_YEAR,
                "month" => 1.0,
                "year" => 12.0,
                _ => return None,
            };
            Some(days / months)
        });
        if read.is_none() {
            let message = format!("{} is not an upkeep", quote(&text));
            self.out.push(Diagnostic::new(Code::BadDuration, &node.span, message).help("write for example `2d/month`"));
        }
        read
    }

    /// Lints that the model accepts, with a reason each.
    pub(super) fn accepted(&mut self, root: &Node, threats: &[ThreatDecl]) -> Vec<(String, String)> {
        let mut accepted = Vec::new();
        for item in self.section(root, "accept") {
            let Some(entry) = yaml::fields(item, "an accepted lint", &["lint", "about", "reason"], self.out) else {
                continue;
            };
            let lint = entry.require("lint", self.out).and_then(|node| self.lint(node));
            let about_node = entry.require("about", self.out);
            let about = about_node.and_then(|node| yaml::name(node, self.out));
            if let Some(reason) = entry.require("reason", self.out) {
                yaml::text(reason, self.out);
            }
            let (Some(lint), Some(about), Some(node)) = (lint, about, about_node) else { continue };
            if root.text_of("design") != Some(about.as_str()) {
                self.known_subject(&about, threats, node);
            }
            accepted.push((lint, about));
        }
        accepted
    }

    fn lint(&mut self, node: &Node) -> Option<String> {
        let id = yaml::word(node, self.out)?;
        if Code::from_id(&id).is_some_and(Code::is_lint) {
            return Some(id);
        }
        let lints = Code::ALL.iter().filter(|code| code.is_lint()).map(|code| code.id());
        self.out.push(Diagnostic::unknown(Code::UnknownTarget, &node.span, "lint", &id, lints));
        None
    }

    /// What a lint can be about, besides the design itself: any id of the model, a threat of an `each`, a parameter, an assumption, a step, or
    /// the number itself.
    fn known_subject(&mut self, about: &str, threats: &[ThreatDecl], node: &Node) {
        let library = &self.library;
        let known = self.names.contains_key(about)
            || threats.iter().any(|threat| threat.id == about)
            || library.parameters().any(|parameter| parameter.id == about)
            || library.assumptions.iter().any(|decl| decl.id == about)
            || library.step(about).is_some()
            || decimal(about).is_some();
        if known {
            return;
        }
        let message = format!("there is nothing called {} that a lint could be about", quote(about));
        let diagnostic = Diagnostic::new(Code::UnknownTarget, &node.span, message);
        let near = nearest(about, self.names.keys().map(String::as_str)).map(quote);
        self.out.push(match near {
            Some(near) => diagnostic.help(format!("did you mean {near}?")),
            None => diagnostic,
        });
    }
}
