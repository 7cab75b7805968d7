//! The `poq` command: submit and watch tasks, run an inference node, operate an evaluator.

use std::process::ExitCode;

fn main() -> ExitCode {
    poq_client::cli::run()
}
