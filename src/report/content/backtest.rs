//! What `backtest` tells: one line per incident, what was missed, and the hit rates.

use crate::analysis::Status;
use crate::model::incident::{ControlAside, Modelled};
use crate::report::document::{Block, Column, Item, Table};
use crate::report::number;
use crate::report::text::Text;
use crate::report::words::NONE;
use crate::study::backtest::rates::{Group, Rate, Rates, rates};
use crate::study::backtest::record::{Compared, Record};
use crate::study::backtest::{Case, End};

/// All incidents, a single one with its path; then what became of the record they are compared with.
pub fn blocks(cases: &[Case], compared: Option<&Compared>) -> Vec<Block> {
    let mut blocks = vec![Block::Table(table(cases)), Block::Para(legend())];
    if let [case] = cases {
        blocks.extend(single(case));
    }
    let missed: Vec<Item> = cases.iter().filter_map(missed).collect();
    if !missed.is_empty() {
        blocks.push(Block::heading(3, Text::words("Not as documented"), "missed"));
        blocks.push(Block::Bullets(missed));
    }
    blocks.extend(blind(cases));
    let rates = rates(cases);
    blocks.push(Block::heading(3, Text::words("Hit rates"), "rates"));
    blocks.push(Block::Table(rate_table(&rates)));
    blocks.push(Block::Para(rate_legend().and(idle(&rates)).and(" ").and(caveat(&rates))));
    blocks.extend(compared.map(record).unwrap_or_default());
    blocks
}

/// What became of a record.
fn record(compared: &Compared) -> Vec<Block> {
    let mut blocks = vec![Block::heading(3, Text::words("Against the record"), "record")];
    let worse = compared.worse.iter().map(|worse| Item::from(Text::name(&worse.id).and(format!(": {}", worse.why))));
    let worse: Vec<Item> = worse.collect();
    if worse.is_empty() {
        blocks.push(Block::Para(Text::words("Nothing that is recorded was lost.")));
    } else {
        blocks.push(Block::Para(Text::words("Worse than recorded:")));
        blocks.push(Block::Bullets(worse));
    }
    let lists = [
        ("More is found than recorded of ", &compared.better, "; `--record FILE` keeps it."),
        ("Not recorded yet: ", &compared.not_recorded, "."),
    ];
    for (lead, names, end) in lists.into_iter().filter(|(_, names, _)| !names.is_empty()) {
        blocks.push(Block::Para(Text::words(lead).join(Text::names(names, 60)).and(end)));
    }
    blocks
}

/// One line per incident.
pub fn table(cases: &[Case]) -> Table {
    let mut head = vec![Column::left("incident"), Column::left("found")];
    head.extend(["k", "shape", "rank", "controls", "held", "others"].map(Column::right));
    let rows = cases.iter().flat_map(|case| {
        let also = case.also.iter().map(|end| {
            let name = Text::words("  also ").and_name(&end.threat);
            row(name, end, none())
        });
        let held = of(case.held.iter().map(|held| held.holds));
        std::iter::once(row(Text::name(&case.id), &case.chain, held)).chain(also)
    });
    Table { head, rows: rows.collect() }
}

fn row(name: Text, end: &End, held: String) -> Vec<Text> {
    let path = end.path.as_ref();
    let cells = [
        found(end).to_owned(),
        end.k.map_or_else(none, |k| k.to_string()),
        end.shape.map_or_else(none, share),
        path.map_or_else(none, |path| path.rank.to_string()),
        of(end.controls.iter().map(|(_, cuts)| *cuts)),
        held,
        path.map_or_else(none, |path| number::bound(path.over_predicted)),
    ];
    std::iter::once(name).chain(cells.map(Text::words)).collect()
}

fn found(end: &End) -> &'static str {
    match (end.found, end.not_trivial) {
        (_, false) => "trivial",
        (false, true) => "no",
        (true, true) if end.status == Status::Grant => "by grant",
        (true, true) => "yes",
    }
}

/// What the columns of [`table`] mean.
pub fn legend() -> Text {
    Text::words(
        "found: the documented end is reached, and not without any failure (trivial). k: failures needed at least. shape: share of the \
         documented intermediate capabilities on the documented path; rank: its place, likeliest first. controls: documented \
         controls that stop it / all that should. held: threats that held and are held / all. others: other minimal paths with at most \
         as many failures.",
    )
}

fn none() -> String {
    NONE.to_owned()
}

