//! What `simulate --trials` tells: how often each goal was exposed or reached, how fast, and how sure that is.

use crate::analysis::simulate::Attacker;
use crate::analysis::simulate::record::Record;
use crate::analysis::simulate::time::Doubts;
use crate::report::document::{Block, Column, Table};
use crate::report::number;
use crate::report::text::Text;
use crate::report::words;

/// One threat: its record, or `None` if it is not applicable.
pub type Sampled<'a> = (&'a str, Option<&'a Record>);

/// Every threat of a design.
pub fn blocks(design: &str, all: &[Sampled]) -> Vec<Block> {
    let Some(record) = all.iter().find_map(|(_, record)| *record) else {
        return vec![Block::Para(Text::words("No threat applies to ").and_name(design).and("."))];
    };
    let horizon = number::horizon(record.horizon_days);
    let expression = if record.attacker.is_some() { "P(reached) within " } else { "P(exposed) within " };
    let title = Text::words(expression).and(horizon).and(" in ").and_name(design).and(", sampled");
    let mut blocks = vec![Block::heading(2, title, "sampled")];
    match (record.attacker, record.detection) {
        (None, _) => blocks.push(Block::Table(chances(all))),
        (Some(_), false) => blocks.extend([Block::Table(chances(all)), Block::Table(times(all))]),
        (Some(_), true) => blocks.extend(race(all)),
    }
    blocks.extend(legend((record.attacker, record.detection), record.miss).map(|told| Block::Para(Text::words(told))));
    blocks.extend(doubts(all).into_iter().map(Block::Para));
    blocks
}

/// With and without the race against being noticed, side by side.
fn race(all: &[Sampled]) -> Vec<Block> {
    let titles = ["if nobody notices", "over the ranges", "before the first notice", "over the ranges"];
    let mut head = vec![Column::left("threat")];
    head.extend(titles.map(Column::left));
    head.push(Column::right("worlds"));
    let unnoticed: Vec<(&str, Option<Record>)> =
        all.iter().map(|(threat, record)| (*threat, record.and_then(Record::unnoticed))).collect();
    let told = |record: &Record| {
        let counted = record.counted();
        let share = format!("{} ({})", number::chance(counted.estimate()), between(counted.interval()));
        [share, record.ends.map_or(words::NONE.to_owned(), |ends| between(rising(ends.estimates())))]
    };
    let row = |((threat, record), (_, unnoticed)): (&Sampled, &(&str, Option<Record>))| {
        let cells = match (record, unnoticed) {
            (Some(record), Some(unnoticed)) => {
                [told(unnoticed).to_vec(), told(record).to_vec(), vec![number::count(record.counted().trials)]].concat()
            }
            _ => [vec!["not applicable".to_owned()], vec![words::NONE.to_owned(); 4]].concat(),
        };
        std::iter::once(Text::name(threat)).chain(cells.into_iter().map(Text::words)).collect()
    };
    let mut blocks = vec![Block::Table(Table { head, rows: all.iter().zip(&unnoticed).map(row).collect() })];
    let alone: Vec<Sampled> = unnoticed.iter().map(|(threat, record)| (*threat, record.as_ref())).collect();
    let won: Vec<Sampled> =
        all.iter().filter(|(_, record)| record.is_some_and(|record| record.hits > 0)).copied().collect();
    blocks.extend([Block::Para(Text::words("By when, if nobody notices:")), Block::Table(times(&alone))]);
    if !won.is_empty() {
        let intro = "By when, before the first notice (threats for which that happened at all):";
        blocks.extend([Block::Para(Text::words(intro)), Block::Table(times(&won))]);
    }
    blocks
}

fn chances(all: &[Sampled]) -> Table {
    let head = vec![
        Column::left("threat"),
        Column::right("probability"),
        Column::left("interval"),
        Column::left("over the ranges"),
        Column::right("worlds"),
    ];
    let row = |(threat, record): &Sampled| {
        let name = Text::name(threat);
        let Some(record) = record else {
            let none = || Text::words(words::NONE);
            return vec![name, none(), Text::words("not applicable"), none(), none()];
        };
        let counted = record.counted();
        let spread = record.ends.map_or(words::NONE.to_owned(), |ends| between(rising(ends.estimates())));
        vec![
            name,
            Text::words(number::chance(counted.estimate())),
            Text::words(between(counted.interval())),
            Text::words(spread),
            Text::words(format!("{} of {}", number::count(counted.hits), number::count(counted.trials))),
        ]
    };
    Table { head, rows: all.iter().map(row).collect() }
}

/// Where attempts are noticed, higher numbers may leave the smaller share.
fn rising([low, high]: [f64; 2]) -> [f64; 2] {
    [low.min(high), low.max(high)]
}

