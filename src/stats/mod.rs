//! Statistics that know nothing of models.

pub mod erlang;
pub mod wilson;
