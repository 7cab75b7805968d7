//! Says loudly when the chain wants its answers judged by another model than this node's scorer runs.
//!
//! A validator with the wrong model does not vote, and pays for its absence: its operator must not have to guess why.

use std::sync::Arc;

use codec::Decode as _;
use frame_support::view_functions::{runtime_api::RuntimeViewFunction as _, ViewFunction as _};
use futures::StreamExt as _;
use pallet_proof_of_quality::{pallet::ParametersViewFunction, CurrentParameters, ParametersOf};
use poq_mechanism::wire::ModelDigest;
use poq_runtime::{Hash, Runtime};
use sc_client_api::BlockchainEvents as _;
use sp_api::ProvideRuntimeApi as _;
use sp_core::storage::StorageKey;
use substrate_prometheus_endpoint::{register, Gauge, PrometheusError, Registry, U64};

use crate::service::FullClient;

/// Why the chain's parameters could not be read.
#[derive(Debug, thiserror::Error)]
enum ReadError {
    #[error(transparent)]
    Api(#[from] sp_api::ApiError),
    #[error("the runtime refused the view function: {0:?}")]
    View(frame_support::view_functions::ViewFunctionDispatchError),
    #[error("the runtime's parameters have another form than this node knows: {0}")]
    Decode(#[from] codec::Error),
}

/// The model that new tasks are judged by, in the state after this block.
fn wanted(client: &FullClient, at: Hash) -> Result<ModelDigest, ReadError> {
    let id = ParametersViewFunction::<Runtime>::id();
    let encoded = client.runtime_api().execute_view_function(at, id, Vec::new())?.map_err(ReadError::View)?;
    Ok(ParametersOf::<Runtime>::decode(&mut &encoded[..])?.model)
}

/// The metric that says whether the model is the right one: 1 or 0.
pub fn gauge(registry: Option<&Registry>) -> Result<Gauge<U64>, PrometheusError> {
    let gauge = Gauge::new("poq_model_matches", "1 if the scorer runs the model that the chain wants, 0 if not")?;
    match registry {
        Some(registry) => register(gauge, registry),
        None => Ok(gauge),
    }
}

/// Tells the operator whether the model is the one that the chain wants.
fn report(client: &FullClient, at: Hash, running: &ModelDigest, matches: &Gauge<U64>) {
    let wanted = wanted(client, at);
    if let Ok(wanted) = &wanted {
        matches.set((wanted == running).into());
    }
    match wanted {
        Ok(wanted) if wanted == *running => log::info!("⚖️  The chain wants its answers judged by this very model"),
        Ok(wanted) => log::error!(
            "⚖️  WRONG MODEL: the chain wants model 0x{}, this node's scorer runs 0x{}. This node does not vote on new \
             tasks, which costs its evaluator money. Get the model that the chain names, and restart with \
             --scorer-model FOLDER",
            hex::encode(wanted),
            hex::encode(running),
        ),
        Err(error) => log::warn!("⚖️  Cannot compare the model with the one that the chain wants: {error}"),
    }
}

/// Reports now, and whenever the chain's parameters change.
pub async fn run(client: Arc<FullClient>, running: ModelDigest, matches: Gauge<U64>) {
    report(&client, client.chain_info().best_hash, &running, &matches);
    let parameters = StorageKey(CurrentParameters::<Runtime>::hashed_key().to_vec());
    let mut changes = match client.storage_changes_notification_stream(Some(&[parameters]), None) {
        Ok(changes) => changes,
        Err(error) => {
            log::warn!("⚖️  Changes of the model that the chain wants will go unnoticed: {error}");
            return;
        }
    };
    // The client notifies of blocks, and a fork may bring the same change twice: only a change of the model is news.
    let mut last = wanted(&client, client.chain_info().best_hash).ok();
    while let Some(change) = changes.next().await {
        let now = wanted(&client, change.block).ok();
        if now != last {
            report(&client, change.block, &running, &matches);
            last = now;
        }
    }
}
