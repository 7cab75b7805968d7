//! The scorer of this node: which one it uses, keeping the embedded one alive, and telling the
//! off-chain worker where it is.
//!
//! The off-chain worker finds the scorer's URL in the node's off-chain storage. The node writes
//! that entry, or removes it, every time it starts, so the flags of the current run always win over
//! what an earlier run left behind.
//!
//! The judge is a helper of the node, not a part of consensus: when it stops, blocks go on, the log
//! says so, and it is started again.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use ocw_scorer::{
    bearer::{Bearer, BearerError},
    health::{HealthError, Remote},
    queue::ThreadStart,
    scorers::ScorersError,
    server::{self, RunningServer, ServerConfig, StartError},
    LoadError, ModelDigest, Scorer, Scorers,
};
use pallet_proof_of_quality::{SCORER_TOKEN_KEY, SCORER_URL_KEY};
use sc_service::{Configuration, TaskManager};
use sp_core::offchain::{OffchainStorage, STORAGE_PREFIX};
use sp_panic_handler::AbortGuard;
use substrate_prometheus_endpoint::{
    prometheus::{
        core::{Collector, Desc},
        proto::MetricFamily,
    },
    PrometheusError, Registry,
};

use crate::cli::ScorerArgs;

/// Where a model lies below the folders that are searched for one.
const DEFAULT_MODEL: &str = "models/minilm-l6-judge";
/// How many folders above the binary's are searched: `<repository>/target/release` is two below the
/// repository.
const FOLDERS_ABOVE_BINARY: usize = 3;
/// The pauses between attempts to start a scorer that stopped: they double from the first to the
/// longest.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// How often a scorer of its own is asked for its model.
const MINUTE: Duration = Duration::from_secs(60);
/// A scorer that ran for this long was healthy: the next pause is a short one again.
const HEALTHY_AFTER: Duration = Duration::from_secs(300);

/// What an operator can do who has no usable model.
const WAYS_OUT: &str = "Give a model folder with --scorer-model FOLDER (or the variable POQ_SCORER_MODEL), use a \
                        running scorer with --scorer-url URL, or start with --no-scorer to make blocks without judging";

/// Why this node cannot judge as it was told to.
#[derive(Debug, thiserror::Error)]
pub enum ScorerError {
    #[error("this validator has no model to judge with; looked for {}. {WAYS_OUT}", list(.searched))]
    NoModel { searched: Vec<PathBuf> },