fn share(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

fn of(outcomes: impl Iterator<Item = bool>) -> String {
    let (hits, all) = outcomes.fold((0, 0), |(hits, all), hit| (hits + u32::from(hit), all + 1));
    if all == 0 { none() } else { format!("{hits}/{all}") }
}

/// The documented paths, told step by step, and the controls that are documented and stop nothing.
fn single(case: &Case) -> Vec<Block> {
    let chain = Text::words("The documented path of ").and_name(&case.id);
    let mut blocks = path(chain, "path", &case.chain);
    for end in &case.also {
        let title = Text::words("Also reached: ").and_name(&end.threat);
        blocks.extend(path(title, &format!("path-{}", end.threat), end));
    }
    let why = |aside: &ControlAside| Text::name(&aside.control).and(format!(": {}", aside.why));
    let incident = &case.incident;
    let lists = [
        ("Documented controls that stop nothing of it", "stops-nothing", &incident.stops_nothing),
        ("Documented controls that the model does not express", "not-expressed", &incident.not_expressed),
    ];
    for (title, anchor, asides) in lists.into_iter().filter(|(_, _, asides)| !asides.is_empty()) {
        blocks.push(Block::heading(3, Text::words(title), anchor));
        blocks.push(Block::Bullets(asides.iter().map(|aside| Item::from(why(aside))).collect()));
    }
    blocks
}

/// A documented path, told step by step.
fn path(title: Text, anchor: &str, end: &End) -> Vec<Block> {
    let Some(path) = &end.path else { return Vec::new() };
    let failures = match path.failures.as_slice() {
        [] => Text::words("Nothing failed: it was as designed."),
        names => Text::words("That day's failures: ").join(Text::names(names, 20)).and(format!(
            ". Rank {} among the paths, likeliest first, and {} among the sets of failures they rest on.",
            path.rank, path.set_rank
        )),
    };
    let steps = path.steps.iter().map(|step| Item {
        text: Text::words(&step.says),
        sub: vec![Text::words(format!("{} gains ", step.step)).and_name(&step.gains)],
    });
    let mut blocks = vec![Block::heading(3, title, anchor), Block::Para(failures), Block::Steps(steps.collect())];
    if !path.certain {
        let text = "The search for the likeliest paths stopped at its limit: there may be a likelier one.";
        blocks.push(Block::Para(Text::words(text)));
    }
    blocks
}

/// What of an incident is not as documented; nothing if all is. Without a path there is nothing to say of controls and of what held.
fn missed(case: &Case) -> Option<Item> {
    let held: Vec<&String> = case.held.iter().filter(|held| !held.holds).map(|held| &held.threat).collect();
    let mut sub = missed_of(&case.chain);
    for end in &case.also {
        let lead = || Text::words("also ").and_name(&end.threat).and(": ");
        sub.extend(missed_of(end).into_iter().map(|text| lead().join(text)));
    }
    if case.ends().all(|end| end.path.is_some()) {
        sub.extend(named(&wrong(&case.unrelated), "unrelated controls that stop it: "));
        sub.extend(named(&held, "held in reality, and reached by that day's failures: "));
    }
    (!sub.is_empty()).then(|| Item { text: Text::name(&case.id), sub })
}

fn missed_of(end: &End) -> Vec<Text> {
    let mut sub: Vec<Text> = Vec::new();
    match (end.found, end.not_trivial) {
        (_, false) => sub.push(Text::words("reached with every assumption holding, and not said to be a grant")),
        (false, true) => sub.push(Text::words("the documented end is not reached")),
        _ => {}
    }
    sub.extend(named(&wrong(&end.documented), "documented, and not on the path: "));
    if end.path.is_some() {
        sub.extend(named(&wrong(&end.controls), "documented controls that do not stop it: "));
        sub.extend(named(&wrong(&end.idle), "documented controls that stop it, and are not said to: "));
    }
    sub
}

/// Those that are not as they should be.
fn wrong(list: &[(String, bool)]) -> Vec<&String> {
    list.iter().filter(|(_, right)| !right).map(|(name, _)| name).collect()
}

fn named(wrong: &[&String], what: &str) -> Option<Text> {
    (!wrong.is_empty()).then(|| Text::words(what).join(Text::names(wrong, 20)))
}

/// One line per group of incidents.
pub fn rate_table(rates: &[Rates]) -> Table {
    let head = ["group", "n", "found", "shape", "controls", "held"];
    let head = head.iter().enumerate().map(|(at, title)| match at {
        0 => Column::left(title),
        _ => Column::right(title),
    });
    let rows = rates.iter().map(|rates| {
        let cells = [
            group(rates.group).to_owned(),
            rates.incidents.to_string(),
            rate(rates.found),
            rates.shape.map_or_else(none, |(mean, _)| share(mean)),
            rate(rates.controls),
            rate(rates.held),
        ];
        cells.map(Text::words).to_vec()
    });
    Table { head: head.collect(), rows: rows.collect() }
}

/// What became of the models that were written blind: the first score, or what to keep as such.
fn blind(cases: &[Case]) -> Vec<Block> {
    let blind: Vec<Item> =
        cases.iter().filter(|case| case.incident.modelled == Modelled::Blind).map(at_first).collect();
    if blind.is_empty() {
        return Vec::new();
    }
    let lead = "Written before the library was run on them. What the first run said stays, whatever was changed since:";
    let title = Block::heading(3, Text::words("Modelled blind"), "blind");
    vec![title, Block::Para(Text::words(lead)), Block::Bullets(blind)]
}

fn at_first(case: &Case) -> Item {
    let of = |rate: Rate, what: &str| format!(", {} of {} {what}", rate.hits, rate.of);
    let name = Text::name(&case.id);
    let Some(first) = &case.incident.first_score else {
        let keep = Text::words("today's, to be kept in its incident section: ").and_line(score_of(case));
        return Item { text: name.and(": no first score was kept"), sub: vec![keep] };
    };
    let found = if first.found { ": found at first" } else { ": not found at first" };
    let shape = first.shape.map_or_else(String::new, |shape| format!(", shape {}", share(shape)));
    let controls = first.controls.map_or_else(String::new, |rate| of(rate, "controls"));
    let held = first.held.map_or_else(String::new, |rate| of(rate, "held"));
    let now = if case.is_hit() { "; found now" } else { "; not found now" };
    let text = name.and(format!("{found}{shape}{controls}{held}{now}"));
    Item { text, sub: vec![Text::words(&first.why)] }
}

/// Today's score, as it is written in a model.
fn score_of(case: &Case) -> String {
    let shape = case.scored_shape().map_or_else(String::new, |shape| format!(", shape: {shape:.3}"));
    let rate = |key: &str, rate: Rate| match rate.of {
        0 => String::new(),
        of => format!(", {key}: {{hits: {}, of: {of}}}", rate.hits),
    };
    let controls = case.ends().flat_map(|end| &end.controls);
    let controls = rate("controls", Rate::count(controls.map(|(_, cuts)| *cuts)));
    let held = rate("held", Rate::count(case.held.iter().map(|held| held.holds)));
    format!("first-score: {{found: {}{shape}{controls}{held}, why: \"...\"}}", case.is_hit())
}

/// How many of the documented controls that are said not to stop an end leave it reached; nothing where none is.
fn idle(rates: &[Rates]) -> String {
    let apart = |group: Group| matches!(group, Group::Fitted | Group::Blind | Group::NotScored);
    let all = Rate::sum(rates.iter().filter(|rates| apart(rates.group)).map(|rates| rates.idle));
    match all.of {
        0 => String::new(),
        of => format!(
            " Controls that an incident says do not stop an end leave it reached in {} of {of} cases.",
            all.hits
        ),
    }
}

/// What the rates do not say, and what those of the blind models add.
fn caveat(rates: &[Rates]) -> String {
    let of = |group: Group| rates.iter().find(|rates| rates.group == group);
    let Some(blind) = of(Group::Blind) else { return CAVEAT.to_owned() };
    let written = number::plural(blind.incidents, "model was", "models were");
    let fitted = if of(Group::Fitted).is_some() { format!("{CAVEAT} ") } else { String::new() };
    let first = match of(Group::BlindAtFirst) {
        None => "no first score was kept".to_owned(),
        Some(first) => format!("{} of {} found at first try", first.found.hits, first.found.of),
    };
    format!(
        "{fitted}{written} written blind, before the library was run on them: {first}, {} of {} now.",
        blind.found.hits, blind.found.of
    )
}

/// What a rate of fitted models does not say.
const CAVEAT: &str = "The models of these incidents were written afterwards, by people who knew how it ended. The rates therefore say that \
    the library can explain what happened; they do not say that it would have foretold it, nor what else it would have foretold.";

/// The section of a report: how well the library explains what really happened. Nothing without a record.
pub fn section(record: Option<&Record>) -> Vec<Block> {
    let Some(record) = record.filter(|record| !record.incidents.is_empty()) else { return Vec::new() };
    let rates = rates(&record.incidents);
    let lead = format!(
        "The attack library of this report was tried on {} of package indexes: does it find what happened, would the documented \
         controls have stopped it, and is out of reach what held? ",
        number::plural(record.incidents.len() as u64, "real incident", "real incidents")
    );
    vec![
        Block::heading(2, Text::words("Back-test"), "backtest"),
        Block::Para(
            Text::words(lead)
                .and(caveat(&rates))
                .and(" How many other ways are as short is printed, for each, by ")
                .and_name("cotenant backtest")
                .and("."),
        ),
        Block::Table(rate_table(&rates)),
        Block::Para(rate_legend().and(idle(&rates))),
    ]
}

fn group(group: Group) -> &'static str {
    match group {
        Group::Class(_) => group.word(),
        Group::Strong => "all of these",
        Group::Weak => "weak evidence",
        Group::Fitted => "all fitted",
        Group::BlindAtFirst => "blind, at first",
        Group::Blind => "blind, now",
        Group::NotScored => "not counted",
    }
}

/// `36/36 90-100%`.
fn rate(rate: Rate) -> String {
    let Some((low, high)) = rate.interval() else { return none() };
    format!("{}/{} {:.0}-{:.0}%", rate.hits, rate.of, (low * 100.0).floor(), (high * 100.0).ceil())
}

/// What the columns of [`rate_table`] mean.
pub fn rate_legend() -> Text {
    Text::words(
        "Each rate with its 95 % Wilson interval. The classes hold fitted models of strong evidence only; weak evidence: confidence \
         below high, or a chain that rests on memory.",
    )
}
