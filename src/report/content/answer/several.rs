//! Several designs in three sentences: what sets them apart.

use crate::analysis::Status;
use crate::graph::{Principal, PrincipalId};
use crate::report::chance;
use crate::report::number::{self, plural};
use crate::report::text::Text;
use crate::report::words;
use crate::study::uncertainty::Credible;
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

/// Designs that share an end of a range: named while they are few, else counted. Naming one of many would be false.
fn tied(designs: &[&DesignAnswer]) -> Text {
    match designs.len() {
        0..=2 => names(designs),
        n => Text::words(plural(n as u64, "design", "designs")),
    }
}

/// Of counted designs, those with the least and those with the most.
fn ends<'a>(counted: &[(u64, &'a DesignAnswer)]) -> Option<[(u64, Vec<&'a DesignAnswer>); 2]> {
    let with = |n: u64| (n, counted.iter().filter(|(own, _)| *own == n).map(|(_, design)| *design).collect());
    let (low, high) = (counted.iter().map(|(n, _)| *n).min()?, counted.iter().map(|(n, _)| *n).max()?);
    Some([with(low), with(high)])
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
    let not_applicable = with(&|answer| answer.reach.status == Status::NotApplicable);
    if !not_applicable.is_empty() {
        parts.push(Text::words("not applicable to ").join(names(&not_applicable)));
    }
    let silent = (0..comparison.designs.len()).filter(|at| words::answer(comparison, 0, *at).is_none());
    let silent: Vec<&DesignAnswer> = silent.map(|at| &comparison.designs[at]).collect();
    if !silent.is_empty() {
        let why = verb(&silent, ", which has no threat of this id", ", which have no threat of this id");
        parts.push(Text::words("not asked of ").join(names(&silent)).and(why));
    }
    let lead = super::on_the_first(row);
    let text = lead.join(parts.into_iter().reduce(|text, part| text.and("; ").join(part)).unwrap_or_default()).and(".");
    match likely(comparison) {
        Some(likely) => text.and(" ").join(likely),
        None => text,
    }
}

/// How likely it is: the designs it is least and most likely in, among those where something has to fail.
fn likely(comparison: &Comparison) -> Option<Text> {
    let known = comparison.designs.iter().enumerate().filter_map(|(at, design)| {
        let found = words::credible(comparison, 0, at).filter(|found| !found.granted && found.spread.high > 0.0)?;
        Some((design, found))
    });
    let mut known: Vec<(&DesignAnswer, &Credible)> = known.collect();
    known.sort_by(|a, b| a.1.spread.median.total_cmp(&b.1.spread.median));
    let (least, most) = (known.first()?.1, known.last()?.1);
    let alike = |of: &Credible| {
        let told = chance::credible_short(of);
        let those = known.iter().filter(|(_, found)| chance::credible_short(found) == told);
        tied(&those.map(|(design, _)| *design).collect::<Vec<_>>())
    };
    let told = |found: &Credible| Text::words(chance::credible(found)).and(" in ").join(alike(found));
    let lead =
        format!("Where something has to fail, the chance that it comes to that {} is ", words::within(comparison));
    let how = ": the median, and in brackets 5 % to 95 % of the draws.";
    let text = Text::words(lead);
    Some(match chance::credible_short(least) == chance::credible_short(most) {
        true => text.join(told(most)).and(how),
        false => text.and("from ").join(told(least)).and(" to ").join(told(most)).and(how),
    })
}

fn of_all(some: usize, all: usize) -> String {
    if some == all { format!("in each of the {all} designs") } else { format!("in {some} of {all} designs") }
}

fn verb(designs: &[&DesignAnswer], one: &'static str, many: &'static str) -> &'static str {
    if designs.len() == 1 { one } else { many }
}

/// Where one failure is enough, and how many such failures there are.
fn single_failures(asked: &[(&DesignAnswer, &ThreatAnswer)]) -> Option<Text> {
    let ones: Vec<_> = asked.iter().filter(|(_, answer)| answer.reach.k == Some(1)).collect();
    let counted: Vec<(u64, &DesignAnswer)> =
        ones.iter().map(|(design, answer)| (answer.reach.profile[1], *design)).collect();
    let [(least, fewest), (most, all)] = ends(&counted)?;
    let complete =
        |n: u64| ones.iter().all(|(_, answer)| answer.reach.profile[1] != n || answer.reach.profile_complete);
    let n = |n: u64| number::at_least(&number::count(n), complete(n)).replace(">=", "at least");
    let intro = |designs: usize| match designs {
        1 => String::from("one failed assumption is enough in "),
        designs => format!("one failed assumption is enough {}, from ", of_all(designs, asked.len())),
    };
    if ones.len() == 1 {
        let such = if least == 1 { String::new() } else { format!(" ({} such assumptions)", n(least)) };
        return Some(Text::words(intro(1)).join(names(&fewest)).and(such));
    }
    if least == most {
        let text =
            format!("one failed assumption is enough {} ({} in each)", of_all(ones.len(), asked.len()), n(least));
        return Some(Text::words(text));
    }
    let such = if least == 1 { " such assumption in " } else { " such assumptions in " };
    let low = Text::words(intro(ones.len())).and(n(least)).and(such).join(tied(&fewest));
    Some(low.and(format!(" to {} in ", n(most))).join(tied(&all)))
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
    let ones: Vec<_> = asked.iter().filter(|of| alone(of) > 0).collect();
    let counted: Vec<(u64, &DesignAnswer)> = ones.iter().map(|of| (alone(of) as u64, of.0)).collect();
    let mut parts = Vec::new();
    if !open.is_empty() {
        parts.push(Text::words("anyone on the internet is enough in ").join(names(&open)));
    }
    match ends(&counted) {
        Some([(least, fewest), (most, all)]) if ones.len() > 1 => {
            let text =
                Text::words(format!("one dishonest party{besides} is enough {}", of_all(ones.len(), asked.len())));
            let such = plural(least, "such party", "such parties");
            let text = match least == most {
                true => text.and(format!(" ({such} in each)")),
                false => {
                    let low = text.and(format!(", from {such} in ")).join(tied(&fewest));
                    low.and(format!(" to {most} in ")).join(tied(&all))
                }
            };
            parts.push(text.join(outside(&asked)));
        }
        Some([(n, one), _]) => {
            let text = Text::words(format!("one dishonest party{besides} is enough in ")).join(names(&one));
            let such = plural(n, "such party", "such parties");
            parts.push(text.and(format!(" ({such})")).join(outside(&asked)));
        }
        _ if open.is_empty() => parts.push(Text::words(format!("no single party{besides} is enough in any design"))),
        _ => {}
    }
    let lead = "While every assumption holds, and among the candidates of each design, ";
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
        let all: Vec<(u64, &DesignAnswer)> = counted.collect();
        match ends(&all) {
            Some([(low, fewest), (high, most)]) if low < high => {
                let low = Text::words(format!("{low} (")).join(tied(&fewest));
                low.and(format!(") to {high} (")).join(tied(&most)).and(format!(") {many}"))
            }
            Some([(low, _), _]) => Text::words(plural(low, one, many)),
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
