//! Wires the parts of a node together: database, transaction pool, consensus, network, RPC,
//! off-chain workers, scorer.

mod consensus;
mod network;
mod workers;

use std::sync::Arc;

use poq_embedded_scorer::ScorerArgs;
use poq_runtime::{Hash, RuntimeApi};
use sc_consensus::{BoxBlockImport, DefaultImportQueue, LongestChain};
use sc_consensus_babe::{BabeLink, BabeWorkerHandle};
use sc_consensus_grandpa::{LinkHalf, SharedVoterState};
use sc_network::{config::NetworkBackendType, Litep2pNetworkBackend, NetworkBackend, NetworkWorker};
use sc_service::{Configuration, KeystoreContainer, TaskManager};
use sc_telemetry::{Telemetry, TelemetryWorker};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;

use self::consensus::{inherents, Authoring, JUSTIFICATION_PERIOD};
use crate::{
    error::NodeError,
    keys::evaluator::insert_dev_key,
    rpc,
    types::{Block, Executor, FullBackend, FullClient, Pool, SelectChain},
};

/// What every command works on: an opened chain, not yet connected to anything.
pub struct Parts {
    pub client: Arc<FullClient>,
    pub backend: Arc<FullBackend>,
    pub task_manager: TaskManager,
    pub import_queue: DefaultImportQueue<Block>,
    keystore: KeystoreContainer,
    select_chain: SelectChain,
    pool: Arc<Pool>,
    block_import: BoxBlockImport<Block>,
    babe_link: BabeLink<Block>,
    babe_worker: BabeWorkerHandle<Block>,
    grandpa_link: LinkHalf<Block, FullClient, SelectChain>,
    telemetry: Option<Telemetry>,
}

/// Opens the chain's database and sets up what checks and imports blocks.
pub fn open(config: &Configuration) -> Result<Parts, sc_service::Error> {
    let telemetry = start_telemetry(config)?;
    let telemetry_handle = telemetry.as_ref().map(|(_, telemetry)| telemetry.handle());

    let executor = sc_service::new_wasm_executor(&config.executor);
    let (client, backend, keystore, task_manager) =
        sc_service::new_full_parts::<Block, RuntimeApi, Executor>(config, telemetry_handle.clone(), executor, vec![])?;
    let client = Arc::new(client);
    let telemetry = telemetry.map(|(worker, telemetry)| {
        task_manager.spawn_handle().spawn("telemetry", None, worker.run());
        telemetry
    });

    let select_chain = LongestChain::new(backend.clone());
    let pool = Arc::new(
        sc_transaction_pool::Builder::new(
            task_manager.spawn_essential_handle(),
            client.clone(),
            config.role.is_authority().into(),
        )
        .with_options(config.transaction_pool.clone())
        .with_prometheus(config.prometheus_registry())
        .build(),
    );

    let (grandpa_import, grandpa_link) = sc_consensus_grandpa::block_import(
        client.clone(),
        JUSTIFICATION_PERIOD,
        &client,
        select_chain.clone(),
        telemetry_handle.clone(),
    )?;
    let justification_import = grandpa_import.clone();

    let babe_config = sc_consensus_babe::configuration(&*client)?;
    let slot_duration = babe_config.slot_duration();
    let (block_import, babe_link) = sc_consensus_babe::block_import(
        babe_config,
        grandpa_import,
        client.clone(),
        move |_, ()| inherents(slot_duration),
        select_chain.clone(),
        OffchainTransactionPoolFactory::new(pool.clone()),
    )?;
    let (import_queue, babe_worker) = sc_consensus_babe::import_queue(sc_consensus_babe::ImportQueueParams {
        link: babe_link.clone(),
        block_import: block_import.clone(),
        justification_import: Some(Box::new(justification_import)),
        client: client.clone(),
        slot_duration,
        spawner: &task_manager.spawn_essential_handle(),
        registry: config.prometheus_registry(),
        telemetry: telemetry_handle,
    })?;

    Ok(Parts {
        client,
        backend,
        task_manager,
        import_queue,
        keystore,
        select_chain,
        pool,
        block_import: Box::new(block_import),
        babe_link,
        babe_worker,
        grandpa_link,
        telemetry,
    })
}

