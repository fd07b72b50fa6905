//! The arguments of `sweep`. Types only.

use std::path::PathBuf;

use clap::{Args as Group, ValueEnum};

use super::{EditArgs, Ranges, draws};

/// Formats of `sweep`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SweepFormat {
    /// For people.
    Human,
    /// The envelope of docs/semantics.md.
    Json,
    /// A line for each design, point and threat.
    Csv,
}

/// `sweep`.
#[derive(Debug, Group)]
pub struct Sweep {
    /// Models or scenarios; none: all scenarios
    #[arg(value_name = "MODEL")]
    pub models: Vec<String>,
    /// Vary a field: PATH=LOW..HIGH (then :log, :linear, :n=13) or PATH=a,b,c; once or twice. Without it, what the founding mail asks:
    /// impersonation, waiting and work as publishers grow from ten to a million
    #[arg(long, value_name = "PATH=VALUES")]
    pub vary: Vec<String>,
    #[command(flatten)]
    pub edits: EditArgs,
    /// Only these threats (repeatable; `vendor-breach` means all of `vendor-breach.*`)
    #[arg(long, value_name = "ID")]
    pub threat: Vec<String>,
    /// Output format
    #[arg(long, value_enum, default_value_t = SweepFormat::Human)]
    pub format: SweepFormat,
    /// Seed, echoed in every output
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Enumerate every member instead of lumping them (small models only)
    #[arg(long)]
    pub expand: bool,
    /// Draws of all numbers from their ranges, at each point, 100 to 1,000,000
    #[arg(long, value_name = "N", default_value_t = crate::study::sweep::DRAWS, value_parser = draws, allow_negative_numbers = true)]
    pub draws: u64,
    /// How a range low, mode, high is read
    #[arg(long, value_enum, default_value_t = Ranges::Pert)]
    pub ranges: Ranges,
    /// Also write the table as CSV and JSON, and the plot, into this folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// With --out: also write the plot as PNG
    #[arg(long, requires = "out")]
    pub png: bool,
}
