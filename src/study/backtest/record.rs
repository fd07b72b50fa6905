//! What an earlier back-test found, to be compared with: a library that explains less than it did is worse.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Case, End};
use crate::model::incident::{DesignClass, FirstScore, Modelled, Vocabulary};

/// Format version of a record.
pub const FORMAT: u32 = 1;

/// A recorded back-test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Format version.
    #[serde(rename = "cotenant-backtest")]
    pub format: u32,
    /// One per incident, by id.
    pub incidents: Vec<Recorded>,
}

/// What was found of one incident. Of controls and threats that held, each says whether it is as documented.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recorded {
    /// Its id.
    pub id: String,
    /// Class of the index's design.
    pub class: Word<DesignClass>,
    /// Counts in the rates.
    pub scored: bool,
    /// Confidence below high, or rested on memory.
    pub weak: bool,
    /// Written with the score known, or before; left out where it is fitted.
    #[serde(default = "fitted", skip_serializing_if = "is_fitted")]
    pub modelled: Word<Modelled>,
    /// The first score of a blind model, if it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_score: Option<FirstScore>,
    /// The documented chain.
    #[serde(flatten)]
    pub chain: RecordedEnd,
    /// What else was reached, by threat.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub also: BTreeMap<String, RecordedEnd>,
    /// Unrelated controls: is every end still reached?
    pub unrelated: BTreeMap<String, bool>,
    /// Threats that held: are they held?
    pub held: BTreeMap<String, bool>,
}

/// What was found of one end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordedEnd {
    /// Found.
    pub found: bool,
    /// Not without any failure.
    pub not_trivial: bool,
    /// Share of the documented capabilities on the path; 0 without a path, null where none is documented.
    pub shape: Option<f64>,
    /// Controls that are documented to stop it: does it cut?
    pub controls: BTreeMap<String, bool>,
    /// Other documented controls: is the end still reached?
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub idle: BTreeMap<String, bool>,
}

/// A word of a fixed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String", bound = "")]
pub struct Word<V: Vocabulary>(pub V);

impl<V: Vocabulary> TryFrom<String> for Word<V> {
    type Error = String;

    fn try_from(word: String) -> Result<Word<V>, String> {
        let found = V::ALL.iter().find(|value| value.word() == word);
        found.map(|value| Word(*value)).ok_or_else(|| format!("there is no {} `{word}`", V::WHAT))
    }
}

impl<V: Vocabulary> From<Word<V>> for String {
    fn from(word: Word<V>) -> String {
        word.0.word().to_owned()
    }
}

/// Records of the time before the distinction hold fitted models only.
fn fitted() -> Word<Modelled> {
    Word(Modelled::Fitted)
}

fn is_fitted(word: &Word<Modelled>) -> bool {
    word.0 == Modelled::Fitted
}

/// Something that was so and is not any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Worse {
    /// The incident.
    pub id: String,
    /// What got worse, in words.
    pub why: String,
}

/// What became of a record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compared {
    /// Recorded and lost.
    pub worse: Vec<Worse>,
    /// Incidents of which more is found than recorded.
    pub better: Vec<String>,
    /// Incidents that are not in the record.
    pub not_recorded: Vec<String>,
}

impl Record {
    /// What was found now.
    pub fn of(cases: &[Case]) -> Record {
        let mut incidents: Vec<Recorded> = cases.iter().map(Recorded::of).collect();
        incidents.sort_by(|a, b| a.id.cmp(&b.id));
        Record { format: FORMAT, incidents }
    }

    /// A record from its text.
    ///
    /// # Errors
    /// What is wrong with it, with line and column.
    pub fn parse(text: &str) -> Result<Record, String> {
        let record: Record = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if record.format != FORMAT {
            return Err(format!("format {} is not known; this program reads {FORMAT}", record.format));
        }
        Ok(record)
    }

