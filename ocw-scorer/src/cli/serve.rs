//! `ocw-scorer serve`: the daemon.

use anyhow::anyhow;
use clap::Args;
use ocw_scorer::{
    http::{start, Bearer, RunningServer, ServerConfig},
    Scorers,
};
use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

#[derive(Args)]
pub(super) struct Serve {
    /// A model folder: manifest.json and the files it lists. May be given several times: a request
    /// names the model it wants
    #[arg(long, env = "OCW_SCORER_MODEL", value_name = "FOLDER", default_value = "models/mpnet-judge")]
    model: Vec<PathBuf>,
    /// Where to listen; port 0 takes a free one
    #[arg(long, env = "OCW_SCORER_LISTEN", value_name = "ADDRESS:PORT", default_value = "127.0.0.1:9955")]
    listen: SocketAddr,
    /// A file with the token that whoever asks must send; needed to listen where other machines can
    /// reach it
    #[arg(long, env = "OCW_SCORER_TOKEN_FILE", value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// How many answers are judged at the same time; each takes a core
    #[arg(long, env = "OCW_SCORER_THREADS", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: u16,
    /// How many requests may wait for a thread; one more is answered 429
    #[arg(long, env = "OCW_SCORER_QUEUE", default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..))]
    queue: u16,
    /// How long a request may take, in milliseconds; a longer one is answered 503
    #[arg(long, env = "OCW_SCORER_DEADLINE_MS", value_name = "MS", default_value_t = 8_000, value_parser = clap::value_parser!(u32).range(1..=3_600_000))]
    deadline_ms: u32,
    /// The most bytes of a request's body; a longer one is answered 413
    #[arg(long, env = "OCW_SCORER_MAX_BODY_BYTES", value_name = "BYTES", default_value_t = 1024 * 1024, value_parser = clap::value_parser!(u32).range(1024..))]
    max_body_bytes: u32,
}

impl Serve {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let config = ServerConfig {
            listen: self.listen,
            threads: self.threads.into(),
            queue: self.queue.into(),
            deadline: Duration::from_millis(self.deadline_ms.into()),
            max_body: usize::try_from(self.max_body_bytes)?,
            token: self.token_file.as_deref().map(Bearer::read).transpose()?,
            ..ServerConfig::default()
        };
        let judges = load(&self.model)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let mut told = StopSignals::listen()?;
            let server = start(judges.clone(), config, None)?;
            for judge in judges.all() {
                tracing::info!(
                    "{} judges on http://{}, digest {}; try GET /health",
                    judge.manifest().name,
                    server.local_addr(),
                    hex::encode(judge.digest())
                );
            }
            until_told(server, &mut told).await
        })
    }
}

fn load(folders: &[PathBuf]) -> anyhow::Result<Scorers> {
    let judges = folders.iter().map(|folder| super::load(folder).map(Arc::new));
    Ok(Scorers::new(judges.collect::<anyhow::Result<Vec<_>>>()?)?)
}

/// Waits for an interrupt, then for the server to answer what it has.
async fn until_told(mut server: RunningServer, told: &mut StopSignals) -> anyhow::Result<()> {
    let ended = tokio::select! {
        ended = server.finished() => Some(ended),
        () = told.received() => None,
    };
    let ended = match ended {
        Some(ended) => ended,
        None => {
            tracing::info!("Stopping: no more requests are taken, those in flight are answered");
            server.shutdown();
            server.finished().await
        }
    };
    ended.map_err(|why| anyhow!("the server ended by itself: {why}"))
}

/// What tells us to stop: an interrupt, or the signal that service managers send.
#[cfg(unix)]
struct StopSignals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl StopSignals {
    /// From now on the signals no longer end the process by themselves.
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{signal, SignalKind};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn received(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => (),
            _ = self.terminate.recv() => (),
        }
    }
}

#[cfg(not(unix))]
struct StopSignals;

#[cfg(not(unix))]
impl StopSignals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn received(&mut self) {
        // Without a handler there is nothing to wait for; the system ends the process.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
