//! What the founding mail says (Nick Coghlan, distutils-sig, 6 November 2016), tested on the built-in scenarios.
//!
//! Each claim is one function over answers. It must accept the scenarios, and it must reject a twin: the same models with one change
//! that makes the sentence false. A claim that no change can make false would say nothing.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that fails says so"
)]

mod designs;

use std::collections::{BTreeMap, BTreeSet};

use cotenant::analysis::Status;
use cotenant::graph::derive::{as_designed, derive, exists};
use cotenant::graph::{CapabilityId, StepKind};
use cotenant::study::{Costs, DesignAnswer, PathKey};
use designs::{among, answer, as_it_is, attack_sets, briefly, coalitions, lay_over, set, threat, with, without};

type Claim = Result<(), String>;

fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Claim {
    if holds { Ok(()) } else { Err(otherwise()) }
}

#[track_caller]
fn accepts(claim: Claim) {
    if let Err(why) = claim {
        panic!("the claim does not hold of the scenarios: {why}");
    }
}

/// The twin is rejected, and for the reason it was made for.
#[track_caller]
fn rejects(claim: Claim, because: &str) {
    match claim {
        Ok(()) => panic!("the claim holds of its twin, for which it should be false"),
        Err(why) => assert!(why.contains(because), "rejected for another reason: {why}"),
    }
}

fn costs(answer: &DesignAnswer) -> &Costs {
    answer.costs.as_ref().expect("a model has costs")
}

fn sets(of: &[&[&str]]) -> BTreeSet<BTreeSet<String>> {
    of.iter().map(|one| one.iter().map(|name| (*name).to_owned()).collect()).collect()
}

/// Steps that rest on something, in any minimal path of a threat.
fn exploits(answer: &DesignAnswer, name: &str) -> BTreeSet<String> {
    let steps = threat(answer, name).all_paths.iter().flat_map(|path| &path.steps).map(|id| answer.graph.step(*id));
    steps.filter(|step| step.kind == StepKind::Exploit).map(|step| step.name.clone()).collect()
}

fn every_path_is_known(answer: &DesignAnswer, name: &str) -> Claim {
    ensure(threat(answer, name).path_count.complete, || format!("{}: not every path is known", answer.design))
}

// (a) "Currently we're reasonably confident that the only folks that can compromise Django users (for example) are the Django devs and
// the PyPI service administrators."
fn only_developers_and_administrators(among: &DesignAnswer, all: &DesignAnswer) -> Claim {
    let found = coalitions(among, "users");
    let only = sets(&[&["publisher.victim"], &["index-admin"]]);
    ensure(found == only, || format!("among publishers and administrators: {found:?}"))?;
    let parties: BTreeSet<String> = coalitions(all, "users").into_iter().flatten().collect();
    let missing: Vec<&str> = ["mail-host", "hosting"].into_iter().filter(|id| !parties.contains(*id)).collect();
    ensure(missing.is_empty(), || format!("over all candidates, {missing:?} are not named"))
}

