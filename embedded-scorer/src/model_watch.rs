//! Says loudly when the chain wants its answers judged by another model than this node's scorer
//! runs.
//!
//! A validator with the wrong model does not vote, and pays for its absence: its operator must not
//! have to guess why.

use std::{future::Future, sync::Arc};

use codec::Decode as _;
use frame_support::view_functions::{runtime_api::RuntimeViewFunction, ViewFunction as _};
use futures::StreamExt as _;
use ocw_scorer::ModelDigest;
use pallet_proof_of_quality::{pallet::ParametersViewFunction, Config, CurrentParameters, ParametersOf};
use sc_client_api::{BlockchainEvents, HeaderBackend};
use sp_api::ProvideRuntimeApi;
use sp_core::storage::StorageKey;
use sp_runtime::traits::Block as BlockT;
use substrate_prometheus_endpoint::{register, GaugeVec, Opts, PrometheusError, Registry, U64};

use crate::RunningScorer;

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
fn wanted<T, B, C>(client: &C, at: B::Hash) -> Result<ModelDigest, ReadError>
where
    T: Config,
    B: BlockT,
    C: ProvideRuntimeApi<B>,
    C::Api: RuntimeViewFunction<B>,
{
    let id = ParametersViewFunction::<T>::id();
    let encoded = client.runtime_api().execute_view_function(at, id, Vec::new())?.map_err(ReadError::View)?;
    Ok(ParametersOf::<T>::decode(&mut &encoded[..])?.model)
}

/// The metric that says whether the model is the right one: 1 or 0, and nothing before it is known.
#[derive(Clone)]
struct Matches(GaugeVec<U64>);

impl Matches {
    /// Not shown anywhere where there is no registry.
    fn register(registry: Option<&Registry>) -> Result<Self, PrometheusError> {
        let help = "1 if the scorer runs the model that the chain wants, 0 if not";
        // Without a label it has one series, which a plain gauge would show as 0, an alert, from
        // the start.
        let gauge = GaugeVec::new(Opts::new("poq_model_matches", help), &[])?;
        Ok(Self(match registry {
            Some(registry) => register(gauge, registry)?,
            None => gauge,
        }))
    }

    fn set(&self, matches: bool) {
        self.0.with_label_values(&[] as &[&str]).set(matches.into());
    }
}

/// Tells the operator whether one of the models is the one that the chain wants.
fn report(wanted: Result<ModelDigest, ReadError>, running: &[ModelDigest], matches: &Matches) {
    if let Ok(wanted) = &wanted {
        matches.set(running.contains(wanted));
    }
    match wanted {
        Ok(wanted) if running.contains(&wanted) => {
            log::info!("⚖️  The chain wants its answers judged by this very model")
        }
        Ok(wanted) => log::error!(
            "⚖️  WRONG MODEL: the chain wants model 0x{}, this node's scorer runs {}. This node does not vote on new \
             tasks, which costs its evaluator money. Get the model that the chain names, and restart with \
             --scorer-model FOLDER, or restart the scorer at --scorer-url with it",
            hex::encode(wanted),
            running.iter().map(|model| format!("0x{}", hex::encode(model))).collect::<Vec<_>>().join(" and "),
        ),
        Err(error) => log::warn!("⚖️  Cannot compare the model with the one that the chain wants: {error}"),
    }
}

/// Compares the models of `scorer` with the one that the chain wants: now, and whenever the chain's
/// parameters or the scorer's models change.
///
/// Returns the task that does so, for as long as the node runs. The log says what it finds, and so
/// does the metric `poq_model_matches` in `registry`, which is 1 or 0. `T` is the runtime that the
/// node is compiled with: the parameters are read in its form.
///
/// # Errors
///
/// The registry has a metric of that name.
pub fn watch_model<T, B, C>(
    client: Arc<C>,
    scorer: RunningScorer,
    registry: Option<&Registry>,
) -> Result<impl Future<Output = ()> + Send + 'static, PrometheusError>
where
    T: Config,
    B: BlockT,
    C: ProvideRuntimeApi<B> + BlockchainEvents<B> + HeaderBackend<B> + Send + Sync + 'static,
    C::Api: RuntimeViewFunction<B>,
{
    let matches = Matches::register(registry)?;
    Ok(run::<T, B, C>(client, scorer, matches))
}

/// Reports now, and whenever the chain's parameters or the scorer's models change.
async fn run<T, B, C>(client: Arc<C>, scorer: RunningScorer, matches: Matches)
where
    T: Config,
    B: BlockT,
    C: ProvideRuntimeApi<B> + BlockchainEvents<B> + HeaderBackend<B>,
    C::Api: RuntimeViewFunction<B>,
{
    let parameters = StorageKey(CurrentParameters::<T>::hashed_key().to_vec());
    let mut changes = match client.storage_changes_notification_stream(Some(&[parameters]), None) {
        Ok(changes) => changes,
        Err(error) => {
            log::warn!("⚖️  Changes of the model that the chain wants will go unnoticed: {error}");
            return;
        }
    };
    let mut last = None;
    let mut at = client.info().best_hash;
    loop {
        if let Some(running) = scorer.models().await {
            let wanted = wanted::<T, B, C>(&client, at);
            // A fork may bring the same change twice, and mostly nothing has changed: only another
            // model is news.
            let now = Some((wanted.as_ref().ok().copied(), running.clone()));
            if last != now {
                report(wanted, &running, &matches);
                last = now;
            }
        }
        at = tokio::select! {
            () = scorer.may_have_changed() => client.info().best_hash,
            change = changes.next() => match change {
                Some(change) => change.block,
                None => return,
            },
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(registry: &Registry) -> Option<f64> {
        let families = registry.gather();
        families.iter().find(|family| family.get_name() == "poq_model_matches").map(|family| {
            let [metric] = family.get_metric() else { panic!("there is one series: {family:?}") };
            metric.get_gauge().get_value()
        })
    }

    #[test]
    fn nothing_is_shown_before_both_models_are_known() {
        let registry = Registry::new();
        let matches = Matches::register(Some(&registry)).expect("the registry is empty");
        let (one, another) = ([1; 32], [2; 32]);
        assert_eq!(shown(&registry), None);
        let unreadable = Err(ReadError::Decode("of another time".into()));
        report(unreadable, &[one], &matches);
        assert_eq!(shown(&registry), None);
        report(Ok(one), &[another], &matches);
        assert_eq!(shown(&registry), Some(0.0));
        report(Ok(one), &[another, one], &matches);
        assert_eq!(shown(&registry), Some(1.0));
    }
}
