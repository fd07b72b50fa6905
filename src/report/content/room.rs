//! Assumptions to confirm, as questions for the people who discuss a design.

use super::checklist;
use super::design::Shown;
use crate::graph::{Assumption, AssumptionId};
use crate::report::chance::{self, Chance};
use crate::report::document::{Block, Item};
use crate::report::text::Text;
use crate::study::DesignAnswer;

/// Which questions were asked already, and where.
#[derive(Default)]
pub(super) struct Asked(Vec<(Item, String, Text)>);

impl Asked {
    /// The questions behind the shown paths; those asked before are only named.
    pub(super) fn block(&mut self, design: &DesignAnswer, shown: &[Shown]) -> Block {
        let mut ids: Vec<AssumptionId> = shown.iter().flat_map(|shown| &shown.path.assumptions).copied().collect();
        ids.sort();
        ids.dedup();
        let mut items: Vec<Item> = Vec::new();
        let mut again: Vec<Text> = Vec::new();
        for id in ids {
            let assumption = design.graph.assumption(id);
            let mut item = question(assumption, design.graph.horizon_days);
            if let Some(answer) = checklist::answer(design, &assumption.name) {
                item.sub.push(Text::words("answered: ").join(checklist::told(answer)));
            }
            match self.0.iter().find(|(known, _, _)| *known == item) {
                Some((_, earlier, name)) if *earlier != design.design => {
                    again.push(name.clone().and(" under ").and_name(earlier))
                }
                Some(_) => {}
                None => {
                    self.0.push((item.clone(), design.design.clone(), Text::name(&assumption.name)));
                    items.push(item);
                }
            }
        }
        if !again.is_empty() {
            items.push(Item::from(Text::words("Asked above already: ").join(Text::listed(again, 30)).and(".")));
        }
        if items.is_empty() {
            return Block::Para(Text::words("None: nothing shown here rests on an assumption."));
        }
        Block::Bullets(items)
    }
}

/// The question, then what is assumed and with which number.
fn question(assumption: &Assumption, horizon_days: f64) -> Item {
    let mut sub = Vec::new();
    if !assumption.text.is_empty() {
        sub.push(Text::words("assumed: ").and(&assumption.text));
    }
    let told = Chance::of(assumption, horizon_days).told();
    let within = chance::within([assumption], horizon_days);
    let grade = if chance::is_guess(assumption) { "a guess" } else { chance::grade(assumption) };
    let failed = Text::words(format!("fails {within} with {told}; ")).and(grade);
    sub.push(if assumption.source.is_empty() { failed } else { failed.and(": ").and(&assumption.source) });
    Item { text: asked(assumption), sub }
}

/// What to ask about an assumption.
pub(super) fn asked(assumption: &Assumption) -> Text {
    match (assumption.question.is_empty(), assumption.text.is_empty()) {
        (false, _) => Text::words(&assumption.question),
        (true, false) => Text::words("Does it hold that ").and(&assumption.text).and("?"),
        (true, true) => Text::words("Does it hold: ").and_name(&assumption.name).and("?"),
    }
}
