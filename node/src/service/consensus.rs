//! BABE, which makes blocks, and GRANDPA, which makes them final.

use std::{future::Future, sync::Arc, time::Duration};

use sc_consensus::BoxBlockImport;
use sc_consensus_babe::{BabeLink, SlotProportion};
use sc_consensus_grandpa::{LinkHalf, SharedVoterState, VotingRulesBuilder};
use sc_network::ProtocolName;
use sc_network_sync::SyncingService;
use sc_service::{Configuration, TaskManager};
use sc_telemetry::TelemetryHandle;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_consensus_babe::{inherents::InherentDataProvider as SlotProvider, SlotDuration};
use sp_keystore::KeystorePtr;
use sp_timestamp::InherentDataProvider as TimestampProvider;
use substrate_prometheus_endpoint::Registry;

use super::network::Network;
use crate::{
    error::NodeError,
    types::{Block, FullClient, Pool, SelectChain},
};

/// How often GRANDPA proves finality at least, in blocks.
pub const JUSTIFICATION_PERIOD: u32 = 512;
/// How long GRANDPA gives its messages to reach everyone.
const GOSSIP_DURATION: Duration = Duration::from_millis(333);
/// How much of a slot goes into filling a block; the rest is for sending and importing it.
const PROPOSAL_SHARE_OF_SLOT: f32 = 0.5;

/// What blocks are made from.
pub struct Authoring {
    pub client: Arc<FullClient>,
    pub pool: Arc<Pool>,
    pub keystore: KeystorePtr,
    pub select_chain: SelectChain,
    pub block_import: BoxBlockImport<Block>,
    pub babe_link: BabeLink<Block>,
    pub sync: Arc<SyncingService<Block>>,
    /// Make blocks even while the node hears of no other.
    pub is_forced: bool,
}

/// Starts to make blocks in the slots that BABE gives to this node.
pub fn make_blocks(
    from: Authoring,
    registry: Option<&Registry>,
    telemetry: Option<TelemetryHandle>,
    task_manager: &TaskManager,
) -> Result<(), NodeError> {
    let proposers = sc_basic_authorship::ProposerFactory::new(
        task_manager.spawn_handle(),
        from.client.clone(),
        from.pool,
        registry,
        telemetry.clone(),
    );
    let slot_duration = from.babe_link.config().slot_duration();
    let babe = sc_consensus_babe::start_babe(sc_consensus_babe::BabeParams {
        keystore: from.keystore,
        client: from.client,
        select_chain: from.select_chain,
        env: proposers,
        block_import: from.block_import,
        sync_oracle: from.sync.clone(),
        justification_sync_link: from.sync,
        create_inherent_data_providers: move |_, ()| inherents(slot_duration),
        force_authoring: from.is_forced,
        backoff_authoring_blocks: None::<()>,
        babe_link: from.babe_link,
        block_proposal_slot_portion: SlotProportion::new(PROPOSAL_SHARE_OF_SLOT),
        max_block_proposal_slot_portion: None,
        telemetry,
    })
    .map_err(sc_service::Error::from)?;
    task_manager.spawn_essential_handle().spawn_blocking("babe-proposer", Some("block-authoring"), babe);
    Ok(())
}

/// How this node takes part in GRANDPA; `None` if the operator switched that off.
pub fn grandpa_config(
    config: &Configuration,
    keystore: KeystorePtr,
    protocol_name: ProtocolName,
    telemetry: Option<TelemetryHandle>,
) -> Option<sc_consensus_grandpa::Config> {
    (!config.disable_grandpa).then(|| sc_consensus_grandpa::Config {
        gossip_duration: GOSSIP_DURATION,
        justification_generation_period: JUSTIFICATION_PERIOD,
        observer_enabled: false,
        local_role: config.role,
        name: Some(config.network.node_name.clone()),
        // Without keys a node only watches the votes.
        keystore: config.role.is_authority().then_some(keystore),
        telemetry,
        protocol_name,
    })
}

/// Starts to vote, or to watch the votes, on which blocks are final.
pub fn finalize_blocks(
    config: sc_consensus_grandpa::Config,
    link: LinkHalf<Block, FullClient, SelectChain>,
    network: Network,
    pool: Arc<Pool>,
    voter_state: SharedVoterState,
    registry: Option<Registry>,
    task_manager: &TaskManager,
) -> Result<(), NodeError> {
    let telemetry = config.telemetry.clone();
    let voter = sc_consensus_grandpa::run_grandpa_voter(sc_consensus_grandpa::GrandpaParams {
        config,
        link,
        network: network.service,
        sync: network.sync,
        notification_service: network.grandpa_notifications,
        voting_rule: VotingRulesBuilder::default().build(),
        prometheus_registry: registry,
        shared_voter_state: voter_state,
        telemetry,
        offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(pool),
    })?;
    task_manager.spawn_essential_handle().spawn_blocking("grandpa-voter", None, voter);
    Ok(())
}

/// What a block says of its own time: the slot and the timestamp, both from this machine's clock.
pub fn inherents(
    slot_duration: SlotDuration,
) -> impl Future<Output = Result<(SlotProvider, TimestampProvider), Box<dyn std::error::Error + Send + Sync>>> {
    let timestamp = TimestampProvider::from_system_time();
    let slot = SlotProvider::from_timestamp_and_slot_duration(*timestamp, slot_duration);
    std::future::ready(Ok((slot, timestamp)))
}
