//! Who must be trusted in one design, question by question, among whom; what is alike is told once.

use super::Detail;
use crate::analysis::{Coalitions, Status};
use crate::graph::PrincipalId;
use crate::report::document::{Block, Item};
use crate::report::text::Text;
use crate::report::{table, words};
use crate::study::{Comparison, DesignAnswer};

/// Coalitions told of a question, and candidates named, at most.
const MOST: usize = 12;
const CANDIDATES: usize = 40;

/// The candidates, then the minimal coalitions; where there is little room, those that stand in the table of all designs are not told again.
pub(super) fn blocks(comparison: &Comparison, at: usize, detail: Detail) -> Vec<Block> {
    let Some(design) = comparison.designs.get(at) else { return Vec::new() };
    let asked = comparison.rows.iter().enumerate().filter_map(|(row, asked)| {
        let answer = words::answer(comparison, row, at)?;
        (answer.reach.status != Status::NotApplicable).then_some((asked.group.as_str(), &answer.coalitions))
    });
    let asked: Vec<(&str, &Coalitions)> = asked.collect();
    let Some(first) = asked.first().map(|(_, first)| *first) else { return Vec::new() };
    // Beside other designs, the candidates of the first question stand in the section on all of them.
    let named_above =
        comparison.designs.len() > 1 && words::answer(comparison, 0, at).map(|of| &of.coalitions) == Some(first);
    let in_table = named_above && detail.short() && table::shows_all(first);
    let mut items: Vec<(Text, Vec<&str>)> = Vec::new();
    for (ask, found) in &asked {
        let text = match in_table && found.coalitions == first.coalitions {
            true => Text::words("those in its row of that table"),
            false => told(design, first, found),
        };
        match items.iter_mut().find(|(known, _)| *known == text) {
            Some((_, asks)) => asks.push(ask),
            None => items.push((text, vec![ask])),
        }
    }
    let items = items.into_iter().map(|(text, asks)| Item::from(Text::names(asks, 9).and(": ").join(text)));
    vec![Block::Para(among(design, &asked, first, named_above)), Block::Bullets(items.collect())]
}

/// The coalitions of a question; those that also stand under the first are not told again.
fn told(design: &DesignAnswer, first: &Coalitions, found: &Coalitions) -> Text {
    let known = |members: &Vec<PrincipalId>| first.coalitions.contains(members);
    let more: Vec<_> = found.coalitions.iter().filter(|members| !known(members)).cloned().collect();
    let kept = found.coalitions.len() - more.len();
    if more.is_empty() || kept == 0 || kept < first.coalitions.len() {
        return words::coalitions(&design.graph, found, MOST);
    }
    let more = Coalitions { coalitions: more, ..found.clone() };
    Text::words("these, and ").join(words::coalitions(&design.graph, &more, MOST))
}

/// Who was considered for the first question, and where others are considered for another.
fn among(design: &DesignAnswer, asked: &[(&str, &Coalitions)], first: &Coalitions, named_above: bool) -> Text {
    let listed = |ids: &[PrincipalId]| Text::listed(ids.iter().map(|id| words::party(&design.graph, *id)), CANDIDATES);
    let text = Text::words("While every assumption holds, these are enough, among ");
    let mut text = match named_above {
        true => text.and("its candidates (named above, under the table of all designs)"),
        false => text.join(listed(&first.candidates)),
    };
    let mut others: Vec<(&[PrincipalId], Vec<&str>)> = Vec::new();
    for (ask, found) in asked.iter().filter(|(_, found)| found.candidates != first.candidates) {
        match others.iter_mut().find(|(known, _)| *known == found.candidates) {
            Some((_, asks)) => asks.push(ask),
            None => others.push((&found.candidates, vec![ask])),
        }
    }
    for (candidates, asks) in others {
        let more: Vec<PrincipalId> = candidates.iter().filter(|id| !first.candidates.contains(id)).copied().collect();
        let all_kept = first.candidates.iter().all(|id| candidates.contains(id));
        text = text.and("; for ").join(Text::names(asks, 9));
        text = match all_kept {
            true => text.and(" also ").join(listed(&more)),
            false => text.and(" among ").join(listed(candidates)),
        };
    }
    text.and(":")
}
