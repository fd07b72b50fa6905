//! Whether an incident model was written blind, and how it scored when it was first run.

use crate::diagnostic::{Code, Diagnostic};
use crate::model::incident::{FirstScore, Modelled};
use crate::model::resolve::Resolution;
use crate::stats::wilson::Rate;
use crate::yaml::{self, Fields, Node};

/// More controls or threats than any incident names.
const MOST_JUDGED: u64 = 1_000;

impl Resolution<'_> {
    /// How it was modelled; only a model that was written blind has a first score.
    pub(super) fn modelled(&mut self, entry: &Fields<'_>) -> (Modelled, Option<FirstScore>) {
        let said = entry.get("modelled");
        let modelled = said.map_or(Some(Modelled::Fitted), |node| self.choice(node));
        let first = entry.get("first-score");
        if let (Some(Modelled::Fitted), Some(node)) = (modelled, first) {
            let message = "a first score is kept of models that were written blind, and this one is `fitted`";
            let help = "only if it was written before the library was run on it: `modelled: blind`";
            self.out.push(Diagnostic::new(Code::IncidentContradiction, &node.span, message).help(help));
        }
        (modelled.unwrap_or(Modelled::Fitted), first.and_then(|node| self.first_score(node)))
    }

    fn first_score(&mut self, node: &Node) -> Option<FirstScore> {
        let keys = ["found", "shape", "controls", "held", "why"];
        let score = yaml::fields(node, "`first-score`", &keys, self.out)?;
        let found = score.require("found", self.out).and_then(|node| yaml::flag(node, self.out));
        let shape = score.get("shape").and_then(|node| self.share(node));
        let controls = score.get("controls").and_then(|node| self.rate(node));
        let held = score.get("held").and_then(|node| self.rate(node));
        let why = self.required_text(&score, "why");
        Some(FirstScore { found: found?, shape, controls, held, why: why? })
    }

    fn share(&mut self, node: &Node) -> Option<f64> {
        let share = yaml::number(node, self.out)?;
        let within = (0.0..=1.0).contains(&share);
        if !within {
            self.report(Code::OutOfRange, &node.span, format!("{share} is no share: it is not between 0 and 1"));
        }
        within.then_some(share)
    }

    /// `{hits: 2, of: 3}`.
    fn rate(&mut self, node: &Node) -> Option<Rate> {
        let rate = yaml::fields(node, "so many of so many", &["hits", "of"], self.out)?;
        let of = rate.require("of", self.out).and_then(|node| yaml::integer(node, 0, MOST_JUDGED, self.out));
        let most = of.unwrap_or(MOST_JUDGED);
        let hits = rate.require("hits", self.out).and_then(|node| yaml::integer(node, 0, most, self.out));
        Some(Rate { hits: hits?, of: of? })
    }
}
