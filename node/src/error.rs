//! Why the node did not start, or stopped.

use crate::{evaluator_key::EvaluatorKeyError, scorer::ScorerError};

/// Every way in which a command of `poq-node` can fail.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    #[error(transparent)]
    Cli(#[from] sc_cli::Error),

    #[error(transparent)]
    Service(#[from] sc_service::Error),

    #[error(transparent)]
    Scorer(#[from] ScorerError),

    #[error("a metric cannot be registered: {0}")]
    Metrics(#[from] substrate_prometheus_endpoint::PrometheusError),

    #[error(transparent)]
    EvaluatorKey(#[from] EvaluatorKeyError),
}

impl From<sp_blockchain::Error> for NodeError {
    fn from(error: sp_blockchain::Error) -> Self {
        Self::Service(error.into())
    }
}
