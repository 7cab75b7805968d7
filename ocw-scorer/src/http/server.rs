//! The judge behind HTTP: `POST /v1/score`, `GET /health`, `GET /metrics`.
//!
//! The server runs on threads of its own, one for HTTP and some for judging, so that a host which
//! embeds it loses no time of its async runtime, and no panic here reaches it. Everything is
//! bounded: the body, the answers of a request, the requests in flight, the queue, and the time a
//! request may take.

use super::{
    bearer::Bearer,
    body::{error_name, json_error, Form},
    metrics::Metrics,
    queue::{Queue, QueueError, ThreadStart},
    verdicts::Verdicts,
};
use crate::{panics::caught, Judgement, ModelDigest, Scorer, Scorers};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{
        header::{AUTHORIZATION, CONTENT_TYPE},
        StatusCode,
    },
    response::{IntoResponse, Response},
    routing::{get, post},
    Router,
};
use futures::StreamExt;
use poq_wire::{ScoreError, SCALE_CONTENT_TYPE, SCORE_PATH};
use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::Arc,
    thread,
    time::Duration,
};
use tokio::{
    sync::{oneshot, watch, Semaphore},
    time::{sleep, timeout_at, Instant},
};

/// The port that the server listens on unless told otherwise.
pub const DEFAULT_PORT: u16 = 9955;

/// How much of a body that is over the limit is still read, so that its sender gets to see the
/// response.
const DRAINED: usize = 16 * 1024 * 1024;

/// How the server is to run.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// How many answers are judged at the same time; at least 1. Each takes a core while it judges.
    pub threads: usize,
    /// How many requests may wait for a thread; at least 1.
    pub queue: usize,
    /// How long a request may take, from its head to its response.
    pub deadline: Duration,
    /// The most bytes of a request's body.
    pub max_body: usize,
    /// What `POST /v1/score` must bring. Without one the server listens on loopback only.
    pub token: Option<Bearer>,
    /// Called at the start of each thread.
    pub on_thread_start: ThreadStart,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, DEFAULT_PORT).into(),
            threads: 1,
            queue: 32,
            deadline: Duration::from_secs(8),
            max_body: 1024 * 1024,
            token: None,
            on_thread_start: ThreadStart::default(),
        }
    }
}

/// Why the server could not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// Another program listens there.
    #[error(
        "{0} is taken by another program, perhaps another scorer; stop it or choose another address with --listen"
    )]
    Taken(SocketAddr),
    /// The address cannot be listened on.
    #[error(
        "cannot listen on {address}: {error}; choose an address of this machine with --listen, such as 127.0.0.1:9955"
    )]
    Listen {
        /// Where we were to listen.
        address: SocketAddr,
        /// What the operating system said.
        #[source]
        error: std::io::Error,
    },
    /// Other machines can reach the address, and no token would keep them out.
    #[error(
        "{0} can be reached from other machines: say who may ask with --token-file, or listen on this machine alone, such as on 127.0.0.1:9955"
    )]
    NeedsToken(SocketAddr),
    /// The operating system gave no thread.
    #[error("cannot start the scorer's threads: {0}; raise the limit on threads or give fewer --threads")]
    Threads(#[source] std::io::Error),
    /// The host's registry already has metrics of these names.
    #[error("cannot register the metrics: {0}; start one scorer for each Prometheus registry")]
    Metrics(#[from] prometheus::Error),
}

/// A server that listens. Dropping it stops it.
#[derive(Debug)]
pub struct RunningServer {
    local_addr: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    ended: watch::Receiver<Option<Result<(), String>>>,
}

impl RunningServer {
    /// Where it listens; with the real port if it was asked for a free one.
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// Tells the server to take no more requests, to answer those it has, and to end. Does not
    /// wait.
    pub fn shutdown(&mut self) {
        self.stop.take();
    }

    /// Waits until the server has ended, whether it was told to or not. The error says why it ended
    /// untold.
    pub async fn finished(&mut self) -> Result<(), String> {
        match self.ended.wait_for(Option::is_some).await {
            Ok(ended) => (*ended).clone().unwrap_or(Ok(())),
            Err(_) => Err("the server's thread is gone".into()),
        }
    }
}

struct Shared {
    judges: Scorers,
    queue: Queue<Arc<Scorer>>,
    metrics: Metrics,
    in_flight: Semaphore,
    deadline: Duration,
    max_body: usize,
    token: Option<Bearer>,
}

/// Starts the server with one judge or several. When this returns it listens and answers.
///
/// The metrics are added to `registry` too, if the host has one.
pub fn start(
    judges: impl Into<Scorers>,
    config: ServerConfig,
    registry: Option<prometheus::Registry>,
) -> Result<RunningServer, StartError> {
    let refused = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::AddrInUse => StartError::Taken(config.listen),
        _ => StartError::Listen { address: config.listen, error },
    };
    if !config.listen.ip().is_loopback() && config.token.is_none() {
        return Err(StartError::NeedsToken(config.listen));
    }
    let listener = TcpListener::bind(config.listen).map_err(refused)?;
    listener.set_nonblocking(true).map_err(refused)?;
    let local_addr = listener.local_addr().map_err(refused)?;
    if !local_addr.ip().is_loopback() {
        tracing::warn!("The scorer listens on {local_addr}, which other machines may reach. The token crosses the network as it is: take a network of your own");
    }

    let on_start = config.on_thread_start.clone();
    let grace = config.deadline + Duration::from_secs(1);
    let (threads, queue) = (config.threads, config.queue);
    let routes = router(judges, config, registry.as_ref())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(StartError::Threads)?;
    let (stop, stopped) = oneshot::channel();
    let (end, ended) = watch::channel(None);
    thread::Builder::new()
        .name("scorer-http".into())
        .spawn(move || {
            let _kept = on_start.enter();
            let served = caught(|| runtime.block_on(serve(listener, routes, stopped, grace)));
            let _ = end.send(Some(served.and_then(|served| served.map_err(|error| error.to_string()))));
        })
        .map_err(StartError::Threads)?;
    tracing::debug!("The scorer listens on {local_addr} with {threads} threads and a queue of {queue}");
    Ok(RunningServer { local_addr, stop: Some(stop), ended })
}

