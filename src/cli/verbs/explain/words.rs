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
    ["step" "steps"] "1" "What an attacker does: all of its needs lead to one gained capability. A grant, a consequence or an exploit.";
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
    ["likelihood"] "5.2" "Of a way: the product over its assumptions, how likely this way is to be open. Not how likely the threat is.";
    ["exposed"] "5.6" "P(exposed): that the assumptions which fail within the horizon open at least one way, effort ignored. With its label: exact or bounded.";
    ["horizon"] "2" "The time over which assumptions may fail. A state does not depend on it, rates and events do.";
    ["effort"] "2" "The time a step takes; of a way, the sum of the medians of its steps (of a PERT its mean stands for the median).";
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
    ["guess"] "2" "A grade: the number is somebody's, with a reason. A probability that rests on a guess is told with what its ranges make of it, or as having no range.";
    ["state" "at-any-time"] "2" "An assumption that is failed with this probability whenever one looks, however long the horizon.";
    ["rate" "per-year"] "2" "An assumption that fails within one year with this probability.";
    ["events" "events-per-year"] "2" "An assumption that fails at the first of events which arrive at this rate.";
    ["control"] "7" "A named change to the model, with a cost; whatif --with tries it.";
    ["ruled-out"] "2" "The step is taken out because the number it rests on is a constant zero.";
    ["dropped" "no-check"] "2" "The assumption is failed by a constant one: a protection that is not there. The step does not rest on it.";
    ["worse" "better" "neither"] "7" "Of diff and whatif: a threat is worse if its status rises, if fewer failures suffice, if more sets of so few do (or open every other member's), if there is a new minimal coalition, or if P(exposed) rises as --fail-on says. Better is the reverse; neither is a change of P that does not count.";
    ["importance" "fussell-vesely" "share-of-p"] "5.8" "How much an assumption matters to P(exposed). Fussell-Vesely: the part of P in which some minimal attack set with the assumption has failed. Where each of many members has the assumption, all of them together are told.";
    ["birnbaum"] "5.8" "P(exposed) where the assumption surely fails, less P where it surely holds: what is at stake with it, however unlikely its failure is.";
    ["risk-reduction-worth" "rrw" "if-it-holds-p-falls" "p-if-it-holds"] "5.8" "By what factor P(exposed) falls, or what is left of it, if the assumption surely holds. `to 0`: without its failure there is no way.";
    ["risk-achievement-worth" "raw" "if-it-fails-p-rises" "p-if-it-fails"] "5.8" "By what factor P(exposed) rises, or to what, if the assumption surely fails.";
    ["share"] "5.8" "In a report, the part of P(exposed) that would go if the assumption surely held. In a sweep or comparison, a part of the draws.";
    ["choke-point" "steps-on-every-path" "steps-on-every-way"] "5.8" "A step that is on every path: one control there would stop them all.";
    ["exact" "method"] "5.6" "How a probability was found. Exact: worked out by a decision diagram, to rounding. Bounded: between two proved ends. Sampled: estimated from drawn worlds, with an interval.";
    ["bounded"] "5.6" "A probability between two ends that are proved; where one number is needed the upper stands.";
    ["sampled" "worlds"] "5.12" "Estimated from worlds: in each, every assumption is drawn to hold or fail. `3 of 1,000`: in three of them the goal was exposed or reached.";
    ["interval" "sampling"] "5.12" "What sampling leaves open of an estimate, at 95 % unless told otherwise; not what the numbers leave open.";
    ["over-the-ranges" "ranges"] "5.6" "P with every number at the low end of its range, and with every number at the high end. No draw lies outside. Not an error of sampling.";
    ["range"] "2" "Of one number: low and high as they are written, read as a PERT distribution with the mode between.";
    ["draws" "credible-interval"] "5.10" "All numbers with a range are drawn at once, each for itself, and the answer is worked out at each draw. The median is told, and in brackets 5 % to 95 % of the draws.";
    ["nominal" "at-the-nominal-point"] "2" "Where one number is needed: the point, or the mean of the range, (low + 4 mode + high)/6. At the nominal point every number stands so.";
    ["best-in" "worst-in" "among-the-best-three-in" "median-rank"] "5.10" "In what share of the draws the design is best, worst, or among the three best on the question, alone or together with equals; and its rank in the middle draw.";
    ["independent" "independent-members"] "5.6" "Members of a class fail independently of each other unless an assumption is shared. Where many carry a probability, the answer says how many, and what it would be if none of them failed.";
    ["members" "each-of"] "4" "How many copies of a class, or of what belongs to it, are meant. `each of 999`: every one of them has the assumption, with a failure of its own.";
    ["probability" "p" "p-exposed" "p-reached"] "5.6" "P(exposed): that the failures within the horizon open some way. P(reached): that an attacker gets there in time, before being noticed.";
    ["front" "days" "worst-threat" "worst-threat-judged" "its-p" "over-tolerance"] "5.9" "Sets of controls of which none is both cheaper and leaves less: days of work, the judged threat that is then the likeliest, its probability with what the ranges of its own numbers leave, and how many threats stay over their tolerance.";
    ["controls" "p-without-it" "p-with-it"] "5.8" "Named changes to the model. What one is worth: P(exposed) without it and with it, all others as they are.";
    ["before" "after" "p-before" "p-after" "in-the-budget" "p-in-the-budget"] "7" "The answer before and after a change: of whatif and diff the two sides, of harden without and with the controls that it names, and with those that --budget buys.";
    ["baseline"] "5.4" "The design that the others of a comparison are compared with: the first, or the one that --baseline names.";
    ["appeared" "vanished" "changed" "same"] "7" "Ways that only the second side has, only the first, both with other assumptions or numbers, and both alike.";
    ["expected" "got"] "8" "What the tolerance asks for, and what is the case; where somebody is trusted, with and without that trust.";
    ["design"] "1" "One model of an index; several are compared on the same threats.";
    ["status"] "5.1" "How a goal is reached: grant, exploit, unreachable, or not-applicable.";
    ["grade"] "2" "Where a number comes from: sourced, derived or a guess. It travels with the number into every output.";
    ["one-dishonest-party" "several-together" "party"] "5.4" "Who, dishonest and with every assumption holding, reaches the goal alone, or only with others.";
    ["credential"] "1" "What proves who somebody is: whoever knows it acts as its holder.";
    ["granted" "beyond" "+1-fails"] "5.5" "Of a blast radius: what the compromised one may do as designed; what it can do beyond that with nothing failed; and what one failed assumption adds.";
    ["strangers-code"] "6" "As a cost: services that run what outsiders wrote, by design.";
    ["somebody-impersonated"] "5.11" "The chance that at least one publisher is impersonated by another within the horizon.";
    ["who-alone-could"] "5.11" "People and parties each of whom alone could impersonate a chosen publisher, every assumption holding; the victim and the owners of its thing are not counted.";
    ["days-to-a-first-publish" "give-up" "hours-a-month"] "6" "What growth costs: waiting for approvals, the share of newcomers who give up, and the work of those who run the index. From structure and the rates of work of the library.";
    ["incident" "found" "shape" "rank" "held"] "7.1" "Of a back-test: a model of what happened; whether its end is found; how much of the documented path the likeliest path has; its place in the list; threats that held then and hold in the model.";
    ["by" "by-1-day" "by-1-week" "by-30-days" "by-90-days" "a-quarter-of-worlds-by" "half-of-worlds-by"] "5.7" "Shares of the worlds in which the goal is reached by then; and by when it is reached in a quarter and in half of them.";
    ["effective" "reliable"] "5.12" "Of rare events: how many plain worlds the weighted ones are worth; under 100 the estimate is called unreliable.";
    ["file" "model-hash"] "12" "What was read, and the hash of all its sources with the library: who has the same hash has the same model.";
    ["detected" "noticed" "before-the-first-notice" "if-nobody-notices"] "5.7" "The chance that one attempt at a step is noticed; the race is lost at the first notice. A share of the worlds is told before the first notice, and as if nobody noticed.";
    ["drivers" "number" "at-its-5" "at-its-95" "rank-correlation"] "5.10" "Numbers that move an answer: what P is with this number alone at its 5 % and at its 95 % quantile, and how closely the order of its draws goes with the order of the answers.";
    ["class-of-designs" "group" "n"] "7.1" "Back-tests are counted by class of designs: how an index builds and lets publish; n is how many incidents are of it.";
    ["complete"] "5" "Every answer of its kind is listed. Otherwise the output says what stopped the search.";
    ["seed"] "12" "Echoed in every output; the same inputs and seed give the same bytes.";
}

/// A word by any of its names, as a column head or a sentence has it: capitals, spaces and punctuation do not count.
pub(super) fn find(name: &str) -> Option<&'static Word> {
    // A head may go on to say which interval stands below it: `P before: nominal (low to high)`.
    let name = name.split_once(": ").map_or(name, |(head, _)| head);
    let kept = |c: char| if c.is_alphanumeric() || matches!(c, '/' | '+') { c } else { ' ' };
    let name: String = name.to_lowercase().chars().map(kept).collect();
    let name = name.split_whitespace().collect::<Vec<_>>().join("-");
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
