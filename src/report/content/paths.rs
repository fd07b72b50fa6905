//! What `paths` tells: for each threat its reach, then its ways as numbered stories.

use crate::analysis::{Path, Status};
use crate::report::document::Block;
use crate::report::prose::{self, Telling};
use crate::report::text::Text;
use crate::report::{number, words};
use crate::study::{DesignAnswer, ThreatAnswer};

/// How many stories, and which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stories {
    /// Every listed path, not only the best of each minimal attack set.
    pub all: bool,
}

/// The stories of every threat of a design.
pub fn blocks(answer: &DesignAnswer, stories: Stories) -> Vec<Block> {
    let note = |note: &String| Block::Para(Text::words("Note: ").join(Text::note(note)));
    let mut blocks: Vec<Block> = answer.notes.iter().map(note).collect();
    for (at, threat) in answer.threats.iter().enumerate() {
        let title = words::titled(&threat.threat, &answer.design, &threat.title);
        blocks.push(Block::heading(2, title, format!("threat-{}", at + 1)));
        blocks.push(Block::Para(reach(answer, threat)));
        blocks.extend(told(answer, threat, stories));
    }
    blocks
}

/// The reach of a threat in one sentence.
pub fn reach(answer: &DesignAnswer, threat: &ThreatAnswer) -> Text {
    let reach = &threat.reach;
    match reach.status {
        Status::NotApplicable => {
            let asked = answer.graph.threats.iter().find(|asked| asked.name == threat.threat);
            let why =
                asked.and_then(|asked| asked.not_applicable.as_deref()).unwrap_or("it cannot be asked of this model");
            Text::words(format!("Not applicable: {why}."))
        }
        Status::Unreachable => Text::words("Unreachable: no set of the stated assumptions, failing, reaches the goal."),
        Status::Grant => Text::words(format!("Reached by grant: nothing has to fail (k = 0). {}", sizes(threat))),
        Status::Exploit => {
            let k = words::k(reach);
            let trusting = match (reach.k, reach.k_trusting) {
                (own, trusting) if own == trusting => String::new(),
                (_, None) => " (unreachable if those the threat trusts are honest)".to_owned(),
                (_, Some(k)) => format!(" ({k} if those the threat trusts are honest)"),
            };
            Text::words(format!("Reached by exploit: at least {k} must fail{trusting}. {}", sizes(threat)))
        }
    }
}

fn sizes(threat: &ThreatAnswer) -> String {
    let reach = &threat.reach;
    let [n0, n1, n2, n3] = reach.profile;
    let extent = reach.extent.as_ref().map_or(String::new(), |extent| {
        format!(" The likeliest reaches {} ({}).", extent.word, number::plural(extent.members, "member", "members"))
    });
    let complete = match (reach.profile_complete, reach.exact) {
        (true, true) => "",
        (_, false) => {
            " (a limit stopped the search: k and the extent are those of the best set found, and k may be smaller)"
        }
        (false, true) => " (not all were counted)",
    };
    format!("Minimal attack sets of 0, 1, 2, 3 failures: {n0}, {n1}, {n2}, {n3}{complete}.{extent}")
}

/// The listed paths that are told: undominated and the best of their attack set, unless all are wanted.
pub fn chosen(threat: &ThreatAnswer, stories: Stories) -> Vec<&Path> {
    let mut shown: Vec<&Path> = Vec::new();
    for path in &threat.paths.paths {
        let best = path.dominated_by.is_none() && shown.iter().all(|known| known.assumptions != path.assumptions);
        if stories.all || best {
            shown.push(path);
        }
    }
    shown
}

fn told(answer: &DesignAnswer, threat: &ThreatAnswer, stories: Stories) -> Vec<Block> {
    let shown = chosen(threat, stories);
    let mut blocks = Vec::new();
    for (at, path) in shown.iter().enumerate() {
        let title = Text::words(format!("Way {}: ", at + 1)).join(prose::summary(&answer.graph, path)).and(".");
        blocks.push(Block::Para(title));
        blocks.push(Block::Steps(prose::path(&answer.graph, path, Telling::default())));
    }
    if !threat.paths.paths.is_empty() {
        blocks.push(Block::Para(Text::words(label(threat, shown.len()))));
    }
    blocks
}

/// What the list is: complete, the provable best, or a bound on what it lacks.
fn label(threat: &ThreatAnswer, shown: usize) -> String {
    let paths = &threat.paths;
    let listed = paths.paths.len();
    let order = words::cost(paths.cost);
    let mut text = match (paths.complete, paths.optimal, paths.at_least) {
        (true, ..) => format!("These are all minimal paths ({listed}), by {order}."),
        (_, true, _) => format!(
            "These are provably the first {listed} by {order}, of {} minimal paths.",
            number::bound(threat.path_count)
        ),
        (.., Some((cost, steps))) => {
            let cost = cost.map_or("infinite".to_owned(), |cost| cost.to_string());
            format!(
                "The search stopped after {} nodes: {listed} verified minimal paths are listed; any other costs at least {cost} and has \
                 at least {steps} steps. Raise --limit for more.",
                paths.nodes
            )
        }
        _ => format!("{listed} verified minimal paths, by {order}."),
    };
    if shown < listed {
        text.push_str(&format!(
            " Told are the best of each minimal attack set ({shown}); --all tells every path listed."
        ));
    }
    let sets = threat.attack_sets.sets.len();
    if shown < sets && !paths.complete {
        text.push_str(&format!(
            " There are {sets} minimal attack sets: -k lists more paths, with the others among them."
        ));
    }
    text
}
