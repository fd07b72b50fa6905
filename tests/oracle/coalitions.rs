//! Coalitions among thirty candidates: too many subsets to look at all, so each list is judged by samples of them.

use cotenant::analysis::Coalitions;
use cotenant::analysis::coalitions::{coalitions_in, default_candidates};
use cotenant::analysis::sets::LABEL_WORK;
use cotenant::analysis::{by_size, labels};
use cotenant::graph::unfold::{Copies, Question, unfold};
use cotenant::graph::*;

use crate::graphs::{self, Random};
use crate::seeds;

const CANDIDATES: usize = 30;

/// Thirty principals below three layers of capabilities, some of them gained by quorums, with circles.
fn thirty(seed: u64) -> CapabilityGraph {
    let random = &mut Random::new(seed);
    let mut graph = CapabilityGraph { horizon_days: 365.0, ..CapabilityGraph::default() };
    let inner = 12;
    graph.capabilities = (0..CANDIDATES + inner + 1).map(|at| graphs::capability(format!("c{at}"), None)).collect();
    for at in 0..CANDIDATES {
        let (name, capability) = (format!("p{at}"), CapabilityId(at as u32));
        graph.principals.push(Principal { class: name.clone(), name, capability, candidate: true, external: false });
    }
    let goal = CapabilityId((CANDIDATES + inner) as u32);
    let id = |at: usize| CapabilityId(at as u32);
    for at in 0..40 {
        let gains = if at < 4 { goal } else { id(CANDIDATES + random.below(inner)) };
        let needs = (0..1 + random.below(3)).map(|_| id(random.below(CANDIDATES + inner))).collect();
        let mut step = graphs::step(format!("s{at}"), needs, gains, Vec::new());
        if random.percent(15) {
            let mut of: Vec<CapabilityId> = (0..4).map(|_| id(random.below(CANDIDATES + inner))).collect();
            of.sort();
            of.dedup();
            step.quorum = Some(Quorum { at_least: 1 + random.below(of.len().min(2)) as u32, of });
        }
        graph.steps.push(step);
    }
    graph.threats = vec![Threat { name: "t".to_owned(), goal, ..Threat::default() }];
    graph.index();
    graph
}

/// Is the goal derivable with these principals dishonest?
fn reaches(graph: &CapabilityGraph, members: u32) -> bool {
    let start: Vec<CapabilityId> =
        (0..CANDIDATES as u32).filter(|at| members & 1 << at != 0).map(CapabilityId).collect();
    derive::derive(graph, &start, |_| true)[graph.threats[0].goal.0 as usize]
}

fn bits(coalition: &[PrincipalId]) -> u32 {
    coalition.iter().map(|id| 1 << id.0).sum()
}

/// What is listed reaches the goal and can spare nobody.
fn each_is_minimal(graph: &CapabilityGraph, found: &Coalitions, seed: u64) {
    for set in found.coalitions.iter().map(|set| bits(set)) {
        assert!(reaches(graph, set), "seed {seed}");
        let spared = (0..CANDIDATES).filter(|at| set & 1 << at != 0).map(|at| set & !(1 << at));
        spared.for_each(|fewer| assert!(!reaches(graph, fewer), "seed {seed}"));
    }
}

#[test]
fn thirty_candidates_are_answered_in_full() {
    let (mut listed, mut reached) = (0, 0);
    for seed in seeds(60) {
        let graph = thirty(seed);
        let found = coalitions_in(&graph, 0, &default_candidates(&graph), Copies::Lumped, LABEL_WORK).unwrap();
        assert!(found.complete && found.complete_to.is_none(), "seed {seed}");
        each_is_minimal(&graph, &found, seed);
        listed += found.coalitions.len();
        let sets: Vec<u32> = found.coalitions.iter().map(|set| bits(set)).collect();
        let random = &mut Random::new(seed ^ 0xc0a1);
        for _ in 0..2_000 {
            // Of every size, so that many lie near the border.
            let few = random.below(5) as u32;
            let members =
                (0..few).fold(random.next() as u32, |set, _| set & random.next() as u32) & ((1 << CANDIDATES) - 1);
            let known = sets.iter().any(|set| set & members == *set);
            assert_eq!(reaches(&graph, members), known, "seed {seed} {members:b}");
            reached += usize::from(known);
        }
    }
    assert!(listed > 300 && reached > 1_000, "{listed} {reached}");
}

#[test]
fn a_search_that_stops_says_up_to_which_size_it_is_complete() {
    let mut stopped = 0;
    for seed in seeds(60) {
        let graph = thirty(seed);
        let candidates = default_candidates(&graph);
        let all = coalitions_in(&graph, 0, &candidates, Copies::Lumped, LABEL_WORK).unwrap();
        for work in [1, 30, 100, 300] {
            let found = coalitions_in(&graph, 0, &candidates, Copies::Lumped, work).unwrap();
            each_is_minimal(&graph, &found, seed);
            if found.complete {
                assert_eq!(found.coalitions, all.coalitions, "seed {seed}");
                continue;
            }
            stopped += 1;
            for set in &all.coalitions {
                let promised = found.complete_to.is_some_and(|most| set.len() as u64 <= most);
                assert!(!promised || found.coalitions.contains(set), "seed {seed} work {work}");
            }
        }
    }
    assert!(stopped > 50, "{stopped}");
}

/// Labels alone give nothing here: each step of counting has thousands of minimal sets.
#[test]
fn some_of_thirty_are_listed_up_to_the_size_that_is_promised() {
    let mut graph = thirty(1);
    let of: Vec<CapabilityId> = (0..CANDIDATES as u32).map(CapabilityId).collect();
    let mut among = |at_least: u32| {
        let mut step = graphs::step("q".to_owned(), Vec::new(), graph.threats[0].goal, Vec::new());
        step.quorum = Some(Quorum { of: of.clone(), at_least });
        graph.steps = vec![step];
        graph.index();
        coalitions_in(&graph, 0, &default_candidates(&graph), Copies::Lumped, LABEL_WORK).unwrap()
    };
    let four = among(4);
    assert_eq!((four.complete, four.complete_to, four.coalitions.len()), (true, None, 27_405));
    let nine = among(9);
    assert!(!nine.complete && nine.complete_to >= Some(4), "{:?}", nine.complete_to);
    assert!(nine.coalitions.iter().all(|set| set.len() == 9));
}

/// The search by size is one of its own: it gives what labels give.
#[test]
fn sets_by_size_are_those_of_the_labels() {
    let mut compared = 0;
    for seed in seeds(1_000) {
        let graph = graphs::small(seed);
        let unfolded = unfold(&graph, &Question::of(&graph.threats[0], Copies::Lumped)).unwrap();
        let Some(found) = by_size::minimal_sets(&unfolded, 1_000_000) else { continue };
        let labels = labels::minimal_sets(&unfolded, &labels::Search::all(LABEL_WORK));
        let sorted = |mut sets: Vec<Vec<u32>>| {
            sets.sort();
            sets
        };
        assert!(found.complete && labels.complete, "seed {seed}");
        assert_eq!(sorted(found.sets), sorted(labels.sets.clone()), "seed {seed}");
        let few = by_size::minimal_sets(&unfolded, 5).unwrap();
        let promised = |set: &&Vec<u32>| few.complete || few.complete_to.is_some_and(|most| set.len() as u64 <= most);
        assert!(labels.sets.iter().filter(promised).all(|set| few.sets.contains(set)), "seed {seed}");
        assert!(few.sets.iter().all(|set| labels.sets.contains(set)), "seed {seed}");
        compared += 1;
    }
    assert!(compared > 300, "{compared}");
}
