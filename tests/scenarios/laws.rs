//! Laws that hold of every scenario: more rights never make an attack harder, and a control that only takes away never adds a way.

use std::collections::BTreeSet;

use cotenant::library::Section;
use cotenant::model::{Edits, EntityId, Model, Population, Scope};
use cotenant::study::answer::AnswerOptions;
use cotenant::study::change::version_key;
use cotenant::study::{DesignAnswer, ThreatAnswer};

use crate::designs::{ORDER, as_it_is, lay_over, load, names};

type Sets = BTreeSet<BTreeSet<String>>;

fn options(paths: bool) -> AnswerOptions {
    AnswerOptions { k: 1, counts: paths, coalitions: false, ..AnswerOptions::default() }
}

fn sets(answer: &DesignAnswer, threat: &ThreatAnswer) -> Sets {
    assert!(threat.attack_sets.complete, "{}: {}", answer.design, threat.threat);
    threat.attack_sets.sets.iter().map(|set| names(answer, set)).collect()
}

/// Threats by name, as they are in both.
fn pairs<'a>(before: &'a DesignAnswer, after: &'a DesignAnswer) -> Vec<(&'a ThreatAnswer, &'a ThreatAnswer)> {
    let same = |threat: &&ThreatAnswer, other: &ThreatAnswer| threat.threat == other.threat;
    let found: Vec<_> =
        before.threats.iter().filter_map(|one| Some((one, after.threats.iter().find(|two| same(two, one))?))).collect();
    assert_eq!((found.len(), found.len()), (before.threats.len(), after.threats.len()));
    found
}

/// Principals, and things that can be had.
fn things(model: &Model, section: &[Section]) -> Vec<String> {
    let kind = |id: EntityId| model.library.kinds[model.entity(id).kind.0].section;
    let ids =
        (0..model.entities.len()).map(EntityId).filter(|id| kind(*id).is_some_and(|kind| section.contains(&kind)));
    ids.map(|id| model.entity(id).id.clone()).collect()
}

/// With more rights every attack that was possible still is, resting on no more than before.
fn no_harder(before: &DesignAnswer, after: &DesignAnswer) -> Result<(), String> {
    for (old, new) in pairs(before, after) {
        if new.reach.status < old.reach.status {
            return Err(format!("{}: {:?} became {:?}", old.threat, old.reach.status, new.reach.status));
        }
        if old.reach.k.is_some_and(|k| new.reach.k.is_none_or(|more| more > k)) {
            return Err(format!("{}: k {:?} became {:?}", old.threat, old.reach.k, new.reach.k));
        }
        let still = sets(after, new);
        let lost = sets(before, old).into_iter().find(|set| !still.iter().any(|other| other.is_subset(set)));
        if let Some(lost) = lost {
            return Err(format!("{}: the failure of {lost:?} does not suffice any more", old.threat));
        }
    }
    Ok(())
}

#[test]
fn a_privilege_never_makes_an_attack_harder() {
    for name in ORDER {
        let design = load(name, &as_it_is());
        let before = design.answer(&options(false));
        let principals = things(&design.model, &[Section::Actors, Section::Services]);
        let single = |id: &String| {
            let entity = design.model.entity(design.model.find(id).unwrap());
            entity.population == Population::Single
        };
        let services = things(&design.model, &[Section::Services]).into_iter().filter(single);
        let has = |who: &&String| {
            design.model.privileges.iter().any(|privilege| {
                let verb = privilege.verb == "publish" && privilege.scope == Scope::Any;
                verb && design.model.find(who) == Some(privilege.who)
            })
        };
        let mut privileges: Vec<String> = principals
            .iter()
            .filter(|who| !has(who))
            .map(|who| format!("{{who: {who}, may: publish, over: project, scope: any}}"))
            .collect();
        privileges.extend(services.map(|over| format!("{{who: publisher, may: run-code, over: {over}}}")));
        for privilege in privileges {
            let after = load(name, &lay_over(&format!("privileges: [{privilege}]"))).answer(&options(false));
            no_harder(&before, &after).unwrap_or_else(|why| panic!("{name} with {privilege}: {why}"));
        }
        // The law is no empty one: taken the other way round it is broken.
        let more = load(name, &lay_over("privileges: [{who: consumer, may: publish, over: project, scope: any}]"));
        let less = load(name, &Edits { without: vec!["store".to_owned()], ..as_it_is() });
        assert!(no_harder(&more.answer(&options(false)), &less.answer(&options(false))).is_err(), "{name}");
    }
}

