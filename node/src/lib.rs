//! All of `poq-node`: a validator node for the Proof of Quality chain, with the judge embedded.
//!
//! The program itself is in `bin/`. It knows the commit that it was built from, and so is made anew
//! with each; this large library is not.

#![deny(missing_docs)]
// sc-cli's error type is large and its signatures prescribe it; no function that can return it is
// called often.
#![allow(clippy::result_large_err)]

mod chain_spec;
mod cli;
mod command;
mod error;
mod evaluator_key;
mod keystore;
mod metrics;
mod model_watch;
mod rpc;
mod scorer;
mod service;
mod session_keys;

pub use command::run;
pub use error::NodeError;
