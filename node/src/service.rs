//! Wires the parts of a node together: database, transaction pool, consensus, network, RPC,
//! off-chain workers, scorer.

use std::{future::Future, sync::Arc, time::Duration};

use futures::FutureExt as _;
use poq_runtime::{Hash, RuntimeApi};
use sc_client_api::Backend as _;
use sc_consensus::{BoxBlockImport, DefaultImportQueue, LongestChain};
use sc_consensus_babe::{BabeLink, BabeWorkerHandle, SlotProportion};
use sc_consensus_grandpa::{FinalityProofProvider, LinkHalf, SharedVoterState, VotingRulesBuilder};
use sc_network::{
    config::{FullNetworkConfiguration, NetworkBackendType},
    Litep2pNetworkBackend, NetworkBackend, NetworkWorker,
};
use sc_offchain::{OffchainWorkerOptions, OffchainWorkers};
use sc_service::{Configuration, KeystoreContainer, TaskManager, WarpSyncConfig};
use sc_telemetry::{Telemetry, TelemetryWorker};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_consensus_babe::{inherents::InherentDataProvider as SlotProvider, SlotDuration};
use sp_runtime::{generic, OpaqueExtrinsic};
use sp_timestamp::InherentDataProvider as TimestampProvider;

use crate::{cli::ScorerArgs, error::NodeError, evaluator_key, metrics, model_watch, rpc, scorer};

/// A block as the node sees it. Its transactions are bytes: only the runtime on the chain knows how
/// to read them.
pub type Block = generic::Block<poq_runtime::Header, OpaqueExtrinsic>;
/// Executes the runtime's wasm. The standard host functions are all it needs.
pub type Executor = sc_executor::WasmExecutor<sp_io::SubstrateHostFunctions>;
pub type FullClient = sc_service::TFullClient<Block, RuntimeApi, Executor>;
pub type FullBackend = sc_service::TFullBackend<Block>;
pub type SelectChain = LongestChain<FullBackend, Block>;
pub type Pool = sc_transaction_pool::TransactionPoolHandle<Block, FullClient>;

