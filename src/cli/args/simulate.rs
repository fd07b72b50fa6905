//! The arguments of `simulate` and `merge`.

use std::path::PathBuf;

use clap::{Args as Group, ValueEnum};

use super::{Common, EditArgs, Format, Ranges, draws, whole};

/// `simulate`.
#[derive(Debug, Group)]
pub struct Simulate {
    /// A model (YAML), a capability graph (JSON), or the name of a scenario; with --uncertainty also several
    #[arg(value_name = "MODEL", required = true)]
    pub models: Vec<String>,
    #[command(flatten)]
    pub edits: EditArgs,
    #[command(flatten)]
    pub common: Common,
    /// Work the probability out, to rounding; where that is out of reach, between bounds
    #[arg(long, conflicts_with_all = ["trials", "precision", "attacker", "shard", "samples", "time_limit", "rare", "trace"])]
    pub exact: bool,
    /// Also how much each assumption and each control matters, and the steps on every path
    #[arg(long, requires = "exact")]
    pub importance: bool,
    /// Draw every number from its range: credible intervals, which numbers decide, and where a conclusion turns; of several models also which
    /// is better how often
    #[arg(long, conflicts_with_all = ["exact", "trials", "precision", "attacker", "shard", "samples", "time_limit", "rare", "trace"])]
    pub uncertainty: bool,
    /// With --uncertainty: draws of all numbers from their ranges, 100 to 1,000,000
    #[arg(long, value_name = "N", requires = "uncertainty", default_value_t = crate::study::uncertainty::Options::DRAWS, value_parser = draws, allow_negative_numbers = true)]
    pub draws: u64,
    /// With --uncertainty: how a range low, mode, high is read
    #[arg(long, value_enum, requires = "uncertainty", default_value_t = Ranges::Pert)]
    pub ranges: Ranges,
    /// With --uncertainty: also write the tables as CSV and JSON, and the plots, into this folder
    #[arg(long, value_name = "DIR", requires = "uncertainty")]
    pub out: Option<PathBuf>,
    /// With --out: also write the plots as PNG
    #[arg(long, requires = "out")]
    pub png: bool,
    /// Worlds to draw, at most; default 100,000, or with --precision as many as it takes
    #[arg(long, value_name = "N", value_parser = whole, allow_negative_numbers = true)]
    pub trials: Option<u64>,
    /// Stop when half the interval is this part of the estimate, such as 0.05 (with --attacker: of the share if nobody notices)
    #[arg(long, value_name = "X", value_parser = part, conflicts_with = "shard", allow_negative_numbers = true)]
    pub precision: Option<f64>,
    /// Ask how soon the goal is reached, by this attacker, instead of whether it is exposed: if nobody notices, and before the first notice
    #[arg(long, value_enum)]
    pub attacker: Option<AttackerArg>,
    /// Only as if nobody noticed anything
    #[arg(long, requires = "attacker")]
    pub no_detection: bool,
    /// Draw through the minimal attack sets: for goals that are hardly ever exposed
    #[arg(long, conflicts_with_all = ["attacker", "shard", "samples", "trace"])]
    pub rare: bool,
    /// Only this part of the worlds, from 1/n to n/n; `merge` adds the parts up
    #[arg(long, value_name = "I/N", conflicts_with = "trace")]
    pub shard: Option<String>,
    /// Stop after so long; the output names the --trials that give the same
    #[arg(long, value_name = "T")]
    pub time_limit: Option<String>,
    /// Tell so many simulated attacks as timelines
    #[arg(long, value_name = "N", conflicts_with_all = ["trials", "precision", "samples", "time_limit"], value_parser = attacks, allow_negative_numbers = true)]
    pub trace: Option<u32>,
    /// Also write one line for each world to this file, which must not exist
    #[arg(long, value_name = "FILE.csv")]
    pub samples: Option<PathBuf>,
}

/// Attacks to tell; none are nothing to tell.
fn attacks(text: &str) -> Result<u32, String> {
    let number = text.parse().ok().filter(|n| *n > 0);
    number.ok_or_else(|| format!("a whole number from 1 to {} is meant", u32::MAX))
}

/// A part of something.
fn part(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|x: &f64| *x > 0.0 && *x < 1.0);
    number.ok_or_else(|| "a part of the estimate is meant, between 0 and 1".to_owned())
}

/// How the attacker goes about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AttackerArg {
    /// Every enabled step at once.
    Parallel,
    /// One step after the other.
    Serial,
    /// At once every step that can succeed.
    Informed,
}

/// `merge`.
#[derive(Debug, Group)]
pub struct Merge {
    /// Outputs of `simulate --shard i/n --format json`
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<String>,
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}
