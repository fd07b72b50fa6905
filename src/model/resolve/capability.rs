//! `verb(thing.role)` as models write it.

use super::Resolution;
use crate::diagnostic::{Code, Diagnostic, one_of, quote};
use crate::library::member_capability;
use crate::model::{CapabilityRef, EntityId, Population, Role};
use crate::source::Span;
use crate::yaml::{self, Node};

/// Where a capability stands, which decides the roles it may name.
#[derive(Debug, Clone, Copy)]
pub enum Context {
    /// In a threat whose victim is a member of this base, if it has one.
    Threat {
        /// Base of the victim's family.
        victim: Option<EntityId>,
    },
    /// In `works`.
    Works,
}

const ROLES: [(&str, Role); 7] = [
    ("attacker", Role::Attacker),
    ("victim", Role::Victim),
    ("mate", Role::Mate),
    ("other", Role::Other),
    ("owner", Role::Owner),
    ("partner", Role::Partner),
    ("all", Role::All),
];

impl Resolution<'_> {
    /// A capability, and why it cannot be asked of this model, if so.
    pub(super) fn capability(&mut self, node: &Node, context: Context) -> Option<(CapabilityRef, Option<String>)> {
        let text = yaml::text(node, self.out)?;
        let Some((verb, thing, role)) = member_capability(&text) else {
            let message = format!("{} is not a capability", quote(&text));
            self.out.push(
                Diagnostic::new(Code::BadCapability, &node.span, message)
                    .help("write for example `publish(project.victim)`"),
            );
            return None;
        };
        let verb_span = node.part(verb.start, verb.end());
        let known = self.known_verb(verb.text, &verb_span);
        let entity = self.entity_named(thing.text, &node.part(thing.start, thing.end()))?;
        known?;
        self.applies(verb.text, entity, &node.part(thing.start, thing.end()))?;
        let span = role.map_or_else(|| node.part(thing.start, thing.end()), |role| node.part(role.start, role.end()));
        let (role, missing) = self.role(entity, role.map(|role| role.text), context, &span)?;
        Some((CapabilityRef { verb: verb.text.to_owned(), entity, role, span: node.span.clone() }, missing))
    }

    /// Reports a verb that the library does not have.
    pub(super) fn known_verb(&mut self, verb: &str, span: &Span) -> Option<()> {
        if self.library.verb(verb).is_some() {
            return Some(());
        }
        let known = self.library.verbs.iter().map(|verb| verb.id.as_str());
        self.out.push(Diagnostic::unknown(Code::UnknownVerb, span, "verb", verb, known));
        None
    }

    /// Reports a verb that is not over this kind of thing.
    pub(super) fn applies(&mut self, verb: &str, entity: EntityId, span: &Span) -> Option<()> {
        let decl = self.library.verb(verb)?;
        let kind = self.entities[entity.0].kind;
        if decl.over.iter().any(|over| self.library.is_a(kind, *over)) {
            return Some(());
        }
        let over: Vec<&str> = decl.over.iter().map(|kind| self.library.kinds[kind.0].id.as_str()).collect();
        let message = format!(
            "{} is not over {}, which is of kind {}",
            quote(verb),
            quote(self.id_of(entity)),
            quote(self.kind_name(entity))
        );
        let help = format!("it is over {}", one_of(over, 8));
        self.out.push(Diagnostic::new(Code::WrongKind, span, message).help(help));
        None
    }

    fn role(
        &mut self,
        entity: EntityId,
        role: Option<&str>,
        context: Context,
        span: &Span,
    ) -> Option<(Role, Option<String>)> {
        let name = quote(self.id_of(entity));
        let Some(text) = role else {
            if self.population(entity).base(entity).is_none() {
                return Some((Role::Only, None));
            }
            // A question is about its victim; what works is about one's own.
            let id = self.id_of(entity);
            let base = self.population(entity).base(entity);
            let example = match context {
                Context::Threat { victim } if victim.is_some() && victim == base => {
                    format!(
                        "write `{id}.victim` for the victim's, `{id}.all` for everybody's, `{id}.attacker` for the attacker's own"
                    )
                }
                Context::Threat { .. } => format!(
                    "write `{id}.all` for everybody's or `{id}.attacker` for the attacker's own; a threat that names a victim of that class can ask for `{id}.victim`"
                ),
                Context::Works => format!("write `{id}.attacker`: one's own"),
            };
            let message = format!("{name} has {} members: say which", self.members(entity));
            self.out.push(Diagnostic::new(Code::BadRole, span, message).help(example));
            return None;
        };
        let Some((_, role)) = ROLES.iter().find(|(have, _)| *have == text) else {
            let known = ROLES.iter().map(|(role, _)| *role);
            self.out.push(Diagnostic::unknown(Code::BadRole, span, "role", text, known));
            return None;
        };
        if matches!(context, Context::Works) && *role != Role::Attacker {
            let message = "`works` is about one's own thing: the role is `attacker`";
            self.report(Code::BadRole, span, message);
            return None;
        }
        let Some(base) = self.population(entity).base(entity) else {
            return self.role_of_single(entity, *role, span);
        };
        let victim = match context {
            Context::Threat { victim } => victim,
            Context::Works => None,
        };
        let wrong = match role {
            Role::Victim | Role::Owner if victim != Some(base) => {
                Some(format!("the threat has no victim of the class {}", quote(self.id_of(base))))
            }
            Role::Mate if self.group_size(base).is_none() => {
                Some(format!("{} is not grouped", quote(self.id_of(base))))
            }
            Role::Owner | Role::Partner if !matches!(self.population(entity), Population::Many { .. }) => {
                Some(format!("{name} is one per member: it has no co-owners"))
            }
            _ => None,
        };
        match wrong {
            Some(message) => {
                self.report(Code::BadRole, span, message);
                None
            }
            None => Some((*role, None)),
        }
    }

    /// A role of what is one thing: fine where it is a class that happens to have one member.
    fn role_of_single(&mut self, entity: EntityId, role: Role, span: &Span) -> Option<(Role, Option<String>)> {
        let name = quote(self.id_of(entity));
        if !self.is_class(entity) {
            self.report(Code::BadRole, span, format!("{name} is one thing and has no members"));
            return None;
        }
        let missing = match role {
            Role::Attacker | Role::All | Role::Only => None,
            _ => Some(format!("{name} has fewer than two members")),
        };
        Some((Role::Only, missing))
    }
}
