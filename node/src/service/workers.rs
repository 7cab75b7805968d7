//! What works beside consensus: the scorer, the evaluator's metrics, and the off-chain workers.

use std::sync::Arc;

use futures::FutureExt as _;
use poq_embedded_scorer::ScorerArgs;
use poq_runtime::Runtime;
use sc_client_api::Backend as _;
use sc_network::service::traits::NetworkService;
use sc_offchain::{OffchainWorkerOptions, OffchainWorkers};
use sc_service::{Configuration, TaskManager};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_keystore::KeystorePtr;

use crate::{
    error::NodeError,
    metrics,
    types::{Block, FullBackend, FullClient, Pool},
};

/// Starts the scorer that the flags ask for, and watches which model the chain wants.
pub async fn start_scorer(
    args: &ScorerArgs,
    config: &Configuration,
    client: &Arc<FullClient>,
    backend: &FullBackend,
    task_manager: &TaskManager,
) -> Result<(), NodeError> {
    let is_authority = config.role.is_authority();
    let registry = config.prometheus_registry();
    let spawner = task_manager.spawn_handle();
    let scorer = args.config(is_authority)?;
    let storage = backend.offchain_storage();
    if let Some(running) = poq_embedded_scorer::start(scorer, is_authority, storage, registry, &spawner).await? {
        let watch = poq_embedded_scorer::watch_model::<Runtime, Block, _>(client.clone(), running, registry)?;
        spawner.spawn("model-watch", Some("scorer"), watch);
    }
    Ok(())
}

/// Keeps the evaluator's metrics, if somebody can read them.
pub fn start_metrics(
    config: &Configuration,
    client: &Arc<FullClient>,
    keystore: KeystorePtr,
    task_manager: &TaskManager,
) -> Result<(), NodeError> {
    if let Some(registry) = config.prometheus_registry() {
        let metrics = metrics::keep(registry, client.clone(), keystore)?;
        task_manager.spawn_handle().spawn("evaluator-metrics", Some("metrics"), metrics);
    }
    Ok(())
}

/// Starts the off-chain workers, unless the operator switched them off.
pub fn start_offchain_workers(
    config: &Configuration,
    client: &Arc<FullClient>,
    backend: &FullBackend,
    keystore: KeystorePtr,
    pool: &Arc<Pool>,
    network: &Arc<dyn NetworkService>,
    task_manager: &TaskManager,
) -> Result<(), NodeError> {
    if config.offchain_worker.enabled {
        let workers = OffchainWorkers::new(OffchainWorkerOptions {
            runtime_api_provider: client.clone(),
            keystore: Some(keystore),
            offchain_db: backend.offchain_storage(),
            transaction_pool: Some(OffchainTransactionPoolFactory::new(pool.clone())),
            network_provider: Arc::new(network.clone()),
            is_validator: config.role.is_authority(),
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
    Ok(())
}
