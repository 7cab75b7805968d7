//! The scorer inside the node's process: loads it, serves it, and keeps it alive.
//!
//! The scorer is a helper of the node, not a part of consensus. When it stops, blocks go on, the
//! log says so, and it is started again.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use ocw_scorer::{
    http::{self, Bearer, RunningServer, ServerConfig, StartError, ThreadStart},
    Scorer, Scorers,
};
use sp_core::offchain::OffchainStorage;
use sp_panic_handler::AbortGuard;
use substrate_prometheus_endpoint::{
    prometheus::{
        core::{Collector, Desc},
        proto::MetricFamily,
    },
    PrometheusError, Registry,
};

use crate::{announcement::Announcement, ScorerError};

/// The pauses between attempts to start a scorer that stopped: they double from the first to the
/// longest.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// A scorer that ran for this long was healthy: the next pause is a short one again.
const HEALTHY_AFTER: Duration = Duration::from_secs(300);

/// Loads the models, and logs their names and digests.
pub async fn load_all(folders: Vec<PathBuf>) -> Result<Scorers, ScorerError> {
    let mut judges = Vec::with_capacity(folders.len());
    for folder in folders {
        let judge = load(folder.clone()).await?;
        log::info!("⚖️  Judging with {} from {}", judge.manifest().name, folder.display());
        log::info!("⚖️  Model digest 0x{}", hex::encode(judge.digest()));
        judges.push(judge);
    }
    Ok(Scorers::new(judges)?)
}

/// Loads a model off the async threads: it hashes files and prepares the graph, which takes about a
/// second.
async fn load(folder: PathBuf) -> Result<Arc<Scorer>, ScorerError> {
    tokio::task::spawn_blocking(move || {
        // A model that makes the loader panic must end in a sentence, not in the node's panic hook.
        let _guard = AbortGuard::force_unwind();
        Scorer::load(&folder).map(Arc::new).map_err(|source| ScorerError::UnusableModel { folder, source })
    })
    .await?
}

/// The secret with which the worker alone can ask the embedded scorer, made at each start.
/// Otherwise any program of the machine could keep it busy while seats run out.
///
/// With a port of the operator's choice there is none: that port is meant for other programs too.
pub fn own_token(port: u16) -> Option<Bearer> {
    (port == 0).then(|| Bearer::new(&hex::encode(sp_core::H256::random()))).flatten()
}

/// Loaded models and how to serve them.
pub struct EmbeddedScorer {
    pub judges: Scorers,
    pub listen: SocketAddr,
    pub token: Option<Bearer>,
    pub threads: usize,
    pub metrics: ScorerMetrics,
}

impl EmbeddedScorer {
    pub fn start(&self) -> Result<RunningServer, ScorerError> {
        let config = ServerConfig {
            listen: self.listen,
            token: self.token.clone(),
            threads: self.threads,
            // The node's panic hook ends the process, but a panic of the judge only costs a
            // judgement.
            on_thread_start: ThreadStart::new(|| Box::new(AbortGuard::force_unwind())),
            ..ServerConfig::default()
        };
        http::start(self.judges.clone(), config, Some(self.metrics.renew())).map_err(|error| match error {
            StartError::Taken(address) => ScorerError::PortTaken(address),
            other => ScorerError::Start(other),
        })
    }
}

/// Shows the metrics of the running scorer among the node's.
///
/// A scorer registers its metrics once, and a registry takes each name once; so that a restarted
/// scorer can register again, each gets a registry of its own, and the node's registry holds this
/// window onto the latest.
#[derive(Clone, Default)]
pub struct ScorerMetrics(Arc<Mutex<Registry>>);

impl ScorerMetrics {
    pub fn register(node: Option<&Registry>) -> Result<Self, PrometheusError> {
        let metrics = Self::default();
        if let Some(node) = node {
            node.register(Box::new(metrics.clone()))?;
        }
        Ok(metrics)
    }

    /// An empty registry for the next scorer.
    fn renew(&self) -> Registry {
        let registry = Registry::new();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = registry.clone();
        registry
    }
}

impl Collector for ScorerMetrics {
    fn desc(&self) -> Vec<&Desc> {
        Vec::new()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).gather()
    }
}

/// Tells the worker, and the operator, where the embedded scorer listens.
pub fn announce<S: OffchainStorage>(
    announcement: &mut Announcement<S>,
    scorer: &EmbeddedScorer,
    running: &RunningServer,
) {
    let url = format!("http://{}", running.local_addr());
    announcement.publish(&url, scorer.token.as_ref());
    log::info!("⚖️  The embedded scorer listens on {url}");
}

