//! What to do first: the cheapest controls, what each failing threat needs at least, what days of work buy, what no control changes.

use crate::report::document::{Block, Column, Item, Table};
use crate::report::text::Text;
use crate::report::words;
use crate::report::{chance, number};
use crate::study::harden::{Cheapest, Hardening, Plan, Remains, State};

/// Attack sets named for a threat that no control repairs, at most.
const SETS: usize = 8;

/// Everything about one design. `anchor` is put before the anchors; headings begin at this level.
pub fn blocks(design: &str, hardening: &Hardening, budget_days: Option<f64>, anchor: &str, level: u8) -> Vec<Block> {
    let title = Text::words("What to do first in ").and_name(design);
    let mut blocks = vec![Block::heading(level, title, format!("{anchor}-first"))];
    blocks.push(Block::Para(first(hardening)));
    blocks.push(Block::Table(before_and_after(hardening, budget_days)));
    blocks.push(Block::Para(Text::words(LEGEND)));
    blocks.extend(repairs(hardening));
    blocks.extend(within(hardening, budget_days).map(Block::Para));
    blocks.extend(stays(hardening));
    blocks.extend(titles(hardening));
    if hardening.front.len() > 1 {
        blocks.push(Block::heading(level + 1, Text::words("What days of work buy"), format!("{anchor}-front")));
        blocks.push(Block::Table(front(hardening)));
        if !hardening.front_complete {
            blocks.push(Block::Para(Text::words("Not every set of controls was looked at: these are the best found.")));
        }
    }
    blocks
}

const LEGEND: &str = "P: the chance that the goal is exposed within the horizon, those whom the tolerance trusts being honest; in brackets with \
every number at the low and at the high end of its range. Costs are days of work: build, and upkeep over the horizon.";

/// The names of a plan.
pub fn names(hardening: &Hardening, plan: &Plan) -> Text {
    let names: Vec<&str> = plan.controls.iter().map(|at| hardening.candidates[*at].id.as_str()).collect();
    if names.is_empty() { Text::words("nothing") } else { Text::names(names, 20) }
}

fn days(days: f64) -> String {
    let told = number::significant(days, 3);
    if told == "1" { "1 day".to_owned() } else { format!("{told} days") }
}

fn first(hardening: &Hardening) -> Text {
    if hardening.before.failing() == 0 {
        return Text::words("Every threat keeps its tolerance as it stands: nothing has to be switched on.");
    }
    match &hardening.cheapest.plan {
        Some(plan) => {
            let proved = match (hardening.cheapest.optimal, hardening.cheapest.lower_bound_days) {
                (true, _) => " No cheaper set of the stated controls does it: proved.".to_owned(),
                (false, Some(bound)) => format!(" It is the best found; nothing under {} does it.", days(bound)),
                (false, None) => " It is the best found.".to_owned(),
            };
            Text::words("Switch on ")
                .join(names(hardening, plan))
                .and(format!(": {}, and every threat keeps its tolerance.{proved}", days(plan.cost_days)))
        }
        None if hardening.cheapest.optimal => {
            Text::words("No set of the stated controls makes every threat keep its tolerance: proved.")
        }
        None => Text::words("No set of the stated controls was found that makes every threat keep its tolerance."),
    }
}

fn before_and_after(hardening: &Hardening, budget_days: Option<f64>) -> Table {
    let mut head =
        vec![Column::left("threat"), Column::left("before"), Column::right("P before: nominal (low to high)")];
    let after = hardening.cheapest.plan.as_ref().filter(|plan| !plan.controls.is_empty());
    if after.is_some() {
        head.extend([Column::left("after"), Column::right("P after: nominal (low to high)")]);
    }
    let within = hardening.within_budget.as_ref().filter(|_| budget_days.is_some());
    let within = within.filter(|plan| !plan.controls.is_empty() && after.is_none_or(|it| it.controls != plan.controls));
    if within.is_some() {
        head.extend([Column::left("in the budget"), Column::right("P in the budget: nominal (low to high)")]);
    }
    let rows = hardening.threats.iter().enumerate().map(|(at, name)| {
        let mut row = vec![Text::name(name)];
        row.extend(state(&hardening.before, at));
        row.extend(after.iter().chain(&within).flat_map(|plan| state(&plan.state, at)));
        row
    });
    Table { rows: rows.collect(), head }
}

