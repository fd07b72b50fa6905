//! Statistics that know nothing of models.

pub mod wilson;
