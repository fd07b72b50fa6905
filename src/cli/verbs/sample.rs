//! `simulate --trials`: how often each goal is exposed or reached in worlds drawn from the seed.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};
use signal_hook::consts::SIGINT;

use super::common;
use crate::analysis::simulate::record::{Ends, Record, Tally, shard};
use crate::analysis::simulate::sample::Watch;
use crate::analysis::simulate::time::Doubts;
use crate::analysis::simulate::{Attacker, Layout, Plan, Sampler, Timer, Times, Timing, Unsampled};
use crate::cli::args::{AttackerArg, Format, Simulate};
use crate::cli::{Failure, Outcome, output};
use crate::diagnostic::quote;
use crate::graph::unfold::{Copies, Question};
use crate::graph::{CapabilityGraph, json};
use crate::report::chance::Chance;
use crate::report::content::sampled;
use crate::report::folder;
use crate::report::json::Envelope;
use crate::report::json::sampled::SampledAnswer;
use crate::units::HOURS_PER_DAY;

/// Worlds drawn unless told otherwise.
const TRIALS: u64 = 100_000;
/// The ends of the ranges are looked at in every so many-th batch.
const EVERY: u64 = 8;

/// Runs it.
pub fn run(args: &Simulate, graph: &CapabilityGraph) -> Result<Outcome, Failure> {
    let task = Task::new(args, graph)?;
    if let Some(path) = &args.samples {
        refuse_existing(path)?;
    }
    let stop = Stop::new(args.time_limit.as_deref())?;
    let applicable = graph.threats.iter().filter(|threat| threat.not_applicable.is_none()).count();
    let (mut records, mut rows, mut left) = (Vec::new(), Rows::new(args.samples.is_some(), task.timing), applicable);
    for (at, threat) in graph.threats.iter().enumerate() {
        if threat.not_applicable.is_some() {
            records.push((threat.name.as_str(), None));
            continue;
        }
        let record =
            task.threat(at, &stop.share(left), &mut rows).map_err(|why| common::unsampled(&threat.name, &why))?;
        left -= 1;
        records.push((threat.name.as_str(), Some(record)));
        if stop.interrupted() {
            break;
        }
    }
    for threat in graph.threats.iter().skip(records.len()) {
        output::note(&format!("note: {}: stopped before it was begun", quote(&threat.name)));
    }
    for (name, record) in &records {
        if let Some(record) = record.as_ref().filter(|record| record.worlds[1] < task.worlds[1]) {
            let trials = record.worlds[1] - record.worlds[0];
            output::note(&format!(
                "note: {}: stopped after {trials} worlds; --trials {trials} gives the same",
                quote(name)
            ));
        }
    }
    if let Some(path) = &args.samples {
        rows.write(path)?;
    }
    let told: Vec<sampled::Sampled> = records.iter().map(|(name, record)| (*name, record.as_ref())).collect();
    print(args.common.format, args.common.seed, graph.model.as_str(), &graph.design, &told)?;
    Ok(Outcome::Answered)
}

/// Prints records; `merge` prints the same.
pub fn print(
    format: Format,
    seed: u64,
    model: &str,
    design: &str,
    records: &[sampled::Sampled],
) -> Result<(), Failure> {
    match format {
        Format::Human => common::print_stamped(&sampled::blocks(design, records), &[model], seed),
        Format::Json => {
            let timed = records.iter().any(|(_, record)| record.is_some_and(|record| record.attacker.is_some()));
            let answers: Vec<SampledAnswer> = records
                .iter()
                .map(|(name, record)| match record {
                    Some(record) => SampledAnswer::new(record),
                    None => SampledAnswer::not_applicable(name, timed),
                })
                .collect();
            common::json(&Envelope::new("simulate", model, seed, answers))
        }
    }
}

/// What is asked of every threat.
struct Task<'a> {
    graph: &'a CapabilityGraph,
    hash: String,
    seed: u64,
    plan: Plan,
    worlds: [u64; 2],
    of: u64,
    timing: Option<Timing>,
}

impl<'a> Task<'a> {
    fn new(args: &Simulate, graph: &'a CapabilityGraph) -> Result<Task<'a>, Failure> {
        let of = args.trials.unwrap_or(if args.precision.is_some() { Plan::MOST } else { TRIALS });
        let worlds = match &args.shard {
            None => [0, of],
            Some(text) => {
                let (index, shards) = parse_shard(text)?;
                shard(index, shards, of)
            }
        };
        let attacker = args.attacker.map(|attacker| match attacker {
            AttackerArg::Parallel => Attacker::Parallel,
            AttackerArg::Serial => Attacker::Serial,
            AttackerArg::Informed => Attacker::Informed,
        });
        let horizon_h = graph.horizon_days * HOURS_PER_DAY;
        let timing = attacker.map(|attacker| Timing { attacker, detection: !args.no_detection, horizon_h });
        // A graph that does not say what design it is of is called as its file is, and a copy of the file asks the same question.
        let nameless = CapabilityGraph { design: String::new(), ..graph.clone() };
        let digest = Sha256::digest(json::write(&nameless).as_bytes());
        let hash: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Task {
            graph,
            hash: format!("sha256:{hash}"),
            seed: args.common.seed,
            plan: Plan { from: worlds[0], trials: worlds[1] - worlds[0], precision: args.precision },
            worlds,
            of,
            timing,
        })
    }