/// The scorer's routes, for a host that mounts them in an HTTP server of its own: `POST /v1/score`,
/// `GET /health` and `GET /metrics`.
///
/// The threads that judge end when the router and its clones are gone. `config.listen` has no
/// meaning here. A host that other machines can reach must set a [`ServerConfig::token`].
///
/// The metrics are added to `registry` too, if the host has one.
///
/// # Errors
///
/// [`StartError::Threads`] if the system gives no thread, and [`StartError::Metrics`] if the
/// registry has metrics of these names.
pub fn router(
    judges: impl Into<Scorers>,
    config: ServerConfig,
    registry: Option<&prometheus::Registry>,
) -> Result<Router, StartError> {
    let judges = judges.into();
    let metrics = Metrics::new(&judges, registry)?;
    let on_start = config.on_thread_start;
    let depth = metrics.queue_depth.clone();
    let verdicts = Verdicts::default();
    let ask = move |judge: &Arc<Scorer>, prompt: &[u8], answer: &[u8]| {
        verdicts.get(judge.digest(), prompt, answer, || judge.judge(prompt, answer))
    };
    let queue = Queue::start(config.threads, config.queue, depth, on_start, ask).map_err(StartError::Threads)?;
    let shared = Arc::new(Shared {
        judges,
        queue,
        metrics,
        // Those that wait, those that are judged, and as many again whose bodies are still on the
        // way.
        in_flight: Semaphore::new(2 * (config.queue.max(1) + config.threads.max(1))),
        deadline: config.deadline,
        max_body: config.max_body,
        token: config.token,
    });
    Ok(Router::new()
        .route(SCORE_PATH, post(score))
        .route("/health", get(health))
        .route("/metrics", get(self::metrics))
        .with_state(shared))
}

/// Serves until stopped; then answers what is in flight, for at most `grace`.
async fn serve(
    listener: TcpListener,
    routes: Router,
    stopped: oneshot::Receiver<()>,
    grace: Duration,
) -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let routes = routes.fallback(|| async {
        json_error(StatusCode::NOT_FOUND, "not_found", "try POST /v1/score, GET /health or GET /metrics")
    });
    let (tell, mut told) = watch::channel(false);
    let stop = async move {
        // A dropped sender stops the server as well.
        let _ = stopped.await;
        let _ = tell.send(true);
    };
    let serving = axum::serve(listener, routes).with_graceful_shutdown(stop);
    tokio::select! {
        served = async { serving.await } => served,
        () = async {
            let _ = told.wait_for(|told| *told).await;
            sleep(grace).await;
        } => Ok(()),
    }
}

