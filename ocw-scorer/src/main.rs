//! The command line: `ocw-scorer serve | score | inspect | fetch`.

mod cli;

use clap::Parser;
use std::{
    io::{stderr, IsTerminal},
    process::ExitCode,
};

fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,tract=error,tract_onnx=error"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(stderr)
        .with_target(false)
        .with_ansi(stderr().is_terminal())
        // Nobody may be left to read standard error; that is no reason to panic.
        .log_internal_errors(false)
        .init();
    match cli::Cli::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        // Nobody reads on, as after `| head`: all is said.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {}", sentence(&error));
            ExitCode::FAILURE
        }
    }
}

/// What went wrong, with its causes but for those that a sentence before them quotes.
fn sentence(error: &anyhow::Error) -> String {
    error.chain().skip(1).fold(error.to_string(), |said, cause| match cause.to_string() {
        cause if said.contains(&cause) => said,
        cause => format!("{said}: {cause}"),
    })
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
