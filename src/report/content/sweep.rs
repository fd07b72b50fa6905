//! A sweep as tables: one per design, a row for each point.

use crate::analysis::closure::is_granted;
use crate::report::chance::certain_or;
use crate::report::document::{Block, Column, Table};
use crate::report::number;
use crate::report::plots::percent;
use crate::report::text::Text;
use crate::study::sweep::{Point, Sweep, Varied};
use crate::study::uncertainty::ranking::Spread;

/// Every design.
pub fn blocks(sweep: &Sweep, designs: &[(String, String)]) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (at, (points, (design, title))) in sweep.designs.iter().zip(designs).enumerate() {
        blocks.push(Block::heading(2, Text::name(design).and(": ").and(title), format!("sweep-{}", at + 1)));
        let threats = points.first().map(|point| &point.graph.threats);
        let threats =
            threats.into_iter().flatten().map(|threat| Column { title: Text::name(&threat.name), right: false });
        blocks.push(table(sweep, points, threats.collect(), &|point| {
            let told = |(threat, varied): (usize, &Varied)| told(varied, is_granted(&point.graph, threat));
            point.threats.iter().enumerate().map(told).collect()
        }));
        if points.iter().any(|point| point.work.is_some()) {
            blocks.push(table(sweep, points, WORK.map(Column::left).to_vec(), &worked));
        }
    }
    let draws = number::count(sweep.options.draws);
    blocks.push(Block::Para(Text::words(format!(
        "The probability that each question can be reached within the horizon, every number at its nominal, as simulate --set answers it; in brackets 5 % \
         to 95 % of {draws} draws of all numbers from their ranges."
    ))));
    if sweep.designs.iter().flatten().any(|point| point.work.is_some()) {
        let text = "Rates of work move no probability. They move the days until a newcomer's first publish, the share of newcomers who give up, and the \
            hours of work a month for those who run the index, with the publishers that the model has.";
        blocks.push(Block::Para(Text::words(text)));
    }
    blocks
}

const WORK: [&str; 3] = ["days to a first publish", "give up", "hours a month"];

/// A row for each point: its values, then what is told of it.
fn table(sweep: &Sweep, points: &[Point], columns: Vec<Column>, told: &dyn Fn(&Point) -> Vec<String>) -> Block {
    let varied = sweep.varied.iter().map(|vary| Column { title: Text::name(&vary.path), right: false });
    let row = |point: &Point| {
        let at = point.at.iter().map(|(_, value)| Text::words(value));
        at.chain(told(point).iter().map(Text::words)).collect()
    };
    Block::Table(Table { head: varied.chain(columns).collect(), rows: points.iter().map(row).collect() })
}

fn worked(point: &Point) -> Vec<String> {
    let Some(work) = point.work else { return vec![String::from("not asked"); WORK.len()] };
    let short = |x: f64| number::significant(x, 3);
    let one = |(at, (value, spread)): (usize, (f64, Spread))| {
        let told = |x: f64| if at == 1 { percent(x) } else { short(x) };
        if spread.low == spread.high {
            return told(value);
        }
        format!("{} ({} to {})", told(value), told(spread.low), told(spread.high))
    };
    work.into_iter().enumerate().map(one).collect()
}

fn told(varied: &Varied, granted: bool) -> String {
    let (Some(chances), Some(spread)) = (varied.chances, varied.spread) else { return String::from("n/a") };
    let [value, low, high] = [chances.plain.value, spread.low, spread.high].map(|p| certain_or(p, granted));
    if spread.low == spread.high || low == high && value == low {
        return value;
    }
    format!("{value} ({low} to {high})")
}
