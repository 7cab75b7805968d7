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
        Err(error) => {
            eprintln!("Error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
