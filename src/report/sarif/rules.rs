//! The rules of the gate: what each means and what to do.

use super::log::{Configuration, Message, Rule};
use crate::diagnostic::{Code, Severity};
use crate::report::escape;

/// A rule that is no diagnostic code: id, level, in a few words, meaning, what to do.
type Told = (&'static str, &'static str, &'static str, &'static str, &'static str);

/// A threat exceeds what its owner tolerates.
pub(super) const OVER: &str = "over-tolerance";
/// It cannot be told whether it does.
pub(super) const UNDECIDED: &str = "undecided";
/// An entry of the register is past its last day.
pub(super) const EXPIRED: &str = "accepted-risk-expired";
/// A threat is worse than what was accepted.
pub(super) const EXCEEDED: &str = "accepted-risk-exceeded";
/// An entry of the register covers nothing.
pub(super) const STALE: &str = "accepted-risk-stale";
/// A file that is taken for a graph is none.
pub(super) const INVALID_GRAPH: &str = "invalid-graph";

const RULES: [Told; 6] = [
    (
        OVER,
        "error",
        "A threat is over its tolerance",
        "The goal of the threat can be reached more easily than its `tolerate` allows. The code flow is the likeliest way there, with the \
         lines of the model that allow each step.",
        "Change the design so that the way is closed, switch on a control, or accept the risk in the model with an owner, a reason and a last \
         day. `cotenant paths MODEL --threat ID` tells every way; `cotenant whatif MODEL --with CONTROL` tries a control.",
    ),
    (
        UNDECIDED,
        "error",
        "It is undecided whether a threat keeps its tolerance",
        "The tolerance is a probability, and it lies between the bounds that could be proved. Undecided fails the gate.",
        "Find better numbers for what the way rests on, or state a tolerance in failures.",
    ),
    (
        EXPIRED,
        "warning",
        "An accepted risk has expired",
        "The last day of an entry under `accepted-risks` is past, and its threat is still over its tolerance.",
        "Close the way, or decide anew and write another day.",
    ),
    (
        EXCEEDED,
        "warning",
        "A threat is worse than the risk that was accepted",
        "The entry under `accepted-risks` covers the threat while it needs at least `k` failures; now it needs fewer.",
        "Look at the new way, then close it, or decide anew.",
    ),
    (
        STALE,
        "warning",
        "An accepted risk covers nothing",
        "The threat of an entry under `accepted-risks` keeps its tolerance now, or is not there any more.",
        "Take the entry out.",
    ),
    (
        INVALID_GRAPH,
        "error",
        "The file is no capability graph",
        "A file in JSON is read as a capability graph, and this one cannot be.",
        "Write it as docs/semantics.md, section 10, says.",
    ),
];

/// All rules, those of the gate first, then one for each diagnostic code.
pub(super) fn all() -> Vec<Rule> {
    let message = |text: &str| Message { text: escape::sarif(text) };
    let gate = RULES.iter().map(|(id, level, short, meaning, fix)| Rule {
        id,
        short_description: message(short),
        full_description: message(meaning),
        help: message(&format!("{meaning} {fix}")),
        default_configuration: Configuration { level },
    });
    let codes = Code::ALL.iter().map(|code| {
        let level = match code.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let short = code.meaning().split_inclusive(". ").next().unwrap_or_default();
        Rule {
            id: code.id(),
            short_description: message(short),
            full_description: message(code.meaning()),
            help: message(&format!("{} {}", code.meaning(), code.fix())),
            default_configuration: Configuration { level },
        }
    });
    gate.chain(codes).collect()
}