/// Runs a node until its task manager ends.
pub async fn start(config: Configuration, scorer: ScorerArgs) -> Result<TaskManager, NodeError> {
    match config.network.network_backend {
        NetworkBackendType::Litep2p => start_on::<Litep2pNetworkBackend>(config, scorer).await,
        NetworkBackendType::Libp2p => start_on::<NetworkWorker<Block, Hash>>(config, scorer).await,
    }
}

/// Runs a node on one of the two network stacks.
async fn start_on<N: NetworkBackend<Block, Hash>>(
    config: Configuration,
    scorer: ScorerArgs,
) -> Result<TaskManager, NodeError> {
    let Parts {
        client,
        backend,
        mut task_manager,
        import_queue,
        keystore,
        select_chain,
        pool,
        block_import,
        babe_link,
        babe_worker,
        grandpa_link,
        mut telemetry,
    } = open(&config)?;
    let keystore = keystore.keystore();
    let telemetry_handle = telemetry.as_ref().map(|telemetry| telemetry.handle());
    let registry = config.prometheus_registry().cloned();
    let is_authority = config.role.is_authority();

    if let Some(seed) = &config.dev_key_seed {
        insert_dev_key(&*keystore, seed)?;
    }
    workers::start_scorer(&scorer, &config, &client, &backend, &task_manager).await?;
    workers::start_metrics(&config, &client, keystore.clone(), &task_manager)?;

    let (network, controls) =
        network::connect::<N>(&config, &client, &backend, &pool, import_queue, &grandpa_link, &task_manager)?;
    workers::start_offchain_workers(
        &config,
        &client,
        &backend,
        keystore.clone(),
        &pool,
        &network.service,
        &task_manager,
    )?;

    let voter_state = SharedVoterState::empty();
    let rpc_sources = rpc::Sources {
        client: client.clone(),
        pool: pool.clone(),
        select_chain: select_chain.clone(),
        keystore: keystore.clone(),
        babe: babe_worker,
        grandpa: rpc::GrandpaSources::new(&grandpa_link, backend.clone(), voter_state.clone()),
    };

    let is_forced = config.force_authoring;
    let grandpa_config = consensus::grandpa_config(
        &config,
        keystore.clone(),
        network.grandpa_protocol.clone(),
        telemetry_handle.clone(),
    );

    sc_service::spawn_tasks(sc_service::SpawnTasksParams {
        config,
        client: client.clone(),
        backend,
        task_manager: &mut task_manager,
        keystore: keystore.clone(),
        transaction_pool: pool.clone(),
        rpc_builder: Box::new(move |executor| {
            rpc::methods(&rpc_sources, executor).map_err(|error| sc_service::Error::Application(error.into()))
        }),
        network: network.service.clone(),
        system_rpc_tx: controls.system_rpc,
        tx_handler_controller: controls.transactions,
        sync_service: network.sync.clone(),
        telemetry: telemetry.as_mut(),
        tracing_execute_block: None,
    })?;

    if is_authority {
        let sync = network.sync.clone();
        let from =
            Authoring { client, pool: pool.clone(), keystore, select_chain, block_import, babe_link, sync, is_forced };
        consensus::make_blocks(from, registry.as_ref(), telemetry_handle, &task_manager)?;
    }
    if let Some(config) = grandpa_config {
        consensus::finalize_blocks(config, grandpa_link, network, pool, voter_state, registry, &task_manager)?;
    }
    Ok(task_manager)
}

/// Prepares telemetry, if the operator or the chain specification names a server for it.
fn start_telemetry(config: &Configuration) -> Result<Option<(TelemetryWorker, Telemetry)>, sc_telemetry::Error> {
    let Some(endpoints) = config.telemetry_endpoints.clone().filter(|endpoints| !endpoints.is_empty()) else {
        return Ok(None);
    };
    /// Messages that may wait to be sent before the oldest are dropped.
    const BUFFERED_MESSAGES: usize = 16;
    let worker = TelemetryWorker::new(BUFFERED_MESSAGES)?;
    let telemetry = worker.handle().new_telemetry(endpoints);
    Ok(Some((worker, telemetry)))
}
