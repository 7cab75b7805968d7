//! Says loudly when the chain wants its answers judged by another model than this node's scorer runs.
//!
//! A validator with the wrong model does not vote, and pays for its absence: its operator must not have to guess why.

use std::{sync::Arc, time::Duration};

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

use crate::{scorer::Running, service::FullClient};

/// How often a scorer of its own is asked for its model.
const MINUTE: Duration = Duration::from_secs(60);

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
fn report(wanted: Result<ModelDigest, ReadError>, running: &ModelDigest, matches: &Gauge<U64>) {
    if let Ok(wanted) = &wanted {
        matches.set((wanted == running).into());
    }
    match wanted {
        Ok(wanted) if wanted == *running => log::info!("⚖️  The chain wants its answers judged by this very model"),
        Ok(wanted) => log::error!(
            "⚖️  WRONG MODEL: the chain wants model 0x{}, this node's scorer runs 0x{}. This node does not vote on new \
             tasks, which costs its evaluator money. Get the model that the chain names, and restart with \
             --scorer-model FOLDER, or restart the scorer at --scorer-url with it",
            hex::encode(wanted),
            hex::encode(running),
        ),
        Err(error) => log::warn!("⚖️  Cannot compare the model with the one that the chain wants: {error}"),
    }
}

/// Reports now, and whenever the chain's parameters or the scorer's model change.
pub async fn run(client: Arc<FullClient>, scorer: Running, matches: Gauge<U64>) {
    let parameters = StorageKey(CurrentParameters::<Runtime>::hashed_key().to_vec());
    let mut changes = match client.storage_changes_notification_stream(Some(&[parameters]), None) {
        Ok(changes) => changes,
        Err(error) => {
            log::warn!("⚖️  Changes of the model that the chain wants will go unnoticed: {error}");
            return;
        }
    };
    // Started again with another model, a scorer of its own says nothing by itself.
    let mut minutes = tokio::time::interval(MINUTE);
    let mut last = None;
    loop {
        // The first tick is at once.
        let at = tokio::select! {
            _ = minutes.tick() => client.chain_info().best_hash,
            change = changes.next() => match change {
                Some(change) => change.block,
                None => return,
            },
        };
        let Some(running) = scorer.model().await else { continue };
        let wanted = wanted(&client, at);
        // A fork may bring the same change twice, and mostly nothing has changed: only another model is news.
        let now = (wanted.as_ref().ok().copied(), running);
        if last != Some(now) {
            report(wanted, &running, &matches);
            last = Some(now);
        }
    }
}
