//! `poq-node`: a validator node for the Proof of Quality chain, with the judge embedded.

#![warn(missing_docs)]
// sc-cli's error type is large and its signatures prescribe it; no function that can return it is called often.
#![allow(clippy::result_large_err)]

mod chain_spec;
mod cli;
mod command;
mod error;
mod evaluator_key;
mod metrics;
mod model_watch;
mod rpc;
mod scorer;
mod service;

use std::process::ExitCode;

fn main() -> ExitCode {
    match command::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error}");
            ExitCode::FAILURE
        }
    }
}
