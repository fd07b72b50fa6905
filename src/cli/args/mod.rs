//! The arguments of every verb. Types only.

mod simulate;

mod sweep;

use std::path::PathBuf;

use clap::{Args as Group, Parser, Subcommand, ValueEnum};

pub use simulate::{AttackerArg, Merge, Simulate};

pub use sweep::{Sweep, SweepFormat};

use crate::study::worse::FailOn;
use crate::units::Date;

const EXIT_CODES: &str = "Exit codes: 0 answered; 1 over tolerance or worse (check, diff, backtest); 2 usage; 3 the model or graph is wrong; \
4 a file cannot be read or written.\nResults go to stdout, notes to stderr. NO_COLOR is respected.";

/// A threat-modelling simulator for package indexes: who can become whom, resting on what, and who must be trusted.
#[derive(Debug, Parser)]
#[command(name = "cotenant", version, after_help = EXIT_CODES, arg_required_else_help = true)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
    /// Read the attack library from this folder instead of the built-in one
    #[arg(long, value_name = "DIR", global = true)]
    pub library: Option<PathBuf>,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Write a commented model to start from
    #[command(
        after_help = "Examples:\n  cotenant init my-index.yaml && cotenant check my-index.yaml\n  cotenant init --list\n  cotenant init my-index.yaml --template native-build"
    )]
    Init(Init),
    /// Check a model: errors, lints, and whether every threat keeps its tolerance
    #[command(
        after_help = "Examples:\n  cotenant check my-index.yaml\n  cotenant check models/*.yaml --format sarif > cotenant.sarif\n  cotenant check my-index.yaml --accept-all alice > accepted.yaml\n  cotenant check my-index.yaml --overlay accepted.yaml"
    )]
    Check(Check),
    /// Tell the escalation paths of each threat, best first
    #[command(
        after_help = "Examples:\n  cotenant paths native-containers --threat impersonation -k 5\n  cotenant paths graph.json --cost fewest --format json"
    )]
    Paths(Paths),
    /// Tell who must be trusted: the minimal coalitions that reach each goal with every assumption holding
    #[command(after_help = "Example: cotenant trust status-quo --threat users --among publisher,index-admin")]
    Trust(Trust),
    /// Tell what each compromised principal or credential gives, and who becomes whom
    #[command(
        after_help = "Examples:\n  cotenant blast native-containers\n  cotenant blast my-index.yaml --credential deploy-key\n  cotenant blast graph.json --format json"
    )]
    Blast(Blast),
    /// Tell how likely each goal is exposed or reached within the horizon: exactly, or by simulation
    #[command(
        after_help = "Examples:\n  cotenant simulate native-containers --exact --importance --threat impersonation\n  cotenant simulate native-containers --uncertainty\n  cotenant simulate native-containers --trials 1_000_000 --seed 7\n  cotenant simulate my-index.yaml --attacker serial --precision 0.05 --time-limit 10s\n  cotenant simulate my-index.yaml --trials 1_000_000 --shard 3/8 --format json > 3.json\n  cotenant merge [1-8].json"
    )]
    Simulate(Simulate),
    /// Add up the shards of a simulation to what one run would have said
    #[command(after_help = "Example: cotenant merge shard-*.json --format json")]
    Merge(Merge),
    /// Find the cheapest controls with which every tolerance is kept; with --sets, the sets each threat rests on
    #[command(
        after_help = "Examples:\n  cotenant harden native-containers --threat impersonation --budget 60\n  cotenant harden native-containers --sets --over controls"
    )]
    Harden(Harden),
    /// Compare designs on the same threats, and write the report
    #[command(
        after_help = "Examples:\n  cotenant compare                    all scenarios\n  cotenant compare a.yaml b.yaml --out review"
    )]
    Compare(Compare),
    /// Answer one model before and after a change
    #[command(
        after_help = "Examples:\n  cotenant whatif native-containers --set tenant.isolation=vm\n  cotenant whatif my-index.yaml --with vm-per-build --without deploy-key"
    )]
    Whatif(Whatif),
    /// Vary one or two fields over several designs; without --vary, the founding mail's sweep over the number of publishers
    #[command(
        after_help = "Examples:\n  cotenant sweep                      as publishers grow from ten to a million\n  cotenant sweep native-containers --vary tenant.isolation=container,microvm,vm\n  cotenant sweep a.yaml b.yaml --vary parameters.operator-honest.fails.per-year=0.001..0.1 --out s"
    )]
    Sweep(Sweep),
    /// Tell what became of every threat between two models, or two git revisions of one; exit 1 if the second is worse
    #[command(
        after_help = "Examples:\n  cotenant diff before.yaml after.yaml\n  cotenant diff main..HEAD model.yaml       two git revisions (needs the program git)\n  cotenant diff main...HEAD model.yaml      since HEAD left main\n  cotenant diff HEAD model.yaml             a revision and the working tree\n  cotenant diff main..HEAD model.yaml --format markdown > comment.md\n  cotenant diff HEAD model.yaml --fail-on rise=0.01\n\nWorse is a threat whose status rises, for which fewer failures suffice (or more sets of so few do, or open everybody), \
for which a new minimal coalition is enough, or whose probability rises as --fail-on says. Each reason is printed."
    )]
    Diff(Diff),
    /// Judge incident models: does the library explain what really happened?
    #[command(
        after_help = "Examples:\n  cotenant backtest                   all embedded incidents\n  cotenant backtest my-incident.yaml  one of your own, with its path"
    )]
    Backtest(Backtest),
    /// Print the capability graph
    #[command(
        after_help = "Examples:\n  cotenant graph my-index.yaml --format json > graph.json\n  cotenant graph my-index.yaml --threat impersonation --format mermaid"
    )]
    Graph(GraphArgs),
    /// Explain a step, kind, verb, assumption, parameter, diagnostic or scenario; without a name, list them
    #[command(
        after_help = "Examples:\n  cotenant explain escape-tenant\n  cotenant explain --slsa E             steps by SLSA threat\n  cotenant explain --coverage my-index.yaml"
    )]
    Explain(Explain),
    /// Write the report of one or several models
    #[command(after_help = "Example: cotenant report my-index.yaml --out review --png")]
    Report(Compare),
    /// Print the JSON Schema of model files, for editors
    Schema(Schema),
    /// Print shell completions, or the manual page
    #[command(
        after_help = "Examples:\n  cotenant completions bash > ~/.local/share/bash-completion/completions/cotenant\n  cotenant completions man > cotenant.1 && man ./cotenant.1\n  cotenant completions man check > cotenant-check.1"
    )]
    Completions(Completions),
}

