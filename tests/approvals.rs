//! Who has to agree before something is approved: the graph against the rule as one would say it, for every set of people.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use cotenant::analysis::exact;
use cotenant::analysis::reach::reach;
use cotenant::diagnostic::render_all;
use cotenant::graph::derive::{as_designed, derive, exists};
use cotenant::graph::{CapabilityGraph, CapabilityId, ground, unfold};
use cotenant::model::{self, Edits};
use cotenant::source::Source;

/// The graph of a house with so many members: every member written out, and with those alike as one block.
fn house(count: u32, more: &str) -> [CapabilityGraph; 2] {
    let text = format!(
        "cotenant: 1\ndesign: house\nactors:\n- {{id: member, is: publisher, count: {count}}}\n- {{id: clerk, is: operator}}\n\
         - {{id: second, is: reviewer, per: member, count: 3}}\nservices:\n- {{id: forge, is: forge}}\nassets:\n\
         - {{id: recipe, is: project, per: member}}\n- {{id: tree, is: repository, hosted-on: forge}}\n\
         - {{id: own-key, is: token, per: member}}\n- {{id: key, is: token}}\n- {{id: review, is: approval-gate, by: member}}\n{more}"
    );
    let found = model::load_source(&Source::new("house.yaml", text), &cotenant::scenarios::resolve, &Edits::default());
    let (model, _) = found.unwrap_or_else(|errors| panic!("{}", render_all(&errors, 20, false)));
    let graph = ground::compile(&model).unwrap_or_else(|faults| panic!("{faults:?}")).graph;
    [unfold::expand(&graph).unwrap(), graph]
}

/// One who may be dishonest, or a secret that may be known.
struct Root {
    name: String,
    capability: CapabilityId,
}

fn roots(graph: &CapabilityGraph, wanted: &[&str]) -> Vec<Root> {
    let all = graph
        .capabilities
        .iter()
        .enumerate()
        .map(|(at, capability)| Root { name: capability.name.clone(), capability: CapabilityId(at as u32) });
    let is = |name: &str, of: &str| name.starts_with(&format!("{of}.")) || name.starts_with(&format!("{of})"));
    all.filter(|root| {
        let inside = root.name.strip_prefix("act-as(").or_else(|| root.name.strip_prefix("know("));
        inside.is_some_and(|inside| !inside.contains(".all") && wanted.iter().any(|of| is(inside, of)))
    })
    .collect()
}

/// Every set of the roots: the goal is had by grant exactly where the rule says so.
fn agrees(graphs: &[CapabilityGraph; 2], wanted: &[&str], rule: impl Fn(&[&str]) -> bool, what: &str) {
    let [graph, _] = graphs;
    alike(graphs, what);
    let roots = roots(graph, wanted);
    assert!((2..=12).contains(&roots.len()), "{what}: {} roots", roots.len());
    let goal = graph.threats[0].goal;
    let mut reached = 0;
    for chosen in 0..1u32 << roots.len() {
        let set: Vec<&Root> = (0..roots.len()).filter(|at| chosen & 1 << at != 0).map(|at| &roots[at]).collect();
        let start: Vec<CapabilityId> = set.iter().map(|root| root.capability).collect();
        let had = derive(graph, &start, |step| as_designed(step) && exists(graph, step))[goal.0 as usize];
        let names: Vec<&str> = set.iter().map(|root| root.name.as_str()).collect();
        assert_eq!(had, rule(&names), "{what}: {names:?}");
        reached += u32::from(had);
    }
    assert!(reached > 0, "{what}: nobody ever reaches it");
}

/// A block for those alike gives what every member written out gives.
fn alike(graphs: &[CapabilityGraph; 2], what: &str) {
    let [written_out, lumped] = graphs.each_ref().map(|graph| reach(graph, 0));
    assert_eq!((written_out.status, written_out.k), (lumped.status, lumped.k), "{what}");
    let [written_out, lumped] =
        graphs.each_ref().map(|graph| exact::chance(graph, 0, &exact::Limits::default()).unwrap());
    assert!(written_out.stopped.is_none() && lumped.stopped.is_none(), "{what}");
    let (a, b) = (written_out.plain.value, lumped.plain.value);
    assert!(a > 0.0 && (a - b).abs() <= 1e-9, "{what}: {a} and {b}");
}

