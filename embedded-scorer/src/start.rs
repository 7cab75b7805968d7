//! Starts the scorer that a configuration names.

use std::{net::Ipv4Addr, num::NonZeroUsize, path::PathBuf, time::Duration};

use futures::FutureExt as _;
use ocw_scorer::{
    http::{Bearer, Remote},
    ModelDigest,
};
use sp_core::{offchain::OffchainStorage, traits::SpawnNamed};
use substrate_prometheus_endpoint::Registry;

use crate::{
    announcement::Announcement,
    embedded::{announce, keep_alive, load_all, own_token, EmbeddedScorer, ScorerMetrics},
    ScorerError,
};

/// How often a scorer outside the node is asked for its models.
const ASK_EVERY: Duration = Duration::from_secs(60);

/// Which scorer judges for a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScorerConfig {
    /// A scorer inside the node's process, on 127.0.0.1.
    Embedded {
        /// Folders of the models, at least one. Several are for tasks of the chain's old model and
        /// of its new one.
        models: Vec<PathBuf>,
        /// How many threads judge.
        threads: NonZeroUsize,
        /// The port. 0 takes a free one, and then only this node's worker can ask the scorer. With
        /// another port, other programs of the machine can too.
        port: u16,
    },
    /// A running `ocw-scorer`.
    External {
        /// Its base URL, as [`base_url`](crate::base_url) returns it.
        url: String,
        /// A file with the token that it asks for.
        token_file: Option<PathBuf>,
    },
    /// None: this node does not judge.
    Off,
}

/// A scorer that this node uses, by how to learn its models.
pub enum RunningScorer {
    /// Its models are known, and stay.
    Embedded(Vec<ModelDigest>),
    /// It must be asked, as it may be started with others at any time.
    At(Remote),
}

impl RunningScorer {
    /// The models that it judges with now; `None` while it does not answer, which the worker
    /// complains of when that matters.
    pub async fn models(&self) -> Option<Vec<ModelDigest>> {
        match self {
            Self::Embedded(models) => Some(models.clone()),
            Self::At(scorer) => scorer.models().await.ok(),
        }
    }

    /// Waits until the models may be others: for ever if they stay.
    pub async fn may_have_changed(&self) {
        match self {
            Self::Embedded(_) => std::future::pending().await,
            // Started again with others, it says nothing by itself.
            Self::At(_) => tokio::time::sleep(ASK_EVERY).await,
        }
    }
}

/// Starts the scorer that `config` names, and announces it to the off-chain worker in `storage`.
///
/// Only the embedded scorer is a task of its own, `scorer`, on `spawner`. The task starts a scorer
/// again that stopped. The scorer's metrics, `ocw_scorer_*`, join those of `registry`.
///
/// Returns how to learn the models, for [`watch_model`](crate::watch_model), and `None` where the
/// configuration is [`ScorerConfig::Off`]. `is_authority` says whether the log warns of that.
///
/// # Errors
///
/// The [`ScorerError`] that says which part of the configuration cannot be used.
pub async fn start<S: OffchainStorage + 'static>(
    config: ScorerConfig,
    is_authority: bool,
    storage: Option<S>,
    registry: Option<&Registry>,
    spawner: &impl SpawnNamed,
) -> Result<Option<RunningScorer>, ScorerError> {
    let mut announcement = Announcement(storage.ok_or(ScorerError::NoOffchainStorage)?);
    match config {
        ScorerConfig::Off => {
            announcement.withdraw();
            if is_authority {
                log::warn!(
                    "🙈 No scorer: this validator makes blocks but will not judge, and earns nothing for judging"
                );
            } else {
                log::info!("🙈 No scorer: this node is not a validator and does not judge");
            }
            Ok(None)
        }
        ScorerConfig::External { url, token_file } => {
            let token = token_file.as_deref().map(Bearer::read).transpose()?;
            announcement.publish(&url, token.as_ref());
            log::info!("⚖️  Judging with the scorer at {url}");
            Ok(Some(RunningScorer::At(Remote::new(&url)?)))
        }
        ScorerConfig::Embedded { models: folders, threads, port } => {
            let judges = load_all(folders).await?;
            let models = judges.models();
            let scorer = EmbeddedScorer {
                judges,
                listen: (Ipv4Addr::LOCALHOST, port).into(),
                token: own_token(port),
                threads: threads.get(),
                metrics: ScorerMetrics::register(registry)?,
            };
            let running = scorer.start()?;
            announce(&mut announcement, &scorer, &running);
            spawner.spawn("scorer", Some("scorer"), keep_alive(scorer, running, announcement).boxed());
            Ok(Some(RunningScorer::Embedded(models)))
        }
    }
}