/// How often GRANDPA proves finality at least, in blocks.
const JUSTIFICATION_PERIOD: u32 = 512;
/// How long GRANDPA gives its messages to reach everyone.
const GOSSIP_DURATION: Duration = Duration::from_millis(333);
/// How much of a slot goes into filling a block; the rest is for sending and importing it.
const PROPOSAL_SHARE_OF_SLOT: f32 = 0.5;

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
    scorer_args: ScorerArgs,
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
    let telemetry_handle = telemetry.as_ref().map(|telemetry| telemetry.handle());
    let registry = config.prometheus_registry().cloned();
    let is_authority = config.role.is_authority();

    if let Some(seed) = &config.dev_key_seed {
        evaluator_key::insert_dev_key(&*keystore.keystore(), seed)?;
    }
    if let Some(running) = scorer::start(&scorer_args, &config, backend.offchain_storage(), &task_manager).await? {
        let watch = model_watch::run(client.clone(), running, model_watch::Matches::register(registry.as_ref())?);
        task_manager.spawn_handle().spawn("model-watch", Some("scorer"), watch);
    }
    if let Some(registry) = &registry {
        let metrics = metrics::keep(registry, client.clone(), keystore.keystore())?;
        task_manager.spawn_handle().spawn("evaluator-metrics", Some("metrics"), metrics);
    }

    // The network, with GRANDPA's own protocol on it.
    let mut network_config =
        FullNetworkConfiguration::<Block, Hash, N>::new(&config.network, config.prometheus_registry().cloned());
    let network_metrics = N::register_notification_metrics(registry.as_ref());
    let genesis_hash = client.chain_info().genesis_hash;
    let grandpa_protocol = sc_consensus_grandpa::protocol_standard_name(&genesis_hash, &config.chain_spec);
    let (grandpa_protocol_config, grandpa_notifications) = sc_consensus_grandpa::grandpa_peers_set_config::<_, N>(
        grandpa_protocol.clone(),
        network_metrics.clone(),
        network_config.peer_store_handle(),
    );
    network_config.add_notification_protocol(grandpa_protocol_config);
    let warp_sync = sc_consensus_grandpa::warp_proof::NetworkProvider::new(
        backend.clone(),
        grandpa_link.shared_authority_set().clone(),
        vec![],
    );
    let (network, system_rpc_tx, tx_handler_controller, sync_service, _bitswap) =
        sc_service::build_network(sc_service::BuildNetworkParams {
            config: &config,
            net_config: network_config,
            client: client.clone(),
            transaction_pool: pool.clone(),
            spawn_handle: task_manager.spawn_handle(),
            spawn_essential_handle: task_manager.spawn_essential_handle(),
            import_queue,
            block_announce_validator_builder: None,
            warp_sync_config: Some(WarpSyncConfig::WithProvider(Arc::new(warp_sync))),
            block_relay: None,
            metrics: network_metrics,
            gap_sync_body_policy: None,
        })?;

    if config.offchain_worker.enabled {
        let workers = OffchainWorkers::new(OffchainWorkerOptions {
            runtime_api_provider: client.clone(),
            keystore: Some(keystore.keystore()),
            offchain_db: backend.offchain_storage(),
            transaction_pool: Some(OffchainTransactionPoolFactory::new(pool.clone())),
            network_provider: Arc::new(network.clone()),
            is_validator: is_authority,
            // The worker asks the scorer over loopback.
            enable_http_requests: true,
            custom_extensions: |_| vec![],
        })
        .map_err(sc_service::Error::from)?;
        task_manager.spawn_handle().spawn(
            "offchain-workers-runner",
            Some("offchain-worker"),
            workers.run(client.clone(), task_manager.spawn_handle()).boxed(),
        );
    }

    let voter_state = SharedVoterState::empty();
    let rpc_sources = rpc::Sources {
        client: client.clone(),
        pool: pool.clone(),
        select_chain: select_chain.clone(),
        keystore: keystore.keystore(),
        babe: babe_worker,
        grandpa: rpc::GrandpaSources {
            authority_set: grandpa_link.shared_authority_set().clone(),
            voter_state: voter_state.clone(),
            justifications: grandpa_link.justification_stream(),
            finality_proofs: FinalityProofProvider::new_for_service(
                backend.clone(),
                Some(grandpa_link.shared_authority_set().clone()),
            ),
        },
    };

    let force_authoring = config.force_authoring;
    let grandpa_config = (!config.disable_grandpa).then(|| sc_consensus_grandpa::Config {
        gossip_duration: GOSSIP_DURATION,
        justification_generation_period: JUSTIFICATION_PERIOD,
        observer_enabled: false,
        local_role: config.role,
        name: Some(config.network.node_name.clone()),
        // Without keys a node only watches the votes.
        keystore: is_authority.then(|| keystore.keystore()),
        telemetry: telemetry_handle.clone(),
        protocol_name: grandpa_protocol,
    });

    sc_service::spawn_tasks(sc_service::SpawnTasksParams {
        config,
        client: client.clone(),
        backend,
        task_manager: &mut task_manager,
        keystore: keystore.keystore(),
        transaction_pool: pool.clone(),
        rpc_builder: Box::new(move |executor| {
            rpc::methods(&rpc_sources, executor).map_err(|error| sc_service::Error::Application(error.into()))
        }),
        network: network.clone(),
        system_rpc_tx,
        tx_handler_controller,
        sync_service: sync_service.clone(),
        telemetry: telemetry.as_mut(),
        tracing_execute_block: None,
    })?;

    if is_authority {
        let proposers = sc_basic_authorship::ProposerFactory::new(
            task_manager.spawn_handle(),
            client.clone(),
            pool.clone(),
            registry.as_ref(),
            telemetry_handle.clone(),
        );
        let slot_duration = babe_link.config().slot_duration();
        let babe = sc_consensus_babe::start_babe(sc_consensus_babe::BabeParams {
            keystore: keystore.keystore(),
            client,
            select_chain,
            env: proposers,
            block_import,
            sync_oracle: sync_service.clone(),
            justification_sync_link: sync_service.clone(),
            create_inherent_data_providers: move |_, ()| inherents(slot_duration),
            force_authoring,
            backoff_authoring_blocks: None::<()>,
            babe_link,
            block_proposal_slot_portion: SlotProportion::new(PROPOSAL_SHARE_OF_SLOT),
            max_block_proposal_slot_portion: None,
            telemetry: telemetry_handle.clone(),
        })
        .map_err(sc_service::Error::from)?;
        task_manager.spawn_essential_handle().spawn_blocking("babe-proposer", Some("block-authoring"), babe);
    }

    if let Some(grandpa_config) = grandpa_config {
        let voter = sc_consensus_grandpa::run_grandpa_voter(sc_consensus_grandpa::GrandpaParams {
            config: grandpa_config,
            link: grandpa_link,
            network,
            sync: sync_service,
            notification_service: grandpa_notifications,
            voting_rule: VotingRulesBuilder::default().build(),
            prometheus_registry: registry,
            shared_voter_state: voter_state,
            telemetry: telemetry_handle,
            offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(pool),
        })?;
        task_manager.spawn_essential_handle().spawn_blocking("grandpa-voter", None, voter);
    }

    Ok(task_manager)
}

/// What a block says of its own time: the slot and the timestamp, both from this machine's clock.
fn inherents(
    slot_duration: SlotDuration,
) -> impl Future<Output = Result<(SlotProvider, TimestampProvider), Box<dyn std::error::Error + Send + Sync>>> {
    let timestamp = TimestampProvider::from_system_time();
    let slot = SlotProvider::from_timestamp_and_slot_duration(*timestamp, slot_duration);
    std::future::ready(Ok((slot, timestamp)))
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