#[test]
fn a_only_developers_and_administrators_can_compromise_the_users() {
    let people = ["publisher", "index-admin"];
    let claim = |edits| {
        only_developers_and_administrators(&among("status-quo", &edits, &people), &briefly("status-quo", &edits))
    };
    accepts(claim(as_it_is()));
    // Every publisher may publish every project.
    rejects(
        claim(lay_over("privileges: [{who: publisher, may: publish, over: project, scope: any}]")),
        "among publishers",
    );
    // Resets do not go through mail any more: the mail providers are no party.
    rejects(claim(set("password.recovery", "[]")), r#""mail-host""#);
}

// (b) "PyPI currently has the ability to impersonate any PyPI publisher, which makes it an enormous security threat in and of itself".
fn the_index_can_impersonate_anyone(answer: &DesignAnswer) -> Claim {
    let graph = &answer.graph;
    let root = graph.capabilities.iter().position(|capability| capability.name == "act-as(index)");
    let start = [CapabilityId(root.ok_or("there is no index")? as u32)];
    let had = derive(graph, &start, |step| as_designed(step) && exists(graph, step));
    let releases: Vec<usize> = (0..graph.capabilities.len())
        .filter(|at| graph.capabilities[*at].name.starts_with("publish(project"))
        .collect();
    ensure(releases.len() > 1, || "nobody's release can be published".to_owned())?;
    let missing = releases.into_iter().find(|at| !had[*at]);
    ensure(missing.is_none(), || format!("not {}", graph.capabilities[missing.unwrap_or_default()].name))
}

#[test]
fn b_the_index_can_impersonate_any_publisher() {
    accepts(the_index_can_impersonate_anyone(&briefly("status-quo", &as_it_is())));
    // What the index serves is no release by itself.
    rejects(the_index_can_impersonate_anyone(&briefly("status-quo", &without(&["store"]))), "not publish(project");
    // The index may publish what it was given to nobody but its owner.
    rejects(
        the_index_can_impersonate_anyone(&briefly("status-quo", &set("store.scope", "own"))),
        "not publish(project",
    );
}

// (c) "Once you start providing a server-side build service however, you're opening up additional attack vectors on the core publishing
// system, and getting any aspect of that wrong may lead to publishers being able to impersonate *each other*."
fn building_opens_new_vectors(status_quo: &DesignAnswer, native: &DesignAnswer) -> Claim {
    every_path_is_known(status_quo, "impersonation")?;
    let known = exploits(status_quo, "impersonation");
    let new: BTreeSet<String> = exploits(native, "impersonation").difference(&known).cloned().collect();
    ensure(!new.is_empty(), || "no step that the status quo does not have".to_owned())?;
    // One failure is enough for some of them, and the attacker is a publisher.
    let graph = &native.graph;
    let is_publisher = |need: &CapabilityId| graph.capability(*need).name == "act-as(publisher.attacker)";
    let by_publisher = threat(native, "impersonation").all_paths.iter().any(|path| {
        let mut steps = path.steps.iter().map(|id| graph.step(*id));
        path.assumptions.len() == 1
            && steps.clone().any(|step| new.contains(&step.name))
            && steps.any(|step| step.needs.iter().any(is_publisher))
    });
    ensure(by_publisher, || format!("no publisher gets there by one of {new:?}"))
}

#[test]
fn c_a_build_service_opens_additional_attack_vectors() {
    let status_quo = answer("status-quo", &as_it_is());
    accepts(building_opens_new_vectors(&status_quo, &answer("native-containers", &as_it_is())));
    // The same index without the machines it would build on.
    rejects(
        building_opens_new_vectors(&status_quo, &answer("native-containers", &without(&["builder"]))),
        "no step that",
    );
    rejects(building_opens_new_vectors(&status_quo, &status_quo), "no step that");
}

// (d) "Linux distros and conda-forge duck that multi-tenancy problem by treating the build system itself as the publisher, with everyone
// with access to it being a relatively trusted co-tenant (think \"share house with no locks on interior doors\" rather than \"apartment
// complex\")."
fn no_locks_on_interior_doors(house: &DesignAnswer) -> Claim {
    let reach = &threat(house, "impersonation").reach;
    ensure(reach.status == Status::Grant && reach.k == Some(0), || format!("{}: {:?}", house.design, reach.status))?;
    let everyone = reach.extent.as_ref().is_some_and(|extent| extent.word == "all") && reach.profile_wide[0] == 1;
    ensure(everyone, || format!("{}: not every other co-publisher", house.design))
}

/// After the outputs are checked, something has to fail first, and it has a name.
fn a_lock_that_has_to_fail(house: &DesignAnswer) -> Claim {
    let answer = threat(house, "impersonation");
    ensure(answer.reach.status == Status::Exploit, || format!("{}: {:?}", house.design, answer.reach.status))?;
    ensure(!answer.attack_sets.sets.is_empty(), || "no attack set is told".to_owned())?;
    let named = |set: &Vec<_>| !set.is_empty() && set.iter().all(|id| !house.graph.assumption(*id).text.is_empty());
    ensure(answer.attack_sets.sets.iter().all(named), || "an attack set without a named assumption".to_owned())
}

#[test]
fn d_in_a_share_house_every_co_publisher_can_become_every_other() {
    for house in ["house-distro", "house-forge-before"] {
        accepts(no_locks_on_interior_doors(&briefly(house, &as_it_is())));
    }
    accepts(a_lock_that_has_to_fail(&briefly("house-forge-after", &as_it_is())));
    // Members upload their own packages only; each recipe's account writes its own outputs only.
    rejects(no_locks_on_interior_doors(&briefly("house-distro", &set("submit.scope", "own"))), "Exploit");
    rejects(no_locks_on_interior_doors(&briefly("house-forge-after", &as_it_is())), "Exploit");
    // The jobs' account may write the channel again, past the check.
    let past = "privileges: [{who: staging-account, may: publish, over: project, scope: any}]";
    rejects(a_lock_that_has_to_fail(&briefly("house-forge-after", &lay_over(past))), "Grant");
}

// (e) "For PyPI, we can mitigate the difficulty by getting the builds to happen somewhere else (like external CI services), but even then
// you still have a non-trivial service integration problem to manage".
fn builds_happen_somewhere_else(
    status_quo: &DesignAnswer,
    native: &DesignAnswer,
    external: &DesignAnswer,
    integrates: bool,
) -> Claim {
    ensure(!costs(native).strangers_code.is_empty(), || "the native build runs no strangers' code".to_owned())?;
    let left = &costs(external).strangers_code;
    ensure(left.is_empty(), || format!("{}: strangers' code runs on {left:?}", external.design))?;
    let parties = |answer| costs(answer).parties.iter().cloned().collect::<BTreeSet<String>>();
    let (before, after) = (parties(status_quo), parties(external));
    ensure(before.is_subset(&after) && after.len() > before.len(), || format!("{}: {after:?}", external.design))?;
    let interfaces = |answer| costs(answer).interfaces.len();
    let more = interfaces(external) > interfaces(status_quo);
    ensure(more || !integrates, || format!("{}: no more interfaces than the status quo", external.design))
}

#[test]
fn e_external_builds_trade_strangers_code_for_parties_and_interfaces() {
    let status_quo = briefly("status-quo", &as_it_is());
    let native = briefly("native-containers", &as_it_is());
    let claim = |design, edits, integrates| {
        builds_happen_somewhere_else(&status_quo, &native, &briefly(design, &edits), integrates)
    };
    accepts(claim("operator-ci", as_it_is(), true));
    accepts(claim("byo-trusted", as_it_is(), true));
    accepts(claim("byo-token", as_it_is(), false));
    // The operator runs the CI themselves.
    rejects(
        claim("operator-ci", lay_over("services: [{id: ci, external: false, operated-by: [index-admin]}]"), true),
        "strangers' code runs on",
    );
    // Nobody builds anywhere else.
    rejects(claim("status-quo", as_it_is(), true), "status-quo: ");
    // Identities are believed, but no CI of the publishers makes any.
    rejects(claim("byo-trusted", without(&["ci", "forge", "action-vendor"]), true), "byo-trusted: ");
}

// (f) "Unfortunately, offering secure multi-tenancy in software services when you allow tenants to run arbitrary code is a really hard
// problem".
//
// First half: a better sandbox around each build is not the answer by itself.
fn isolation_alone_leaves_the_rest(containers: &DesignAnswer, raised: &DesignAnswer) -> Claim {
    every_path_is_known(containers, "impersonation")?;
    every_path_is_known(raised, "impersonation")?;
    let beside = |answer| -> BTreeMap<PathKey, u64> {
        let keys = threat(answer, "impersonation").keys.clone();
        keys.into_iter().filter(|(key, _)| !key.iter().any(|step| step == BREAK_OUT)).collect()
    };
    let (before, after) = (beside(containers), beside(raised));
    ensure(!before.is_empty(), || "every path breaks out of a build".to_owned())?;
    let gone: Vec<_> =
        before.iter().filter(|(key, n)| after.get(*key) != Some(*n)).map(|(key, _)| key.join(" + ")).collect();
    ensure(gone.is_empty(), || format!("gone, with others: {}", gone[0]))?;
    let reach = |answer| (threat(answer, "impersonation").reach.status, threat(answer, "impersonation").reach.k);
    ensure(reach(containers) == reach(raised), || format!("{:?} became {:?}", reach(containers), reach(raised)))
}

/// The step that breaks a sandbox; all other ways of a build leave it as it is.
const BREAK_OUT: &str = "escape-tenant";

/// Second half: an apartment complex takes more, and what it then rests on is told.
fn tenants_need_not_trust_each_other(
    status_quo: &DesignAnswer,
    containers: &DesignAnswer,
    apartment: &DesignAnswer,
) -> Claim {
    every_path_is_known(apartment, "impersonation")?;
    let kinds = |answer: &DesignAnswer| -> BTreeSet<String> {
        let kind = |name: &String| name.split('(').next().unwrap_or_default().to_owned();
        answer.graph.assumptions.iter().map(|assumption| kind(&assumption.name)).collect()
    };
    let known = kinds(status_quo);
    // Secrets and missing checks in reach of a build: what the native build added, but for the sandbox.
    let added = |step: &&cotenant::graph::Step| {
        let mut rests = step
            .assumptions
            .iter()
            .map(|id| containers.graph.assumption(*id).name.split('(').next().unwrap_or_default());
        step.name != BREAK_OUT && step.kind == StepKind::Exploit && !rests.any(|kind| known.contains(kind))
    };
    let gaps: BTreeSet<String> = containers.graph.steps.iter().filter(added).map(|step| step.name.clone()).collect();
    ensure(gaps.len() >= 6, || format!("only {gaps:?}"))?;
    let left: Vec<String> = exploits(apartment, "impersonation").intersection(&gaps).cloned().collect();
    ensure(left.is_empty(), || format!("still there: {left:?}"))?;
    let status = threat(apartment, "impersonation").reach.status;
    ensure(status == Status::Exploit, || format!("{status:?}"))?;
    let (before, after) = (attack_sets(status_quo, "impersonation"), attack_sets(apartment, "impersonation"));
    let single: Vec<_> = after.iter().filter(|set| set.len() < 2 && !before.contains(*set)).collect();
    ensure(single.is_empty(), || format!("one failure suffices that did not in the status quo: {single:?}"))?;
    let added: BTreeSet<&String> = after.difference(&before).flatten().collect();
    ensure(!added.is_empty(), || "a build service that rests on nothing new".to_owned())?;
    let told = |name: &&String| {
        apartment
            .graph
            .assumptions
            .iter()
            .any(|known| known.name == **name && !known.text.is_empty() && !known.question.is_empty())
    };
    ensure(added.iter().all(told), || format!("not told: {added:?}"))
}

#[test]
fn f_secure_multi_tenancy_takes_more_than_a_sandbox() {
    let status_quo = answer("status-quo", &as_it_is());
    let containers = answer("native-containers", &as_it_is());
    let raised = answer("native-containers", &set("tenant.isolation", "vm"));
    accepts(isolation_alone_leaves_the_rest(&containers, &raised));
    accepts(tenants_need_not_trust_each_other(&status_quo, &containers, &answer("native-apartment", &as_it_is())));
    // Not isolation alone: the machines hold no credential either.
    let more = answer("native-containers", &with(&["vm-per-build", "secretless-builder"]));
    rejects(isolation_alone_leaves_the_rest(&containers, &more), "gone, with others");
    // An apartment complex without walls, and one whose machines may publish what they were given, by the name it bears.
    let tenants_need_not =
        |edits| tenants_need_not_trust_each_other(&status_quo, &containers, &answer("native-apartment", &edits));
    rejects(tenants_need_not(set("cell.isolation", "none")), "one failure suffices");
    let by_name = "services: [{id: tenant, output-to: [farm]}]\nprivileges: [{who: farm, may: publish, over: project, scope: any}]";
    rejects(tenants_need_not(lay_over(by_name)), "still there");
}

// (g) "the latter we currently mitigate by tightly controlling admin access to the production PyPI service, and strictly limiting the
// server-side processing that PyPI performs on uploaded files to reduce the opportunities for privilege escalation".
fn less_processing_less_escalation(processes: &DesignAnswer, stores: &DesignAnswer) -> Claim {
    for name in ["impersonation", "outsider"] {
        let [with, less] = [processes, stores].map(|answer| &threat(answer, name).reach);
        ensure(with.profile_complete && less.profile_complete, || "not every attack set is known".to_owned())?;
        let (with, less) = (with.profile_wide[1], less.profile_wide[1]);
        ensure(less < with, || format!("{name}: {less} single failures open everybody, and {with} before"))?;
    }
    Ok(())
}

#[test]
fn g_less_processing_of_uploads_means_fewer_ways_to_publish_as_anyone() {
    let processes = briefly("status-quo", &as_it_is());
    accepts(less_processing_less_escalation(
        &processes,
        &briefly("status-quo", &set("index.processes-uploads", "false")),
    ));
    accepts(less_processing_less_escalation(&processes, &briefly("status-quo", &with(&["no-processing"]))));
    // Another precaution, on one publisher's side, changes nothing about everybody's.
    rejects(
        less_processing_less_escalation(&processes, &briefly("status-quo", &with(&["watch-domains"]))),
        "single failures open",
    );
    // Uploads are processed after all.
    rejects(
        less_processing_less_escalation(&briefly("status-quo", &with(&["no-processing"])), &processes),
        "single failures open",
    );
}

// (h) "That approach works OK at smaller scales, but the gatekeeping involved in approving new co-publishers introduces off-putting
// friction for potential participants".
fn only_the_houses_ask_first(designs: &[DesignAnswer]) -> Claim {
    for design in designs {
        let Costs { approvals, approvers, .. } = costs(design);
        let asks = approvals.ok_or_else(|| format!("{}: nobody new ever publishes", design.design))? > 0;
        let house = design.design.starts_with("house-");
        ensure(asks == house, || format!("{}: {approvals:?} approvals by {approvers:?}", design.design))?;
        ensure(asks != approvers.is_empty(), || format!("{}: nobody approves", design.design))?;
    }
    Ok(())
}

#[test]
fn h_only_the_shared_houses_ask_a_human_before_a_first_publish() {
    let all = |twin: &str, edits| -> Vec<DesignAnswer> {
        designs::ORDER.iter().map(|name| briefly(name, if *name == twin { &edits } else { &EMPTY })).collect()
    };
    accepts(only_the_houses_ask_first(&all("", as_it_is())));
    rejects(only_the_houses_ask_first(&all("house-distro", set("publisher.joins", "open"))), "house-distro: Some(0)");
    let list =
        "actors: [{id: curator, is: reviewer, count: 3}]\nprivileges: [{id: submit, approval: {by: curator, of: 1}}]";
    rejects(only_the_houses_ask_first(&all("operator-ci", lay_over(list))), "operator-ci: Some(1)");
}

static EMPTY: cotenant::model::Edits = cotenant::model::Edits {
    overlays: Vec::new(),
    sets: Vec::new(),
    without: Vec::new(),
    with: Vec::new(),
    horizon_days: None,
};

// (i) "Whichever way you go though (native build service, or integration with external build services), you're signing up for a major
// ongoing maintenance task".
fn more_to_maintain(status_quo: &DesignAnswer, design: &DesignAnswer) -> Claim {
    let (before, after) = (costs(status_quo), costs(design));
    let more = after.services.len() > before.services.len() || after.interfaces.len() > before.interfaces.len();
    ensure(more, || format!("{}: {:?} and {:?}", design.design, after.services, after.interfaces))
}

#[test]
fn i_both_ways_are_a_maintenance_task() {
    let status_quo = briefly("status-quo", &as_it_is());
    for design in ["native-containers", "native-apartment", "operator-ci"] {
        accepts(more_to_maintain(&status_quo, &briefly(design, &as_it_is())));
    }
    // No machines of one's own, and no CI of others: nothing is built.
    rejects(
        more_to_maintain(&status_quo, &briefly("native-containers", &without(&["builder"]))),
        "native-containers: ",
    );
    rejects(more_to_maintain(&status_quo, &briefly("operator-ci", &without(&["ci"]))), "operator-ci: ");
}
