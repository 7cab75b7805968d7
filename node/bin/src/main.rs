//! The program `poq-node`. It is small, because each commit compiles it again: `--version` names
//! the commit.

use std::process::ExitCode;

fn main() -> ExitCode {
    match poq_node_lib::run(env!("SUBSTRATE_CLI_IMPL_VERSION")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error}");
            ExitCode::FAILURE
        }
    }
}
