//! The names of one step: variables typed against the kind table, in conditions, gains, arguments and sentences.

use super::atoms::{self, RawAtom, RawRef, Word};
use super::placeholders::braces;
use super::{Arg, Atom, Fails, FieldType, KindId, Library, RestsOn, Term, Var, VarRef};
use crate::diagnostic::{Code, Diagnostic, one_of, quote};
use crate::yaml::{self, Fields, Node};

/// The variables of a step, and which of them are used.
pub struct Scope<'a> {
    library: &'a Library,
    /// Names and kinds.
    pub vars: Vec<(String, KindId)>,
    used: Vec<bool>,
}

impl<'a> Scope<'a> {
    /// A scope in which nothing is used yet.
    pub fn new(library: &'a Library, vars: Vec<(String, KindId)>) -> Scope<'a> {
        Scope { library, used: vec![false; vars.len()], vars }
    }

    fn kind(&self, var: Var) -> KindId {
        self.vars[var.0].1
    }

    fn var(&mut self, word: Word<'_>, node: &Node, out: &mut Vec<Diagnostic>) -> Option<Var> {
        match self.vars.iter().position(|(name, _)| name == word.text) {
            Some(at) => {
                self.used[at] = true;
                Some(Var(at))
            }
            None => {
                let span = node.part(word.start, word.end());
                let known = self.vars.iter().map(|(name, _)| name.as_str());
                out.push(Diagnostic::unknown(Code::UnknownVariable, &span, "variable", word.text, known));
                None
            }
        }
    }

    fn reference(&mut self, raw: RawRef<'_>, node: &Node, out: &mut Vec<Diagnostic>) -> Option<VarRef> {
        self.var(raw.var, node, out).map(|var| VarRef { var, class: raw.class })
    }

    /// The conditions of `when`.
    pub fn conditions(&mut self, node: &Node, out: &mut Vec<Diagnostic>) -> Vec<Atom> {
        let mut atoms = Vec::new();
        for item in yaml::list(node, "`when`", out).unwrap_or_default() {
            let Some(text) = yaml::text(item, out) else { continue };
            match atoms::atom(&text) {
                Some(raw) => atoms.extend(self.atom(raw, item, out)),
                None => {
                    let message = format!("{} is not a condition", quote(&text));
                    let help =
                        "write `verb(X)`, `X relation Y`, `X.field is value`, `X.field has value` or `X may verb Y`";
                    out.push(Diagnostic::new(Code::BadAtom, &item.span, message).help(help));
                }
            }
        }
        atoms
    }

    fn atom(&mut self, raw: RawAtom<'_>, node: &Node, out: &mut Vec<Diagnostic>) -> Option<Atom> {
        match raw {
            RawAtom::Capability { verb, thing } => self.term(verb, thing, node, out).map(Atom::Capability),
            RawAtom::Relation { subject, relation, object } => {
                let (subject_var, object_var) = (self.reference(subject, node, out), self.reference(object, node, out));
                let (subject, object) = (subject_var?, object_var?);
                self.check_relation(subject, relation, object, node, out)?;
                Some(Atom::Relation { subject, relation: relation.text.to_owned(), object })
            }
            RawAtom::Is { var, field, values, negated } => {
                let var = self.var(var, node, out)?;
                self.check_values(var, field, &values, false, node, out)?;
                let values = values.iter().map(|word| word.text.to_owned()).collect();
                Some(Atom::Is { var, field: field.text.to_owned(), values, negated })
            }
            RawAtom::Has { var, field, value, negated } => {
                let var = self.var(var, node, out)?;
                self.check_values(var, field, &[value], true, node, out)?;
                let (field, value) = (field.text.to_owned(), value.text.to_owned());
                Some(Atom::Has { var, field, value, negated })
            }
            RawAtom::May { who, verb, over, using } => {
                let who_span = node.part(who.var.start, who.var.end());
                let who = self.reference(who, node, out)?;
                if !self.library.overlap(self.kind(who.var), KindId(0)) {
                    out.push(Diagnostic::new(Code::WrongKind, &who_span, "only a principal holds a privilege"));
                }
                let over = self.term(verb, over, node, out);
                let using = match using {
                    Some(using) => Some(self.reference(using, node, out)?),
                    None => None,
                };
                let over = over?;
                Some(Atom::May { who, verb: over.verb, over: over.thing, using })
            }
        }
    }

    fn term(&mut self, verb: Word<'_>, thing: RawRef<'_>, node: &Node, out: &mut Vec<Diagnostic>) -> Option<Term> {
        let target = self.reference(thing, node, out);
        let span = node.part(verb.start, verb.end());
        let Some(decl) = self.library.verb(verb.text) else {
            let known = self.library.verbs.iter().map(|verb| verb.id.as_str());
            out.push(Diagnostic::unknown(Code::UnknownVerb, &span, "verb", verb.text, known));
            return None;
        };
        let target = target?;
        let kind = self.kind(target.var);
        if !decl.over.iter().any(|over| self.library.overlap(*over, kind)) {
            let over = decl.over.iter().map(|kind| self.library.kinds[kind.0].id.as_str());
            let message = format!("{} is not over {}", quote(verb.text), quote(&self.library.kinds[kind.0].id));
            out.push(
                Diagnostic::new(Code::WrongKind, &node.part(thing.var.start, thing.var.end()), message)
                    .help(format!("it is over {}", one_of(over, 8))),
            );
        }
        Some(Term { verb: verb.text.to_owned(), thing: target })
    }

    /// The capability of `gain`.
    pub fn gain(&mut self, node: &Node, out: &mut Vec<Diagnostic>) -> Option<Term> {
        let text = yaml::text(node, out)?;
        match atoms::gain(&text) {
            Some((verb, thing)) => self.term(verb, thing, node, out),
            None => {
                let message = format!("{} is not a capability", quote(&text));
                out.push(Diagnostic::new(Code::BadCapability, &node.span, message).help("write `verb(X)`"));
                None
            }
        }
    }

    /// Fields of this name on a kind, its ancestors, or the kinds below it.
    pub fn fields_below(&self, kind: KindId, name: &str) -> Vec<&FieldType> {
        if let Some(field) = self.library.field(kind, name) {
            return vec![&field.ty];
        }
        let below = (0..self.library.kinds.len()).filter(|at| self.library.is_a(KindId(*at), kind));
        below
            .flat_map(|at| self.library.kinds[at].fields.iter())
            .filter(|field| field.name == name)
            .map(|field| &field.ty)
            .collect()
    }

    fn unknown_field(&self, kind: KindId, word: Word<'_>, what: &str, node: &Node, out: &mut Vec<Diagnostic>) {
        let known = self.library.fields(kind).into_iter().map(|field| field.name.as_str());
        let message = format!("kind {} has no {what} {}", quote(&self.library.kinds[kind.0].id), quote(word.text));
        let span = node.part(word.start, word.end());
        out.push(Diagnostic::new(Code::UnknownField, &span, message).suggest(word.text, known));
    }

    fn check_relation(
        &self,
        subject: VarRef,
        relation: Word<'_>,
        object: VarRef,
        node: &Node,
        out: &mut Vec<Diagnostic>,
    ) -> Option<()> {
        let span = node.part(relation.start, relation.end());
        let (from, to) = (self.kind(subject.var), self.kind(object.var));
        let (targets, class) = match relation.text {
            "admitted-by" | "gated-by" => (vec![KindId(0)], Some(true)),
            name => {
                let fields = self.fields_below(from, name);
                let relations: Vec<(KindId, bool)> = fields
                    .iter()
                    .filter_map(
                        |ty| if let FieldType::Ref { kind, class, .. } = ty { Some((*kind, *class)) } else { None },
                    )
                    .collect();
                if relations.is_empty() {
                    self.unknown_field(from, relation, "relation", node, out);
                    return None;
                }
                let class = relations.iter().all(|(_, class)| *class == relations[0].1).then_some(relations[0].1);
                (relations.into_iter().map(|(kind, _)| kind).collect(), class)
            }
        };
        if !targets.iter().any(|target| self.library.overlap(*target, to)) {
            let known = targets.iter().map(|target| self.library.kinds[target.0].id.as_str());
            let message = format!("{} never relates to {}", quote(relation.text), quote(&self.library.kinds[to.0].id));
            let help = format!("it relates to {}", one_of(known, 8));
            out.push(Diagnostic::new(Code::WrongKind, &span, message).help(help));
            return None;
        }
        if class.is_some_and(|class| class != object.class) {
            let name = &self.vars[object.var.0].0;
            let message = if object.class {
                format!("{} holds member by member: write {}", quote(relation.text), quote(name))
            } else {
                format!("{} holds with the whole class: write `{name}.class`", quote(relation.text))
            };
            out.push(Diagnostic::new(Code::BadAtom, &span, message));
            return None;
        }
        Some(())
    }

    fn check_values(
        &self,
        var: Var,
        field: Word<'_>,
        values: &[Word<'_>],
        set: bool,
        node: &Node,
        out: &mut Vec<Diagnostic>,
    ) -> Option<()> {
        let flags = ["true".to_owned(), "false".to_owned()];
        let kind = self.kind(var);
        let found = self.fields_below(kind, field.text);
        let mut known: Vec<&str> = Vec::new();
        if field.text == "present" && !set {
            known.extend(flags.iter().map(String::as_str));
        }
        for ty in &found {
            match ty {
                FieldType::Flag(_) if !set => known.extend(flags.iter().map(String::as_str)),
                FieldType::Value(values, _) if !set => known.extend(values.iter().map(String::as_str)),
                FieldType::Values(values) if set => known.extend(values.iter().map(String::as_str)),
                _ => {}
            }
        }
        if known.is_empty() && found.is_empty() {
            self.unknown_field(kind, field, "field", node, out);
            return None;
        }
        if known.is_empty() {
            let verb = if set { "has" } else { "is" };
            let message = format!("{} is not asked with `{verb}`", quote(field.text));
            let help = "`is` and `in` ask a value or a flag, `has` and `lacks` a set of values";
            out.push(Diagnostic::new(Code::BadAtom, &node.part(field.start, field.end()), message).help(help));
            return None;
        }
        let unknown: Vec<_> = values.iter().filter(|word| !known.contains(&word.text)).collect();
        for word in &unknown {
            let span = node.part(word.start, word.end());
            out.push(Diagnostic::unknown(Code::UnknownValue, &span, "value", word.text, known.iter().copied()));
        }
        unknown.is_empty().then_some(())
    }

    /// The assumptions of `rests-on`. Those that are `broken` could not be read; naming them is no further mistake.
    pub fn rests_on(&mut self, node: &Node, broken: &[String], out: &mut Vec<Diagnostic>) -> Vec<RestsOn> {
        let mut all: Vec<RestsOn> = Vec::new();
        for item in yaml::list(node, "`rests-on`", out).unwrap_or_default() {
            let [(key, args)] = item.entries() else {
                let message = "each entry is `{assumption: [what it is about]}`";
                out.push(Diagnostic::new(Code::WrongType, &item.span, message));
                continue;
            };
            let Some(at) = self.library.assumptions.iter().position(|decl| decl.id == key.text) else {
                let known = self.library.assumptions.iter().map(|decl| decl.id.as_str());
                let unknown = Diagnostic::unknown(Code::UnknownAssumption, &key.span, "assumption", &key.text, known);
                out.extend(Some(unknown).filter(|_| !broken.contains(&key.text)));
                continue;
            };
            let Some(args) = self.arguments(at, args, out) else { continue };
            let rest = RestsOn { assumption: at, args };
            if all.contains(&rest) {
                out.push(Diagnostic::new(Code::DuplicateId, &key.span, "the step rests on this already"));
            } else {
                all.push(rest);
            }
        }
        all
    }

    fn arguments(&mut self, assumption: usize, node: &Node, out: &mut Vec<Diagnostic>) -> Option<Vec<Arg>> {
        let library = self.library;
        let decl = &library.assumptions[assumption];
        let items = yaml::one_or_list(node);
        if items.len() != decl.about.len() {
            let message = format!("{} is about {}, here are {}", quote(&decl.id), decl.about.len(), items.len());
            let help = format!("it is about [{}]", decl.about.join(", "));
            out.push(Diagnostic::new(Code::BadArguments, &node.span, message).help(help));
            return None;
        }
        let args: Vec<Option<Arg>> =
            items.into_iter().enumerate().map(|(at, item)| self.argument(assumption, at, item, out)).collect();
        args.into_iter().collect()
    }

    fn argument(&mut self, assumption: usize, at: usize, node: &Node, out: &mut Vec<Diagnostic>) -> Option<Arg> {
        let decl = &self.library.assumptions[assumption];
        let table = matches!(decl.fails, Fails::Table { by, .. } if by == at);
        let (honesty, id, name) = (decl.honesty, quote(&decl.id), quote(&decl.about[at]));
        let text = yaml::text(node, out)?;
        let Some((var_word, field)) = atoms::argument(&text) else {
            let message = format!("{} is not a variable or a field of one", quote(&text));
            out.push(Diagnostic::new(Code::BadArguments, &node.span, message));
            return None;
        };
        let var = self.var(var_word, node, out)?;
        let field = match field {
            Some(word) if word.text != "class" => word,
            class => {
                if table {
                    let message = format!("{id} has a table over {name}: a field with values is meant");
                    out.push(Diagnostic::new(Code::BadArguments, &node.span, message));
                    return None;
                }
                if honesty && !self.library.is_a(self.kind(var), KindId(0)) {
                    out.push(Diagnostic::new(Code::WrongKind, &node.span, "honesty is about a principal"));
                }
                return Some(Arg::Entity(VarRef { var, class: class.is_some() }));
            }
        };
        let kind = self.kind(var);
        let found = self.fields_below(kind, field.text);
        if found.is_empty() {
            self.unknown_field(kind, field, "field", node, out);
            return None;
        }
        if honesty || !found.iter().all(|ty| matches!(ty, FieldType::Value(..) | FieldType::Flag(_))) {
            let message = format!("{} is not one value that an assumption can be about", quote(&text));
            out.push(Diagnostic::new(Code::BadArguments, &node.span, message));
            return None;
        }
        Some(Arg::Value { var, field: field.text.to_owned() })
    }

    /// A sentence with `{Var}` and `{Var.field}`.
    pub fn sentence(&mut self, node: &Node, out: &mut Vec<Diagnostic>) -> Option<String> {
        let text = yaml::text(node, out)?;
        for range in braces(&text) {
            let Some((start, end)) = range else {
                out.push(Diagnostic::new(Code::BadPlaceholder, &node.span, "a brace is not closed"));
                continue;
            };
            let inner = &text[start..end];
            let (name, field) = inner.split_once('.').map_or((inner, None), |(name, field)| (name, Some(field)));
            let known = self.vars.iter().position(|(have, _)| have == name);
            let good =
                known.is_some_and(|at| field.is_none_or(|field| !self.fields_below(self.vars[at].1, field).is_empty()));
            if !good {
                let names = self.vars.iter().map(|(name, _)| name.as_str());
                let message = format!("{} is no variable of this step, nor a field of one", quote(inner));
                let span = node.part(start, end);
                out.push(Diagnostic::new(Code::BadPlaceholder, &span, message).suggest(name, names));
            }
        }
        Some(text)
    }

    /// Reports variables that nothing uses.
    pub fn report_unused(&self, decl: &Fields<'_>, out: &mut Vec<Diagnostic>) {
        let Some(declared) = decl.get("for") else { return };
        for ((name, _), used) in self.vars.iter().zip(&self.used) {
            if !used && let Some((key, _)) = declared.entries().iter().find(|(key, _)| key.text == *name) {
                let message = format!("variable {} is never used", quote(name));
                out.push(Diagnostic::new(Code::UnknownVariable, &key.span, message));
            }
        }
    }
}
