//! Several designs in three sentences: what sets them apart.

use crate::analysis::Status;
use crate::graph::{Principal, PrincipalId};
use crate::report::number::{self, plural};
use crate::report::text::Text;
use crate::report::words;
use crate::study::{Comparison, Costs, DesignAnswer, ThreatAnswer};

/// The three sentences.
pub(super) fn sentences(comparison: &Comparison) -> [Text; 3] {
    [reach(comparison), trust(comparison), cost(comparison)]
}

/// The designs that answer the first question, with their answers.
fn first(comparison: &Comparison) -> Vec<(&DesignAnswer, &ThreatAnswer)> {
    let answers = comparison.designs.iter().enumerate();
    answers.filter_map(|(at, design)| Some((design, words::answer(comparison, 0, at)?))).collect()
}

fn names(designs: &[&DesignAnswer]) -> Text {
    Text::names(designs.iter().map(|design| &design.design), 4)
}

/// How the first question is answered: by grant, by how many failures, not at all.
fn reach(comparison: &Comparison) -> Text {
    let Some(row) = comparison.rows.first() else { return Text::words("No question was asked.") };
    let asked = first(comparison);
    let with = |keep: &dyn Fn(&ThreatAnswer) -> bool| {
        asked.iter().filter(|(_, answer)| keep(answer)).map(|(design, _)| *design).collect::<Vec<_>>()
    };
    let mut parts = Vec::new();
    let by_grant = with(&|answer| answer.reach.status == Status::Grant);
    if !by_grant.is_empty() {
        parts.push(names(&by_grant).and(verb(
            &by_grant,
            " allows it by grant, as designed",
            " allow it by grant, as designed",
        )));
    }
    parts.extend(single_failures(&asked));
    let several = |answer: &ThreatAnswer| answer.reach.k.is_some_and(|k| k > 1);
    let ks: Vec<u32> = asked.iter().filter_map(|(_, answer)| answer.reach.k).filter(|k| *k > 1).collect();
    if let (Some(low), Some(high)) = (ks.iter().min(), ks.iter().max()) {
        let range = if low == high { low.to_string() } else { format!("{low} to {high}") };
        parts.push(Text::words(format!("at least {range} failures are needed in ")).join(names(&with(&several))));
    }
    let never = with(&|answer| answer.reach.status == Status::Unreachable);
    if !never.is_empty() {
        parts.push(Text::words("no set of the stated failures leads there in ").join(names(&never)));
    }
    let silent =
        comparison.designs.len() - asked.len() + with(&|answer| answer.reach.status == Status::NotApplicable).len();
    if silent > 0 {
        parts.push(Text::words(format!("{} cannot be asked", plural(silent as u64, "design", "designs"))));
    }
    let title = if row.title.is_empty() { &row.group } else { &row.title };
    let lead = Text::words(format!("On the first question, \"{title}\": "));
    lead.join(parts.into_iter().reduce(|text, part| text.and("; ").join(part)).unwrap_or_default()).and(".")
}

fn of_all(some: usize, all: usize) -> String {
    if some == all { format!("in each of the {all} designs") } else { format!("in {some} of {all} designs") }
}

fn verb(designs: &[&DesignAnswer], one: &'static str, many: &'static str) -> &'static str {
    if designs.len() == 1 { one } else { many }
}

/// Where one failure is enough, and how many such failures there are.
fn single_failures(asked: &[(&DesignAnswer, &ThreatAnswer)]) -> Option<Text> {
    let mut ones: Vec<_> = asked.iter().filter(|(_, answer)| answer.reach.k == Some(1)).collect();
    ones.sort_by_key(|(_, answer)| answer.reach.profile[1]);
    let n = |answer: &ThreatAnswer| {
        number::at_least(&number::count(answer.reach.profile[1]), answer.reach.profile_complete)
            .replace(">=", "at least")
    };
    let intro = |designs: usize| match designs {
        1 => String::from("one failed assumption is enough in "),
        designs => format!("one failed assumption is enough {}, from ", of_all(designs, asked.len())),
    };
    let (least, most) = (ones.first()?, ones.last()?);
    let text = Text::words(intro(ones.len()));
    if ones.len() == 1 {
        let such = format!(" ({} such assumptions)", n(least.1));
        return Some(text.and_name(&least.0.design).and(such));
    }
    let low = text.and(format!("{} such assumptions in ", n(least.1))).and_name(&least.0.design);
    Some(low.and(format!(" to {} in ", n(most.1))).and_name(&most.0.design))
}

