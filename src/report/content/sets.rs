//! What `harden --sets` tells: the minimal sets that break a threat's safety, and those that keep it.

use crate::analysis::exact::{MinimalSets, Over, SetFamily};
use crate::analysis::shapes::Shape;
use crate::graph::CapabilityGraph;
use crate::report::document::{Block, Item};
use crate::report::number;
use crate::report::text::Text;
use crate::report::words;

/// Sets told of each family, at most.
const TOLD: usize = 50;
/// Names told of each set, at most.
const NAMES: usize = 50;

/// Every threat of a graph.
pub fn blocks(graph: &CapabilityGraph, found: &[MinimalSets]) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (at, (threat, sets)) in graph.threats.iter().zip(found).enumerate() {
        let title = words::titled(&threat.name, &graph.design, &threat.title);
        blocks.push(Block::heading(2, title, format!("threat-{}", at + 1)));
        if threat.not_applicable.is_some() {
            blocks.push(Block::Para(Text::words("Not applicable.")));
            continue;
        }
        let (attack, hardening) = match sets.over {
            Over::Assumptions => (
                (
                    "The goal is reached if all that one line names fails",
                    "No failure reaches the goal",
                    "Nothing has to fail: it is reached by grant",
                ),
                (
                    "It stays out of reach as long as all that one line names holds",
                    "Nothing that holds keeps it out of reach",
                    "Nothing has to hold: it is out of reach",
                ),
            ),
            Over::Controls => (
                (
                    "With all other controls on, the goal is reached if all that one line names is off",
                    "With all controls on it is out of reach, whichever one is taken away",
                    "Reached with every control on",
                ),
                (
                    "It stays out of reach, whatever fails, as long as all that one line names is on",
                    "No control keeps it out of reach, whatever fails",
                    "Out of reach without any control",
                ),
            ),
        };
        blocks.extend(family(graph, sets.over, &sets.attack, attack));
        blocks.extend(family(graph, sets.over, &sets.hardening, hardening));
        blocks.extend(remarks(graph, sets));
    }
    blocks
}

fn family(graph: &CapabilityGraph, over: Over, family: &SetFamily, words: (&str, &str, &str)) -> Vec<Block> {
    let (some, none, empty) = words;
    match family.sets.first() {
        None if family.complete => return vec![Block::Para(Text::words(none).and("."))],
        None => return vec![Block::Para(Text::words("These sets are not known."))],
        Some(set) if set.size() == 0 => return vec![Block::Para(Text::words(empty).and("."))],
        Some(_) => {}
    }
    let told = family.sets.len().min(TOLD);
    let title = Text::words(format!("{some} ({}):", how_many(family, told)));
    let mut known: Vec<u32> = Vec::new();
    let items = family
        .sets
        .iter()
        .take(told)
        .map(|set| Item { text: names(graph, over, set), sub: texts(graph, over, set, &mut known) });
    let mut blocks = vec![Block::Para(title), Block::Bullets(items.collect())];
    if told < family.sets.len() {
        let more = number::count((family.sets.len() - told) as u64);
        blocks.push(Block::Para(Text::words(format!("{more} more sets are known; --format json lists them."))));
    }
    blocks
}

/// `3 sets`, `the 20 smallest of 14,950 sets`.
fn how_many(family: &SetFamily, told: usize) -> String {
    let sets = |n: &str| if n == "1" { "1 set".to_owned() } else { format!("{n} sets") };
    match family.count {
        Some(count) if count == told as u128 => sets(&number::count(told as u64)),
        Some(count) => {
            format!("the {told} smallest of {}", sets(&u64::try_from(count).map_or(count.to_string(), number::count)))
        }
        None if told < family.sets.len() => {
            format!("the {told} smallest of at least {}", sets(&number::count(family.sets.len() as u64)))
        }
        None => format!("at least {}", sets(&number::count(told as u64))),
    }
}

fn names(graph: &CapabilityGraph, over: Over, set: &Shape) -> Text {
    let name = |(id, times): &(u32, u64)| {
        let name = match over {
            Over::Assumptions => &graph.assumptions[*id as usize].name,
            Over::Controls => &graph.controls[*id as usize].name,
        };
        match times {
            1 => Text::name(name),
            n => Text::name(name).and(format!(" for {} members", number::count(*n))),
        }
    };
    Text::listed(set.runs().iter().map(name), NAMES)
}

/// What each member of a set is, where it was not told before.
fn texts(graph: &CapabilityGraph, over: Over, set: &Shape, known: &mut Vec<u32>) -> Vec<Text> {
    let mut told = Vec::new();
    for (id, _) in set.runs().iter().take(NAMES) {
        let text = match over {
            Over::Assumptions => graph.assumptions[*id as usize].text.trim(),
            Over::Controls => "",
        };
        if !text.is_empty() && !known.contains(id) {
            known.push(*id);
            told.push(match set.runs().len() {
                1 => Text::words(text),
                _ => names(graph, over, &Shape::new([(*id, 1)])).and(": ").and(text),
            });
        }
    }
    told
}

fn remarks(graph: &CapabilityGraph, sets: &MinimalSets) -> Vec<Block> {
    let mut remarks = Vec::new();
    if !sets.left_out.is_empty() {
        let names = sets.left_out.iter().map(|id| graph.controls[id.0 as usize].name.as_str());
        remarks.push(
            Text::words("Left as they are, since they can also add a way: ").join(Text::names(names, NAMES)).and("."),
        );
    }
    match sets.stopped {
        Some(why) => remarks.push(Text::words(format!("Not complete, since {why}."))),
        None if sets.hardening.count.is_none() && sets.hardening.complete_to.is_some() => {
            remarks.push(Text::words("Hardening sets in which members of one population differ were not counted."))
        }
        None => {}
    }
    remarks.into_iter().map(Block::Para).collect()
}
