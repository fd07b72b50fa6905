//! Privileges, and the gates that their inline approvals make.

use super::Resolution;
use crate::diagnostic::{Code, Diagnostic, one_of, quote};
use crate::library::names::GRADE_KEYS;
use crate::model::{Entity, EntityId, GateRule, Joins, Population, Privilege, Scope};
use crate::units::Grade;
use crate::yaml::{self, Fields, Node, Value};

const KEYS: [&str; 11] = ["id", "who", "may", "over", "scope", "using", "via", "approval", "delay", "present", "note"];

/// The kind of gates made from inline approvals.
pub const GATE_KIND: &str = "approval-gate";

impl Resolution<'_> {
    /// Reads the privileges.
    pub(super) fn privileges(&mut self, root: &Node) {
        let known: Vec<&str> = KEYS.into_iter().chain(GRADE_KEYS).chain(["title"]).collect();
        // Ids first: gates made on the way must not take them.
        let items = self.section(root, "privileges");
        let ids: Vec<Option<String>> =
            items.iter().map(|item| item.get("id").and_then(|node| self.declared_id(node, "privilege"))).collect();
        for (item, id) in items.iter().zip(ids) {
            let Some(entry) = yaml::fields(item, "a privilege", &known, self.out) else { continue };
            if let Some(privilege) = self.privilege(&entry, id) {
                self.refuse_repeated(&privilege);
                self.privileges.push(privilege);
            }
        }
    }

    fn privilege(&mut self, entry: &Fields<'_>, id: Option<String>) -> Option<Privilege> {
        let who = entry.require("who", self.out).and_then(|node| self.principal_ref(node));
        let verb = entry.require("may", self.out).and_then(|node| {
            let verb = yaml::name(node, self.out)?;
            self.known_verb(&verb, &node.span)?;
            Some(verb)
        });
        let over_node = entry.require("over", self.out);
        let over = over_node.and_then(|node| self.entity_ref(node));
        if let (Some(verb), Some(over), Some(node)) = (&verb, over, over_node) {
            self.applies(verb, over, &node.span);
        }
        let scope = self.scope(entry);
        let using = entry.get("using").and_then(|node| self.credential(node));
        let via = entry.get("via").and_then(|node| self.service(node));
        let delay_hours = entry.get("delay").and_then(|node| yaml::hours(node, self.out)).unwrap_or(0.0);
        let present = self.present(entry);
        for key in ["note", "title"] {
            entry.get(key).and_then(|node| yaml::text(node, self.out));
        }
        let (who, verb, over, scope) = (who?, verb?, over?, scope?);
        self.check_alignment(entry, (who, over, scope), using, via);
        let gate = entry.get("approval").and_then(|node| self.gate(node, (who, over), &verb));
        let span = entry.span().clone();
        Some(Privilege { id, who, verb, over, scope, using, via, gate, delay_hours, present, span })
    }

    fn scope(&mut self, entry: &Fields<'_>) -> Option<Scope> {
        let Some(node) = entry.get("scope") else { return Some(Scope::Own) };
        match yaml::word(node, self.out)?.as_str() {
            "own" => Some(Scope::Own),
            "any" => Some(Scope::Any),
            other => {
                let diagnostic = Diagnostic::unknown(Code::UnknownValue, &node.span, "scope", other, ["own", "any"]);
                self.out.push(diagnostic);
                None
            }
        }
    }

    fn credential(&mut self, node: &Node) -> Option<EntityId> {
        let id = self.entity_ref(node)?;
        self.applies("know", id, &node.span)?;
        Some(id)
    }

    fn service(&mut self, node: &Node) -> Option<EntityId> {
        let id = self.entity_ref(node)?;
        let service = self.library.kind("service")?;
        if !self.library.is_a(self.entities[id.0].kind, service) {
            let message =
                format!("{} is of kind {}; `via` names a service", quote(self.id_of(id)), quote(self.kind_name(id)));
            self.report(Code::WrongKind, &node.span, message);
            return None;
        }
        Some(id)
    }

    /// Member by member only where members line up; the credential and the service with the holder or the thing.
    fn check_alignment(
        &mut self,
        entry: &Fields<'_>,
        (who, over, scope): (EntityId, EntityId, Scope),
        using: Option<EntityId>,
        via: Option<EntityId>,
    ) {
        if scope == Scope::Own
            && let Some(why) = self.misaligned(who, over)
        {
            let span = entry.get("over").map_or(entry.span(), |node| &node.span);
            let message = format!("which member may do it over which: {why}");
            let help = "write `scope: any` if every member may do it over all of them";
            self.out.push(Diagnostic::new(Code::FamilyMismatch, span, message).help(help));
        }
        for (key, thing) in [("using", using), ("via", via)] {
            let Some(thing) = thing else { continue };
            if let (Some(why), Some(_)) = (self.misaligned(who, thing), self.misaligned(over, thing)) {
                let span = entry.get(key).map_or(entry.span(), |node| &node.span);
                let message = format!("{} lines up with neither holder nor thing: {why}", quote(self.id_of(thing)));
                self.report(Code::FamilyMismatch, span, message);
            }
        }
    }

    fn gate(&mut self, node: &Node, (who, over): (EntityId, EntityId), verb: &str) -> Option<EntityId> {
        if matches!(node.value, Value::Map(_)) {
            return self.inline_gate(node, over, verb);
        }
        let gate = self.entity_ref(node)?;
        let kind = self.entities[gate.0].kind;
        if !self.library.kinds[kind.0].gate {
            let gates = self.library.kinds.iter().filter(|kind| kind.gate).map(|kind| kind.id.as_str());
            let help = format!("name an entity of kind {}, or write `{{by: CLASS, of: 1}}`", one_of(gates, 6));
            let message =
                format!("{} is of kind {}, and no approval gate", quote(self.id_of(gate)), quote(self.kind_name(gate)));
            self.out.push(Diagnostic::new(Code::BadGate, &node.span, message).help(help));
            return None;
        }
        if let (Some(why), Some(_)) = (self.misaligned(who, gate), self.misaligned(over, gate)) {
            let message = format!("{} lines up with neither holder nor thing: {why}", quote(self.id_of(gate)));
            self.report(Code::FamilyMismatch, &node.span, message);
        }
        Some(gate)
    }

    /// A gate of its own, one per member of the thing.
    fn inline_gate(&mut self, node: &Node, over: EntityId, verb: &str) -> Option<EntityId> {
        let rule = yaml::fields(node, "the approval", &["by", "of", "self"], self.out)?;
        let own = rule.get("self").and_then(|node| yaml::flag(node, self.out)).unwrap_or(false);
        let (by, of) = self.approvers(&rule)?;
        let kind = self.library.kind(GATE_KIND).filter(|kind| self.library.kinds[kind.0].gate);
        let Some(kind) = kind else {
            let message = format!("an approval needs the kind `{GATE_KIND}`, and the library has no such gate");
            self.out.push(
                Diagnostic::new(Code::LibraryGap, &node.span, message)
                    .help(format!("add `- {{kind: {GATE_KIND}, is: asset, gate: true}}` to the library")),
            );
            return None;
        };
        let id = self.free_id(&format!("{}-{verb}-approval", self.id_of(over)));
        let population = match self.population(over) {
            Population::Base { .. } => Population::Each { base: over },
            population => population,
        };
        let gate = EntityId(self.entities.len());
        self.declare(&id, "entity", Some(gate), &node.span);
        self.entities.push(Entity {
            id,
            kind,
            title: None,
            population,
            fields: self.defaults(kind, &node.span),
            joins: Joins::Closed,
            present: None,
            grade: Grade::Missing,
            gate: Some(GateRule { by, of, own, span: node.span.clone() }),
            span: node.span.clone(),
        });
        Some(gate)
    }

    fn free_id(&self, wanted: &str) -> String {
        let taken = |id: &str| self.names.contains_key(id);
        if !taken(wanted) {
            return wanted.to_owned();
        }
        let numbered = (2u32..).map(|number| format!("{wanted}-{number}")).find(|id| !taken(id));
        numbered.unwrap_or_else(|| wanted.to_owned())
    }

    fn refuse_repeated(&mut self, privilege: &Privilege) {
        let any = privilege.scope == Scope::Any;
        let grant = (privilege.who, privilege.verb.clone(), privilege.over, any, privilege.using, privilege.via);
        let Some(first) = self.granted.get(&grant).cloned() else {
            self.granted.insert(grant, privilege.span.clone());
            return;
        };
        let message = format!(
            "{} may {} over {} already",
            quote(self.id_of(privilege.who)),
            privilege.verb,
            quote(self.id_of(privilege.over))
        );
        self.out.push(
            Diagnostic::new(Code::DuplicatePrivilege, &privilege.span, message)
                .label("again")
                .related(&first, "first here"),
        );
    }
}