/// With a control that only takes away, every way left was there before.
fn nothing_new(before: &DesignAnswer, after: &DesignAnswer, paths: bool) -> Result<(), String> {
    for (old, new) in pairs(before, after) {
        if new.reach.status > old.reach.status || new.reach.k.unwrap_or(u32::MAX) < old.reach.k.unwrap_or(u32::MAX) {
            return Err(format!("{}: {:?} became {:?}", old.threat, old.reach, new.reach));
        }
        let known = sets(before, old);
        let fresh = sets(after, new).into_iter().find(|set| !known.iter().any(|other| other.is_subset(set)));
        if let Some(fresh) = fresh {
            return Err(format!("{}: {fresh:?} suffices now", old.threat));
        }
        if !paths {
            continue;
        }
        let keys = |answer: &DesignAnswer, threat: &ThreatAnswer| -> BTreeSet<Vec<String>> {
            assert!(threat.path_count.complete);
            threat.all_paths.iter().map(|path| version_key(&answer.graph, &path.steps)).collect()
        };
        if new.path_count.n > old.path_count.n || !keys(after, new).is_subset(&keys(before, old)) {
            return Err(format!("{}: a path that was not there", old.threat));
        }
    }
    Ok(())
}

fn control(effect: &str) -> Edits {
    let cost = "cost: {build: 1d, upkeep: 0d/month}";
    let overlay = lay_over(&format!("controls: [{{id: taken-away, title: taken away, {cost}, {effect}}}]"));
    Edits { with: vec!["taken-away".to_owned()], ..overlay }
}

#[test]
fn a_control_that_only_takes_away_adds_no_way() {
    for name in ORDER {
        let design = load(name, &as_it_is());
        let graph = &design.compiled.graph;
        // Counting every path of the larger designs fifty times would be slow; their attack sets are looked at all the same.
        let paths = matches!(name, "status-quo" | "native-apartment" | "operator-ci" | "house-distro");
        let before = design.answer(&options(paths));
        let parameters: BTreeSet<&String> =
            graph.assumptions.iter().filter_map(|assumption| assumption.parameter.as_ref()).collect();
        let declared = |id: &&&String| !id.starts_with("left-over.");
        let mut effects: Vec<String> = design.compiled.fired.iter().map(|step| format!("blocks: [{step}]")).collect();
        for parameter in parameters.iter().filter(declared) {
            effects.push(format!("lowers: {{{parameter}: 0.000001}}"));
        }
        assert!(effects.len() > 20, "{name}: only {}", effects.len());
        for effect in effects {
            // A lowered assumption bears another name: it is told with what lowered it.
            let after = rename_lowered(load(name, &control(&effect)).answer(&options(paths)));
            nothing_new(&before, &after, paths).unwrap_or_else(|why| panic!("{name} with {effect}: {why}"));
        }
    }
}

/// Without the words that say which control lowered an assumption.
fn rename_lowered(mut answer: DesignAnswer) -> DesignAnswer {
    for assumption in &mut answer.graph.assumptions {
        if let Some(plain) = assumption.name.strip_suffix(" with taken-away") {
            assumption.name = plain.to_owned();
        }
    }
    answer
}

#[test]
fn the_law_of_controls_is_no_empty_one() {
    let before = load("status-quo", &as_it_is()).answer(&options(true));
    let patch = load("status-quo", &control("patch: {index.reuses-names: true, index.removal: by-publishers}"))
        .answer(&options(true));
    assert!(nothing_new(&before, &patch, true).is_err(), "a patch may add ways, and this one does");
}
