//! One or two fields of a model varied, over several designs: what becomes of every threat.
//!
//! A point is the model with its fields set as `--set` sets them, and is answered as that model is.

pub mod vary;

use rayon::prelude::*;

use super::uncertainty::Options;
use super::uncertainty::dials::{self, Dial};
use super::uncertainty::inner::Design;
use super::uncertainty::ranking::Spread;
use crate::analysis::exact::{self, Chances, Limits};
use crate::graph::CapabilityGraph;
use vary::Vary;

/// Draws of the numbers at each point, unless said otherwise.
pub const DRAWS: u64 = 500;
/// Points of one design at most.
pub const MOST: usize = 10_000;

/// A path and a value.
pub type Setting = (String, String);

/// Every combination of the values, the first path slowest.
pub fn settings(varied: &[Vary]) -> Vec<Vec<Setting>> {
    varied.iter().fold(vec![Vec::new()], |all, vary| {
        let more = |point: &Vec<Setting>| {
            let with = |value: &String| [point.clone(), vec![(vary.path.clone(), value.clone())]].concat();
            vary.values.iter().map(with).collect::<Vec<_>>()
        };
        all.iter().flat_map(more).collect()
    })
}

/// One design at one point.
#[derive(Debug, Clone)]
pub struct Point {
    /// What was set.
    pub at: Vec<Setting>,
    /// The graph there.
    pub graph: CapabilityGraph,
    /// One per threat of the graph.
    pub threats: Vec<Varied>,
    /// Wait in days, share that gives up, hours of work a month; `None` where that was not asked.
    pub work: Option<Worked>,
}

/// Measures of work with every rate at its nominal, and over draws of all rates.
pub type Worked = [(f64, Spread); 3];

/// One threat at one point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Varied {
    /// How likely, with every number at its nominal; `None`: not applicable.
    pub chances: Option<Chances>,
    /// The same over draws of all numbers.
    pub spread: Option<Spread>,
}

/// Several designs over the same points.
#[derive(Debug, Clone)]
pub struct Sweep {
    /// What was varied.
    pub varied: Vec<Vary>,
    /// How numbers were drawn.
    pub options: Options,
    /// Per design, per point.
    pub designs: Vec<Vec<Point>>,
}

/// Answers designs at every point. `load` gives the graph of a design with fields set, and its measures of work where they are asked for.
///
/// # Errors
/// The first one of `load`, by design and point.
pub fn sweep<E: Send>(
    designs: usize,
    varied: Vec<Vary>,
    options: Options,
    load: impl Fn(usize, &[Setting]) -> Result<(CapabilityGraph, Option<Worked>), E> + Sync,
) -> Result<Sweep, E> {
    let settings = settings(&varied);
    let asked: Vec<(usize, &Vec<Setting>)> =
        (0..designs).flat_map(|design| settings.iter().map(move |at| (design, at))).collect();
    let loaded: Vec<Result<(CapabilityGraph, Option<Worked>), E>> =
        asked.par_iter().map(|(design, at)| load(*design, at)).collect();
    let loaded: Vec<(CapabilityGraph, Option<Worked>)> = loaded.into_iter().collect::<Result<_, _>>()?;
    let drawn = Drawn::new(loaded.iter().map(|(graph, _)| graph), options);
    let points: Vec<Point> = asked
        .into_par_iter()
        .zip(loaded)
        .map(|((_, at), (graph, work))| Point { at: at.clone(), threats: drawn.threats(&graph), graph, work })
        .collect();
    let designs = points.chunks(settings.len().max(1)).map(<[Point]>::to_vec).collect();
    Ok(Sweep { varied, options, designs })
}

/// The numbers of many graphs, drawn once.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// Every number with a range.
    pub dials: Vec<Dial>,
    values: Vec<Vec<f64>>,
    draws: u64,
}

impl Drawn {
    /// For some graphs.
    pub fn new<'g>(graphs: impl IntoIterator<Item = &'g CapabilityGraph>, options: Options) -> Drawn {
        let dials = dials::dials_of(graphs);
        let values = dials::drawn(&dials, options.reading, options.seed, options.draws);
        Drawn { dials, values, draws: options.draws }
    }

    /// Every threat of a graph.
    fn threats(&self, graph: &CapabilityGraph) -> Vec<Varied> {
        (0..graph.threats.len()).map(|threat| self.threat(graph, threat, &Limits::default())).collect()
    }

    /// One threat of a graph.
    pub fn threat(&self, graph: &CapabilityGraph, threat: usize, limits: &Limits) -> Varied {
        let chances = exact::chance(graph, threat, limits);
        let design = Design::new(graph, &self.dials, &[vec![threat]], limits);
        let spread = design.questions.first().and_then(Option::as_ref).map(|question| {
            let one = |draw: u64| question.at(&design.numbers(|dial| self.values[dial][draw as usize]));
            Spread::of(&(0..self.draws).map(one).collect::<Vec<_>>())
        });
        Varied { chances, spread }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_path_is_the_slowest() {
        let varied = [Vary::parse("a.b=1,2").unwrap(), Vary::parse("c.d=x,y").unwrap()];
        let all = settings(&varied);
        let told: Vec<String> = all
            .iter()
            .map(|point| point.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(""))
            .collect();
        assert_eq!(told, ["1x", "1y", "2x", "2y"]);
        assert_eq!(settings(&[]), vec![Vec::new()]);
    }
}