fn state(state: &State, at: usize) -> [Text; 2] {
    let verdict = state.verdicts.get(at).map_or(words::NONE, |verdict| verdict.word());
    let found = state.chances.get(at).copied().flatten();
    [Text::words(verdict), Text::words(found.map_or(words::NONE.to_owned(), |chances| chance::of_threat(&chances)))]
}

fn repairs(hardening: &Hardening) -> Vec<Block> {
    if hardening.repairs.is_empty() {
        return Vec::new();
    }
    let items = hardening.repairs.iter().map(|repair| {
        let name = Text::name(&hardening.threats[repair.threat]).and(": ");
        Item::from(match &repair.cheapest {
            Cheapest { plan: Some(plan), optimal, .. } => {
                let proved = if *optimal { "" } else { " (the best found)" };
                name.join(names(hardening, plan)).and(format!(", {}{proved}", days(plan.cost_days)))
            }
            Cheapest { optimal: true, .. } => name.and("no set of the stated controls is enough"),
            Cheapest { .. } => name.and("none was found"),
        })
    });
    vec![Block::Para(Text::words("At least, for each failing threat by itself:")), Block::Bullets(items.collect())]
}

/// What the named controls are.
fn titles(hardening: &Hardening) -> Option<Block> {
    let told = hardening.candidates.iter().filter(|control| !control.title.is_empty() && control.title != control.id);
    let items: Vec<Item> = told
        .map(|control| {
            let text = Text::name(&control.id).and(": ").and(&control.title);
            Item::from(text.and(format!(" ({})", days(control.cost_days))))
        })
        .collect();
    (!items.is_empty()).then_some(Block::Fold(Text::words("The controls to choose from:"), vec![Block::Bullets(items)]))
}

fn within(hardening: &Hardening, budget_days: Option<f64>) -> Option<Text> {
    let (plan, budget) = (hardening.within_budget.as_ref()?, budget_days?);
    let failing = plan.state.failing();
    let failing = match failing {
        0 => "every threat keeps its tolerance".to_owned(),
        n => format!("{} still over tolerance", number::plural(n as u64, "threat", "threats")),
    };
    let found = if hardening.front_complete { "" } else { " (the best found)" };
    let text = Text::words(format!("Within {}: ", days(budget))).join(names(hardening, plan));
    Some(text.and(format!(", {}; {failing}{found}.", days(plan.cost_days))))
}

fn stays(hardening: &Hardening) -> Vec<Block> {
    let mut blocks = Vec::new();
    for stays in &hardening.stays {
        let lead = Text::words("Whatever is switched on, ").and_name(&hardening.threats[stays.threat]);
        if stays.attack_sets.iter().any(Vec::is_empty) {
            blocks.push(Block::Para(lead.and(" is reached by grant: it is how the design works.")));
            continue;
        }
        blocks.push(Block::Para(lead.and(" still rests on these, any line of which suffices:")));
        let sets =
            stays.attack_sets.iter().take(SETS).map(|set| Item::from(Text::listed(set.iter().map(Text::name), 6)));
        blocks.push(Block::Bullets(sets.collect()));
        let more = stays.attack_sets.len().saturating_sub(SETS);
        if more > 0 || !stays.complete {
            let more = if stays.complete { format!("And {more} more.") } else { format!("And at least {more} more.") };
            blocks.push(Block::Para(Text::words(more)));
        }
    }
    blocks
}

fn front(hardening: &Hardening) -> Table {
    // Where some threats have a tolerance and others none, those without do not count.
    let all = hardening.judged.len() == hardening.threats.len();
    let head = vec![
        Column::right("days"),
        Column::left(if all { "worst threat" } else { "worst threat judged" }),
        Column::right("its P: nominal (low to high)"),
        Column::right("over tolerance"),
        Column::left("controls"),
    ];
    let rows = hardening.front.iter().map(|plan| {
        let worst = plan.state.remains(&hardening.judged);
        let told = |worst: Remains| match worst.ends {
            [low, high] if low < high => {
                format!("{} ({} to {})", number::chance(worst.p), number::chance(low), number::chance(high))
            }
            _ => number::chance(worst.p),
        };
        let name = |worst: Remains| hardening.threats.get(worst.threat).map(Text::name);
        vec![
            Text::words(number::significant(plan.cost_days, 3)),
            worst.and_then(name).unwrap_or_else(|| Text::words(words::NONE)),
            Text::words(worst.map_or(words::NONE.to_owned(), told)),
            Text::words(plan.state.failing().to_string()),
            names(hardening, plan),
        ]
    });
    Table { rows: rows.collect(), head }
}