    #[error("the folders given with --scorer-model do not go together: {0}")]
    Models(#[from] ScorersError),

    #[error("the model in {} cannot be used: {source}. {WAYS_OUT}", folder.display())]
    UnusableModel { folder: PathBuf, source: LoadError },

    #[error("the embedded scorer cannot listen on {0}: another program does. Give another port with --scorer-port; 0, the default, takes a free one")]
    PortTaken(SocketAddr),

    #[error("the embedded scorer cannot start: {0}")]
    Start(StartError),

    #[error("the scorer's metrics cannot be registered: {0}")]
    Metrics(#[from] PrometheusError),

    #[error("{0}")]
    Bearer(#[from] BearerError),

    #[error("the scorer at --scorer-url cannot be asked for its model: {0}")]
    Health(#[from] HealthError),

    #[error("this node's database has no off-chain storage, where the worker looks for the scorer")]
    NoOffchainStorage,

    #[error("loading the model was interrupted: {0}")]
    Interrupted(#[from] tokio::task::JoinError),
}

/// The paths, for a sentence.
fn list(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}

/// What the flags and the role come down to.
#[derive(Debug, PartialEq, Eq)]
enum Choice {
    /// Run the models in these folders inside the node.
    Embedded(Vec<PathBuf>),
    /// Use the scorer at this URL.
    External(String),
    /// Do not judge.
    Off,
}

/// A scorer that this node uses, by what tells its models.
pub enum Running {
    /// Its models are known, and stay.
    Embedded(Vec<ModelDigest>),
    /// It must be asked, as it may be started with others at any time.
    At(Remote),
}

impl Running {
    /// The models; `None` while the scorer does not answer, which the worker complains of when it
    /// matters.
    pub async fn models(&self) -> Option<Vec<ModelDigest>> {
        match self {
            Self::Embedded(models) => Some(models.clone()),
            Self::At(scorer) => scorer.models().await.ok(),
        }
    }

    /// Waits until they may be others: for ever if they stay.
    pub async fn may_have_changed(&self) {
        match self {
            Self::Embedded(_) => std::future::pending().await,
            // Started again with others, it says nothing by itself.
            Self::At(_) => tokio::time::sleep(MINUTE).await,
        }
    }
}

/// Decides which scorer to use. Only a validator needs one, so only a validator without a model is
/// refused.
fn choose(args: &ScorerArgs, is_authority: bool, searched: Vec<PathBuf>) -> Result<Choice, ScorerError> {
    if args.no_scorer {
        return Ok(Choice::Off);
    }
    if let Some(url) = &args.scorer_url {
        return Ok(Choice::External(url.clone()));
    }
    if !args.scorer_model.is_empty() {
        return Ok(Choice::Embedded(args.scorer_model.clone()));
    }
    if !is_authority {
        return Ok(Choice::Off);
    }
    match searched.iter().find(|folder| folder.is_dir()) {
        Some(folder) => Ok(Choice::Embedded(vec![folder.clone()])),
        None => Err(ScorerError::NoModel { searched }),
    }
}

/// The folders that may hold the default model, best first.
fn default_models() -> Vec<PathBuf> {
    let mut folders = vec![PathBuf::from(DEFAULT_MODEL)];
    if let Ok(binary) = std::env::current_exe() {
        let above = binary.ancestors().skip(1).take(1 + FOLDERS_ABOVE_BINARY);
        folders.extend(above.map(|folder| folder.join(DEFAULT_MODEL)));
    }
    folders
}

/// Where the worker finds the scorer's URL, and its token if it asks for one.
struct Announcement<S>(S);

impl<S: OffchainStorage> Announcement<S> {
    fn publish(&mut self, url: &str, token: Option<&Bearer>) {
        // First the token: no scorer may be asked with that of another run.
        match token {
            Some(token) => self.0.set(STORAGE_PREFIX, SCORER_TOKEN_KEY, token.secret().as_bytes()),
            None => self.0.remove(STORAGE_PREFIX, SCORER_TOKEN_KEY),
        }
        self.0.set(STORAGE_PREFIX, SCORER_URL_KEY, url.as_bytes());
    }

    fn withdraw(&mut self) {
        self.0.remove(STORAGE_PREFIX, SCORER_URL_KEY);
        self.0.remove(STORAGE_PREFIX, SCORER_TOKEN_KEY);
    }
}

/// Starts the scorer that the flags ask for, and announces it to the off-chain worker.
///
/// Returns how to learn its models.
pub async fn start<S: OffchainStorage + 'static>(
    args: &ScorerArgs,
    config: &Configuration,
    storage: Option<S>,
    task_manager: &TaskManager,
) -> Result<Option<Running>, ScorerError> {
    let mut announcement = Announcement(storage.ok_or(ScorerError::NoOffchainStorage)?);
    let is_authority = config.role.is_authority();
    match choose(args, is_authority, default_models())? {
        Choice::Off => {
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
        Choice::External(url) => {
            let token = args.scorer_token_file.as_deref().map(Bearer::read).transpose()?;
            announcement.publish(&url, token.as_ref());
            log::info!("⚖️  Judging with the scorer at {url}");
            Ok(Some(Running::At(Remote::new(&url)?)))
        }
        Choice::Embedded(folders) => {
            let judges = load_all(folders).await?;
            let models = judges.models();
            let scorer = EmbeddedScorer {
                judges,
                listen: (Ipv4Addr::LOCALHOST, args.scorer_port).into(),
                token: own_token(args.scorer_port),
                threads: args.scorer_threads.get(),
                metrics: ScorerMetrics::register(config.prometheus_registry())?,
            };
            let running = scorer.start()?;
            announce(&mut announcement, &scorer, &running);
            task_manager.spawn_handle().spawn("scorer", Some("scorer"), keep_alive(scorer, running, announcement));
            Ok(Some(Running::Embedded(models)))
        }
    }
}

/// Loads the models, and tells which they are.
async fn load_all(folders: Vec<PathBuf>) -> Result<Scorers, ScorerError> {
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
fn own_token(port: u16) -> Option<Bearer> {
    (port == 0).then(|| Bearer::new(&hex::encode(sp_core::H256::random()))).flatten()
}

/// Loaded models and how to serve them.
struct EmbeddedScorer {
    judges: Scorers,
    listen: SocketAddr,
    token: Option<Bearer>,
    threads: usize,
    metrics: ScorerMetrics,
}

impl EmbeddedScorer {
    fn start(&self) -> Result<RunningServer, ScorerError> {
        let config = ServerConfig {
            listen: self.listen,
            token: self.token.clone(),
            threads: self.threads,
            // The node's panic hook ends the process, but a panic of the judge only costs a
            // judgement.
            on_thread_start: ThreadStart::new(|| Box::new(AbortGuard::force_unwind())),
            ..ServerConfig::default()
        };
        server::start(self.judges.clone(), config, Some(self.metrics.renew())).map_err(|error| match error {
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
struct ScorerMetrics(Arc<Mutex<Registry>>);

impl ScorerMetrics {
    fn register(node: Option<&Registry>) -> Result<Self, PrometheusError> {
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
fn announce<S: OffchainStorage>(announcement: &mut Announcement<S>, scorer: &EmbeddedScorer, running: &RunningServer) {
    let url = format!("http://{}", running.local_addr());
    announcement.publish(&url, scorer.token.as_ref());
    log::info!("⚖️  The embedded scorer listens on {url}");
}

/// Starts the embedded scorer again whenever it stops, after pauses that grow while it keeps
/// stopping.
async fn keep_alive<S: OffchainStorage>(
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
    use sp_core::offchain::testing::TestPersistentOffchainDB;

    fn args() -> ScorerArgs {
        ScorerArgs {
            scorer_model: vec![],
            scorer_threads: std::num::NonZeroUsize::MIN,
            scorer_port: 0,
            scorer_url: None,
            scorer_token_file: None,
            no_scorer: false,
        }
    }

    fn nowhere() -> Vec<PathBuf> {
        vec!["/nonexistent/one".into(), "/nonexistent/two".into()]
    }

    #[test]
    fn a_validator_without_a_model_is_refused_with_the_ways_out() {
        let error = choose(&args(), true, nowhere()).expect_err("there is no model");
        let sentence = error.to_string();
        for part in ["/nonexistent/one", "--scorer-model", "POQ_SCORER_MODEL", "--scorer-url", "--no-scorer"] {
            assert!(sentence.contains(part), "{part} is missing in: {sentence}");
        }
    }

    #[test]
    fn a_node_that_is_no_validator_starts_without_a_scorer() {
        assert_eq!(choose(&args(), false, nowhere()).ok(), Some(Choice::Off));
    }

    #[test]
    fn flags_win_over_the_default_model() {
        let here = vec![PathBuf::from(".")];
        assert_eq!(choose(&args(), true, here.clone()).ok(), Some(Choice::Embedded(vec![".".into()])));

        let url = ScorerArgs { scorer_url: Some("http://host".into()), ..args() };
        assert_eq!(choose(&url, true, here.clone()).ok(), Some(Choice::External("http://host".into())));
        let model = ScorerArgs { scorer_model: vec!["/model".into(), "/next".into()], ..args() };
        assert_eq!(choose(&model, false, here.clone()).ok(), Some(Choice::Embedded(model.scorer_model.clone())));
        let none = ScorerArgs { no_scorer: true, ..model };
        assert_eq!(choose(&none, true, here).ok(), Some(Choice::Off));
    }

    /// What a worker finds.
    fn announced(storage: &TestPersistentOffchainDB) -> Option<Vec<u8>> {
        OffchainStorage::get(storage, STORAGE_PREFIX, SCORER_URL_KEY)
    }

    #[test]
    fn the_announcement_is_where_workers_look() {
        let storage = TestPersistentOffchainDB::new();
        let mut announcement = Announcement(storage);
        let token =
            |storage: &TestPersistentOffchainDB| OffchainStorage::get(storage, STORAGE_PREFIX, SCORER_TOKEN_KEY);
        let secret = Bearer::new("0123456789abcdef").expect("it is long enough");
        announcement.publish("http://127.0.0.1:1", Some(&secret));
        assert_eq!(announced(&announcement.0), Some(b"http://127.0.0.1:1".to_vec()));
        assert_eq!(token(&announcement.0), Some(b"0123456789abcdef".to_vec()));
        // Another scorer does not get to see it.
        announcement.publish("http://127.0.0.1:2", None);
        assert_eq!(token(&announcement.0), None);
        announcement.publish("http://127.0.0.1:1", Some(&secret));
        announcement.withdraw();
        assert_eq!((announced(&announcement.0), token(&announcement.0)), (None, None));
    }

    /// The model that comes with the repository. Tests run in the folder of their package.
    fn repository_model() -> PathBuf {
        ["..", DEFAULT_MODEL].iter().collect()
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
