//! All of `poq-node`: a validator node for the Proof of Quality chain, with the judge embedded.
//!
//! The program itself is in `bin/`. It knows the commit that it was built from, so each commit
//! compiles it again. This large library stays as it is.

#![deny(missing_docs)]
// sc-cli's error type is large and its signatures prescribe it; no function that can return it is
// called often.
#![allow(clippy::result_large_err)]

mod chain_spec;
mod cli;
mod command;
mod error;
mod keys;
mod metrics;
mod rpc;
mod service;
mod types;

pub use command::run;
pub use error::NodeError;