/// Starts the embedded scorer again whenever it stops, after pauses that grow while it keeps
/// stopping.
pub async fn keep_alive<S: OffchainStorage>(
    scorer: EmbeddedScorer,
    mut running: RunningServer,
    mut announcement: Announcement<S>,
) {
    let mut pause = FIRST_PAUSE;
    loop {
        let started = Instant::now();
        let end = match running.finished().await {
            Ok(()) => "it was told to".to_owned(),
            Err(reason) => reason,
        };
        // Nobody may take the port and be taken for the scorer.
        announcement.withdraw();
        if started.elapsed() >= HEALTHY_AFTER {
            pause = FIRST_PAUSE;
        }
        log::error!(
            "⚖️  The embedded scorer stopped: {end}. Blocks go on, but this node does not judge until the scorer is \
             back. If it keeps stopping, check the model with `ocw-scorer inspect`, or run `ocw-scorer serve` and \
             restart the node with --scorer-url"
        );
        running = loop {
            log::warn!("⚖️  Starting the scorer again in {} s", pause.as_secs());
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
            match scorer.start() {
                Ok(running) => break running,
                Err(error) => log::error!("⚖️  {error}"),
            }
        };
        announce(&mut announcement, &scorer, &running);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::announcement::tests::announced;
    use sp_core::offchain::testing::TestPersistentOffchainDB;
    use std::net::Ipv4Addr;

    /// The model that comes with the repository. Tests run in the folder of their package.
    fn repository_model() -> PathBuf {
        "../models/mpnet-judge".into()
    }

    #[tokio::test]
    async fn a_folder_without_a_model_is_refused_with_the_ways_out() {
        let folder = PathBuf::from(".");
        let error = load(folder.clone()).await.err().expect("this crate is no model");
        let sentence = error.to_string();
        for part in [&*folder.to_string_lossy(), "manifest.json", "--scorer-model", "--scorer-url", "--no-scorer"] {
            assert!(sentence.contains(part), "{part} is missing in: {sentence}");
        }
    }

    #[tokio::test]
    async fn one_model_in_two_folders_is_refused() {
        let error = load_all(vec![repository_model(), repository_model()]).await.err().expect("they are the same");
        let sentence = error.to_string();
        assert!(sentence.contains("--scorer-model") && sentence.contains("twice"), "{sentence}");
    }

    #[tokio::test]
    async fn a_scorer_that_stops_is_started_and_announced_again() {
        let storage = TestPersistentOffchainDB::new();
        let scorer = EmbeddedScorer {
            judges: load_all(vec![repository_model()]).await.expect("the repository's model is usable"),
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            token: own_token(0),
            threads: 1,
            metrics: ScorerMetrics::register(Some(&Registry::new())).expect("the registry is empty"),
        };
        let mut announcement = Announcement(storage.clone());
        let mut running = scorer.start().expect("a free port is found");
        announce(&mut announcement, &scorer, &running);
        let first = announced(&storage).expect("the scorer is announced");

        running.shutdown();
        running.finished().await.expect("it stops because it was told to");
        let again = async {
            while announced(&storage).is_none_or(|url| url == first) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::select! {
            () = keep_alive(scorer, running, announcement) => unreachable!("it goes on forever"),
            () = again => {}
            () = tokio::time::sleep(Duration::from_secs(30)) => panic!("the scorer did not come back"),
        }
    }

    #[test]
    fn each_start_has_a_token_of_its_own_unless_the_port_is_for_others() {
        let (one, other) = (own_token(0).expect("there is one"), own_token(0).expect("there is one"));
        assert!(one != other && one.secret().len() == 64);
        assert!(own_token(9955).is_none());
    }

    #[tokio::test]
    async fn a_taken_port_is_named_with_the_way_out() {
        let taken = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
        let listen = taken.local_addr().expect("it has an address");
        let scorer = EmbeddedScorer {
            judges: load_all(vec![repository_model()]).await.expect("the repository's model is usable"),
            listen,
            token: None,
            threads: 1,
            metrics: ScorerMetrics::default(),
        };
        let sentence = scorer.start().expect_err("the port is taken").to_string();
        assert!(sentence.contains(&listen.to_string()) && sentence.contains("--scorer-port"), "{sentence}");
    }
}