    fn threat(&self, threat: usize, stop: &Share, rows: &mut Rows) -> Result<Record, Unsampled> {
        let asked = &self.graph.threats[threat];
        let layout = Layout::new(self.graph, &Question::of(asked, Copies::Lumped))?;
        let sampler = Sampler::of(layout.clone(), self.seed);
        let bar = output::progress_bar(&asked.name, self.plan.trials);
        let watch = |done: u64, _: u64| {
            bar.set_position(done - self.worlds[0]);
            stop.goes_on()
        };
        let (times, unnoticed) = self.timed(&sampler, &watch);
        let counted = times.counted;
        bar.finish_and_clear();
        if counted.unreached && !counted.interrupted {
            let text =
                format!("note: {}: the precision was not reached in {} worlds", quote(&asked.name), counted.trials);
            output::note(&text);
        }
        let worlds = [self.worlds[0], self.worlds[0] + counted.trials];
        rows.add(&asked.name, self.graph, &sampler, worlds);
        Ok(Record {
            threat: asked.name.clone(),
            design: self.graph.design.clone(),
            graph: self.hash.clone(),
            horizon_days: self.graph.horizon_days,
            attacker: self.timing.map(|timing| timing.attacker),
            detection: self.timing.is_some_and(|timing| timing.detection),
            worlds,
            of: self.of,
            miss: counted.miss,
            hits: counted.hits,
            seconds: times.seconds,
            doubts: times.doubts,
            ends: self.ends(&layout, worlds, self.timing),
            without_detection: unnoticed.map(|times| Tally {
                hits: times.counted.hits,
                seconds: times.seconds,
                doubts: times.doubts,
                ends: self.ends(&layout, worlds, self.timing.map(unwatched)),
            }),
        })
    }

    /// The question itself, and the same where nothing is noticed, over the same worlds. A precision is that of the latter: a race that is
    /// nearly always lost would never be known precisely.
    fn timed(&self, sampler: &Sampler, watch: Watch) -> (Times, Option<Times>) {
        match self.timing {
            None => {
                let counted = sampler.run(self.plan, watch);
                (Times { counted, seconds: Vec::new(), doubts: Doubts::default() }, None)
            }
            Some(timing) if timing.detection => {
                let race = Timer::new(self.graph, sampler, timing);
                let alone = Timer::new(self.graph, sampler, unwatched(timing));
                let [alone, race] = Timer::run_all([&alone, &race], self.plan, watch);
                (race, Some(alone))
            }
            Some(timing) => (Timer::new(self.graph, sampler, timing).run(self.plan, watch), None),
        }
    }

    /// The same questions with every number at the low, and at the high end of its range.
    fn ends(&self, layout: &Layout, worlds: [u64; 2], timing: Option<Timing>) -> Option<Ends> {
        let days = self.graph.horizon_days;
        let ranges: Vec<Chance> = self.graph.assumptions.iter().map(|it| Chance::of(it, days)).collect();
        let of_layout = |variable: &crate::graph::unfold::Variable| ranges[variable.origin as usize];
        if layout.unfolded.variables.iter().all(|variable| of_layout(variable).low == of_layout(variable).high) {
            return None;
        }
        let hits = |pick: fn(&Chance) -> f64| {
            let numbers: Vec<f64> = ranges.iter().map(pick).collect();
            let sampler = Sampler::of(layout.clone().with_numbers(&numbers), self.seed);
            match timing {
                None => sampler.count_every(worlds[0]..worlds[1], EVERY),
                Some(timing) => Timer::new(self.graph, &sampler, timing).count_every(worlds[0]..worlds[1], EVERY),
            }
        };
        let ((low, trials), (high, _)) = (hits(|chance| chance.low), hits(|chance| chance.high));
        Some(Ends { trials, low, high })
    }
}

/// The same attacker, never noticed.
fn unwatched(timing: Timing) -> Timing {
    Timing { detection: false, ..timing }
}

fn parse_shard(text: &str) -> Result<(u64, u64), Failure> {
    let parts = text.split_once('/').and_then(|(index, of)| Some((index.parse().ok()?, of.parse().ok()?)));
    match parts {
        Some((index, shards)) if 1 <= index && index <= shards => Ok((index, shards)),
        _ => Err(Failure::Usage(format!("error: --shard {} is no shard such as 3/8: from 1/8 to 8/8", quote(text)))),
    }
}

/// When to stop before the plan is done.
pub struct Stop {
    interrupted: Arc<AtomicBool>,
    until: Option<Instant>,
}

