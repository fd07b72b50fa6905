//! The stable codes of diagnostics: kebab-case, never renamed, never reused. `docs/diagnostics.md` has a heading for each.

use std::fmt;

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The model cannot be used.
    Error,
    /// The model can be used; something in it is probably not meant.
    Warning,
}

impl Severity {
    /// The word of outputs.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

/// Declares the codes: variant, id, severity, what it means, what to do.
macro_rules! codes {
    ($($variant:ident $id:literal $severity:ident $meaning:literal $fix:literal;)*) => {
        /// What kind of mistake a diagnostic reports.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $meaning] $variant,)*
        }

        impl Code {
            /// Every code, in the order of the documentation.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// The printed id.
            pub fn id(self) -> &'static str {
                match self { $(Code::$variant => $id,)* }
            }

            /// The usual severity; a builder may say otherwise.
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }

            /// What the code means, one or two sentences.
            pub fn meaning(self) -> &'static str {
                match self { $(Code::$variant => $meaning,)* }
            }

            /// What to do about it.
            pub fn fix(self) -> &'static str {
                match self { $(Code::$variant => $fix,)* }
            }
        }
    };
}

codes! {
    // Files and YAML.
    UnreadableFile "unreadable-file" Error
        "A file that is named on the command line or under `extend` cannot be read."
        "Check the path and its permissions; paths under `extend` are relative to the file that names them.";
    UnknownBuiltin "unknown-builtin" Error
        "`extend: builtin:...` names no file that is built in. Built in are the scenarios, the incidents, and the parts and fragments they extend."
        "Correct the path: it is that of the file below `scenarios/`, such as `builtin:fragments/accounts.yaml`.";
    NotUtf8 "not-utf8" Error
        "The file is not UTF-8 text."
        "Save the file as UTF-8.";
    EmptyFile "empty-file" Error
        "The file holds no YAML document, only white space or comments."
        "Write at least `cotenant: 1` and `design: some-id`.";
    YamlSyntax "yaml-syntax" Error
        "The text cannot be read as YAML."
        "Look at the marked place and at the line before it: most often a quote, a bracket or the indentation is wrong.";
    YamlLimit "yaml-limit" Error
        "The file nests deeper than 64 levels, or its aliases expand to far more than is written. No real model does that."
        "Flatten the file, or write out what the aliases stand for.";
    SeveralDocuments "several-documents" Error
        "The file holds more than one YAML document (`---`)."
        "Split it into files and join them with `extend`.";
    MergeKey "merge-key" Error
        "The file uses the YAML merge key `<<`. It is not part of YAML 1.2 and would hide which entry a field was written in."
        "Write the fields out, use a plain alias for a whole value, or put the common part into a file under `extend`.";
    YamlTag "yaml-tag" Error
        "The file uses an explicit YAML tag such as `!!int`. Types follow from the language alone."
        "Remove the tag.";
    BadKey "bad-key" Error
        "A key of a mapping is not one plain word: it is a list, a mapping, or nothing."
        "Write `key: value` with a word as key.";
    DuplicateKey "duplicate-key" Error
        "The same key stands twice in one mapping."
        "Keep one of the two.";
    UnquotedText "unquoted-text" Error
        "Text is meant here, but what is written is read by YAML readers as a boolean, a number, a date or nothing."
        "Put it in quotes.";

    // Shapes and values.
    WrongType "wrong-type" Error
        "A value has another shape than the language asks for here: a list instead of a mapping, a word instead of a number."
        "Write the shape named in the message.";
    UnknownKey "unknown-key" Error
        "A key that does not exist here. Nothing is silently ignored."
        "Correct the key, or remove it; the message lists what may stand here.";
    MissingKey "missing-key" Error
        "A key that must be given is absent."
        "Add it.";
    ConflictingKeys "conflicting-keys" Error
        "Keys that exclude each other stand together, or none of several is given of which one must be."
        "Keep exactly one of the keys named in the message.";
    MisplacedKey "misplaced-key" Error
        "A key that exists in the language, but not at this place or not for this kind of thing."
        "Move or remove it; the message says where it belongs.";
    BadBoolean "bad-boolean" Error
        "A boolean is meant, and it is not `true` or `false`. YAML 1.1 and 1.2 disagree about every other word."
        "Write `true` or `false`.";
    BadNumber "bad-number" Error
        "A number is meant, and it is not a plain decimal. `0o17`, `0x1F` and quoted numbers are refused because readers differ about them."
        "Write a plain decimal such as `35000`, `35_000`, `0.02` or `1e-3`.";
    BadDuration "bad-duration" Error
        "A duration is meant: a number and a unit."
        "Write for example `30min`, `40h`, `5d`, `2w`, `3mo` or `1y`.";
    OutOfRange "out-of-range" Error
        "A number is outside of what it may be."
        "Correct the number; the message gives the range.";
    BadDate "bad-date" Error
        "A date is meant. Of an incident, as exact as is known: a year, a year and a month, or a full date, in quotes; words may follow. Of an accepted risk or an answer, a full date."
        "Write for example `\"2013-01-30\"` or `\"2018-04 (found 2019-08-10)\"`; of an accepted risk or an answer `2027-01-31`.";
    BadRange "bad-range" Error
        "The three numbers of a range are not in order: low <= mode <= high."
        "Put the numbers in order.";
    BadId "bad-id" Error
        "Ids are kebab-case: small letters, digits and single dashes, starting with a letter."
        "Rename it, for example `index-admin`.";
    ReservedWord "reserved-word" Error
        "The name is a word of the language itself: a role such as `victim`, a section, or a key that every entry has."
        "Choose another name.";
    UnsupportedVersion "unsupported-version" Error
        "The file says `cotenant: N` with a format version that this program does not read."
        "Write `cotenant: 1`, or use the program version that knows the format.";

    // Names.
    DuplicateId "duplicate-id" Error
        "Two things of one sort have the same id."
        "Rename one of them. To change a thing of an extended file, use the same id in the file that extends it.";
    DuplicatePrivilege "duplicate-privilege" Error
        "The same privilege is written twice: same holder, verb, thing, scope, credential and service."
        "Remove one of the two.";
    UnknownKind "unknown-kind" Error
        "There is no kind of this name in the library."
        "Correct the name, or declare the kind under `library: {kinds: [...]}`.";
    UnknownEntity "unknown-entity" Error
        "There is no actor, service or asset of this id in the model."
        "Correct the id, or add the entity.";
    UnknownVerb "unknown-verb" Error
        "There is no verb of this name in the library."
        "Correct the name, or declare the verb under `library: {verbs: [...]}`.";
    UnknownValue "unknown-value" Error
        "The field has a fixed list of values, and this is not one of them."
        "Use one of the values listed in the message.";
    UnknownField "unknown-field" Error
        "The kind has no field of this name."
        "Correct the name; the message lists the nearest one.";
    UnknownAssumption "unknown-assumption" Error
        "A step rests on an assumption that is not declared."
        "Correct the id, or declare the assumption.";
    UnknownParameter "unknown-parameter" Error
        "There is no parameter of this id. A parameter is `assumption`, or `assumption.value` where the assumption has a table."
        "Correct the id.";
    UnknownStep "unknown-step" Error
        "There is no attack step of this id in the library."
        "Correct the id.";
    UnknownThreat "unknown-threat" Error
        "There is no threat of this id in the model. A threat written once for several principals is named with one of them."
        "Correct the id, or add the threat.";
    UnknownQuestion "unknown-question" Error
        "An answer is to a question that nothing asks: there is no assumption and no step of this id in the library."
        "Copy the id from the checklist of the report (`questions.csv`).";
    UnknownControl "unknown-control" Error
        "There is no control of this id in the model."
        "Correct the id, or add the control.";
    UnknownVariable "unknown-variable" Error
        "A step uses a variable that is not declared under `for`, or declares one that it never uses."
        "Declare it under `for: {Name: kind}`, or remove it.";
    UnknownTarget "unknown-target" Error
        "A command-line edit, a `patch`, a `remove` or an `accept` names something that the model does not have."
        "Correct the id or the path; a path is `id.field`, or `section.id.field`.";
    WrongKind "wrong-kind" Error
        "The thing exists, but is of a kind that cannot stand here."
        "Name a thing of the kind given in the message.";
    WrongSection "wrong-section" Error
        "An entity stands in another list than its kind belongs to: people under `actors`, running parts under `services`, everything else under `assets`."
        "Move the entry to the list named in the message.";
    KindCycle "kind-cycle" Error
        "The parents of a kind lead back to itself."
        "Give one of them another parent.";
    LibraryGap "library-gap" Error
        "The model uses a part of the language that needs a declaration the library does not have, such as a kind for approval gates."
        "Declare it under `library:`.";

    IncidentContradiction "incident-contradiction" Error
        "The `incident` section says two things that cannot both be so: a control would have stopped it and has nothing to do with it, what happened has held, or a fitted model has a first score."
        "Keep one of the two.";

    // Members and populations.
    BadCapability "bad-capability" Error
        "A capability is written `verb(thing)` or `verb(thing.role)`."
        "Write for example `publish(project.victim)`.";
    BadRole "bad-role" Error
        "The role after the dot does not exist, or does not exist for this thing: a single thing has no members, only grouped families have mates, only co-owners are owners."
        "Use a role that the thing has; the message says which.";
    BadPopulation "bad-population" Error
        "`count` and `per` do not fit together: members in a circle, a group size that does not divide the class, two group sizes over one class, a multiple of a multiple."
        "Choose a `per` and `count` that the message allows.";
    FamilyMismatch "family-mismatch" Error
        "Two families that are counted over different classes are related member by member, and nothing says which member goes with which."
        "Count one of them `per` the other's class, relate to a single thing, or use `scope: any` for a privilege.";
    BadGate "bad-gate" Error
        "`approval` names something that is not an approval gate, or asks for more approvers than there are."
        "Name an entity of a kind marked `gate`, or write `{by: CLASS, of: 1}`.";

    // The library.
    BadAtom "bad-atom" Error
        "A condition of a step cannot be read."
        "Write one of: `verb(X)`, `X relation Y`, `X.field is value`, `X.field in [a, b]`, `X.field has value`, `X may verb Y`.";
    BadPlaceholder "bad-placeholder" Error
        "A text names something in braces that it may not use: a step its variables and their fields, an assumption only what it is about, a verb `{thing}` and `{who}`."
        "Use one of the names listed in the message, or write the brace out.";
    BadTable "bad-table" Error
        "The table of an assumption and the values of the field it is indexed by are not the same."
        "Give one entry for each value of the field, and no other.";
    BadArguments "bad-arguments" Error
        "What a step passes to an assumption does not fit what the assumption is about."
        "Give one argument for each name under `about`: a variable, its `.class`, or a field of it.";
    NotLower "not-lower" Error
        "A control `lowers` a parameter to a number that is not smaller, or of another kind (`at-any-time`, `per-year`, `events-per-year`)."
        "Write a smaller number of the same kind.";

    // Layers.
    ExtendCycle "extend-cycle" Error
        "A file extends itself, directly or through others."
        "Break the circle.";

    // Lints: the model is valid, and probably not what was meant. `accept` silences them, with a reason.
    MissingSource "missing-source" Warning
        "A number says neither where it comes from (`source`, `derived`) nor that it is a guess (`guess`). In a library that is an error."
        "Add `source: ...`, `derived: ...` or `guess: ...`.";
    UnusedPrincipal "unused-principal" Warning
        "An actor or service that no privilege, relation, threat or gate names: it cannot change any answer."
        "Say what it may do, or remove it.";
    UnusablePrivilege "unusable-privilege" Warning
        "A privilege that nobody can ever use as designed: its approvals cannot be had, or its probability of being there is zero."
        "Correct the approval, or remove the privilege.";
    MissingRight "missing-right" Warning
        "Something names a service that is expected to hold a right over it (a project is `listed-on` an index, which publishes it), and no privilege gives that right: what whoever takes the service over can do is not counted. Models of incidents are not asked: they state what took part."
        "Give the service the right, with `scope: any`. Where it really has none (consumers check what the publishers sign), accept the lint with that reason.";
    Circular "circular" Warning
        "A relation that says what stands underneath or who is in charge (`runs-on`, `operated-by`) leads back to where it began: something runs on itself."
        "Take out the entry that is not meant; usually two names were exchanged.";
    UnacceptedIssuer "unaccepted-issuer" Warning
        "A short-lived identity gives somebody the right to publish, and the index does not list whoever makes it under `trusts-identities-of`: as written the index would refuse it, and the attack steps still count it. Models of incidents are not asked."
        "List the issuer on the index, or take out the identity or the right that goes with it.";
    AmbiguousScalar "ambiguous-scalar" Warning
        "A number in a spelling that YAML 1.1 and YAML 1.2 readers take for different things (`1e-3`, `35_000`, `010`). This program reads it as a number; other tools may not."
        "Write it as `0.001`, `35000`, `10`.";
    StaleAnswer "stale-answer" Warning
        "The assumption or step that an answer is about exists in the library, and nothing in this model rests on it, or not with these values."
        "Take the answer out, or give it the values that the model has now and ask again.";
    CannotCompile "cannot-compile" Error
        "The model is well-formed, but its capability graph cannot be built."
        "Follow the help of the message: usually two families are related member by member, or threats disagree on `placed`.";
    NoThreat "no-threat" Warning
        "The model has no threat, or none is left once something was taken out: nothing is asked of it, and a gate lets it pass."
        "State what must not happen under `threats`, or accept the lint about the design.";
    UnreachableThreat "unreachable-threat" Warning
        "Nothing in the library can ever lead to the goal of this threat in this model: it would pass whatever happens."
        "Check the relations and privileges that should lead there, or accept the lint with a reason.";
    PerMemberAssumption "per-member-assumption" Warning
        "An assumption that is one variable per member protects a capability that all members share: with many members one of them has certainly failed."
        "Make the assumption about the whole class, or protect the shared capability by something that is not per member.";
    DoesNotWork "does-not-work" Error
        "The design does not give the owners of a thing what `works` asks for: a design that is safe because nobody can publish is not safe. No verb answers about it."
        "Add the missing privilege or relation.";
    DeadStep "dead-step" Warning
        "A step that the model adds can never happen in it."
        "Correct its conditions, or remove it.";
}

impl Code {
    /// A code by its id.
    pub fn from_id(id: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.id() == id)
    }

    /// May `accept` silence it?
    pub fn is_lint(self) -> bool {
        self.severity() == Severity::Warning
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
