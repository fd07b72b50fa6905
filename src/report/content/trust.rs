//! What `trust` tells: who, dishonest together and with every assumption holding, reaches the goal.

use crate::analysis::sets::LABEL_WORK;
use crate::analysis::{Coalitions, Status};
use crate::report::document::{Block, Item};
use crate::report::number;
use crate::report::text::Text;
use crate::report::words;
use crate::study::DesignAnswer;

/// Coalitions listed for people, the smallest first; the rest are counted.
const SHOWN: usize = 200;

/// Minimal coalitions of every threat of a design, always with the candidates they are among.
pub fn blocks(answer: &DesignAnswer) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (at, threat) in answer.threats.iter().enumerate() {
        let title = words::titled(&threat.threat, &answer.design, &threat.title);
        blocks.push(Block::heading(2, title, format!("threat-{}", at + 1)));
        if threat.reach.status == Status::NotApplicable {
            blocks.push(Block::Para(Text::words("Not applicable.")));
            continue;
        }
        let coalitions = &threat.coalitions;
        if coalitions.coalitions.is_empty() {
            blocks.push(Block::Para(Text::words(if coalitions.complete {
                "No coalition of these candidates reaches the goal while every assumption holds."
            } else {
                "No coalition of these candidates was found before the search stopped."
            })));
        } else {
            blocks.push(Block::Para(Text::words("The goal is reached, with every assumption holding, by any of:")));
            let shown = coalitions.coalitions.iter().take(SHOWN);
            let items = shown.map(|members| Item::from(words::coalition(&answer.graph, members)));
            blocks.push(Block::Bullets(items.collect()));
            if coalitions.coalitions.len() > SHOWN {
                let more = number::count((coalitions.coalitions.len() - SHOWN) as u64);
                blocks.push(Block::Para(Text::words(format!("{more} more; --format json lists them."))));
            }
        }
        let among = words::candidates(&answer.graph, coalitions);
        blocks.push(Block::Para(Text::words("Among: ").join(among).and(".").and(stopped(coalitions))));
    }
    blocks
}

/// Where the search stopped: by which limit, and what is certain all the same.
fn stopped(coalitions: &Coalitions) -> String {
    if coalitions.complete {
        return String::new();
    }
    let work = number::count(LABEL_WORK);
    let certain = match coalitions.complete_to {
        Some(most) => format!("all of at most {} are listed", number::plural(most, "member", "members")),
        None => "there may be others of any size".to_owned(),
    };
    format!(" Not all coalitions were counted: the search stopped at its limit of {work} sets put together; {certain}.")
}