    /// The text of it, one incident after the other, with a final newline.
    ///
    /// # Errors
    /// As the serialiser has them; a record has none.
    pub fn render(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// Compares what was found now with what is recorded. With `all`, a recorded incident that was not judged is lost.
    pub fn compare(&self, cases: &[Case], all: bool) -> Compared {
        let now = Record::of(cases);
        let find = |record: &Record, id: &str| record.incidents.iter().find(|one| one.id == id).cloned();
        let mut compared = Compared::default();
        for before in &self.incidents {
            match find(&now, &before.id) {
                Some(after) => {
                    let worse = before.worse(&after);
                    if worse.is_empty() && !after.worse(before).is_empty() {
                        compared.better.push(before.id.clone());
                    }
                    compared.worse.extend(worse.into_iter().map(|why| Worse { id: before.id.clone(), why }));
                }
                None if all => {
                    let why = "the incident is no longer judged".to_owned();
                    compared.worse.push(Worse { id: before.id.clone(), why });
                }
                None => {}
            }
        }
        let new = now.incidents.iter().filter(|one| find(self, &one.id).is_none());
        compared.not_recorded = new.map(|one| one.id.clone()).collect();
        compared
    }
}

impl Recorded {
    fn of(case: &Case) -> Recorded {
        let right = |list: &[(String, bool)]| list.iter().cloned().collect();
        Recorded {
            id: case.id.clone(),
            class: Word(case.incident.class),
            scored: case.incident.scored,
            weak: case.incident.is_weak(),
            modelled: Word(case.incident.modelled),
            first_score: case.incident.first_score.clone(),
            chain: RecordedEnd::of(&case.chain),
            also: case.also.iter().map(|end| (end.threat.clone(), RecordedEnd::of(end))).collect(),
            unrelated: right(&case.unrelated),
            held: case.held.iter().map(|held| (held.threat.clone(), held.holds)).collect(),
        }
    }

    /// History does not change: how a model was written, and how it first scored once that was kept.
    fn rewritten(&self, after: &Recorded) -> Option<&'static str> {
        match (self.modelled.0, after.modelled.0) {
            (Modelled::Fitted, Modelled::Blind) => Some("it was recorded as fitted, and is said to be blind"),
            (Modelled::Blind, Modelled::Fitted) => Some("it was recorded as blind, and is said to be fitted"),
            _ if self.first_score.is_some() && self.first_score != after.first_score => {
                Some("its first score is not the one that was recorded")
            }
            _ => None,
        }
    }

    /// What of this is no longer so after.
    fn worse(&self, after: &Recorded) -> Vec<String> {
        let mut why: Vec<String> = self.rewritten(after).map(str::to_owned).into_iter().collect();
        why.extend(self.chain.worse(&after.chain));
        for (threat, before) in &self.also {
            match after.also.get(threat) {
                Some(after) => why.extend(before.worse(after).iter().map(|why| format!("{threat}: {why}"))),
                None => why.push(format!("{threat}: the incident no longer says that it was reached as well")),
            }
        }
        let unrelated = "control {} has nothing to do with it, and now stops it";
        why.extend(lost(&self.unrelated, &after.unrelated, unrelated));
        why.extend(lost(&self.held, &after.held, "threat {} held, and is now reached by that day's failures"));
        why
    }

    /// Everything that was reached, the chain first.
    pub fn ends(&self) -> impl Iterator<Item = &RecordedEnd> {
        std::iter::once(&self.chain).chain(self.also.values())
    }
}

impl RecordedEnd {
    fn of(end: &End) -> RecordedEnd {
        RecordedEnd {
            found: end.found,
            not_trivial: end.not_trivial,
            shape: end.scored_shape(),
            controls: end.controls.iter().cloned().collect(),
            idle: end.idle.iter().cloned().collect(),
        }
    }

    /// Found and not trivial.
    pub fn is_hit(&self) -> bool {
        self.found && self.not_trivial
    }

    /// What of this is no longer so after.
    fn worse(&self, after: &RecordedEnd) -> Vec<String> {
        let mut why = Vec::new();
        if self.found && !after.found {
            why.push("the documented end is no longer found".to_owned());
        }
        if self.not_trivial && !after.not_trivial {
            why.push("the documented end is now reached without any failure".to_owned());
        }
        if let Some(before) = self.shape
            && after.shape.unwrap_or(0.0) < before - 1e-9
        {
            let now = after.shape.map_or("nothing".to_owned(), percent);
            why.push(format!("the path gains {now} of what is documented, and gained {}", percent(before)));
        }
        why.extend(lost(&self.controls, &after.controls, "control {} no longer stops it"));
        why.extend(lost(
            &self.idle,
            &after.idle,
            "control {} is documented not to stop it, and no longer leaves it reached",
        ));
        why
    }
}

