//! The keys of a validator, and the commands that make them.

pub mod evaluator;
pub mod keystore;
pub mod session;