async fn health(State(shared): State<Arc<Shared>>) -> Response {
    let show = |judge: &Arc<Scorer>| serde_json::json!({ "name": judge.manifest().name, "digest": hex::encode(judge.digest()) });
    let models: Vec<_> = shared.judges.all().map(&show).collect();
    let mut health = show(shared.judges.first());
    health["status"] = "ok".into();
    health["models"] = models.into();
    axum::Json(health).into_response()
}

async fn metrics(State(shared): State<Arc<Shared>>) -> Response {
    match shared.metrics.text() {
        Ok(text) => ([(CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response(),
        Err(error) => json_error(StatusCode::INTERNAL_SERVER_ERROR, "internal", &error.to_string()),
    }
}

async fn score(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let _timer = shared.metrics.time_request();
    let deadline = Instant::now() + shared.deadline;
    let form = Form::of(request.headers().get(CONTENT_TYPE));
    let brought = request.headers().get(AUTHORIZATION).map(|value| value.as_bytes());
    let admitted = shared.token.as_ref().is_none_or(|token| token.is_in(brought));
    let body = request.into_body();
    if !admitted {
        shared.metrics.ended("unauthorized");
        let _ = timeout_at(deadline, read(body, 0)).await;
        let message = "send the header authorization: Bearer TOKEN, with what the scorer's --token-file holds";
        return json_error(StatusCode::UNAUTHORIZED, "unauthorized", message);
    }
    let Some(form) = form else {
        shared.metrics.ended("unsupported");
        let _ = timeout_at(deadline, read(body, 0)).await;
        let message = format!("set the header content-type to application/json, or to {SCALE_CONTENT_TYPE} for SCALE");
        return json_error(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported", &message);
    };
    match judged(&shared, form, body, deadline).await {
        Ok((model, judgements)) => {
            shared.metrics.ended("ok");
            shared.metrics.judged(&judgements);
            form.judged(model, &judgements)
        }
        Err(error) => {
            shared.metrics.ended(error_name(&error));
            if let ScoreError::Internal(why) = &error {
                tracing::error!("A request got no scores: {why}");
            }
            form.error(&error)
        }
    }
}

/// Has the answers judged, and tells by which model.
async fn judged(
    shared: &Shared,
    form: Form,
    body: Body,
    deadline: Instant,
) -> Result<(ModelDigest, Vec<Judgement>), ScoreError> {
    let late = |_| ScoreError::DeadlineExceeded;
    let Ok(_in_flight) = shared.in_flight.try_acquire() else {
        let _ = timeout_at(deadline, read(body, 0)).await;
        return Err(ScoreError::Busy);
    };
    let body = timeout_at(deadline, read(body, shared.max_body)).await.map_err(late)??;
    let ask = form.read(&body)?;
    drop(body);
    let Some(judge) = shared.judges.of(ask.model) else {
        return Err(ScoreError::WrongModel { running: shared.judges.first().digest() });
    };
    let outcome = shared.queue.submit(judge.clone(), ask.work, deadline.into_std()).map_err(wire)?;
    let outcome = timeout_at(deadline, outcome).await.map_err(late)?;
    let judgements = outcome.map_err(|_| ScoreError::Internal("the worker ended".into()))?.map_err(wire)?;
    Ok((judge.digest(), judgements))
}

fn wire(error: QueueError) -> ScoreError {
    match error {
        QueueError::Busy => ScoreError::Busy,
        QueueError::DeadlineExceeded => ScoreError::DeadlineExceeded,
        QueueError::Scorer(error) => ScoreError::Internal(error.to_string()),
    }
}

/// Reads a body of at most `limit` bytes.
///
/// What is over the limit is read as well, up to a point, and thrown away: a client that still
/// sends when the connection closes would see a broken connection instead of the response.
async fn read(body: Body, limit: usize) -> Result<Vec<u8>, ScoreError> {
    let mut chunks = body.into_data_stream();
    let (mut kept, mut seen) = (Vec::new(), 0usize);
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| ScoreError::Malformed(format!("the body broke off: {error}")))?;
        seen = seen.saturating_add(chunk.len());
        if seen <= limit {
            kept.extend_from_slice(&chunk);
        } else if seen > limit.saturating_add(DRAINED) {
            break;
        }
    }
    if seen > limit {
        return Err(ScoreError::TooLarge { limit: limit as u64, what: "bytes".into() });
    }
    Ok(kept)
}
