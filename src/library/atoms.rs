//! The grammar of a step's conditions: text to words with their places, nothing looked up.

/// A word of an atom and where it stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word<'a> {
    /// The word.
    pub text: &'a str,
    /// First byte.
    pub start: usize,
}

impl Word<'_> {
    /// One past the last byte.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// `X`, or `X.class`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawRef<'a> {
    /// The variable.
    pub var: Word<'a>,
    /// With `.class`.
    pub class: bool,
}

/// An atom as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RawAtom<'a> {
    /// `verb(X)`
    Capability {
        /// Verb.
        verb: Word<'a>,
        /// Thing.
        thing: RawRef<'a>,
    },
    /// `X relation Y`
    Relation {
        /// Subject.
        subject: RawRef<'a>,
        /// Field.
        relation: Word<'a>,
        /// Object.
        object: RawRef<'a>,
    },
    /// `X.field is [not] v`, `X.field [not] in [..]`
    Is {
        /// Variable.
        var: Word<'a>,
        /// Field.
        field: Word<'a>,
        /// Values.
        values: Vec<Word<'a>>,
        /// With `not`.
        negated: bool,
    },
    /// `X.field has v`, `X.field lacks v`
    Has {
        /// Variable.
        var: Word<'a>,
        /// Field.
        field: Word<'a>,
        /// Value.
        value: Word<'a>,
        /// `lacks`.
        negated: bool,
    },
    /// `X may verb Y [using K]`
    May {
        /// Holder.
        who: RawRef<'a>,
        /// Verb.
        verb: Word<'a>,
        /// Thing.
        over: RawRef<'a>,
        /// Credential.
        using: Option<RawRef<'a>>,
    },
}

/// Words and the marks `. ( ) [ ] ,`.
fn tokens(text: &str) -> Option<Vec<Word<'_>>> {
    let mut found = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, ch)) = chars.next() {
        if ch == ' ' {
            continue;
        }
        let mut end = start + ch.len_utf8();
        if is_word(ch) {
            while let Some((_, next)) = chars.next_if(|(_, next)| is_word(*next)) {
                end += next.len_utf8();
            }
        } else if !".()[],".contains(ch) {
            return None;
        }
        found.push(Word { text: &text[start..end], start });
    }
    Some(found)
}

fn is_word(ch: char) -> bool {
    ch.is_ascii_alphanumeric() || matches!(ch, '-' | '_')
}

/// A cursor over tokens.
struct Tokens<'a> {
    all: Vec<Word<'a>>,
    at: usize,
}

impl<'a> Tokens<'a> {
    fn peek(&self) -> Option<&'a str> {
        self.all.get(self.at).map(|word| word.text)
    }

    fn word(&mut self) -> Option<Word<'a>> {
        let word = *self.all.get(self.at)?;
        if !word.text.starts_with(is_word) {
            return None;
        }
        self.at += 1;
        Some(word)
    }

    fn eat(&mut self, text: &str) -> Option<()> {
        (self.peek() == Some(text)).then(|| self.at += 1)
    }

    fn reference(&mut self) -> Option<RawRef<'a>> {
        let var = self.word()?;
        let class = self.eat(".").is_some();
        if class {
            self.eat("class")?;
        }
        Some(RawRef { var, class })
    }

    fn done<T>(&self, value: T) -> Option<T> {
        (self.at == self.all.len()).then_some(value)
    }
}

/// One condition, or nothing if it is not one.
pub fn atom(text: &str) -> Option<RawAtom<'_>> {
    let mut tokens = Tokens { all: tokens(text)?, at: 0 };
    let second = tokens.all.get(1).map(|word| word.text);
    let third = tokens.all.get(2).map(|word| word.text);
    match (second, third) {
        (Some("("), _) => {
            let (verb, thing) = capability(&mut tokens)?;
            tokens.done(RawAtom::Capability { verb, thing })
        }
        (Some("."), Some(field)) if field != "class" => attribute(&mut tokens),
        _ => relation(&mut tokens),
    }
}

/// `verb(X)` alone, as in `gain`.
pub fn gain(text: &str) -> Option<(Word<'_>, RawRef<'_>)> {
    let mut tokens = Tokens { all: tokens(text)?, at: 0 };
    let found = capability(&mut tokens)?;
    tokens.done(found)
}

/// `verb(thing)` or `verb(thing.role)`, as models write it.
pub fn member_capability(text: &str) -> Option<(Word<'_>, Word<'_>, Option<Word<'_>>)> {
    let mut tokens = Tokens { all: tokens(text)?, at: 0 };
    let verb = tokens.word()?;
    tokens.eat("(")?;
    let thing = tokens.word()?;
    let role = if tokens.eat(".").is_some() { Some(tokens.word()?) } else { None };
    tokens.eat(")")?;
    tokens.done((verb, thing, role))
}

