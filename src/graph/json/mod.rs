//! The capability graph as JSON: the contract by which other tools hand graphs in and take them out.
//!
//! ```
//! use cotenant::graph::json;
//! use cotenant::source::Source;
//!
//! let text = r#"{"cotenant-graph": 1, "capabilities": [{"id": 0, "name": "publish(project)"}],
//!   "assumptions": [{"id": 0, "name": "token-kept", "probability": 0.1}],
//!   "steps": [{"id": 0, "name": "steal-token", "needs": [], "gains": 0, "assumptions": [0]}],
//!   "threats": [{"name": "takeover", "start": [], "goal": 0}]}"#;
//! let graph = json::read(Source::new("small.json", text)).unwrap();
//! assert_eq!(graph.steps.len(), 1);
//! assert_eq!(json::read(Source::new("again.json", json::write(&graph))).unwrap(), graph);
//!
//! let wrong = text.replace("0.1", "1.1");
//! let errors = json::read(Source::new("wrong.json", wrong)).unwrap_err();
//! assert_eq!(errors[0].to_string(), "2:66: assumptions[0].probability: 1.1 is out of range: from 0 to 1");
//! ```

mod elements;
mod fields;
mod read;
mod scan;
mod write;

use std::fmt;

pub use read::{Loaded, load, read};
pub use write::write;

/// Something wrong (or, as a note, not understood) in a graph file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphError {
    /// Where in the data: `steps[3].needs[0]`; empty for the file itself.
    pub path: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub col: usize,
    /// What.
    pub message: String,
}

impl fmt::Display for GraphError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: ", self.line, self.col)?;
        if !self.path.is_empty() {
            write!(out, "{}: ", self.path)?;
        }
        out.write_str(&self.message)
    }
}

impl std::error::Error for GraphError {}

/// The version this program writes and reads.
const VERSION: u64 = 1;
/// What a graph may require of its reader, and this one understands.
const FEATURES: [&str; 3] = ["families", "guards", "quorum"];

#[cfg(test)]
mod tests;
