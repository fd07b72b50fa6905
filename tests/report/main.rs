//! Reports on made-up answers: what they say, that they are harmless, and that they fit.

mod documents;
mod fixture;
mod folders;
mod hostile;
mod machine;
mod numbers;
mod pictures;
mod stories;
mod tables;
