//! The command line: what an operator can type after `poq-node`.

use poq_embedded_scorer::ScorerArgs;
use sc_cli::{
    ChainInfoCmd, CheckBlockCmd, ExportBlocksCmd, ExportChainSpecCmd, ExportStateCmd, ImportBlocksCmd, KeySubcommand,
    PurgeChainCmd, RevertCmd, RunCmd,
};

use crate::keys::{evaluator::EvaluatorKeyCmd, session::SessionKeysCmd};

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

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser as _;

    fn parse(arguments: &[&str]) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(std::iter::once("poq-node").chain(arguments.iter().copied()))
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
