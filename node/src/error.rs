//! Why the node did not start, or stopped.

use poq_embedded_scorer::ScorerError;

use crate::keys::{evaluator::EvaluatorKeyError, keystore::KeystoreError};

/// Every way in which a command of `poq-node` can fail.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// The command line, or what it asked for.
    #[error(transparent)]
    Cli(#[from] sc_cli::Error),

    /// The node itself.
    #[error(transparent)]
    Service(#[from] sc_service::Error),

    /// The judge.
    #[error(transparent)]
    Scorer(#[from] ScorerError),

    /// A name is taken already.
    #[error("a metric cannot be registered: {0}")]
    Metrics(#[from] substrate_prometheus_endpoint::PrometheusError),

    /// The key that judges.
    #[error(transparent)]
    EvaluatorKey(#[from] EvaluatorKeyError),

    /// The keys that make blocks.
    #[error(transparent)]
    SessionKeys(#[from] KeystoreError),
}

impl From<sp_blockchain::Error> for NodeError {
    fn from(error: sp_blockchain::Error) -> Self {
        Self::Service(error.into())
    }
}
