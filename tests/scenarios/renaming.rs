//! Names are names: with every id of a scenario replaced, no number changes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cotenant::scenarios;
use cotenant::source::{Source, Span};
use cotenant::study::DesignAnswer;
use cotenant::study::answer::AnswerOptions;
use cotenant::yaml::{self, Node, Value};

use crate::designs::{ORDER, as_it_is, load, load_source};

/// Keys whose values are ids, besides the relations of the kinds.
const NAMING: [&str; 10] = ["id", "who", "over", "using", "via", "by", "attacker", "trusting", "remove", "gate"];

struct Renaming {
    /// Fields of kinds that relate things.
    relations: BTreeSet<String>,
    /// Old to new.
    ids: BTreeMap<String, String>,
    /// What stands where instead.
    changes: Vec<(Span, String)>,
}

impl Renaming {
    fn new(sources: &[Arc<Source>]) -> Renaming {
        let kinds =
            cotenant::library::embedded().into_iter().find(|source| source.name == "library/kinds.yaml").unwrap();
        let kinds = yaml::parse(&kinds).unwrap();
        let fields = kinds.get("kinds").unwrap().items().iter().filter_map(|kind| kind.get("fields"));
        let relation = |node: &Node| node.get("ref").is_some() || node.get("refs").is_some();
        let relations =
            fields.flat_map(Node::entries).filter(|(_, field)| relation(field)).map(|(key, _)| key.text.clone());
        let mut renaming = Renaming { relations: relations.collect(), ids: BTreeMap::new(), changes: Vec::new() };
        let mut ids = BTreeSet::new();
        for source in sources {
            let root = yaml::parse(source).unwrap();
            for section in ["actors", "services", "assets", "privileges", "controls", "threats"] {
                let items = root.get(section).map(Node::items).unwrap_or_default();
                ids.extend(items.iter().filter_map(|item| item.text_of("id").map(str::to_owned)));
            }
        }
        // The other way round, so that nothing that is sorted by name keeps its place.
        let n = ids.len();
        renaming.ids = ids.into_iter().enumerate().map(|(at, id)| (id, format!("x{:03}", n - at))).collect();
        renaming
    }

    fn text(&mut self, source: &Arc<Source>) -> Arc<Source> {
        self.changes.clear();
        let root = yaml::parse(source).unwrap();
        for (key, value) in root.entries() {
            match key.text.as_str() {
                "actors" | "services" | "assets" | "privileges" | "controls" | "threats" => {
                    value.items().iter().for_each(|item| self.entry(item));
                }
                "works" => value.items().iter().for_each(|item| self.capability(item)),
                "remove" => self.names(value),
                _ => {}
            }
        }
        let mut text = source.text.clone();
        self.changes.sort_by_key(|(span, _)| span.start);
        for (span, new) in self.changes.iter().rev() {
            text.replace_range(span.start..span.end, new);
        }
        Source::new(source.name.clone(), text)
    }

    fn entry(&mut self, item: &Node) {
        for (key, value) in item.entries() {
            match key.text.as_str() {
                "goal" => self.capability(value),
                "start" => value.items().iter().for_each(|item| self.capability(item)),
                "per" if value.as_text().is_some() => self.names(value),
                "per" | "victim" => value.entries().iter().for_each(|(key, _)| self.name(&key.text, &key.span)),
                "joins" | "approval" => self.entry(value),
                "tolerate" => value.get("trusting").into_iter().for_each(|list| self.names(list)),
                "patch" => value.entries().iter().for_each(|(path, value)| {
                    let (thing, field) = path.text.split_once('.').unwrap_or((&path.text, ""));
                    let place =
                        Span::new(Arc::clone(&path.span.source), path.span.start, path.span.start + thing.len());
                    self.name(thing, &place);
                    if self.relations.contains(field) {
                        self.names(value);
                    }
                }),
                name if NAMING.contains(&name) || self.relations.contains(name) => self.names(value),
                _ => {}
            }
        }
    }