/// Whose dishonesty alone is enough on the first question.
fn trust(comparison: &Comparison) -> Text {
    let asked = first(comparison);
    let victims = |design: &DesignAnswer, id: &PrincipalId| {
        design.graph.principals.get(id.0 as usize).is_some_and(Principal::is_victims)
    };
    let alone = |(design, answer): &(&DesignAnswer, &ThreatAnswer)| {
        let ones = answer.coalitions.coalitions.iter().filter(|set| set.len() == 1).flatten();
        ones.filter(|id| !victims(design, id)).count()
    };
    let owned = asked.iter().any(|(design, answer)| {
        answer.coalitions.coalitions.iter().any(|set| set.len() == 1 && set.iter().all(|id| victims(design, id)))
    });
    let besides = if owned { " besides the victim" } else { "" };
    let anyone = |answer: &ThreatAnswer| answer.coalitions.coalitions.iter().any(Vec::is_empty);
    let open: Vec<&DesignAnswer> =
        asked.iter().filter(|(_, answer)| anyone(answer)).map(|(design, _)| *design).collect();
    let mut ones: Vec<_> = asked.iter().filter(|of| alone(of) > 0).collect();
    ones.sort_by_key(|of| alone(of));
    let mut parts = Vec::new();
    if !open.is_empty() {
        parts.push(Text::words("anyone on the internet is enough in ").join(names(&open)));
    }
    match (ones.first(), ones.last()) {
        (Some(least), Some(most)) if ones.len() > 1 => {
            let text = format!("one dishonest party{besides} is enough {}, from ", of_all(ones.len(), asked.len()));
            let text =
                Text::words(text).and(format!("{} in ", plural(alone(least) as u64, "such party", "such parties")));
            let text = text.and_name(&least.0.design).and(format!(" to {} in ", alone(most)));
            parts.push(text.and_name(&most.0.design).join(outside(&asked)));
        }
        (Some(one), _) => {
            let text = Text::words(format!("one dishonest party{besides} is enough in ")).and_name(&one.0.design);
            let such = plural(alone(one) as u64, "such party", "such parties");
            parts.push(text.and(format!(" ({such})")).join(outside(&asked)));
        }
        _ if open.is_empty() => parts.push(Text::words(format!("no single party{besides} is enough in any design"))),
        _ => {}
    }
    let lead = "While every assumption holds, and among the candidates of each design (listed below), ";
    Text::words(lead)
        .join(parts.into_iter().reduce(|text, part| text.and("; ").join(part)).unwrap_or_default())
        .and(".")
}

/// The external parties among them.
fn outside(asked: &[(&DesignAnswer, &ThreatAnswer)]) -> Text {
    let mut found: Vec<&str> = Vec::new();
    let mut designs = 0;
    for (design, answer) in asked {
        let ones = answer.coalitions.coalitions.iter().filter(|set| set.len() == 1).flatten();
        let parties = ones.filter_map(|id| design.graph.principals.get(id.0 as usize)).filter(|party| party.external);
        let parties: Vec<&str> = parties.map(|party| party.name.as_str()).collect();
        designs += usize::from(!parties.is_empty());
        found.extend(parties);
    }
    found.sort_unstable();
    found.dedup();
    if found.is_empty() {
        return Text::words(", none of them external");
    }
    let lead = format!(", with external ones among them in {} (", plural(designs as u64, "design", "designs"));
    Text::words(lead).join(Text::names(found, 4)).and(")")
}

/// What the designs ask of those who run them and of those who join.
fn cost(comparison: &Comparison) -> Text {
    let known: Vec<_> = comparison.designs.iter().filter_map(|design| Some((design, design.costs.as_ref()?))).collect();
    if known.is_empty() {
        return Text::words("What they cost is not known: they were given as graphs, without a model.");
    }
    let strangers: Vec<&DesignAnswer> =
        known.iter().filter(|(_, costs)| !costs.strangers_code.is_empty()).map(|(design, _)| *design).collect();
    let range = |count: &dyn Fn(&Costs) -> Option<u64>, one: &str, many: &str| {
        let counted = known.iter().filter_map(|(design, costs)| Some((count(costs)?, *design)));
        let mut all: Vec<(u64, &DesignAnswer)> = counted.collect();
        all.sort_by_key(|(n, _)| *n);
        match (all.first(), all.last()) {
            (Some(low), Some(high)) if low.0 < high.0 => {
                let low = Text::words(format!("{} (", low.0)).and_name(&low.1.design);
                low.and(format!(") to {} (", high.0)).and_name(&high.1.design).and(format!(") {many}"))
            }
            (Some(low), _) => Text::words(plural(low.0, one, many)),
            _ => Text::words(format!("no possible number of {many}")),
        }
    };
    let hosts = match strangers.is_empty() {
        true => Text::words(" (none with strangers' code on it by design), "),
        false => Text::words(" (with strangers' code on some of them in ").join(names(&strangers)).and("), "),
    };
    let services = range(&|costs| Some(costs.services.len() as u64), "service to run", "services to run");
    let text = Text::words("They ask for ").join(services).join(hosts);
    let text = text.join(range(&|costs| Some(costs.interfaces.len() as u64), "interface", "interfaces"));
    let text = text.and(" with external services to keep compatible, and ");
    text.join(range(&|costs| costs.approvals, "approval", "approvals")).and(" before a newcomer's first publish.")
}