fn between([low, high]: [f64; 2]) -> String {
    format!("{} to {}", number::chance(low), number::chance(high))
}

/// By when: shares of all worlds at a few times, and quantiles.
fn times(all: &[Sampled]) -> Table {
    let by = [("1 day", 24.0), ("1 week", 168.0), ("30 days", 720.0), ("90 days", 2_160.0)];
    let mut head = vec![Column::left("threat")];
    head.extend(by.map(|(told, _)| Column::right(format!("by {told}"))));
    head.extend([Column::right("a quarter of worlds by"), Column::right("half of worlds by")]);
    let row = |(threat, record): &Sampled| {
        let times = record.and_then(Record::times)?;
        let mut cells = vec![Text::name(threat)];
        cells.extend(by.map(|(_, hours)| {
            let counted = times.chance_by(hours);
            Text::words(format!("{} ({})", number::chance(counted.estimate()), between(counted.interval())))
        }));
        cells.extend([0.25, 0.5].map(|q| {
            let found = times.quantile(q);
            let told = |end: Option<f64>| end.map_or("beyond".to_owned(), number::hours);
            Text::words(match found.at {
                None => "beyond the horizon".to_owned(),
                at => format!("{} ({} to {})", told(at), told(found.interval[0]), told(found.interval[1])),
            })
        }));
        Some(cells)
    };
    Table { head, rows: all.iter().filter_map(row).collect() }
}

/// What the shares are shares of, and what the intervals leave open.
fn legend((attacker, detection): (Option<Attacker>, bool), miss: f64) -> [String; 2] {
    let level = number::significant((1.0 - miss) * 100.0, 4);
    let what = match (attacker, detection) {
        (None, _) => "Sampled: the share of worlds in which the goal is derivable from the assumptions that failed, effort ignored.".to_owned(),
        (Some(attacker), detection) => {
            let how = match attacker {
                Attacker::Parallel => "runs every enabled step at once, against every member, whether or not it can succeed,",
                Attacker::Serial => "does one step after the other",
                Attacker::Informed => "runs at once every step that can succeed",
            };
            let race = match (detection, attacker) {
                (false, _) => "; nobody notices.",
                (true, Attacker::Serial) => ": if nobody ever notices; and before the first attempt is noticed.",
                (true, _) => {
                    ": if nobody ever notices; and before the first attempt is noticed. So many attempts at once are soon noticed, and a share near 0 \
                     there says that this race is lost, not that the goal is out of reach; --attacker serial is quieter."
                }
            };
            format!("Sampled: the share of worlds in which an attacker who {how} reaches the goal within the horizon{race} Assumptions fail at time 0, the worst case.")
        }
    };
    let order = if attacker.is_some() && detection {
        "; what is likelier to be open is also noticed sooner, so either may be the smaller"
    } else {
        ""
    };
    let open = format!(
        "The interval is what sampling leaves open ({level} %), not what the numbers leave open. Over the ranges: two estimates, with every \
         number at the low, and at the high end of its range, from an eighth of the worlds{order}."
    );
    [what, open]
}

/// Threats of which the same is to be doubted share a sentence.
fn doubts(all: &[Sampled]) -> Vec<Text> {
    let mut alike: Vec<(Doubts, Vec<&str>)> = Vec::new();
    for (threat, record) in all.iter().filter_map(|(threat, record)| Some((*threat, (*record)?))) {
        match alike.iter_mut().find(|(doubts, _)| *doubts == record.doubts) {
            Some((_, threats)) => threats.push(threat),
            None => alike.push((record.doubts, vec![threat])),
        }
    }
    alike.into_iter().filter_map(|(doubts, threats)| doubt(doubts, &threats)).collect()
}

fn doubt(doubts: Doubts, threats: &[&str]) -> Option<Text> {
    let worlds = |n: u64| number::plural(n, "world", "worlds");
    let mut told = Vec::new();
    if doubts.unproved > 0 {
        told.push(format!("in {} the shortest path was not proved the shortest", worlds(doubts.unproved)));
    }
    if doubts.thinned > 0 {
        told.push(format!(
            "in {} only some of the members who could act were timed one by one",
            worlds(doubts.thinned)
        ));
    }
    let names = Text::names(threats, 20).and(": ");
    (!told.is_empty()).then(|| names.and(told.join(", ")).and("; the attacker may be faster there."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::escape;

    #[test]
    fn no_legend_is_cut() {
        let attackers = [Attacker::Parallel, Attacker::Serial, Attacker::Informed];
        let all =
            attackers.into_iter().map(Some).chain([None]).flat_map(|attacker| [(attacker, true), (attacker, false)]);
        for told in all.flat_map(|how| legend(how, 0.05 / 20.0)) {
            assert_eq!(escape::clip(&told, escape::SENTENCE), told);
        }
    }
}
