//! What was reached and what held, and what is said of each control: names of the model that do not contradict each other.

use crate::diagnostic::{Code, Diagnostic, quote};
use crate::model::incident::{ControlAside, HeldThreat, IncidentEnd};
use crate::model::resolve::Resolution;
use crate::model::resolve::capability::Context;
use crate::model::{CapabilityRef, Control, ThreatDecl};
use crate::yaml::{self, Fields, Node};

/// What the section may name.
pub struct Known<'a> {
    pub threats: &'a [ThreatDecl],
    pub controls: &'a [Control],
}

/// A list of controls, and what a control of it cannot be.
struct List<'a> {
    key: &'static str,
    /// Controls of other lists, each with why they cannot be in this one too.
    elsewhere: &'a [(String, &'static str)],
}

impl Resolution<'_> {
    /// What was reached: of the section itself, or of an entry under `also`.
    pub(super) fn end(&mut self, entry: &Fields<'_>, known: &Known<'_>) -> Option<IncidentEnd> {
        let threat = entry.require("threat", self.out).and_then(|node| self.threat_ref(node, known.threats));
        let documented = self.documented(entry, threat);
        let list = List { key: "controls", elsewhere: &[] };
        let controls = entry.get("controls").map(|node| self.control_refs(node, &list, known));
        let grant = entry.get("grant").and_then(|node| yaml::text(node, self.out));
        Some(IncidentEnd { threat: threat?.id.clone(), documented, controls: controls.unwrap_or_default(), grant })
    }

    /// Other threats that were carried out as well.
    pub(super) fn also(
        &mut self,
        entry: &Fields<'_>,
        known: &Known<'_>,
        chain: Option<&IncidentEnd>,
    ) -> Vec<IncidentEnd> {
        let Some(node) = entry.get("also") else { return Vec::new() };
        let mut found: Vec<IncidentEnd> = Vec::new();
        for item in yaml::list(node, "`also`", self.out).unwrap_or_default() {
            let keys = ["threat", "documented", "controls", "grant"];
            let what = "a threat that was carried out as well";
            let Some(one) = yaml::fields(item, what, &keys, self.out) else { continue };
            let Some(end) = self.end(&one, known) else { continue };
            if chain.into_iter().chain(&found).any(|have| have.threat == end.threat) {
                let span = one.get("threat").map_or(&item.span, |node| &node.span);
                self.report(Code::DuplicateId, span, format!("threat {} is there already", quote(&end.threat)));
            } else {
                found.push(end);
            }
        }
        found
    }

    /// Controls that stop nothing of what happened: the documented ones, and those that have nothing to do with it.
    pub(super) fn beside(
        &mut self,
        entry: &Fields<'_>,
        known: &Known<'_>,
        happened: &[&IncidentEnd],
    ) -> (Vec<ControlAside>, Vec<String>) {
        let stopping: Vec<&String> = happened.iter().flat_map(|end| &end.controls).collect();
        let with = |why| stopping.iter().map(|id| ((*id).clone(), why)).collect::<Vec<_>>();
        let elsewhere = with("would have stopped what it is listed under, and stops nothing");
        let idle = self.stops_nothing(entry, known, &elsewhere);
        let mut elsewhere = with("would have stopped it, and has nothing to do with it");
        let documented = "is documented as a control, and has nothing to do with it";
        elsewhere.extend(idle.iter().map(|aside| (aside.control.clone(), documented)));
        let list = List { key: "unrelated", elsewhere: &elsewhere };
        let unrelated = entry.require("unrelated", self.out).map(|node| self.control_refs(node, &list, known));
        (idle, unrelated.unwrap_or_default())
    }

    fn stops_nothing(
        &mut self,
        entry: &Fields<'_>,
        known: &Known<'_>,
        elsewhere: &[(String, &'static str)],
    ) -> Vec<ControlAside> {
        let Some(node) = entry.get("stops-nothing") else { return Vec::new() };
        let list = List { key: "stops-nothing", elsewhere };
        let mut found: Vec<ControlAside> = Vec::new();
        for item in yaml::list(node, "`stops-nothing`", self.out).unwrap_or_default() {
            let what = "a control that stops nothing";
            let Some(one) = yaml::fields(item, what, &["control", "why"], self.out) else { continue };
            let have: Vec<String> = found.iter().map(|aside| aside.control.clone()).collect();
            let control = one.require("control", self.out).and_then(|node| self.control_ref(node, &list, known, &have));
            let why = self.required_text(&one, "why");
            found.extend(control.zip(why).map(|(control, why)| ControlAside { control, why }));
        }
        found
    }

    /// Documented controls that the model cannot express, in words.
    pub(super) fn not_expressed(&mut self, entry: &Fields<'_>) -> Vec<ControlAside> {
        let Some(node) = entry.get("not-expressed") else { return Vec::new() };
        let mut found = Vec::new();
        for item in yaml::list(node, "`not-expressed`", self.out).unwrap_or_default() {
            let keys = ["control", "why"];
            let Some(one) = yaml::fields(item, "a control that is not expressed", &keys, self.out) else { continue };
            let (control, why) = (self.required_text(&one, "control"), self.required_text(&one, "why"));
            found.extend(control.zip(why).map(|(control, why)| ControlAside { control, why }));
        }
        found
    }

    /// Other threats that were not carried out.
    pub(super) fn held(&mut self, entry: &Fields<'_>, known: &Known<'_>, happened: &[&IncidentEnd]) -> Vec<HeldThreat> {
        let Some(node) = entry.get("held") else { return Vec::new() };
        let mut found: Vec<HeldThreat> = Vec::new();
        for item in yaml::list(node, "`held`", self.out).unwrap_or_default() {
            let Some(one) = yaml::fields(item, "a threat that held", &["threat", "why"], self.out) else { continue };
            let why = self.required_text(&one, "why");
            let Some(node) = one.require("threat", self.out) else { continue };
            let (Some(threat), Some(why)) = (self.threat_ref(node, known.threats), why) else { continue };
            if happened.iter().any(|end| end.threat == threat.id) {
                let message = format!("{} is what happened, and cannot have held", quote(&threat.id));
                self.report(Code::IncidentContradiction, &node.span, message);
            } else if found.iter().any(|held| held.threat == threat.id) {
                self.report(Code::DuplicateId, &node.span, format!("threat {} is there already", quote(&threat.id)));
            } else {
                found.push(HeldThreat { threat: threat.id.clone(), why });
            }
        }
        found
    }

    /// One threat of the model; of those written once for several principals, one of them.
    fn threat_ref<'t>(&mut self, node: &Node, threats: &'t [ThreatDecl]) -> Option<&'t ThreatDecl> {
        let name = yaml::name(node, self.out)?;
        if let Some(found) = threats.iter().find(|threat| threat.id == name) {
            return Some(found);
        }
        // A threat whose own entry is broken is reported there.
        let declared = self.names.get(&name).is_some_and(|name| name.what == "threat");
        let one = threats.iter().find(|threat| threat.group == name);
        let message = format!("there is no threat {}", quote(&name));
        match one {
            Some(one) => {
                let help = format!("it is asked of several principals: name one, such as {}", quote(&one.id));
                self.out.push(Diagnostic::new(Code::UnknownThreat, &node.span, message).help(help));
            }
            None if declared => {}
            None => {
                let known = threats.iter().map(|threat| threat.id.as_str());
                self.out.push(Diagnostic::unknown(Code::UnknownThreat, &node.span, "threat", &name, known));
            }
        }
        None
    }

    fn documented(&mut self, entry: &Fields<'_>, threat: Option<&ThreatDecl>) -> Vec<CapabilityRef> {
        let Some(node) = entry.require("documented", self.out) else { return Vec::new() };
        let items = yaml::list(node, "`documented`", self.out).unwrap_or_default();
        // Without the threat every role would be reported for nothing.
        let Some(threat) = threat else { return Vec::new() };
        let victim = threat.victim.and_then(|(class, _)| self.population(class).base(class));
        let mut found: Vec<CapabilityRef> = Vec::new();
        for item in items {
            let Some((capability, _)) = self.capability(item, Context::Threat { victim }) else { continue };
            let same = |have: &CapabilityRef| {
                (&have.verb, have.entity, have.role) == (&capability.verb, capability.entity, capability.role)
            };
            if found.iter().any(same) {
                self.report(Code::DuplicateId, &capability.span, "this capability is documented already");
            } else {
                found.push(capability);
            }
        }
        found
    }

    fn control_refs(&mut self, node: &Node, list: &List<'_>, known: &Known<'_>) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for item in yaml::list(node, &format!("`{}`", list.key), self.out).unwrap_or_default() {
            let one = self.control_ref(item, list, known, &found);
            found.extend(one);
        }
        found
    }

    /// A control of the model that the list does not have yet, and that no other list rules out.
    fn control_ref(&mut self, node: &Node, list: &List<'_>, known: &Known<'_>, have: &[String]) -> Option<String> {
        let name = yaml::name(node, self.out)?;
        let declared = self.names.get(&name).is_some_and(|name| name.what == "control");
        if let Some((_, why)) = list.elsewhere.iter().find(|(id, _)| *id == name) {
            self.report(Code::IncidentContradiction, &node.span, format!("{} {why}", quote(&name)));
        } else if have.contains(&name) {
            self.report(Code::DuplicateId, &node.span, format!("control {} is there already", quote(&name)));
        } else if known.controls.iter().any(|control| control.id == name) {
            return Some(name);
        } else if !declared {
            let ids = known.controls.iter().map(|control| control.id.as_str());
            self.out.push(Diagnostic::unknown(Code::UnknownControl, &node.span, "control", &name, ids));
        }
        None
    }
}
