//! Field values against the kind table; joining; approvers of declared gates.

use super::Resolution;
use crate::diagnostic::{Code, Diagnostic, quote};
use crate::library::names::{ENTITY_KEYS, GATE_KEYS};
use crate::library::numbers::grade;
use crate::library::{Field, FieldType, KindId};
use crate::model::{EntityId, FieldValue, GateRule, Joins, Value};
use crate::source::Span;
use crate::units::{Grade, Number};
use crate::yaml::{self, Fields, Node};

impl Resolution<'_> {
    /// Reads the fields of every declared entity.
    pub(super) fn fields(&mut self) {
        for at in 0..self.raw.len() {
            let id = EntityId(at);
            self.field_values(id);
            self.joins(id);
            self.gate_rule(id);
            self.graded(id);
        }
    }

    /// How often it is there, and where that or its count comes from.
    fn graded(&mut self, id: EntityId) {
        let entry = self.raw[id.0].entry.node;
        let Some(entry) = yaml::fields_with(entry, "an entity", |_| true, Vec::new, &mut Vec::new()) else { return };
        // Its errors are told where `present` is read.
        self.entities[id.0].grade = grade(&entry, &mut Vec::new());
        self.entities[id.0].present = self.present(&entry);
    }

    /// `present: p` with the grade beside it. Also reads the grade where there is no number, for its errors.
    pub(super) fn present(&mut self, entry: &Fields<'_>) -> Option<(Number, Grade)> {
        let grade = grade(entry, self.out);
        let number = yaml::quantity(entry.get("present")?, 0.0, 1.0, self.out)?;
        Some((number, grade))
    }

    fn field_values(&mut self, id: EntityId) {
        let kind = self.entities[id.0].kind;
        let entries: Vec<_> = self.raw[id.0].entry.entries().to_vec();
        let mut values = Vec::new();
        for (key, node) in entries {
            if ENTITY_KEYS.contains(&key.text.as_str()) || GATE_KEYS.contains(&key.text.as_str()) {
                continue;
            }
            let Some(field) = self.library.field(kind, &key.text).cloned() else { continue };
            if let Some(value) = self.value(id, &field, node) {
                values.push(FieldValue { name: field.name, value, span: node.span.clone() });
            }
        }
        let span = self.entities[id.0].span.clone();
        for field in self.absent_fields(kind, id) {
            if field.required {
                let message = format!(
                    "{} has no {}, which every {} needs",
                    quote(self.id_of(id)),
                    quote(&field.name),
                    quote(self.kind_name(id))
                );
                let diagnostic = Diagnostic::new(Code::MissingKey, &span, message);
                self.out.push(if field.says.is_empty() { diagnostic } else { diagnostic.help(field.says) });
            } else if let Some(value) = default_of(&field.ty) {
                values.push(FieldValue { name: field.name, value, span: span.clone() });
            }
        }
        self.entities[id.0].fields = values;
    }

    fn absent_fields(&self, kind: KindId, id: EntityId) -> Vec<Field> {
        let entry = &self.raw[id.0].entry;
        self.library.fields(kind).into_iter().filter(|field| entry.get(&field.name).is_none()).cloned().collect()
    }

    /// Values that a kind's fields have where nothing is written.
    pub(super) fn defaults(&self, kind: KindId, span: &Span) -> Vec<FieldValue> {
        let fields = self.library.fields(kind).into_iter();
        fields
            .filter_map(|field| {
                Some(FieldValue { name: field.name.clone(), value: default_of(&field.ty)?, span: span.clone() })
            })
            .collect()
    }

    fn value(&mut self, id: EntityId, field: &Field, node: &Node) -> Option<Value> {
        match &field.ty {
            FieldType::Flag(_) => yaml::flag(node, self.out).map(Value::Flag),
            FieldType::Text => yaml::text(node, self.out).map(Value::Text),
            FieldType::Duration => yaml::hours(node, self.out).map(Value::Hours),
            FieldType::Value(values, _) => self.one_value(field, values, node).map(Value::One),
            FieldType::Values(values) => {
                let items = yaml::list(node, &format!("field {}", quote(&field.name)), self.out)?;
                let mut set: Vec<String> = Vec::new();
                for item in items {
                    let Some(value) = self.one_value(field, values, item) else { continue };
                    if set.contains(&value) {
                        self.report(Code::DuplicateId, &item.span, format!("value {} is there already", quote(&value)));
                    } else {
                        set.push(value);
                    }
                }
                Some(Value::Set(set))
            }
            FieldType::Number { min, max, integer } => {
                let value = yaml::number(node, self.out)?;
                if value < *min || value > *max || (*integer && value.fract() != 0.0) {
                    let whole = if *integer { "a whole number " } else { "a number " };
                    let message = format!("{} is {whole}from {min} to {max}, not {value}", quote(&field.name));
                    self.report(Code::OutOfRange, &node.span, message);
                    return None;
                }
                Some(Value::Number(value))
            }
            FieldType::Ref { kind, many, class } => self.refs(id, field, (*kind, *many, *class), node),
        }
    }

    fn one_value(&mut self, field: &Field, values: &[String], node: &Node) -> Option<String> {
        let value = yaml::word(node, self.out)?;
        if values.contains(&value) {
            return Some(value);
        }
        let message = format!("{} has no value {}", quote(&field.name), quote(&value));
        let known = values.iter().map(String::as_str);
        self.out.push(Diagnostic::new(Code::UnknownValue, &node.span, message).suggest(&value, known));
        None
    }

    fn refs(
        &mut self,
        id: EntityId,
        field: &Field,
        (kind, many, class): (KindId, bool, bool),
        node: &Node,
    ) -> Option<Value> {
        if !many && matches!(node.value, yaml::Value::List(_)) {
            let message = format!("{} names one thing, this is a list", quote(&field.name));
            self.report(Code::WrongType, &node.span, message);
            return None;
        }
        if node.value == yaml::Value::Null {
            let wanted = quote(&self.library.kinds[kind.0].id);
            let several = if many { format!("{wanted}, or a list of several,") } else { wanted };
            let message = format!("{} names {several} and here nothing", quote(&field.name));
            let help = "write the id, or leave the key out";
            self.out.push(Diagnostic::new(Code::WrongType, &node.span, message).help(help));
            return None;
        }
        let mut targets: Vec<(EntityId, Span)> = Vec::new();
        for item in yaml::one_or_list(node) {
            let Some(target) = self.entity_ref(item) else { continue };
            if !self.library.is_a(self.entities[target.0].kind, kind) {
                let wanted = quote(&self.library.kinds[kind.0].id);
                let message = format!(
                    "{} is of kind {}, and {} wants {wanted}",
                    quote(self.id_of(target)),
                    quote(self.kind_name(target)),
                    quote(&field.name)
                );
                self.report(Code::WrongKind, &item.span, message);
            } else if targets.iter().any(|(have, _)| *have == target) {
                let message = format!("{} is there already", quote(self.id_of(target)));
                self.report(Code::DuplicateId, &item.span, message);
            } else {
                let misaligned = if class { None } else { self.misaligned(id, target) };
                if let Some(why) = misaligned {
                    let message = format!("{} cannot relate them member by member: {why}", quote(&field.name));
                    self.report(Code::FamilyMismatch, &item.span, message);
                }
                targets.push((target, item.span.clone()));
            }
        }
        Some(Value::Refs(targets))
    }

    fn joins(&mut self, id: EntityId) {
        let Some(node) = self.raw[id.0].entry.get("joins") else { return };
        if !matches!(node.value, yaml::Value::Map(_)) {
            let Some(word) = yaml::word(node, self.out) else { return };
            match word.as_str() {
                "open" => self.entities[id.0].joins = Joins::Open,
                "closed" => {}
                _ => {
                    let known = ["open", "closed"];
                    let diagnostic = Diagnostic::unknown(Code::UnknownValue, &node.span, "way to join", &word, known);
                    self.out.push(diagnostic.help("write `open`, `closed` or `{approval: {by: CLASS, of: 1}}`"));
                }
            }
            return;
        }
        let approval = yaml::fields(node, "`joins`", &["approval"], self.out)
            .and_then(|joins| joins.require("approval", self.out));
        let Some(approval) = approval else { return };
        let rule = yaml::fields(approval, "the approval", &["by", "of"], self.out);
        let Some((by, of)) = rule.and_then(|rule| self.approvers(&rule)) else { return };
        self.entities[id.0].joins = Joins::Approval { by, of, span: approval.span.clone() };
    }

    /// `by` and `of` of an approval: principals, and not more of them than there are.
    pub(super) fn approvers(&mut self, rule: &Fields<'_>) -> Option<(EntityId, u32)> {
        let by = rule.require("by", self.out).and_then(|node| self.principal_ref(node));
        let of = match rule.get("of") {
            Some(node) => yaml::integer(node, 1, 1000, self.out),
            None => Some(1),
        };
        let (by, of) = (by?, of?);
        let there = self.approver_count(by);
        if of > there {
            let span = rule.get("of").map_or(&rule.node.span, |node| &node.span).clone();
            let message = format!("{of} approvals are asked of {}, which has {there}", quote(self.id_of(by)));
            self.report(Code::BadGate, &span, message);
        }
        u32::try_from(of).ok().map(|of| (by, of))
    }

    /// Members that can approve for one thing: the whole class, or those per member of it.
    pub(super) fn approver_count(&self, by: EntityId) -> u64 {
        match self.population(by) {
            crate::model::Population::Many { count, .. } => count,
            _ => self.members(by),
        }
    }

    fn gate_rule(&mut self, id: EntityId) {
        let kind = self.entities[id.0].kind;
        if !self.library.kinds[kind.0].gate {
            return;
        }
        let node = self.raw[id.0].entry.node;
        let Some(rule) = yaml::fields_with(node, "an approval gate", |_| true, Vec::new, &mut Vec::new()) else {
            return;
        };
        if rule.get("by").is_none() {
            for key in ["of", "self"].iter().filter_map(|key| rule.key(key)) {
                self.report(Code::MissingKey, &key.span, "a gate with approvers names them: `by: CLASS`");
            }
            return;
        }
        let own = rule.get("self").and_then(|node| yaml::flag(node, self.out)).unwrap_or(false);
        let Some((by, of)) = self.approvers(&rule) else { return };
        let span = rule.get("by").map_or(&rule.node.span, |node| &node.span).clone();
        self.entities[id.0].gate = Some(GateRule { by, of, own, span });
    }
}

fn default_of(ty: &FieldType) -> Option<Value> {
    match ty {
        FieldType::Flag(default) => Some(Value::Flag(*default)),
        FieldType::Value(_, default) => default.clone().map(Value::One),
        _ => None,
    }
}
