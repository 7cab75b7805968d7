//! Why a node cannot judge as it was told to, and what its operator can do.

use std::{net::SocketAddr, path::PathBuf};

use ocw_scorer::{
    http::{BearerError, HealthError, StartError},
    LoadError, ScorersError,
};
use substrate_prometheus_endpoint::PrometheusError;

/// What an operator can do who has no usable model.
const WAYS_OUT: &str = "Give a model folder with --scorer-model FOLDER (or the variable POQ_SCORER_MODEL), use a \
                        running scorer with --scorer-url URL, or start with --no-scorer to make blocks without judging";

/// Why this node cannot judge as it was told to. The sentences name the flags of
/// [`ScorerArgs`](crate::ScorerArgs).
#[derive(Debug, thiserror::Error)]
pub enum ScorerError {
    /// A validator was given no scorer, and none of the default folders has a model.
    #[error("this validator has no model to judge with; looked for {}. {WAYS_OUT}", list(.searched))]
    NoModel {
        /// The folders that were looked for.
        searched: Vec<PathBuf>,
    },

    /// Two folders have the same model, or there are none.
    #[error("the folders given with --scorer-model do not go together: {0}")]
    Models(#[from] ScorersError),

    /// A folder has no model, or one that cannot judge.
    #[error("the model in {} cannot be used: {source}. {WAYS_OUT}", folder.display())]
    UnusableModel {
        /// The folder.
        folder: PathBuf,
        /// What is wrong with it.
        source: LoadError,
    },

    /// The port of the embedded scorer is in use.
    #[error("the embedded scorer cannot listen on {0}: another program does. Give another port with --scorer-port; 0, the default, takes a free one")]
    PortTaken(SocketAddr),

    /// The embedded scorer does not start for another reason.
    #[error("the embedded scorer cannot start: {0}")]
    Start(StartError),

    /// Another metric of the registry has such a name.
    #[error("the scorer's metrics cannot be registered: {0}")]
    Metrics(#[from] PrometheusError),

    /// The file with the token cannot be used.
    #[error("{0}")]
    Bearer(#[from] BearerError),

    /// No HTTP client can be made.
    #[error("the scorer at --scorer-url cannot be asked for its model: {0}")]
    Health(#[from] HealthError),

    /// The backend has no off-chain storage.
    #[error("this node's database has no off-chain storage, where the worker looks for the scorer")]
    NoOffchainStorage,

    /// The node stopped while it loaded the model.
    #[error("loading the model was interrupted: {0}")]
    Interrupted(#[from] tokio::task::JoinError),
}

/// The paths, for a sentence.
fn list(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}
