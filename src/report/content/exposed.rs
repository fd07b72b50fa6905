//! What `simulate --exact` tells: how likely each goal is exposed, and what that rests on.

use crate::analysis::closure::is_granted;
use crate::analysis::exact::{Chance, Chances, ControlWorth, Importance, Members, Method, Together};
use crate::analysis::simulate::Unsampled;
use crate::graph::{AssumptionId, CapabilityGraph, StepId};
use crate::report::chance::{certain_or, grade, within};
use crate::report::document::{Block, Column, Table};
use crate::report::number;
use crate::report::text::Text;
use crate::report::words;

/// Assumptions told for each threat, at most.
const TOLD: usize = 15;

/// How likely one threat is.
#[derive(Debug, Clone, PartialEq)]
pub struct Exposed {
    /// Position of the threat in its graph.
    pub threat: usize,
    /// The probability; `None` if the threat is not applicable.
    pub chances: Option<Chances>,
    /// Populations whose members' own failures carry it.
    pub members: Vec<Members>,
    /// What matters, where it was asked.
    pub matters: Option<Matters>,
    /// Why no worlds were drawn although the bounds are far apart.
    pub undrawn: Option<Unsampled>,
}

/// What the probability of a threat rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Matters {
    /// Each assumption, or why that is not known.
    pub assumptions: Result<Vec<Importance>, String>,
    /// Each control.
    pub controls: Vec<ControlWorth>,
    /// Steps on every path.
    pub choke_points: Vec<StepId>,
}

/// A method as it is printed.
pub fn method(method: Method) -> &'static str {
    match method {
        Method::Exact => "exact",
        Method::Bounded => "bounded",
        Method::Sampled => "sampled",
    }
}

/// Every threat of a graph.
pub fn blocks(graph: &CapabilityGraph, all: &[Exposed]) -> Vec<Block> {
    let when = within(&graph.assumptions, graph.horizon_days);
    let title = Text::words("P(exposed) ").and(when).and(" in ").and_name(&graph.design);
    let mut blocks = vec![Block::heading(2, title, "exposed")];
    let head = vec![
        Column::left("threat"),
        Column::right("P(exposed)"),
        Column::left("over the ranges"),
        Column::left("method"),
    ];
    let rows = all.iter().map(|exposed| {
        let name = Text::name(&graph.threats[exposed.threat].name);
        match exposed.chances {
            None => vec![name, Text::words(words::NONE), Text::words(words::NONE), Text::words("not applicable")],
            Some(chances) => {
                let granted = is_granted(graph, exposed.threat);
                let (p, ends) = (value(&chances.plain, granted), spread(chances.ends, granted));
                vec![name, Text::words(p), Text::words(ends), Text::words(method(chances.plain.method))]
            }
        }
    });
    blocks.push(Block::Table(Table { head, rows: rows.collect() }));
    blocks.push(Block::Para(Text::words(LEGEND)));
    blocks.extend(all.iter().flat_map(|exposed| notes(graph, exposed)).map(Block::Para));
    blocks.extend(all.iter().flat_map(|exposed| matters(graph, exposed)));
    blocks
}

const LEGEND: &str = "The chance that the goal is derivable from the assumptions that fail within the horizon, effort ignored. Over the ranges: \
with every number at the low, and at the high end of its range.";

fn value(chance: &Chance, granted: bool) -> String {
    match chance.interval {
        None => certain_or(chance.value, granted),
        Some([low, high]) if chance.method == Method::Sampled => {
            format!("{} (sampling {} to {})", number::chance(chance.value), number::chance(low), number::chance(high))
        }
        Some([low, high]) => format!("{} to {}", number::chance(low), number::chance(high)),
    }
}

fn spread(ends: Option<[f64; 2]>, granted: bool) -> String {
    let told = |[low, high]: [f64; 2]| format!("{} to {}", certain_or(low, granted), certain_or(high, granted));
    ends.map_or(words::NONE.to_owned(), told)
}

/// What a threat's row does not say.
fn notes(graph: &CapabilityGraph, exposed: &Exposed) -> Vec<Text> {
    let threat = &graph.threats[exposed.threat];
    let Some(chances) = exposed.chances else { return Vec::new() };
    let name = || Text::name(&threat.name);
    let mut notes = Vec::new();
    if chances.trusting != chances.plain {
        let mut trusted: Vec<&str> =
            threat.tolerate.trusting.iter().map(|id| graph.principals[id.0 as usize].class.as_str()).collect();
        trusted.dedup();
        let told = name().and(": trusting ").join(Text::names(trusted, 8)).and(", ");
        let granted = is_granted(graph, exposed.threat);
        let (p, ends) = (value(&chances.trusting, granted), spread(chances.ends_trusting, granted));
        notes.push(told.and(format!("{p} (over the ranges {ends}).")));
    }
    if !exposed.members.is_empty() {
        let told = name().and(": P rests on members who each fail independently of the others: ");
        notes.push(told.join(counted(graph, &exposed.members)).and("."));
    }
    if let Some(why) = chances.stopped {
        let instead = match (chances.plain.method, &exposed.undrawn) {
            (Method::Sampled, _) => {
                format!(" Its bounds are far apart: {} worlds were drawn.", number::count(chances.plain.trials))
            }
            (_, Some(undrawn)) => {
                let remedy = undrawn.remedy();
                format!(" Its bounds are far apart, and no worlds can be drawn: {undrawn}. What is left: {remedy}.")
            }
            (_, None) => String::new(),
        };
        notes.push(name().and(format!(": not exact, since {why}.")).join(Text::note(&instead)));
    }
    notes
}