/// Human text or JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Human,
    /// For programs.
    Json,
}

/// A model and the changes to it.
#[derive(Debug, Group)]
pub struct Input {
    /// A model (YAML), a capability graph (JSON), or the name of a scenario
    #[arg(value_name = "MODEL")]
    pub model: String,
    #[command(flatten)]
    pub edits: EditArgs,
    #[command(flatten)]
    pub common: Common,
}

/// Changes to a model, on any verb.
#[derive(Debug, Clone, Default, Group)]
pub struct EditArgs {
    /// Set a field: entity.field=value (wins over everything)
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Take out an entity, privilege, control or threat, with all that names it
    #[arg(long, value_name = "ID")]
    pub without: Vec<String>,
    /// Switch a control on
    #[arg(long, value_name = "CONTROL")]
    pub with: Vec<String>,
    /// Lay a file over the model
    #[arg(long, value_name = "FILE")]
    pub overlay: Vec<PathBuf>,
    /// Horizon, such as 90d or 1y
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true)]
    pub horizon: Option<String>,
}

/// Flags that most verbs take.
#[derive(Debug, Clone, Group)]
pub struct Common {
    /// Only these threats (repeatable; `vendor-breach` means all of `vendor-breach.*`)
    #[arg(long, value_name = "ID")]
    pub threat: Vec<String>,
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// Seed, echoed in every output
    #[arg(long, value_name = "N", default_value_t = 1, allow_negative_numbers = true, value_parser = seed)]
    pub seed: u64,
    /// Enumerate every member instead of lumping them (small models only)
    #[arg(long)]
    pub expand: bool,
}

/// `init`.
#[derive(Debug, Group)]
pub struct Init {
    /// File to write; must not exist
    #[arg(value_name = "FILE", default_value = "index.yaml")]
    pub file: PathBuf,
    /// The class of designs to start from; --list tells them
    #[arg(long, value_name = "NAME", default_value = "status-quo")]
    pub template: String,
    /// List the templates; write nothing
    #[arg(long, conflicts_with_all = ["file", "template"])]
    pub list: bool,
}

