//! What `blast` tells: what each compromised principal or credential gives, in the index's own units, and who becomes whom.

use crate::analysis::blast::{Becomes, Blast, Blasts, Compromised, Reached, class, gained_by, is_question, thing};
use crate::graph::derive::copies;
use crate::graph::{CapabilityGraph, CapabilityId, PrincipalId};
use crate::report::document::{Block, Column, Item, Table};
use crate::report::number;
use crate::report::text::Text;
use crate::report::words;

/// Units beside the counts, at most: a line has 80 columns.
const UNITS: usize = 3;
/// Capabilities listed one by one for a chosen foothold, at most.
const LISTED: usize = 200;

/// What a principal or credential is called.
pub fn name(graph: &CapabilityGraph, of: Compromised) -> &str {
    match of {
        Compromised::Principal(id) => graph.principals.get(id.0 as usize).map_or("", |principal| &principal.name),
        Compromised::Credential(id) => thing(&graph.capability(id).name),
    }
}

/// All of a graph: one row for each class, then the impersonation matrix.
pub fn all(graph: &CapabilityGraph, blasts: &Blasts, all: &[Blast]) -> Vec<Block> {
    let title = Text::words("Blast radius in ").and_name(&graph.design);
    let mut blocks = vec![Block::heading(2, title, "blast")];
    let (principals, credentials) = (rows(graph, all, true), rows(graph, all, false));
    let units = units(graph, &[principals.as_slice(), credentials.as_slice()].concat());
    for (what, rows) in [("principal", principals), ("credential", credentials)] {
        if !rows.is_empty() {
            blocks.push(Block::Table(table(graph, what, &rows, &units)));
        }
    }
    let nothing: Vec<&Blast> = all.iter().filter(|blast| beyond_root(blast).next().is_none()).collect();
    if !nothing.is_empty() {
        let names = Text::names(nothing.iter().map(|blast| name(graph, blast.of)), 12);
        blocks.push(Block::Para(Text::words("These give nothing beyond what anyone has: ").join(names).and(".")));
    }
    blocks.push(Block::Para(legend()));
    blocks.extend(matrix(graph, blasts));
    blocks
}

/// One principal or credential, capability by capability.
pub fn one(graph: &CapabilityGraph, blast: &Blast) -> Vec<Block> {
    let title = Text::words("Blast radius of ").and_name(name(graph, blast.of)).and(" in ").and_name(&graph.design);
    let mut blocks = vec![Block::heading(2, title, "blast")];
    if blast.capabilities.is_empty() {
        blocks.push(Block::Para(Text::words("No more than anyone has.")));
        return blocks;
    }
    let parts = [
        ("Granted", 0, true),
        ("Beyond what was granted, with nothing failed", 0, false),
        ("With one failure more, granted", 1, true),
        ("With one failure more, beyond what was granted", 1, false),
    ];
    for (words, k, granted) in parts {
        let of: Vec<Reached> = beyond_root(blast).filter(|it| it.k == k && it.granted == granted).collect();
        if of.is_empty() {
            continue;
        }
        let n = number::count(members(of.iter().copied().filter(|it| !is_whole(graph, it))));
        blocks.push(Block::Para(Text::words(format!("{words} ({n}):"))));
        let listed = of.iter().take(LISTED).map(|it| {
            let text = Text::name(&graph.capability(it.id).name);
            Item::from(if it.members > 1 { text.and(format!(" x {}", number::count(it.members))) } else { text })
        });
        blocks.push(Block::Bullets(listed.collect()));
        if of.len() > LISTED {
            let more = of.len() - LISTED;
            blocks.push(Block::Para(Text::words(format!("{more} more; --format json lists them."))));
        }
    }
    blocks.push(Block::Para(Text::words(
        "Counted without what anyone has, and without the foothold itself. One failure: any single one; not all of them at once.",
    )));
    blocks
}

/// The entries without the foothold itself, which is one copy of its capability, had with nothing failed.
fn beyond_root(blast: &Blast) -> impl Iterator<Item = Reached> + '_ {
    let is_root = |it: &Reached| it.id == blast.root && it.k == 0 && !it.granted;
    let without = move |it: &Reached| Reached { members: it.members - u64::from(is_root(it)), ..*it };
    blast.capabilities.iter().map(without).filter(|it| it.members > 0)
}

