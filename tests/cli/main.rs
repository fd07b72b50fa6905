//! The program as its users meet it: verbs, streams, exit codes, and what it never does.

mod graphs;
mod models;
mod run;
mod verbs;
