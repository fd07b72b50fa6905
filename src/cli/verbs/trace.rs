//! `simulate --trace`: single simulated attacks as timelines.

use serde::Serialize;

use super::common;
use crate::analysis::simulate::race::What;
use crate::analysis::simulate::trace::{Attack, exposed_worlds};
use crate::analysis::simulate::{Attacker, Sampler, Timer, Timing};
use crate::cli::args::{AttackerArg, Format, Simulate};
use crate::cli::{Failure, Outcome};
use crate::graph::CapabilityGraph;
use crate::graph::unfold::Copies;
use crate::report::content::trace;
use crate::report::json::Envelope;
use crate::units::HOURS_PER_DAY;

#[derive(Debug, Serialize)]
struct TraceAnswer<'a> {
    threat: &'a str,
    attacks: Vec<AttackAnswer>,
}

#[derive(Debug, Serialize)]
struct AttackAnswer {
    world: u64,
    reached_hours: Option<f64>,
    noticed_hours: Option<f64>,
    /// Reached strictly before anything was noticed.
    won: bool,
    events: Vec<EventAnswer>,
}

#[derive(Debug, Serialize)]
struct EventAnswer {
    hours: f64,
    what: &'static str,
    step: u32,
    members: Option<u64>,
    held: Option<u32>,
}

/// Runs it.
pub fn run(args: &Simulate, graph: &CapabilityGraph, attacks: u32) -> Result<Outcome, Failure> {
    let attacker = match args.attacker {
        None | Some(AttackerArg::Parallel) => Attacker::Parallel,
        Some(AttackerArg::Serial) => Attacker::Serial,
        Some(AttackerArg::Informed) => Attacker::Informed,
    };
    let timing = Timing { attacker, detection: !args.no_detection, horizon_h: graph.horizon_days * HOURS_PER_DAY };
    let seed = args.common.seed;
    let mut all: Vec<(usize, Vec<Attack>)> = Vec::new();
    for (at, threat) in graph.threats.iter().enumerate().filter(|(_, threat)| threat.not_applicable.is_none()) {
        let sampler =
            Sampler::new(graph, at, Copies::Lumped, seed).map_err(|why| common::unsampled(&threat.name, &why))?;
        let timer = Timer::new(graph, &sampler, timing);
        let worlds = exposed_worlds(&sampler, attacks as usize);
        all.push((at, worlds.into_iter().map(|world| timer.attack(&sampler, world)).collect()));
    }
    match args.common.format {
        Format::Human => {
            let blocks: Vec<_> = all.iter().flat_map(|(at, attacks)| trace::blocks(graph, *at, attacks)).collect();
            common::print_stamped(&blocks, &[&graph.model], seed)?;
        }
        Format::Json => {
            let answer = |(at, attacks): &(usize, Vec<Attack>)| TraceAnswer {
                threat: &graph.threats[*at].name,
                attacks: attacks.iter().map(told).collect(),
            };
            common::json(&Envelope::new("simulate", &graph.model, seed, all.iter().map(answer).collect()))?;
        }
    }
    Ok(Outcome::Answered)
}

fn told(attack: &Attack) -> AttackAnswer {
    let word = |what: What| match what {
        What::Gained => "gained",
        What::Failed => "failed",
        What::Noticed => "noticed",
    };
    let events = attack.moments.iter().map(|moment| EventAnswer {
        hours: moment.at,
        what: word(moment.what),
        step: moment.step.0,
        members: moment.member.map(|(members, _)| members),
        held: moment.held.map(|id| id.0),
    });
    AttackAnswer {
        world: attack.world,
        reached_hours: attack.ending.reached,
        noticed_hours: attack.ending.noticed,
        won: attack.ending.won().is_some(),
        events: events.collect(),
    }
}
