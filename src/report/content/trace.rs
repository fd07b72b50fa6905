//! What `simulate --trace` tells: single simulated attacks as timelines.

use std::collections::BTreeMap;

use crate::analysis::simulate::race::What;
use crate::analysis::simulate::trace::{Attack, Moment};
use crate::graph::{CapabilityGraph, StepId};
use crate::report::document::{Block, Column, Table};
use crate::report::number;
use crate::report::text::Text;

/// Lines told of one attack, at most.
const LINES: usize = 40;

/// The attacks on one threat.
pub fn blocks(graph: &CapabilityGraph, threat: usize, attacks: &[Attack]) -> Vec<Block> {
    let name = &graph.threats[threat].name;
    let mut blocks =
        vec![Block::heading(2, Text::words("Attacks on ").and_name(name), format!("attacks-{}", threat + 1))];
    if attacks.is_empty() {
        blocks.push(Block::Para(Text::words(
            "In none of the worlds looked at is the goal exposed: there is nothing to tell.",
        )));
    }
    for attack in attacks {
        let title = Text::words(format!("World {}: ", number::count(attack.world))).join(ending(graph, attack));
        blocks.push(Block::heading(3, title, format!("world-{}-{}", threat + 1, attack.world)));
        let lines = lines(graph, attack);
        let left = lines.len().saturating_sub(LINES);
        let head = vec![Column::right("after"), Column::left("what"), Column::left("how")];
        blocks.push(Block::Table(Table { head, rows: lines.into_iter().take(LINES).collect() }));
        if left > 0 {
            blocks.push(Block::Para(Text::words(format!("{left} more lines are not shown."))));
        }
    }
    blocks
}

fn ending(graph: &CapabilityGraph, attack: &Attack) -> Text {
    let first = attack.moments.iter().find(|moment| moment.what == What::Noticed);
    let noticed = |at: f64| {
        let told = Text::words(format!("noticed after {}", number::hours(at)));
        first.map_or(told.clone(), |moment| told.and(", at ").and_name(&graph.step(moment.step).name))
    };
    match (attack.ending.won(), attack.ending.noticed, attack.ending.reached) {
        (Some(at), ..) => Text::words(format!("reached after {}", number::hours(at))),
        (None, Some(at), Some(reached)) => noticed(at).and(format!(", reached only after {}", number::hours(reached))),
        (None, Some(at), None) => noticed(at),
        (None, None, _) => Text::words("not reached within the horizon"),
    }
}

/// One line for each step and outcome at one moment: many members that do the same at once are one line.
fn lines(graph: &CapabilityGraph, attack: &Attack) -> Vec<Vec<Text>> {
    type Alike = (u64, What, StepId, Option<u32>);
    let mut alike: BTreeMap<Alike, (u64, Moment)> = BTreeMap::new();
    for moment in &attack.moments {
        let key = (moment.at.to_bits(), moment.what, moment.step, moment.held.map(|id| id.0));
        alike.entry(key).or_insert((0, *moment)).0 += moment.member.map_or(1, |(members, _)| members);
    }
    alike.into_values().map(|(n, moment)| line(graph, &moment, n)).collect()
}

fn line(graph: &CapabilityGraph, moment: &Moment, n: u64) -> Vec<Text> {
    let step = graph.step(moment.step);
    let what = match moment.what {
        What::Gained => Text::words("gained ").and_name(&graph.capability(step.gains).name),
        What::Failed => Text::words("failed"),
        What::Noticed => Text::words("noticed"),
    };
    let what = match moment.member {
        Some(_) if n > 1 => what.and(format!(" ({} members)", number::count(n))),
        Some((_, copy)) => what.and(format!(" (member {})", u64::from(copy) + 1)),
        None => what,
    };
    let how = Text::name(&step.name);
    let how = match moment.held {
        Some(id) => how.and(": ").and_name(&graph.assumption(id).name).and(" holds"),
        None => how,
    };
    vec![Text::words(number::hours(moment.at)), what, how]
}