    fn names(&mut self, node: &Node) {
        match &node.value {
            Value::Scalar(scalar) => self.name(&scalar.text, &node.span),
            Value::List(items) => items.iter().for_each(|item| self.names(item)),
            _ => {}
        }
    }

    fn name(&mut self, old: &str, span: &Span) {
        if let Some(new) = self.ids.get(old) {
            assert_eq!(span.text(), old, "a name as it is written");
            self.changes.push((span.clone(), new.clone()));
        }
    }

    /// `verb(thing.role)`
    fn capability(&mut self, node: &Node) {
        let text = node.as_text().expect("a capability");
        let (start, end) = (text.find('(').unwrap() + 1, text.find(['.', ')']).unwrap());
        self.name(&text[start..end], &node.part(start, end));
    }
}

/// Every number of the answers, names left out.
fn numbers(answer: &DesignAnswer) -> Vec<String> {
    let graph = &answer.graph;
    let mut out = vec![format!(
        "{} {} {} {:?}",
        graph.capabilities.len(),
        graph.steps.len(),
        graph.assumptions.len(),
        graph.families.iter().map(|family| family.count).collect::<Vec<_>>()
    )];
    for threat in &answer.threats {
        let reach = &threat.reach;
        let mut sets: Vec<Vec<u64>> = Vec::new();
        for set in &threat.attack_sets.sets {
            let mut chances: Vec<u64> = set.iter().map(|id| graph.assumption(*id).probability.to_bits()).collect();
            chances.sort_unstable();
            sets.push(chances);
        }
        sets.sort();
        let mut coalitions: Vec<usize> = threat.coalitions.coalitions.iter().map(Vec::len).collect();
        coalitions.sort_unstable();
        let paths: Vec<_> =
            threat.paths.paths.iter().map(|path| (path.cost, path.steps.len(), path.assumptions.len())).collect();
        let (status, k, narrow, wide) = (reach.status, reach.k, reach.profile, reach.profile_wide);
        let (extent, n) = (&reach.extent, threat.path_count);
        out.push(format!("{status:?} {k:?} {narrow:?} {wide:?} {extent:?} {n:?} {sets:?} {coalitions:?} {paths:?}"));
    }
    let costs = answer.costs.as_ref().unwrap();
    let counts = [costs.services.len(), costs.strangers_code.len(), costs.parties.len(), costs.interfaces.len()];
    out.push(format!("{:?} {counts:?} {} {}", costs.approvals, costs.workflows.len(), costs.attack_surface));
    out
}

#[test]
fn renaming_every_id_changes_no_number() {
    for name in ORDER {
        let mut sources = vec![scenarios::find(name).unwrap()];
        let mut at = 0;
        while at < sources.len() {
            let root = yaml::parse(&sources[at]).unwrap();
            let extended = root.text_of("extend").map(|wanted| scenarios::resolve(&sources[at], wanted).unwrap());
            sources.extend(extended);
            at += 1;
        }
        let mut renaming = Renaming::new(&sources);
        let renamed: BTreeMap<String, Arc<Source>> =
            sources.iter().map(|source| (source.name.clone(), renaming.text(source))).collect();
        let resolver = |from: &Source, wanted: &str| {
            let found = scenarios::resolve(from, wanted)?;
            Ok(Arc::clone(&renamed[&found.name]))
        };
        let design = load_source(&renamed[&sources[0].name], &resolver, &as_it_is());
        let left: Vec<&String> =
            design.model.entities.iter().map(|entity| &entity.id).filter(|id| renaming.ids.contains_key(*id)).collect();
        assert!(left.is_empty() && renaming.ids.len() > 20, "{name}: {left:?} keep their names");
        let options = AnswerOptions::default();
        let (old, new) = (load(name, &as_it_is()).answer(&options), design.answer(&options));
        assert_eq!(numbers(&old), numbers(&new), "{name}");
    }
}
