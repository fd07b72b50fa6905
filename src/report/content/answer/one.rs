//! One design in three sentences: what it takes, whom it rests on, what it asks.

use crate::analysis::Status;
use crate::graph::{Principal, PrincipalId};
use crate::report::chance;
use crate::report::content::brief;
use crate::report::number::{self, plural};
use crate::report::text::Text;
use crate::report::words;
use crate::study::{Comparison, Costs, DesignAnswer, ThreatAnswer};

/// Names told in one sentence, at most.
const TOLD: usize = 6;

/// The three sentences.
pub(super) fn sentences(comparison: &Comparison, design: &DesignAnswer) -> [Text; 3] {
    [reach(comparison, design), trust(comparison, design), cost(design.costs.as_ref())]
}

/// How the first question is answered, and which others are answered by grant.
fn reach(comparison: &Comparison, design: &DesignAnswer) -> Text {
    let Some(row) = comparison.rows.first() else { return Text::words("No question was asked.") };
    let Some(answer) = words::answer(comparison, 0, 0) else {
        return Text::words("The first question, ").and_name(&row.group).and(", is not asked of this design.");
    };
    let lead = super::on_the_first(row).join(likely(comparison)).join(first(design, answer));
    let granted = (1..comparison.rows.len())
        .filter(|at| words::answer(comparison, *at, 0).is_some_and(|answer| answer.reach.status == Status::Grant));
    let granted: Vec<&str> = granted.map(|at| comparison.rows[at].group.as_str()).collect();
    match granted.is_empty() {
        true => lead.and("."),
        false => {
            lead.and("; as designed, with nothing failed, the design allows ").join(Text::names(granted, TOLD)).and(".")
        }
    }
}

/// How likely the threat is, where something has to fail.
fn likely(comparison: &Comparison) -> Text {
    let found = words::credible(comparison, 0, 0).filter(|found| !found.granted && found.spread.high > 0.0);
    found.map_or_else(Text::default, |found| {
        let how = format!(" {} (median, in brackets 5 % to 95 % of the draws); ", words::within(comparison));
        Text::words("its chance is ").and(chance::credible(found)).and(how)
    })
}

/// What it takes, and the likeliest way.
fn first(design: &DesignAnswer, answer: &ThreatAnswer) -> Text {
    let reach = &answer.reach;
    let takes = match (reach.status, reach.k) {
        (Status::Grant, _) => return Text::words("the design allows it by grant, nothing has to fail"),
        (Status::NotApplicable, _) => return Text::words("it is not applicable to this design"),
        (Status::Unreachable, _) => return Text::words("no set of the stated failures leads there"),
        (Status::Exploit, Some(1)) => {
            let n =
                number::at_least(&number::count(reach.profile[1]), reach.profile_complete).replace(">=", "at least");
            match reach.profile[1] {
                1 => "one assumption alone opens a way if it fails".to_owned(),
                _ => format!("each of {n} assumptions alone opens a way if it fails"),
            }
        }
        (Status::Exploit, k) => format!("at least {} assumptions have to fail together", k.unwrap_or_default()),
    };
    let wide = reach.profile_wide[1];
    let against_all = match wide {
        0 => String::new(),
        n => format!(", {} of them against all others at once", number::count(n)),
    };
    Text::words(takes).and(against_all).and("; the likeliest one way is ").join(brief::worst(design, answer))
}

/// Whose dishonesty alone is enough on the first question.
fn trust(comparison: &Comparison, design: &DesignAnswer) -> Text {
    let Some(answer) = words::answer(comparison, 0, 0) else { return Text::words("Nobody can be asked about.") };
    let coalitions = &answer.coalitions.coalitions;
    let lead = Text::words("While every assumption holds, ");
    if coalitions.iter().any(Vec::is_empty) {
        return lead.and("anyone on the internet can do it.");
    }
    let ones = coalitions.iter().filter(|set| set.len() == 1).flatten();
    let is_victims = |id: &&PrincipalId| design.graph.principals.get(id.0 as usize).is_some_and(Principal::is_victims);
    let (victims, others): (Vec<&PrincipalId>, Vec<&PrincipalId>) = ones.partition(is_victims);
    let besides = if victims.is_empty() { "" } else { "besides the victim, " };
    let lead = lead.and(besides);
    let ones: Vec<Text> = others.into_iter().map(|id| words::party(&design.graph, *id)).collect();
    match ones.len() {
        0 if coalitions.is_empty() => lead.and("no coalition of the candidates can do it."),
        0 => lead.and("no single party can do it, and some can together."),
        1 => lead.and("one party could do it alone if dishonest: ").join(Text::listed(ones, TOLD)).and("."),
        n => {
            let lead = lead.and(format!("each of {n} parties could do it alone if dishonest: "));
            lead.join(Text::listed(ones, TOLD)).and(".")
        }
    }
}

/// What it asks of those who run it and of those who join.
fn cost(costs: Option<&Costs>) -> Text {
    let Some(costs) = costs else {
        return Text::words("What it costs is not known: it was given as a graph, without a model.");
    };
    let text =
        Text::words("It asks for ").and(plural(costs.services.len() as u64, "service to run", "services to run"));
    let text = match costs.strangers_code.is_empty() {
        true => text.and(" (none with strangers' code on it by design), "),
        false => text.and(" (with strangers' code on ").join(Text::names(&costs.strangers_code, TOLD)).and("), "),
    };
    let kept = plural(costs.interfaces.len() as u64, "interface", "interfaces");
    let text = text.and(kept).and(" with external services to keep compatible, and ");
    match costs.approvals {
        Some(n) => text.and(plural(n, "approval", "approvals")).and(" before a newcomer's first publish."),
        None => text.and("gives a newcomer no way to publish."),
    }
}
