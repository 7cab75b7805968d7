//! Runs what the command line asks for.

use std::sync::OnceLock;

use sc_cli::SubstrateCli;

use crate::{
    chain_spec,
    cli::{Cli, Subcommand},
    error::NodeError,
    service,
    types::Block,
};

/// The program's version with the commit it was built from. The interface that asks for it takes no
/// arguments.
static VERSION: OnceLock<&str> = OnceLock::new();

impl SubstrateCli for Cli {
    fn impl_name() -> String {
        "Proof of Quality Node".into()
    }

    fn impl_version() -> String {
        VERSION.get().copied().unwrap_or(env!("CARGO_PKG_VERSION")).into()
    }

    fn description() -> String {
        env!("CARGO_PKG_DESCRIPTION").into()
    }

    fn author() -> String {
        "the Proof of Quality developers".into()
    }

    fn support_url() -> String {
        concat!(env!("CARGO_PKG_REPOSITORY"), "/issues").into()
    }

    fn copyright_start_year() -> i32 {
        2026
    }

    fn load_spec(&self, id: &str) -> Result<Box<dyn sc_service::ChainSpec>, String> {
        Ok(Box::new(chain_spec::load(id)?))
    }
}

/// Parses the arguments and runs the command, or the node when there is none. `version` is what
/// `--version` says.
pub fn run(version: &'static str) -> Result<(), NodeError> {
    // Set once, by the one program.
    let _ = VERSION.set(version);
    let cli = Cli::from_args();
    match &cli.subcommand {
        None => {
            let scorer = cli.scorer.clone();
            cli.create_runner(&cli.run.0)?.run_node_until_exit(|config| service::start(config, scorer))
        }
        Some(Subcommand::Key(command)) => Ok(command.run(&cli)?),
        Some(Subcommand::EvaluatorKey(command)) => Ok(command.run(&cli)?),
        Some(Subcommand::SessionKeys(command)) => Ok(command.run(&cli)?),
        Some(Subcommand::ExportChainSpec(command)) => {
            let spec = cli.load_spec(&command.chain).map_err(sc_cli::Error::Input)?;
            Ok(command.run(spec)?)
        }
        Some(Subcommand::CheckBlock(command)) => cli.create_runner(command)?.async_run(|config| {
            let parts = service::open(&config)?;
            let check = command.run(parts.client, parts.import_queue);
            Ok((async { Ok(check.await?) }, parts.task_manager))
        }),
        Some(Subcommand::ExportBlocks(command)) => cli.create_runner(command)?.async_run(|config| {
            let parts = service::open(&config)?;
            let export = command.run(parts.client, config.database);
            Ok((async { Ok(export.await?) }, parts.task_manager))
        }),
        Some(Subcommand::ExportState(command)) => cli.create_runner(command)?.async_run(|config| {
            let parts = service::open(&config)?;
            let export = command.run(parts.client, config.chain_spec);
            Ok((async { Ok(export.await?) }, parts.task_manager))
        }),
        Some(Subcommand::ImportBlocks(command)) => cli.create_runner(command)?.async_run(|config| {
            let parts = service::open(&config)?;
            let import = command.run(parts.client, parts.import_queue);
            Ok((async { Ok(import.await?) }, parts.task_manager))
        }),
        Some(Subcommand::Revert(command)) => cli.create_runner(command)?.async_run(|config| {
            let parts = service::open(&config)?;
            let revert = command.run(
                parts.client,
                parts.backend,
                // The consensus engines keep notes of their own about the blocks that go away.
                Some(Box::new(|client, backend, blocks| {
                    sc_consensus_babe::revert(client.clone(), backend, blocks)?;
                    sc_consensus_grandpa::revert(client, blocks)?;
                    Ok(())
                })),
            );
            Ok((async { Ok(revert.await?) }, parts.task_manager))
        }),
        Some(Subcommand::PurgeChain(command)) => {
            cli.create_runner(command)?.sync_run(|config| Ok(command.run(config.database)?))
        }
        Some(Subcommand::ChainInfo(command)) => {
            cli.create_runner(command)?.sync_run(|config| Ok(command.run::<Block>(&config)?))
        }
    }
}
