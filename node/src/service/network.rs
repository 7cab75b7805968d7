//! The network, with GRANDPA's own protocol on it.

use std::sync::Arc;

use poq_runtime::Hash;
use sc_consensus::DefaultImportQueue;
use sc_consensus_grandpa::LinkHalf;
use sc_network::{
    config::FullNetworkConfiguration, service::traits::NetworkService, NetworkBackend, NotificationService,
    ProtocolName,
};
use sc_network_sync::SyncingService;
use sc_network_transactions::TransactionsHandlerController;
use sc_service::{Configuration, TaskManager, WarpSyncConfig};
use sc_utils::mpsc::TracingUnboundedSender;

use crate::{
    error::NodeError,
    types::{Block, FullBackend, FullClient, Pool, SelectChain},
};

/// What consensus and the off-chain workers reach other nodes by.
pub struct Network {
    pub service: Arc<dyn NetworkService>,
    pub sync: Arc<SyncingService<Block>>,
    pub grandpa_protocol: ProtocolName,
    pub grandpa_notifications: Box<dyn NotificationService>,
}

/// What the tasks that each node has (RPC, transactions) steer the network by.
pub struct Controls {
    pub system_rpc: TracingUnboundedSender<sc_rpc::system::Request<Block>>,
    pub transactions: TransactionsHandlerController<Hash>,
}

/// Connects the chain to one of the two network stacks.
pub fn connect<N: NetworkBackend<Block, Hash>>(
    config: &Configuration,
    client: &Arc<FullClient>,
    backend: &Arc<FullBackend>,
    pool: &Arc<Pool>,
    import_queue: DefaultImportQueue<Block>,
    grandpa_link: &LinkHalf<Block, FullClient, SelectChain>,
    task_manager: &TaskManager,
) -> Result<(Network, Controls), NodeError> {
    let registry = config.prometheus_registry();
    let mut network_config = FullNetworkConfiguration::<Block, Hash, N>::new(&config.network, registry.cloned());
    let metrics = N::register_notification_metrics(registry);
    let genesis_hash = client.chain_info().genesis_hash;
    let grandpa_protocol = sc_consensus_grandpa::protocol_standard_name(&genesis_hash, &config.chain_spec);
    let (grandpa_protocol_config, grandpa_notifications) = sc_consensus_grandpa::grandpa_peers_set_config::<_, N>(
        grandpa_protocol.clone(),
        metrics.clone(),
        network_config.peer_store_handle(),
    );
    network_config.add_notification_protocol(grandpa_protocol_config);
    let warp_sync = sc_consensus_grandpa::warp_proof::NetworkProvider::new(
        backend.clone(),
        grandpa_link.shared_authority_set().clone(),
        vec![],
    );
    let (service, system_rpc, transactions, sync, _bitswap) =
        sc_service::build_network(sc_service::BuildNetworkParams {
            config,
            net_config: network_config,
            client: client.clone(),
            transaction_pool: pool.clone(),
            spawn_handle: task_manager.spawn_handle(),
            spawn_essential_handle: task_manager.spawn_essential_handle(),
            import_queue,
            block_announce_validator_builder: None,
            warp_sync_config: Some(WarpSyncConfig::WithProvider(Arc::new(warp_sync))),
            block_relay: None,
            metrics,
            gap_sync_body_policy: None,
        })?;
    Ok((Network { service, sync, grandpa_protocol, grandpa_notifications }, Controls { system_rpc, transactions }))
}