/// One threat's part of the time.
pub struct Share {
    interrupted: Arc<AtomicBool>,
    until: Option<Instant>,
}

impl Stop {
    /// With a limit on the time, and on Ctrl-C.
    pub fn new(limit: Option<&str>) -> Result<Stop, Failure> {
        let until = limit.map(seconds).transpose()?.map(|limit| Instant::now() + limit);
        Ok(Stop { interrupted: interrupts(), until })
    }

    /// An equal share of the time that is left. A third of it is kept for the ends of the ranges, which are looked at afterwards, over an eighth of
    /// the worlds each.
    pub fn share(&self, threats: usize) -> Share {
        let now = Instant::now();
        let until =
            self.until.map(|until| now + until.saturating_duration_since(now) * 2 / (3 * threats.max(1) as u32));
        Share { interrupted: Arc::clone(&self.interrupted), until }
    }

    /// Was Ctrl-C pressed?
    pub fn interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }
}

impl Share {
    /// Is there time left?
    pub fn goes_on(&self) -> bool {
        !self.interrupted.load(Ordering::Relaxed) && self.until.is_none_or(|until| Instant::now() < until)
    }
}

/// Set by the first Ctrl-C, which asks for what is known so far; the second ends the program.
fn interrupts() -> Arc<AtomicBool> {
    static FLAG: OnceLock<Arc<AtomicBool>> = OnceLock::new();
    let flag = FLAG.get_or_init(|| {
        let flag = Arc::new(AtomicBool::new(false));
        // In this order: the second signal finds the flag set by the first. Without handlers Ctrl-C ends the program at once, as ever.
        let ends = signal_hook::flag::register_conditional_shutdown(SIGINT, 130, Arc::clone(&flag));
        if ends.is_ok() {
            let _ = signal_hook::flag::register(SIGINT, Arc::clone(&flag));
        }
        flag
    });
    Arc::clone(flag)
}

fn seconds(text: &str) -> Result<Duration, Failure> {
    let seconds = text.strip_suffix('s').and_then(|number| number.parse::<f64>().ok());
    let found = seconds.or_else(|| crate::units::parse_duration(text).map(|hours| hours * 3600.0));
    found
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .filter(|limit| *limit < Duration::from_secs(u64::from(u32::MAX)))
        .ok_or_else(|| {
            Failure::Usage(format!("error: --time-limit {} is no duration such as 30s or 5min", quote(text)))
        })
}

/// One line for each world, where they are asked for.
struct Rows {
    wanted: bool,
    timing: Option<Timing>,
    text: String,
}

impl Rows {
    fn new(wanted: bool, timing: Option<Timing>) -> Rows {
        let head = match timing {
            None => "threat,world,exposed\n",
            Some(timing) if timing.detection => "threat,world,reached,hours,unnoticed_reached,unnoticed_hours\n",
            Some(_) => "threat,world,reached,hours\n",
        };
        Rows { wanted, timing, text: head.to_owned() }
    }

    fn add(&mut self, threat: &str, graph: &CapabilityGraph, sampler: &Sampler, worlds: [u64; 2]) {
        if !self.wanted {
            return;
        }
        let name = format!("\"{}\"", threat.replace('"', "\"\""));
        match self.timing {
            None => {
                for (world, exposed) in (worlds[0]..).zip(sampler.exposed(worlds[0]..worlds[1])) {
                    self.text.push_str(&format!("{name},{world},{}\n", u8::from(exposed)));
                }
            }
            Some(timing) => {
                let worlds = worlds[0]..worlds[1];
                let times = |timing| Timer::new(graph, sampler, timing).worlds(worlds.clone());
                let told = |hours: Option<f64>| hours.map_or("0,".to_owned(), |hours| format!("1,{hours}"));
                let mut lines: Vec<String> = worlds
                    .clone()
                    .zip(times(timing))
                    .map(|(world, hours)| format!("{name},{world},{}", told(hours)))
                    .collect();
                if timing.detection {
                    let unnoticed = times(unwatched(timing));
                    lines
                        .iter_mut()
                        .zip(unnoticed)
                        .for_each(|(line, hours)| line.push_str(&format!(",{}", told(hours))));
                }
                lines.iter().for_each(|line| self.text.extend([line.as_str(), "\n"]));
            }
        }
    }

    /// Writes the file whole or not at all, and never over another.
    fn write(&self, path: &Path) -> Result<(), Failure> {
        let told = path.display().to_string();
        folder::write_file(path, self.text.as_bytes(), false)
            .map_err(|error| Failure::Io(format!("error: {error}")))?;
        output::note(&format!("note: wrote {}", quote(&told)));
        Ok(())
    }
}

fn refuse_existing(path: &Path) -> Result<(), Failure> {
    let told = path.display().to_string();
    match path.exists() {
        true => Err(Failure::Io(format!("error: {} exists already; nothing is overwritten", quote(&told)))),
        false => Ok(()),
    }
}
