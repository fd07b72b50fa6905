//! Who may be the victim of an attacker from elsewhere: every member of a closed class, whatever else is asked of the model.

use cotenant::analysis::exact::{Limits, Method, chance, members};
use cotenant::analysis::reach::reach;
use cotenant::graph::CapabilityGraph;
use cotenant::graph::derive::copies;
use cotenant::graph::ground::compile;
use cotenant::graph::unfold::expand;
use cotenant::model::Edits;

use crate::minilib::{expect_model, load_text};
use crate::world::Worlds;
use crate::{close, nominal};

/// A closed class; each member's gem lies behind a door of its own, which fails with probability 0.5.
const VAULT: &str = "cotenant: 1
design: vault
actors:
- {id: keeper, is: publisher, count: COUNT}
assets:
- {id: gem, is: project, per: keeper}
privileges:
- {who: keeper, may: publish, over: gem}
library:
  assumptions:
  - {assumption: own-door, about: [Gem], text: \"the door of {Gem} holds\", question: \"who has the key?\", fails: {at-any-time: 0.5, guess: a toy}}
  steps:
  - step: force-door
    title: Force the door of one gem
    for: {Gem: project}
    when: [\"Gem.present is false\"]
    gain: publish(Gem)
    rests-on: [{own-door: [Gem]}]
    says: \"somebody forces the door of {Gem}\"
threats:
";

/// What else may be asked, and makes seats.
const BESIDE: [&str; 5] = [
    "",
    "- {id: beside, attacker: keeper, victim: {keeper: some}, goal: publish(gem.victim)}\n",
    "- {id: beside, victim: {keeper: chosen}, goal: publish(gem.victim)}\n",
    "- {id: beside, attacker: keeper, victim: {keeper: chosen}, goal: publish(gem.victim)}\n",
    "- {id: beside, attacker: keeper, victim: {keeper: every}, goal: publish(gem.victim)}\n\
     - {id: more, victim: {keeper: chosen}, goal: publish(gem.victim)}\n",
];

fn graph(count: u32, threat: &str, beside: &str) -> CapabilityGraph {
    let text = format!("{}{threat}\n{beside}", VAULT.replace("COUNT", &count.to_string()));
    let (model, _) = expect_model(load_text(&text, &Edits::default()));
    compile(&model).unwrap().graph
}

#[test]
fn every_member_of_a_closed_class_may_be_a_strangers_victim() {
    for (count, attacker, mode, want) in [
        (5, "", "some", 0.96875),
        (5, "", "every", 0.03125),
        (2, "", "some", 0.75),
        (2, "", "every", 0.25),
        (5, "attacker: keeper, ", "some", 0.9375),
        (5, "attacker: keeper, ", "every", 0.0625),
        (2, "attacker: keeper, ", "some", 0.5),
    ] {
        let threat = format!("- {{id: asked, {attacker}victim: {{keeper: {mode}}}, goal: publish(gem.victim)}}");
        let alone = reach(&graph(count, &threat, ""), 0);
        for beside in BESIDE {
            let told = format!("{count} {threat} {beside}");
            let graph = graph(count, &threat, beside);
            let found = chance(&graph, 0, &Limits::default()).unwrap().plain;
            assert!(found.method == Method::Exact && close(found.value, want, 1e-12), "{told}: {found:?}");
            let flat = expand(&graph).unwrap();
            let counted = Worlds::new(&flat).probability(&nominal(&flat));
            assert!(close(counted, want, 1e-12), "{told}: {counted} by counting worlds");
            let beside = reach(&graph, 0);
            assert_eq!((beside.k, beside.profile, beside.status), (alone.k, alone.profile, alone.status), "{told}");
        }
    }
}

#[test]
fn a_chosen_victim_of_a_stranger_has_all_others_beside_it() {
    let threat = "- {id: asked, victim: {keeper: chosen}, goal: publish(gem.victim)}";
    for beside in BESIDE {
        let graph = graph(5, threat, beside);
        let others = graph.threats[0].others.iter().map(|id| copies(&graph, graph.capability(*id).family));
        assert_eq!(others.sum::<u64>(), 4, "{beside}");
    }
}

#[test]
fn a_member_in_a_seat_is_told_among_the_independent_ones() {
    let threat = "- {id: asked, victim: {keeper: some}, goal: publish(gem.victim)}";
    for beside in [BESIDE[0], BESIDE[1], BESIDE[3]] {
        let graph = graph(5, threat, beside);
        let found = members(&graph, 0, &Limits::default()).unwrap();
        let told: Vec<(u64, f64)> = found.iter().map(|one| (one.count, one.without)).collect();
        assert_eq!(told, [(5, 0.0)], "{beside}");
    }
}
