//! What was not examined: the part of an answer that is easiest to forget.

use super::Detail;
use crate::report::document::{Block, Item};
use crate::report::text::Text;
use crate::study::{Comparison, Coverage};

/// Names listed per line.
const MOST: usize = 40;

pub(super) fn blocks(comparison: &Comparison, detail: Detail) -> Vec<Block> {
    let lead =
        "Silence about these is not safety: the models have no word about them, or nothing in them set off the step.";
    let mut blocks =
        vec![Block::heading(2, Text::words("What was not examined"), "coverage"), Block::Para(Text::words(lead))];
    let known: Vec<(&str, &Coverage)> = comparison
        .designs
        .iter()
        .filter_map(|design| Some((design.design.as_str(), design.coverage.as_ref()?)))
        .collect();
    if known.is_empty() {
        blocks.push(Block::Para(Text::words("The designs were given as graphs: what they leave out cannot be told.")));
        return blocks;
    }
    blocks.push(Block::Bullets(missing(&known).into_iter().map(Item::from).collect()));
    let graphs = comparison.designs.iter().filter(|design| design.coverage.is_none()).map(|design| &design.design);
    let graphs: Vec<_> = graphs.collect();
    if !graphs.is_empty() {
        let text = Text::names(graphs, MOST).and(": given as a graph, what it leaves out cannot be told.");
        blocks.push(Block::Para(text));
    }
    if detail.lists {
        blocks.push(Block::Fold(
            Text::words("Per design: steps ruled out, and protections that are not there"),
            per_design(&known),
        ));
    }
    blocks
}

/// One of the lists of what was not examined.
type List = fn(&Coverage) -> &[String];

/// Each list: what no design has, then what single designs lack besides.
fn missing(known: &[(&str, &Coverage)]) -> Vec<Text> {
    let lists: [(&str, List); 5] = [
        ("kinds of principals not modelled", |coverage| &coverage.kinds_not_modelled),
        ("attack steps of the library that never fired", |coverage| &coverage.steps_not_fired),
        ("SLSA v1.2 threats no fired step carries", |coverage| &coverage.slsa.not_carried),
        ("ATT&CK techniques of the library no fired step carries", |coverage| &coverage.attack.not_carried),
        ("Risk Explorer vectors of the library no fired step carries", |coverage| &coverage.risk_explorer.not_carried),
    ];
    let mut lines = Vec::new();
    for (what, list) in lists {
        let Some((_, first)) = known.first() else { continue };
        let shared: Vec<&String> =
            list(first).iter().filter(|name| known.iter().all(|(_, coverage)| list(coverage).contains(name))).collect();
        let place = if known.len() == 1 { "" } else { ", in any design" };
        let names = if shared.is_empty() { Text::words("none") } else { Text::names(&shared, MOST) };
        lines.push(Text::words(format!("{what}{place}: ")).join(names));
        for (design, coverage) in known {
            let more: Vec<&String> = list(coverage).iter().filter(|name| !shared.contains(name)).collect();
            if !more.is_empty() {
                lines.push(
                    Text::words(format!("{what}, besides, in "))
                        .and_name(design)
                        .and(": ")
                        .join(Text::names(more, MOST)),
                );
            }
        }
    }
    lines
}

fn per_design(known: &[(&str, &Coverage)]) -> Vec<Block> {
    let pairs = |pairs: &[(String, String)], between: &str| {
        let all = pairs.iter().map(|(step, parameter)| Text::name(step).and(between).and_name(parameter));
        if pairs.is_empty() { Text::words("none") } else { Text::listed(all, MOST) }
    };
    let items = known.iter().map(|(design, coverage)| Item {
        text: Text::name(design),
        sub: vec![
            Text::words("ruled out: ").join(pairs(&coverage.ruled_out, " by ")),
            Text::words("no such protection: ").join(pairs(&coverage.dropped, " without ")),
        ],
    });
    vec![Block::Bullets(items.collect())]
}