fn members(of: impl Iterator<Item = Reached>) -> u64 {
    of.map(|it| it.members).fold(0, u64::saturating_add)
}

/// One blast for each class: that of its member with the most.
fn rows<'a>(graph: &CapabilityGraph, all: &'a [Blast], principals: bool) -> Vec<(String, &'a Blast)> {
    let mut rows: Vec<(String, &Blast)> = Vec::new();
    let most = |blast: &Blast| (members(beyond_root(blast).filter(|it| it.k == 0)), members(beyond_root(blast)));
    let wanted = |blast: &&Blast| matches!(blast.of, Compromised::Principal(_)) == principals;
    for blast in all.iter().filter(wanted).filter(|blast| beyond_root(blast).next().is_some()) {
        let of = class(name(graph, blast.of)).to_owned();
        match rows.iter_mut().find(|(known, _)| *known == of) {
            Some((_, known)) if most(known) < most(blast) => *known = blast,
            Some(_) => {}
            None => rows.push((of, blast)),
        }
    }
    rows
}

/// What is counted in columns of its own: becoming a member of a class with several members, and what the threats are about.
fn units(graph: &CapabilityGraph, rows: &[(String, &Blast)]) -> Vec<(String, String)> {
    let unit = |name: &str| {
        let verb = name.split('(').next().unwrap_or(name);
        (verb.to_owned(), class(thing(name)).to_owned())
    };
    let mut units: Vec<(String, String)> = Vec::new();
    let goals = graph.threats.iter().map(|threat| threat.goal).filter(|id| (id.0 as usize) < graph.capabilities.len());
    let goals = goals.map(|id| unit(&graph.capability(asked_of_one(graph, id)).name));
    let many = |class: &str| {
        let members = graph.principals.iter().filter(|other| other.candidate && other.class == class);
        members.map(|member| copies(graph, graph.capability(member.capability).family)).sum::<u64>() > 2
    };
    let classes = graph.principals.iter().filter(|principal| many(&principal.class));
    let becoming = classes.map(|principal| unit(&graph.capability(principal.capability).name));
    for one in goals.chain(becoming) {
        if !units.contains(&one) {
            units.push(one);
        }
    }
    units.retain(|unit| rows.iter().any(|(_, blast)| unit_cell(graph, blast, unit) != words::NONE));
    units.truncate(UNITS);
    units
}

/// The goal as it is over one member: of a question about several, that of the first of them.
fn asked_of_one(graph: &CapabilityGraph, goal: CapabilityId) -> CapabilityId {
    if !is_question(graph, goal) {
        return goal;
    }
    let of_many = gained_by(graph, goal).flat_map(|step| {
        let quorum = step.quorum.iter().flat_map(|quorum| quorum.of.iter());
        step.needs.iter().chain(quorum).copied()
    });
    of_many.min().unwrap_or(goal)
}

fn table(graph: &CapabilityGraph, what: &str, rows: &[(String, &Blast)], units: &[(String, String)]) -> Table {
    let mut head = vec![Column::left(what)];
    head.extend(["granted", "beyond", "+1 fails"].map(Column::right));
    head.extend(units.iter().map(|(verb, of)| Column { title: Text::name(format!("{verb} {of}")), right: true }));
    let rows = rows.iter().map(|(class, blast)| {
        let count = |k: u32, granted: Option<bool>| {
            let of = beyond_root(blast).filter(|it| !is_whole(graph, it));
            let of = of.filter(|it| it.k == k && granted.is_none_or(|granted| it.granted == granted));
            Text::words(number::count(members(of)))
        };
        let mut cells = vec![Text::name(class), count(0, Some(true)), count(0, Some(false)), count(1, None)];
        cells.extend(units.iter().map(|unit| Text::words(unit_cell(graph, blast, unit))));
        cells
    });
    Table { head, rows: rows.collect() }
}

/// Members with nothing failed; in brackets those that one failure more adds.
fn unit_cell(graph: &CapabilityGraph, blast: &Blast, (verb, of): &(String, String)) -> String {
    let is_one = |it: &Reached| {
        let name = &graph.capability(it.id).name;
        !is_whole(graph, it) && name.split('(').next() == Some(verb) && class(thing(name)) == of
    };
    let n = |k: u32| members(beyond_root(blast).filter(is_one).filter(|it| it.k == k));
    match (n(0), n(1)) {
        (0, 0) => words::NONE.to_owned(),
        (none, 0) => number::count(none),
        (none, one) => format!("{} (+{})", number::count(none), number::count(one)),
    }
}

