//! The command line: what can be said, and who does it.

mod answer;
mod render;
mod roles;
mod status;
mod submit;
mod watch;

use clap::{Args, Parser, Subcommand};
use poq_client::{
    keys::{self, KeySource},
    AccountId, Chain, ClientError, Keypair,
};
use std::{path::PathBuf, process::ExitCode};

/// Submit prompts to a Proof of Quality chain, follow them, answer them, and operate an evaluator.
#[derive(Parser)]
#[command(name = "poq", version, after_help = "Logs go to the standard error output; RUST_LOG chooses which.")]
pub struct Cli {
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
    Address(Signing),
}

/// Which key signs. Secrets come from a file or from the environment variable POQ_SECRET, never
/// from the command line.
#[derive(Args)]
struct Signing {
    /// A file whose first line is a mnemonic or a secret URI; without it, POQ_SECRET in the
    /// environment is read.
    #[arg(long, env = "POQ_KEY_FILE", value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// A development account such as `alice`, whose key everybody has.
    #[arg(long, visible_alias = "dev", value_name = "NAME")]
    dev_account: Option<String>,
}

impl Signing {
    fn key(&self) -> Result<Keypair, ClientError> {
        let source = match (&self.dev_account, &self.key_file) {
            (Some(name), _) => KeySource::Development(name.clone()),
            (None, Some(path)) => KeySource::File(path.clone()),
            (None, None) => KeySource::Environment,
        };
        Ok(keys::load(&source)?)
    }
}

impl Cli {
    /// Does what was asked.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        match self.command {
            Command::Submit(command) => command.run(&self.node).await,
            Command::Watch(command) => command.run(&self.node).await,
            Command::Answer(command) => command.run(&self.node).await,
            Command::Status(command) => command.run(&self.node).await,
            Command::Evaluator(command) => command.run(&self.node).await,
            Command::Inference(command) => command.run(&self.node).await,
            Command::Address(signing) => {
                say(keys::account(&signing.key()?))?;
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

/// Prints a line. A reader that has gone away is an error that `main` takes for a normal end.
fn say(line: impl std::fmt::Display) -> std::io::Result<()> {
    use std::io::Write;
    writeln!(std::io::stdout().lock(), "{line}")
}

/// Reads an account: an address, or `//Name` for a development account.
fn parse_account(text: &str) -> Result<AccountId, ClientError> {
    Ok(match text.starts_with("//") {
        true => keys::account(&keys::development(text)?),
        false => keys::parse_account(text)?,
    })
}

/// Reads so many bytes of hexadecimal digits.
fn parse_hex<const N: usize>(text: &str) -> Result<[u8; N], String> {
    let mut bytes = [0; N];
    let digits = text.trim().trim_start_matches("0x");
    hex::decode_to_slice(digits, &mut bytes).map_err(|_| format!("give {} hexadecimal digits", N * 2))?;
    Ok(bytes)
}

/// Says what a refused call calls for, where the chain's words leave that open.
fn advise(chain: &Chain, error: ClientError) -> anyhow::Error {
    let advice = match error.refusal() {
        Some("BountyTooSmall" | "BondTooSmall" | "UnknownModel") => "`poq status` shows what the chain asks for",
        Some("NotJoined") => "join first",
        Some("AlreadyJoined") => "`poq status ACCOUNT` shows where it stands",
        Some("BadKeyProof") => "make the proof with `poq-node evaluator-key` for this very account and chain",
        Some("StillUnbonding" | "DutiesOpen") => "`poq status ACCOUNT` shows until when, and which tasks",
        _ => return anyhow::Error::new(error),
    };
    anyhow::anyhow!("{error}; {advice} (chain {})", chain.name())
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
    fn hex_has_the_right_length_or_is_refused() {
        assert_eq!(parse_hex::<2>("0x0aff"), Ok([10, 255]));
        assert!(
            parse_hex::<2>("0a").is_err() && parse_hex::<2>("0x0aff00").is_err() && parse_hex::<2>("zzzz").is_err()
        );
    }

    #[test]
    fn accounts_are_addresses_or_development_names() {
        let alice = parse_account("//Alice").unwrap();
        assert_eq!(parse_account(&alice.to_string()).unwrap(), alice);
        assert!(parse_account("nobody").is_err());
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
