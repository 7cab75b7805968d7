//! The RPC methods beyond those that every node has: nonces, fees, and the state of BABE and
//! GRANDPA.

use std::sync::Arc;

use jsonrpsee::{core::RegisterMethodError, RpcModule};
use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
use poq_runtime::{BlockNumber, Hash};
use sc_consensus_babe::BabeWorkerHandle;
use sc_consensus_babe_rpc::{Babe, BabeApiServer};
use sc_consensus_grandpa::{
    FinalityProofProvider, GrandpaJustificationStream, LinkHalf, SharedAuthoritySet, SharedVoterState,
};
use sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer};
use sc_rpc::SubscriptionTaskExecutor;
use sp_keystore::KeystorePtr;
use substrate_frame_rpc_system::{System, SystemApiServer};

use crate::types::{Block, FullBackend, FullClient, Pool, SelectChain};

/// What the methods report from.
pub struct Sources {
    pub client: Arc<FullClient>,
    pub pool: Arc<Pool>,
    pub select_chain: SelectChain,
    pub keystore: KeystorePtr,
    pub babe: BabeWorkerHandle<Block>,
    pub grandpa: GrandpaSources,
}

/// What the GRANDPA methods report from.
pub struct GrandpaSources {
    pub authority_set: SharedAuthoritySet<Hash, BlockNumber>,
    pub voter_state: SharedVoterState,
    pub justifications: GrandpaJustificationStream<Block>,
    pub finality_proofs: Arc<FinalityProofProvider<FullBackend, Block>>,
}

impl GrandpaSources {
    /// What GRANDPA's parts of this node have to report.
    pub fn new(
        link: &LinkHalf<Block, FullClient, SelectChain>,
        backend: Arc<FullBackend>,
        voter_state: SharedVoterState,
    ) -> Self {
        let authority_set = link.shared_authority_set().clone();
        Self {
            voter_state,
            justifications: link.justification_stream(),
            finality_proofs: FinalityProofProvider::new_for_service(backend, Some(authority_set.clone())),
            authority_set,
        }
    }
}

/// The additional methods, for one server.
pub fn methods(from: &Sources, executor: SubscriptionTaskExecutor) -> Result<RpcModule<()>, RegisterMethodError> {
    let Sources { client, pool, select_chain, keystore, babe, grandpa } = from;
    let mut module = RpcModule::new(());
    module.merge(System::new(client.clone(), pool.clone()).into_rpc())?;
    module.merge(TransactionPayment::new(client.clone()).into_rpc())?;
    module.merge(Babe::new(client.clone(), babe.clone(), keystore.clone(), select_chain.clone()).into_rpc())?;
    module.merge(
        Grandpa::new(
            executor,
            grandpa.authority_set.clone(),
            grandpa.voter_state.clone(),
            grandpa.justifications.clone(),
            grandpa.finality_proofs.clone(),
        )
        .into_rpc(),
    )?;
    Ok(module)
}