/// A capability over a whole family stands for no member of its own: those of its members follow from it.
fn is_whole(graph: &CapabilityGraph, it: &Reached) -> bool {
    thing(&graph.capability(it.id).name).ends_with(".all")
}

fn legend() -> Text {
    Text::words(
        "Capabilities beyond what anyone has, each member counted, without the foothold itself; of a class, the member with the most is shown. granted: \
         by grants from the foothold alone. beyond: more, still with nothing failed. +1 fails: what any one failure adds to what the same failure gives anyone. ",
    )
    .and("Last columns: members for whom that capability is had; (+n): with one failure. --principal P or --credential K lists everything.")
}

/// Who becomes whom: classes of candidates (of all principals where none is a candidate).
fn matrix(graph: &CapabilityGraph, blasts: &Blasts) -> Vec<Block> {
    let cells = impersonation(graph, blasts);
    let mut classes: Vec<&str> = cells.iter().map(|cell| cell.attacker).collect();
    classes.dedup();
    if classes.is_empty() {
        return Vec::new();
    }
    let mut head = vec![Column::left("attacker")];
    head.extend(classes.iter().map(|class| Column { title: Text::name(class), right: true }));
    let rows = cells.chunks(classes.len()).map(|row| {
        let mut cells: Vec<Text> = row.iter().take(1).map(|cell| Text::name(cell.attacker)).collect();
        cells.extend(row.iter().map(|cell| Text::words(becomes(cell.becomes))));
        cells
    });
    let table = Table { head, rows: rows.collect() };
    let legend = "Can somebody of the row act as a chosen other of the column, with what anyone has at hand? granted: nothing has to fail. \
        1 (n): one failure is enough, and n different ones are (alike ones of one class counted once; the victim turning dishonest is none). \
        no: not with one failure. -: there is no other.";
    vec![
        Block::heading(2, Text::words("Who becomes whom"), "impersonation"),
        Block::Table(table),
        Block::Para(Text::words(legend)),
    ]
}

fn becomes(becomes: Becomes) -> String {
    match becomes {
        Becomes::NotApplicable => words::NONE.to_owned(),
        Becomes::Never => "no".to_owned(),
        Becomes::OneFailure(n) => format!("1 ({n})"),
        Becomes::Granted => "granted".to_owned(),
    }
}

/// A cell of the impersonation matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Impersonation<'a> {
    /// Class of the attacker.
    pub attacker: &'a str,
    /// Class of the victim.
    pub victim: &'a str,
    /// How.
    pub becomes: Becomes,
}

/// The impersonation matrix, row by row: every class against every class, in the order of the graph.
pub fn impersonation<'a>(graph: &'a CapabilityGraph, blasts: &Blasts) -> Vec<Impersonation<'a>> {
    let all: Vec<PrincipalId> = (0..graph.principals.len() as u32).map(PrincipalId).collect();
    let of = |id: &PrincipalId| &graph.principals[id.0 as usize];
    let mut some: Vec<PrincipalId> = all.iter().copied().filter(|id| of(id).candidate).collect();
    if some.is_empty() {
        some = all;
    }
    let mut classes: Vec<&str> = Vec::new();
    for id in &some {
        if !classes.contains(&of(id).class.as_str()) {
            classes.push(&of(id).class);
        }
    }
    let seat = |class: &str, role: &str, not: Option<PrincipalId>| {
        let members = some.iter().copied().filter(|id| of(id).class == class);
        let in_seat = members.clone().find(|id| of(id).name == format!("{class}.{role}"));
        let other = || members.clone().find(|id| Some(*id) != not);
        in_seat.or_else(other).or_else(|| members.clone().next())
    };
    let mut cells = Vec::new();
    for attacker in &classes {
        for victim in &classes {
            let from = seat(attacker, "attacker", None);
            let becomes = match (from, seat(victim, "victim", from)) {
                (Some(from), Some(to)) => blasts.becomes(from, to),
                _ => Becomes::NotApplicable,
            };
            cells.push(Impersonation { attacker, victim, becomes });
        }
    }
    cells
}
