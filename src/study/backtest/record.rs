//! What an earlier back-test found, to be compared with: a library that explains less than it did is worse.

use serde::{Deserialize, Serialize};

use super::Case;

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

/// What was found of one incident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recorded {
    /// Its id.
    pub id: String,
    /// Found.
    pub found: bool,
    /// Not without any failure.
    pub not_trivial: bool,
    /// Share of the documented capabilities on the path.
    pub shape: Option<f64>,
    /// Documented controls that cut.
    pub controls: Vec<String>,
    /// Unrelated controls that do not.
    pub unrelated: Vec<String>,
    /// Threats that held and are held.
    pub held: Vec<String>,
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
        let right = |list: &[(String, bool)]| -> Vec<String> {
            list.iter().filter(|(_, right)| *right).map(|(id, _)| id.clone()).collect()
        };
        let held = case.held.iter().filter(|held| held.holds).map(|held| held.threat.clone());
        Recorded {
            id: case.id.clone(),
            found: case.found,
            not_trivial: case.not_trivial,
            shape: case.shape,
            controls: right(&case.controls),
            unrelated: right(&case.unrelated),
            held: held.collect(),
        }
    }

    /// What of this is no longer so after.
    fn worse(&self, after: &Recorded) -> Vec<String> {
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
        let mut lost = |before: &[String], after: &[String], what: &str| {
            let gone = before.iter().filter(|id| !after.contains(id));
            why.extend(gone.map(|id| what.replace("{}", id)));
        };
        lost(&self.controls, &after.controls, "control {} no longer stops it");
        lost(&self.unrelated, &after.unrelated, "control {} has nothing to do with it, and now stops it");
        lost(&self.held, &after.held, "threat {} held, and is now reached by that day's failures");
        why
    }
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Change = fn(&mut Recorded);

    fn recorded() -> Recorded {
        Recorded {
            id: "x".into(),
            found: true,
            not_trivial: true,
            shape: Some(0.75),
            controls: vec!["a".into(), "b".into()],
            unrelated: vec!["c".into()],
            held: vec!["h".into()],
        }
    }

    #[test]
    fn each_loss_is_told_by_itself() {
        let before = recorded();
        assert!(before.worse(&before).is_empty());
        let changes: [(Change, &str); 7] = [
            (|after| after.found = false, "no longer found"),
            (|after| after.not_trivial = false, "without any failure"),
            (|after| after.shape = Some(0.5), "gains 50 % of what is documented, and gained 75 %"),
            (|after| after.shape = None, "gains nothing"),
            (|after| after.controls = vec!["a".into()], "control b no longer stops it"),
            (|after| after.unrelated.clear(), "control c"),
            (|after| after.held.clear(), "threat h"),
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
    fn a_record_reads_back() {
        let record = Record { format: FORMAT, incidents: vec![recorded()] };
        assert_eq!(Record::parse(&record.render().unwrap()), Ok(record));
        assert!(Record::parse(r#"{"cotenant-backtest": 2, "incidents": []}"#).unwrap_err().contains("format 2"));
        assert!(Record::parse("{").unwrap_err().contains("line 1"));
    }
}
