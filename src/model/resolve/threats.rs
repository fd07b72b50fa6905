//! Threats, one per principal where they say `each`, and what a working design must give.

use super::Resolution;
use super::capability::Context;
use crate::diagnostic::{Code, Diagnostic, quote};
use crate::library::names::ENGINE_VERBS;
use crate::model::{CapabilityRef, EntityId, Role, ThreatDecl, Tolerance, Value, VictimMode};
use crate::source::Span;
use crate::yaml::{self, Fields, Node};

const KEYS: [&str; 9] = ["id", "title", "attacker", "start", "victim", "placed", "goal", "tolerate", "note"];

/// Of a tolerance that says nothing: what is wrong, and what to write.
const NOTHING: [&str; 2] = [
    "a tolerance that says nothing judges nothing",
    "write what is tolerated, such as `{failures: 1}`, `{probability: 0.01}`, `no-grant`, `unreachable` or `any`, or leave `tolerate` out",
];

/// Who attacks.
enum Attacker {
    Outsider,
    One(EntityId),
    Each(Vec<EntityId>, String),
}

impl Resolution<'_> {
    /// Reads the threats and `works`.
    pub(super) fn threats(&mut self, root: &Node) -> (Vec<ThreatDecl>, Vec<CapabilityRef>) {
        let mut threats = Vec::new();
        for item in self.section(root, "threats") {
            if let Some(entry) = yaml::fields(item, "a threat", &KEYS, self.out) {
                self.threat(&entry, &mut threats);
            }
        }
        let works = match root.get("works") {
            Some(_) => self.works(root),
            None => self.default_works(&threats),
        };
        (threats, works)
    }

    fn threat(&mut self, entry: &Fields<'_>, threats: &mut Vec<ThreatDecl>) {
        let id_node = entry.require("id", self.out);
        let id = id_node.and_then(|node| self.declared_id(node, "threat"));
        let title = entry.get("title").and_then(|node| yaml::text(node, self.out));
        let attacker = match entry.get("attacker") {
            Some(node) => self.attacker(node),
            None => Some(Attacker::Outsider),
        };
        let victim = entry.get("victim").map(|node| self.victim(node));
        let broken_victim = matches!(victim, Some(None));
        let victim = victim.flatten();
        let placed_random = self.placed(entry);
        let mut missing: Vec<String> = Vec::new();
        let victim_base = victim.and_then(|(entity, _)| self.population(entity).base(entity));
        if let Some((entity, _)) = victim
            && victim_base.is_none()
        {
            missing.push(format!("{} has fewer than two members", quote(self.id_of(entity))));
        }
        let context = Context::Threat { victim: victim_base };
        let goal_node = entry.require("goal", self.out);
        // With a broken victim every role would be reported for nothing.
        let goal = goal_node.filter(|_| !broken_victim).and_then(|node| self.capability(node, context));
        let mut start = Vec::new();
        for node in entry.get("start").map(yaml::one_or_list).unwrap_or_default() {
            if let Some((capability, why)) = self.capability(node, context) {
                start.push(capability);
                missing.extend(why);
            }
        }
        let tolerate = entry.get("tolerate").map(|node| self.tolerance(node)).unwrap_or_default();
        if let Some(note) = entry.get("note") {
            yaml::text(note, self.out);
        }
        let (Some(id), Some((goal, why)), Some(attacker)) = (id, goal, attacker) else { return };
        missing.extend(why);
        let base = ThreatDecl {
            group: id.clone(),
            title: title.unwrap_or_else(|| id.clone()),
            id,
            attacker: None,
            start,
            victim,
            placed_random,
            goal,
            tolerate,
            not_applicable: missing.into_iter().next(),
            span: entry.span().clone(),
        };
        self.expand(base, attacker, threats);
    }

    fn expand(&mut self, base: ThreatDecl, attacker: Attacker, threats: &mut Vec<ThreatDecl>) {
        match attacker {
            Attacker::Outsider => threats.push(base),
            Attacker::One(id) => threats.push(ThreatDecl { attacker: Some(id), ..base }),
            Attacker::Each(ids, what) if ids.is_empty() => {
                let why = format!("no principal of the model is {what}");
                threats.push(ThreatDecl { not_applicable: Some(why), ..base });
            }
            Attacker::Each(ids, _) => {
                for id in ids {
                    let name = self.id_of(id).to_owned();
                    threats.push(ThreatDecl {
                        id: format!("{}.{name}", base.id),
                        title: format!("{} ({name})", base.title),
                        attacker: Some(id),
                        ..base.clone()
                    });
                }
            }
        }
    }

    fn attacker(&mut self, node: &Node) -> Option<Attacker> {
        if !matches!(node.value, yaml::Value::Map(_)) {
            return self.principal_ref(node).map(Attacker::One);
        }
        let entry = yaml::fields(node, "an attacker", &["each"], self.out)?;
        let each = entry.require("each", self.out)?;
        let name = yaml::name(each, self.out)?;
        let declared = 0..self.raw.len();
        if name == "external" {
            let external = declared.map(EntityId).filter(|id| self.is_external(*id)).collect();
            return Some(Attacker::Each(external, "external".to_owned()));
        }
        let Some(kind) = self.library.kind(&name) else {
            let known = self.library.kinds.iter().map(|kind| kind.id.as_str()).chain(["external"]);
            self.out.push(Diagnostic::unknown(Code::UnknownKind, &each.span, "kind", &name, known));
            return None;
        };
        let is_one = |id: &EntityId| self.is_principal(*id) && self.library.is_a(self.entities[id.0].kind, kind);
        let found = declared.map(EntityId).filter(is_one).collect();
        if !self.library.kind("principal").is_some_and(|principal| self.library.overlap(kind, principal)) {
            self.report(Code::WrongKind, &each.span, format!("{} is no kind of principal", quote(&name)));
            return None;
        }
        Some(Attacker::Each(found, format!("a {}", quote(&name))))
    }

    fn is_external(&self, id: EntityId) -> bool {
        self.is_principal(id)
            && self.entities[id.0]
                .fields
                .iter()
                .any(|field| field.name == "external" && field.value == Value::Flag(true))
    }

    fn victim(&mut self, node: &Node) -> Option<(EntityId, VictimMode)> {
        let [(key, mode)] = node.entries() else {
            let message = "a victim is one class and how many of it: `victim: {publisher: chosen}`";
            self.report(Code::WrongType, &node.span, message);
            return None;
        };
        let entity = self.entity_named(&key.text, &key.span);
        let word = yaml::word(mode, self.out)?;
        let mode = match word.as_str() {
            "chosen" => VictimMode::Chosen,
            "some" => VictimMode::Some,
            "every" => VictimMode::Every,
            _ => {
                let known = ["chosen", "some", "every"];
                self.out.push(Diagnostic::unknown(Code::UnknownValue, &mode.span, "choice of victims", &word, known));
                return None;
            }
        };
        let entity = entity?;
        if self.population(entity).base(entity).is_none() && !self.is_class(entity) {
            let message = format!("{} is one thing and has no members", quote(self.id_of(entity)));
            let help = "leave `victim` out and name it in the goal, or give it a `count`";
            self.out.push(Diagnostic::new(Code::BadRole, &key.span, message).help(help));
            return None;
        }
        Some((entity, mode))
    }

    fn placed(&mut self, entry: &Fields<'_>) -> bool {
        let Some(node) = entry.get("placed") else { return false };
        let Some(word) = yaml::word(node, self.out) else { return false };
        match word.as_str() {
            "shared" => false,
            "random" => true,
            _ => {
                let known = ["shared", "random"];
                self.out.push(Diagnostic::unknown(Code::UnknownValue, &node.span, "placement", &word, known));
                false
            }
        }
    }

    fn tolerance(&mut self, node: &Node) -> Tolerance {
        let mut tolerance = Tolerance::default();
        if node.value == yaml::Value::Null {
            self.out.push(Diagnostic::new(Code::ConflictingKeys, &node.span, NOTHING[0]).help(NOTHING[1]));
            return tolerance;
        }
        if !matches!(node.value, yaml::Value::Map(_)) {
            let Some(word) = yaml::word(node, self.out) else { return tolerance };
            match word.as_str() {
                "any" => tolerance.any = true,
                "no-grant" => tolerance.no_grant = true,
                "unreachable" => tolerance.unreachable = true,
                _ => {
                    let known = ["any", "no-grant", "unreachable"];
                    let error = Diagnostic::unknown(Code::UnknownValue, &node.span, "tolerance", &word, known);
                    let help = error.help.as_deref().filter(|help| help.starts_with("expected")).map(|help| {
                        format!("{help}, or a mapping such as `{{failures: 1}}` or `{{probability: 0.01, trusting: [hosting]}}`")
                    });
                    self.out.push(Diagnostic { help: help.or(error.help.clone()), ..error });
                }
            }
            return tolerance;
        }
        let known = ["any", "no-grant", "unreachable", "failures", "probability", "trusting"];
        let Some(entry) = yaml::fields(node, "a tolerance", &known, self.out) else { return tolerance };
        let mut flag = |key: &str| entry.get(key).and_then(|node| yaml::flag(node, self.out)).unwrap_or(false);
        tolerance.any = flag("any");
        tolerance.no_grant = flag("no-grant");
        tolerance.unreachable = flag("unreachable");
        let failures = entry.get("failures").and_then(|node| yaml::integer(node, 0, 1000, self.out));
        tolerance.failures = failures.and_then(|count| u32::try_from(count).ok());
        tolerance.probability = entry.get("probability").and_then(|node| crate::library::probability(node, self.out));
        for item in entry.get("trusting").map(yaml::one_or_list).unwrap_or_default() {
            if let Some(id) = self.principal_ref(item) {
                tolerance.trusting.push(id);
            }
        }
        self.says_nothing(&entry, &tolerance);
        tolerance
    }

    /// Of a threat whose tolerance names nothing that is tolerated, a gate would say no word.
    fn says_nothing(&mut self, entry: &Fields<'_>, tolerance: &Tolerance) {
        let flags = [("any", tolerance.any), ("no-grant", tolerance.no_grant), ("unreachable", tolerance.unreachable)];
        let off = |key: &str, on: bool| !on && entry.get(key).is_none_or(|node| node.as_text() == Some("false"));
        let counts = ["failures", "probability"].iter().any(|key| entry.get(key).is_some());
        if counts || !flags.into_iter().all(|(key, on)| off(key, on)) {
            return;
        }
        let (message, help) = if entry.get("trusting").is_some() {
            (
                "this trusts somebody and does not say what is tolerated with that trust",
                "add what is, such as `failures: 1`, `probability: 0.01` or `no-grant: true`",
            )
        } else {
            (NOTHING[0], NOTHING[1])
        };
        self.out.push(Diagnostic::new(Code::ConflictingKeys, &entry.node.span, message).help(help));
    }

    fn works(&mut self, root: &Node) -> Vec<CapabilityRef> {
        let mut works: Vec<CapabilityRef> = Vec::new();
        if let Some(node) =
            root.get("works").filter(|node| matches!(&node.value, yaml::Value::List(items) if items.is_empty()))
        {
            let message =
                "`works` asks for nothing: a design in which nothing has to work looks safe because it is broken";
            let help = "list what must be possible as designed, such as `publish(project.attacker)`, or leave `works` out: \
                        then it is the verb of every threat's goal, over one's own thing";
            self.out.push(Diagnostic::new(Code::OutOfRange, &node.span, message).help(help));
        }
        for item in self.section(root, "works") {
            let Some((capability, _)) = self.capability(item, Context::Works) else { continue };
            if works.iter().any(|have| same(have, &capability)) {
                self.report(Code::DuplicateId, &capability.span, "this is asked already");
            } else {
                works.push(capability);
            }
        }
        works
    }

    /// Every goal's verb on one's own thing.
    fn default_works(&self, threats: &[ThreatDecl]) -> Vec<CapabilityRef> {
        let mut works: Vec<CapabilityRef> = Vec::new();
        for goal in threats.iter().map(|threat| &threat.goal) {
            let shared = matches!(goal.role, Role::Only);
            if shared || ENGINE_VERBS.contains(&goal.verb.as_str()) {
                continue;
            }
            let span: Span = goal.span.clone();
            let own = CapabilityRef { verb: goal.verb.clone(), entity: goal.entity, role: Role::Attacker, span };
            if !works.iter().any(|have| same(have, &own)) {
                works.push(own);
            }
        }
        works
    }
}

fn same(one: &CapabilityRef, other: &CapabilityRef) -> bool {
    (&one.verb, one.entity, one.role) == (&other.verb, other.entity, other.role)
}
