//! `blast`: what each compromised principal or credential gives.

use serde::Serialize;

use super::common;
use crate::analysis::blast::{self, Becomes, Blasts, Compromised};
use crate::cli::args::{Blast, Format};
use crate::cli::load;
use crate::cli::{Failure, Outcome};
use crate::diagnostic::{instead, nearest, quote};
use crate::graph::{CapabilityGraph, CapabilityId, PrincipalId};
use crate::report::content::blast as content;
use crate::report::json::{BlastAnswer, Envelope};

#[derive(Debug, Serialize)]
struct Blasted<'a> {
    #[serde(flatten)]
    envelope: Envelope<'a, BlastAnswer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    impersonation: Option<Vec<Cell<'a>>>,
}

#[derive(Debug, Serialize)]
struct Cell<'a> {
    attacker: &'a str,
    victim: &'a str,
    /// 0, 1, or null: not with one failure.
    k: Option<u32>,
    failures: usize,
    applicable: bool,
}

/// Runs it.
pub fn run(args: &Blast) -> Result<Outcome, Failure> {
    let common = &args.input.common;
    let loaded = load::load(&args.input.model, &args.input.edits)?;
    common::warn_and_note(&loaded);
    let graph = common::prepared(common::into_graph(loaded), &common.threat, common.expand)?;
    let chosen = chosen(&graph, args)?;
    let blasts = Blasts::new(&graph);
    let all = if chosen.is_empty() { blasts.all() } else { chosen.iter().map(|of| blasts.of(*of)).collect() };
    match common.format {
        Format::Human => {
            let blocks = match chosen.is_empty() {
                true => content::all(&graph, &blasts, &all),
                false => all.iter().flat_map(|blast| content::one(&graph, blast)).collect(),
            };
            common::print_stamped(&blocks, &[&graph.model], common.seed)?;
        }
        Format::Json => {
            let answers = all.iter().map(BlastAnswer::from).collect();
            let cells = content::impersonation(&graph, &blasts);
            let cells = cells.iter().map(|cell| {
                let (k, failures) = match cell.becomes {
                    Becomes::Granted => (Some(0), 0),
                    Becomes::OneFailure(n) => (Some(1), n),
                    Becomes::Never | Becomes::NotApplicable => (None, 0),
                };
                let applicable = cell.becomes != Becomes::NotApplicable;
                Cell { attacker: cell.attacker, victim: cell.victim, k, failures, applicable }
            });
            let impersonation = chosen.is_empty().then(|| cells.collect());
            let envelope = Envelope::new("blast", &graph.model, common.seed, answers);
            common::json(&Blasted { envelope, impersonation })?;
        }
    }
    Ok(Outcome::Answered)
}

/// The principals and credentials asked for, by name or class; none: all.
fn chosen(graph: &CapabilityGraph, args: &Blast) -> Result<Vec<Compromised>, Failure> {
    let mut chosen = Vec::new();
    if let Some(wanted) = &args.principal {
        let all = graph.principals.iter().enumerate();
        let all =
            all.map(|(at, it)| (it.name.as_str(), it.class.as_str(), Compromised::Principal(PrincipalId(at as u32))));
        chosen.extend(matching("principal", wanted, all.collect())?);
    }
    if let Some(wanted) = &args.credential {
        let named = |id: CapabilityId| blast::thing(&graph.capability(id).name);
        let all = blast::credentials(graph).into_iter();
        let all = all.map(|id| (named(id), blast::class(named(id)), Compromised::Credential(id)));
        chosen.extend(matching("credential", wanted, all.collect())?);
    }
    Ok(chosen)
}

fn matching(what: &str, wanted: &str, all: Vec<(&str, &str, Compromised)>) -> Result<Vec<Compromised>, Failure> {
    let exact: Vec<Compromised> = all.iter().filter(|(name, _, _)| *name == wanted).map(|(_, _, of)| *of).collect();
    let of_class = || all.iter().filter(|(_, class, _)| *class == wanted).map(|(_, _, of)| *of).collect::<Vec<_>>();
    let found = if exact.is_empty() { of_class() } else { exact };
    if found.is_empty() {
        let hint = match nearest(wanted, all.iter().map(|(name, _, _)| *name)) {
            Some(near) => format!("did you mean {}?", quote(near)),
            None => instead(wanted, all.iter().map(|(_, class, _)| *class)),
        };
        return Err(Failure::Usage(format!("error: --{what}: no {what} is called {}; {hint}", quote(wanted))));
    }
    Ok(found)
}
