//! What `trust` tells: who, dishonest together and with every assumption holding, reaches the goal.

use crate::analysis::Status;
use crate::report::document::{Block, Item};
use crate::report::text::Text;
use crate::report::words;
use crate::study::DesignAnswer;

/// Minimal coalitions of every threat of a design, always with the candidates they are among.
pub fn blocks(answer: &DesignAnswer) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (at, threat) in answer.threats.iter().enumerate() {
        let title = Text::name(&threat.threat).and(" of ").and_name(&answer.design).and(": ").and(&threat.title);
        blocks.push(Block::heading(2, title, format!("threat-{}", at + 1)));
        if threat.reach.status == Status::NotApplicable {
            blocks.push(Block::Para(Text::words("Not applicable.")));
            continue;
        }
        let coalitions = &threat.coalitions;
        if coalitions.coalitions.is_empty() {
            blocks.push(Block::Para(Text::words(
                "No coalition of these candidates reaches the goal while every assumption holds.",
            )));
        } else {
            blocks.push(Block::Para(Text::words("The goal is reached, with every assumption holding, by any of:")));
            let items =
                coalitions.coalitions.iter().map(|members| Item::from(words::coalition(&answer.graph, members)));
            blocks.push(Block::Bullets(items.collect()));
        }
        let among = words::candidates(&answer.graph, coalitions);
        let complete = if coalitions.complete { "" } else { " Not all coalitions were counted." };
        blocks.push(Block::Para(Text::words("Among: ").join(among).and(".").and(complete)));
    }
    blocks
}
