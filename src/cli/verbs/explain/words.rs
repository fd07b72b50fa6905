//! The words of reports, each in a sentence or two; the exact meanings stand in docs/semantics.md.

/// A word, what it means, and the section of docs/semantics.md that says it exactly.
pub(super) struct Word {
    /// As it is printed; the first is the name, others mean the same.
    pub names: &'static [&'static str],
    /// The meaning.
    pub says: &'static str,
    /// Number of the section.
    pub section: &'static str,
}

/// Declares the words.
macro_rules! words {
    ($([$($name:literal)+] $section:literal $says:literal;)*) => {
        pub(super) const WORDS: &[Word] = &[$(Word { names: &[$($name),+], says: $says, section: $section },)*];
    };
}

words! {
    ["principal"] "1" "Whoever or whatever can act: an actor, a service, a vendor, a bot.";
    ["privilege"] "1" "A grant written in the model: who may do what over which thing, with which credential, after whose approval.";
    ["capability"] "1" "A fact the attacker can make true, written verb(thing). One step that gains it is enough.";
    ["step"] "1" "What an attacker does: all of its needs lead to one gained capability. A grant, a consequence or an exploit.";
    ["grant" "by-grant"] "1" "As a step: a privilege used as designed. As the answer to a threat: the goal is reached with nothing failed, k = 0.";
    ["consequence"] "1" "A step that follows from how things are connected and rests on nothing.";
    ["exploit" "by-exploit"] "1" "As a step: it rests on at least one assumption. As the answer to a threat: the goal is reached only if at least k assumptions fail.";
    ["unreachable"] "5.1" "The goal is not reached whatever fails: not with these steps, in this model. Silence about a step is no safety.";
    ["not-applicable" "n/a"] "5.1" "The threat cannot be asked of this model, for instance because a class has fewer than two members. It does not mean safe.";
    ["assumption"] "1" "A stated belief that protects something: a variable \"it fails\". Steps that rest on the same one fail together.";
    ["parameter"] "2" "One number of the library or the model, such as boundary-holds.container.";
    ["foothold"] "1" "A capability held at the start: what the threat gives its attacker, and whatever is public.";
    ["public"] "3" "Held by everybody, in every threat: where a class is open, anyone can become a new member.";
    ["threat"] "1" "A named question: footholds, goal, victim and what is tolerated.";
    ["path" "paths" "way" "escalation-path"] "5.2" "A set of steps that derives the goal from the footholds, none of which can be left out. Reports call it a way. Of ways that rest on the same failures the best is shown.";
    ["sets" "attack-set" "attack-sets" "minimal-attack-set"] "5.3" "Assumptions whose failure, all others holding, makes the goal derivable, and of which no part does. `sets` is how many there are.";
    ["hardening-set" "minimal-hardening-set"] "5.3" "Assumptions that, as long as they hold, keep the goal underivable whatever else fails, and of which no part does.";
    ["k"] "5.1" "How many assumptions have to fail at least before the goal is reached; 0 is by grant. In brackets: with the parties that the tolerance trusts taken as honest.";
    ["n1" "n1/w1" "profile"] "5.1" "How many single failures suffice against one chosen victim. The profile goes on with sets of two, of three.";
    ["w1"] "5.1" "How many single failures suffice against all other members at once: what one failure can cost everybody.";
    ["extent"] "5.1" "How many others fall with the likeliest failure: one, or all, with the number of members.";
    ["dominated"] "5.2" "A way that does more than it has to: a smaller set of failures inside its own is enough.";
    ["likelihood"] "2" "Of a way: the product over its assumptions, how likely this way is to be open. Not how likely the threat is.";
    ["exposed"] "5.6" "P(exposed): that the assumptions which fail within the horizon open at least one way, effort ignored. With its label: exact or bounded.";
    ["horizon"] "2" "The time over which assumptions may fail. A state does not depend on it, rates and events do.";
    ["effort"] "2" "The time a step takes; of a way, the sum of the medians of its steps.";
    ["coalition"] "5.4" "Principals who, dishonest together and with every assumption holding, reach the goal; the listed ones are minimal.";
    ["candidates" "among"] "5.4" "Whom the question of trust was asked about: by default every actor and every external service.";
    ["external"] "3" "Nobody in the model runs it: a vendor, whom one has to trust as one finds it.";
    ["blast-radius"] "5.5" "What a compromised principal or credential gives beyond what anyone has, as granted and beyond.";
    ["attacker"] "4" "A member of a class: the one that asks the threat. Never its victim.";
    ["victim"] "4" "The member that the goal is about: one that is chosen, some member, or every one.";
    ["other" "others"] "4" "The members that are neither attacker nor victim, who stand for each other.";
    ["mate"] "4" "A member in the attacker's group, such as a build on the same machine.";
    ["family" "block"] "4" "What belongs to the members of one class. Members are interchangeable; one block stands for all that are alike.";
    ["quorum" "approvals"] "3" "So many distinct members have to agree. As a cost: human approvals before a newcomer's first publish.";
    ["services"] "6" "As a cost: services that an operator of the model has to run.";
    ["parties"] "6" "As a cost: external principals that are enough alone for some threat: trusted, and not controlled.";
    ["interfaces"] "6" "As a cost: pairs of an external and an operated thing that are joined and have to be kept compatible.";
    ["workflows"] "6" "As a cost: distinct ways of publishing that have to be supported.";
    ["attack-surface"] "6" "Exploits that are open to anyone, by public capabilities alone.";
    ["tolerance" "tolerate"] "8" "What the model says is acceptable about a threat: any, no-grant, unreachable, failures, probability, with whom it trusts.";
    ["no-grant"] "8" "A tolerance: the goal must not be reached as designed; some assumption has to fail first.";
    ["any"] "8" "A tolerance: known and accepted, whatever the answer.";
    ["verdict" "pass" "fail" "undecided" "not-judged" "accepted"] "8" "Of the gate: pass, the tolerance is kept; fail, it is not; undecided, a search stopped before it was known; accepted, somebody answers for it until a day; not-judged, nothing is said to be tolerated.";
    ["sourced"] "2" "A grade: the number was read in a source.";
    ["derived"] "2" "A grade: the number was worked out from sources, with the way.";
    ["guess"] "2" "A grade: the number is somebody's, with a reason. No probability that rests on a guess is printed without its interval.";
    ["state" "at-any-time"] "2" "An assumption that is failed with this probability whenever one looks, however long the horizon.";
    ["rate" "per-year"] "2" "An assumption that fails within one year with this probability.";
    ["events" "events-per-year"] "2" "An assumption that fails at the first of events which arrive at this rate.";
    ["control"] "7" "A named change to the model, with a cost; whatif --with tries it.";
    ["ruled-out"] "2" "The step is taken out because the number it rests on is a constant zero.";
    ["dropped" "no-check"] "2" "The assumption is failed by a constant one: a protection that is not there. The step does not rest on it.";
    ["complete"] "5" "Every answer of its kind is listed. Otherwise the output says what stopped the search.";
    ["seed"] "12" "Echoed in every output; the same inputs and seed give the same bytes.";
}

/// A word by any of its names; spaces and dashes are the same.
pub(super) fn find(name: &str) -> Option<&'static Word> {
    let name = name.to_lowercase().replace(' ', "-");
    WORDS.iter().find(|word| word.names.contains(&name.as_str()))
}

/// As it is printed.
pub(super) fn text(word: &Word) -> String {
    let others = match word.names {
        [_, others @ ..] if !others.is_empty() => format!("; also {}", others.join(", ")),
        _ => String::new(),
    };
    let name = word.names.first().copied().unwrap_or_default();
    format!(
        "{name} (a word of reports{others})\n\n{}\n\nExactly: docs/semantics.md, section {}\n",
        word.says, word.section
    )
}