/// What an assumption is given: `X`, `X.class` or `X.field`.
pub fn argument(text: &str) -> Option<(Word<'_>, Option<Word<'_>>)> {
    let mut tokens = Tokens { all: tokens(text)?, at: 0 };
    let var = tokens.word()?;
    let field = if tokens.eat(".").is_some() { Some(tokens.word()?) } else { None };
    tokens.done((var, field))
}

fn capability<'a>(tokens: &mut Tokens<'a>) -> Option<(Word<'a>, RawRef<'a>)> {
    let verb = tokens.word()?;
    tokens.eat("(")?;
    let thing = tokens.reference()?;
    tokens.eat(")")?;
    Some((verb, thing))
}

fn attribute<'a>(tokens: &mut Tokens<'a>) -> Option<RawAtom<'a>> {
    let var = tokens.word()?;
    tokens.eat(".")?;
    let field = tokens.word()?;
    match tokens.word()?.text {
        "is" => {
            // `is not` and `is not in` negate; a value may not be called `not`.
            let negated = tokens.eat("not").is_some();
            let values = if tokens.eat("in").is_some() { list(tokens)? } else { vec![tokens.word()?] };
            tokens.done(RawAtom::Is { var, field, values, negated })
        }
        "in" => {
            let values = list(tokens)?;
            tokens.done(RawAtom::Is { var, field, values, negated: false })
        }
        "not" => {
            tokens.eat("in")?;
            let values = list(tokens)?;
            tokens.done(RawAtom::Is { var, field, values, negated: true })
        }
        verb @ ("has" | "lacks") => {
            let value = tokens.word()?;
            tokens.done(RawAtom::Has { var, field, value, negated: verb == "lacks" })
        }
        _ => None,
    }
}

fn list<'a>(tokens: &mut Tokens<'a>) -> Option<Vec<Word<'a>>> {
    tokens.eat("[")?;
    let mut values = vec![tokens.word()?];
    while tokens.eat(",").is_some() {
        values.push(tokens.word()?);
    }
    tokens.eat("]")?;
    Some(values)
}

fn relation<'a>(tokens: &mut Tokens<'a>) -> Option<RawAtom<'a>> {
    let subject = tokens.reference()?;
    let relation = tokens.word()?;
    if relation.text != "may" {
        let object = tokens.reference()?;
        return tokens.done(RawAtom::Relation { subject, relation, object });
    }
    let verb = tokens.word()?;
    let over = tokens.reference()?;
    let using = if tokens.eat("using").is_some() { Some(tokens.reference()?) } else { None };
    tokens.done(RawAtom::May { who: subject, verb, over, using })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn atoms_are_read() {
        assert!(matches!(
            atom("run-code(Tenant)"),
            Some(RawAtom::Capability { thing: RawRef { class: false, .. }, .. })
        ));
        assert!(matches!(
            atom("publish(P.class)"),
            Some(RawAtom::Capability { thing: RawRef { class: true, .. }, .. })
        ));
        assert!(matches!(atom("Tenant runs-on Host"), Some(RawAtom::Relation { .. })));
        assert!(matches!(
            atom("N admitted-by A.class"),
            Some(RawAtom::Relation { object: RawRef { class: true, .. }, .. })
        ));
        assert!(matches!(atom("T.isolation is not vm"), Some(RawAtom::Is { negated: true, .. })));
        assert!(matches!(atom("T.isolation in [a, b]"), Some(RawAtom::Is { values, .. }) if values.len() == 2));
        assert!(matches!(atom("T.isolation not in [a]"), Some(RawAtom::Is { negated: true, .. })));
        assert!(matches!(atom("T.tags lacks a"), Some(RawAtom::Has { negated: true, .. })));
        assert!(matches!(atom("W may publish P.class using K"), Some(RawAtom::May { using: Some(_), .. })));
        assert!(matches!(atom("W may publish P"), Some(RawAtom::May { using: None, .. })));
    }

    #[test]
    fn anything_else_is_refused() {
        for wrong in [
            "",
            "X",
            "X Y",
            "X rel",
            "f(X",
            "f()",
            "f(X) g(Y)",
            "X.a is",
            "X.a in []",
            "X.a is b c",
            "X may",
            "X may do",
            "é(X)",
            "not f(X)",
            "X rel Y Z",
            "f(X.field)",
        ] {
            assert_eq!(atom(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn words_know_their_place() {
        let Some(RawAtom::Relation { object, .. }) = atom("Tenant runs-on Host") else { panic!() };
        assert_eq!((object.var.start, object.var.end()), (15, 19));
    }
}
