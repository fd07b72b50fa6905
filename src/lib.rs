//! `cotenant`: a threat-modelling simulator for package indexes.

pub mod analysis;
pub mod cli;
pub mod diagnostic;
pub mod graph;
pub mod library;
pub mod model;
pub mod report;
pub mod scenarios;
pub mod source;
pub mod stats;
pub mod study;
pub mod units;
pub mod yaml;