/// Formats of `check`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// For people.
    Human,
    /// The envelope of docs/semantics.md.
    Json,
    /// JUnit XML: a suite for each model, a case for each threat.
    Junit,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
}

/// `check`.
#[derive(Debug, Group)]
pub struct Check {
    /// Models (YAML), capability graphs (JSON), or names of scenarios
    #[arg(value_name = "MODEL", required = true)]
    pub models: Vec<String>,
    #[command(flatten)]
    pub edits: EditArgs,
    /// Only these threats (repeatable; `vendor-breach` means all of `vendor-breach.*`)
    #[arg(long, value_name = "ID")]
    pub threat: Vec<String>,
    /// Output format
    #[arg(long, value_enum, default_value_t = CheckFormat::Human)]
    pub format: CheckFormat,
    /// Seed, echoed in every output
    #[arg(long, value_name = "N", default_value_t = 1, allow_negative_numbers = true, value_parser = seed)]
    pub seed: u64,
    /// Enumerate every member instead of lumping them (small models only)
    #[arg(long)]
    pub expand: bool,
    /// The day by which accepted risks expire [default: today]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub today: Option<Date>,
    /// Print an overlay that accepts every risk of today in this owner's name, to start a gate from; writes nothing
    #[arg(long, value_name = "OWNER")]
    pub accept_all: Option<String>,
    /// Print the answers of a filled-in questions.csv as the list to paste into the model (or to lay over it); writes nothing
    #[arg(long, value_name = "FILE", conflicts_with = "accept_all")]
    pub answers: Option<PathBuf>,
    /// With --accept-all: the last day they are accepted [default: 90 days from today]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date, requires = "accept_all")]
    pub until: Option<Date>,
}

fn many(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (1..=MOST_PATHS).contains(number));
    number.ok_or_else(|| format!("a whole number from 1 to {MOST_PATHS} is meant"))
}

/// So many of something; none is none.
fn whole(text: &str) -> Result<u64, String> {
    let number = text.replace('_', "").parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| format!("a whole number from 1 to {} is meant", u64::MAX))
}

/// Draws of all numbers: few say nothing about 5 % of them, and more than the most only take time.
fn draws(text: &str) -> Result<u64, String> {
    let number = text.replace('_', "").parse().ok().filter(|number| (FEWEST_DRAWS..=MOST_DRAWS).contains(number));
    number.ok_or_else(|| format!("a whole number from {FEWEST_DRAWS} to {MOST_DRAWS} is meant"))
}

/// The seed of everything drawn.
fn seed(text: &str) -> Result<u64, String> {
    text.replace('_', "").parse().map_err(|_| format!("a whole number from 0 to {} is meant", u64::MAX))
}

fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "a date is written YYYY-MM-DD, such as 2027-01-31".to_owned())
}

/// Cost to order paths by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CostArg {
    /// Fewest assumptions.
    Fewest,
    /// Likeliest.
    Likeliest,
    /// Least effort.
    Effort,
}

/// Draws at least, and at most.
const FEWEST_DRAWS: u64 = 100;
const MOST_DRAWS: u64 = 1_000_000;

/// Paths listed at most.
const MOST_PATHS: usize = 1_000_000;

/// `paths`.
#[derive(Debug, Group)]
pub struct Paths {
    #[command(flatten)]
    pub input: Input,
    /// How many paths
    #[arg(short, value_name = "N", default_value_t = 10, value_parser = many, allow_negative_numbers = true)]
    pub k: usize,
    /// What to order them by
    #[arg(long, value_enum, default_value_t = CostArg::Likeliest)]
    pub cost: CostArg,
    /// Search nodes before stopping
    #[arg(long, value_name = "NODES", default_value_t = crate::analysis::paths::DEFAULT_LIMIT, allow_negative_numbers = true, value_parser = whole)]
    pub limit: u64,
    /// Tell every path, not only the best of each minimal attack set
    #[arg(long)]
    pub all: bool,
}

/// `trust`.
#[derive(Debug, Group)]
pub struct Trust {
    #[command(flatten)]
    pub input: Input,
    /// Only these candidates (principals or classes)
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub among: Vec<String>,
}

/// `blast`.
#[derive(Debug, Group)]
pub struct Blast {
    #[command(flatten)]
    pub input: Input,
    /// Only this principal (a class: each of its members that is told apart)
    #[arg(long, value_name = "P", conflicts_with = "credential")]
    pub principal: Option<String>,
    /// Only this credential
    #[arg(long, value_name = "K")]
    pub credential: Option<String>,
}

