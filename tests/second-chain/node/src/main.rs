//! The barest node that can run a chain with judged tasks: parts of the SDK, and nothing of ours
//! but the runtime.
//!
//! It makes a block every second by itself (manual seal), as `polkadot-omni-node --dev` does.
//! Judging needs two things of a node: that it runs off-chain workers with HTTP, and that its
//! keystore holds an evaluator's key. The judge is another program, `ocw-scorer serve`.

// sc-cli's error type is large and its signatures prescribe it.
#![allow(clippy::result_large_err)]

use std::{sync::Arc, time::Duration};

use clap::Parser;
use futures::{FutureExt as _, StreamExt as _};
use jsonrpsee::RpcModule;
use sc_cli::{RunCmd, SubstrateCli};
use sc_client_api::Backend as _;
use sc_consensus_manual_seal::{
    consensus::{aura::AuraConsensusDataProvider, timestamp::SlotTimestampProvider},
    EngineCommand, ManualSealParams,
};
use sc_network::{config::FullNetworkConfiguration, Litep2pNetworkBackend, NetworkBackend};
use sc_offchain::{OffchainWorkerOptions, OffchainWorkers};
use sc_service::{ChainType, Configuration, GenericChainSpec, TaskManager};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use second_runtime::RuntimeApi;
use sp_runtime::{generic, traits::Block as BlockT, OpaqueExtrinsic};

type Block = generic::Block<second_runtime::Header, OpaqueExtrinsic>;
type Executor = sc_executor::WasmExecutor<sp_io::SubstrateHostFunctions>;
type Network = Litep2pNetworkBackend;

/// How often a block is made.
const BLOCK_TIME: Duration = Duration::from_secs(1);

/// The command line: only running.
#[derive(Debug, Parser)]
struct Cli {
    #[clap(flatten)]
    run: RunCmd,
}

impl SubstrateCli for Cli {
    fn impl_name() -> String {
        "Second Node".into()
    }

    fn impl_version() -> String {
        env!("CARGO_PKG_VERSION").into()
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
        if id != "dev" {
            return Err(format!("this node knows the chain `dev` only, not `{id}`: run it with --dev"));
        }
        let code =
            second_runtime::WASM_BINARY.ok_or("this program was built with SKIP_WASM_BUILD, without a runtime")?;
        let spec = <GenericChainSpec>::builder(code, None)
            .with_name("Second Development")
            .with_id("second_dev")
            .with_chain_type(ChainType::Development)
            .with_genesis_config_preset_name("development")
            .build();
        Ok(Box::new(spec))
    }
}

fn main() -> sc_cli::Result<()> {
    let cli = Cli::from_args();
    cli.create_runner(&cli.run)?.run_node_until_exit(|config| async { Ok(start(config)?) })
}

/// Runs the node until its task manager ends.
fn start(config: Configuration) -> Result<TaskManager, sc_service::Error> {
    let executor = sc_service::new_wasm_executor(&config.executor);
    let (client, backend, keystore, mut task_manager) =
        sc_service::new_full_parts::<Block, RuntimeApi, Executor>(&config, None, executor, vec![])?;
    let client = Arc::new(client);
    let select_chain = sc_consensus::LongestChain::new(backend.clone());
    let pool = Arc::new(
        sc_transaction_pool::Builder::new(task_manager.spawn_essential_handle(), client.clone(), true.into())
            .with_options(config.transaction_pool.clone())
            .build(),
    );
    let import_queue =
        sc_consensus_manual_seal::import_queue(Box::new(client.clone()), &task_manager.spawn_essential_handle(), None);

    let (network, system_rpc_tx, tx_handler_controller, sync_service, _bitswap) =
        sc_service::build_network(sc_service::BuildNetworkParams {
            config: &config,
            net_config: FullNetworkConfiguration::<Block, <Block as BlockT>::Hash, Network>::new(&config.network, None),
            client: client.clone(),
            transaction_pool: pool.clone(),
            spawn_handle: task_manager.spawn_handle(),
            spawn_essential_handle: task_manager.spawn_essential_handle(),
            import_queue,
            block_announce_validator_builder: None,
            warp_sync_config: None,
            block_relay: None,
            metrics: <Network as NetworkBackend<Block, <Block as BlockT>::Hash>>::register_notification_metrics(None),
            gap_sync_body_policy: None,
        })?;

    // What judging needs of a node: off-chain workers that see the keystore, may use HTTP, and can
    // send transactions.
    let workers = OffchainWorkers::new(OffchainWorkerOptions {
        runtime_api_provider: client.clone(),
        keystore: Some(keystore.keystore()),
        offchain_db: backend.offchain_storage(),
        transaction_pool: Some(OffchainTransactionPoolFactory::new(pool.clone())),
        network_provider: Arc::new(network.clone()),
        is_validator: config.role.is_authority(),
        enable_http_requests: true,
        custom_extensions: |_| vec![],
    })?;
    let workers = workers.run(client.clone(), task_manager.spawn_handle()).boxed();
    task_manager.spawn_handle().spawn("offchain-workers-runner", Some("offchain-worker"), workers);

    sc_service::spawn_tasks(sc_service::SpawnTasksParams {
        config,
        client: client.clone(),
        backend,
        task_manager: &mut task_manager,
        keystore: keystore.keystore(),
        transaction_pool: pool.clone(),
        rpc_builder: Box::new(|_| Ok(RpcModule::new(()))),
        network,
        system_rpc_tx,
        tx_handler_controller,
        sync_service,
        telemetry: None,
        tracing_execute_block: None,
    })?;

    let env = sc_basic_authorship::ProposerFactory::new(
        task_manager.spawn_handle(),
        client.clone(),
        pool.clone(),
        None,
        None,
    );
    let mut ticks = tokio::time::interval(BLOCK_TIME);
    // Deadlines are counted in blocks, so after a pause blocks do not come in a burst.
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let every_second = futures::stream::unfold(ticks, |mut ticks| async {
        ticks.tick().await;
        let seal = EngineCommand::SealNewBlock { create_empty: true, finalize: true, parent_hash: None, sender: None };
        Some((seal, ticks))
    });
    let inherents = client.clone();
    let seal = sc_consensus_manual_seal::run_manual_seal(ManualSealParams {
        block_import: client.clone(),
        env,
        client: client.clone(),
        pool,
        commands_stream: every_second.boxed(),
        select_chain,
        consensus_data_provider: Some(Box::new(AuraConsensusDataProvider::new(client))),
        create_inherent_data_providers: move |_, ()| {
            let client = inherents.clone();
            async move { Ok(SlotTimestampProvider::new_aura(client)?) }
        },
    });
    task_manager.spawn_essential_handle().spawn_blocking("manual-seal", Some("block-authoring"), seal);
    Ok(task_manager)
}