fn some(set: &[&str], what: &str) -> usize {
    set.iter().filter(|name| name.contains(what)).count()
}

/// Everything in one place, or every member's own: whoever asks does not approve, unless they may.
#[test]
fn whoever_asks_is_not_among_those_who_approve() {
    for (count, of, own) in [(2, 1, false), (4, 1, false), (5, 2, false), (5, 1, true), (5, 3, true)] {
        for (privilege, goal) in [
            ("{who: member, may: write-source, over: tree, approval: RULE}", "write-source(tree)"),
            ("{who: member, may: publish, over: recipe, scope: any, approval: RULE}", "publish(recipe.victim)"),
            ("{who: member, may: publish, over: recipe, approval: RULE}", "publish(recipe.victim)"),
        ] {
            let written = privilege.replace("RULE", &format!("{{by: member, of: {of}, self: {own}}}"));
            let mine = !privilege.contains("scope") && goal.contains("victim");
            let graph = house(
                count,
                &format!(
                    "privileges:\n- {written}\nthreats:\n- {{id: t, attacker: member, victim: {{member: chosen}}, goal: {goal}}}\n"
                ),
            );
            let rule = |set: &[&str]| {
                let asks = if mine { some(set, "member.victim") > 0 } else { !set.is_empty() };
                asks && set.len() >= of + usize::from(!own)
            };
            agrees(&graph, &["member"], rule, &format!("{written}, {count} members"));
        }
    }
}

/// A declared gate, asked by one who approves there and by one who does not, and with a key that proves nobody.
#[test]
fn one_gate_is_asked_by_those_within_and_by_those_without() {
    let privileges = "privileges:\n- {who: member, may: write-source, over: tree, using: key, approval: review}\n\
                      - {who: clerk, may: write-source, over: tree, approval: review}\n\
                      threats:\n- {id: t, attacker: member, victim: {member: chosen}, goal: write-source(tree)}\n";
    let rule = |set: &[&str]| {
        let members = some(set, "act-as(member");
        let without = some(set, "clerk") + some(set, "know(key") > 0;
        members >= 2 || (without && members >= 1)
    };
    agrees(&house(4, privileges), &["member", "clerk", "key"], rule, "one gate");
}

/// A key of each member's own, in place of its holder: the holder's own approval of it does not count.
#[test]
fn an_owner_does_not_approve_what_is_done_in_its_place() {
    let privileges = "privileges:\n- {who: member, may: publish, over: recipe, using: own-key, approval: {by: member}}\n\
                      threats:\n- {id: t, attacker: member, victim: {member: chosen}, goal: publish(recipe.victim)}\n";
    let rule = |set: &[&str]| {
        let (victim, members) = (some(set, "act-as(member.victim"), some(set, "act-as(member"));
        let asks = victim + some(set, "know(own-key.victim") > 0;
        asks && members > victim
    };
    agrees(&house(4, privileges), &["member", "own-key"], rule, "own key");
}

/// Approvers of each member: a thing's own approve, and those of others do not.
#[test]
fn approvers_of_each_member_approve_for_that_member() {
    for of in 1..=3 {
        let privileges = format!(
            "privileges:\n- {{who: member, may: publish, over: recipe, approval: {{by: second, of: {of}}}}}\n\
             threats:\n- {{id: t, attacker: member, victim: {{member: chosen}}, goal: publish(recipe.victim)}}\n"
        );
        let rule = |set: &[&str]| {
            let own = some(set, "second.victim") + some(set, "second.owner");
            some(set, "member.victim") > 0 && own >= of
        };
        agrees(&house(3, &privileges), &["member", "second"], rule, &format!("{of} of three seconds"));
    }
}