/// What sets are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OverArg {
    /// Assumptions that fail or hold.
    Assumptions,
    /// Controls that are absent or on, whatever assumptions fail.
    Controls,
}

/// `harden`.
#[derive(Debug, Group)]
pub struct Harden {
    #[command(flatten)]
    pub input: Input,
    /// Tell the minimal attack sets and the minimal hardening sets instead
    #[arg(long)]
    pub sets: bool,
    /// What the sets are made of
    #[arg(long, value_enum, default_value_t = OverArg::Assumptions, requires = "sets")]
    pub over: OverArg,
    /// Also tell the best that so many days of work buy (60 or 60d)
    #[arg(long, value_name = "DAYS", conflicts_with = "sets", allow_hyphen_values = true)]
    pub budget: Option<String>,
}

/// How ranges are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Ranges {
    /// PERT by low, mode, high.
    Pert,
    /// Log-uniform from low to high: no mode is believed.
    LogUniform,
}

/// How the numbers with a range are drawn.
#[derive(Debug, Clone, Copy, Group)]
pub struct DrawArgs {
    /// Draws of all numbers from their ranges, 100 to 1,000,000
    #[arg(long, value_name = "N", default_value_t = crate::study::uncertainty::Options::DRAWS, value_parser = draws, allow_negative_numbers = true)]
    pub draws: u64,
    /// How a range low, mode, high is read
    #[arg(long, value_enum, default_value_t = Ranges::Pert)]
    pub ranges: Ranges,
}

/// `compare` and `report`.
#[derive(Debug, Group)]
pub struct Compare {
    /// Models, graphs or scenarios; none: all scenarios
    #[arg(value_name = "MODEL")]
    pub models: Vec<String>,
    #[command(flatten)]
    pub edits: EditArgs,
    #[command(flatten)]
    pub common: Common,
    /// The design that the others are compared with, by its id [default: the first]
    #[arg(long, value_name = "DESIGN")]
    pub baseline: Option<String>,
    /// Folder for the report
    #[arg(long, value_name = "DIR", default_value = "cotenant-report")]
    pub out: PathBuf,
    /// Also write the plots as PNG
    #[arg(long)]
    pub png: bool,
    #[command(flatten)]
    pub draw: DrawArgs,
    /// Characters that report.md may have; it says what it leaves out (a post has 65536 on GitHub, on Discourse 32000)
    #[arg(long, value_name = "N", default_value_t = crate::report::markdown::FITS as u64, value_parser = clap::value_parser!(u64).range(1..))]
    pub fit: u64,
    /// Only print one page of plain text, 72 columns wide, to post in a discussion; write nothing
    #[arg(long, conflicts_with_all = ["png", "format", "fit"])]
    pub brief: bool,
}

/// `whatif`.
#[derive(Debug, Group)]
pub struct Whatif {
    #[command(flatten)]
    pub input: Input,
}

/// Formats of `diff`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// For people.
    Human,
    /// The envelope of docs/semantics.md.
    Json,
    /// A comment for a pull request, bounded in length.
    Markdown,
}

/// `diff`.
#[derive(Debug, Group)]
pub struct Diff {
    /// The model or graph to start from; or a git revision or range (`main..HEAD`, `main...HEAD`)
    #[arg(value_name = "BEFORE")]
    pub before: String,
    /// The model or graph to judge; beside a revision, the file to compare in it
    #[arg(value_name = "AFTER")]
    pub after: String,
    #[command(flatten)]
    pub edits: EditArgs,
    /// Only these threats (repeatable; `vendor-breach` means all of `vendor-breach.*`)
    #[arg(long, value_name = "ID")]
    pub threat: Vec<String>,
    /// Output format
    #[arg(long, value_enum, default_value_t = DiffFormat::Human)]
    pub format: DiffFormat,
    /// Seed, echoed in every output
    #[arg(long, value_name = "N", default_value_t = 1, allow_negative_numbers = true, value_parser = seed)]
    pub seed: u64,
    /// Enumerate every member instead of lumping them (small models only)
    #[arg(long)]
    pub expand: bool,
    /// When a higher probability makes a threat worse (its structure always counts): `structure` never; `ranges` where it rises
    /// above what the ranges of the numbers before leave open; `rise` wherever it rises; `rise=X` by more than X
    #[arg(long, value_name = "RULE", default_value = "ranges", value_parser = FailOn::parse)]
    pub fail_on: FailOn,
}

