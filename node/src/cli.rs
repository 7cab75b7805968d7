//! The command line: what an operator can type after `poq-node`.

use std::{num::NonZeroUsize, path::PathBuf};

use sc_cli::{
    ChainInfoCmd, CheckBlockCmd, ExportBlocksCmd, ExportChainSpecCmd, ExportStateCmd, ImportBlocksCmd, KeySubcommand,
    PurgeChainCmd, RevertCmd, RunCmd,
};

use crate::{evaluator_key::EvaluatorKeyCmd, session_keys::SessionKeysCmd};

/// Without a subcommand the node runs.
#[derive(Debug, clap::Parser)]
pub struct Cli {
    #[command(subcommand)]
    pub subcommand: Option<Subcommand>,

    #[clap(flatten)]
    pub run: Run,

    #[clap(flatten)]
    pub scorer: ScorerArgs,
}

/// The SDK's flags, with another default: RPC methods that give the node's keys away are off, on
/// loopback too. A development chain (`--dev`) has no keys that are worth anything, and serves all.
#[derive(Debug)]
pub struct Run(pub RunCmd);

impl clap::FromArgMatches for Run {
    fn from_arg_matches(matches: &clap::ArgMatches) -> Result<Self, clap::Error> {
        RunCmd::from_arg_matches(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &clap::ArgMatches) -> Result<(), clap::Error> {
        self.0.update_from_arg_matches(matches)
    }
}

impl clap::Args for Run {
    fn augment_args(command: clap::Command) -> clap::Command {
        let rpc_methods =
            |arg: clap::Arg| arg.default_value("safe").default_value_if("dev", "true", Some("auto")).help(RPC_METHODS);
        RunCmd::augment_args(command).mut_arg("rpc_methods", rpc_methods)
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        RunCmd::augment_args_for_update(command)
    }
}

const RPC_METHODS: &str =
    "RPC methods to expose. With `auto`, the default of --dev, all on loopback and the safe ones elsewhere";

/// Which scorer judges for this node. Without any of these flags a validator runs the embedded one.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Scorer")]
pub struct ScorerArgs {
    /// Folder of the model that the embedded scorer judges with.
    ///
    /// Without it: `models/minilm-l6-judge` in the working directory, next to the binary, or in one
    /// of the three folders above the binary (so that a binary in `target/release` finds the one of
    /// its repository).
    ///
    /// May be given several times: around a change of the chain's model, for tasks of the old one
    /// and of the new one.
    #[arg(long, value_name = "FOLDER", env = "POQ_SCORER_MODEL")]
    pub scorer_model: Vec<PathBuf>,

    /// How many threads the embedded scorer judges with.
    #[arg(long, value_name = "N", default_value = "1")]
    pub scorer_threads: NonZeroUsize,

    /// Port of the embedded scorer on 127.0.0.1. The default, 0, takes a free one, and only this
    /// node's worker can ask the scorer. With another port, other programs of the machine can too.
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub scorer_port: u16,

    /// Use the scorer at this URL (a running `ocw-scorer`) instead of an embedded one.
    #[arg(long, value_name = "URL", value_parser = base_url, conflicts_with_all = ["scorer_threads", "scorer_port"])]
    pub scorer_url: Option<String>,

    /// A file with the token that the scorer at that URL asks for
    /// (`ocw-scorer serve --token-file`).
    #[arg(long, value_name = "FILE", requires = "scorer_url")]
    pub scorer_token_file: Option<PathBuf>,

    /// Run without a scorer: this node makes blocks but does not judge.
    #[arg(long, conflicts_with_all = ["scorer_url", "scorer_threads", "scorer_port"])]
    pub no_scorer: bool,
}

#[derive(Debug, clap::Subcommand)]
pub enum Subcommand {
    /// Key management utilities.
    #[command(subcommand)]
    Key(KeySubcommand),

    /// Create or load the evaluator key of this node and print what registers it on the chain.
    EvaluatorKey(EvaluatorKeyCmd),

    /// Create new session keys in the keystore of this node and print what registers them on the
    /// chain.
    SessionKeys(SessionKeysCmd),

    /// Export the chain specification.
    ExportChainSpec(ExportChainSpecCmd),

    /// Validate blocks.
    CheckBlock(CheckBlockCmd),

    /// Export blocks.
    ExportBlocks(ExportBlocksCmd),

    /// Export the state of a given block into a chain spec.
    ExportState(ExportStateCmd),

    /// Import blocks.
    ImportBlocks(ImportBlocksCmd),

    /// Remove the whole chain.
    PurgeChain(PurgeChainCmd),

    /// Revert the chain to a previous state.
    Revert(RevertCmd),

    /// Print the meta information of the chain's database.
    ChainInfo(ChainInfoCmd),
}

/// Why a text is not the URL of a scorer.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    #[error("it must start with http:// or https://")]
    Scheme,
    #[error("it must name a host")]
    Host,
    #[error("it must not contain spaces, control characters, a query or a fragment")]
    Character,
}

/// Checks the base URL of a scorer and takes off its trailing slashes: the worker appends paths to
/// it.
fn base_url(text: &str) -> Result<String, UrlError> {
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://")).ok_or(UrlError::Scheme)?;
    if rest.split('/').next().unwrap_or_default().is_empty() {
        return Err(UrlError::Host);
    }
    if text.chars().any(|c| c.is_whitespace() || c.is_control() || c == '?' || c == '#') {
        return Err(UrlError::Character);
    }
    Ok(text.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser as _;

    fn parse(arguments: &[&str]) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(std::iter::once("poq-node").chain(arguments.iter().copied()))
    }

    #[test]
    fn scorer_urls_lose_their_trailing_slash() {
        let cli = parse(&["--scorer-url", "http://127.0.0.1:8911/"]).expect("the URL is valid");
        assert_eq!(cli.scorer.scorer_url.as_deref(), Some("http://127.0.0.1:8911"));
    }

    #[test]
    fn fails_with_a_reason_on_a_bad_scorer_url() {
        assert_eq!(base_url("127.0.0.1:8911"), Err(UrlError::Scheme));
        assert_eq!(base_url("http://"), Err(UrlError::Host));
        assert_eq!(base_url("http:///path"), Err(UrlError::Host));
        assert_eq!(base_url("http://host/a b"), Err(UrlError::Character));
        assert_eq!(base_url("http://host/?x"), Err(UrlError::Character));
    }

    #[test]
    fn fails_when_scorer_flags_contradict_each_other() {
        assert!(parse(&["--no-scorer", "--scorer-url", "http://host"]).is_err());
        assert!(parse(&["--scorer-url", "http://host", "--scorer-port", "9"]).is_err());
        assert!(parse(&["--scorer-token-file", "token"]).is_err());
        assert!(parse(&["--scorer-threads", "0"]).is_err());
    }

    #[test]
    fn unsafe_rpc_methods_are_off_unless_asked_for() {
        use sc_cli::RpcMethods::{Auto, Safe, Unsafe};
        for (flags, methods) in [
            (&[][..], Safe),
            (&["--validator"], Safe),
            (&["--dev"], Auto),
            (&["--dev", "--rpc-methods", "safe"], Safe),
            (&["--rpc-methods", "auto"], Auto),
            (&["--rpc-methods", "unsafe"], Unsafe),
        ] {
            let cli = parse(flags).expect("the flags are known");
            assert_eq!(cli.run.0.rpc_params.rpc_methods, methods, "{flags:?}");
        }
    }

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory as _;
        Cli::command().debug_assert();
    }
}