/// What was as documented and is not any more, each in words.
fn lost(before: &BTreeMap<String, bool>, after: &BTreeMap<String, bool>, what: &str) -> Vec<String> {
    let gone = before.iter().filter(|(id, right)| **right && after.get(*id) != Some(&true));
    gone.map(|(id, _)| what.replace("{}", id)).collect()
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Change = fn(&mut Recorded);

    fn end() -> RecordedEnd {
        RecordedEnd {
            found: true,
            not_trivial: true,
            shape: Some(0.75),
            controls: BTreeMap::from([("a".into(), true), ("b".into(), true), ("not".into(), false)]),
            idle: BTreeMap::from([("i".into(), true)]),
        }
    }

    fn recorded() -> Recorded {
        Recorded {
            id: "x".into(),
            class: Word(DesignClass::NativeBuild),
            scored: true,
            weak: false,
            modelled: Word(Modelled::Blind),
            first_score: Some(FirstScore {
                found: false,
                shape: None,
                controls: None,
                held: None,
                why: "no step".into(),
            }),
            chain: end(),
            also: BTreeMap::from([("second".into(), end())]),
            unrelated: BTreeMap::from([("c".into(), true)]),
            held: BTreeMap::from([("h".into(), true)]),
        }
    }

    #[test]
    fn each_loss_is_told_by_itself() {
        let before = recorded();
        assert!(before.worse(&before).is_empty());
        let changes: [(Change, &str); 11] = [
            (|after| after.chain.found = false, "no longer found"),
            (|after| after.chain.not_trivial = false, "without any failure"),
            (|after| after.chain.shape = Some(0.5), "gains 50 % of what is documented, and gained 75 %"),
            (|after| after.chain.shape = None, "gains nothing"),
            (|after| after.chain.controls.retain(|id, _| id != "b"), "control b no longer stops it"),
            (
                |after| after.chain.idle = BTreeMap::from([("i".into(), false)]),
                "control i is documented not to stop it",
            ),
            (|after| after.unrelated = BTreeMap::from([("c".into(), false)]), "control c"),
            (|after| after.held.clear(), "threat h"),
            (
                |after| after.also.get_mut("second").unwrap().found = false,
                "second: the documented end is no longer found",
            ),
            (
                |after| after.also.get_mut("second").unwrap().controls.retain(|id, _| id != "a"),
                "second: control a no longer stops it",
            ),
            (|after| after.also.clear(), "second: the incident no longer says"),
        ];
        for (change, expected) in changes {
            let mut after = recorded();
            change(&mut after);
            let why = before.worse(&after);
            assert!(why.len() == 1 && why[0].contains(expected), "{expected}: {why:?}");
            assert!(after.worse(&before).is_empty(), "{expected}");
        }
    }

    #[test]
    fn history_is_not_rewritten() {
        let before = recorded();
        let changes: [(Change, &str); 4] = [
            (|after| after.modelled = fitted(), "recorded as blind"),
            (|after| after.first_score = None, "first score"),
            (|after| after.first_score.as_mut().unwrap().found = true, "first score"),
            (|after| after.first_score.as_mut().unwrap().why.clear(), "first score"),
        ];
        for (change, expected) in changes {
            let mut after = recorded();
            change(&mut after);
            let why = before.worse(&after);
            assert!(why.len() == 1 && why[0].contains(expected), "{expected}: {why:?}");
        }
        let not_kept = Recorded { first_score: None, ..recorded() };
        assert!(not_kept.worse(&before).is_empty(), "a first score may be added, once");
        let fitted = Recorded { modelled: fitted(), ..not_kept };
        assert!(fitted.worse(&before)[0].contains("is said to be blind"));
    }

    #[test]
    fn a_record_reads_back() {
        let record = Record { format: FORMAT, incidents: vec![recorded()] };
        assert_eq!(Record::parse(&record.render().unwrap()), Ok(record));
        assert!(Record::parse(r#"{"cotenant-backtest": 2, "incidents": []}"#).unwrap_err().contains("format 2"));
        let old = Record {
            format: FORMAT,
            incidents: vec![Recorded { modelled: fitted(), first_score: None, ..recorded() }],
        };
        let text = old.render().unwrap();
        assert!(!text.contains("modelled") && !text.contains("first"), "{text}");
        assert_eq!(Record::parse(&text), Ok(old));
        let strange =
            Record { format: FORMAT, incidents: vec![recorded()] }.render().unwrap().replace("native-", "naive-");
        assert!(Record::parse(&strange).unwrap_err().contains("no class of designs `naive-build`"));
        assert!(Record::parse("{").unwrap_err().contains("line 1"));
    }
}
