//! The command `poq`: what can be said, and who does it.

mod answer;
mod arguments;
mod render;
mod roles;
mod status;
mod submit;
mod table;
mod watch;

use crate::keys;
use clap::{Parser, Subcommand};
use std::{
    io::{ErrorKind, IsTerminal},
    process::ExitCode,
};

/// Runs the command `poq` with the arguments of this process; returns its exit status.
///
/// The program only calls this. So the compiler makes its code with the library, beside other
/// crates, and not after them all.
#[tokio::main]
pub async fn run() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,poq_client=info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        .init();
    match Cli::parse().run().await {
        Ok(code) => code,
        // Such as `poq watch | head`.
        Err(error)
            if error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe) =>
        {
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Submit prompts to a Proof of Quality chain, follow them, answer them, and operate an evaluator.
#[derive(Parser)]
#[command(name = "poq", version, after_help = "Logs go to the standard error output; RUST_LOG chooses which.")]
struct Cli {
    /// The node's WebSocket address.
    #[arg(long, env = "POQ_NODE", default_value = "ws://127.0.0.1:9944", global = true)]
    node: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Submit a prompt with a bounty.
    Submit(submit::Submit),
    /// Follow a task until it ends, or everything that happens.
    Watch(watch::Watch),
    /// Run an inference node: join, wait for tasks, answer them and be paid.
    Answer(answer::Answer),
    /// Show the chain's parameters, open tasks and participants, or an account.
    Status(status::Status),
    /// Operate an evaluator, whose node judges answers.
    #[command(subcommand)]
    Evaluator(roles::Evaluator),
    /// Operate an inference node's bond. `poq answer` joins by itself.
    #[command(subcommand)]
    Inference(roles::Inference),
    /// Print the address of a key.
    Address(arguments::Signing),
}

impl Cli {
    /// Does what was asked.
    async fn run(self) -> anyhow::Result<ExitCode> {
        match self.command {
            Command::Submit(command) => command.run(&self.node).await,
            Command::Watch(command) => command.run(&self.node).await,
            Command::Answer(command) => command.run(&self.node).await,
            Command::Status(command) => command.run(&self.node).await,
            Command::Evaluator(command) => command.run(&self.node).await,
            Command::Inference(command) => command.run(&self.node).await,
            Command::Address(signing) => {
                render::say(keys::account(&signing.key()?))?;
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn no_option_takes_a_secret() {
        fn look(command: &clap::Command) -> usize {
            for argument in command.get_arguments() {
                let name = argument.get_id().as_str();
                let secrets = ["secret", "suri", "phrase", "mnemonic", "password", "token"];
                let is_secret = name.split('_').any(|word| secrets.contains(&word));
                assert!(!is_secret || name.ends_with("_file"), "{}: {name}", command.get_name());
            }
            command.get_arguments().count() + command.get_subcommands().map(look).sum::<usize>()
        }
        assert!(look(&Cli::command()) > 30, "the options of subcommands are looked at");
    }
}