/// `999 other members of publisher (P would be 0.31 if none of them failed)`; a family is called after the class of its members.
pub fn counted(graph: &CapabilityGraph, all: &[Members]) -> Text {
    let one = |members: &Members| {
        let name = graph.families.get(members.family.0 as usize).map_or("", |family| family.name.as_str());
        let (others, class) = name.strip_prefix("other ").map_or(("", name), |class| ("other ", class));
        Text::words(format!("{} {others}members of ", number::count(members.count)))
            .and_name(if class.is_empty() { "members" } else { class })
            .and(format!(" (P would be {} if none of them failed)", number::chance(members.without)))
    };
    Text::listed(all.iter().map(one), 4)
}

fn matters(graph: &CapabilityGraph, exposed: &Exposed) -> Vec<Block> {
    let Some(matters) = &exposed.matters else { return Vec::new() };
    let threat = &graph.threats[exposed.threat];
    let title = Text::words("What ").and_name(&threat.name).and(" rests on");
    let mut blocks = vec![Block::heading(3, title, format!("importance-{}", exposed.threat + 1))];
    match &matters.assumptions {
        Err(why) => blocks.push(Block::Para(Text::words(format!("Importance is not known: {why}.")))),
        Ok(all) if all.is_empty() => blocks.push(Block::Para(Text::words("No assumption matters to it."))),
        Ok(all) => blocks.extend(assumptions(graph, all)),
    }
    if !matters.choke_points.is_empty() {
        let names = matters.choke_points.iter().map(|id| graph.step(*id).name.as_str());
        blocks.push(Block::Para(Text::words("Steps on every path: ").join(Text::names(names, 12)).and(".")));
    }
    if !matters.controls.is_empty() {
        let note = "Only controls that block steps or lower numbers are listed; those that change the model are weighed by harden.";
        blocks.push(Block::Para(Text::words(note)));
        let head = vec![Column::left("control"), Column::right("P without it"), Column::right("P with it")];
        let row = |worth: &ControlWorth| {
            let name = Text::name(&graph.controls[worth.id.0 as usize].name);
            vec![name, Text::words(number::chance(worth.off)), Text::words(number::chance(worth.on))]
        };
        blocks.push(Block::Table(Table { head, rows: matters.controls.iter().map(row).collect() }));
    }
    blocks
}

fn assumptions(graph: &CapabilityGraph, all: &[Importance]) -> Vec<Block> {
    let all: Vec<Told> = all.iter().map(Told::of).collect();
    let mut order: Vec<&Told> = all.iter().filter(|it| it.birnbaum > 0.0 || it.fv != Some(0.0)).collect();
    order.sort_by(|a, b| b.fv.unwrap_or(0.0).total_cmp(&a.fv.unwrap_or(0.0)).then(b.birnbaum.total_cmp(&a.birnbaum)));
    let never = all.len() - order.len();
    if order.is_empty() {
        let text =
            format!("None of the {never} assumptions on its ways changes P: it is the same whether they hold or fail.");
        return vec![Block::Para(Text::words(text))];
    }
    let head = vec![
        Column::left("assumption"),
        Column::left("grade"),
        Column::right("Fussell-Vesely"),
        Column::right("Birnbaum"),
        Column::right("if it holds, P falls"),
        Column::right("if it fails, P rises"),
    ];
    let rows: Vec<Vec<Text>> = order.iter().take(TOLD).map(|it| it.row(graph)).collect();
    let mut blocks = vec![Block::Table(Table { head, rows }), Block::Para(Text::words(IMPORTANCE))];
    if order.iter().take(TOLD).any(|it| it.members > 1) {
        blocks.push(Block::Para(Text::words(TOGETHER)));
    }
    let less = order.len().saturating_sub(TOLD);
    if less + never > 0 {
        let text =
            format!("Not shown: {less} that matter less, and {never} on no minimal attack set, or never failing.");
        blocks.push(Block::Para(Text::words(text)));
    }
    blocks
}

const IMPORTANCE: &str = "Fussell-Vesely: the part of P in which some minimal attack set with the assumption has failed. Birnbaum: P where it \
surely fails less P where it surely holds. The last two: by what factor P falls or rises then.";
const TOGETHER: &str = "Where each of many members has an assumption (\"each of\"), the row is of all of them together; --format json also tells \
one member's importance.";

/// What is told of an assumption: of all its members together.
struct Told {
    id: AssumptionId,
    members: u64,
    birnbaum: f64,
    rrw: Option<f64>,
    raw: Option<f64>,
    fv: Option<f64>,
}

impl Told {
    fn of(found: &Importance) -> Told {
        let Importance { id, birnbaum, rrw, raw, fv, .. } = *found;
        match found.all {
            None => Told { id, members: 1, birnbaum, rrw, raw, fv },
            Some(Together { members, holds, fails, fv, f }) => {
                let ratio = |a: f64, b: f64| (f > 0.0).then(|| a / b);
                Told { id, members, birnbaum: fails - holds, rrw: ratio(f, holds), raw: ratio(fails, f), fv }
            }
        }
    }

    fn row(&self, graph: &CapabilityGraph) -> Vec<Text> {
        let assumption = graph.assumption(self.id);
        let name = Text::name(&assumption.name);
        let times = |worth: Option<f64>| {
            worth.map_or(words::NONE.to_owned(), |worth| match worth.is_finite() {
                true => format!("{} x", number::significant(worth, 3)),
                false => "to 0".to_owned(),
            })
        };
        vec![
            if self.members > 1 { name.and(format!(" (each of {})", number::count(self.members))) } else { name },
            Text::words(grade(assumption)),
            Text::words(self.fv.map_or(words::NONE.to_owned(), number::chance)),
            Text::words(number::chance(self.birnbaum)),
            Text::words(times(self.rrw)),
            Text::words(times(self.raw)),
        ]
    }
}