/// `backtest`.
#[derive(Debug, Group)]
pub struct Backtest {
    /// Incident models, folders of them, or names of embedded incidents; none: all embedded incidents
    #[arg(value_name = "FILE|DIR")]
    pub models: Vec<String>,
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// Seed, echoed in every output
    #[arg(long, value_name = "N", default_value_t = 1, allow_negative_numbers = true, value_parser = seed)]
    pub seed: u64,
    /// Write what is found to this file, to compare with later; only a record is replaced
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// Compare with this record instead of the built-in one; exit 1 if less is found than recorded
    #[arg(long, value_name = "FILE")]
    pub against: Option<PathBuf>,
}

/// Formats of `graph`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GraphFormat {
    /// The contract of docs/semantics.md.
    Json,
    /// Graphviz.
    Dot,
    /// Mermaid, within its limits.
    Mermaid,
    /// GraphML, for yEd, Gephi, networkx.
    Graphml,
    /// A table of the steps.
    Csv,
    /// OpenGraph JSON, for BloodHound.
    Opengraph,
    /// A summary in words.
    Human,
}

/// `graph`.
#[derive(Debug, Group)]
pub struct GraphArgs {
    /// A model (YAML), a capability graph (JSON), or the name of a scenario
    #[arg(value_name = "MODEL")]
    pub model: String,
    #[command(flatten)]
    pub edits: EditArgs,
    /// Only what these threats ask about (repeatable)
    #[arg(long, value_name = "ID")]
    pub threat: Vec<String>,
    /// Output format
    #[arg(long, value_enum, default_value_t = GraphFormat::Human)]
    pub format: GraphFormat,
    /// Write every member out instead of blocks (small models only)
    #[arg(long)]
    pub expand: bool,
}

/// `explain`.
#[derive(Debug, Group)]
pub struct Explain {
    /// Id of a step, kind, verb, assumption, parameter, diagnostic code or scenario, a word of a report, or with --model a name of the model
    #[arg(value_name = "NAME", conflicts_with_all = ["slsa", "openssf", "coverage", "library_lint"])]
    pub name: Option<String>,
    /// Explain as this model sees it (its own steps, numbers and names)
    #[arg(long, value_name = "MODEL")]
    pub model: Option<String>,
    #[command(flatten)]
    pub view: View,
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

/// Views of the whole library.
#[derive(Debug, Group)]
#[group(multiple = false)]
pub struct View {
    /// List the steps by SLSA v1.2 threat, or those of one: A to I, dependency, availability, verification
    #[arg(long, value_name = "LETTER", num_args = 0..=1, default_missing_value = "")]
    pub slsa: Option<String>,
    /// List the steps by OpenSSF principle for package repositories, or those of one track, level or both: authentication-2
    #[arg(long, value_name = "PRINCIPLE", num_args = 0..=1, default_missing_value = "")]
    pub openssf: Option<String>,
    /// Tell which SLSA threats, ATT&CK techniques and Risk Explorer vectors this model exercises
    #[arg(long, value_name = "MODEL")]
    pub coverage: Option<String>,
    /// Tell what is wrong with the library: steps that no model fires, capabilities nothing gains, copies, gaps. Looks at the
    /// embedded models, and at these besides
    #[arg(long, value_name = "MODEL|DIR", num_args = 0..)]
    pub library_lint: Option<Vec<String>>,
}

/// `schema`.
#[derive(Debug, Group)]
pub struct Schema {
    /// A model whose own library additions the schema should know
    #[arg(long, value_name = "MODEL")]
    pub model: Option<String>,
}

/// What `completions` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Complete {
    /// For bash.
    Bash,
    /// For elvish.
    Elvish,
    /// For fish.
    Fish,
    /// For PowerShell.
    Powershell,
    /// For zsh.
    Zsh,
    /// The manual page, in roff.
    Man,
}

/// `completions`.
#[derive(Debug, Group)]
pub struct Completions {
    /// What to print: completions of a shell, or the manual page
    #[arg(value_enum)]
    pub shell: Complete,
    /// With `man`: the page of this verb
    #[arg(value_name = "VERB")]
    pub verb: Option<String>,
}
