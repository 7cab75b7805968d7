//! The RPC methods beyond those that every node has: nonces, fees, and the state of BABE and
//! GRANDPA.

use std::sync::Arc;

use jsonrpsee::{core::RegisterMethodError, RpcModule};
use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
use poq_runtime::{BlockNumber, Hash};
use sc_consensus_babe::BabeWorkerHandle;
use sc_consensus_babe_rpc::{Babe, BabeApiServer};
use sc_consensus_grandpa::{FinalityProofProvider, GrandpaJustificationStream, SharedAuthoritySet, SharedVoterState};
use sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer};
use sc_rpc::SubscriptionTaskExecutor;
use sp_keystore::KeystorePtr;
use substrate_frame_rpc_system::{System, SystemApiServer};

use crate::service::{Block, FullBackend, FullClient, Pool, SelectChain};

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
